/* What children make true of their parent: lists, filters, moves, checks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/overlay.h"
#include "kit/cache.h"
#include "store/inside.h"
#include "store/overview.h"

static struct uuid
add_absence(struct store *s, const struct uuid *of, const char *kind)
{
	char values[160], text[UUID_TEXT_MAX];

	uuid_print(text, of);
	snprintf(values, sizeof values, "case_id=%s;kind=%s", text, kind);
	return cache_add(s, "absence", values);
}

static enum status
move(struct store *s, const struct uuid *id, const char *to, struct err *err)
{
	struct record seen = {0}, r = {0};
	struct save save = { .record = &r, .seen = &seen };
	enum status st;

	assert_int_equal(store_get(&seen, s, id, err), E_OK);
	record_copy(&r, &seen);
	if (strcmp(to, "open") == 0)
		assert_true(record_set(&r, "opened", "2026-03-05"));
	st = save_move(s, &save, to, err);
	record_release(&r);
	record_release(&seen);
	faults_release(&save.faults);
	return st;
}

static const char *
overlays(const struct store *s, const struct uuid *id)
{
	return overview_get(overview_find(s, id), "@overlays");
}

/* A subject can be on leave and lost; each goes on its own. */
static void
children_make_overlays(void **state)
{
	struct cache *c = *state;
	struct uuid subject = cache_add(c->s, "case", "no=1");
	struct uuid leave, lost;
	struct err err = ERR_INIT;
	struct buf shown;

	tr_set(TR_ZH);
	assert_string_equal(overlays(c->s, &subject), "");
	lost = add_absence(c->s, &subject, "lost");
	assert_string_equal(overlays(c->s, &subject), "lost");
	leave = add_absence(c->s, &subject, "visit");
	assert_string_equal(overlays(c->s, &subject), "leave;lost");
	buf_init(&shown, BUF_LINE_MAX);
	overview_show(&shown, c->s, overview_find(c->s, &subject),
	    "@overlays");
	assert_string_equal(shown.data, "请假、脱管");
	buf_release(&shown);
	/* the parent written again keeps them */
	assert_int_equal(cache_change(c->s, &subject, "no=2", &err), E_OK);
	assert_string_equal(overlays(c->s, &subject), "leave;lost");
	assert_int_equal(cache_change(c->s, &lost, "kind=town", &err), E_OK);
	assert_string_equal(overlays(c->s, &subject), "leave");
	assert_int_equal(cache_change(c->s, &lost, "kind=lost", &err), E_OK);
	assert_int_equal(move(c->s, &leave, "back", &err), E_OK);
	assert_string_equal(overlays(c->s, &subject), "lost");
	assert_int_equal(save_remove(c->s, &lost, "错录", &err), E_OK);
	assert_string_equal(overlays(c->s, &subject), "");
}

/* Another handle opens all rows, parents and children in one go. */
static void
a_new_session_sees_them(void **state)
{
	struct cache *c = *state;
	struct uuid subject = cache_add(c->s, "case", "no=1");
	struct store *other;
	struct err err = ERR_INIT;

	(void)add_absence(c->s, &subject, "lost");
	other = cache_open(c);
	assert_int_equal(overview_refresh(other, NULL, &err), E_OK);
	assert_string_equal(overlays(other, &subject), "lost");
	(void)add_absence(c->s, &subject, "visit");
	assert_int_equal(overview_refresh(other, NULL, &err), E_OK);
	assert_string_equal(overlays(other, &subject), "leave;lost");
	store_close(other);
}

/* A batch that is taken back leaves nothing behind. */
static void
a_rollback_takes_them_back(void **state)
{
	struct cache *c = *state;
	struct uuid subject = cache_add(c->s, "case", "no=1");
	struct err err = ERR_INIT;

	assert_int_equal(save_batch_begin(c->s, &err), E_OK);
	(void)add_absence(c->s, &subject, "lost");
	assert_string_equal(overlays(c->s, &subject), "lost");
	save_batch_rollback(c->s);
	assert_string_equal(overlays(c->s, &subject), "");
}

static size_t
count_where(struct store *s, const char *reg, const char *field,
    enum cond_op op, const char *value)
{
	char *values[] = { (char *)value };
	struct cond row = { (char *)field, op, values, 1 };
	struct conds where = { &row, 1 };
	struct overview_query q = {
		.reg = schema_register_find(store_schema(s), reg),
		.where = &where, .today = 0, .user = "" };
	struct uuid *ids = NULL;
	size_t count = 0;

	overview_query(&ids, &count, s, &q);
	free(ids);
	return count;
}

static void
filters_ask_for_them(void **state)
{
	struct cache *c = *state;
	struct uuid one = cache_add(c->s, "case", "no=1");
	struct uuid two = cache_add(c->s, "case", "no=2");

	(void)add_absence(c->s, &one, "lost");
	(void)add_absence(c->s, &one, "visit");
	(void)add_absence(c->s, &two, "visit");
	assert_int_equal(count_where(c->s, "case", "@overlays", COND_EQ,
	    "lost"), 1);
	assert_int_equal(count_where(c->s, "case", "@overlays", COND_EQ,
	    "leave"), 2);
	assert_int_equal(count_where(c->s, "case", "@overlays", COND_NE,
	    "lost"), 1);
	assert_int_equal(count_where(c->s, "absence", "@parent_overlays",
	    COND_EQ, "lost"), 2);
	assert_int_equal(count_where(c->s, "absence", "@parent_state",
	    COND_EQ, "draft"), 3);
	assert_int_equal(count_where(c->s, "absence", "@parent_state",
	    COND_EQ, "open"), 0);
}

