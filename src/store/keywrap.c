/*
 * Wraps of the data key.  The row of the key share has the login "@county",
 * which no account can have.
 */
#include "store/keywrap.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "store/audit.h"
#include "store/inside.h"

#define SHARE_LOGIN "@county"

enum { DELAY_MAX_S = 60 };

struct wrap {
	uint8_t salt[CRYPTO_SALT];
	struct crypto_cost cost;
	char sealed[CRYPTO_KEY + CRYPTO_SEAL_OVERHEAD];
};

static struct seal
place_of(const char *column, const char *login, struct crypto_cost cost)
{
	return (struct seal){ "wrap", column, uuid_named("wrap", login),
		cost.passes, cost.mem_kib };
}

/* ---- rows ---- */

static enum status
write_wrap(struct store *s, const char *login, const struct wrap *w,
	struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "INSERT INTO"
		" wrap(login, salt, passes, mem_kib, sealed)"
		" VALUES(?, ?, ?, ?, ?) ON CONFLICT(login) DO UPDATE SET"
		" salt = excluded.salt, passes = excluded.passes,"
		" mem_kib = excluded.mem_kib, sealed = excluded.sealed,"
		" failures = 0, retry_at = 0, old = 0", err);

	if (st)
		return st;
	db_bind_text(q, 1, login);
	db_bind_blob(q, 2, w->salt, sizeof w->salt);
	db_bind_int(q, 3, w->cost.passes);
	db_bind_int(q, 4, w->cost.mem_kib);
	db_bind_blob(q, 5, w->sealed, sizeof w->sealed);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

/* E_NOTFOUND without a sentence of its own: the caller knows whose it is. */
static enum status
read_wrap(struct wrap *out, struct store *s, const char *login,
	struct err *err)
{
	struct db_stmt *q = NULL;
	const void *salt, *sealed;
	size_t salt_len, sealed_len;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT salt, passes, mem_kib,"
		" sealed FROM wrap WHERE login = ?", err);

	if (st)
		return st;
	db_bind_text(q, 1, login);
	st = db_step(q, &row, err);
	if (!st && !row)
		st = err_set(err, E_NOTFOUND, tr("There is no such account "
			"on this computer. The first time, sign in while the "
			"server can be reached."));
	if (st)
		goto out;
	salt = db_blob(q, 0, &salt_len);
	sealed = db_blob(q, 3, &sealed_len);
	if (salt_len != sizeof out->salt || sealed_len != sizeof out->sealed) {
		st = store_damaged(err);
		goto out;
	}
	memcpy(out->salt, salt, salt_len);
	memcpy(out->sealed, sealed, sealed_len);
	out->cost.passes = (uint32_t)db_int(q, 1);
	out->cost.mem_kib = (uint32_t)db_int(q, 2);
out:
	db_finish(q);
	return st;
}

static void
seal_key(struct wrap *w, const char *login, const struct crypto_key *key,
	const struct crypto_key *data)
{
	struct seal where = place_of("key", login, w->cost);
	struct buf out;

	buf_init(&out, sizeof w->sealed);
	seal_put(&out, key, &where, data->b, sizeof data->b);
	memcpy(w->sealed, out.data, sizeof w->sealed);
	buf_release(&out);
}

static enum status
open_key(struct crypto_key *data, const struct wrap *w, const char *login,
	const struct crypto_key *key, struct err *err)
{
	struct seal where = place_of("key", login, w->cost);
	struct buf out;
	enum status st;

	buf_init(&out, sizeof w->sealed);
	st = seal_open(&out, key, &where, w->sealed, sizeof w->sealed, err);
	if (!st)
		memcpy(data->b, out.data, sizeof data->b);
	crypto_wipe(out.data, out.len);
	buf_release(&out);
	return st;
}

/* ---- the county's ---- */

enum status
keywrap_put_share(struct store *s, const struct crypto_key *share,
	const struct crypto_key *data, struct err *err)
{
	struct wrap w = {0};

	crypto_random(w.salt, sizeof w.salt);
	seal_key(&w, SHARE_LOGIN, share, data);
	return write_wrap(s, SHARE_LOGIN, &w, err);
}

enum status
keywrap_open_share(struct crypto_key *data, struct store *s,
	const struct crypto_key *share, struct err *err)
{
	struct wrap w = {0};
	enum status st = read_wrap(&w, s, SHARE_LOGIN, err);

	if (st == E_NOTFOUND)
		return err_set(err, E_NOTFOUND, tr("This computer is not "
			"registered with a server yet."));
	if (st)
		return st;
	st = open_key(data, &w, SHARE_LOGIN, share, err);
	if (st)
		return err_set(err, E_AUTH, tr("The server's key does not fit "
			"the data on this computer."));
	return E_OK;
}

