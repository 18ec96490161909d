#ifndef CLIENT_ASKFORM_H
#define CLIENT_ASKFORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"

/*
 * A form whose saving is done by the server (client/app_ask) and of which
 * nothing is kept here, neither a draft nor a record.  Its few fields are told
 * as they are in the user's language.
 */
struct app;

struct askform_choice {
	const char *code, *words;	/* borrowed while the form is made */
};

struct askform_field {
	const char *name;		/* member of what is sent */
	const char *label;		/* msgid */
	const char *help;		/* msgid, NULL none */
	const char *value;		/* to begin with, NULL or "" none */
	bool which;			/* says what is changed: readonly, always
					 * sent, and then of the others only
					 * what was changed */
	bool readonly;			/* shown, never sent */
	const struct askform_choice *choices;	/* NULL: a text */
	size_t choice_count;
	int max_chars;			/* of a text */
};

enum { ASKFORM_FIELDS_MAX = 6 };

/*
 * Put the form on the stack.  title: msgid.  When path has done it, the form is
 * gone and done is told the answer (lent); what the server refuses it says on
 * the message line, and the form stays.  self lies beneath and outlives it.
 */
void askform_push(struct app *app, const char *title,
	const struct askform_field *fields, size_t count, const char *path,
	void (*done)(void *self, const struct json *answer), void *self);

#endif
