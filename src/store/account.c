/*
 * Who is working: the data key, its wraps, and unlocking.
 *
 * 1. The data key never leaves memory unsealed.  One wrap for each account
 *    (under its password) and one under the key share that the server keeps.
 * 2. A wrong password is counted before it is tried, so that ending the
 *    program in between does not give the try back.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "store/audit.h"
#include "store/inside.h"
#include "store/keyring.h"
#include "store/keywrap.h"
#include "store/save.h"

/* An absent fact is "". */
static enum status
read_fact(char *out, size_t size, struct store *s, const char *name,
	struct err *err)
{
	struct buf text;
	struct err missing = ERR_INIT;
	enum status st;

	out[0] = '\0';
	buf_init(&text, BUF_LINE_MAX);
	st = store_meta_get(&text, s, name, &missing);
	if (!st && text.len >= size)
		st = store_damaged(err);
	else if (!st)
		memcpy(out, text.data, text.len + 1);
	else if (st == E_NOTFOUND)
		st = E_OK;
	else
		*err = missing;
	buf_release(&text);
	return st;
}

/* ---- unlocking ---- */

/* The definitions may be others than those the overviews were made with. */
static enum status
follow_schema(struct store *s, struct err *err)
{
	char held[sizeof s->schema->version + 1];
	enum status st = read_fact(held, sizeof held, s, "schema", err);

	if (st || strcmp(held, s->schema->version) == 0)
		return st;
	st = db_begin(s->db, err);
	if (st)
		return st;
	s->schema_told = true;	/* from here on ours */
	s->gen = 0;
	st = row_derive_all(s, err);
	if (!st)
		st = store_meta_set(s, "schema", s->schema->version, err);
	if (st)
		db_rollback(s->db);
	else
		st = db_commit(s->db, err);
	return st;
}

enum status
account_use_key(struct store *s, const struct crypto_key *data,
	const char *login, struct err *err)
{
	enum status st;

	s->keys.data = *data;
	crypto_derive(&s->keys.body, data, "body");
	crypto_derive(&s->keys.overview, data, "overview");
	crypto_derive(&s->keys.draft, data, "draft");
	crypto_derive(&s->keys.outbox, data, "outbox");
	crypto_derive(&s->keys.facts, data, "meta");
	crypto_derive(&s->keys.aside, data, "aside");
	crypto_derive(&s->keys.audit, data, "audit");
	crypto_derive(&s->keys.recall, data, "recall");
	s->unlocked = true;
	store_heed_clock(s);
	st = keywrap_get_user(&s->user, s, login, err);
	if (!st)
		st = follow_schema(s, err);
	if (!st)
		st = s->spares ? people_names_load(s, err) :
			overview_refresh(s, NULL, err);
	if (st)
		store_lock(s);
	return st;
}

void
store_lock(struct store *s)
{
	save_batch_rollback(s);
	overview_forget(s);
	people_names_forget(s);
	world_release(s);
	sent_release(&s->sent);
	crypto_wipe(&s->keys, sizeof s->keys);
	crypto_wipe(&s->user, sizeof s->user);
	s->unlocked = false;
}

const struct store_user *
store_user(const struct store *s)
{
	return s->unlocked ? &s->user : NULL;
}

/* Nobody works here without a trace of having come in. */
static enum status
note_signin(struct store *s, const char *how, struct err *err)
{
	enum status st = audit_put(s, &(struct audit_note){
		.what = AUDIT_SIGNIN, .note = how }, err);

	if (st)
		store_lock(s);
	return st;
}

static enum status
admit(struct store *s, const struct store_user *user, const char *password,
	const struct crypto_key *key_share, struct err *err)
{
	struct crypto_key data = {{0}};
	enum status st;

	store_lock(s);
	st = keywrap_open_share(&data, s, key_share, err);
	if (!st)
		st = keywrap_put_user(s, user, password, &data, err);
	if (!st)
		st = account_use_key(s, &data, user->login, err);
	crypto_wipe(&data, sizeof data);
	return st;
}

enum status
store_admit(struct store *s, const struct store_user *user,
	const char *password, const struct crypto_key *key_share,
	struct err *err)
{
	enum status st = admit(s, user, password, key_share, err);

