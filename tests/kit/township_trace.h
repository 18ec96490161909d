#ifndef KIT_TOWNSHIP_TRACE_H
#define KIT_TOWNSHIP_TRACE_H

#include "base/buf.h"
#include "kit/township.h"

/* Append a line for each site whose trace has not arrived whole, to its last
 * entry. */
void township_trace_faults(struct buf *out, struct township *t);

#endif
