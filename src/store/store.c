/*
 * The cache as a whole: opening, facts that are no secret, transactions.
 *
 * A batch holds one transaction open and makes every store_begin() inside it a
 * savepoint, so a single save that fails leaves the batch as it was.
 */
#include "store/store.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/notice.h"
#include "base/tr.h"
#include "db/db_number.h"
#include "db/migrate.h"
#include "store/erasure.h"
#include "store/inside.h"
#include "store/migrations.h"
#include "store/save.h"


/* ---- opening ---- */

/* An id of the cache itself, which names its key in the kernel's keyring. */
static enum status
name_cache(struct store *s, struct err *err)
{
	struct buf text;
	char id[UUID_TEXT_MAX];
	struct uuid cache;
	struct err missing = ERR_INIT;
	enum status st;

	buf_init(&text, BUF_LINE_MAX);
	st = store_meta_get(&text, s, "cache", &missing);
	buf_release(&text);
	if (st != E_NOTFOUND) {
		if (st)
			*err = missing;
		return st;
	}
	cache = uuid_new();
	uuid_print(id, &cache);
	return store_meta_set(s, "cache", id, err);
}

static enum status
open_db(struct store *s, bool create, struct err *err)
{
	/* unlocking reads each row once, and then memory answers */
	static const char pages[] = "PRAGMA cache_size = -256";
	enum status st;

	st = db_open(&s->db, s->path, create ? DB_CREATE : DB_WRITE, err);
	if (st == E_NOTFOUND)
		return err_set(err, E_NOTFOUND,
			tr("There is no local data in this folder yet."));
	if (!st)
		st = db_exec(s->db, pages, err);
	if (!st)
		st = db_migrate(s->db, store_migrations, store_migration_count,
			STORE_APPLICATION, err);
	if (!st)
		st = name_cache(s, err);
	return st;
}

/* What an erasure left unfinished is finished here. */
static enum status
check_not_erased(const char *home, struct err *err)
{
	struct erasure e = {0};
	struct err none = ERR_INIT;

	if (erasure_read(&e, home, &none) == E_NOTFOUND)
		return E_OK;
	return err_set(err, E_AUTH, tr("The data on this computer was erased "
		"by order of the county."));
}

enum status
store_open(struct store **out, const char *home, bool create,
	const struct schema *schema, struct err *err)
{
	struct store *s;
	enum status st;

	if (!create && !io_exists(home))
		return err_set(err, E_NOTFOUND,
			tr("There is no local data in this folder yet."));
	st = io_private_dir(home, err);
	if (!st)
		st = check_not_erased(home, err);
	if (st)
		return st;
	s = mem_alloc(1, sizeof *s);
	s->home = mem_strdup(home);
	s->path = io_join(home, "cache.db");
	s->schema = schema;
	st = open_db(s, create, err);
	if (st) {
		store_close(s);
		return st;
	}
	*out = s;
	return E_OK;
}

void
store_close(struct store *s)
{
	if (!s)
		return;
	save_batch_rollback(s);
	store_lock(s);
	db_close(s->db);
	free(s->offices);
	free(s->home);
	free(s->path);
	free(s);
}

void
store_spare_overviews(struct store *s)
{
	/* with 128 kB a push reads and writes 20,000 pages more, with 1 MB
	 * 6,000 less */
	static const char more_pages[] = "PRAGMA cache_size = -512";
	struct err ignored = ERR_INIT;

	s->spares = true;
	/* only time hangs on this */
	if (db_exec(s->db, more_pages, &ignored))
		ignored = (struct err)ERR_INIT;
}

const struct schema *
store_schema(const struct store *s)
{
	return s->schema;
}

const char *
store_home(const struct store *s)
{
	return s->home;
}

enum status
store_damaged(struct err *err)
{
	return err_set(err, E_INVALID,
		tr("An entry of the local data is damaged."));
}

enum status
store_need_key(const struct store *s, struct err *err)
{
	if (s->unlocked)
		return E_OK;
	return err_set(err, E_AUTH, tr("You are not signed in."));
}

/* ---- facts ---- */

enum status
store_meta_get(struct buf *out, struct store *s, const char *name,
	struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db,
		"SELECT text FROM meta WHERE name = ?", err);

	if (st)
		return st;
	db_bind_text(q, 1, name);
	st = db_step(q, &row, err);
	if (!st && !row)
		st = err_set(err, E_NOTFOUND,
			tr("This is not known here: %s."), name);
	if (!st)
		buf_text(out, db_text(q, 0, NULL));
	db_finish(q);
	return st;
}

enum status
store_meta_set(struct store *s, const char *name, const char *text,
	struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "INSERT INTO meta(name, text)"
		" VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET"
		" text = excluded.text", err);

	if (st)
		return st;
	db_bind_text(q, 1, name);
	db_bind_text(q, 2, text);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

enum status
store_meta_int(int64_t *out, struct store *s, const char *name,
	struct err *err)
{
	struct buf text;
	struct err missing = ERR_INIT;
	enum status st;