	return st ? st : note_signin(s, "server", err);
}

enum status
store_admit_changed(struct store *s, const struct store_user *user,
	const char *after, const struct crypto_key *key_share,
	struct err *err)
{
	enum status st = admit(s, user, after, key_share, err);

	return st ? st : audit_put(s, &(struct audit_note){
		.what = AUDIT_PASSWORD }, err);
}

/* 0: the server set no limit. */
enum store_may
store_may(const struct store *s)
{
	int64_t over = clock_believed_at() - s->user.offline_until;

	if (!s->unlocked)
		return STORE_MAY_NOTHING;
	if (s->user.offline_until == 0 || over <= 0)
		return STORE_MAY_WORK;
	return over <= STORE_READ_DAYS * (int64_t)24 * 3600 * 1000 ?
		STORE_MAY_READ : STORE_MAY_NOTHING;
}

enum status
store_need_work(const struct store *s, struct err *err)
{
	enum status st = store_need_key(s, err);

	if (st || store_may(s) == STORE_MAY_WORK)
		return st;
	return err_set(err, E_AUTH, tr("This computer has been without the "
		"server for too long: until it is reached, records can be "
		"read and not changed."));
}

/* A clock put back does not give more days, and one that was ahead when the
 * server was heard does not take them. */
static enum status
check_until(struct store *s, struct err *err)
{
	int64_t heard = 0;
	enum status st = store_meta_int(&heard, s, "server_at", err);

	if (st)
		return st;
	store_heed_clock(s);
	if (store_may(s) != STORE_MAY_NOTHING)
		return E_OK;
	return err_set(err, E_AUTH, tr("This computer has been without the "
		"server for too long. Sign in while it can be reached."));
}

enum status
store_unlock(struct store *s, const char *login, const char *password,
	struct err *err)
{
	struct crypto_key data = {{0}};
	enum status st;

	store_lock(s);
	st = keywrap_open_user(&data, s, login, password, err);
	if (!st)
		st = account_use_key(s, &data, login, err);
	crypto_wipe(&data, sizeof data);
	if (!st)
		st = check_until(s, err);
	if (st)
		store_lock(s);
	return st ? st : note_signin(s, NULL, err);
}

enum store_password
store_password(const struct store *s, int today)
{
	int64_t on = s->unlocked ? s->user.password_on : 0;

	if (on == 0 || on > today + STORE_PASSWORD_WARN_DAYS)
		return STORE_PASSWORD_GOOD;
	if (on == 1)
		return STORE_PASSWORD_INITIAL;
	return today > on ? STORE_PASSWORD_DUE : STORE_PASSWORD_SOON;
}

enum status
store_password_told(struct store *s, int64_t password_on, struct err *err)
{
	struct store_user user;
	enum status st = store_need_key(s, err);

	if (st || s->user.password_on == password_on)
		return st;
	user = s->user;
	user.password_on = password_on;
	st = keywrap_put_facts(s, &user, err);
	if (!st)
		s->user = user;
	crypto_wipe(&user, sizeof user);
	return st;
}

/* Until the server is reached again the time is short. */
static enum status
shorten(struct store *s, struct err *err)
{
	int64_t until = clock_believed_at() +
		STORE_OLD_PASSWORD_DAYS * (int64_t)24 * 3600 * 1000;
	struct store_user user = s->user;
	enum status st = keywrap_set_old(s, user.login, err);

	if (!st && (user.offline_until == 0 || user.offline_until > until)) {
		user.offline_until = until;
		st = keywrap_put_facts(s, &user, err);
	}
	if (!st)
		s->user = user;
	crypto_wipe(&user, sizeof user);
	return st;
}

enum status
store_password_ended(bool *renewed, struct store *s, struct err *err)
{
	struct store_user now = {0};
	enum status st = store_need_key(s, err);

	if (!st)
		st = db_begin(s->db, err);
	if (st)
		return st;
	st = keywrap_get_user(&now, s, s->user.login, err);
	*renewed = !st && strcmp(now.token, s->user.token) != 0;
	if (*renewed)
		s->user = now;
	else if (!st && !store_password_is_old(s, s->user.login))
		st = shorten(s, err);
	crypto_wipe(&now, sizeof now);
	if (st)
		db_rollback(s->db);
	else
		st = db_commit(s->db, err);
	return st;
}