/* ---- accounts ---- */

enum status
keywrap_put_facts(struct store *s, const struct store_user *user,
	struct err *err)
{
	struct crypto_cost none = {0};
	struct seal where = place_of("facts", user->login, none);
	const char *texts[] = { user->name, user->role, user->office,
		user->token };
	struct buf text, sealed;
	struct db_stmt *q = NULL;
	enum status st;

	buf_init(&text, BUF_LINE_MAX);
	buf_init(&sealed, BUF_LINE_MAX);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		buf_add(&text, texts[i], strlen(texts[i]) + 1);
	buf_printf(&text, "%" PRId64 " %" PRId64, user->offline_until,
		user->password_on);
	seal_put(&sealed, &s->keys.facts, &where, text.data, text.len);
	st = db_prepare(&q, s->db, "UPDATE wrap SET facts = ? WHERE login = ?",
		err);
	if (!st) {
		db_bind_blob(q, 1, sealed.data, sealed.len);
		db_bind_text(q, 2, user->login);
		st = db_run(q, err);
	}
	db_finish(q);
	crypto_wipe(text.data, text.len);
	buf_release(&text);
	buf_release(&sealed);
	return st;
}

static bool
take_text(char *out, size_t size, const char **at, const char *end)
{
	size_t len = strlen(*at);

	if (*at >= end || len >= size)
		return false;
	memcpy(out, *at, len + 1);
	*at += len + 1;
	return true;
}

static bool
parse_facts(struct store_user *u, const struct buf *text)
{
	const char *at = text->data, *end = at + text->len;
	char *rest = NULL;

	if (!take_text(u->name, sizeof u->name, &at, end) ||
	    !take_text(u->role, sizeof u->role, &at, end) ||
	    !take_text(u->office, sizeof u->office, &at, end) ||
	    !take_text(u->token, sizeof u->token, &at, end) || at >= end)
		return false;
	u->offline_until = strtoll(at, &rest, 10);
	u->password_on = strtoll(rest, NULL, 10);	/* 0 of older programs */
	return true;
}

enum status
keywrap_get_user(struct store_user *out, struct store *s, const char *login,
	struct err *err)
{
	struct crypto_cost none = {0};
	struct seal where = place_of("facts", login, none);
	struct store_user u = {0};
	struct db_stmt *q = NULL;
	struct buf text;
	const void *sealed;
	size_t len;
	bool row = false;
	enum status st = db_prepare(&q, s->db,
		"SELECT facts FROM wrap WHERE login = ?", err);

	if (st)
		return st;
	buf_init(&text, BUF_LINE_MAX);
	db_bind_text(q, 1, login);
	st = db_step(q, &row, err);
	if (!st && !row)
		st = err_set(err, E_NOTFOUND,
			tr("There is no such account on this computer."));
	if (!st) {
		sealed = db_blob(q, 0, &len);
		st = seal_open(&text, &s->keys.facts, &where, sealed, len, err);
	}
	if (!st && (strlen(login) >= sizeof u.login || !parse_facts(&u, &text)))
		st = store_damaged(err);
	if (!st) {
		snprintf(u.login, sizeof u.login, "%s", login);
		*out = u;
	}
	db_finish(q);
	crypto_wipe(&u, sizeof u);
	crypto_wipe(text.data, text.len);
	buf_release(&text);
	return st;
}

/* Wrap and facts in one transaction; the facts' key derives from data. */
static enum status
write_user(struct store *s, const struct store_user *user,
	const struct wrap *w, const struct crypto_key *data, struct err *err)
{
	enum status st = db_begin(s->db, err);

	if (st)
		return st;
	crypto_derive(&s->keys.facts, data, "meta");
	st = write_wrap(s, user->login, w, err);
	if (!st)
		st = keywrap_put_facts(s, user, err);
	if (st)
		db_rollback(s->db);
	else
		st = db_commit(s->db, err);
	return st;
}

enum status
keywrap_put_user(struct store *s, const struct store_user *user,
	const char *password, const struct crypto_key *data, struct err *err)
{
	struct wrap w = { .cost = CRYPTO_COST_DEFAULT };
	struct crypto_key key = {{0}};
	enum status st;

	crypto_random(w.salt, sizeof w.salt);
	st = crypto_password_key(&key, password, w.salt, w.cost, err);
	if (st)
		return st;
	seal_key(&w, user->login, &key, data);
	crypto_wipe(&key, sizeof key);
	return write_user(s, user, &w, data, err);
}

