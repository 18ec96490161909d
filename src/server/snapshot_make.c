/*
 * Making a snapshot.  Records pass one by one through the packer into a file
 * without a name of its own; only what is whole and agrees with the stream's
 * sum gets one.
 */
#include "server/snapshot_make.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/zip.h"
#include "core/reconcile.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/ledger_record.h"
#include "server/ledger_stream.h"

enum { RECORD_BYTES = 4096 };	/* most are shorter */

struct making {
	struct db *db;
	const struct snapshot_stop *stop;
	int fd;			/* of the file */
	const char *path;
	struct wire_cursor end;
	int64_t id;		/* the stream's */
	int64_t held;		/* records so far, and their sum */
	uint64_t sum;
	struct zip_file *zip;
	struct crypto_sum hash;
	int64_t bytes;
	struct buf line, values, packed;
};

static enum status
write_packed(struct making *m, struct err *err)
{
	crypto_sum_add(&m->hash, m->packed.data, m->packed.len);
	m->bytes += (int64_t)m->packed.len;
	if (!io_write_all(m->fd, m->packed.data, m->packed.len))
		return err_set(err, E_IO, tr("%s cannot be written: %s."),
		    m->path, io_reason(errno));
	buf_clear(&m->packed);
	return E_OK;
}

static enum status
add_line(struct making *m, const struct wire_line *line, bool last,
    struct err *err)
{
	enum status s;

	buf_clear(&m->line);
	wire_print_line(&m->line, line);
	s = zip_file_add(&m->packed, m->zip, m->line.data, m->line.len, last,
	    err);
	if (!s && (last || m->packed.len > 0))
		s = write_packed(m, err);
	return s;
}

/* The present row: seq, record, rev, hash. */
static enum status
add_record(struct making *m, struct db_stmt *st, struct err *err)
{
	struct wire_line line = { .kind = WIRE_PUT, .seq = db_int(st, 0) };
	enum status s;

	(void)db_uuid(&line.record, st, 1);
	memcpy(line.stream, m->end.stream, sizeof line.stream);
	m->held++;
	m->sum += reconcile_item(&line.record, db_int(st, 2),
	    db_text(st, 3, NULL));
	buf_clear(&m->values);
	s = ledger_record_get_text(&line.put, &m->values, m->db, &line.record,
	    err);
	if (s)
		return s;
	line.values = m->values.data;
	s = add_line(m, &line, false, err);
	record_release(&line.put);
	return s;
}

static enum status
add_records(struct making *m, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, m->db,
	    "SELECT f.seq, f.record, r.rev, r.hash FROM feed f"
	    " JOIN record r ON r.id = f.record"
	    " WHERE f.stream = ? AND f.what = 'put' ORDER BY f.seq", err);

	if (s)
		return s;
	db_bind_int(st, 1, m->id);
	for (;;) {
		s = db_step(st, &row, err);
		if (!s && row && m->stop && m->stop->stop(m->stop->self))
			s = err_set(err, E_CONFLICT, tr("Stopped."));
		if (s || !row)
			break;
		s = add_record(m, st, err);
		if (s)
			break;
	}
	db_finish(st);
	return s;
}

/* Without a time in it: the same content is the same file. */
static enum status
add_end(struct making *m, const char *epoch, struct err *err)
{
	struct wire_line line = { .kind = WIRE_END, .cursors = &m->end,
		.cursor_count = 1 };

	if (m->held != m->end.held || m->sum != m->end.sum)
		return err_set(err, E_INVALID, tr("The stream %s does not "
		    "hold what its sum says; see fengqiaod check."),
		    m->end.stream);
	memcpy(line.server_epoch, epoch, sizeof line.server_epoch);
	return add_line(m, &line, true, err);
}

static enum status
read_epoch(char out[UUID_TEXT_MAX], struct db *db, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db,
	    "SELECT value FROM meta WHERE name = 'epoch'", err);

	if (!s)
		s = db_step(st, &row, err);
	if (!s && row)
		snprintf(out, UUID_TEXT_MAX, "%s", db_text(st, 0, NULL));
	db_finish(st);
	return s;
}

static enum status
fill(struct snapshot *out, struct making *m, const char *stream,
    struct err *err)
{
	uint8_t digest[CRYPTO_SHA256];
	enum status s = db_begin_read(m->db, err);

