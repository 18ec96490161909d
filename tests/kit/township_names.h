#ifndef KIT_TOWNSHIP_NAMES_H
#define KIT_TOWNSHIP_NAMES_H

#include "base/buf.h"
#include "kit/township.h"

/* Append a line for each name that a site has to show and was not told, or was
 * told wrongly, and for each that is none of its business. */
void township_names_faults(struct buf *out, struct township *t);

#endif
