/* Saving: what is written, what is refused, and that a failing disk leaves
 * either all of a save or nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "db/db.h"
#include "db/db_fail.h"
#include "kit/cache.h"
#include "store/draft.h"
#include "store/outbox.h"
#include "store/overview.h"

/* The newest operation on a record; release it. */
static void
last_op(struct outbox_entry *out, struct store *s, const struct uuid *id)
{
	struct outbox_list l = {0};
	struct err err = ERR_INIT;

	assert_int_equal(outbox_list(&l, s, OUTBOX_OF_RECORD, id, &err), E_OK);
	assert_true(l.count > 0);
	*out = l.items[l.count - 1];
	l.items[l.count - 1] = (struct outbox_entry){0};
	outbox_list_release(&l);
}

static void
a_save_is_record_and_operation(void **state)
{
	struct cache *c = *state;
	struct uuid id = cache_add(c->s, "case", "no=1;amount=500");
	struct outbox_entry e = {0};
	struct record r = {0};
	struct err err = ERR_INIT;
	char hash[RECORD_HASH_MAX];

	last_op(&e, c->s, &id);
	assert_int_equal(e.op.kind, OP_NEW);
	assert_int_equal(e.op.epoch, 1);
	assert_int_equal(e.op.n, 1);
	assert_int_equal(e.op.base, 0);
	assert_int_equal(e.op.version, 2);
	assert_string_equal(e.op.by, "zhang");
	assert_false(e.decided);
	assert_int_equal(store_get(&r, c->s, &id, &err), E_OK);
	record_hash(hash, &r);
	assert_string_equal(e.op.expect, hash);
	assert_string_equal(r.state, "draft");
	assert_string_equal(r.office, "3412000001");
	assert_string_equal(r.created_by, "zhang");
	assert_true(r.created_at == e.op.at && r.updated_at == e.op.at);
	record_release(&r);
	outbox_entry_release(&e);

	assert_int_equal(cache_change(c->s, &id, "amount=700", &err), E_OK);
	last_op(&e, c->s, &id);
	assert_int_equal(e.op.kind, OP_SET);
	assert_int_equal(e.op.n, 2);
	assert_int_equal(e.op.after, 1);
	assert_int_equal(e.op.change_count, 1);
	assert_string_equal(e.op.changes[0].before, "500");
	assert_string_equal(e.op.changes[0].after, "700");
	outbox_entry_release(&e);
	assert_int_equal(overview_find(c->s, &id)->sync, SYNC_WAITING);
	assert_int_equal(cache_damage(c->s), 0);
}

static void
nothing_changed_writes_nothing(void **state)
{
	struct cache *c = *state;
	struct uuid id = cache_add(c->s, "person", "name=甲");
	struct record seen = {0}, r = {0};
	struct save save = { .record = &r, .seen = &seen };
	struct outbox_counts counts = {0};
	struct err err = ERR_INIT;

	assert_int_equal(store_get(&seen, c->s, &id, &err), E_OK);
	record_copy(&r, &seen);
	assert_int_equal(save_record(c->s, &save, &err), E_OK);
	assert_true(save.unchanged);
	assert_int_equal(outbox_count(&counts, c->s, &err), E_OK);
	assert_int_equal(counts.waiting, 1);
	record_release(&r);
	record_release(&seen);
	faults_release(&save.faults);
}

static void
faults_stop_a_save(void **state)
{
	struct cache *c = *state;
	struct record r;
	struct save save = { .record = &r };
	struct outbox_counts counts = {0};
	struct err err = ERR_INIT;

	cache_record(&r, "person", "phone=13800138000");
	assert_int_equal(save_record(c->s, &save, &err), E_INVALID);
	assert_non_null(faults_at(&save.faults, "name"));
	assert_true(err.msg[0] != '\0');
	assert_true(uuid_is_zero(&r.id));
	assert_int_equal(outbox_count(&counts, c->s, &err), E_OK);
	assert_int_equal(counts.records, 0);
	record_release(&r);
	faults_release(&save.faults);

	cache_record(&r, "nosuch", "name=x");
	assert_int_equal(save_record(c->s, &save, &err), E_INVALID);
	record_release(&r);
}

/* ---- two people ---- */

struct overlap_case {
	const char *theirs, *mine;
	bool overlaps;
	const char *field, *text;	/* what stands afterwards */
};

