/* core/record: values, system fields, hash, JSON and the compact form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "core/record.h"

static const char id_text[] = "01941f29-7c00-7000-8000-000000000001";

static void
fill(struct record *r)
{
	*r = (struct record){ .rev = 17, .created_at = 1772413000000,
		.updated_at = 1772413000001 };
	assert_true(uuid_parse(&r->id, id_text));
	memcpy(r->reg, "correction_subject", 19);
	memcpy(r->created_by, "u010", 5);
	memcpy(r->updated_by, "u011", 5);
	assert_true(record_set(r, "@office", "3412000001"));
	assert_true(record_set(r, "@state", "active"));
	assert_true(record_set(r, "phone", "13800138000"));
	assert_true(record_set(r, "name", "测试甲"));
	assert_true(record_set(r, "note", "第一行\n\"第二行\"\t\\"));
}

static void
test_values(void **state)
{
	struct values v = {0}, w = {0};

	(void)state;
	assert_string_equal(values_get(&v, "a"), "");
	for (int i = 25; i >= 0; i--) {
		char name[2] = { (char)('a' + (i * 7) % 26), '\0' };

		values_set(&v, name, "1");
	}
	assert_int_equal(v.count, 26);
	for (size_t i = 1; i < v.count; i++)
		assert_true(strcmp(v.items[i - 1].name, v.items[i].name) < 0);
	values_copy(&w, &v);
	assert_true(values_equal(&v, &w));
	values_set(&w, "m", "2");
	assert_false(values_equal(&v, &w));
	assert_string_equal(values_get(&w, "m"), "2");
	values_set(&w, "m", values_get(&w, "m"));	/* its own text */
	assert_string_equal(values_get(&w, "m"), "2");
	values_set(&w, "m", "");
	assert_false(values_has(&w, "m"));
	assert_int_equal(w.count, 25);
	values_set(&w, "m", NULL);
	values_set(&w, "m", "1");
	assert_true(values_equal(&v, &w));
	values_release(&v);
	values_release(&w);
	assert_int_equal(v.count, 0);
}

/* Those that came together lie together: each can be changed, replaced and taken
 * away all the same, and others put between. */
