#ifndef KIT_GIVERS_H
#define KIT_GIVERS_H

#include "kit/clerks.h"

/* People who hand records over to another office, and answer; and the persons
 * that records are about. */

/* A new person, or another home for one. */
void giver_person(struct clerks *m, struct site *site);
/* A record is about somebody. */
void giver_about(struct clerks *m, struct site *site);

/* Some chief offers a record to another office. */
void giver_offer(struct clerks *m);
/* Some chief accepts, rejects or takes back what is offered. */
void giver_answer(struct clerks *m);

#endif
