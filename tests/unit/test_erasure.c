/*
 * Sent away by the county: what is handed over, what is destroyed, and what is
 * not while something of it is only here.  And what a computer is good for that
 * has not reached the server for long.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/mem.h"
#include "db/db.h"
#include "db/db_fail.h"
#include "kit/cache.h"
#include "store/erasure.h"
#include "store/outbox.h"
#include "sync/dismissal.h"

/* ---- a server that says what it is told ---- */

struct line {
	int status[8];		/* of the replies, one after the other; 0 ends */
	const char *body[8];
	size_t asked, wiped;
	char from[8][32];	/* of each push: "from":N */
	bool down;		/* nobody answers */
	size_t traces;		/* of the cache, sent */
};

static enum status
answer(void *self, struct transport_reply *reply,
	const struct transport_request *request, struct err *err)
{
	struct line *l = self;
	const char *from = strstr(request->body, "\"from\":");

	if (l->down)
		return err_set(err, E_OFFLINE, "down");
	buf_init(&reply->body, BUF_LINE_MAX);
	if (strcmp(request->path, "/v1/wiped") == 0) {
		l->wiped++;
		reply->status = 200;
		buf_text(&reply->body, "{\"ok\":true}");
		return E_OK;
	}
	if (strcmp(request->path, "/v1/audit") == 0) {
		l->traces++;
		reply->status = 404;	/* an older server */
		return E_OK;
	}
	if (strcmp(request->path, "/v1/reconcile") == 0) {
		reply->status = 403;	/* an older server takes no such thing */
		return E_OK;
	}
	assert_string_equal(request->path, "/v1/sync");
	assert_non_null(l->body[l->asked]);
	(void)snprintf(l->from[l->asked], 32, "%.*s",
		(int)strcspn(from, ",}"), from);
	reply->status = l->status[l->asked];
	buf_text(&reply->body, l->body[l->asked++]);
	return E_OK;
}

#define SAYS(word, more) "{\"error\":\"" word "\",\"message\":\"no\"" more "}"
#define WIPE(more) SAYS("device_wipe", ",\"wipe\":\"w0rd\"" more)

static enum status
obey(struct line *l, struct cache *c, const char *body, struct err *err)
{
	struct transport net = { .self = l, .post = answer };
	struct transport_reply reply = { .status = 403 };
	struct dismissal d = {0};
	enum status st;

	buf_init(&reply.body, BUF_LINE_MAX);
	buf_text(&reply.body, body);
	assert_true(dismissal_read(&d, &reply));
	transport_reply_release(&reply);
	st = dismissal_obey(c->s, "zhang", &net, &d, err);
	return st;
}

static void
enter(struct cache *c, size_t count)
{
	for (size_t i = 0; i < count; i++)
		(void)cache_add(c->s, "person", "name=王小明");
}

static bool
is_there(const struct cache *c, const char *name)
{
	char *path = io_join(c->home, name);
	bool is = io_exists(path);

	free(path);
	return is;
}

static void
may_not_open(struct cache *c)
{
	struct err err = ERR_INIT;

	assert_null(store_user(c->s));
	assert_int_equal(store_unlock(c->s, "zhang", CACHE_PASSWORD, &err),
		E_NOTFOUND);
}

/* ---- reading ---- */

static void
an_answer_is_a_dismissal_or_not(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum dismissal_kind kind;
		int64_t acked;
	} cases[] = {
		{ 403, SAYS("user_disabled", ",\"acked\":7"), DISMISSAL_USER, 7 },
		{ 403, SAYS("device_revoked", ""), DISMISSAL_DEVICE, 0 },
		{ 403, WIPE(",\"acked\":3"), DISMISSAL_ERASE, 3 },
		/* an order that could not be confirmed is none to erase */
		{ 403, SAYS("device_wipe", ""), DISMISSAL_DEVICE, 0 },
		{ 403, SAYS("wrong_password", ""), DISMISSAL_NONE, 0 },
		{ 401, SAYS("user_disabled", ""), DISMISSAL_NONE, 0 },
		{ 403, "<html>", DISMISSAL_NONE, 0 },
		{ 403, "", DISMISSAL_NONE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct transport_reply reply = { .status = cases[i].status };
		struct dismissal d = {0};

		buf_init(&reply.body, BUF_LINE_MAX);
		buf_text(&reply.body, cases[i].body);
		assert_int_equal(dismissal_read(&d, &reply),
			cases[i].kind != DISMISSAL_NONE);
		assert_int_equal(d.kind, cases[i].kind);
		assert_int_equal(d.acked, cases[i].acked);
		transport_reply_release(&reply);
	}
}

/* ---- obeying ---- */

