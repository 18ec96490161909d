#ifndef SERVER_LEDGER_AUDIT_H
#define SERVER_LEDGER_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/audit.h"
#include "server/ledger.h"

/*
 * The server's trace: its own chain (core/audit.h) of what is not an operation,
 * which history has, and of sums of that (ledger_entered.h); and beside it the
 * chains of the devices, as they sent them.
 *
 * 1. Rows are only ever added; ledger_audit_purge() alone takes the oldest
 *    away, and says in the chain which.
 * 2. A device's chain is anchored: each time some of it arrives, its end goes
 *    into the server's chain.  One that splits (the cache was copied or put
 *    back) goes on in a branch of its own, one with a gap too, and both are
 *    said there.
 * 3. Where verifying begins, and where a chain must end, are said by entries
 *    of the server's chain, not by the tables that they are looked up in.
 */
struct db;
struct db_stmt;

struct ledger_audit_note {
	enum audit_what what;
	const char *by;			/* login; NULL or "": nobody known */
	const char *reg;		/* NULL: none */
	const struct uuid *ids;		/* lent */
	size_t id_count;
	const struct uuid *device;	/* NULL: none */
	const char *note;		/* NULL: none */
};

/* One entry, inside a writing transaction, or in one of its own.
 * Errors: E_IO. */
MUST_CHECK enum status ledger_audit_put(struct db *db,
	const struct ledger_audit_note *note, struct err *err);
MUST_CHECK enum status ledger_audit_alone(struct ledger *l,
	const struct ledger_audit_note *note, struct err *err);

/* The server's own chain is the zero chain, branch 0. */
struct ledger_audit_place {
	struct uuid chain;		/* the device's id */
	int64_t branch;			/* of a device: from 1 */
	int64_t n;
	uint8_t hash[AUDIT_HASH];	/* of entry n */
};

/* The end of the server's chain; *at: when it was written, 0 never. */
MUST_CHECK enum status ledger_audit_head(struct ledger_audit_place *out,
	int64_t *at, struct db *db, struct err *err);

/*
 * Entries of a device, as it sent them: lines, each a text of core/audit.h
 * with its newline, after one with this hash.  oldest: nothing before them is
 * kept there.  What is here already is passed over, so they may come twice.
 * *acked: all up to here is here; -1: what comes before them is needed first.
 * Errors: E_INVALID they are no entries; E_IO.
 */
MUST_CHECK enum status ledger_audit_take(int64_t *acked, struct db *db,
	const struct uuid *device, const uint8_t before[AUDIT_HASH],
	bool oldest, const char *lines, size_t len, struct err *err);

/*
 * Does all of it hold?  *good false: why names the first entry that was
 * changed, taken away or put elsewhere, and of which chain.  seen (NULL: none):
 * an end of the server's chain that was written down; it must be in it.
 * Errors: E_IO.
 */
struct ledger_audit_seen {
	int64_t n;
	uint8_t hash[AUDIT_HASH];
};
MUST_CHECK enum status ledger_audit_verify(bool *good, char why[ERR_MSG_MAX],
	struct db *db, const struct ledger_audit_seen *seen, struct err *err);

/* Remove what arrived before this instant, which must be AUDIT_KEEP_DAYS ago.
 * *count: how many entries.  Errors: E_INVALID it is not; E_IO. */
MUST_CHECK enum status ledger_audit_purge(int64_t *count, struct db *db,
	int64_t before_at, const char *by, struct err *err);

/* ---- looking ---- */

struct ledger_audit_row {
	struct ledger_audit_place place;
	int64_t got_at;			/* when the server got it */
	struct audit_entry entry;	/* lent */
};

/* fn of each entry that names the record or one of those about the same
 * person, or that may have shown it among more than it names; oldest first. */
MUST_CHECK enum status ledger_audit_who(struct db *db,
	const struct uuid *record, enum status (*fn)(void *self,
	const struct ledger_audit_row *row, struct err *err), void *self,
	struct err *err);
/* Of each that this person did, received in [from_at, to_at). */
MUST_CHECK enum status ledger_audit_user(struct db *db, const char *login,
	int64_t from_at, int64_t to_at, enum status (*fn)(void *self,
	const struct ledger_audit_row *row, struct err *err), void *self,
	struct err *err);

/* ---- for the modules of the trace ---- */

/* "BRANCH N HASH", as the server's chain says where a device's stands. */
void ledger_audit_print_place(char out[AUDIT_NOTE_MAX],
	const struct ledger_audit_place *p);
bool ledger_audit_parse_place(struct ledger_audit_place *out,
	const struct audit_entry *e);
/* An entry of the server's chain about such a place. */
MUST_CHECK enum status ledger_audit_say(struct db *db, enum audit_what what,
	const struct ledger_audit_place *p, const char *by, struct err *err);
/* One row, with what it names. */
MUST_CHECK enum status ledger_audit_insert(struct db *db,
	const struct ledger_audit_place *p, int64_t got_at,
	const struct audit_entry *e, const char *text, size_t len,
	struct err *err);
/* Where a chain begins: nothing up to there is kept. */
MUST_CHECK enum status ledger_audit_set_base(struct db *db,
	const struct ledger_audit_place *p, struct err *err);
/* The same as the tables say; p stays as it is when they have none. */
MUST_CHECK enum status ledger_audit_base(struct ledger_audit_place *p,
	struct db *db, struct err *err);
/* n and hash from the first two columns of a row. */
void ledger_audit_read(struct ledger_audit_place *p, struct db_stmt *row);
/* n and hash of the last row of a branch, else of its base; zeros if it has
 * neither. */
MUST_CHECK enum status ledger_audit_end(struct ledger_audit_place *p,
	struct db *db, struct err *err);

#endif
