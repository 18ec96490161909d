/* db: opening, transactions, statements, migrations, and each way to fail. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/io.h"
#include "db/db.h"
#include "db/db_fail.h"
#include "db/db_number.h"
#include "db/db_uuid.h"
#include "db/migrate.h"

enum { APP = 0x46515431 };

static const char *const steps[] = {
	"CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT UNIQUE,"
	" body BLOB);",
	"CREATE TABLE part (id INTEGER PRIMARY KEY,"
	" item INTEGER REFERENCES item(id)); CREATE INDEX p ON part(item);",
};

struct place {
	char dir[64];
	char path[96];
	char other[96];
};

static int
set_up(void **state)
{
	struct place *p = calloc(1, sizeof *p);

	snprintf(p->dir, sizeof p->dir, "/tmp/test_db.XXXXXX");
	if (!mkdtemp(p->dir))
		return -1;
	snprintf(p->path, sizeof p->path, "%s/a.db", p->dir);
	snprintf(p->other, sizeof p->other, "%s/b.db", p->dir);
	*state = p;
	return 0;
}

static int
tear_down(void **state)
{
	static const char *const ends[] = { "", "-wal", "-shm", ".part" };
	struct place *p = *state;
	char path[128];

	db_fail_after(0);
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		snprintf(path, sizeof path, "%s%s", p->path, ends[i]);
		unlink(path);
		snprintf(path, sizeof path, "%s%s", p->other, ends[i]);
		unlink(path);
	}
	/* fails, and so does the test, if anything else was left behind */
	int rc = rmdir(p->dir);
	free(p);
	return rc;
}

static struct db *
open_new(const char *path)
{
	struct err err = ERR_INIT;
	struct db *db = NULL;

	assert_int_equal(db_open(&db, path, DB_CREATE, &err), E_OK);
	assert_int_equal(db_migrate(db, steps, 2, APP, &err), E_OK);
	return db;
}

static enum status
add(struct db *db, const char *name, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s;

	s = db_prepare(&st, db, "INSERT INTO item (name, body) VALUES (?, ?)",
		err);
	if (s)
		return s;
	db_bind_text(st, 1, name);
	db_bind_blob(st, 2, name, strlen(name));
	s = db_run(st, err);
	db_finish(st);
	return s;
}

static int64_t
count(struct db *db)
{
	struct err err = ERR_INIT;
	int64_t n = -1;

	assert_int_equal(db_number(&n, db, "SELECT count(*) FROM item", &err),
		E_OK);
	return n;
}

static void
test_settings(void **state)
{
	static const struct {
		const char *sql;
		int64_t value;
	} rows[] = {
		{ "PRAGMA synchronous", 2 }, { "PRAGMA secure_delete", 1 },
		{ "PRAGMA temp_store", 2 }, { "PRAGMA foreign_keys", 1 },
		{ "PRAGMA user_version", 2 }, { "PRAGMA application_id", APP },
		{ "PRAGMA busy_timeout", 5000 },
	};
	struct place *p = *state;
	struct err err = ERR_INIT;
	struct db *db = open_new(p->path);
	struct db_stmt *st = NULL;
	struct stat file;
	char wal[128];
	bool row = false;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int64_t n = -1;

		assert_int_equal(db_number(&n, db, rows[i].sql, &err), E_OK);
		assert_int_equal(n, rows[i].value);
	}
	assert_int_equal(db_prepare(&st, db, "PRAGMA journal_mode", &err),
		E_OK);
	assert_int_equal(db_step(st, &row, &err), E_OK);
	assert_string_equal(db_text(st, 0, NULL), "wal");
	db_finish(st);
	snprintf(wal, sizeof wal, "%s-wal", p->path);
	assert_int_equal(stat(p->path, &file), 0);
	assert_int_equal(file.st_mode & 0777, 0600);
	assert_int_equal(stat(wal, &file), 0);
	assert_int_equal(file.st_mode & 0777, 0600);
	db_close(db);
}

