/*
 * Parts of records, until they are whole.
 */
#include "server/ledger_return_part.h"

#include <string.h>

#include "db/db.h"
#include "db/db_uuid.h"

/* One statement about the device and the record, which may be NULL. */
static enum status
run(struct db *db, const char *sql, const struct uuid *device,
    const struct uuid *record, const struct buf *text, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, sql, err);

	if (s)
		return s;
	db_bind_uuid(st, 1, device);
	if (record)
		db_bind_uuid(st, 2, record);
	if (text)
		db_bind_blob(st, 3, text->data, text->len);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

enum status
return_part_forget(struct db *db, const struct uuid *device, struct err *err)
{
	return run(db, "DELETE FROM coming WHERE device = ?", device, NULL,
	    NULL, err);
}

/* What is here of it. */
static enum status
load(struct buf *text, struct db *db, const struct uuid *device,
    const struct uuid *record, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT text FROM coming"
	    " WHERE device = ? AND record = ?", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, device);
	db_bind_uuid(st, 2, record);
	s = db_step(st, &row, err);
	if (!s && row) {
		size_t len = 0;
		const void *bytes = db_blob(st, 0, &len);

		buf_add(text, bytes, len);
	}
	db_finish(st);
	return s;
}

enum status
return_part(struct wire_line *out, bool *whole, struct db *db,
    const struct uuid *device, const struct reconcile_line *part,
    struct err *err)
{
	struct err none = ERR_INIT;
	struct buf text;
	bool all;
	enum status s = E_OK;

	buf_init(&text, BUF_RECORD_MAX);
	if (part->at > 0)
		s = load(&text, db, device, &part->id, err);
	if (s || (int64_t)text.len != part->at)
		goto out;
	buf_text(&text, part->text);
	all = (int64_t)text.len == part->of;
	if (all) {
		s = run(db, "DELETE FROM coming WHERE device = ?1 AND"
		    " record = ?2", device, &part->id, NULL, err);
		*whole = !s && !wire_parse_line(out, text.data, text.len,
		    &none);
	} else {
		s = run(db, "INSERT INTO coming(device, record, text)"
		    " VALUES(?1, ?2, ?3) ON CONFLICT(device, record)"
		    " DO UPDATE SET text = excluded.text", device, &part->id,
		    &text, err);
	}
out:
	buf_release(&text);
	return s;
}