	buf_init(&text, BUF_LINE_MAX);
	st = store_meta_get(&text, s, name, &missing);
	if (!st)
		*out = strtoll(text.data, NULL, 10);
	else if (st == E_NOTFOUND)
		*out = 0;
	else
		*err = missing;
	buf_release(&text);
	return st == E_NOTFOUND ? E_OK : st;
}

enum status
store_meta_set_int(struct store *s, const char *name, int64_t n,
	struct err *err)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRId64, n);
	return store_meta_set(s, name, text, err);
}

void
store_heed_clock(struct store *s)
{
	struct err err = ERR_INIT;
	int64_t heard = 0, here = 0;

	/* A read that fails shows again at the next real one. */
	if (store_meta_int(&heard, s, "server_at", &err) ||
	    store_meta_int(&here, s, "server_heard", &err))
		return;
	clock_floor(heard);
	clock_ahead(heard > 0 && here > 0 ? here - heard : 0);
}

enum status
store_hear(struct store *s, int64_t server_at, struct err *err)
{
	enum status st = store_meta_set_int(s, "server_at", server_at, err);

	if (!st)
		st = store_meta_set_int(s, "server_mono", clock_mono_ms(), err);
	if (!st)
		st = store_meta_set_int(s, "server_heard", clock_now_at(), err);
	return st;
}

/* ---- transactions ---- */

static enum status
begin(struct store *s, bool lazy, struct err *err)
{
	if (s->batch)
		return db_exec(s->db, "SAVEPOINT one", err);
	s->schema_told = false;
	s->gen = 0;
	return (lazy ? db_begin_lazy : db_begin)(s->db, err);
}

enum status
store_begin(struct store *s, struct err *err)
{
	return begin(s, false, err);
}

enum status
store_begin_lazy(struct store *s, struct err *err)
{
	return begin(s, true, err);
}

enum status
store_commit(struct store *s, struct err *err)
{
	enum status st;

	if (s->batch)
		return db_exec(s->db, "RELEASE one", err);
	st = db_commit(s->db, err);
	if (!st) {
		s->generation++;
		s->stale = true;
	}
	return st;
}

static void
roll_back(struct store *s)
{
	struct err err = ERR_INIT;

	if (!s->batch) {
		db_rollback(s->db);
		return;
	}
	/* A disk that fails here fails the batch's commit too; where memory ran
	 * out, SQLite has taken the whole batch back already. */
	if (!db_in_transaction(s->db) || db_exec(s->db, "ROLLBACK TO one", &err) ||
	    db_exec(s->db, "RELEASE one", &err))
		s->batch_broken = true;
}

enum status
store_end(struct store *s, enum status st, struct err *err)
{
	if (!st)
		return store_commit(s, err);
	roll_back(s);
	return st;
}

uint64_t
store_generation(struct store *s)
{
	struct err err = ERR_INIT;
	int64_t version = s->seen_version;

	/* A read that fails shows again at the next real one. */
	if (!db_data_version(&version, s->db, &err) &&
	    version != s->seen_version) {
		s->seen_version = version;
		s->generation++;
	}
	return s->generation;
}

int
store_notice(const struct store *s)
{
	char *wal = mem_printf("%s-wal", s->path);
	int fd = notice_open(wal);

	free(wal);
	return fd;
}

/* ---- batches ---- */

static void
end_batch(struct store *s)
{
	s->batch = false;
	s->batch_broken = false;
	s->blind = false;
	free(s->touched);
	s->touched = NULL;
	s->touched_count = 0;
}

enum status
save_batch_begin(struct store *s, struct err *err)
{
	enum status st = store_need_key(s, err);

	assert(!s->batch);
	if (!st)
		st = overview_refresh(s, NULL, err);
	s->schema_told = false;
	s->gen = 0;
	if (!st)
		st = db_begin(s->db, err);
	if (!st)
		s->batch = true;
	return st;
}

bool
save_batch_is_open(const struct store *s)
{
	return s->batch;
}

void
save_batch_blind(struct store *s)
{
	assert(s->batch);
	s->blind = true;
}

enum status
save_batch_commit(struct store *s, struct err *err)
{
	enum status st;

	assert(s->batch);
	if (s->batch_broken) {
		save_batch_rollback(s);
		return err_set(err, E_IO,
			tr("The local data could not be written."));
	}
	st = db_commit(s->db, err);
	if (st) {
		save_batch_rollback(s);
		return st;
	}
	s->generation++;
	s->stale = true;
	end_batch(s);
	return E_OK;
}

void
save_batch_rollback(struct store *s)
{
	struct err err = ERR_INIT;

	if (!s->batch)
		return;
	db_rollback(s->db);
	for (size_t i = 0; i < s->touched_count; i++) {
		/* What cannot be read again must not be shown either. */
		if (overview_reload(s, &s->touched[i], &err))
			overview_drop(s, &s->touched[i]);
	}
	end_batch(s);
}
