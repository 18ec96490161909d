#ifndef CORE_ROLE_H
#define CORE_ROLE_H

#include <stdbool.h>

/*
 * Who works at an office, a county and above, and who of them looks after the
 * accounts, computers and offices (domain.md 7.2).  A table: what a role may do
 * with records stands in the definitions, what it may do with people here.
 */
extern const char *const role_names[];		/* NULL at the end */

bool role_is(const char *name);

/* Of whom a role looks after the accounts and computers. */
enum role_reach { ROLE_REACH_NONE, ROLE_REACH_OFFICE, ROLE_REACH_COUNTY };
enum role_reach role_reach(const char *role);

/* May a role give the other one to somebody, or look after who has it? */
bool role_gives(const char *role, const char *other);

#endif
