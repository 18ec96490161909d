/*
 * Are all replicas equal, and does each operation have one verdict?  The
 * ledger is read with SQL, the caches through the store.
 */
#include "db/db_number.h"
#include "kit/check.h"
#include "kit/township.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/question.h"
#include "db/db.h"
#include "kit/renewal.h"
#include "kit/township_moved.h"
#include "kit/township_names.h"
#include "kit/township_trace.h"
#include "server/ledger_check.h"
#include "server/ledger_record.h"
#include "store/conflict.h"
#include "store/inside.h"
#include "store/lease.h"
#include "store/outbox.h"

/* The ledger, while it is being compared. */
struct look {
	struct buf *out;
	struct township *town;
	struct db *db;
	const struct site *site;
	size_t number;		/* of the site */
};

static void
fault(const struct look *l, const struct uuid *id, const char *text)
{
	char name[UUID_TEXT_MAX] = "";

	if (id)
		uuid_print(name, id);
	buf_printf(l->out, "site %zu: %s %s\n", l->number, text, name);
}

static bool
take_id(struct uuid *out, struct db_stmt *st, int col)
{
	size_t len = 0;
	const void *bytes = db_blob(st, col, &len);

	if (len != sizeof out->b)
		return false;
	memcpy(out->b, bytes, len);
	return true;
}

static bool
next_row(struct db_stmt *st)
{
	struct err err = ERR_INIT;
	bool row = false;

	kit_check(db_step(st, &row, &err), &err);
	return row;
}

static struct db_stmt *
ask(struct db *db, const char *sql)
{
	struct db_stmt *st = NULL;
	struct err err = ERR_INIT;

	kit_check(db_prepare(&st, db, sql, &err), &err);
	return st;
}

/* ---- records ---- */

/* Some hold it under names that it had before. */
static const char *
hash_brought(char out[RECORD_HASH_MAX], const struct look *l,
	const struct uuid *id)
{
	struct record r = {0};
	struct err err = ERR_INIT;

	kit_check(ledger_record_get(&r, l->db, id, &err), &err);
	renewal_bring(l->town, &r);
	record_hash(out, &r);
	record_release(&r);
	return out;
}

static void
compare_record(const struct look *l, const struct uuid *id, int64_t rev,
	const char *hash)
{
	struct row r = {0};
	struct err err = ERR_INIT;
	char own[RECORD_HASH_MAX], there[RECORD_HASH_MAX];

	if (row_load(&r, l->site->s, id, &err)) {
		fault(l, id, "does not hold");
		return;
	}
	if (l->town->renewed) {
		renewal_bring(l->town, &r.shown);
		hash = hash_brought(there, l, id);
	}
	record_hash(own, &r.shown);
	if (strcmp(own, hash) != 0)
		fault(l, id, "shows something else in");
	if (r.shown.rev != rev)
		fault(l, id, "has another revision of");
	row_release(&r);
}

/*
 * What a site may hold, said of what the records say and not of how the server
 * looks it up: top is the matter that it belongs to.  ?1 the site's office, ?2
 * the login, ?3 the device.  What is sealed it holds if anybody who works there
 * may see it, and it is shown if whoever is signed in may.
 */
