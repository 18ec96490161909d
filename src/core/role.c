/*
 * The roles.  A chief gives those of an office, up to the own; the county all.
 */
#include "core/role.h"

#include <stddef.h>
#include <string.h>

const char *const role_names[] = { "clerk", "chief", "mediator",
	"county_correction", "county_base", "county_legal_aid",
	"county_law_edu", "county_command", "county_leader", "city",
	"auditor", "admin", NULL };

static const char *const of_office[] = { "clerk", "mediator", "chief", NULL };

static const struct manager {
	const char *role;
	enum role_reach reach;
	const char *const *gives;	/* NULL at the end */
} managers[] = {
	{ "chief", ROLE_REACH_OFFICE, of_office },
	{ "county_leader", ROLE_REACH_COUNTY, role_names },
	{ "admin", ROLE_REACH_COUNTY, role_names },
};

static bool
is_among(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

bool
role_is(const char *name)
{
	return is_among(role_names, name);
}

static const struct manager *
find(const char *role)
{
	for (size_t i = 0; i < sizeof managers / sizeof managers[0]; i++)
		if (strcmp(managers[i].role, role) == 0)
			return &managers[i];
	return NULL;
}

enum role_reach
role_reach(const char *role)
{
	const struct manager *m = find(role);

	return m ? m->reach : ROLE_REACH_NONE;
}

bool
role_gives(const char *role, const char *other)
{
	const struct manager *m = find(role);

	return m && is_among(m->gives, other);
}