static void
changes_meet_field_by_field(void **state)
{
	static const struct overlap_case cases[] = {
		{ "phone=1", "note=n", false, "phone", "1" },
		{ "phone=1", "note=n", false, "note", "n" },
		{ "phone=1", "phone=1", false, "phone", "1" },
		{ "phone=1", "phone=2", true, "phone", "1" },
		/* from and to are one group */
		{ "from=2026-01-02", "to=2026-03-04", true, "to",
			"2026-02-01" },
	};
	struct cache *c = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct uuid id = cache_add(c->s, "person",
			"name=甲;from=2026-01-01;to=2026-02-01");
		struct record seen = {0}, r = {0}, want = {0};
		struct save save = { .record = &r, .seen = &seen };
		struct err err = ERR_INIT;
		enum status st;

		assert_int_equal(store_get(&seen, c->s, &id, &err), E_OK);
		record_copy(&r, &seen);
		cache_record(&want, "person", cases[i].mine);
		assert_true(record_set(&r, want.values.items[0].name,
			want.values.items[0].text));
		assert_int_equal(cache_change(c->s, &id, cases[i].theirs, &err),
			E_OK);
		st = save_record(c->s, &save, &err);
		assert_int_equal(st, cases[i].overlaps ? E_CONFLICT : E_OK);
		assert_int_equal(save.overlapped, cases[i].overlaps);
		assert_string_equal(cache_value(c->s, &id, cases[i].field),
			cases[i].text);
		record_release(&want);
		record_release(&r);
		record_release(&seen);
		faults_release(&save.faults);
	}
	assert_int_equal(cache_damage(c->s), 0);
}

static void
roles_and_events_are_kept(void **state)
{
	struct cache *c = *state;
	struct uuid id = cache_add(c->s, "case", "no=1"), visit;
	struct store_user reader = { .login = "li", .role = "reader",
		.office = "3412000001" };
	char values[80], text[UUID_TEXT_MAX];
	struct record r;
	struct save save = { .record = &r };
	struct err err = ERR_INIT;

	uuid_print(text, &id);
	snprintf(values, sizeof values, "case_id=%s;what=谈话", text);
	visit = cache_add(c->s, "visit", values);
	assert_int_equal(cache_change(c->s, &visit, "what=别的", &err),
		E_INVALID);
	assert_int_equal(save_remove(c->s, &visit, "  ", &err), E_INVALID);
	assert_int_equal(save_remove(c->s, &visit, "录错", &err), E_OK);
	assert_int_equal(save_remove(c->s, &visit, "录错", &err), E_INVALID);
	assert_true(overview_find(c->s, &visit)->deleted);
	assert_string_equal(cache_value(c->s, &visit, "@deleted"), "录错");

	assert_int_equal(store_admit(c->s, &reader, "another 9", &c->share,
		&err), E_OK);
	cache_record(&r, "case", "no=2");
	assert_int_equal(save_record(c->s, &save, &err), E_AUTH);
	assert_int_equal(save_remove(c->s, &id, "录错", &err), E_AUTH);
	record_release(&r);
}

static void
moves_go_through_the_table(void **state)
{
	struct cache *c = *state;
	struct uuid id = cache_add(c->s, "case", "no=1");
	struct record seen = {0}, r = {0};
	struct save save = { .record = &r, .seen = &seen };
	struct outbox_entry e = {0};
	struct err err = ERR_INIT;

	assert_int_equal(store_get(&seen, c->s, &id, &err), E_OK);
	record_copy(&r, &seen);
	/* opened is needed for it */
	assert_int_equal(save_move(c->s, &save, "open", &err), E_INVALID);
	assert_string_equal(cache_value(c->s, &id, "@state"), "draft");
	assert_int_equal(save_move(c->s, &save, "nowhere", &err), E_INVALID);
	assert_true(record_set(&r, "opened", "2026-03-05"));
	assert_int_equal(save_move(c->s, &save, "open", &err), E_OK);
	assert_string_equal(cache_value(c->s, &id, "@state"), "open");
	last_op(&e, c->s, &id);
	assert_int_equal(e.op.kind, OP_MOVE);
	assert_int_equal(e.op.change_count, 2);
	outbox_entry_release(&e);
	record_release(&seen);
	record_release(&r);
	faults_release(&save.faults);
}

/* ---- batches ---- */

static void
a_batch_is_all_or_nothing(void **state)
{
	struct cache *c = *state;
	struct uuid before = cache_add(c->s, "person", "name=先"), a;
	struct record bad;
	struct save save = { .record = &bad };
	struct outbox_counts counts = {0};
	struct store *other = cache_open(c);
	struct err err = ERR_INIT;

	assert_int_equal(save_batch_begin(c->s, &err), E_OK);
	a = cache_add(c->s, "person", "name=甲");
	assert_int_equal(cache_change(c->s, &before, "name=后", &err), E_OK);
	assert_string_equal(overview_get(overview_find(c->s, &before), "name"),
		"后");
	save_batch_rollback(c->s);
	assert_null(overview_find(c->s, &a));
	assert_string_equal(overview_get(overview_find(c->s, &before), "name"),
		"先");
	assert_string_equal(cache_value(c->s, &a, "name"), "(not_found)");

	assert_int_equal(save_batch_begin(c->s, &err), E_OK);
	a = cache_add(c->s, "person", "name=甲");
	/* one that fails leaves the others */
	cache_record(&bad, "person", "phone=1");
	assert_int_equal(save_record(c->s, &save, &err), E_INVALID);
	cache_add(c->s, "person", "name=乙");
	assert_int_equal(save_batch_commit(c->s, &err), E_OK);
	assert_int_equal(overview_refresh(other, NULL, &err), E_OK);
	assert_int_equal(overview_count(other), 3);
	assert_int_equal(outbox_count(&counts, c->s, &err), E_OK);
	assert_int_equal(counts.waiting, 3);
	assert_int_equal(cache_damage(c->s), 0);
	assert_int_equal(cache_damage(other), 0);
	record_release(&bad);
	faults_release(&save.faults);
	store_close(other);
}