/* Large pages are of a file that is made so, and stay. */
static void
test_large_pages(void **state)
{
	static const struct {
		enum db_mode first, then;
		int64_t bytes;
	} files[] = { { DB_CREATE_LARGE, DB_WRITE, 8192 },
		{ DB_CREATE_LARGE, DB_CREATE, 8192 },
		{ DB_CREATE, DB_CREATE_LARGE, 4096 } };
	struct place *p = *state;
	struct err err = ERR_INIT;

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct db *db = NULL;
		int64_t n = 0;

		assert_int_equal(db_open(&db, p->path, files[i].first, &err),
			E_OK);
		assert_int_equal(db_migrate(db, steps, 2, APP, &err), E_OK);
		db_close(db);
		assert_int_equal(db_open(&db, p->path, files[i].then, &err),
			E_OK);
		assert_int_equal(db_number(&n, db, "PRAGMA page_size", &err),
			E_OK);
		assert_int_equal(n, files[i].bytes);
		db_close(db);
		unlink(p->path);
	}
}

static void
test_values(void **state)
{
	static const char bytes[] = "a\0b";
	struct place *p = *state;
	struct err err = ERR_INIT;
	struct db *db = open_new(p->path);
	struct db_stmt *st = NULL;
	bool row = false;
	size_t len = 9;

	assert_int_equal(db_prepare(&st, db,
		"INSERT INTO item VALUES (?, ?, ?)", &err), E_OK);
	db_bind_int(st, 1, INT64_MIN);
	db_bind_text(st, 2, "字");
	db_bind_blob(st, 3, bytes, 3);
	assert_int_equal(db_run(st, &err), E_OK);
	assert_int_equal(db_changes(db), 1);
	assert_true(db_last_rowid(db) == INT64_MIN);
	db_bind_int(st, 1, 5);		/* again, with other values */
	db_bind_null(st, 2);
	db_bind_blob(st, 3, "", 0);
	assert_int_equal(db_run(st, &err), E_OK);
	db_finish(st);

	assert_int_equal(db_prepare(&st, db,
		"SELECT id, name, body FROM item ORDER BY id", &err), E_OK);
	assert_int_equal(db_step(st, &row, &err), E_OK);
	assert_true(row);
	assert_true(db_int(st, 0) == INT64_MIN);
	assert_string_equal(db_text(st, 1, &len), "字");
	assert_int_equal(len, 3);
	assert_memory_equal(db_blob(st, 2, &len), bytes, 3);
	assert_int_equal(len, 3);
	assert_int_equal(db_step(st, &row, &err), E_OK);
	assert_true(db_is_null(st, 1));
	assert_string_equal(db_text(st, 1, &len), "");
	assert_int_equal(len, 0);
	assert_false(db_is_null(st, 2));
	assert_non_null(db_blob(st, 2, &len));
	assert_int_equal(len, 0);
	assert_int_equal(db_step(st, &row, &err), E_OK);
	assert_false(row);
	db_finish(st);
	db_close(db);
}

/* Ids are blobs of 16 bytes; what is none is passed over or said. */
static void
test_ids(void **state)
{
	struct place *p = *state;
	struct db *db = open_new(p->path);
	struct uuid a = uuid_new(), b = uuid_new(), got = {{7}};
	struct uuid *ids = NULL;
	size_t count = 9;
	struct err err = ERR_INIT;
	struct db_stmt *st = NULL;
	bool row = false;

	assert_int_equal(db_prepare(&st, db,
		"INSERT INTO item(body) VALUES (?), (x'0102'), (NULL), (?)",
		&err), E_OK);
	db_bind_uuid(st, 1, &a);
	db_bind_uuid(st, 2, &b);
	assert_int_equal(db_run(st, &err), E_OK);
	db_finish(st);
	assert_int_equal(db_prepare(&st, db,
		"SELECT body FROM item ORDER BY id", &err), E_OK);
	assert_int_equal(db_step(st, &row, &err), E_OK);
	assert_true(db_uuid(&got, st, 0));
	assert_memory_equal(&got, &a, sizeof a);
	assert_int_equal(db_step(st, &row, &err), E_OK);
	assert_false(db_uuid(&got, st, 0));
	assert_memory_equal(&got, &a, sizeof a);
	assert_int_equal(db_uuids(&ids, &count, st, &err), E_OK);
	assert_int_equal(count, 1);
	assert_memory_equal(ids, &b, sizeof b);
	free(ids);
	db_finish(st);
	assert_int_equal(db_prepare(&st, db, "SELECT body FROM item WHERE 0",
		&err), E_OK);
	assert_int_equal(db_uuids(&ids, &count, st, &err), E_OK);
	assert_null(ids);
	assert_int_equal(count, 0);
	db_finish(st);
	db_close(db);
}

