/* Conflicts: they arrive, mark their record, are answered once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/question.h"
#include "kit/cache.h"
#include "store/conflict.h"
#include "store/outbox.h"
#include "store/overview.h"
#include "store/reconcile.h"

/* A record of the server's at rev 5 with an open conflict about its phone. */
static struct question
ask(struct cache *c, struct page *p)
{
	struct question q = { .id = uuid_new(), .record = uuid_new(),
		.reg = "person", .office = "3412000001", .group = "phone",
		.by = "li", .at = 1770000000000, .open = true };
	struct record r, conflict;
	struct err err = ERR_INIT;

	cache_record(&r, "person", "name=甲;phone=1");
	r.id = q.record;
	question_add(&q, "phone", "0", "1", "2");
	question_to_record(&conflict, &q);
	/* the question may come before its record */
	page_put(p, &conflict, 1);
	page_put(p, &r, 5);
	assert_int_equal(page_apply(p, c->s, NULL, &err), E_OK);
	record_release(&r);
	record_release(&conflict);
	return q;
}

static int
mark_of(struct store *s, const struct uuid *id)
{
	struct err err = ERR_INIT;

	assert_int_equal(overview_refresh(s, NULL, &err), E_OK);
	return overview_find(s, id)->sync;
}

static size_t
count(struct store *s)
{
	struct outbox_counts n = {0};
	struct err err = ERR_INIT;

	assert_int_equal(outbox_count(&n, s, &err), E_OK);
	return n.conflicts;
}

static void
a_conflict_marks_its_record(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct question q = ask(c, &p);
	struct conflict_list l = {0};
	struct outbox_counts n = {0};
	struct uuid other = cache_add(c->s, "person", "name=乙");
	struct err err = ERR_INIT;

	assert_int_equal(mark_of(c->s, &q.record), SYNC_CONFLICT);
	assert_int_equal(conflict_list(&l, c->s, NULL, &err), E_OK);
	assert_int_equal(l.count, 1);
	assert_string_equal(l.items[0].group, "phone");
	assert_string_equal(l.items[0].by, "li");
	assert_int_equal(l.items[0].count, 1);
	assert_string_equal(l.items[0].fields[0].base, "0");
	assert_string_equal(l.items[0].fields[0].theirs, "1");
	assert_string_equal(l.items[0].fields[0].mine, "2");
	assert_false(l.items[0].waiting);
	conflict_list_release(&l);
	assert_int_equal(conflict_list(&l, c->s, &other, &err), E_OK);
	assert_int_equal(l.count, 0);
	conflict_list_release(&l);
	/* a conflict is no record of the user's */
	assert_int_equal(outbox_count(&n, c->s, &err), E_OK);
	assert_int_equal(n.records, 2);
	assert_int_equal(n.conflicts, 1);
	assert_int_equal(cache_damage(c->s), 0);
	question_release(&q);
}

static enum status
answer(struct store *s, const struct uuid *id, const char *phone,
	struct err *err)
{
	struct values chosen = {0};
	enum status st;

	values_set(&chosen, "phone", phone);
	st = save_resolve(s, id, &chosen, err);
	values_release(&chosen);
	return st;
}

