#ifndef CLIENT_APP_SYNC_H
#define CLIENT_APP_SYNC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "client/job.h"
#include "ui/canvas.h"

/*
 * Syncing from the screens: a child that keeps the cache in step
 * (sync/watch.h) as long as somebody is signed in; it hears of saves by itself,
 * a key nudges it.  Another session's may do it already; then ours stands by.
 * What it says is kept for the status corner and the sync page.
 * Where nothing moved the corner keeps its words until the next key, so that
 * an idle screen sends nothing to its terminal.
 */
struct app;

enum app_sync_state {
	APP_SYNC_NEVER,		/* not tried since the start */
	APP_SYNC_GOOD,
	APP_SYNC_OFFLINE,	/* no answer from the server */
	APP_SYNC_SIGNED_OUT,	/* the server wants the password again */
	APP_SYNC_FAILED,	/* an answer that a person must look at */
};

struct app_sync {
	struct job job;
	bool busy;		/* an exchange is under way */
	enum app_sync_state state;
	int64_t since_at;	/* when state began; 0 */
	int64_t next_ms;	/* monotonic; when to try by itself, 0 never */
	int64_t told_at;	/* last complete sync as the corner says; 0 */
	size_t offline;		/* answers in a row that did not come */
	size_t pages;		/* progress lines of this run */
	int64_t pushed, pulled, merged, conflicts, refused;	/* of this run */
	int64_t left_bytes;	/* about so much still follows */
	int64_t bytes_s;	/* what the line carries; 0 not known */
	int64_t load_bytes, load_have;	/* of a first load; 0 there is none */
	bool automatic;		/* by itself too; tests leave it off */
	bool asked;		/* by a key: its result is told */
	bool definitions;	/* the county has new ones; told once */
	char said[ERR_MSG_MAX];	/* the child's sentence, "" none */
};

/* Start the child, or nudge it.  asked: a person did.
 * Errors: E_AUTH no key can be handed over; E_IO. */
MUST_CHECK enum status app_sync_start(struct app *app, bool asked,
	struct err *err);
/* Take what the child said; true: something moved. */
bool app_sync_read(struct app *app);
/* Is it time? */
void app_sync_tick(struct app *app);
/* Something was saved: send it soon. */
void app_sync_soon(struct app *app);
/* A key after silence, silent_ms since the last one. */
void app_sync_wake(struct app *app, int64_t silent_ms);
void app_sync_release(struct app *app);

/* Words of the status corner, appended. */
enum canvas_role app_sync_status(const struct app *app, struct buf *out);

#endif
