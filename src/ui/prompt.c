/*
 * A question and its answer, on one row.
 */
#include "ui/prompt.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"

/* A yes is one letter; more room would only invite words. */
enum { YES_CHARS = 1 };

enum { PROMPT_TAKE = KEYMAP_PROMPT, PROMPT_BACK };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_NONE, PROMPT_TAKE, TR_MARK("done"),
	    TR_MARK("Take the answer."), KEYMAP_ALWAYS },
	{ PRESS_CTRL + 'X', PRESS_ESC, PROMPT_BACK, TR_MARK("cancel"),
	    TR_MARK("Take the question back."), KEYMAP_ALWAYS },
	{ PRESS_CTRL + 'C', PRESS_NONE, PROMPT_BACK, TR_MARK("cancel"),
	    TR_MARK("Take the question back."), KEYMAP_QUIET },
};

const struct keymap prompt_keymap = {
	entries, sizeof entries / sizeof *entries, NULL,
};

void
prompt_init(struct prompt *p, enum prompt_kind kind, const char *question,
    size_t max_chars)
{
	*p = (struct prompt){ .kind = kind, .question = mem_strdup(question) };
	lineedit_init(&p->edit, 1, 40,
	    kind == PROMPT_YES ? YES_CHARS : max_chars);
	p->edit.mask = kind == PROMPT_PASSWORD;
}

void
prompt_release(struct prompt *p)
{
	free(p->question);
	lineedit_release(&p->edit);
	*p = (struct prompt){0};
}

enum prompt_answer
prompt_press(struct prompt *p, const struct press *pr)
{
	/* Pasted text may not confirm anything. */
	if (p->kind == PROMPT_YES
	    && (pr->code == PRESS_PASTE || pr->after_paste))
		return PROMPT_HANDLED;
	switch (keymap_find(&prompt_keymap, pr->code)) {
	case PROMPT_TAKE:
		return PROMPT_DONE;
	case PROMPT_BACK:
		return PROMPT_CANCELLED;
	default:
		break;
	}
	if (p->kind == PROMPT_YES && press_is_char(pr))
		(void)lineedit_set(&p->edit, "");
	(void)lineedit_press(&p->edit, pr);
	return PROMPT_HANDLED;
}

void
prompt_text(const struct prompt *p, struct buf *out)
{
	if (p->kind == PROMPT_YES)
		buf_text(out, prompt_is_yes(p) ? "y" : "");
	else
		lineedit_get(out, &p->edit);
}

bool
prompt_is(const struct prompt *p, char letter)
{
	return p->edit.len == 1 &&
		utf8_fold(p->edit.text[0]) == (uint32_t)letter;
}

bool
prompt_is_yes(const struct prompt *p)
{
	return prompt_is(p, 'y');
}

void
prompt_paint(struct prompt *p, struct canvas *c, int row, int col, int cells)
{
	int used;

	canvas_field(c, row, col, cells, ROLE_TEXT, "");
	used = canvas_text_cut(c, row, col, cells * 3 / 4, ROLE_WARN,
	    p->question);
	used += canvas_text(c, row, col + used, 1, ROLE_TEXT, " ");
	lineedit_resize(&p->edit, 1,
	    p->kind == PROMPT_YES ? 2 : cells - used - 1);
	lineedit_paint(&p->edit, c, row, col + used, ROLE_INPUT_NOW, true);
}

/* ---- as a view ---- */

struct prompt_view {
	struct view view;	/* first */
	struct prompt prompt;
	void (*done)(void *self, struct view_stack *s, const char *text);
	void *self;
};

static struct prompt_view *
of(const struct view *v)
{
	return (struct prompt_view *)(uintptr_t)v;
}

static void
view_title(const struct view *v, struct buf *out)
{
	buf_text(out, of(v)->prompt.question);
}

static void
view_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	prompt_paint(&of(v)->prompt, c, body->row + body->rows, body->col,
	    body->cols);
}

static const struct keymap *
view_keymap(const struct view *v)
{
	(void)v;
	return &prompt_keymap;
}

static enum view_answer
view_key(struct view *v, struct view_stack *s, const struct press *p)
{
	struct prompt_view *pv = of(v);
	enum prompt_answer answer = prompt_press(&pv->prompt, p);
	bool taken = answer == PROMPT_DONE;
	struct buf text;

	if (answer == PROMPT_HANDLED)
		return VIEW_HANDLED;
	if (pv->prompt.kind == PROMPT_YES)
		taken = taken && prompt_is_yes(&pv->prompt);
	buf_init(&text, BUF_LINE_MAX);
	prompt_text(&pv->prompt, &text);
	pv->done(pv->self, s, taken ? text.data : NULL);
	crypto_wipe(text.data, text.len);
	buf_release(&text);
	return VIEW_CLOSE;
}

static void
view_free(struct view *v)
{
	prompt_release(&of(v)->prompt);
	free(of(v));
}

static const struct view_ops ops = {
	.overlay = true,
	.title = view_title,
	.paint = view_paint,
	.press = view_key,
	.keymap = view_keymap,
	.free = view_free,
};

/* As much as a password or a sentence of reason needs. */
enum { ANSWER_CHARS = 200 };

void
prompt_push(struct view_stack *s, enum prompt_kind kind, const char *question,
    const char *initial,
    void (*done)(void *self, struct view_stack *s, const char *text),
    void *self)
{
	struct prompt_view *pv = mem_alloc(1, sizeof *pv);

	pv->view.ops = &ops;
	pv->done = done;
	pv->self = self;
	prompt_init(&pv->prompt, kind, question, ANSWER_CHARS);
	if (initial)
		(void)lineedit_set(&pv->prompt.edit, initial);
	view_push(s, &pv->view);
}
