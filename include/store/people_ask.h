#ifndef STORE_PEOPLE_ASK_H
#define STORE_PEOPLE_ASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "store/store.h"

/*
 * Asking the server what people are called (store/people_names.h): nearly
 * always there is nothing to ask.
 */
enum { PEOPLE_ASK_MAX = 30 };	/* by name, in one request */

/* Who is asked for by name in a request. */
struct people_asked {
	char logins[PEOPLE_ASK_MAX][RECORD_NAME_MAX];
	size_t count;
};

/* Append what to ask, if there is something to ask (*needed).  Errors: E_AUTH
 * locked; E_IO. */
MUST_CHECK enum status people_ask(struct buf *body,
	struct people_asked *asked, bool *needed, struct store *s,
	struct err *err);
/* The answer; *more: there are others.  Errors: E_INVALID it makes no sense,
 * nothing is changed; E_AUTH locked; E_IO. */
MUST_CHECK enum status people_ask_take(bool *more, struct store *s,
	const struct people_asked *asked, const char *text, size_t len,
	struct err *err);
/* The server does not know the question: not again today.  Errors: E_IO. */
MUST_CHECK enum status people_ask_unheard(struct store *s, struct err *err);

#endif
