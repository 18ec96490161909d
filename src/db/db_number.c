/*
 * Questions with a number as their answer.
 */
#include "db/db_number.h"

#include "base/tr.h"

enum status
db_number(int64_t *out, struct db *db, const char *sql, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, sql, err);

	if (!s)
		s = db_step(st, &row, err);
	if (!s && !row)
		s = err_set(err, E_NOTFOUND, "%s", tr("There is no such entry."));
	if (!s)
		*out = db_int(st, 0);
	db_finish(st);
	return s;
}

enum status
db_data_version(int64_t *out, struct db *db, struct err *err)
{
	return db_number(out, db, "PRAGMA data_version", err);
}
