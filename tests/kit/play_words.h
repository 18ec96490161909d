#ifndef KIT_PLAY_WORDS_H
#define KIT_PLAY_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/uuid.h"

/* Values of a script (kit/play.h): records by name, days from today, and
 * people that chance makes up.  {0} is a good one. */
struct play_words {
	struct play_named {
		char name[40];
		struct uuid id;
	} *names;		/* owned; a later one of a name counts */
	size_t count;
	uint64_t chance;
	unsigned number;	/* what $n gave last */
	unsigned person;	/* the order number of the last $id */
};

void play_words_release(struct play_words *w);
void play_words_name(struct play_words *w, const char *name,
	const struct uuid *id);
const struct uuid *play_words_id(const struct play_words *w,
	const char *name);	/* NULL: none */
/* Append the value; false: a word is not known. */
bool play_words_value(struct play_words *w, struct buf *out,
	const char *text);

#endif
