/*
 * A record's page.  It holds a copy of the record; when the store's generation
 * moves the copy is read again and the marker stays on its line.
 */
#include "client/screen_record.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/made.h"
#include "client/record_keys.h"
#include "client/record_lines.h"
#include "client/record_menu.h"
#include "client/record_page.h"
#include "client/scan_menu.h"
#include "client/screen_conflict.h"
#include "client/screen_dossier.h"
#include "client/screen_form.h"
#include "client/screen_month.h"
#include "client/screen_trail.h"
#include "client/show.h"
#include "core/role.h"
#include "store/audit.h"
#include "store/overview.h"
#include "store/transfer.h"

struct screen_record {
	struct view view;		/* first */
	struct app *app;
	struct uuid id;
	const struct schema_register *reg;
	struct record record;
	struct record_lines lines;
	size_t row, top, height;
	bool moves, adds;		/* m and a have something to offer */
};

static struct screen_record *
of(const struct view *v)
{
	return (struct screen_record *)(uintptr_t)v;
}

/* ---- reading ---- */

static void settle(struct screen_record *w, int by);

/* Where the marker was before the lines were built anew: the same field or
 * the same record. */
static void
find_line(struct screen_record *w, const char *field,
	const struct uuid *target)
{
	for (size_t i = 0; i < w->lines.count; i++) {
		const struct record_line *line = &w->lines.items[i];

		if (field ? line->field == field : !line->field &&
		    !uuid_is_zero(target) &&
		    uuid_compare(&line->target, target) == 0) {
			w->row = i;
			return;
		}
	}
	if (w->row >= w->lines.count)
		w->row = w->lines.count ? w->lines.count - 1 : 0;
	settle(w, 1);
	settle(w, -1);
}

static enum status
load(struct screen_record *w, struct err *err)
{
	struct record r = {0};
	enum status s = store_get(&r, w->app->cli->store, &w->id, err);
	const struct record_line *now = w->row < w->lines.count
		? &w->lines.items[w->row] : NULL;
	const char *field = now ? now->field : NULL;
	struct uuid target = now ? now->target : (struct uuid){{0}};

	if (s)
		return s;
	record_release(&w->record);
	w->record = r;
	w->reg = schema_register_find(w->app->cli->schema, r.reg);
	if (w->reg) {
		record_page_lines(&w->lines, w->app, w->reg, &w->record);
		w->moves = record_menu_may_move(w->app, w->reg, &w->record);
		w->adds = record_menu_may_add(w->app, w->reg, &w->record);
	}
	find_line(w, field, &target);
	return E_OK;
}

/* What was entered below it from here is what the clerk looks at next. */
static void
find_entered(struct screen_record *w)
{
	struct uuid *id = &w->app->entered;

	for (size_t i = 0; i < w->lines.count && !uuid_is_zero(id); i++)
		if (uuid_compare(&w->lines.items[i].target, id) == 0) {
			w->row = i;
			*id = (struct uuid){{0}};
		}
}

static void
record_refresh(struct view *v, struct view_stack *s)
{
	struct err err = ERR_INIT;

	/* What is shown stays: it left the cache while it was looked at. */
	if (load(of(v), &err))
		view_say(s, ROLE_WARN, "%s", err.msg);
	find_entered(of(v));
}

/* ---- painting ---- */

static void
record_title(const struct view *v, struct buf *out)
{
	const struct screen_record *w = of(v);

	buf_printf(out, "%s%s", label_text(&w->reg->title), tr(": "));
	show_called(out, w->app, &w->id);
	if (w->record.deleted) {
		buf_printf(out, " [%s]", show_label(w->reg, "@deleted"));
	} else if (w->record.state[0]) {
		buf_text(out, " [");
		show_state(out, w->reg, w->record.state);
		buf_char(out, ']');
	}
}

