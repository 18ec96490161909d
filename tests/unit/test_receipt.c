/*
 * Receipts: an instruction that has come down is marked as delivered, once,
 * whatever else happens to it; what came late claims nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "core/merge.h"
#include "kit/cache.h"
#include "store/inside.h"
#include "store/outbox.h"
#include "store/overview.h"
#include "store/receipt.h"

#define OFFICE "3412000001"
#define VALUES "title=汛期排查;kind=1;text=逐户排查;issued_by=孙立;" \
	"issued_at=2026-03-05T09:00;due_at=2026-03-12T18:00;"

/* As the county's record comes down the line. */
static struct uuid
arrive(struct cache *c, const char *office, const char *values)
{
	static int64_t seq;
	struct apply_counts counts = {0};
	struct page p = { .seq = seq };
	struct record r;
	struct err err = ERR_INIT;
	struct uuid id = uuid_new();

	cache_record(&r, "instruction", values);
	r.id = id;
	assert_true(record_set(&r, "@office", office));
	assert_true(record_set(&r, "@state", "issued"));
	page_put(&p, &r, 1);
	if (page_apply(&p, c->s, &counts, &err))
		fail_msg("%s", err.msg);
	seq = p.seq;
	record_release(&r);
	return id;
}

static size_t
make(struct store *s)
{
	struct err err = ERR_INIT;
	size_t made = 99;

	if (receipt_make(&made, s, &err))
		fail_msg("%s", err.msg);
	return made;
}

static size_t
waiting(struct store *s)
{
	struct outbox_counts counts = {0};
	struct err err = ERR_INIT;

	assert_int_equal(outbox_count(&counts, s, &err), E_OK);
	return counts.waiting;
}

static void
it_is_made_once(void **state)
{
	struct cache *c = *state;
	struct uuid id = arrive(c, OFFICE, VALUES "urgency=1");
	struct uuid other = arrive(c, "3412000002", VALUES "urgency=3");
	struct store *second = cache_open(c);
	char at[32];

	assert_int_equal(make(second), 1);
	assert_string_equal(cache_value(c->s, &id, "@state"), "delivered");
	snprintf(at, sizeof at, "%s", cache_value(c->s, &id, "delivered_at"));
	assert_int_equal(strlen(at), 16);
	/* neither again, nor by another session that has not looked since */
	assert_int_equal(make(second), 0);
	assert_int_equal(make(c->s), 0);
	assert_int_equal(waiting(c->s), 1);
	/* what is another office's is not ours to take */
	assert_string_equal(cache_value(c->s, &other, "@state"), "issued");
	store_close(second);
	assert_int_equal(cache_damage(c->s), 0);
}

/* A process that shows nothing holds no overviews, and makes it all the same. */
static void
it_is_made_without_overviews(void **state)
{
	struct cache *c = *state;
	struct store *spare = NULL;
	struct apply_counts counts = {0};
	struct err err = ERR_INIT;
	struct record r;
	struct page p = {0};

	assert_int_equal(store_open(&spare, c->home, false, c->schema, &err),
		E_OK);
	store_spare_overviews(spare);
	assert_int_equal(account_use_key(spare, &c->s->keys.data, "zhang",
		&err), E_OK);
	cache_record(&r, "instruction", VALUES "urgency=1");
	r.id = uuid_new();
	assert_true(record_set(&r, "@office", OFFICE));
	assert_true(record_set(&r, "@state", "issued"));
	page_put(&p, &r, 1);
	assert_int_equal(page_apply(&p, spare, &counts, &err), E_OK);
	assert_int_equal(overview_count(spare), 0);
	assert_int_equal(make(spare), 1);
	assert_int_equal(make(spare), 0);
	assert_string_equal(cache_value(c->s, &r.id, "@state"), "delivered");
	assert_int_equal(waiting(c->s), 1);
	store_close(spare);
	record_release(&r);
	assert_int_equal(cache_damage(c->s), 0);
}

