#ifndef UI_FORMVIEW_H
#define UI_FORMVIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/uuid.h"
#include "core/record.h"
#include "core/rule.h"
#include "core/schema.h"
#include "ui/canvas.h"
#include "ui/keymap.h"
#include "ui/picker.h"
#include "ui/press.h"

/*
 * A form: one record edited by its definition's pages.  A widget, not a view:
 * the owner's view passes it presses and its body, and does what it answers.
 *
 * 1. The form never loses what was typed: a text that is no value stays in
 *    its field, in the draft, and is marked, until somebody mends it.
 * 2. Leaving a field says what is wrong at that field only.  What would stop
 *    the save keeps the cursor there once, whatever kind it is; a warning is
 *    said.  Saving checks all (rule_check) and goes to the first bad one; a
 *    warning that is new is asked about once.
 * 3. A field that show_when hides keeps its value and is not shown.
 * 4. The text of a filled field is marked when the cursor comes: typing
 *    replaces it, moving the cursor first mends it.  Not in notes.
 */

struct formview;

/* What the form cannot know: other records. */
struct formview_hooks {
	void *self;
	/* Append how a reference is shown ("王小明 男 1985"); nothing if the
	 * record is unknown here. */
	void (*ref_text)(void *self, const char *reg, const struct uuid *id,
		struct buf *out);
	/* picker_add(p, uuid text, "", words) what matches, best first. */
	void (*ref_search)(void *self, const char *reg, const char *typed,
		struct picker *p);
	/* May this user make a new one of the register?  NULL: no. */
	bool (*ref_may_add)(void *self, const char *reg);
	/* picker_add(p, text, "", text) what fits the field of reg, best first.
	 * NULL: a field with suggestions is typed like any text. */
	void (*suggest)(void *self, const char *reg,
		const struct schema_field *field, const char *typed,
		struct picker *p);
	/* picker_add(p, text, "", text) what was entered in the field before,
	 * the last first.  NULL: nobody remembers. */
	void (*recall)(void *self, const char *reg,
		const struct schema_field *field, const char *typed,
		struct picker *p);
	/* Append what the record of reg that was entered last, other than
	 * this one, has in the field; false: there is none.  NULL: none. */
	bool (*last_value)(void *self, const char *reg, const struct uuid *own,
		const struct schema_field *field, struct buf *out);
	/* Append day and time of now as somebody would type them.  NULL: the
	 * word for it is not known. */
	void (*now)(void *self, struct buf *out);
};

struct formview_options {
	const struct schema *schema;		/* borrowed, like all below */
	const struct schema_register *reg;
	int today;				/* day number */
	const char *user;			/* for conditions: "@me" */
	enum rule_mode mode;			/* RULE_SAVE usually */
	const struct rule_world *world;		/* NULL: unknown */
	struct formview_hooks hooks;		/* functions may be NULL */
	bool each;				/* one entry for many: what is not on
						 * its pages is each record's own
						 * matter and stops no save */
	bool shelves;				/* leaving may keep a draft */
	bool readonly;				/* shows, never edits */
	const char *role;			/* fields that another role writes
						 * are readonly; NULL: none is */
	bool hide_restricted;			/* restricted fields show *** */
};

enum formview_answer {
	FORMVIEW_IGNORED,	/* not a key of mine ('?' in a form is typed) */
	FORMVIEW_HANDLED,
	FORMVIEW_SAVE,		/* checked, nothing stops: save, then _saved() */
	FORMVIEW_LEAVE,		/* close it; a guard has been answered */
	FORMVIEW_SHELVE,	/* the same, but what is typed stays a draft */
	FORMVIEW_NEW_REF,	/* make a record for formview_field(), then
				 * formview_set() its id */
	FORMVIEW_OPEN_REF,	/* show the record the field refers to */
};

/* The record is copied.  Owned by the caller. */
struct formview *formview_new(const struct formview_options *o,
	const struct record *r);
void formview_free(struct formview *f);		/* accepts NULL */

enum formview_answer formview_press(struct formview *f,
	const struct press *p);
void formview_paint(struct formview *f, struct canvas *c,
	const struct canvas_area *body);
/* For view_ops: the question asked, the field's complaint, or its help. */
enum canvas_role formview_message(const struct formview *f, struct buf *out);
const struct keymap *formview_keymap(const struct formview *f);
/* For view_ops: a form of one page has no other to turn to. */
bool formview_may(const struct formview *f, int action);

/* The record as it stands, with what is being typed (as a value if it is one,
 * else as typed): for saving after FORMVIEW_SAVE and for drafts.  Owned by the
 * caller. */
void formview_record(const struct formview *f, struct record *out);
/* Grows with every change a draft should keep. */
uint64_t formview_changes(const struct formview *f);
bool formview_is_changed(const struct formview *f);	/* since new/saved */

/* It is on disk as r: no longer changed; unknown values come along. */
void formview_saved(struct formview *f, const struct record *r);
/* Set a value as stored (a new reference, a merge); counts as a change. */
void formview_set(struct formview *f, const char *field, const char *text);
/* Complaints of somebody else (server, rule_move); replaces all shown. */
void formview_set_faults(struct formview *f, const struct faults *faults);
/* The field the cursor is in; never NULL. */
const struct schema_field *formview_field(const struct formview *f);
/* What the typed text of a reference was, when FORMVIEW_NEW_REF is answered:
 * the name of the person to make.  Lent. */
const char *formview_ref_typed(const struct formview *f);
/* The clerk goes on typing where the cursor is: its text is not marked. */
void formview_go_on(struct formview *f);
/* To the first field that must be filled and is not, else the first empty. */
void formview_goto_empty(struct formview *f);
/* false: no such field, or hidden. */
bool formview_goto(struct formview *f, const char *field);

#endif
