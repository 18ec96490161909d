/*
 * Pages from the server: base + undecided operations is what is shown, after
 * any page, in any order of verdicts and feed lines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "db/db.h"
#include "db/db_fail.h"
#include "db/db_number.h"
#include "kit/cache.h"
#include "store/inside.h"
#include "store/outbox.h"
#include "store/overview.h"

enum { MANY = 24 };

static enum sync_mark
mark_of(struct store *s, const struct uuid *id)
{
	const struct overview *o = overview_find(s, id);

	assert_non_null(o);
	return (enum sync_mark)o->sync;
}

static size_t
waiting(struct store *s)
{
	struct outbox_counts counts = {0};
	struct err err = ERR_INIT;

	assert_int_equal(outbox_count(&counts, s, &err), E_OK);
	return counts.waiting;
}

/* A record of the server's: not made here. */
static struct uuid
pull(struct cache *c, struct page *p, const char *values, int64_t rev)
{
	struct record r;
	struct err err = ERR_INIT;
	struct uuid id = uuid_new();

	cache_record(&r, "person", values);
	r.id = id;
	snprintf(r.office, sizeof r.office, "3412000001");
	page_put(p, &r, rev);
	assert_int_equal(page_apply(p, c->s, NULL, &err), E_OK);
	record_release(&r);
	return id;
}

/* The server's next version of a pulled record. */
static void
put_again(struct page *p, struct store *s, const struct uuid *id,
	const char *field, const char *text, int64_t rev)
{
	struct record r = {0};
	struct err err = ERR_INIT;

	assert_int_equal(store_get(&r, s, id, &err), E_OK);
	assert_true(record_set(&r, field, text));
	page_put(p, &r, rev);
	record_release(&r);
}

static void
own_changes_are_confirmed_without_echo(void **state)
{
	struct cache *c = *state;
	struct uuid id = cache_add(c->s, "person", "name=甲;phone=1");
	struct apply_counts counts = {0};
	struct page p = {0};
	struct record r = {0};
	struct err err = ERR_INIT;

	page_verdict(&p, 1, VERDICT_OK, 1, "");
	page_ack(&p, c->s, &id, 1);
	assert_int_equal(page_apply(&p, c->s, &counts, &err), E_OK);
	assert_int_equal(counts.ok, 1);
	assert_int_equal(counts.pulled, 0);
	assert_int_equal(waiting(c->s), 0);
	assert_int_equal(mark_of(c->s, &id), SYNC_CLEAN);
	assert_int_equal(store_get(&r, c->s, &id, &err), E_OK);
	assert_int_equal(r.rev, 1);
	assert_string_equal(r.created_by, "zhang");
	record_release(&r);
	assert_int_equal(cache_damage(c->s), 0);
}

/* As a sync does before it asks. */
static void
print(struct store *s)
{
	struct err err = ERR_INIT;
	struct buf out;
	size_t count = 0;
	bool more = false;

	buf_init(&out, BUF_BATCH_MAX);
	assert_int_equal(outbox_print(&out, &count, &more, s, 1, 0,
		BUF_BATCH_MAX, &err), E_OK);
	buf_release(&out);
}

/* The sealed body of the only row, as bytes. */
static void
read_body(struct buf *out, struct store *s)
{
	struct db_stmt *q = NULL;
	struct err err = ERR_INIT;
	const void *bytes;
	size_t len = 0;
	bool row = false;

	buf_clear(out);
	assert_int_equal(db_prepare(&q, s->db, "SELECT body FROM body", &err),
		E_OK);
	assert_int_equal(db_step(q, &row, &err), E_OK);
	assert_true(row);
	bytes = db_blob(q, 0, &len);
	buf_add(out, bytes, len);
	db_finish(q);
}

/* A new record, an edit of it, and one that is confirmed while the next waits:
 * all are right, here and in another session; only the last is sealed again. */
