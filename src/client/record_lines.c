/*
 * A record's page as lines of text.  Built from the definition alone; restricted
 * values are shown only to those who may write the register.
 */
#include "client/record_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "client/due_words.h"
#include "client/handover.h"
#include "client/record_approval.h"
#include "client/scan_words.h"
#include "client/show.h"
#include "core/overlay.h"
#include "store/conflict.h"
#include "store/due.h"
#include "ui/wrap.h"

enum {
	LINES_LABEL_COL = 2, LINES_LABEL_CELLS = 16,
	LINES_VALUE_COL = 19, LINES_VALUE_CELLS = 22,
	LINES_LABEL2_COL = 42, LINES_VALUE2_COL = 59,
	LINES_VALUE2_CELLS = 20,
	LINES_LONG_CELLS = 60,		/* a value that has the row alone */
	LINES_CHILDREN_MAX = 300,	/* of one register on the page */
	LINES_ROW_CELLS = 76,
};

void
record_lines_release(struct record_lines *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->items[i].text);
		free(l->items[i].text2);
	}
	free(l->items);
	*l = (struct record_lines){ .whole = l->whole };
}

static struct record_line *
add(struct record_lines *l, enum record_line_kind kind, enum canvas_role role,
	const char *text)
{
	l->items = mem_grow(l->items, l->count, sizeof *l->items);
	l->items[l->count] = (struct record_line){ .kind = kind,
		.role = role, .text = mem_strdup(text) };
	return &l->items[l->count++];
}

void
record_lines_head(struct record_lines *l, const char *text)
{
	add(l, RECORD_LINE_BLANK, ROLE_TEXT, "");
	add(l, RECORD_LINE_HEAD, ROLE_TITLE, text);
}

void
record_lines_link(struct record_lines *l, enum canvas_role role,
	const char *text, const struct uuid *target)
{
	add(l, RECORD_LINE_LINK, role, text)->target = *target;
}

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

static void
add_term(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r)
{
	const struct schema_field *f = headline(reg, r);
	const char *date = f ? values_get(&r->values, f->name) : "";
	struct buf text;

	if (!f)
		return;
	buf_init(&text, BUF_LINE_MAX);
	buf_printf(&text, "%s %s  ", label_text(&f->label), date);
	show_days(&text, date, app->today);
	add(l, RECORD_LINE_TEXT, date_parse(date) < app->today
		? ROLE_ALERT : ROLE_WARN, text.data);
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
	add(l, RECORD_LINE_TEXT, role, text.data);
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
		add(l, RECORD_LINE_TEXT, ROLE_ALERT, text.data);
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
		add(l, RECORD_LINE_TEXT, ROLE_STATUS, text.data);
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
		add(l, RECORD_LINE_TEXT, ROLE_ALERT, text.data);
	}
	if (r->deleted) {
		buf_clear(&text);
		buf_printf(&text, tr("Withdrawn: %s"), r->deleted);
		add(l, RECORD_LINE_TEXT, ROLE_ALERT, text.data);
	}
	outbox_list_release(&ops);
	conflict_list_release(&asked);
	buf_release(&text);
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
	if (f->type == VT_IDNO && !whole)
		value_show(out, f, text, true);
	else
		show_field(out, app, f, text);
	/* What is over and was not the headline is mostly a beginning. */
	if (show_is_due(f) && f != headline(reg, r) &&
	    date_parse(text) >= app->today) {
		buf_text(out, "  ");
		show_days(out, text, app->today);
	}
}

void
record_lines_text(struct record_lines *l, enum canvas_role role,
	const char *text)
{
	add(l, RECORD_LINE_TEXT, role, text);
}

/* What a label takes beyond its column is its value's loss. */
static int
beyond(const char *label)
{
	int cells = utf8_cells(label);

	return cells > LINES_LABEL_CELLS ? cells - LINES_LABEL_CELLS : 0;
}

