/* Overviews: what lists read, kept current, sorted, found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/tr.h"
#include "core/rule.h"
#include "kit/cache.h"
#include "store/idmap.h"
#include "store/inside.h"
#include "store/lookup.h"
#include "store/overview.h"

struct world {
	struct uuid person, other, first, second, visit[3];
};

static struct uuid
add_with(struct store *s, const char *reg, const char *field,
	const struct uuid *id, const char *more)
{
	char values[160], text[UUID_TEXT_MAX];

	uuid_print(text, id);
	snprintf(values, sizeof values, "%s=%s;%s", field, text, more);
	return cache_add(s, reg, values);
}

static void
fill(struct world *w, struct store *s)
{
	w->person = cache_add(s, "person", "name=王小明;phone=13800138000");
	w->other = cache_add(s, "person", "name=李四;id_no=x;note=长话");
	w->first = add_with(s, "case", "person_id", &w->person,
		"no=7;amount=900");
	w->second = add_with(s, "case", "person_id", &w->person,
		"no=8;amount=10000");
	w->visit[0] = add_with(s, "visit", "case_id", &w->first, "what=甲");
	w->visit[1] = add_with(s, "visit", "case_id", &w->first, "what=乙");
	w->visit[2] = add_with(s, "visit", "case_id", &w->first, "what=丙");
}

static const char *
shown(const struct store *s, const struct uuid *id, const char *path)
{
	static char text[200];
	struct buf b;

	buf_init(&b, BUF_LINE_MAX);
	if (path)
		overview_show(&b, s, overview_find(s, id), path);
	else
		overview_called(&b, s, overview_find(s, id));
	snprintf(text, sizeof text, "%s", b.data);
	buf_release(&b);
	return text;
}

static void
paths_lead_through_references(void **state)
{
	struct cache *c = *state;
	struct err err = ERR_INIT;
	struct world w;

	tr_set(TR_ZH);
	fill(&w, c->s);
	assert_string_equal(shown(c->s, &w.first, "person_id.name"), "王小明");
	assert_string_equal(shown(c->s, &w.first, "person_id"), "王小明");
	assert_string_equal(shown(c->s, &w.first, "@state"), "草稿");
	assert_string_equal(shown(c->s, &w.first, "amount"), "9.00");
	assert_string_equal(shown(c->s, &w.first, "visit.what"), "甲、乙、丙");
	assert_string_equal(shown(c->s, &w.visit[1], "case_id.person_id.name"),
		"王小明");
	assert_string_equal(shown(c->s, &w.first, NULL), "王小明 7");
	assert_string_equal(shown(c->s, &w.first, "nosuch.name"), "");
	assert_string_equal(overview_path(c->s, overview_find(c->s, &w.first),
		"visit.what"), "甲");
	assert_int_equal(save_remove(c->s, &w.visit[1], "错", &err), E_OK);
	assert_string_equal(shown(c->s, &w.first, "visit.what"), "甲、丙");
	/* a note is no overview field */
	assert_string_equal(overview_get(overview_find(c->s, &w.other),
		"note"), "");
	assert_string_equal(overview_get(overview_find(c->s, &w.other),
		"@sync"), "waiting");
	assert_int_equal(strlen(overview_get(overview_find(c->s, &w.other),
		"@updated")), 16);
}

/* The numbers of the cases found, in order. */
static const char *
query(struct store *s, struct overview_query q)
{
	static char text[100];
	struct uuid *ids = NULL;
	size_t count = 0;

	overview_query(&ids, &count, s, &q);
	text[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		const struct overview *o = overview_find(s, &ids[i]);

		snprintf(text + strlen(text), sizeof text - strlen(text), "%s ",
			overview_get(o, o->reg_name[0] == 'c' ? "no" :
			o->reg_name[0] == 'v' ? "what" : "name"));
	}
	free(ids);
	return text;
}

