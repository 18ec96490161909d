/*
 * From older definitions to those that hold now: names that fields had, codes
 * that another took over.  Each row is an operation or a record as it was
 * entered, and what must become of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/mem.h"
#include "core/older.h"

#define LABEL "{\"zh\":\"某\",\"en\":\"x\"}"

/* "3" gave way to "2", that to "1"; "4" is retired without another; "5" holds
 * until 2026-12-31. */
static const char codes_text[] = "{\"codes\":\"kind\",\"title\":" LABEL ","
	"\"source\":\"test\",\"items\":["
	"{\"code\":\"1\",\"zh\":\"甲\",\"en\":\"one\"},"
	"{\"code\":\"2\",\"zh\":\"乙\",\"en\":\"two\","
	"\"until\":\"2025-12-31\",\"instead\":\"1\"},"
	"{\"code\":\"3\",\"zh\":\"丙\",\"en\":\"three\","
	"\"until\":\"2024-12-31\",\"instead\":\"2\"},"
	"{\"code\":\"4\",\"zh\":\"丁\",\"en\":\"four\","
	"\"until\":\"2024-12-31\"},"
	"{\"code\":\"5\",\"zh\":\"戊\",\"en\":\"five\","
	"\"until\":\"2026-12-31\",\"instead\":\"1\"}]}";

static const char village_text[] = "{\"register\":\"village\",\"version\":3,"
	"\"order\":1,\"title\":" LABEL ",\"one\":" LABEL ","
	"\"called\":[\"name\"],\"fields\":["
	"{\"name\":\"name\",\"label\":" LABEL ",\"type\":\"text\","
	"\"overview\":true},"
	"{\"name\":\"leader\",\"was\":[\"head\",\"chief\"],\"label\":" LABEL ","
	"\"type\":\"text\"},"
	"{\"name\":\"kind\",\"was\":[\"sort\"],\"label\":" LABEL ","
	"\"type\":\"code\",\"codes\":\"kind\"},"
	"{\"name\":\"kinds\",\"label\":" LABEL ",\"type\":\"code\","
	"\"codes\":\"kind\",\"multi\":true}],"
	"\"list\":{\"columns\":[{\"path\":\"name\",\"cells\":0}]},"
	"\"form\":[{\"page\":" LABEL ",\"rows\":[[\"name\"],[\"leader\"],"
	"[\"kind\"],[\"kinds\"]]}]}";

static struct schema *schema;
static const struct schema_register *village;

static int
set_up(void **state)
{
	const struct def_file files[] = {
		{ "codes/kind.json", codes_text, sizeof codes_text - 1 },
		{ "registers/village.json", village_text,
			sizeof village_text - 1 },
	};
	struct complaints c = {0};
	struct err err = ERR_INIT;

	(void)state;
	if (schema_load(&schema, files, 2, &c, &err))
		fail_msg("%s %s", err.msg, c.count ? c.items[0].text : "");
	complaints_release(&c);
	village = schema_register_find(schema, "village");
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	schema_free(schema);
	return 0;
}

/* ---- records ---- */

/* "name=text name=text" */
static void
fill(struct record *r, const char *text)
{
	memcpy(r->reg, "village", sizeof "village");
	while (*text) {
		size_t name = strcspn(text, "="), all = strcspn(text, " ");
		char *key = mem_strndup(text, name);
		char *value = mem_strndup(text + name + 1, all - name - 1);

		values_set(&r->values, key, value);
		free(key);
		free(value);
		text += all + (text[all] != '\0');
	}
}

