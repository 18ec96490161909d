/*
 * core/merge: a table of cases, and two devices with a server in one process:
 * whatever they do in whatever order, nothing that was entered disappears.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "core/merge.h"

static struct schema_field fields[] = {
	{ .name = (char *)"name", .type = VT_TEXT },
	{ .name = (char *)"term_from", .type = VT_DATE, .group = (char *)"term" },
	{ .name = (char *)"term_to", .type = VT_DATE, .group = (char *)"term" },
	{ .name = (char *)"note", .type = VT_NOTE, .merge = MERGE_APPEND,
	  .max_chars = 6000 },
	{ .name = (char *)"short_note", .type = VT_NOTE, .merge = MERGE_APPEND,
	  .max_chars = 12 },
	{ .name = (char *)"tags", .type = VT_CODE, .multi = true,
	  .merge = MERGE_UNION },
	{ .name = (char *)"high", .type = VT_INT, .merge = MERGE_MAX },
	{ .name = (char *)"low", .type = VT_MONEY, .merge = MERGE_MIN },
	{ .name = (char *)"first_on", .type = VT_DATE, .merge = MERGE_MIN },
	{ .name = (char *)"number", .type = VT_NUMBER, .merge = MERGE_SERVER },
};

static struct schema_state states[] = {
	{ .name = (char *)"draft" }, { .name = (char *)"open" },
	{ .name = (char *)"closed" },
};

static const struct schema_register reg = {
	.name = (char *)"thing",
	.fields = fields, .field_count = sizeof fields / sizeof fields[0],
	.states = states, .state_count = 3,
};

static struct uuid
an_id(void)
{
	struct uuid id;

	assert_true(uuid_parse(&id, "01941f29-7c00-7000-8000-000000000001"));
	return id;
}

static bool
is_listed(void *self, const char *field)
{
	return values_set_has(self, field);
}

/* ---- the table ---- */

struct change {
	const char *field, *base, *current, *after;
};

struct row {
	const char *what;
	struct change changes[2];	/* of the operation */
	const char *touched;		/* fields, by somebody else */
	const char *want[2];		/* the record's texts afterwards */
	size_t conflicts;
	bool changed;
};

