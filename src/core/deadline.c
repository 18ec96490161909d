/*
 * Rules applied.  A rule counts from the last child of a kind (a report, a
 * visit), or, when there is none yet, from a date of the record itself.
 */
#include "core/deadline.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"

enum {
	INSTANT_MAX = sizeof "2026-03-05T09:11",
	DAY_MINUTES = 24 * 60,
};

static void
release_texts(char **texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(texts[i]);
	free(texts);
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
	schema_release_conds(&rule->when);
	free(rule->from);
	free(rule->last_reg);
	free(rule->last_field);
	schema_release_conds(&rule->last_when);
	free(rule->lack.reg);
	schema_release_conds(&rule->lack.when);
	deadline_propose_free(rule->propose);
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

/* Of "2026-03-05T09:11" the 551st; DEADLINE_ALL_DAY of a date. */
static int
minute_of(const char *text)
{
	if (strlen(text) != INSTANT_MAX - 1)
		return DEADLINE_ALL_DAY;
	text += DATE_TEXT_MAX;
	return ((text[0] - '0') * 10 + text[1] - '0') * 60 +
		(text[3] - '0') * 10 + text[4] - '0';
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

/* The latest instant that a term counts from: "2026-03-05T09:11". */
static const char *
last_of(char out[INSTANT_MAX], const struct deadline_rule *rule,
	const struct deadline_world *w)
{
	const struct deadline_world *child;

	out[0] = '\0';
	if (!rule->last_reg || !w->child)
		return out;
	for (child = w->child(w->self, rule->last_reg, true); child;
	    child = w->child(w->self, rule->last_reg, false)) {
		const char *text;

		if (!child->holds(child->self, &rule->last_when))
			continue;
		text = child->get(child->self, rule->last_field);
		if (strlen(text) < INSTANT_MAX && strcmp(text, out) > 0 &&
		    deadline_day(text) != DATE_NONE)
			memcpy(out, text, strlen(text) + 1);
	}
	return out;
}

/* What the term counts from; DATE_NONE none. */
static int
begin_of(int *minute, const struct deadline_rule *rule,
	const struct deadline_world *w)
{
	char last[INSTANT_MAX];
	const char *text = last_of(last, rule, w);
	int on = deadline_day(text);

	if (on == DATE_NONE && rule->from) {
		text = w->get(w->self, rule->from);
		on = deadline_day(text);
	}
	*minute = minute_of(text);
	return on;
}

static bool
is_lacking(const struct deadline_lack *lack, const struct deadline_world *w)
{
	const struct deadline_world *child;
	int n = 0;

	if (!lack->reg)
		return true;
	if (!w->child)
		return false;
	for (child = w->child(w->self, lack->reg, true); child;
	    child = w->child(w->self, lack->reg, false))
		n += child->holds(child->self, &lack->when);
	return n < lack->min;
}

static enum deadline_state
state_on(const struct deadline_rule *rule, const struct deadline *d, int today,
	int minute)
{
	int left = d->on - today;

	if (left < 0)
		return rule->late_days >= 0 && -left > rule->late_days
			? DEADLINE_NONE : DEADLINE_LATE;
	if (left == 0)
		return d->minute != DEADLINE_ALL_DAY && minute > d->minute
			? DEADLINE_LATE : DEADLINE_TODAY;
	return left <= rule->warn_days ? DEADLINE_SOON : DEADLINE_LATER;
}

/* Hours count from the minute; a day's end is its last one. */
static void
add_hours(struct deadline *d, int begin, int minute, int hours)
{
	int at;

	if (minute == DEADLINE_ALL_DAY)
		minute = DAY_MINUTES - 1;
	at = minute + hours % 24 * 60;
	d->on = begin + hours / 24 + (at >= DAY_MINUTES) - (at < 0);
	d->minute = (at + DAY_MINUTES) % DAY_MINUTES;
}

const struct label *
deadline_title(const struct deadline_rule *rule, const struct deadline *d)
{
	return d->offer ? &d->offer->title : &rule->title;
}

const struct label *
deadline_article(const struct deadline_rule *rule, const struct deadline *d)
{
	return d->offer ? &d->offer->article : &rule->article;
}

struct deadline
deadline_of(const struct deadline_rule *rule, const struct calendar *calendar,
	const struct deadline_world *world, int today)
{
	struct deadline out = { .state = DEADLINE_NONE, .on = DATE_NONE,
		.minute = DEADLINE_ALL_DAY };
	const struct calendar_term *term;
	struct calendar_day last;
	int begin, minute = DEADLINE_ALL_DAY;

	if (!is_in_state(rule, world->get(world->self, "@state")) ||
	    !world->holds(world->self, &rule->when))
		return out;
	if (rule->propose)
		return deadline_propose(rule, world, today);
	term = term_of(rule, world);
	begin = term ? begin_of(&minute, rule, world) : DATE_NONE;
	if (begin == DATE_NONE || !is_lacking(&rule->lack, world))
		return out;
	last = calendar_last(calendar, begin, term);
	if (last.on == DATE_NONE)
		return out;
	out.on = last.on;
	out.approximate = last.approximate;
	if (term->unit == CALENDAR_HOURS)
		add_hours(&out, begin, minute, term->count);
	out.state = state_on(rule, &out, today, world->minute);
	return out;
}
