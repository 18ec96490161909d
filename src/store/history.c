/*
 * Trails, one row a record, bound to the record and the time it came.
 */
#include "store/history.h"

#include "base/tr.h"
#include "store/inside.h"
#include "store/people_names.h"

static struct seal
place_of(const struct uuid *id, int64_t at)
{
	return (struct seal){ .table = "trail", .column = "trail", .id = *id,
		.a = at };
}

/* Who stands in it may be nobody that a record of here names. */
static enum status
see_people(struct store *s, const struct uuid *id, const struct trail *t,
	struct err *err)
{
	enum status st = E_OK;

	for (size_t i = 0; i < t->count && !st; i++)
		st = people_names_seen(s, t->items[i].op.by, id, err);
	for (size_t i = 0; i < t->asked_count && !st; i++) {
		st = people_names_seen(s, t->asked[i].op.by, id, err);
		if (!st)
			st = people_names_seen(s, t->asked[i].settled_by, id,
				err);
	}
	return st;
}

enum status
history_keep(struct store *s, const struct uuid *id, int64_t at,
	const char *text, size_t len, struct err *err)
{
	struct seal where = place_of(id, at);
	struct trail whole = {0};
	struct db_stmt *q = NULL;
	struct buf sealed;
	enum status st = store_need_key(s, err);

	if (!st)
		st = trail_parse(&whole, text, len, err);
	if (!st)
		st = see_people(s, id, &whole, err);
	trail_release(&whole);
	if (!st)
		st = db_prepare(&q, s->db, "INSERT INTO trail(id, got_at, trail)"
			" VALUES(?, ?, ?) ON CONFLICT(id) DO UPDATE SET"
			" got_at = excluded.got_at, trail = excluded.trail",
			err);
	if (st)
		return st;
	buf_init(&sealed, TRAIL_BYTES_MAX + CRYPTO_SEAL_OVERHEAD);
	seal_put(&sealed, &s->keys.body, &where, text, len);
	db_bind_uuid(q, 1, id);
	db_bind_int(q, 2, at);
	db_bind_blob(q, 3, sealed.data, sealed.len);
	st = db_run(q, err);
	db_finish(q);
	buf_release(&sealed);
	if (!st)
		s->generation++;
	return st;
}

static enum status
read_row(struct trail *out, int64_t *at, struct store *s,
	const struct uuid *id, struct db_stmt *q, struct err *err)
{
	int64_t got_at = db_int(q, 0);
	struct seal where = place_of(id, got_at);
	struct buf text;
	const void *sealed;
	size_t len;
	enum status st;

	buf_init(&text, TRAIL_BYTES_MAX);
	sealed = db_blob(q, 1, &len);
	st = seal_open(&text, &s->keys.body, &where, sealed, len, err);
	if (!st)
		st = trail_parse(out, text.data, text.len, err);
	if (!st)
		*at = got_at;
	buf_release(&text);
	return st;
}

enum status
history_get(struct trail *out, int64_t *at, struct store *s,
	const struct uuid *id, struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = store_need_key(s, err);

	if (!st)
		st = db_prepare(&q, s->db,
			"SELECT got_at, trail FROM trail WHERE id = ?", err);
	if (st)
		return st;
	db_bind_uuid(q, 1, id);
	st = db_step(q, &row, err);
	if (!st && !row)
		st = err_set(err, E_NOTFOUND, tr("The history of this record "
			"was not asked for yet."));
	if (!st)
		st = read_row(out, at, s, id, q, err);
	db_finish(q);
	return st;
}
