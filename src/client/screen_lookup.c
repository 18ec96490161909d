/*
 * The lookup from anywhere.  What is typed goes to store/lookup at every key;
 * leaving puts the clerk back where they were, because it lies on top.
 */
#include "client/screen_lookup.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "client/app.h"
#include "client/choice.h"
#include "client/screen_form.h"
#include "client/screen_record.h"
#include "client/show.h"
#include "core/transfer.h"
#include "store/lookup.h"
#include "store/overview.h"
#include "ui/lineedit.h"
#include "ui/listing.h"

enum { LOOKUP_HITS = 40, LOOKUP_CHARS = 40, LOOKUP_WHERE_MAX = 20,
	LOOKUP_REGISTERS = 256 };

struct screen_lookup {
	struct view view;		/* first */
	struct app *app;
	struct lineedit edit;
	struct lookup_hit hits[LOOKUP_HITS];
	size_t count, total;
	uint8_t known[LOOKUP_HITS][LOOKUP_REGISTERS];	/* records of hits */
	const char *place[LOOKUP_HITS];	/* lent by the overviews; NULL none */
	uint64_t generation;
	struct listing listing;
	struct listing_column columns[6];
	struct uuid where[LOOKUP_WHERE_MAX];	/* records of the popup */
	size_t where_count;
};

enum { FOUND_OPEN = 100, FOUND_WHERE, FOUND_NEW, FOUND_BACK, FOUND_DOWN,
	FOUND_UP };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_NONE, FOUND_OPEN, TR_MARK("open"),
	    TR_MARK("Open the person or record of the line."),
	    KEYMAP_ALWAYS },
	{ PRESS_TAB, PRESS_NONE, FOUND_WHERE, TR_MARK("registers"),
	    TR_MARK("List this person's cases and files, to open one."),
	    KEYMAP_ALWAYS },
	{ PRESS_CTRL + 'N', PRESS_NONE, FOUND_NEW, TR_MARK("new person"),
	    TR_MARK("Enter a new person with what was typed."), KEYMAP_HINT },
	{ PRESS_DOWN, PRESS_NONE, FOUND_DOWN, TR_MARK("down"),
	    TR_MARK("Next line."), KEYMAP_QUIET },
	{ PRESS_UP, PRESS_CTRL + 'P', FOUND_UP, TR_MARK("up"),
	    TR_MARK("Line before."), KEYMAP_QUIET },
	{ PRESS_CTRL + 'X', PRESS_ESC, FOUND_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_ALWAYS },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, NULL,
};

static struct screen_lookup *
of(const struct view *v)
{
	return (struct screen_lookup *)(uintptr_t)v;
}

/* ---- rows ---- */

static size_t
rows_count(void *self)
{
	return ((struct screen_lookup *)self)->count;
}

static uint64_t
rows_generation(void *self)
{
	return ((struct screen_lookup *)self)->generation;
}

static struct uuid
rows_id(void *self, size_t row)
{
	return ((struct screen_lookup *)self)->hits[row].id;
}

/* Which registers know this person, with the number of records. */
static void
registers_of(struct buf *out, const struct screen_lookup *w, size_t row)
{
	const struct schema *schema = w->app->cli->schema;
	size_t start = out->len;

	for (size_t i = 0; i < schema->register_count && i < LOOKUP_REGISTERS;
	    i++) {
		const struct schema_register *reg = &schema->registers[i];
		const struct schema_register *up = reg->parent ?
			schema_register_find(schema, reg->parent) : reg;

		if (w->known[row][i] == 0 || !up)
			continue;
		buf_text(out, out->len > start ? ", " : "");
		buf_text(out, label_text(&up->title));
		if (w->known[row][i] > 1)
			buf_printf(out, " %u", (unsigned)w->known[row][i]);
	}
}

/* No person: the register; of a record that went away, also where to. */
static void
elsewhere(struct buf *out, const struct screen_lookup *w,
	const struct overview *o)
{
	buf_text(out, label_text(&o->reg->title));
	if (strcmp(o->reg_name, TRANSFER_REGISTER) != 0)
		return;
	buf_text(out, " -> ");
	overview_show(out, w->app->cli->store, o, "to");
}

/* Where the record says that its person lives; NULL: it does not. */
static const char *
place_of(const struct overview *o)
{
	for (size_t i = 0; i < o->reg->lookup_count; i++) {
		const struct schema_lookup *l = &o->reg->lookups[i];
		const char *text = l->as == LOOKUP_PLACE ?
			overview_get(o, l->field->name) : "";

		if (text[0])
			return text;
	}
	return NULL;
}

/* One pass over memory for all hits: asking for each one would be a pass each,
 * and this runs at every key. */
static void
count_known(struct screen_lookup *w)
{
	const struct store *s = w->app->cli->store;
	const struct schema *schema = w->app->cli->schema;

	memset(w->known, 0, sizeof w->known);
	memset(w->place, 0, sizeof w->place);
	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);
		size_t row = 0, reg;

		if (!o || o->deleted || !o->reg || uuid_is_zero(&o->person) ||
		    !show_may_read(w->app, o->reg))
			continue;
		reg = (size_t)(o->reg - schema->registers);
		while (row < w->count &&
		    memcmp(&w->hits[row].id, &o->person, sizeof o->person))
			row++;
		if (row < w->count &&
		    reg < LOOKUP_REGISTERS && w->known[row][reg] < UINT8_MAX)
			w->known[row][reg]++;
		if (row < w->count && !w->place[row])
			w->place[row] = place_of(o);
	}
}

