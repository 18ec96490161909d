/*
 * Sums of the history, sealed by the chain.
 *
 * "sealed" of meta is the last sum that an entry covers.  An entry's note is
 * "FROM TO HASH", the hash over the sums one after the other.
 */
#include "server/ledger_entered.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_number.h"
#include "db/db_uuid.h"
#include "server/ledger.h"
#include "server/ledger_audit.h"

enum {
	SUM_BYTES = 16,
	USUAL_BYTES = 2048,	/* of what a row says */
	HEX_BYTES = 2 * CRYPTO_SHA256 + 1,
};

/* ---- sums ---- */

static void
put_text(struct buf *out, const char *text)
{
	uint64_t len = strlen(text);

	buf_add(out, &len, sizeof len);
	buf_add(out, text, (size_t)len);
}

static void
sum_of(uint8_t out[SUM_BYTES], const struct entered_row *r)
{
	const int64_t numbers[] = { r->rev, r->epoch, r->n, r->at,
		r->device_at, r->returned };
	uint8_t digest[CRYPTO_SHA256];
	struct buf said;

	buf_init(&said, BUF_BATCH_MAX);
	(void)buf_room(&said, USUAL_BYTES);
	buf_add(&said, r->record->b, sizeof r->record->b);
	buf_add(&said, r->device->b, sizeof r->device->b);
	buf_add(&said, numbers, sizeof numbers);
	put_text(&said, r->kind);
	put_text(&said, r->login);
	put_text(&said, r->fields);
	put_text(&said, r->changes);
	put_text(&said, r->hash);
	put_text(&said, r->taken_by);
	crypto_sha256(digest, said.data, said.len);
	memcpy(out, digest, SUM_BYTES);
	buf_release(&said);
}

enum status
entered_add(struct db *db, const struct entered_row *row, struct err *err)
{
	struct db_stmt *st = NULL;
	uint8_t sum[SUM_BYTES];
	enum status s = db_prepare(&st, db,
	    "INSERT INTO entered(record, rev, sum) VALUES(?, ?, ?)", err);

	if (s)
		return s;
	sum_of(sum, row);
	db_bind_uuid(st, 1, row->record);
	db_bind_int(st, 2, row->rev);
	db_lend_blob(st, 3, sum, sizeof sum);
	s = db_run(st, err);
	db_finish(st);
	return s;
}

/* ---- sealing ---- */

/* The sums of from..to one after the other into sums; *to becomes the last. */
static enum status
read_sums(struct buf *sums, int64_t *to, struct db *db, int64_t from,
    struct err *err)
{
	const int64_t most = *to;
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT id, sum FROM entered"
	    " WHERE id >= ? AND id <= ? ORDER BY id", err);

	if (s)
		return s;
	db_bind_int(st, 1, from);
	db_bind_int(st, 2, most);
	for (*to = from - 1;;) {
		const void *sum;
		size_t len = 0;

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		*to = db_int(st, 0);
		sum = db_blob(st, 1, &len);
		buf_add(sums, sum, len);
	}
	db_finish(st);
	return s;
}

static void
hash_of(char out[HEX_BYTES], const struct buf *sums)
{
	uint8_t digest[CRYPTO_SHA256];

	crypto_sha256(digest, sums->data, sums->len);
	crypto_hex(out, digest, sizeof digest);
}

static enum status
put_entry(struct db *db, int64_t from, int64_t to, const struct buf *sums,
    struct err *err)
{
	char note[AUDIT_NOTE_MAX], hash[HEX_BYTES], sealed[24];
	enum status s;

	hash_of(hash, sums);
	snprintf(note, sizeof note, "%" PRId64 " %" PRId64 " %s", from, to,
	    hash);
	snprintf(sealed, sizeof sealed, "%" PRId64, to);
	s = ledger_audit_put(db, &(struct ledger_audit_note){
	    .what = AUDIT_ENTERED, .note = note }, err);
	return s ? s : ledger_put_meta(db, "sealed", sealed, err);
}

static enum status
last_sealed(int64_t *out, struct db *db, struct err *err)
{
	return db_number(out, db, "SELECT coalesce(max(CAST(value AS bigint)),"
	    " 0) FROM meta WHERE name = 'sealed'", err);
}

