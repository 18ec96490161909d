/*
 * Named rules against entering the same thing twice: one person, one row of an
 * office; one open record of a person in a register.  They ask the world; the
 * server, which sees more than one office's device did, does not.
 */
#include "core/rule_named.h"

#include <string.h>

#include "base/uuid.h"

/* The next one of the same office; *i goes on behind it. */
static const struct record *
other(const struct rule_call *c, const char *field, size_t *i)
{
	struct rule_find what = { c->reg->name, field, rule_get(c, field),
		&c->r->id };
	const struct record *found = NULL;

	if (!c->world || !c->world->find || what.value[0] == '\0')
		return NULL;
	do {
		found = c->world->find(c->world->self, &what, (*i)++);
	} while (found && c->r->office[0] &&
	    strcmp(found->office, c->r->office) != 0);
	return found;
}

static bool
agree(const struct rule_call *c, const struct record *found,
    const char *field)
{
	const char *text = rule_get(c, field);

	return text[0] && strcmp(values_get(&found->values, field), text) == 0;
}

/* What two devices entered while offline is there already: it is said, but
 * must not bar the way to mending anything else. */
static bool
was_so(const struct rule_call *c, const char *field)
{
	const struct record *stored = NULL;

	if (c->world->get && !uuid_is_zero(&c->r->id))
		stored = c->world->get(c->world->self, &c->r->id);
	return stored && agree(c, stored, field);
}

static void
same_name(const struct rule_call *c)
{
	const struct record *found;
	size_t i = 0;

	for (found = other(c, "name", &i); found; found = other(c, "name", &i)) {
		if (agree(c, found, "birth")) {
			faults_add(c->out, "birth", false,
			    tr("A person with this name and birth date is "
			    "here already; please compare."));
			return;
		}
		if (agree(c, found, "mobile")) {
			faults_add(c->out, "mobile", false,
			    tr("A person with this name and mobile number is "
			    "here already; please compare."));
			return;
		}
	}
}

void
rule_person_twice(const struct rule_call *c)
{
	size_t i = 0;
	const struct record *found = other(c, "id_no", &i);
	struct fault said = {0};

	if (!found) {
		same_name(c);
		return;
	}
	strncat(said.msg, values_get(&found->values, "name"),
	    sizeof said.msg / 2);
	faults_add(c->out, rule_at(c, "id_no"),
	    c->check->stop && !was_so(c, "id_no"),
	    tr("This number is that of %s already; please find and use that "
	    "person."), said.msg);
}

/* The first state counts too: it waits to be taken up. */
static bool
is_open(const struct schema_register *reg, const struct record *r)
{
	const struct schema_state *state;

	if (reg->state_count == 0 || r->state[0] == '\0')
		return true;
	state = schema_state_find(reg, r->state);
	return state && (state->active || state == &reg->states[0]);
}

void
rule_one_open_record(const struct rule_call *c)
{
	const char *field = c->reg->person_field;
	const struct record *found;
	size_t i = 0;

	if (!field || !is_open(c->reg, c->r))
		return;
	for (found = other(c, field, &i); found; found = other(c, field, &i)) {
		if (!is_open(c->reg, found))
			continue;
		faults_add(c->out, rule_at(c, field), c->check->stop,
		    tr("This person has a record here that is still open; "
		    "please compare."));
		return;
	}
}