#define WHERE_SEALED(who) "WITH one AS (SELECT id, lower(hex(id)) AS x, office," \
	" register AS reg, state, rev, hash, body, CASE WHEN register =" \
	" 'visit' THEN replace(json_extract(body, '$.matter_id'), '-', '')" \
	" WHEN register LIKE '@%' THEN replace(json_extract(body," \
	" '$.record'), '-', '') ELSE lower(hex(id)) END AS up FROM record)," \
	" two AS (SELECT a.*, coalesce(b.up, a.up) AS top FROM one a" \
	" LEFT JOIN one b ON b.x = a.up), offer AS (SELECT up AS about," \
	" json_extract(body, '$.to') AS dest FROM one WHERE" \
	" reg = '@transfer' AND state = 'offered')," \
	" along AS (SELECT json_extract(body, '$.to') AS dest," \
	" replace(coalesce(CASE WHEN state = 'offered' THEN" \
	" json_extract(body, '$.persons') WHEN state = 'accepted' THEN" \
	" json_extract(body, '$.lent') END, ''), '-', '') AS whom" \
	" FROM one WHERE reg = '@transfer')," \
	" closed AS (SELECT x FROM one WHERE reg = 'matter' AND" \
	" json_extract(body, '$.tags') IN ('4', '3;4', '4;3'))," \
	" seen AS (SELECT * FROM two WHERE (office = ?1 OR" \
	" ?1 = '" OFFICE_COUNTY "' OR" \
	" EXISTS(SELECT 1 FROM offer WHERE dest = ?1 AND" \
	" about IN (x, up, top)) OR reg = 'person' AND" \
	" EXISTS(SELECT 1 FROM along WHERE dest = ?1 AND" \
	" instr(whom, x)) OR reg = '@transfer' AND" \
	" json_extract(body, '$.to') = ?1) AND (top NOT IN closed OR" \
	" " who "))"
#define SEEN WHERE_SEALED("(SELECT role FROM account WHERE login = ?2)" \
	" IN ('clerk', 'chief')")
#define HELD WHERE_SEALED("EXISTS(SELECT 1 FROM session s JOIN account a" \
	" ON a.login = s.login WHERE s.device = ?3 AND s.ended = 0" \
	" AND a.role IN ('clerk', 'chief'))")

static struct db_stmt *
ask_seen(const struct look *l, const char *sql)
{
	struct db_stmt *st = ask(l->db, sql);
	struct store_device d = {0};
	struct err err = ERR_INIT;
	struct uuid device;

	kit_check(store_device_get(&d, l->site->s, &err), &err);
	assert_true(uuid_parse(&device, d.device));
	db_bind_text(st, 1, l->site->office);
	if (strstr(sql, "?2"))
		db_bind_text(st, 2, l->site->login);
	if (strstr(sql, "?3"))
		db_bind_blob(st, 3, device.b, sizeof device.b);
	return st;
}

/* All of the ledger that this site may hold. */
static size_t
compare_ledger(const struct look *l)
{
	struct db_stmt *st = ask_seen(l, HELD
		" SELECT id, rev, hash FROM seen");
	size_t count = 0;

	for (; next_row(st); count++) {
		struct uuid id = {{0}};

		assert_true(take_id(&id, st, 0));
		compare_record(l, &id, db_int(st, 1), db_text(st, 2, NULL));
	}
	db_finish(st);
	return count;
}

/* What the ledger has not: refused and not given up, nothing else. */
static size_t
count_own(const struct look *l)
{
	struct outbox_list refused = {0};
	struct err err = ERR_INIT;
	size_t own = 0;

	kit_check(overview_refresh(l->site->s, NULL, &err), &err);
	kit_check(outbox_list(&refused, l->site->s, OUTBOX_REFUSED, NULL, &err),
		&err);
	for (size_t i = 0; i < overview_count(l->site->s); i++) {
		const struct overview *o = overview_at(l->site->s, i);
		size_t k = 0;

		if (!o || o->rev > 0)
			continue;
		own++;
		while (k < refused.count && uuid_compare(
		    &refused.items[k].op.record, &o->id) != 0)
			k++;
		if (k == refused.count)
			fault(l, &o->id, "nobody else has");
	}
	outbox_list_release(&refused);
	return own;
}

/* And all of it that this person may see. */
static size_t
compare_shown(const struct look *l)
{
	struct db_stmt *st = ask_seen(l, SEEN
		" SELECT id, top IN (SELECT x FROM one) FROM seen"
		" WHERE reg <> '@conflict'");
	size_t count = 0;

	while (next_row(st)) {
		struct uuid id = {{0}};
		struct record r = {0};
		struct err err = ERR_INIT;
		bool shown;

		assert_true(take_id(&id, st, 0));
		shown = store_get(&r, l->site->s, &id, &err) == E_OK;
		/* what it belongs to may have been refused, and sealed */
		if (!shown && db_int(st, 1))
			fault(l, &id, "does not show");
		count += shown || db_int(st, 1);
		record_release(&r);
	}
	db_finish(st);
	return count;
}

