/*
 * Offices, accounts, enrolment codes and signing in.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "db/db.h"
#include "kit/county.h"
#include "server/device_end.h"
#include "server/account_password.h"
#include "server/signin.h"
#include "server/tries.h"

#define START_AT 1795300000000LL
#define HOUR_MS (3600 * 1000LL)

static int
setup(void **state)
{
	clock_fix(START_AT);
	return county_set_up(state);
}

static int
teardown(void **state)
{
	clock_fix(0);
	return county_tear_down(state);
}

static void
set_password(struct county *c, const char *login, const char *password)
{
	char verifier[128];
	struct err err = ERR_INIT;

	assert_int_equal(account_make_verifier(verifier, password, &err),
	    E_OK);
	assert_int_equal(account_set_verifier(county_begin(c), login, verifier, &err),
	    E_OK);
	county_commit(c);
}

static enum answer
sign_in(struct county *c, struct signin *g, enum county_device at,
    const char *login, const char *password, struct signin_token *out)
{
	struct signin_token t = {0};
	enum answer a = ANSWER_INTERNAL;
	struct err err = ERR_INIT;

	assert_int_equal(signin_password(&t, &a, g, &c->at[at].device, login,
	    password, &err), E_OK);
	if (out)
		*out = t;
	return a;
}

static void
test_bad_offices_and_accounts(void **state)
{
	struct county *c = *state;
	static const struct {
		struct office office;
		enum status status;
	} offices[] = {
		{ { "9900000003", "三所", false }, E_OK },
		{ { "9900000001", "一所", false }, E_CONFLICT },
		{ { "", "无", false }, E_INVALID },
		{ { "99 00", "空格", false }, E_INVALID },
		{ { "99/00", "斜线", false }, E_INVALID },
		{ { "9900000004", "", false }, E_INVALID },
		{ { "9900000004", "a\x1b[2J", false }, E_INVALID },
		{ { "9900000004", "\xff", false }, E_INVALID },
	};
	static const struct {
		struct account account;
		enum status status;
	} accounts[] = {
		{ { .login = "new", .name = "己", .office = "9900000001",
		    .role = "clerk" }, E_OK },
		{ { .login = "u1", .name = "己", .office = "9900000001",
		    .role = "clerk" }, E_CONFLICT },
		{ { .login = "U9", .name = "己", .office = "9900000001",
		    .role = "clerk" }, E_INVALID },
		{ { .login = "*", .name = "己", .office = "9900000001",
		    .role = "clerk" }, E_INVALID },
		{ { .login = "u9", .name = "己", .office = "9900000001",
		    .role = "king" }, E_INVALID },
		{ { .login = "u9", .name = "", .office = "9900000001",
		    .role = "clerk" }, E_INVALID },
		{ { .login = "u9", .name = "己", .office = "none",
		    .role = "clerk" }, E_NOTFOUND },
	};
	struct db *db = county_begin(c);

	for (size_t i = 0; i < sizeof offices / sizeof offices[0]; i++) {
		struct err err = ERR_INIT;

		assert_int_equal(office_add(db, &offices[i].office, &err),
		    offices[i].status);
		assert_int_equal(err.code, offices[i].status);
	}
	for (size_t i = 0; i < sizeof accounts / sizeof accounts[0]; i++) {
		struct err err = ERR_INIT;

		assert_int_equal(account_add(db, &accounts[i].account, &err),
		    accounts[i].status);
		assert_int_equal(err.code, accounts[i].status);
	}
	county_commit(c);
}

/* A city with two counties, made in one ledger by their codes. */
static void
test_a_tree_of_codes(void **state)
{
	static const struct ledger_county city = { "9901", "测试市" };
	static const struct {
		struct office office;
		enum status status;
		enum office_span span;
	} offices[] = {
		{ { "990101", "甲县", OFFICE_SPAN_OWN }, E_OK,
		    OFFICE_SPAN_BELOW },
		{ { "990102", "乙县", OFFICE_SPAN_OWN }, E_OK,
		    OFFICE_SPAN_BELOW },
		{ { "990101001", "甲所", OFFICE_SPAN_OWN }, E_OK,
		    OFFICE_SPAN_OWN },
		{ { "990201", "外县", OFFICE_SPAN_OWN }, E_INVALID, 0 },
		{ { "99", "某省", OFFICE_SPAN_OWN }, E_INVALID, 0 },
	};
	static const size_t depths[] = { 0, 1, 2, 1 };
	struct account a = { .login = "shi", .name = "市", .role = "city" };
	struct office *list = NULL, now;
	struct ledger *l = NULL;
	struct db *db = NULL;
	struct err err = ERR_INIT;
	char dir[] = "/tmp/fengqiao-tree-XXXXXX", *command;
	size_t count = 0;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_false(ledger_create(dir, &city, &err));
	assert_false(ledger_open(&l, dir, &err));
	assert_false(ledger_begin(&db, l, &err));
	for (size_t i = 0; i < sizeof offices / sizeof offices[0]; i++) {
		err = (struct err)ERR_INIT;
		assert_int_equal(office_add(db, &offices[i].office, &err),
		    offices[i].status);
		if (offices[i].status)
			continue;
		assert_false(office_get(&now, db, offices[i].office.code,
		    &err));
		assert_int_equal(now.county, offices[i].span);
	}
	assert_false(office_list(&list, &count, db, &err));
	assert_int_equal(count, 4);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(office_depth(list, count, i), depths[i]);
	free(list);
	/* a city's role is for the city */
	snprintf(a.office, sizeof a.office, "990101");
	assert_int_equal(account_add(db, &a, &err), E_INVALID);
	snprintf(a.office, sizeof a.office, "990101001");
	err = (struct err)ERR_INIT;
	assert_int_equal(account_add(db, &a, &err), E_INVALID);
	snprintf(a.office, sizeof a.office, "9901");
	err = (struct err)ERR_INIT;
	assert_int_equal(account_add(db, &a, &err), E_OK);
	assert_false(ledger_end(l, E_OK, &err));
	ledger_close(l);
	command = mem_printf("rm -r '%s'", dir);
	assert_int_equal(system(command), 0);
	free(command);
}

