/*
 * Accounts over the line.  What is done is done by server/account, as by the
 * commands of fengqiaod.
 */
#include "server/api_people.h"

#include <stdio.h>
#include <string.h>

#include "base/tr.h"
#include "core/password.h"
#include "db/db.h"
#include "server/grant.h"
#include "server/manage.h"
#include "server/signin.h"

#define DAY_MS (24 * 3600 * 1000LL)

enum {
	FIRST_CODE = 12,		/* signs of a first password */
	FIRST_GROUP = 4,		/* with a hyphen between so many */
	FIRST_MAX = FIRST_CODE + FIRST_CODE / FIRST_GROUP,
};

/* ---- the list ---- */

static void
put_roles(struct manage *m)
{
	struct json *roles = json_array();

	for (size_t i = 0; role_names[i]; i++)
		if (manage_gives(m, role_names[i]))
			json_push(roles, json_string(role_names[i]));
	json_put(m->out, "roles", roles);
}

/* A token is extended once a day, a first sign-in noted at once. */
static int64_t
seen_at(int64_t expires_at, int64_t since_at)
{
	int64_t used_at = expires_at ? expires_at - SIGNIN_DAYS * DAY_MS : 0;

	return used_at > since_at ? used_at : since_at;
}

static struct json *
person_json(const struct manage *m, struct db_stmt *st)
{
	const char *login = db_text(st, 0, NULL), *role = db_text(st, 4, NULL);
	struct json *j = json_object();

	json_put_text(j, "user", login);
	json_put_text(j, "name", db_text(st, 1, NULL));
	json_put_text(j, "office", db_text(st, 2, NULL));
	json_put_text(j, "office_name", db_text(st, 3, NULL));
	json_put_text(j, "role", role);
	json_put_bool(j, "disabled", db_int(st, 5) != 0);
	json_put_bool(j, "initial", db_int(st, 8) != 0);
	json_put_int(j, "seen_at", seen_at(db_int(st, 6), db_int(st, 7)));
	json_put_bool(j, "may", strcmp(login, m->v->account.login) != 0 &&
	    manage_tends(m, role));
	return j;
}

/* What a second one is asked to agree to: nothing of it holds yet. */
static enum status
put_waiting(struct json *j, const struct manage *m, struct err *err)
{
	struct grant g = {0};
	bool found = false;
	enum status s = grant_of(&g, &found, m->db, json_get_text(j, "user"),
	    err);

	if (s || !found)
		return s;
	json_put_int(j, "waits", g.id);
	json_put_text(j, "waits_role", g.role);
	json_put_text(j, "waits_office", g.office);
	json_put_bool(j, "waits_opens", g.opens);
	json_put_text(j, "asked_by", g.asked_by);
	json_put_bool(j, "may_agree", grant_may(&g, &m->v->account));
	return E_OK;
}

static enum status
put_people(struct manage *m, struct err *err)
{
	struct json *all = json_array();
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, m->db, "SELECT a.login, a.name,"
	    " a.office, o.name, a.role, a.disabled,"
	    " coalesce((SELECT max(s.expires_at) FROM session s"
	    " WHERE s.login = a.login), 0),"
	    " coalesce((SELECT max(p.since_at) FROM presence p"
	    " WHERE p.login = a.login), 0), a.initial FROM account a"
	    " JOIN office o ON o.code = a.office"
	    " ORDER BY a.office, a.login", err);

	while (!s) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		if (manage_reaches(m, db_text(st, 2, NULL))) {
			struct json *one = person_json(m, st);

			json_push(all, one);
			s = put_waiting(one, m, err);
		}
	}
	db_finish(st);
	json_put(m->out, "people", all);
	return s;
}

static enum status
list(struct manage *m, struct err *err)
{
	enum status s = put_people(m, err);

	put_roles(m);
	return s ? s : manage_put_offices(m, err);
}

enum status
api_people(struct visit *v, struct err *err)
{
	return manage_look(v, list, err);
}

/* ---- first passwords ---- */

struct first {
	char password[FIRST_MAX + 1];
	char verifier[128];
};