/* The first line that is shown, so that the marked one is. */
static size_t
first_shown(const struct screen_record *w, size_t rows)
{
	size_t top = w->top;

	if (w->row < top)
		top = w->row;
	if (w->row >= top + rows)
		top = w->row - rows + 1;
	if (top + rows > w->lines.count)
		top = w->lines.count > rows ? w->lines.count - rows : 0;
	return top;
}

static void
record_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	struct screen_record *w = of(v);
	size_t rows = body->rows > 0 ? (size_t)body->rows : 1;

	w->height = rows;
	w->top = first_shown(w, rows);
	for (size_t i = w->top; i < w->lines.count && i < w->top + rows; i++)
		record_lines_paint(c, body->row + (int)(i - w->top),
			body->cols, &w->lines.items[i], i == w->row);
}

static enum canvas_role
record_message(const struct view *v, struct buf *out)
{
	const struct screen_record *w = of(v);
	const struct overview *o = overview_find(w->app->cli->store,
		&w->record.id);
	size_t rows = w->app->stack.rows, first = first_shown(w, rows);

	buf_text(out, "  ");
	if (w->record.updated_by[0]) {
		const char *by = show_who(w->app, w->record.updated_by);
		bool known = by != w->record.updated_by;

		buf_printf(out, known ? tr("Last changed by %s, ") :
			tr("Last changed by user %s, "), by);
		show_time(out, w->record.updated_at);
	}
	if (o)
		buf_printf(out, "   %s", show_truth(o->sync));
	/* painted before those lines are, so it is not the height of before */
	if (w->lines.count > rows)
		buf_printf(out, "   %zu-%zu/%zu", first + 1, first + rows,
			w->lines.count);
	return ROLE_DIM;
}

/* ---- moving the marker ---- */

static void
settle(struct screen_record *w, int by)
{
	size_t row = w->row;

	while (row < w->lines.count &&
	    !record_lines_can_stand(&w->lines.items[row])) {
		if (by < 0 && row == 0)
			return;
		row = by > 0 ? row + 1 : row - 1;
	}
	if (row < w->lines.count)
		w->row = row;
}

static void
step(struct screen_record *w, int by)
{
	size_t before = w->row, to;

	if (by < 0)
		to = w->row > (size_t)-by ? w->row - (size_t)-by : 0;
	else
		to = w->row + (size_t)by;
	if (to >= w->lines.count)
		to = w->lines.count ? w->lines.count - 1 : 0;
	w->row = to;
	settle(w, by);
	if (w->row < w->lines.count &&
	    !record_lines_can_stand(&w->lines.items[w->row]))
		w->row = before;
	/* headings above the first line come into sight with it */
	if (by < 0 && w->row <= before && w->row < 4)
		w->top = 0;
}

/* ---- what can be done ---- */

static enum status
need_write(const struct screen_record *w, struct err *err)
{
	if (show_may_write(w->app, w->reg))
		return E_OK;
	return err_set(err, E_AUTH, "%s", show_not_to_write(w->reg));
}

static enum status
need_edit(const struct screen_record *w, struct err *err)
{
	const struct schema_state *state = schema_state_find(w->reg,
		w->record.state);
	enum status s = need_write(w, err);

	if (s)
		return s;
	if (state && state->locked)
		return err_set(err, E_AUTH, tr("In the state '%s' a "
			"record is changed by its steps only."),
			label_text(&state->label));
	if (w->record.deleted)
		return err_set(err, E_AUTH, tr("It is withdrawn already."));
	if (w->reg->event && w->record.rev)
		return err_set(err, E_AUTH, tr("An event that was sent is not "
			"changed: withdraw it and enter it anew."));
	return transfer_need_settled(w->app->cli->store, &w->record, err);
}

static enum status
need_remove(const struct screen_record *w, struct err *err)
{
	enum status s = need_write(w, err);

	if (!s && w->record.deleted)
		s = err_set(err, E_AUTH, tr("It is withdrawn already."));
	return s ? s : transfer_need_settled(w->app->cli->store, &w->record,
		err);
}

