/*
 * Passwords and sessions.
 *
 * 1. The password is worked outside any transaction; before it, one short
 *    transaction looks whether a try is allowed, after it another one notes
 *    the outcome.
 * 2. A change works the old password, those before it and the new one while it
 *    has one of the places, so that many of them cost no more memory.
 */
#include "server/signin.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "db/db.h"
#include "core/password.h"
#include "db/db_uuid.h"
#include "server/account_password.h"
#include "server/ledger_audit.h"
#include "server/tries.h"

#define DAY_MS (24 * 3600 * 1000LL)

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

/* ---- before the password is worked ---- */

/* What a try needs to know; had: NULL, not wanted. */
static enum status
look_up(struct account *out, struct account_passwords *had, bool *known,
    int *wait_s, struct signin *g, const struct device *device,
    const char *login, struct err *err)
{
	struct err none = ERR_INIT;
	struct db *db = NULL;
	enum status s = ledger_begin_read(&db, g->ledger, err);

	if (s)
		return s;
	s = tries_wait_s(wait_s, db, login, &device->id, err);
	if (!s) {
		s = account_get(out, db, login, &none);
		*known = !s;
		if (s == E_NOTFOUND)
			s = E_OK;
		else if (s)
			*err = none;
	}
	if (!s && had)
		s = account_passwords_get(had, db, login, err);
	ledger_end_read(g->ledger);
	return s;
}

/* ---- after it ---- */

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
		s = tries_failed(db, login, &device->id, err);
	} else {
		s = tries_forget(db, login, &device->id, err);
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
	if (!office_reaches(a->office, a->county, device->office.code))
		return ANSWER_OFFICE_DENIED;
	return ANSWER_OK;
}

/* Work one password; *right.  Errors: E_IO. */
static enum status
verify(bool *right, const char *verifier, const char *password,
    struct err *err)
{
	struct err wrong = ERR_INIT;
	enum status s = crypto_password_verify(verifier, password, &wrong);

	if (s && s != E_AUTH) {
		*err = wrong;
		return s;
	}
	*right = !s;
	return E_OK;
}

/* Is this a right password of somebody who may come in?  had: as of look_up().
 * A place is held already. */
static enum status
try(struct signin_token *t, bool *known, enum answer *answer,
    struct account_passwords *had, struct signin *g,
    const struct device *device, const char *login, const char *password,
    struct err *err)
{
	bool right = false;
	enum status s = look_up(&t->account, had, known, &t->wait_s, g, device,
	    login, err);

	if (s || t->wait_s > 0) {
		*answer = ANSWER_LOCKED;
		return s;
	}
	s = verify(&right, *known ? t->account.verifier : g->nobody, password,
	    err);
	*answer = right && *known ? standing(&t->account, device) :
	    ANSWER_WRONG_PASSWORD;
	return s;
}

/* What a try has come to, but for one that was right. */
static enum status
note_try(struct signin_token *t, struct signin *g,
    const struct device *device, const char *login, bool known,
    enum answer answer, struct err *err)
{
	if (answer == ANSWER_LOCKED)
		return E_OK;
	return answer == ANSWER_WRONG_PASSWORD ? note_outcome(t, g, device,
	    login, false, known, err) : note_refused(g, device, login, answer,
	    err);
}

enum status
signin_password(struct signin_token *out, enum answer *answer,
    struct signin *g, const struct device *device, const char *login,
    const char *password, struct err *err)
{
	struct signin_token t = {0};
	bool known = false;
	enum status s;

	if (!enter(g)) {
		*answer = ANSWER_BUSY;
		return E_OK;
	}
	s = try(&t, &known, answer, NULL, g, device, login, password, err);
	leave(g);
	if (s)
		return s;
	s = *answer ? note_try(&t, g, device, login, known, *answer, err) :
	    note_outcome(&t, g, device, login, true, known, err);
	if (!s && (!*answer || *answer == ANSWER_LOCKED))
		*out = t;
	return s;
}

/* ---- another password ---- */

/* None of the last ones; its verifier. */
static enum status
make_new(char verifier[128], enum answer *answer,
    const struct account_passwords *had, const char *before,
    const char *after, struct err *err)
{
	bool same = strcmp(before, after) == 0;
	enum status s = E_OK;

	for (size_t i = 0; !s && !same && i < had->count; i++)
		s = verify(&same, had->verifiers[i], after, err);
	if (!s && same)
		*answer = ANSWER_PASSWORD_USED;
	return s || same ? s : account_make_verifier(verifier, after, err);
}

static enum status
note_changed(struct signin_token *t, enum answer *answer, struct signin *g,
    const struct device *device, const char *verifier, struct err *err)
{
	const char *login = t->account.login;
	struct err none = ERR_INIT;
	struct db *db = NULL;
	enum status s = ledger_begin(&db, g->ledger, err);

	if (s)
		return s;
	s = account_password_change(db, login, t->account.verifier, verifier,
	    &none);
	if (s == E_NOTFOUND) {		/* somebody was quicker */
		*answer = ANSWER_WRONG_PASSWORD;
		return ledger_end(g->ledger, E_OK, err);
	}
	if (s)
		*err = none;
	if (!s)
		s = tries_forget(db, login, &device->id, err);
	if (!s)
		s = account_get(&t->account, db, login, err);
	if (!s)
		s = write_session(t, db, device, err);
	if (!s)
		s = trace(db, device, login, AUDIT_PASSWORD, NULL, err);
	return ledger_end(g->ledger, s, err);
}

enum status
signin_change(struct signin_token *out, enum answer *answer,
    char why[ERR_MSG_MAX], struct signin *g, const struct device *device,
    const char *login, const char *before, const char *after,
    struct err *err)
{
	struct signin_token t = {0};
	struct account_passwords had = {0};
	struct err weak = ERR_INIT;
	char verifier[128] = "";
	bool known = false;
	enum status s;

	if (password_check(after, login, &weak)) {
		memcpy(why, weak.msg, sizeof weak.msg);
		*answer = ANSWER_PASSWORD_WEAK;
		return E_OK;
	}
	if (!enter(g)) {
		*answer = ANSWER_BUSY;
		return E_OK;
	}
	s = try(&t, &known, answer, &had, g, device, login, before, err);
	if (!s && !*answer)
		s = make_new(verifier, answer, &had, before, after, err);
	leave(g);
	if (!s && *answer)
		s = note_try(&t, g, device, login, known, *answer, err);
	else if (!s)
		s = note_changed(&t, answer, g, device, verifier, err);
	if (!s && (!*answer || *answer == ANSWER_LOCKED))
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
	bool row = false, ended = false;
	enum status s = db_prepare(&st, db, "SELECT login, expires_at,"
	    " ended FROM session WHERE token = ? AND device = ?"
	    " AND expires_at > ?", err);

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
		ended = db_int(st, 2) != 0;
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
	if (!s && !*answer && ended)
		*answer = ANSWER_PASSWORD_CHANGED;
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
	    " AND s.ended = 0 AND a.disabled = 0"
	    " AND " OFFICE_REACHES_SQL("o", "?3"), err);

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
