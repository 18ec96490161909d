/*
 * Settling.  The row in settled is the lock: it and what was done are one
 * transaction.
 */
#include "server/ledger_settle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/ledger_number.h"

void
settle_item_release(struct settle_item *item)
{
	free(item->line);
	op_release(&item->op);
	*item = (struct settle_item){0};
}

/* ---- looking up ---- */

struct search {
	const char *id;
	struct settle_item item;
	bool found;
};

static void
read_op(struct settle_item *item)
{
	struct wire_hello *hello = mem_alloc(1, sizeof *hello);
	struct err none = ERR_INIT;
	bool is_op = false;

	item->readable = !wire_parse_request(&is_op, hello, &item->op,
	    item->line, strlen(item->line), &none) && is_op;
	free(hello);
}

static void
copy_aside(struct settle_item *item, const struct done_aside *q)
{
	item->device = q->device;
	item->epoch = q->epoch;
	item->n = q->n;
	item->at = q->at;
	item->settled_at = q->settled_at;
	snprintf(item->id, sizeof item->id, "%s", q->id);
	snprintf(item->hash, sizeof item->hash, "%s", q->hash);
	snprintf(item->verdict, sizeof item->verdict, "%s", q->verdict);
	snprintf(item->why, sizeof item->why, "%s", q->why);
	snprintf(item->how, sizeof item->how, "%s", q->how);
	snprintf(item->by, sizeof item->by, "%s", q->by);
	snprintf(item->reason, sizeof item->reason, "%s", q->reason);
	item->line = mem_strdup(q->line);
}

static enum status
compare(void *self, const struct done_aside *q, struct err *err)
{
	struct search *look = self;

	(void)err;
	if (look->found || strcmp(q->id, look->id) != 0)
		return E_OK;
	look->found = true;
	copy_aside(&look->item, q);
	return E_OK;
}

enum status
settle_find(struct settle_item *out, struct db *db, const char *id,
    struct err *err)
{
	struct search look = { .id = id };
	enum status s = done_each_aside(db, compare, &look, err);

	if (!s && !look.found)
		s = err_set(err, E_NOTFOUND, tr("There is no such entry; name "
		    "one as \"fengqiaod quarantine list\" prints it."));
	if (s) {
		settle_item_release(&look.item);
		return s;
	}
	read_op(&look.item);
	*out = look.item;
	return E_OK;
}

struct each {
	enum status (*show)(void *self, const struct settle_item *item,
		struct err *err);
	void *self;
};

static enum status
show_open(void *self, const struct done_aside *q, struct err *err)
{
	const struct each *each = self;
	struct settle_item item = {0};
	enum status s;

	if (q->how[0])
		return E_OK;
	copy_aside(&item, q);
	read_op(&item);
	s = each->show(each->self, &item, err);
	settle_item_release(&item);
	return s;
}

enum status
settle_each_open(struct db *db, enum status (*show)(void *self,
    const struct settle_item *item, struct err *err), void *self,
    struct err *err)
{
	struct each each = { show, self };

	return done_each_aside(db, show_open, &each, err);
}

/* ---- settling ---- */

enum status
settle_reaches(bool *out, struct db *db, const struct settle_item *item,
    const struct account *a, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s;

	if (a->county == OFFICE_SPAN_ALL) {
		*out = true;
		return E_OK;
	}
	s = db_prepare(&st, db, "SELECT office FROM device WHERE id = ?", err);
	if (s)
		return s;
	db_bind_uuid(st, 1, &item->device);
	s = db_step(st, &row, err);
	if (!s)
		*out = row && office_reaches(a->office, a->county,
		    db_text(st, 0, NULL)) && (!item->readable ||
		    office_reaches(a->office, a->county, item->op.office));
	db_finish(st);
	return s;
}

static enum status
need_open(struct db *db, const struct settle_item *item, const char *who,
    struct err *err)
{
	struct account a = {0};
	bool theirs = false;
	enum status s;

	if (item->how[0])
		return err_set(err, E_CONFLICT,
		    tr("%s has settled this entry already."), item->by);
	s = account_get(&a, db, who, err);
	if (!s)
		s = settle_reaches(&theirs, db, item, &a, err);
	if (!s && (!a.county || a.disabled || !theirs))
		s = err_set(err, E_AUTH,
		    tr("Only a person of the county settles what was refused."));
	return s;
}

