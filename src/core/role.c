/*
 * The roles.  A chief gives those of an office, up to the own; the county's
 * leaders those of all who work with records; the security administrator all.
 */
#include "core/role.h"

#include <stddef.h>
#include <string.h>

#include "base/tr.h"

#define WITH_RECORDS "clerk", "chief", "mediator", "county_correction", \
	"county_base", "county_legal_aid", "county_law_edu", \
	"county_command", "county_leader", ROLE_CITY, "auditor"

const char *const role_names[] = { WITH_RECORDS, "admin", "security_admin",
	"audit_admin", ROLE_NEWCOMER, NULL };

static const struct {
	const char *role, *words;
} roles[] = {
	{ "clerk", TR_MARK("clerk") },
	{ "chief", TR_MARK("head of office") },
	{ "mediator", TR_MARK("mediator") },
	{ "county_correction", TR_MARK("county correction office") },
	{ "county_base", TR_MARK("county grass-roots section") },
	{ "county_legal_aid", TR_MARK("county legal aid centre") },
	{ "county_law_edu", TR_MARK("county law education section") },
	{ "county_command", TR_MARK("county command centre") },
	{ "county_leader", TR_MARK("county leader") },
	{ "city", TR_MARK("city correction office") },
	{ "auditor", TR_MARK("auditor") },
	{ "admin", TR_MARK("system administrator") },
	{ "security_admin", TR_MARK("security administrator") },
	{ "audit_admin", TR_MARK("audit administrator") },
	{ "newcomer", TR_MARK("without rights yet") },
};

const char *
role_words(const char *role)
{
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (strcmp(roles[i].role, role) == 0)
			return tr(roles[i].words);
	return role;
}

static const char *const of_office[] = { "clerk", "mediator", "chief", NULL };
static const char *const with_records[] = { WITH_RECORDS, ROLE_NEWCOMER, NULL };
static const char *const new_ones[] = { ROLE_NEWCOMER, NULL };
static const char *const nobody[] = { NULL };

static const char *const apart[] = { "admin", "security_admin", "audit_admin",
	ROLE_NEWCOMER, NULL };

static const struct manager {
	const char *role;
	enum role_reach reach;
	unsigned powers;
	const char *const *tends, *const *gives;	/* NULL at the end */
} managers[] = {
	{ "chief", ROLE_REACH_OFFICE, ROLE_PEOPLE | ROLE_GRANTS |
	    ROLE_COMPUTERS, of_office, of_office },
	{ "county_leader", ROLE_REACH_COUNTY, ROLE_PEOPLE | ROLE_GRANTS |
	    ROLE_COMPUTERS | ROLE_ERASES, with_records, with_records },
	{ "admin", ROLE_REACH_COUNTY, ROLE_PEOPLE | ROLE_COMPUTERS,
	    with_records, new_ones },
	{ "security_admin", ROLE_REACH_COUNTY, ROLE_GRANTS |
	    ROLE_ERASES, role_names, role_names },
	{ "audit_admin", ROLE_REACH_NONE, ROLE_TRACE, nobody, nobody },
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

bool
role_is_apart(const char *role)
{
	return is_among(apart, role);
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
role_may(const char *role, unsigned powers)
{
	const struct manager *m = find(role);

	return m && (m->powers & powers) != 0;
}

bool
role_tends(const char *role, const char *other)
{
	const struct manager *m = find(role);

	return m && is_among(m->tends, other);
}

bool
role_gives(const char *role, const char *other)
{
	const struct manager *m = find(role);

	return m && is_among(m->gives, other);
}
