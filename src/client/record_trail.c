/*
 * The trace (痕迹) of a record.  The server's is the whole of it; without a
 * line there is what was fetched last, and what was entered here.
 */
#include "client/record_trail.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/show.h"
#include "store/history.h"

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
	else if (e->verdict == VERDICT_MOVED)
		buf_text(out, e->why);
	else if (e->why[0])
		buf_printf(out, tr("refused: %s"), e->why);
	else
		buf_text(out, tr("delivered"));
}

static void
value_words(struct buf *out, const struct app *app,
	const struct schema_register *reg, const char *field, const char *text,
	const char *other, const char *none)
{
	if (*text)
		show_named(out, app, reg, field, text, other);
	else
		buf_text(out, none);
}

static void
change_words(struct buf *out, const struct app *app,
	const struct schema_register *reg, const struct op *op,
	const struct op_change *c)
{
	const struct schema_field *f = reg ? schema_field_known(reg,
		c->field) : NULL;

	buf_text(out, "    ");
	buf_printf(out, "%s%s", show_label(reg, c->field), tr(": "));
	if (f && f->restricted && !show_may_see(app, reg)) {
		buf_text(out, "***\n");
		return;
	}
	if (strcmp(c->before, c->after) == 0) {
		value_words(out, app, reg, c->field, c->after, "",
			tr("(empty)"));
		buf_printf(out, "  %s\n", tr("(stays)"));
		return;
	}
	/* an answer is a choice between two, also when one is none */
	if (c->before[0] || op->kind == OP_RESOLVE) {
		value_words(out, app, reg, c->field, c->before, c->after,
			tr("(empty)"));
		buf_text(out, " -> ");
	}
	value_words(out, app, reg, c->field, c->after, c->before,
		tr("(emptied)"));
	buf_char(out, '\n');
}

/* Where the form has it; the program's own fields, which no form has, first. */
static size_t
place_in_form(const struct schema_register *reg, const struct op_change *c)
{
	const struct schema_field *f = reg ? schema_field_known(reg,
		c->field) : NULL;

	return f ? (size_t)(f - reg->fields) + 1 : 0;
}

static bool
on_form(const struct schema_register *reg, const struct schema_field *f)
{
	for (size_t p = 0; p < reg->page_count; p++)
		for (size_t i = 0; i < reg->pages[p].count; i++)
			for (size_t k = 0; k < reg->pages[p].rows[i].count; k++)
				if (reg->pages[p].rows[i].fields[k] == f)
					return true;
	return false;
}

/* What the program worked out and no form shows: nobody entered it. */
static bool
is_own(const struct schema_register *reg, const struct op_change *c)
{
	const struct schema_field *f = reg ? schema_field_known(reg,
		c->field) : NULL;

	return f && f->readonly && f->derive != DERIVE_NO && !on_form(reg, f);
}

void
record_trail_changes(struct buf *out, const struct app *app,
	const struct op *op)
{
	const struct schema_register *reg = schema_register_find(
		app->cli->schema, op->reg);
	size_t places = reg ? reg->field_count + 1 : 1;

	for (size_t place = 0; place < places; place++)
		for (size_t i = 0; i < op->change_count; i++)
			if (place_in_form(reg, &op->changes[i]) == place &&
			    !is_own(reg, &op->changes[i]))
				change_words(out, app, reg, op,
					&op->changes[i]);
}

/* "2026-03-02 09:11": a trail goes over years. */
static void
when_words(struct buf *out, int64_t at)
{
	char text[CLOCK_TEXT_MAX];

	clock_print(text, at);
	buf_add(out, text, 10);
	buf_char(out, ' ');
	buf_add(out, text + 11, 5);
}

/* What the step is called, where the definition knows it. */
static void
step_words(struct buf *out, const struct app *app, const struct op *op)
{
	const struct schema_register *reg = schema_register_find(
		app->cli->schema, op->reg);
	const struct schema_move *m = NULL;

	for (size_t i = 0; reg && i < op->change_count && !m; i++)
		if (strcmp(op->changes[i].field, "@state") == 0)
			m = schema_move_find(reg, op->changes[i].before,
				op->changes[i].after);
	if (m)
		buf_printf(out, "%s%s", tr(": "), label_text(&m->label));
}

static void
entry_head(struct buf *out, const struct app *app, const struct op *op,
	const char *name)
{
	when_words(out, op->at);
	buf_printf(out, "  %s %s", show_who_said(app, op->by, name),
		kind_words(op->kind));
	if (op->kind == OP_MOVE)
		step_words(out, app, op);
}

/* Entries of this cache that the server's trail does not have: what waits,
 * what was refused, what was delivered after it was asked. */
static void
print_own(struct buf *out, const struct app *app,
	const struct outbox_list *list, const struct trail *known)
{
	int64_t rev = known->count ? known->items[known->count - 1].rev : 0;

	for (size_t i = list->count; i-- > 0;) {
		const struct outbox_entry *e = &list->items[i];

		if (known->count && e->decided && !e->why[0] && e->rev <= rev)
			continue;
		entry_head(out, app, &e->op, "");
		buf_text(out, "  (");
		entry_state(out, e);
		buf_text(out, ")\n");
		record_trail_changes(out, app, &e->op);
		buf_char(out, '\n');
	}
}