/* A city's ledger has as many offices as it needs; a computer follows so many
 * that each has its two streams, and one that could not is not registered. */
static void
test_a_city_with_many_offices(void **state)
{
	static const struct ledger_county city = { "9901", "测试市" };
	struct ledger *l = NULL;
	struct db *db = NULL;
	struct err err = ERR_INIT;
	char dir[] = "/tmp/fengqiao-many-XXXXXX", *command;
	char code[DEVICE_CODE_TEXT + 1];

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_false(ledger_create(dir, &city, &err));
	assert_false(ledger_open(&l, dir, &err));
	assert_false(ledger_begin(&db, l, &err));
	for (int c = 1; c <= 40; c++) {
		struct office office = { .name = "县" };

		snprintf(office.code, sizeof office.code, "9901%02d", c);
		assert_false(office_add(db, &office, &err));
		for (int i = 1; i < OFFICE_FOLLOWED_MAX; i++) {
			struct office below = { .name = "所" };

			snprintf(below.code, sizeof below.code, "%.6s%03d",
			    office.code, i);
			assert_false(office_add(db, &below, &err));
		}
	}
	assert_int_equal(device_make_code(code, db, "9901", &err), E_INVALID);
	assert_non_null(strstr(err.msg, "2561"));
	err = (struct err)ERR_INIT;
	/* full to the brim: itself and 63 below */
	assert_false(device_make_code(code, db, "990101", &err));
	assert_int_equal(office_add(db, &(struct office){ .code = "990101999",
		.name = "所" }, &err), E_INVALID);
	err = (struct err)ERR_INIT;
	/* nobody is there yet who would follow it */
	assert_false(office_add(db, &(struct office){ .code = "990102999",
		.name = "所" }, &err));
	assert_int_equal(device_make_code(code, db, "990102", &err), E_INVALID);
	err = (struct err)ERR_INIT;
	assert_false(device_make_code(code, db, "990102999", &err));
	assert_false(ledger_end(l, E_OK, &err));
	ledger_close(l);
	command = mem_printf("rm -r '%s'", dir);
	assert_int_equal(system(command), 0);
	free(command);
}

