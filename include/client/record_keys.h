#ifndef CLIENT_RECORD_KEYS_H
#define CLIENT_RECORD_KEYS_H

#include <stdbool.h>

#include "ui/keymap.h"

/*
 * What the keys of a record's page do.  All pages know the same keys; what a
 * record has to offer decides which of them stand on the hint line.
 */
enum { RECORD_OPEN = 100, RECORD_EDIT, RECORD_MOVE, RECORD_ADD, RECORD_MAKE,
	RECORD_CONFLICT, RECORD_DOSSIER, RECORD_TRAIL, RECORD_REMOVE, RECORD_BACK,
	RECORD_DOWN, RECORD_UP, RECORD_PAGE_DOWN, RECORD_PAGE_UP,
	RECORD_START, RECORD_END, RECORD_MONTH, RECORD_UNMASK,
	RECORD_WHO };

/* asked: a question about it is open; makes: it can become another record;
 * papers: it has a file.  A question goes before what it can become.  Lent, for
 * good. */
const struct keymap *record_keys(bool asked, bool makes, bool papers);

#endif
