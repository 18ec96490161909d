#ifndef KIT_PASSWORDS_H
#define KIT_PASSWORDS_H

#include "kit/clerks.h"

/*
 * Passwords change: their owner does it at a computer, over whatever line there
 * is, or the county sets another one while the computer hears nothing.  Tokens
 * from before end; what is on the computer still opens with the password that
 * it knows, and learns the other one when somebody signs in with it.
 */
enum { PASSWORDS_TEXT_MAX = 32 };

/* The n-th of everybody's; 0: what the county gave them first. */
void passwords_text(char out[PASSWORDS_TEXT_MAX], unsigned n);

/* Is the token of whoever is signed in there from before a change? */
bool passwords_old(const struct site *site);
/* Whoever is there signs in with the one that is good, if need be. */
void passwords_follow(struct site *site);

/* Now and then one of these changes. */
void passwords_step(struct clerks *m, struct site *site);

#endif