/* What is ordered is the county's to write. */
static void
an_office_issues_nothing(void **state)
{
	struct cache *c = *state;
	struct record r;
	struct save save = { .record = &r };
	struct err err = ERR_INIT;
	struct uuid id;

	cache_record(&r, "instruction", VALUES "urgency=1");
	assert_int_equal(save_record(c->s, &save, &err), E_AUTH);
	faults_release(&save.faults);
	record_release(&r);
	id = arrive(c, OFFICE, VALUES "urgency=1");
	err = (struct err)ERR_INIT;
	assert_int_equal(cache_change(c->s, &id, "due_at=2027-01-01T10:00",
		&err), E_AUTH);
	err = (struct err)ERR_INIT;
	assert_int_equal(cache_change(c->s, &id, "reply_text=已办", &err),
		E_AUTH);
}

static void
the_bell_rings_for_the_most_urgent(void **state)
{
	struct cache *c = *state;
	int today = date_parse("2026-03-05");
	struct err err = ERR_INIT;
	struct uuid id;

	(void)arrive(c, OFFICE, VALUES "urgency=2");
	assert_int_equal(overview_refresh(c->s, NULL, &err), E_OK);
	assert_int_equal(receipt_bell(c->s, today).count, 0);
	id = arrive(c, OFFICE, VALUES "urgency=3");
	assert_int_equal(make(c->s), 2);
	assert_int_equal(receipt_bell(c->s, today).count, 1);
	assert_string_equal(receipt_bell(c->s, today).last,
		cache_value(c->s, &id, "delivered_at"));
	(void)arrive(c, "3412000002", VALUES "urgency=3");
	assert_int_equal(overview_refresh(c->s, NULL, &err), E_OK);
	assert_int_equal(receipt_bell(c->s, today).count, 1);
}

/* Two devices of one office; or somebody signed before the other one's receipt
 * came up: neither a question nor a step back. */
static void
a_late_receipt_claims_nothing(void **state)
{
	static const struct {
		const char *state, *had, *says, *stays;
	} rows[] = {
		{ "issued", "", "2026-03-05T10:00", "2026-03-05T10:00" },
		{ "delivered", "2026-03-05T09:30", "2026-03-05T10:00",
		    "2026-03-05T09:30" },
		{ "delivered", "2026-03-05T10:30", "2026-03-05T10:00",
		    "2026-03-05T10:30" },
		{ "signed", "2026-03-05T09:30", "2026-03-05T10:00",
		    "2026-03-05T09:30" },
		{ "signed", "", "2026-03-05T10:00", "" },
		{ "cancelled", "", "2026-03-05T10:00", "" },
	};
	struct cache *c = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct record now, before, after;
		struct merge_result result = {0};
		struct op op = {0};

		cache_record(&before, "instruction", VALUES "urgency=1");
		before.id = uuid_new();
		assert_true(record_set(&before, "@state", "issued"));
		after = now = (struct record){0};
		record_copy(&now, &before);
		record_copy(&after, &before);
		assert_true(record_set(&now, "@state", rows[i].state));
		values_set(&now.values, "delivered_at", rows[i].had);
		assert_true(record_set(&after, "@state", "delivered"));
		values_set(&after.values, "delivered_at", rows[i].says);
		op_diff(&op, &before, &after);
		merge_op(&result, &now, &op,
			schema_register_find(c->schema, "instruction"), NULL,
			NULL);
		assert_int_equal(result.conflict_count, 0);
		assert_string_equal(now.state, i == 0 ? "delivered" :
			rows[i].state);
		assert_string_equal(values_get(&now.values, "delivered_at"),
			rows[i].stays);
		merge_result_release(&result);
		op_release(&op);
		record_release(&now);
		record_release(&before);
		record_release(&after);
	}
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, \
	cache_set_up_builtin, cache_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(it_is_made_once),
		WITH(it_is_made_without_overviews),
		WITH(an_office_issues_nothing),
		WITH(the_bell_rings_for_the_most_urgent),
		WITH(a_late_receipt_claims_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
