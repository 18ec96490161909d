/*
 * What the county did with what was refused here.  One that it took in is a
 * receipt; one that it dismissed stays among the refused, with the reason.
 */
#include <string.h>

#include "core/wire.h"
#include "store/apply_work.h"
#include "store/inside.h"

static const char heard_name[] = "settled_heard";

enum status
apply_settled_heard(int64_t *out, struct store *s, struct err *err)
{
	return store_meta_int(out, s, heard_name, err);
}

static enum status
write(struct store *s, const struct uuid *record,
	const struct wire_settled *settled, enum outbox_state state,
	struct err *err)
{
	struct seal where = { "outbox", "why", *record, settled->epoch,
		settled->n };
	struct db_stmt *q = NULL;
	struct buf why;
	enum status st = db_prepare(&q, s->db, "UPDATE outbox SET state = ?,"
		" why = ? WHERE epoch = ? AND n = ?", err);

	if (st)
		return st;
	buf_init(&why, ERR_MSG_MAX + CRYPTO_SEAL_OVERHEAD);
	seal_put(&why, &s->keys.outbox, &where, settled->why,
		strlen(settled->why));
	db_bind_int(q, 1, state);
	db_bind_blob(q, 2, why.data, why.len);
	db_bind_int(q, 3, settled->epoch);
	db_bind_int(q, 4, settled->n);
	st = db_run(q, err);
	db_finish(q);
	buf_release(&why);
	return st;
}

/* *found: it is here and was refused. */
static enum status
find(struct uuid *record, enum outbox_state *state, bool *found,
	struct store *s, const struct wire_settled *settled, struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT id, state FROM outbox"
		" WHERE epoch = ? AND n = ?", err);

	if (st)
		return st;
	db_bind_int(q, 1, settled->epoch);
	db_bind_int(q, 2, settled->n);
	st = db_step(q, &row, err);
	if (!st && row) {
		(void)db_uuid(record, q, 0);
		*state = (enum outbox_state)db_int(q, 1);
		*found = *state == OUTBOX_BAD || *state == OUTBOX_ASIDE;
	}
	db_finish(q);
	return st;
}

static enum status
take(struct apply_work *w, const struct wire_settled *settled,
	struct err *err)
{
	struct uuid record = {{0}};
	enum outbox_state state = OUTBOX_OPEN;
	bool found = false;
	enum status st = find(&record, &state, &found, w->store, settled, err);

	/* what was mended or given up here meanwhile needs no other answer */
	if (st || !found || (!settled->taken && state == OUTBOX_ASIDE))
		return st;
	idmap_set(&w->unsettled, &record, 0);
	return write(w->store, &record, settled,
		settled->taken ? OUTBOX_MOVED : state, err);
}

enum status
apply_settled(struct apply_work *w, const struct wire_line *end,
	struct err *err)
{
	enum status st = E_OK;

	for (size_t i = 0; i < end->settled_count && !st; i++)
		st = take(w, &end->settled[i], err);
	if (!st && end->settled_count > 0)
		st = store_meta_set_int(w->store, heard_name,
			end->settled[end->settled_count - 1].i, err);
	return st;
}

/* Another ledger counts anew; to hear of one again changes nothing. */
enum status
apply_settled_forget(struct store *s, struct err *err)
{
	return store_meta_set_int(s, heard_name, 0, err);
}