static const struct row rows[] = {
	{ "nobody else", {{ "name", "a", "a", "b" }}, "", { "b" }, 0, true },
	{ "another field", {{ "name", "a", "a", "b" }}, "note", { "b" },
	  0, true },
	{ "same result", {{ "name", "a", "b", "b" }}, "name", { "b" },
	  0, false },
	{ "different", {{ "name", "a", "c", "b" }}, "name", { "c" }, 1, false },
	{ "cleared against an edit", {{ "name", "a", "c", "" }}, "name",
	  { "c" }, 1, false },
	{ "edit against cleared", {{ "name", "a", "", "b" }}, "name", { "" },
	  1, false },
	{ "hidden by an own value that lost", {{ "name", "mine", "c", "b" }},
	  "", { "c" }, 1, false },
	{ "unknown field", {{ "zz", "a", "c", "b" }}, "zz", { "c" }, 1, false },
	{ "unknown field, alone", {{ "zz", "", "", "b" }}, "", { "b" },
	  0, true },
	{ "a group's other half",
	  {{ "term_from", "2026-01-01", "2026-01-01", "2026-02-01" }},
	  "term_to", { "2026-01-01" }, 1, false },
	{ "a whole group", {{ "term_from", "1", "3", "2" },
	  { "term_to", "1", "1", "2" }}, "term_from", { "3", "1" }, 1, false },
	{ "a group alike", {{ "term_from", "1", "2", "2" },
	  { "term_to", "1", "2", "2" }}, "term_from;term_to", { "2", "2" },
	  0, false },
	{ "two groups, one free", {{ "name", "a", "c", "b" },
	  { "term_to", "1", "1", "2" }}, "name", { "c", "2" }, 1, true },
	{ "append", {{ "note", "x", "x y", "x z" }}, "note",
	  { "x y\n[u010] z" }, 0, true },
	{ "append to another text", {{ "note", "", "y", "z" }}, "note",
	  { "y\n[u010] z" }, 0, true },
	{ "append to cleared", {{ "note", "x", "", "x z" }}, "note",
	  { "x z" }, 0, true },
	{ "append nothing", {{ "note", "x", "x y", "" }}, "note", { "x y" },
	  0, false },
	{ "append too much", {{ "short_note", "", "一二三四五",
	  "六七八九十" }}, "short_note", { "一二三四五" }, 1, false },
	{ "append just enough", {{ "short_note", "", "一二",
	  "六" }}, "short_note", { "一二\n[u010] 六" }, 0, true },
	{ "union", {{ "tags", "1;2", "1;2;3", "1;2;4" }}, "tags",
	  { "1;2;3;4" }, 0, true },
	{ "union with removals", {{ "tags", "1;2", "2;3", "1" }}, "tags",
	  { "3" }, 0, true },
	{ "union of the same", {{ "tags", "", "1;2", "2" }}, "tags", { "1;2" },
	  0, false },
	{ "max, mine", {{ "high", "1", "9", "10" }}, "high", { "10" },
	  0, true },
	{ "max, theirs", {{ "high", "1", "10", "9" }}, "high", { "10" },
	  0, false },
	{ "max, nothing", {{ "high", "1", "10", "" }}, "high", { "10" },
	  0, false },
	{ "min, mine", {{ "low", "100", "50", "9" }}, "low", { "9" },
	  0, true },
	{ "min, theirs", {{ "low", "", "99", "100" }}, "low", { "99" },
	  0, false },
	{ "min of dates", {{ "first_on", "", "2026-10-01", "2026-09-30" }},
	  "first_on", { "2026-09-30" }, 0, true },
	{ "server", {{ "number", "", "7", "8" }}, "number", { "7" },
	  0, false },
	{ "state", {{ "@state", "draft", "closed", "open" }}, "@state",
	  { "closed" }, 1, false },
	{ "state, alone", {{ "@state", "draft", "draft", "open" }}, "name",
	  { "open" }, 0, true },
	{ "withdrawn, alone", {{ "@deleted", "", "", "why" }}, "",
	  { "why" }, 0, true },
	{ "withdrawn against an edit", {{ "@deleted", "", "", "why" }}, "name",
	  { "" }, 1, false },
	{ "withdrawn against a move", {{ "@deleted", "", "", "why" }},
	  "@state", { "" }, 1, false },
	{ "withdrawn against an unseen field", {{ "@deleted", "", "", "why" },
	  { "zz", "a", "a", "b" }}, "zz", { "", "a" }, 2, false },
	{ "withdrawn twice", {{ "@deleted", "", "one", "two" }}, "@deleted",
	  { "one" }, 1, false },
	{ "withdrawn alike", {{ "@deleted", "", "one", "one" }}, "@deleted",
	  { "one" }, 0, false },
	{ "restored", {{ "@deleted", "one", "one", "" }}, "", { "" },
	  0, true },
	{ "edit against withdrawn", {{ "name", "a", "a", "b" },
	  { "@deleted", "", "why", NULL }}, "@deleted", { "b", "" }, 1, true },
	{ "edit of one known as withdrawn", {{ "name", "a", "a", "b" },
	  { "@deleted", "", "why", NULL }}, "", { "b", "why" }, 0, true },
	{ "an edit that says nothing new", {{ "name", "a", "b", "b" },
	  { "@deleted", "", "why", NULL }}, "name;@deleted", { "b", "why" },
	  0, false },
};

/* A change whose after is NULL is of the record only. */
static void
prepare(struct record *r, struct op *op, const struct row *row)
{
	*r = (struct record){ .id = an_id(), .reg = "thing", .rev = 20 };
	*op = (struct op){ .record = an_id(), .reg = "thing", .kind = OP_SET,
		.base = 17, .n = 5, .by = "u010", .at = 1772413000000 };
	op->changes = calloc(2, sizeof *op->changes);
	for (size_t i = 0; i < 2 && row->changes[i].field; i++) {
		const struct change *c = &row->changes[i];

		assert_true(record_set(r, c->field, c->current));
		if (!c->after)
			continue;
		op->changes[op->change_count++] = (struct op_change){
			.field = strdup(c->field), .before = strdup(c->base),
			.after = strdup(c->after) };
	}
}