static void
compare_records(const struct look *l)
{
	size_t there = compare_ledger(l), here = 0, own = count_own(l);
	struct err err = ERR_INIT;
	int64_t rows = 0;

	/* what lies in the file */
	kit_check(db_number(&rows, l->site->s->db,
		"SELECT count(*) FROM record WHERE rev > 0", &err), &err);
	if ((size_t)rows != there)
		buf_printf(l->out, "site %zu holds %zu rows, of the ledger's "
			"%zu\n", l->number, (size_t)rows, there);
	there = compare_shown(l);
	/* a question is a row but no overview of a list */
	for (size_t i = 0; i < overview_count(l->site->s); i++) {
		const struct overview *o = overview_at(l->site->s, i);

		here += o && strcmp(o->reg_name, "@conflict") != 0;
	}
	if (here != there + own)
		buf_printf(l->out, "site %zu: %zu rows, the ledger %zu\n",
			l->number, here, there + own);
}

/* ---- conflicts and cursors ---- */

static void
compare_conflicts(const struct look *l)
{
	struct conflict_list open = {0};
	struct db_stmt *st = ask_seen(l, SEEN " SELECT c.id FROM conflict c"
		" JOIN seen r ON r.id = c.id WHERE c.answered_at = 0"
		" ORDER BY c.id");
	struct err err = ERR_INIT;
	size_t i = 0;

	kit_check(conflict_list(&open, l->site->s, NULL, &err), &err);
	for (; next_row(st); i++) {
		struct uuid id = {{0}};

		assert_true(take_id(&id, st, 0));
		if (i >= open.count ||
		    uuid_compare(&open.items[i].id, &id) != 0) {
			fault(l, &id, "does not ask the open question");
			break;
		}
		if (open.items[i].waiting)
			fault(l, &id, "waits for the verdict of its answer to");
	}
	db_finish(st);
	if (i < open.count)
		fault(l, &open.items[i].id, "asks what is answered:");
	conflict_list_release(&open);
}

static void
compare_cursors(const struct look *l)
{
	struct db_stmt *st = ask(l->site->s->db,
		"SELECT stream, seq, substr(mark, 1, 8) FROM cursor");
	struct db_stmt *end = ask(l->db, "SELECT count(*) FROM stream"
		" WHERE name = ? AND last_seq = ? AND"
		" (last_seq = 0 OR lower(substr(hex(mark), 1, 8)) = ?)");

	while (next_row(st)) {
		db_reset(end);
		db_bind_text(end, 1, db_text(st, 0, NULL));
		db_bind_int(end, 2, db_int(st, 1));
		db_bind_text(end, 3, db_text(st, 2, NULL));
		if (!next_row(end) || db_int(end, 0) != 1)
			fault(l, NULL, "has another cursor than the stream");
	}
	db_finish(end);
	db_finish(st);
}

/* ---- operations ---- */

/* What was handed on to another office, or taken in by the county after it had
 * been refused, is a receipt here until somebody has seen it. */
static void
compare_receipt(const struct look *l, const struct uuid *device,
	struct db_stmt *mine, const struct uuid *record, bool moved)
{
	struct db_stmt *st = ask(l->db, "SELECT 1 FROM settled WHERE"
		" device = ? AND epoch = ? AND n = ? AND how = 'taken'");

	db_bind_blob(st, 1, device->b, sizeof device->b);
	db_bind_int(st, 2, db_int(mine, 0));
	db_bind_int(st, 3, db_int(mine, 1));
	if ((moved || next_row(st)) != (db_int(mine, 2) == OUTBOX_MOVED) &&
	    l->town->restored == 0)
		fault(l, record, "has no receipt of");
	else if (moved && db_int(mine, 2) != OUTBOX_MOVED)
		fault(l, record, "has no receipt of");
	db_finish(st);
}

