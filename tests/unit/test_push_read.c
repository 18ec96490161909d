/* server/push_read: what another thread reads is what would be read at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/tr.h"
#include "server/push_read.h"

enum { OPS = 300 };

static int
setup(void **state)
{
	struct err err = ERR_INIT;
	struct pool *readers = NULL;

	if (pool_start(&readers, 2, 8, push_read_work, &err))
		return -1;
	*state = readers;
	return 0;
}

static int
teardown(void **state)
{
	pool_stop(*state);
	return 0;
}

static void
add_hello(struct buf *out)
{
	struct wire_hello hello = { .epoch = 3, .from = 1, .max_bytes = 65536,
		.device = "0b3c1c3e-5a0d-4b8e-9d3c-7b1f5a2c4e6d" };

	wire_print_hello(out, &hello);
}

static void
add_op(struct buf *out, int64_t n)
{
	char title[32];
	struct op_change change = { .field = "title", .before = "",
		.after = title };
	struct op op = { .epoch = 3, .n = n, .reg = "matter", .office = "1",
		.by = "u1", .at = n, .changes = &change, .change_count = 1 };

	op.record.b[0] = 1;
	snprintf(title, sizeof title, "no. %lld", (long long)n);
	wire_print_op(out, &op);
}

/* All of it, by these readers, compared with what is read at once. */
static void
reads_the_same(const struct buf *text, struct pool *readers)
{
	struct push_read *a = NULL, *b = NULL;
	struct err err = ERR_INIT;
	size_t count_a = 0, count_b = 0;

	assert_int_equal(push_read_begin(&a, text->data, text->len, readers,
	    &err), E_OK);
	assert_int_equal(push_read_begin(&b, text->data, text->len, NULL,
	    &err), E_OK);
	assert_int_equal(push_read_hello(a)->epoch, 3);
	for (size_t i = 0; i < OPS; i++) {
		const struct push_op *x = push_read_at(a, i);
		const struct push_op *y = push_read_at(b, i);

		assert_non_null(x);
		assert_non_null(y);
		assert_int_equal(x->op.n, (int64_t)i + 1);
		assert_string_equal(x->hash, y->hash);
		assert_string_equal(x->broken, y->broken);
		assert_ptr_equal(x->line, y->line);
		assert_ptr_equal(push_read_at(a, i), x);
	}
	assert_null(push_read_at(a, OPS));
	assert_int_equal(push_read_all(&count_a, a, &err), E_OK);
	assert_int_equal(push_read_all(&count_b, b, &err), E_OK);
	assert_int_equal(count_a, OPS);
	assert_int_equal(count_b, OPS);
	push_read_end(a);
	push_read_end(b);
}

static void
all_lines_in_their_order(void **state)
{
	struct buf text;

	buf_init(&text, BUF_BATCH_MAX);
	add_hello(&text);
	for (int64_t n = 1; n <= OPS; n++) {
		if (n == 100)
			buf_text(&text, "{\"t\":\"op\",\"n\":100,\"kind\":0}\n");
		else
			add_op(&text, n);
	}
	buf_text(&text, "{\"t\":\"op\",\"n\":301");	/* cut off */
	for (int i = 0; i < 20; i++)
		reads_the_same(&text, *state);
	reads_the_same(&text, NULL);
	buf_release(&text);
}

static void
a_line_that_is_none_ends_it(void **state)
{
	static const char *const bad[] = { "", "{}", "x", "{\"t\":\"op\"}",
		"{\"t\":\"op\",\"n\":0}", "[1]" };
	struct pool *const pools[] = { *state, NULL };

	for (size_t i = 0; i < 2 * (sizeof bad / sizeof *bad); i++) {
		struct push_read *r = NULL;
		struct err err = ERR_INIT;
		struct buf text;
		size_t count = 77;

		buf_init(&text, BUF_BATCH_MAX);
		add_hello(&text);
		for (int64_t n = 1; n <= 40; n++)
			add_op(&text, n);
		buf_text(&text, bad[i / 2]);
		buf_text(&text, "\n");
		add_op(&text, 41);
		assert_int_equal(push_read_begin(&r, text.data, text.len,
		    pools[i % 2], &err), E_OK);
		assert_non_null(push_read_at(r, 39));
		assert_null(push_read_at(r, 40));
		assert_int_equal(push_read_all(&count, r, &err), E_INVALID);
		assert_int_equal(count, 77);
		assert_true(err.msg[0] != '\0');
		push_read_end(r);
		buf_release(&text);
	}
}