static bool
as_seen(const struct row *row)
{
	for (size_t i = 0; i < 2 && row->changes[i].field; i++) {
		if (row->changes[i].after && strcmp(row->changes[i].base,
		    row->changes[i].current) != 0)
			return false;
	}
	return true;
}

static void
test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *row = &rows[i];
		struct merge_result m = {0};
		struct record r;
		struct op op;

		prepare(&r, &op, row);
		merge_op(&m, &r, &op, &reg, is_listed, (void *)row->touched);
		for (size_t k = 0; k < 2 && row->changes[k].field; k++) {
			const char *text = record_get(&r,
				row->changes[k].field);

			if (strcmp(text, row->want[k]) != 0)
				fail_msg("%s: %s", row->what, text);
		}
		if (m.conflict_count != row->conflicts ||
		    m.changed != row->changed ||
		    m.merged == (row->touched[0] == '\0' && as_seen(row)))
			fail_msg("%s: %zu conflicts, changed %d, merged %d",
				row->what, m.conflict_count, m.changed,
				m.merged);
		assert_int_equal(m.changed, r.updated_at != 0);
		merge_result_release(&m);
		op_release(&op);
		record_release(&r);
	}
}

/* A conflict holds the whole group, with what its author saw and wanted. */
static void
test_conflict_content(void **state)
{
	static const struct row row = { "", {{ "term_from", "1", "3", "2" },
		{ "term_to", "4", "4", "5" }}, "term_from", { "" }, 0, false };
	struct merge_result m = {0};
	struct record r;
	struct op op;

	(void)state;
	prepare(&r, &op, &row);
	merge_op(&m, &r, &op, &reg, is_listed, (void *)row.touched);
	assert_int_equal(m.conflict_count, 1);
	assert_string_equal(m.conflicts[0].group, "term");
	assert_int_equal(m.conflicts[0].count, 2);
	assert_string_equal(m.conflicts[0].changes[1].field, "term_to");
	assert_string_equal(m.conflicts[0].changes[1].before, "4");
	assert_string_equal(m.conflicts[0].changes[1].after, "5");
	merge_result_release(&m);
	/* without a definition each field is asked about alone */
	merge_op(&m, &r, &op, NULL, is_listed, (void *)row.touched);
	assert_int_equal(m.conflict_count, 1);
	assert_int_equal(m.conflicts[0].count, 1);
	assert_string_equal(m.conflicts[0].group, "term_from");
	assert_string_equal(record_get(&r, "term_to"), "5");
	merge_result_release(&m);
	op_release(&op);
	record_release(&r);
}

static void
test_event(void **state)
{
	static const struct row row = { "", {{ "name", "a", "c", "b" }}, "name",
		{ "" }, 0, false };
	struct schema_register event = reg;
	struct merge_result m = {0};
	struct record r;
	struct op op;

	(void)state;
	event.event = true;
	prepare(&r, &op, &row);
	merge_op(&m, &r, &op, &event, is_listed, (void *)row.touched);
	assert_int_equal(m.conflict_count, 0);
	assert_string_equal(record_get(&r, "name"), "b");
	op_release(&op);
	record_release(&r);
}

/* New on both sides under one name: values merge, its first state is no claim
 * against where the record has moved. */