/* More statements than places, some of them lent: all work. */
static void
test_many_statements(void **state)
{
	struct place *p = *state;
	struct err err = ERR_INIT;
	struct db *db = open_new(p->path);
	struct db_stmt *lent[80] = { NULL };
	char sql[64];

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 80; i++) {
			bool row = false;

			snprintf(sql, sizeof sql, "SELECT %d", i);
			assert_int_equal(db_prepare(&lent[i], db, sql, &err),
				E_OK);
			assert_int_equal(db_step(lent[i], &row, &err), E_OK);
		}
		for (int i = 0; i < 80; i++) {
			assert_int_equal(db_int(lent[i], 0), i);
			db_finish(lent[i]);
		}
	}
	/* the same text twice at once is two statements */
	assert_int_equal(db_prepare(&lent[0], db, "SELECT 1", &err), E_OK);
	assert_int_equal(db_prepare(&lent[1], db, "SELECT 1", &err), E_OK);
	assert_ptr_not_equal(lent[0], lent[1]);
	db_finish(lent[0]);
	db_finish(lent[1]);
	db_close(db);
}

static void
test_transactions(void **state)
{
	struct place *p = *state;
	struct err err = ERR_INIT;
	struct db *db = open_new(p->path);

	assert_int_equal(db_begin(db, &err), E_OK);
	assert_true(db_in_transaction(db));
	assert_int_equal(add(db, "a", &err), E_OK);
	db_rollback(db);
	db_rollback(db);
	assert_false(db_in_transaction(db));
	assert_int_equal(count(db), 0);
	assert_int_equal(db_begin(db, &err), E_OK);
	assert_int_equal(add(db, "a", &err), E_OK);
	assert_int_equal(db_commit(db, &err), E_OK);
	assert_int_equal(count(db), 1);
	/* closing in the middle takes back */
	assert_int_equal(db_begin(db, &err), E_OK);
	assert_int_equal(add(db, "b", &err), E_OK);
	db_close(db);
	db = open_new(p->path);
	assert_int_equal(count(db), 1);
	db_close(db);
}

/* Two connections: a view that stands still, and a number that tells. */
static void
test_two_sessions(void **state)
{
	struct place *p = *state;
	struct err err = ERR_INIT;
	struct db *a = open_new(p->path), *b = open_new(p->path);
	int64_t before = 0, after = 0;

	assert_int_equal(db_data_version(&before, b, &err), E_OK);
	assert_int_equal(db_begin_read(b, &err), E_OK);
	assert_int_equal(count(b), 0);
	assert_int_equal(add(a, "x", &err), E_OK);
	assert_int_equal(count(b), 0);
	assert_int_equal(db_commit(b, &err), E_OK);
	assert_int_equal(count(b), 1);
	assert_int_equal(db_data_version(&after, b, &err), E_OK);
	assert_true(before != after);
	db_close(a);
	db_close(b);
}

/* Only what is begun so does not wait for the disk; whatever came between, the
 * next ordinary one does. */
static void
test_lazy(void **state)
{
	struct place *p = *state;
	struct db *db = open_new(p->path);
	struct err err = ERR_INIT;
	int64_t n = 0;

	for (int i = 0; i < 3; i++) {
		assert_int_equal(db_begin_lazy(db, &err), E_OK);
		assert_int_equal(db_number(&n, db, "PRAGMA synchronous", &err),
			E_OK);
		assert_int_equal(n, 1);
		assert_int_equal(add(db, i == 0 ? "a" : "b", &err), E_OK);
		if (i == 1)
			db_rollback(db);
		else
			assert_int_equal(db_commit(db, &err), E_OK);
	}
	db_fail_after(1);
	assert_int_equal(db_begin(db, &err), E_IO);	/* it could not go back */
	db_fail_after(0);
	err = (struct err)ERR_INIT;
	assert_int_equal(db_begin(db, &err), E_OK);
	assert_int_equal(db_number(&n, db, "PRAGMA synchronous", &err), E_OK);
	assert_int_equal(n, 2);
	assert_int_equal(db_commit(db, &err), E_OK);
	assert_int_equal(count(db), 2);
	db_close(db);
}

