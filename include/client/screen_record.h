#ifndef CLIENT_SCREEN_RECORD_H
#define CLIENT_SCREEN_RECORD_H

#include <stdbool.h>

struct app;
struct uuid;
struct view;

/* A record's page: its facts, its children, what else there is about its
 * person; from here it is changed, moved on and withdrawn. */
void screen_record_push(struct app *app, const struct uuid *id);
/* The same, asking at once what to add below it (a new case wants parties). */
void screen_record_push_new(struct app *app, const struct uuid *id);
bool screen_record_is(const struct view *v);

#endif