static void
test_new_twice(void **state)
{
	struct record mine = { .id = an_id(), .reg = "thing",
		.state = "draft" }, r = {0};
	struct merge_result m = {0};
	struct op op;

	(void)state;
	assert_true(record_set(&mine, "name", "a"));
	op_diff(&op, NULL, &mine);
	merge_op(&m, &r, &op, &reg, NULL, NULL);
	assert_true(m.changed);
	assert_false(m.merged);
	assert_string_equal(record_get(&r, "name"), "a");
	assert_true(record_set(&r, "@state", "open"));
	merge_op(&m, &r, &op, &reg, is_listed, (void *)"name;@state");
	assert_int_equal(m.conflict_count, 0);
	assert_true(m.merged);
	assert_string_equal(r.state, "open");
	op_release(&op);
	record_release(&r);
	record_release(&mine);
}

/* ---- two devices and a server ---- */

enum { DEVICES = 2, RECORDS = 3, QUEUE_MAX = 64, EVENTS_MAX = 4096 };

struct event {			/* one field of one accepted operation */
	int64_t rev;
	int device;
	char field[RECORD_NAME_MAX];
};

struct ledger {
	struct record records[RECORDS];
	struct event *events[RECORDS];
	size_t event_count[RECORDS];
	struct buf trace;	/* every text that was ever in a record or a
				 * conflict */
};

struct device {
	struct record base[RECORDS];
	struct op queue[QUEUE_MAX];
	size_t count;
	int64_t n;
};

struct world {
	uint64_t first_seed, seed;
	struct ledger ledger;
	struct device devices[DEVICES];
	struct buf entered;	/* texts, each ended by a newline */
	int serial;
};

struct question {		/* what is_others() needs to know */
	const struct ledger *ledger;
	const struct op *op;
	int device, record;
};

static unsigned int
roll(struct world *w, unsigned int sides)
{
	w->seed ^= w->seed << 13;
	w->seed ^= w->seed >> 7;
	w->seed ^= w->seed << 17;
	return (unsigned int)(w->seed >> 33) % sides;
}

static struct uuid
record_id(int k)
{
	char name[8];

	snprintf(name, sizeof name, "r%d", k);
	return uuid_named("test", name);
}

/* A device's own earlier operations were seen by the one who made this one. */
static bool
is_others(void *self, const char *field)
{
	const struct question *q = self;
	const struct ledger *l = q->ledger;

	for (size_t i = 0; i < l->event_count[q->record]; i++) {
		const struct event *e = &l->events[q->record][i];

		if (e->rev > q->op->base && e->device != q->device &&
		    (!field[0] || strcmp(e->field, field) == 0))
			return true;
	}
	return false;
}

static void
see(struct record *out, const struct device *d, int k)
{
	const struct op *mine[QUEUE_MAX];
	struct uuid id = record_id(k);
	size_t count = 0;

	for (size_t i = 0; i < d->count; i++) {
		if (uuid_compare(&d->queue[i].record, &id) == 0)
			mine[count++] = &d->queue[i];
	}
	merge_rebase(out, &d->base[k], mine, count);
}

/* The last undecided operation on a record. */
static int64_t
last_of(const struct device *d, int k)
{
	struct uuid id = record_id(k);
	int64_t n = 0;

	for (size_t i = 0; i < d->count; i++) {
		if (uuid_compare(&d->queue[i].record, &id) == 0)
			n = d->queue[i].n;
	}
	return n;
}

/* A text nobody else enters: "v17." */
static void
invent(struct world *w, char out[32], char kind)
{
	snprintf(out, 32, "%c%d.", kind, ++w->serial);
}

/* Remember the inventions that a saved change holds, as lines. */
static void
remember_entered(struct world *w, const struct op_change *c)
{
	const char *at = c->after, *dot;

	for (dot = strchr(at, '.'); dot; dot = strchr(at, '.')) {
		const char *start = dot;

		while (start > at && strchr("0123456789", start[-1]))
			start--;
		if (start > at) {
			buf_add(&w->entered, start - 1,
				(size_t)(dot - start) + 2);
			buf_char(&w->entered, '\n');
		}
		at = dot + 1;
	}
}

