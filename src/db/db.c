/*
 * SQLite behind one door.
 *
 * 1. Compiled statements stay with their connection (db/db_kept.h);
 *    db_finish() gives one back, reset and without values.
 * 2. SQLite's own words go to the log at most, never into an err.
 */
#include "db/db.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/tr.h"
#include "db/db_fail.h"
#include "db/db_kept.h"
#include "db/db_number.h"

enum {
	BUSY_MS = 5000,
	BUSY_STEP_MS = 20,
	FRAME_BYTES = 24,	/* beside each page in the log */
	ROOM_STEP = 64 * 1024,	/* SQLite writes less than 128 kB at once */
};

struct db_stmt {
	struct db_kept kept;	/* first */
	struct db *db;
	sqlite3_stmt *st;
};

struct db {
	sqlite3 *handle;
	struct db_kept_all statements;
	int64_t page_bytes;
	int64_t log_bytes, log_most;	/* with db_keep_log() */
	bool lazy;		/* commits do not wait for the disk */
};

/* ---- failures ---- */

static enum status
said(struct err *err, enum status code, const char *text)
{
	return err_set(err, code, "%s", text);
}

static bool
is_disk_full(sqlite3 *handle, int rc)
{
	int number = handle ? sqlite3_system_errno(handle) : 0;

	if ((rc & 0xff) == SQLITE_FULL)
		return true;
	return (rc & 0xff) == SQLITE_IOERR &&
	    (number == ENOSPC || number == EDQUOT);
}

/* One sentence for a result code that is not good. */
static enum status
failed(sqlite3 *handle, int rc, struct err *err)
{
	if (is_disk_full(handle, rc))
		return said(err, E_IO,
			tr("The disk is full; nothing was saved."));
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return said(err, E_IO,
			tr("Another session keeps the data busy; try again."));
	case SQLITE_CONSTRAINT:
		return said(err, E_CONFLICT,
			tr("This would contradict what is stored already."));
	case SQLITE_NOTADB:
		return said(err, E_INVALID,
			tr("The data file is not one of this program, "
			   "or its beginning is damaged."));
	case SQLITE_CORRUPT:
		return said(err, E_IO,
			tr("The data file is damaged; restore a backup."));
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return said(err, E_IO,
			tr("The data file may not be written."));
	case SQLITE_CANTOPEN:
		return said(err, E_IO, tr("The data file cannot be opened."));
	case SQLITE_IOERR:
		return said(err, E_IO,
			tr("The disk refused to read or write the data file."));
	case SQLITE_NOMEM:
		return said(err, E_IO, tr("There is not enough memory."));
	default:
		/* A table or column that is not there: the file is not what
		 * its version says, or our SQL is wrong. */
		log_write(LOG_WARN, "database: %s", handle ?
			sqlite3_errmsg(handle) : sqlite3_errstr(rc));
		return said(err, E_IO,
			tr("The data file does not have the form expected."));
	}
}

/* ---- opening ---- */

/* SQLite makes files for everybody to read; ours is made before it looks, and
 * the log beside it takes over its rights. */
static enum status
make_file(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_set(err, io_whose_fault(errno),
			tr("%s cannot be made: %s."), path, io_reason(errno));
	close(fd);
	return E_OK;
}

static enum status
use_log(struct db *db, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "PRAGMA journal_mode = WAL", err);

	if (s)
		return s;
	/* Two sessions that open a new file at once: here SQLite does not wait
	 * of itself. */
	for (int ms = 0; ms < BUSY_MS; ms += BUSY_STEP_MS) {
		s = db_step(st, &row, err);
		if (!s || (sqlite3_errcode(db->handle) & 0xff) != SQLITE_BUSY)
			break;
		sqlite3_sleep(BUSY_STEP_MS);
	}
	/* On a folder that cannot share memory the mode stays another. */
	if (!s && (!row || strcmp(db_text(st, 0, NULL), "wal") != 0))
		s = said(err, E_IO,
			tr("The folder of the data file does not allow "
			   "several sessions at once; use a local disk."));
	db_finish(st);
	return s;
}

