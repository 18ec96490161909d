#ifndef CLIENT_APP_FETCH_H
#define CLIENT_APP_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/uuid.h"
#include "client/job.h"

/*
 * Fetching an attachment into a file from the screens: a child of our own
 * program ("fengqiao fetch") does it, so that nothing here waits for a line.
 * One at a time.
 */
struct app;

struct app_fetch {
	struct job job;
	char *path;		/* owned; where it is written */
	int64_t left_bytes;
	char said[ERR_MSG_MAX];
};

/* Errors: E_CONFLICT one is under way; E_AUTH no key can be handed over;
 * E_IO. */
MUST_CHECK enum status app_fetch_start(struct app *app,
	const struct uuid *id, const char *path, struct err *err);
/* Take what the child said, and tell it; true: something moved. */
bool app_fetch_read(struct app *app);
void app_fetch_release(struct app *app);

#endif