static void
change_something(struct world *w, struct record *r)
{
	static const char *const plain[] = { "name", "term_from", "term_to",
		"zz", "zy" };
	static const char *const moves[] = { "draft", "open", "closed" };
	char text[32], joined[2048];
	unsigned int what = roll(w, 12);

	if (what < 5) {
		invent(w, text, 'v');
		assert_true(record_set(r, plain[what], text));
	} else if (what < 7) {
		invent(w, text, 'n');
		snprintf(joined, sizeof joined, "%s%s",
			record_get(r, "note"), text);
		assert_true(record_set(r, "note", joined));
	} else if (what < 9) {
		invent(w, text, 't');
		snprintf(joined, sizeof joined, "%s%s%s",
			record_get(r, "tags"), r->values.count &&
			record_get(r, "tags")[0] ? ";" : "", text);
		assert_true(record_set(r, "tags", joined));
	} else if (what == 9) {
		assert_true(record_set(r, "@state", moves[roll(w, 3)]));
	} else if (what == 10) {
		assert_true(record_set(r, plain[roll(w, 5)], ""));
	} else if (r->deleted) {
		assert_true(record_set(r, "@deleted", ""));
	} else {
		invent(w, text, 'd');
		assert_true(record_set(r, "@deleted", text));
	}
}

static void
edit(struct world *w, struct device *d)
{
	struct record before = {0}, after = {0};
	int k = (int)roll(w, RECORDS);
	struct op op;

	if (d->count == QUEUE_MAX)
		return;
	see(&before, d, k);
	record_copy(&after, &before);
	if (uuid_is_zero(&after.id)) {
		after.id = record_id(k);
		memcpy(after.reg, "thing", 6);
		memcpy(after.state, "draft", 6);
	}
	for (unsigned int i = roll(w, 3) + 1; i > 0; i--)
		change_something(w, &after);
	op_diff(&op, uuid_is_zero(&before.id) ? NULL : &before, &after);
	if (op.change_count > 0) {
		op.n = ++d->n;
		op.after = last_of(d, k);
		memcpy(op.by, "u010", 5);
		for (size_t i = 0; i < op.change_count; i++)
			remember_entered(w, &op.changes[i]);
		d->queue[d->count++] = op;
	} else {
		op_release(&op);
	}
	record_release(&before);
	record_release(&after);
}

static void
remember_texts(struct ledger *l, const struct record *r)
{
	for (size_t i = 0; i < r->values.count; i++) {
		buf_text(&l->trace, r->values.items[i].text);
		buf_char(&l->trace, '\n');
	}
	if (r->deleted)
		buf_text(&l->trace, r->deleted);
	buf_char(&l->trace, '\n');
}

static void
remember_change(struct ledger *l, int k, int64_t rev, int device,
	const char *field)
{
	assert_true(l->event_count[k] < EVENTS_MAX);
	l->events[k][l->event_count[k]] = (struct event){ .rev = rev,
		.device = device };
	snprintf(l->events[k][l->event_count[k]].field, RECORD_NAME_MAX, "%s",
		field);
	l->event_count[k]++;
}

/* Judge one operation; history is what truly changed. */
static void
judge(struct ledger *l, const struct op *op, int device, int k)
{
	struct question q = { l, op, device, k };
	struct record *r = &l->records[k], before;
	struct merge_result m = {0};
	struct op delta;
	char hash[RECORD_HASH_MAX];

	record_copy(&before, r);
	merge_op(&m, r, op, &reg, is_others, &q);
	op_diff(&delta, &before, r);
	assert_int_equal(m.changed, delta.change_count > 0 ||
		uuid_is_zero(&before.id));
	if (m.changed)
		r->rev++;
	for (size_t i = 0; i < delta.change_count; i++)
		remember_change(l, k, r->rev, device, delta.changes[i].field);
	remember_texts(l, r);
	for (size_t i = 0; i < m.conflict_count; i++) {
		for (size_t c = 0; c < m.conflicts[i].count; c++) {
			buf_text(&l->trace, m.conflicts[i].changes[c].after);
			buf_char(&l->trace, '\n');
		}
	}
	/* Nobody else there: the server has exactly what the device shows.
	 * (Behind an own operation that lost it has something else.) */
	if (!m.merged)
		assert_int_equal(m.conflict_count, 0);
	if (!m.merged && op->after == 0) {
		record_hash(hash, r);
		assert_string_equal(hash, op->expect);
	}
	op_release(&delta);
	record_release(&before);
	merge_result_release(&m);
}

