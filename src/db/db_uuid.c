/*
 * Ids in rows.
 */
#include "db/db_uuid.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
db_bind_uuid(struct db_stmt *st, int i, const struct uuid *id)
{
	db_bind_blob(st, i, id->b, sizeof id->b);
}

enum status
db_run_uuid(struct db *db, const char *sql, const struct uuid *id,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, sql, err);

	if (s)
		return s;
	db_bind_uuid(st, 1, id);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

bool
db_uuid(struct uuid *out, struct db_stmt *st, int col)
{
	size_t len = 0;
	const void *bytes = db_blob(st, col, &len);

	if (len != sizeof out->b)
		return false;
	memcpy(out->b, bytes, len);
	return true;
}

enum status
db_uuids(struct uuid **ids, size_t *count, struct db_stmt *st,
    struct err *err)
{
	struct uuid *all = NULL;
	size_t n = 0;

	for (;;) {
		struct uuid id;
		bool row = false;
		enum status s = db_step(st, &row, err);

		if (s) {
			free(all);
			return s;
		}
		if (!row)
			break;
		if (!db_uuid(&id, st, 0))
			continue;
		all = mem_grow(all, n, sizeof *all);
		all[n++] = id;
	}
	*ids = all;
	*count = n;
	return E_OK;
}
