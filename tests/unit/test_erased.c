/*
 * What the county had erased, in a cache.
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
#include "db/db_number.h"
#include "kit/cache.h"
#include "store/draft.h"
#include "store/inside.h"
#include "store/outbox.h"
#include "store/overview.h"

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

/* The operations on a record that say something; *all: how many there are. */
static size_t
speaking(size_t *all, struct store *s, const struct uuid *id)
{
	struct outbox_list l = {0};
	struct err err = ERR_INIT;
	size_t n = 0;

	assert_int_equal(outbox_list(&l, s, OUTBOX_OF_RECORD, id, &err), E_OK);
	for (size_t i = 0; i < l.count; i++)
		n += !op_is_empty(&l.items[i].op);
	*all = l.count;
	outbox_list_release(&l);
	return n;
}

static int64_t
rows(struct store *s, const char *sql)
{
	struct err err = ERR_INIT;
	int64_t n = -1;

	assert_int_equal(db_number(&n, s->db, sql, &err), E_OK);
	return n;
}

/* Erased by the county: nothing is kept of it, also of what was removed before,
 * of a form in progress and of entries; what has no verdict is sent first. */
static void
what_was_erased_leaves_nothing(void **state)
{
	struct cache *c = *state;
	struct page p = {0};
	struct uuid id = pull(c, &p, "name=甲", 5);
	struct uuid busy = pull(c, &p, "name=乙", 5);
	struct uuid before = pull(c, &p, "name=丙", 5);
	struct uuid stays = pull(c, &p, "name=丁", 5);
	struct draft draft = { .key = "0198d2c6-0000-7000-8000-000000000001",
		.saved_at = 1000 };
	struct outbox_list l = {0};
	struct err err = ERR_INIT;
	size_t all = 0;

	cache_record(&draft.record, "person", "name=甲二");
	draft.record.id = id;
	assert_int_equal(draft_put(c->s, &draft, &err), E_OK);
	record_release(&draft.record);
	draft.key[35] = '2';
	cache_record(&draft.record, "person", "name=丁二");
	draft.record.id = stays;
	assert_int_equal(draft_put(c->s, &draft, &err), E_OK);
	draft_release(&draft);
	assert_int_equal(cache_change(c->s, &busy, "phone=1", &err), E_OK);
	page_gone(&p, &before);		/* nobody said why */
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_int_equal(rows(c->s, "SELECT count(*) FROM removed"), 1);

	page_erased(&p, &id);
	page_erased(&p, &busy);
	page_erased(&p, &before);
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_null(overview_find(c->s, &id));
	assert_int_equal(rows(c->s, "SELECT count(*) FROM removed"), 0);
	assert_int_equal(rows(c->s, "SELECT count(*) FROM draft"), 1);
	/* as it was entered: the server knows it by its words */
	assert_int_equal(speaking(&all, c->s, &busy), 1);

	page_verdict(&p, 1, VERDICT_DENIED, 0, "依法删除");
	assert_int_equal(page_apply(&p, c->s, NULL, &err), E_OK);
	assert_null(overview_find(c->s, &busy));
	assert_int_equal(speaking(&all, c->s, &busy), 0);
	assert_int_equal(all, 1);
	/* its author reads why */
	assert_int_equal(outbox_list(&l, c->s, OUTBOX_REFUSED, NULL, &err),
		E_OK);
	assert_int_equal(l.count, 1);
	assert_string_equal(l.items[0].why, "依法删除");
	outbox_list_release(&l);
	assert_non_null(overview_find(c->s, &stays));
	assert_int_equal(rows(c->s, "SELECT count(*) FROM erased"
		" WHERE swept = 0"), 0);
	assert_int_equal(cache_damage(c->s), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_erased_leaves_nothing,
			cache_set_up, cache_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
