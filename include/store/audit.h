#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/audit.h"
#include "store/overview.h"
#include "store/store.h"

/*
 * The trace of this cache (core/audit.h): who signed in, looked at restricted
 * records, read an id number whole, exported, searched by command.
 *
 * 1. An act is noted before it is done: when the note cannot be written the
 *    function fails and the act must not happen.
 * 2. Entries are sealed; only failed sign-ins, for which nobody's key is at
 *    hand, stand in clear with nothing but a login.
 * 3. What was noted stays AUDIT_KEEP_DAYS by the server's clock and until the
 *    server has it, whichever is later.
 */
struct audit_note {
	enum audit_what what;
	const char *reg;	/* NULL: none */
	const struct uuid *ids;	/* lent */
	size_t id_count;	/* of which AUDIT_IDS_MAX are kept */
	int64_t count;		/* 0: id_count */
	bool whole;
	const char *note;	/* NULL: none; never from a record */
};

/* By whoever is signed in.  Errors: E_AUTH locked; E_IO, with one sentence that
 * says the act is not done for that reason. */
MUST_CHECK enum status audit_put(struct store *s,
	const struct audit_note *note, struct err *err);

/* Somebody did not get in with this login, which has an account here. */
MUST_CHECK enum status audit_put_bad(struct store *s, const char *login,
	struct err *err);

/* Is looking at it worth an entry (audit_is_restricted(), or sealed)? */
bool audit_is_traced(const struct store *s, const struct overview *o);

/* A record's page is opened: an entry if it is worth one, and what
 * overview_opened() notes, in one transaction. */
MUST_CHECK enum status audit_view(struct store *s, const struct uuid *id,
	struct err *err);
/* It is shown in another way, all of it: "form", "trail", "show"; whole: with
 * its id number. */
MUST_CHECK enum status audit_view_as(struct store *s, const struct uuid *id,
	const char *how, bool whole, struct err *err);
/* Rows are shown by a command: an entry that names those worth one, if there
 * are any, or if it was a search.  by: what the rows were chosen by, as of
 * audit_by(); NULL: nothing. */
MUST_CHECK enum status audit_rows(struct store *s, enum audit_what what,
	const struct schema_register *reg, const struct uuid *ids,
	size_t count, bool whole, const char *by, struct err *err);
/* Rows are shown on a screen, where many go by: one entry with how many are
 * worth one, and no names of records; nothing if none is.  reg NULL: of
 * several. */
MUST_CHECK enum status audit_list(struct store *s, enum audit_what what,
	const struct schema_register *reg, const struct uuid *ids,
	size_t count, const char *by, struct err *err);
/* Append the fields that conditions ask about, never what they are compared
 * with, which may be somebody's name: "@state village".  c may be NULL. */
void audit_by(struct buf *out, const struct conds *c);

/* The last entry: its number and hash; 0 and zeros if there is none. */
MUST_CHECK enum status audit_last(int64_t *n, uint8_t hash[AUDIT_HASH],
	struct store *s, struct err *err);

/*
 * Does the chain hold?  *first: 0 it does, else the first entry that was
 * changed, taken away, or put elsewhere, and why says what is wrong with it.
 * Errors: E_AUTH locked; E_IO.
 */
MUST_CHECK enum status audit_verify(int64_t *first, char why[ERR_MSG_MAX],
	struct store *s, struct err *err);

/* fn(self) of each entry, the newest first, until it says false. */
MUST_CHECK enum status audit_each(struct store *s,
	bool (*fn)(void *self, const struct audit_entry *e), void *self,
	struct err *err);

/* ---- for the server ---- */

struct audit_batch {
	struct buf lines;	/* texts, each with its newline; owned */
	int64_t first, last;	/* their numbers; last 0: nothing to send */
	bool oldest;		/* nothing before the first is here any more */
	uint8_t before[AUDIT_HASH];	/* hash of the entry before the first */
};

/* Entries from number from on (0: those the server has not got), at least one
 * if there are any, and of about max_bytes.  Errors: E_AUTH locked; E_INVALID
 * damaged; E_IO. */
MUST_CHECK enum status audit_batch(struct audit_batch *out, struct store *s,
	int64_t from, size_t max_bytes, struct err *err);
void audit_batch_release(struct audit_batch *b);

/* The server has all up to n; what is old enough goes.  Errors: E_IO. */
MUST_CHECK enum status audit_acked(struct store *s, int64_t n,
	struct err *err);

#endif
