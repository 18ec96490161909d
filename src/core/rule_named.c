/*
 * The named rules: what a definition cannot say in rows of conditions.
 */
#include "core/rule.h"

#include <string.h>

static const char *const names[] = { "person_name", "idno_when_resident",
	"idno_sex_agrees", "age_over_120", "term_limits", "two_sides",
	"people_count_covers_parties", "agreement_needs_result",
	"confirm_within_30_days" };

const char *
rule_name(size_t i)
{
	return i < sizeof names / sizeof *names ? names[i] : NULL;
}
