/*
 * The two questions: who saw this person, and what did this user do.
 */
#include <stdlib.h>
#include <string.h>

#include "db/db.h"
#include "db/db_uuid.h"
#include "server/ledger_audit.h"
#include "server/office.h"

#define COLUMNS "a.chain, a.branch, a.n, a.got_at, a.hash, a.entry"

/* The record, whom it is about, and all that is about the same person or
 * belongs to what is. */
#define ABOUT "WITH RECURSIVE about(id) AS (SELECT coalesce((SELECT person" \
	" FROM record WHERE id = ?1), ?1) UNION SELECT ?1 UNION SELECT r.id" \
	" FROM record r, about b WHERE r.parent = b.id UNION SELECT r.id" \
	" FROM record r, about b WHERE r.person = b.id) "

static enum status
tell(struct db_stmt *st, enum status (*fn)(void *self,
    const struct ledger_audit_row *row, struct err *err), void *self,
    struct err *err)
{
	struct ledger_audit_row row = { .place.branch = db_int(st, 1),
		.place.n = db_int(st, 2), .got_at = db_int(st, 3) };
	const void *bytes;
	const char *text;
	size_t len;
	enum status s;

	(void)db_uuid(&row.place.chain, st, 0);
	bytes = db_blob(st, 4, &len);
	if (len == sizeof row.place.hash)
		memcpy(row.place.hash, bytes, len);
	text = db_blob(st, 5, &len);
	s = audit_parse(&row.entry, text, len, err);
	if (!s)
		s = fn(self, &row, err);
	audit_entry_release(&row.entry);
	return s;
}

static enum status
each(struct db_stmt *st, enum status (*fn)(void *self,
    const struct ledger_audit_row *row, struct err *err), void *self,
    struct err *err)
{
	bool row = false;
	enum status s = E_OK;

	while (!s) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		s = tell(st, fn, self, err);
	}
	db_finish(st);
	return s;
}

enum status
ledger_audit_who(struct db *db, const struct uuid *record,
    enum status (*fn)(void *self, const struct ledger_audit_row *row,
    struct err *err), void *self, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, ABOUT "SELECT " COLUMNS
	    " FROM audit a WHERE (a.chain, a.branch, a.n) IN (SELECT chain,"
	    " branch, n FROM audit_about WHERE record IN about) UNION"
	    " SELECT " COLUMNS " FROM audit a JOIN device d ON d.id = a.chain"
	    " JOIN office o ON o.code = d.office JOIN record r ON r.id = ?1"
	    " WHERE a.cut <> 0 AND " OFFICE_REACHES_SQL("o", "r.office")
	    " ORDER BY 4, 1, 2, 3", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	return each(st, fn, self, err);
}

enum status
ledger_audit_user(struct db *db, const char *login, int64_t from_at,
    int64_t to_at, enum status (*fn)(void *self,
    const struct ledger_audit_row *row, struct err *err), void *self,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "SELECT " COLUMNS " FROM audit a"
	    " WHERE login = ? AND got_at >= ? AND got_at < ?"
	    " ORDER BY got_at, chain, branch, n", err);

	if (s)
		return s;
	db_bind_text(st, 1, login);
	db_bind_int(st, 2, from_at);
	db_bind_int(st, 3, to_at);
	return each(st, fn, self, err);
}
