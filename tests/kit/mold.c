/*
 * Molds.
 */
#include "kit/mold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/mem.h"
#include "db/db.h"
#include "db/migrate.h"
#include "kit/files.h"
#include "kit/township.h"
#include "store/migrations.h"

/* The folder, for all stories of this program; "" there is none. */
static char folder[64];
static pid_t maker;	/* its children leave it to this one */

static void
drop(void)
{
	if (getpid() == maker)
		files_remove(folder);
}

static void
make_cache(const char *home)
{
	char *path = io_join(home, "cache.db");
	struct db *db = NULL;
	struct err err = ERR_INIT;

	assert_int_equal(mkdir(home, 0700), 0);
	if (db_open(&db, path, DB_CREATE, &err) || db_migrate(db,
	    store_migrations, store_migration_count, STORE_APPLICATION, &err))
		fail_msg("%s", err.msg);
	db_close(db);
	free(path);
}

void
mold_make(void)
{
	char *cache, *ledger;

	township_folder(folder);
	maker = getpid();
	assert_int_equal(atexit(drop), 0);
	cache = io_join(folder, "cache");
	ledger = io_join(folder, "ledger");
	make_cache(cache);
	assert_int_equal(mkdir(ledger, 0700), 0);
	township_found(ledger);
	free(cache);
	free(ledger);
	clock_fix(0);
	clock_fix_mono(0);
}

static bool
copy(const char *which, const char *to)
{
	char *from;

	if (!folder[0])
		return false;
	from = io_join(folder, which);
	files_copy_folder(from, to);
	free(from);
	return true;
}

bool
mold_ledger(const char *dir)
{
	return copy("ledger", dir);
}

bool
mold_cache(const char *home)
{
	return copy("cache", home);
}
