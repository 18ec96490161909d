/*
 * Whatever happens, they come to agree: three caches of one office, one of
 * another and one of the county work at random against one server over a line
 * that loses, cuts and repeats, with disks that fail, programs that die, roles
 * that change and caches that are copied.  Then the line becomes good, all sync
 * until nothing moves, and
 *
 * 1. all caches equal the ledger, record by record;
 * 2. each operation has one verdict and took effect once;
 * 3. every value ever entered is in a record, in the history, in a question
 *    or among what was refused.
 *
 * A seed tells the whole story.  SEEDS=n runs the first n, SEED=n only that
 * one, with its trace.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/mem.h"
#include "db/db.h"
#include "kit/quickhash.h"
#include "kit/township.h"
#include "store/conflict.h"
#include "store/outbox.h"
#include "store/overview.h"
#include "store/save.h"

enum { STEPS = 150, SEEDS = 60, TRACE_SHOWN = 6000 };

struct sim {
	struct township t;
	uint64_t seed, random;
	unsigned entered;	/* values so far: the next one's number */
	struct buf values;	/* those that were saved, a line each */
	struct buf trace;
	struct site *meanwhile;	/* who edits while a request is under way */
	bool broken;		/* a disk may have failed in this step */
	bool done;
	struct record form;	/* a form that was left open */
	struct site *form_at;
};

/* ---- chance ---- */

static unsigned
pick(struct sim *m, unsigned n)		/* splitmix64 */
{
	uint64_t z = m->random += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return (unsigned)((z ^ (z >> 31)) % n);
}

static struct site *
any_site(struct sim *m)
{
	return m->t.sites[pick(m, (unsigned)m->t.count)];
}

static size_t
number_of(const struct sim *m, const struct site *site)
{
	size_t i = 0;

	while (m->t.sites[i] != site)
		i++;
	return i;
}

static void
told(struct sim *m, const struct site *site, const char *what,
	const struct uuid *id, enum status s)
{
	char name[UUID_TEXT_MAX] = "";

	if (id)
		uuid_print(name, id);
	buf_printf(&m->trace, "%zu %s %s %s\n", number_of(m, site), what,
		name[0] ? name + 24 : "", s ? err_name(s) : "");
}

/* Only a disk that we broke may fail. */
static void
allow(struct sim *m, const struct site *site, enum status s,
	const struct err *err)
{
	if (s == E_IO ? !m->broken : s == E_NOTFOUND)
		fail_msg("site %zu: %s", number_of(m, site), err->msg);
}

/* ---- values ---- */

/* What was entered counts once it is saved. */
struct entry {
	struct buf values;
};

static void
enter_value(struct entry *e, const char *text)
{
	buf_printf(&e->values, "%s\n", text);
}

static bool
holds(const struct record *r, const char *text)
{
	bool found = r->deleted && strstr(r->deleted, text);

	for (size_t i = 0; i < r->values.count; i++)
		found = found || strstr(r->values.items[i].text, text);
	return found;
}

/* Saved as r; what was typed over again before that does not count. */
static void
finish_entry(struct sim *m, struct entry *e, const struct record *r)
{
	char *at = r ? e->values.data : NULL;

	while (at && *at) {
		char *end = strchr(at, '\n');

		*end = '\0';
		if (holds(r, at))
			buf_printf(&m->values, "%s\n", at);
		at = end + 1;
	}
	buf_release(&e->values);
}

static void
make_token(struct sim *m, struct entry *e, char out[16])
{
	snprintf(out, 16, "v%uz", ++m->entered);
	enter_value(e, out);
}

/* Dates that nothing else has, spread so that orders break. */
static void
make_date(struct sim *m, struct entry *e, char out[DATE_TEXT_MAX])
{
	date_print(out, 7000 + (int)pick(m, 40) * 800 + (int)++m->entered);
	enter_value(e, out);
}

static void
set_note(struct sim *m, struct entry *e, struct record *r)
{
	const char *before = record_get(r, "note");
	char token[16];
	char *text;

	make_token(m, e, token);
	text = pick(m, 4) && strlen(before) < 380 ?
		mem_printf("%s%s%s", before, before[0] ? "\n" : "", token) :
		mem_strdup(token);
	assert_true(record_set(r, "note", text));
	free(text);
}

