/* Erasing for good; see erasures.h. */
#include "kit/erasures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "kit/check.h"
#include "server/account.h"
#include "server/ledger_erase.h"
#include "server/ledger_record.h"
#include "store/inside.h"
#include "store/outbox.h"

void
erasures_people(struct township *t)
{
	static const struct account two[] = {
		{ .login = "ul", .name = "局长", .office = OFFICE_COUNTY,
		  .role = "county_leader" },
		{ .login = "us", .name = "安全", .office = OFFICE_COUNTY,
		  .role = "security_admin" },
	};
	struct db *db = NULL;
	struct err err = ERR_INIT;

	kit_check(ledger_begin(&db, t->ledger, &err), &err);
	for (size_t i = 0; i < 2; i++)
		kit_check(account_add(db, &two[i], &err), &err);
	kit_check(ledger_end(t->ledger, E_OK, &err), &err);
}

static bool
is_erased(struct township *t, const struct uuid *id)
{
	struct db *db = NULL;
	struct err err = ERR_INIT;
	bool found = false;

	kit_check(ledger_begin_read(&db, t->ledger, &err), &err);
	kit_check(erased_find(NULL, &found, db, id, &err), &err);
	ledger_end_read(t->ledger);
	return found;
}

enum status
erasures_decide(struct township *t, const struct uuid *id, struct err *err)
{
	struct erasure e = { .record = *id, .asked_by = "us", .why = "试",
		.basis = "四十七条" };
	struct db *db = NULL;
	enum status s;

	kit_check(ledger_begin(&db, t->ledger, err), err);
	s = erase_ask(&e, db, t->schema, false, clock_today(), err);
	if (!s)
		s = erase_decide(&e, db, t->dir, e.id, "ul", true, err);
	s = ledger_end(t->ledger, s, err);
	return s ? s : erase_after(t->ledger, err);
}

void
erasures_step(struct clerks *m, struct site *site)
{
	static const char *const regs[] = { "matter", "matter", "visit",
		"paper" };
	struct err err = ERR_INIT;
	struct uuid id;
	enum status s;

	if (clerks_pick(m, 20) || !clerks_record(&id, m, site,
	    regs[clerks_pick(m, 4)]))
		return;
	s = erasures_decide(&m->t, &id, &err);
	clerks_told(m, site, "is erased:", &id, s);
	if (s && s != E_NOTFOUND)	/* it is in no ledger yet */
		fail_msg("%s", err.msg);
	if (!s && m->form_at && is_erased(&m->t, &m->form.id)) {
		record_release(&m->form);
		m->form_at = NULL;
	}
}

/* ---- the end ---- */

/* Some cache was told so: what came too late for an erased record is erased with
 * it, also when the ledger was restored since and has forgotten it. */
static bool
was_told(struct clerks *m, const struct uuid *id)
{
	bool told = false;

	for (size_t i = 0; i < m->t.count && !told; i++) {
		struct db_stmt *st = NULL;
		struct err err = ERR_INIT;

		kit_check(db_prepare(&st, m->t.sites[i]->s->db, "SELECT 1 FROM"
			" erased WHERE id = ?", &err), &err);
		db_bind_uuid(st, 1, id);
		kit_check(db_step(st, &told, &err), &err);
		db_finish(st);
	}
	return told;
}

/* The lines of m->owners say for which record a value was entered. */
bool
erasures_of(struct clerks *m, const char *value)
{
	size_t len = strlen(value);
	const char *at = m->owners.data;

	for (; at && *at; at = strchr(at, '\n') + 1) {
		struct uuid id;
		char text[UUID_TEXT_MAX];

		if (strncmp(at, value, len) != 0 || at[len] != ' ')
			continue;
		snprintf(text, sizeof text, "%.36s", at + len + 1);
		if (uuid_parse(&id, text) &&
		    (is_erased(&m->t, &id) || was_told(m, &id)))
			return true;
	}
	return false;
}

static void
find_kept(struct buf *faults, struct clerks *m, size_t number,
	const struct uuid *id)
{
	struct site *site = m->t.sites[number];
	struct outbox_list l = {0};
	struct err err = ERR_INIT;

	kit_check(outbox_list(&l, site->s, OUTBOX_OF_RECORD, id, &err), &err);
	for (size_t i = 0; i < l.count; i++)
		if (!op_is_empty(&l.items[i].op))
			buf_printf(faults, "site %zu keeps what was entered "
				"on an erased record\n", number);
	outbox_list_release(&l);
}

static void
find_back(struct buf *faults, struct clerks *m, const struct uuid *id)
{
	struct record r = {0};
	struct db *db = NULL;
	struct err err = ERR_INIT;
	enum status s;

	kit_check(ledger_begin_read(&db, m->t.ledger, &err), &err);
	s = ledger_record_get(&r, db, id, &err);
	ledger_end_read(m->t.ledger);
	if (s != E_NOTFOUND)
		buf_text(faults, "what was erased is there again\n");
	record_release(&r);
}

/* By the list beside the ledger: a restored one may have forgotten it. */
void
erasures_faults(struct buf *faults, struct clerks *m)
{
	struct erased *list = NULL;
	struct err err = ERR_INIT;
	size_t count = 0;

	kit_check(erased_read(&list, &count, m->t.dir, &err), &err);
	for (size_t i = 0; i < count; i++) {
		find_back(faults, m, &list[i].record);
		for (size_t k = 0; k < m->t.count; k++)
			find_kept(faults, m, k, &list[i].record);
	}
	free(list);
}