/* ---- what two people entered differently ---- */

/* What holds after it was settled: what the answer changed, else what stood. */
static const char *
taken(const struct trail *known, const struct trail_asked *a,
	const struct op_change *c)
{
	for (size_t i = 0; i < known->count; i++) {
		const struct op *op = &known->items[i].op;

		for (size_t k = 0; op->kind == OP_RESOLVE &&
		    op->at == a->settled_at && k < op->change_count; k++)
			if (strcmp(op->changes[k].field, c->field) == 0)
				return op->changes[k].after;
	}
	return c->before;
}

static void
asked_field(struct buf *out, const struct app *app,
	const struct schema_register *reg, const struct trail *known,
	const struct trail_asked *a, const struct op_change *c)
{
	const struct schema_field *f = reg ? schema_field_known(reg,
		c->field) : NULL;

	buf_printf(out, "    %s%s", show_label(reg, c->field), tr(": "));
	if (f && f->restricted && !show_may_see(app, reg)) {
		buf_text(out, "***\n");
		return;
	}
	value_words(out, app, reg, c->field, c->before, c->after,
		tr("(empty)"));
	buf_text(out, " | ");
	value_words(out, app, reg, c->field, c->after, c->before,
		tr("(empty)"));
	buf_printf(out, tr(" (entered by %s)"),
		show_who_said(app, a->op.by, a->name));
	if (a->settled_at) {
		buf_text(out, " -> ");
		value_words(out, app, reg, c->field, taken(known, a, c), "",
			tr("(empty)"));
	}
	buf_char(out, '\n');
}

static void
print_asked(struct buf *out, const struct app *app,
	const struct schema_register *reg, const struct trail *known,
	const struct trail_asked *a)
{
	when_words(out, a->settled_at ? a->settled_at : a->op.at);
	if (a->settled_at)
		buf_printf(out, tr("  %s settled what two people entered\n"),
			show_who_said(app, a->settled_by, a->settled_name));
	else
		buf_text(out, tr("  Entered differently by two people, not "
			"settled\n"));
	for (size_t i = 0; i < a->op.change_count; i++)
		asked_field(out, app, reg, known, a, &a->op.changes[i]);
	buf_char(out, '\n');
}

static int
earlier_first(const void *a, const void *b)
{
	const struct trail_asked *x = a, *y = b;
	int64_t first = x->settled_at ? x->settled_at : x->op.at;
	int64_t second = y->settled_at ? y->settled_at : y->op.at;

	return (first > second) - (first < second);
}

static void
print_known(struct buf *out, const struct app *app, struct trail *known,
	const struct uuid *id)
{
	const struct overview *o = overview_find(app->cli->store, id);
	size_t asked = known->asked_count;

	if (asked)
		qsort(known->asked, asked, sizeof *known->asked,
			earlier_first);
	for (size_t i = known->count; i-- > 0;) {
		struct op *op = &known->items[i].op;

		for (; asked && (known->asked[asked - 1].settled_at ?
		    known->asked[asked - 1].settled_at :
		    known->asked[asked - 1].op.at) >= op->at; asked--)
			print_asked(out, app, o ? o->reg : NULL, known,
				&known->asked[asked - 1]);
		if (o)
			memcpy(op->reg, o->reg_name, strlen(o->reg_name) + 1);
		entry_head(out, app, op, known->items[i].name);
		if (known->items[i].took[0])
			buf_printf(out, tr("  (refused, then taken in by %s "
				"of the county)"), known->items[i].took);
		buf_char(out, '\n');
		record_trail_changes(out, app, op);
		buf_char(out, '\n');
	}
	if (known->more)
		buf_printf(out, "%s\n", tr("Older entries are on the "
			"county's server."));
}

enum status
record_trail_print(struct buf *out, bool *from_server, const struct app *app,
	const struct uuid *id, struct err *err)
{
	struct outbox_list list = {0};
	struct trail known = {0};
	struct err none = ERR_INIT;
	int64_t at = 0;
	enum status s = outbox_list(&list, app->cli->store, OUTBOX_OF_RECORD,
		id, err);

	if (s)
		return s;
	s = history_get(&known, &at, app->cli->store, id, &none);
	*from_server = s == E_OK;
	if (!s) {
		buf_text(out, tr("From the county's server, as of "));
		when_words(out, at);
		buf_text(out, "\n\n");
	} else {
		buf_printf(out, "%s\n\n", tr("Only what was entered on this "
			"computer."));
	}
	print_own(out, app, &list, &known);
	print_known(out, app, &known, id);
	if (list.count + known.count == 0)
		buf_text(out, tr("Nothing was entered on this computer."));
	trail_release(&known);
	outbox_list_release(&list);
	return E_OK;
}
