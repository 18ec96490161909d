/*
 * Terms.  What the holiday list of a year does not say, nobody knows before
 * November of the year before; until then Monday to Friday are counted and the
 * answer says that it is approximate.
 */
#include "core/calendar.h"

#include <assert.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/mem.h"

enum { TERM_MAX = 40000 };	/* a hundred years in days: no term is longer */

void
calendar_release(struct calendar *c)
{
	free(c->years);
	free(c->off);
	free(c->work);
	*c = (struct calendar){0};
}

static void
add(int **items, size_t *count, int n)
{
	*items = mem_grow(*items, *count, sizeof **items);
	(*items)[(*count)++] = n;
}

void
calendar_add_year(struct calendar *c, int year)
{
	add(&c->years, &c->year_count, year);
}

void
calendar_add_off(struct calendar *c, int from_on, int to_on)
{
	for (int on = from_on; on <= to_on; on++)
		add(&c->off, &c->off_count, on);
}

void
calendar_add_work(struct calendar *c, int on)
{
	add(&c->work, &c->work_count, on);
}

/* The lists hold some thirty days a year: walking is quick enough. */
static bool
holds(const int *items, size_t count, int n)
{
	for (size_t i = 0; i < count; i++)
		if (items[i] == n)
			return true;
	return false;
}

bool
calendar_knows(const struct calendar *c, int year)
{
	return holds(c->years, c->year_count, year);
}

bool
calendar_is_workday(const struct calendar *c, int on)
{
	if (holds(c->work, c->work_count, on))
		return true;
	return date_weekday(on) <= 5 && !holds(c->off, c->off_count, on);
}

static int
year_of(int on)
{
	int year, month, day;

	date_to_ymd(on, &year, &month, &day);
	return year;
}

/* Every year between the two days, both included, has its list. */
static bool
is_known(const struct calendar *c, int a, int b)
{
	int first = year_of(a < b ? a : b);
	int last = year_of(a < b ? b : a);

	for (int year = first; year <= last; year++)
		if (!calendar_knows(c, year))
			return false;
	return true;
}

static int
step_workdays(const struct calendar *c, int on, int n)
{
	int by = n < 0 ? -1 : 1;

	while (n != 0) {
		on += by;
		if (calendar_is_workday(c, on))
			n -= by;
	}
	return on;
}

static int
period_end(int on, enum calendar_end end)
{
	static const int months[] = { 0, 1, 3, 6, 12 };
	int year, month, day;
	int span = months[end];

	if (end == CALENDAR_THE_DAY)
		return on;
	date_to_ymd(on, &year, &month, &day);
	month = (month - 1) / span * span + span;
	return date_from_ymd(year, month, date_days_in_month(year, month));
}

struct calendar_day
calendar_last(const struct calendar *c, int from_on,
	const struct calendar_term *t)
{
	struct calendar_day last = { .on = from_on };

	assert(t->count >= -TERM_MAX && t->count <= TERM_MAX);
	switch (t->unit) {
	case CALENDAR_DAYS:
		last.on += t->count;
		break;
	case CALENDAR_WORKDAYS:
		last.on = step_workdays(c, from_on, t->count);
		last.approximate = !is_known(c, from_on, last.on);
		break;
	case CALENDAR_HOURS:
		last.on += t->count / 24;
		break;
	case CALENDAR_MONTHS:
		last.on = date_add_months(from_on, t->count);
		break;
	}
	if (last.on == DATE_NONE)
		return last;
	last.on = period_end(last.on, t->end);
	if (t->procedural) {
		int counted = last.on;

		while (!calendar_is_workday(c, last.on))
			last.on++;
		last.approximate |= !is_known(c, counted, last.on);
	}
	return last;
}

bool
calendar_is_within(int from_on, int on, int n, enum calendar_unit unit)
{
	static const struct calendar no_list;
	struct calendar_term t = { .count = n, .unit = unit };

	return on <= calendar_last(&no_list, from_on, &t).on;
}

bool
calendar_is_over(int from_on, int on, int n, enum calendar_unit unit)
{
	return !calendar_is_within(from_on, on, n, unit);
}

int
calendar_term_end(int from_on, int months)
{
	int year, month, day;
	int last_on = date_add_months(from_on, months);
	int last_day;

	if (last_on == DATE_NONE)
		return last_on;
	date_to_ymd(from_on, &year, &month, &day);
	date_to_ymd(last_on, &year, &month, &last_day);
	/* the month has no such day: its last one belongs to the term */
	return last_day < day ? last_on : last_on - 1;
}
