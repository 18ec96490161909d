/*
 * Passwords and sessions.
 *
 * 1. The password is worked outside any transaction; before it, one short
 *    transaction looks whether a try is allowed, after it another one notes
 *    the outcome.
 * 2. Failures are counted in the ledger, so restarting the server does not
 *    give new tries.
 */
#include "server/signin.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/ledger_audit.h"

#define DAY_MS (24 * 3600 * 1000LL)
#define ANY_LOGIN "*"		/* all of a device's failures together */

struct signin {
	struct ledger *ledger;
	pthread_mutex_t lock;
	int at_work;
	char nobody[128];	/* a verifier that no password fits */
};

enum status
signin_new(struct signin **out, struct ledger *l, struct err *err)
{
	struct signin *g = mem_alloc(1, sizeof *g);
	char secret[TOKEN_TEXT_MAX];
	enum status s;

	token_make(secret);
	s = account_make_verifier(g->nobody, secret, err);
	crypto_wipe(secret, sizeof secret);
	if (s) {
		free(g);
		return s;
	}
	g->ledger = l;
	pthread_mutex_init(&g->lock, NULL);
	*out = g;
	return E_OK;
}

void
signin_free(struct signin *s)
{
	if (!s)
		return;
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static bool
enter(struct signin *g)
{
	bool in;

	pthread_mutex_lock(&g->lock);
	in = g->at_work < SIGNIN_AT_ONCE;
	if (in)
		g->at_work++;
	pthread_mutex_unlock(&g->lock);
	return in;
}

static void
leave(struct signin *g)
{
	pthread_mutex_lock(&g->lock);
	g->at_work--;
	pthread_mutex_unlock(&g->lock);
}

/* ---- failures ---- */

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
	int64_t wait_s = SIGNIN_LOCK_S;
	enum status s = read_tries(&t, db, login, device, err);

	if (s)
		return s;
	/* A quiet day makes good again. */
	t.failures = now - t.last_at > DAY_MS ? 1 : t.failures + 1;
	t.last_at = now;
	for (int64_t i = free_tries; i < t.failures &&
	    wait_s < SIGNIN_LOCK_MAX_S; i++)
		wait_s *= 2;
	if (wait_s > SIGNIN_LOCK_MAX_S)
		wait_s = SIGNIN_LOCK_MAX_S;
	if (t.failures >= free_tries)
		t.until_at = now + wait_s * 1000;
	return write_tries(db, login, device, &t, err);
}

static enum status
note_failure(struct db *db, const char *login, const struct uuid *device,
    struct err *err)
{
	int64_t now = clock_now_at();
	enum status s = count_failure(db, login, device, SIGNIN_FREE_TRIES,
	    now, err);

	return s ? s : count_failure(db, ANY_LOGIN, device,
	    SIGNIN_DEVICE_TRIES, now, err);
}

/* ---- before the password is worked ---- */

static enum status
look_up(struct account *out, bool *known, int *wait_s, struct signin *g,
    const struct device *device, const char *login, struct err *err)
{
	struct tries mine = {0}, all = {0};
	struct err none = ERR_INIT;
	struct db *db = NULL;
	int64_t now = clock_now_at(), until;
	enum status s = ledger_begin_read(&db, g->ledger, err);

	if (s)
		return s;
	s = read_tries(&mine, db, login, &device->id, err);
	if (!s)
		s = read_tries(&all, db, ANY_LOGIN, &device->id, err);
	if (!s) {
		s = account_get(out, db, login, &none);
		*known = !s;
		if (s == E_NOTFOUND)
			s = E_OK;
		else if (s)
			*err = none;
	}
	ledger_end_read(g->ledger);
	until = mine.until_at > all.until_at ? mine.until_at : all.until_at;
	*wait_s = until > now ? (int)((until - now + 999) / 1000) : 0;
	return s;
}

/* ---- after it ---- */

