/*
 * The trace over the line.
 */
#include "server/api_audit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/role.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/api_record.h"
#include "server/ledger_audit.h"

enum {
	WHO_MAX = 300,			/* entries in one answer */
	BLOB_SCANS_MAX = 20,		/* attachments with the same bytes */
	REFUSALS_SLOTS = 64,
	REFUSALS_A_MINUTE = 30,		/* of one device */
};

/* ---- entries of a device ---- */

static bool
read_head(uint8_t before[AUDIT_HASH], bool *oldest, const char *line,
    size_t len)
{
	struct err bad = ERR_INIT;
	struct json *j = NULL;
	const char *hash;
	bool good;

	if (json_parse(&j, line, len, AUDIT_LINE_MAX, &bad))
		return false;
	hash = json_get_text(j, "before");
	good = hash && crypto_unhex(before, AUDIT_HASH, hash);
	*oldest = json_is_true(json_get(j, "oldest"));
	json_free(j);
	return good;
}

static void
reply_acked(struct visit *v, int64_t acked)
{
	struct json *j = json_object();

	if (acked < 0)
		json_put_bool(j, "need", true);
	else
		json_put_int(j, "acked", acked);
	visit_json(v, j);
}

static enum status
take(struct visit *v, const struct buf *text, struct err *err)
{
	size_t head = strcspn(text->data, "\n");
	uint8_t before[AUDIT_HASH];
	struct err none = ERR_INIT;
	struct db *db = NULL;
	bool oldest = false;
	int64_t acked = 0;
	enum status s;

	if (head + 1 >= text->len ||
	    !read_head(before, &oldest, text->data, head)) {
		v->answer = ANSWER_BAD_REQUEST;
		return E_OK;
	}
	s = ledger_begin(&db, v->ledger, err);
	if (s)
		return s;
	s = ledger_audit_take(&acked, db, &v->device.id, before, oldest,
	    text->data + head + 1, text->len - head - 1, &none);
	s = ledger_end(v->ledger, s, &none);
	if (s == E_INVALID) {
		v->answer = ANSWER_BAD_REQUEST;
		memcpy(v->why, none.msg, sizeof v->why);
		v->sentence = v->why;
		return E_OK;
	}
	if (s)
		*err = none;
	else
		reply_acked(v, acked);
	return s;
}

enum status
api_audit_take(struct visit *v, struct err *err)
{
	struct buf text;
	enum status s = visit_find(v, false, err);

	if (!s && visit_is_dismissed(v))
		v->answer = ANSWER_OK;
	if (s || v->answer)
		return s;
	buf_init(&text, BUF_BATCH_MAX);
	if (!visit_body(&text, v))
		s = take(v, &text, err);
	buf_release(&text);
	return s;
}

/* ---- who saw it ---- */

struct who {
	struct visit *v;
	struct db *db;
	struct json **items;		/* owned, the oldest first */
	size_t count;
};

/* The office where it was done: that of the device, or of the account. */
static enum status
is_of_office(bool *out, char name[LEDGER_NAME_MAX], struct who *w,
    const struct ledger_audit_row *row, struct err *err)
{
	struct db_stmt *st = NULL;
	bool any = false;
	enum status s = db_prepare(&st, w->db, "SELECT coalesce((SELECT office"
	    " FROM device WHERE id = ?1), (SELECT office FROM account WHERE"
	    " login = ?2), ''), coalesce((SELECT name FROM account WHERE"
	    " login = ?2), '')", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &row->place.chain);
	db_bind_text(st, 2, row->entry.by);
	s = db_step(st, &any, err);
	if (!s && any) {
		*out = office_reaches(w->v->account.office,
		    w->v->account.county, db_text(st, 0, NULL));
		snprintf(name, LEDGER_NAME_MAX, "%s", db_text(st, 1, NULL));
	}
	db_finish(st);
	return s;
}

static enum status
add_row(void *self, const struct ledger_audit_row *row, struct err *err)
{
	struct who *w = self;
	const struct audit_entry *e = &row->entry;
	char name[LEDGER_NAME_MAX] = "";
	bool own = false;
	struct json *j;
	enum status s = is_of_office(&own, name, w, row, err);

	if (s || !own)
		return s;
	j = json_object();
	json_put_int(j, "at", e->at);
	json_put_text(j, "by", e->by);
	json_put_text(j, "name", name);
	json_put_text(j, "what", e->what);
	json_put_text(j, "k", e->reg);
	json_put_int(j, "count", e->count);
	json_put_bool(j, "whole", e->whole);
	json_put_text(j, "note", e->note);
	w->items = mem_grow(w->items, w->count, sizeof *w->items);
	w->items[w->count++] = j;
	return E_OK;
}

static void
reply_who(struct visit *v, struct who *w)
{
	struct json *j = json_object(), *all = json_array();
	size_t first = w->count > WHO_MAX ? w->count - WHO_MAX : 0;

	for (size_t i = w->count; i > first; i--) {
		json_push(all, w->items[i - 1]);
		w->items[i - 1] = NULL;
	}
	json_put(j, "entries", all);
	json_put_bool(j, "more", first > 0);
	visit_json(v, j);
	visit_pack(v, false);
}

/* The trace of the whole county, without the records: then whether there is
 * such a record is not looked at, and is not told. */
static bool
reads_all(const struct visit *v)
{
	return v->account.county && role_may(v->account.role, ROLE_TRACE);
}

