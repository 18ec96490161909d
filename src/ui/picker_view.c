/*
 * A picker as an overlay on the stack of views.
 */
#include "ui/picker.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"

struct picker_view {
	struct view view;	/* first */
	struct picker picker;
	void (*done)(void *self, struct view_stack *s, const char *value);
	void *self;
};

static struct picker_view *
of(const struct view *v)
{
	return (struct picker_view *)(uintptr_t)v;
}

static void
view_title(const struct view *v, struct buf *out)
{
	buf_text(out, of(v)->picker.title);
}

static void
view_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	picker_paint(&of(v)->picker, c, body, body->row + 1,
	    body->col + 10);
}

static const struct keymap *
view_keymap(const struct view *v)
{
	return picker_keymap(&of(v)->picker);
}

static enum view_answer
view_key(struct view *v, struct view_stack *s, const struct press *p)
{
	struct picker_view *pv = of(v);
	enum picker_answer answer = picker_press(&pv->picker, p);
	struct buf value;

	if (answer == PICKER_HANDLED || answer == PICKER_IGNORED)
		return answer == PICKER_HANDLED ? VIEW_HANDLED : VIEW_IGNORED;
	buf_init(&value, BUF_LINE_MAX);
	picker_value(&pv->picker, &value);
	pv->done(pv->self, s, answer == PICKER_CHOSEN ? value.data : NULL);
	buf_release(&value);
	return VIEW_CLOSE;
}

static void
view_free(struct view *v)
{
	picker_release(&of(v)->picker);
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

void
picker_push(struct view_stack *s, struct picker *p,
    void (*done)(void *self, struct view_stack *s, const char *value),
    void *self)
{
	struct picker_view *pv = mem_alloc(1, sizeof *pv);

	pv->view.ops = &ops;
	pv->picker = *p;
	*p = (struct picker){0};
	pv->done = done;
	pv->self = self;
	view_push(s, &pv->view);
}
