#ifndef CLIENT_NEWREC_H
#define CLIENT_NEWREC_H

#include "core/record.h"
#include "core/schema.h"
#include "store/store.h"

/* A new record of a register as form, command line and import begin it: the
 * signed-in user's office, the first state, the definition's initial values;
 * no id yet.  r must be zeroed; release it. */
void newrec_init(struct record *r, const struct store *s,
	const struct schema_register *reg);
/* The same for another office: what a county enters for one. */
void newrec_init_for(struct record *r, const struct store *s,
	const struct schema_register *reg, const char *office);

/* What begins with a value of the parent ("@parent.level"), once the record
 * names it, or with this office's name ("@office_name"); what is filled
 * stays. */
void newrec_from_parent(struct record *r, struct store *s,
	const struct schema_register *reg);

/* Put these over it, with @today and @me filled in. */
void newrec_preset(struct values *out, const struct store *s,
	const struct values *preset);

#endif
