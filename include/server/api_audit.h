#ifndef SERVER_API_AUDIT_H
#define SERVER_API_AUDIT_H

#include "core/audit.h"
#include "server/visit.h"

/*
 * The trace over the line.
 *
 * POST /v1/audit: entries of this device.  The first line is
 * {"before":HASH,"oldest":bool}, each further one an entry as the device wrote
 * it.  The answer is {"acked":n}, or {"need":true} when what comes before them
 * is not here.  Also of a device, or a person, that is sent away.
 *
 * GET /v1/audit?record=ID: who saw this record, and what is about the same
 * person, newest first.  For the head of the record's office, of what was done
 * in that office; for the county's roles that may read it, of all.
 */
MUST_CHECK enum status api_audit_take(struct visit *v, struct err *err);
MUST_CHECK enum status api_audit_who(struct visit *v, struct err *err);

/* Somebody was refused what they asked for: it is noted, so many times a
 * minute for a device.  What cannot be noted changes nothing. */
struct refusals;
struct refusals *refusals_new(void);
void refusals_free(struct refusals *r);
void refusals_note(struct refusals *r, const struct visit *v);

/* Before something of a record is handed out.  Errors: E_IO; then it is not. */
MUST_CHECK enum status api_audit_note(const struct visit *v,
	enum audit_what what, const char *reg, const struct uuid *id,
	const char *note, struct err *err);
/* The same of the bytes of attachments. */
MUST_CHECK enum status api_audit_blob(const struct visit *v,
	const char *hash, struct err *err);

#endif
