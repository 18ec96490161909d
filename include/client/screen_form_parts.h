#ifndef CLIENT_SCREEN_FORM_PARTS_H
#define CLIENT_SCREEN_FORM_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/uuid.h"
#include "client/moveform.h"
#include "core/record.h"
#include "ui/formview.h"
#include "ui/view.h"

/* What screen_form.c (the view) and screen_form_begin.c (how one begins)
 * share. */
struct app;
struct batch;

/* In a draft's values: the step whose form it is. */
#define SCREEN_FORM_MOVE "@move"

struct screen_form {
	struct view view;		/* first */
	struct app *app;
	struct screen_form *outer;	/* next of app->forms */
	const struct schema_register *reg;
	const struct schema_move *move;	/* NULL: no move */
	struct moveform moveform;	/* its pages; reg.name NULL: none */
	struct formview *form;
	struct record seen;		/* what it started from; reg "": new */
	char draft[UUID_TEXT_MAX];
	bool drafted;			/* it is on disk */
	bool parted;			/* it was another window's end: the next
					 * save only says so */
	bool from_drafts;		/* gone on with from their list */
	uint64_t kept;			/* formview_changes() of that draft */
	struct screen_form *asker;	/* form that wants the new record's id */
	char asked[RECORD_NAME_MAX];	/* its field */
	int64_t mend_epoch, mend_n;	/* the refused entry; n 0: none */
	struct batch *batch;		/* owned; it is saved for each of them */
};

extern const struct view_ops screen_form_ops;

/* ---- screen_form_batch.c ---- */

void screen_form_batch_title(const struct screen_form *w, struct buf *out);
enum view_answer screen_form_batch_save(struct screen_form *w);
/* A move that asks nothing was confirmed; the batch is borrowed. */
void screen_form_batch_confirmed(struct app *app, struct batch *b);

/* A form for a new record of the office, or NULL when the role may not write
 * it. */
struct screen_form *screen_form_begin_new(struct app *app,
	const struct schema_register *reg, const struct values *preset,
	const char *office);

#endif
