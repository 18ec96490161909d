/*
 * Restoring.  The order makes a kill at any moment harmless: the backup is
 * made ready beside the ledger; then the epoch file, after which no server
 * starts on the old one; then the names.
 */
#include "server/ledger_restore.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/uuid.h"
#include "db/db.h"
#include "db/db_number.h"
#include "db/migrate.h"
#include "server/ledger.h"
#include "server/ledger_audit.h"
#include "server/ledger_descent.h"
#include "server/ledger_erase.h"
#include "server/ledger_scan.h"
#include "server/ledger_schema.h"

static enum status
copy_backup(const char *backup, const char *ready, struct err *err)
{
	struct db *db = NULL;
	enum status s;

	if (!io_exists(backup))
		return err_set(err, E_NOTFOUND, tr("There is no such backup."));
	(void)remove(ready);
	s = db_open(&db, backup, DB_READ, err);
	if (!s)
		s = db_check(db, err);
	if (!s)
		s = db_backup(db, ready, err);
	db_close(db);
	return s;
}

static enum status
put_number(struct db *db, const char *name, int64_t n, struct err *err)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRId64, n);
	return ledger_put_meta(db, name, text, err);
}

/* The ledger that is replaced. */
struct ended {
	struct db *db;	/* owned; NULL when it cannot be read, which may be why
			 * it is replaced */
	char trace[AUDIT_NOTE_MAX];	/* its end; "" unknown */
};

static void
open_ended(struct ended *out, const char *path)
{
	struct ledger_audit_place p = {0};
	struct err none = ERR_INIT;
	int64_t at = 0;

	*out = (struct ended){0};
	if (!io_exists(path) || db_open(&out->db, path, DB_READ, &none))
		return;
	if (!ledger_audit_head(&p, &at, out->db, &none))
		ledger_audit_print_place(out->trace, &p);
}

/* A new epoch, and which part of the history is from before. */
static enum status
mark_restored(const char *ready, const char *dir, const char *epoch,
    const char *by, const struct ended *old, struct err *err)
{
	struct db *db = NULL;
	int64_t row = 0, erased = 0;
	enum status s = db_open(&db, ready, DB_WRITE, err);

	if (!s)
		s = db_migrate(db, ledger_schema_steps, ledger_schema_count,
		    LEDGER_APPLICATION, err);
	if (!s)
		s = db_number(&row, db, "SELECT coalesce(max(rowid), 0)"
		    " FROM history", err);
	if (!s)
		s = db_begin(db, err);
	if (!s)
		s = descent_begin(db, row, old->db, err);
	if (!s)
		s = ledger_put_meta(db, "epoch", epoch, err);
	if (!s)
		s = put_number(db, "restored_at", clock_now_at(), err);
	if (!s)
		s = put_number(db, "restored_row", row, err);
	if (!s)
		s = db_exec(db, "DELETE FROM meta WHERE name = 'behind_at'",
		    err);
	if (!s)
		s = ledger_audit_put(db, &(struct ledger_audit_note){
			.what = AUDIT_RESTORED, .by = by, .note = old->trace },
			err);
	if (!s && old->db)
		s = scan_remember(db, old->db, dir, err);
	if (!s)
		s = erase_again(&erased, db, dir, err);
	if (!s)
		s = db_commit(db, err);
	if (!s && erased > 0)
		s = db_checkpoint(db, err);
	db_close(db);
	return s;
}

/* All of the ledger in its one file, and nobody else at it. */
static enum status
close_old(const char *path, struct err *err)
{
	struct db *db = NULL;
	enum status s = io_exists(path) ? db_open(&db, path, DB_WRITE, err) :
	    E_OK;

	if (!s && db)
		s = db_checkpoint(db, err);
	db_close(db);
	return s;
}

/* What lies beside the old file goes with it, also where that file is gone: a
 * log of another ledger would be read into the new one. */
static bool
put_away(const char *path, const char *before)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	bool good = true;

	for (size_t i = 0; i < sizeof ends / sizeof ends[0] && good; i++) {
		char *from = mem_printf("%s%s", path, ends[i]);
		char *to = mem_printf("%s%s", before, ends[i]);

		good = !io_exists(from) || rename(from, to) == 0;
		free(from);
		free(to);
	}
	return good;
}

static enum status
swap(const char *dir, const char *path, const char *ready, const char *epoch,
    struct err *err)
{
	char *beside = io_join(dir, "epoch");
	char *name = mem_printf("ledger.before-%" PRId64, clock_now_at());
	char *before = io_join(dir, name);
	char *line = mem_printf("%s\n", epoch);
	enum status s = io_write(beside, line, strlen(line), err);

	if (!s && !put_away(path, before))
		s = err_set(err, E_IO,
		    tr("The ledger cannot be written in this folder."));
	if (!s && rename(ready, path))
		s = err_set(err, E_IO,
		    tr("The ledger cannot be written in this folder."));
	free(beside);
	free(name);
	free(before);
	free(line);
	return s;
}

enum status
ledger_restore(const char *dir, const char *backup, const char *by,
    struct err *err)
{
	struct ended old;
	char *path = io_join(dir, "ledger.db");
	char *ready = io_join(dir, "ledger.restoring");
	char epoch[UUID_TEXT_MAX];
	struct uuid id = uuid_new();
	int lock = -1;
	enum status s = ledger_claim(&lock, dir, err);

	uuid_print(epoch, &id);
	if (!s)
		s = copy_backup(backup, ready, err);
	open_ended(&old, path);
	if (!s)
		s = mark_restored(ready, dir, epoch, by, &old, err);
	db_close(old.db);
	if (!s)
		s = close_old(path, err);
	if (!s)
		s = swap(dir, path, ready, epoch, err);
	if (s)
		(void)remove(ready);
	if (lock >= 0)
		close(lock);
	free(path);
	free(ready);
	return s;
}
