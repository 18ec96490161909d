/*
 * The columns revoked_at, wipe, at_once, wiped_at and removed_at of a device.
 */
#include "server/device_end.h"

#include <stdint.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/office.h"
#include "server/token.h"

struct standing {
	int64_t revoked_at, wiped_at;
	char wipe[TOKEN_TEXT_MAX];
};

static enum status
look(struct standing *out, struct db *db, const struct uuid *id,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT revoked_at, wiped_at, wipe"
	    " FROM device WHERE id = ? AND removed_at = 0", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, id);
	s = db_step(st, &row, err);
	if (!s && !row)
		s = err_set(err, E_NOTFOUND, tr("There is no such device."));
	if (!s) {
		const char *wipe = db_text(st, 2, NULL);

		out->revoked_at = db_int(st, 0);
		out->wiped_at = db_int(st, 1);
		memcpy(out->wipe, wipe, strnlen(wipe, sizeof out->wipe - 1));
	}
	db_finish(st);
	return s;
}

/* One statement about this device; text may be NULL. */
static enum status
change(struct db *db, const char *sql, const struct uuid *id, int64_t n,
    const char *text, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, sql, err);

	if (s)
		return s;
	db_bind_uuid(st, 1, id);
	db_bind_int(st, 2, n);
	if (text)
		db_bind_text(st, 3, text);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

enum status
device_revoke(struct db *db, const struct uuid *id, struct err *err)
{
	struct standing now = {0};
	enum status s = look(&now, db, id, err);

	if (!s && now.revoked_at)
		s = err_set(err, E_NOTFOUND,
		    tr("There is no such device in use."));
	return s ? s : change(db, "UPDATE device SET revoked_at = ?2"
	    " WHERE id = ?1", id, clock_now_at(), NULL, err);
}

enum status
device_allow(struct db *db, const struct uuid *id, struct err *err)
{
	struct standing now = {0};
	enum status s = look(&now, db, id, err);

	if (!s && now.wipe[0])
		s = err_set(err, E_CONFLICT, tr("This device was ordered to "
		    "erase its data; enrol it anew."));
	else if (!s && !now.revoked_at)
		s = err_set(err, E_CONFLICT,
		    tr("This device is in use."));
	return s ? s : change(db, "UPDATE device SET revoked_at = ?2"
	    " WHERE id = ?1", id, 0, NULL, err);
}

enum status
device_give(struct db *db, const struct uuid *id, const char *office,
    struct err *err)
{
	struct standing now = {0};
	enum status s = look(&now, db, id, err);

	if (!s)
		s = office_check_followed(db, office, err);
	return s ? s : change(db, "UPDATE device SET office = ?3"
	    " WHERE id = ?1 AND ?2 = 0", id, 0, office, err);
}

enum status
device_erase(struct db *db, const struct uuid *id, bool at_once,
    struct err *err)
{
	struct standing now = {0};
	char word[TOKEN_TEXT_MAX];
	enum status s = look(&now, db, id, err);

	if (!s && now.wiped_at)
		s = err_set(err, E_CONFLICT,
		    tr("This device has erased its data already."));
	if (s)
		return s;
	token_make(word);
	s = change(db, "UPDATE device SET revoked_at = ?2, wipe = ?3"
	    " WHERE id = ?1 AND wipe = ''", id, now.revoked_at ?
	    now.revoked_at : clock_now_at(), word, err);
	crypto_wipe(word, sizeof word);
	return s ? s : change(db, "UPDATE device SET at_once = ?2"
	    " WHERE id = ?1", id, at_once, NULL, err);
}

enum status
device_wiped(struct db *db, const struct uuid *id, const char *word,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "UPDATE device SET wiped_at ="
	    " CASE wiped_at WHEN 0 THEN ?2 ELSE wiped_at END"
	    " WHERE id = ?1 AND wipe = ?3 AND wipe <> '' RETURNING 1", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, id);
	db_bind_int(st, 2, clock_now_at());
	db_bind_text(st, 3, word);
	s = db_step(st, &row, err);
	if (!s && !row)
		s = err_set(err, E_NOTFOUND, tr("There is no such order."));
	else if (!s)
		s = db_step(st, &row, err);	/* to the end */
	db_finish(st);
	return s;
}

enum status
device_remove(struct db *db, const struct uuid *id, struct err *err)
{
	struct standing now = {0};
	enum status s = look(&now, db, id, err);

	if (!s && !now.wiped_at)
		s = err_set(err, E_CONFLICT, tr("This device has not confirmed "
		    "that its data was erased; it stays in the list."));
	return s ? s : change(db, "UPDATE device SET removed_at = ?2"
	    " WHERE id = ?1", id, clock_now_at(), NULL, err);
}

enum status
device_not_in_backup(int64_t *out, struct db *db, const struct uuid *id,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT count(*) FROM opdone"
	    " WHERE device = ? AND at >= coalesce((SELECT CAST(value AS bigint)"
	    " FROM meta WHERE name = 'backup_at'), 0)", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, id);
	s = db_step(st, &row, err);
	if (!s)
		*out = db_int(st, 0);
	db_finish(st);
	return s;
}
