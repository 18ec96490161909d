/*
 * A popup whose rows have keys.  An item's own key goes before the keys that
 * move the marker, so any letter can be given to one.
 */
#include "client/choice.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"

enum { CHOICE_ROWS = 17 };

struct choice_item {
	char key;
	char *text;		/* owned */
	int value;
};

struct choice {
	struct view view;	/* first */
	char *title;		/* owned */
	struct choice_item *items;
	size_t count, row, top;
	int numbers;		/* numbers given so far */
	void (*done)(void *self, struct view_stack *s, int value);
	void *self;
};

enum { CHOICE_TAKE = 1, CHOICE_CLOSE, CHOICE_DOWN, CHOICE_UP };

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

static void
border(struct canvas *c, const struct canvas_area *box, int row)
{
	struct canvas_area line = { row, box->col, 1, box->cols };

	canvas_fill(c, &line, ROLE_POPUP, '-');
	(void)canvas_text(c, row, box->col, 1, ROLE_POPUP, "+");
	(void)canvas_text(c, row, box->col + box->cols - 1, 1, ROLE_POPUP,
	    "+");
}

static void
paint_item(const struct choice *ch, struct canvas *c,
    const struct canvas_area *box, size_t i)
{
	const struct choice_item *item = &ch->items[i];
	enum canvas_role role = i == ch->row ? ROLE_MARK : ROLE_TEXT;
	int row = box->row + 1 + (int)(i - ch->top);
	char key[2] = { item->key, '\0' };

	canvas_field(c, row, box->col, box->cols, ROLE_POPUP, "|");
	(void)canvas_text(c, row, box->col + box->cols - 1, 1, ROLE_POPUP,
	    "|");
	if (i == ch->row)
		(void)canvas_text(c, row, box->col + 2, 1, ROLE_MARK, ">");
	(void)canvas_text(c, row, box->col + 4, 1, role, key);
	(void)canvas_text_cut(c, row, box->col + 6, box->cols - 8, role,
	    item->text);
}

static void
choice_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	struct choice *ch = of(v);
	size_t rows = ch->count < CHOICE_ROWS ? ch->count : CHOICE_ROWS;
	struct canvas_area box = { body->row + 2, body->col + 8,
		(int)rows + 2, utf8_cells(ch->title) + 8 };

	if (ch->row < ch->top)
		ch->top = ch->row;
	if (ch->row >= ch->top + rows)
		ch->top = ch->row - rows + 1;
	for (size_t i = 0; i < ch->count; i++)
		if (utf8_cells(ch->items[i].text) + 9 > box.cols)
			box.cols = utf8_cells(ch->items[i].text) + 9;
	if (box.cols > body->cols - 10)
		box.cols = body->cols - 10;
	border(c, &box, box.row);
	(void)canvas_text(c, box.row, box.col + 2, 1, ROLE_POPUP, " ");
	{
		int used = canvas_text_cut(c, box.row, box.col + 3,
		    box.cols - 6, ROLE_TITLE, ch->title);

		(void)canvas_text(c, box.row, box.col + 3 + used, 1,
		    ROLE_POPUP, " ");
	}
	for (size_t i = ch->top; i < ch->top + rows; i++)
		paint_item(ch, c, &box, i);
	border(c, &box, box.row + 1 + (int)rows);
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
	(void)v;
	return &keymap;
}

static void
choice_free(struct view *v)
{
	struct choice *ch = of(v);

	for (size_t i = 0; i < ch->count; i++)
		free(ch->items[i].text);
	free(ch->items);
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
choice_push(struct view_stack *s, struct choice *c,
	void (*done)(void *self, struct view_stack *s, int value), void *self)
{
	if (c->count == 0) {
		choice_free(&c->view);
		return false;
	}
	c->done = done;
	c->self = self;
	view_push(s, &c->view);
	return true;
}
