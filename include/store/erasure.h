#ifndef STORE_ERASURE_H
#define STORE_ERASURE_H

#include <stdbool.h>

#include "base/err.h"
#include "store/store.h"

/*
 * What is left of a cache when the county sends somebody away (sync.md 4.10).
 *
 * 1. Keys go first: without a wrap the rows are noise, whatever of the files
 *    a disk or a copy still holds.
 * 2. A person's wrap, or all persons': then only the key share, which the
 *    server keeps, opens the data; what waits to be sent stays.
 * 3. An erasure is noted in HOME/erased.json before anything is destroyed, so
 *    that one that was cut goes on at the next start; the note stays until
 *    this computer is registered anew, and no cache is opened beside it.
 */

/* This person may not open the data any more; undoes nothing else.  The store
 * is locked when it was theirs. */
MUST_CHECK enum status erasure_forget(struct store *s, const char *login,
	struct err *err);
/* Nobody may; the next sign-in is with the server. */
MUST_CHECK enum status erasure_forget_all(struct store *s, struct err *err);
/* May whoever is signed in still open the data?  Others may have heard from the
 * server meanwhile. */
bool erasure_spares(struct store *s);

/* Destroy the cache: keys, then files.  word: of the order, for the server.
 * The store is locked, and good for nothing but store_close().  Errors: E_IO
 * the note cannot be written, or the keys destroyed. */
MUST_CHECK enum status erasure_run(struct store *s, const char *word,
	struct err *err);

struct erasure {
	char server[256];
	char device[UUID_TEXT_MAX];
	char word[64];		/* to confirm it with */
	bool confirmed;		/* the server knows */
};

/* Was the cache that lay here erased?  What an interrupted erasure left is
 * removed.  Errors: E_NOTFOUND it was not; E_INVALID the note is damaged (it
 * was erased all the same). */
MUST_CHECK enum status erasure_read(struct erasure *out, const char *home,
	struct err *err);
/* The server knows now.  Errors: E_IO. */
MUST_CHECK enum status erasure_confirmed(const char *home, struct err *err);
/* This computer is to be used again. */
void erasure_drop(const char *home);

#endif
