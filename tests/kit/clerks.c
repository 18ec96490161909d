/* People and chance; see clerks.h. */
#include "kit/clerks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "db/db.h"
#include "db/db_fail.h"
#include "kit/clerk_values.h"
#include "kit/renewal.h"
#include "kit/succession.h"
#include "store/audit.h"
#include "store/conflict.h"
#include "store/outbox.h"
#include "store/overview.h"
#include "store/save.h"
#include "store/scan.h"

enum { FEW = 6 };	/* records that most work on */

/* ---- chance ---- */

unsigned
clerks_pick(struct clerks *m, unsigned n)		/* splitmix64 */
{
	uint64_t z = m->random += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return (unsigned)((z ^ (z >> 31)) % n);
}

struct site *
clerks_site(struct clerks *m)
{
	return m->t.sites[clerks_pick(m, (unsigned)m->t.count)];
}

size_t
clerks_number(const struct clerks *m, const struct site *site)
{
	size_t i = 0;

	while (m->t.sites[i] != site)
		i++;
	return i;
}

void
clerks_told(struct clerks *m, const struct site *site, const char *what,
	const struct uuid *id, enum status s)
{
	char name[UUID_TEXT_MAX] = "";

	if (id)
		uuid_print(name, id);
	buf_printf(&m->trace, "%zu %s %s %s\n", clerks_number(m, site), what,
		name[0] ? name + 24 : "", s ? err_name(s) : "");
}

/* Only a disk that we broke may fail. */
void
clerks_allow(struct clerks *m, const struct site *site, enum status s,
	const struct err *err)
{
	if (s == E_IO ? !m->broken : s == E_NOTFOUND)
		fail_msg("site %zu: %s", clerks_number(m, site), err->msg);
}

/* ---- what authors saw ---- */

void
clerks_print_term(struct buf *out, const struct record *r)
{
	char id[UUID_TEXT_MAX];

	uuid_print(id, &r->id);
	buf_printf(out, "%s %s %s\n", id, record_get(r, "from_on"),
		record_get(r, "to_on"));
}

/* All that is said, the reason of the withdrawal included; but not what is
 * merged without asking anybody. */
void
clerks_print_whole(struct buf *out, const struct record *r)
{
	struct record said = {0};
	char id[UUID_TEXT_MAX], hash[RECORD_HASH_MAX];

	record_copy(&said, r);
	if (!record_get(&said, "site")[0]) {	/* as it is called later */
		values_set(&said.values, "site", record_get(r, "place"));
		values_set(&said.values, "place", "");
	}
	values_set(&said.values, "level", "");
	values_set(&said.values, "note", "");
	values_set(&said.values, "tags", "");
	uuid_print(id, &r->id);
	record_hash(hash, &said);
	buf_printf(out, "%s is %s\n", id, hash);
	record_release(&said);
}

static void
note_seen(struct clerks *m, struct site *site, const struct uuid *id)
{
	struct record r = {0};
	struct err err = ERR_INIT;

	db_fail_after(0);
	if (store_get(&r, site->s, id, &err))
		fail_msg("%s", err.msg);
	clerks_print_term(&m->seen, &r);
	if (r.deleted) {
		record_release(&r);
		renewal_seen(&r, m, site, id);
		clerks_print_whole(&m->seen, &r);
	}
	record_release(&r);
}

/* ---- what people do ---- */

/* A row of a register at this site; deleted ones too, sometimes. */
bool
clerks_record(struct uuid *out, struct clerks *m, struct site *site,
	const char *reg)
{
	size_t count = overview_count(site->s);

	for (int tries = 0; count > 0 && tries < 40; tries++) {
		/* mostly the same few, so that people meet */
		size_t among = count > FEW && clerks_pick(m, 3) ? FEW : count;
		const struct overview *o =
			overview_at(site->s, clerks_pick(m, (unsigned)among));

		if (o && strcmp(o->reg_name, reg) == 0 &&
		    (!o->deleted || tries > 35)) {
			*out = o->id;
			return true;
		}
	}
	return false;
}

enum status
clerks_save(struct clerks *m, struct site *site, struct record *r,
	const struct record *seen, const char *to, struct err *err)
{
	struct save save = { .record = r, .seen = seen };
	enum status s = to ? save_move(site->s, &save, to, err) :
		save_record(site->s, &save, err);

	/* a form may be open on what was given up meanwhile */
	if (s != E_NOTFOUND || overview_find(site->s, &r->id))
		clerks_allow(m, site, s, err);
	if (!s && strcmp(r->reg, "matter") == 0)
		succession_note(m, seen, r);
	faults_release(&save.faults);
	return s;
}

