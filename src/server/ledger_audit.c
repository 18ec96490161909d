/*
 * Writing the server's chain; rows of all chains.
 */
#include "server/ledger_audit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "db/db.h"
#include "db/db_number.h"
#include "db/db_uuid.h"

/* ---- rows ---- */

static enum status
insert_about(struct db *db, const struct ledger_audit_place *p,
    const struct audit_entry *e, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = E_OK;

	for (size_t i = 0; i < e->id_count && !s; i++) {
		s = db_prepare(&st, db, "INSERT OR IGNORE INTO"
		    " audit_about(record, chain, branch, n)"
		    " VALUES(?, ?, ?, ?)", err);
		if (s)
			break;
		db_bind_uuid(st, 1, &e->ids[i]);
		db_bind_uuid(st, 2, &p->chain);
		db_bind_int(st, 3, p->branch);
		db_bind_int(st, 4, p->n);
		s = db_run(st, err);
		db_finish(st);
	}
	return s;
}

enum status
ledger_audit_insert(struct db *db, const struct ledger_audit_place *p,
    int64_t got_at, const struct audit_entry *e, const char *text,
    size_t len, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "INSERT INTO audit(chain, branch,"
	    " n, got_at, login, hash, entry, cut)"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?)", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &p->chain);
	db_bind_int(st, 2, p->branch);
	db_bind_int(st, 3, p->n);
	db_bind_int(st, 4, got_at);
	db_bind_text(st, 5, e->by);
	db_bind_blob(st, 6, p->hash, sizeof p->hash);
	db_bind_blob(st, 7, text, len);
	db_bind_int(st, 8, audit_is_cut(e));
	s = db_run(st, err);
	db_finish(st);
	return s ? s : insert_about(db, p, e, err);
}

enum status
ledger_audit_set_base(struct db *db, const struct ledger_audit_place *p,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "INSERT OR REPLACE INTO"
	    " audit_base(chain, branch, n, hash) VALUES(?, ?, ?, ?)", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &p->chain);
	db_bind_int(st, 2, p->branch);
	db_bind_int(st, 3, p->n);
	db_bind_blob(st, 4, p->hash, sizeof p->hash);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

void
ledger_audit_read(struct ledger_audit_place *p, struct db_stmt *row)
{
	size_t len;
	const void *hash = db_blob(row, 1, &len);

	p->n = db_int(row, 0);
	memcpy(p->hash, hash, len < sizeof p->hash ? len : sizeof p->hash);
}

enum status
ledger_audit_base(struct ledger_audit_place *p, struct db *db,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT n, hash FROM audit_base"
	    " WHERE chain = ? AND branch = ?", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &p->chain);
	db_bind_int(st, 2, p->branch);
	s = db_step(st, &row, err);
	if (!s && row)
		ledger_audit_read(p, st);
	db_finish(st);
	return s;
}

enum status
ledger_audit_end(struct ledger_audit_place *p, struct db *db,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT n, hash FROM audit WHERE"
	    " chain = ?1 AND branch = ?2 UNION ALL SELECT n, hash FROM"
	    " audit_base WHERE chain = ?1 AND branch = ?2"
	    " ORDER BY n DESC LIMIT 1", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &p->chain);
	db_bind_int(st, 2, p->branch);
	s = db_step(st, &row, err);
	p->n = 0;
	memset(p->hash, 0, sizeof p->hash);
	if (!s && row)
		ledger_audit_read(p, st);
	db_finish(st);
	return s;
}

/* ---- the server's own ---- */

static enum status
put_end(struct db *db, const struct ledger_audit_place *p, struct err *err)
{
	char text[AUDIT_NOTE_MAX];

	ledger_audit_print_place(text, p);
	return ledger_put_meta(db, "audit_head", text, err);
}

/* What does not fit is left out by whole characters. */
static void
copy_note(char out[AUDIT_NOTE_MAX], const char *text)
{
	size_t len = strnlen(text, AUDIT_NOTE_MAX - 1);

	len = utf8_valid_len(text, len);
	memcpy(out, text, len);
	out[len] = '\0';
}

enum status
ledger_audit_put(struct db *db, const struct ledger_audit_note *note,
    struct err *err)
{
	struct ledger_audit_place p = {0};
	struct audit_entry e = {
		.ids = (struct uuid *)(uintptr_t)note->ids,
		.id_count = note->id_count, .at = clock_now_at() };
	struct buf text;
	enum status s = ledger_audit_end(&p, db, err);

	if (s)
		return s;
	e.n = ++p.n;
	snprintf(e.what, sizeof e.what, "%s", audit_word(note->what));
	snprintf(e.by, sizeof e.by, "%s", note->by ? note->by : "");
	snprintf(e.reg, sizeof e.reg, "%s", note->reg ? note->reg : "");
	if (note->note)
		copy_note(e.note, note->note);
	if (note->device)
		e.device = *note->device;
	buf_init(&text, AUDIT_LINE_MAX);
	audit_print(&text, &e);
	audit_chain(p.hash, text.data, text.len);
	s = ledger_audit_insert(db, &p, e.at, &e, text.data, text.len, err);
	if (!s)
		s = put_end(db, &p, err);
	buf_release(&text);
	return s;
}

enum status
ledger_audit_alone(struct ledger *l, const struct ledger_audit_note *note,
    struct err *err)
{
	struct db *db = NULL;
	enum status s = ledger_begin(&db, l, err);

	if (s)
		return s;
	s = ledger_audit_put(db, note, err);
	return ledger_end(l, s, err);
}

enum status
ledger_audit_head(struct ledger_audit_place *out, int64_t *at,
    struct db *db, struct err *err)
{
	struct ledger_audit_place p = {0};
	struct err none = ERR_INIT;
	int64_t got_at = 0;
	enum status s = ledger_audit_end(&p, db, err);

	if (s)
		return s;
	s = db_number(&got_at, db, "SELECT got_at FROM audit WHERE chain ="
	    " zeroblob(16) AND branch = 0 ORDER BY n DESC LIMIT 1", &none);
	if (s && s != E_NOTFOUND) {
		*err = none;
		return s;
	}
	*out = p;
	*at = got_at;
	return E_OK;
}

/* ---- places ---- */

void
ledger_audit_print_place(char out[AUDIT_NOTE_MAX],
    const struct ledger_audit_place *p)
{
	char hash[AUDIT_HASH_TEXT];

	crypto_hex(hash, p->hash, sizeof p->hash);
	snprintf(out, AUDIT_NOTE_MAX, "%" PRId64 " %" PRId64 " %s", p->branch,
	    p->n, hash);
}

bool
ledger_audit_parse_place(struct ledger_audit_place *out,
    const struct audit_entry *e)
{
	struct ledger_audit_place p = { .chain = e->device };
	char *at = NULL;

	p.branch = strtoll(e->note, &at, 10);
	p.n = strtoll(at, &at, 10);
	if (*at != ' ' || !crypto_unhex(p.hash, sizeof p.hash, at + 1))
		return false;
	*out = p;
	return true;
}

enum status
ledger_audit_say(struct db *db, enum audit_what what,
    const struct ledger_audit_place *p, const char *by, struct err *err)
{
	char text[AUDIT_NOTE_MAX];

	ledger_audit_print_place(text, p);
	return ledger_audit_put(db, &(struct ledger_audit_note){
		.what = what, .by = by, .note = text,
		.device = uuid_is_zero(&p->chain) ? NULL : &p->chain }, err);
}