static void
test_who_reaches_whom(void **state)
{
	static const struct {
		const char *from;
		enum office_span span;
		const char *code;
		bool reaches;
	} cases[] = {
		{ "990101001", OFFICE_SPAN_OWN, "990101001", true },
		{ "990101001", OFFICE_SPAN_OWN, "9901010011", false },
		{ "990101001", OFFICE_SPAN_OWN, "990101", false },
		{ "990101", OFFICE_SPAN_BELOW, "990101", true },
		{ "990101", OFFICE_SPAN_BELOW, "990101001", true },
		{ "990101", OFFICE_SPAN_BELOW, "990102001", false },
		{ "990101", OFFICE_SPAN_BELOW, "9901", false },
		{ "990101", OFFICE_SPAN_BELOW, "", false },
		{ "9901", OFFICE_SPAN_BELOW, "990102001", true },
		{ "990101", OFFICE_SPAN_ALL, "anywhere", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(office_reaches(cases[i].from, cases[i].span,
		    cases[i].code), cases[i].reaches);
}

static void
test_password_limits(void **state)
{
	char verifier[128], long_one[300];
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(account_make_verifier(verifier, "short12", &err),
	    E_INVALID);
	memset(long_one, 'a', sizeof long_one - 1);
	long_one[sizeof long_one - 1] = '\0';
	assert_int_equal(account_make_verifier(verifier, long_one, &err),
	    E_INVALID);
	assert_int_equal(account_make_verifier(verifier, "八个汉字也算密码",
	    &err), E_OK);
	assert_null(strstr(verifier, "汉"));
}

static void
test_a_code_works_once(void **state)
{
	struct county *c = *state;
	struct db *db = county_begin(c);
	char code[DEVICE_CODE_TEXT + 1], typed[32], token[TOKEN_TEXT_MAX];
	char word[TOKEN_TEXT_MAX];
	struct device d = {0}, found = {0};
	enum answer a = ANSWER_OK;
	struct err err = ERR_INIT;

	assert_int_equal(device_make_code(code, db, "9900000009", &err),
	    E_NOTFOUND);
	assert_int_equal(device_make_code(code, db, "9900000001", &err), E_OK);
	assert_int_equal(device_enroll(&d, token, &a, db, "AAAAAAAAAA", "",
	    NULL, &err), E_OK);
	assert_int_equal(a, ANSWER_CODE_INVALID);
	/* as people type it */
	snprintf(typed, sizeof typed, "%.5s-%s ", code, code + 5);
	for (char *p = typed; *p; p++)
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
	assert_int_equal(device_enroll(&d, token, &a, db, typed, "机\x1b", NULL,
	    &err), E_OK);
	assert_int_equal(a, ANSWER_OK);
	assert_string_equal(d.office.code, "9900000001");
	assert_string_equal(d.label, "机");
	assert_int_equal(strlen(token), 43);
	assert_int_equal(device_enroll(&d, token, &a, db, code, "", NULL,
	    &err), E_OK);
	assert_int_equal(a, ANSWER_CODE_INVALID);

	assert_int_equal(device_find(&found, &a, db, token, &err), E_OK);
	assert_int_equal(a, ANSWER_OK);
	assert_int_equal(uuid_compare(&found.id, &d.id), 0);
	assert_memory_equal(found.key_share.b, d.key_share.b, CRYPTO_KEY);
	assert_int_equal(device_revoke(db, &d.id, &err), E_OK);
	assert_int_equal(device_find(&found, &a, db, token, &err), E_OK);
	assert_int_equal(a, ANSWER_DEVICE_REVOKED);
	assert_int_equal(device_revoke(db, &d.id, &err), E_NOTFOUND);
	assert_int_equal(device_allow(db, &d.id, &err), E_OK);
	assert_int_equal(device_allow(db, &d.id, &err), E_CONFLICT);
	assert_int_equal(device_find(&found, &a, db, token, &err), E_OK);
	assert_int_equal(a, ANSWER_OK);
	assert_int_equal(device_remove(db, &d.id, &err), E_CONFLICT);
	assert_int_equal(device_erase(db, &d.id, false, &err), E_OK);
	assert_int_equal(device_find(&found, &a, db, token, &err), E_OK);
	assert_int_equal(a, ANSWER_DEVICE_WIPE);
	memcpy(word, found.wipe, sizeof word);
	assert_int_equal(device_erase(db, &d.id, true, &err), E_OK);
	assert_int_equal(device_find(&found, &a, db, token, &err), E_OK);
	assert_string_equal(found.wipe, word);
	assert_true(found.at_once);
	assert_int_equal(device_allow(db, &d.id, &err), E_CONFLICT);
	assert_int_equal(device_remove(db, &d.id, &err), E_CONFLICT);
	assert_int_equal(device_wiped(db, &d.id, "guess", &err), E_NOTFOUND);
	assert_int_equal(device_wiped(db, &d.id, "", &err), E_NOTFOUND);
	assert_int_equal(device_wiped(db, &d.id, word, &err), E_OK);
	assert_int_equal(device_wiped(db, &d.id, word, &err), E_OK);
	assert_int_equal(device_erase(db, &d.id, false, &err), E_CONFLICT);
	assert_int_equal(device_remove(db, &d.id, &err), E_OK);
	assert_int_equal(device_remove(db, &d.id, &err), E_NOTFOUND);
	/* its token is known for ever */
	assert_int_equal(device_find(&found, &a, db, token, &err), E_OK);
	assert_int_equal(a, ANSWER_DEVICE_WIPE);
	token[0] = token[0] == 'x' ? 'y' : 'x';
	assert_int_equal(device_find(&found, &a, db, token, &err), E_OK);
	assert_int_equal(a, ANSWER_DEVICE_UNKNOWN);
	county_commit(c);
}

static void
test_a_code_grows_old(void **state)
{
	struct county *c = *state;
	struct db *db = county_begin(c);
	char code[DEVICE_CODE_TEXT + 1], token[TOKEN_TEXT_MAX];
	struct device d = {0};
	enum answer a = ANSWER_OK;
	struct err err = ERR_INIT;

	assert_int_equal(device_make_code(code, db, "9900000001", &err), E_OK);
	clock_fix(START_AT + DEVICE_CODE_HOURS * HOUR_MS + 1);
	assert_int_equal(device_enroll(&d, token, &a, db, code, "", NULL,
	    &err), E_OK);
	assert_int_equal(a, ANSWER_CODE_INVALID);
	county_commit(c);
}

static void
test_signing_in(void **state)
{
	struct county *c = *state;
	struct signin *g = NULL;
	struct signin_token t = {0};
	struct account who = {0};
	enum answer a = ANSWER_INTERNAL;
	int64_t until = 0;
	struct err err = ERR_INIT;
	struct db *db;

	assert_int_equal(signin_new(&g, c->ledger, &err), E_OK);
	set_password(c, "u1", "correct horse");
	set_password(c, "uc", "county horse");
	assert_int_equal(sign_in(c, g, AT_ONE, "u1", "wrong horse", NULL),
	    ANSWER_WRONG_PASSWORD);
	assert_int_equal(sign_in(c, g, AT_ONE, "nobody", "correct horse",
	    NULL), ANSWER_WRONG_PASSWORD);
	assert_int_equal(sign_in(c, g, AT_TWO, "u1", "correct horse", NULL),
	    ANSWER_OFFICE_DENIED);
	assert_int_equal(sign_in(c, g, AT_TWO, "uc", "county horse", NULL),
	    ANSWER_OK);
	assert_int_equal(sign_in(c, g, AT_ONE, "u1", "correct horse", &t),
	    ANSWER_OK);
	assert_string_equal(t.account.role, "clerk");
	assert_int_equal(t.until_at, START_AT + SIGNIN_DAYS * 24 * HOUR_MS);

	db = county_begin(c);
	assert_int_equal(signin_find(&who, &until, &a, db,
	    &c->at[AT_ONE].device, t.token, &err), E_OK);
	assert_int_equal(a, ANSWER_OK);
	assert_string_equal(who.login, "u1");
	/* not from another device, even of the same office */
	assert_int_equal(signin_find(&who, &until, &a, db,
	    &c->at[AT_ONE_TOO].device, t.token, &err), E_OK);
	assert_int_equal(a, ANSWER_LOGIN_REQUIRED);
	/* extended, it lives on; unused, it ends */
	clock_fix(START_AT + 20 * 24 * HOUR_MS);
	assert_int_equal(signin_extend(db, t.token, clock_now_at(), &err),
	    E_OK);
	clock_fix(START_AT + 49 * 24 * HOUR_MS);
	assert_int_equal(signin_find(&who, &until, &a, db,
	    &c->at[AT_ONE].device, t.token, &err), E_OK);
	assert_int_equal(a, ANSWER_OK);
	clock_fix(START_AT + 51 * 24 * HOUR_MS);
	assert_int_equal(signin_find(&who, &until, &a, db,
	    &c->at[AT_ONE].device, t.token, &err), E_OK);
	assert_int_equal(a, ANSWER_LOGIN_REQUIRED);
	county_commit(c);
	signin_free(g);
}

static void
test_a_new_password_ends_sessions(void **state)
{
	struct county *c = *state;
	struct signin *g = NULL;
	struct signin_token t = {0};
	struct account who = {0};
	enum answer a = ANSWER_INTERNAL;
	int64_t until = 0;
	struct err err = ERR_INIT;

	assert_int_equal(signin_new(&g, c->ledger, &err), E_OK);
	set_password(c, "u1", "correct horse");
	assert_int_equal(sign_in(c, g, AT_ONE, "u1", "correct horse", &t),
	    ANSWER_OK);
	assert_int_equal(account_disable(county_begin(c), "u1", &err), E_OK);
	county_commit(c);
	assert_int_equal(signin_find(&who, &until, &a, county_begin(c),
	    &c->at[AT_ONE].device, t.token, &err), E_OK);
	county_commit(c);
	assert_int_equal(a, ANSWER_USER_DISABLED);
	assert_int_equal(sign_in(c, g, AT_ONE, "u1", "correct horse", NULL),
	    ANSWER_USER_DISABLED);
	set_password(c, "u1", "another horse");
	assert_int_equal(signin_find(&who, &until, &a, county_begin(c),
	    &c->at[AT_ONE].device, t.token, &err), E_OK);
	county_commit(c);
	assert_int_equal(a, ANSWER_USER_DISABLED);
	signin_free(g);
}

static enum answer
change(struct county *c, struct signin *g, enum county_device at,
    const char *before, const char *after, struct signin_token *out)
{
	char why[ERR_MSG_MAX] = "";
	enum answer a = ANSWER_INTERNAL;
	struct signin_token t = {0};
	struct err err = ERR_INIT;

	assert_int_equal(signin_change(&t, &a, why, g, &c->at[at].device, "u1",
	    before, after, &err), E_OK);
	assert_int_equal(a == ANSWER_PASSWORD_WEAK, why[0] != '\0');
	if (out)
		*out = t;
	return a;
}

static enum answer
find(struct county *c, enum county_device at, const struct signin_token *t)
{
	struct account who = {0};
	enum answer a = ANSWER_OK;
	int64_t until = 0;
	struct err err = ERR_INIT;

	assert_int_equal(signin_find(&who, &until, &a, county_begin(c),
	    &c->at[at].device, t->token, &err), E_OK);
	county_commit(c);
	return a;
}

/* Whoever changes a password works on where it was done, with one token; all
 * other tokens say what has happened. */
static void
test_a_person_changes_it(void **state)
{
	struct county *c = *state;
	struct signin *g = NULL;
	struct signin_token here = {0}, there = {0}, now = {0};
	struct err err = ERR_INIT;

	assert_int_equal(signin_new(&g, c->ledger, &err), E_OK);
	set_password(c, "u1", "correct horse");
	assert_int_equal(sign_in(c, g, AT_ONE, "u1", "correct horse", &here),
	    ANSWER_OK);
	assert_int_equal(here.account.password_on, ACCOUNT_PASSWORD_INITIAL);
	assert_int_equal(sign_in(c, g, AT_ONE_TOO, "u1", "correct horse",
	    &there), ANSWER_OK);
	assert_int_equal(change(c, g, AT_ONE, "wrong horse", "A second-1 one",
	    NULL), ANSWER_WRONG_PASSWORD);
	assert_int_equal(change(c, g, AT_ONE, "correct horse", "short",
	    NULL), ANSWER_PASSWORD_WEAK);
	assert_int_equal(find(c, AT_ONE, &here), ANSWER_OK);
	assert_int_equal(change(c, g, AT_ONE, "correct horse",
	    "A second-1 one", &now), ANSWER_OK);
	assert_int_equal(now.account.password_on, clock_day_of(START_AT) +
	    ACCOUNT_PASSWORD_DAYS);
	assert_int_equal(find(c, AT_ONE, &here), ANSWER_PASSWORD_CHANGED);
	assert_int_equal(find(c, AT_ONE_TOO, &there), ANSWER_PASSWORD_CHANGED);
	assert_int_equal(find(c, AT_ONE, &now), ANSWER_OK);
	assert_int_equal(sign_in(c, g, AT_ONE_TOO, "u1", "correct horse",
	    NULL), ANSWER_WRONG_PASSWORD);
	assert_int_equal(sign_in(c, g, AT_ONE_TOO, "u1", "A second-1 one",
	    NULL), ANSWER_OK);
	assert_int_equal(change(c, g, AT_TWO, "A second-1 one",
	    "A third-1 one", NULL), ANSWER_OFFICE_DENIED);
	signin_free(g);
}

/* T18, T19: the old password is asked for as often as a sign-in's. */
static void
test_changing_is_no_way_to_guess(void **state)
{
	struct county *c = *state;
	struct signin *g = NULL;
	struct signin_token t = {0};
	struct err err = ERR_INIT;

	assert_int_equal(signin_new(&g, c->ledger, &err), E_OK);
	set_password(c, "u1", "correct horse");
	for (int i = 0; i < TRIES_FREE; i++)
		assert_int_equal(change(c, g, AT_ONE, "wrong horse",
		    "A second-1 one", NULL), ANSWER_WRONG_PASSWORD);
	assert_int_equal(change(c, g, AT_ONE, "correct horse",
	    "A second-1 one", &t), ANSWER_LOCKED);
	assert_int_equal(t.wait_s, TRIES_LOCK_S);
	assert_int_equal(sign_in(c, g, AT_ONE, "u1", "correct horse", NULL),
	    ANSWER_LOCKED);
	signin_free(g);
}

/* None of the last five; what was before them is forgotten. */
static void
test_old_ones_are_not_taken_again(void **state)
{
	static const char *const row[] = { "First one-11", "Second one-2",
		"Third one-33", "Fourth one-4", "Fifth one-55", "Sixth one-66" };
	struct county *c = *state;
	struct signin *g = NULL;
	struct account_passwords had = {0};
	struct err err = ERR_INIT;

	assert_int_equal(signin_new(&g, c->ledger, &err), E_OK);
	set_password(c, "u1", row[0]);
	for (size_t i = 1; i < 6; i++) {
		for (size_t k = 0; k < i; k++)
			assert_int_equal(change(c, g, AT_ONE, row[i - 1],
			    row[k], NULL), ANSWER_PASSWORD_USED);
		assert_int_equal(change(c, g, AT_ONE, row[i - 1], row[i],
		    NULL), ANSWER_OK);
	}
	assert_int_equal(change(c, g, AT_ONE, row[5], row[0], NULL),
	    ANSWER_OK);
	assert_int_equal(account_passwords_get(&had, county_begin(c), "u1", &err),
	    E_OK);
	county_commit(c);
	assert_int_equal(had.count, ACCOUNT_PASSWORDS - 1);
	signin_free(g);
}

static int64_t
password_on(struct county *c, const char *login)
{
	struct account who = {0};
	struct err err = ERR_INIT;

	assert_int_equal(account_get(&who, county_begin(c), login, &err), E_OK);
	county_commit(c);
	return who.password_on;
}

/* The county says how long; 0: they do not grow old. */
static void
test_passwords_grow_old(void **state)
{
	struct county *c = *state;
	int64_t today = clock_day_of(START_AT);
	struct err err = ERR_INIT;
	int days = 0;

	set_password(c, "u1", "correct horse");
	assert_int_equal(password_on(c, "u1"), ACCOUNT_PASSWORD_INITIAL);
	assert_int_equal(account_password_lasts(county_begin(c), "u1", &err), E_OK);
	county_commit(c);
	assert_int_equal(password_on(c, "u1"), today + ACCOUNT_PASSWORD_DAYS);
	assert_int_equal(account_password_set_days(county_begin(c), 30, &err), E_OK);
	county_commit(c);
	assert_int_equal(password_on(c, "u1"), today + 30);
	assert_int_equal(account_password_set_days(county_begin(c), 0, &err), E_OK);
	county_commit(c);
	assert_int_equal(password_on(c, "u1"), 0);
	assert_int_equal(account_password_set_days(county_begin(c), -1, &err),
	    E_INVALID);
	county_commit(c);
	assert_int_equal(account_password_days(&days, county_begin(c), &err), E_OK);
	county_commit(c);
	assert_int_equal(days, 0);
	set_password(c, "u1", "another horse");
	assert_int_equal(password_on(c, "u1"), ACCOUNT_PASSWORD_INITIAL);
}

/* T19: an unknown name costs what a wrong password costs, and one that is
 * disabled or of another office what a right one does; nothing tells them
 * apart but the right password. */
static void
test_unknown_costs_as_wrong(void **state)
{
	static const struct {
		const char *login, *password;
		enum answer answer;
	} rows[] = {
		{ "u1", "wrong horse", ANSWER_WRONG_PASSWORD },
		{ "nobody", "wrong horse", ANSWER_WRONG_PASSWORD },
		{ "", "", ANSWER_WRONG_PASSWORD },
		{ "u2", "wrong horse", ANSWER_WRONG_PASSWORD },
		{ "u2", "correct horse", ANSWER_OFFICE_DENIED },
		{ "u1", "correct horse", ANSWER_OK },
	};
	struct county *c = *state;
	struct signin *g = NULL;
	struct err err = ERR_INIT;
	int64_t cost = 0;

	assert_int_equal(signin_new(&g, c->ledger, &err), E_OK);
	set_password(c, "u1", "correct horse");
	set_password(c, "u2", "correct horse");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int64_t before = crypto_password_worked();

		assert_int_equal(sign_in(c, g, AT_ONE, rows[i].login,
		    rows[i].password, NULL), rows[i].answer);
		if (i == 0)
			cost = crypto_password_worked() - before;
		assert_true(cost >= 3 * 64 * 1024);
		assert_int_equal(crypto_password_worked() - before, cost);
	}
	signin_free(g);
}

static void
test_wrong_passwords_lock(void **state)
{
	struct county *c = *state;
	struct signin *g = NULL;
	struct signin_token t = {0};
	struct err err = ERR_INIT;

	assert_int_equal(signin_new(&g, c->ledger, &err), E_OK);
	set_password(c, "u1", "correct horse");
	set_password(c, "u1b", "second horse");
	for (int i = 0; i < TRIES_FREE; i++)
		assert_int_equal(sign_in(c, g, AT_ONE, "u1", "wrong horse",
		    NULL), ANSWER_WRONG_PASSWORD);
	assert_int_equal(sign_in(c, g, AT_ONE, "u1", "correct horse", &t),
	    ANSWER_LOCKED);
	assert_int_equal(t.wait_s, TRIES_LOCK_S);
	/* others there, and the same person elsewhere, are not locked */
	assert_int_equal(sign_in(c, g, AT_ONE, "u1b", "second horse", NULL),
	    ANSWER_OK);
	assert_int_equal(sign_in(c, g, AT_ONE_TOO, "u1", "correct horse",
	    NULL), ANSWER_OK);
	/* a restart forgives nothing */
	signin_free(g);
	county_restart(c);
	assert_int_equal(signin_new(&g, c->ledger, &err), E_OK);
	assert_int_equal(sign_in(c, g, AT_ONE, "u1", "correct horse", NULL),
	    ANSWER_LOCKED);
	/* after the wait one more wrong one doubles it */
	clock_fix(START_AT + TRIES_LOCK_S * 1000);
	assert_int_equal(sign_in(c, g, AT_ONE, "u1", "wrong horse", NULL),
	    ANSWER_WRONG_PASSWORD);
	assert_int_equal(sign_in(c, g, AT_ONE, "u1", "correct horse", &t),
	    ANSWER_LOCKED);
	assert_int_equal(t.wait_s, 2 * TRIES_LOCK_S);
	clock_fix(START_AT + 3 * TRIES_LOCK_S * 1000);
	assert_int_equal(sign_in(c, g, AT_ONE, "u1", "correct horse", NULL),
	    ANSWER_OK);
	signin_free(g);
}

struct guess {
	struct county *c;
	struct signin *g;
	enum answer answer;
};

static void *
guess(void *arg)
{
	struct guess *x = arg;
	struct signin_token t = {0};
	struct err err = ERR_INIT;

	if (signin_password(&t, &x->answer, x->g, &x->c->at[AT_TWO].device,
	    "nobody", "wrong horse", &err))
		x->answer = ANSWER_INTERNAL;
	return NULL;
}

/* However many guess at once, only a few passwords are in memory. */
static void
test_few_at_once(void **state)
{
	enum { GUESSES = 12 };
	struct county *c = *state;
	struct guess guesses[GUESSES];
	pthread_t threads[GUESSES];
	struct signin *g = NULL;
	struct err err = ERR_INIT;
	int busy = 0;

	assert_int_equal(signin_new(&g, c->ledger, &err), E_OK);
	for (int i = 0; i < GUESSES; i++) {
		guesses[i] = (struct guess){ c, g, ANSWER_INTERNAL };
		assert_int_equal(pthread_create(&threads[i], NULL, guess,
		    &guesses[i]), 0);
	}
	for (int i = 0; i < GUESSES; i++) {
		pthread_join(threads[i], NULL);
		assert_true(guesses[i].answer == ANSWER_BUSY ||
		    guesses[i].answer == ANSWER_LOCKED ||
		    guesses[i].answer == ANSWER_WRONG_PASSWORD);
		busy += guesses[i].answer == ANSWER_BUSY;
	}
	assert_in_range(busy, 1, GUESSES - SIGNIN_AT_ONCE);
	signin_free(g);
}

static void
test_tokens(void **state)
{
	char a[TOKEN_TEXT_MAX], b[TOKEN_TEXT_MAX], out[TOKEN_TEXT_MAX];
	char header[64];

	(void)state;
	token_make(a);
	token_make(b);
	assert_string_not_equal(a, b);
	snprintf(header, sizeof header, "Bearer %s", a);
	assert_true(token_from_header(out, header));
	assert_string_equal(out, a);
	assert_false(token_from_header(out, ""));
	assert_false(token_from_header(out, a));
	assert_false(token_from_header(out, "Bearer short"));
	assert_true(token_read(out, header + 7));
	header[strlen(header) + 1] = '\0';
	header[strlen(header)] = 'a';		/* one too many */
	assert_false(token_from_header(out, header));
	assert_false(token_read(out, header + 7));
	header[10] = '"';
	assert_false(token_from_header(out, header));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_bad_offices_and_accounts),
		T(test_a_tree_of_codes),
		T(test_a_city_with_many_offices),
		T(test_who_reaches_whom),
		T(test_password_limits),
		T(test_a_code_works_once),
		T(test_a_code_grows_old),
		T(test_signing_in),
		T(test_a_new_password_ends_sessions),
		T(test_a_person_changes_it),
		T(test_changing_is_no_way_to_guess),
		T(test_old_ones_are_not_taken_again),
		T(test_passwords_grow_old),
		T(test_unknown_costs_as_wrong),
		T(test_wrong_passwords_lock),
		T(test_few_at_once),
		T(test_tokens),
	};

	return cmocka_run_group_tests_name("account", tests, NULL, NULL);
}