/* While another process writes, db_begin waits for it. */
static void
test_waits(void **state)
{
	struct place *p = *state;
	struct err err = ERR_INIT;
	struct db *db = open_new(p->path);
	struct timespec pause = { .tv_nsec = 300000000 };
	int ready[2], status = 0;
	char c;
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		struct db *mine = NULL;

		if (db_open(&mine, p->path, DB_WRITE, &err) ||
		    db_begin(mine, &err) || add(mine, "child", &err) ||
		    write(ready[1], "x", 1) != 1)
			_exit(1);
		nanosleep(&pause, NULL);
		_exit(db_commit(mine, &err) != E_OK);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(db_begin(db, &err), E_OK);
	assert_int_equal(count(db), 1);
	db_rollback(db);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(ready[0]);
	close(ready[1]);
	db_close(db);
}

/* Several processes open a file that is not there yet. */
static void
test_opened_at_once(void **state)
{
	struct place *p = *state;
	struct err err = ERR_INIT;

	for (int round = 0; round < 10; round++) {
		struct db *db = NULL;
		int status = 0;

		for (int i = 0; i < 4; i++) {
			if (fork() != 0)
				continue;
			if (db_open(&db, p->path, DB_CREATE, &err) ||
			    db_migrate(db, steps, 2, APP, &err))
				_exit(1);
			db_close(db);
			_exit(0);
		}
		for (int i = 0; i < 4; i++) {
			assert_true(wait(&status) > 0);
			assert_int_equal(status, 0);
		}
		unlink(p->path);
	}
}

static void
test_open_failures(void **state)
{
	struct place *p = *state;
	struct err err = ERR_INIT;
	struct db *db = NULL;
	char path[160], junk[4096];

	assert_int_equal(db_open(&db, p->path, DB_WRITE, &err), E_NOTFOUND);
	assert_int_equal(db_open(&db, p->path, DB_READ, &err), E_NOTFOUND);
	assert_int_not_equal(access(p->path, F_OK), 0);
	snprintf(path, sizeof path, "%s/nowhere/a.db", p->dir);
	assert_int_equal(db_open(&db, path, DB_CREATE, &err), E_INVALID);
	assert_int_equal(db_open(&db, p->dir, DB_WRITE, &err), E_IO);
	memset(junk, 'x', sizeof junk);
	assert_int_equal(io_write(p->path, junk, sizeof junk, &err), E_OK);
	for (int mode = DB_READ; mode <= DB_CREATE_LARGE; mode++)
		assert_int_equal(db_open(&db, p->path, (enum db_mode)mode,
			&err), E_INVALID);
	assert_null(db);
}

static void
test_read_only(void **state)
{
	struct place *p = *state;
	struct err err = ERR_INIT;
	struct db *db = open_new(p->path), *reader = NULL;

	assert_int_equal(add(db, "x", &err), E_OK);
	assert_int_equal(db_open(&reader, p->path, DB_READ, &err), E_OK);
	assert_int_equal(count(reader), 1);
	assert_int_equal(add(reader, "y", &err), E_IO);
	assert_null(strstr(err.msg, "INSERT"));
	db_close(reader);
	db_close(db);
}

