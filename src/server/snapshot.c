/*
 * The folder of snapshots: names, which of them are good, which go.
 */
#include "server/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"
#include "db/db.h"
#include "server/ledger_stream.h"

static const char suffix[] = ".zst";

void
snapshot_release(struct snapshot *s)
{
	free(s->path);
	*s = (struct snapshot){0};
}

enum status
snapshot_folder(char **out, const char *dir, struct err *err)
{
	char *path = io_join(dir, "snapshots");
	enum status s = io_private_dir(path, err);

	if (s)
		free(path);
	else
		*out = path;
	return s;
}

/* ---- names ---- */

static char *
print_name(const struct snapshot *s)
{
	char *name = mem_printf("%s.%lld.%s.%s.%s%s", s->stream,
	    (long long)s->seq, s->mark, s->epoch, s->sha256, suffix);

	*strchr(name, '/') = '.';
	return name;
}

/* The next part of a name, up to a point; false: too long, or there is none. */
static bool
take_part(char *out, size_t size, const char **at)
{
	const char *point = strchr(*at, '.');
	size_t len = point ? (size_t)(point - *at) : 0;

	if (!point || len == 0 || len >= size)
		return false;
	memcpy(out, *at, len);
	out[len] = '\0';
	*at = point + 1;
	return true;
}

/* false: not a name of ours. */
static bool
parse_name(struct snapshot *out, const char *name)
{
	char office[RECORD_OFFICE_MAX], kind[8], seq[20];
	const char *at = name;

	if (!take_part(office, sizeof office, &at) ||
	    !take_part(kind, sizeof kind, &at) ||
	    !take_part(seq, sizeof seq, &at) ||
	    !take_part(out->mark, sizeof out->mark, &at) ||
	    !take_part(out->epoch, sizeof out->epoch, &at) ||
	    !take_part(out->sha256, sizeof out->sha256, &at) ||
	    strcmp(at, suffix + 1) != 0 ||
	    strlen(out->sha256) != SNAPSHOT_SHA_TEXT - 1 ||
	    strspn(seq, "0123456789") != strlen(seq))
		return false;
	out->seq = strtoll(seq, NULL, 10);
	snprintf(out->stream, sizeof out->stream, "%s/%s", office, kind);
	return true;
}

/* ---- looking ---- */

/* Calls look() for each snapshot of a stream in the folder. */
static enum status
each(const char *folder, const char *stream,
    void (*look)(void *self, struct snapshot *s, const char *path),
    void *self, struct err *err)
{
	char **names = NULL;
	size_t count = 0;
	struct err none = ERR_INIT;
	enum status s = io_list(&names, &count, folder, suffix, &none);

	if (s && s != E_NOTFOUND) {
		*err = none;
		return s;
	}
	for (size_t i = 0; i < count; i++) {
		struct snapshot one = {0};
		char *path = io_join(folder, names[i]);

		if (parse_name(&one, names[i]) &&
		    strcmp(one.stream, stream) == 0)
			look(self, &one, path);
		free(path);
		free(names[i]);
	}
	free(names);
	return E_OK;
}

struct search {
	const char *sha256, *epoch;
	struct snapshot best;	/* of what was asked for, the newest */
};

static void
compare(void *self, struct snapshot *s, const char *path)
{
	struct search *search = self;
	struct stat file = {0};

	if ((search->sha256 && strcmp(s->sha256, search->sha256) != 0) ||
	    strcmp(s->epoch, search->epoch) != 0 ||
	    s->seq <= search->best.seq || stat(path, &file) != 0)
		return;
	snapshot_release(&search->best);
	search->best = *s;
	search->best.bytes = (int64_t)file.st_size;
	search->best.path = mem_strdup(path);
}

/* Did a record leave the stream after this position? */
static enum status
has_left(bool *out, struct db *db, int64_t id, int64_t seq, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "SELECT 1 FROM feed"
	    " WHERE stream = ? AND seq > ? AND what = 'gone' LIMIT 1", err);

	if (s)
		return s;
	db_bind_int(st, 1, id);
	db_bind_int(st, 2, seq);
	s = db_step(st, out, err);
	db_finish(st);
	return s;
}

