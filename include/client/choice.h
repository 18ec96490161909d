#ifndef CLIENT_CHOICE_H
#define CLIENT_CHOICE_H

#include "ui/view.h"

/*
 * A popup of a few actions, each with a key that takes it at once: filters,
 * sort orders, moves, what to add.  Arrows and Enter work too.
 */
struct choice;

struct choice *choice_new(const char *title);
/* key 0, or one that another row has: the next number.  Texts are copied. */
void choice_add(struct choice *c, char key, const char *text, int value);
/* The row that is marked first. */
void choice_mark(struct choice *c, int value);

/* Is there anything to choose?  One that is not pushed is dropped. */
bool choice_has_rows(const struct choice *c);
void choice_drop(struct choice *c);

/* The choice is taken.  done gets the value of what was taken, or -1; it may
 * push further views.  false: it has no rows, so nothing was pushed. */
bool choice_push(struct view_stack *s, struct choice *c,
	void (*done)(void *self, struct view_stack *s, int value), void *self);

#endif
