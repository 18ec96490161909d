/*
 * What was made of all rows follows the changes of a few: orders, what a find
 * knows of persons.  Rows come, change and go at random, the same on every run;
 * after each few, what followed must equal what is made anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/mem.h"
#include "core/pinyin.h"
#include "kit/cache.h"
#include "store/inside.h"
#include "store/lookup.h"
#include "store/overview_moves.h"
#include "store/overview_sort.h"

enum { ROWS_MAX = 400, STEPS = 300, STEP_MOVES = 6, TODAY = 20779 };

#define NOW_AT (TODAY * INT64_C(86400000))

/* By place: every fourth a person, then a record of one, a case, a party. */
struct rows {
	struct store *s;
	struct uuid ids[ROWS_MAX];
	bool there[ROWS_MAX];
	unsigned seed;
};

static unsigned
pick(struct rows *r, unsigned below)
{
	r->seed = r->seed * 1103515245u + 12345u;
	return (r->seed >> 16) % below;
}

static const char *
one_of(struct rows *r, const char *const *texts, unsigned count)
{
	return texts[pick(r, count)];
}

/* Few texts, so that many rows are told apart by their ids alone. */
static void
fill_person(struct rows *r, struct record *out)
{
	static const char *const names[] = { "张伟", "张一", "章伟", "赵伟",
		"欧阳", "欧阳修", "欧阳 修", "曾祥", "仇英", "Anna", "", "张伟东",
		"阿卜杜热依木·买买提", "阿卜杜热依木·买买提明" };
	struct buf py;

	snprintf(out->reg, sizeof out->reg, "person");
	values_set(&out->values, "name", one_of(r, names, 14));
	buf_init(&py, BUF_LINE_MAX);
	pinyin_initials(&py, values_get(&out->values, "name"));
	values_set(&out->values, "name_py", py.len ? py.data : "");
	buf_release(&py);
}

static void
fill_subject(struct rows *r, struct record *out)
{
	static const char *const villages[] = { "红旗村", "东村", "西村", "",
		"上河村第一村民小组所在地", "上河村第一村民小组所在地之二" };
	static const char *const states[] = { "active", "draft", "released" };
	char text[UUID_TEXT_MAX], date[DATE_TEXT_MAX];

	snprintf(out->reg, sizeof out->reg, "correction_subject");
	uuid_print(text, &r->ids[pick(r, ROWS_MAX / 4) * 4]);
	if (pick(r, 10))
		values_set(&out->values, "person_id", text);
	values_set(&out->values, "village", one_of(r, villages, 6));
	date_print(date, TODAY + (int)pick(r, 5));
	values_set(&out->values, "term_to", pick(r, 4) ? date : "");
	snprintf(out->state, sizeof out->state, "%s", one_of(r, states, 3));
}

static void
fill_case(struct rows *r, struct record *out)
{
	snprintf(out->reg, sizeof out->reg, "mediation_case");
	values_set(&out->values, "case_no", "2026-1");
	snprintf(out->state, sizeof out->state, "%s", pick(r, 2) ? "open" :
		"archived");
}

static void
fill_party(struct rows *r, struct record *out)
{
	char text[UUID_TEXT_MAX];

	snprintf(out->reg, sizeof out->reg, "mediation_party");
	uuid_print(text, &r->ids[pick(r, ROWS_MAX / 4) * 4]);
	values_set(&out->values, "person_id", text);
	uuid_print(text, &r->ids[pick(r, ROWS_MAX / 4) * 4 + 2]);
	values_set(&out->values, "case_id", text);
}

static void
put(struct rows *r, unsigned at)
{
	static void (*const fill[])(struct rows *r, struct record *out) = {
		fill_person, fill_subject, fill_case, fill_party };

	struct record record = { .id = r->ids[at] };
	struct overview *o = NULL;
	struct err err = ERR_INIT;
	struct buf text;

	fill[at % 4](r, &record);
	snprintf(record.office, sizeof record.office, pick(r, 3) ?
		"3412000001" : "3412000002");
	if (pick(r, 12) == 0)
		record.deleted = mem_strdup("错");
	buf_init(&text, BUF_LINE_MAX * 4);
	overview_print(&text, schema_register_find(r->s->schema, record.reg),
		&record);
	assert_int_equal(overview_parse(&o, r->s, text.data, text.len, &err),
		E_OK);
	o->id = record.id;
	overview_put(r->s, o);
	r->there[at] = true;
	buf_release(&text);
	record_release(&record);
}

static void
move(struct rows *r)
{
	unsigned at = pick(r, ROWS_MAX);

	if (r->there[at] && pick(r, 8) == 0) {
		overview_drop(r->s, &r->ids[at]);
		r->there[at] = false;
	} else {
		put(r, at);
	}
}

/* As if none of the changes were known. */
static void
forget_moves(struct store *s)
{
	overview_orders_release(&s->orders);
	s->memory.moved.from = s->memory.moves + 1;
	s->memory.moves++;
}

static const struct overview_query asked[] = {
	{ .sort = NULL }, { .sort = "term_to" }, { .sort = "-term_to" },
	{ .sort = "-village" }, { .sort = "person_id.name" },
	{ .sort = "-@state", .group = "village" },
	{ .group = "person_id.name" }, { .typed = "zw" }, { .typed = "z" },
	{ .typed = "hongqi" }, { .typed = "oy dong" }, { .deleted = true },
};

static void
ask(struct uuid **ids, size_t *count, struct store *s, size_t i)
{
	struct overview_query q = asked[i];

	q.reg = schema_register_find(s->schema, "correction_subject");
	q.today = TODAY;
	q.user = "";
	overview_query(ids, count, s, &q);
}

