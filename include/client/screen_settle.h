#ifndef CLIENT_SCREEN_SETTLE_H
#define CLIENT_SCREEN_SETTLE_H

struct app;
struct conflict;

/* One question: field by field mine, theirs or a value of one's own, then one
 * save answers it.  The conflict is borrowed. */
void screen_settle_push(struct app *app, const struct conflict *c);

#endif