/* Messages are ours: no SQL, no table, no value. */
static void
test_sentences(void **state)
{
	struct place *p = *state;
	struct err err = ERR_INIT;
	struct db *db = open_new(p->path);
	struct db_stmt *st = NULL;
	int64_t n = 77;

	assert_int_equal(add(db, "secret", &err), E_OK);
	assert_int_equal(add(db, "secret", &err), E_CONFLICT);
	assert_null(strstr(err.msg, "item"));
	assert_null(strstr(err.msg, "secret"));
	assert_int_equal(db_exec(db, "INSERT INTO part (item) VALUES (99)",
		&err), E_CONFLICT);
	assert_int_equal(db_prepare(&st, db, "SELECT secret FROM nowhere",
		&err), E_IO);
	assert_null(strstr(err.msg, "nowhere"));
	assert_null(st);
	assert_int_equal(db_number(&n, db,
		"SELECT id FROM item WHERE id = 99", &err), E_NOTFOUND);
	assert_int_equal(n, 77);
	db_close(db);
}

/* A full disk: the sentence says so and the transaction is taken back whole. */
static void
test_disk_full(void **state)
{
	struct place *p = *state;
	struct err err = ERR_INIT;
	struct db *db = open_new(p->path);
	struct db_stmt *st = NULL;
	char body[3000];
	enum status s = E_OK;

	memset(body, 'b', sizeof body);
	assert_int_equal(add(db, "kept", &err), E_OK);
	assert_int_equal(db_number(&(int64_t){0}, db,
		"PRAGMA max_page_count = 12", &err), E_OK);
	assert_int_equal(db_begin(db, &err), E_OK);
	assert_int_equal(db_prepare(&st, db,
		"INSERT INTO item (body) VALUES (?)", &err), E_OK);
	for (int i = 0; i < 100 && !s; i++) {
		db_bind_blob(st, 1, body, sizeof body);
		s = db_run(st, &err);
	}
	db_finish(st);
	assert_int_equal(s, E_IO);
	assert_non_null(strstr(err.msg, "磁盘"));
	db_rollback(db);
	assert_int_equal(count(db), 1);
	assert_int_equal(db_check(db, &err), E_OK);
	db_close(db);
}

static void
test_migrate(void **state)
{
	static const char *const broken[] = {
		"CREATE TABLE item (id INTEGER PRIMARY KEY)",
		"CREATE TABLE more (id INTEGER PRIMARY KEY); CREATE nonsense",
	};
	struct place *p = *state;
	struct err err = ERR_INIT;
	struct db *db = NULL;
	int64_t n = -1;

	/* one step fails: none has happened */
	assert_int_equal(db_open(&db, p->path, DB_CREATE, &err), E_OK);
	assert_int_equal(db_migrate(db, broken, 2, APP, &err), E_IO);
	assert_false(db_in_transaction(db));
	assert_int_equal(db_number(&n, db,
		"SELECT count(*) FROM sqlite_schema", &err), E_OK);
	assert_int_equal(n, 0);
	/* step by step, then nothing left to do */
	assert_int_equal(db_migrate(db, steps, 1, APP, &err), E_OK);
	assert_int_equal(add(db, "old", &err), E_OK);
	assert_int_equal(db_migrate(db, steps, 2, APP, &err), E_OK);
	assert_int_equal(db_migrate(db, steps, 2, APP, &err), E_OK);
	assert_int_equal(count(db), 1);
	/* made by a newer program; another program's */
	assert_int_equal(db_migrate(db, steps, 1, APP, &err), E_INVALID);
	assert_non_null(strstr(err.msg, "更新"));
	assert_int_equal(db_migrate(db, steps, 2, APP + 1, &err), E_INVALID);
	assert_int_equal(db_number(&n, db, "PRAGMA user_version", &err), E_OK);
	assert_int_equal(n, 2);
	db_close(db);
	/* somebody's file without a mark */
	assert_int_equal(db_open(&db, p->other, DB_CREATE, &err), E_OK);
	assert_int_equal(db_exec(db, "CREATE TABLE theirs (a)", &err), E_OK);
	assert_int_equal(db_migrate(db, steps, 2, APP, &err), E_INVALID);
	db_close(db);
}