/* Long ones, so that pages fill. */
static void
set_story(struct sim *m, struct entry *e, struct record *r)
{
	size_t len = 1000 + pick(m, 7000);
	char *text = mem_alloc(len + 17, 1);
	char token[16];

	make_token(m, e, token);
	memset(text, 'x', len);
	memcpy(text + len, token, strlen(token));
	assert_true(record_set(r, "story", text));
	free(text);
}

static void
set_tags(struct sim *m, struct record *r)
{
	char text[16] = "";
	unsigned which = pick(m, 16);

	for (unsigned i = 0; i < 4; i++) {
		char tag[3] = { ';', (char)('1' + i), '\0' };

		if (which & 1u << i)
			strncat(text, tag + !text[0], 2);
	}
	assert_true(record_set(r, "tags", text));
}

static void
set_one(struct sim *m, struct entry *e, struct site *site, struct record *r)
{
	static const char *const texts[] = { "title", "place", "place",
		"phone" };
	static const char *const dates[] = { "from_on", "to_on", "first_on",
		"last_on", "last_on" };
	char text[DATE_TEXT_MAX > 16 ? DATE_TEXT_MAX : 16];
	const char *field;

	switch (pick(m, 12)) {
	case 0: case 1: case 2: case 3:
		field = texts[pick(m, site->schema == m->t.schema ? 4 : 3)];
		if (strcmp(field, "title") != 0 && pick(m, 6) == 0)
			text[0] = '\0';
		else
			make_token(m, e, text);
		assert_true(record_set(r, field, text));
		break;
	case 4: case 5: case 6: case 7:
		make_date(m, e, text);
		field = dates[pick(m, 5)];
		assert_true(record_set(r, field, text));
		break;
	case 8:
		snprintf(text, sizeof text, "%u", pick(m, 9));
		assert_true(record_set(r, "level", text));
		break;
	case 9:
		set_note(m, e, r);
		break;
	case 10:
		set_story(m, e, r);
		break;
	default:
		set_tags(m, r);
	}
}

static void
set_some(struct sim *m, struct entry *e, struct site *site, struct record *r)
{
	for (unsigned i = pick(m, 3) + 1; i > 0; i--)
		set_one(m, e, site, r);
}

/* ---- what people do ---- */

/* A row of a register at this site; deleted ones too, sometimes. */
static bool
any_record(struct uuid *out, struct sim *m, struct site *site,
	const char *reg)
{
	size_t count = overview_count(site->s);

	for (int tries = 0; count > 0 && tries < 40; tries++) {
		const struct overview *o =
			overview_at(site->s, pick(m, (unsigned)count));

		if (o && strcmp(o->reg_name, reg) == 0 &&
		    (!o->deleted || tries > 35)) {
			*out = o->id;
			return true;
		}
	}
	return false;
}

static enum status
save(struct sim *m, struct site *site, struct record *r,
	const struct record *seen, const char *to, struct err *err)
{
	struct save save = { .record = r, .seen = seen };
	enum status s = to ? save_move(site->s, &save, to, err) :
		save_record(site->s, &save, err);

	allow(m, site, s, err);
	faults_release(&save.faults);
	return s;
}

static void
do_new(struct sim *m, struct site *site)
{
	struct record r = { .reg = "matter" };
	struct entry e = {0};
	struct err err = ERR_INIT;
	char title[16];
	enum status s;

	buf_init(&e.values, BUF_LINE_MAX);
	make_token(m, &e, title);
	assert_true(record_set(&r, "title", title));
	set_some(m, &e, site, &r);
	s = save(m, site, &r, NULL, NULL, &err);
	told(m, site, "new", &r.id, s);
	finish_entry(m, &e, s ? NULL : &r);
	record_release(&r);
}

