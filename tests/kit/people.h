#ifndef KIT_PEOPLE_H
#define KIT_PEOPLE_H

#include "client/cli.h"
#include "kit/whole.h"

/*
 * An office's cache without a server, where somebody of every role (kit/whole)
 * can work: changing places costs no password.  The clock stands at noon, of
 * WHOLE_TODAY or of the day that is said; DATE_NONE: it runs.
 */
#define PEOPLE_PASSWORD "li-mima-2026"

struct people {
	struct cli cli;
	char home[64];
	struct buf secrets[WHOLE_ROLES];
};

void people_open(struct people *p);
void people_open_on(struct people *p, int today);
void people_close(struct people *p);
/* Somebody of this role sits down: "某 <role>" by name. */
void people_sit(struct people *p, const char *role);

#endif