static void
lists_filter_and_sort(void **state)
{
	struct cache *c = *state;
	const struct schema_register *cases =
		schema_register_find(c->schema, "case");
	char field[] = "amount", want[] = "900";
	char *values[] = { want };
	struct cond cond = { field, COND_EQ, values, 1 };
	struct conds where = { &cond, 1 };
	struct err err = ERR_INIT;
	struct world w;

	fill(&w, c->s);
	/* by amount, down, as numbers: 10000 before 900 */
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases }), "8 7 ");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .sort = "amount" }), "7 8 ");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .where = &where }), "7 ");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .typed = "8" }), "8 ");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .typed = "wxm" }), "8 7 ");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .typed = "zzz" }), "");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .state = "open" }), "");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .person = &w.person }), "8 7 ");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = schema_register_find(c->schema, "visit"),
		.parent = &w.first }), "甲 乙 丙 ");
	assert_int_equal(save_remove(c->s, &w.second, "错", &err), E_OK);
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases }), "7 ");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .deleted = true }), "8 7 ");
}

/* The find of a list: words, the lookup's persons, one letter, again. */
static void
lists_are_searched(void **state)
{
	struct cache *c = *state;
	const struct schema_register *cases =
		schema_register_find(c->schema, "case");
	static const char *const paths[] = { "amount" };
	struct uuid *ids = NULL;
	size_t count = 0;
	struct world w;

	fill(&w, c->s);
	add_with(c->s, "case", "person_id", &w.other, "no=9;amount=5");
	/* by the person's telephone, which is no column here */
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .typed = "800138" }), "8 7 ");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .typed = "wxm 7" }), "7 ");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .typed = "7 小明" }), "7 ");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .typed = "li 7" }), "");
	/* over the children: 甲、乙、丙 */
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .typed = "丙 wang" }), "7 ");
	/* one letter begins a name, two stand anywhere */
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .typed = "x" }), "");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .typed = "xm" }), "8 7 ");
	/* other columns */
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .typed = "100.00", .paths = paths,
		.path_count = 1 }), "8 ");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .typed = "丙", .paths = paths,
		.path_count = 1 }), "");
	/* within what was found */
	overview_query(&ids, &count, c->s, &(struct overview_query){
		.reg = cases, .typed = "wxm", .sort = "amount" });
	assert_int_equal(count, 2);
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .typed = "wx", .within = ids,
		.within_count = count }), "7 8 ");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .typed = "lisi", .within = ids,
		.within_count = count }), "");
	free(ids);
}

/* Orders are kept until something changes. */
static void
orders_follow_the_data(void **state)
{
	struct cache *c = *state;
	const struct schema_register *cases =
		schema_register_find(c->schema, "case");
	struct err err = ERR_INIT;
	struct uuid id;

	add_with(c->s, "case", "no", &(struct uuid){{0}}, "no=赵庄;amount=1");
	add_with(c->s, "case", "no", &(struct uuid){{0}}, "no=白塔;amount=2");
	id = add_with(c->s, "case", "no", &(struct uuid){{0}},
		"no=安集;@state=open;opened=2026-01-02");
	/* by how it is read, not by the number of its character; what has no
	 * amount comes last, up and down */
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .sort = "no" }), "安集 白塔 赵庄 ");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .sort = "-no" }), "赵庄 白塔 安集 ");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases }), "白塔 赵庄 安集 ");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .sort = "amount" }), "赵庄 白塔 安集 ");
	/* states as they are defined, inside by what was asked */
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .sort = "amount", .group = "@state" }),
		"赵庄 白塔 安集 ");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .sort = "-@state" }), "安集 白塔 赵庄 ");
	assert_int_equal(cache_change(c->s, &id, "no=左铺;amount=1500", &err),
		E_OK);
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases, .sort = "no" }), "白塔 赵庄 左铺 ");
	assert_string_equal(query(c->s, (struct overview_query){
		.reg = cases }), "左铺 白塔 赵庄 ");
}