static enum status
note(struct db *db, const struct settle_item *item, const char *how,
    const char *who, const char *why, struct err *err)
{
	struct db_stmt *st = NULL;
	enum status s = db_prepare(&st, db, "INSERT INTO settled(i, device,"
	    " epoch, n, hash, how, login, why, at) SELECT"
	    " coalesce(max(i), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ? FROM settled",
	    err);

	if (s)
		return s;
	db_bind_uuid(st, 1, &item->device);
	db_bind_int(st, 2, item->epoch);
	db_bind_int(st, 3, item->n);
	db_bind_text(st, 4, item->hash);
	db_bind_text(st, 5, how);
	db_bind_text(st, 6, who);
	db_bind_text(st, 7, why);
	db_bind_int(st, 8, clock_now_at());
	s = db_run(st, err);
	db_finish(st);
	return s;
}

/* As the county: it may touch every office's record, sealed ones too. */
static enum status
judge_anew(struct judgement *out, struct db *db, const struct schema *schema,
    const struct settle_item *item, const char *who, struct err *err)
{
	struct ledger_peer peer = { .device = item->device, .county = OFFICE_SPAN_ALL,
		.sealed = true, .sees_sealed = true, .epoch = item->epoch };
	struct stream_touched touched = {0};
	struct account author = {0};
	const struct judge j = { .db = db, .schema = schema, .peer = &peer,
		.today = clock_today(), .touched = &touched,
		.author = &author, .taken_by = who };
	struct op op = item->op;	/* lent */
	enum status s;

	op.epoch = item->epoch;
	memcpy(peer.office, op.office, sizeof peer.office);
	s = judge_op(out, &j, &op, err);
	if (!s && verdict_is_refusal(out->verdict))
		s = err_set(err, E_INVALID, "%s", out->why);
	if (!s)
		s = number_catch_up(&j, peer.office, err);
	if (!s)
		s = stream_publish(db, &touched, err);
	stream_touched_release(&touched);
	return s;
}

enum status
settle_take(struct judgement *out, struct db *db, const struct schema *schema,
    const struct settle_item *item, const char *who, struct err *err)
{
	enum status s = need_open(db, item, who, err);

	if (!s && !item->readable)
		s = err_set(err, E_INVALID, tr("What was entered is not here, "
		    "or cannot be read; it can only be dismissed."));
	if (!s)
		s = judge_anew(out, db, schema, item, who, err);
	return s ? s : note(db, item, "taken", who, "", err);
}

enum status
settle_dismiss(struct db *db, const struct settle_item *item, const char *who,
    const char *why, struct err *err)
{
	size_t chars = utf8_chars(why, strlen(why));
	enum status s = need_open(db, item, who, err);

	if (!s && why[strspn(why, " \t\n")] == '\0')
		s = err_set(err, E_INVALID,
		    tr("Dismissing an entry needs a reason."));
	if (!s && chars > SETTLE_WHY_CHARS)
		s = err_set(err, E_INVALID,
		    tr("A reason has at most %d characters, here are %d."),
		    SETTLE_WHY_CHARS, (int)chars);
	return s ? s : note(db, item, "dismissed", who, why, err);
}

/* ---- telling ---- */

static void
read_settled(struct wire_settled *out, struct db_stmt *st)
{
	char when[CLOCK_TEXT_MAX];

	*out = (struct wire_settled){ .i = db_int(st, 0),
		.epoch = db_int(st, 1), .n = db_int(st, 2),
		.taken = strcmp(db_text(st, 3, NULL), "taken") == 0 };
	clock_print(when, db_int(st, 6));
	when[10] = '\0';
	if (out->taken)
		snprintf(out->why, sizeof out->why, tr("%s of the county has "
		    "taken in what you entered, on %s."),
		    db_text(st, 4, NULL), when);
	else
		snprintf(out->why, sizeof out->why, tr("%s of the county has "
		    "looked at it on %s and does not take it: %s"),
		    db_text(st, 4, NULL), when, db_text(st, 5, NULL));
}

enum status
settle_tell(struct wire_line *end, struct db *db, const struct uuid *device,
    int64_t after, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT s.i, s.epoch, s.n, s.how,"
	    " coalesce(a.name, s.login), s.why, s.at FROM settled s"
	    " LEFT JOIN account a ON a.login = s.login WHERE s.device = ?"
	    " AND s.i > ? AND s.n > 0 ORDER BY s.i", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, device);
	db_bind_int(st, 2, after);
	while (end->settled_count < WIRE_SETTLED_MAX) {
		s = db_step(st, &row, err);
		if (s || !row)
			break;
		if (!end->settled)
			end->settled = mem_alloc(WIRE_SETTLED_MAX,
			    sizeof *end->settled);
		read_settled(&end->settled[end->settled_count++], st);
	}
	db_finish(st);
	return s;
}