static void
do_visit(struct sim *m, struct site *site)
{
	struct record r = { .reg = "visit" };
	struct entry e = {0};
	struct err err = ERR_INIT;
	struct uuid matter;
	char text[UUID_TEXT_MAX];
	enum status s;

	if (!any_record(&matter, m, site, "matter"))
		return;
	buf_init(&e.values, BUF_LINE_MAX);
	uuid_print(text, &matter);
	assert_true(record_set(&r, "matter_id", text));
	make_token(m, &e, text);
	assert_true(record_set(&r, "text", text));
	s = save(m, site, &r, NULL, NULL, &err);
	told(m, site, "visit", &r.id, s);
	finish_entry(m, &e, s ? NULL : &r);
	record_release(&r);
}

/* A form may have been open since long, while others' changes came. */
static void
edit_form(struct sim *m, struct site *site, const struct record *seen,
	const char *to)
{
	struct record r = {0};
	struct entry e = {0};
	struct err err = ERR_INIT;
	enum status s;

	buf_init(&e.values, BUF_LINE_MAX);
	record_copy(&r, seen);
	set_some(m, &e, site, &r);
	s = save(m, site, &r, seen, to, &err);
	told(m, site, to ? to : "edit", &seen->id, s);
	for (size_t i = 0; !s && i < e.values.len; i++)
		buf_char(&m->trace, e.values.data[i] == '\n' ? ' ' :
			e.values.data[i]);
	buf_char(&m->trace, '\n');
	finish_entry(m, &e, s ? NULL : &r);
	record_release(&r);
}

static void
do_edit(struct sim *m, struct site *site, bool move)
{
	struct record seen = {0};
	struct uuid id;
	struct err err = ERR_INIT;
	enum status s;

	if (!any_record(&id, m, site, "matter"))
		return;
	s = store_get(&seen, site->s, &id, &err);
	allow(m, site, s, &err);
	if (s)
		return;
	edit_form(m, site, &seen, !move ? NULL :
		strcmp(seen.state, "open") == 0 ? "closed" : "open");
	record_release(&seen);
}

/* Leave a form open, or come back to it. */
static void
do_form(struct sim *m, struct site *site)
{
	struct uuid id;
	struct err err = ERR_INIT;

	if (m->form_at) {
		edit_form(m, m->form_at, &m->form, NULL);
		record_release(&m->form);
		m->form_at = NULL;
	} else if (any_record(&id, m, site, "matter") &&
	    store_get(&m->form, site->s, &id, &err) == E_OK) {
		m->form_at = site;
		told(m, site, "opens", &id, E_OK);
	}
}

static void
do_withdraw(struct sim *m, struct site *site)
{
	struct entry e = {0};
	struct uuid id;
	struct err err = ERR_INIT;
	char why[16];
	enum status s;

	if (!any_record(&id, m, site, pick(m, 3) ? "matter" : "visit"))
		return;
	buf_init(&e.values, BUF_LINE_MAX);
	make_token(m, &e, why);
	s = save_remove(site->s, &id, why, &err);
	allow(m, site, s, &err);
	told(m, site, "withdraw", &id, s);
	finish_entry(m, &e, s ? NULL :
		&(struct record){ .deleted = why });
}

static void
answer(struct sim *m, struct entry *e, struct values *chosen,
	const struct conflict *c)
{
	unsigned how = pick(m, 3);

	for (size_t i = 0; i < c->count; i++) {
		const struct conflict_field *f = &c->fields[i];
		char token[16];

		if (how == 2 && strcmp(f->field, "place") == 0) {
			make_token(m, e, token);
			values_set(chosen, f->field, token);
		} else {
			values_set(chosen, f->field,
				how ? f->theirs : f->mine);
		}
	}
}

static void
do_resolve(struct sim *m, struct site *site)
{
	struct conflict_list l = {0};
	struct values chosen = {0};
	struct entry e = {0};
	struct err err = ERR_INIT;
	enum status s = conflict_list(&l, site->s, NULL, &err);

	allow(m, site, s, &err);
	if (!s && l.count > 0) {
		const struct conflict *c =
			&l.items[pick(m, (unsigned)l.count)];

		buf_init(&e.values, BUF_LINE_MAX);
		answer(m, &e, &chosen, c);
		s = save_resolve(site->s, &c->id, &chosen, &err);
		/* a question may come a page before its record */
		if (s != E_NOTFOUND)
			allow(m, site, s, &err);
		told(m, site, "resolve", &c->record, s);
		finish_entry(m, &e, s ? NULL :
			&(struct record){ .values = chosen });
	}
	values_release(&chosen);
	conflict_list_release(&l);
}