static void
a_person_is_forgotten_and_the_rest_stays(void **state)
{
	struct cache *c = *state;
	struct store_user other = { .login = "li", .name = "李",
		.role = "chief", .office = "3412000001", .token = "t" };
	struct outbox_counts counts = {0};
	struct line l = {0};
	struct err err = ERR_INIT;

	enter(c, 3);
	assert_int_equal(store_admit(c->s, &other, "another horse 2",
		&c->share, &err), E_OK);
	assert_int_equal(store_unlock(c->s, "zhang", CACHE_PASSWORD, &err),
		E_OK);
	assert_true(erasure_spares(c->s));
	assert_int_equal(obey(&l, c, SAYS("user_disabled", ",\"acked\":3"),
		&err), E_AUTH);
	assert_string_equal(err.msg, "no");
	assert_int_equal(l.asked, 0);	/* the server has them all */
	may_not_open(c);
	assert_int_equal(store_unlock(c->s, "li", "another horse 2", &err),
		E_OK);
	assert_int_equal(outbox_count(&counts, c->s, &err), E_OK);
	assert_int_equal(counts.waiting, 3);
}

static void
a_revoked_cache_opens_with_the_share_alone(void **state)
{
	struct cache *c = *state;
	struct store_user again = { .login = "zhang", .name = "张三",
		.role = "clerk", .office = "3412000001", .token = "t" };
	struct line l = { .status = { 403, 403 }, .body = {
		SAYS("device_revoked", ",\"acked\":2"),
		SAYS("device_revoked", ",\"acked\":3") } };
	struct store *beside = cache_open(c);
	struct err err = ERR_INIT;

	enter(c, 3);
	assert_int_equal(obey(&l, c, SAYS("device_revoked", ""), &err), E_AUTH);
	assert_int_equal(l.asked, 2);
	assert_string_equal(l.from[0], "\"from\":1");
	assert_string_equal(l.from[1], "\"from\":3");
	may_not_open(c);
	/* another session notices */
	assert_false(erasure_spares(beside));
	store_close(beside);
	assert_int_equal(store_admit(c->s, &again, CACHE_PASSWORD, &c->share,
		&err), E_OK);
	assert_int_equal(cache_damage(c->s), 0);
}

static void
an_erasure_leaves_nothing_and_is_confirmed(void **state)
{
	struct cache *c = *state;
	struct line l = { .status = { 403 }, .body = {
		WIPE(",\"acked\":2") } };
	struct transport net = { .self = &l, .post = answer };
	struct erasure e = {0};
	struct store *s = NULL;
	struct err err = ERR_INIT;
	char *path = io_join(c->home, "cache.db");

	enter(c, 2);
	assert_int_equal(obey(&l, c, WIPE(""), &err), E_AUTH);
	assert_int_equal(l.asked, 1);
	assert_int_equal(l.wiped, 1);
	assert_false(is_there(c, "cache.db"));
	assert_false(is_there(c, "cache.db-wal"));
	store_close(c->s);
	c->s = NULL;
	assert_int_equal(erasure_read(&e, c->home, &err), E_OK);
	assert_true(e.confirmed);
	assert_string_equal(e.word, "w0rd");
	assert_int_equal(store_open(&s, c->home, true, c->schema, &err),
		E_AUTH);
	assert_false(is_there(c, "cache.db"));
	assert_int_equal(dismissal_confirm(c->home, &net, &err), E_OK);
	assert_int_equal(l.wiped, 1);	/* once is enough */
	/* what a crash left is removed at the next look */
	assert_int_equal(io_write(path, "rest", 4, &err), E_OK);
	assert_int_equal(erasure_read(&e, c->home, &err), E_OK);
	assert_false(is_there(c, "cache.db"));
	erasure_drop(c->home);
	assert_int_equal(erasure_read(&e, c->home, &err), E_NOTFOUND);
	free(path);
}

static void
what_is_only_here_is_not_destroyed(void **state)
{
	static const struct {
		const char *first;
		int status;
		const char *reply;
		bool down, locked;
		enum status code;
	} cases[] = {
		/* the server takes nothing more */
		{ WIPE(",\"acked\":1"), 403, WIPE(",\"acked\":1"), false,
			false, E_AUTH },
		{ WIPE(""), 500, SAYS("internal", ""), false, false,
			E_OFFLINE },
		/* taken back meanwhile */
		{ WIPE(""), 200, "", false, false, E_OFFLINE },
		{ WIPE(""), 0, NULL, true, false, E_OFFLINE },
		/* nobody whose password opens what waits */
		{ WIPE(""), 0, NULL, false, true, E_AUTH },
	};
	struct cache *c = *state;

	enter(c, 2);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct line l = { .status = { cases[i].status },
			.body = { cases[i].reply }, .down = cases[i].down };
		struct outbox_counts counts = {0};
		struct err err = ERR_INIT;

		if (cases[i].locked)
			store_lock(c->s);
		assert_int_equal(obey(&l, c, cases[i].first, &err),
			cases[i].code);
		assert_int_equal(l.wiped, 0);
		assert_true(is_there(c, "cache.db"));
		assert_int_equal(outbox_count(&counts, c->s, &err), E_OK);
		assert_int_equal(counts.waiting, 2);
	}
	assert_false(is_there(c, "erased.json"));
}