static enum status
set_up(struct db *db, enum db_mode mode, struct err *err)
{
	static const char settings[] =
		"PRAGMA synchronous = FULL;"
		"PRAGMA secure_delete = ON;"
		"PRAGMA temp_store = MEMORY;"
		"PRAGMA foreign_keys = ON;"
		"PRAGMA trusted_schema = OFF;"
		"PRAGMA cell_size_check = ON;";
	int64_t unused = 0;
	enum status s;

	sqlite3_busy_timeout(db->handle, BUSY_MS);
	sqlite3_extended_result_codes(db->handle, 1);
	/* first a look into the file: is it a database at all? */
	s = db_number(&unused, db, "PRAGMA schema_version", err);
	/* of a file that has pages already it changes nothing */
	if (!s && mode == DB_CREATE_LARGE)
		s = db_exec(db, "PRAGMA page_size = 8192", err);
	if (!s && mode != DB_READ)
		s = use_log(db, err);
	if (!s)
		s = db_exec(db, settings, err);
	if (!s)
		s = db_number(&db->page_bytes, db, "PRAGMA page_size", err);
	return s;
}

enum status
db_open(struct db **out, const char *path, enum db_mode mode,
	struct err *err)
{
	struct db *db;
	int flags = mode == DB_READ ? SQLITE_OPEN_READONLY :
		SQLITE_OPEN_READWRITE;
	int rc;
	enum status s = E_OK;

	if (db_must_fail())
		return failed(NULL, SQLITE_IOERR, err);
	if (!io_exists(path)) {
		if (mode != DB_CREATE && mode != DB_CREATE_LARGE)
			return err_set(err, E_NOTFOUND,
				tr("There is no data file %s."), path);
		s = make_file(path, err);
		if (s)
			return s;
	}
	/* nobody asks how much memory it has, and counting takes a lock each
	 * time; once it is running this does nothing */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	db = mem_alloc(1, sizeof *db);
	rc = sqlite3_open_v2(path, &db->handle,
		flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK)
		s = failed(db->handle, rc, err);
	else
		s = set_up(db, mode, err);
	if (s) {
		db_close(db);
		return s;
	}
	*out = db;
	return E_OK;
}

static struct db_stmt *
of(struct db_kept *kept)
{
	return (struct db_stmt *)kept;
}

static void
statement_free(struct db_stmt *st)
{
	sqlite3_finalize(st->st);
	free(st);
}

void
db_close(struct db *db)
{
	int rc;

	if (!db)
		return;
	if (db->handle)
		db_rollback(db);
	for (size_t i = 0; i < DB_KEPT_MAX; i++) {
		struct db_kept *kept = db->statements.places[i];

		assert(!kept || !kept->lent);
		if (kept)
			statement_free(of(kept));
	}
	rc = sqlite3_close(db->handle);
	assert(rc == SQLITE_OK);	/* else a statement was not finished */
	(void)rc;
	free(db);
}

/* ---- transactions ---- */

enum status
db_exec(struct db *db, const char *sql, struct err *err)
{
	int rc;

	if (db_must_fail())
		return failed(NULL, SQLITE_IOERR, err);
	rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK ? E_OK : failed(db->handle, rc, err);
}

static enum status
begin(struct db *db, bool lazy, struct err *err)
{
	enum status s = E_OK;

	assert(!db_in_transaction(db));
	if (db->lazy != lazy)
		s = db_exec(db, lazy ? "PRAGMA synchronous = NORMAL" :
			"PRAGMA synchronous = FULL", err);
	if (s)
		return s;
	db->lazy = lazy;
	return db_exec(db, "BEGIN IMMEDIATE", err);
}

enum status
db_begin(struct db *db, struct err *err)
{
	return begin(db, false, err);
}

enum status
db_begin_lazy(struct db *db, struct err *err)
{
	return begin(db, true, err);
}

enum status
db_begin_read(struct db *db, struct err *err)
{
	assert(!db_in_transaction(db));
	return db_exec(db, "BEGIN", err);
}

enum status
db_commit(struct db *db, struct err *err)
{
	enum status s;

	assert(db_in_transaction(db));
	s = db_exec(db, "COMMIT", err);
	if (s)
		db_rollback(db);
	return s;
}

