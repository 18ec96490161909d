/*
 * The trace (痕迹) of a record as far as it was made in this cache.
 */
#include "client/record_trail.h"

#include <string.h>

#include "base/tr.h"
#include "client/app.h"
#include "client/show.h"
#include "ui/helpview.h"

static const char *
kind_words(enum op_kind kind)
{
	switch (kind) {
	case OP_NEW:
		return tr("entered");
	case OP_SET:
		return tr("changed");
	case OP_MOVE:
		return tr("moved on");
	case OP_DEL:
		return tr("withdrew");
	case OP_RESOLVE:
		return tr("settled");
	}
	return "";
}

static void
entry_state(struct buf *out, const struct outbox_entry *e)
{
	if (!e->decided)
		buf_text(out, tr("saved here, not sent yet"));
	else if (e->why[0])
		buf_printf(out, tr("refused: %s"), e->why);
	else
		buf_text(out, tr("delivered"));
}

static void
value_words(struct buf *out, const struct app *app,
	const struct schema_register *reg, const char *field, const char *text,
	const char *none)
{
	if (*text)
		show_named(out, app, reg, field, text);
	else
		buf_text(out, none);
}

void
record_trail_changes(struct buf *out, const struct app *app,
	const struct op *op)
{
	const struct schema_register *reg = schema_register_find(
		app->cli->schema, op->reg);

	for (size_t i = 0; i < op->change_count; i++) {
		const struct op_change *c = &op->changes[i];
		const struct schema_field *f = reg ? schema_field_find(reg,
			c->field) : NULL;

		buf_printf(out, "    %s: ", show_label(reg, c->field));
		if (f && f->restricted && !show_may_see(app, reg)) {
			buf_text(out, "***\n");
			continue;
		}
		if (strcmp(c->before, c->after) == 0) {
			value_words(out, app, reg, c->field, c->after,
				tr("(empty)"));
			buf_printf(out, "  %s\n", tr("(stays)"));
			continue;
		}
		/* an answer is a choice between two, also when one is none */
		if (c->before[0] || op->kind == OP_RESOLVE) {
			value_words(out, app, reg, c->field, c->before,
				tr("(empty)"));
			buf_text(out, " -> ");
		}
		value_words(out, app, reg, c->field, c->after,
			tr("(emptied)"));
		buf_char(out, '\n');
	}
}

void
record_trail_push(struct app *app, const struct schema_register *reg,
	const struct uuid *id)
{
	struct outbox_list list = {0};
	struct err err = ERR_INIT;
	struct buf text, title;

	if (outbox_list(&list, app->cli->store, OUTBOX_OF_RECORD, id, &err)) {
		view_complain(&app->stack, &err);
		return;
	}
	buf_init(&text, BUF_RECORD_MAX);
	buf_init(&title, BUF_LINE_MAX);
	for (size_t i = list.count; i-- > 0;) {
		const struct outbox_entry *e = &list.items[i];

		show_time(&text, e->op.at);
		buf_printf(&text, "  %s %s  (", show_who(app, e->op.by),
			kind_words(e->op.kind));
		entry_state(&text, e);
		buf_text(&text, ")\n");
		record_trail_changes(&text, app, &e->op);
		buf_char(&text, '\n');
	}
	if (list.count == 0)
		buf_text(&text, tr("Nothing was entered on this computer."));
	buf_printf(&title, tr("Trail: %s "), label_text(&reg->title));
	show_called(&title, app, id);
	view_push(&app->stack, helpview_new(title.data, text.data));
	buf_release(&text);
	buf_release(&title);
	outbox_list_release(&list);
}
