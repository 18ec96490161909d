/*
 * Rules applied.  A rule counts from the last child of a kind (a report, a
 * visit), or, when there is none yet, from a date of the record itself.
 */
#include "core/deadline.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"

static void
release_texts(char **texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(texts[i]);
	free(texts);
}

static void
release_conds(struct conds *c)
{
	for (size_t i = 0; i < c->count; i++) {
		free(c->items[i].field);
		release_texts(c->items[i].values, c->items[i].value_count);
	}
	free(c->items);
}

static void
release_rule(struct deadline_rule *rule)
{
	free(rule->name);
	free(rule->title.zh);
	free(rule->title.en);
	free(rule->short_title.zh);
	free(rule->short_title.en);
	free(rule->article.zh);
	free(rule->article.en);
	release_texts(rule->states, rule->state_count);
	release_conds(&rule->when);
	free(rule->from);
	free(rule->last_reg);
	free(rule->last_field);
	release_conds(&rule->last_when);
	free(rule->by);
	for (size_t i = 0; i < rule->step_count; i++)
		free(rule->steps[i].value);
	free(rule->steps);
}

void
deadline_set_free(struct deadline_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->count; i++)
		release_rule(&set->rules[i]);
	free(set->rules);
	calendar_release(&set->calendar);
	free(set);
}

int
deadline_day(const char *text)
{
	char day[DATE_TEXT_MAX];
	size_t len = strcspn(text, "T");

	if (len != DATE_TEXT_MAX - 1)
		return DATE_NONE;
	memcpy(day, text, len);
	day[len] = '\0';
	return date_parse(day);
}

const char *
deadline_state_name(enum deadline_state state)
{
	static const char *const names[] = { "none", "later", "soon", "today",
		"late" };

	return names[state];
}

static bool
is_in_state(const struct deadline_rule *rule, const char *state)
{
	const struct schema_state *st;

	if (rule->state_count > 0)
		return schema_role_in(rule->states, rule->state_count, state);
	st = schema_state_find(rule->reg, state);
	return !st || st->active;
}

/* NULL: the table has nothing for this record. */
static const struct calendar_term *
term_of(const struct deadline_rule *rule, const struct deadline_world *w)
{
	const char *value;

	if (!rule->by)
		return &rule->term;
	value = w->get(w->self, rule->by);
	for (size_t i = 0; i < rule->step_count; i++)
		if (strcmp(rule->steps[i].value, value) == 0)
			return &rule->steps[i].term;
	return NULL;
}

static int
begin_of(const struct deadline_rule *rule, const struct deadline_world *w)
{
	int on = rule->last_reg ? w->last(w->self, rule) : DATE_NONE;

	if (on == DATE_NONE && rule->from)
		on = deadline_day(w->get(w->self, rule->from));
	return on;
}

static enum deadline_state
state_on(const struct deadline_rule *rule, int on, int today)
{
	if (today > on)
		return rule->late_days >= 0 && today - on > rule->late_days
			? DEADLINE_NONE : DEADLINE_LATE;
	if (today == on)
		return DEADLINE_TODAY;
	return on - today <= rule->warn_days ? DEADLINE_SOON : DEADLINE_LATER;
}

struct deadline
deadline_of(const struct deadline_rule *rule, const struct calendar *calendar,
	const struct deadline_world *world, int today)
{
	struct deadline out = { .state = DEADLINE_NONE, .on = DATE_NONE };
	const struct calendar_term *term;
	struct calendar_day last;
	int begin;

	if (!is_in_state(rule, world->get(world->self, "@state")) ||
	    !world->holds(world->self, &rule->when))
		return out;
	term = term_of(rule, world);
	begin = term ? begin_of(rule, world) : DATE_NONE;
	if (begin == DATE_NONE)
		return out;
	last = calendar_last(calendar, begin, term);
	if (last.on == DATE_NONE)
		return out;
	out.state = state_on(rule, last.on, today);
	out.on = last.on;
	out.approximate = last.approximate;
	return out;
}