static int
record_number(const struct op *op)
{
	int k = 0;

	while (k < RECORDS) {
		struct uuid id = record_id(k);

		if (uuid_compare(&id, &op->record) == 0)
			return k;
		k++;
	}
	fail();
	return 0;
}

static void
pull(struct world *w, struct device *d)
{
	for (int k = 0; k < RECORDS; k++) {
		record_release(&d->base[k]);
		record_copy(&d->base[k], &w->ledger.records[k]);
	}
}

/* Push some of the queue, then pull, as one call does. */
static void
exchange(struct world *w, int device, size_t most)
{
	struct device *d = &w->devices[device];
	size_t sent = 0;

	while (sent < most && sent < d->count) {
		struct op *op = &d->queue[sent++];

		judge(&w->ledger, op, device, record_number(op));
		op_release(op);
	}
	d->count -= sent;
	memmove(d->queue, d->queue + sent, d->count * sizeof d->queue[0]);
	pull(w, d);
}

static void
assert_nothing_lost(struct world *w)
{
	char *line = w->entered.data;

	assert_false(w->entered.full || w->ledger.trace.full);
	while (*line) {
		char *end = strchr(line, '\n');

		*end = '\0';
		if (!strstr(w->ledger.trace.data, line))
			fail_msg("%s was lost, seed %llu", line,
				(unsigned long long)w->first_seed);
		line = end + 1;
	}
}

static void
assert_converged(struct world *w)
{
	for (int k = 0; k < RECORDS; k++) {
		char want[RECORD_HASH_MAX], hash[RECORD_HASH_MAX];

		record_hash(want, &w->ledger.records[k]);
		for (int i = 0; i < DEVICES; i++) {
			struct record r = {0};

			see(&r, &w->devices[i], k);
			record_hash(hash, &r);
			if (strcmp(hash, want) != 0)
				fail_msg("not equal, seed %llu",
					(unsigned long long)w->first_seed);
			assert_int_equal(r.rev, w->ledger.records[k].rev);
			record_release(&r);
		}
	}
}

static void
live(uint64_t seed)
{
	struct world *w = calloc(1, sizeof *w);

	w->first_seed = w->seed = seed;
	buf_init(&w->entered, BUF_BATCH_MAX);
	buf_init(&w->ledger.trace, BUF_BATCH_MAX);
	for (int k = 0; k < RECORDS; k++)
		w->ledger.events[k] = calloc(EVENTS_MAX, sizeof(struct event));
	for (int step = 0; step < 120; step++) {
		int device = (int)roll(w, DEVICES);

		if (roll(w, 10) < 8)
			edit(w, &w->devices[device]);
		else
			exchange(w, device, roll(w, 12));
	}
	for (int i = 0; i < 2 * DEVICES; i++)
		exchange(w, i % DEVICES, QUEUE_MAX);
	assert_converged(w);
	assert_nothing_lost(w);
	for (int k = 0; k < RECORDS; k++) {
		record_release(&w->ledger.records[k]);
		free(w->ledger.events[k]);
		for (int i = 0; i < DEVICES; i++)
			record_release(&w->devices[i].base[k]);
	}
	buf_release(&w->entered);
	buf_release(&w->ledger.trace);
	free(w);
}

static void
test_convergence(void **state)
{
	uint64_t fresh;

	(void)state;
	for (uint64_t seed = 1; seed <= 300; seed++)
		live(seed * 0x9e3779b97f4a7c15u);
	/* one of each run's own; what it finds is said with its seed */
	crypto_random(&fresh, sizeof fresh);
	live(fresh | 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_conflict_content),
		cmocka_unit_test(test_event),
		cmocka_unit_test(test_new_twice),
		cmocka_unit_test(test_convergence),
	};

	crypto_init();
	return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
