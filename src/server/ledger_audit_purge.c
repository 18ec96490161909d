/*
 * Taking the oldest away, and saying so.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_list.h"
#include "db/db_uuid.h"
#include "server/ledger_audit.h"

#define DAY_MS (24 * 3600 * 1000LL)

/* The chains there are; the server's own comes last, so that what is said of
 * the others stands in it before its end is looked at. */
static void
read_chain(void *item, struct db_stmt *st)
{
	struct ledger_audit_place *place = item;
	size_t len;
	const void *bytes = db_blob(st, 0, &len);

	place->branch = db_int(st, 1);
	memcpy(place->chain.b, bytes, len < sizeof place->chain.b ? len :
	    sizeof place->chain.b);
}

static enum status
list_chains(struct ledger_audit_place **out, size_t *count, struct db *db,
    struct err *err)
{
	struct db_stmt *st = NULL;
	void *list = NULL;
	enum status s = db_prepare(&st, db, "SELECT chain, branch FROM"
	    " audit_base UNION SELECT chain, branch FROM audit"
	    " ORDER BY chain DESC, branch", err);

	if (s)
		return s;
	s = db_list(&list, count, st, sizeof **out, read_chain, err);
	db_finish(st);
	if (!s)
		*out = list;
	return s;
}

/* The last entry before the first that came at that instant or after it;
 * *found: there is one.  The end of the server's own chain stays. */
static enum status
find_last_old(struct ledger_audit_place *p, bool *found, struct db *db,
    int64_t before_at, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT n, hash FROM audit WHERE"
	    " chain = ?1 AND branch = ?2 AND n < coalesce((SELECT min(n) FROM"
	    " audit WHERE chain = ?1 AND branch = ?2 AND got_at >= ?3),"
	    " 9223372036854775807) ORDER BY n DESC LIMIT 1", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &p->chain);
	db_bind_int(st, 2, p->branch);
	db_bind_int(st, 3, before_at);
	s = db_step(st, &row, err);
	*found = !s && row;
	if (*found)
		ledger_audit_read(p, st);
	db_finish(st);
	return s;
}

static enum status
delete_rows(struct db *db, const char *sql,
    const struct ledger_audit_place *p, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, sql, err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &p->chain);
	db_bind_int(st, 2, p->branch);
	db_bind_int(st, 3, p->n);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

static enum status
purge_chain(int64_t *count, struct db *db, struct ledger_audit_place *p,
    int64_t before_at, const char *by, struct err *err)
{
	struct ledger_audit_place end = *p;
	bool found = false, own = uuid_is_zero(&p->chain);
	enum status s = find_last_old(p, &found, db, before_at, err);

	if (s || !found)
		return s;
	s = ledger_audit_end(&end, db, err);
	if (!s)
		s = ledger_audit_say(db, AUDIT_PURGED, p, by, err);
	/* where it must end may have been said long ago */
	if (!s && !own)
		s = ledger_audit_say(db, AUDIT_HEAD, &end, by, err);
	if (!s)
		s = ledger_audit_set_base(db, p, err);
	if (!s)
		s = delete_rows(db, "DELETE FROM audit WHERE chain = ? AND"
		    " branch = ? AND n <= ?", p, err);
	if (!s)
		*count += db_changes(db);
	return s ? s : delete_rows(db, "DELETE FROM audit_about WHERE"
	    " chain = ? AND branch = ? AND n <= ?", p, err);
}

/* Entries of the server's own chain that say where a device's begins or ends
 * go as well, so what they say is said again. */
static enum status
say_again(struct db *db, struct ledger_audit_place *p, const char *by,
    struct err *err)
{
	struct ledger_audit_place end = *p;
	enum status s = ledger_audit_base(p, db, err);

	if (!s)
		s = ledger_audit_end(&end, db, err);
	if (!s)
		s = ledger_audit_say(db, AUDIT_PURGED, p, by, err);
	return s ? s : ledger_audit_say(db, AUDIT_HEAD, &end, by, err);
}

enum status
ledger_audit_purge(int64_t *count, struct db *db, int64_t before_at,
    const char *by, struct err *err)
{
	struct ledger_audit_place *list = NULL;
	size_t chains = 0;
	int64_t n = 0;
	enum status s;

	if (before_at > clock_now_at() - AUDIT_KEEP_DAYS * DAY_MS)
		return err_set(err, E_INVALID, tr("The trace is kept for six "
		    "months at least; give an earlier date."));
	s = list_chains(&list, &chains, db, err);
	for (size_t i = 0; i < chains && !s; i++) {
		int64_t had = n;

		s = purge_chain(&n, db, &list[i], before_at, by, err);
		if (!s && n == had && !uuid_is_zero(&list[i].chain))
			s = say_again(db, &list[i], by, err);
	}
	free(list);
	if (!s)
		*count = n;
	return s;
}
