#ifndef UI_FORMVIEW_PARTS_H
#define UI_FORMVIEW_PARTS_H

#include "ui/formview.h"
#include "ui/lineedit.h"
#include "ui/prompt.h"

/*
 * The inside of ui/formview, shared by its files and by nobody else: formview
 * (presses, saving, the promises of formview.h), formview_walk (which fields
 * and in which order), formview_edit (one field), formview_pick (the popups),
 * formview_same (what a field takes from elsewhere), formview_keys (keys and
 * what is said of them), formview_paint (where things stand), formview_undo
 * (what fields held before).
 */

enum { FORM_SAVE = 1, FORM_LEAVE, FORM_NEXT, FORM_BACK, FORM_PAGE_NEXT,
	FORM_PAGE_BACK, FORM_LIST, FORM_OPEN, FORM_FAULTS, FORM_NEXT_FAULT,
	FORM_SAME, FORM_SAME_ALL, FORM_HELP, FORM_EDIT };

enum formview_doing {
	FORMVIEW_TYPING,	/* presses go to the field */
	FORMVIEW_PICKING,	/* to the popup of the field's choices */
	FORMVIEW_FAULTS,	/* to the popup of all complaints */
	FORMVIEW_ASKING,	/* to the question of leaving */
};

struct formview_left {
	const struct schema_field *field;
	char *text;			/* owned; when the cursor came */
};

struct formview {
	struct formview_options o;
	struct record record;		/* owned; only values that parse */
	struct values raw;		/* typed texts that are none */
	struct values saved;		/* the values when new or saved */
	struct faults faults;
	struct faults asked;		/* warnings that a save asked about */
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
	char *entered;			/* what the field held when the cursor
					 * came; owned */
	struct formview_left *left;	/* fields changed and left, the last
					 * last; owned */
	size_t left_count;
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
/* The n-th field of all pages; NULL at the end.  *page (may be NULL): which. */
const struct schema_field *formview_form_field(const struct formview *f,
	size_t n, size_t *page);
/* Put the cursor into a field of a page and begin to edit it. */
void formview_enter(struct formview *f, size_t page,
	const struct schema_field *x);
/* The field after (+1) or before (-1) the cursor, on whichever page; false:
 * there is none. */
bool formview_step(struct formview *f, int by);
bool formview_step_page(struct formview *f, int by);
/* To the first field, in reading order, of this kind, or to the next one after
 * the cursor (after the last comes the first); false: none. */
enum formview_sought { FORMVIEW_STOPPED, FORMVIEW_WARNED, FORMVIEW_MISSING,
	FORMVIEW_EMPTY };
bool formview_seek(struct formview *f, enum formview_sought what, bool next);
/* How many fields are so; *at: which of them the cursor is in, from 1 (0:
 * none). */
size_t formview_count(const struct formview *f, enum formview_sought what,
	size_t *at);
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
 * kept), or a rule stops it (said, marked, taken): the cursor stays once, and
 * goes on when the key is pressed again. */
bool formview_check_field(struct formview *f);
void formview_store(struct formview *f, const struct schema_field *x,
	const char *text);
/* Take what was typed for the field as its value; false as above. */
bool formview_take(struct formview *f, const char *typed);
void formview_drop_fault(struct formview *f, const char *field);
/* What a field shows: its text as typed or as people read it, appended. */
void formview_show(const struct formview *f, const struct schema_field *x,
	struct buf *out);
enum formview_answer formview_edit(struct formview *f, const struct press *p);
/* Characters that a field takes. */
size_t formview_most_chars(const struct schema_field *x);
/* Put this text into the field as if typed; undo takes it back. */
void formview_retype(struct formview *f, const char *text, size_t len);
/* The same for a field that is chosen: a value as stored.  false: a rule
 * stops it (said, marked, taken). */
bool formview_choose(struct formview *f, const char *text);

/* ---- undo ---- */

/* The cursor leaves its field; it has come to another. */
void formview_undo_left(struct formview *f);
void formview_undo_entered(struct formview *f);
/* Go to the field that was changed and left last and put back what it held;
 * false (said): there is none. */
bool formview_undo_back(struct formview *f);
void formview_undo_release(struct formview *f);

/* ---- pick ---- */

void formview_pick(struct formview *f, const char *typed);	/* open popup */
/* Behind what a search found: what was typed itself. */
void formview_pick_as_typed(struct picker *p, const char *typed);
/* The popup said Enter: take the choice and go on. */
enum formview_answer formview_picked(struct formview *f);
void formview_list_faults(struct formview *f);

/* ---- same ---- */

/* A text that is offered what was entered in it before? */
bool formview_is_recalled(const struct formview *f,
	const struct schema_field *x);
void formview_recall(struct formview *f);	/* open its popup */
void formview_same(struct formview *f);		/* this field */
void formview_same_all(struct formview *f);	/* the form's that repeat */

#endif
