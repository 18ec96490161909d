/*
 * Deadlines as a table: event, article, dates, expected day.  The holiday lists
 * of 2025 and 2026 are those the programs are built with; 2027 and later have
 * none.  Numbers are those of the law in force since 2020-07-01.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "core/builtin.h"
#include "core/deadline.h"
#include "core/supervision.h"

static struct schema *
load(const struct def_file *files, size_t count)
{
	struct complaints complaints = {0};
	struct schema *s = NULL;
	struct err err = ERR_INIT;
	enum status status = schema_load(&s, files, count, &complaints, &err);

	for (size_t i = 0; i < complaints.count; i++)
		print_message("# %s: %s: %s\n", complaints.items[i].file,
		    complaints.items[i].path, complaints.items[i].text);
	assert_int_equal(status, E_OK);
	complaints_release(&complaints);
	return s;
}

static int
set_up(void **state)
{
	*state = load(builtin_files, builtin_count);
	return 0;
}

static int
tear_down(void **state)
{
	schema_free(*state);
	return 0;
}

static void
expect_day(const char *event, const char *expected, int on)
{
	char text[DATE_TEXT_MAX];

	date_print(text, on);
	if (strcmp(text, expected) != 0)
		fail_msg("%s: %s, expected %s", event, text, expected);
}

/* ---- terms ---- */

