#ifndef CLIENT_SCREEN_FORM_H
#define CLIENT_SCREEN_FORM_H

#include <stdbool.h>

struct app;
struct batch;
struct draft;
struct outbox_entry;
struct schema_move;
struct schema_register;
struct uuid;
struct values;

/*
 * A record being entered or changed.  What is typed is a draft on disk within
 * a second; the draft goes with the save, in its transaction, or when the
 * clerk leaves without saving.
 */

/* A new record; preset (may be NULL) goes over the definition's initial
 * values. */
void screen_form_push_new(struct app *app, const struct schema_register *reg,
	const struct values *preset);
/* The same for the office with this code. */
void screen_form_push_new_for(struct app *app,
	const struct schema_register *reg, const struct values *preset,
	const char *office);
/* field: where the cursor begins, NULL the first. */
void screen_form_push_edit(struct app *app, const struct uuid *id,
	const char *field);
/* What a move to another state needs, on one form; saving it moves. */
void screen_form_push_move(struct app *app, const struct uuid *id,
	const struct schema_move *move);
/* One entry for many: a new record below each, or what their move needs; the
 * batch is taken.  preset as for a new record. */
void screen_form_push_batch(struct app *app, struct batch *b,
	const struct values *preset);
/* Go on with a draft, which is borrowed. */
void screen_form_push_draft(struct app *app, const struct draft *d);
/* Mend what the server refused: its values over the record as it is now; the
 * refused entry is put aside once the mended one is saved. */
void screen_form_push_mend(struct app *app, const struct outbox_entry *e);

/* Write all open forms that changed as drafts. */
void screen_form_keep_all(struct app *app);
/* Is there anything typed that no draft holds yet? */
bool screen_form_is_unkept(const struct app *app);

#endif
