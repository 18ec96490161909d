#ifndef CORE_AUDIT_H
#define CORE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/uuid.h"
#include "core/record.h"
#include "core/schema.h"

/*
 * The trace (痕迹): who looked at what, and who let whom in.  Caches and the
 * server keep a chain each, of entries that carry the hash of the one before:
 *
 *   hash(n) = SHA-256(hash(n - 1) || text(n)),  hash(0) = 32 zero bytes
 *
 * so that an entry that is changed, taken away, put elsewhere or left out at
 * the end does not go unnoticed.  text is one line of JSON:
 *
 *   {"n":7,"at":1700000000000,"by":"zhang","what":"view","k":"person",
 *    "ids":["..."],"count":1,"whole":true,"note":"...","device":"..."}
 *
 * It names records by their ids and never holds what stands in them.  Members
 * that say nothing are left out.
 */
enum {
	AUDIT_HASH = CRYPTO_SHA256,
	AUDIT_HASH_TEXT = 2 * AUDIT_HASH + 1,
	AUDIT_IDS_MAX = 200,		/* records that one entry names */
	AUDIT_NOTE_MAX = 200,		/* bytes, with the NUL */
	AUDIT_LINE_MAX = 16 * 1024,	/* bytes of one text */
	AUDIT_KEEP_DAYS = 184,		/* six months, by law (网络安全法) */
};

struct audit_entry {
	int64_t n;			/* from 1, without gaps */
	int64_t at;
	char by[RECORD_NAME_MAX];	/* login; "" nobody known */
	char what[RECORD_NAME_MAX];	/* as of audit_word() */
	char reg[RECORD_NAME_MAX];	/* "" of none, or of several */
	struct uuid *ids;		/* owned */
	size_t id_count;
	int64_t count;			/* records it was about; more than
					 * id_count: not all are named */
	bool whole;			/* id numbers could be read unmasked */
	char note[AUDIT_NOTE_MAX];	/* facts, in no language */
	struct uuid device;		/* of the server's entries; zero: none */
};

void audit_entry_release(struct audit_entry *e);
/* Was it about more than it names? */
bool audit_is_cut(const struct audit_entry *e);

/* What an entry may be about; its word, and what people read (translated).
 * A word that a newer program wrote stands for itself. */
enum audit_what {
	AUDIT_SIGNIN, AUDIT_SIGNIN_BAD, AUDIT_LOCK, AUDIT_SIGNOUT,
	AUDIT_VIEW, AUDIT_UNMASK, AUDIT_FIND, AUDIT_LIST, AUDIT_EXPORT,
	AUDIT_PRINT, AUDIT_CLOCK, AUDIT_PASSWORD, AUDIT_ERASE,
	/* the server's */
	AUDIT_ENROLL, AUDIT_REFUSED, AUDIT_BLOB, AUDIT_SNAPSHOT,
	AUDIT_COMMAND, AUDIT_MANAGE, AUDIT_RESTORED, AUDIT_HEAD, AUDIT_FORK, AUDIT_GAP,
	AUDIT_PURGED, AUDIT_READ, AUDIT_REMOVED, AUDIT_ENTERED,
	AUDIT_WHAT_COUNT,
};
const char *audit_word(enum audit_what what);
const char *audit_label(const char *word);	/* lent */
/* A note's word for people; other notes stand for themselves. */
const char *audit_how(const char *note);	/* lent */

/* Append the text. */
void audit_print(struct buf *out, const struct audit_entry *e);
/* Errors: E_INVALID it is none. */
MUST_CHECK enum status audit_parse(struct audit_entry *out, const char *text,
	size_t len, struct err *err);

/* hash, which holds that of the entry before, becomes that of this one. */
void audit_chain(uint8_t hash[AUDIT_HASH], const char *text, size_t len);

/* What is wrong with the first entry of a chain that does not hold, as a
 * sentence. */
enum audit_fault { AUDIT_CHANGED, AUDIT_MISSING };
void audit_say_fault(char out[ERR_MSG_MAX], enum audit_fault fault,
	int64_t n);

/* Is looking at a record of this register worth an entry?  Those of criminal
 * files, which the roles of mediation may not read, and those with id numbers;
 * sealed records are, whatever register they are of. */
bool audit_is_restricted(const struct schema_register *reg);
/* Has it id numbers, which are masked until somebody asks for them? */
bool audit_has_idno(const struct schema_register *reg);

#endif
