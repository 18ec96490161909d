#ifndef CLIENT_APP_H
#define CLIENT_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/uuid.h"
#include "client/app_ask.h"
#include "client/app_fetch.h"
#include "client/app_history.h"
#include "client/app_sync.h"
#include "client/app_wake.h"
#include "client/cli.h"
#include "store/outbox.h"
#include "ui/canvas.h"
#include "ui/keymap.h"
#include "ui/press.h"
#include "ui/view.h"

/*
 * The screens as a whole, without a terminal: the stack of views, the status
 * corner, what happens in time.  The loop of screens.c drives it with a
 * terminal, a test with presses and a canvas.
 *
 * 1. Nothing here waits for a network; what needs one runs in a child (job.h).
 * 2. A form in progress is a draft on disk within a second of the last key.
 * 3. The first view of the stack is the sign-in; nothing else is on it while
 *    the cache is locked.
 */
struct batch;
struct due_item;
struct screen_form;
struct schema_move;
struct schema_register;

/* Arrivals that were rung for already, or stood here at the sign-in. */
struct app_bell {
	bool known;
	size_t count;
	char last[CLOCK_TEXT_MAX];
};

/* What the question on top of the stack is about; there is one at a time, so
 * it needs no memory that a lock could leave behind. */
struct app_question {
	const struct schema_register *reg;
	const struct schema_move *move;
	struct uuid id;			/* of the record */
	char *why;			/* owned; of a withdrawal */
	struct due_item *due;		/* owned; to put aside */
	size_t due_count;
	struct batch *batch;		/* owned; of marked rows */
};

struct app {
	struct cli *cli;		/* borrowed: home, schema, store */
	struct view_stack stack;
	uint64_t generation;		/* of the store, as shown */
	int today;			/* day number, as shown */
	int64_t clock_at, clock_ms;	/* wall and monotonic, looked at last */
	bool behind;			/* the clock is not believed */
	struct outbox_counts counts;	/* as of that generation */
	struct app_sync sync;
	struct app_history history;
	struct app_fetch fetch;
	struct app_ask ask;
	struct app_bell bell;
	struct screen_form *forms;	/* open forms, the innermost first */
	void (*later)(void *self);	/* to do once the picture is painted */
	void *later_self;
	struct app_question asked;
	struct uuid entered;		/* new, for the list to stand on */
	int64_t pressed_ms;		/* monotonic, the last press */
	struct app_wake wake;
	int64_t kept_ms;		/* monotonic, when all typed was kept */
	bool redraw;			/* send the next picture whole */
	bool leave;			/* the user wants to go */
	bool signed_in;			/* somebody did, at any time */
	bool by_keyring;		/* the command line's sign-in opened */
};

/* The cache of cli may be NULL (none yet): the sign-in says how to make one. */
void app_init(struct app *app, struct cli *cli);
/* Stops children, wipes, frees all views. */
void app_release(struct app *app);

void app_press(struct app *app, const struct press *p);
/* Paint the whole picture. */
void app_paint(struct app *app, struct canvas *c);
/* What waited for the picture to be seen (a slow password check); false:
 * there was nothing. */
bool app_run_later(struct app *app);
void app_later(struct app *app, void (*fn)(void *self), void *self);
/* While nobody types: a little of what will be asked for; true: there is
 * more. */
bool app_idle(struct app *app);
/* Whenever the loop woke: other sessions' changes, drafts, sync, idle lock.
 * true: the picture may have changed. */
bool app_tick(struct app *app);
/* When the first draft is to be written; 0 all that was typed is kept. */
int64_t app_keep_by_ms(const struct app *app);

/* Show what was changed: after a save of our own or of another session. */
void app_look(struct app *app);
/* After sign-in: home, and drafts if there are any.  by_keyring: it was the
 * command line's; locking and leaving end that one too. */
void app_signed_in(struct app *app, bool by_keyring);
/* Leaving the program: keep drafts, the next start asks for the password. */
void app_quit(struct app *app);
/* Keep drafts, wipe the key, back to the sign-in. */
void app_lock(struct app *app);
/* Write all forms in progress as drafts now. */
void app_keep_drafts(struct app *app);

/* A child of our own program, with the unlocked key on its standard input; it
 * needs --key-stdin among its arguments, which end with NULL.
 * Errors: E_AUTH no key can be handed over; E_IO. */
MUST_CHECK enum status app_child(struct job *job, struct app *app,
	const char *const *args, struct err *err);
/* The same, and behind the key what it is to send (may be NULL): short, as it
 * is written at once. */
MUST_CHECK enum status app_child_with(struct job *job, struct app *app,
	const char *const *args, const char *body, struct err *err);

const char *app_role(const struct app *app);	/* of the user, "" none */
const char *app_login(const struct app *app);
/* The signed-in person's name, for "@me"; "" nobody. */
const char *app_name(const struct app *app);

/* Keys that work wherever a view does not use them; ends with the list's. */
extern const struct keymap app_keymap;
enum { APP_LOOKUP = 900, APP_SYNC, APP_LOCK, APP_REDRAW, APP_HELP };

#endif