enum status
entered_seal(struct db *db, struct err *err)
{
	int64_t sealed = 0, last = 0;
	struct buf sums;
	enum status s = last_sealed(&sealed, db, err);

	if (!s)
		s = db_number(&last, db, "SELECT coalesce(max(id), 0) FROM"
		    " entered", err);
	if (s || last <= sealed)
		return s;
	buf_init(&sums, BUF_BATCH_MAX);
	s = read_sums(&sums, &last, db, sealed + 1, err);
	if (!s)
		s = put_entry(db, sealed + 1, last, &sums, err);
	buf_release(&sums);
	return s;
}

/* ---- rows of the history ---- */

#define ROW " record, rev, device, epoch, n, kind, login, at, device_at," \
	" fields, changes, hash, returned, taken_by "
#define ROW_OF_H " h.record, h.rev, h.device, h.epoch, h.n, h.kind, h.login," \
	" h.at, h.device_at, h.fields, h.changes, h.hash, h.returned, h.taken_by "

/* As selected; what it lends lives until the next step. */
struct history_row {
	struct uuid record, device;
	struct entered_row row;
};

static void
take_row(struct history_row *out, struct db_stmt *st)
{
	db_uuid(&out->record, st, 0);
	db_uuid(&out->device, st, 2);
	out->row = (struct entered_row){ .record = &out->record,
		.rev = db_int(st, 1), .device = &out->device,
		.epoch = db_int(st, 3), .n = db_int(st, 4),
		.kind = db_text(st, 5, NULL), .login = db_text(st, 6, NULL),
		.at = db_int(st, 7), .device_at = db_int(st, 8),
		.fields = db_text(st, 9, NULL),
		.changes = db_text(st, 10, NULL),
		.hash = db_text(st, 11, NULL), .returned = db_int(st, 12) != 0,
		.taken_by = db_text(st, 13, NULL) };
}

static enum status
add_all(struct db *db, struct err *err)
{
	struct db_stmt *st = NULL;
	struct history_row h;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT" ROW "FROM history"
	    " ORDER BY rowid", err);

	while (!s) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		take_row(&h, st);
		s = entered_add(db, &h.row, err);
	}
	db_finish(st);
	return s ? s : entered_seal(db, err);
}

enum status
entered_begin(struct db *db, struct err *err)
{
	int64_t due = 0;
	enum status s = db_number(&due, db, "SELECT NOT EXISTS(SELECT 1 FROM"
	    " entered) AND EXISTS(SELECT 1 FROM history)", err);

	if (s || !due)
		return s;
	s = db_begin(db, err);
	if (s)
		return s;
	s = add_all(db, err);
	if (!s)
		return db_commit(db, err);
	db_rollback(db);
	return s;
}

/* ---- verifying ---- */

enum fault { CHANGED, MISSING, MORE };

static void
say_record(char why[ERR_MSG_MAX], enum fault fault, const struct uuid *record,
    int64_t rev)
{
	char id[UUID_TEXT_MAX];

	uuid_print(id, record);
	switch (fault) {
	case CHANGED:
		snprintf(why, ERR_MSG_MAX, tr("Revision %lld of the record %s "
		    "was changed."), (long long)rev, id);
		break;
	case MISSING:
		snprintf(why, ERR_MSG_MAX, tr("Revision %lld of the record %s "
		    "is missing."), (long long)rev, id);
		break;
	case MORE:
		snprintf(why, ERR_MSG_MAX, tr("Revision %lld of the record %s "
		    "was put there."), (long long)rev, id);
		break;
	}
}

/* Are the sums those of this entry?  Its rows follow those of the one before. */
static enum status
verify_entry(bool *good, int64_t *last, struct db *db, const char *note,
    struct err *err)
{
	char said[HEX_BYTES], hash[HEX_BYTES];
	int64_t from = 0, to = 0, there;
	struct buf sums;
	enum status s;

	*good = sscanf(note, "%" SCNd64 " %" SCNd64 " %64[0-9a-f]", &from, &to,
	    said) == 3 && from > 0 && (from == *last + 1 || *last < 0);
	if (!*good)
		return E_OK;
	there = to;
	buf_init(&sums, BUF_BATCH_MAX);
	s = read_sums(&sums, &there, db, from, err);
	hash_of(hash, &sums);
	*good = there == to && strcmp(hash, said) == 0;
	*last = to;
	buf_release(&sums);
	return s;
}

