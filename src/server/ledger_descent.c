/*
 * The ledgers before this one.  Rows of the history keep their numbers in a
 * backup, so two ledgers have in common what comes before the first row that one
 * of them got alone.
 */
#include "server/ledger_descent.h"

#include "base/uuid.h"
#include "db/db.h"
#include "db/db_number.h"

static enum status
put(struct db *db, const char *epoch, int64_t row, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "INSERT INTO descent(epoch, row)"
	    " VALUES(?, ?) ON CONFLICT DO NOTHING", err);

	if (s)
		return s;
	db_bind_text(st, 1, epoch);
	db_bind_int(st, 2, row);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

/* The row that stands at the epoch; *found false: none does. */
static enum status
find(int64_t *row, bool *found, struct db *db, const char *epoch,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db,
	    "SELECT row FROM descent WHERE epoch = ?", err);

	if (s)
		return s;
	db_bind_text(st, 1, epoch);
	s = db_step(st, found, err);
	if (!s && *found)
		*row = db_int(st, 0);
	db_finish(st);
	return s;
}

/* A ledger and all it comes from, itself first, with a row that none has. */
static enum status
list(struct db_stmt **out, struct db *db, struct err *err)
{
	return db_prepare(out, db, "SELECT value, 9223372036854775807 AS row"
	    " FROM meta WHERE name = 'epoch' UNION ALL"
	    " SELECT epoch, row FROM descent ORDER BY row DESC", err);
}

/* What both have in common: up to where the first left of the ledgers that both
 * come from. */
static enum status
find_common(int64_t *row, struct db *db, struct db *old, struct err *err)
{
	struct db_stmt *st = NULL;
	bool more = false;
	enum status s = list(&st, old, err);

	while (!s) {
		int64_t there, here = 0;
		bool found = false;

		s = db_step(st, &more, err);
		if (s || !more)
			break;
		there = db_int(st, 1);
		s = find(&here, &found, db, db_text(st, 0, NULL), err);
		here = here < there ? here : there;
		if (!s && found && here > *row)
			*row = here;
	}
	db_finish(st);
	return s;
}

static enum status
carry_over(struct db *db, struct db *old, struct err *err)
{
	struct db_stmt *st = NULL;
	int64_t common = 0;
	bool more = false;
	enum status s = find_common(&common, db, old, err);

	if (!s)
		s = list(&st, old, err);
	while (!s) {
		int64_t row;

		s = db_step(st, &more, err);
		if (s || !more)
			break;
		row = db_int(st, 1);
		s = put(db, db_text(st, 0, NULL), row < common ? row : common,
		    err);
	}
	db_finish(st);
	return s;
}

enum status
descent_begin(struct db *db, int64_t row, struct db *old, struct err *err)
{
	struct db_stmt *st = NULL;
	struct err none = ERR_INIT;
	bool found = false;
	enum status s = db_prepare(&st, db,
	    "SELECT value FROM meta WHERE name = 'epoch'", err);

	if (!s)
		s = db_step(st, &found, err);
	if (!s && found)
		s = put(db, db_text(st, 0, NULL), row, err);
	db_finish(st);
	/* of one that is damaged, or older than this program, nothing is
	 * known; that is no reason not to restore */
	if (!s && old)
		(void)carry_over(db, old, &none);
	return s;
}

enum status
descent_row(int64_t *row, struct db *db, const char *epoch, struct err *err)
{
	bool found = false;
	enum status s = find(row, &found, db, epoch, err);

	return s || found ? s : db_number(row, db, "SELECT coalesce((SELECT"
	    " min(row) FROM descent), (SELECT CAST(value AS bigint) FROM meta"
	    " WHERE name = 'restored_row'), 0)", err);
}
