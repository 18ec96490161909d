/*
 * The thread that makes snapshots when nobody waits for them.
 */
#include "server/snapshot_keeper.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/clock.h"
#include "base/cond.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_number.h"
#include "server/snapshot_make.h"

enum { NICE_LEAST = 19, SHARE = 10 };

struct snapshot_keeper {
	struct ledger *ledger;
	struct snapshot_keeper_options options;
	struct db *db;		/* whose changes are looked for */
	int64_t version;	/* of the ledger at the last look */
	int busy_looks;		/* at which it had changed, since one was due */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stopping;
};

static bool
is_stopping(void *self)
{
	struct snapshot_keeper *k = self;
	bool stopping;

	pthread_mutex_lock(&k->lock);
	stopping = k->stopping;
	pthread_mutex_unlock(&k->lock);
	return stopping;
}

/* true: it is time to look. */
static bool
sleep_until_look(struct snapshot_keeper *k)
{
	int64_t until = clock_mono_ms() + k->options.look_ms;

	pthread_mutex_lock(&k->lock);
	while (!k->stopping && cond_wait_ms(&k->wake, &k->lock,
	    until - clock_mono_ms()))
		;
	pthread_mutex_unlock(&k->lock);
	return !is_stopping(k);
}

static bool
is_due(const struct snapshot_keeper *k, const struct snapshot_need *n)
{
	int64_t from = k->options.from;

	if (n->held < from)
		return false;
	return !n->has || n->behind >= (n->held / SHARE > from ?
	    n->held / SHARE : from);
}

static void
make_due(struct snapshot_keeper *k, const struct snapshot_need *needs,
    size_t count)
{
	const struct snapshot_stop stop = { is_stopping, k };

	for (size_t i = 0; i < count && !is_stopping(k); i++) {
		struct snapshot made = {0};
		struct err err = ERR_INIT;

		if (!is_due(k, &needs[i]))
			continue;
		if (snapshot_make(&made, ledger_dir(k->ledger),
		    needs[i].stream, &stop, &err))
			log_write(LOG_WARN, "snapshot %s: %s",
			    needs[i].stream, err.msg);
		else
			log_write(LOG_NOTE, "snapshot %s: %lld bytes",
			    made.stream, (long long)made.bytes);
		snapshot_release(&made);
	}
}

static enum status
look(struct snapshot_keeper *k, struct err *err)
{
	struct snapshot_need *needs = NULL;
	size_t count = 0;
	struct db *db = NULL;
	int64_t version = 0;
	bool moved, due = false;
	enum status s = db_data_version(&version, k->db, err);

	if (s)
		return s;
	moved = version != k->version;
	if (!moved && k->busy_looks == 0)
		return E_OK;
	k->version = version;
	s = ledger_begin_read(&db, k->ledger, err);
	if (s)
		return s;
	s = snapshot_needs(&needs, &count, k->ledger, db, err);
	ledger_end_read(k->ledger);
	if (s)
		return s;
	for (size_t i = 0; i < count; i++)
		due = due || is_due(k, &needs[i]);
	k->busy_looks = due ? k->busy_looks + 1 : 0;
	if (due && (!moved || k->busy_looks > k->options.wait_looks)) {
		make_due(k, needs, count);
		k->busy_looks = 0;
	}
	free(needs);
	return E_OK;
}

static void *
keep(void *arg)
{
	struct snapshot_keeper *k = arg;

	/* On Linux this is the thread's own; elsewhere the process's, which
	 * may refuse: then it competes as the others do. */
#ifdef __linux__
	(void)setpriority(PRIO_PROCESS, 0, NICE_LEAST);
#endif
	while (sleep_until_look(k)) {
		struct err err = ERR_INIT;

		if (look(k, &err))
			log_write(LOG_WARN, "snapshots: %s", err.msg);
	}
	return NULL;
}

static void
release(struct snapshot_keeper *k)
{
	db_close(k->db);
	pthread_cond_destroy(&k->wake);
	pthread_mutex_destroy(&k->lock);
	free(k);
}

enum status
snapshot_keeper_start(struct snapshot_keeper **out, struct ledger *ledger,
    const struct snapshot_keeper_options *options, struct err *err)
{
	struct snapshot_keeper *k = mem_alloc(1, sizeof *k);
	char *path = io_join(ledger_dir(ledger), "ledger.db");
	enum status s;

	k->ledger = ledger;
	k->options = *options;
	k->version = -1;
	pthread_mutex_init(&k->lock, NULL);
	cond_init(&k->wake);
	s = db_open(&k->db, path, DB_READ, err);
	free(path);
	if (!s && pthread_create(&k->thread, NULL, keep, k))
		s = err_set(err, E_IO,
		    tr("The system gives no more threads."));
	if (s)
		release(k);
	else
		*out = k;
	return s;
}

void
snapshot_keeper_stop(struct snapshot_keeper *k)
{
	if (!k)
		return;
	pthread_mutex_lock(&k->lock);
	k->stopping = true;
	pthread_cond_signal(&k->wake);
	pthread_mutex_unlock(&k->lock);
	pthread_join(k->thread, NULL);
	release(k);
}