/* ---- a disk that fails ---- */

struct sweep {
	struct cache *c;
	struct uuid id;		/* of a record stored before */
};

static enum status
try_new(struct sweep *w, struct err *err)
{
	struct record r;
	struct save save = { .record = &r, .draft = "d1" };
	enum status st;

	cache_record(&r, "person", "name=新;phone=13800138000");
	st = save_record(w->c->s, &save, err);
	record_release(&r);
	faults_release(&save.faults);
	return st;
}

static enum status
try_change(struct sweep *w, struct err *err)
{
	return cache_change(w->c->s, &w->id, "note=改过", err);
}

static enum status
try_remove(struct sweep *w, struct err *err)
{
	return save_remove(w->c->s, &w->id, "录错", err);
}

static enum status
try_batch(struct sweep *w, struct err *err)
{
	enum status st = save_batch_begin(w->c->s, err);

	if (!st)
		st = try_change(w, err);
	if (!st)
		st = try_new(w, err);
	if (st) {
		save_batch_rollback(w->c->s);
		return st;
	}
	return save_batch_commit(w->c->s, err);
}

/* What the cache says about itself, to compare before and after. */
struct picture {
	size_t records, waiting, drafts, rows;
	char note[64], deleted[64];
};

static struct picture
look(struct store *s, const struct uuid *id)
{
	struct outbox_counts counts = {0};
	struct picture p = {0};
	struct err err = ERR_INIT;

	assert_int_equal(outbox_count(&counts, s, &err), E_OK);
	p.records = counts.records;
	p.waiting = counts.waiting;
	p.drafts = counts.drafts;
	for (size_t i = 0; i < overview_count(s); i++)
		p.rows += overview_at(s, i) != NULL;
	snprintf(p.note, sizeof p.note, "%s", cache_value(s, id, "note"));
	snprintf(p.deleted, sizeof p.deleted, "%s",
		cache_value(s, id, "@deleted"));
	return p;
}

static void
sweep(struct cache *c, enum status (*work)(struct sweep *, struct err *))
{
	struct draft draft = { .key = "d1", .saved_at = 1 };
	struct sweep w = { .c = c };
	struct err err = ERR_INIT;
	long n;

	cache_record(&draft.record, "person", "name=草");
	assert_int_equal(draft_put(c->s, &draft, &err), E_OK);
	draft_release(&draft);
	w.id = cache_add(c->s, "person", "name=甲;note=原来");
	for (n = 1; n < 500; n++) {
		struct picture before = look(c->s, &w.id), here, there;
		struct store *other;
		enum status st;

		db_fail_after(n);
		st = work(&w, &err);
		if (!db_has_failed())
			break;
		db_fail_after(0);
		assert_int_equal(st, E_IO);
		here = look(c->s, &w.id);
		assert_memory_equal(&here, &before, sizeof here);
		other = cache_open(c);
		there = look(other, &w.id);
		assert_memory_equal(&there, &before, sizeof there);
		if (n % 5 == 1)
			assert_int_equal(cache_damage(other), 0);
		store_close(other);
	}
	db_fail_after(0);
	assert_true(n > 5 && n < 500);
	assert_int_equal(cache_damage(c->s), 0);
}

static void
a_failing_disk_leaves_nothing_half(void **state)
{
	sweep(*state, try_new);
	sweep(*state, try_change);
	sweep(*state, try_remove);
}

static void
a_failing_disk_leaves_no_half_batch(void **state)
{
	sweep(*state, try_batch);
}

int
main(void)
{
#define WITH(t) cmocka_unit_test_setup_teardown(t, cache_set_up, \
	cache_tear_down)
	const struct CMUnitTest tests[] = {
		WITH(a_save_is_record_and_operation),
		WITH(nothing_changed_writes_nothing),
		WITH(faults_stop_a_save),
		WITH(changes_meet_field_by_field),
		WITH(roles_and_events_are_kept),
		WITH(moves_go_through_the_table),
		WITH(a_batch_is_all_or_nothing),
		WITH(a_failing_disk_leaves_nothing_half),
		WITH(a_failing_disk_leaves_no_half_batch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
