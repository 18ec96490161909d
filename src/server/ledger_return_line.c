/*
 * Lines of versions; a row of "returned" says of which one it is, and which row
 * of the history it became.
 */
#include "server/ledger_return_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/ledger_descent.h"
#include "server/ledger_return.h"

/* ?1 the record, ?2 the line's last row, ?3 its epoch; one that came back before
 * lines were told apart is of any. */
#define OWN "(r.epoch IN ('', ?3) OR (r.became > 0 AND r.became <= ?2))"

enum status
return_line_find(struct return_line *out, struct db *db, const char *epoch,
    struct err *err)
{
	struct return_line line = {0};
	enum status s = return_is_open(&line.open, db, err);

	if (!s)
		s = descent_row(&line.row, db, epoch, err);
	if (!s) {
		snprintf(line.epoch, sizeof line.epoch, "%s", epoch);
		*out = line;
	}
	return s;
}

void
return_past_release(struct return_past *p)
{
	buf_release(&p->others);
	*p = (struct return_past){0};
}

enum status
return_line_past(struct return_past *out, struct db *db,
    const struct return_line *line, const struct uuid *record, int64_t rev,
    const char *hash, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT rev, fields, rowid <= ?2"
	    " FROM history WHERE record = ?1 AND NOT returned"
	    " UNION ALL SELECT r.rev, '', 1 FROM returned r WHERE"
	    " r.record = ?1 AND NOT (r.rev = ?4 AND r.hash = ?5) AND " OWN
	    " UNION ALL SELECT 0, h.fields, 0 FROM returned r JOIN history h"
	    " ON h.rowid = r.became WHERE r.record = ?1 AND NOT " OWN, err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	db_bind_int(st, 2, line->row);
	db_bind_text(st, 3, line->epoch);
	db_bind_int(st, 4, rev);
	db_bind_text(st, 5, hash);
	for (;;) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		if (!db_int(st, 2))
			buf_text(&out->others, db_text(st, 1, NULL));
		else if (db_int(st, 0) > out->rev)
			out->rev = db_int(st, 0);
	}
	db_finish(st);
	return s;
}

static bool
is_listed(const struct return_past *p, const char *field)
{
	char *name = mem_printf(";%s;", field);
	bool found = strstr(p->others.data, name) != NULL;

	free(name);
	return found;
}

/* The history keeps the names of its time. */
bool
return_past_has(const struct return_past *p, const struct schema_register *reg,
    const char *field)
{
	const struct schema_field *f;
	bool is;

	if (p->others.len == 0 || !field[0])
		return p->others.len > 0;
	is = is_listed(p, field);
	f = reg ? schema_field_find(reg, field) : NULL;
	for (size_t i = 0; f && !is && i < f->was_count; i++)
		is = is_listed(p, f->was[i]);
	return is;
}

enum status
return_line_reaches(bool *out, struct db *db, const struct return_line *line,
    const struct uuid *device, const struct uuid *record, int64_t rev,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "SELECT 1 FROM history WHERE"
	    " record = ?1 AND rev >= ?4 AND rowid <= ?2 AND NOT returned"
	    " UNION ALL SELECT 1 FROM returned r WHERE r.record = ?1 AND"
	    " r.rev >= ?4 AND (r.device = ?5 OR " OWN ")", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	db_bind_int(st, 2, line->row);
	db_bind_text(st, 3, line->epoch);
	db_bind_int(st, 4, rev);
	db_bind_uuid(st, 5, device);
	s = db_step(st, out, err);
	db_finish(st);
	return s;
}

enum status
return_line_became(struct db *db, const struct record *have, const char *hash,
    int64_t rev, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "UPDATE returned SET became ="
	    " (SELECT rowid FROM history WHERE record = ?1 AND rev = ?4)"
	    " WHERE record = ?1 AND rev = ?2 AND hash = ?3", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &have->id);
	db_bind_int(st, 2, have->rev);
	db_bind_text(st, 3, hash);
	db_bind_int(st, 4, rev);
	s = db_run(st, err);
	db_finish(st);
	return s;
}