/* 349829..8356: the masked middle of the number says nothing. */
static void
add_short_id(struct buf *out, const struct store *s, const struct overview *o)
{
	struct buf text;
	size_t head, tail;

	buf_init(&text, BUF_LINE_MAX);
	overview_show(&text, s, o, "id_no");
	head = text.len ? strcspn(text.data, "*") : 0;
	tail = head + (text.len ? strspn(text.data + head, "*") : 0);
	buf_add(out, text.data, head);
	if (tail > head)
		buf_text(out, "..");
	buf_add(out, text.data + tail, text.len - tail);
	buf_release(&text);
}

static bool
is_person(const struct overview *o)
{
	return o && o->reg && strcmp(o->reg->name, "person") == 0;
}

static void
rows_cell(void *self, size_t row, size_t column, struct buf *out)
{
	struct screen_lookup *w = self;
	const struct store *s = w->app->cli->store;
	const struct overview *o = overview_find(s, &w->hits[row].id);

	if (!is_person(o))
		return;
	if (column == 0)
		overview_called(out, s, o);
	else if (column == 5)
		registers_of(out, w, row);
	else if (column == 4)
		buf_text(out, w->place[row] ? w->place[row] : "");
	else if (column == 3)
		add_short_id(out, s, o);
	else
		overview_show(out, s, o, column == 1 ? "sex" : "birth");
}

/* What is no person has no sex and no birth: its line says what it is called,
 * whole, and which register has it. */
static bool
rows_heading(void *self, size_t row, struct buf *out)
{
	const struct screen_lookup *w = self;
	const struct store *s = w->app->cli->store;
	const struct overview *o = overview_find(s, &w->hits[row].id);

	if (!o || !o->reg || is_person(o))
		return false;
	overview_called(out, s, o);
	buf_text(out, "   ");
	elsewhere(out, w, o);
	return true;
}

static void
search(struct screen_lookup *w)
{
	struct buf typed;

	buf_init(&typed, BUF_LINE_MAX);
	lineedit_get(&typed, &w->edit);
	w->count = overview_lookup(w->hits, LOOKUP_HITS, &w->total,
		w->app->cli->store, typed.data, clock_now_at());
	w->generation++;
	count_known(w);
	w->listing.empty = typed.len ? tr("Nobody fits; ^N enters a new "
		"person.") : tr("Type a name, initials, the end of an id "
		"number, a telephone, a file number.");
	buf_release(&typed);
}

static void
found_refresh(struct view *v, struct view_stack *s)
{
	struct screen_lookup *w = of(v);

	(void)s;
	w->columns[0] = (struct listing_column){ tr("Name"), 10, false };
	/* "female", and one hanzi under two of the head */
	w->columns[1] = (struct listing_column){ tr("Sex"),
		tr_lang() == TR_EN ? 6 : 4, false };
	w->columns[2] = (struct listing_column){ tr("Born"), 10, false };
	w->columns[3] = (struct listing_column){ tr("Id number"), 12, false };
	w->columns[4] = (struct listing_column){ tr("Village"), 10, false };
	w->columns[5] = (struct listing_column){ tr("Where"), 0, false };
	search(w);
}

/* ---- painting ---- */

static void
found_title(const struct view *v, struct buf *out)
{
	const struct screen_lookup *w = of(v);

	buf_text(out, tr("Look up"));
	if (w->edit.len)
		buf_printf(out, "  %zu", w->total);
}

static void
found_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	struct screen_lookup *w = of(v);
	struct canvas_area rest = *body;
	int col = 2;

	rest.row += 1;
	rest.rows -= 1;
	listing_paint(&w->listing, c, &rest);
	col += canvas_text(c, body->row, col, 20, ROLE_LABEL, tr("Find:")) +
		1;
	lineedit_resize(&w->edit, 1, LOOKUP_CHARS);
	lineedit_paint(&w->edit, c, body->row, col, ROLE_INPUT_NOW, true);
}

/* ---- presses ---- */

static void
open_row(struct screen_lookup *w)
{
	struct uuid id;

	if (listing_selected(&w->listing, &id))
		screen_record_push(w->app, &id);
}

static void
where_chosen(void *self, struct view_stack *s, int value)
{
	struct screen_lookup *w = self;

	(void)s;
	if (value >= 0)
		screen_record_push(w->app, &w->where[value]);
}

