/*
 * Migrations.  The version is SQLite's user_version, so it is written in the
 * same transaction as what it counts.
 */
#include "db/migrate.h"

#include <assert.h>
#include <stdio.h>

#include "base/tr.h"
#include "db/db_number.h"

/* How far the file is: *version steps.  A file without any table is new, and
 * nobody's yet. */
static enum status
look(int64_t *version, struct db *db, int count, int32_t application_id,
	struct err *err)
{
	int64_t owner = 0, tables = 0, at = 0;
	enum status s;

	s = db_number(&owner, db, "PRAGMA application_id", err);
	if (!s)
		s = db_number(&at, db, "PRAGMA user_version", err);
	if (!s)
		s = db_number(&tables, db,
			"SELECT count(*) FROM sqlite_schema", err);
	if (s)
		return s;
	if (owner != application_id && (owner != 0 || at != 0 || tables != 0))
		return err_set(err, E_INVALID,
			tr("The data file belongs to another program."));
	if (at < 0 || at > count)
		return err_set(err, E_INVALID,
			tr("The data file was made by a newer program; "
			   "update this one."));
	*version = at;
	return E_OK;
}

static enum status
set_number(struct db *db, const char *pragma, int64_t n, struct err *err)
{
	char sql[64];

	/* A PRAGMA takes no bound value; n is ours. */
	snprintf(sql, sizeof sql, "PRAGMA %s = %lld", pragma, (long long)n);
	return db_exec(db, sql, err);
}

static enum status
run_steps(struct db *db, const char *const *steps, int count,
	int32_t application_id, struct err *err)
{
	int64_t version = 0;
	enum status s;

	/* Looked at again under the lock: another session may have been
	 * faster. */
	s = look(&version, db, count, application_id, err);
	if (!s && version == 0)
		s = set_number(db, "application_id", application_id, err);
	for (; !s && version < count; version++)
		s = db_exec(db, steps[version], err);
	if (!s)
		s = set_number(db, "user_version", count, err);
	return s;
}

enum status
db_migrate(struct db *db, const char *const *steps, int count,
	int32_t application_id, struct err *err)
{
	int64_t version = 0;
	enum status s;

	assert(count > 0 && application_id != 0);
	/* In one view: another session may be migrating just now. */
	s = db_begin_read(db, err);
	if (s)
		return s;
	s = look(&version, db, count, application_id, err);
	db_rollback(db);
	if (s || version == count)
		return s;
	s = db_begin(db, err);
	if (s)
		return s;
	s = run_steps(db, steps, count, application_id, err);
	if (!s)
		s = db_commit(db, err);
	db_rollback(db);
	return s;
}
