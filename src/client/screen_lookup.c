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
#include "client/listpage.h"
#include "client/screen_form.h"
#include "client/screen_record.h"
#include "client/show.h"
#include "client/traced.h"
#include "core/transfer.h"
#include "store/lookup.h"
#include "store/overview.h"

enum { LOOKUP_HITS = 40, LOOKUP_WHERE_MAX = 20,
	LOOKUP_REGISTERS = 256 };

struct screen_lookup {
	struct listpage page;		/* first */
	struct lookup_hit hits[LOOKUP_HITS];
	size_t count, total;
	uint8_t known[LOOKUP_HITS][LOOKUP_REGISTERS];	/* records of hits */
	const char *place[LOOKUP_HITS];	/* lent by the overviews; NULL none */
	uint64_t generation;
	bool typed;
	bool traced;			/* since the line was empty last */
	struct uuid where[LOOKUP_WHERE_MAX];	/* records of the popup */
	size_t where_count;
};

enum { FOUND_OPEN = 1, FOUND_WHERE, FOUND_NEW };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_NONE, FOUND_OPEN, TR_MARK("open"),
	    TR_MARK("Open the person or record of the line."),
	    KEYMAP_ALWAYS },
	{ PRESS_TAB, PRESS_NONE, FOUND_WHERE, TR_MARK("registers"),
	    TR_MARK("List this person's cases and files, to open one."),
	    KEYMAP_ALWAYS },
	{ PRESS_CTRL + 'N', PRESS_NONE, FOUND_NEW, TR_MARK("new person"),
	    TR_MARK("Enter a new person with what was typed."), KEYMAP_HINT },
	{ PRESS_CTRL + 'X', PRESS_ESC, LISTPAGE_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_ALWAYS },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &listpage_typing_keymap,
};

