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
#include "base/io.h"
#include "base/mem.h"
#include "core/wire.h"
#include "db/db.h"
#include "kit/cache.h"
#include "store/draft.h"
#include "store/inside.h"
#include "store/outbox.h"

/* How many lines, each the operation after the one before. */
static size_t
read_lines(const struct buf *lines, int64_t first)
{
	const char *at = lines->data;
	size_t count = 0;

	while (*at) {
		const char *end = strchr(at, '\n');
		struct wire_hello hello = {0};
		struct op op = {0};
		struct err err = ERR_INIT;
		bool is_op = false;

		assert_non_null(end);
		assert_int_equal(wire_parse_request(&is_op, &hello, &op, at,
			(size_t)(end - at), &err), E_OK);
		assert_true(is_op);
		assert_int_equal(op.n, first + (int64_t)count++);
		op_release(&op);
		at = end + 1;
	}
	return count;
}

/* The server knows an operation again by its words and its instant; a clock that
 * stands, or was put back, makes no two of them one. */
static void
what_is_said_twice_is_said_at_two_instants(void **state)
{
	struct cache *c = *state;
	struct outbox_list l = {0};
	struct err err = ERR_INIT;
	struct uuid id;

	clock_fix(1770000000000);
	id = cache_add(c->s, "person", "name=甲;note=一");
	for (int i = 0; i < 3; i++) {
		clock_fix(1770000000000 + (i == 1));
		assert_int_equal(cache_change(c->s, &id, "note=二", &err), E_OK);
		assert_int_equal(cache_change(c->s, &id, "note=一", &err), E_OK);
	}
	assert_int_equal(outbox_list(&l, c->s, OUTBOX_OF_RECORD, &id, &err),
		E_OK);
	assert_int_equal(l.count, 7);
	for (size_t i = 0; i < l.count; i++) {
		assert_int_equal(l.items[i].op.at, 1770000000000 + (int64_t)i);
		for (size_t k = 0; k < i; k++) {
			char one[OP_HASH_MAX], other[OP_HASH_MAX];

			op_hash(one, &l.items[i].op);
			op_hash(other, &l.items[k].op);
			assert_string_not_equal(one, other);
		}
	}
	outbox_list_release(&l);
	clock_fix(0);
}

static void
batches_go_in_order_and_fit(void **state)
{
	struct cache *c = *state;
	struct buf b;
	struct err err = ERR_INIT;
	int64_t next = 1;
	size_t one, count = 7;
	bool more = false;

	buf_init(&b, BUF_BATCH_MAX);
	assert_int_equal(outbox_print(&b, &count, &more, c->s, 1, 0, 1000, &err),
		E_NOTFOUND);
	assert_int_equal(count, 7);
	for (int i = 0; i < 10; i++)
		cache_add(c->s, "person", "name=甲;note=同样长的一段话");
	assert_int_equal(outbox_print(&b, &count, &more, c->s, 1, 0, 1, &err),
		E_OK);
	assert_int_equal(count, 1);	/* at least one, however large */
	assert_true(more);
	assert_int_equal(read_lines(&b, 1), 1);
	one = b.len;
	buf_clear(&b);
	assert_int_equal(outbox_print(&b, &count, &more, c->s, 2, 5, 100000,
		&err), E_OK);
	assert_int_equal(count, 3);
	assert_int_equal(read_lines(&b, 2), 3);
	while (next <= 10) {
		buf_clear(&b);
		assert_int_equal(outbox_print(&b, &count, &more, c->s, next, 0,
			4 * one + 60, &err), E_OK);
		assert_int_equal(read_lines(&b, next), count);
		next += (int64_t)count;
		assert_true(count >= 3 || next == 11);
		assert_true(b.len <= 4 * one + 60);
		assert_int_equal(more, next <= 10);
	}
	buf_clear(&b);
	assert_int_equal(outbox_print(&b, &count, &more, c->s, 11, 0, 1000, &err),
		E_NOTFOUND);
	buf_release(&b);
	buf_init(&b, 10);
	assert_int_equal(outbox_print(&b, &count, &more, c->s, 1, 0, 1000, &err),
		E_INVALID);
	buf_release(&b);
}

