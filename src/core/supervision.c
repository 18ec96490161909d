/* Decision numbers of the 实施办法: articles 27, 34, 35, 46, 47, 49. */
#include "core/supervision.h"

#include <stdbool.h>

#include "base/date.h"
#include "core/calendar.h"

enum {
	OFFICE_DAYS = 7,	/* 27: the office may approve */
	LEAVE_DAYS = 30,	/* 27: at once, or within two months */
	WINDOW_MONTHS = 2,
	ADMONISH_DAYS = 10,	/* 34, 35 */
	REVOKE_MONTHS = 1,	/* 46, 47 */
};

int
supervision_leave_days(const struct supervision_leave *l)
{
	return l->to_on - l->from_on + 1;
}

static bool
covers(const struct supervision_leave *l, int on)
{
	return l->from_on <= on && on <= l->to_on;
}

static bool
is_away(const struct supervision_leave *taken, size_t count, int on)
{
	for (size_t i = 0; i < count; i++)
		if (covers(&taken[i], on))
			return true;
	return false;
}

int
supervision_leave_cumulated(const struct supervision_leave *taken,
	size_t count, const struct supervision_leave *asked)
{
	int first = date_add_months(asked->from_on, -WINDOW_MONTHS) + 1;
	int days = supervision_leave_days(asked);

	/* what lies inside the leave asked for is counted already */
	for (int on = first; on < asked->from_on; on++)
		days += is_away(taken, count, on);
	return days;
}

enum supervision_approver
supervision_leave_approver(const struct supervision_leave *taken,
	size_t count, const struct supervision_leave *asked)
{
	if (supervision_leave_cumulated(taken, count, asked) > LEAVE_DAYS)
		return SUPERVISION_CITY;
	if (supervision_leave_days(asked) > OFFICE_DAYS)
		return SUPERVISION_COUNTY;
	return SUPERVISION_OFFICE;
}

enum supervision_measure
supervision_absence(int since_on, int on)
{
	if (on <= since_on)
		return SUPERVISION_NOTHING;
	if (calendar_is_over(since_on, on, REVOKE_MONTHS, CALENDAR_MONTHS))
		return SUPERVISION_REVOKE;
	if (calendar_is_over(since_on, on, ADMONISH_DAYS, CALENDAR_DAYS))
		return SUPERVISION_WARN;
	return SUPERVISION_ADMONISH;
}

enum supervision_measure
supervision_next(int admonitions, int warnings)
{
	if (warnings >= 2)
		return SUPERVISION_REVOKE;
	return admonitions >= 2 ? SUPERVISION_WARN : SUPERVISION_NOTHING;
}

const char *const supervision_measures[] = { "nothing", "admonish", "warn",
	"revoke", NULL };

/* Decided measures of this kind before the day, since the last graver one. */
static int
count_before(const struct supervision_sanction *s, size_t count,
	enum supervision_measure measure, int on)
{
	int since = DATE_NONE;
	int n = 0;

	for (size_t i = 0; i < count; i++)
		if (s[i].measure > measure && s[i].decided_on != DATE_NONE &&
		    s[i].decided_on < on && s[i].decided_on > since)
			since = s[i].decided_on;
	for (size_t i = 0; i < count; i++)
		n += s[i].measure == measure && s[i].decided_on != DATE_NONE &&
			s[i].decided_on < on && s[i].decided_on > since;
	return n;
}

/* The first day on which an absence leads to the measure. */
static int
absent_on(int since_on, enum supervision_measure measure)
{
	if (measure == SUPERVISION_REVOKE)
		return date_add_months(since_on, REVOKE_MONTHS) + 1;
	return since_on + (measure == SUPERVISION_WARN ? ADMONISH_DAYS : 0) + 1;
}

static struct supervision_proposal
weigh(const struct supervision_cause *c,
	const struct supervision_sanction *sanctions, size_t count, int today)
{
	struct supervision_proposal p = { .measure = c->least,
		.on = c->since_on };
	enum supervision_measure next = supervision_next(
		count_before(sanctions, count, SUPERVISION_ADMONISH,
		    c->since_on),
		count_before(sanctions, count, SUPERVISION_WARN, c->since_on));

	if (c->absence) {
		int on = c->until_on == DATE_NONE ? today : c->until_on;

		p.measure = supervision_absence(c->since_on, on);
		p.days = on > c->since_on ? on - c->since_on : 0;
		p.on = absent_on(c->since_on, p.measure);
	}
	if (p.measure == SUPERVISION_NOTHING || next <= p.measure)
		return p;
	p.measure = next;
	p.repeated = true;
	p.on = c->since_on + c->absence;
	return p;
}

static bool
is_answered(const struct supervision_cause *c,
	enum supervision_measure measure,
	const struct supervision_sanction *sanctions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct supervision_sanction *s = &sanctions[i];
		bool about = uuid_is_zero(&s->cause) ? s->on >= c->since_on :
			uuid_compare(&s->cause, &c->id) == 0;

		if (about && s->measure >= measure)
			return true;
	}
	return false;
}

struct supervision_proposal
supervision_propose(const struct supervision_cause *causes,
	size_t cause_count, const struct supervision_sanction *sanctions,
	size_t sanction_count, int today)
{
	struct supervision_proposal best = { .on = DATE_NONE };

	for (size_t i = 0; i < cause_count; i++) {
		struct supervision_proposal p;

		if (causes[i].since_on == DATE_NONE ||
		    causes[i].since_on > today)
			continue;
		p = weigh(&causes[i], sanctions, sanction_count, today);
		p.cause = i;
		if (p.measure == SUPERVISION_NOTHING ||
		    p.measure < best.measure ||
		    (p.measure == best.measure && p.on >= best.on) ||
		    is_answered(&causes[i], p.measure, sanctions,
		    sanction_count))
			continue;
		best = p;
	}
	return best;
}