void
db_rollback(struct db *db)
{
	if (!db_in_transaction(db))
		return;
	/* A statement that still reads would hold the old view open. */
	for (size_t i = 0; i < DB_KEPT_MAX; i++) {
		if (db->statements.places[i])
			sqlite3_reset(of(db->statements.places[i])->st);
	}
	/* When this fails SQLite has rolled back already, or will on close. */
	(void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

bool
db_in_transaction(const struct db *db)
{
	return sqlite3_get_autocommit(db->handle) == 0;
}

/* ---- statements ---- */

enum status
db_prepare(struct db_stmt **out, struct db *db, const char *sql,
	struct err *err)
{
	struct db_kept *kept, *given_up;
	struct db_stmt *st;
	sqlite3_stmt *compiled = NULL;
	const char *rest = "";
	size_t len = strlen(sql);
	int rc;

	if (db_must_fail())
		return failed(NULL, SQLITE_IOERR, err);
	kept = db_kept_find(&db->statements, sql, len);
	if (!kept) {
		rc = sqlite3_prepare_v3(db->handle, sql, -1,
			SQLITE_PREPARE_PERSISTENT, &compiled, &rest);
		if (rc != SQLITE_OK)
			return failed(db->handle, rc, err);
		assert(compiled && rest[0] == '\0');
		st = mem_alloc(1, sizeof *st);
		st->db = db;
		st->st = compiled;
		kept = &st->kept;
		*kept = (struct db_kept){ .sql = sqlite3_sql(compiled),
			.len = len };
		given_up = db_kept_add(&db->statements, kept);
		if (given_up)
			statement_free(of(given_up));
	}
	db_kept_lend(&db->statements, kept);
	*out = of(kept);
	return E_OK;
}

void
db_finish(struct db_stmt *st)
{
	if (!st)
		return;
	assert(st->kept.lent);
	db_reset(st);
	st->kept.lent = false;
	if (!st->kept.placed)
		statement_free(st);
}

/* A value that cannot be bound is a mistake of ours (no such '?', a statement
 * not reset): nothing a user could do about it.  It is copied, though. */
static void
bound(int rc)
{
	if (rc == SQLITE_NOMEM)
		mem_exhausted();
	assert(rc == SQLITE_OK);
	(void)rc;
}

void
db_bind_int(struct db_stmt *st, int i, int64_t n)
{
	bound(sqlite3_bind_int64(st->st, i, n));
}

void
db_bind_text(struct db_stmt *st, int i, const char *text)
{
	bound(sqlite3_bind_text(st->st, i, text, -1, SQLITE_TRANSIENT));
}

void
db_bind_blob(struct db_stmt *st, int i, const void *bytes, size_t len)
{
	if (bytes && len == 0)
		bound(sqlite3_bind_zeroblob(st->st, i, 0));
	else
		bound(sqlite3_bind_blob64(st->st, i, bytes, len,
			SQLITE_TRANSIENT));
}

void
db_lend_text(struct db_stmt *st, int i, const char *text)
{
	bound(sqlite3_bind_text(st->st, i, text, -1, SQLITE_STATIC));
}

void
db_lend_blob(struct db_stmt *st, int i, const void *bytes, size_t len)
{
	bound(sqlite3_bind_blob64(st->st, i, bytes, len, SQLITE_STATIC));
}

void
db_bind_null(struct db_stmt *st, int i)
{
	bound(sqlite3_bind_null(st->st, i));
}

enum status
db_step(struct db_stmt *st, bool *row, struct err *err)
{
	enum status s;
	int rc;

	if (db_must_fail()) {
		sqlite3_reset(st->st);
		return failed(NULL, SQLITE_IOERR, err);
	}
	rc = sqlite3_step(st->st);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
		s = failed(st->db->handle, rc, err);
		sqlite3_reset(st->st);
		return s;
	}
	*row = rc == SQLITE_ROW;
	return E_OK;
}

enum status
db_run(struct db_stmt *st, struct err *err)
{
	bool row = true;
	enum status s = E_OK;

	while (!s && row)
		s = db_step(st, &row, err);
	sqlite3_reset(st->st);
	return s;
}

void
db_reset(struct db_stmt *st)
{
	sqlite3_reset(st->st);
	sqlite3_clear_bindings(st->st);
}

int64_t
db_int(struct db_stmt *st, int col)
{
	return sqlite3_column_int64(st->st, col);
}

/* What could not be read for want of memory must not be taken for empty. */
static void
was_read(const struct db_stmt *st, const void *bytes)
{
	if (!bytes && sqlite3_errcode(st->db->handle) == SQLITE_NOMEM)
		mem_exhausted();
}

const char *
db_text(struct db_stmt *st, int col, size_t *len)
{
	const unsigned char *text = sqlite3_column_text(st->st, col);

	was_read(st, text);
	if (len)
		*len = (size_t)sqlite3_column_bytes(st->st, col);
	return text ? (const char *)text : "";
}

const void *
db_blob(struct db_stmt *st, int col, size_t *len)
{
	const void *bytes = sqlite3_column_blob(st->st, col);

	was_read(st, bytes);
	*len = (size_t)sqlite3_column_bytes(st->st, col);
	return bytes ? bytes : "";
}

bool
db_is_null(struct db_stmt *st, int col)
{
	return sqlite3_column_type(st->st, col) == SQLITE_NULL;
}

int64_t
db_changes(const struct db *db)
{
	return sqlite3_changes64(db->handle);
}

int64_t
db_last_rowid(const struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

/* ---- the file ---- */

enum status
db_checkpoint(struct db *db, struct err *err)
{
	int rc;

	if (db_must_fail())
		return failed(NULL, SQLITE_IOERR, err);
	rc = sqlite3_wal_checkpoint_v2(db->handle, NULL,
		SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	/* Others are reading: the last one to close will do it. */
	if (rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY)
		return E_OK;
	return failed(db->handle, rc, err);
}

static int
spill(sqlite3 *handle)
{
	return sqlite3_wal_checkpoint_v2(handle, NULL,
		SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

/* What has been committed is safe where it is: a failure here is none. */
static int
on_log(void *self, sqlite3 *handle, const char *name, int pages)
{
	struct db *db = self;

	(void)name;
	db->log_bytes = pages * (db->page_bytes + FRAME_BYTES);
	if (db->log_bytes >= db->log_most)
		(void)spill(handle);
	return SQLITE_OK;
}

void
db_keep_log(struct db *db, int64_t bytes)
{
	db->log_most = bytes;
	(void)sqlite3_wal_hook(db->handle, on_log, db);
}

int64_t
db_log_bytes(const struct db *db)
{
	return db->log_bytes;
}

enum status
db_spill(struct db *db, struct err *err)
{
	int rc;

	if (db_must_fail())
		return failed(NULL, SQLITE_IOERR, err);
	rc = spill(db->handle);
	return rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY ? E_OK :
		failed(db->handle, rc, err);
}

/* Behind what stands there: nothing that SQLite reads as a commit. */
static int
fill_log(sqlite3_file *log, int64_t bytes)
{
	char *zeros = mem_alloc(ROOM_STEP, 1);
	sqlite3_int64 size = 0, at;
	int rc = log->pMethods->xFileSize(log, &size);

	for (at = size; rc == SQLITE_OK && at < bytes; at += ROOM_STEP)
		rc = log->pMethods->xWrite(log, zeros, ROOM_STEP, at);
	if (rc == SQLITE_OK)
		rc = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
	if (rc != SQLITE_OK && at > size)
		(void)log->pMethods->xTruncate(log, size);
	free(zeros);
	return rc;
}

enum status
db_make_log_room(struct db *db, int64_t bytes, struct err *err)
{
	sqlite3_file *log = NULL;
	enum status s = db_begin(db, err);	/* so nobody else writes */
	int rc;

	if (s)
		return s;
	rc = sqlite3_file_control(db->handle, "main",
		SQLITE_FCNTL_JOURNAL_POINTER, &log);
	if (rc == SQLITE_OK && log && log->pMethods)
		rc = fill_log(log, bytes);
	db_rollback(db);
	return rc == SQLITE_OK ? E_OK : failed(NULL, rc, err);
}

enum status
db_check(struct db *db, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "PRAGMA integrity_check(1)", err);

	if (!s)
		s = db_step(st, &row, err);
	if (!s && (!row || strcmp(db_text(st, 0, NULL), "ok") != 0))
		s = failed(NULL, SQLITE_CORRUPT, err);
	db_finish(st);
	return s;
}

/* All pages into a file made for it. */
static enum status
copy_pages(struct db *db, const char *path, struct err *err)
{
	sqlite3 *copy = NULL;
	sqlite3_backup *work;
	int rc;
	enum status s = E_OK;

	if (db_must_fail())
		return failed(NULL, SQLITE_IOERR, err);
	rc = sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE |
		SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK) {
		work = sqlite3_backup_init(copy, "main", db->handle, "main");
		if (work) {
			(void)sqlite3_backup_step(work, -1);
			(void)sqlite3_backup_finish(work);
		}
		rc = sqlite3_errcode(copy);	/* holds what any step said */
	}
	if (rc != SQLITE_OK)
		s = failed(copy, rc, err);
	(void)sqlite3_close(copy);
	return s;
}

enum status
db_backup(struct db *db, const char *path, struct err *err)
{
	char *part;
	enum status s;

	if (io_exists(path))
		return err_set(err, E_INVALID,
			tr("%s exists already; choose another name."), path);
	/* Made beside it and renamed, so that a file of this name is whole. */
	part = mem_printf("%s.part", path);
	(void)unlink(part);
	s = make_file(part, err);
	if (!s)
		s = copy_pages(db, part, err);
	if (!s && rename(part, path) != 0)
		s = err_set(err, E_IO, tr("%s cannot be made: %s."), path,
			io_reason(errno));
	if (s)
		(void)unlink(part);
	free(part);
	return s;
}