static void
other_processes_news_arrive(void **state)
{
	struct cache *c = *state;
	struct store *other = cache_open(c);
	struct err err = ERR_INIT;
	struct world w;
	bool changed = true;

	assert_int_equal(overview_refresh(c->s, &changed, &err), E_OK);
	assert_false(changed);
	fill(&w, other);
	/* an own save between: what the other did is not skipped */
	cache_add(c->s, "person", "name=自己");
	assert_int_equal(overview_refresh(c->s, &changed, &err), E_OK);
	assert_true(changed);
	assert_non_null(overview_find(c->s, &w.visit[2]));
	assert_int_equal(overview_refresh(c->s, &changed, &err), E_OK);
	assert_false(changed);
	assert_string_equal(shown(c->s, &w.first, "visit.what"), "甲、乙、丙");
	assert_int_equal(cache_change(other, &w.person, "name=改名", &err),
		E_OK);
	assert_int_equal(overview_refresh(c->s, NULL, &err), E_OK);
	assert_string_equal(shown(c->s, &w.first, "person_id.name"), "改名");
	store_close(other);
}

static void
persons_are_looked_up(void **state)
{
	struct cache *c = *state;
	struct lookup_hit hits[4];
	struct err err = ERR_INIT;
	struct world w;
	size_t total = 0;

	fill(&w, c->s);
	assert_int_equal(overview_lookup(hits, 4, &total, c->s, "wxm", 5), 1);
	assert_int_equal(uuid_compare(&hits[0].id, &w.person), 0);
	assert_int_equal(overview_lookup(hits, 4, &total, c->s, "8000", 5), 1);
	assert_int_equal(cache_change(c->s, &w.person, "name=赵五", &err),
		E_OK);
	assert_int_equal(overview_lookup(hits, 4, &total, c->s, "wxm", 5), 0);
	assert_int_equal(overview_lookup(hits, 4, &total, c->s, "zw", 5), 1);
	assert_int_equal(save_remove(c->s, &w.person, "错", &err), E_OK);
	assert_int_equal(overview_lookup(hits, 4, &total, c->s, "zw", 5), 0);

	/* opened lately, through one of its cases, survives the session */
	overview_opened(c->s, &w.other, 77);
	store_close(c->s);
	assert_int_equal(store_open(&c->s, c->home, false, c->schema, &err),
		E_OK);
	assert_int_equal(store_unlock(c->s, "zhang", CACHE_PASSWORD, &err),
		E_OK);
	assert_int_equal(overview_lookup(hits, 4, &total, c->s, "", 80), 1);
	assert_int_equal(uuid_compare(&hits[0].id, &w.other), 0);
}

/* Of two who are called the same the one with open work comes first, and where
 * their records say they live finds them. */
static void
records_tell_of_their_person(void **state)
{
	struct cache *c = *state;
	struct lookup_hit hits[4];
	struct err err = ERR_INIT;
	struct uuid idle, busy, work;
	size_t total = 0;

	idle = cache_add(c->s, "person", "name=王小明");
	busy = cache_add(c->s, "person", "name=王小明");
	add_with(c->s, "case", "person_id", &idle, "no=青石村");
	work = add_with(c->s, "case", "person_id", &busy,
		"no=红旗村;@state=open;opened=2026-01-02");
	assert_int_equal(overview_lookup(hits, 4, &total, c->s, "wxm", 5), 2);
	assert_int_equal(uuid_compare(&hits[0].id, &busy), 0);
	assert_int_equal(overview_lookup(hits, 4, &total, c->s, "wxm qings", 5),
		1);
	assert_int_equal(uuid_compare(&hits[0].id, &idle), 0);
	assert_int_equal(overview_lookup(hits, 4, &total, c->s, "红旗 wxm", 5),
		1);
	assert_int_equal(overview_lookup(hits, 4, &total, c->s, "红旗", 5), 1);
	assert_int_equal(hits[0].tier, 4);

	/* when the record goes, so does what it told */
	assert_int_equal(save_remove(c->s, &work, "错", &err), E_OK);
	assert_int_equal(overview_lookup(hits, 4, &total, c->s, "红旗", 5), 0);
	assert_int_equal(overview_lookup(hits, 4, &total, c->s, "wxm", 5), 2);
	assert_int_equal(uuid_compare(&hits[0].id, &idle), 0);
}

