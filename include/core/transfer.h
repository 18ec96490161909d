#ifndef CORE_TRANSFER_H
#define CORE_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/record.h"
#include "core/schema.h"

/*
 * Handing a record over to another office (执行地变更 and the like; sync.md
 * 4.11).  A transfer is itself a record, of the program's own register
 * "@transfer": state offered, then accepted, rejected or withdrawn.  It stays
 * with the office that gave the record away: what was given, to whom and when,
 * and of whom only a masked name.
 *
 * Values: "record" and "register" of what is given; "from", "to" offices;
 * "number", "name"; "reason"; "offered_by", "offered_on"; "decided_by",
 * "decided_on", "answer"; "persons" and "lent": ids joined with ';' of the
 * persons who go along, and of those who stay because the office has other
 * work with them, and are lent.  The server fills in the last two.
 */
#define TRANSFER_REGISTER "@transfer"

/* The definition of the register, as a file of registers/ would have it; its
 * name there is without the '@'. */
extern const char transfer_definition[];

bool transfer_is(const struct record *r);	/* by its register */

/* What it says of the record that is given, and the person that is about (may
 * be NULL): record, register, from, number, name. */
void transfer_describe(struct record *t, const struct schema_register *reg,
	const struct record *about, const struct record *person);

/* The i-th id of "persons" or "lent"; false at the end. */
bool transfer_person(struct uuid *out, const struct record *t,
	const char *field, size_t i);

#endif
