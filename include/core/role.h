#ifndef CORE_ROLE_H
#define CORE_ROLE_H

#include <stdbool.h>

/*
 * Who works at an office, a county and above, and who of them looks after the
 * accounts, computers and offices (domain.md 7.2).  A table: what a role may do
 * with records stands in the definitions, what it may do with people here.
 *
 * Three administrators stand apart (三员分立): the system's makes accounts,
 * without any right, and looks after computers; the security's says who is
 * what; the audit's reads the trace.  None of them sees a record, whatever a
 * definition says, none can do what another one does, and since an account has
 * one role nobody is two of them.  An account of theirs is not made or reset
 * over the line by anybody else, but at the server itself.
 */
extern const char *const role_names[];		/* NULL at the end */

#define ROLE_NEWCOMER "newcomer"	/* an account that has no right yet */
#define ROLE_CITY "city"		/* decides for counties below one city */

bool role_is(const char *name);
/* In words: "head of office"; the name itself if there is no such role. */
const char *role_words(const char *role);
/* One of the three, or a newcomer: no record is for them. */
bool role_is_apart(const char *role);

/* Of whom a role looks after the accounts and computers. */
enum role_reach { ROLE_REACH_NONE, ROLE_REACH_OFFICE, ROLE_REACH_COUNTY };
enum role_reach role_reach(const char *role);

enum role_power {
	ROLE_PEOPLE = 1,	/* accounts: make, end, first passwords */
	ROLE_GRANTS = 2,	/* who is what */
	ROLE_COMPUTERS = 4,	/* computers and offices */
	ROLE_TRACE = 8,		/* the trace of everybody */
	ROLE_ERASES = 16,	/* one of two who have records erased */
};
bool role_may(const char *role, unsigned powers);	/* any of them */

/* Does a role look after who has the other one? */
bool role_tends(const char *role, const char *other);
/* May it also give that role to somebody? */
bool role_gives(const char *role, const char *other);

#endif
