/*
 * A record's page as lines of text.  Built from the definition alone; restricted
 * values are shown only to those who may write the register.
 */
#include "client/record_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/tr.h"
#include "client/due_words.h"
#include "client/handover.h"
#include "client/record_approval.h"
#include "client/record_related.h"
#include "client/show.h"
#include "core/overlay.h"
#include "core/rule.h"
#include "store/conflict.h"
#include "store/due.h"
#include "store/overview.h"

enum { TERM_SOON_DAYS = 30 };

static void
link_to(struct record_lines *l, const char *text, const struct uuid *id)
{
	record_lines_link(l, ROLE_TEXT, text, id);
}

/* ---- who, and what stands out ---- */

/* The date that the work is planned by: the first such column of its list. */
static const struct schema_field *
headline(const struct schema_register *reg, const struct record *r)
{
	for (size_t i = 0; i < reg->column_count; i++) {
		const struct schema_field *f = schema_field_find(reg,
			reg->columns[i].path);

		if (f && show_is_due(f) && values_has(&r->values, f->name))
			return f;
	}
	return NULL;
}

/* A day that is over with the work is not counted down any more. */
static bool
is_over(const struct schema_register *reg, const struct record *r)
{
	const struct schema_state *state = schema_state_find(reg, r->state);

	return r->deleted || (state && !state->active);
}

/* It stands out in its last month, and when it is over. */
static enum canvas_role
term_role(int days_left)
{
	if (days_left < 0)
		return ROLE_ALERT;
	return days_left <= TERM_SOON_DAYS ? ROLE_WARN : ROLE_TEXT;
}

static void
add_term(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r)
{
	const struct schema_field *f = headline(reg, r);
	const char *date = f ? values_get(&r->values, f->name) : "";
	struct buf text;

	if (!f || is_over(reg, r))
		return;
	buf_init(&text, BUF_LINE_MAX);
	buf_printf(&text, "%s %s  ", label_text(&f->label), date);
	show_days(&text, date, app->today);
	record_lines_text(l, term_role(date_parse(date) - app->today), text.data);
	buf_release(&text);
}

static void
add_who(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r)
{
	struct uuid id;
	struct buf text;

	if (!reg->person_field || !uuid_parse(&id, values_get(&r->values,
	    reg->person_field)))
		return;
	buf_init(&text, BUF_LINE_MAX);
	show_person(&text, app, &id, l->whole);
	link_to(l, text.data, &id);
	l->items[l->count - 1].role = ROLE_TITLE;
	buf_release(&text);
}

static void
add_parent(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r)
{
	const struct schema_register *up = reg->parent ?
		schema_register_find(app->cli->schema, reg->parent) : NULL;
	struct uuid id;
	struct buf text;

	if (!up || !uuid_parse(&id, values_get(&r->values,
	    reg->parent_field)))
		return;
	buf_init(&text, BUF_LINE_MAX);
	buf_printf(&text, "%s%s", label_text(&up->title), tr(": "));
	show_called(&text, app, &id);
	link_to(l, text.data, &id);
	buf_release(&text);
}

/* What its children make true of it now, as one line of badges. */
static void
add_overlays(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r)
{
	const struct overview *o = overview_find(app->cli->store, &r->id);
	enum canvas_role role = ROLE_WARN;
	struct buf text;

	if (!o || !o->overlays)
		return;
	buf_init(&text, BUF_LINE_MAX);
	for (size_t i = 0; i < reg->overlay_count; i++) {
		const struct schema_overlay *v = &reg->overlays[i];

		if (!values_set_has(o->overlays, v->name))
			continue;
		buf_printf(&text, "%s[%s]", text.len ? " " : "",
			label_text(&v->label));
		if (v->grave)
			role = ROLE_ALERT;
	}
	record_lines_text(l, role, text.data);
	buf_release(&text);
}

/* What the penalty ladder proposes; t drafts it. */
static void
add_proposals(struct record_lines *l, const struct app *app,
	const struct record *r)
{
	struct due_list due = {0};

	due_of_record(&due, app->cli->store, &r->id, app->today);
	for (size_t i = 0; i < due.count; i++) {
		const struct due_item *item = &due.items[i];
		struct buf text;

		if (!item->when.offer)
			continue;
		buf_init(&text, BUF_LINE_MAX);
		buf_printf(&text, tr("%s (%s)"), due_words_title(item),
			label_text(&item->when.offer->article));
		if (item->when.cause->absence) {
			buf_text(&text, "  ");
			due_words_left(&text, item, app->today);
		}
		record_lines_text(l, ROLE_ALERT, text.data);
		buf_release(&text);
		l->proposed = true;
	}
	due_release(&due);
}

/* What waits, was refused or is asked about this record. */
static void
add_marks(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r)
{
	struct outbox_list ops = {0};
	struct conflict_list asked = {0};
	struct err err = ERR_INIT;
	size_t waiting = 0;
	struct buf text;

	buf_init(&text, BUF_LINE_MAX);
	if (outbox_list(&ops, app->cli->store, OUTBOX_OF_RECORD, &r->id, &err))
		ops = (struct outbox_list){0};
	for (size_t i = 0; i < ops.count; i++)
		waiting += !ops.items[i].decided;
	if (waiting) {
		buf_printf(&text, tr("Changes saved here and not sent yet: "
			"%zu."), waiting);
		record_lines_text(l, ROLE_STATUS, text.data);
	}
	if (conflict_list(&asked, app->cli->store, &r->id, &err))
		asked = (struct conflict_list){0};
	for (size_t i = 0; i < asked.count; i++)
		l->asked = l->asked || !asked.items[i].waiting;
	for (size_t i = 0; i < asked.count && asked.items[i].count; i++) {
		buf_clear(&text);
		buf_printf(&text, tr("Two people entered %s differently; c "
			"settles it."), show_label(reg,
			asked.items[i].fields[0].field));
		record_lines_text(l, ROLE_ALERT, text.data);
	}
	if (r->deleted) {
		buf_clear(&text);
		buf_printf(&text, tr("Withdrawn: %s"), r->deleted);
		record_lines_text(l, ROLE_ALERT, text.data);
	}
	outbox_list_release(&ops);
	conflict_list_release(&asked);
	buf_release(&text);
}

