/* core/op: differences, applying, hash, JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "core/op.h"

static void
fill(struct record *r)
{
	*r = (struct record){ .rev = 17 };
	r->id = uuid_new();
	memcpy(r->reg, "person", 7);
	memcpy(r->office, "3412000001", 11);
	memcpy(r->state, "open", 5);
	assert_true(record_set(r, "name", "测试甲"));
	assert_true(record_set(r, "phone", "13800138000"));
}

static void
stamp(struct op *op)
{
	op->epoch = 3;
	op->n = 412;
	op->after = 411;
	op->version = 31;
	memcpy(op->by, "u010", 5);
	op->at = 1772413000123;
	op->server_at = 1772412000000;
	op->elapsed_ms = 8120;
}

/* Every kind of change: the operation leads from one to the other, and its
 * expected hash is the other's. */
static void
test_diff_apply(void **state)
{
	static const struct {
		const char *field, *text;
		enum op_kind kind;
	} rows[] = {
		{ "name", "测试乙", OP_SET },
		{ "phone", "", OP_SET },
		{ "zz", "新", OP_SET },
		{ "a", "新", OP_SET },
		{ "@office", "3412000002", OP_SET },
		{ "@state", "closed", OP_MOVE },
		{ "@deleted", "重复录入", OP_DEL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct record a, b, c;
		struct op op;
		char hash[RECORD_HASH_MAX];

		fill(&a);
		record_copy(&b, &a);
		assert_true(record_set(&b, rows[i].field, rows[i].text));
		op_diff(&op, &a, &b);
		assert_int_equal(op.kind, rows[i].kind);
		assert_int_equal(op.base, 17);
		assert_int_equal(op.change_count, 1);
		assert_string_equal(op.changes[0].field, rows[i].field);
		assert_string_equal(op.changes[0].before,
			record_get(&a, rows[i].field));
		assert_string_equal(op.changes[0].after, rows[i].text);
		record_copy(&c, &a);
		op_apply(&c, &op);
		record_hash(hash, &c);
		assert_string_equal(hash, op.expect);
		op_release(&op);
		record_release(&a);
		record_release(&b);
		record_release(&c);
	}
}

static void
test_new(void **state)
{
	struct record a, b = {0};
	struct op op;
	char hash[RECORD_HASH_MAX];

	(void)state;
	fill(&a);
	a.rev = 0;
	op_diff(&op, NULL, &a);
	stamp(&op);
	assert_int_equal(op.kind, OP_NEW);
	assert_int_equal(op.base, 0);
	assert_int_equal(op.change_count, 3);	/* state and two fields */
	op_apply(&b, &op);
	record_hash(hash, &b);
	assert_string_equal(hash, op.expect);
	assert_int_equal(uuid_compare(&a.id, &b.id), 0);
	assert_string_equal(b.created_by, "u010");
	assert_int_equal(b.created_at, 1772413000123);
	op_release(&op);
	record_release(&a);
	record_release(&b);
}

static void
test_no_change(void **state)
{
	struct record a;
	struct op op;

	(void)state;
	fill(&a);
	op_diff(&op, &a, &a);
	assert_int_equal(op.change_count, 0);
	assert_int_equal(op.kind, OP_SET);
	op_release(&op);
	record_release(&a);
}

static void
make(struct op *op, enum op_kind kind)
{
	struct record a, b;

	fill(&a);
	record_copy(&b, &a);
	assert_true(record_set(&b, "name", "引号\"反斜\\换行\n"));
	assert_true(record_set(&b, "phone", ""));
	assert_true(record_set(&b, "@state", "closed"));
	op_diff(op, &a, &b);
	stamp(op);
	op->kind = kind;
	if (kind == OP_RESOLVE)
		op->conflict = uuid_new();
	record_release(&a);
	record_release(&b);
}

/* The tree and the fast line say the same, and come back as they were. */
static void
test_json(void **state)
{
	(void)state;
	for (int kind = OP_NEW; kind <= OP_RESOLVE; kind++) {
		struct err err = ERR_INIT;
		struct op op, back = {0};
		struct buf slow, fast, again;
		struct json *j;

		make(&op, (enum op_kind)kind);
		buf_init(&slow, BUF_LINE_MAX);
		buf_init(&fast, BUF_LINE_MAX);
		buf_init(&again, BUF_LINE_MAX);
		j = op_to_json(&op);
		json_print(&slow, j);
		op_print(&fast, &op);
		assert_string_equal(slow.data, fast.data);
		assert_int_equal(op_from_json(&back, j, &err), E_OK);
		assert_int_equal(back.epoch, 0);
		op_print(&again, &back);
		assert_string_equal(again.data, fast.data);
		json_free(j);
		op_release(&op);
		op_release(&back);
		buf_release(&slow);
		buf_release(&fast);
		buf_release(&again);
	}
}

/* What was entered changes the hash; a new number does not. */
static void
test_hash(void **state)
{
	struct op op;
	char a[OP_HASH_MAX], b[OP_HASH_MAX];

	(void)state;
	make(&op, OP_SET);
	op_hash(a, &op);
	assert_int_equal(strlen(a), 32);
	op.n = 1;
	op.after = 0;
	op.epoch = 4;
	op_hash(b, &op);
	assert_string_equal(a, b);
	op.at++;
	op_hash(b, &op);
	assert_string_not_equal(a, b);
	op.at--;
	op.changes[1].after[0] ^= 1;
	op_hash(b, &op);
	assert_string_not_equal(a, b);
	op.changes[1].after[0] ^= 1;
	op_release(&op);
}

/* Each member is needed or bounded: put something wrong in its place. */
/* The words go, the operation is known again, also after a way over the line;
 * emptied twice it is the same. */
static void
test_emptied(void **state)
{
	struct op op, back = {0};
	struct err err = ERR_INIT;
	char before[OP_HASH_MAX], after[OP_HASH_MAX];
	struct buf text;
	struct json *j;

	(void)state;
	make(&op, OP_SET);
	assert_false(op_is_empty(&op));
	op_hash(before, &op);
	op_empty(&op);
	op_empty(&op);
	assert_true(op_is_empty(&op));
	buf_init(&text, BUF_LINE_MAX);
	op_print(&text, &op);
	assert_null(strstr(text.data, "测试"));
	j = op_to_json(&op);
	assert_int_equal(op_from_json(&back, j, &err), E_OK);
	assert_true(op_is_empty(&back));
	op_hash(after, &back);
	assert_string_equal(after, before);
	json_free(j);
	buf_release(&text);
	op_release(&op);
	op_release(&back);
}

static void
test_json_refused(void **state)
{
	static const struct {
		const char *name, *value;	/* value NULL: "" as a text */
	} rows[] = {
		{ "n", "0" }, { "n", NULL }, { "id", "5" }, { "id", NULL },
		{ "k", NULL }, { "k", "\"Person\"" }, { "o", "3" },
		{ "kind", "\"merge\"" }, { "base", "-1" }, { "after", "412" },
		{ "set", "[]" }, { "set", "{\"name\":[\"a\"]}" },
		{ "set", "{\"name\":[\"a\",\"b\",\"c\"]}" },
		{ "set", "{\"name\":[\"a\",1]}" }, { "set", "{\"name\":1}" },
		{ "set", "{\"name\":{\"a\":\"b\",\"c\":\"d\"}}" },
		{ "set", "{\"Na\":[\"a\",\"b\"]}" },
		{ "set", "{\"@rev\":[\"1\",\"2\"]}" },
		{ "set", "{\"@was\":\"0a\",\"name\":\"a\"}" },
		{ "set", "{\"@office\":[\"\",\"12345678901234567890\"]}" },
		{ "sv", "9999999999" }, { "at", "-5" }, { "by", "[]" },
		{ "srv", "\"\"" }, { "el", "1.5" }, { "x", "7" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *value = rows[i].value ? rows[i].value : "\"\"";
		struct err err = ERR_INIT;
		struct op op, back = { .n = 7 };
		struct json *good, *bad = json_object(), *v = NULL;

		make(&op, OP_SET);
		good = op_to_json(&op);
		assert_int_equal(json_parse(&v, value, strlen(value),
			BUF_LINE_MAX, &err), E_OK);
		for (struct json *m = json_first(good); m; m = json_next(m))
			json_put(bad, json_name(m),
				strcmp(json_name(m), rows[i].name) == 0 ?
				json_copy(v) : json_copy(m));
		assert_int_equal(op_from_json(&back, bad, &err), E_INVALID);
		assert_int_equal(back.n, 7);
		assert_true(err.msg[0] != '\0');
		json_free(good);
		json_free(bad);
		json_free(v);
		op_release(&op);
	}
}

static void
test_kind_names(void **state)
{
	enum op_kind kind = OP_SET;

	(void)state;
	for (int i = OP_NEW; i <= OP_RESOLVE; i++) {
		assert_true(op_kind_parse(&kind,
			op_kind_name((enum op_kind)i)));
		assert_int_equal(kind, i);
	}
	assert_false(op_kind_parse(&kind, "other"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_diff_apply),
		cmocka_unit_test(test_new),
		cmocka_unit_test(test_no_change),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_emptied),
		cmocka_unit_test(test_json_refused),
		cmocka_unit_test(test_kind_names),
	};

	crypto_init();
	return cmocka_run_group_tests_name("op", tests, NULL, NULL);
}
