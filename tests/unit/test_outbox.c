/* The outbox: order, batches by bytes, counts, aside. */
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
#include "core/wire.h"
#include "kit/cache.h"
#include "store/draft.h"
#include "store/outbox.h"

static size_t
wire_len(const struct op *op)
{
	struct buf b;
	size_t len;

	buf_init(&b, BUF_BATCH_MAX);
	wire_print_op(&b, op);
	len = b.len;
	buf_release(&b);
	return len;
}

static void
batches_go_in_order_and_fit(void **state)
{
	struct cache *c = *state;
	struct outbox_batch b = {0};
	struct err err = ERR_INIT;
	int64_t next = 1;
	size_t one;

	assert_int_equal(outbox_peek(&b, c->s, 1, 1000, &err), E_NOTFOUND);
	for (int i = 0; i < 10; i++)
		cache_add(c->s, "person", "name=甲;note=同样长的一段话");
	assert_int_equal(outbox_peek(&b, c->s, 1, 1, &err), E_OK);
	assert_int_equal(b.count, 1);	/* at least one, however large */
	assert_true(b.more);
	one = wire_len(&b.ops[0]);
	outbox_batch_release(&b);
	while (next <= 10) {
		size_t used = 0;

		assert_int_equal(outbox_peek(&b, c->s, next, 4 * one + 60,
			&err), E_OK);
		assert_true(b.count >= 3 || b.ops[b.count - 1].n == 10);
		for (size_t i = 0; i < b.count; i++) {
			assert_int_equal(b.ops[i].n, next++);
			used += wire_len(&b.ops[i]);
		}
		assert_true(used <= 4 * one + 60);
		assert_int_equal(b.more, next <= 10);
		outbox_batch_release(&b);
	}
	assert_int_equal(outbox_peek(&b, c->s, 11, 1000, &err), E_NOTFOUND);
}

static void
counts_are_true(void **state)
{
	struct cache *c = *state;
	struct draft draft = { .key = "d", .saved_at = 1 };
	struct outbox_counts n = {0};
	struct page p = {0};
	struct err err = ERR_INIT;

	assert_int_equal(outbox_count(&n, c->s, &err), E_OK);
	assert_int_equal(n.oldest_at, 0);
	assert_int_equal(n.synced_at, 0);
	clock_fix(1770000000000);
	cache_add(c->s, "person", "name=甲");
	clock_fix(1770000060000);
	cache_add(c->s, "person", "name=乙");
	cache_add(c->s, "person", "name=丙");
	assert_int_equal(draft_put(c->s, &draft, &err), E_OK);
	page_verdict(&p, 1, VERDICT_OK, 1, "");
	page_verdict(&p, 2, VERDICT_REVIEW, 0, "旧版");
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(outbox_count(&n, c->s, &err), E_OK);
	assert_int_equal(n.waiting, 1);
	assert_int_equal(n.refused, 1);
	assert_int_equal(n.records, 3);
	assert_int_equal(n.drafts, 1);
	assert_int_equal(n.conflicts, 0);
	assert_true(n.oldest_at == 1770000060000);
	assert_true(n.synced_at == 1770000060000);
	clock_fix(0);
}

static void
the_trace_stays(void **state)
{
	struct cache *c = *state;
	struct uuid id = cache_add(c->s, "person", "name=甲");
	struct outbox_list l = {0};
	struct page p = {0};
	struct err err = ERR_INIT;

	assert_int_equal(cache_change(c->s, &id, "name=乙", &err), E_OK);
	page_verdict(&p, 1, VERDICT_OK, 1, "");
	page_verdict(&p, 2, VERDICT_OK, 2, "");
	page_ack(&p, c->s, &id, 2);
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(outbox_list(&l, c->s, OUTBOX_OF_RECORD, &id, &err),
		E_OK);
	assert_int_equal(l.count, 2);
	assert_true(l.items[0].decided && l.items[1].decided);
	assert_int_equal(l.items[1].rev, 2);
	assert_int_equal(l.items[1].verdict, VERDICT_OK);
	outbox_list_release(&l);
	assert_int_equal(outbox_list(&l, c->s, OUTBOX_WAITING, NULL, &err),
		E_OK);
	assert_int_equal(l.count, 0);
	outbox_list_release(&l);
	/* what was not refused cannot be put aside */
	assert_int_equal(outbox_withdraw(c->s, 1, 1, &err), E_NOTFOUND);
}

int
main(void)
{
#define WITH(t) cmocka_unit_test_setup_teardown(t, cache_set_up, \
	cache_tear_down)
	const struct CMUnitTest tests[] = {
		WITH(batches_go_in_order_and_fit),
		WITH(counts_are_true),
		WITH(the_trace_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