static void
what_is_confirmed_is_not_sealed_again(void **state)
{
	struct cache *c = *state;
	struct store *second = cache_open(c);
	struct uuid id = cache_add(c->s, "person", "name=甲;phone=1");
	struct buf before, after;
	struct page p = {0};
	struct err err = ERR_INIT;

	buf_init(&before, BUF_RECORD_MAX);
	buf_init(&after, BUF_RECORD_MAX);
	for (int64_t n = 1; n <= 3; n++) {
		char values[16];

		snprintf(values, sizeof values, "phone=%d", (int)n);
		if (n > 1)
			assert_int_equal(cache_change(c->s, &id, values, &err),
				E_OK);
		print(c->s);
		page_verdict(&p, n, VERDICT_OK, n, "");
		page_ack(&p, c->s, &id, n);
		if (n == 3)
			assert_int_equal(cache_change(c->s, &id, "phone=4",
				&err), E_OK);
		read_body(&before, c->s);
		assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
		read_body(&after, c->s);
		assert_int_equal(before.len == after.len &&
			memcmp(before.data, after.data, after.len) == 0, n < 3);
		assert_int_equal(overview_refresh(second, NULL, &err), E_OK);
		assert_int_equal(overview_find(second, &id)->rev, n);
		assert_int_equal(overview_find(second, &id)->sync, n < 3 ?
			SYNC_CLEAN : SYNC_WAITING);
		assert_string_equal(cache_value(second, &id, "phone"), n == 3 ?
			"4" : n == 2 ? "2" : "1");
		assert_int_equal(cache_damage(c->s), 0);
	}
	buf_release(&before);
	buf_release(&after);
	store_close(second);
}

static void
a_verdict_before_its_line_keeps_the_value(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct uuid id = pull(c, &p, "name=甲;phone=1", 5);
	struct outbox_list b = {0};
	struct err err = ERR_INIT;

	assert_int_equal(cache_change(c->s, &id, "phone=2", &err), E_OK);
	page_verdict(&p, 1, VERDICT_OK, 6, "");
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_string_equal(cache_value(c->s, &id, "phone"), "2");
	assert_int_equal(waiting(c->s), 0);
	assert_int_equal(cache_damage(c->s), 0);
	/* what is entered now builds on it, though the base is older */
	assert_int_equal(cache_change(c->s, &id, "note=n", &err), E_OK);
	assert_int_equal(outbox_list(&b, c->s, OUTBOX_WAITING, NULL, &err),
		E_OK);
	assert_int_equal(b.items[0].op.base, 5);
	assert_int_equal(b.items[0].op.after, 1);
	outbox_list_release(&b);
	page_verdict(&p, 2, VERDICT_DENIED, 0, "不允许");
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	page_ack(&p, c->s, &id, 6);
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_string_equal(cache_value(c->s, &id, "phone"), "2");
	assert_int_equal(overview_find(c->s, &id)->rev, 6);
	assert_int_equal(cache_damage(c->s), 0);
}

static void
a_put_goes_below_what_waits(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct uuid id = pull(c, &p, "name=甲;phone=1;note=n", 5);
	struct record r = {0};
	struct err err = ERR_INIT;

	assert_int_equal(cache_change(c->s, &id, "phone=2", &err), E_OK);
	/* somebody else changed the note */
	cache_record(&r, "person", "name=甲;phone=1;note=别人");
	r.id = id;
	page_put(&p, &r, 6);
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_string_equal(cache_value(c->s, &id, "phone"), "2");
	assert_string_equal(cache_value(c->s, &id, "note"), "别人");
	assert_int_equal(mark_of(c->s, &id), SYNC_WAITING);
	assert_int_equal(cache_damage(c->s), 0);
	/* the operation made meanwhile has a higher number and stays */
	assert_int_equal(cache_change(c->s, &id, "note=再改", &err), E_OK);
	assert_true(record_set(&r, "phone", "2"));
	page_verdict(&p, 1, VERDICT_MERGED, 7, "");
	page_put(&p, &r, 7);
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_string_equal(cache_value(c->s, &id, "note"), "再改");
	assert_int_equal(waiting(c->s), 1);
	assert_int_equal(cache_damage(c->s), 0);
	record_release(&r);
}

