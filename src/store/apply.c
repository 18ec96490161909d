/*
 * The other half of the conversation: what to say first, who may speak, and
 * what to do when this cache turns out to be one of two.
 */
#include "store/apply.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/io.h"
#include "base/tr.h"
#include "store/apply_work.h"
#include "store/erased.h"
#include "store/inside.h"
#include "store/number.h"
#include "store/outbox.h"

enum { PAGE_BYTES = 48 * 1024 };	/* before the line's speed is known */

/* ---- hello ---- */

static enum status
read_cursors(struct wire_hello *h, struct store *s, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db,
		"SELECT stream, seq, mark FROM cursor ORDER BY stream", err);

	if (st)
		return st;
	while (h->cursor_count < WIRE_STREAMS_MAX) {
		struct wire_cursor *c = &h->cursors[h->cursor_count];
		const char *stream, *mark;
		size_t stream_len, mark_len;
		bool row = false;

		st = db_step(q, &row, err);
		if (st || !row)
			break;
		stream = db_text(q, 0, &stream_len);
		mark = db_text(q, 2, &mark_len);
		if (stream_len >= sizeof c->stream ||
		    mark_len >= sizeof c->mark) {
			st = store_damaged(err);
			break;
		}
		memcpy(c->stream, stream, stream_len + 1);
		memcpy(c->mark, mark, mark_len + 1);
		c->seq = db_int(q, 1);
		h->cursor_count++;
	}
	db_finish(q);
	return st;
}

/* The first operation not judged yet, or the number the next will have. */
static enum status
first_open(int64_t *out, struct store *s, int64_t epoch, struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT coalesce("
		"(SELECT min(n) FROM outbox WHERE state = 0 AND epoch = ?1),"
		" (SELECT max(n) + 1 FROM outbox WHERE epoch = ?1), 1)", err);

	if (st)
		return st;
	db_bind_int(q, 1, epoch);
	st = db_step(q, &row, err);
	if (!st)
		*out = db_int(q, 0);
	db_finish(q);
	return st;
}

enum status
apply_hello(struct wire_hello *out, struct store *s, struct err *err)
{
	struct wire_hello h = { .max_bytes = PAGE_BYTES, .runs = true };
	struct store_device d = {0};
	enum status st = store_device_get(&d, s, err);

	if (!st)
		st = first_open(&h.from, s, d.epoch, err);
	if (!st)
		st = read_cursors(&h, s, err);
	if (!st)
		st = apply_settled_heard(&h.aside, s, err);
	if (!st)
		st = erased_heard(&h.erased, s, err);
	if (!st) {
		memcpy(h.device, d.device, sizeof h.device);
		memcpy(h.server_epoch, d.server_epoch, sizeof h.server_epoch);
		memcpy(h.schema, s->schema->version, sizeof h.schema);
		h.epoch = d.epoch;
		*out = h;
	}
	crypto_wipe(&d, sizeof d);
	return st;
}

/* ---- one at a time ---- */

static enum status
lock_file(int *fd, struct store *s, const char *name, const char *taken,
	struct err *err)
{
	char *path = io_join(s->home, name);
	int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	free(path);
	if (lock < 0)
		return err_set(err, E_IO,
			tr("The local data could not be written."));
	if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
		bool busy = errno == EWOULDBLOCK;

		close(lock);
		return busy ? err_set(err, E_CONFLICT, "%s", taken) :
			err_set(err, E_IO,
			tr("The local data could not be written."));
	}
	*fd = lock;
	return E_OK;
}

enum status
apply_lock(int *fd, struct store *s, struct err *err)
{
	return lock_file(fd, s, "sync.lock",
		tr("Another session is exchanging data just now."), err);
}

enum status
apply_lock_watch(int *fd, struct store *s, struct err *err)
{
	return lock_file(fd, s, "watch.lock",
		tr("Another session keeps these data in step already."), err);
}

void
apply_unlock(int fd)
{
	if (fd >= 0)
		close(fd);
}

/* ---- a fork ---- */

static enum status
delete_op(struct store *s, const struct op *op, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db,
		"DELETE FROM outbox WHERE epoch = ? AND n = ?", err);

	if (st)
		return st;
	db_bind_int(q, 1, op->epoch);
	db_bind_int(q, 2, op->n);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

/* The same content under the new epoch's numbers; after follows if the
 * operation it names is one of them, else the server knows it already. */
static enum status
stamp_again(struct store *s, const struct outbox_list *l, int64_t epoch,
	struct err *err)
{
	enum status st = E_OK;

	for (size_t i = 0; i < l->count && !st; i++) {
		struct op op = l->items[i].op;	/* borrows the changes */
		int64_t after = 0;

		for (size_t k = 0; k < i && op.after; k++) {
			if (l->items[k].op.n == op.after)
				after = (int64_t)k + 1;
		}
		st = delete_op(s, &op, err);
		op.epoch = epoch;
		op.n = (int64_t)i + 1;
		op.after = after;
		if (!st)
			st = pile_write(s, &op, err);
	}
	return st;
}

enum status
apply_fork(struct store *s, int64_t epoch, struct err *err)
{
	struct outbox_list l = {0};
	int64_t before = 0;
	enum status st = store_need_key(s, err);

	if (!st)
		st = store_begin(s, err);
	if (st)
		return st;
	st = store_meta_int(&before, s, "epoch", err);
	if (!st && epoch <= before)
		st = err_set(err, E_INVALID,
			tr("The server's answer makes no sense."));
	if (!st)
		st = outbox_list(&l, s, OUTBOX_WAITING, NULL, err);
	if (!st)
		st = stamp_again(s, &l, epoch, err);
	if (!st)
		st = number_renounce(s, err);
	if (!st)
		st = store_meta_set_int(s, "epoch", epoch, err);
	st = store_end(s, st, err);
	outbox_list_release(&l);
	return st;
}
