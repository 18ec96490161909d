/*
 * The ledger's folder and its two connections.
 *
 * The epoch stands in the database and in a file beside it.  Whoever puts an
 * old database back without saying so is found out at the next start: clients
 * would otherwise meet a server that has forgotten what it told them.
 */
#include "server/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/migrate.h"
#include "server/ledger_entered.h"
#include "server/ledger_erased.h"
#include "server/ledger_reconcile.h"
#include "server/ledger_schema.h"
#include "server/ledger_stream.h"
#include "server/office.h"

/* The log goes into the file when it has 48 MB: a page that every push writes
 * again goes there once for many, and who commits meanwhile waits for the same
 * disk, so it is not done every few pushes.  Whoever writes does it at 96 MB at
 * last.
 *
 * A log that has its room from the beginning is written in a third of the time,
 * and waited for half as long: the file system finds no place and keeps no book.
 * A running server's has grown to it anyway. */
enum { LOG_BYTES = 48 * 1000 * 1000, LOG_BYTES_MOST = 2 * LOG_BYTES };

enum { EMPTY_TRIES = 4 };	/* of some seconds each */

struct ledger {
	char *dir;
	struct db *writer, *reader;
	struct db *tidier;	/* NULL: who writes sees to the log */
	pthread_mutex_t write_lock, read_lock, tidy_lock;
	atomic_llong log_bytes;
	char epoch[UUID_TEXT_MAX];
	struct ledger_county county;
	void (*tell)(void *self);	/* of each commit; NULL: nobody */
	void *tell_self;
};

enum status
ledger_put_meta(struct db *db, const char *name, const char *value,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db,
	    "INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)", err);

	if (s)
		return s;
	db_bind_text(st, 1, name);
	db_bind_text(st, 2, value);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

static enum status
get_meta(char *out, size_t size, struct db *db, const char *name,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db,
	    "SELECT value FROM meta WHERE name = ?", err);

	if (s)
		return s;
	db_bind_text(st, 1, name);
	s = db_step(st, &row, err);
	if (!s && row)
		snprintf(out, size, "%s", db_text(st, 0, NULL));
	db_finish(st);
	return s;
}

/* ---- making ---- */

static enum status
fill(struct db *db, const char *epoch, const struct ledger_county *county,
    struct err *err)
{
	struct office office = { .county = OFFICE_SPAN_ALL };
	enum status s;

	s = ledger_put_meta(db, "epoch", epoch, err);
	if (!s)
		s = ledger_put_meta(db, "county_code", county->code, err);
	if (!s)
		s = ledger_put_meta(db, "county_name", county->name, err);
	if (s || !county->code[0])
		return s;
	memcpy(office.code, county->code, sizeof office.code);
	memcpy(office.name, county->name, sizeof office.name);
	return office_add(db, &office, err);
}

static enum status
create_database(const char *path, const char *epoch,
    const struct ledger_county *county, struct err *err)
{
	struct db *db = NULL;
	enum status s = db_open(&db, path, DB_CREATE_LARGE, err);

	if (!s)
		s = db_migrate(db, ledger_schema_steps, ledger_schema_count,
		    LEDGER_APPLICATION, err);
	if (!s)
		s = db_begin(db, err);
	if (!s)
		s = fill(db, epoch, county, err);
	if (!s)
		s = db_commit(db, err);
	db_close(db);
	return s;
}

enum status
ledger_create(const char *dir, const struct ledger_county *county,
    struct err *err)
{
	char *path = io_join(dir, "ledger.db"), *beside = io_join(dir, "epoch");
	char *making = io_join(dir, "ledger.new");
	char epoch[UUID_TEXT_MAX + 1];
	struct uuid id = uuid_new();
	enum status s;

	s = io_private_dir(dir, err);
	if (!s && (io_exists(path) || io_exists(beside)))
		s = err_set(err, E_CONFLICT,
		    tr("There is a ledger in this folder already."));
	if (s)
		goto out;
	uuid_print(epoch, &id);
	(void)remove(making);
	s = create_database(making, epoch, county, err);
	if (!s && rename(making, path))
		s = err_set(err, E_IO,
		    tr("The ledger cannot be written in this folder."));
	if (s) {
		(void)remove(making);
		goto out;
	}
	epoch[UUID_TEXT_MAX - 1] = '\n';
	s = io_write(beside, epoch, UUID_TEXT_MAX, err);
	if (s)
		(void)remove(path);
out:
	free(path);
	free(beside);
	free(making);
	return s;
}

/* ---- opening ---- */

static enum status
check_epoch(const struct ledger *l, const char *dir, struct err *err)
{
	char *path = io_join(dir, "epoch");
	struct buf text = {0};
	enum status s;

	buf_init(&text, BUF_LINE_MAX);
	s = io_read(&text, path, err);
	if (!s && (text.len < UUID_TEXT_MAX - 1 ||
	    strncmp(text.data, l->epoch, UUID_TEXT_MAX - 1) != 0))
		s = err_set(err, E_CONFLICT,
		    tr("The file epoch does not belong to this ledger: an older database was put back."));
	buf_release(&text);
	free(path);
	return s;
}