void
clerk_new(struct clerks *m, struct site *site)
{
	struct record r = { .reg = "matter" };
	struct entry e = {0};
	struct err err = ERR_INIT;
	char title[16];
	enum status s;

	entry_begin(&e);
	entry_token(m, &e, title);
	assert_true(record_set(&r, "title", title));
	entry_change(m, &e, site, &r);
	s = clerks_save(m, site, &r, NULL, NULL, &err);
	clerks_told(m, site, "new", &r.id, s);
	if (!s)
		note_seen(m, site, &r.id);
	entry_finish(m, &e, s ? NULL : &r);
	record_release(&r);
}

void
clerk_visit(struct clerks *m, struct site *site)
{
	struct record r = { .reg = "visit" };
	struct entry e = {0};
	struct err err = ERR_INIT;
	struct uuid matter;
	char text[UUID_TEXT_MAX];
	enum status s;

	if (!clerks_record(&matter, m, site, "matter"))
		return;
	entry_begin(&e);
	uuid_print(text, &matter);
	assert_true(record_set(&r, "matter_id", text));
	entry_token(m, &e, text);
	assert_true(record_set(&r, "text", text));
	s = clerks_save(m, site, &r, NULL, NULL, &err);
	clerks_told(m, site, "visit", &r.id, s);
	entry_finish(m, &e, s ? NULL : &r);
	record_release(&r);
}

/* A paper like no other, of one piece or a few. */
static char *
make_paper(struct clerks *m, size_t *len)
{
	char *bytes;
	unsigned seed = ++m->entered;

	*len = 1000 + clerks_pick(m, clerks_pick(m, 4) ? 20000 : 150000);
	bytes = mem_alloc(*len + 1, 1);
	for (size_t i = 0; i < *len; i++)
		bytes[i] = (char)(i * 31 + seed * (i % 7 + 1));
	snprintf(bytes, *len, "%%PDF-1.4 %u", seed);
	return bytes;
}

void
clerk_attach(struct clerks *m, struct site *site)
{
	struct record r = {0};
	struct entry e = {0};
	struct err err = ERR_INIT;
	struct uuid matter, id = {{0}};
	char name[16], *bytes;
	size_t len = 0;
	enum status s;

	if (!clerks_record(&matter, m, site, "matter"))
		return;
	entry_begin(&e);
	entry_token(m, &e, name);
	bytes = make_paper(m, &len);
	s = scan_attach(&id, NULL, site->s, &matter, name, bytes, len, &err);
	clerks_allow(m, site, s, &err);
	clerks_told(m, site, "attach", &id, s);
	if (!s)
		assert_true(record_set(&r, "name", name));
	entry_finish(m, &e, s ? NULL : &r);
	record_release(&r);
	free(bytes);
}

/* A form may have been open since long, while others' changes came. */
static void
edit_form(struct clerks *m, struct site *site, const struct record *seen,
	const char *to)
{
	struct record r = {0};
	struct entry e = {0};
	struct err err = ERR_INIT;
	char *unknown;
	enum status s;

	entry_begin(&e);
	record_copy(&r, seen);
	entry_change(m, &e, site, &r);
	unknown = renewal_unknown(m, site, &seen->id);
	s = clerks_save(m, site, &r, seen, to, &err);
	renewal_kept(m, site, &seen->id, unknown);
	clerks_told(m, site, to ? to : "edit", &seen->id, s);
	if (!s)
		note_seen(m, site, &seen->id);
	for (size_t i = 0; !s && i < e.values.len; i++)
		buf_char(&m->trace, e.values.data[i] == '\n' ? ' ' :
			e.values.data[i]);
	buf_char(&m->trace, '\n');
	entry_finish(m, &e, s ? NULL : &r);
	record_release(&r);
}

void
clerk_edit(struct clerks *m, struct site *site, bool move)
{
	struct record seen = {0};
	struct uuid id;
	struct err err = ERR_INIT;
	enum status s;

	if (!clerks_record(&id, m, site, "matter"))
		return;
	/* a disk that is broken keeps no note, and then nobody looks */
	if (audit_put(site->s, &(struct audit_note){ .what = AUDIT_VIEW,
	    .reg = "matter", .ids = &id, .id_count = 1 }, &err))
		return;
	s = store_get(&seen, site->s, &id, &err);
	clerks_allow(m, site, s, &err);
	if (s)
		return;
	edit_form(m, site, &seen, !move ? NULL :
		strcmp(seen.state, "open") == 0 ? "closed" : "open");
	record_release(&seen);
}

