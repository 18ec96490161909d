/*
 * What is added, who asks and who agrees.
 */
#include "server/grant.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "core/role.h"
#include "db/db.h"
#include "db/db_number.h"
#include "server/ledger_audit.h"

#define COLUMNS "id, login, role, office, opens, was_role, was_office," \
	" asked_by, asked_at, decided_by, decided_at, done"

/* ---- the rows ---- */

static void
read_row(struct grant *g, struct db_stmt *st)
{
	g->id = db_int(st, 0);
	snprintf(g->login, sizeof g->login, "%s", db_text(st, 1, NULL));
	snprintf(g->role, sizeof g->role, "%s", db_text(st, 2, NULL));
	snprintf(g->office, sizeof g->office, "%s", db_text(st, 3, NULL));
	g->opens = db_int(st, 4) != 0;
	snprintf(g->was_role, sizeof g->was_role, "%s", db_text(st, 5, NULL));
	snprintf(g->was_office, sizeof g->was_office, "%s",
	    db_text(st, 6, NULL));
	snprintf(g->asked_by, sizeof g->asked_by, "%s", db_text(st, 7, NULL));
	g->asked_at = db_int(st, 8);
	snprintf(g->decided_by, sizeof g->decided_by, "%s",
	    db_text(st, 9, NULL));
	g->decided_at = db_int(st, 10);
	g->done = db_int(st, 11) != 0;
}

static enum status
write_row(struct db *db, const struct grant *g, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "INSERT OR REPLACE INTO"
	    " account_grant(" COLUMNS ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
	    " ?, ?)", err);

	if (s)
		return s;
	db_bind_int(st, 1, g->id);
	db_bind_text(st, 2, g->login);
	db_bind_text(st, 3, g->role);
	db_bind_text(st, 4, g->office);
	db_bind_int(st, 5, g->opens);
	db_bind_text(st, 6, g->was_role);
	db_bind_text(st, 7, g->was_office);
	db_bind_text(st, 8, g->asked_by);
	db_bind_int(st, 9, g->asked_at);
	db_bind_text(st, 10, g->decided_by);
	db_bind_int(st, 11, g->decided_at);
	db_bind_int(st, 12, g->done);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

static enum status
take_one(struct grant *out, bool *found, struct db_stmt *st, struct err *err)
{
	bool row = false;
	enum status s = db_step(st, &row, err);

	if (!s && row)
		read_row(out, st);
	if (!s)
		*found = row;
	db_finish(st);
	return s;
}

enum status
grant_find(struct grant *out, struct db *db, int64_t id, struct err *err)
{
	struct db_stmt *st = NULL;
	bool found = false;
	enum status s = db_prepare(&st, db, "SELECT " COLUMNS " FROM"
	    " account_grant WHERE id = ? AND decided_at = 0", err);

	if (s)
		return s;
	db_bind_int(st, 1, id);
	s = take_one(out, &found, st, err);
	return s || found ? s : err_set(err, E_NOTFOUND,
	    tr("No request of this number waits for a decision."));
}

enum status
grant_of(struct grant *out, bool *found, struct db *db, const char *login,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "SELECT " COLUMNS " FROM"
	    " account_grant WHERE login = ? AND decided_at = 0", err);

	if (s)
		return s;
	db_bind_text(st, 1, login);
	return take_one(out, found, st, err);
}

/* ---- who ---- */

static bool
reaches(const struct account *a, const char *office)
{
	enum office_span span = role_reach(a->role) == ROLE_REACH_COUNTY ?
	    a->county : OFFICE_SPAN_OWN;

	return office_reaches(a->office, span, office);
}

/* Is the account, before and after, among those that this one looks after? */
static bool
looks_after(const struct grant *g, const struct account *a, unsigned powers)
{
	bool above = a->county && role_reach(a->role) == ROLE_REACH_COUNTY;

	if (a->disabled || !role_may(a->role, powers))
		return false;
	if (!g->login[0])
		return a->county == OFFICE_SPAN_ALL && above;
	return reaches(a, g->was_office) &&
	    (!g->office[0] || reaches(a, g->office)) &&
	    (above || (role_gives("chief", g->role[0] ? g->role :
	    g->was_role) && (role_tends("chief", g->was_role) ||
	    strcmp(g->was_role, ROLE_NEWCOMER) == 0)));
}

bool
grant_may(const struct grant *g, const struct account *by)
{
	return strcmp(by->login, g->asked_by) != 0 &&
	    strcmp(by->login, g->login) != 0 &&
	    looks_after(g, by, ROLE_GRANTS);
}

/* Who asks: a role is for those who say who is what. */
static bool
may_ask(const struct grant *g, const struct account *by)
{
	return strcmp(by->login, g->login) != 0 && looks_after(g, by,
	    g->role[0] || !g->login[0] ? ROLE_GRANTS :
	    ROLE_GRANTS | ROLE_PEOPLE) &&
	    (!g->role[0] || role_gives(by->role, g->role));
}

static enum status
get_somebody(struct account *out, struct db *db, const char *login,
    struct err *err)
{
	struct err none = ERR_INIT;
	enum status s = account_get(out, db, login, &none);