static void
it_is_answered_once(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct question q = ask(c, &p);
	struct conflict_list l = {0};
	struct outbox_list b = {0};
	struct uuid nosuch = uuid_new();
	struct err err = ERR_INIT;

	assert_int_equal(answer(c->s, &nosuch, "2", &err), E_NOTFOUND);
	assert_int_equal(answer(c->s, &q.id, "2", &err), E_OK);
	assert_int_equal(mark_of(c->s, &q.record), SYNC_WAITING);
	assert_string_equal(cache_value(c->s, &q.record, "phone"), "2");
	assert_int_equal(answer(c->s, &q.id, "1", &err), E_CONFLICT);
	assert_int_equal(conflict_list(&l, c->s, &q.record, &err), E_OK);
	assert_int_equal(l.count, 1);
	assert_true(l.items[0].waiting);
	conflict_list_release(&l);
	assert_int_equal(count(c->s), 0);

	assert_int_equal(outbox_list(&b, c->s, OUTBOX_WAITING, NULL, &err),
		E_OK);
	assert_int_equal(b.count, 1);
	assert_int_equal(b.items[0].op.kind, OP_RESOLVE);
	assert_int_equal(b.items[0].op.base, 5);
	assert_int_equal(uuid_compare(&b.items[0].op.conflict, &q.id), 0);
	assert_int_equal(uuid_compare(&b.items[0].op.record, &q.record), 0);
	outbox_list_release(&b);

	page_verdict(&p, 1, VERDICT_OK, 6, "");
	page_ack(&p, c->s, &q.record, 6);
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(mark_of(c->s, &q.record), SYNC_CLEAN);
	assert_int_equal(conflict_list(&l, c->s, NULL, &err), E_OK);
	assert_int_equal(l.count, 0);
	conflict_list_release(&l);
	assert_int_equal(cache_damage(c->s), 0);
	question_release(&q);
}

static void
an_answer_that_keeps_theirs_is_sent_too(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct question q = ask(c, &p);
	struct outbox_list b = {0};
	struct err err = ERR_INIT;

	assert_int_equal(answer(c->s, &q.id, "1", &err), E_OK);
	assert_int_equal(outbox_list(&b, c->s, OUTBOX_WAITING, NULL, &err),
		E_OK);
	assert_int_equal(b.items[0].op.change_count, 1);
	outbox_list_release(&b);
	question_release(&q);
}

static void
a_refused_answer_asks_again(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct question q = ask(c, &p);
	struct err err = ERR_INIT;

	assert_int_equal(answer(c->s, &q.id, "2", &err), E_OK);
	page_verdict(&p, 1, VERDICT_DENIED, 0, "不允许");
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_string_equal(cache_value(c->s, &q.record, "phone"), "1");
	assert_int_equal(count(c->s), 1);
	assert_int_equal(answer(c->s, &q.id, "3", &err), E_OK);
	question_release(&q);
}

static void
somebody_else_was_faster(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct question q = ask(c, &p);
	struct record r;
	struct err err = ERR_INIT;

	q.open = false;
	snprintf(q.answered_by, sizeof q.answered_by, "wang");
	question_to_record(&r, &q);
	page_put(&p, &r, 2);
	record_release(&r);
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(mark_of(c->s, &q.record), SYNC_CLEAN);
	assert_int_equal(answer(c->s, &q.id, "2", &err), E_CONFLICT);
	assert_non_null(strstr(err.msg, "wang"));
	assert_int_equal(count(c->s), 0);
	question_release(&q);
}

static void
it_goes_with_its_stream(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct question q = ask(c, &p);
	struct err err = ERR_INIT;

	page_gone(&p, &q.id);
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(count(c->s), 0);
	assert_int_equal(mark_of(c->s, &q.record), SYNC_CLEAN);
	assert_null(overview_find(c->s, &q.id));
	question_release(&q);
}

/* Answered, and the line that closes it never came: the ledger was restored and
 * asks it as it stands here. */
static void
an_answer_that_was_lost_is_asked_again(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct question q = ask(c, &p);
	struct err err = ERR_INIT;

	assert_int_equal(answer(c->s, &q.id, "2", &err), E_OK);
	page_verdict(&p, 1, VERDICT_OK, 6, "");
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(count(c->s), 0);
	assert_int_equal(reconcile_end(c->s,
		"0198d2c6-0000-7000-8000-0000000000ff", &err), E_OK);
	assert_int_equal(count(c->s), 1);
	question_release(&q);
}

int
main(void)
{
#define WITH(t) cmocka_unit_test_setup_teardown(t, cache_set_up, \
	cache_tear_down)
	const struct CMUnitTest tests[] = {
		WITH(a_conflict_marks_its_record),
		WITH(it_is_answered_once),
		WITH(an_answer_that_keeps_theirs_is_sent_too),
		WITH(a_refused_answer_asks_again),
		WITH(somebody_else_was_faster),
		WITH(an_answer_that_was_lost_is_asked_again),
		WITH(it_goes_with_its_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