/* In memory only. */
static struct uuid
put_person(struct store *s, const struct uuid *id, const char *name)
{
	struct record r = { .reg = "person", .id = id ? *id : uuid_new() };
	struct overview *o = NULL;
	struct err err = ERR_INIT;
	struct buf text;

	values_set(&r.values, "name", name);
	buf_init(&text, BUF_LINE_MAX);
	overview_print(&text, schema_register_find(store_schema(s), r.reg),
		&r);
	assert_int_equal(overview_parse(&o, s, text.data, text.len, &err),
		E_OK);
	o->id = r.id;
	overview_put(s, o);
	buf_release(&text);
	record_release(&r);
	return o->id;
}

static size_t
found(struct store *s, const char *typed)
{
	struct lookup_hit hit;
	size_t total = 0;

	(void)overview_lookup(&hit, 1, &total, s, typed, 5);
	return total;
}

/* Whatever moves while the lookup is half made ready, it finds what there is
 * when it is asked. */
static void
the_lookup_is_made_ready_in_parts(void **state)
{
	struct cache *c = *state;
	struct uuid early[2], late[2], added;

	assert_false(overview_warm(c->s));
	for (size_t i = 0; i < 2; i++)
		early[i] = put_person(c->s, NULL, "王小明");
	for (size_t i = 0; i < 3000; i++)
		put_person(c->s, NULL, "李四");
	for (size_t i = 0; i < 2; i++)
		late[i] = put_person(c->s, NULL, "王小明");
	assert_true(overview_warm(c->s));
	put_person(c->s, &early[0], "赵五");
	overview_drop(c->s, &early[1]);
	put_person(c->s, &late[0], "赵五");
	overview_drop(c->s, &late[1]);
	added = put_person(c->s, NULL, "孙六");
	assert_int_equal(found(c->s, "wxm"), 0);
	assert_int_equal(found(c->s, "zw"), 2);
	assert_int_equal(found(c->s, "ls"), 3000);
	assert_int_equal(found(c->s, "sl"), 1);
	assert_false(overview_warm(c->s));

	put_person(c->s, &added, "周七");
	put_person(c->s, NULL, "周七");
	assert_int_equal(found(c->s, "zq"), 2);
	assert_int_equal(found(c->s, "sl"), 0);
	overview_forget(c->s);
	assert_int_equal(found(c->s, "zq"), 0);
	assert_false(overview_warm(c->s));
}

static void
rules_see_the_world(void **state)
{
	struct cache *c = *state;
	const struct rule_world *world = store_world(c->s);
	const struct record *r;
	struct uuid nosuch = uuid_new();
	struct err err = ERR_INIT;
	struct world w;

	fill(&w, c->s);
	r = world->get(world->self, &w.other);
	assert_non_null(r);
	assert_string_equal(record_get(r, "note"), "长话");
	assert_null(world->get(world->self, &nosuch));
	r = world->child(world->self, &w.first, "visit", 1);
	assert_string_equal(record_get(r, "what"), "乙");
	assert_non_null(world->child(world->self, &w.first, "visit", 2));
	assert_null(world->child(world->self, &w.first, "visit", 3));
	assert_null(world->child(world->self, &w.first, "person", 0));
	assert_null(world->child(world->self, &nosuch, "visit", 0));
	r = world->find(world->self, &(struct rule_find){ "person", "id_no",
		"x", &nosuch }, 0);
	assert_non_null(r);
	assert_string_equal(record_get(r, "name"), "李四");
	assert_null(world->find(world->self, &(struct rule_find){ "person",
		"id_no", "x", &nosuch }, 1));
	assert_null(world->find(world->self, &(struct rule_find){ "person",
		"id_no", "x", &w.other }, 0));
	assert_null(world->find(world->self, &(struct rule_find){ "case",
		"id_no", "x", &nosuch }, 0));
	assert_int_equal(save_remove(c->s, &w.other, "错", &err), E_OK);
	assert_null(world->find(world->self, &(struct rule_find){ "person",
		"id_no", "x", &nosuch }, 0));
}

