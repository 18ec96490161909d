#ifndef CLIENT_SCREEN_DOSSIER_H
#define CLIENT_SCREEN_DOSSIER_H

struct app;
struct uuid;

/* The papers of a record's file: which are there, which are missing; a line
 * opens what shows its paper, or the form that enters it. */
void screen_dossier_push(struct app *app, const struct uuid *id);

#endif