enum status
ledger_open(struct ledger **out, const char *dir, struct err *err)
{
	struct ledger *l = mem_alloc(1, sizeof *l);
	char *path = io_join(dir, "ledger.db");
	enum status s;

	l->dir = mem_strdup(dir);
	pthread_mutex_init(&l->write_lock, NULL);
	pthread_mutex_init(&l->read_lock, NULL);
	pthread_mutex_init(&l->tidy_lock, NULL);
	if (!io_exists(path)) {
		s = err_set(err, E_NOTFOUND,
		    tr("There is no ledger in this folder; fengqiaod init makes one."));
		goto out;
	}
	s = db_open(&l->writer, path, DB_WRITE, err);
	if (!s)
		db_keep_log(l->writer, LOG_BYTES);
	if (!s)
		s = db_migrate(l->writer, ledger_schema_steps,
		    ledger_schema_count, LEDGER_APPLICATION, err);
	if (!s)
		s = db_open(&l->reader, path, DB_READ, err);
	if (!s)
		s = get_meta(l->epoch, sizeof l->epoch, l->writer, "epoch",
		    err);
	if (!s)
		s = get_meta(l->county.code, sizeof l->county.code, l->writer,
		    "county_code", err);
	if (!s)
		s = get_meta(l->county.name, sizeof l->county.name, l->writer,
		    "county_name", err);
	if (!s)
		s = check_epoch(l, dir, err);
	if (!s)
		s = entered_begin(l->writer, err);
	if (!s)
		s = reconcile_recount(l->writer, err);
	if (!s)
		s = stream_complete(l->writer, err);
	if (s)
		goto out;
	*out = l;
	l = NULL;
out:
	ledger_close(l);
	free(path);
	return s;
}

void
ledger_close(struct ledger *l)
{
	if (!l)
		return;
	db_close(l->tidier);
	db_close(l->reader);
	db_close(l->writer);
	pthread_mutex_destroy(&l->write_lock);
	pthread_mutex_destroy(&l->read_lock);
	pthread_mutex_destroy(&l->tidy_lock);
	free(l->dir);
	free(l);
}

const char *
ledger_dir(const struct ledger *l)
{
	return l->dir;
}

const char *
ledger_epoch(const struct ledger *l)
{
	return l->epoch;
}

const struct ledger_county *
ledger_county(const struct ledger *l)
{
	return &l->county;
}

/* ---- transactions ---- */

enum status
ledger_begin(struct db **out, struct ledger *l, struct err *err)
{
	enum status s;

	pthread_mutex_lock(&l->write_lock);
	s = db_begin(l->writer, err);
	if (s)
		pthread_mutex_unlock(&l->write_lock);
	else
		*out = l->writer;
	return s;
}

enum status
ledger_end(struct ledger *l, enum status result, struct err *err)
{
	if (!result)
		result = entered_seal(l->writer, err);
	if (!result)
		result = erased_keep(l->writer, l->dir, err);
	if (!result)
		result = db_commit(l->writer, err);
	else
		db_rollback(l->writer);
	atomic_store(&l->log_bytes, db_log_bytes(l->writer));
	pthread_mutex_unlock(&l->write_lock);
	if (!result && l->tell)
		l->tell(l->tell_self);
	return result;
}

void
ledger_tell(struct ledger *l, void (*fn)(void *self), void *self)
{
	l->tell = fn;
	l->tell_self = self;
}

enum status
ledger_tidies(struct ledger *l, struct err *err)
{
	struct err narrow = ERR_INIT;	/* it grows as it is needed */
	char *path = io_join(l->dir, "ledger.db");
	enum status s = db_open(&l->tidier, path, DB_WRITE, err);

	free(path);
	if (s)
		return s;
	db_keep_log(l->writer, LOG_BYTES_MOST);
	if (db_make_log_room(l->writer, LOG_BYTES, &narrow))
		log_write(LOG_WARN, "room for the log of the ledger: %s",
		    narrow.msg);
	return E_OK;
}

void
ledger_tidy(struct ledger *l)
{
	struct err err = ERR_INIT;

	if (!l->tidier || atomic_load(&l->log_bytes) < LOG_BYTES ||
	    pthread_mutex_trylock(&l->tidy_lock))
		return;
	atomic_store(&l->log_bytes, 0);	/* until the next commit */
	if (db_spill(l->tidier, &err))
		log_write(LOG_WARN, "log of the ledger: %s", err.msg);
	pthread_mutex_unlock(&l->tidy_lock);
}

static bool
has_log(const struct ledger *l)
{
	char *path = io_join(l->dir, "ledger.db-wal");
	struct stat st;
	bool has = stat(path, &st) == 0 && st.st_size > 0;

	free(path);
	return has;
}

enum status
ledger_empty_log(struct ledger *l, struct err *err)
{
	enum status s = E_OK;

	pthread_mutex_lock(&l->write_lock);
	for (int i = 0; i < EMPTY_TRIES && !s && (i == 0 || has_log(l)); i++)
		s = db_checkpoint(l->writer, err);
	pthread_mutex_unlock(&l->write_lock);
	if (!s && has_log(l))
		s = err_set(err, E_CONFLICT, tr("It is erased, but somebody "
		    "reads the ledger without a pause, so its log still has "
		    "it: start the server again."));
	return s;
}

enum status
ledger_begin_read(struct db **out, struct ledger *l, struct err *err)
{
	enum status s;

	pthread_mutex_lock(&l->read_lock);
	s = db_begin_read(l->reader, err);
	if (s)
		pthread_mutex_unlock(&l->read_lock);
	else
		*out = l->reader;
	return s;
}

void
ledger_end_read(struct ledger *l)
{
	db_rollback(l->reader);
	pthread_mutex_unlock(&l->read_lock);
}

enum status
ledger_claim(int *fd, const char *dir, struct err *err)
{
	char *path = io_join(dir, "server.lock");
	int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool busy = lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0;
	enum status s = E_OK;

	if (lock < 0)
		s = io_whose_fault(errno);
	free(path);
	if (busy)
		close(lock);
	if (busy)
		return err_set(err, E_CONFLICT,
		    tr("A server is running on this folder."));
	if (lock < 0)
		return err_set(err, s,
		    tr("The ledger cannot be written in this folder."));
	*fd = lock;
	return E_OK;
}
