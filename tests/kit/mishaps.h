#ifndef KIT_MISHAPS_H
#define KIT_MISHAPS_H

#include "kit/clerks.h"

/*
 * What befalls a computer seldom, by chance:
 *
 * 1. the county orders it erased, with entries that nobody else has; these are
 *    in the quarantine then, and somebody registers it anew;
 * 2. a gateway lets no large requests through (413);
 * 3. the server says that it has forgotten what came after the cursor (410);
 * 4. a first load comes on a stick, later than it was written, to a computer that
 *    was registered anew or holds some or all of it by then.
 */
void mishap_step(struct clerks *m, struct site *site);

#endif
