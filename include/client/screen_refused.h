#ifndef CLIENT_SCREEN_REFUSED_H
#define CLIENT_SCREEN_REFUSED_H

struct app;

/* Entries that the server refused: why, mend them, or withdraw them. */
void screen_refused_push(struct app *app);

/* Entries that came too late and went to the office that has the record now:
 * where to, and that it was read. */
void screen_receipts_push(struct app *app);

#endif
