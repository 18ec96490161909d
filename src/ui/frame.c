/*
 * The picture around a view.  Rows: title and status; body; message; keys.
 */
#include "ui/frame.h"

#include <string.h>

#include "base/tr.h"
#include "base/utf8.h"

struct canvas_area
frame_body(const struct canvas *c)
{
	return (struct canvas_area){
		.row = 1, .col = 0,
		.rows = c->rows > 3 ? c->rows - 3 : 0, .cols = c->cols,
	};
}

static void
paint_small(struct canvas *c)
{
	struct buf words;

	buf_init(&words, BUF_LINE_MAX);
	buf_printf(&words, tr("Window too small: %dx%d, at least %dx%d"),
	    c->cols, c->rows, FRAME_COLS_MIN, FRAME_ROWS_MIN);
	(void)canvas_text(c, 0, 0, c->cols, ROLE_ALERT, words.data);
	buf_release(&words);
}

/* What must not be cut of a title that ends in a state in brackets: the state,
 * and the word before it (a number, a day) where there is room for both. */
static const char *
title_end(const char *text, int cells)
{
	const char *state = strrchr(text, '[');
	const char *word = state;

	if (!state || text[strlen(text) - 1] != ']' ||
	    utf8_cells(state) > cells / 2)
		return NULL;
	while (word > text && word[-1] == ' ')
		word--;
	while (word > text && word[-1] != ' ')
		word--;
	return word > text && utf8_cells(word) <= cells * 2 / 3 ? word : state;
}

/* A title that is too long loses its middle. */
static void
paint_title(struct canvas *c, int cells, const char *text)
{
	const char *end = utf8_cells(text) > cells ? title_end(text, cells) :
	    NULL;
	struct buf head;

	if (!end) {
		(void)canvas_text_cut(c, 0, 0, cells, ROLE_TITLE, text);
		return;
	}
	buf_init(&head, BUF_LINE_MAX);
	buf_add(&head, text, (size_t)(end - text));
	cells -= utf8_cells(end) + 1;
	cells = canvas_text_cut(c, 0, 0, cells, ROLE_TITLE, head.data);
	(void)canvas_text(c, 0, cells + 1, utf8_cells(end), ROLE_TITLE, end);
	buf_release(&head);
}

static void
paint_top(struct canvas *c, const struct view *v, const char *status,
    enum canvas_role role)
{
	int cells = utf8_cells(status);
	struct buf title;

	if (cells > c->cols / 2)
		cells = c->cols / 2;
	buf_init(&title, BUF_LINE_MAX);
	v->ops->title(v, &title);
	paint_title(c, c->cols - cells - 1, title.data);
	(void)canvas_text_cut(c, 0, c->cols - cells, cells, role, status);
	buf_release(&title);
}

static bool
view_may(const void *self, int action)
{
	const struct view *v = self;

	return v->ops->may(v, action);
}

static void
paint_bottom(struct canvas *c, const struct view_stack *s)
{
	const struct view *top = view_top(s);
	const struct keymap_now now = { top->ops->may ? view_may : NULL, top };
	enum canvas_role role = s->message_role;
	struct buf words;

	buf_init(&words, BUF_LINE_MAX);
	if (s->message[0])
		buf_text(&words, s->message);
	else if (top->ops->message)
		role = top->ops->message(top, &words);
	(void)canvas_text_cut(c, c->rows - 2, 0, c->cols, role, words.data);
	buf_clear(&words);
	keymap_hints(&words, top->ops->keymap(top), &now, c->cols - 1);
	(void)canvas_text(c, c->rows - 1, 0, c->cols - 1, ROLE_HINT,
	    words.data);
	buf_release(&words);
}

void
frame_paint(struct canvas *c, struct view_stack *s, const char *status,
    enum canvas_role status_role)
{
	struct canvas_area body = frame_body(c);
	size_t base = s->count;

	canvas_clear(c);
	c->beep = s->beep;
	s->beep = false;
	s->small = c->cols < FRAME_COLS_MIN || c->rows < FRAME_ROWS_MIN;
	if (s->small) {
		paint_small(c);
		return;
	}
	s->rows = (size_t)body.rows;
	if (s->count == 0)
		return;
	do
		base--;
	while (base > 0 && s->views[base]->ops->overlay);
	paint_bottom(c, s);
	/* After the message line, because a prompt writes its question there. */
	for (size_t i = base; i < s->count; i++) {
		c->cursor_row = c->cursor_col = -1;
		s->views[i]->ops->paint(s->views[i], c, &body);
	}
	/* A title may say on which page one is. */
	paint_top(c, s->views[base], status, status_role);
}
