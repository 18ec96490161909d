/*
 * A page with one code on it.
 */
#include "client/screen_code.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"

enum { CODE_ROW = 3, CODE_COL = 8, CODE_LINES_ROW = 7 };

struct screen_code {
	struct view view;		/* first */
	char *title, *code, *lines;	/* owned; code is wiped */
};

enum { CODE_BACK = 1 };

static const struct keymap_entry entries[] = {
	{ 'q', PRESS_CTRL + 'X', CODE_BACK, TR_MARK("written down"),
	    TR_MARK("Back; it cannot be shown again."), KEYMAP_ALWAYS },
	{ PRESS_ESC, PRESS_ENTER, CODE_BACK, TR_MARK("written down"),
	    TR_MARK("Back; it cannot be shown again."), KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &app_keymap,
};

static struct screen_code *
of(const struct view *v)
{
	return (struct screen_code *)(uintptr_t)v;
}

static void
code_title(const struct view *v, struct buf *out)
{
	buf_text(out, of(v)->title);
}

/* One sign, one blank: "K 7 Q M  -  2 X W D". */
static void
paint_code(const struct screen_code *w, struct canvas *c, int row)
{
	int col = CODE_COL;

	for (const char *at = w->code; *at; at++) {
		char sign[2] = { *at, '\0' };

		(void)canvas_text(c, row, col, 1, ROLE_TITLE, sign);
		col += 2;
	}
}

static void
code_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	const struct screen_code *w = of(v);
	int row = body->row + CODE_LINES_ROW;

	paint_code(w, c, body->row + CODE_ROW);
	for (const char *at = w->lines; *at && row < body->row + body->rows;) {
		size_t len = strcspn(at, "\n");
		char *line = mem_strndup(at, len);

		(void)canvas_text_cut(c, row++, 2, body->cols - 3, ROLE_TEXT,
			line);
		free(line);
		at += len + (at[len] == '\n');
	}
}

static enum view_answer
code_press(struct view *v, struct view_stack *s, const struct press *p)
{
	(void)v;
	(void)s;
	return keymap_find(&keymap, p->code) == CODE_BACK ? VIEW_CLOSE
		: VIEW_IGNORED;
}

static const struct keymap *
code_keymap(const struct view *v)
{
	(void)v;
	return &keymap;
}

static void
code_free(struct view *v)
{
	struct screen_code *w = of(v);

	crypto_wipe(w->code, strlen(w->code));
	free(w->code);
	free(w->title);
	free(w->lines);
	free(w);
}

static const struct view_ops ops = {
	.title = code_title,
	.paint = code_paint,
	.press = code_press,
	.keymap = code_keymap,
	.free = code_free,
};

void
screen_code_push(struct app *app, const char *title, const char *code,
	const char *lines)
{
	struct screen_code *w = mem_alloc(1, sizeof *w);

	w->view.ops = &ops;
	w->title = mem_strdup(title);
	w->code = mem_strdup(code);
	w->lines = mem_strdup(lines);
	view_push(&app->stack, &w->view);
}