/* The label stands on the first line. */
void
record_lines_value(struct record_lines *l, const char *label,
	const char *field, enum canvas_role role, const char *text)
{
	size_t count = 0, at = 0;
	uint32_t *points = wrap_decode(text, &count);
	bool first = true;

	while (at != WRAP_LAST) {
		size_t next = WRAP_LAST;
		size_t end = wrap_line(points, count, at, LINES_LONG_CELLS -
			beyond(label), &next);
		struct record_line *line;
		struct buf part;
		char bytes[4];

		buf_init(&part, BUF_LINE_MAX);
		for (size_t i = at; i < end; i++)
			buf_add(&part, bytes, utf8_put(bytes, points[i]));
		line = add(l, RECORD_LINE_FIELD, role, part.data);
		line->label = first ? label : "";
		line->field = field;
		buf_release(&part);
		first = false;
		at = next;
	}
	free(points);
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

/* Two short values of a row of the form share a line. */
static bool
join_last(struct record_lines *l, const struct schema_field *f,
	const char *text)
{
	struct record_line *line = &l->items[l->count - 1];

	if (line->kind != RECORD_LINE_FIELD || line->label2 ||
	    beyond(line->label) || beyond(label_text(&f->label)) ||
	    utf8_cells(line->text) > LINES_VALUE_CELLS ||
	    utf8_cells(text) > LINES_VALUE2_CELLS)
		return false;
	line->label2 = label_text(&f->label);
	line->text2 = mem_strdup(text);
	return true;
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
		if (shown == 0 || !join_last(l, f, text.data))
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

/* ---- others ---- */

/* A column that says of each child whose it is. */
static bool
names_parent(const struct schema_register *kid, const char *path)
{
	size_t len = kid->parent_field ? strlen(kid->parent_field) : 0;

	return len && strncmp(path, kid->parent_field, len) == 0 &&
		(path[len] == '.' || path[len] == '\0');
}

/* A child in the columns of its list. */
static void
child_text(struct buf *out, const struct app *app, const struct overview *o)
{
	int taken = 0;

	for (size_t i = 0; i < o->reg->column_count; i++)
		if (!names_parent(o->reg, o->reg->columns[i].path))
			taken += o->reg->columns[i].cells + 1;
	for (size_t i = 0; i < o->reg->column_count; i++) {
		const struct schema_column *col = &o->reg->columns[i];
		int cells = col->cells ? col->cells : LINES_ROW_CELLS - 4 -
			taken;
		struct buf text;

		if (names_parent(o->reg, col->path))
			continue;
		buf_init(&text, BUF_LINE_MAX);
		overview_show(&text, app->cli->store, o, col->path);
		show_padded(out, text.data, cells);
		buf_char(out, ' ');
		buf_release(&text);
	}
	buf_text(out, show_mark(o->sync));
}

static void
add_children(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r)
{
	const struct schema_register *kid = NULL;

	for (;;) {
		struct uuid *ids = NULL;
		size_t count = 0;
		struct overview_query q = { .today = app->today,
			.user = app_login(app), .parent = &r->id };
		struct buf text;

		kid = schema_child_next(app->cli->schema, reg, kid);
		if (!kid)
			return;
		if (!show_may_read(app, kid))
			continue;
		q.reg = kid;
		overview_query(&ids, &count, app->cli->store, &q);
		buf_init(&text, BUF_LINE_MAX);
		buf_printf(&text, "%s  %zu", label_text(&kid->title), count);
		if (count)
			record_lines_head(l, text.data);
		for (size_t i = 0; i < count && i < LINES_CHILDREN_MAX; i++) {
			const struct overview *o = overview_find(
				app->cli->store, &ids[i]);

			buf_clear(&text);
			if (o)
				child_text(&text, app, o);
			link_to(l, text.data, &ids[i]);
		}
		buf_release(&text);
		free(ids);
	}
}

/* ---- attachments ---- */

enum { SCAN_NAME_CELLS = 22, SCAN_FACTS_CELLS = 18 };

static void
add_scan(struct record_lines *l, const struct scan_item *item)
{
	struct buf text, facts;

	buf_init(&text, BUF_LINE_MAX);
	buf_init(&facts, BUF_LINE_MAX);
	show_padded(&text, item->scan.name, SCAN_NAME_CELLS);
	buf_char(&text, ' ');
	scan_words_facts(&facts, item);
	show_padded(&text, facts.data, SCAN_FACTS_CELLS);
	buf_printf(&text, " %s ", item->added_on);
	scan_words_place(&text, item);
	link_to(l, text.data, &item->id);
	l->items[l->count - 1].scan = true;
	buf_release(&text);
	buf_release(&facts);
}

static void
add_scans(struct record_lines *l, const struct app *app,
	const struct record *r)
{
	struct scan_list list = {0};
	struct err ignored = ERR_INIT;
	struct buf text;

	if (scan_list(&list, app->cli->store, &r->id, &ignored))
		return;
	buf_init(&text, BUF_LINE_MAX);
	buf_printf(&text, tr("Attachments  %zu"), list.count);
	if (list.count > 0)
		record_lines_head(l, text.data);
	for (size_t i = 0; i < list.count; i++)
		add_scan(l, &list.items[i]);
	buf_release(&text);
	scan_list_release(&list);
}

enum { OTHER_CELLS = 21 };	/* register and state, before who it is */

/* One record of the same person; for a child (a party) the record above it is
 * what the clerk wants. */
static void
add_other(struct record_lines *l, const struct app *app,
	const struct overview *o)
{
	const struct overview *shown = o;
	struct buf text;

	if (o->reg->parent && overview_find(app->cli->store, &o->parent))
		shown = overview_find(app->cli->store, &o->parent);
	if (!shown->reg)
		return;
	buf_init(&text, BUF_LINE_MAX);
	buf_text(&text, label_text(&shown->reg->title));
	if (shown->state[0]) {
		buf_text(&text, " [");
		show_state(&text, shown->reg, shown->state);
		buf_char(&text, ']');
	}
	while (utf8_cells(text.data) < OTHER_CELLS)
		buf_char(&text, ' ');
	buf_char(&text, ' ');
	overview_called(&text, app->cli->store, shown);
	if (shown != o && o->reg->column_count) {
		buf_text(&text, "  ");
		overview_show(&text, app->cli->store, o,
			o->reg->columns[0].path);
	}
	link_to(l, text.data, &shown->id);
	buf_release(&text);
}

static void
add_others_of(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct uuid *person,
	const struct uuid *but)
{
	struct uuid *ids = NULL;
	size_t count = 0;
	struct overview_query q = { .reg = reg, .person = person,
		.today = app->today, .user = app_login(app) };

	overview_query(&ids, &count, app->cli->store, &q);
	for (size_t i = 0; i < count && i < LINES_CHILDREN_MAX; i++) {
		const struct overview *o = overview_find(app->cli->store,
			&ids[i]);

		if (o && uuid_compare(&o->id, but) != 0)
			add_other(l, app, o);
	}
	free(ids);
}

static void
add_others(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r)
{
	const struct schema *schema = app->cli->schema;
	struct uuid person = r->id;
	size_t start = l->count;

	if (reg->person_field && !uuid_parse(&person,
	    values_get(&r->values, reg->person_field)))
		return;
	record_lines_head(l, reg->person_field ? tr("The same person elsewhere")
		: tr("In other registers"));
	for (size_t i = 0; i < schema->register_count; i++)
		if (schema->registers[i].person_field &&
		    show_may_read(app, &schema->registers[i]))
			add_others_of(l, app, &schema->registers[i], &person,
				&r->id);
	if (l->count == start + 2)
		while (l->count > start)
			free(l->items[--l->count].text);
}

void
record_lines_build(struct record_lines *l, const struct app *app,
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
	record_approval_lines(l, app, reg, r);
	add_pages(l, app, reg, r);
	add_unknown(l, app, reg, r);
	add_children(l, app, reg, r);
	add_scans(l, app, r);
	add_others(l, app, reg, r);
}

/* ---- painting ---- */

bool
record_lines_can_stand(const struct record_line *line)
{
	return line->kind == RECORD_LINE_LINK ||
		line->kind == RECORD_LINE_FIELD;
}

static void
paint_field(struct canvas *c, int row, int cols,
	const struct record_line *line, bool now)
{
	int more = beyond(line->label), col = LINES_VALUE_COL + more;
	int end = line->label2 ? LINES_VALUE_CELLS : cols - col;

	(void)canvas_text_cut(c, row, LINES_LABEL_COL, LINES_LABEL_CELLS +
		more, now ? ROLE_MARK : ROLE_LABEL, line->label);
	(void)canvas_text_cut(c, row, col, end, line->role, line->text);
	if (!line->label2)
		return;
	(void)canvas_text_cut(c, row, LINES_LABEL2_COL, LINES_LABEL_CELLS,
		ROLE_LABEL, line->label2);
	(void)canvas_text_cut(c, row, LINES_VALUE2_COL,
		cols - LINES_VALUE2_COL, line->role, line->text2);
}

/* Marked is the marker and the first word: a bar over the row would cost ten
 * times the bytes at each step. */
static void
paint_text(struct canvas *c, int row, int cols,
	const struct record_line *line, bool now)
{
	int col = line->kind == RECORD_LINE_HEAD ? 1 : LINES_LABEL_COL;
	char *word;

	(void)canvas_text_cut(c, row, col, cols - col - 1, line->role,
		line->text);
	if (!now)
		return;
	word = mem_strndup(line->text, strcspn(line->text, " "));
	(void)canvas_text_cut(c, row, col, cols - col - 1, ROLE_MARK, word);
	free(word);
}

void
record_lines_paint(struct canvas *c, int row, int cols,
	const struct record_line *line, bool now)
{
	if (now)
		(void)canvas_text(c, row, 0, 1, ROLE_MARK, ">");
	if (line->kind == RECORD_LINE_FIELD)
		paint_field(c, row, cols, line, now);
	else
		paint_text(c, row, cols, line, now);
}
