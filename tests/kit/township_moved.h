#ifndef KIT_TOWNSHIP_MOVED_H
#define KIT_TOWNSHIP_MOVED_H

#include "kit/township.h"

/* What must be true of records that changed their office, whatever happened:
 * they, what belongs to them and their persons are where they were accepted
 * last; nobody offers what is not theirs; and each value that came too late is
 * in a record, its history or a question, not only put aside.  A line for each
 * thing wrong.  Part of township_faults(). */
void township_moved_faults(struct buf *out, struct township *t);

#endif