static const struct {
	const char *event, *article, *from;
	struct calendar_term term;
	const char *expected;
	bool approximate;
} terms[] = {
	{ "assessment, plain weeks", "Measures 14",
	  "2026-03-02", { 10, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2026-03-16", false },
	{ "assessment received on a Friday", "Measures 14",
	  "2026-03-06", { 10, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2026-03-20", false },
	{ "assessment received on a Saturday", "Measures 14",
	  "2026-03-07", { 10, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2026-03-20", false },
	{ "assessment over New Year, Sunday worked", "Measures 14",
	  "2025-12-30", { 10, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2026-01-14", false },
	{ "assessment over Spring Festival", "Measures 14",
	  "2026-02-06", { 10, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2026-02-27", false },
	{ "assessment received in the festival", "Measures 14",
	  "2026-02-18", { 10, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2026-03-06", false },
	{ "assessment over Spring Festival 2025", "Measures 14",
	  "2025-01-20", { 10, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2025-02-08", false },
	{ "assessment over Labour Day", "Measures 14",
	  "2026-04-24", { 10, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2026-05-12", false },
	{ "assessment over National Day", "Measures 14",
	  "2026-09-18", { 10, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2026-10-09", false },
	{ "assessment over Qingming", "Measures 14",
	  "2026-03-27", { 10, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2026-04-13", false },
	{ "assessment over Dragon Boat", "Measures 14",
	  "2026-06-12", { 10, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2026-06-29", false },
	{ "assessment over Mid-Autumn", "Measures 14",
	  "2026-09-21", { 10, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2026-10-12", false },
	{ "assessment over National Day 2025", "Measures 14",
	  "2025-09-26", { 10, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2025-10-16", false },
	{ "assessment into a year without a list", "Measures 14",
	  "2026-12-28", { 10, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2027-01-11", true },
	{ "assessment in a year without a list", "Measures 14",
	  "2028-03-01", { 10, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2028-03-15", true },
	{ "fast track", "Measures 14",
	  "2026-03-02", { 5, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2026-03-09", false },
	{ "fast track received on a Friday", "Measures 14",
	  "2026-03-06", { 5, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2026-03-13", false },
	{ "fast track before Spring Festival", "Measures 14",
	  "2026-02-12", { 5, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2026-02-26", false },
	{ "fast track, the Saturday worked", "Measures 14",
	  "2026-02-25", { 5, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2026-03-03", false },
	{ "fast track before Labour Day", "Measures 14",
	  "2026-04-29", { 5, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2026-05-09", false },
	{ "fast track, Sunday worked in September", "Measures 14",
	  "2026-09-17", { 5, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2026-09-23", false },
	{ "fast track before Dragon Boat 2025", "Measures 14",
	  "2025-05-29", { 5, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2025-06-06", false },
	{ "fast track, Saturday worked in February 2025", "Measures 14",
	  "2025-02-05", { 5, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2025-02-11", false },
	{ "decider tells the county", "Law 20",
	  "2026-01-29", { 5, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-02-03", false },
	{ "papers delivered over the month's end", "Law 20",
	  "2026-01-25", { 10, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-02-04", false },
	{ "papers delivered in February", "Law 20",
	  "2026-02-20", { 10, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-03-02", false },
	{ "papers delivered in a leap February", "Law 20",
	  "2028-02-20", { 10, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2028-03-01", false },
	{ "receipt for the papers", "Measures 16",
	  "2026-04-28", { 5, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-05-03", false },
	{ "receipt over the year's end", "Measures 16",
	  "2025-12-29", { 5, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-01-03", false },
	{ "receipt, moved off the New Year holiday", "Measures 16",
	  "2025-12-27", { 5, CALENDAR_DAYS, CALENDAR_THE_DAY, true },
	  "2026-01-04", false },
	{ "missing papers supplied", "Measures 16",
	  "2026-03-30", { 5, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-04-04", false },
	{ "report to the county", "Law 21",
	  "2026-03-05", { 10, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-03-15", false },
	{ "report, judgment on the 31st", "Law 21",
	  "2026-01-31", { 10, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-02-10", false },
	{ "report, ends in the festival and does not move", "Law 21",
	  "2026-02-07", { 10, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-02-17", false },
	{ "report over a leap day", "Law 21",
	  "2028-02-25", { 10, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2028-03-06", false },
	{ "report over the year's end", "Law 21",
	  "2025-12-25", { 10, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-01-04", false },
	{ "group set up, local", "Measures 19",
	  "2026-03-28", { 5, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-04-02", false },
	{ "plan made, local", "Measures 22",
	  "2026-03-28", { 10, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-04-07", false },
	{ "regular report each week, local", "Law 23",
	  "2026-02-26", { 7, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-03-05", false },
	{ "regular report each fortnight, local", "Law 23",
	  "2026-12-20", { 15, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2027-01-04", false },
	{ "regular report each month from the 31st", "Law 23",
	  "2026-01-31", { 1, CALENDAR_MONTHS, CALENDAR_THE_DAY, false },
	  "2026-02-28", false },
	{ "regular report each month in a leap year", "Law 23",
	  "2028-01-31", { 1, CALENDAR_MONTHS, CALENDAR_THE_DAY, false },
	  "2028-02-29", false },
	{ "state of health, reported in January", "Measures 24",
	  "2026-01-10", { 1, CALENDAR_MONTHS, CALENDAR_MONTH_END, false },
	  "2026-02-28", false },
	{ "state of health, reported on the 31st", "Measures 24",
	  "2026-03-31", { 1, CALENDAR_MONTHS, CALENDAR_MONTH_END, false },
	  "2026-04-30", false },
	{ "state of health, reported on the 1st", "Measures 24",
	  "2026-04-01", { 1, CALENDAR_MONTHS, CALENDAR_MONTH_END, false },
	  "2026-05-31", false },
	{ "state of health, reported in December", "Measures 24",
	  "2026-12-05", { 1, CALENDAR_MONTHS, CALENDAR_MONTH_END, false },
	  "2027-01-31", false },
	{ "state of health, leap February", "Measures 24",
	  "2028-01-15", { 1, CALENDAR_MONTHS, CALENDAR_MONTH_END, false },
	  "2028-02-29", false },
	{ "re-examination", "Measures 24",
	  "2026-03-15", { 3, CALENDAR_MONTHS, CALENDAR_THE_DAY, false },
	  "2026-06-15", false },
	{ "re-examination from the 30th of November", "Measures 24",
	  "2026-11-30", { 3, CALENDAR_MONTHS, CALENDAR_THE_DAY, false },
	  "2027-02-28", false },
	{ "re-examination from the 30th, leap year", "Measures 24",
	  "2027-11-30", { 3, CALENDAR_MONTHS, CALENDAR_THE_DAY, false },
	  "2028-02-29", false },
	{ "leave asked for before departure", "Measures 27",
	  "2026-03-02", { -3, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-02-27", false },
	{ "leave asked for over the month's beginning", "Measures 27",
	  "2028-03-02", { -3, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2028-02-28", false },
	{ "frequent crossing of counties", "Measures 29",
	  "2026-08-31", { 6, CALENDAR_MONTHS, CALENDAR_THE_DAY, false },
	  "2027-02-28", false },
	{ "frequent crossing, plain", "Measures 29",
	  "2026-03-10", { 6, CALENDAR_MONTHS, CALENDAR_THE_DAY, false },
	  "2026-09-10", false },
	{ "new county asked", "Measures 30",
	  "2026-04-30", { 5, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-05-05", false },
	{ "answer of the new county", "Measures 30",
	  "2026-02-26", { 5, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-03-03", false },
	{ "move asked for a month ahead", "Measures 30",
	  "2026-03-31", { -1, CALENDAR_MONTHS, CALENDAR_THE_DAY, false },
	  "2026-02-28", false },
	{ "move asked for a month ahead, leap year", "Measures 30",
	  "2028-03-31", { -1, CALENDAR_MONTHS, CALENDAR_THE_DAY, false },
	  "2028-02-29", false },
	{ "papers sent to the new county", "Measures 31",
	  "2026-12-28", { 5, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2027-01-02", false },
	{ "report to the new county", "Measures 31",
	  "2026-02-24", { 7, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-03-03", false },
	{ "report to the new county, leap day", "Measures 31",
	  "2028-02-24", { 7, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2028-03-02", false },
	{ "positioning device", "Law 29",
	  "2026-03-15", { 3, CALENDAR_MONTHS, CALENDAR_THE_DAY, false },
	  "2026-06-15", false },
	{ "positioning device from the 30th of November", "Law 29",
	  "2025-11-30", { 3, CALENDAR_MONTHS, CALENDAR_THE_DAY, false },
	  "2026-02-28", false },
	{ "positioning device prolonged", "Law 29",
	  "2026-05-31", { 3, CALENDAR_MONTHS, CALENDAR_THE_DAY, false },
	  "2026-08-31", false },
	{ "praise after half a year", "Measures 33",
	  "2026-08-31", { 6, CALENDAR_MONTHS, CALENDAR_THE_DAY, false },
	  "2027-02-28", false },
	{ "court on revocation", "Law 48",
	  "2026-01-30", { 30, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-03-01", false },
	{ "court on revocation, moved off the festival", "Law 48",
	  "2026-01-20", { 30, CALENDAR_DAYS, CALENDAR_THE_DAY, true },
	  "2026-02-24", false },
	{ "court on return to prison", "Law 49",
	  "2028-01-31", { 30, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2028-03-01", false },
	{ "court on reduction, moved off National Day", "Law 33",
	  "2026-09-03", { 30, CALENDAR_DAYS, CALENDAR_THE_DAY, true },
	  "2026-10-08", false },
	{ "court on reduction, a Saturday worked", "Law 33",
	  "2026-09-10", { 30, CALENDAR_DAYS, CALENDAR_THE_DAY, true },
	  "2026-10-10", false },
	{ "summary before the end", "Measures 53",
	  "2026-03-15", { -30, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-02-13", false },
	{ "summary before the end, leap year", "Measures 53",
	  "2028-03-15", { -30, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2028-02-14", false },
	{ "summary before the end, over New Year", "Measures 53",
	  "2026-01-15", { -30, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2025-12-16", false },
	{ "judicial confirmation", "Mediation Law 33",
	  "2026-01-31", { 30, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-03-02", false },
	{ "judicial confirmation, leap year", "Mediation Law 33",
	  "2028-01-31", { 30, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2028-03-01", false },
	{ "judicial confirmation, 31 days in the month", "Mediation Law 33",
	  "2026-03-01", { 30, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-03-31", false },
	{ "mediation, local month", "local",
	  "2026-01-31", { 1, CALENDAR_MONTHS, CALENDAR_THE_DAY, false },
	  "2026-02-28", false },
	{ "mediation, thirty days", "local",
	  "2026-01-31", { 30, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-03-02", false },
	{ "court-entrusted mediation prolonged", "local",
	  "2026-03-02", { 60, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-05-01", false },
	{ "committee change filed", "local",
	  "2026-09-01", { 30, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2026-10-19", false },
	{ "escort prepared", "local",
	  "2026-03-01", { -30, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2026-01-30", false },
	{ "link after release", "local",
	  "2026-12-28", { 7, CALENDAR_DAYS, CALENDAR_THE_DAY, false },
	  "2027-01-04", false },
	{ "key person visited each month", "local",
	  "2026-05-31", { 1, CALENDAR_MONTHS, CALENDAR_THE_DAY, false },
	  "2026-06-30", false },
	{ "others visited each quarter", "local",
	  "2026-11-30", { 3, CALENDAR_MONTHS, CALENDAR_THE_DAY, false },
	  "2027-02-28", false },
	{ "quarter's list", "local",
	  "2026-02-10", { 0, CALENDAR_DAYS, CALENDAR_QUARTER_END, false },
	  "2026-03-31", false },
	{ "half-year's list", "local",
	  "2026-07-01", { 0, CALENDAR_DAYS, CALENDAR_HALF_END, false },
	  "2026-12-31", false },
	{ "year's appraisal", "local",
	  "2026-02-10", { 0, CALENDAR_DAYS, CALENDAR_YEAR_END, false },
	  "2026-12-31", false },
	{ "term on a Sunday moves to Monday", "procedure",
	  "2026-03-10", { 5, CALENDAR_DAYS, CALENDAR_THE_DAY, true },
	  "2026-03-16", false },
	{ "term on a Sunday worked stays", "procedure",
	  "2025-12-30", { 5, CALENDAR_DAYS, CALENDAR_THE_DAY, true },
	  "2026-01-04", false },
	{ "term on the first day of Labour Day", "procedure",
	  "2026-04-21", { 10, CALENDAR_DAYS, CALENDAR_THE_DAY, true },
	  "2026-05-06", false },
	{ "term on a Saturday, no list", "procedure",
	  "2028-03-01", { 3, CALENDAR_DAYS, CALENDAR_THE_DAY, true },
	  "2028-03-06", true },
	{ "term on a Friday, no list", "procedure",
	  "2028-03-01", { 2, CALENDAR_DAYS, CALENDAR_THE_DAY, true },
	  "2028-03-03", true },
	{ "three working days back", "procedure",
	  "2026-05-08", { -3, CALENDAR_WORKDAYS, CALENDAR_THE_DAY, false },
	  "2026-04-30", false },
};

static void
terms_end_when_the_law_says(void **state)
{
	const struct schema *s = *state;

	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
		struct calendar_day last = calendar_last(
		    &s->deadlines->calendar, date_parse(terms[i].from),
		    &terms[i].term);

		expect_day(terms[i].event, terms[i].expected, last.on);
		if (last.approximate != terms[i].approximate)
			fail_msg("%s: approximate %d", terms[i].event,
			    last.approximate);
	}
}

static const struct {
	const char *on;
	bool work;
} days[] = {
	{ "2026-01-01", false }, { "2026-01-02", false },
	{ "2026-01-03", false }, { "2026-01-04", true },
	{ "2026-01-05", true }, { "2026-01-10", false },
	{ "2026-02-14", true }, { "2026-02-15", false },
	{ "2026-02-23", false }, { "2026-02-24", true },
	{ "2026-02-28", true }, { "2026-10-07", false },
	{ "2026-10-08", true }, { "2026-10-10", true },
	{ "2026-10-11", false }, { "2027-10-01", true },
	{ "2027-10-02", false },
};

static void
working_days(void **state)
{
	const struct schema *s = *state;
	const struct calendar *c = &s->deadlines->calendar;

	for (size_t i = 0; i < sizeof days / sizeof *days; i++)
		if (calendar_is_workday(c, date_parse(days[i].on)) !=
		    days[i].work)
			fail_msg("%s", days[i].on);
	assert_true(calendar_knows(c, 2025));
	assert_true(calendar_knows(c, 2026));
	assert_false(calendar_knows(c, 2027));
}

/* A table of our own: a week off with both weekends around it worked. */
static void
made_up_holidays(void **state)
{
	struct calendar c = {0};
	struct calendar_term five = { .count = 5, .unit = CALENDAR_WORKDAYS };
	struct calendar_day last;

	(void)state;
	calendar_add_year(&c, 2030);
	calendar_add_off(&c, date_parse("2030-06-10"),
	    date_parse("2030-06-14"));
	calendar_add_work(&c, date_parse("2030-06-08"));
	calendar_add_work(&c, date_parse("2030-06-16"));
	last = calendar_last(&c, date_parse("2030-06-06"), &five);
	/* 7, 8, 16, 17, 18 */
	expect_day("made up", "2030-06-18", last.on);
	assert_false(last.approximate);
	calendar_release(&c);
	last = calendar_last(&c, date_parse("2030-06-06"), &five);
	expect_day("no list", "2030-06-13", last.on);
	assert_true(last.approximate);
}

/* The correction term: its first day counts and it never moves. */
static const struct {
	const char *from;
	int months;
	const char *to;
} term_ends[] = {
	{ "2024-03-15", 12, "2025-03-14" },
	{ "2024-08-31", 6, "2025-02-28" },
	{ "2023-08-31", 6, "2024-02-29" },
	{ "2024-02-29", 12, "2025-02-28" },
	{ "2024-02-29", 48, "2028-02-28" },
	{ "2024-03-01", 12, "2025-02-28" },
	{ "2023-03-01", 12, "2024-02-29" },
	{ "2026-01-01", 12, "2026-12-31" },
	{ "2026-01-31", 1, "2026-02-28" },
	{ "2026-01-30", 1, "2026-02-28" },
	{ "2026-01-29", 1, "2026-02-28" },
	{ "2026-01-28", 1, "2026-02-27" },
	{ "2028-01-29", 1, "2028-02-28" },
	{ "2028-01-30", 1, "2028-02-29" },
	{ "2026-05-31", 6, "2026-11-30" },
	{ "2026-05-30", 6, "2026-11-29" },
	{ "2026-12-01", 3, "2027-02-28" },
	{ "2026-10-02", 60, "2031-10-01" },
	{ "2026-07-15", 2, "2026-09-14" },
	{ "2026-06-20", 18, "2027-12-19" },
};

static void
correction_terms_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof term_ends / sizeof *term_ends; i++)
		expect_day(term_ends[i].from, term_ends[i].to,
		    calendar_term_end(date_parse(term_ends[i].from),
			term_ends[i].months));
}

/* 以上、内 include the number, 以下、超过 exclude it (Measures 58). */
static const struct {
	const char *from, *on;
	int n;
	enum calendar_unit unit;
	bool within;
} bounds[] = {
	{ "2026-03-02", "2026-03-02", 7, CALENDAR_DAYS, true },
	{ "2026-03-02", "2026-03-08", 7, CALENDAR_DAYS, true },
	{ "2026-03-02", "2026-03-09", 7, CALENDAR_DAYS, true },
	{ "2026-03-02", "2026-03-10", 7, CALENDAR_DAYS, false },
	{ "2026-02-24", "2026-03-06", 10, CALENDAR_DAYS, true },
	{ "2026-02-24", "2026-03-07", 10, CALENDAR_DAYS, false },
	{ "2028-02-24", "2028-03-05", 10, CALENDAR_DAYS, true },
	{ "2028-02-24", "2028-03-06", 10, CALENDAR_DAYS, false },
	{ "2026-01-31", "2026-02-28", 1, CALENDAR_MONTHS, true },
	{ "2026-01-31", "2026-03-01", 1, CALENDAR_MONTHS, false },
	{ "2028-01-31", "2028-02-29", 1, CALENDAR_MONTHS, true },
	{ "2028-01-31", "2028-03-01", 1, CALENDAR_MONTHS, false },
	/* a month is a month, not thirty days */
	{ "2026-02-10", "2026-03-10", 1, CALENDAR_MONTHS, true },
	{ "2026-02-10", "2026-03-11", 1, CALENDAR_MONTHS, false },
	{ "2026-03-10", "2026-04-10", 1, CALENDAR_MONTHS, true },
	{ "2026-03-10", "2026-04-10", 30, CALENDAR_DAYS, false },
	{ "2026-03-15", "2026-06-15", 3, CALENDAR_MONTHS, true },
	{ "2026-03-15", "2026-06-16", 3, CALENDAR_MONTHS, false },
	{ "2026-01-31", "2026-03-02", 30, CALENDAR_DAYS, true },
	{ "2026-01-31", "2026-03-03", 30, CALENDAR_DAYS, false },
};

static void
within_and_over(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
		int from_on = date_parse(bounds[i].from);
		int on = date_parse(bounds[i].on);

		if (calendar_is_within(from_on, on, bounds[i].n,
		    bounds[i].unit) != bounds[i].within)
			fail_msg("%s %s", bounds[i].from, bounds[i].on);
		assert_int_equal(calendar_is_over(from_on, on, bounds[i].n,
		    bounds[i].unit), !bounds[i].within);
	}
}

/* ---- leave and absence ---- */

enum { TAKEN_MAX = 3 };

static const struct {
	const char *taken[TAKEN_MAX][2];
	const char *asked[2];
	int days;
	enum supervision_approver by;
} leaves[] = {
	{ {{0}}, { "2026-03-02", "2026-03-08" }, 7, SUPERVISION_OFFICE },
	{ {{0}}, { "2026-03-02", "2026-03-09" }, 8, SUPERVISION_COUNTY },
	{ {{0}}, { "2026-03-02", "2026-03-31" }, 30, SUPERVISION_COUNTY },
	{ {{0}}, { "2026-03-02", "2026-04-01" }, 31, SUPERVISION_CITY },
	{ {{0}}, { "2026-03-02", "2026-03-02" }, 1, SUPERVISION_OFFICE },
	/* cumulated: exactly thirty, then one more */
	{ { { "2026-02-01", "2026-02-23" } }, { "2026-03-10", "2026-03-16" },
	  30, SUPERVISION_OFFICE },
	{ { { "2026-02-01", "2026-02-24" } }, { "2026-03-10", "2026-03-16" },
	  31, SUPERVISION_CITY },
	/* across two months: the window opens on 2026-01-11 */
	{ { { "2026-01-10", "2026-01-12" } }, { "2026-03-10", "2026-03-11" },
	  4, SUPERVISION_OFFICE },
	{ { { "2026-01-01", "2026-01-10" } }, { "2026-03-10", "2026-03-11" },
	  2, SUPERVISION_OFFICE },
	{ { { "2026-01-11", "2026-01-11" } }, { "2026-03-10", "2026-03-11" },
	  3, SUPERVISION_OFFICE },
	{ { { "2026-01-05", "2026-01-24" }, { "2026-02-02", "2026-02-13" } },
	  { "2026-03-10", "2026-03-14" }, 31, SUPERVISION_CITY },
	{ { { "2026-01-05", "2026-01-23" }, { "2026-02-02", "2026-02-13" } },
	  { "2026-03-10", "2026-03-14" }, 30, SUPERVISION_OFFICE },
	/* the window of a 30th of April opens on the 1st of March */
	{ { { "2026-02-20", "2026-03-05" } }, { "2026-04-30", "2026-05-02" },
	  8, SUPERVISION_OFFICE },
	{ { { "2028-02-20", "2028-03-05" } }, { "2028-04-29", "2028-05-02" },
	  9, SUPERVISION_OFFICE },
	{ { { "2027-12-25", "2028-01-08" } }, { "2028-02-20", "2028-03-05" },
	  30, SUPERVISION_COUNTY },
	{ { { "2027-12-25", "2028-01-09" } }, { "2028-02-20", "2028-03-05" },
	  31, SUPERVISION_CITY },
	/* a day counts once; a later leave does not count */
	{ { { "2026-02-01", "2026-02-05" }, { "2026-02-04", "2026-02-06" } },
	  { "2026-03-01", "2026-03-02" }, 8, SUPERVISION_OFFICE },
	{ { { "2026-03-20", "2026-04-20" } }, { "2026-03-01", "2026-03-02" },
	  2, SUPERVISION_OFFICE },
};

static struct supervision_leave
leave_of(const char *const text[2])
{
	return (struct supervision_leave){ date_parse(text[0]),
		date_parse(text[1]) };
}

static void
leave_is_cumulated(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++) {
		struct supervision_leave asked = leave_of(leaves[i].asked);
		struct supervision_leave taken[TAKEN_MAX];
		size_t n = 0;
		int days_away;

		while (n < TAKEN_MAX && leaves[i].taken[n][0]) {
			taken[n] = leave_of(leaves[i].taken[n]);
			n++;
		}
		days_away = supervision_leave_cumulated(taken, n, &asked);
		if (days_away != leaves[i].days)
			fail_msg("leave %zu: %d days", i, days_away);
		if (supervision_leave_approver(taken, n, &asked) !=
		    leaves[i].by)
			fail_msg("leave %zu: approver", i);
	}
}

static const struct {
	const char *since, *on;
	enum supervision_measure measure;
} absences[] = {
	{ "2026-03-02", "2026-03-02", SUPERVISION_NOTHING },
	{ "2026-03-02", "2026-03-03", SUPERVISION_ADMONISH },
	{ "2026-03-02", "2026-03-12", SUPERVISION_ADMONISH },
	{ "2026-03-02", "2026-03-13", SUPERVISION_WARN },
	{ "2026-03-02", "2026-04-02", SUPERVISION_WARN },
	{ "2026-03-02", "2026-04-03", SUPERVISION_REVOKE },
	{ "2026-01-31", "2026-02-28", SUPERVISION_WARN },
	{ "2026-01-31", "2026-03-01", SUPERVISION_REVOKE },
	{ "2028-01-31", "2028-02-29", SUPERVISION_WARN },
	{ "2028-01-31", "2028-03-01", SUPERVISION_REVOKE },
};

static void
absence_leads_to(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof absences / sizeof *absences; i++)
		if (supervision_absence(date_parse(absences[i].since),
		    date_parse(absences[i].on)) != absences[i].measure)
			fail_msg("absent since %s on %s", absences[i].since,
			    absences[i].on);
	assert_int_equal(supervision_next(0, 0), SUPERVISION_NOTHING);
	assert_int_equal(supervision_next(1, 1), SUPERVISION_NOTHING);
	assert_int_equal(supervision_next(2, 0), SUPERVISION_WARN);
	assert_int_equal(supervision_next(2, 2), SUPERVISION_REVOKE);
}

/* ---- rules on records ---- */

enum { FIELDS_MAX = 5 };

static const struct {
	const char *reg, *rule, *state;
	const char *fields[FIELDS_MAX][2];
	const char *last;		/* day of the last child */
	const char *today;
	const char *expected;		/* "" nothing is due */
	enum deadline_state state_then;
} cases[] = {
#define C "correction_subject"
#define M "mediation_case"
#define R "resettlement_subject"
	{ C, "report_in", "expected", { { "report_by", "2026-03-12" } }, NULL,
	  "2026-03-08", "2026-03-12", DEADLINE_LATER },
	{ C, "report_in", "expected", { { "report_by", "2026-03-12" } }, NULL,
	  "2026-03-09", "2026-03-12", DEADLINE_SOON },
	{ C, "report_in", "expected", { { "report_by", "2026-03-12" } }, NULL,
	  "2026-03-12", "2026-03-12", DEADLINE_TODAY },
	{ C, "report_in", "missed", { { "report_by", "2026-03-12" } }, NULL,
	  "2026-03-13", "2026-03-12", DEADLINE_LATE },
	{ C, "report_in", "active", { { "report_by", "2026-03-12" } }, NULL,
	  "2026-03-13", "", DEADLINE_NONE },
	{ C, "papers", "received", { { "docs_received_on", "2026-02-26" },
	  { "docs_missing", "x" } }, NULL, "2026-03-01", "2026-03-03",
	  DEADLINE_SOON },
	{ C, "papers", "received", { { "docs_received_on", "2026-02-26" } },
	  NULL, "2026-03-01", "", DEADLINE_NONE },
	{ C, "group", "active", { { "received_on", "2026-03-28" } }, NULL,
	  "2026-04-02", "2026-04-02", DEADLINE_TODAY },
	{ C, "group", "active", { { "received_on", "2026-03-28" },
	  { "group_on", "2026-03-30" } }, NULL, "2026-04-02", "",
	  DEADLINE_NONE },
	{ C, "announce", "active", { { "received_on", "2026-03-28" } }, NULL,
	  "2026-04-08", "2026-04-07", DEADLINE_LATE },
	{ C, "plan", "active", { { "received_on", "2026-03-28" } }, NULL,
	  "2026-04-06", "2026-04-07", DEADLINE_SOON },
	{ C, "report", "active", { { "received_on", "2026-01-05" },
	  { "level", "strict" } }, "2026-02-26", "2026-03-05", "2026-03-05",
	  DEADLINE_TODAY },
	{ C, "report", "active", { { "received_on", "2026-01-05" },
	  { "level", "normal" } }, "2026-02-26", "2026-03-05", "2026-03-13",
	  DEADLINE_LATER },
	{ C, "report", "active", { { "received_on", "2026-01-05" },
	  { "level", "loose" } }, "2026-01-31", "2026-03-01", "2026-02-28",
	  DEADLINE_LATE },
	{ C, "report", "active", { { "received_on", "2026-01-05" },
	  { "level", "strict" } }, NULL, "2026-01-12", "2026-01-12",
	  DEADLINE_TODAY },
	{ C, "report", "active", { { "received_on", "2026-01-05" } }, NULL,
	  "2026-01-12", "", DEADLINE_NONE },
	{ C, "report", "released", { { "received_on", "2026-01-05" },
	  { "level", "strict" } }, NULL, "2026-01-12", "", DEADLINE_NONE },
	{ C, "health", "active", { { "received_on", "2026-01-05" },
	  { "category", "04" } }, "2026-02-03", "2026-03-24", "2026-03-31",
	  DEADLINE_SOON },
	{ C, "health", "active", { { "received_on", "2026-01-05" },
	  { "category", "02" } }, "2026-02-03", "2026-03-24", "",
	  DEADLINE_NONE },
	{ C, "recheck", "active", { { "category", "04" },
	  { "next_recheck", "2026-06-15" } }, NULL, "2026-06-05",
	  "2026-06-15", DEADLINE_SOON },
	{ C, "visit", "active", { { "received_on", "2026-01-05" },
	  { "level", "normal" } }, "2025-11-30", "2026-03-01", "2026-02-28",
	  DEADLINE_LATE },
	{ C, "device", "active", { { "gps_to", "2026-06-15" } }, NULL,
	  "2026-06-08", "2026-06-15", DEADLINE_SOON },
	{ C, "device", "active", { { "gps_to", "2026-06-15" } }, NULL,
	  "2026-06-07", "2026-06-15", DEADLINE_LATER },
	{ C, "prepare", "active", { { "term_to", "2026-03-15" } }, NULL,
	  "2026-01-29", "2026-02-13", DEADLINE_SOON },
	{ C, "prepare", "active", { { "term_to", "2026-03-15" },
	  { "performance", "01" } }, NULL, "2026-02-20", "", DEADLINE_NONE },
	{ C, "release", "active", { { "term_to", "2026-03-15" } }, NULL,
	  "2026-03-16", "2026-03-15", DEADLINE_LATE },
	{ M, "mediate", "open", { { "due_date", "2026-04-01" } }, NULL,
	  "2026-03-25", "2026-04-01", DEADLINE_SOON },
	{ M, "mediate", "agreed", { { "due_date", "2026-04-01" } }, NULL,
	  "2026-04-25", "", DEADLINE_NONE },
	{ M, "confirm", "agreed", { { "agr_date", "2026-01-31" },
	  { "result", "1" } }, NULL, "2026-03-02", "2026-03-02",
	  DEADLINE_TODAY },
	/* a right that has lapsed is no work left */
	{ M, "confirm", "agreed", { { "agr_date", "2026-01-31" },
	  { "result", "1" } }, NULL, "2026-03-03", "", DEADLINE_NONE },
	{ M, "confirm", "agreed", { { "agr_date", "2026-01-31" },
	  { "result", "1" }, { "confirm_applied_on", "2026-02-02" } }, NULL,
	  "2026-03-02", "", DEADLINE_NONE },
	{ M, "perform", "agreed", { { "perform_due", "2026-03-09" } }, NULL,
	  "2026-03-02", "2026-03-09", DEADLINE_SOON },
	{ M, "follow_up", "performed", { { "agr_date", "2026-01-31" } }, NULL,
	  "2026-03-02", "2026-02-28", DEADLINE_LATE },
	{ R, "escort", "awaiting", { { "class", "01" },
	  { "release_date", "2026-04-01" } }, NULL, "2026-03-02",
	  "2026-04-01", DEADLINE_SOON },
	{ R, "escort", "awaiting", { { "class", "02" },
	  { "release_date", "2026-04-01" } }, NULL, "2026-03-02", "",
	  DEADLINE_NONE },
	{ R, "link", "unlinked", { { "release_date", "2026-12-28" } }, NULL,
	  "2027-01-05", "2027-01-04", DEADLINE_LATE },
	{ R, "visit", "linked", { { "next_visit", "2026-03-05" } }, NULL,
	  "2026-03-02", "2026-03-05", DEADLINE_SOON },
	{ R, "visit", "linked", { { "next_visit", "2026-03-05" },
	  { "whereabouts", "dead" } }, NULL, "2026-03-02", "",
	  DEADLINE_NONE },
	{ R, "first_visit", "linked", { { "linked_on", "2026-01-31" },
	  { "class", "01" } }, NULL, "2026-02-28", "2026-02-28",
	  DEADLINE_TODAY },
	{ R, "first_visit", "linked", { { "linked_on", "2025-11-30" },
	  { "class", "02" } }, NULL, "2026-03-01", "2026-02-28",
	  DEADLINE_LATE },
	{ R, "help_end", "linked", { { "help_to", "2026-04-01" } }, NULL,
	  "2026-03-02", "2026-04-01", DEADLINE_SOON },
#undef C
#undef M
#undef R
};

struct asked {
	const struct record *record;
	int today;
	const char *last;
	struct deadline_world child;
};

static const char *
asked_get(void *self, const char *field)
{
	return record_get(((struct asked *)self)->record, field);
}

static bool
asked_holds(void *self, const struct conds *when)
{
	const struct asked *a = self;

	return conds_hold(when, a->record, a->today, "");
}

static const char *
last_get(void *self, const char *field)
{
	(void)field;
	return ((struct asked *)self)->last;
}

static bool
last_holds(void *self, const struct conds *when)
{
	(void)self;
	(void)when;
	return true;
}

/* One child, that of the last day, if there is one. */
static const struct deadline_world *
asked_child(void *self, const char *reg, bool first)
{
	struct asked *a = self;

	(void)reg;
	return a->last && first ? &a->child : NULL;
}

static const struct deadline_rule *
rule_of(const struct schema *s, const char *reg, const char *name)
{
	for (size_t i = 0; i < s->deadlines->count; i++) {
		const struct deadline_rule *rule = &s->deadlines->rules[i];

		if (strcmp(rule->reg->name, reg) == 0 &&
		    strcmp(rule->name, name) == 0)
			return rule;
	}
	fail_msg("no rule %s of %s", name, reg);
	return NULL;
}

static struct deadline
apply(const struct schema *s, size_t i)
{
	struct record r = {0};
	struct asked asked = { &r, date_parse(cases[i].today), cases[i].last,
		{ &asked, last_get, last_holds, NULL, 0 } };
	const struct deadline_world world = { &asked, asked_get, asked_holds,
		asked_child, 0 };
	struct deadline d;

	for (size_t k = 0; k < FIELDS_MAX && cases[i].fields[k][0]; k++)
		values_set(&r.values, cases[i].fields[k][0],
		    cases[i].fields[k][1]);
	assert_true(record_set(&r, "@state", cases[i].state));
	d = deadline_of(rule_of(s, cases[i].reg, cases[i].rule),
	    &s->deadlines->calendar, &world, asked.today);
	record_release(&r);
	return d;
}

static void
rules_apply_to_records(void **state)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct deadline d = apply(*state, i);

		if (d.state != cases[i].state_then)
			fail_msg("%s on %s: %s", cases[i].rule, cases[i].today,
			    deadline_state_name(d.state));
		if (d.state != DEADLINE_NONE)
			expect_day(cases[i].rule, cases[i].expected, d.on);
	}
}

/* Only rules in force: each national one names its article. */
static void
every_rule_names_its_article(void **state)
{
	const struct schema *s = *state;

	assert_true(s->deadlines->count >= 20);
	for (size_t i = 0; i < s->deadlines->count; i++) {
		const struct deadline_rule *rule = &s->deadlines->rules[i];

		assert_non_null(rule->article.zh);
		assert_null(strstr(rule->article.zh, "2012"));
		assert_true(rule->local || strstr(rule->article.zh, "第"));
	}
}

/* ---- loading ---- */

static const struct {
	const char *text, *path;
} wrong[] = {
	{ "{\"rules\":\"matter\",\"items\":[{\"name\":\"a\",\"title\":"
	  "{\"zh\":\"甲\",\"en\":\"a\"},\"article\":{\"zh\":\"甲\","
	  "\"en\":\"a\"},\"from\":\"begun\",\"after\":{\"days\":1}}]}",
	  "items[0].from" },	/* not in the overview */
	{ "{\"rules\":\"matter\",\"items\":[{\"name\":\"a\",\"title\":"
	  "{\"zh\":\"甲\",\"en\":\"a\"},\"article\":{\"zh\":\"甲\","
	  "\"en\":\"a\"},\"from\":\"title\",\"after\":{\"days\":1}}]}",
	  "items[0].from" },	/* no date */
	{ "{\"rules\":\"matter\",\"items\":[{\"name\":\"a\",\"title\":"
	  "{\"zh\":\"甲\",\"en\":\"a\"},\"article\":{\"zh\":\"甲\","
	  "\"en\":\"a\"},\"from\":\"ended\",\"after\":{\"day\":1}}]}",
	  "items[0].after.day" },
	{ "{\"rules\":\"matter\",\"items\":[{\"name\":\"a\",\"title\":"
	  "{\"zh\":\"甲\",\"en\":\"a\"},\"article\":{\"zh\":\"甲\","
	  "\"en\":\"a\"},\"from\":\"ended\"}]}", "items[0].after" },
	{ "{\"rules\":\"matter\",\"items\":[{\"name\":\"a\",\"title\":"
	  "{\"zh\":\"甲\",\"en\":\"a\"},\"from\":\"ended\","
	  "\"after\":{\"days\":1}}]}", "items[0].article" },
	{ "{\"rules\":\"matter\",\"items\":[{\"name\":\"a\",\"title\":"
	  "{\"zh\":\"甲\",\"en\":\"a\"},\"article\":{\"zh\":\"甲\","
	  "\"en\":\"a\"},\"states\":[\"gone\"],\"from\":\"ended\","
	  "\"after\":{\"days\":1}}]}", "items[0].states" },
	{ "{\"rules\":\"matter\",\"items\":[{\"name\":\"a\",\"title\":"
	  "{\"zh\":\"甲\",\"en\":\"a\"},\"article\":{\"zh\":\"甲\","
	  "\"en\":\"a\"},\"last\":{\"register\":\"matter\",\"field\":"
	  "\"ended\"},\"after\":{\"days\":1}}]}", "items[0].last" },
	{ "{\"rules\":\"matter\",\"items\":[]}", "items" },
	{ "{\"rules\":\"other\",\"items\":[]}", "rules" },
};

static const char matter[] =
	"{\"register\":\"matter\",\"version\":1,\"order\":1,"
	"\"title\":{\"zh\":\"事项\",\"en\":\"Matters\"},"
	"\"one\":{\"zh\":\"事项\",\"en\":\"matter\"},\"called\":[\"title\"],"
	"\"fields\":[{\"name\":\"title\",\"label\":{\"zh\":\"名称\","
	"\"en\":\"Title\"},\"type\":\"text\",\"overview\":true},"
	"{\"name\":\"begun\",\"label\":{\"zh\":\"起\",\"en\":\"From\"},"
	"\"type\":\"date\"},{\"name\":\"ended\",\"label\":{\"zh\":\"止\","
	"\"en\":\"To\"},\"type\":\"date\",\"overview\":true}],"
	"\"states\":[{\"name\":\"open\",\"label\":{\"zh\":\"在办\","
	"\"en\":\"open\"},\"active\":true}],"
	"\"list\":{\"columns\":[{\"path\":\"title\",\"cells\":0}],"
	"\"sort\":[\"title\"],\"filters\":[]},\"form\":[{\"page\":{\"zh\":"
	"\"事项\",\"en\":\"Matter\"},\"rows\":[[\"title\"],[\"begun\"],"
	"[\"ended\"]]}]}";

static void
expect_complaint(const char *file, const char *text, const char *path)
{
	const struct def_file files[] = {
		{ "registers/matter.json", matter, sizeof matter - 1 },
		{ file, text, strlen(text) },
	};
	struct complaints complaints = {0};
	struct schema *s = NULL;
	struct err err = ERR_INIT;
	bool found = false;

	assert_int_equal(schema_load(&s, files, 2, &complaints, &err),
	    E_INVALID);
	for (size_t i = 0; i < complaints.count; i++)
		found |= strcmp(complaints.items[i].file, file) == 0 &&
		    strcmp(complaints.items[i].path, path) == 0;
	if (!found)
		fail_msg("no complaint about %s of %s", path, text);
	complaints_release(&complaints);
}

static void
wrong_rules_are_complained_about(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		expect_complaint("rules/matter.json", wrong[i].text,
		    wrong[i].path);
}

static const struct {
	const char *text, *path;
} wrong_years[] = {
	{ "{\"holidays\":[{\"year\":2030,\"source\":\"x\",\"off\":[{\"name\":"
	  "\"x\",\"from\":\"2030-01-02\",\"to\":\"2030-01-01\"}]}]}",
	  "holidays[0].off[0].to" },
	{ "{\"holidays\":[{\"year\":2030,\"source\":\"x\",\"off\":[{\"name\":"
	  "\"x\",\"from\":\"2031-01-01\",\"to\":\"2031-01-01\"}]}]}",
	  "holidays[0].off[0].to" },
	{ "{\"holidays\":[{\"year\":2030,\"source\":\"x\",\"off\":[{\"name\":"
	  "\"x\",\"from\":\"2030-01-01\",\"to\":\"2030-01-01\"}],"
	  "\"work\":[\"2030-01-02\"]}]}", "holidays[0].work[0]" },
	{ "{\"holidays\":[{\"year\":2030,\"source\":\"x\",\"off\":[]}]}",
	  "holidays[0].off" },
};

static void
wrong_holidays_are_complained_about(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrong_years / sizeof *wrong_years; i++)
		expect_complaint("rules/holidays.json", wrong_years[i].text,
		    wrong_years[i].path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terms_end_when_the_law_says),
		cmocka_unit_test(working_days),
		cmocka_unit_test(made_up_holidays),
		cmocka_unit_test(correction_terms_end),
		cmocka_unit_test(within_and_over),
		cmocka_unit_test(leave_is_cumulated),
		cmocka_unit_test(absence_leads_to),
		cmocka_unit_test(rules_apply_to_records),
		cmocka_unit_test(every_rule_names_its_article),
		cmocka_unit_test(wrong_rules_are_complained_about),
		cmocka_unit_test(wrong_holidays_are_complained_about),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
