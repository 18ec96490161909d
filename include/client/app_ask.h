#ifndef CLIENT_APP_ASK_H
#define CLIENT_APP_ASK_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "client/job.h"

/*
 * Asking the county's server from a screen for what is known or done there and
 * nowhere else: people, devices, what is in quarantine.  A child of our own
 * program ("fengqiao call") does it, so that nothing here waits for a line; the
 * answer is kept only as long as whoever asked wants it.  One question at a
 * time; one that only looks (a GET) gives way to the next.
 */
struct app;
struct json;

enum app_ask_end { APP_ASK_GOOD, APP_ASK_OFFLINE, APP_ASK_REFUSED };

/* How it went: with APP_ASK_GOOD the server's answer (lent), else NULL and a
 * sentence for the message line.  self: as given. */
typedef void app_ask_done(void *self, enum app_ask_end end,
	const struct json *answer, const char *said);

struct app_ask {
	struct job job;
	bool asking;
	bool looks;			/* only: it may be given up */
	app_ask_done *done;		/* NULL: nobody wants the answer */
	void *self;
	struct buf answer;		/* owned, wiped */
	char said[ERR_MSG_MAX];
};

/* body NULL: a GET, else a POST of that JSON.  done is called once, from
 * app_tick(), unless it is forgotten before.
 * Errors: E_CONFLICT something is being done; E_AUTH no key can be handed
 * over; E_IO. */
MUST_CHECK enum status app_ask_start(struct app *app, const char *path,
	const char *body, app_ask_done *done, void *self, struct err *err);
/* Is this one waiting for its answer? */
bool app_ask_waits(const struct app *app, const void *self);
/* It is about to be freed; what was ordered is done all the same. */
void app_ask_forget(struct app *app, const void *self);
/* Take what the child said; true: it ended. */
bool app_ask_read(struct app *app);
/* It ended so, with this line; for app_ask_read() and for tests, where no child
 * is started. */
void app_ask_take(struct app *app, int exit_status, const char *line);
void app_ask_release(struct app *app);

#endif