static void
a_lost_reply_is_caught_up_with(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct uuid id = pull(c, &p, "name=甲;phone=1", 5);
	struct err err = ERR_INIT;

	assert_int_equal(cache_change(c->s, &id, "phone=2", &err), E_OK);
	assert_int_equal(cache_change(c->s, &id, "phone=3", &err), E_OK);
	/* the server has judged both, we hear of the content first */
	page_ack(&p, c->s, &id, 7);
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(waiting(c->s), 2);
	assert_string_equal(cache_value(c->s, &id, "phone"), "3");
	page_verdict(&p, 1, VERDICT_OK, 6, "");
	page_verdict(&p, 2, VERDICT_OK, 7, "");
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(waiting(c->s), 0);
	assert_int_equal(mark_of(c->s, &id), SYNC_CLEAN);
	/* and once more: verdicts are final, a repeat changes nothing */
	page_verdict(&p, 1, VERDICT_INVALID, 0, "x");
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(mark_of(c->s, &id), SYNC_CLEAN);
	assert_int_equal(cache_damage(c->s), 0);
}

static void
a_refused_change_leaves_the_base(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct uuid id = pull(c, &p, "name=甲;phone=1", 5);
	struct outbox_list l = {0};
	struct apply_counts counts = {0};
	struct err err = ERR_INIT;

	assert_int_equal(cache_change(c->s, &id, "phone=2", &err), E_OK);
	assert_int_equal(cache_change(c->s, &id, "note=留", &err), E_OK);
	page_verdict(&p, 1, VERDICT_DENIED, 0, "不允许");
	assert_int_equal(page_apply(&p, c->s, &counts, &err), E_OK);
	assert_int_equal(counts.refused, 1);
	assert_string_equal(cache_value(c->s, &id, "phone"), "1");
	assert_string_equal(cache_value(c->s, &id, "note"), "留");
	assert_int_equal(mark_of(c->s, &id), SYNC_REFUSED);
	assert_int_equal(outbox_list(&l, c->s, OUTBOX_REFUSED, NULL, &err),
		E_OK);
	assert_int_equal(l.count, 1);
	assert_string_equal(l.items[0].why, "不允许");
	assert_string_equal(l.items[0].op.changes[0].after, "2");
	outbox_list_release(&l);
	assert_int_equal(outbox_withdraw(c->s, 1, 1, &err), E_OK);
	assert_int_equal(outbox_withdraw(c->s, 1, 1, &err), E_NOTFOUND);
	assert_int_equal(overview_refresh(c->s, NULL, &err), E_OK);
	assert_int_equal(mark_of(c->s, &id), SYNC_WAITING);
	assert_int_equal(cache_damage(c->s), 0);
}