static void
at_once_it_goes_with_what_waits(void **state)
{
	struct cache *c = *state;
	struct line l = { .down = true };
	struct erasure e = {0};
	struct err err = ERR_INIT;

	enter(c, 2);
	store_lock(c->s);
	assert_int_equal(obey(&l, c, WIPE(",\"at_once\":true"), &err), E_AUTH);
	assert_false(is_there(c, "cache.db"));
	/* nobody heard the confirmation */
	assert_int_equal(erasure_read(&e, c->home, &err), E_OK);
	assert_false(e.confirmed);
	l.down = false;
	assert_int_equal(dismissal_confirm(c->home, &(struct transport){
		.self = &l, .post = answer }, &err), E_OK);
	assert_int_equal(l.wiped, 1);
	assert_int_equal(erasure_read(&e, c->home, &err), E_OK);
	assert_true(e.confirmed);
}

/* Stopped by a broken disk anywhere, it is either not begun or goes on. */
static void
a_broken_disk_does_not_leave_half_of_it(void **state)
{
	struct cache *c = *state;

	for (long n = 1;; n++) {
		struct line l = {0};
		struct err err = ERR_INIT, none = ERR_INIT;
		struct erasure e = {0};
		enum status st;

		db_fail_after(n);
		st = obey(&l, c, WIPE(""), &err);
		if (!db_has_failed()) {
			db_fail_after(0);
			assert_int_equal(st, E_AUTH);
			break;
		}
		db_fail_after(0);
		if (st == E_AUTH)
			break;		/* the files went all the same */
		if (erasure_read(&e, c->home, &none) == E_OK) {
			assert_false(is_there(c, "cache.db"));
			return;
		}
		assert_int_equal(store_unlock(c->s, "zhang", CACHE_PASSWORD,
			&err), E_OK);
	}
	assert_false(is_there(c, "cache.db"));
}

/* ---- without the server ---- */

static void
away_for_long_it_reads_and_then_nothing(void **state)
{
	static const struct {
		int days;
		enum store_may may;
	} cases[] = {
		{ 0, STORE_MAY_WORK }, { 29, STORE_MAY_WORK },
		{ 31, STORE_MAY_READ }, { 36, STORE_MAY_READ },
		{ 38, STORE_MAY_NOTHING }, { 400, STORE_MAY_NOTHING },
	};
	const int64_t day = 24 * 3600 * 1000LL;
	struct cache *c = *state;
	struct err err = ERR_INIT;
	int64_t now = clock_now_at();
	struct uuid id;

	clock_fix(now);
	assert_int_equal(store_user_renew(c->s, "t", now + 30 * day, &err),
		E_OK);
	id = cache_add(c->s, "person", "name=王小明");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		enum status reads, works;
		char values[32];

		(void)snprintf(values, sizeof values, "name=王%d",
			cases[i].days);
		clock_fix(now + cases[i].days * day);
		assert_int_equal(store_may(c->s), cases[i].may);
		err = (struct err)ERR_INIT;
		works = cache_change(c->s, &id, values, &err);
		assert_int_equal(works, cases[i].may == STORE_MAY_WORK ?
			E_OK : E_AUTH);
		err = (struct err)ERR_INIT;
		reads = store_unlock(c->s, "zhang", CACHE_PASSWORD, &err);
		assert_int_equal(reads, cases[i].may == STORE_MAY_NOTHING ?
			E_AUTH : E_OK);
	}
	/* no limit is none */
	clock_fix(now);
	assert_int_equal(store_unlock(c->s, "zhang", CACHE_PASSWORD, &err),
		E_OK);
	assert_int_equal(store_user_renew(c->s, "t", 0, &err), E_OK);
	clock_fix(now + 400 * day);
	assert_int_equal(store_may(c->s), STORE_MAY_WORK);
	clock_fix(0);
}

int
main(void)
{
#define WITH(t) cmocka_unit_test_setup_teardown(t, cache_set_up, \
	cache_tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_a_dismissal_or_not),
		WITH(a_person_is_forgotten_and_the_rest_stays),
		WITH(a_revoked_cache_opens_with_the_share_alone),
		WITH(an_erasure_leaves_nothing_and_is_confirmed),
		WITH(what_is_only_here_is_not_destroyed),
		WITH(at_once_it_goes_with_what_waits),
		WITH(a_broken_disk_does_not_leave_half_of_it),
		WITH(away_for_long_it_reads_and_then_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
