/* Records on their way between offices; see givers.h. */
#include "kit/givers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/overview.h"
#include "store/save.h"
#include "store/transfer.h"

/* A word of its own, remembered once it was saved. */
static void
make_word(struct clerks *m, char out[16])
{
	snprintf(out, 16, "v%uz", ++m->entered);
}

static void
remember(struct clerks *m, enum status s, const char *word)
{
	if (!s)
		buf_printf(&m->values, "%s\n", word);
}

static enum status
save(struct clerks *m, struct site *site, struct record *r,
	const struct record *seen, const char *to)
{
	struct save save = { .record = r, .seen = seen };
	struct err err = ERR_INIT;
	enum status s = to ? save_move(site->s, &save, to, &err) :
		save_record(site->s, &save, &err);

	clerks_allow(m, site, s, &err);
	faults_release(&save.faults);
	return s;
}

/* ---- persons ---- */

void
giver_person(struct clerks *m, struct site *site)
{
	struct record r = { .reg = "person" }, seen = {0};
	struct err err = ERR_INIT;
	struct uuid id;
	char word[16];
	bool known = clerks_pick(m, 3) && clerks_record(&id, m, site, "person");
	enum status s;

	make_word(m, word);
	if (known) {
		s = store_get(&seen, site->s, &id, &err);
		clerks_allow(m, site, s, &err);
		if (s)
			return;
		record_copy(&r, &seen);
	}
	assert_true(record_set(&r, known ? "home" : "name", word));
	s = save(m, site, &r, known ? &seen : NULL, NULL);
	clerks_told(m, site, known ? "moves house" : "person", &r.id, s);
	remember(m, s, word);
	record_release(&r);
	record_release(&seen);
}

void
giver_about(struct clerks *m, struct site *site)
{
	struct record r = {0}, seen = {0};
	struct err err = ERR_INIT;
	struct uuid matter, person;
	char id[UUID_TEXT_MAX];
	enum status s;

	if (!clerks_record(&matter, m, site, "matter") ||
	    !clerks_record(&person, m, site, "person"))
		return;
	s = store_get(&seen, site->s, &matter, &err);
	clerks_allow(m, site, s, &err);
	if (s)
		return;
	uuid_print(id, &person);
	record_copy(&r, &seen);
	assert_true(record_set(&r, "person_id", id));
	s = save(m, site, &r, &seen, NULL);
	clerks_told(m, site, "is about", &matter, s);
	record_release(&r);
	record_release(&seen);
}

/* ---- transfers ---- */

/* The sites of the chiefs: of office one, of office two, of the county. */
static struct site *
chief(struct clerks *m, unsigned which)
{
	static const int sites[] = { 1, 3, 4 };

	return m->t.sites[sites[which % 3]];
}

/* With a good line, perhaps: what is offered far away seldom arrives. */
static void
keep_in_step(struct clerks *m, struct site *site)
{
	struct err err = ERR_INIT;
	enum status s = E_OK;

	if (clerks_pick(m, 2)) {
		site_fault(site, NET_FINE, 0);
		s = site_sync(site, NULL, &err);
	}
	if (!s)
		s = overview_refresh(site->s, NULL, &err);
	clerks_allow(m, site, s, &err);
}

void
giver_offer(struct clerks *m)
{
	struct site *site = chief(m, clerks_pick(m, 3));
	const struct overview *o;
	struct err err = ERR_INIT;
	struct uuid id, transfer;
	char word[16];
	enum status s;

	keep_in_step(m, site);
	if (!clerks_record(&id, m, site, "matter"))
		return;
	o = overview_find(site->s, &id);
	make_word(m, word);
	s = transfer_offer(&transfer, site->s, &id, o &&
		strcmp(o->office, OFFICE_ONE) == 0 ? OFFICE_TWO : OFFICE_ONE,
		word, &err);
	clerks_allow(m, site, s, &err);
	clerks_told(m, site, "offers", &id, s);
	remember(m, s, word);
	m->gave = m->gave || !s;
	keep_in_step(m, site);
}

/* One to be answered here; or, as seldom, any. */
static bool
any_offer(struct uuid *out, struct clerks *m, struct site *site)
{
	bool ours = clerks_pick(m, 4) > 0;
	size_t count = overview_count(site->s);
	size_t first = count ? clerks_pick(m, (unsigned)count) : 0;

	for (size_t i = 0; i < count; i++) {
		const struct overview *o = overview_at(site->s,
			(first + i) % count);

		if (!o || strcmp(o->reg_name, TRANSFER_REGISTER) != 0 ||
		    strcmp(o->state, "offered") != 0 || (ours &&
		    strcmp(overview_get(o, "to"), site->office) != 0))
			continue;
		*out = o->id;
		return true;
	}
	return false;
}

void
giver_answer(struct clerks *m)
{
	unsigned first = clerks_pick(m, 3), i = 0;
	struct record r = {0}, seen = {0};
	struct err err = ERR_INIT;
	const char *to = "withdrawn";
	struct site *site;
	struct uuid id;
	char word[16];
	enum status s;

	do {
		site = chief(m, first + i);
		keep_in_step(m, site);
	} while (!any_offer(&id, m, site) && ++i < 3);
	if (i == 3)
		return;
	s = store_get(&seen, site->s, &id, &err);
	clerks_allow(m, site, s, &err);
	if (s)
		return;
	record_copy(&r, &seen);
	if (strcmp(record_get(&r, "to"), site->office) == 0)
		to = clerks_pick(m, 4) ? "accepted" : "rejected";
	make_word(m, word);
	if (strcmp(to, "accepted") != 0)
		assert_true(record_set(&r, "answer", word));
	s = save(m, site, &r, &seen, to);
	clerks_told(m, site, to, &id, s);
	m->gave = m->gave || !s;
	if (strcmp(to, "accepted") != 0)
		remember(m, s, word);
	record_release(&r);
	record_release(&seen);
	keep_in_step(m, site);
}
