/*
 * Quarantine: what was refused, for somebody of the county to look at.
 */
#include "server/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "core/value.h"
#include "db/db.h"
#include "server/command_desk.h"
#include "server/command_print.h"
#include "server/command_schema.h"
#include "server/ledger_record.h"
#include "server/ledger_settle.h"

/* ---- the list ---- */

static struct json *
line_json(const char *line)
{
	struct json *op = NULL;
	struct err none = ERR_INIT;

	return json_parse(&op, line, strlen(line), BUF_RECORD_MAX, &none) ?
		NULL : op;
}

static void
put_settled(struct json *j, const char *how, const char *by,
    const char *reason, int64_t settled_at)
{
	char at[CLOCK_TEXT_MAX];

	if (!how[0])
		return;
	json_put_text(j, "how", how);
	json_put_text(j, "settled_by", by);
	if (reason[0])
		json_put_text(j, "reason", reason);
	clock_print(at, settled_at);
	json_put_text(j, "settled_at", at);
}

static struct json *
aside_json(const struct done_aside *q)
{
	struct json *j = json_object(), *op = line_json(q->line);
	char id[UUID_TEXT_MAX], at[CLOCK_TEXT_MAX];

	json_put_text(j, "entry", q->id);
	uuid_print(id, &q->device);
	json_put_text(j, "device", id);
	json_put_int(j, "epoch", q->epoch);
	json_put_int(j, "n", q->n);
	json_put_text(j, "verdict", q->verdict);
	json_put_text(j, "why", q->why);
	clock_print(at, q->at);
	json_put_text(j, "at", at);
	put_settled(j, q->how, q->by, q->reason, q->settled_at);
	if (op)
		json_put(j, "op", op);
	else
		json_put_text(j, "line", q->line);
	return j;
}

static const char *
how_words(const char *how)
{
	return !how[0] ? "" : strcmp(how, "taken") == 0 ? tr("taken in") :
		tr("dismissed");
}

/* Who entered it, where, and why it was not taken; what it says is for show: a
 * list is read over somebody's shoulder. */
static void
print_aside(const struct done_aside *q)
{
	struct json *op = line_json(q->line);
	const char *by = op ? json_get_text(op, "by") : NULL;
	const char *reg = op ? json_get_text(op, "k") : NULL;
	char at[CLOCK_TEXT_MAX];

	command_print_cell(q->id, 14);
	clock_print(at, q->at);
	printf("%.10s  ", at);
	command_print_cell(q->verdict, 9);
	command_print_cell(by ? by : "?", 12);
	command_print_cell(reg ? reg : "?", 22);
	if (q->how[0])
		command_print_cell(how_words(q->how), 10);
	command_print_cell(q->why, 0);
	putchar('\n');
	json_free(op);
}

static enum status
show_aside(void *self, const struct done_aside *q, struct err *err)
{
	const struct command_args *a = self;

	(void)err;
	if (q->how[0] && !a->all)
		return E_OK;
	if (a->json)
		command_print_json(aside_json(q));
	else
		print_aside(q);
	return E_OK;
}

enum status
command_quarantine_list(const struct command_args *a, struct err *err)
{
	struct command_args args = *a;
	struct command_desk d = { .args = a };
	enum status s = command_desk_look(&d, err);

	if (!s)
		s = done_each_aside(d.db, show_aside, &args, err);
	return command_desk_close(&d, s, err);
}

/* ---- one of them ---- */

static void
print_line(const char *label, const char *text)
{
	struct buf safe;

	if (!text[0])
		return;
	buf_init(&safe, BUF_LINE_MAX);
	utf8_safe(&safe, text);
	command_print_cell(label, 16);
	puts(safe.data);
	buf_release(&safe);
}

static void
print_when(const char *label, int64_t when)
{
	char at[CLOCK_TEXT_MAX];

	clock_print(at, when);
	at[16] = '\0';
	at[10] = ' ';
	print_line(label, at);
}

static void
print_head(const struct settle_item *item, const struct schema_register *reg)
{
	char id[UUID_TEXT_MAX];

	print_line(tr("Entry"), item->id);
	if (item->readable) {
		uuid_print(id, &item->op.record);
		print_line(tr("Entered by"), item->op.by);
		print_when(tr("Entered"), item->op.at);
		print_line(tr("Office"), item->op.office);
		print_line(tr("Register"), reg ? label_text(&reg->title) :
		    item->op.reg);
		print_line(tr("Record"), id);
		print_line(tr("Kind"), op_kind_name(item->op.kind));
	}
	print_when(tr("Came"), item->at);
	print_line(tr("Verdict"), item->verdict);
	print_line(tr("Because"), item->why);
	print_line(tr("Settled"), how_words(item->how));
	print_line(tr("Settled by"), item->by);
	print_line(tr("Reason"), item->reason);
}

static void
add_value(struct buf *out, const struct schema_field *f, const char *text,
    const char *other)
{
	if (!text[0])
		buf_text(out, tr("(empty)"));
	else if (f && f->type != VT_REF)
		value_show_beside(out, f, text, other);
	else
		buf_text(out, text);
}

