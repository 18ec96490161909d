#ifndef SERVER_LEDGER_DUE_H
#define SERVER_LEDGER_DUE_H

#include <stdint.h>

#include "core/schema.h"
#include "base/uuid.h"
#include "core/record.h"

/*
 * What has been kept long enough (core/keeping.h): it waits for people to look
 * at it (销毁鉴定), and stays until they have it erased (ledger_erase.h).
 */
struct db;

struct due_record {
	struct uuid id;
	const struct schema_register *reg;
	char office[RECORD_OFFICE_MAX];
	char number[64];	/* its paper number, "" none */
	int last_on;		/* the last day of its term */
	bool asked;		/* an erasure waits for the second one */
};

/* Is this one?  *out: it is, and d is filled in.
 * Errors: E_NOTFOUND no such record; E_IO. */
MUST_CHECK enum status due_is(bool *out, struct due_record *d, struct db *db,
	const struct schema *schema, const struct uuid *id, int today,
	struct err *err);

/* All of them on a day, register by register.  Errors: E_IO. */
MUST_CHECK enum status due_each(struct db *db, const struct schema *schema,
	int today, enum status (*show)(void *self, const struct due_record *d,
	struct err *err), void *self, struct err *err);

#endif
