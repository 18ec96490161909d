#ifndef SERVER_PUSH_READ_H
#define SERVER_PUSH_READ_H

#include "core/wire.h"
#include "server/ledger_push.h"
#include "server/pool.h"

/*
 * The lines of a sync's body, read by another thread while those before them
 * are judged, which takes longer.
 *
 * Nothing of a body counts before all of it has been read: whoever works its
 * operations asks push_read_all() before anything is committed.
 */
struct push_read;

/*
 * Reads the first line, which is a hello, and begins with the others.  A last
 * line without its newline is left out.  text is borrowed until
 * push_read_end().  readers: whose work is push_read_work; a body of few lines,
 * and one for which there is no room among theirs, is read before this returns,
 * as each is with NULL.
 * Errors: E_INVALID the first line is no hello.
 */
MUST_CHECK enum status push_read_begin(struct push_read **out,
	const char *text, size_t len, struct pool *readers, struct err *err);

/* For pool_start(). */
void push_read_work(void *read);

/* Operations are freed meanwhile, but text is not looked at any more.
 * Accepts NULL. */
void push_read_end(struct push_read *r);

/* Lent, valid until push_read_end(). */
const struct wire_hello *push_read_hello(const struct push_read *r);

/* The operation of index i, waited for; NULL: there is none.  Lent, at the same
 * place until push_read_end(). */
const struct push_op *push_read_at(struct push_read *r, size_t i);

/*
 * Waits until all are read; *count of them.  An operation that cannot be read
 * is one all the same if it has a number (struct push_op, broken).
 * Errors: E_INVALID a line that is none.
 */
MUST_CHECK enum status push_read_all(size_t *count, struct push_read *r,
	struct err *err);

#endif
