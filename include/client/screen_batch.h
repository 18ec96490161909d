#ifndef CLIENT_SCREEN_BATCH_H
#define CLIENT_SCREEN_BATCH_H

struct app;
struct batch;
struct batch_report;
struct record;
struct screen_form;

/*
 * How one entry for many fared: nothing is saved while one is refused.  The
 * clerk goes back to mend it, or saves the others; what was refused stays
 * marked.  The batch and what was typed are copied, the report is taken; form
 * lies beneath and goes with the save, NULL none.
 */
void screen_batch_push(struct app *app, const struct batch *b,
	const struct record *typed, struct batch_report *report,
	struct screen_form *form);

#endif