/* Before, after, and what stands there today if that is a third thing. */
static void
print_change(const struct op_change *c, const struct schema_register *reg,
    const struct record *now)
{
	const struct schema_field *f = reg ?
		schema_field_known(reg, c->field) : NULL;
	const char *today = now ? record_get(now, c->field) : c->before;
	struct buf text;

	buf_init(&text, BUF_RECORD_MAX);
	if (c->before[0]) {
		add_value(&text, f, c->before, c->after);
		buf_text(&text, " -> ");
	}
	add_value(&text, f, c->after, c->before);
	if (strcmp(today, c->before) != 0) {
		buf_printf(&text, "  (%s ", tr("today:"));
		add_value(&text, f, today, c->after);
		buf_char(&text, ')');
	}
	print_line(f ? label_text(&f->label) : c->field, text.data);
	buf_release(&text);
}

static void
print_item(const struct settle_item *item, const struct schema *schema,
    const struct record *now)
{
	const struct schema_register *reg = item->readable ?
		schema_register_find(schema, item->op.reg) : NULL;

	print_head(item, reg);
	putchar('\n');
	if (!item->readable)
		puts(tr("What was entered is not here, or cannot be read; it "
		    "can only be dismissed."));
	for (size_t i = 0; i < item->op.change_count; i++)
		print_change(&item->op.changes[i], reg, now);
}

static void
print_item_json(const struct settle_item *item, const struct record *now)
{
	struct done_aside q = { .device = item->device,
		.epoch = item->epoch, .n = item->n, .at = item->at,
		.verdict = item->verdict, .why = item->why,
		.line = item->line, .hash = item->hash, .how = item->how,
		.by = item->by, .reason = item->reason,
		.settled_at = item->settled_at };
	struct json *j;

	memcpy(q.id, item->id, sizeof q.id);
	j = aside_json(&q);
	if (now)
		json_put(j, "today", record_to_json(now));
	command_print_json(j);
}

/* The record as it is today; *found: there is one. */
static enum status
find_now(struct record *out, bool *found, struct db *db,
    const struct settle_item *item, struct err *err)
{
	struct err none = ERR_INIT;
	enum status s;

	if (!item->readable)
		return E_OK;
	s = ledger_record_get(out, db, &item->op.record, &none);
	*found = !s;
	if (s && s != E_NOTFOUND)
		*err = none;
	return s == E_NOTFOUND ? E_OK : s;
}

enum status
command_quarantine_show(const struct command_args *a, struct err *err)
{
	struct command_files files = {0};
	struct schema *schema = NULL;
	struct settle_item item = {0};
	struct record now = {0};
	struct command_desk d = { .args = a };
	bool found = false;
	enum status s = command_schema(&schema, &files, a, err);

	if (!s)
		s = command_desk_look(&d, err);
	if (!s)
		s = settle_find(&item, d.db, a->plain[0], err);
	if (!s)
		s = find_now(&now, &found, d.db, &item, err);
	s = command_desk_close(&d, s, err);
	if (!s && a->json)
		print_item_json(&item, found ? &now : NULL);
	else if (!s)
		print_item(&item, schema, found ? &now : NULL);
	record_release(&now);
	settle_item_release(&item);
	schema_free(schema);
	command_files_release(&files);
	return s;
}

/* ---- settling one ---- */

static enum status
settle_one(struct judgement *out, const struct command_args *a,
    const struct schema *schema, struct err *err)
{
	struct settle_item item = {0};
	struct command_desk d = { .args = a };
	enum status s = command_desk_change(&d, err);

	if (!s)
		s = settle_find(&item, d.db, a->plain[0], err);
	if (!s)
		s = schema ? settle_take(out, d.db, schema, &item, a->by, err) :
		    settle_dismiss(d.db, &item, a->by, a->why, err);
	s = command_desk_close(&d, s, err);
	settle_item_release(&item);
	return s;
}

enum status
command_quarantine_take(const struct command_args *a, struct err *err)
{
	struct command_files files = {0};
	struct schema *schema = NULL;
	struct judgement j = {0};
	enum status s = command_schema(&schema, &files, a, err);

	if (!s)
		s = settle_one(&j, a, schema, err);
	schema_free(schema);
	command_files_release(&files);
	if (s)
		return s;
	if (a->json) {
		struct json *out = json_object();

		json_put_text(out, "verdict", verdict_name(j.verdict));
		json_put_int(out, "rev", j.rev);
		command_print_json(out);
	} else if (j.verdict == VERDICT_CONFLICT) {
		puts(tr("Taken in; where others have entered something else "
		    "since, the office is asked."));
	} else {
		puts(tr("Taken in."));
	}
	return E_OK;
}

enum status
command_quarantine_dismiss(const struct command_args *a, struct err *err)
{
	struct judgement j = {0};

	return settle_one(&j, a, NULL, err);
}
