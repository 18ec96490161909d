#ifndef KIT_TOWNSHIP_DEFS_H
#define KIT_TOWNSHIP_DEFS_H

#include "core/schema.h"

/*
 * Definitions that a township works by.  Five registers: "matter" (fields of
 * every merging policy, a merge group, an order that two edits can break
 * together, states open and closed; sealed with tag 4 and without 1 and 2, to
 * clerks and chiefs; about a person, or none), its child "visit" (an event),
 * "person"; "paper", numbered from leases of three, and "slip", which one
 * computer of an office numbers.
 */
enum township_version {
	TOWNSHIP_OLDER,		/* without "phone" */
	TOWNSHIP_PRESENT,
	TOWNSHIP_NEWER,		/* "place" is called "site", "phone" must be
				 * filled, tag 3 gave way to 2 */
};

/* Owned by the caller.  Fails the test when they have a mistake. */
struct schema *township_schema(enum township_version v);

#endif
