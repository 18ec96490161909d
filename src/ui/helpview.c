/*
 * Text to read.  The lines are found again at each picture, because the window
 * may have another width; a help page is short.
 */
#include "ui/helpview.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "ui/wrap.h"

struct helpview {
	struct view view;	/* first */
	char *title;		/* owned */
	uint32_t *text;		/* owned */
	size_t len;
	size_t top;		/* first line shown */
	size_t lines;		/* as painted last */
	size_t height;
};

enum { HANG_MAX = 40 };	/* cells; further right nothing could be read */

enum { HELP_CLOSE = 1, HELP_DOWN, HELP_UP, HELP_PAGE_DOWN, HELP_PAGE_UP,
	HELP_START, HELP_END };

static const struct keymap_entry entries[] = {
	{ 'j', PRESS_DOWN, HELP_DOWN, TR_MARK("down"),
	    TR_MARK("One line down."), KEYMAP_QUIET },
	{ 'k', PRESS_UP, HELP_UP, TR_MARK("up"),
	    TR_MARK("One line up."), KEYMAP_QUIET },
	{ ' ', PRESS_PGDN, HELP_PAGE_DOWN, TR_MARK("page down"),
	    TR_MARK("One page down."), KEYMAP_HINT },
	{ 'b', PRESS_PGUP, HELP_PAGE_UP, TR_MARK("page up"),
	    TR_MARK("One page up."), KEYMAP_HINT },
	{ 'g', PRESS_HOME, HELP_START, TR_MARK("start"),
	    TR_MARK("To the beginning."), KEYMAP_QUIET },
	{ 'G', PRESS_END, HELP_END, TR_MARK("end"),
	    TR_MARK("To the end."), KEYMAP_QUIET },
	{ 'q', PRESS_ESC, HELP_CLOSE, TR_MARK("back"),
	    TR_MARK("Close this page."), KEYMAP_ALWAYS },
	{ PRESS_ENTER, '?', HELP_CLOSE, TR_MARK("back"),
	    TR_MARK("Close this page."), KEYMAP_QUIET },
	{ PRESS_CTRL + 'X', PRESS_CTRL + 'G', HELP_CLOSE, TR_MARK("back"),
	    TR_MARK("Close this page."), KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, NULL,
};

static struct helpview *
self(const struct view *v)
{
	return (struct helpview *)(uintptr_t)v;
}

static void
help_title(const struct view *v, struct buf *out)
{
	buf_text(out, self(v)->title);
}

static const struct keymap *
help_keymap(const struct view *v)
{
	(void)v;
	return &keymap;
}

/* Where the second column of a line begins, in cells: what does not fit goes on
 * below it.  Without one, below the line's own beginning. */
static int
hang(const struct helpview *h, size_t start)
{
	int cells = 0, blanks = 0, indent = 0;
	bool began = false;

	for (size_t i = start; i < h->len && h->text[i] != '\n'; i++) {
		if (h->text[i] == ' ') {
			blanks++;
		} else {
			if (!began)
				indent = cells;
			else if (blanks >= 2)
				return cells < HANG_MAX ? cells : indent;
			began = true;
			blanks = 0;
		}
		cells += utf8_char_cells(h->text[i]);
	}
	return indent < HANG_MAX ? indent : 0;
}

static void
paint_line(const struct helpview *h, struct canvas *c, int row, int from_col,
    int cells, size_t from, size_t to)
{
	int col = 1 + from_col;

	for (size_t i = from; i < to; i++)
		col += canvas_char(c, row, col, cells - col, ROLE_TEXT,
		    h->text[i]);
}

static void
help_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	struct helpview *h = self(v);
	size_t next = h->len ? 0 : WRAP_LAST, line = 0;
	int cols = body->cols > 2 ? body->cols - 2 : 1;
	int indent = 0;

	h->height = body->rows > 0 ? (size_t)body->rows : 1;
	while (next != WRAP_LAST) {
		size_t start = next, end;
		bool begins = start == 0 || h->text[start - 1] == '\n';
		int col = begins ? 0 : indent;

		if (begins)
			indent = hang(h, start);
		if (col >= cols)
			col = 0;
		end = wrap_line(h->text, h->len, start, cols - col, &next);
		if (line >= h->top && line < h->top + h->height)
			paint_line(h, c, body->row + (int)(line - h->top),
			    col, body->cols, start, end);
		line++;
	}
	h->lines = line;
}

static void
go(struct helpview *h, size_t top)
{
	size_t most = h->lines > h->height ? h->lines - h->height : 0;

	h->top = top < most ? top : most;
}

static enum view_answer
help_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct helpview *h = self(v);

	(void)s;
	switch (keymap_find(&keymap, p->code)) {
	case HELP_CLOSE:
		return VIEW_CLOSE;
	case HELP_DOWN:
		go(h, h->top + 1);
		break;
	case HELP_UP:
		go(h, h->top ? h->top - 1 : 0);
		break;
	case HELP_PAGE_DOWN:
		go(h, h->top + h->height);
		break;
	case HELP_PAGE_UP:
		go(h, h->top > h->height ? h->top - h->height : 0);
		break;
	case HELP_START:
		go(h, 0);
		break;
	case HELP_END:
		go(h, h->lines);
		break;
	default:
		return VIEW_IGNORED;
	}
	return VIEW_HANDLED;
}

static void
help_free(struct view *v)
{
	struct helpview *h = self(v);

	free(h->title);
	free(h->text);
	free(h);
}

static const struct view_ops ops = {
	.title = help_title,
	.paint = help_paint,
	.press = help_press,
	.keymap = help_keymap,
	.free = help_free,
};

struct view *
helpview_new(const char *title, const char *text)
{
	struct helpview *h = mem_alloc(1, sizeof *h);

	h->view.ops = &ops;
	h->title = mem_strdup(title);
	helpview_replace(&h->view, text);
	return &h->view;
}

void
helpview_replace(struct view *v, const char *text)
{
	struct helpview *h = self(v);

	free(h->text);
	h->text = wrap_decode(text, &h->len);
	if (h->len && h->text[h->len - 1] == '\n')
		h->len--;
}

struct view *
helpview_of(const struct view *v)
{
	struct buf title, text;
	struct view *out;

	buf_init(&title, BUF_LINE_MAX);
	buf_init(&text, BUF_RECORD_MAX);
	buf_printf(&title, "%s%s", tr("Help"), tr(": "));
	v->ops->title(v, &title);
	buf_printf(&text, "\n%s\n\n", tr("Keys"));
	keymap_help(&text, v->ops->keymap(v));
	if (v->ops->help) {
		buf_char(&text, '\n');
		v->ops->help(v, &text);
	}
	out = helpview_new(title.data, text.data);
	buf_release(&title);
	buf_release(&text);
	return out;
}