/* Every operation made here is in the ledger once, with this verdict. */
static void
compare_verdicts(const struct look *l)
{
	struct db_stmt *mine = ask(l->site->s->db,
		"SELECT epoch, n, state, verdict, id FROM outbox");
	struct db_stmt *done = ask(l->db, "SELECT verdict FROM opdone"
		" WHERE device = ? AND epoch = ? AND n = ? AND record = ?");
	struct store_device d = {0};
	struct uuid device, record;
	struct err err = ERR_INIT;

	kit_check(store_device_get(&d, l->site->s, &err), &err);
	assert_true(uuid_parse(&device, d.device));
	while (next_row(mine)) {
		enum verdict v = VERDICT_OK;

		assert_true(take_id(&record, mine, 4));
		if (db_int(mine, 2) == OUTBOX_OPEN) {
			fault(l, &record, "has an operation undecided on");
			continue;
		}
		if (db_int(mine, 2) == OUTBOX_ACCEPTED)
			fault(l, &record, "waits for a feed line of");
		db_reset(done);
		db_bind_blob(done, 1, device.b, sizeof device.b);
		db_bind_int(done, 2, db_int(mine, 0));
		db_bind_int(done, 3, db_int(mine, 1));
		db_bind_blob(done, 4, record.b, sizeof record.b);
		/* of two copies one may have taken the other's number
		 * before it was handed back to a restored ledger */
		if (l->town->restored > 0 && l->town->copies > 0)
			continue;
		if (!next_row(done))
			fault(l, &record, "has a verdict that nobody gave on");
		else if (!verdict_parse(&v, db_text(done, 0, NULL)) ||
		    v != (enum verdict)db_int(mine, 3))
			fault(l, &record, "has another verdict on");
		compare_receipt(l, &device, mine, &record,
			v == VERDICT_MOVED);
	}
	db_finish(done);
	db_finish(mine);
}

