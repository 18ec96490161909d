#ifndef CLIENT_SCREEN_HOME_H
#define CLIENT_SCREEN_HOME_H

struct app;
struct view;

/* Home (今日): the registers with their counts, the filters by date that have
 * rows, what waits for the server or for a person.  Each line opens its
 * screen. */
struct view *screen_home_new(struct app *app);

#endif
