/*
 * Enrolment codes and devices.  Codes and tokens are compared by their hash,
 * so the time of a look-up tells nothing about how near a guess was.
 */
#include "server/device.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "db/db.h"
#include "db/db_list.h"
#include "db/db_uuid.h"

#define HOUR_MS (3600 * 1000LL)
#define DEVICE_COLUMNS "d.id, d.label, d.key_share, d.epoch, d.enrolled_at, " \
	"d.seen_at, d.revoked_at, o.code, o.name, o.county, d.wipe, " \
	"d.at_once, d.wiped_at, d.num FROM device d " \
	"JOIN office o ON o.code = d.office"

const char *
device_standing(const struct device *d)
{
	return d->wiped_at ? "erased" : d->wipe[0] ? "to erase" :
	    d->revoked_at ? "revoked" : "in use";
}

/* What people type: any case, with blanks or hyphens between. */
static void
code_hash(uint8_t out[TOKEN_HASH], const char *typed)
{
	char code[DEVICE_CODE_TEXT + 2];
	size_t n = 0;

	for (; *typed && n < sizeof code - 1; typed++) {
		char c = *typed;

		if (c == ' ' || c == '-')
			continue;
		code[n++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	code[n] = '\0';
	token_hash(out, code);
}

enum status
device_make_code(char out[DEVICE_CODE_TEXT + 1], struct db *db,
    const char *office, struct err *err)
{
	struct db_stmt *st = NULL;
	uint8_t hash[TOKEN_HASH];
	char code[DEVICE_CODE_TEXT + 1];
	enum status s = office_check_followed(db, office, err);

	if (!s)
		s = db_prepare(&st, db, "INSERT INTO enrolment(code, office,"
		    " expires_at, used_at) VALUES(?, ?, ?, 0)", err);
	if (s)
		return s;
	crypto_code(code, DEVICE_CODE_TEXT);
	code_hash(hash, code);
	db_bind_blob(st, 1, hash, sizeof hash);
	db_bind_text(st, 2, office);
	db_bind_int(st, 3, clock_now_at() + DEVICE_CODE_HOURS * HOUR_MS);
	s = db_run(st, err);
	db_finish(st);
	if (!s)
		memcpy(out, code, sizeof code);
	return s;
}

/* Mark the code as used and tell its office. */
static enum status
use_code(char office[RECORD_OFFICE_MAX], enum answer *answer, struct db *db,
    const char *code, struct err *err)
{
	struct db_stmt *st = NULL;
	uint8_t hash[TOKEN_HASH];
	int64_t now = clock_now_at();
	bool row = false;
	enum status s = db_prepare(&st, db, "UPDATE enrolment SET used_at = ?1"
	    " WHERE code = ?2 AND used_at = 0 AND expires_at > ?1"
	    " RETURNING office", err);

	if (s)
		return s;
	code_hash(hash, code);
	db_bind_int(st, 1, now);
	db_bind_blob(st, 2, hash, sizeof hash);
	s = db_step(st, &row, err);
	if (!s && row)
		snprintf(office, RECORD_OFFICE_MAX, "%s",
		    db_text(st, 0, NULL));
	else if (!s)
		*answer = ANSWER_CODE_INVALID;
	if (!s && row)
		s = db_step(st, &row, err);	/* to the end */
	db_finish(st);
	return s;
}

/* One that comes back may hold numbers, and has not said which. */
static enum status
write_device(struct db *db, struct device *d, const char *token,
    bool again, struct err *err)
{
	struct db_stmt *st = NULL;
	uint8_t hash[TOKEN_HASH];
	bool row = false;
	enum status s = db_prepare(&st, db, "INSERT INTO device(id, office,"
	    " label, token, key_share, epoch, enrolled_at, seen_at,"
	    " revoked_at, num, numbers_told) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7,"
	    " 0, 0, CASE WHEN ?8 > 0 AND NOT EXISTS(SELECT 1 FROM device"
	    " WHERE num = ?8) THEN ?8 ELSE"
	    " (SELECT coalesce(max(num), 0) + 1 FROM device) END,"
	    " CASE WHEN ?9 THEN '' ELSE"
	    " coalesce((SELECT value FROM meta WHERE name = 'epoch'), '') END)"
	    " ON CONFLICT(id) DO UPDATE SET label = excluded.label,"
	    " token = excluded.token, key_share = excluded.key_share"
	    " RETURNING num", err);

	if (s)
		return s;
	token_hash(hash, token);
	db_bind_uuid(st, 1, &d->id);
	db_bind_text(st, 2, d->office.code);
	db_bind_text(st, 3, d->label);
	db_bind_blob(st, 4, hash, sizeof hash);
	db_bind_blob(st, 5, d->key_share.b, sizeof d->key_share.b);
	db_bind_int(st, 6, d->epoch);
	db_bind_int(st, 7, d->enrolled_at);
	db_bind_int(st, 8, d->number);
	db_bind_int(st, 9, again);
	s = db_step(st, &row, err);
	if (!s && row) {
		d->number = db_int(st, 0);
		s = db_step(st, &row, err);	/* to the end */
	}
	db_finish(st);
	return s;
}

/* May it come back with this code?  One that was registered again and did not
 * hear of it asks once more. */
static enum status
check_was(enum answer *answer, struct db *db, const char *code,
    const struct device_was *was, struct err *err)
{
	struct db_stmt *st = NULL;
	uint8_t hash[TOKEN_HASH];
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT EXISTS(SELECT 1 FROM device"
	    " WHERE id = ?1 AND (seen_at > 0 OR revoked_at > 0)),"
	    " EXISTS(SELECT 1 FROM enrolment WHERE code = ?2 AND"
	    " office <> ?3)", err);

	if (s)
		return s;
	code_hash(hash, code);
	db_bind_uuid(st, 1, &was->id);
	db_bind_blob(st, 2, hash, sizeof hash);
	db_bind_text(st, 3, was->office);
	s = db_step(st, &row, err);
	if (!s && db_int(st, 0))
		*answer = ANSWER_DEVICE_KNOWN;
	else if (!s && db_int(st, 1))
		*answer = ANSWER_CODE_OFFICE;
	db_finish(st);
	return s;
}

/* A label is for the county's eyes: tidied and cut between characters. */
static void
set_label(char out[DEVICE_LABEL_MAX], const char *label)
{
	struct buf tidy;
	size_t at = 0, end = 0;

	buf_init(&tidy, BUF_LINE_MAX);
	if (utf8_is_valid(label, strlen(label)))
		utf8_tidy(&tidy, label, false);
	while (at < tidy.len) {
		(void)utf8_next(tidy.data, tidy.len, &at);
		if (at < DEVICE_LABEL_MAX)
			end = at;
	}
	memcpy(out, tidy.data, end);
	out[end] = '\0';
	buf_release(&tidy);
}

enum status
device_enroll(struct device *out, char token[TOKEN_TEXT_MAX],
    enum answer *answer, struct db *db, const char *code, const char *label,
    const struct device_was *was, struct err *err)
{
	struct device d = { .epoch = 1, .number = was ? was->number : 0 };
	char office[RECORD_OFFICE_MAX] = "", made[TOKEN_TEXT_MAX];
	enum answer a = ANSWER_OK;
	enum status s = was ? check_was(&a, db, code, was, err) : E_OK;

	if (!s && !a)
		s = use_code(office, &a, db, code, err);

	if (!s && a) {
		*answer = a;
		return E_OK;
	}
	if (!s)
		s = office_get(&d.office, db, office, err);
	if (s)
		return s;
	d.id = was ? was->id : uuid_new();
	d.enrolled_at = clock_now_at();
	set_label(d.label, label);
	crypto_random(d.key_share.b, sizeof d.key_share.b);
	token_make(made);
	s = write_device(db, &d, made, was != NULL, err);
	if (!s) {
		*out = d;
		memcpy(token, made, sizeof made);
		*answer = ANSWER_OK;
	}
	return s;
}

static void
read_device(void *item, struct db_stmt *st)
{
	struct device *out = item;
	size_t len = 0;
	const void *bytes;

	*out = (struct device){0};
	(void)db_uuid(&out->id, st, 0);
	snprintf(out->label, sizeof out->label, "%s", db_text(st, 1, NULL));
	bytes = db_blob(st, 2, &len);
	if (len == sizeof out->key_share.b)
		memcpy(out->key_share.b, bytes, len);
	out->epoch = db_int(st, 3);
	out->enrolled_at = db_int(st, 4);
	out->seen_at = db_int(st, 5);
	out->revoked_at = db_int(st, 6);
	snprintf(out->office.code, sizeof out->office.code, "%s",
	    db_text(st, 7, NULL));
	snprintf(out->office.name, sizeof out->office.name, "%s",
	    db_text(st, 8, NULL));
	out->office.county = (enum office_span)db_int(st, 9);
	snprintf(out->wipe, sizeof out->wipe, "%s", db_text(st, 10, NULL));
	out->at_once = db_int(st, 11) != 0;
	out->wiped_at = db_int(st, 12);
	out->number = db_int(st, 13);
}

enum status
device_find(struct device *out, enum answer *answer, struct db *db,
    const char *token, struct err *err)
{
	struct db_stmt *st = NULL;
	uint8_t hash[TOKEN_HASH];
	bool row = false;
	enum status s = db_prepare(&st, db,
	    "SELECT " DEVICE_COLUMNS " WHERE d.token = ?", err);

	if (s)
		return s;
	token_hash(hash, token);
	db_bind_blob(st, 1, hash, sizeof hash);
	s = db_step(st, &row, err);
	if (!s && !row) {
		*answer = ANSWER_DEVICE_UNKNOWN;
	} else if (!s) {
		read_device(out, st);
		*answer = out->wipe[0] ? ANSWER_DEVICE_WIPE :
		    out->revoked_at ? ANSWER_DEVICE_REVOKED : ANSWER_OK;
	}
	db_finish(st);
	return s;
}

enum status
device_seen(struct db *db, const struct device *device, int64_t now_at,
    struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db,
	    "UPDATE device SET seen_at = ? WHERE id = ?", err);

	if (s)
		return s;
	db_bind_int(st, 1, now_at - now_at % HOUR_MS);
	db_bind_uuid(st, 2, &device->id);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

enum status
device_fork(struct device *device, struct db *db, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "UPDATE device SET"
	    " epoch = epoch + 1 WHERE id = ? RETURNING epoch", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &device->id);
	s = db_step(st, &row, err);
	if (!s && row) {
		device->epoch = db_int(st, 0);
		s = db_step(st, &row, err);	/* to the end */
	}
	db_finish(st);
	return s;
}

enum status
device_list(struct device **out, size_t *count, struct db *db,
    struct err *err)
{
	struct db_stmt *st = NULL;
	void *list = NULL;
	enum status s = db_prepare(&st, db,
	    "SELECT " DEVICE_COLUMNS " WHERE d.removed_at = 0"
	    " ORDER BY d.enrolled_at, d.id", err);

	if (s)
		return s;
	s = db_list(&list, count, st, sizeof **out, read_device, err);
	db_finish(st);
	if (!s)
		*out = list;
	return s;
}
