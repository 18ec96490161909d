/*
 * The stack of views: who has the keyboard, what was said last.
 */
#include "ui/view.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/tr.h"
#include "ui/helpview.h"

void
view_push(struct view_stack *s, struct view *v)
{
	if (s->count == VIEW_DEPTH_MAX) {
		v->ops->free(v);
		view_say(s, ROLE_ALERT, "%s",
		    tr("Too many screens are open; close some first."));
		return;
	}
	s->views[s->count++] = v;
}

struct view *
view_top(const struct view_stack *s)
{
	return s->count ? s->views[s->count - 1] : NULL;
}

void
view_stack_release(struct view_stack *s)
{
	while (s->count) {
		struct view *v = s->views[--s->count];

		v->ops->free(v);
	}
	*s = (struct view_stack){0};
}

/* Wherever it lies now: it may have pushed others before it closed. */
void
view_drop(struct view_stack *s, struct view *v)
{
	size_t at = 0;

	while (at < s->count && s->views[at] != v)
		at++;
	assert(at < s->count);
	memmove(&s->views[at], &s->views[at + 1],
	    (s->count - at - 1) * sizeof s->views[0]);
	s->count--;
	v->ops->free(v);
}

static bool
asks_for_help(const struct press *p)
{
	return p->code == '?' || p->code == PRESS_CTRL + 'G'
	    || p->code == PRESS_F1;
}

enum view_answer
view_press(struct view_stack *s, const struct press *p)
{
	struct view *v = view_top(s);
	enum view_answer answer;

	if (!v)
		return VIEW_CLOSE;
	if (s->small && p->code != PRESS_RESIZE)
		return VIEW_HANDLED;
	s->message[0] = '\0';
	answer = v->ops->press(v, s, p);
	if (answer == VIEW_IGNORED && asks_for_help(p)) {
		view_push(s, helpview_of(v));
		return VIEW_HANDLED;
	}
	if (answer == VIEW_CLOSE) {
		view_drop(s, v);
		v = view_top(s);
		if (!v)
			return VIEW_CLOSE;
		if (v->ops->refresh)
			v->ops->refresh(v, s);
		return VIEW_HANDLED;
	}
	return answer;
}

void
view_refresh(struct view_stack *s)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->views[i]->ops->refresh)
			s->views[i]->ops->refresh(s->views[i], s);
}

void
view_say(struct view_stack *s, enum canvas_role role, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(s->message, sizeof s->message, fmt, args);
	va_end(args);
	s->message_role = role;
}

void
view_complain(struct view_stack *s, const struct err *err)
{
	view_say(s, ROLE_ALERT, "%s", err->msg);
	s->beep = true;
}