/* false: it said why not. */
static bool
lets(struct screen_record *w, enum status (*need)(
	const struct screen_record *w, struct err *err))
{
	struct err err = ERR_INIT;

	if (!need(w, &err))
		return true;
	view_say(&w->app->stack, ROLE_WARN, "%s", err.msg);
	return false;
}

/* What the hint line offers: of the record, so that the line stays as it is
 * while the marker moves. */
static bool
record_may(const struct view *v, int action)
{
	const struct screen_record *w = of(v);
	struct err none = ERR_INIT;

	switch (action) {
	case RECORD_EDIT:
		return !need_edit(w, &none);
	case RECORD_MOVE:
		return w->moves;
	case RECORD_ADD:
		return w->adds;
	case RECORD_REMOVE:
		return !need_remove(w, &none);
	default:
		return true;
	}
}

static void
open_line(struct screen_record *w)
{
	const struct record_line *line;

	if (w->row >= w->lines.count)
		return;
	line = &w->lines.items[w->row];
	if (line->scan)
		scan_menu_open(w->app, &line->target);
	else if (!uuid_is_zero(&line->target))
		screen_record_push(w->app, &line->target);
	else if (line->field && lets(w, need_edit))
		screen_form_push_edit(w->app, &w->id, line->field);
}

static void
open_dossier(struct screen_record *w)
{
	if (w->reg->paper_count > 0)
		screen_dossier_push(w->app, &w->id);
	else
		view_say(&w->app->stack, ROLE_WARN, "%s",
			tr("No list of papers belongs to this register."));
}

/* Whose: the person's that the page names first, or its own. */
static void
unmask(struct screen_record *w)
{
	struct uuid id = w->id;
	struct err err = ERR_INIT;

	if (w->reg->person_field)
		(void)uuid_parse(&id, values_get(&w->record.values,
			w->reg->person_field));
	if (!w->lines.whole && audit_put(w->app->cli->store,
	    &(struct audit_note){ .what = AUDIT_UNMASK, .reg = w->reg->name,
	    .ids = &id, .id_count = 1, .whole = true }, &err)) {
		view_complain(&w->app->stack, &err);
		return;
	}
	w->lines.whole = !w->lines.whole;
	if (load(w, &err))
		view_complain(&w->app->stack, &err);
}

static enum view_answer
move_marker(struct screen_record *w, int action)
{
	int page = w->height > 2 ? (int)w->height - 1 : 1;

	switch (action) {
	case RECORD_DOWN:
		step(w, 1);
		break;
	case RECORD_UP:
		step(w, -1);
		break;
	case RECORD_PAGE_DOWN:
		w->top += (size_t)page;
		step(w, page);
		break;
	case RECORD_PAGE_UP:
		w->top -= (size_t)page < w->top ? (size_t)page : w->top;
		step(w, -page);
		break;
	case RECORD_START:
		w->row = w->top = 0;
		settle(w, 1);
		break;
	case RECORD_END:
		w->row = w->lines.count ? w->lines.count - 1 : 0;
		settle(w, -1);
		break;
	default:
		return VIEW_IGNORED;
	}
	w->top = first_shown(w, w->height);
	return VIEW_HANDLED;
}

