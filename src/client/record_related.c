/*
 * What belongs to a record: its children in the columns of their lists, its
 * attachments, and what else there is about its person.
 */
#include "client/record_related.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "client/list_look.h"
#include "client/scan_words.h"
#include "client/show.h"

enum {
	CHILDREN_MAX = 300,	/* of one register on the page */
	ROW_CELLS = 76,
};

static void
link_to(struct record_lines *l, const char *text, const struct uuid *id)
{
	record_lines_link(l, ROLE_TEXT, text, id);
}

/* ---- children ---- */

/* A column that says of each child whose it is. */
static bool
names_parent(const struct schema_register *kid, const char *path)
{
	size_t len = kid->parent_field ? strlen(kid->parent_field) : 0;

	return len && strncmp(path, kid->parent_field, len) == 0 &&
		(path[len] == '.' || path[len] == '\0');
}

/* How wide the column stands on the page; 0: not at all. */
static int
child_cells(const struct schema_register *kid, size_t column)
{
	int taken = 0;

	if (names_parent(kid, kid->columns[column].path))
		return 0;
	if (kid->columns[column].cells)
		return kid->columns[column].cells;
	for (size_t i = 0; i < kid->column_count; i++)
		if (!names_parent(kid, kid->columns[i].path))
			taken += kid->columns[i].cells + 1;
	return ROW_CELLS - 4 - taken;
}

/* A child in the columns of its list. */
static void
child_text(struct buf *out, const struct app *app, const struct overview *o)
{
	for (size_t i = 0; i < o->reg->column_count; i++) {
		int cells = child_cells(o->reg, i);
		struct buf text;

		if (!cells)
			continue;
		buf_init(&text, BUF_LINE_MAX);
		overview_show(&text, app->cli->store, o,
			o->reg->columns[i].path);
		show_padded(out, text.data, cells);
		buf_char(out, ' ');
		buf_release(&text);
	}
	buf_text(out, show_mark(o->sync));
}

/* "当事人  2", and what stands in the columns behind that. */
static void
add_heads(struct record_lines *l, const struct schema_register *kid,
	size_t count)
{
	struct buf title, heads;
	int col = 0, end;

	buf_init(&title, BUF_LINE_MAX);
	buf_init(&heads, BUF_LINE_MAX);
	buf_printf(&title, "%s  %zu", label_text(&kid->title), count);
	end = utf8_cells(title.data) + 1;
	for (size_t i = 0; i < kid->column_count; i++) {
		int cells = child_cells(kid, i);

		if (!cells)
			continue;
		show_padded(&heads, col < end ? "" :
			list_look_title(kid, kid->columns[i].path), cells);
		buf_char(&heads, ' ');
		col += cells + 1;
	}
	record_lines_heads(l, title.data, heads.data);
	buf_release(&title);
	buf_release(&heads);
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
		if (count)
			add_heads(l, kid, count);
		for (size_t i = 0; i < count && i < CHILDREN_MAX; i++) {
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

/* ---- the same person ---- */

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
	for (size_t i = 0; i < count && i < CHILDREN_MAX; i++) {
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
record_related_lines(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r)
{
	add_children(l, app, reg, r);
	add_scans(l, app, r);
	add_others(l, app, reg, r);
}
