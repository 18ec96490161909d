#ifndef CLIENT_APP_HISTORY_H
#define CLIENT_APP_HISTORY_H

#include <stdbool.h>

#include "base/err.h"
#include "base/uuid.h"
#include "client/job.h"

/*
 * Asking the server for a record's history from the screens: a child of our
 * own program fetches it into the cache, so that the page never waits and
 * nothing of a record goes through a pipe.  Who saw it comes as lines, which
 * name people of the county only.  One at a time; the last question counts.
 */
struct app;

enum app_history_state { APP_HISTORY_IDLE, APP_HISTORY_ASKING,
	APP_HISTORY_GOOD, APP_HISTORY_OFFLINE, APP_HISTORY_FAILED };

struct app_history {
	struct job job;
	struct uuid id;			/* of the record asked about */
	enum app_history_state state;
	char said[ERR_MSG_MAX];		/* the child's sentence, "" none */
	bool who;			/* it was asked who saw it */
	struct buf lines;		/* the answer to that; owned */
};

/* Errors: E_AUTH no key can be handed over; E_IO. */
MUST_CHECK enum status app_history_ask(struct app *app,
	const struct uuid *id, struct err *err);
/* Who saw it, and what is about the same person. */
MUST_CHECK enum status app_history_ask_who(struct app *app,
	const struct uuid *id, struct err *err);
/* How it stands with this record's. */
enum app_history_state app_history_state(const struct app *app,
	const struct uuid *id);
/* Take what the child said; true: it ended. */
bool app_history_read(struct app *app);
void app_history_release(struct app *app);

#endif
