#ifndef CLIENT_SCAN_MENU_H
#define CLIENT_SCAN_MENU_H

struct app;
struct uuid;

/* Attachments from a record's page, as questions that answer by themselves. */

/* Ask for a file and attach it. */
void scan_menu_add(struct app *app, const struct uuid *above);
/* One of them: write it to a file, or withdraw it. */
void scan_menu_open(struct app *app, const struct uuid *id);

#endif
