/*
 * A record's history as one JSON text.  What changed is stored as JSON already
 * and goes out as it is.
 */
#include "server/ledger_trail.h"

#include <inttypes.h>

#include "base/json.h"
#include "core/trail.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/ledger_question_past.h"

/* Where the entries that fit begin: the answer has a limit, and the newest
 * are asked for most. */
static enum status
first_rev(int64_t *out, struct db *db, const struct uuid *record,
    struct err *err)
{
	struct db_stmt *st = NULL;
	size_t left = TRAIL_BYTES_MAX / 2;	/* names and words besides */
	int64_t count = 0;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT rev, length(changes)"
	    " FROM history WHERE record = ? ORDER BY rev DESC", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	for (;;) {
		size_t bytes;

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		/* length() counts characters, of at most four bytes */
		bytes = 4 * (size_t)db_int(st, 1);
		if (count > 0 && (bytes > left || count == TRAIL_ENTRIES_MAX))
			break;
		left = bytes < left ? left - bytes : 0;
		*out = db_int(st, 0);
		count++;
	}
	db_finish(st);
	return s;
}

static void
print_entry(struct buf *out, struct db_stmt *st)
{
	buf_printf(out, "{\"rev\":%" PRId64 ",\"kind\":", db_int(st, 0));
	json_print_string(out, db_text(st, 1, NULL));
	buf_text(out, ",\"by\":");
	json_print_string(out, db_text(st, 2, NULL));
	buf_text(out, ",\"name\":");
	json_print_string(out, db_text(st, 3, NULL));
	if (db_text(st, 6, NULL)[0]) {
		buf_text(out, ",\"took\":");
		json_print_string(out, db_text(st, 6, NULL));
	}
	buf_printf(out, ",\"at\":%" PRId64 ",\"set\":", db_int(st, 4));
	buf_text(out, db_text(st, 5, NULL));
	buf_char(out, '}');
}

/* ---- conflicts ---- */

static void
print_text(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, ",\"%s\":", name);
	json_print_string(out, text);
}

/* What stood, and what was entered beside it. */
static enum status
print_asked(void *self, const struct ledger_question_past *past,
    struct err *err)
{
	struct buf *out = self;
	const struct question *q = &past->q;

	(void)err;
	if (out->len > TRAIL_BYTES_MAX / 2)
		return E_OK;
	if (out->data[out->len - 1] != '[')
		buf_char(out, ',');
	buf_printf(out, "{\"at\":%" PRId64 ",\"settled_at\":%" PRId64, q->at,
	    q->answered_at);
	print_text(out, "by", q->by);
	print_text(out, "name", past->by_name);
	print_text(out, "settled_by", q->answered_by);
	print_text(out, "settled_name", past->answered_name);
	buf_text(out, ",\"set\":{");
	for (size_t i = 0; i < q->count; i++) {
		buf_text(out, i ? "," : "");
		json_print_string(out, q->fields[i].field);
		buf_text(out, ":[");
		json_print_string(out, q->fields[i].theirs);
		buf_char(out, ',');
		json_print_string(out, q->fields[i].mine);
		buf_char(out, ']');
	}
	buf_text(out, "}}");
	return E_OK;
}

enum status
ledger_trail_print(struct buf *out, struct db *db, const struct uuid *record,
    struct err *err)
{
	struct db_stmt *st = NULL;
	int64_t from = 1;
	bool row = false, first = true;
	enum status s = first_rev(&from, db, record, err);

	if (!s)
		s = db_prepare(&st, db, "SELECT h.rev, h.kind, h.login,"
		    " coalesce(a.name, ''), h.at, h.changes,"
		    " coalesce(t.name, h.taken_by) FROM history h"
		    " LEFT JOIN account a ON a.login = h.login"
		    " LEFT JOIN account t ON t.login = h.taken_by"
		    " WHERE h.record = ? AND h.rev >= ? ORDER BY h.rev", err);
	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	db_bind_int(st, 2, from);
	buf_text(out, "{\"entries\":[");
	for (;;) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		if (!first)
			buf_char(out, ',');
		first = false;
		print_entry(out, st);
	}
	db_finish(st);
	buf_text(out, "],\"asked\":[");
	if (!s)
		s = question_past_each(db, record, print_asked, out, err);
	buf_printf(out, "],\"more\":%s}\n", from > 1 ? "true" : "false");
	return s;
}