static void
a_record_gets_the_present_names(void **state)
{
	static const struct {
		const char *before, *after;
		bool changed;
	} rows[] = {
		{ "name=a leader=b", "name=a leader=b", false },
		{ "name=a head=b", "name=a leader=b", true },
		{ "name=a chief=b", "name=a leader=b", true },
		/* both are filled: nothing is lost */
		{ "head=b leader=c", "head=b leader=c", false },
		{ "chief=a head=b", "head=b leader=a", true },
		{ "head=b sort=3", "kind=3 leader=b", true },
		/* codes of old records keep their words */
		{ "kind=3", "kind=3", false },
		/* of newer definitions than ours */
		{ "dialect=x", "dialect=x", false },
		{ "", "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct record r = {0}, wanted = {0};
		char got_hash[RECORD_HASH_MAX], hash[RECORD_HASH_MAX];

		fill(&r, rows[i].before);
		fill(&wanted, rows[i].after);
		if (older_record(&r, village) != rows[i].changed)
			fail_msg("row %zu: changed", i);
		record_hash(got_hash, &r);
		record_hash(hash, &wanted);
		if (strcmp(got_hash, hash) != 0)
			fail_msg("row %zu: another record", i);
		record_release(&r);
		record_release(&wanted);
	}
}

/* ---- operations ---- */

/* "name=before>after name=before>after" */
static void
fill_op(struct op *op, const char *text)
{
	memcpy(op->reg, "village", sizeof "village");
	op->kind = OP_SET;
	while (*text) {
		size_t name = strcspn(text, "="), left = strcspn(text, ">");
		size_t all = strcspn(text, " ");
		struct op_change *c;

		op->changes = mem_grow(op->changes, op->change_count,
			sizeof *op->changes);
		c = &op->changes[op->change_count++];
		c->field = mem_strndup(text, name);
		c->before = mem_strndup(text + name + 1, left - name - 1);
		c->after = mem_strndup(text + left + 1, all - left - 1);
		text += all + (text[all] != '\0');
	}
}

static void
print_op(struct buf *out, const struct op *op)
{
	for (size_t i = 0; i < op->change_count; i++)
		buf_printf(out, "%s%s=%s>%s", i ? " " : "",
			op->changes[i].field, op->changes[i].before,
			op->changes[i].after);
}

static void
an_operation_is_brought_along(void **state)
{
	static const struct {
		const char *entered, *on, *current, *now;
	} rows[] = {
		{ "leader=a>b", "2026-06-01", "leader=a", "leader=a>b" },
		{ "head=a>b", "2026-06-01", "leader=a", "leader=a>b" },
		{ "chief=a>", "2026-06-01", "leader=a", "leader=a>" },
		/* one change under two names, of a device that knew both */
		{ "head=a> leader=>b", "2026-06-01", "leader=a",
		  "leader=a>b" },
		{ "leader=>b head=a>", "2026-06-01", "leader=a",
		  "leader=a>b" },
		/* two values: neither is thrown away */
		{ "head=a>b leader=>c", "2026-06-01", "leader=a",
		  "head=a>b leader=>c" },
		/* a code that held on the day it was entered stays */
		{ "kind=>2", "2025-12-31", "", "kind=>2" },
		{ "kind=>2", "2026-01-01", "", "kind=>1" },
		{ "kind=>3", "2025-06-01", "", "kind=>2" },
		{ "kind=>3", "2026-06-01", "", "kind=>1" },
		{ "kind=>4", "2026-06-01", "", "kind=>4" },
		{ "kind=>5", "2026-06-01", "", "kind=>5" },
		{ "kind=>9", "2026-06-01", "", "kind=>9" },
		{ "sort=>3", "2026-06-01", "", "kind=>1" },
		/* what its author saw, only where the record has been */
		{ "kind=2>5", "2026-06-01", "kind=1", "kind=1>5" },
		{ "kind=2>5", "2026-06-01", "kind=2", "kind=2>5" },
		{ "kind=2>5", "2026-06-01", "kind=4", "kind=2>5" },
		/* several; the same one is there once */
		{ "kinds=>1;2;4", "2026-06-01", "", "kinds=>1;4" },
		{ "kinds=>3;5", "2026-06-01", "", "kinds=>1;5" },
		/* what stood there was not entered now */
		{ "kinds=3>1;3", "2026-06-01", "kinds=3", "kinds=3>1;3" },
		{ "kinds=3>3;4", "2026-06-01", "kinds=4", "kinds=3>3;4" },
		/* but where it has become another one already */
		{ "kinds=3>3;4", "2026-06-01", "kinds=1", "kinds=1>1;4" },
		{ "dialect=>x", "2026-06-01", "", "dialect=>x" },
		{ "@state=a>b", "2026-06-01", "", "@state=a>b" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bool same = strcmp(rows[i].entered, rows[i].now) == 0;
		struct record current = {0};
		struct op op = {0};
		struct buf got;
		int on = date_parse(rows[i].on);

		assert_int_not_equal(on, DATE_NONE);
		fill(&current, rows[i].current);
		fill_op(&op, rows[i].entered);
		if (!same && !older_concerns(&op, village))
			fail_msg("row %zu: concerns", i);
		if (older_op(&op, village, &current, on) == same)
			fail_msg("row %zu: changed", i);
		buf_init(&got, BUF_LINE_MAX);
		print_op(&got, &op);
		assert_string_equal(got.data, rows[i].now);
		buf_release(&got);
		op_release(&op);
		record_release(&current);
	}
}

static void
what_is_as_it_was_is_not_looked_at(void **state)
{
	struct op op = {0};

	(void)state;
	fill_op(&op, "name=a>b leader=>c dialect=>x");
	assert_false(older_concerns(&op, village));
	op_release(&op);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_gets_the_present_names),
		cmocka_unit_test(an_operation_is_brought_along),
		cmocka_unit_test(what_is_as_it_was_is_not_looked_at),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
