/*
 * Whose names does each site know?  Those of its offices, and of whoever wrote
 * on what it holds; nobody else's.
 */
#include "kit/township_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "db/db.h"
#include "db/db_uuid.h"
#include "kit/check.h"
#include "server/account.h"
#include "store/inside.h"
#include "store/people_names.h"

/* What the county calls somebody; "": it does not know them. */
static void
called(char out[LEDGER_NAME_MAX], struct db *db, const char *login)
{
	struct account a = {0};
	struct err none = ERR_INIT;

	out[0] = '\0';
	if (!account_get(&a, db, login, &none))
		memcpy(out, a.name, sizeof a.name);
}

static void
look(struct buf *out, size_t site, const struct store *s, struct db *db,
	const char *login, const char *why)
{
	char name[LEDGER_NAME_MAX];

	called(name, db, login);
	if (name[0] && strcmp(people_names_of(s, login), name) != 0)
		buf_printf(out, "site %zu: %s is not called %s (%s)\n", site,
			login, name, why);
}

/* A login that no name was told of is what is shown, so the names that are told
 * differ from it in the first place. */
static void
look_at_records(struct buf *out, size_t site, struct store *s, struct db *db)
{
	struct uuid *ids = NULL;
	size_t count = 0;
	struct db_stmt *q = NULL;
	struct err err = ERR_INIT;

	kit_check(db_prepare(&q, s->db, "SELECT id FROM member", &err), &err);
	kit_check(db_uuids(&ids, &count, q, &err), &err);
	db_finish(q);
	for (size_t i = 0; i < count; i++) {
		struct row r = {0};

		kit_check(row_load(&r, s, &ids[i], &err), &err);
		look(out, site, s, db, r.shown.created_by, "made a record");
		look(out, site, s, db, r.shown.updated_by, "wrote on one");
		row_release(&r);
	}
	free(ids);
}

/* Those who work at the office; with a second cache of one device, which is told
 * once a day, only of records. */
static void
look_at_office(struct buf *out, size_t site, const struct township *t,
	struct store *s, struct db *db)
{
	struct store_device d = {0};
	struct db_stmt *q = NULL;
	struct err err = ERR_INIT;
	bool row = false;

	if (t->copies > 0)
		return;
	kit_check(store_device_get(&d, s, &err), &err);
	kit_check(db_prepare(&q, db, "SELECT login FROM account WHERE office = ?",
		&err), &err);
	db_bind_text(q, 1, d.office);
	while (!db_step(q, &row, &err) && row)
		look(out, site, s, db, db_text(q, 0, NULL), "works there");
	db_finish(q);
}

/* Of another office, for which nothing was ever entered there, and has written on
 * nothing that was ever in its streams. */
static void
look_for_strangers(struct buf *out, size_t site, struct store *s,
	struct db *db)
{
	struct store_device d = {0};
	struct db_stmt *q = NULL, *wrote = NULL;
	struct err err = ERR_INIT;
	struct uuid device;
	bool row = false;

	kit_check(store_device_get(&d, s, &err), &err);
	assert_true(uuid_parse(&device, d.device));
	kit_check(db_prepare(&q, s->db, "SELECT login FROM people WHERE person IS"
		" NOT NULL AND login <> ?", &err), &err);
	db_bind_text(q, 1, s->user.login);
	kit_check(db_prepare(&wrote, db, "SELECT 1 FROM account a JOIN office o ON"
		" o.code = ?1 WHERE a.login = ?2 AND " OFFICE_REACHES_SQL("o",
		"a.office") " UNION ALL SELECT 1 FROM feed f JOIN stream t ON"
		" t.id = f.stream JOIN history h ON h.record = f.record"
		" WHERE t.name LIKE ?1 || '/%' AND h.login = ?2 UNION ALL"
		" SELECT 1 FROM feed f JOIN stream t ON t.id = f.stream JOIN"
		" record r ON r.id = f.record WHERE t.name LIKE ?1 || '/%' AND"
		" ?2 IN (r.created_by, r.updated_by) UNION ALL SELECT 1 FROM"
		" opdone d JOIN record r ON r.id = d.record JOIN account a ON"
		" a.office = r.office WHERE d.device = ?3 AND a.login = ?2",
		&err), &err);
	while (!db_step(q, &row, &err) && row) {
		bool known = false;

		db_reset(wrote);
		db_bind_text(wrote, 1, d.office);
		db_bind_text(wrote, 2, db_text(q, 0, NULL));
		db_bind_uuid(wrote, 3, &device);
		kit_check(db_step(wrote, &known, &err), &err);
		if (!known)
			buf_printf(out, "site %zu: was told who %s is\n", site,
				db_text(q, 0, NULL));
	}
	db_finish(wrote);
	db_finish(q);
}

void
township_names_faults(struct buf *out, struct township *t)
{
	/* what a ledger lost or erased it cannot tell */
	bool whole = t->restored == 0 && township_number(t,
		"SELECT count(*) FROM erased") == 0;
	struct db *db = NULL;
	struct err err = ERR_INIT;

	kit_check(ledger_begin_read(&db, t->ledger, &err), &err);
	for (size_t i = 0; i < t->count; i++) {
		struct store *s = t->sites[i]->s;

		kit_check(people_names_load(s, &err), &err);
		look_at_records(out, i, s, db);
		look_at_office(out, i, t, s, db);
		if (whole)
			look_for_strangers(out, i, s, db);
	}
	ledger_end_read(t->ledger);
}