enum status
store_user_renew(struct store *s, const char *token, int64_t offline_until,
	struct err *err)
{
	struct store_user user;
	enum status st = store_need_key(s, err);

	if (st)
		return st;
	user = s->user;
	if (strlen(token) >= sizeof user.token)
		return err_set(err, E_INVALID,
			tr("The server's answer makes no sense."));
	memset(user.token, 0, sizeof user.token);
	memcpy(user.token, token, strlen(token));
	user.offline_until = offline_until;
	st = keywrap_put_facts(s, &user, err);
	if (!st)
		s->user = user;
	crypto_wipe(&user, sizeof user);
	return st;
}

enum status
store_user_become(struct store *s, const char *role, const char *office,
	struct err *err)
{
	struct store_user user;
	enum status st = store_need_key(s, err);

	if (st)
		return st;
	user = s->user;
	if (!*office)
		office = user.office;
	if (strcmp(role, user.role) == 0 && strcmp(office, user.office) == 0)
		return E_OK;
	if (strlen(role) >= sizeof user.role ||
	    strlen(office) >= sizeof user.office)
		return err_set(err, E_INVALID,
			tr("The server's answer makes no sense."));
	memmove(user.role, role, strlen(role) + 1);
	memmove(user.office, office, strlen(office) + 1);
	st = keywrap_put_facts(s, &user, err);
	if (!st) {
		s->user = user;
		overview_forget(s);	/* another role sees others */
	}
	if (!st && !s->spares)
		st = overview_refresh(s, NULL, err);
	crypto_wipe(&user, sizeof user);
	return st;
}

/* ---- between commands ---- */

static enum status
keyring_name(char out[64], struct store *s, struct err *err)
{
	char id[UUID_TEXT_MAX];
	enum status st = read_fact(id, sizeof id, s, "cache", err);

	if (!st)
		snprintf(out, 64, "fengqiao:%s", id);
	return st;
}

/* The data key, then the login. */
enum status
store_secret_export(struct buf *out, struct store *s, struct err *err)
{
	enum status st = store_need_key(s, err);

	if (st)
		return st;
	buf_add(out, &s->keys.data, sizeof s->keys.data);
	buf_text(out, s->user.login);
	return E_OK;
}

enum status
store_secret_import(struct store *s, const void *secret, size_t len,
	struct err *err)
{
	struct crypto_key data = {{0}};
	char login[sizeof s->user.login] = "";
	enum status st = E_OK;

	store_lock(s);
	if (len <= sizeof data || len - sizeof data >= sizeof login)
		return err_set(err, E_AUTH, tr("You are not signed in."));
	memcpy(&data, secret, sizeof data);
	memcpy(login, (const char *)secret + sizeof data, len - sizeof data);
	st = account_use_key(s, &data, login, err);
	if (!st)
		st = check_until(s, err);
	if (st)
		store_lock(s);
	crypto_wipe(&data, sizeof data);
	return st;
}

enum status
store_keyring_put(struct store *s, int timeout_s, struct err *err)
{
	char name[64];
	struct buf secret;
	enum status st = keyring_name(name, s, err);

	if (st)
		return st;
	buf_init(&secret, BUF_LINE_MAX);
	st = store_secret_export(&secret, s, err);
	if (!st)
		st = keyring_put(name, secret.data, secret.len, timeout_s,
			err);
	crypto_wipe(secret.data, secret.len);
	buf_release(&secret);
	return st;
}

enum status
store_keyring_unlock(struct store *s, struct err *err)
{
	char name[64];
	struct buf secret;
	enum status st = keyring_name(name, s, err);

	if (st)
		return st;
	store_lock(s);
	buf_init(&secret, BUF_LINE_MAX);
	st = keyring_get(&secret, name, err);
	if (!st)
		st = store_secret_import(s, secret.data, secret.len, err);
	crypto_wipe(secret.data, secret.len);
	buf_release(&secret);
	return st;
}

void
store_keyring_drop(struct store *s)
{
	char name[64];
	struct err err = ERR_INIT;

	if (keyring_name(name, s, &err) == E_OK)
		keyring_drop(name);
}