static void
counts_are_true(void **state)
{
	struct cache *c = *state;
	struct draft draft = { .key = "d", .saved_at = 1 };
	struct outbox_counts n = {0};
	struct page p = {0};
	struct err err = ERR_INIT;
	struct uuid first;

	assert_int_equal(outbox_count(&n, c->s, &err), E_OK);
	assert_int_equal(n.oldest_at, 0);
	assert_int_equal(n.synced_at, 0);
	clock_fix(1770000000000);
	first = cache_add(c->s, "person", "name=甲");
	clock_fix(1770000060000);
	cache_add(c->s, "person", "name=乙");
	cache_add(c->s, "person", "name=丙");
	assert_int_equal(draft_put(c->s, &draft, &err), E_OK);
	page_verdict(&p, 1, VERDICT_OK, 1, "");
	page_verdict(&p, 2, VERDICT_REVIEW, 0, "旧版");
	page_ack(&p, c->s, &first, 1);
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

/* What went to another office is no refusal: it is read, not mended. */
static void
a_receipt_is_read(void **state)
{
	struct cache *c = *state;
	struct outbox_list l = {0};
	struct outbox_counts n = {0};
	struct page p = {0};
	struct err err = ERR_INIT;

	(void)cache_add(c->s, "person", "name=甲");
	page_verdict(&p, 1, VERDICT_MOVED, 0, "已移交二所");
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(outbox_count(&n, c->s, &err), E_OK);
	assert_int_equal(n.receipts, 1);
	assert_int_equal(n.refused, 0);
	assert_int_equal(n.records, 0);
	assert_int_equal(outbox_list(&l, c->s, OUTBOX_RECEIPTS, NULL, &err),
		E_OK);
	assert_int_equal(l.count, 1);
	assert_string_equal(l.items[0].why, "已移交二所");
	outbox_list_release(&l);
	assert_int_equal(outbox_withdraw(c->s, 1, 1, &err), E_OK);
	assert_int_equal(outbox_count(&n, c->s, &err), E_OK);
	assert_int_equal(n.receipts, 0);
	assert_int_equal(cache_damage(c->s), 0);
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

/* Whatever is saved fits into a request that gateways let through; what does
 * not is not taken as saved, and the longest field is named. */
static void
what_would_not_get_through_is_not_saved(void **state)
{
	struct cache *c = *state;
	struct uuid id = cache_add(c->s, "person", "name=甲");
	struct outbox_counts counts = {0};
	struct err err = ERR_INIT;
	struct pile none = {0};
	struct op_change changes[] = {
		{ (char *)"name", (char *)"甲", (char *)"乙" },
		{ (char *)"note", mem_alloc(1, 45001), mem_alloc(1, 45001) },
	};
	struct op op = { .record = id, .kind = OP_SET, .changes = changes,
		.change_count = 2, .reg = "person" };

	for (int i = 0; i < 45000; i++) {
		changes[1].before[i] = 'a';
		changes[1].after[i] = i % 2 ? '\n' : 'b';
	}
	assert_int_equal(store_begin(c->s, &err), E_OK);
	assert_int_equal(pile_add(c->s, &op, &none, &err), E_INVALID);
	assert_non_null(strstr(err.msg, "45000"));
	err = (struct err)ERR_INIT;
	changes[1].after[20000] = '\0';
	assert_int_equal(pile_add(c->s, &op, &none, &err), E_OK);
	assert_int_equal(store_commit(c->s, &err), E_OK);
	assert_int_equal(outbox_count(&counts, c->s, &err), E_OK);
	assert_int_equal(counts.waiting, 2);
	free(changes[1].before);
	free(changes[1].after);
}

/* The cache as a program before the table "op" left it. */
static void
make_older(struct cache *c)
{
	static const char old[] =
		"CREATE TABLE old(epoch INTEGER NOT NULL, n INTEGER NOT NULL,"
		" id BLOB NOT NULL, state INTEGER NOT NULL,"
		" verdict INTEGER NOT NULL, rev INTEGER NOT NULL,"
		" at INTEGER NOT NULL, op BLOB NOT NULL, why BLOB,"
		" PRIMARY KEY(epoch, n));"
		"INSERT INTO old SELECT epoch, n, id, state, verdict, rev, at,"
		" op, why FROM outbox JOIN op USING(num);"
		"DROP TABLE outbox; DROP TABLE op;"
		"ALTER TABLE old RENAME TO outbox;"
		"CREATE INDEX outbox_id ON outbox(id);"
		"CREATE INDEX outbox_open ON outbox(epoch, n) WHERE state = 0;"
		"CREATE INDEX outbox_bad ON outbox(epoch, n) WHERE state = 2;"
		"CREATE INDEX outbox_accepted ON outbox(id) WHERE state = 4;"
		"CREATE INDEX outbox_moved ON outbox(epoch, n)"
		" WHERE state = 5;";
	char *path = io_join(c->home, "cache.db");
	struct db *db = NULL;
	struct err err = ERR_INIT;

	store_close(c->s);
	c->s = NULL;
	assert_int_equal(db_open(&db, path, DB_WRITE, &err), E_OK);
	assert_int_equal(db_exec(db, old, &err), E_OK);
	assert_int_equal(db_exec(db, "PRAGMA user_version = 19", &err), E_OK);
	db_close(db);
	free(path);
}

/* What was entered before the program was replaced waits as it did. */
static void
entries_of_an_older_cache_are_here(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct outbox_list before = {0}, after = {0}, refused = {0};
	struct uuid id = cache_add(c->s, "person", "name=甲;note=一");
	struct err err = ERR_INIT;
	size_t bytes = 0, now = 0;

	assert_int_equal(cache_change(c->s, &id, "note=二", &err), E_OK);
	(void)cache_add(c->s, "person", "name=乙");
	page_verdict(&p, 1, VERDICT_INVALID, 0, "姓名不对");
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(outbox_list(&before, c->s, OUTBOX_WAITING, NULL, &err),
		E_OK);
	assert_int_equal(outbox_bytes(&bytes, c->s, &err), E_OK);
	assert_int_equal(before.count, 2);

	make_older(c);
	assert_int_equal(store_open(&c->s, c->home, false, c->schema, &err),
		E_OK);
	assert_int_equal(store_unlock(c->s, "zhang", CACHE_PASSWORD, &err),
		E_OK);
	assert_int_equal(outbox_list(&after, c->s, OUTBOX_WAITING, NULL, &err),
		E_OK);
	assert_int_equal(after.count, 2);
	for (size_t i = 0; i < 2; i++) {
		char one[OP_HASH_MAX], other[OP_HASH_MAX];

		op_hash(one, &before.items[i].op);
		op_hash(other, &after.items[i].op);
		assert_string_equal(one, other);
	}
	assert_int_equal(outbox_bytes(&now, c->s, &err), E_OK);
	assert_int_equal(now, bytes);
	assert_int_equal(outbox_list(&refused, c->s, OUTBOX_REFUSED, NULL,
		&err), E_OK);
	assert_int_equal(refused.count, 1);
	assert_string_equal(refused.items[0].why, "姓名不对");
	assert_int_equal(cache_damage(c->s), 0);
	(void)cache_add(c->s, "person", "name=丙");
	assert_int_equal(cache_damage(c->s), 0);
	outbox_list_release(&before);
	outbox_list_release(&after);
	outbox_list_release(&refused);
}

/* Text without an entry, or the other way round, is noticed. */
static void
an_entry_is_whole(void **state)
{
	struct cache *c = *state;
	struct err err = ERR_INIT;

	(void)cache_add(c->s, "person", "name=甲");
	(void)cache_add(c->s, "person", "name=乙");
	assert_int_equal(cache_damage(c->s), 0);
	assert_int_equal(db_exec(c->s->db, "DELETE FROM op WHERE num = 1",
		&err), E_OK);
	assert_true(cache_damage(c->s) > 0);
}

int
main(void)
{
#define WITH(t) cmocka_unit_test_setup_teardown(t, cache_set_up, \
	cache_tear_down)
	const struct CMUnitTest tests[] = {
		WITH(what_is_said_twice_is_said_at_two_instants),
		WITH(batches_go_in_order_and_fit),
		WITH(counts_are_true),
		WITH(a_receipt_is_read),
		WITH(the_trace_stays),
		WITH(what_would_not_get_through_is_not_saved),
		WITH(entries_of_an_older_cache_are_here),
		WITH(an_entry_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