/* A record of the person for the popup; of a party, its case. */
static void
add_where(struct screen_lookup *w, struct choice *c,
	const struct overview *o)
{
	const struct store *s = w->app->cli->store;
	const struct overview *shown = o;
	struct buf words;

	if (o->reg->parent && overview_find(s, &o->parent))
		shown = overview_find(s, &o->parent);
	if (!shown->reg || w->where_count == LOOKUP_WHERE_MAX)
		return;
	buf_init(&words, BUF_LINE_MAX);
	show_padded(&words, label_text(&shown->reg->title), 22);
	buf_char(&words, ' ');
	overview_called(&words, s, shown);
	if (shown->state[0]) {
		buf_text(&words, "  ");
		show_state(&words, shown->reg, shown->state);
	}
	w->where[w->where_count] = shown->id;
	choice_add(c, 0, words.data, (int)w->where_count++);
	buf_release(&words);
}

static void
choose_where(struct screen_lookup *w)
{
	const struct schema *schema = w->app->cli->schema;
	struct choice *c = choice_new(tr("Registers"));
	struct uuid id;

	w->where_count = 0;
	for (size_t i = 0; i < schema->register_count &&
	    listing_selected(&w->listing, &id); i++) {
		struct overview_query q = { .reg = &schema->registers[i],
			.person = &id, .today = w->app->today,
			.user = app_login(w->app) };
		struct uuid *ids = NULL;
		size_t count = 0;

		if (!q.reg->person_field || !show_may_read(w->app, q.reg))
			continue;
		overview_query(&ids, &count, w->app->cli->store, &q);
		for (size_t k = 0; k < count; k++)
			if (overview_find(w->app->cli->store, &ids[k]))
				add_where(w, c, overview_find(
					w->app->cli->store, &ids[k]));
		free(ids);
	}
	if (!choice_push(&w->app->stack, c, where_chosen, w))
		view_say(&w->app->stack, ROLE_TEXT, "%s",
			tr("No register knows this person yet."));
}

static void
new_person(struct screen_lookup *w)
{
	const struct schema_register *reg = schema_register_find(
		w->app->cli->schema, "person");
	struct values preset = {0};
	struct buf typed;

	if (!reg)
		return;
	buf_init(&typed, BUF_LINE_MAX);
	lineedit_get(&typed, &w->edit);
	/* letters are initials, not a name */
	if (typed.len && (unsigned char)typed.data[0] >= 0x80)
		values_set(&preset, "name", typed.data);
	screen_form_push_new(w->app, reg, &preset);
	values_release(&preset);
	buf_release(&typed);
}

static enum view_answer
type(struct screen_lookup *w, const struct press *p)
{
	switch (lineedit_press(&w->edit, p)) {
	case LINEEDIT_CHANGED:
		search(w);
		listing_refresh(&w->listing);
		listing_select_row(&w->listing, 0);
		return VIEW_HANDLED;
	case LINEEDIT_IGNORED:
		return VIEW_IGNORED;
	default:
		return VIEW_HANDLED;
	}
}

static enum view_answer
found_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct screen_lookup *w = of(v);
	struct press down = { .code = PRESS_DOWN }, up = { .code = PRESS_UP };

	(void)s;
	switch (keymap_find(&keymap, p->code)) {
	case FOUND_OPEN:
		open_row(w);
		return VIEW_HANDLED;
	case FOUND_WHERE:
		choose_where(w);
		return VIEW_HANDLED;
	case FOUND_NEW:
		new_person(w);
		return VIEW_HANDLED;
	case FOUND_DOWN:
		(void)listing_press(&w->listing, &down);
		return VIEW_HANDLED;
	case FOUND_UP:
		(void)listing_press(&w->listing, &up);
		return VIEW_HANDLED;
	case FOUND_BACK:
		return VIEW_CLOSE;
	default:
		break;
	}
	if (p->code == PRESS_PGDN || p->code == PRESS_PGUP) {
		(void)listing_press(&w->listing, p);
		return VIEW_HANDLED;
	}
	if (p->code == '?')
		return VIEW_IGNORED;
	return type(w, p);
}

static const struct keymap *
found_keymap(const struct view *v)
{
	(void)v;
	return &keymap;
}

static void
found_help(const struct view *v, struct buf *out)
{
	(void)v;
	buf_printf(out, "%s\n", tr("Type zs or zhangsan for 张三, 0317 for an "
		"id number or telephone that ends or begins so, zs0317 for "
		"both; zs hongqi for one of the village 红旗村. With nothing typed: "
		"whom you opened last."));
}

static void
found_free(struct view *v)
{
	lineedit_release(&of(v)->edit);
	free(of(v));
}

static const struct view_ops ops = {
	.title = found_title,
	.paint = found_paint,
	.press = found_press,
	.keymap = found_keymap,
	.refresh = found_refresh,
	.help = found_help,
	.free = found_free,
};

void
screen_lookup_push(struct app *app)
{
	struct screen_lookup *w = mem_alloc(1, sizeof *w);
	struct listing_source source = { .self = w, .count = rows_count,
		.generation = rows_generation, .id = rows_id,
		.cell = rows_cell, .heading = rows_heading };

	w->view.ops = &ops;
	w->app = app;
	lineedit_init(&w->edit, 1, LOOKUP_CHARS, LOOKUP_CHARS);
	found_refresh(&w->view, &app->stack);
	listing_init(&w->listing, &source, w->columns, 6);
	w->listing.fit = true;
	search(w);
	view_push(&app->stack, &w->view);
}