/* "K7QM-2XWD-9RTB": sixty bits, and good by the rule. */
static void
make_first(char out[FIRST_MAX + 1], const char *login)
{
	char code[FIRST_CODE + 1];
	struct err bad = ERR_INIT;

	do {
		size_t n = 0;

		crypto_code(code, FIRST_CODE);
		for (size_t i = 0; i < FIRST_CODE; i++) {
			if (i > 0 && i % FIRST_GROUP == 0)
				out[n++] = '-';
			out[n++] = code[i];
		}
		out[n] = '\0';
	} while (password_check(out, login, &bad));
	crypto_wipe(code, sizeof code);
}

static enum status
work_first(struct manage *m, struct err *err)
{
	struct first *f = m->self;
	char login[RECORD_NAME_MAX];

	if (!manage_text(login, sizeof login, m, "user", true))
		return E_OK;
	make_first(f->password, login);
	return signin_verifier(f->verifier, &m->v->answer, m->v->signin,
	    f->password, err);
}

static enum status
act_with_first(struct visit *v, manage_work *work, struct err *err)
{
	struct first f = {0};
	enum status s = manage_act(v, work_first, work, &f, err);

	crypto_wipe(&f, sizeof f);
	return s;
}

/* ---- acts ---- */

/* Where and as what; "" stays as it is. */
static enum status
check_grant(struct manage *m, const char *role, const char *office,
    struct err *err)
{
	struct office there;

	if (role[0] && role_is(role) &&
	    !manage_gives(m, role))
		m->v->answer = ANSWER_NOT_TO_GRANT;
	return m->v->answer || !office[0] ? E_OK :
	    manage_office(&there, m, office, err);
}

static void
print_words(struct manage *m, const char *act, const struct account *a)
{
	int n = snprintf(m->words, sizeof m->words, "user %s %s", act,
	    a->login);

	if (a->role[0] && n > 0 && n < (int)sizeof m->words)
		n += snprintf(m->words + n, sizeof m->words - (size_t)n,
		    " role=%s", a->role);
	if (a->office[0] && n > 0 && n < (int)sizeof m->words)
		snprintf(m->words + n, sizeof m->words - (size_t)n,
		    " office=%s", a->office);
}

/* That a right waits for a second one. */
static void
say_waits(struct manage *m, int64_t waits)
{
	if (waits)
		json_put_int(m->out, "waits", waits);
}

static enum status
add(struct manage *m, struct err *err)
{
	const struct first *f = m->self;
	struct account a = {0};
	int64_t waits = 0;
	enum status s;

	if (!manage_text(a.login, sizeof a.login, m, "user", true) ||
	    !manage_text(a.name, sizeof a.name, m, "name", true) ||
	    !manage_text(a.office, sizeof a.office, m, "office", true) ||
	    !manage_text(a.role, sizeof a.role, m, "role", true))
		return E_OK;
	memcpy(a.verifier, f->verifier, sizeof a.verifier);
	s = check_grant(m, a.role, a.office, err);
	if (s || m->v->answer)
		return s;
	s = grant_add(&waits, m->db, &a, m->v->account.login, err);
	print_words(m, "add", &a);
	say_waits(m, waits);
	json_put_text(m->out, "user", a.login);
	json_put_text(m->out, "password", f->password);
	return s;
}

enum status
api_people_add(struct visit *v, struct err *err)
{
	return act_with_first(v, add, err);
}

static enum status
set(struct manage *m, struct err *err)
{
	struct account to = {0}, was = {0};
	int64_t waits = 0;
	enum status s;

	if (!manage_text(to.login, sizeof to.login, m, "user", true) ||
	    !manage_text(to.name, sizeof to.name, m, "name", false) ||
	    !manage_text(to.office, sizeof to.office, m, "office", false) ||
	    !manage_text(to.role, sizeof to.role, m, "role", false))
		return E_OK;
	if ((to.name[0] || to.office[0]) &&
	    !role_may(m->v->account.role, ROLE_PEOPLE)) {
		m->v->answer = ANSWER_NOT_TO_MANAGE;
		return E_OK;
	}
	s = manage_person(&was, m, to.login, err);
	if (!s && !m->v->answer)
		s = check_grant(m, to.role, to.office, err);
	if (s || m->v->answer)
		return s;
	s = grant_change(&waits, m->db, to.login, to.name[0] ? to.name : NULL,
	    to.role[0] ? to.role : NULL, to.office[0] ? to.office : NULL,
	    m->v->account.login, err);
	print_words(m, "set", &to);
	say_waits(m, waits);
	json_put_text(m->out, "user", to.login);
	return s;
}