/* Each must be 0; copies of a cache send the same under several numbers. */
static const struct {
	const char *sql, *what;
	bool alone;	/* not where copies handed back to a restored ledger */
} twice[] = {
	{ "SELECT count(*) FROM (SELECT 1 FROM history h JOIN opdone o"
	  " USING(device, epoch, n) GROUP BY o.device, o.hash"
	  " HAVING count(*) > 1)", "operations took effect twice", false },
	{ "SELECT count(*) FROM (SELECT 1 FROM opdone GROUP BY device, hash"
	  " HAVING count(DISTINCT verdict || ' ' || rev) > 1)",
	  "operations have two verdicts", true },
	/* not where something was refused, done by copies or handed back, or
	 * where somebody filled under the old name what has a new one; one
	 * person at two devices is two */
	{ "SELECT count(*) FROM record q WHERE"
	  " q.register = '" QUESTION_REGISTER "' AND"
	  " json_extract(q.body, '$.group') <> '@deleted' AND"
	  " json_extract(q.body, '$.f0') <> 'site' AND"
	  " json_extract(q.body, '$.kind') IS NULL AND"
	  " NOT EXISTS (SELECT 1 FROM opdone o WHERE lower(hex(o.record)) ="
	  " replace(json_extract(q.body, '$.record'), '-', '') AND"
	  " (o.epoch > 1 OR o.verdict NOT IN ('ok', 'merged', 'conflict')))"
	  " AND NOT EXISTS (SELECT 1 FROM history h WHERE"
	  " lower(hex(h.record)) ="
	  " replace(json_extract(q.body, '$.record'), '-', '') AND"
	  " (h.login <> json_extract(q.body, '$.by') OR EXISTS"
	  " (SELECT 1 FROM opdone o JOIN session s USING(device)"
	  " WHERE o.record = h.record AND o.verdict = 'conflict' AND"
	  " o.device <> h.device AND s.login = h.login)) AND"
	  " (instr(h.fields, ';' || json_extract(q.body, '$.f0') || ';') OR"
	  " json_extract(q.body, '$.group') = 'term' AND"
	  " (instr(h.fields, ';from_on;') OR instr(h.fields, ';to_on;'))))"
	  " AND NOT EXISTS (SELECT 1 FROM returned r WHERE"
	  " lower(hex(r.record)) ="
	  " replace(json_extract(q.body, '$.record'), '-', ''))",
	  "questions are asked though nobody else touched it", false },
	{ "SELECT count(*) FROM opdone o WHERE verdict IN ('moved', 'denied',"
	  " 'invalid', 'review') AND NOT EXISTS (SELECT 1 FROM erased e"
	  " WHERE e.record = o.record)"
	  " AND NOT EXISTS (SELECT 1 FROM quarantine q"
	  " JOIN opdone p USING(device, epoch, n)"
	  " WHERE p.device = o.device AND p.hash = o.hash)",
	  "refused operations are not kept", false },
	{ "SELECT count(*) FROM record r WHERE register IN ('paper', 'slip')"
	  " AND json_extract(body, '$.no') LIKE '（%' AND NOT EXISTS"
	  " (SELECT 1 FROM number n WHERE n.record = r.id AND"
	  " n.text = json_extract(r.body, '$.no')) AND NOT EXISTS"
	  " (SELECT 1 FROM number_clash c JOIN number n USING(office, class,"
	  " year, n) WHERE c.record = r.id AND"
	  " n.text = json_extract(r.body, '$.no'))",
	  "records have a number that is not registered", false },
	{ "SELECT count(*) FROM record WHERE register = 'paper' AND"
	  " deleted = '' AND json_extract(body, '$.no') LIKE '临%'",
	  "records wait for a number", false },
	{ "SELECT count(*) FROM record WHERE register IN ('paper', 'slip')"
	  " AND coalesce(json_extract(body, '$.no'), '') = ''",
	  "records have no number", false },
};

/* ---- leases of paper numbers ---- */

/* What this place may still give is known to the ledger as its own; that the
 * county took it back is heard with the next ones. */
static void
compare_leases(const struct look *l)
{
	struct db_stmt *mine = ask(l->site->s->db, "SELECT key, class, year,"
		" first, last FROM lease WHERE place = ? AND next <= last");
	struct db_stmt *there = ask(l->db, "SELECT 1 FROM lease WHERE"
		" device = ? AND key = ? AND class = ? AND year = ? AND"
		" first = ? AND last = ? AND state <> 'returned'");
	char place[LEASE_PLACE_MAX];
	struct store_device d = {0};
	struct uuid device;
	struct err err = ERR_INIT;

	kit_check(store_device_get(&d, l->site->s, &err), &err);
	kit_check(lease_place(place, l->site->s, &err), &err);
	assert_true(uuid_parse(&device, d.device));
	db_bind_text(mine, 1, place);
	while (next_row(mine)) {
		db_reset(there);
		db_bind_blob(there, 1, device.b, sizeof device.b);
		db_bind_text(there, 2, db_text(mine, 0, NULL));
		db_bind_text(there, 3, db_text(mine, 1, NULL));
		for (int i = 2; i < 5; i++)
			db_bind_int(there, i + 2, db_int(mine, i));
		if (!next_row(there))
			fault(l, NULL, "holds numbers that nobody leased it");
	}
	db_finish(there);
	db_finish(mine);
}

static void
compare_site(struct look *l)
{
	struct store_findings f = {0};
	struct err err = ERR_INIT;

	compare_records(l);
	compare_conflicts(l);
	compare_cursors(l);
	compare_verdicts(l);
	compare_leases(l);
	kit_check(store_check(&f, l->site->s, &err), &err);
	for (size_t i = 0; i < f.count; i++) {
		if (f.items[i].bad)
			fault(l, NULL, f.items[i].what);
	}
	store_findings_release(&f);
}