static bool
may_ask(const struct visit *v)
{
	const struct account *a = &v->account;

	return strcmp(a->role, "chief") == 0 || reads_all(v) || (a->county &&
	    !role_is_apart(a->role)) || strcmp(a->role, "auditor") == 0;
}

/* Whoever asks must be one who may read the record itself. */
static enum status
find_readable(char reg_name[RECORD_NAME_MAX], struct visit *v,
    const struct uuid *id, struct err *err)
{
	const struct schema_register *reg = NULL;
	struct record r = {0};
	struct db *db = NULL;
	enum status s = ledger_begin_read(&db, v->ledger, err);

	if (s)
		return s;
	s = api_record_find(&r, &reg, v, db, id, err);
	ledger_end_read(v->ledger);
	snprintf(reg_name, RECORD_NAME_MAX, "%s", r.reg);
	record_release(&r);
	return s;
}

enum status
api_audit_who(struct visit *v, struct err *err)
{
	struct who w = { .v = v };
	char reg[RECORD_NAME_MAX] = "";
	struct uuid id;
	enum status s = visit_find(v, true, err);

	if (s || v->answer)
		return s;
	/* decided before anything is looked for, so the same for every id */
	if (!may_ask(v)) {
		v->answer = ANSWER_NOT_TO_ASK;
		return E_OK;
	}
	if (!uuid_parse(&id, v->request->argument[HTTP_RECORD])) {
		v->answer = ANSWER_BAD_REQUEST;
		return E_OK;
	}
	if (!reads_all(v))
		s = find_readable(reg, v, &id, err);
	if (s || v->answer)
		return s;
	s = api_audit_note(v, AUDIT_READ, reg, &id, NULL, err);
	if (!s)
		s = ledger_begin_read(&w.db, v->ledger, err);
	if (s)
		return s;
	s = ledger_audit_who(w.db, &id, add_row, &w, err);
	ledger_end_read(v->ledger);
	if (!s)
		reply_who(v, &w);
	for (size_t i = 0; i < w.count; i++)
		json_free(w.items[i]);
	free(w.items);
	return s;
}

/* ---- notes of other calls ---- */

enum status
api_audit_note(const struct visit *v, enum audit_what what, const char *reg,
    const struct uuid *id, const char *note, struct err *err)
{
	return ledger_audit_alone(v->ledger, &(struct ledger_audit_note){
		.what = what, .by = v->account.login, .reg = reg, .ids = id,
		.id_count = id ? 1 : 0, .device = &v->device.id,
		.note = note }, err);
}

enum status
api_audit_blob(const struct visit *v, const char *hash, struct err *err)
{
	struct uuid ids[BLOB_SCANS_MAX];
	struct db_stmt *st = NULL;
	struct db *db = NULL;
	size_t count = 0;
	bool row = false;
	enum status s = ledger_begin(&db, v->ledger, err);

	if (s)
		return s;
	s = db_prepare(&st, db, "SELECT record FROM scan WHERE hash = ?",
	    err);
	if (!s)
		db_bind_text(st, 1, hash);
	while (!s && count < BLOB_SCANS_MAX) {

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		count += db_uuid(&ids[count], st, 0);
	}
	db_finish(st);
	if (!s)
		s = ledger_audit_put(db, &(struct ledger_audit_note){
			.what = AUDIT_BLOB, .by = v->account.login,
			.ids = ids, .id_count = count,
			.device = &v->device.id }, err);
	return ledger_end(v->ledger, s, err);
}

struct refusals {
	pthread_mutex_t lock;
	struct {
		struct uuid device;
		int64_t minute_ms;
		int count;
	} slots[REFUSALS_SLOTS];
};

struct refusals *
refusals_new(void)
{
	struct refusals *r = mem_alloc(1, sizeof *r);

	pthread_mutex_init(&r->lock, NULL);
	return r;
}

void
refusals_free(struct refusals *r)
{
	if (!r)
		return;
	pthread_mutex_destroy(&r->lock);
	free(r);
}

/* Whoever asks and asks must not fill the disk with it. */
static bool
is_worth_noting(struct refusals *r, const struct uuid *device)
{
	size_t i = device->b[sizeof device->b - 1] % REFUSALS_SLOTS;
	int64_t now = clock_mono_ms();
	bool worth;

	pthread_mutex_lock(&r->lock);
	if (uuid_compare(&r->slots[i].device, device) != 0 ||
	    now - r->slots[i].minute_ms > 60000) {
		r->slots[i].device = *device;
		r->slots[i].minute_ms = now;
		r->slots[i].count = 0;
	}
	worth = r->slots[i].count++ < REFUSALS_A_MINUTE;
	pthread_mutex_unlock(&r->lock);
	return worth;
}

void
refusals_note(struct refusals *r, const struct visit *v)
{
	struct err unwritten = ERR_INIT;
	char note[AUDIT_NOTE_MAX];
	bool refused = v->answer == ANSWER_NO_RECORD ||
	    v->answer == ANSWER_NOT_TO_ASK || v->answer == ANSWER_NO_BLOB ||
	    (v->answer >= ANSWER_NOT_TO_MANAGE &&
	    v->answer <= ANSWER_NO_OFFICE);

	if (!refused || uuid_is_zero(&v->device.id) ||
	    !is_worth_noting(r, &v->device.id))
		return;
	snprintf(note, sizeof note, "%s %.100s", answer_word(v->answer),
	    v->request->path);
	if (api_audit_note(v, AUDIT_REFUSED, NULL, NULL, note, &unwritten))
		unwritten = (struct err)ERR_INIT;
}