static enum status
forget_failures(struct db *db, const char *login, const struct uuid *device,
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

static enum status
forget_old_sessions(struct db *db, int64_t now, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db,
	    "DELETE FROM session WHERE expires_at < ?", err);

	if (s)
		return s;
	db_bind_int(st, 1, now);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

static enum status
write_presence(struct db *db, const char *login, const struct uuid *device,
    int64_t now, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "INSERT OR IGNORE INTO"
	    " presence(login, device, since_at) VALUES(?, ?, ?)", err);

	if (s)
		return s;
	db_bind_text(st, 1, login);
	db_bind_uuid(st, 2, device);
	db_bind_int(st, 3, now);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

static enum status
write_session(struct signin_token *out, struct db *db,
    const struct device *device, struct err *err)
{
	struct db_stmt *st = NULL;
	uint8_t hash[TOKEN_HASH];
	int64_t now = clock_now_at();
	enum status s = forget_old_sessions(db, now, err);

	if (!s)
		s = write_presence(db, out->account.login, &device->id, now,
		    err);
	if (!s)
		s = db_prepare(&st, db, "INSERT INTO session(token, login,"
		    " device, expires_at) VALUES(?, ?, ?, ?)", err);
	if (s)
		return s;
	token_make(out->token);
	out->until_at = now + SIGNIN_DAYS * DAY_MS;
	token_hash(hash, out->token);
	db_bind_blob(st, 1, hash, sizeof hash);
	db_bind_text(st, 2, out->account.login);
	db_bind_uuid(st, 3, &device->id);
	db_bind_int(st, 4, out->until_at);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

/* A name that nobody has may be a password typed in the wrong place. */
static enum status
trace(struct db *db, const struct device *device, const char *login,
    enum audit_what what, const char *note, struct err *err)
{
	return ledger_audit_put(db, &(struct ledger_audit_note){
		.what = what, .by = login, .device = &device->id,
		.note = note }, err);
}

static enum status
note_outcome(struct signin_token *out, struct signin *g,
    const struct device *device, const char *login, bool right, bool known,
    struct err *err)
{
	struct db *db = NULL;
	enum status s = ledger_begin(&db, g->ledger, err);

	if (s)
		return s;
	if (!right) {
		s = note_failure(db, login, &device->id, err);
	} else {
		s = forget_failures(db, login, &device->id, err);
		if (!s)
			s = write_session(out, db, device, err);
	}
	if (!s)
		s = trace(db, device, known ? login : "", right ?
		    AUDIT_SIGNIN : AUDIT_SIGNIN_BAD, NULL, err);
	return ledger_end(g->ledger, s, err);
}

/* The right password of somebody who may not come in here. */
static enum status
note_refused(struct signin *g, const struct device *device,
    const char *login, enum answer answer, struct err *err)
{
	struct db *db = NULL;
	enum status s = ledger_begin(&db, g->ledger, err);

	if (s)
		return s;
	s = trace(db, device, login, AUDIT_REFUSED, answer_word(answer), err);
	return ledger_end(g->ledger, s, err);
}

/* The right password: may this person work here? */
static enum answer
standing(const struct account *a, const struct device *device)
{
	if (a->disabled)
		return ANSWER_USER_DISABLED;
	if (!a->county && strcmp(a->office, device->office.code) != 0)
		return ANSWER_OFFICE_DENIED;
	return ANSWER_OK;
}

enum status
signin_password(struct signin_token *out, enum answer *answer,
    struct signin *g, const struct device *device, const char *login,
    const char *password, struct err *err)
{
	struct signin_token t = {0};
	struct err wrong = ERR_INIT;
	bool known = false;
	enum status s, right;

	if (!enter(g)) {
		*answer = ANSWER_BUSY;
		return E_OK;
	}
	s = look_up(&t.account, &known, &t.wait_s, g, device, login, err);
	if (s || t.wait_s > 0) {
		leave(g);
		out->wait_s = t.wait_s;
		*answer = ANSWER_LOCKED;
		return s;
	}
	right = crypto_password_verify(known ? t.account.verifier : g->nobody,
	    password, &wrong);
	leave(g);
	if (right && right != E_AUTH) {
		*err = wrong;
		return right;
	}
	if (right || !known)
		*answer = ANSWER_WRONG_PASSWORD;
	else
		*answer = standing(&t.account, device);
	if (*answer && *answer != ANSWER_WRONG_PASSWORD)
		return note_refused(g, device, login, *answer, err);
	s = note_outcome(&t, g, device, login, *answer == ANSWER_OK, known,
	    err);
	if (!s && *answer == ANSWER_OK)
		*out = t;
	return s;
}

/* ---- sessions ---- */

enum status
signin_find(struct account *out, int64_t *until_at, enum answer *answer,
    struct db *db, const struct device *device, const char *token,
    struct err *err)
{
	struct db_stmt *st = NULL;
	char login[RECORD_NAME_MAX] = "";
	uint8_t hash[TOKEN_HASH];
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT login, expires_at FROM"
	    " session WHERE token = ? AND device = ? AND expires_at > ?", err);

	if (s)
		return s;
	token_hash(hash, token);
	db_bind_blob(st, 1, hash, sizeof hash);
	db_bind_uuid(st, 2, &device->id);
	db_bind_int(st, 3, clock_now_at());
	s = db_step(st, &row, err);
	if (!s && row) {
		memcpy(login, db_text(st, 0, NULL),
		    strnlen(db_text(st, 0, NULL), sizeof login - 1));
		*until_at = db_int(st, 1);
	}
	db_finish(st);
	if (!s && !row) {
		*answer = ANSWER_LOGIN_REQUIRED;
		return E_OK;
	}
	if (!s)
		s = account_get(out, db, login, err);
	if (!s)
		*answer = standing(out, device);
	return s;
}

enum status
signin_any(bool *out, struct db *db, const struct device *device,
    bool (*is)(const void *self, const char *role), const void *self,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false, any = false;
	enum status s = db_prepare(&st, db, "SELECT DISTINCT a.role FROM"
	    " session s JOIN account a ON a.login = s.login JOIN office o"
	    " ON o.code = a.office WHERE s.device = ?1 AND s.expires_at > ?2"
	    " AND a.disabled = 0 AND (o.county <> 0 OR a.office = ?3)", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &device->id);
	db_bind_int(st, 2, clock_now_at());
	db_bind_text(st, 3, device->office.code);
	while (!any) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		any = is(self, db_text(st, 0, NULL));
	}
	db_finish(st);
	if (!s)
		*out = any;
	return s;
}

enum status
signin_extend(struct db *db, const char *token, int64_t now_at,
    struct err *err)
{
	struct db_stmt *st = NULL;
	uint8_t hash[TOKEN_HASH];
	enum status s = db_prepare(&st, db,
	    "UPDATE session SET expires_at = ? WHERE token = ?", err);

	if (s)
		return s;
	token_hash(hash, token);
	db_bind_int(st, 1, now_at + SIGNIN_DAYS * DAY_MS);
	db_bind_blob(st, 2, hash, sizeof hash);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

enum status
signin_verifier(char out[128], enum answer *answer, struct signin *g,
    const char *password, struct err *err)
{
	enum status s;

	if (!enter(g)) {
		*answer = ANSWER_BUSY;
		return E_OK;
	}
	s = account_make_verifier(out, password, err);
	leave(g);
	return s;
}