enum status
keywrap_set_old(struct store *s, const char *login, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db,
		"UPDATE wrap SET old = 1 WHERE login = ?", err);

	if (st)
		return st;
	db_bind_text(q, 1, login);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

bool
store_password_is_old(struct store *s, const char *login)
{
	struct db_stmt *q = NULL;
	struct err unread = ERR_INIT;
	bool row = false;

	if (db_prepare(&q, s->db,
	    "SELECT 1 FROM wrap WHERE login = ? AND old <> 0", &unread))
		return false;
	db_bind_text(q, 1, login);
	if (db_step(q, &row, &unread))
		row = false;
	db_finish(q);
	return row;
}

/* ---- wrong passwords ---- */

static int64_t
delay_ms(int64_t failures)
{
	int64_t s = failures < 1 ? 0 : failures > 6 ? DELAY_MAX_S :
		(int64_t)1 << (failures - 1);

	return (s < DELAY_MAX_S ? s : DELAY_MAX_S) * 1000;
}

static enum status
set_failures(struct store *s, const char *login, int64_t failures,
	int64_t retry_at, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "UPDATE wrap SET failures = ?,"
		" retry_at = ? WHERE login = ?", err);

	if (st)
		return st;
	db_bind_int(q, 1, failures);
	db_bind_int(q, 2, retry_at);
	db_bind_text(q, 3, login);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

static enum status
get_failures(int64_t *failures, int64_t *retry_at, struct store *s,
	const char *login, struct err *err)
{
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db,
		"SELECT failures, retry_at FROM wrap WHERE login = ?", err);

	if (st)
		return st;
	db_bind_text(q, 1, login);
	st = db_step(q, &row, err);
	if (!st && row) {
		*failures = db_int(q, 0);
		*retry_at = db_int(q, 1);
	}
	db_finish(q);
	return st;
}

/* Refuse a try that comes too soon; else count it as failed beforehand. */
static enum status
count_try(struct store *s, const char *login, struct err *err)
{
	int64_t failures = 0, retry_at = 0, now = clock_now_at(), wait;
	enum status st = db_begin(s->db, err);

	if (st)
		return st;
	st = get_failures(&failures, &retry_at, s, login, err);
	wait = retry_at - now;
	/* A clock that was put back must not lock the door for a year. */
	if (wait > delay_ms(failures))
		wait = delay_ms(failures);
	if (!st && wait > 0)
		st = err_set(err, E_AUTH, tr("The last sign-in was wrong or "
			"broke off: try again in %d seconds."),
			(int)((wait + 999) / 1000));
	/* Two sessions may sign in at once: the first try sets no delay
	 * before it is known to be wrong. */
	if (!st)
		st = set_failures(s, login, failures + 1, failures > 0 ?
			now + delay_ms(failures + 1) : 0, err);
	if (st)
		db_rollback(s->db);
	else
		st = db_commit(s->db, err);
	return st;
}

/* It was wrong: the delay counts from now. */
static enum status
say_wrong(struct store *s, const char *login, struct err *err)
{
	int64_t failures = 0, retry_at = 0;
	struct err unwritten = ERR_INIT;
	enum status st = get_failures(&failures, &retry_at, s, login, err);

	if (!st)
		st = set_failures(s, login, failures,
			clock_now_at() + delay_ms(failures), err);
	/* it is refused whether or not that can be written */
	if (audit_put_bad(s, login, &unwritten))
		unwritten = (struct err)ERR_INIT;
	return st ? st : err_set(err, E_AUTH, tr("The password is wrong."));
}

enum status
keywrap_open_user(struct crypto_key *data, struct store *s, const char *login,
	const char *password, struct err *err)
{
	struct wrap w = {0};
	struct crypto_key key = {{0}}, opened = {{0}};
	enum status st = read_wrap(&w, s, login, err);

	if (!st && login[0] == '@')
		st = err_set(err, E_NOTFOUND,
			tr("There is no such account on this computer."));
	if (!st)
		st = count_try(s, login, err);
	if (!st)
		st = crypto_password_key(&key, password, w.salt, w.cost, err);
	if (st)
		return st;
	st = open_key(&opened, &w, login, &key, err);
	if (st)
		st = say_wrong(s, login, err);
	else
		st = set_failures(s, login, 0, 0, err);
	if (!st)
		*data = opened;
	crypto_wipe(&key, sizeof key);
	crypto_wipe(&opened, sizeof opened);
	return st;
}
