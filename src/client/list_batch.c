/*
 * Popups over marked rows.  What they are about is kept in the app, because a
 * lock may close the list meanwhile.
 */
#include "client/list_batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/aside_menu.h"
#include "client/batch.h"
#include "client/choice.h"
#include "client/exporter.h"
#include "client/marks.h"
#include "client/screen_form.h"
#include "client/screen_form_parts.h"
#include "client/sheet.h"
#include "client/show.h"
#include "core/scan.h"
#include "store/due.h"
#include "store/transfer.h"
#include "ui/prompt.h"

/* The batch that the next popup is about. */
static struct batch *
ask_about(struct app *app, const struct schema_register *reg,
	struct marks *marks, const struct uuid *selected)
{
	bool many = marks && marks->count > 0;
	struct batch *b = batch_new(reg, many ? marks->ids : selected,
		many ? marks->count : 1);

	b->marks = marks;
	batch_free(app->asked.batch);
	app->asked.batch = b;
	return b;
}

static struct batch *
take_asked(struct app *app)
{
	struct batch *b = app->asked.batch;

	app->asked.batch = NULL;
	return b;
}

static bool
is_too_many(struct app *app, const struct batch *b)
{
	if (b->count <= BATCH_MAX)
		return false;
	view_say(&app->stack, ROLE_WARN, tr("At most %d records are "
		"entered at once."), BATCH_MAX);
	return true;
}

/* ---- adding ---- */

/* One record has the usual form, which checks more while it is filled in. */
static void
push_form(struct app *app, struct batch *b, const struct values *preset)
{
	struct values values = {0};
	char id[UUID_TEXT_MAX];

	if (b->count > 1) {
		screen_form_push_batch(app, b, preset);
		return;
	}
	if (preset)
		values_copy(&values, preset);
	uuid_print(id, &b->ids[0]);
	values_set(&values, b->child->parent_field, id);
	screen_form_push_new(app, b->child, &values);
	values_release(&values);
	batch_free(b);
}

static void
add_chosen(void *self, struct view_stack *s, int value)
{
	struct app *app = self;
	struct batch *b;

	(void)s;
	if (value < 0 || !app->asked.batch)
		return;
	b = take_asked(app);
	b->child = &app->cli->schema->registers[value];
	push_form(app, b, NULL);
}

void
list_batch_add_child(struct app *app, const struct schema_register *reg,
	struct marks *marks, const struct uuid *selected,
	const struct schema_register *child, const struct values *preset)
{
	struct batch *b = ask_about(app, reg, marks, selected);

	if (is_too_many(app, b))
		return;
	b->child = child;
	push_form(app, take_asked(app), preset);
}

bool
list_batch_may_add(const struct app *app, const struct schema_register *reg)
{
	const struct schema *schema = app->cli->schema;
	const struct schema_register *kid = schema_child_next(schema, reg,
		NULL);

	while (kid && !show_may_write(app, kid))
		kid = schema_child_next(schema, reg, kid);
	return kid != NULL;
}

void
list_batch_add(struct app *app, const struct schema_register *reg,
	struct marks *marks, const struct uuid *selected)
{
	const struct schema *schema = app->cli->schema;
	const struct schema_register *kid = schema_child_next(schema, reg,
		NULL);
	struct batch *b = ask_about(app, reg, marks, selected);
	struct choice *c;
	struct buf title;

	if (is_too_many(app, b))
		return;
	buf_init(&title, BUF_LINE_MAX);
	buf_printf(&title, tr("Add for %zu records"), b->count);
	c = choice_new(title.data);
	for (; kid; kid = schema_child_next(schema, reg, kid))
		if (show_may_write(app, kid))
			choice_add(c, kid->key, label_text(&kid->title),
				(int)(kid - schema->registers));
	if (!choice_push(&app->stack, c, add_chosen, app))
		view_say(&app->stack, ROLE_WARN, "%s",
			tr("Nothing can be added here."));
	buf_release(&title);
}

/* ---- moves ---- */

static void
move_answered(void *self, struct view_stack *s, const char *text)
{
	struct app *app = self;
	struct batch *b = take_asked(app);

	(void)s;
	if (b && text)
		screen_form_batch_confirmed(app, b);
	batch_free(b);
}

static void
ask_plain(struct app *app, const struct batch *b)
{
	struct buf question;

	buf_init(&question, BUF_LINE_MAX);
	buf_printf(&question, tr("%s, for %zu records? (y and Enter)"),
		label_text(&b->move->label), b->count);
	prompt_push(&app->stack, PROMPT_YES, question.data, NULL,
		move_answered, app);
	buf_release(&question);
}

static void
move_chosen(void *self, struct view_stack *s, int value)
{
	struct app *app = self;
	struct batch *b = app->asked.batch;
	struct err err = ERR_INIT;

	if (value < 0 || !b)
		return;
	b->move = &b->reg->moves[value];
	if (b->count == 1) {
		screen_form_push_move(app, &b->ids[0], b->move);
		return;
	}
	if (batch_ask(b, app->cli->store, &err))
		view_complain(s, &err);
	else if (b->asked_count)
		screen_form_push_batch(app, take_asked(app), NULL);
	else
		ask_plain(app, b);
}