/* What was erased is in neither file. */
static void
test_erased(void **state)
{
	struct place *p = *state;
	struct err err = ERR_INIT;
	struct db *db = open_new(p->path);
	struct stat file;
	struct buf bytes;
	char wal[128];

	assert_int_equal(add(db, "VERYSECRETNAME", &err), E_OK);
	assert_int_equal(db_exec(db, "DELETE FROM item", &err), E_OK);
	assert_int_equal(db_checkpoint(db, &err), E_OK);
	buf_init(&bytes, BUF_BATCH_MAX);
	assert_int_equal(io_read(&bytes, p->path, &err), E_OK);
	assert_true(bytes.len > 4096);
	for (size_t i = 0; i + 14 <= bytes.len; i++)
		assert_false(memcmp(bytes.data + i, "VERYSECRETNAME", 14) == 0);
	snprintf(wal, sizeof wal, "%s-wal", p->path);
	assert_int_equal(stat(wal, &file), 0);
	assert_int_equal(file.st_size, 0);
	buf_release(&bytes);
	db_close(db);
}

static off_t
log_bytes(const struct place *p)
{
	struct stat file;
	char wal[128];

	snprintf(wal, sizeof wal, "%s-wal", p->path);
	assert_int_equal(stat(wal, &file), 0);
	return file.st_size;
}

/* What a copy of both files, taken as they stand, holds. */
static int64_t
count_of_copy(const struct place *p)
{
	static const char *const ends[] = { "", "-wal" };
	struct err err = ERR_INIT;
	struct db *copy = NULL;
	int64_t n;

	for (size_t i = 0; i < 2; i++) {
		struct buf bytes;
		char from[128], to[128];

		snprintf(from, sizeof from, "%s%s", p->path, ends[i]);
		snprintf(to, sizeof to, "%s%s", p->other, ends[i]);
		buf_init(&bytes, BUF_BATCH_MAX);
		assert_int_equal(io_read(&bytes, from, &err), E_OK);
		assert_int_equal(io_write(to, bytes.data, bytes.len, &err),
			E_OK);
		buf_release(&bytes);
	}
	assert_int_equal(db_open(&copy, p->other, DB_WRITE, &err), E_OK);
	n = count(copy);
	assert_int_equal(db_check(copy, &err), E_OK);
	db_close(copy);
	return n;
}

/* Room in the log says nothing: what stood there and what follows is there for
 * others and after a crash, and a disk without room leaves all as it was. */
static void
test_log_room(void **state)
{
	const off_t room = 1000 * 1000;
	struct place *p = *state;
	struct err err = ERR_INIT;
	struct db *a = open_new(p->path), *b = open_new(p->path);
	struct rlimit whole, narrow;
	off_t before;

	assert_int_equal(db_checkpoint(a, &err), E_OK);
	assert_int_equal(log_bytes(p), 0);
	assert_int_equal(db_make_log_room(a, 5000, &err), E_OK);
	assert_int_equal(count_of_copy(p), 0);
	assert_int_equal(add(a, "first", &err), E_OK);
	assert_int_equal(db_make_log_room(a, room, &err), E_OK);
	before = log_bytes(p);
	assert_true(before >= room && before < 2 * room);
	assert_int_equal(count_of_copy(p), 1);
	assert_int_equal(add(b, "second", &err), E_OK);
	assert_int_equal(add(a, "third", &err), E_OK);
	assert_int_equal(count(b), 3);
	assert_int_equal(count_of_copy(p), 3);
	assert_int_equal(log_bytes(p), before);
	assert_int_equal(db_make_log_room(b, room, &err), E_OK);
	assert_int_equal(log_bytes(p), before);

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &whole), 0);
	narrow = whole;
	narrow.rlim_cur = (rlim_t)(before + room / 2);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &narrow), 0);
	assert_int_equal(db_make_log_room(a, 2 * room, &err), E_IO);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &whole), 0);
	assert_int_equal(log_bytes(p), before);
	assert_int_equal(add(a, "fourth", &err), E_OK);
	assert_int_equal(count_of_copy(p), 4);
	assert_int_equal(db_begin(b, &err), E_OK);	/* it holds no lock */
	db_rollback(b);
	db_close(a);
	db_close(b);
}

