/*
 * A device's entries, as they arrive.
 *
 * An entry is known by its hash, which holds all that came before it.  So one
 * that is here is passed over, one that follows the end of a branch is added to
 * it, and one that follows something else begins a branch.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/ledger_audit.h"

struct taking {
	struct db *db;
	struct ledger_audit_place at;	/* behind it goes the next; branch 0:
					 * in no branch yet */
	int64_t now_at;
	bool oldest, added;
};

/* Which branch has this entry, as a row or as its base? */
static enum status
find(int64_t *branch, struct taking *t, const struct ledger_audit_place *p,
    const char *sql, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, t->db, sql, err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &p->chain);
	db_bind_int(st, 2, p->n);
	db_bind_blob(st, 3, p->hash, sizeof p->hash);
	s = db_step(st, &row, err);
	*branch = !s && row ? db_int(st, 0) : 0;
	db_finish(st);
	return s;
}

static enum status
find_row(int64_t *branch, struct taking *t,
    const struct ledger_audit_place *p, struct err *err)
{
	return find(branch, t, p, "SELECT branch FROM audit WHERE chain = ?1"
	    " AND n = ?2 AND hash = ?3 ORDER BY branch DESC LIMIT 1", err);
}

static enum status
find_base(int64_t *branch, struct taking *t,
    const struct ledger_audit_place *p, struct err *err)
{
	return find(branch, t, p, "SELECT branch FROM audit_base WHERE"
	    " chain = ?1 AND n = ?2 AND hash = ?3 ORDER BY branch DESC"
	    " LIMIT 1", err);
}

static enum status
new_branch(struct taking *t, enum audit_what what, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, t->db, "SELECT coalesce(max(branch),"
	    " 0) FROM audit_base WHERE chain = ?", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &t->at.chain);
	s = db_step(st, &row, err);
	if (!s && row)
		t->at.branch = db_int(st, 0) + 1;
	db_finish(st);
	if (!s)
		s = ledger_audit_set_base(t->db, &t->at, err);
	/* the first of a device that begins at its beginning says nothing */
	if (!s && (t->at.branch > 1 || t->at.n > 0))
		s = ledger_audit_say(t->db, what, &t->at, "", err);
	return s;
}

/* The branch that the next entry goes into; *needed: what comes before it is
 * not here, and the device has it. */
static enum status
find_branch(bool *needed, struct taking *t, struct err *err)
{
	struct ledger_audit_place end = t->at;
	enum status s;

	if (t->at.branch == 0) {
		s = find_row(&t->at.branch, t, &t->at, err);
		if (!s && t->at.branch == 0)
			s = find_base(&t->at.branch, t, &t->at, err);
		if (s)
			return s;
	}
	if (t->at.branch == 0 && !t->oldest) {
		*needed = true;
		return E_OK;
	}
	if (t->at.branch == 0)
		return new_branch(t, AUDIT_GAP, err);
	end.branch = t->at.branch;
	s = ledger_audit_end(&end, t->db, err);
	return s || end.n == t->at.n ? s : new_branch(t, AUDIT_FORK, err);
}

static enum status
take_one(bool *needed, struct taking *t, const char *text, size_t len,
    struct err *err)
{
	struct ledger_audit_place p = t->at;
	struct audit_entry e = {0};
	int64_t known = 0;
	enum status s = audit_parse(&e, text, len, err);

	if (s)
		return s;
	p.n++;
	audit_chain(p.hash, text, len);
	if (e.n != p.n)
		s = err_set(err, E_INVALID,
		    tr("The entries of the trace do not follow one another."));
	if (!s)
		s = find_row(&known, t, &p, err);
	if (!s && !known)
		s = find_branch(needed, t, err);
	if (!s && !known && !*needed) {
		p.branch = t->at.branch;
		s = ledger_audit_insert(t->db, &p, t->now_at, &e, text, len,
		    err);
		t->added = true;
	}
	audit_entry_release(&e);
	if (!s && !*needed) {
		t->at = p;
		t->at.branch = known ? known : p.branch;
	}
	return s;
}

/* The number that the first line says. */
static enum status
first_of(int64_t *n, const char *lines, size_t len, struct err *err)
{
	struct audit_entry e = {0};
	enum status s = audit_parse(&e, lines, len, err);

	if (!s && e.n < 1)
		s = err_set(err, E_INVALID,
		    tr("The entries of the trace do not follow one another."));
	*n = e.n;
	audit_entry_release(&e);
	return s;
}

enum status
ledger_audit_take(int64_t *acked, struct db *db, const struct uuid *device,
    const uint8_t before[AUDIT_HASH], bool oldest, const char *lines,
    size_t len, struct err *err)
{
	struct taking t = { .db = db, .at.chain = *device, .oldest = oldest,
		.now_at = clock_now_at() };
	const char *at = lines, *end = lines + len;
	bool needed = false;
	int64_t first = 0;
	enum status s = first_of(&first, lines, strcspn(lines, "\n"), err);

	t.at.n = first - 1;
	memcpy(t.at.hash, before, sizeof t.at.hash);
	while (!s && !needed && at < end) {
		const char *nl = memchr(at, '\n', (size_t)(end - at));
		size_t bytes = (size_t)((nl ? nl : end) - at);

		s = take_one(&needed, &t, at, bytes, err);
		at += bytes + 1;
	}
	if (!s && t.added)
		s = ledger_audit_say(db, AUDIT_HEAD, &t.at, "", err);
	if (!s)
		*acked = needed ? -1 : t.at.n;
	return s;
}