static enum status
is_good(bool *out, const struct snapshot *s, struct db *db, struct err *err)
{
	struct wire_cursor end = {0};
	struct err none = ERR_INIT;
	char mark[9] = "";
	bool left = false;
	int64_t id = 0;
	enum status st = stream_end(&id, &end, db, s->stream, &none);

	if (!st && s->seq <= end.seq)
		st = stream_mark_at(mark, db, id, s->seq, &none);
	if (!st && strcmp(mark, s->mark) == 0)
		st = has_left(&left, db, id, s->seq, &none);
	if (st && st != E_NOTFOUND) {
		*err = none;
		return st;
	}
	*out = !st && strcmp(mark, s->mark) == 0 && !left;
	return E_OK;
}

enum status
snapshot_find(struct snapshot *out, const struct ledger *l, struct db *db,
    const char *stream, const char *sha256, struct err *err)
{
	struct search search = { .sha256 = sha256, .epoch = ledger_epoch(l) };
	char *folder = io_join(ledger_dir(l), "snapshots");
	bool good = false;
	enum status s = each(folder, stream, compare, &search, err);

	free(folder);
	if (!s && search.best.path)
		s = is_good(&good, &search.best, db, err);
	if (!s && !good)
		s = err_set(err, E_NOTFOUND,
		    tr("There is no snapshot of this stream."));
	if (s)
		snapshot_release(&search.best);
	else
		*out = search.best;
	return s;
}

/* ---- keeping ---- */

struct kept {
	const struct snapshot *newest;
	int64_t seq[SNAPSHOTS_KEPT];	/* of those that stay, falling */
	bool removing;
};

/* First all are looked at, then those that do not stay are removed. */
static void
keep_or_remove(void *self, struct snapshot *s, const char *path)
{
	struct kept *k = self;
	bool ours = strcmp(s->epoch, k->newest->epoch) == 0;
	int64_t seq = s->seq;

	if (k->removing) {
		if (!ours || seq < k->seq[SNAPSHOTS_KEPT - 1] ||
		    (seq == k->newest->seq &&
		    strcmp(s->sha256, k->newest->sha256) != 0))
			(void)remove(path);
		return;
	}
	for (size_t i = 0; ours && i < SNAPSHOTS_KEPT; i++) {
		if (seq > k->seq[i]) {
			int64_t smaller = k->seq[i];

			k->seq[i] = seq;
			seq = smaller;
		} else if (seq == k->seq[i]) {
			break;
		}
	}
}

enum status
snapshot_publish(struct snapshot *s, const char *dir, const char *made,
    struct err *err)
{
	struct kept kept = { .newest = s };
	char *folder = NULL, *name = print_name(s), *path = NULL;
	enum status st = snapshot_folder(&folder, dir, err);

	if (st)
		goto out;
	path = io_join(folder, name);
	if (rename(made, path) != 0) {
		st = err_set(err, E_IO, tr("%s cannot be written: %s."), path,
		    io_reason(errno));
		goto out;
	}
	s->path = path;
	path = NULL;
	st = each(folder, s->stream, keep_or_remove, &kept, err);
	kept.removing = true;
	if (!st)
		st = each(folder, s->stream, keep_or_remove, &kept, err);
out:
	free(path);
	free(name);
	free(folder);
	return st;
}

enum status
snapshot_read(struct buf *out, const struct snapshot *s, int64_t from,
    size_t len, struct err *err)
{
	char *room = buf_room(out, len);
	int fd = open(s->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	size_t got = 0;
	ssize_t n = 1;

	while (fd >= 0 && room && got < len && n > 0) {
		n = pread(fd, room + got, len - got,
		    (off_t)from + (off_t)got);
		if (n > 0)
			got += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 1;
	}
	if (fd >= 0)
		close(fd);
	if (got < len)
		return err_set(err, E_IO, tr("A snapshot cannot be read."));
	buf_added(out, len);
	return E_OK;
}