	if (!s)
		s = stream_end(&m->id, &m->end, m->db, stream, err);
	if (!s)
		s = read_epoch(out->epoch, m->db, err);
	if (s)
		return s;
	m->zip = zip_file_pack(((size_t)m->end.held + 1) * RECORD_BYTES);
	s = add_records(m, err);
	if (!s)
		s = add_end(m, out->epoch, err);
	if (!s && fsync(m->fd) != 0)
		s = err_set(err, E_IO, tr("%s cannot be written: %s."),
		    m->path, io_reason(errno));
	if (s)
		return s;
	crypto_sum_end(digest, &m->hash);
	crypto_hex(out->sha256, digest, sizeof digest);
	memcpy(out->stream, m->end.stream, sizeof out->stream);
	memcpy(out->mark, m->end.mark, sizeof out->mark);
	out->seq = m->end.seq;
	out->bytes = m->bytes;
	return E_OK;
}

/* One at a time in a folder; *fd holds the lock. */
static enum status
lock_folder(int *fd, const char *folder, struct err *err)
{
	char *path = io_join(folder, "lock");
	int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool busy = lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0;
	enum status s = E_OK;

	if (busy)
		s = err_set(err, E_CONFLICT,
		    tr("A snapshot is being made just now."));
	else if (lock < 0)
		s = err_set(err, E_IO, tr("%s cannot be written: %s."), path,
		    io_reason(errno));
	free(path);
	if (s && lock >= 0)
		close(lock);
	if (!s)
		*fd = lock;
	return s;
}

static enum status
make_file(struct snapshot *out, struct making *m, const char *dir,
    const char *stream, struct err *err)
{
	char *ledger = io_join(dir, "ledger.db");
	enum status s = db_open(&m->db, ledger, DB_READ, err);

	free(ledger);
	if (s)
		return s;
	m->fd = open(m->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
	if (m->fd < 0)
		s = err_set(err, E_IO, tr("%s cannot be written: %s."),
		    m->path, io_reason(errno));
	if (!s)
		s = fill(out, m, stream, err);
	if (m->fd >= 0)
		close(m->fd);
	db_close(m->db);
	return s;
}

enum status
snapshot_make(struct snapshot *out, const char *dir, const char *stream,
    const struct snapshot_stop *stop, struct err *err)
{
	struct snapshot made = {0};
	struct making m = { .stop = stop, .fd = -1 };
	char *folder = NULL, *path = NULL;
	int lock = -1;
	enum status s = snapshot_folder(&folder, dir, err);

	if (!s)
		s = lock_folder(&lock, folder, err);
	if (s)
		goto out;
	path = io_join(folder, "new");
	m.path = path;
	crypto_sum_begin(&m.hash);
	buf_init(&m.line, 2 * BUF_RECORD_MAX);
	buf_init(&m.values, BUF_RECORD_MAX);
	buf_init(&m.packed, BUF_BATCH_MAX);
	s = make_file(&made, &m, dir, stream, err);
	if (!s)
		s = snapshot_publish(&made, dir, path, err);
	if (s)
		(void)remove(path);
	buf_release(&m.line);
	buf_release(&m.values);
	buf_release(&m.packed);
	zip_file_free(m.zip);
out:
	if (lock >= 0)
		close(lock);
	free(path);
	free(folder);
	if (s)
		snapshot_release(&made);
	else
		*out = made;
	return s;
}

/* ---- which streams want one ---- */

enum status
snapshot_needs(struct snapshot_need **out, size_t *count,
    const struct ledger *l, struct db *db, struct err *err)
{
	struct wire_cursor *ends = NULL;
	struct snapshot_need *needs;
	size_t n = 0;
	enum status s = stream_ends(&ends, &n, db, err);

	if (s)
		return s;
	needs = mem_alloc(n + 1, sizeof *needs);
	for (size_t i = 0; i < n && !s; i++) {
		struct snapshot have = {0};
		struct wire_cursor end = {0};
		struct err none = ERR_INIT;
		int64_t id = 0;

		memcpy(needs[i].stream, ends[i].stream,
		    sizeof needs[i].stream);
		s = stream_end(&id, &end, db, ends[i].stream, err);
		if (s)
			break;
		needs[i].held = end.held;
		if (end.held == 0)
			continue;
		s = snapshot_find(&have, l, db, ends[i].stream, NULL, &none);
		needs[i].has = !s;
		needs[i].behind = end.seq - have.seq;
		if (s == E_NOTFOUND)
			s = E_OK;
		else if (s)
			*err = none;
		snapshot_release(&have);
	}
	free(ends);
	if (s) {
		free(needs);
		return s;
	}
	*out = needs;
	*count = n;
	return E_OK;
}