static struct screen_lookup *
of(const struct listpage *p)
{
	return (struct screen_lookup *)(uintptr_t)p;
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
	const struct schema *schema = w->page.app->cli->schema;
	size_t start = out->len;

	for (size_t i = 0; i < schema->register_count && i < LOOKUP_REGISTERS;
	    i++) {
		const struct schema_register *reg = &schema->registers[i];
		const struct schema_register *up = reg->parent ?
			schema_register_find(schema, reg->parent) : reg;

		if (w->known[row][i] == 0 || !up)
			continue;
		buf_text(out, out->len > start ? tr(", ") : "");
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
	overview_show(out, w->page.app->cli->store, o, "to");
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
	const struct store *s = w->page.app->cli->store;
	const struct schema *schema = w->page.app->cli->schema;

	memset(w->known, 0, sizeof w->known);
	memset(w->place, 0, sizeof w->place);
	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);
		size_t row = 0, reg;

		if (!o || o->deleted || !o->reg || uuid_is_zero(&o->person) ||
		    !show_may_read(w->page.app, o->reg))
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
row_text(void *self, size_t row, size_t column, struct buf *out)
{
	struct screen_lookup *w = self;
	const struct store *s = w->page.app->cli->store;
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
	const struct store *s = w->page.app->cli->store;
	const struct overview *o = overview_find(s, &w->hits[row].id);

	struct buf called;
	int cells = 0;

	if (!o || !o->reg || is_person(o))
		return false;
	buf_init(&called, BUF_LINE_MAX);
	overview_called(&called, s, o);
	for (size_t i = 0; i < w->page.column_count; i++)
		cells += w->page.columns[i].cells ?
			w->page.columns[i].cells + 1 : 0;
	if (called.len && utf8_cells(called.data) < cells)
		show_padded(out, called.data, cells - 1);
	else if (called.len)
		buf_text(out, called.data);
	buf_text(out, " ");
	elsewhere(out, w, o);
	buf_release(&called);
	return true;
}

/* A search is one entry, however many letters it takes; whom it led to is one
 * more when the record is opened, as it was of those who stand here before
 * anything is typed.  false: it cannot be noted. */
static bool
is_traced(struct screen_lookup *w)
{
	struct uuid ids[LOOKUP_HITS];

	if (!w->typed)
		w->traced = false;
	if (!w->typed || w->traced || w->count == 0)
		return true;
	for (size_t i = 0; i < w->count; i++)
		ids[i] = w->hits[i].id;
	w->traced = traced_rows(w->page.app, AUDIT_FIND, NULL, ids, w->count,
		NULL);
	return w->traced;
}

static void
found_search(struct listpage *p, const char *typed)
{
	struct screen_lookup *w = of(p);

	w->typed = *typed != '\0';
	w->count = overview_lookup(w->hits, LOOKUP_HITS, &w->total,
		p->app->cli->store, typed, clock_now_at());
	if (!is_traced(w))
		w->count = w->total = 0;
	w->generation++;
	count_known(w);
	p->empty = w->typed ? tr("Nobody fits; ^N enters a new "
		"person.") : tr("Type a name, initials, the end of an id "
		"number, a telephone, a file number.");
}

static void
found_fill(struct listpage *p)
{
	struct listing_column *c = p->columns;

	c[0] = (struct listing_column){ tr("Name"), 10, false };
	/* "female", and one hanzi under two of the head */
	c[1] = (struct listing_column){ tr("Sex"), tr_lang() == TR_EN ? 6 : 4,
		false };
	c[2] = (struct listing_column){ tr("Born"), 10, false };
	c[3] = (struct listing_column){ tr("Id number"), 12, false };
	c[4] = (struct listing_column){ tr("Village"), 10, false };
	c[5] = (struct listing_column){ tr("Where"), 0, false };
	p->column_count = 6;
	listpage_find(p);
}

static void
found_title(const struct listpage *p, struct buf *out)
{
	buf_text(out, tr("Look up"));
	if (of(p)->typed)
		buf_printf(out, "  %zu", of(p)->total);
}

/* ---- presses ---- */

static bool
is_lookup(const struct view *v, const struct screen_lookup *w)
{
	return v->ops == w->page.view.ops &&
		((const struct listpage *)(const void *)v)->kind ==
		w->page.kind;
}

/* Whoever was found before is left, with the pages between: somebody who looks
 * up one person after another goes back to where that began, not through all
 * of them, and the stack ends somewhere.  A form between is gone back to. */
static void
leave_before(struct screen_lookup *w)
{
	struct view_stack *s = &w->page.app->stack;
	size_t at = 0, from;

	while (s->views[at] != &w->page.view)
		at++;
	for (from = at; from > 0; from--)
		if (!screen_record_is(s->views[from - 1]))
			break;
	if (from == 0 || !is_lookup(s->views[from - 1], w))
		return;
	for (size_t n = at - from + 1; n > 0; n--)
		view_drop(s, s->views[from - 1]);
}

static void
open_one(struct screen_lookup *w, const struct uuid *id)
{
	screen_record_push(w->page.app, id);
	leave_before(w);
}

static void
open_row(struct screen_lookup *w)
{
	struct uuid id;

	if (listing_selected(&w->page.listing, &id))
		open_one(w, &id);
}

static void
where_chosen(void *self, struct view_stack *s, int value)
{
	struct screen_lookup *w = self;

	(void)s;
	if (value >= 0)
		open_one(w, &w->where[value]);
}

/* A record of the person for the popup; of a party, its case. */
static void
add_where(struct screen_lookup *w, struct choice *c,
	const struct overview *o)
{
	const struct store *s = w->page.app->cli->store;
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
	const struct schema *schema = w->page.app->cli->schema;
	struct choice *c = choice_new(tr("Registers"));
	struct uuid id;

	w->where_count = 0;
	for (size_t i = 0; i < schema->register_count &&
	    listing_selected(&w->page.listing, &id); i++) {
		struct overview_query q = { .reg = &schema->registers[i],
			.person = &id, .today = w->page.app->today,
			.user = app_login(w->page.app) };
		struct uuid *ids = NULL;
		size_t count = 0;

		if (!q.reg->person_field || !show_may_read(w->page.app, q.reg))
			continue;
		overview_query(&ids, &count, w->page.app->cli->store, &q);
		for (size_t k = 0; k < count; k++)
			if (overview_find(w->page.app->cli->store, &ids[k]))
				add_where(w, c, overview_find(
					w->page.app->cli->store, &ids[k]));
		free(ids);
	}
	if (!choice_push(&w->page.app->stack, c, where_chosen, w))
		view_say(&w->page.app->stack, ROLE_TEXT, "%s",
			tr("No register knows this person yet."));
}

static void
new_person(struct screen_lookup *w)
{
	const struct schema_register *reg = schema_register_find(
		w->page.app->cli->schema, "person");
	struct values preset = {0};
	struct buf typed;

	if (!reg)
		return;
	buf_init(&typed, BUF_LINE_MAX);
	listpage_typed(&w->page, &typed);
	/* letters are initials, not a name */
	if (typed.len && (unsigned char)typed.data[0] >= 0x80)
		values_set(&preset, "name", typed.data);
	screen_form_push_new(w->page.app, reg, &preset);
	values_release(&preset);
	buf_release(&typed);
}

static enum view_answer
found_act(struct listpage *p, int action, size_t item)
{
	(void)item;
	switch (action) {
	case FOUND_OPEN:
		open_row(of(p));
		break;
	case FOUND_WHERE:
		choose_where(of(p));
		break;
	default:
		new_person(of(p));
		break;
	}
	return VIEW_HANDLED;
}

static void
found_help(const struct listpage *p, struct buf *out)
{
	(void)p;
	buf_printf(out, "%s\n", tr("Type zs or zhangsan for 张三, 0317 for an "
		"id number or telephone that ends or begins so, zs0317 for "
		"both; zs hongqi for one of the village 红旗村. With nothing typed: "
		"whom you opened last."));
}

static struct listing_source
found_source(struct listpage *p)
{
	return (struct listing_source){ .self = p, .count = rows_count,
		.generation = rows_generation, .id = rows_id,
		.cell = row_text, .heading = rows_heading };
}

static const struct listpage_kind kind = {
	.keys = &keymap,
	.typing = &keymap,
	.label = TR_MARK("Find:"),
	.title_of = found_title,
	.fit = true,
	.fill = found_fill,
	.find = found_search,
	.act = found_act,
	.help = found_help,
	.source = found_source,
};

void
screen_lookup_push(struct app *app)
{
	struct screen_lookup *w = mem_alloc(1, sizeof *w);

	listpage_push(app, &w->page, &kind);
}
