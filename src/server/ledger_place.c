/*
 * Questions to the ledger, each one statement.  A record, what it belongs to
 * and whom it is about are found by the columns parent and person.
 */
#include "server/ledger_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/tr.h"
#include "db/db.h"
#include "db/db_number.h"
#include "db/db_uuid.h"
#include "server/ledger_stream.h"

/* The record and all above it; below: it belongs to that one. */
#define UP "WITH RECURSIVE up(id, parent, person, below) AS (" \
	"SELECT id, parent, person, 1 FROM record WHERE id = ?1" \
	" UNION SELECT r.id, r.parent, r.person," \
	" CASE WHEN up.below = 1 AND r.id = up.parent THEN 1 ELSE 0 END" \
	" FROM up JOIN record r ON r.id = up.parent OR r.id = up.person) "

static void
add_place(struct places *p, const char *office, bool sealed)
{
	char name[WIRE_STREAM_MAX];

	stream_name(name, office, sealed);
	if (!places_have(p, name) && p->count < PLACES_MAX)
		memcpy(p->names[p->count++], name, sizeof name);
}

bool
places_have(const struct places *p, const char *stream)
{
	for (size_t i = 0; i < p->count; i++) {
		if (strcmp(p->names[i], stream) == 0)
			return true;
	}
	return false;
}

enum status
place_any(bool *out, struct db *db, struct err *err)
{
	int64_t any = 0;
	enum status s = db_number(&any, db, "SELECT EXISTS(SELECT 1 FROM"
	    " transfer) OR EXISTS(SELECT 1 FROM sealed) OR EXISTS(SELECT 1"
	    " FROM stream WHERE last_seq > 0 AND name LIKE '%/sealed')", err);

	if (!s)
		*out = any != 0;
	return s;
}

enum status
place_wanted(struct places *out, struct db *db, const struct uuid *record,
    struct err *err)
{
	struct db_stmt *st = NULL;
	struct places p = {0};
	bool row = false;
	enum status s = db_prepare(&st, db, UP "SELECT office,"
	    " EXISTS(SELECT 1 FROM sealed s JOIN up ON up.id = s.record)"
	    " FROM (SELECT 0 AS nr, office FROM record WHERE id = ?1"
	    " UNION SELECT 1, t.destination FROM transfer t"
	    " JOIN up ON up.below = 1 AND up.id = t.record"
	    " WHERE t.state = 'offered'"
	    " UNION SELECT 1, t.destination FROM transfer t"
	    " JOIN along a ON a.transfer = t.id WHERE a.record = ?1 AND"
	    " (t.state = 'offered' OR t.state = 'accepted' AND a.lent = 1)"
	    " UNION SELECT 1, destination FROM transfer WHERE id = ?1)"
	    " ORDER BY nr, office", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	for (;;) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		add_place(&p, db_text(st, 0, NULL), db_int(st, 1) != 0);
	}
	db_finish(st);
	if (!s && p.count == 0)
		s = err_set(err, E_NOTFOUND, tr("There is no such record."));
	if (!s)
		*out = p;
	return s;
}

enum status
place_present(struct places *out, struct db *db, const struct uuid *record,
    struct err *err)
{
	struct db_stmt *st = NULL;
	struct places p = {0};
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT s.name FROM feed f"
	    " JOIN stream s ON s.id = f.stream"
	    " WHERE f.record = ? AND f.what = 'put'", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	while (p.count < PLACES_MAX) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		snprintf(p.names[p.count++], WIRE_STREAM_MAX, "%s",
		    db_text(st, 0, NULL));
	}
	db_finish(st);
	if (!s)
		*out = p;
	return s;
}

enum status
place_ever(char out[WIRE_STREAM_MAX], struct db *db,
    const struct uuid *record, const char *after, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT s.name FROM feed f"
	    " JOIN stream s ON s.id = f.stream WHERE f.record = ? AND"
	    " s.name > ? ORDER BY s.name LIMIT 1", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	db_bind_text(st, 2, after);
	s = db_step(st, &row, err);
	if (!s)
		snprintf(out, WIRE_STREAM_MAX, "%s",
		    row ? db_text(st, 0, NULL) : "");
	db_finish(st);
	return s;
}

static enum status
list_ids(struct uuid **out, size_t *count, struct db *db, const char *sql,
    const struct uuid *record, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, sql, err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	s = db_uuids(out, count, st, err);
	db_finish(st);
	return s;
}

enum status
place_below(struct uuid **out, size_t *count, struct db *db,
    const struct uuid *record, struct err *err)
{
	return list_ids(out, count, db, "WITH RECURSIVE down(id) AS (SELECT ?1"
	    " UNION SELECT r.id FROM down d JOIN record r ON r.parent = d.id"
	    " OR r.person = d.id) SELECT id FROM down WHERE id <> ?1"
	    " ORDER BY id", record, err);
}

enum status
place_belonging(struct uuid **out, size_t *count, struct db *db,
    const struct uuid *record, struct err *err)
{
	return list_ids(out, count, db, "WITH RECURSIVE down(id) AS (SELECT ?1"
	    " UNION SELECT r.id FROM down d JOIN record r ON r.parent = d.id)"
	    " SELECT id FROM down WHERE id <> ?1 ORDER BY id", record, err);
}

enum status
place_note_sealed(struct db *db, const struct record *r,
    const struct schema_register *reg, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s;

	if (!reg || reg->sealed.count == 0)
		return E_OK;
	s = db_prepare(&st, db, conds_hold(&reg->sealed, r, 0, "") ?
	    "INSERT INTO sealed(record) VALUES(?) ON CONFLICT DO NOTHING" :
	    "DELETE FROM sealed WHERE record = ?", err);
	if (s)
		return s;
	db_bind_uuid(st, 1, &r->id);
	s = db_run(st, err);
	db_finish(st);
	return s;
}