/* Leave a form open, or come back to it. */
void
clerk_form(struct clerks *m, struct site *site)
{
	struct uuid id;
	struct err err = ERR_INIT;

	if (m->form_at) {
		edit_form(m, m->form_at, &m->form, NULL);
		record_release(&m->form);
		m->form_at = NULL;
	} else if (clerks_record(&id, m, site, "matter") &&
	    store_get(&m->form, site->s, &id, &err) == E_OK) {
		m->form_at = site;
		clerks_told(m, site, "opens", &id, E_OK);
	}
}

void
clerk_withdraw(struct clerks *m, struct site *site)
{
	struct entry e = {0};
	struct uuid id;
	struct err err = ERR_INIT;
	char why[16];
	enum status s;

	if (!clerks_record(&id, m, site, clerks_pick(m, 3) ? "matter" : "visit"))
		return;
	entry_begin(&e);
	entry_token(m, &e, why);
	s = save_remove(site->s, &id, why, &err);
	clerks_allow(m, site, s, &err);
	clerks_told(m, site, "withdraw", &id, s);
	if (!s)
		note_seen(m, site, &id);
	entry_finish(m, &e, s ? NULL :
		&(struct record){ .id = id, .deleted = why });
}

static void
answer(struct clerks *m, struct entry *e, struct values *chosen,
	const struct conflict *c)
{
	unsigned how = clerks_pick(m, 3);

	for (size_t i = 0; i < c->count; i++) {
		const struct conflict_field *f = &c->fields[i];
		char token[16];

		if (how == 2 && (strcmp(f->field, "place") == 0 ||
		    strcmp(f->field, "site") == 0)) {
			entry_token(m, e, token);
			values_set(chosen, f->field, token);
		} else {
			values_set(chosen, f->field,
				how ? f->theirs : f->mine);
		}
	}
}

void
clerk_resolve(struct clerks *m, struct site *site)
{
	struct conflict_list l = {0};
	struct values chosen = {0};
	struct entry e = {0};
	struct err err = ERR_INIT;
	enum status s = conflict_list(&l, site->s, NULL, &err);

	clerks_allow(m, site, s, &err);
	if (!s && l.count > 0) {
		const struct conflict *c =
			&l.items[clerks_pick(m, (unsigned)l.count)];

		entry_begin(&e);
		answer(m, &e, &chosen, c);
		s = save_resolve(site->s, &c->id, &chosen, &err);
		/* a question may come a page before its record */
		if (s != E_NOTFOUND)
			clerks_allow(m, site, s, &err);
		clerks_told(m, site, "resolve", &c->record, s);
		if (!s)
			succession_answer(m, c, &chosen);
		if (!s)
			note_seen(m, site, &c->record);
		entry_finish(m, &e, s ? NULL :
			&(struct record){ .id = c->record,
			.values = chosen });
	}
	values_release(&chosen);
	conflict_list_release(&l);
}

void
clerks_lose(struct clerks *m, struct site *site)
{
	struct uuid id;

	if (m->t.saved || !clerks_record(&id, m, site, "matter"))
		return;
	db_fail_after(0);
	if (site_lose(site, &id))
		clerks_told(m, site, "loses", &id, E_OK);
}

/* What was refused is given up, or its record is edited. */
void
clerk_mend(struct clerks *m, struct site *site)
{
	struct outbox_list l = {0};
	struct record seen = {0};
	struct err err = ERR_INIT;
	char id[UUID_TEXT_MAX];
	enum status s = outbox_list(&l, site->s, OUTBOX_REFUSED, NULL, &err);

	clerks_allow(m, site, s, &err);
	if (!s && l.count > 0) {
		const struct op *op =
			&l.items[clerks_pick(m, (unsigned)l.count)].op;

		if (clerks_pick(m, 2)) {
			s = outbox_withdraw(site->s, op->epoch, op->n, &err);
			clerks_allow(m, site, s, &err);
			clerks_told(m, site, "give up", &op->record, s);
			uuid_print(id, &op->record);
			buf_printf(&m->given_up, "%s\n", s ? "" : id);
		} else if (store_get(&seen, site->s, &op->record, &err) ==
		    E_OK && strcmp(seen.reg, "matter") == 0) {
			edit_form(m, site, &seen, NULL);
		}
	}
	record_release(&seen);
	outbox_list_release(&l);
}
