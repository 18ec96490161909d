#ifndef UI_VIEW_H
#define UI_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "ui/canvas.h"
#include "ui/keymap.h"
#include "ui/press.h"

/*
 * A view is one screen: it paints itself and answers presses.  Views lie on a
 * stack; the top one has the keyboard.  A view of ours is a struct whose first
 * member is struct view.
 */

struct view;
struct view_stack;

enum view_answer {
	VIEW_IGNORED,	/* not mine: the stack, then the program may use it */
	VIEW_HANDLED,
	VIEW_CLOSE,	/* take me off the stack and free me */
};

struct view_ops {
	bool overlay;		/* what is beneath stays visible (a popup) */
	void (*title)(const struct view *v, struct buf *out);
	/* body: between title and message line; the canvas is blank there,
	 * or shows the view beneath an overlay.  The view sets the cursor. */
	void (*paint)(struct view *v, struct canvas *c,
		const struct canvas_area *body);
	/* May push further views; then VIEW_CLOSE replaces this one. */
	enum view_answer (*press)(struct view *v, struct view_stack *s,
		const struct press *p);
	const struct keymap *(*keymap)(const struct view *v);
	/* Does the action mean something here and now?  NULL: all do. */
	bool (*may)(const struct view *v, int action);
	/* The line above the hints when nothing else was said (help for the
	 * field, its complaint); NULL: none.  Appends, returns the role. */
	enum canvas_role (*message)(const struct view *v, struct buf *out);
	/* Data may have changed (after sync, after a save, on return to the
	 * top): look at generation numbers.  NULL: nothing to do. */
	void (*refresh)(struct view *v, struct view_stack *s);
	/* More for the help page, appended as lines (laws, states); NULL. */
	void (*help)(const struct view *v, struct buf *out);
	void (*free)(struct view *v);
};

struct view {
	const struct view_ops *ops;
};

enum { VIEW_DEPTH_MAX = 32 };

struct view_stack {
	struct view *views[VIEW_DEPTH_MAX];	/* owned; the last is the top */
	size_t count;
	char message[ERR_MSG_MAX];	/* said last; "" none */
	enum canvas_role message_role;
	bool beep;			/* ring with the next picture */
	bool small;			/* frame_paint(): window too small */
	size_t rows;			/* the same: of the body, before it paints */
};

/* The view is taken.  Beyond VIEW_DEPTH_MAX it is freed and the stack says
 * so on the message line. */
void view_push(struct view_stack *s, struct view *v);
struct view *view_top(const struct view_stack *s);	/* NULL: empty */
/* Take a view that lies beneath off the stack and free it. */
void view_drop(struct view_stack *s, struct view *v);
void view_stack_release(struct view_stack *s);		/* frees all views */

/*
 * Give a press to the top view.  What was said before is forgotten first.
 * An ignored '?', ^G or F1 opens the help page.  In a window that is too small
 * nothing but PRESS_RESIZE is passed on.
 * VIEW_IGNORED: the caller may use it; VIEW_CLOSE: the stack is empty now.
 */
enum view_answer view_press(struct view_stack *s, const struct press *p);

/* Call refresh of all views, from the bottom. */
void view_refresh(struct view_stack *s);

/* Put a sentence on the message line until the next press; _complain rings. */
void view_say(struct view_stack *s, enum canvas_role role, const char *fmt,
	...) PRINTF_LIKE(3, 4);
void view_complain(struct view_stack *s, const struct err *err);

#endif
