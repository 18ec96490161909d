#ifndef CORE_RECORD_H
#define CORE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/uuid.h"

/*
 * A record as everybody sees it: who it is, where it belongs, what it says.
 *
 * 1. A value is UTF-8 text; an empty value and an absent one are the same.
 * 2. Values are sorted by name (bytes), so equal records are equal bytes and
 *    record_hash() of client and server agree.
 * 3. A field this program does not know is kept and sent back untouched.
 */

enum {
	RECORD_NAME_MAX = 32,		/* a register or field name, with NUL */
	RECORD_OFFICE_MAX = 20,		/* an office code, with NUL */
	RECORD_VALUES_MAX = 256,	/* fields of one record */
	RECORD_VALUE_BYTES_MAX = 64 * 1024,
};

struct value {
	char *name;		/* field name, owned by the values */
	char *text;		/* never empty, likewise */
};

struct values {
	struct value *items;	/* sorted by name, owned */
	size_t count;
	/* Where the names and texts lie that came together, as all of a record
	 * do; those set later lie alone.  Owned, NULL if there are none. */
	char *block;
	size_t block_used, block_size;
};

/* The value of a field: "" when absent.  Lent until the next change. */
const char *values_get(const struct values *v, const char *name);
bool values_has(const struct values *v, const char *name);
/* Set a value (text is copied); NULL or "" removes it. */
void values_set(struct values *v, const char *name, const char *text);
void values_copy(struct values *out, const struct values *v);
/* Values made at once, into empty ones: room for so many, their names and texts
 * of so many bytes, NULs included; then each behind the one before by its name,
 * which is copied as the text is, neither empty.  false: it is not behind it. */
void values_expect(struct values *v, size_t count, size_t bytes);
bool values_append(struct values *v, const char *name, size_t name_len,
	const char *text, size_t len);
bool values_equal(const struct values *a, const struct values *b);
void values_release(struct values *v);

/* Members of a value that joins several with ';' (codes, phones). */
bool values_set_has(const char *joined, const char *member);

struct record {
	struct uuid id;
	char reg[RECORD_NAME_MAX];	/* register name */
	char office[RECORD_OFFICE_MAX];	/* owning office's code */
	char state[RECORD_NAME_MAX];	/* "" if the register has no states */
	int64_t rev;			/* server's confirmed revision, 0 never */
	struct values values;
	char *deleted;			/* why it was withdrawn (作废), or NULL */
	char created_by[RECORD_NAME_MAX];
	int64_t created_at;
	char updated_by[RECORD_NAME_MAX];
	int64_t updated_at;
};

void record_release(struct record *r);
void record_copy(struct record *out, const struct record *r);

/* A field or one of the system fields "@state" "@office" "@deleted", as a
 * condition, a change or a column names it.  Lent. */
const char *record_get(const struct record *r, const char *name);
/* The same for writing; system fields longer than their place are refused:
 * false. */
bool record_set(struct record *r, const char *name, const char *text);

/*
 * The content hash: first 8 bytes of SHA-256 over register, office, state,
 * deletion and the sorted values, as 16 hex digits.  Not the revision, not
 * who or when: two sides that hold the same words have the same hash.
 */
#define RECORD_HASH_MAX 17
void record_hash(char out[RECORD_HASH_MAX], const struct record *r);

/*
 * The record as JSON for wire, body blobs and --json:
 * {"id","register","office","state","rev","deleted"?,"created_by",
 *  "created_at","updated_by","updated_at","values":{...}}; times as numbers.
 */
struct json *record_to_json(const struct record *r);

/* Errors: E_INVALID naming the member that is missing or of the wrong kind,
 * or a limit above that is exceeded. */
MUST_CHECK enum status record_from_json(struct record *out,
	const struct json *j, struct err *err);

/* The values alone, from an object of texts; empty ones are left out.
 * Errors: as above. */
MUST_CHECK enum status record_values_from_json(struct values *out,
	const struct json *object, struct err *err);

/* The compact form of sealed rows: the same content without JSON's cost. */
void record_encode(struct buf *out, const struct record *r);
MUST_CHECK enum status record_decode(struct record *out, const void *bytes,
	size_t len, struct err *err);

#endif