static void
new_definitions_make_new_overviews(void **state)
{
	struct cache *c = *state;
	struct err err = ERR_INIT;
	struct schema_field *note;
	struct world w;

	fill(&w, c->s);
	store_close(c->s);
	/* the same definitions, but notes are in the overview now */
	note = (struct schema_field *)schema_field_find(
		schema_register_find(c->schema, "person"), "note");
	note->overview = true;
	memcpy(c->schema->version, "0123456789abcdef", 17);
	assert_int_equal(store_open(&c->s, c->home, false, c->schema, &err),
		E_OK);
	assert_int_equal(store_unlock(c->s, "zhang", CACHE_PASSWORD, &err),
		E_OK);
	assert_string_equal(overview_get(overview_find(c->s, &w.other),
		"note"), "长话");
	assert_int_equal(cache_damage(c->s), 0);
}

static void
ids_find_their_place(void **state)
{
	enum { N = 3000 };
	struct idmap m = {0};
	struct uuid *ids = calloc(N, sizeof *ids);

	(void)state;
	assert_non_null(ids);
	assert_int_equal(idmap_get(&m, &ids[0]), IDMAP_NONE);
	for (uint32_t i = 0; i < N; i++) {
		/* half of them differ in one byte only */
		ids[i] = i % 2 ? uuid_new() : (struct uuid){{ 0 }};
		if (i % 2 == 0) {
			ids[i].b[0] = (uint8_t)i;
			ids[i].b[9] = (uint8_t)(i >> 8);
		}
		idmap_set(&m, &ids[i], i);
	}
	for (uint32_t i = 0; i < N; i += 3)
		idmap_drop(&m, &ids[i]);
	for (uint32_t i = 0; i < N; i++)
		assert_int_equal(idmap_get(&m, &ids[i]),
			i % 3 == 0 ? IDMAP_NONE : i);
	assert_int_equal(m.count, N - N / 3);
	idmap_release(&m);
	free(ids);
}

/* What is offered for a text that is typed, in order. */
static const char *
suggested(const struct cache *c, const char *typed)
{
	const struct schema_register *cases =
		schema_register_find(c->schema, "case");
	const char *found[3];
	static char text[100];
	size_t n = overview_suggest(found, 3, c->s, "case",
		schema_field_find(cases, "no"), typed);

	text[0] = '\0';
	for (size_t i = 0; i < n; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text),
			"%s ", found[i]);
	return text;
}

static void
texts_are_suggested(void **state)
{
	struct cache *c = *state;
	struct err err = ERR_INIT;
	struct uuid gone;

	assert_string_equal(suggested(c, ""), "");
	(void)cache_add(c->s, "person", "name=王小明");
	(void)cache_add(c->s, "person", "name=李四");
	(void)cache_add(c->s, "person", "name=王小明");	/* once */
	(void)cache_add(c->s, "person", "name=小王");
	gone = cache_add(c->s, "person", "name=王五");
	assert_int_equal(save_remove(c->s, &gone, "错", &err), E_OK);
	assert_string_equal(suggested(c, ""), "李四 王小明 小王 ");
	/* initials, a syllable, hanzi; the beginning before the inside */
	assert_string_equal(suggested(c, "ls"), "李四 ");
	assert_string_equal(suggested(c, "wang"), "王小明 小王 ");
	assert_string_equal(suggested(c, "小"), "小王 王小明 ");
	assert_string_equal(suggested(c, "z"), "");
	/* the last one used stands first; a stranger is not offered */
	(void)cache_add(c->s, "case", "no=小王");
	(void)cache_add(c->s, "case", "no=陌生人");
	assert_string_equal(suggested(c, ""), "小王 李四 王小明 ");
	assert_string_equal(suggested(c, "m"), "王小明 ");
}

int
main(void)
{
#define WITH(t) cmocka_unit_test_setup_teardown(t, cache_set_up, \
	cache_tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_find_their_place),
		WITH(paths_lead_through_references),
		WITH(lists_filter_and_sort),
		WITH(lists_are_searched),
		WITH(orders_follow_the_data),
		WITH(texts_are_suggested),
		WITH(other_processes_news_arrive),
		WITH(persons_are_looked_up),
		WITH(records_tell_of_their_person),
		WITH(the_lookup_is_made_ready_in_parts),
		WITH(rules_see_the_world),
		WITH(new_definitions_make_new_overviews),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