	if (s == E_NOTFOUND)
		return err_set(err, E_AUTH, tr("There is no account %s."),
		    login);
	if (s)
		*err = none;
	return s;
}

static enum status
refuse_asker(struct err *err)
{
	return err_set(err, E_AUTH, tr("Whoever asks for a right must be "
	    "allowed to give it, and not to themselves."));
}

static enum status
check_asker(const struct grant *g, struct db *db, struct err *err)
{
	struct account first = {0};
	enum status s;

	if (!g->asked_by[0])
		return err_set(err, E_AUTH, tr("This ledger asks for two "
		    "people where a right is added: say who asks with --by, "
		    "and another one agrees with fengqiaod user agree."));
	s = get_somebody(&first, db, g->asked_by, err);
	return s || may_ask(g, &first) ? s : refuse_asker(err);
}

static enum status
check_second(const struct grant *g, struct db *db, const char *by,
    bool agree, struct err *err)
{
	struct account first = {0}, second = {0};
	enum status s = get_somebody(&second, db, by, err);

	if (s)
		return s;
	if (!agree && strcmp(by, g->asked_by) == 0 && !second.disabled)
		return E_OK;
	if (strcmp(by, g->asked_by) == 0)
		return err_set(err, E_AUTH, tr("Whoever asked does not agree "
		    "to it; that is for another one."));
	if (strcmp(by, g->login) == 0)
		return err_set(err, E_AUTH, tr("Whoever gains a right does "
		    "not agree to it; that is for another one."));
	if (!grant_may(g, &second))
		return err_set(err, E_AUTH, tr("Only somebody who says who is "
		    "what there decides about this."));
	if (!agree)
		return E_OK;
	s = get_somebody(&first, db, g->asked_by, err);
	return s || may_ask(g, &first) ? s : refuse_asker(err);
}

/* ---- one or two ---- */

enum status
grant_needs_two(bool *out, struct db *db, struct err *err)
{
	int64_t two = 0;
	enum status s = db_number(&two, db, "SELECT count(*) FROM meta WHERE"
	    " name = 'approvals' AND value = 'two'", err);

	if (!s)
		*out = two > 0;
	return s;
}

static enum status
note(struct db *db, const struct grant *g, const char *what, const char *by,
    struct err *err)
{
	char text[AUDIT_NOTE_MAX];

	snprintf(text, sizeof text, "grant %s %" PRId64 " %s", what, g->id,
	    g->login[0] ? g->login : "approvals");
	return ledger_audit_put(db, &(struct ledger_audit_note){
		.what = AUDIT_MANAGE, .by = by, .note = text }, err);
}

/* A request in g's words; what it takes from the account as it is. */
static enum status
ask(int64_t *waits, struct db *db, struct grant *g, const char *by,
    struct err *err)
{
	struct grant other = {0};
	bool found = false;
	enum status s;

	snprintf(g->asked_by, sizeof g->asked_by, "%s", by);
	s = check_asker(g, db, err);
	if (!s)
		s = grant_of(&other, &found, db, g->login, err);
	if (!s && found)
		return err_set(err, E_CONFLICT, tr("This was asked for already "
		    "and waits for the second one (%lld)."),
		    (long long)other.id);
	if (!s)
		s = db_number(&g->id, db, "SELECT coalesce(max(id), 0) + 1"
		    " FROM account_grant", err);
	if (s)
		return s;
	g->asked_at = clock_now_at();
	s = write_row(db, g, err);
	if (!s)
		s = note(db, g, "ask", by, err);
	if (!s)
		*waits = g->id;
	return s;
}

/* Two must be able to undo it. */
static enum status
check_two(struct db *db, struct err *err)
{
	int64_t count = 0;
	enum status s = db_number(&count, db, "SELECT count(*) FROM account a"
	    " JOIN office o ON o.code = a.office WHERE o.county = 1 AND"
	    " a.disabled = 0 AND a.role IN('county_leader', 'security_admin')",
	    err);

	return s || count >= 2 ? s : err_set(err, E_CONFLICT,
	    tr("Two people are needed who say who is what in the whole county, "
	    "leaders or the security administrator; there are %lld."),
	    (long long)count);
}

enum status
grant_set_two(int64_t *waits, struct db *db, bool two, const char *by,
    struct err *err)
{
	struct grant g = {0};
	bool now = false;
	enum status s = grant_needs_two(&now, db, err);

	*waits = 0;
	if (s || now == two)
		return s;
	if (!two)
		return ask(waits, db, &g, by, err);
	s = check_two(db, err);
	return s ? s : ledger_put_meta(db, "approvals", "two", err);
}

/* ---- asking ---- */

