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
