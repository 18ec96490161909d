#ifndef CLIENT_MOVE_WORDS_H
#define CLIENT_MOVE_WORDS_H

#include "base/buf.h"
#include "core/schema.h"

/* For somebody who has no step from this state: which steps there are and
 * whose they are, and who corrects a state that is a mistake.  One sentence or
 * two, appended. */
void move_words_next(struct buf *out, const struct schema_register *reg,
	const char *state);

#endif