static void
moves_are_guarded(void **state)
{
	struct cache *c = *state;
	struct uuid subject = cache_add(c->s, "case", "no=1");
	struct uuid lost = add_absence(c->s, &subject, "lost");
	struct err err = ERR_INIT;

	tr_set(TR_ZH);
	(void)add_absence(c->s, &subject, "visit");
	assert_int_equal(move(c->s, &subject, "open", &err), E_INVALID);
	assert_string_equal(err.msg, "下落不明，不能受理。");
	err = (struct err)ERR_INIT;
	assert_int_equal(move(c->s, &lost, "back", &err), E_OK);
	assert_int_equal(move(c->s, &subject, "open", &err), E_OK);
}

static enum status
try_absence(struct store *s, const struct uuid *of, const char *kind,
    struct err *err)
{
	struct record r;
	struct save save = { .record = &r };
	char values[160], text[UUID_TEXT_MAX];
	enum status st;

	uuid_print(text, of);
	snprintf(values, sizeof values, "case_id=%s;kind=%s", text, kind);
	cache_record(&r, "absence", values);
	st = save_record(s, &save, err);
	record_release(&r);
	faults_release(&save.faults);
	return st;
}

static void
checks_ask_the_parent(void **state)
{
	struct cache *c = *state;
	struct uuid subject = cache_add(c->s, "case", "no=1");
	struct uuid lost;
	struct err err = ERR_INIT;

	tr_set(TR_ZH);
	assert_int_equal(try_absence(c->s, &subject, "late", &err), E_OK);
	lost = add_absence(c->s, &subject, "lost");
	assert_int_equal(try_absence(c->s, &subject, "move", &err),
	    E_INVALID);
	assert_string_equal(err.msg, "下落不明。");
	err = (struct err)ERR_INIT;
	assert_int_equal(move(c->s, &lost, "back", &err), E_OK);
	assert_int_equal(try_absence(c->s, &subject, "move", &err), E_OK);
	assert_int_equal(move(c->s, &subject, "open", &err), E_OK);
	assert_int_equal(try_absence(c->s, &subject, "late", &err),
	    E_INVALID);
	assert_string_equal(err.msg, "案件已受理。");
}

/* ---- many ---- */

enum { SUBJECTS = 5000, EACH = 9 };	/* 50,000 with their children */

static struct overview *
row_of(const struct store *s, const char *reg, const char *state,
    const struct uuid *of, const char *kind)
{
	char id[UUID_TEXT_MAX];
	struct record r = {0};
	struct overview *o = NULL;
	struct buf b;
	struct err err = ERR_INIT;

	snprintf(r.reg, sizeof r.reg, "%s", reg);
	snprintf(r.state, sizeof r.state, "%s", state);
	if (of) {
		uuid_print(id, of);
		values_set(&r.values, "case_id", id);
		values_set(&r.values, "kind", kind);
	}
	buf_init(&b, BUF_RECORD_MAX);
	overview_print(&b, schema_register_find(store_schema(s), reg), &r);
	assert_int_equal(overview_parse(&o, s, b.data, b.len, &err), E_OK);
	buf_release(&b);
	record_release(&r);
	o->id = uuid_new();
	return o;
}

/* Filters over overlays must feel like any other filter. */
static void
fifty_thousand_are_quick(void **state)
{
	struct cache *c = *state;
	int64_t before;
	int64_t took;

	for (int i = 0; i < SUBJECTS; i++) {
		struct overview *o = row_of(c->s, "case", "open", NULL, "");
		struct uuid id = o->id;

		overview_put(c->s, o);
		for (int k = 0; k < EACH; k++)
			overview_put(c->s, row_of(c->s, "absence", k == 0 &&
			    i % 10 == 0 ? "away" : "back", &id,
			    i % 20 == 0 ? "lost" : "visit"));
	}
	before = clock_mono_ms();
	assert_int_equal(count_where(c->s, "case", "@overlays", COND_EQ,
	    "lost"), SUBJECTS / 20);
	took = clock_mono_ms() - before;
	print_message("# a filter over %d records: %d ms\n",
	    SUBJECTS * (EACH + 1), (int)took);
	assert_true(took < 200);	/* 2 ms on a quiet machine */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define IN_CACHE(f) cmocka_unit_test_setup_teardown(f, cache_set_up, \
	cache_tear_down)
		IN_CACHE(children_make_overlays),
		IN_CACHE(a_new_session_sees_them),
		IN_CACHE(a_rollback_takes_them_back),
		IN_CACHE(filters_ask_for_them),
		IN_CACHE(moves_are_guarded),
		IN_CACHE(checks_ask_the_parent),
		IN_CACHE(fifty_thousand_are_quick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
