/*
 * Verifying.  First the server's chain, which says where those of the devices
 * begin and end; then those.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_number.h"
#include "db/db_uuid.h"
#include "server/ledger_audit_beside.h"
#include "server/ledger_entered.h"

/* What the server's chain says of a branch. */
struct said {
	struct ledger_audit_place base, end;
	struct ledger_audit_mark *marks;	/* owned */
	size_t mark_count;
};

struct verifying {
	struct db *db;
	const struct ledger_audit_seen *seen;
	struct ledger_audit_place at;	/* the last good one */
	struct ledger_audit_place base;	/* the server's own, as it says */
	struct said *said;		/* owned */
	size_t count;
	const struct said *walked;	/* NULL: the server's own */
	int64_t named;			/* records, by all entries */
	bool met;			/* what was seen is in it */
	int64_t bad;			/* first bad entry; 0 none */
	enum audit_fault fault;
};

static struct said *
said_of(struct verifying *v, const struct ledger_audit_place *p)
{
	struct said *new;

	for (size_t i = 0; i < v->count; i++) {
		const struct ledger_audit_place *b = &v->said[i].base;

		if (b->branch == p->branch &&
		    uuid_compare(&b->chain, &p->chain) == 0)
			return &v->said[i];
	}
	v->said = mem_grow(v->said, v->count, sizeof *v->said);
	new = &v->said[v->count++];
	*new = (struct said){ .base = { .chain = p->chain,
		.branch = p->branch } };
	new->end = new->base;
	return new;
}

static void
add_mark(struct said *said, const struct audit_entry *e,
    const struct ledger_audit_place *p)
{
	said->end = *p;
	said->marks = mem_grow(said->marks, said->mark_count,
	    sizeof *said->marks);
	said->marks[said->mark_count++] = (struct ledger_audit_mark){
		.n = p->n, .at = e->at };
}

/* What an entry of the server's chain says of this or another. */
static void
heed(struct verifying *v, const struct audit_entry *e)
{
	struct ledger_audit_place p;
	bool base = strcmp(e->what, audit_word(AUDIT_PURGED)) == 0 ||
	    strcmp(e->what, audit_word(AUDIT_FORK)) == 0 ||
	    strcmp(e->what, audit_word(AUDIT_GAP)) == 0;

	if ((!base && strcmp(e->what, audit_word(AUDIT_HEAD)) != 0) ||
	    !ledger_audit_parse_place(&p, e))
		return;
	if (uuid_is_zero(&p.chain))
		v->base = p;
	else if (base)
		said_of(v, &p)->base = p;
	else
		add_mark(said_of(v, &p), e, &p);
}

static void
fails(struct verifying *v, int64_t n, enum audit_fault fault)
{
	v->bad = n;
	v->fault = fault;
}

/* The row is the next of its chain, and says where the questions find it. */
static enum status
row_fits(bool *good, struct verifying *v, struct db_stmt *st,
    const struct audit_entry *e, struct err *err)
{
	const struct said *w = v->walked;
	const struct ledger_audit_place at = { .chain = v->at.chain,
		.branch = v->at.branch, .n = e->n };
	const struct ledger_audit_kept row = { .at = &at, .entry = e,
		.got_at = db_int(st, 4), .cut = db_int(st, 5) != 0 };

	*good = false;
	if (strcmp(e->by, db_text(st, 3, NULL)) != 0)
		return E_OK;
	return ledger_audit_fits(good, &v->named, v->db, &row,
	    w ? w->marks : NULL, w ? w->mark_count : 0, err);
}

/* Row: n, hash, entry, login, got_at, cut. */
static enum status
look_at(struct verifying *v, struct db_stmt *st, struct err *err)
{
	const bool own = uuid_is_zero(&v->at.chain);
	int64_t n = db_int(st, 0);
	struct audit_entry e = {0};
	struct err bad = ERR_INIT;
	enum status s = E_OK;
	const char *text;
	const void *hash;
	size_t len, hash_len;
	bool good;

	if (n != v->at.n + 1) {
		fails(v, v->at.n + 1, AUDIT_MISSING);
		return E_OK;
	}
	hash = db_blob(st, 1, &hash_len);
	text = db_blob(st, 2, &len);
	audit_chain(v->at.hash, text, len);
	good = hash_len == sizeof v->at.hash &&
	    memcmp(hash, v->at.hash, hash_len) == 0 &&
	    !audit_parse(&e, text, len, &bad) && e.n == n;
	if (good)
		s = row_fits(&good, v, st, &e, err);
	if (!s && good && own)
		heed(v, &e);
	audit_entry_release(&e);
	if (!s && !good)
		fails(v, n, AUDIT_CHANGED);
	if (s || !good)
		return s;
	v->at.n = n;
	if (own && v->seen && v->seen->n == n) {
		v->met = memcmp(v->seen->hash, v->at.hash,
		    sizeof v->at.hash) == 0;
		if (!v->met)
			fails(v, n, AUDIT_CHANGED);
	}
	return E_OK;
}

/* From v->at on. */
static enum status
walk(struct verifying *v, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, v->db, "SELECT n, hash, entry, login,"
	    " got_at, cut FROM audit WHERE chain = ? AND branch = ? ORDER BY n", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &v->at.chain);
	db_bind_int(st, 2, v->at.branch);
	while (!v->bad) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		s = look_at(v, st, err);
		if (s)
			break;
	}
	db_finish(st);
	return s;
}

