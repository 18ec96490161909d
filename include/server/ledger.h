#ifndef SERVER_LEDGER_H
#define SERVER_LEDGER_H

#include "base/err.h"
#include "base/uuid.h"
#include "core/record.h"

/*
 * The ledger: the file that says what is so.  A folder holds it:
 *
 *   ledger.db    everything (SQLite, WAL, synchronous=FULL)
 *   blobs/       the bytes of scans (server/blob.h)
 *   epoch        the server's epoch again; when the two differ, somebody has
 *                put an old database back, and clients must not believe it
 *   ca.pem ca.key server.pem server.key
 *   snapshots/ what streams held (server/snapshot.h); may be removed any time
 *
 * One writer at a time, one reader beside it that sees a snapshot.  Both may
 * be used from any thread, between begin and end.
 */
struct ledger;
struct db;

enum { LEDGER_NAME_MAX = 128 };		/* bytes of an office's or a person's
					 * name, with the NUL */

struct ledger_county {
	char code[RECORD_OFFICE_MAX];	/* "" if there is none */
	char name[LEDGER_NAME_MAX];
};

/* Make a new ledger in a folder (made if needed).  county may be empty.
 * Errors: E_CONFLICT there is one already; E_INVALID the code or name is not
 * good; E_AUTH the folder is open to others; E_IO. */
MUST_CHECK enum status ledger_create(const char *dir,
	const struct ledger_county *county, struct err *err);

/* Errors: E_NOTFOUND none there; E_CONFLICT the epochs differ; E_INVALID made
 * by a newer program; E_IO. */
MUST_CHECK enum status ledger_open(struct ledger **out, const char *dir,
	struct err *err);
void ledger_close(struct ledger *l);		/* accepts NULL */

/* A fact about the ledger itself, inside a transaction.  Errors: E_IO. */
MUST_CHECK enum status ledger_put_meta(struct db *db, const char *name,
	const char *value, struct err *err);

/* Be the only one who serves or restores this folder, until *fd is closed.
 * Errors: E_CONFLICT another process does; E_IO. */
MUST_CHECK enum status ledger_claim(int *fd, const char *dir,
	struct err *err);

const char *ledger_dir(const struct ledger *l);		/* its folder */
const char *ledger_epoch(const struct ledger *l);	/* a uuid's text */
const struct ledger_county *ledger_county(const struct ledger *l);

/* Begin a transaction that writes; others wait.  After E_OK ledger_end() must
 * follow: it commits when result is E_OK and rolls back otherwise, and
 * returns result or the commit's failure. */
MUST_CHECK enum status ledger_begin(struct db **out, struct ledger *l,
	struct err *err);
MUST_CHECK enum status ledger_end(struct ledger *l, enum status result,
	struct err *err);

/* Call fn(self) after each commit, in the thread that made it, with no lock
 * held; fn NULL: no longer.  While nobody else uses the ledger. */
void ledger_tell(struct ledger *l, void (*fn)(void *self), void *self);

/* From now on the log of the database has room and is moved into its file by
 * ledger_tidy(), which whoever writes does not wait for; any thread calls it
 * when it has time.  Before there are threads.  Errors: E_IO. */
MUST_CHECK enum status ledger_tidies(struct ledger *l, struct err *err);
void ledger_tidy(struct ledger *l);

/* The same for reading: everything between sees one moment. */
/* Nothing of what was deleted is left in the log.  Errors: E_CONFLICT somebody
 * reads an older state all the time; E_IO. */
MUST_CHECK enum status ledger_empty_log(struct ledger *l, struct err *err);

MUST_CHECK enum status ledger_begin_read(struct db **out, struct ledger *l,
	struct err *err);
void ledger_end_read(struct ledger *l);

#endif