static void
a_refused_new_record_is_kept_and_mended(void **state)
{
	struct cache *c = *state;
	struct uuid id = cache_add(c->s, "person", "name=甲;phone=1");
	struct uuid other = cache_add(c->s, "person", "name=乙");
	struct outbox_list l = {0};
	struct page p = {0};
	struct err err = ERR_INIT;

	assert_int_equal(cache_change(c->s, &id, "note=n", &err), E_OK);
	page_verdict(&p, 1, VERDICT_INVALID, 0, "电话不对");
	page_verdict(&p, 2, VERDICT_INVALID, 0, "不对");
	page_verdict(&p, 3, VERDICT_INVALID, 0, "没有这条");
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(mark_of(c->s, &id), SYNC_REFUSED);
	assert_string_equal(cache_value(c->s, &id, "phone"), "1");
	assert_string_equal(cache_value(c->s, &id, "note"), "n");
	assert_int_equal(cache_damage(c->s), 0);

	/* mended: sent whole, as new */
	assert_int_equal(cache_change(c->s, &id, "phone=13800138000", &err),
		E_OK);
	assert_int_equal(outbox_list(&l, c->s, OUTBOX_WAITING, NULL, &err),
		E_OK);
	assert_int_equal(l.count, 1);
	assert_int_equal(l.items[0].op.kind, OP_NEW);
	outbox_list_release(&l);
	assert_int_equal(mark_of(c->s, &id), SYNC_WAITING);
	assert_string_equal(cache_value(c->s, &id, "note"), "n");
	page_verdict(&p, 4, VERDICT_OK, 1, "");
	page_ack(&p, c->s, &id, 1);
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(mark_of(c->s, &id), SYNC_CLEAN);

	/* given up: it goes, the trace stays */
	assert_int_equal(outbox_withdraw(c->s, 1, 2, &err), E_OK);
	assert_int_equal(overview_refresh(c->s, NULL, &err), E_OK);
	assert_null(overview_find(c->s, &other));
	assert_int_equal(outbox_list(&l, c->s, OUTBOX_OF_RECORD, &other, &err),
		E_OK);
	assert_int_equal(l.count, 1);
	outbox_list_release(&l);
	assert_int_equal(cache_damage(c->s), 0);
}

static void
what_leaves_the_last_stream_goes(void **state)
{
	struct cache *c = *state;
	struct store *other = cache_open(c);
	struct page p = {0};
	struct uuid id = pull(c, &p, "name=甲", 5);
	struct uuid busy = pull(c, &p, "name=乙", 5);
	struct apply_counts counts = {0};
	struct err err = ERR_INIT;

	assert_int_equal(overview_refresh(other, NULL, &err), E_OK);
	assert_non_null(overview_find(other, &id));
	assert_int_equal(cache_change(c->s, &busy, "phone=1", &err), E_OK);
	page_gone(&p, &id);
	page_gone(&p, &busy);
	assert_int_equal(page_apply(&p, c->s, &counts, &err), E_OK);
	assert_int_equal(counts.gone, 2);
	assert_null(overview_find(c->s, &id));
	assert_non_null(overview_find(c->s, &busy));
	assert_int_equal(overview_refresh(other, NULL, &err), E_OK);
	assert_null(overview_find(other, &id));
	/* its last operation judged: now it may go */
	page_verdict(&p, 1, VERDICT_MOVED, 0, "已移交");
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_null(overview_find(c->s, &busy));
	/* and may come again */
	id = pull(c, &p, "name=丙", 1);
	assert_non_null(overview_find(c->s, &id));
	assert_int_equal(cache_damage(c->s), 0);
	store_close(other);
}

/* More than a person would believe, in one page. */
static void
many_that_leave_at_once_stay(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct uuid ids[MANY];
	struct apply_counts counts = {0};
	struct wire_line end = { .kind = WIRE_END };
	struct wire_line all[2] = { { .kind = WIRE_GONE, .all = true }, end };
	struct err err = ERR_INIT;

	for (int i = 0; i < MANY; i++)
		ids[i] = pull(c, &p, "name=甲", 5);
	/* those that come again in the same page do not leave */
	for (int i = 0; i < MANY; i++)
		page_gone(&p, &ids[i]);
	for (int i = 0; i < MANY; i++)
		put_again(&p, c->s, &ids[i], "phone", "1", 6);
	assert_int_equal(page_apply(&p, c->s, &counts, &err), E_OK);
	for (int i = 0; i < MANY; i++)
		page_gone(&p, &ids[i]);
	counts = (struct apply_counts){0};
	assert_int_equal(page_apply(&p, c->s, &counts, &err), E_CONFLICT);
	err = (struct err)ERR_INIT;
	snprintf(all[0].stream, sizeof all[0].stream, "%s", CACHE_STREAM);
	assert_int_equal(apply_page(&counts, c->s, all, 2, &err), E_CONFLICT);
	err = (struct err)ERR_INIT;
	assert_int_equal(counts.gone, 0);
	for (int i = 0; i < MANY; i++)
		assert_non_null(overview_find(c->s, &ids[i]));
	/* work that was not judged keeps its row */
	assert_int_equal(cache_change(c->s, &ids[0], "phone=2", &err), E_OK);
	assert_int_equal(apply_believed(&counts, c->s, all, 2, &err), E_OK);
	assert_int_equal(counts.gone, 1);
	assert_non_null(overview_find(c->s, &ids[0]));
	assert_null(overview_find(c->s, &ids[1]));
	assert_int_equal(cache_damage(c->s), 0);
}

