/*
 * How much may leave in one page before both sides compare what they hold.
 */
#include "base/tr.h"
#include "db/db_number.h"
#include "store/apply_work.h"
#include "store/inside.h"

/* More than so many, and more than one in so many that were held here. */
enum { REMOVALS_MAX = 20, REMOVALS_PART = 20 };

/* Of the rows that left a stream, those that are not here any more: what only
 * goes from one stream to another, as a matter that is sealed does with all
 * that is below it, is not removed. */
static enum status
count_left(size_t *out, const struct apply_work *w, struct err *err)
{
	struct db_stmt *q = NULL;
	size_t left = 0;
	enum status st = db_prepare(&q, w->store->db,
		"SELECT 1 FROM record WHERE id = ?", err);

	for (size_t i = 0; i < w->leaving.size && !st; i++) {
		const struct idmap_slot *slot = &w->leaving.slots[i];
		bool row = false;

		if (!slot->used)
			continue;
		db_bind_uuid(q, 1, &slot->id);
		st = db_step(q, &row, err);
		db_reset(q);
		left += !st && !row;
	}
	db_finish(q);
	if (!st)
		*out = left;
	return st;
}

/* Has more left at once than a person would believe? */
enum status
apply_check_removals(const struct apply_work *w, struct err *err)
{
	size_t left = 0;
	int64_t held = 0;
	enum status st = E_OK;

	if (w->believed || w->leaving.count <= REMOVALS_MAX)
		return E_OK;
	st = count_left(&left, w, err);
	if (st || left <= REMOVALS_MAX)
		return st;
	st = db_number(&held, w->store->db, "SELECT count(*) FROM record",
		err);
	if (!st && left > ((size_t)held + left) / REMOVALS_PART)
		st = err_set(err, E_CONFLICT, tr("The server wants to remove "
			"many records at once; that is looked into first."));
	return st;
}