enum status
grant_add(int64_t *waits, struct db *db, const struct account *account,
    const char *by, struct err *err)
{
	struct account a = *account;
	struct grant g = { .opens = true };
	bool two = false;
	enum status s = grant_needs_two(&two, db, err);

	*waits = 0;
	if (!s)
		s = account_add(db, &a, err);
	if (s || !two || strcmp(a.role, ROLE_NEWCOMER) == 0)
		return s;
	memcpy(g.login, a.login, sizeof g.login);
	memcpy(g.role, a.role, sizeof g.role);
	memcpy(g.was_office, a.office, sizeof g.was_office);
	memcpy(g.was_role, ROLE_NEWCOMER, sizeof ROLE_NEWCOMER);
	s = account_set(db, a.login, NULL, ROLE_NEWCOMER, NULL, err);
	if (!s)
		s = account_disable(db, a.login, err);
	return s ? s : ask(waits, db, &g, by, err);
}

/* What of it waits stands in g afterwards; the rest is done. */
static enum status
split(struct grant *g, struct db *db, const struct account *was,
    const char *name, const char *role, const char *office, struct err *err)
{
	const char *to = role ? role : was->role;
	bool more = strcmp(to, ROLE_NEWCOMER) != 0;

	*g = (struct grant){0};
	if (role && more && strcmp(role, was->role) != 0) {
		snprintf(g->role, sizeof g->role, "%s", role);
		role = NULL;
	}
	if (office && more && !office_reaches(was->office, was->county,
	    office)) {
		snprintf(g->office, sizeof g->office, "%s", office);
		office = NULL;
	}
	memcpy(g->login, was->login, sizeof g->login);
	return name || role || office ?
	    account_set(db, was->login, name, role, office, err) : E_OK;
}

static enum status
ask_for_more(int64_t *waits, struct db *db, struct grant *g, const char *by,
    struct err *err)
{
	struct account now = {0};
	enum status s;

	s = account_get(&now, db, g->login, err);
	if (s)
		return s;
	memcpy(g->was_role, now.role, sizeof g->was_role);
	memcpy(g->was_office, now.office, sizeof g->was_office);
	return ask(waits, db, g, by, err);
}

enum status
grant_change(int64_t *waits, struct db *db, const char *login,
    const char *name, const char *role, const char *office, const char *by,
    struct err *err)
{
	struct account was = {0};
	struct grant g;
	bool two = false;
	enum status s = grant_needs_two(&two, db, err);

	*waits = 0;
	if (!s && !two)
		return account_set(db, login, name, role, office, err);
	if (!s)
		s = account_get(&was, db, login, err);
	/* refused now is refused before anybody is asked to agree */
	if (!s)
		s = account_set(db, login, name, role, office, err);
	if (!s)
		s = account_set(db, login, NULL, was.role, was.office, err);
	if (!s)
		s = split(&g, db, &was, name, role, office, err);
	return s || (!g.role[0] && !g.office[0]) ? s :
	    ask_for_more(waits, db, &g, by, err);
}

enum status
grant_open(int64_t *waits, struct db *db, const char *login, const char *by,
    struct err *err)
{
	struct grant g = { .opens = true };
	struct account was = {0};
	bool two = false, made = false;
	enum status s = grant_needs_two(&two, db, err);

	*waits = 0;
	if (!s)
		s = account_get(&was, db, login, err);
	if (!s)
		s = grant_of(&g, &made, db, login, err);
	if (!s && !made && (!two || !was.disabled ||
	    strcmp(was.role, ROLE_NEWCOMER) == 0))
		return account_enable(db, login, err);
	if (s)
		return s;
	memcpy(g.login, was.login, sizeof g.login);
	return ask_for_more(waits, db, &g, by, err);
}

/* ---- deciding ---- */

static enum status
apply(const struct grant *g, struct db *db, struct err *err)
{
	struct account now = {0};
	enum status s;

	if (!g->login[0])
		return ledger_put_meta(db, "approvals", "one", err);
	s = account_get(&now, db, g->login, err);
	if (!s && (strcmp(now.role, g->was_role) != 0 ||
	    strcmp(now.office, g->was_office) != 0))
		return err_set(err, E_CONFLICT, tr("The account has changed "
		    "since this was asked for; refuse it, and ask again."));
	if (!s && g->opens)
		s = account_enable(db, g->login, err);
	return s ? s : account_set(db, g->login, NULL,
	    g->role[0] ? g->role : NULL, g->office[0] ? g->office : NULL, err);
}

/* An account that was made with the request has never been used. */
static enum status
leave_nothing(const struct grant *g, struct db *db, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s;

	if (!g->opens || !g->role[0])
		return E_OK;
	s = db_prepare(&st, db, "DELETE FROM account WHERE login = ?", err);
	if (s)
		return s;
	db_bind_text(st, 1, g->login);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

enum status
grant_decide(struct grant *out, struct db *db, int64_t id, const char *by,
    bool agree, struct err *err)
{
	struct grant g = {0};
	enum status s = grant_find(&g, db, id, err);

	if (!s)
		s = check_second(&g, db, by, agree, err);
	if (!s)
		s = agree ? apply(&g, db, err) : leave_nothing(&g, db, err);
	if (s)
		return s;
	snprintf(g.decided_by, sizeof g.decided_by, "%s", by);
	g.decided_at = clock_now_at();
	g.done = agree;
	s = write_row(db, &g, err);
	if (!s)
		s = note(db, &g, agree ? "agree" : "refuse", by, err);
	if (!s)
		*out = g;
	return s;
}