static void
contradictions_change_nothing(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct uuid id = pull(c, &p, "name=甲", 5), made;
	struct wire_hello before = {0}, after = {0};
	struct err err = ERR_INIT;

	made = cache_add(c->s, "person", "name=乙");
	assert_int_equal(apply_hello(&before, c->s, &err), E_OK);
	for (int i = 0; i < 5; i++) {
		put_again(&p, c->s, &id, "name", "不该出现", 6);
		if (i == 0)		/* never made */
			page_verdict(&p, 99, VERDICT_OK, 1, "");
		else if (i == 1)	/* a revision that goes back */
			put_again(&p, c->s, &id, "name", "旧", 4);
		else if (i == 2) {	/* content that we do not have */
			page_ack(&p, c->s, &made, 1);
			p.lines[p.count - 1].hash[0] ^= 1;
		} else if (i == 3) {	/* of a record that is not here */
			page_ack(&p, c->s, &made, 1);
			p.lines[p.count - 1].record = uuid_new();
		} else {		/* a cursor that goes back */
			p.seq = -5;
		}
		assert_int_equal(page_apply(&p, c->s, NULL, &err), E_INVALID);
		assert_string_equal(cache_value(c->s, &id, "name"), "甲");
	}
	assert_int_equal(apply_hello(&after, c->s, &err), E_OK);
	assert_memory_equal(&before, &after, sizeof before);
	assert_int_equal(waiting(c->s), 1);
	assert_int_equal(cache_damage(c->s), 0);
}

/* New records and an edit are confirmed by a run; one that was changed again
 * since it was sent keeps what waits on top; of what was not sent, nothing is
 * believed. */
static void
a_run_confirms_what_was_sent(void **state)
{
	struct cache *c = *state;
	struct uuid a = cache_add(c->s, "person", "name=甲;phone=1");
	struct uuid b = cache_add(c->s, "person", "name=乙;phone=1");
	struct apply_counts counts = {0};
	struct page p = {0};
	struct err err = ERR_INIT;

	page_run(&p, 1, 2);	/* not printed by this process */
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_INVALID);
	print(c->s);
	page_run(&p, 1, 3);	/* one too many */
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_INVALID);
	assert_int_equal(waiting(c->s), 2);

	print(c->s);
	assert_int_equal(cache_change(c->s, &b, "phone=2", &err), E_OK);
	page_run(&p, 1, 2);
	assert_int_equal(page_apply(&p, c->s, &counts, &err), E_OK);
	assert_int_equal(counts.ok, 2);
	assert_int_equal(waiting(c->s), 1);
	assert_int_equal(mark_of(c->s, &a), SYNC_CLEAN);
	assert_int_equal(mark_of(c->s, &b), SYNC_WAITING);
	assert_string_equal(cache_value(c->s, &b, "phone"), "2");

	assert_int_equal(cache_change(c->s, &a, "phone=3", &err), E_OK);
	print(c->s);
	page_verdict(&p, 3, VERDICT_OK, 2, "");	/* it saw none */
	page_ack(&p, c->s, &b, 2);
	page_run(&p, 4, 4);
	assert_int_equal(page_apply(&p, c->s, &counts, &err), E_OK);
	assert_int_equal(counts.ok, 4);
	assert_int_equal(waiting(c->s), 0);
	assert_int_equal(overview_find(c->s, &a)->rev, 2);
	assert_int_equal(overview_find(c->s, &b)->rev, 2);
	assert_string_equal(cache_value(c->s, &a, "phone"), "3");
	assert_int_equal(cache_damage(c->s), 0);
}