static enum view_answer
record_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct screen_record *w = of(v);
	int action = keymap_find(record_keys(false, false, false), p->code);

	(void)s;
	switch (action) {
	case RECORD_OPEN:
		open_line(w);
		return VIEW_HANDLED;
	case RECORD_EDIT:
		if (lets(w, need_edit))
			screen_form_push_edit(w->app, &w->id, NULL);
		return VIEW_HANDLED;
	case RECORD_MOVE:
		record_menu_move(w->app, w->reg, &w->record);
		return VIEW_HANDLED;
	case RECORD_ADD:
		record_menu_add(w->app, w->reg, &w->record, false);
		return VIEW_HANDLED;
	case RECORD_MAKE:
		record_menu_make(w->app, w->reg, &w->record);
		return VIEW_HANDLED;
	case RECORD_MONTH:
		screen_month_one_push(w->app, w->reg, &w->id);
		return VIEW_HANDLED;
	case RECORD_WHO:
		screen_trail_push_who(w->app, w->reg, &w->id);
		return VIEW_HANDLED;
	case RECORD_UNMASK:
		unmask(w);
		return VIEW_HANDLED;
	case RECORD_CONFLICT:
		screen_conflict_push(w->app, &w->id);
		return VIEW_HANDLED;
	case RECORD_DOSSIER:
		open_dossier(w);
		return VIEW_HANDLED;
	case RECORD_TRAIL:
		screen_trail_push(w->app, w->reg, &w->id);
		return VIEW_HANDLED;
	case RECORD_REMOVE:
		if (lets(w, need_remove))
			record_menu_withdraw(w->app, &w->record);
		return VIEW_HANDLED;
	case RECORD_BACK:
		return VIEW_CLOSE;
	default:
		return move_marker(w, action);
	}
}

static const struct keymap *
record_keymap(const struct view *v)
{
	const struct screen_record *w = of(v);

	return record_keys(w->lines.asked, w->lines.proposed ||
		made_is_offered(w->app, w->reg, &w->record),
		w->reg->paper_count > 0);
}

static void
record_help(const struct view *v, struct buf *out)
{
	const struct schema_register *reg = of(v)->reg;

	if (reg->law)
		buf_printf(out, tr("Law: %s\n"), reg->law);
	for (size_t i = 0; i < reg->move_count; i++) {
		const struct schema_move *m = &reg->moves[i];

		for (size_t k = 0; k < m->from_count; k++) {
			buf_text(out, k ? ", " : "");
			show_state(out, reg, m->from[k]);
		}
		buf_printf(out, " -> ");
		show_state(out, reg, m->to);
		buf_printf(out, "%s%s", tr(": "), label_text(&m->label));
		for (size_t k = 0; k < m->role_count; k++)
			buf_printf(out, "%s%s", k ? ", " : "  (",
				role_words(m->roles[k]));
		buf_text(out, m->role_count ? ")\n" : "\n");
	}
}

static void
record_free(struct view *v)
{
	struct screen_record *w = of(v);

	record_release(&w->record);
	record_lines_release(&w->lines);
	free(w);
}

static const struct view_ops ops = {
	.title = record_title,
	.paint = record_paint,
	.press = record_press,
	.keymap = record_keymap,
	.may = record_may,
	.message = record_message,
	.refresh = record_refresh,
	.help = record_help,
	.free = record_free,
};

bool
screen_record_is(const struct view *v)
{
	return v->ops == &ops;
}

static struct screen_record *
push(struct app *app, const struct uuid *id)
{
	struct screen_record *w = mem_alloc(1, sizeof *w);
	struct err err = ERR_INIT;
	enum status s;

	w->view.ops = &ops;
	w->app = app;
	w->id = *id;
	w->height = 1;
	s = load(w, &err);
	if (!s && !w->reg)
		s = err_set(&err, E_INVALID, tr("This program does not know "
			"that register; it needs a newer version."));
	if (!s && !show_may_read(app, w->reg))
		s = err_set(&err, E_AUTH,
			tr("Your role may not read this register."));
	if (!s)
		s = audit_view(app->cli->store, id, &err);
	if (s) {
		record_free(&w->view);
		view_complain(&app->stack, &err);
		return NULL;
	}
	settle(w, 1);
	view_push(&app->stack, &w->view);
	return w;
}

void
screen_record_push(struct app *app, const struct uuid *id)
{
	(void)push(app, id);
}

void
screen_record_push_new(struct app *app, const struct uuid *id)
{
	struct screen_record *w = push(app, id);

	if (w && (schema_child_next(app->cli->schema, w->reg, NULL) ||
	    made_is_offered(app, w->reg, &w->record)))
		record_menu_add(app, w->reg, &w->record, true);
}