void
township_faults(struct buf *out, struct township *t)
{
	struct look l = { .out = out, .town = t };
	struct err err = ERR_INIT;

	if (ledger_check(t->ledger, &err))
		buf_printf(out, "%s\n", err.msg);
	for (size_t i = 0; i < sizeof twice / sizeof twice[0]; i++) {
		int64_t n = township_number(t, twice[i].sql);

		if (twice[i].alone && t->restored > 0 && t->copies > 0)
			continue;
		if (n > 0)
			buf_printf(out, "%" PRId64 " %s\n", n, twice[i].what);
	}
	township_moved_faults(out, t);
	township_trace_faults(out, t);
	township_names_faults(out, t);
	kit_check(ledger_begin_read(&l.db, t->ledger, &err), &err);
	for (l.number = 0; l.number < t->count; l.number++) {
		l.site = t->sites[l.number];
		compare_site(&l);
	}
	ledger_end_read(t->ledger);
}

void
township_twice(struct buf *out, struct township *t, const char *typed)
{
	struct db *db = NULL;
	struct db_stmt *st;
	struct err err = ERR_INIT;

	/* a copy may have been given some that a restored ledger forgot */
	if (t->restored > 0 && t->copies > 0)
		return;
	kit_check(ledger_begin_read(&db, t->ledger, &err), &err);
	st = ask(db, "SELECT n.text FROM number_clash JOIN number n"
		" USING(office, class, year, n)");
	while (next_row(st)) {
		if (!strstr(typed, db_text(st, 0, NULL)))
			buf_printf(out, "%s was given twice\n",
				db_text(st, 0, NULL));
	}
	db_finish(st);
	ledger_end_read(t->ledger);
}

bool
township_has_refused(struct township *t, const struct uuid *id)
{
	struct db *db = NULL;
	struct db_stmt *st;
	struct err err = ERR_INIT;
	bool has;

	kit_check(ledger_begin_read(&db, t->ledger, &err), &err);
	st = ask(db, "SELECT 1 FROM opdone WHERE record = ? AND"
		" verdict NOT IN ('ok', 'merged', 'conflict')");
	db_bind_blob(st, 1, id->b, sizeof id->b);
	has = next_row(st);
	db_finish(st);
	ledger_end_read(t->ledger);
	return has;
}

bool
township_has_lost(struct township *t, const struct uuid *id)
{
	struct db *db = NULL;
	struct db_stmt *st;
	struct err err = ERR_INIT;
	bool has;

	kit_check(ledger_begin_read(&db, t->ledger, &err), &err);
	st = ask(db, "SELECT 1 FROM record r JOIN conflict c ON c.record = r.id"
		" JOIN record q ON q.id = c.id WHERE r.id = ?"
		" AND q.created_by = r.updated_by");
	db_bind_blob(st, 1, id->b, sizeof id->b);
	has = next_row(st);
	db_finish(st);
	ledger_end_read(t->ledger);
	return has;
}

void
site_well(struct site *site)
{
	struct store_findings f = {0};
	struct err err = ERR_INIT;

	kit_check(store_check(&f, site->s, &err), &err);
	for (size_t i = 0; i < f.count; i++) {
		if (f.items[i].bad)
			fail_msg("%s", f.items[i].what);
	}
	store_findings_release(&f);
}

void
township_memory(struct buf *out, struct township *t)
{
	struct db *db = NULL;
	struct db_stmt *st;
	struct err err = ERR_INIT;

	kit_check(ledger_begin_read(&db, t->ledger, &err), &err);
	st = ask(db, "SELECT body || ' ' || deleted FROM record"
		" UNION ALL SELECT changes FROM history"
		" UNION ALL SELECT op FROM quarantine"
		" UNION ALL SELECT line FROM returned");
	while (next_row(st)) {
		buf_text(out, db_text(st, 0, NULL));
		buf_char(out, '\n');
	}
	db_finish(st);
	ledger_end_read(t->ledger);
}
