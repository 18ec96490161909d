#ifndef CLIENT_SCREEN_DECIDE_H
#define CLIENT_SCREEN_DECIDE_H

#include <stdbool.h>
#include <stddef.h>

struct app;

/* What waits for the signed-in person's decision: records of approvals in the
 * state where their role speaks, but for those that they entered themselves.
 * Each opens on its page. */
void screen_decide_push(struct app *app);
/* How many there are. */
size_t screen_decide_count(const struct app *app);

#endif
