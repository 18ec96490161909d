#ifndef CLIENT_SIGNIN_WORDS_H
#define CLIENT_SIGNIN_WORDS_H

#include <stdbool.h>

#include "base/buf.h"
#include "store/store.h"

/* What a person who has just signed in should know of the password: that it
 * must be changed or will have to be, or that this computer still opens with
 * the one from before a change.  Appends one sentence, or nothing. */
void signin_words(struct buf *out, struct store *s, bool offline);

#endif
