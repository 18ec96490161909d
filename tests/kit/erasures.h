#ifndef KIT_ERASURES_H
#define KIT_ERASURES_H

#include "kit/clerks.h"

/*
 * Now and then two people of the county have a record erased for good, whatever
 * waits on it in caches.  At the end the ledger has nothing of it, also after a
 * restore, and no cache an operation on it that says anything.
 */
void erasures_people(struct township *t);	/* once, before the others */
/* The two of them do it.  Errors: E_NOTFOUND it is in no ledger. */
enum status erasures_decide(struct township *t, const struct uuid *id,
	struct err *err);
void erasures_step(struct clerks *m, struct site *site);

/* Was this value entered for something that is erased? */
bool erasures_of(struct clerks *m, const char *value);
void erasures_faults(struct buf *faults, struct clerks *m);

#endif
