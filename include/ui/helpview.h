#ifndef UI_HELPVIEW_H
#define UI_HELPVIEW_H

#include "ui/view.h"

/* Pages of text that can only be read: help, a paper's preview, a list of
 * complaints.  Scrolls by line and page; any of q, ^X, Enter or ? closes it. */

/* text is copied; lines end in '\n' and are wrapped to the window.  Owned by
 * the caller (usually given to view_push()). */
struct view *helpview_new(const char *title, const char *text);

/* Another text on the same page, which keeps its place. */
void helpview_replace(struct view *v, const char *text);

/* The help page of a view, made of its keymap and its help(). */
struct view *helpview_of(const struct view *v);

#endif
