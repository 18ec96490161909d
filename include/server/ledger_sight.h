#ifndef SERVER_LEDGER_SIGHT_H
#define SERVER_LEDGER_SIGHT_H

#include <stdbool.h>

#include "core/schema.h"
#include "server/ledger.h"

/*
 * Which registers somebody sees.  A device holds records of those that anybody
 * who works at it may read, by the definitions' "read"; of the others it gets
 * nothing, though they stand in the same stream.  The program's own records, a
 * question, a transfer, a scan, are seen with the record they are about.
 *
 * A zeroed one sees everything: what the ledger does for itself.
 */
struct db;

enum { SIGHT_REGISTERS_MAX = 512 };	/* what is beyond is not seen */

struct sight {
	const struct schema *schema;
	bool narrow;		/* there are registers it does not see */
	bool sees[SIGHT_REGISTERS_MAX];	/* by their place in the schema */
};

/* Nothing, and then what each role may read. */
void sight_begin(struct sight *s, const struct schema *schema);
void sight_add(struct sight *s, const char *role);

/* A record of this register; s NULL: everything.  Errors: E_IO. */
MUST_CHECK enum status sight_sees(bool *out, const struct sight *s,
	struct db *db, const char *reg, const struct uuid *record,
	struct err *err);

#endif