/* A confirmation settles its own entry, and not what was refused before. */
static void
what_was_refused_stays_marked(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct uuid id = pull(c, &p, "name=甲;phone=1", 5);
	struct uuid other = cache_add(c->s, "person", "name=乙");
	struct outbox_counts counts = {0};
	struct err err = ERR_INIT;

	assert_int_equal(cache_change(c->s, &id, "phone=2", &err), E_OK);
	page_verdict(&p, 1, VERDICT_OK, 1, "");
	page_ack(&p, c->s, &other, 1);
	page_verdict(&p, 2, VERDICT_DENIED, 0, "不允许");
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(mark_of(c->s, &id), SYNC_REFUSED);

	assert_int_equal(cache_change(c->s, &id, "note=留", &err), E_OK);
	assert_int_equal(cache_change(c->s, &other, "note=留", &err), E_OK);
	print(c->s);
	page_verdict(&p, 3, VERDICT_OK, 6, "");
	page_ack(&p, c->s, &id, 6);
	page_verdict(&p, 4, VERDICT_OK, 2, "");
	page_ack(&p, c->s, &other, 2);
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(mark_of(c->s, &id), SYNC_REFUSED);
	assert_int_equal(mark_of(c->s, &other), SYNC_CLEAN);
	assert_int_equal(outbox_count(&counts, c->s, &err), E_OK);
	assert_int_equal(counts.refused, 1);
	assert_int_equal(counts.waiting, 0);
	assert_int_equal(cache_damage(c->s), 0);
}

static void
hello_says_where_we_are(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct wire_hello h = {0};
	struct err err = ERR_INIT;

	pull(c, &p, "name=甲", 5);
	cache_add(c->s, "person", "name=乙");
	cache_add(c->s, "person", "name=丙");
	assert_int_equal(apply_hello(&h, c->s, &err), E_OK);
	assert_int_equal(h.epoch, 1);
	assert_int_equal(h.from, 1);
	assert_int_equal(h.cursor_count, 1);
	assert_string_equal(h.cursors[0].stream, CACHE_STREAM);
	assert_int_equal(h.cursors[0].seq, 1);
	assert_string_equal(h.cursors[0].mark, "0000abcd");
	page_verdict(&p, 1, VERDICT_OK, 1, "");
	page_verdict(&p, 2, VERDICT_OK, 1, "");
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(apply_hello(&h, c->s, &err), E_OK);
	assert_int_equal(h.from, 3);
}

static void
only_one_syncs(void **state)
{
	struct cache *c = *state;
	struct store *other = cache_open(c);
	struct err err = ERR_INIT;
	int fd = -1, second = -1;

	assert_int_equal(apply_lock(&fd, c->s, &err), E_OK);
	assert_int_equal(apply_lock(&second, other, &err), E_CONFLICT);
	assert_int_equal(second, -1);
	apply_unlock(fd);
	assert_int_equal(apply_lock(&second, other, &err), E_OK);
	apply_unlock(second);
	store_close(other);
}

