/*
 * The table of wrong passwords.
 */
#include "server/tries.h"

#include "base/clock.h"
#include "db/db.h"
#include "db/db_uuid.h"

#define DAY_MS (24 * 3600 * 1000LL)
#define ANY_LOGIN "*"		/* all of a device's failures together */

struct tries {
	int64_t failures, until_at, last_at;
};

static enum status
read_tries(struct tries *out, struct db *db, const char *login,
    const struct uuid *device, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT failures, until_at, last_at"
	    " FROM attempt WHERE login = ? AND device = ?", err);

	if (s)
		return s;
	db_bind_text(st, 1, login);
	db_bind_uuid(st, 2, device);
	s = db_step(st, &row, err);
	if (!s && row) {
		out->failures = db_int(st, 0);
		out->until_at = db_int(st, 1);
		out->last_at = db_int(st, 2);
	}
	db_finish(st);
	return s;
}

static enum status
write_tries(struct db *db, const char *login, const struct uuid *device,
    const struct tries *t, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "INSERT OR REPLACE INTO"
	    " attempt(login, device, failures, until_at, last_at)"
	    " VALUES(?, ?, ?, ?, ?)", err);

	if (s)
		return s;
	db_bind_text(st, 1, login);
	db_bind_uuid(st, 2, device);
	db_bind_int(st, 3, t->failures);
	db_bind_int(st, 4, t->until_at);
	db_bind_int(st, 5, t->last_at);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

/* One more failure; from free_tries on each doubles the wait. */
static enum status
count_failure(struct db *db, const char *login, const struct uuid *device,
    int64_t free_tries, int64_t now, struct err *err)
{
	struct tries t = {0};
	int64_t wait_s = TRIES_LOCK_S;
	enum status s = read_tries(&t, db, login, device, err);

	if (s)
		return s;
	/* A quiet day makes good again. */
	t.failures = now - t.last_at > DAY_MS ? 1 : t.failures + 1;
	t.last_at = now;
	for (int64_t i = free_tries; i < t.failures &&
	    wait_s < TRIES_LOCK_MAX_S; i++)
		wait_s *= 2;
	if (wait_s > TRIES_LOCK_MAX_S)
		wait_s = TRIES_LOCK_MAX_S;
	if (t.failures >= free_tries)
		t.until_at = now + wait_s * 1000;
	return write_tries(db, login, device, &t, err);
}

enum status
tries_failed(struct db *db, const char *login, const struct uuid *device,
    struct err *err)
{
	int64_t now = clock_now_at();
	enum status s = count_failure(db, login, device, TRIES_FREE, now, err);

	return s ? s : count_failure(db, ANY_LOGIN, device, TRIES_DEVICE, now,
	    err);
}

enum status
tries_wait_s(int *out, struct db *db, const char *login,
    const struct uuid *device, struct err *err)
{
	struct tries mine = {0}, all = {0};
	int64_t now = clock_now_at(), until;
	enum status s = read_tries(&mine, db, login, device, err);

	if (!s)
		s = read_tries(&all, db, ANY_LOGIN, device, err);
	until = mine.until_at > all.until_at ? mine.until_at : all.until_at;
	if (!s)
		*out = until > now ? (int)((until - now + 999) / 1000) : 0;
	return s;
}

enum status
tries_forget(struct db *db, const char *login, const struct uuid *device,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db,
	    "DELETE FROM attempt WHERE login = ? AND device = ?", err);

	if (s)
		return s;
	db_bind_text(st, 1, login);
	db_bind_uuid(st, 2, device);
	s = db_run(st, err);
	db_finish(st);
	return s;
}
