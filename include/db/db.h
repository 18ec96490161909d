#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * SQLite, tamed: the only door to it.
 *
 * 1. Every connection: WAL, synchronous FULL, secure_delete, foreign keys,
 *    temporary data in memory, 5 seconds of patience with other processes.
 * 2. A write transaction takes the lock at its beginning (BEGIN IMMEDIATE), so
 *    a transaction that began well is not refused halfway by another session.
 * 3. SQL is ours, whole and constant; values are bound.  What a failure says
 *    never holds SQL or data.
 * 4. One connection belongs to one thread at a time.
 *
 * Failures not named otherwise are E_IO: the disk is full, the file is damaged,
 * not readable, or kept busy by another session for too long.  A uniqueness or
 * foreign key that is broken is E_CONFLICT.
 */
struct db;
struct db_stmt;

enum db_mode {
	DB_READ,	/* an existing file, never written */
	DB_WRITE,	/* an existing file */
	DB_CREATE,	/* made (0600) if it does not exist */
	DB_CREATE_LARGE,	/* the same, with pages of 8 kB: for who takes
				 * in the work of many; half as many to write */
};

/* Owned by the caller: db_close().  Errors: E_NOTFOUND no such file; E_INVALID
 * it is not a database; E_IO. */
MUST_CHECK enum status db_open(struct db **out, const char *path,
	enum db_mode mode, struct err *err);
void db_close(struct db *db);		/* accepts NULL; rolls back */

/* ---- transactions ---- */

/* db_begin: to write.  db_begin_read: one unchanging view over several reads.
 * Neither nests. */
MUST_CHECK enum status db_begin(struct db *db, struct err *err);
/* To write what can be had again: its commit does not wait for the disk.  A
 * process that is killed loses nothing of it; a power cut may take the last of
 * these away, whole and in their order, but none that db_commit() ended before
 * an ordinary one did. */
MUST_CHECK enum status db_begin_lazy(struct db *db, struct err *err);
MUST_CHECK enum status db_begin_read(struct db *db, struct err *err);
/* On failure the transaction has been rolled back. */
MUST_CHECK enum status db_commit(struct db *db, struct err *err);
/* Does nothing when there is no transaction, so it may stand at every "out:".
 * Statements under way are reset. */
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);

/* ---- statements ---- */

/* Run statements without values and rows. */
MUST_CHECK enum status db_exec(struct db *db, const char *sql,
	struct err *err);

/* A statement, from the connection's store of compiled ones if it is there;
 * give it back with db_finish() before db_close().  sql is one statement. */
MUST_CHECK enum status db_prepare(struct db_stmt **out, struct db *db,
	const char *sql, struct err *err);
void db_finish(struct db_stmt *st);	/* accepts NULL */

/* Values for the i-th '?', from 1; copied.  A NULL text or blob binds NULL.
 * After rows have been read db_reset() comes first. */
void db_bind_int(struct db_stmt *st, int i, int64_t n);
void db_bind_text(struct db_stmt *st, int i, const char *text);
void db_bind_blob(struct db_stmt *st, int i, const void *bytes, size_t len);
void db_bind_null(struct db_stmt *st, int i);
/* The same, not copied: it stays as it is until db_finish() or db_reset(). */
void db_lend_text(struct db_stmt *st, int i, const char *text);
void db_lend_blob(struct db_stmt *st, int i, const void *bytes, size_t len);

/* *row: is there a (further) row? */
MUST_CHECK enum status db_step(struct db_stmt *st, bool *row,
	struct err *err);
/* Step to the end, rows ignored, and reset, values kept: the statement can be
 * bound anew and run again. */
MUST_CHECK enum status db_run(struct db_stmt *st, struct err *err);
void db_reset(struct db_stmt *st);	/* also forgets the values */

/* Columns of the present row, from 0.  Texts and blobs are borrowed until the
 * next step, reset or finish; they are never NULL ("" and len 0 for NULL), and
 * len may be NULL for texts. */
int64_t db_int(struct db_stmt *st, int col);
const char *db_text(struct db_stmt *st, int col, size_t *len);
const void *db_blob(struct db_stmt *st, int col, size_t *len);
bool db_is_null(struct db_stmt *st, int col);

int64_t db_changes(const struct db *db);	/* rows of the last write */
int64_t db_last_rowid(const struct db *db);

/* ---- the file ---- */

/* Move what the write-ahead log holds into the file and empty the log, so that
 * erased rows are gone from both.  Harmless when other sessions read. */
MUST_CHECK enum status db_checkpoint(struct db *db, struct err *err);

/* After a commit that leaves so many bytes or more in the log, move what nobody
 * reads any more into the file. */
void db_keep_log(struct db *db, int64_t bytes);
int64_t db_log_bytes(const struct db *db);	/* at the last commit */
/* The same now, beside whoever writes; what is written meanwhile stays. */
MUST_CHECK enum status db_spill(struct db *db, struct err *err);

/* Fill the log up to so many bytes, so that commits that follow wait for what
 * they write and not for the file system to find room for it.  Harmless when
 * others use the file.  On failure the log is as long as before. */
MUST_CHECK enum status db_make_log_room(struct db *db, int64_t bytes,
	struct err *err);

/* A consistent copy (0600) as it is now, while others go on writing; on disk
 * before it returns.  On failure there is no such file.
 * Errors: E_CONFLICT path exists already; E_IO. */
MUST_CHECK enum status db_backup(struct db *db, const char *path,
	struct err *err);

/* Read every page and index.  Errors: E_IO it is damaged. */
MUST_CHECK enum status db_check(struct db *db, struct err *err);

#endif