static void
test_backup(void **state)
{
	struct place *p = *state;
	struct err err = ERR_INIT;
	struct db *db = open_new(p->path), *copy = NULL;
	struct stat file;
	char path[160];

	assert_int_equal(add(db, "a", &err), E_OK);
	assert_int_equal(db_backup(db, p->other, &err), E_OK);
	assert_int_equal(stat(p->other, &file), 0);
	assert_int_equal(file.st_mode & 0777, 0600);
	assert_int_equal(add(db, "b", &err), E_OK);
	assert_int_equal(db_open(&copy, p->other, DB_WRITE, &err), E_OK);
	assert_int_equal(db_migrate(copy, steps, 2, APP, &err), E_OK);
	assert_int_equal(count(copy), 1);
	assert_int_equal(db_check(copy, &err), E_OK);
	db_close(copy);
	assert_int_equal(db_backup(db, p->other, &err), E_INVALID);
	snprintf(path, sizeof path, "%s/nowhere/b.db", p->dir);
	assert_int_equal(db_backup(db, path, &err), E_INVALID);
	unlink(p->other);
	db_fail_after(1);
	assert_int_equal(db_backup(db, p->other, &err), E_IO);
	assert_int_not_equal(access(p->other, F_OK), 0);
	db_close(db);
}

/* A page overwritten: found by the check, told when it is read. */
static void
test_damaged(void **state)
{
	struct place *p = *state;
	struct err err = ERR_INIT;
	struct db *db = open_new(p->path);
	char name[32], junk[512];
	FILE *f;

	assert_int_equal(db_begin(db, &err), E_OK);
	for (int i = 0; i < 2000; i++) {
		snprintf(name, sizeof name, "name %d", i);
		assert_int_equal(add(db, name, &err), E_OK);
	}
	assert_int_equal(db_commit(db, &err), E_OK);
	assert_int_equal(db_check(db, &err), E_OK);
	db_close(db);

	f = fopen(p->path, "r+b");
	assert_non_null(f);
	memset(junk, 0xff, sizeof junk);
	for (long page = 5; page < 20; page++) {
		fseek(f, page * 4096, SEEK_SET);
		fwrite(junk, sizeof junk, 1, f);
	}
	fclose(f);
	assert_int_equal(db_open(&db, p->path, DB_WRITE, &err), E_OK);
	assert_int_equal(db_check(db, &err), E_IO);
	assert_int_equal(db_exec(db, "DELETE FROM item", &err), E_IO);
	assert_non_null(strstr(err.msg, "备份"));
	db_close(db);
}

/* Open, migrate and save two rows, both or none. */
static enum status
work(const char *path, struct err *err)
{
	struct db *db = NULL;
	enum status s;

	s = db_open(&db, path, DB_CREATE, err);
	if (!s)
		s = db_migrate(db, steps, 2, APP, err);
	if (!s)
		s = db_begin(db, err);
	if (!s)
		s = add(db, "one", err);
	if (!s)
		s = add(db, "two", err);
	if (!s)
		s = db_commit(db, err);
	db_close(db);
	return s;
}

static void
test_sweep(void **state)
{
	struct place *p = *state;
	long n = 1;

	for (;; n++) {
		struct err err = ERR_INIT;
		struct db *db;
		enum status s;

		db_fail_after(n);
		s = work(p->path, &err);
		assert_int_equal(s, err.code);
		assert_int_equal(s != E_OK, db_has_failed());
		db_fail_after(0);
		if (!s)
			break;
		assert_int_equal(s, E_IO);
		db = open_new(p->path);
		assert_int_equal(count(db), 0);
		assert_int_equal(db_check(db, &err), E_OK);
		db_close(db);
		unlink(p->path);
		assert_true(n < 100);
	}
	assert_true(n > 15);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_settings), TEST(test_large_pages),
		TEST(test_values), TEST(test_ids),
		TEST(test_many_statements), TEST(test_transactions),
		TEST(test_lazy), TEST(test_log_room),
		TEST(test_two_sessions), TEST(test_waits),
		TEST(test_opened_at_once), TEST(test_open_failures),
		TEST(test_read_only),
		TEST(test_sentences), TEST(test_disk_full),
		TEST(test_migrate), TEST(test_erased), TEST(test_backup),
		TEST(test_damaged), TEST(test_sweep),
	};

	return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