/* What a save warned of and still holds.  Who does not see a field hears
 * nothing of it. */
static void
add_warnings(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r)
{
	struct faults faults = {0};

	if (!r->deleted)
		rule_check(&faults, app->cli->schema, reg, r, RULE_SAVE,
			app->today, store_world(app->cli->store));
	for (size_t i = 0; i < faults.count; i++) {
		const struct fault *x = &faults.items[i];
		const struct schema_field *f = schema_field_find(reg,
			x->field);
		struct buf text;

		if (x->stop || (f && f->restricted &&
		    !show_may_see(app, reg)))
			continue;
		buf_init(&text, BUF_LINE_MAX);
		if (f)
			buf_printf(&text, tr("Note, %s: %s"),
				label_text(&f->label), x->msg);
		else
			buf_printf(&text, tr("Note: %s"), x->msg);
		record_lines_text(l, ROLE_WARN, text.data);
		buf_release(&text);
	}
	faults_release(&faults);
}

/* ---- fields ---- */

static void
value_text(struct buf *out, const struct app *app,
	const struct schema_register *reg, const struct record *r,
	const struct schema_field *f, bool whole)
{
	const char *text = values_get(&r->values, f->name);

	if (f->restricted && !show_may_see(app, reg)) {
		buf_text(out, "***");
		return;
	}
	if (f->type == VT_IDNO && whole)
		value_show(out, f, text, false);
	else
		show_field(out, app, f, text, "");
	/* What is over and was not the headline is mostly a beginning. */
	if (show_is_due(f) && f != headline(reg, r) && !is_over(reg, r) &&
	    date_parse(text) >= app->today) {
		buf_text(out, "  ");
		show_days(out, text, app->today);
	}
}

static void
add_value(struct record_lines *l, const struct record *r,
	const struct schema_field *f, const char *text)
{
	size_t start = l->count;

	record_lines_value(l, label_text(&f->label), f->name, ROLE_TEXT, text);
	for (size_t i = start; i < l->count && f->type == VT_REF; i++)
		(void)uuid_parse(&l->items[i].target,
			values_get(&r->values, f->name));
}

static bool
names_field(const struct conds *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->items[i].field, name) == 0)
			return true;
	return false;
}

/* What makes the row of the list stand out does so here as well. */
static enum canvas_role
role_of(const struct app *app, const struct schema_register *reg,
	const struct record *r, const struct schema_field *f)
{
	if (names_field(&reg->alert, f->name) &&
	    conds_hold(&reg->alert, r, app->today, app_name(app)))
		return ROLE_ALERT;
	if (names_field(&reg->warn, f->name) &&
	    conds_hold(&reg->warn, r, app->today, app_name(app)))
		return ROLE_WARN;
	return ROLE_TEXT;
}

static size_t
add_row(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r,
	const struct schema_row *row)
{
	size_t shown = 0;

	for (size_t i = 0; i < row->count; i++) {
		const struct schema_field *f = row->fields[i];
		struct buf text;

		if (!values_has(&r->values, f->name))
			continue;
		buf_init(&text, BUF_RECORD_MAX);
		value_text(&text, app, reg, r, f, l->whole);
		if (shown == 0 || !record_lines_join(l, label_text(&f->label),
		    text.data))
			add_value(l, r, f, text.data);
		if (l->items[l->count - 1].role == ROLE_TEXT)
			l->items[l->count - 1].role = role_of(app, reg, r, f);
		shown++;
		buf_release(&text);
	}
	return shown;
}

static void
add_pages(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r)
{
	for (size_t p = 0; p < reg->page_count; p++) {
		const struct schema_page *page = &reg->pages[p];
		size_t start = l->count, shown = 0;

		record_lines_head(l, label_text(&page->title));
		for (size_t i = 0; i < page->count; i++)
			shown += add_row(l, app, reg, r, &page->rows[i]);
		while (shown == 0 && l->count > start)
			free(l->items[--l->count].text);
	}
}

/* What newer definitions than ours have put there: as it came, not to be
 * changed here.  Some of it may be restricted. */
static void
add_unknown(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r)
{
	bool any = false;

	for (size_t i = 0; i < r->values.count; i++) {
		const struct value *v = &r->values.items[i];

		if (schema_field_find(reg, v->name))
			continue;
		if (!any)
			record_lines_head(l, tr("Not in the definitions used "
				"here"));
		any = true;
		record_lines_value(l, v->name, NULL, ROLE_TEXT,
			show_may_see(app, reg) ? v->text : "***");
	}
}

void
record_page_lines(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r)
{
	record_lines_release(l);
	add_who(l, app, reg, r);
	add_parent(l, app, reg, r);
	handover_lines(l, app, r);
	add_overlays(l, app, reg, r);
	add_proposals(l, app, r);
	add_term(l, app, reg, r);
	add_marks(l, app, reg, r);
	add_warnings(l, app, reg, r);
	record_approval_lines(l, app, reg, r);
	add_pages(l, app, reg, r);
	add_unknown(l, app, reg, r);
	record_related_lines(l, app, reg, r);
}
