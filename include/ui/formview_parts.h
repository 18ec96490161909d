#ifndef UI_FORMVIEW_PARTS_H
#define UI_FORMVIEW_PARTS_H

#include "ui/formview.h"
#include "ui/lineedit.h"
#include "ui/prompt.h"

/*
 * The inside of ui/formview, shared by its four files and by nobody else:
 * formview (presses, saving, the promises of formview.h), formview_walk (which
 * fields and in which order), formview_edit (one field's text, its choices),
 * formview_paint (where things stand).
 */

enum formview_doing {
	FORMVIEW_TYPING,	/* presses go to the field */
	FORMVIEW_PICKING,	/* to the popup of the field's choices */
	FORMVIEW_FAULTS,	/* to the popup of all complaints */
	FORMVIEW_ASKING,	/* to the question of leaving */
};

struct formview {
	struct formview_options o;
	struct record record;		/* owned; only values that parse */
	struct values raw;		/* typed texts that are none */
	struct values saved;		/* the values when new or saved */
	struct faults faults;
	const struct schema_field *field;	/* where the cursor is */
	size_t page;
	int top;			/* first row of the page shown */
	struct lineedit edit;		/* of a field that is typed */
	bool typed;			/* edit is newer than the record */
	enum formview_doing doing;
	struct picker picker;
	struct prompt prompt;
	char *ref_typed;		/* owned; never NULL */
	char *before;			/* what ^Z brings back to a choice */
	char message[ERR_MSG_MAX];
	enum canvas_role message_role;
	uint64_t changes;
};

/* ---- walk ---- */

bool formview_is_shown(const struct formview *f, const struct schema_field *x);
bool formview_may_edit(const struct formview *f, const struct schema_field *x);
/* The i-th field of a page, row by row; NULL at the end. */
const struct schema_field *formview_page_field(const struct formview *f,
	size_t page, size_t i);
/* Put the cursor into a field of a page and begin to edit it. */
void formview_enter(struct formview *f, size_t page,
	const struct schema_field *x);
/* The field after (+1) or before (-1) the cursor, on whichever page; false:
 * there is none. */
bool formview_step(struct formview *f, int by);
bool formview_step_page(struct formview *f, int by);
/* To the first field, in reading order, that a fault stops; false: none. */
bool formview_goto_fault(struct formview *f);
bool formview_page_has_fault(const struct formview *f, size_t page);

/* ---- edit ---- */

void formview_say(struct formview *f, enum canvas_role role, const char *text);
/* Is it edited as text (not chosen, not yes or no)? */
bool formview_is_text(const struct formview *f, const struct schema_field *x);
/* A text that is found among suggestions, or typed in their popup? */
bool formview_is_suggested(const struct formview *f,
	const struct schema_field *x);
void formview_load(struct formview *f);		/* begin with the field's text */
/* Take the text of the field as its value; false: it is none (said, marked,
 * kept).  A value that a rule complains of is said and marked, and taken. */
bool formview_check_field(struct formview *f);
void formview_store(struct formview *f, const struct schema_field *x,
	const char *text);
/* Take what was typed for the field as its value; false as above. */
bool formview_take(struct formview *f, const char *typed);
void formview_drop_fault(struct formview *f, const char *field);
/* What a field shows: its text as typed or as people read it, appended. */
void formview_show(const struct formview *f, const struct schema_field *x,
	struct buf *out);
void formview_pick(struct formview *f, const char *typed);	/* open popup */
enum formview_answer formview_picked(struct formview *f);
enum formview_answer formview_edit(struct formview *f, const struct press *p);
void formview_list_faults(struct formview *f);

#endif
