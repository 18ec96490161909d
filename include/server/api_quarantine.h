#ifndef SERVER_API_QUARANTINE_H
#define SERVER_API_QUARANTINE_H

#include "server/visit.h"

/*
 * What was put aside, over the line: as "fengqiaod quarantine" does it
 * (ledger_settle.h), for those of the county who may read the register and hold
 * sealed records.  Others hear of no entry.
 *
 *   GET  /v1/quarantine           those that nobody has settled
 *   POST /v1/quarantine/show      one: what it says, what stands there today
 *   POST /v1/quarantine/take      judged anew, on the record of today
 *   POST /v1/quarantine/dismiss   it stays refused, for a reason
 *
 * Showing one and settling it are noted in the trace before they are done.
 */
MUST_CHECK enum status api_quarantine(struct visit *v, struct err *err);
MUST_CHECK enum status api_quarantine_show(struct visit *v, struct err *err);
MUST_CHECK enum status api_quarantine_take(struct visit *v, struct err *err);
MUST_CHECK enum status api_quarantine_dismiss(struct visit *v,
	struct err *err);

#endif