static void
a_fork_stamps_again(void **state)
{
	struct cache *c = *state;
	struct uuid a = cache_add(c->s, "person", "name=甲"), b;
	struct outbox_list batch = {0};
	struct page p = {0};
	struct err err = ERR_INIT;

	page_verdict(&p, 1, VERDICT_OK, 1, "");
	page_ack(&p, c->s, &a, 1);
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	b = cache_add(c->s, "person", "name=乙");
	assert_int_equal(cache_change(c->s, &b, "phone=1", &err), E_OK);
	assert_int_equal(cache_change(c->s, &a, "phone=2", &err), E_OK);
	assert_int_equal(apply_fork(c->s, 1, &err), E_INVALID);
	assert_int_equal(apply_fork(c->s, 4, &err), E_OK);
	assert_int_equal(outbox_list(&batch, c->s, OUTBOX_WAITING, NULL, &err),
		E_OK);
	assert_int_equal(batch.count, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(batch.items[i].op.epoch, 4);
		assert_int_equal(batch.items[i].op.n, i + 1);
	}
	assert_int_equal(batch.items[1].op.after, 1);
	assert_int_equal(batch.items[2].op.after, 0);
	assert_string_equal(cache_value(c->s, &b, "phone"), "1");
	assert_int_equal(cache_damage(c->s), 0);
	outbox_list_release(&batch);
}

static void
another_county_is_refused(void **state)
{
	struct cache *c = *state;
	struct apply_counts counts = {0};
	struct wire_line end = { .kind = WIRE_END };
	struct wire_hello h = {0};
	struct err err = ERR_INIT;

	snprintf(end.server_epoch, sizeof end.server_epoch, "first");
	assert_int_equal(apply_page(&counts, c->s, &end, 1, &err), E_OK);
	assert_int_equal(apply_hello(&h, c->s, &err), E_OK);
	assert_string_equal(h.server_epoch, "first");
	snprintf(end.server_epoch, sizeof end.server_epoch, "second");
	assert_int_equal(apply_page(&counts, c->s, &end, 1, &err), E_INVALID);
	assert_int_equal(apply_page(&counts, c->s, &end, 0, &err), E_INVALID);
}

/* Whatever call of the database fails, the page is there whole or not. */
static void
a_failing_disk_leaves_the_page_before(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct uuid id = pull(c, &p, "name=甲;phone=1", 5);
	struct err err = ERR_INIT;
	int64_t seq = p.seq;
	long n;

	assert_int_equal(cache_change(c->s, &id, "phone=2", &err), E_OK);
	for (n = 1; n < 500; n++) {
		struct wire_hello h = {0};
		struct record r = {0};
		enum status st;

		p.seq = seq;
		cache_record(&r, "person", "name=甲二;phone=1");
		r.id = id;
		page_verdict(&p, 1, VERDICT_MERGED, 7, "");
		page_put(&p, &r, 6);
		r.id = uuid_new();
		page_put(&p, &r, 1);
		record_release(&r);
		db_fail_after(n);
		st = page_apply(&p, c->s, NULL, &err);
		if (!db_has_failed())
			break;
		db_fail_after(0);
		/* a refresh that fails after the commit is no failure */
		if (st == E_OK)
			break;
		assert_int_equal(st, E_IO);
		assert_int_equal(apply_hello(&h, c->s, &err), E_OK);
		assert_int_equal(h.cursors[0].seq, seq);
		assert_int_equal(h.from, 1);
		assert_string_equal(cache_value(c->s, &id, "name"), "甲");
		assert_int_equal(overview_count(c->s), 1);
		if (n % 7 == 1)
			assert_int_equal(cache_damage(c->s), 0);
	}
	db_fail_after(0);
	assert_true(n > 10 && n < 500);
	assert_string_equal(cache_value(c->s, &id, "name"), "甲二");
	assert_string_equal(cache_value(c->s, &id, "phone"), "2");
	assert_int_equal(overview_refresh(c->s, NULL, &err), E_OK);
	assert_int_equal(overview_count(c->s), 2);
	assert_int_equal(cache_damage(c->s), 0);
}

/* ---- what leaves without a reason ---- */

/* The record moves to another stream while its author works on it: what was
 * accepted stays in sight, under what waits, until that one's line has come. */
