/*
 * Values that follow from other records: the leave of the last two months, and
 * whether the county has commissioned the office (rule.h, rule_derive).
 */
#include "core/rule_named.h"

#include <string.h>

#include "base/date.h"
#include "base/uuid.h"

/* A leave's days are cumulated over so many months (screens/README.md). */
enum { CUMULATED_MONTHS = 2 };

/* Granted, and perhaps taken since: neither under way nor refused. */
static bool
is_granted(const struct schema_register *reg, const struct record *r)
{
	const struct schema_state *s = schema_state_find(reg, r->state);

	return s && ((size_t)(s - reg->states) >= reg->approval.made_states ||
	    strcmp(s->name, "approved") == 0);
}

/* Days of r's leave that lie between two days, both included. */
static int
days_within(const struct schema_field *f, const struct record *r, int first,
    int last)
{
	int from = rule_day_of(values_get(&r->values, f->derive_from));
	int to = rule_day_of(values_get(&r->values, f->derive_to));

	if (from == DATE_NONE || to == DATE_NONE)
		return 0;
	if (from < first)
		from = first;
	if (to > last)
		to = last;
	return from <= to ? to - from + 1 : 0;
}

static bool
cumulate(struct buf *out, const struct schema_register *reg,
    const struct schema_field *f, const struct record *r,
    const struct rule_world *world)
{
	int from = rule_day_of(values_get(&r->values, f->derive_from));
	int to = rule_day_of(values_get(&r->values, f->derive_to));
	const struct record *other;
	struct uuid parent;
	int first, days;

	if (from == DATE_NONE || to == DATE_NONE || from > to)
		return true;
	if (!world->child || !reg->parent_field || !uuid_parse(&parent,
	    values_get(&r->values, reg->parent_field)))
		return false;
	first = date_add_months(from, -CUMULATED_MONTHS) + 1;
	days = to - from + 1;
	for (size_t i = 0; ; i++) {
		other = world->child(world->self, &parent, reg->name, i);
		if (!other)
			break;
		if (!other->deleted && is_granted(reg, other) &&
		    uuid_compare(&other->id, &r->id) != 0)
			days += days_within(f, other, first, to);
	}
	buf_printf(out, "%d", days);
	return true;
}

/* A letter without an end holds until it is taken back. */
static bool
is_in_force(const struct record *letter, const char *matter, int today)
{
	int from = rule_day_of(values_get(&letter->values, "valid_from"));
	int to = rule_day_of(values_get(&letter->values, "valid_to"));

	return from != DATE_NONE && from <= today &&
	    (to == DATE_NONE || today <= to) &&
	    values_set_has(values_get(&letter->values, "matters"), matter);
}

static bool
ask_commission(struct buf *out, const struct schema_field *f,
    const struct record *r, int today, const struct rule_world *world)
{
	static const struct uuid none;
	struct rule_find what = { "commission", "@office", r->office, &none };
	const struct record *letter;
	bool holds = false;

	if (!world->find || r->office[0] == '\0')
		return false;
	for (size_t i = 0; !holds; i++) {
		letter = world->find(world->self, &what, i);
		if (!letter)
			break;
		holds = is_in_force(letter, f->derive_matter, today);
	}
	buf_char(out, holds ? '1' : '0');
	return true;
}

/* The newest one about the same person; ids of records begin with the time. */
static bool
find_of_person(struct buf *out, const struct schema_field *f,
    const struct record *r, const struct rule_world *world)
{
	static const struct uuid none;
	struct rule_find what = { f->to, "person_id",
	    values_get(&r->values, f->derive_from), &none };
	const struct record *found;
	struct uuid newest = none;
	char text[UUID_TEXT_MAX];

	if (!world->find || !f->to || what.value[0] == '\0')
		return false;
	for (size_t i = 0; ; i++) {
		found = world->find(world->self, &what, i);
		if (!found)
			break;
		if (!found->deleted && uuid_compare(&found->id, &newest) > 0)
			newest = found->id;
	}
	if (uuid_is_zero(&newest))
		return false;
	uuid_print(text, &newest);
	buf_text(out, text);
	return true;
}

bool
rule_derive_from_world(struct buf *out, const struct schema_register *reg,
    const struct schema_field *f, const struct record *r, int today,
    const struct rule_world *world)
{
	if (!world)
		return false;
	if (f->derive == DERIVE_OF_PERSON)
		return find_of_person(out, f, r, world);
	return f->derive == DERIVE_COMMISSIONED ?
	    ask_commission(out, f, r, today, world) :
	    cumulate(out, reg, f, r, world);
}