/* The rows of an approval are asked of the record itself. */
static bool
may_take(const struct app *app, const struct batch *b,
	const struct schema_move *m, const struct uuid *id)
{
	const struct rule_who who = { app_role(app), app_name(app) };
	const struct rule_world *world = store_world(app->cli->store);
	struct record r = {0};
	struct err err = ERR_INIT;
	bool may = true;

	if (m->approves == APPROVES_NOTHING && m->not_by_count == 0 &&
	    b->reg->name[0] != '@')
		return true;
	if (store_get(&r, app->cli->store, id, &err))
		return false;
	rule_derive(b->reg, &r, app->today, world);
	if (transfer_need_side(app->cli->store, &r, m->to, &err) ||
	    rule_may_move(b->reg, m, &r, &who, app->today, world, &err))
		may = false;
	record_release(&r);
	return may;
}

/* How many of them stand where the move begins, and may take it. */
static size_t
count_from(const struct app *app, const struct batch *b,
	const struct schema_move *m)
{
	size_t count = 0;

	if (m->role_count && !schema_role_in(m->roles, m->role_count,
	    app_role(app)))
		return 0;
	for (size_t i = 0; i < b->count; i++) {
		const struct overview *o = overview_find(app->cli->store,
			&b->ids[i]);

		count += o && !o->deleted && schema_role_in(m->from,
			m->from_count, o->state) &&
			may_take(app, b, m, &b->ids[i]);
	}
	return count;
}

void
list_batch_move(struct app *app, const struct schema_register *reg,
	struct marks *marks, const struct uuid *selected)
{
	struct batch *b = ask_about(app, reg, marks, selected);
	struct choice *c;
	struct buf words;

	if (is_too_many(app, b))
		return;
	buf_init(&words, BUF_LINE_MAX);
	buf_printf(&words, tr("Move on: %zu records"), b->count);
	c = choice_new(words.data);
	for (size_t i = 0; i < reg->move_count; i++) {
		const struct schema_move *m = &reg->moves[i];
		size_t count = count_from(app, b, m);

		/* a mistake is one record's, and so is its reason */
		if (!count || m == schema_receipt_move(reg) || m->back)
			continue;
		buf_clear(&words);
		buf_printf(&words, "%s -> ", label_text(&m->label));
		show_state(&words, reg, m->to);
		if (b->count > 1)
			buf_printf(&words, "  %zu/%zu", count, b->count);
		choice_add(c, 0, words.data, (int)i);
	}
	if (!choice_push(&app->stack, c, move_chosen, app))
		view_say(&app->stack, ROLE_WARN, "%s",
			tr("From this state your role has no further step."));
	buf_release(&words);
}

/* ---- export ---- */

static enum status
write_rows(const struct app *app, const struct batch *b, const char *path,
	struct err *err)
{
	struct exporter_how how = {0};
	struct io_file file = {0};
	struct buf out;
	enum status st;

	if (io_exists(path))
		return err_set(err, E_INVALID, tr("There is a file of that "
			"name already: %s"), path);
	buf_init(&out, SHEET_BYTES_MAX);
	st = exporter_chosen(&how, app->cli->store, b->reg, err);
	/* the trace tells of no file that there cannot be */
	if (!st)
		st = io_open(&file, path, err);
	if (!st)
		st = exporter_rows(&out, app->cli->store, b->reg, b->ids,
			b->count, &how, err);
	if (!st)
		st = io_commit(&file, out.data, out.len, err);
	io_give_up(&file);
	exporter_how_release(&how);
	buf_release(&out);
	return st;
}

static void
export_answered(void *self, struct view_stack *s, const char *text)
{
	struct app *app = self;
	struct batch *b = take_asked(app);
	struct err err = ERR_INIT;
	char *path = text && *text ? io_typed_path(text) : NULL;

	if (b && path && write_rows(app, b, path, &err))
		view_complain(s, &err);
	else if (b && path)
		view_say(s, ROLE_GOOD, tr("%zu rows are in %s; the trace says "
			"so."), b->count, path);
	free(path);
	batch_free(b);
}

void
list_batch_export(struct app *app, const struct schema_register *reg,
	struct marks *marks, const struct uuid *selected)
{
	struct batch *b = ask_about(app, reg, marks, selected);
	char day[DATE_TEXT_MAX];
	struct buf question, initial;

	date_print(day, app->today);
	buf_init(&initial, BUF_LINE_MAX);
	buf_text(&initial, "~/");
	scan_name(&initial, label_text(&reg->title));
	buf_printf(&initial, "-%s.csv", day);
	buf_init(&question, BUF_LINE_MAX);
	buf_printf(&question, tr("Write %zu rows to the file:"), b->count);
	prompt_push(&app->stack, PROMPT_TEXT, question.data, initial.data,
		export_answered, app);
	buf_release(&question);
	buf_release(&initial);
}

/* ---- reminders ---- */

void
list_batch_aside(struct app *app, const struct schema_register *reg,
	struct marks *marks, const struct uuid *selected)
{
	size_t rows = marks->count ? marks->count : 1, count = 0;
	struct due_item *items = NULL;

	(void)reg;
	for (size_t i = 0; i < rows; i++) {
		struct due_list due = {0};

		due_of_record(&due, app->cli->store, marks->count ?
			&marks->ids[i] : selected, app->today);
		items = mem_resize(items, count + due.count + 1,
			sizeof *items);
		if (due.count)
			memcpy(items + count, due.items,
				due.count * sizeof *items);
		count += due.count;
		due_release(&due);
	}
	if (count)
		aside_menu_push(app, items, count);
	else
		view_say(&app->stack, ROLE_WARN, "%s",
			tr("Nothing is due here."));
	free(items);
}
