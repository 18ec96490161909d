#ifndef STORE_RECALL_H
#define STORE_RECALL_H

#include <stddef.h>

#include "core/record.h"
#include "core/schema.h"
#include "store/store.h"

/*
 * What was entered in the forms of this cache before, so that nobody types it
 * twice: the last texts of each field that schema_may_recall() allows, for
 * the office of whoever enters, and for each user which record of a register was entered last.
 * Sealed, never sent anywhere.  Nothing is remembered of a record that is
 * sealed by its definition, or belongs to one that is.
 */
enum {
	RECALL_MAX = 20,	/* texts of a field */
	RECALL_CHARS_MAX = 60,	/* longer ones are nobody's phrase */
};

struct recall_list {
	char **items;		/* the last first; owned */
	size_t count;
};
void recall_list_release(struct recall_list *l);

/* After a save: r as it was stored, was as it stood before (NULL: it is new).
 * What was changed goes to the front.  An r without an id was entered for many
 * and is nobody's last record.  Errors: E_AUTH locked; E_INVALID damaged;
 * E_IO. */
MUST_CHECK enum status recall_learn(struct store *s, const struct record *r,
	const struct record *was, struct err *err);

/* What was entered in the field before; out must be zeroed.  Errors as
 * above. */
MUST_CHECK enum status recall_texts(struct recall_list *out, struct store *s,
	const char *reg, const char *field, struct err *err);

/* The record of the register, other than this one, that the user entered last
 * here and may still see; else the newest of the office.  Errors: E_NOTFOUND
 * there is none; as above. */
MUST_CHECK enum status recall_last(struct uuid *out, struct store *s,
	const struct schema_register *reg, const struct uuid *other,
	struct err *err);

/* Every row opens.  Errors as above. */
MUST_CHECK enum status recall_check(struct store *s, struct err *err);

#endif