static void
test_values_together(void **state)
{
	static const struct {
		const char *json;
		const char *a, *b, *c;
		size_t count;
	} rows[] = {
		{ "{}", "", "", "", 0 },
		{ "{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}", "1", "2", "3", 3 },
		{ "{\"c\":\"3\",\"a\":\"1\",\"b\":\"2\"}", "1", "2", "3", 3 },
		{ "{\"a\":\"1\",\"b\":\"\",\"c\":\"3\"}", "1", "", "3", 2 },
		{ "{\"a\":\"1\",\"c\":\"3\",\"a\":\"\"}", "", "", "3", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct err err = ERR_INIT;
		struct json *j = NULL;
		struct values v = {0}, w = {0};

		if (json_parse(&j, rows[i].json, strlen(rows[i].json),
		    BUF_LINE_MAX, &err)) {
			/* a reader may refuse a name that comes twice */
			assert_true(i == 4);
			continue;
		}
		assert_int_equal(record_values_from_json(&v, j, &err), E_OK);
		assert_int_equal(v.count, rows[i].count);
		assert_string_equal(values_get(&v, "a"), rows[i].a);
		assert_string_equal(values_get(&v, "b"), rows[i].b);
		assert_string_equal(values_get(&v, "c"), rows[i].c);
		values_copy(&w, &v);
		assert_true(values_equal(&v, &w));
		for (char name[] = "a"; name[0] < 'z'; name[0]++)
			values_set(&w, name, "another and longer text");
		values_set(&w, "a", "");
		values_set(&w, "c", "");
		assert_int_equal(w.count, 23);
		assert_string_equal(values_get(&w, "b"),
			"another and longer text");
		values_release(&w);
		assert_string_equal(values_get(&v, "c"), rows[i].c);
		values_release(&v);
		json_free(j);
	}
}

static void
test_joined(void **state)
{
	static const struct {
		const char *joined, *member;
		bool has;
	} rows[] = {
		{ "01;02;03", "01", true }, { "01;02;03", "03", true },
		{ "01;02;03", "02", true }, { "01;02;03", "0", false },
		{ "01", "01", true }, { "011", "01", false },
		{ "", "01", false }, { "01;02", "", false },
		{ "01;02", "01;02", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(values_set_has(rows[i].joined,
			rows[i].member), rows[i].has);
}

static void
test_system_fields(void **state)
{
	struct record r;
	char *text = malloc(RECORD_VALUE_BYTES_MAX + 2);

	(void)state;
	fill(&r);
	assert_string_equal(record_get(&r, "@state"), "active");
	assert_string_equal(record_get(&r, "@office"), "3412000001");
	assert_string_equal(record_get(&r, "@deleted"), "");
	assert_string_equal(record_get(&r, "@nothing"), "");
	assert_true(record_set(&r, "@deleted", "重复录入"));
	assert_string_equal(r.deleted, "重复录入");
	assert_true(record_set(&r, "@deleted", r.deleted));
	assert_string_equal(r.deleted, "重复录入");
	assert_true(record_set(&r, "@deleted", ""));
	assert_null(r.deleted);
	assert_false(record_set(&r, "@office", "12345678901234567890"));
	assert_false(record_set(&r, "@nothing", "x"));
	assert_false(record_set(&r, "a234567890123456789012345678901_", "x"));
	assert_string_equal(record_get(&r, "@office"), "3412000001");
	assert_non_null(text);
	memset(text, 'a', RECORD_VALUE_BYTES_MAX + 1);
	text[RECORD_VALUE_BYTES_MAX + 1] = '\0';
	assert_false(record_set(&r, "note", text));
	text[RECORD_VALUE_BYTES_MAX] = '\0';
	assert_true(record_set(&r, "note", text));
	free(text);
	record_release(&r);
}

static void
test_at_most_so_many(void **state)
{
	struct record r = {0};
	char name[RECORD_NAME_MAX];

	(void)state;
	for (int i = 0; i < RECORD_VALUES_MAX; i++) {
		snprintf(name, sizeof name, "f%d", i);
		assert_true(record_set(&r, name, "x"));
	}
	assert_false(record_set(&r, "one_more", "x"));
	assert_true(record_set(&r, "f0", "y"));
	assert_true(record_set(&r, "one_more", ""));
	assert_int_equal(r.values.count, RECORD_VALUES_MAX);
	record_release(&r);
}

/* Words count, rev and who do not; a text may not slide into its neighbour. */
static void
test_hash(void **state)
{
	struct record a, b;
	char x[RECORD_HASH_MAX], y[RECORD_HASH_MAX];

	(void)state;
	fill(&a);
	record_copy(&b, &a);
	b.rev = 99;
	b.updated_at = 5;
	memcpy(b.updated_by, "u999", 5);
	record_hash(x, &a);
	record_hash(y, &b);
	assert_int_equal(strlen(x), 16);
	assert_string_equal(x, y);
	assert_true(record_set(&b, "@deleted", "错录"));
	record_hash(y, &b);
	assert_string_not_equal(x, y);
	record_release(&a);
	record_release(&b);

	a = (struct record){0};
	b = (struct record){0};
	assert_true(record_set(&a, "ab", "c"));
	assert_true(record_set(&b, "a", "bc"));
	record_hash(x, &a);
	record_hash(y, &b);
	assert_string_not_equal(x, y);
	record_release(&a);
	record_release(&b);
}

static void
assert_same(const struct record *a, const struct record *b)
{
	assert_int_equal(uuid_compare(&a->id, &b->id), 0);
	assert_string_equal(a->reg, b->reg);
	assert_string_equal(a->office, b->office);
	assert_string_equal(a->state, b->state);
	assert_int_equal(a->rev, b->rev);
	assert_true(values_equal(&a->values, &b->values));
	assert_string_equal(record_get(a, "@deleted"),
		record_get(b, "@deleted"));
	assert_string_equal(a->created_by, b->created_by);
	assert_string_equal(a->updated_by, b->updated_by);
	assert_int_equal(a->created_at, b->created_at);
	assert_int_equal(a->updated_at, b->updated_at);
}

static void
test_json(void **state)
{
	struct err err = ERR_INIT;
	struct record a, b = {0};
	struct json *j;

	(void)state;
	fill(&a);
	assert_true(record_set(&a, "@deleted", "错录"));
	j = record_to_json(&a);
	assert_int_equal(record_from_json(&b, j, &err), E_OK);
	assert_same(&a, &b);
	json_free(j);
	record_release(&a);
	record_release(&b);
}

#define HEAD "{\"id\":\"01941f29-7c00-7000-8000-000000000001\"," \
	"\"register\":\"person\",\"office\":\"3412000001\""

static void
test_json_refused(void **state)
{
	static const struct {
		const char *text, *named;	/* the member complained about */
	} rows[] = {
		{ "[]", "record" },
		{ "{}", "id" },
		{ "{\"id\":\"x\"}", "id" },
		{ HEAD "}", "values" },
		{ HEAD ",\"values\":[]}", "values" },
		{ HEAD ",\"values\":{\"name\":1}}", "name" },
		{ HEAD ",\"values\":{\"Name\":\"x\"}}", "values" },
		{ HEAD ",\"values\":{\"@state\":\"x\"}}", "values" },
		{ HEAD ",\"rev\":-1,\"values\":{}}", "rev" },
		{ HEAD ",\"rev\":\"1\",\"values\":{}}", "rev" },
		{ HEAD ",\"state\":7,\"values\":{}}", "state" },
		{ HEAD ",\"deleted\":false,\"values\":{}}", "deleted" },
		{ HEAD ",\"state\":\"a234567890123456789012345678901_\","
		  "\"values\":{}}", "state" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct err err = ERR_INIT;
		struct record r = { .rev = 42 };
		struct json *j = NULL;

		assert_int_equal(json_parse(&j, rows[i].text,
			strlen(rows[i].text), BUF_LINE_MAX, &err), E_OK);
		assert_int_equal(record_from_json(&r, j, &err), E_INVALID);
		assert_non_null(strstr(err.msg, rows[i].named));
		assert_int_equal(r.rev, 42);
		json_free(j);
	}
}

/* A field nobody knows stays; an empty value is none. */
static void
test_json_unknown_field(void **state)
{
	static const char text[] = HEAD
		",\"more\":[1],\"values\":{\"zz_new\":\"1\",\"a\":\"\"}}";
	struct err err = ERR_INIT;
	struct record r = {0};
	struct json *j = NULL;

	(void)state;
	assert_int_equal(json_parse(&j, text, strlen(text), BUF_LINE_MAX,
		&err), E_OK);
	assert_int_equal(record_from_json(&r, j, &err), E_OK);
	assert_string_equal(record_get(&r, "zz_new"), "1");
	assert_int_equal(r.values.count, 1);
	json_free(j);
	record_release(&r);
}

static void
test_code(void **state)
{
	struct err err = ERR_INIT;
	struct record a, b = {0};
	struct buf code, again;

	(void)state;
	fill(&a);
	buf_init(&code, BUF_RECORD_MAX);
	buf_init(&again, BUF_RECORD_MAX);
	record_encode(&code, &a);
	assert_int_equal(record_decode(&b, code.data, code.len, &err), E_OK);
	assert_same(&a, &b);
	record_encode(&again, &b);
	assert_int_equal(code.len, again.len);
	assert_memory_equal(code.data, again.data, code.len);
	/* what was decoded can grow like any other */
	for (char c = 'a'; c <= 'z'; c++) {
		char name[2] = { c, '\0' };

		assert_true(record_set(&b, name, "x"));
	}
	assert_int_equal(b.values.count, a.values.count + 26);
	record_release(&a);
	record_release(&b);
	buf_release(&code);
	buf_release(&again);
}

/* Cut anywhere, with any byte changed: refused or read, never out of bounds,
 * and what is read keeps its order. */
static void
test_code_damaged(void **state)
{
	struct err err = ERR_INIT;
	struct record a, b = {0};
	struct buf code;

	(void)state;
	fill(&a);
	buf_init(&code, BUF_RECORD_MAX);
	record_encode(&code, &a);
	for (size_t len = 0; len < code.len; len++) {
		char *copy = malloc(len + 1);

		assert_non_null(copy);
		memcpy(copy, code.data, len);
		assert_int_equal(record_decode(&b, copy, len, &err),
			E_INVALID);
		free(copy);
	}
	for (size_t at = 0; at < code.len; at++) {
		for (int bit = 0; bit < 8; bit++) {
			code.data[at] ^= (char)(1 << bit);
			if (record_decode(&b, code.data, code.len, &err) ==
			    E_OK) {
				for (size_t i = 1; i < b.values.count; i++)
					assert_true(strcmp(
						b.values.items[i - 1].name,
						b.values.items[i].name) < 0);
				record_release(&b);
			}
			code.data[at] ^= (char)(1 << bit);
		}
	}
	record_release(&a);
	buf_release(&code);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_values_together),
		cmocka_unit_test(test_joined),
		cmocka_unit_test(test_system_fields),
		cmocka_unit_test(test_at_most_so_many),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_json_refused),
		cmocka_unit_test(test_json_unknown_field),
		cmocka_unit_test(test_code),
		cmocka_unit_test(test_code_damaged),
	};

	crypto_init();
	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