static void
what_moves_stays_in_sight_of_its_author(void **state)
{
	struct cache *c = *state;
	struct page p = { .more = true };
	struct err err = ERR_INIT;
	struct uuid id = pull(c, &p, "name=甲", 5);

	assert_int_equal(cache_change(c->s, &id, "phone=1", &err), E_OK);
	assert_int_equal(cache_change(c->s, &id, "name=乙", &err), E_OK);
	page_verdict(&p, 1, VERDICT_OK, 6, "");
	page_gone(&p, &id);
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_string_equal(cache_value(c->s, &id, "phone"), "1");
	assert_string_equal(cache_value(c->s, &id, "name"), "乙");
	assert_int_equal(cache_damage(c->s), 0);
}

static int64_t
kept(struct cache *c)
{
	struct err err = ERR_INIT;
	int64_t n = -1;

	assert_int_equal(db_number(&n, c->s->db,
		"SELECT count(*) FROM removed", &err), E_OK);
	return n;
}

/* It left as if by a fault, and then it turns out that it was sealed: nobody
 * who may not see it finds it among what was removed. */
static void
what_comes_again_as_sealed_is_not_kept(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct record r = {0};
	struct err err = ERR_INIT;
	struct uuid id = pull(c, &p, "name=甲", 5);
	struct uuid other = pull(c, &p, "name=乙", 5);

	assert_int_equal(store_get(&r, c->s, &id, &err), E_OK);
	page_gone(&p, &id);
	page_gone(&p, &other);
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(kept(c), 2);
	page_put(&p, &r, 6);
	snprintf(p.lines[0].stream, sizeof p.lines[0].stream,
		"3412000001/sealed");
	p.lines[0].seq = 1;
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(kept(c), 1);
	assert_non_null(overview_find(c->s, &id));
	record_release(&r);
}

/* A page is told at its beginning that nothing had gone and nothing waited; what
 * it changes of that itself counts at once. */
static void
what_leaves_and_comes_in_one_page_is_there(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct record r = {0};
	struct err err = ERR_INIT;
	struct uuid id = pull(c, &p, "name=甲", 5);
	int64_t n = -1;

	assert_int_equal(store_get(&r, c->s, &id, &err), E_OK);
	page_gone(&p, &id);
	page_put(&p, &r, 6);
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(db_number(&n, c->s->db, "SELECT count(*) FROM gone",
		&err), E_OK);
	assert_int_equal(n, 0);
	assert_non_null(overview_find(c->s, &id));
	record_release(&r);
	/* what waits since is heeded by the page after */
	assert_int_equal(cache_change(c->s, &id, "phone=1", &err), E_OK);
	put_again(&p, c->s, &id, "name", "乙", 7);
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(mark_of(c->s, &id), SYNC_WAITING);
	assert_int_equal(cache_damage(c->s), 0);
}

int
main(void)
{
#define WITH(t) cmocka_unit_test_setup_teardown(t, cache_set_up, \
	cache_tear_down)
	const struct CMUnitTest tests[] = {
		WITH(own_changes_are_confirmed_without_echo),
		WITH(what_is_confirmed_is_not_sealed_again),
		WITH(a_verdict_before_its_line_keeps_the_value),
		WITH(a_put_goes_below_what_waits),
		WITH(a_lost_reply_is_caught_up_with),
		WITH(a_refused_change_leaves_the_base),
		WITH(a_refused_new_record_is_kept_and_mended),
		WITH(what_leaves_the_last_stream_goes),
		WITH(what_moves_stays_in_sight_of_its_author),
		WITH(many_that_leave_at_once_stay),
		WITH(what_comes_again_as_sealed_is_not_kept),
		WITH(what_leaves_and_comes_in_one_page_is_there),
		WITH(contradictions_change_nothing),
		WITH(a_run_confirms_what_was_sent),
		WITH(what_was_refused_stays_marked),
		WITH(hello_says_where_we_are),
		WITH(only_one_syncs),
		WITH(a_fork_stamps_again),
		WITH(another_county_is_refused),
		WITH(a_failing_disk_leaves_the_page_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