enum status
api_people_set(struct visit *v, struct err *err)
{
	return manage_act(v, NULL, set, NULL, err);
}

/* An act on one account that says no more than whose. */
static enum status
find(struct account *a, struct manage *m, const char *act, struct err *err)
{
	char login[RECORD_NAME_MAX];
	enum status s = E_OK;

	if (manage_text(login, sizeof login, m, "user", true))
		s = manage_person(a, m, login, err);
	if (s || m->v->answer)
		return s;
	snprintf(m->words, sizeof m->words, "user %s %s", act, a->login);
	json_put_text(m->out, "user", a->login);
	return E_OK;
}

struct act {
	const char *word;
	enum status (*apply)(struct db *db, const char *login,
	    struct err *err);
};

static enum status
do_one(struct manage *m, struct err *err)
{
	const struct act *act = m->self;
	struct account a = {0};
	enum status s = find(&a, m, act->word, err);

	return s || m->v->answer ? s : act->apply(m->db, a.login, err);
}

enum status
api_people_disable(struct visit *v, struct err *err)
{
	struct act act = { "disable", account_disable };

	return manage_act(v, NULL, do_one, &act, err);
}

static enum status
enable(struct manage *m, struct err *err)
{
	struct account a = {0};
	int64_t waits = 0;
	enum status s = find(&a, m, "enable", err);

	if (s || m->v->answer)
		return s;
	s = grant_open(&waits, m->db, a.login, m->v->account.login, err);
	say_waits(m, waits);
	return s;
}

enum status
api_people_enable(struct visit *v, struct err *err)
{
	return manage_act(v, NULL, enable, NULL, err);
}

static enum status
reset(struct manage *m, struct err *err)
{
	const struct first *f = m->self;
	struct account a = {0};
	enum status s = find(&a, m, "passwd", err);

	if (s || m->v->answer)
		return s;
	json_put_text(m->out, "password", f->password);
	return account_set_verifier(m->db, a.login, f->verifier, err);
}

enum status
api_people_password(struct visit *v, struct err *err)
{
	return act_with_first(v, reset, err);
}

/* ---- the second one ---- */

/* The request of this account and number, if it is among those that the asker
 * looks after. */
static enum status
find_request(struct grant *g, struct manage *m, const char *login,
    struct err *err)
{
	struct account a = {0};
	struct err none = ERR_INIT;
	int64_t id = 0;
	bool found = false;
	enum status s = account_get(&a, m->db, login, &none);

	if (s == E_NOTFOUND || (!s && !manage_reaches(m, a.office))) {
		m->v->answer = ANSWER_NO_PERSON;
		return E_OK;
	}
	if (s) {
		*err = none;
		return s;
	}
	s = grant_of(g, &found, m->db, login, err);
	if (!s && (!found || !json_get_int(m->ask, "request", &id) ||
	    id != g->id))
		return err_set(err, E_NOTFOUND, tr("No request of this number "
		    "waits for a decision."));
	return s;
}

static enum status
decide(struct manage *m, struct err *err)
{
	const bool *agree = m->self;
	char login[RECORD_NAME_MAX];
	struct grant g = {0};
	enum status s;

	if (!manage_text(login, sizeof login, m, "user", true))
		return E_OK;
	s = find_request(&g, m, login, err);
	if (s || m->v->answer)
		return s;
	snprintf(m->words, sizeof m->words, "user %s %s", *agree ? "agree" :
	    "refuse", login);
	json_put_text(m->out, "user", login);
	return grant_decide(&g, m->db, g.id, m->v->account.login, *agree, err);
}

enum status
api_people_agree(struct visit *v, struct err *err)
{
	bool agree = true;

	return manage_act(v, NULL, decide, &agree, err);
}

enum status
api_people_refuse(struct visit *v, struct err *err)
{
	bool agree = false;

	return manage_act(v, NULL, decide, &agree, err);
}
