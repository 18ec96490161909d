/*
 * A popup whose rows have keys.  An item's own key goes before the keys that
 * move the marker, so any letter can be given to one.
 */
#include "client/choice.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"

/* More rows than these stand in two columns. */
enum { CHOICE_ROWS = 17, CHOICE_COLUMNS = 2 };

struct choice_item {
	char key;
	char *text;		/* owned */
	int value;
};

struct choice {
	struct view view;	/* first */
	char *title;		/* owned */
	struct choice_item *items;
	struct keymap_entry *own;	/* rows with a key that else moves */
	struct keymap keys;
	size_t count, row, top;
	int numbers;		/* numbers given so far */
	void (*done)(void *self, struct view_stack *s, int value);
	void *self;
};

enum { CHOICE_TAKE = 1, CHOICE_CLOSE, CHOICE_DOWN, CHOICE_UP, CHOICE_OWN };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_NONE, CHOICE_TAKE, TR_MARK("take"),
	    TR_MARK("Take the marked row; a row's own key takes it at once."),
	    KEYMAP_ALWAYS },
	{ PRESS_CTRL + 'X', PRESS_ESC, CHOICE_CLOSE, TR_MARK("back"),
	    TR_MARK("Close without taking one."), KEYMAP_ALWAYS },
	{ 'j', PRESS_DOWN, CHOICE_DOWN, TR_MARK("down"),
	    TR_MARK("Next row."), KEYMAP_QUIET },
	{ 'k', PRESS_UP, CHOICE_UP, TR_MARK("up"),
	    TR_MARK("Row before."), KEYMAP_QUIET },
	{ 'q', PRESS_LEFT, CHOICE_CLOSE, TR_MARK("back"),
	    TR_MARK("Close without taking one."), KEYMAP_QUIET },
	{ PRESS_TAB, PRESS_NONE, CHOICE_DOWN, TR_MARK("down"),
	    TR_MARK("Next row."), KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, NULL,
};

static struct choice *
of(const struct view *v)
{
	return (struct choice *)(uintptr_t)v;
}

static void
choice_title(const struct view *v, struct buf *out)
{
	buf_text(out, of(v)->title);
}

/* How the items stand: columns of so many rows, each so many cells wide. */
struct layout {
	size_t columns, rows;
	int cells;
};

static struct layout
lay_out(const struct choice *ch, int most)
{
	struct layout l = { 1, ch->count, 0 };
	int widest = 0;

	for (size_t i = 0; i < ch->count; i++)
		if (utf8_cells(ch->items[i].text) > widest)
			widest = utf8_cells(ch->items[i].text);
	l.cells = widest + 5;
	if (ch->count > CHOICE_ROWS &&
	    CHOICE_COLUMNS * l.cells + 4 <= most)
		l.columns = CHOICE_COLUMNS;
	l.rows = (ch->count + l.columns - 1) / l.columns;
	if (l.rows > CHOICE_ROWS)
		l.rows = CHOICE_ROWS;
	if (l.cells + 4 > most)
		l.cells = most - 4;
	return l;
}

static void
paint_item(const struct choice *ch, struct canvas *c, size_t i, int row,
    int col, int cells)
{
	const struct choice_item *item = &ch->items[i];
	enum canvas_role role = i == ch->row ? ROLE_MARK : ROLE_TEXT;
	char key[2] = { item->key, '\0' };

	if (i == ch->row)
		(void)canvas_text(c, row, col, 1, ROLE_MARK, ">");
	(void)canvas_text(c, row, col + 2, 1, role, key);
	(void)canvas_text_cut(c, row, col + 4, cells - 4, role, item->text);
}

static void
paint_items(const struct choice *ch, struct canvas *c,
    const struct canvas_area *box, const struct layout *l)
{
	for (size_t r = 0; r < l->rows; r++) {
		int row = box->row + 1 + (int)r;

		for (size_t k = 0; k < l->columns; k++) {
			size_t i = ch->top + k * l->rows + r;

			if (i < ch->count)
				paint_item(ch, c, i, row, box->col + 2 +
				    (int)k * l->cells, l->cells);
		}
	}
}

static void
paint_title(const struct choice *ch, struct canvas *c,
    const struct canvas_area *box)
{
	int used;

	(void)canvas_text(c, box->row, box->col + 2, 1, ROLE_POPUP, " ");
	used = canvas_text_cut(c, box->row, box->col + 3, box->cols - 6,
	    ROLE_TITLE, ch->title);
	(void)canvas_text(c, box->row, box->col + 3 + used, 1, ROLE_POPUP,
	    " ");
}

