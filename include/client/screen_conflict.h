#ifndef CLIENT_SCREEN_CONFLICT_H
#define CLIENT_SCREEN_CONFLICT_H

struct app;
struct uuid;

/* What two people entered differently, field by field: what was, what stands
 * with the server, what waits to be chosen.  record: only of this one; NULL:
 * all. */
void screen_conflict_push(struct app *app, const struct uuid *record);

#endif