/* What was refused is given up, or its record is edited. */
static void
do_mend(struct sim *m, struct site *site)
{
	struct outbox_list l = {0};
	struct record seen = {0};
	struct err err = ERR_INIT;
	enum status s = outbox_list(&l, site->s, OUTBOX_REFUSED, NULL, &err);

	allow(m, site, s, &err);
	if (!s && l.count > 0) {
		const struct op *op =
			&l.items[pick(m, (unsigned)l.count)].op;

		if (pick(m, 2)) {
			s = outbox_withdraw(site->s, op->epoch, op->n, &err);
			allow(m, site, s, &err);
			told(m, site, "give up", &op->record, s);
		} else if (store_get(&seen, site->s, &op->record, &err) ==
		    E_OK && strcmp(seen.reg, "matter") == 0) {
			edit_form(m, site, &seen, NULL);
		}
	}
	record_release(&seen);
	outbox_list_release(&l);
}

/* ---- what the world does ---- */

static void
edit_meanwhile(void *self)
{
	struct sim *m = self;

	if (pick(m, 3) == 0)
		do_edit(m, m->meanwhile, false);
}

static enum status
sync_some(struct sim *m, struct site *site, struct err *err)
{
	struct transport net = site_transport(site);
	size_t line_bytes = WIRE_MAX_BYTES_MIN;
	bool more = true;
	enum status s = E_OK;

	/* a kill between two pages */
	for (unsigned i = pick(m, 3) + 1; i > 0 && more && !s; i--) {
		struct sync_counts counts = {0};

		more = false;
		line_bytes = WIRE_MAX_BYTES_MIN;
		s = sync_step(&counts, &more, &line_bytes, site->s, &net, err);
	}
	return s;
}

static void
do_sync(struct sim *m, struct site *site)
{
	struct err err = ERR_INIT;
	enum net_fault fault = NET_FINE;
	enum status s;

	if (pick(m, 2))
		fault = (enum net_fault)pick(m, NET_FAULTS);
	if (m->broken && fault == NET_RESTART)
		fault = NET_FINE;	/* a server that does not start */
	site_fault(site, fault, 1);
	site->net.cut = pick(m, 100000);
	m->meanwhile = site;
	site->net.self = m;
	site->net.during = pick(m, 3) ? NULL : edit_meanwhile;
	s = pick(m, 2) ? site_sync(site, NULL, &err) : sync_some(m, site, &err);
	site->net.during = NULL;
	buf_printf(&m->trace, "%zu sync, line %d: %s\n", number_of(m, site),
		(int)fault, s ? err.msg : "");
	/* a good line always gets through */
	if (s && !m->broken && (fault == NET_FINE || fault == NET_TWICE ||
	    fault == NET_LATE || fault == NET_RESTART))
		fail_msg("site %zu: %s", number_of(m, site), err.msg);
}

static void
do_world(struct sim *m, struct site *site)
{
	const char *role = pick(m, 2) ? "auditor" : "clerk";

	switch (pick(m, 5)) {
	case 0:
		site_reopen(site);
		break;
	case 1:
		if (strlen(site->home) < sizeof site->home - 4)
			site_crash(site);
		break;
	case 2:
		township_restart(&m->t);
		break;
	case 3:
		township_role(&m->t, pick(m, 2) ? "u1" : "u1c", role);
		told(m, site, role, NULL, E_OK);
		return;
	default:
		if (m->t.count < TOWNSHIP_SITES - 1 && pick(m, 3) == 0) {
			(void)township_copy(&m->t, site);
			told(m, site, "is copied", NULL, E_OK);
		}
		return;
	}
	told(m, site, "dies", NULL, E_OK);
}

