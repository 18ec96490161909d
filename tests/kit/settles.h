#ifndef KIT_SETTLES_H
#define KIT_SETTLES_H

#include "kit/township.h"

/* Somebody of the county looks at all that was refused and takes in what can be
 * taken in; the rest is dismissed.  *count grows by what was taken in. */
void settles_all(struct township *t, size_t *count);

#endif
