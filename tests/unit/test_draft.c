/* Drafts: kept, replaced, dropped, each its user's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kit/cache.h"
#include "store/draft.h"
#include "store/outbox.h"

static void
put(struct store *s, const char *key, int64_t at, const char *values)
{
	struct draft d = { .saved_at = at };
	struct err err = ERR_INIT;

	snprintf(d.key, sizeof d.key, "%s", key);
	snprintf(d.field, sizeof d.field, "phone");
	cache_record(&d.record, "person", values);
	assert_int_equal(draft_put(s, &d, &err), E_OK);
	draft_release(&d);
}

static void
drafts_come_back_newest_first(void **state)
{
	struct cache *c = *state;
	struct draft_list l = {0};
	struct err err = ERR_INIT;

	put(c->s, "a", 10, "name=甲");
	put(c->s, "b", 30, "name=乙");
	put(c->s, "a", 20, "name=甲二;note=\n两行");
	store_close(c->s);
	assert_int_equal(store_open(&c->s, c->home, false, c->schema, &err),
		E_OK);
	assert_int_equal(draft_list(&l, c->s, &err), E_AUTH);
	assert_int_equal(store_unlock(c->s, "zhang", CACHE_PASSWORD, &err),
		E_OK);
	assert_int_equal(draft_list(&l, c->s, &err), E_OK);
	assert_int_equal(l.count, 2);
	assert_string_equal(l.items[0].key, "b");
	assert_string_equal(l.items[1].key, "a");
	assert_string_equal(l.items[1].field, "phone");
	assert_int_equal(l.items[1].saved_at, 20);
	assert_string_equal(record_get(&l.items[1].record, "note"), "\n两行");
	assert_string_equal(l.items[1].seen.reg, "");
	draft_list_release(&l);
	assert_int_equal(draft_drop(c->s, "a", &err), E_OK);
	assert_int_equal(draft_drop(c->s, "nosuch", &err), E_OK);
	assert_int_equal(draft_list(&l, c->s, &err), E_OK);
	assert_int_equal(l.count, 1);
	draft_list_release(&l);
}

static void
what_it_started_from_is_kept(void **state)
{
	struct cache *c = *state;
	struct uuid id = cache_add(c->s, "person", "name=甲;phone=1");
	struct draft d = { .key = "k", .saved_at = 1 };
	struct draft_list l = {0};
	struct err err = ERR_INIT;

	assert_int_equal(store_get(&d.seen, c->s, &id, &err), E_OK);
	record_copy(&d.record, &d.seen);
	assert_true(record_set(&d.record, "phone", "2"));
	assert_int_equal(draft_put(c->s, &d, &err), E_OK);
	draft_release(&d);
	assert_int_equal(draft_list(&l, c->s, &err), E_OK);
	assert_string_equal(record_get(&l.items[0].seen, "phone"), "1");
	assert_string_equal(record_get(&l.items[0].record, "phone"), "2");
	assert_int_equal(uuid_compare(&l.items[0].record.id, &id), 0);
	draft_list_release(&l);
}

static size_t
drafts_of_mine(struct store *s)
{
	struct outbox_counts counts = {0};
	struct err err = ERR_INIT;

	assert_int_equal(outbox_count(&counts, s, &err), E_OK);
	return counts.drafts;
}

static void
another_user_does_not_see_it(void **state)
{
	struct cache *c = *state;
	struct store_user li = { .login = "li", .role = "clerk" };
	struct draft_list l = {0};
	struct err err = ERR_INIT;

	put(c->s, "a", 10, "name=甲");
	assert_int_equal(drafts_of_mine(c->s), 1);
	assert_int_equal(store_admit(c->s, &li, "another 9", &c->share, &err),
		E_OK);
	assert_int_equal(draft_list(&l, c->s, &err), E_OK);
	assert_int_equal(l.count, 0);
	draft_list_release(&l);
	assert_int_equal(drafts_of_mine(c->s), 0);
}

static size_t
counted(struct store *s)
{
	struct outbox_counts counts = {0};
	struct err err = ERR_INIT;

	assert_int_equal(outbox_count(&counts, s, &err), E_OK);
	return counts.waiting;
}

static void
a_save_drops_its_draft(void **state)
{
	struct cache *c = *state;
	struct record r;
	struct save save = { .record = &r, .draft = "a" };
	size_t waiting;
	struct draft_list l = {0};
	struct err err = ERR_INIT;

	put(c->s, "a", 10, "name=甲");
	put(c->s, "b", 11, "name=乙");
	cache_record(&r, "person", "phone=1");
	assert_int_equal(save_record(c->s, &save, &err), E_INVALID);
	assert_int_equal(draft_list(&l, c->s, &err), E_OK);
	assert_int_equal(l.count, 2);
	draft_list_release(&l);
	assert_true(record_set(&r, "name", "甲"));
	assert_int_equal(save_record(c->s, &save, &err), E_OK);
	assert_int_equal(draft_list(&l, c->s, &err), E_OK);
	assert_int_equal(l.count, 1);
	assert_string_equal(l.items[0].key, "b");
	draft_list_release(&l);
	record_release(&r);
	/* the same draft, open in another window too */
	cache_record(&r, "person", "name=甲");
	waiting = counted(c->s);
	assert_int_equal(save_record(c->s, &save, &err), E_CONFLICT);
	assert_true(save.draft_gone);
	assert_int_equal(counted(c->s), waiting);
	err = (struct err)ERR_INIT;
	save.draft = NULL;
	assert_int_equal(save_record(c->s, &save, &err), E_OK);
	assert_false(save.draft_gone);
	assert_int_equal(counted(c->s), waiting + 1);
	record_release(&r);
	faults_release(&save.faults);
}

int
main(void)
{
#define WITH(t) cmocka_unit_test_setup_teardown(t, cache_set_up, \
	cache_tear_down)
	const struct CMUnitTest tests[] = {
		WITH(drafts_come_back_newest_first),
		WITH(what_it_started_from_is_kept),
		WITH(another_user_does_not_see_it),
		WITH(a_save_drops_its_draft),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