static enum status
verify_sums(bool *good, char why[ERR_MSG_MAX], struct db *db,
    struct err *err)
{
	int64_t last = -1, there = 0, purged = 0;
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_number(&purged, db, "SELECT coalesce(min(n), 1) > 1"
	    " FROM audit WHERE chain = zeroblob(16) AND branch = 0", err);

	if (!purged)
		last = 0;
	if (!s)
		s = db_prepare(&st, db, "SELECT n, entry FROM audit WHERE"
		    " chain = zeroblob(16) AND branch = 0 ORDER BY n", err);
	while (!s && *good) {
		struct audit_entry e = {0};
		size_t len = 0;
		const char *text;

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		text = db_blob(st, 1, &len);
		s = audit_parse(&e, text, len, err);
		if (!s && strcmp(e.what, audit_word(AUDIT_ENTERED)) == 0)
			s = verify_entry(good, &last, db, e.note, err);
		if (!s && !*good)
			snprintf(why, ERR_MSG_MAX, tr("The sums of what was "
			    "entered are not what entry %lld of the server's "
			    "trace says."), (long long)db_int(st, 0));
		audit_entry_release(&e);
	}
	db_finish(st);
	if (!s)
		s = db_number(&there, db, "SELECT coalesce(max(id), 0) FROM"
		    " entered", err);
	if (!s && *good && last >= 0 && there != last) {
		*good = false;
		snprintf(why, ERR_MSG_MAX, tr("The server's trace says nothing "
		    "of what was entered last."));
	}
	return s;
}

/* Each sum has its row, as it was, or belongs to a record that was erased.
 * *rows: how many have. */
static enum status
verify_rows(bool *good, int64_t *rows, char why[ERR_MSG_MAX], struct db *db,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT" ROW_OF_H ", e.sum,"
	    " e.record, e.rev, EXISTS(SELECT 1 FROM erased x WHERE x.record ="
	    " e.record) FROM entered e LEFT JOIN history h ON h.record ="
	    " e.record AND h.rev = e.rev ORDER BY e.id", err);

	while (!s && *good) {
		struct history_row h;
		uint8_t sum[SUM_BYTES];
		struct uuid record;
		const void *was;
		size_t len = 0;

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		db_uuid(&record, st, 15);
		if (db_is_null(st, 0)) {
			*good = db_int(st, 17) != 0;
			if (!*good)
				say_record(why, MISSING, &record,
				    db_int(st, 16));
			continue;
		}
		++*rows;
		take_row(&h, st);
		sum_of(sum, &h.row);
		was = db_blob(st, 14, &len);
		*good = len == sizeof sum && memcmp(was, sum, len) == 0;
		if (!*good)
			say_record(why, CHANGED, &record, db_int(st, 16));
	}
	db_finish(st);
	return s;
}

/* A row more than there are sums. */
static enum status
find_more(char why[ERR_MSG_MAX], struct db *db, struct err *err)
{
	struct db_stmt *st = NULL;
	struct uuid record;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT record, rev FROM history h"
	    " WHERE (record, rev) NOT IN (SELECT record, rev FROM entered)"
	    " ORDER BY rowid LIMIT 1", err);

	if (!s)
		s = db_step(st, &row, err);
	if (!s && row) {
		db_uuid(&record, st, 0);
		say_record(why, MORE, &record, db_int(st, 1));
	}
	db_finish(st);
	return s;
}

enum status
entered_verify(bool *good, char why[ERR_MSG_MAX], struct db *db,
    struct err *err)
{
	int64_t rows = 0, there = 0;
	bool fine = true;
	enum status s = verify_sums(&fine, why, db, err);

	if (!s && fine)
		s = verify_rows(&fine, &rows, why, db, err);
	if (!s && fine)
		s = db_number(&there, db, "SELECT count(*) FROM history", err);
	if (!s && fine && there != rows) {
		fine = false;
		s = find_more(why, db, err);
	}
	*good = fine;
	return s;
}