/* Lines shorter than any operation, as many as there can be. */
static void
many_short_lines_are_refused(void **state)
{
	struct push_read *r = NULL;
	struct err err = ERR_INIT;
	struct buf text;
	size_t count = 0;

	buf_init(&text, BUF_BATCH_MAX);
	add_hello(&text);
	for (int i = 0; i < 100000; i++)
		buf_char(&text, '\n');
	assert_int_equal(push_read_begin(&r, text.data, text.len, *state,
	    &err), E_OK);
	assert_int_equal(push_read_all(&count, r, &err), E_INVALID);
	push_read_end(r);
	/* the shortest that have a number all have their place */
	buf_clear(&text);
	add_hello(&text);
	for (int i = 1; i <= 500; i++)
		buf_text(&text, "{\"t\":\"op\",\"n\":1}\n");
	err = (struct err)ERR_INIT;
	assert_int_equal(push_read_begin(&r, text.data, text.len, *state,
	    &err), E_OK);
	assert_int_equal(push_read_all(&count, r, &err), E_OK);
	assert_int_equal(count, 500);
	push_read_end(r);
	buf_release(&text);
}

static void
it_begins_with_a_hello(void **state)
{
	struct push_read *r = NULL;
	struct err err = ERR_INIT;
	struct buf text;

	assert_int_equal(push_read_begin(&r, "", 0, *state, &err), E_INVALID);
	err = (struct err)ERR_INIT;
	buf_init(&text, BUF_BATCH_MAX);
	add_op(&text, 1);
	assert_int_equal(push_read_begin(&r, text.data, text.len, *state,
	    &err), E_INVALID);
	err = (struct err)ERR_INIT;
	buf_clear(&text);
	add_hello(&text);
	/* without its newline it is none */
	assert_int_equal(push_read_begin(&r, text.data, text.len - 1, *state,
	    &err), E_INVALID);
	push_read_end(NULL);
	buf_release(&text);
}

/* What is wrong with an operation is told in the language of who sent it. */
static void
in_the_callers_language(void **state)
{
	static const enum tr_lang langs[] = { TR_EN, TR_ZH, TR_EN };

	for (size_t i = 0; i < sizeof langs / sizeof *langs; i++) {
		struct push_read *r = NULL;
		struct err err = ERR_INIT;
		const struct push_op *op;
		struct buf text;

		buf_init(&text, BUF_BATCH_MAX);
		add_hello(&text);
		buf_text(&text, "{\"t\":\"op\",\"n\":1,\"kind\":\"x\"}\n");
		for (int64_t n = 2; n <= 40; n++)
			add_op(&text, n);
		tr_set(langs[i]);
		assert_int_equal(push_read_begin(&r, text.data, text.len,
		    *state, &err), E_OK);
		op = push_read_at(r, 0);
		assert_non_null(op);
		assert_true(op->broken[0] != '\0');
		assert_int_equal((unsigned char)op->broken[0] < 0x80,
		    langs[i] == TR_EN);
		push_read_end(r);
		buf_release(&text);
	}
	tr_set(TR_ZH);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_lines_in_their_order),
		cmocka_unit_test(a_line_that_is_none_ends_it),
		cmocka_unit_test(many_short_lines_are_refused),
		cmocka_unit_test(it_begins_with_a_hello),
		cmocka_unit_test(in_the_callers_language),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, setup, teardown);
}