/* Says that there are more than can be seen. */
static void
paint_foot(const struct choice *ch, struct canvas *c,
    const struct canvas_area *box, const struct layout *l)
{
	int row = box->row + 1 + (int)l->rows;
	struct buf words;

	if (l->columns * l->rows >= ch->count)
		return;
	buf_init(&words, BUF_LINE_MAX);
	buf_printf(&words, " %zu/%zu ", ch->row + 1, ch->count);
	(void)canvas_text(c, row, box->col + 2, box->cols - 4, ROLE_POPUP,
	    words.data);
	buf_release(&words);
}

static void
choice_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	struct choice *ch = of(v);
	struct layout l = lay_out(ch, body->cols - 10);
	struct canvas_area box = { body->row + 2, body->col + 8,
		(int)l.rows + 2, (int)l.columns * l.cells + 4 };

	if (utf8_cells(ch->title) + 8 > box.cols)
		box.cols = utf8_cells(ch->title) + 8;
	if (box.cols > body->cols - 10)
		box.cols = body->cols - 10;
	if (l.columns > 1)
		ch->top = 0;
	else if (ch->row < ch->top)
		ch->top = ch->row;
	else if (ch->row >= ch->top + l.rows)
		ch->top = ch->row - l.rows + 1;
	canvas_frame(c, &box);
	paint_title(ch, c, &box);
	paint_items(ch, c, &box, &l);
	paint_foot(ch, c, &box, &l);
}

static enum view_answer
finish(struct choice *ch, struct view_stack *s, int value)
{
	ch->done(ch->self, s, value);
	return VIEW_CLOSE;
}

static enum view_answer
choice_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct choice *ch = of(v);

	for (size_t i = 0; i < ch->count; i++)
		if (ch->items[i].key && p->code == ch->items[i].key)
			return finish(ch, s, ch->items[i].value);
	switch (keymap_find(&keymap, p->code)) {
	case CHOICE_TAKE:
		return finish(ch, s, ch->count ? ch->items[ch->row].value : -1);
	case CHOICE_CLOSE:
		return finish(ch, s, -1);
	case CHOICE_DOWN:
		if (ch->row + 1 < ch->count)
			ch->row++;
		return VIEW_HANDLED;
	case CHOICE_UP:
		if (ch->row > 0)
			ch->row--;
		return VIEW_HANDLED;
	default:
		return p->code == PRESS_PASTE ? VIEW_HANDLED : VIEW_IGNORED;
	}
}

static const struct keymap *
choice_keymap(const struct view *v)
{
	return &of(v)->keys;
}

static void
choice_free(struct view *v)
{
	struct choice *ch = of(v);

	for (size_t i = 0; i < ch->count; i++)
		free(ch->items[i].text);
	free(ch->items);
	free(ch->own);
	free(ch->title);
	free(ch);
}

static const struct view_ops ops = {
	.overlay = true,
	.title = choice_title,
	.paint = choice_paint,
	.press = choice_press,
	.keymap = choice_keymap,
	.free = choice_free,
};

struct choice *
choice_new(const char *title)
{
	struct choice *ch = mem_alloc(1, sizeof *ch);

	ch->view.ops = &ops;
	ch->title = mem_strdup(title);
	return ch;
}

void
choice_add(struct choice *c, char key, const char *text, int value)
{
	for (size_t i = 0; key && i < c->count; i++)
		if (c->items[i].key == key)
			key = 0;
	if (key == 0 && c->numbers < 9)
		key = (char)('1' + c->numbers++);
	c->items = mem_grow(c->items, c->count, sizeof *c->items);
	c->items[c->count++] = (struct choice_item){ key, mem_strdup(text),
		value };
}

void
choice_mark(struct choice *c, int value)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->items[i].value == value)
			c->row = i;
}

bool
choice_has_rows(const struct choice *c)
{
	return c->count > 0;
}

void
choice_drop(struct choice *c)
{
	choice_free(&c->view);
}

/* On the help page a letter that a row has taken moves nothing. */
static void
tell_taken(struct choice *c)
{
	size_t n = 0;

	c->own = mem_alloc(c->count, sizeof *c->own);
	for (size_t i = 0; i < c->count; i++)
		if (keymap_find(&keymap, c->items[i].key))
			c->own[n++] = (struct keymap_entry){
				c->items[i].key, PRESS_NONE,
				CHOICE_OWN + (int)i, c->items[i].text,
				c->items[i].text, KEYMAP_QUIET };
	c->keys = (struct keymap){ c->own, n, &keymap };
}

bool
choice_push(struct view_stack *s, struct choice *c,
	void (*done)(void *self, struct view_stack *s, int value), void *self)
{
	if (c->count == 0) {
		choice_free(&c->view);
		return false;
	}
	c->done = done;
	c->self = self;
	tell_taken(c);
	view_push(s, &c->view);
	return true;
}
