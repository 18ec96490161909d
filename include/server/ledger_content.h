#ifndef SERVER_LEDGER_CONTENT_H
#define SERVER_LEDGER_CONTENT_H

#include "core/op.h"
#include "core/record.h"
#include "core/schema.h"
#include "core/wire.h"

/*
 * Which fields an operation may name at all, whoever sends it.  Of system fields
 * only the state and the withdrawal are a person's to change; the office changes
 * by a transfer.  What nobody types, nothing derives and no step fills in is a
 * number given once.  What no definition names is no field.
 *
 * NULL: it may.  Otherwise why not, translated, and *verdict says how it is
 * refused.  now: the record as it is, zeroed when there is none yet.
 */
const char *content_refused(enum verdict *verdict,
	const struct schema_register *reg, const struct record *now,
	const struct op *op);

#endif
