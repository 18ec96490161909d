#ifndef SERVER_LEDGER_SCAN_H
#define SERVER_LEDGER_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/scan.h"
#include "server/ledger.h"
#include "server/ledger_judge.h"

/*
 * Scans in the ledger (core/scan.h): what may be entered, who may have the
 * bytes, and the server's own word that it has them.
 *
 * 1. Nobody learns whether the server has some bytes but through a scan that
 *    they may see; and what arrived for one office's scan does not count as
 *    arrived for another's until that one has sent it too.
 * 2. A device may send the bytes of what it entered itself also when the
 *    record has left it meanwhile, was refused, or the device is sent away.
 */
struct db;

/* Keep the table of scans in step with a record that was written; nothing for
 * others.  Errors: E_IO. */
MUST_CHECK enum status scan_note(struct db *db, const struct record *r,
	struct err *err);

/* One that was refused and put aside, or entered by a device that is sent away:
 * its bytes may still come, and are kept as long as those of one that was
 * withdrawn.  Nothing for other operations.  Errors: E_IO. */
MUST_CHECK enum status scan_note_aside(struct db *db, const struct op *op,
	struct err *err);

/* A new one that was put aside before and is taken in now: next says so if its
 * bytes have come meanwhile.  Errors: E_IO. */
MUST_CHECK enum status scan_bring(struct record *next, struct db *db,
	struct err *err);

/* May it be entered, or withdrawn: is the record that it belongs to there, of
 * the same office, and the author's to write?  current NULL: it is new.
 * Errors: E_IO. */
MUST_CHECK enum status scan_check(struct judgement *out,
	const struct judge *j, const struct account *author,
	const struct op *op, const struct record *current,
	const struct record *next, struct err *err);

/* The register by which it is decided who may read the record: its own, of a scan
 * that of what it belongs to.  NULL: unknown.  Errors: E_IO. */
MUST_CHECK enum status scan_reader(const struct schema_register **out,
	struct db *db, const struct schema *schema, const struct record *r,
	struct err *err);

/* Who asks for bytes. */
struct scan_asker {
	const struct schema *schema;
	const struct ledger_peer *peer;
	const char *login;
	const char *role;	/* NULL: only what this device entered */
	bool sends;		/* or wants them */
};

struct scan_access {
	bool any;		/* some scan of theirs has this hash */
	bool arrived;		/* and its bytes are known to be here */
	bool waits;		/* of some of them they are not */
	int64_t size;		/* bytes that it must have */
};

/* Errors: E_IO. */
MUST_CHECK enum status scan_access(struct scan_access *out, struct db *db,
	const struct scan_asker *who, const char *hash, struct err *err);

/*
 * Say of all scans that the asker may see (NULL: of all) that their bytes are
 * here, or are not any more; inside a writing transaction, published.
 * Errors: E_IO.
 */
MUST_CHECK enum status scan_say(struct db *db, const struct scan_asker *who,
	const char *hash, bool arrived, struct err *err);

/*
 * Into a restored ledger, db, inside a writing transaction: what the one that it
 * replaces was told, as far as that can be read, of bytes that are in the
 * folder.  Who sent them may hold them no more.  Published.  Errors: E_IO.
 */
MUST_CHECK enum status scan_remember(struct db *db, struct db *old,
	const char *dir, struct err *err);

/* The word for one scan; of one that is not here yet it is kept until it is.
 * Errors: E_IO. */
MUST_CHECK enum status scan_say_again(struct db *db,
	const struct uuid *record, const struct scan *scan,
	struct stream_touched *touched, struct err *err);

/* What gc has found. */
struct scan_sweep {
	size_t kept, dropped, missing;
	int64_t kept_bytes, dropped_bytes;
};

/*
 * Drop the bytes that no scan has named for 90 days, and the parts that nothing
 * came to for a week; say of those that are missing that they are, so that a
 * device that has them sends them again.  Errors: E_IO.
 */
MUST_CHECK enum status scan_sweep(struct scan_sweep *out, struct ledger *l,
	struct err *err);

#endif
