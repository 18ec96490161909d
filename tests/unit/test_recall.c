/* What was entered in forms before: the last first, an office's, nobody's
 * secrets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "kit/cache.h"
#include "store/inside.h"
#include "store/recall.h"

/* Remember a record of a form, the fields that changed since was. */
static void
learn(struct store *s, const char *reg, const char *was, const char *values)
{
	struct record r, before;
	struct err err = ERR_INIT;

	cache_record(&r, reg, values);
	cache_record(&before, reg, was ? was : "");
	assert_int_equal(recall_learn(s, &r, was ? &before : NULL, &err),
		E_OK);
	record_release(&r);
	record_release(&before);
}

static void
expect(struct store *s, const char *reg, const char *field, const char *want)
{
	struct recall_list list = {0};
	struct err err = ERR_INIT;
	struct buf now;

	buf_init(&now, BUF_LINE_MAX);
	assert_int_equal(recall_texts(&list, s, reg, field, &err), E_OK);
	for (size_t i = 0; i < list.count; i++)
		buf_printf(&now, "%s%s", i ? "|" : "", list.items[i]);
	assert_string_equal(now.data, want);
	recall_list_release(&list);
	buf_release(&now);
}

static void
the_last_one_stands_first(void **state)
{
	struct cache *c = *state;

	learn(c->s, "mediation_session", NULL, "place=村委会;recorder=甲");
	learn(c->s, "mediation_session", NULL, "place=司法所");
	learn(c->s, "mediation_session", NULL, "place=祠堂");
	learn(c->s, "mediation_session", NULL, "place=村委会");
	expect(c->s, "mediation_session", "place", "村委会|祠堂|司法所");
	expect(c->s, "mediation_session", "recorder", "甲");
	expect(c->s, "mediation_inquiry", "place", "");
	/* what stood there already says nothing new */
	learn(c->s, "mediation_session", "place=司法所",
		"place=司法所;recorder=乙");
	expect(c->s, "mediation_session", "place", "村委会|祠堂|司法所");
	expect(c->s, "mediation_session", "recorder", "乙|甲");
	/* emptied is nothing */
	learn(c->s, "mediation_session", "place=司法所", "place=");
	expect(c->s, "mediation_session", "place", "村委会|祠堂|司法所");
}

static void
only_so_many(void **state)
{
	struct cache *c = *state;
	struct recall_list list = {0};
	struct err err = ERR_INIT;

	for (int i = 0; i < RECALL_MAX + 5; i++) {
		char *text = mem_printf("place=第%d组", i);

		learn(c->s, "mediation_session", NULL, text);
		free(text);
	}
	assert_int_equal(recall_texts(&list, c->s, "mediation_session",
		"place", &err), E_OK);
	assert_int_equal(list.count, RECALL_MAX);
	assert_string_equal(list.items[0], "第24组");
	assert_string_equal(list.items[RECALL_MAX - 1], "第5组");
	recall_list_release(&list);
}

/* Names, numbers, what is restricted, long texts and several lines are not
 * remembered; nor is what a definition says not to be. */
