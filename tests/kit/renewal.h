#ifndef KIT_RENEWAL_H
#define KIT_RENEWAL_H

#include "kit/clerks.h"

/*
 * Definitions that change while people work: one day the server judges by newer
 * ones (kit/township_defs.h), and the caches take them one by one, some never.
 * What was entered under the older ones is delivered, what the newer ones put
 * into a record stays when somebody edits it who does not know them.
 */

/* By chance: the server, or this site, has the newer ones from now on. */
void renewal_step(struct clerks *m, struct site *site);

/* What this site calls the field "place", or what is filled in instead. */
const char *renewal_place(struct clerks *m, const struct site *site,
	const struct record *r);

/* What stands in a field of a record that this site does not know; owned by
 * the caller.  And: it stands there still, after an edit. */
char *renewal_unknown(struct clerks *m, struct site *site,
	const struct uuid *id);
void renewal_kept(struct clerks *m, struct site *site, const struct uuid *id,
	char *unknown);		/* taken */

/* Bring a record to the newest definitions there are. */
void renewal_bring(const struct township *t, struct record *r);

/* What this site shows of a record, as the newest definitions say it: what was
 * entered under an old name takes the place of what stands under the new one.
 * out is owned by the caller. */
void renewal_seen(struct record *out, struct clerks *m, struct site *site,
	const struct uuid *id);

/* At the end: nothing stands under two names, and nobody was given a code that
 * was retired before. */
void renewal_faults(struct buf *faults, struct clerks *m);

#endif