/* Who stands first follows from what a person's records say. */
static size_t
look_up(struct lookup_hit *hits, struct store *s)
{
	size_t total = 0;

	return overview_lookup(hits, ROWS_MAX, &total, s, "z", NOW_AT);
}

static void
compare_all(struct store *s)
{
	struct lookup_hit hits[ROWS_MAX] = {0}, again[ROWS_MAX] = {0};
	size_t found = look_up(hits, s);

	struct uuid *ids[sizeof asked / sizeof *asked] = {0};
	size_t counts[sizeof asked / sizeof *asked] = {0};

	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
		ask(&ids[i], &counts[i], s, i);
	forget_moves(s);
	assert_int_equal(look_up(again, s), found);
	for (size_t i = 0; i < found; i++)
		assert_memory_equal(&hits[i].id, &again[i].id,
			sizeof hits[i].id);
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		struct uuid *anew = NULL;
		size_t count = 0;

		ask(&anew, &count, s, i);
		assert_int_equal(counts[i], count);
		if (count)
			assert_memory_equal(ids[i], anew, count * sizeof *anew);
		free(anew);
		free(ids[i]);
	}
}

static void
begin_rows(struct rows *r, struct store *s)
{
	*r = (struct rows){ .s = s, .seed = 11 };
	for (size_t i = 0; i < ROWS_MAX; i++) {
		char name[16];

		snprintf(name, sizeof name, "%zu", i);
		r->ids[i] = uuid_named("row", name);
	}
}

static void
orders_and_finds_follow_changes(void **state)
{
	struct cache *c = *state;
	struct rows r;

	begin_rows(&r, c->s);
	for (int i = 0; i < ROWS_MAX; i++)
		move(&r);
	compare_all(c->s);
	for (int step = 0; step < STEPS; step++) {
		/* sometimes more than are remembered */
		size_t moves = step % 100 == 50 ? MOVES_MAX + 1 :
			1 + pick(&r, STEP_MOVES);

		for (size_t i = 0; i < moves; i++)
			move(&r);
		/* not everything is asked for each time */
		if (step % 3 == 0) {
			compare_all(c->s);
		} else {
			struct uuid *ids = NULL;
			size_t count = 0;

			ask(&ids, &count, c->s, pick(&r,
				sizeof asked / sizeof *asked));
			free(ids);
		}
	}
}

/* The rows of the register that say so, by the map and one by one. */
static void
compare_found(const struct valuemap *m, const struct store *s,
	const char *value)
{
	size_t found = 0, there = 0;

	for (uint32_t at = valuemap_first(m, value); at != IDMAP_NONE;
	    at = valuemap_next(m, at))
		if (strcmp(overview_get(overview_at(s, at), m->field),
		    value) == 0)
			found++;
	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);

		if (o && o->reg == m->reg &&
		    strcmp(overview_get(o, m->field), value) == 0)
			there++;
	}
	assert_int_equal(found, there);
}

static void
values_are_found_after_changes(void **state)
{
	static const struct { const char *reg, *field, *values[4]; } asks[] = {
		{ "person", "name", { "张伟", "欧阳", "", "没有" } },
		{ "correction_subject", "village", { "东村", "西村", "" } },
		{ "correction_subject", "@state", { "active", "draft" } },
	};
	struct valuemap maps[sizeof asks / sizeof *asks] = {0};
	struct cache *c = *state;
	struct rows r;

	begin_rows(&r, c->s);
	for (int step = 0; step < STEPS; step++) {
		size_t moves = step % 100 == 50 ? MOVES_MAX + 1 :
			1 + pick(&r, STEP_MOVES);
		size_t at = pick(&r, sizeof asks / sizeof *asks);

		for (size_t i = 0; i < moves; i++)
			move(&r);
		valuemap_settle(&maps[at], c->s, schema_register_find(
			c->s->schema, asks[at].reg), asks[at].field);
		for (size_t i = 0; i < 4 && asks[at].values[i]; i++)
			compare_found(&maps[at], c->s, asks[at].values[i]);
	}
	for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
		valuemap_release(&maps[i]);
}

/* Each row stands before the next one, also where only ids tell them apart. */
static void
sorting_is_what_comparing_says(void **state)
{
	static const struct { const char *path; bool down; } bys[][2] = {
		{ { "village", false }, { "term_to", true } },
		{ { "person_id.name_py", true }, { "person_id.name", false } },
		{ { "@state", false }, { "person_id.name", true } },
	};
	struct cache *c = *state;
	const struct schema_register *reg = schema_register_find(
		c->s->schema, "correction_subject");
	struct rows r;

	begin_rows(&r, c->s);
	for (unsigned i = 0; i < ROWS_MAX; i++)
		put(&r, i);
	for (size_t i = 0; i < sizeof bys / sizeof *bys; i++) {
		struct sort_by by[2];
		uint32_t rows[ROWS_MAX];
		size_t n = 0;

		for (size_t k = 0; k < 2; k++)
			overview_sort_by(&by[k], c->s, reg, bys[i][k].path,
				bys[i][k].down);
		for (uint32_t k = 0; k < overview_count(c->s); k++)
			if (overview_at(c->s, k)->reg == reg)
				rows[n++] = k;
		assert_int_equal(n, ROWS_MAX / 4);
		overview_sort_rows(c->s, rows, n, by, 2);
		for (size_t k = 1; k < n; k++)
			assert_true(overview_sort_compare(c->s, by, 2,
				rows[k - 1], rows[k]) < 0);
	}
}

int
main(void)
{
#define WITH(t) cmocka_unit_test_setup_teardown(t, cache_set_up_builtin, \
	cache_tear_down)
	const struct CMUnitTest tests[] = {
		WITH(orders_and_finds_follow_changes),
		WITH(values_are_found_after_changes),
		WITH(sorting_is_what_comparing_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