static void
not_everything(void **state)
{
	struct cache *c = *state;
	static const struct {
		const char *reg, *field;
	} rows[] = {
		{ "person", "name" }, { "person", "id_no" },
		{ "person", "mobile" }, { "person", "home_detail" },
		{ "person", "former_name" }, { "correction_event", "family" },
		{ "correction_subject", "offence" },
		{ "mediation_case", "village" }, { "mediation_case", "case_no" },
		{ "mediation_case", "summary" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *text = mem_printf("%s=甲", rows[i].field);

		learn(c->s, rows[i].reg, NULL, text);
		expect(c->s, rows[i].reg, rows[i].field, "");
		free(text);
	}
	learn(c->s, "correction_event", NULL, "content=一切正常");
	learn(c->s, "correction_event", NULL, "content=一\n二");
	learn(c->s, "correction_event", NULL, "content=一二三四五六七八九十"
		"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"
		"一二三四五六七八九十一二三四五六七八九十多");
	expect(c->s, "correction_event", "content", "一切正常");
}

/* A minor's record, and what belongs to it, leaves nothing. */
static void
what_is_sealed_is_not_remembered(void **state)
{
	struct cache *c = *state;
	char child[UUID_TEXT_MAX], grown[UUID_TEXT_MAX];
	struct err err = ERR_INIT;
	struct uuid id;
	char *text;

	learn(c->s, "person", NULL, "confidential=1;employer=某厂");
	learn(c->s, "person", NULL, "employer=某校");
	expect(c->s, "person", "employer", "某校");
	id = cache_add(c->s, "person", "kind=01;id_type=111;name=王小;confidential=1");
	uuid_print(child, &id);
	id = cache_add(c->s, "person", "kind=01;id_type=111;name=王大");
	uuid_print(grown, &id);
	assert_int_equal(overview_refresh(c->s, NULL, &err), E_OK);
	text = mem_printf("person_id=%s;late_reason=上学", child);
	learn(c->s, "correction_subject", NULL, text);
	free(text);
	expect(c->s, "correction_subject", "late_reason", "");
	text = mem_printf("person_id=%s;late_reason=住院", grown);
	learn(c->s, "correction_subject", NULL, text);
	free(text);
	expect(c->s, "correction_subject", "late_reason", "住院");
}

static void
expect_last(struct store *s, const struct uuid *other,
	const struct uuid *want)
{
	const struct schema_register *reg = schema_register_find(
		store_schema(s), "person");
	struct err err = ERR_INIT;
	struct uuid id = {{0}};

	assert_int_equal(recall_last(&id, s, reg, other, &err),
		want ? E_OK : E_NOTFOUND);
	if (want)
		assert_int_equal(uuid_compare(&id, want), 0);
}

static void
the_last_record(void **state)
{
	struct cache *c = *state;
	const struct uuid none = {{0}};
	struct err err = ERR_INIT;
	struct uuid a, b;
	struct record r = {0};

	expect_last(c->s, &none, NULL);
	a = cache_add(c->s, "person", "kind=01;id_type=111;name=甲");
	b = cache_add(c->s, "person", "kind=01;id_type=111;name=乙");
	assert_int_equal(overview_refresh(c->s, NULL, &err), E_OK);
	/* nobody has entered one in a form here: the newest */
	expect_last(c->s, &none, &b);
	expect_last(c->s, &b, &a);
	assert_int_equal(store_get(&r, c->s, &a, &err), E_OK);
	assert_int_equal(recall_learn(c->s, &r, NULL, &err), E_OK);
	expect_last(c->s, &none, &a);
	expect_last(c->s, &a, &b);
	/* a change makes none the last one */
	record_release(&r);
	assert_int_equal(store_get(&r, c->s, &b, &err), E_OK);
	assert_int_equal(recall_learn(c->s, &r, &r, &err), E_OK);
	expect_last(c->s, &none, &a);
	record_release(&r);
	/* withdrawn, it is no model any more */
	assert_int_equal(save_remove(c->s, &a, "重复", &err), E_OK);
	assert_int_equal(overview_refresh(c->s, NULL, &err), E_OK);
	expect_last(c->s, &none, &b);
}

/* Nothing of it can be read in the file, and a damaged row is found. */
static void
it_is_sealed(void **state)
{
	struct cache *c = *state;
	struct recall_list list = {0};
	struct err err = ERR_INIT;

	learn(c->s, "mediation_session", NULL, "place=青石村委会");
	assert_int_equal(recall_check(c->s, &err), E_OK);
	assert_int_equal(cache_damage(c->s), 0);
	assert_int_equal(db_exec(c->s->db,
		"UPDATE recall SET saved_at = saved_at + 1", &err), E_OK);
	assert_int_equal(recall_texts(&list, c->s, "mediation_session",
		"place", &err), E_INVALID);
	err = (struct err)ERR_INIT;
	assert_int_equal(recall_check(c->s, &err), E_INVALID);
	assert_int_not_equal(cache_damage(c->s), 0);
	err = (struct err)ERR_INIT;
	store_lock(c->s);
	assert_int_equal(recall_texts(&list, c->s, "mediation_session",
		"place", &err), E_AUTH);
}

int
main(void)
{
#define WITH(t) cmocka_unit_test_setup_teardown(t, cache_set_up_builtin, \
	cache_tear_down)
	const struct CMUnitTest tests[] = {
		WITH(the_last_one_stands_first),
		WITH(only_so_many),
		WITH(not_everything),
		WITH(what_is_sealed_is_not_remembered),
		WITH(the_last_record),
		WITH(it_is_sealed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
