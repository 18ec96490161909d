#ifndef CLIENT_IMPORT_KEYS_H
#define CLIENT_IMPORT_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/uuid.h"
#include "core/schema.h"
#include "store/store.h"

/*
 * By what a row of a spreadsheet is known again: id numbers, names with their
 * telephone, formal numbers and the other "match" fields of a definition, each
 * as one text that leads to a record.
 */
struct import_keys;

struct import_keys *import_keys_new(void);
void import_keys_free(struct import_keys *k);	/* accepts NULL */

/* The record behind a key; false: unknown. */
bool import_keys_get(struct uuid *out, const struct import_keys *k,
	const char *key);
/* The first record of a key stays. */
void import_keys_put(struct import_keys *k, const char *key,
	const struct uuid *id);

/* The keys of a person: by id number, by name and telephone ("" if one of them
 * is missing).  Owned by the caller. */
char *import_key_idno(const struct values *person);
char *import_key_name(const struct values *person);

/* The key of the i-th "match" of a register for a record with these values;
 * person(self, part) names the person of a part.  NULL: not all are filled. */
char *import_key_match(const struct schema_register *reg, size_t i,
	const struct values *values,
	const struct uuid *(*person)(const void *self, const char *part),
	const void *self);

/* The key of a part: its parent, its kind, its person. */
char *import_key_part(const struct uuid *parent, const char *part,
	const struct uuid *person);

/* Learn all persons, records of the register and their parts of this cache.
 * Errors: E_AUTH locked; E_INVALID a damaged row; E_IO. */
MUST_CHECK enum status import_keys_learn(struct import_keys *k,
	struct store *s, const struct schema_register *reg, struct err *err);

#endif