static void
step(struct sim *m)
{
	struct site *site = any_site(m);
	unsigned what = pick(m, 100);
	struct err err = ERR_INIT;

	township_tick(1 + pick(m, 100000));
	m->broken = what < 92 && pick(m, 10) == 0;
	if (m->broken) {
		long n = 1 + (long)pick(m, pick(m, 2) ? 30 : 300);

		buf_printf(&m->trace, "disk %ld\n", n);
		db_fail_after(n);
	}
	if (what < 5)
		do_new(m, site);
	else if (what < 9)
		do_visit(m, site);
	else if (what < 41)
		do_edit(m, site, false);
	else if (what < 48)
		do_edit(m, site, true);
	else if (what < 52)
		do_form(m, site);
	else if (what < 56)
		do_withdraw(m, site);
	else if (what < 63)
		do_resolve(m, site);
	else if (what < 66)
		do_mend(m, site);
	else if (what < 92)
		do_sync(m, site);
	else
		do_world(m, site);
	db_fail_after(0);
	m->broken = false;
	/* as every screen does before it paints */
	if (overview_refresh(site->s, NULL, &err))
		fail_msg("%s", err.msg);
}

/* ---- the end ---- */

static void
find_values(struct sim *m, struct buf *faults)
{
	struct buf memory;
	char *at = m->values.data;

	buf_init(&memory, 4 * BUF_BATCH_MAX);
	township_memory(&memory, &m->t);
	assert_false(memory.full || m->values.full);
	while (*at) {
		char *end = strchr(at, '\n');

		*end = '\0';
		if (!strstr(memory.data, at))
			buf_printf(faults, "nobody knows %s any more\n", at);
		*end = '\n';
		at = end + 1;
	}
	buf_release(&memory);
}

static void
run(struct sim *m, uint64_t seed)
{
	struct buf faults;

	m->seed = m->random = seed;
	m->done = false;
	m->entered = 0;
	buf_init(&m->values, BUF_BATCH_MAX);
	buf_init(&m->trace, BUF_BATCH_MAX);
	buf_init(&faults, BUF_BATCH_MAX);
	township_open(&m->t);
	(void)township_site(&m->t, OFFICE_ONE, "u1", NULL);
	(void)township_site(&m->t, OFFICE_ONE, "u1b", NULL);
	(void)township_site(&m->t, OFFICE_ONE, "u1c",
		pick(m, 3) ? NULL : m->t.older);
	(void)township_site(&m->t, OFFICE_TWO, "u2", NULL);
	(void)township_site(&m->t, OFFICE_COUNTY, "uc", NULL);
	for (int i = 0; i < STEPS; i++)
		step(m);
	township_settle(&m->t);
	township_faults(&faults, &m->t);
	find_values(m, &faults);
	if (faults.len > 0)
		fail_msg("%s", faults.data);
	m->done = true;
	buf_release(&faults);
}

static void
finish(struct sim *m)
{
	if (!m->trace.data)
		return;
	if (!m->done || getenv("SEED"))
		fprintf(stderr, "seed %" PRIu64 "\n%s\n", m->seed,
			getenv("SEED") || m->trace.len < TRACE_SHOWN ?
			m->trace.data :
			m->trace.data + m->trace.len - TRACE_SHOWN);
	township_close(&m->t);
	record_release(&m->form);
	m->form_at = NULL;
	buf_release(&m->values);
	buf_release(&m->trace);
}

static int
tear_down(void **state)
{
	finish(*state);
	free(*state);
	return 0;
}

static int
set_up(void **state)
{
	*state = mem_alloc(1, sizeof(struct sim));
	return 0;
}

static uint64_t
number(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 10) : otherwise;
}

static void
replicas_converge(void **state)
{
	uint64_t only = number("SEED", 0);
	uint64_t last = only ? only : number("SEEDS", SEEDS);

	for (uint64_t seed = only ? only : 1; seed <= last; seed++) {
		run(*state, seed);
		finish(*state);
	}
}

static void
replicas_converge_from_a_fresh_seed(void **state)
{
	struct uuid id = uuid_new();
	uint64_t seed = 1000 + (uint64_t)id.b[14] * 256 + id.b[15];

	print_message("# fresh seed %" PRIu64 "\n", seed);
	run(*state, seed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(replicas_converge, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			replicas_converge_from_a_fresh_seed, set_up,
			tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