static bool
same(const struct ledger_audit_place *a, const struct ledger_audit_place *b)
{
	return a->n == b->n && memcmp(a->hash, b->hash, sizeof a->hash) == 0;
}

static enum status
find_end(struct ledger_audit_place *out, struct db *db, struct err *err)
{
	struct audit_entry e = {0};
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db,
	    "SELECT value FROM meta WHERE name = 'audit_head'", err);

	if (s)
		return s;
	s = db_step(st, &row, err);
	if (!s && row) {
		snprintf(e.note, sizeof e.note, "%s", db_text(st, 0, NULL));
		(void)ledger_audit_parse_place(out, &e);
	}
	db_finish(st);
	return s;
}

static enum status
verify_own(struct verifying *v, struct err *err)
{
	struct ledger_audit_place end = {0}, base = {0};
	enum status s = ledger_audit_base(&base, v->db, err);

	v->at = base;
	if (!s)
		s = find_end(&end, v->db, err);
	if (!s)
		s = walk(v, err);
	if (s || v->bad)
		return s;
	if (v->at.n < end.n)
		fails(v, v->at.n + 1, AUDIT_MISSING);
	else if (!same(&end, &v->at))
		fails(v, v->at.n, AUDIT_CHANGED);
	else if (!same(&base, &v->base))
		fails(v, base.n, AUDIT_MISSING);
	else if (v->seen && !v->met && v->seen->n > base.n)
		fails(v, v->seen->n, AUDIT_MISSING);
	else if (v->seen && !v->met)
		s = err_set(err, E_INVALID,
		    tr("That entry is older than what is kept."));
	return s;
}

static enum status
verify_branch(struct verifying *v, const struct said *w, struct err *err)
{
	enum status s;

	v->at = w->base;
	v->walked = w;
	s = walk(v, err);
	if (s || v->bad)
		return s;
	if (v->at.n < w->end.n)
		fails(v, v->at.n + 1, AUDIT_MISSING);
	else if (!same(&w->end, &v->at) && w->end.n > 0)
		fails(v, v->at.n, AUDIT_CHANGED);
	return s;
}

/* Chains of which the server's says nothing have been made up. */
static enum status
count_unsaid(struct verifying *v, struct err *err)
{
	struct db_stmt *st = NULL;
	const void *bytes;
	size_t len, before = v->count;
	bool row = false;
	enum status s = db_prepare(&st, v->db, "SELECT DISTINCT chain, branch"
	    " FROM audit WHERE chain <> zeroblob(16)", err);

	if (s)
		return s;
	while (!v->bad) {
		struct ledger_audit_place p = {0};

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		bytes = db_blob(st, 0, &len);
		memcpy(p.chain.b, bytes, len < sizeof p.chain.b ? len :
		    sizeof p.chain.b);
		p.branch = db_int(st, 1);
		(void)said_of(v, &p);
		if (v->count > before) {
			v->at = p;
			fails(v, 1, AUDIT_CHANGED);
		}
	}
	db_finish(st);
	return s;
}

/* Nobody is said to have seen what they have not. */
static enum status
count_names(struct verifying *v, struct err *err)
{
	struct ledger_audit_place p = {0};
	int64_t count = 0;
	bool found = false;
	enum status s = db_number(&count, v->db, "SELECT count(*) FROM"
	    " audit_about", err);

	if (!s && count != v->named)
		s = ledger_audit_misnamed(&p, &found, v->db, err);
	if (!s && found) {
		v->at = p;
		fails(v, p.n, AUDIT_CHANGED);
	}
	return s;
}

static void
say(char why[ERR_MSG_MAX], const struct verifying *v)
{
	char fault[ERR_MSG_MAX], id[UUID_TEXT_MAX];
	struct err text = ERR_INIT;

	audit_say_fault(fault, v->fault, v->bad);
	uuid_print(id, &v->at.chain);
	if (uuid_is_zero(&v->at.chain))
		(void)err_set(&text, E_INVALID, tr("The server's own: %s"),
		    fault);
	else
		(void)err_set(&text, E_INVALID, tr("Of the computer %s: %s"),
		    id, fault);
	memcpy(why, text.msg, ERR_MSG_MAX);
}

enum status
ledger_audit_verify(bool *good, char why[ERR_MSG_MAX], struct db *db,
    const struct ledger_audit_seen *seen, struct err *err)
{
	struct verifying v = { .db = db, .seen = seen };
	enum status s = verify_own(&v, err);
	size_t count = v.count;

	for (size_t i = 0; i < count && !s && !v.bad; i++)
		s = verify_branch(&v, &v.said[i], err);
	if (!s && !v.bad)
		s = count_unsaid(&v, err);
	if (!s && !v.bad)
		s = count_names(&v, err);
	for (size_t i = 0; i < v.count; i++)
		free(v.said[i].marks);
	free(v.said);
	if (s)
		return s;
	*good = v.bad == 0;
	if (!v.bad)
		return entered_verify(good, why, db, err);
	say(why, &v);
	return E_OK;
}
