/*
 * What the penalty ladder proposes: 实施办法 34, 35, 46, 47, 49, as tables of
 * what happened, what was done about it, and what should be proposed today.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "core/supervision.h"

#define N SUPERVISION_NOTHING
#define A SUPERVISION_ADMONISH
#define W SUPERVISION_WARN
#define R SUPERVISION_REVOKE

enum { CAUSES_MAX = 3, SANCTIONS_MAX = 5 };

struct cause {
	const char *since, *until;	/* until "" not yet, NULL a breach */
	enum supervision_measure least;
};

struct sanction {
	enum supervision_measure measure;
	const char *on, *decided;	/* decided NULL: not yet */
	int of;				/* cause, from 1; 0 none named */
};

static const struct {
	const char *what;
	struct cause causes[CAUSES_MAX];
	struct sanction sanctions[SANCTIONS_MAX];
	const char *today;
	enum supervision_measure measure;
	const char *on;
	bool repeated;
	int days;
} rows[] = {
	{ "nothing happened", {{0}}, {{0}}, "2026-03-02", N, "", false, 0 },
	/* absences, 34, 35, 46, 47 */
	{ "lost today", { { "2026-03-02", "", N } }, {{0}},
	  "2026-03-02", N, "", false, 0 },
	{ "lost since yesterday", { { "2026-03-02", "", N } }, {{0}},
	  "2026-03-03", A, "2026-03-03", false, 1 },
	{ "the tenth day is within ten", { { "2026-03-02", "", N } }, {{0}},
	  "2026-03-12", A, "2026-03-03", false, 10 },
	{ "the eleventh is over ten", { { "2026-03-02", "", N } }, {{0}},
	  "2026-03-13", W, "2026-03-13", false, 11 },
	{ "a month is not over a month", { { "2026-03-02", "", N } }, {{0}},
	  "2026-04-02", W, "2026-03-13", false, 31 },
	{ "over a month", { { "2026-03-02", "", N } }, {{0}},
	  "2026-04-03", R, "2026-04-03", false, 32 },
	{ "over a February", { { "2026-01-31", "", N } }, {{0}},
	  "2026-03-01", R, "2026-03-01", false, 29 },
	{ "the last day of a February", { { "2026-01-31", "", N } }, {{0}},
	  "2026-02-28", W, "2026-02-11", false, 28 },
	{ "over a leap February", { { "2028-01-31", "", N } }, {{0}},
	  "2028-02-29", W, "2028-02-11", false, 29 },
	{ "after a leap February", { { "2028-01-31", "", N } }, {{0}},
	  "2028-03-01", R, "2028-03-01", false, 30 },
	{ "over the year's end", { { "2025-12-15", "", N } }, {{0}},
	  "2026-01-16", R, "2026-01-16", false, 32 },
	{ "found on the tenth day", { { "2026-03-02", "2026-03-12", N } },
	  {{0}}, "2026-06-01", A, "2026-03-03", false, 10 },
	{ "found on the eleventh", { { "2026-03-02", "2026-03-13", N } },
	  {{0}}, "2026-06-01", W, "2026-03-13", false, 11 },
	{ "found after a month", { { "2026-03-02", "2026-04-03", N } },
	  {{0}}, "2026-06-01", R, "2026-04-03", false, 32 },
	{ "found the same day", { { "2026-03-02", "2026-03-02", N } }, {{0}},
	  "2026-06-01", N, "", false, 0 },
	/* answered, and grown since */
	{ "admonished", { { "2026-03-02", "", N } },
	  { { A, "2026-03-05", NULL, 0 } }, "2026-03-08", N, "", false, 0 },
	{ "admonished, over ten days since", { { "2026-03-02", "", N } },
	  { { A, "2026-03-05", "2026-03-06", 0 } }, "2026-03-13", W,
	  "2026-03-13", false, 11 },
	{ "warned, over a month since", { { "2026-03-02", "", N } },
	  { { W, "2026-03-14", "2026-03-16", 0 } }, "2026-04-03", R,
	  "2026-04-03", false, 32 },
	{ "proposed for revocation", { { "2026-03-02", "", N } },
	  { { R, "2026-04-03", NULL, 0 } }, "2026-05-01", N, "", false, 0 },
	{ "a sanction before it answers nothing",
	  { { "2026-03-02", "2026-03-08", N } },
	  { { A, "2026-02-20", "2026-02-21", 0 } }, "2026-03-09", A,
	  "2026-03-03", false, 6 },
	{ "a sanction of the same day does",
	  { { "2026-03-02", NULL, A } }, { { A, "2026-03-02", NULL, 0 } },
	  "2026-03-09", N, "", false, 0 },
	{ "a sanction for another cause does not",
	  { { "2026-03-02", NULL, A }, { "2026-03-04", NULL, A } },
	  { { A, "2026-03-05", NULL, 2 } }, "2026-03-09", A, "2026-03-02",
	  false, 0 },
	{ "each has its own",
	  { { "2026-03-02", NULL, A }, { "2026-03-04", NULL, A } },
	  { { A, "2026-03-05", NULL, 2 }, { A, "2026-03-05", NULL, 1 } },
	  "2026-03-09", N, "", false, 0 },
	/* breaches */
	{ "a light breach", { { "2026-03-02", NULL, A } }, {{0}},
	  "2026-03-09", A, "2026-03-02", false, 0 },
	{ "an injunction broken", { { "2026-03-02", NULL, W } }, {{0}},
	  "2026-03-09", W, "2026-03-02", false, 0 },
	{ "an admonition is too little for it",
	  { { "2026-03-02", NULL, W } }, { { A, "2026-03-03", NULL, 0 } },
	  "2026-03-09", W, "2026-03-02", false, 0 },
	{ "a warning is enough for a light one",
	  { { "2026-03-02", NULL, A } }, { { W, "2026-03-03", NULL, 0 } },
	  "2026-03-09", N, "", false, 0 },
	{ "in the future", { { "2026-03-10", NULL, A } }, {{0}},
	  "2026-03-09", N, "", false, 0 },
	{ "today", { { "2026-03-09", NULL, A } }, {{0}}, "2026-03-09", A,
	  "2026-03-09", false, 0 },
	{ "the gravest of several",
	  { { "2026-03-01", NULL, A }, { "2026-03-02", NULL, W } }, {{0}},
	  "2026-03-09", W, "2026-03-02", false, 0 },
	{ "the oldest of two alike",
	  { { "2026-03-04", NULL, A }, { "2026-03-02", NULL, A } }, {{0}},
	  "2026-03-09", A, "2026-03-02", false, 0 },
	/* 仍不改正: 35, 46, 47, 49 */
	{ "one admonition, again", { { "2026-03-02", NULL, A } },
	  { { A, "2026-01-05", "2026-01-06", 0 } }, "2026-03-09", A,
	  "2026-03-02", false, 0 },
	{ "two admonitions, again", { { "2026-03-02", NULL, A } },
	  { { A, "2026-01-05", "2026-01-06", 0 },
	    { A, "2026-02-05", "2026-02-06", 0 } }, "2026-03-09", W,
	  "2026-03-02", true, 0 },
	{ "two admonitions, and good since", {{0}},
	  { { A, "2026-01-05", "2026-01-06", 0 },
	    { A, "2026-02-05", "2026-02-06", 0 } }, "2026-03-09", N, "",
	  false, 0 },
	{ "the second one was for this very breach",
	  { { "2026-02-04", NULL, A } },
	  { { A, "2026-01-05", "2026-01-06", 0 },
	    { A, "2026-02-05", "2026-02-06", 0 } }, "2026-03-09", N, "",
	  false, 0 },
	{ "the second one is not decided", { { "2026-03-02", NULL, A } },
	  { { A, "2026-01-05", "2026-01-06", 0 },
	    { A, "2026-02-05", NULL, 0 } }, "2026-03-09", A, "2026-03-02",
	  false, 0 },
	{ "a warning begins the count anew", { { "2026-03-02", NULL, A } },
	  { { A, "2026-01-05", "2026-01-06", 0 },
	    { A, "2026-01-15", "2026-01-16", 0 },
	    { W, "2026-02-05", "2026-02-06", 0 } }, "2026-03-09", A,
	  "2026-03-02", false, 0 },
	{ "two after the warning", { { "2026-03-02", NULL, A } },
	  { { W, "2026-01-05", "2026-01-06", 0 },
	    { A, "2026-01-15", "2026-01-16", 0 },
	    { A, "2026-02-05", "2026-02-06", 0 } }, "2026-03-09", W,
	  "2026-03-02", true, 0 },
	{ "two warnings, again", { { "2026-03-02", NULL, A } },
	  { { W, "2026-01-05", "2026-01-06", 0 },
	    { W, "2026-02-05", "2026-02-06", 0 } }, "2026-03-09", R,
	  "2026-03-02", true, 0 },
	{ "two warnings, and an absence", { { "2026-03-02", "", N } },
	  { { W, "2026-01-05", "2026-01-06", 0 },
	    { W, "2026-02-05", "2026-02-06", 0 } }, "2026-03-03", R,
	  "2026-03-03", true, 1 },
	{ "two admonitions, an injunction broken is as grave",
	  { { "2026-03-02", NULL, W } },
	  { { A, "2026-01-05", "2026-01-06", 0 },
	    { A, "2026-02-05", "2026-02-06", 0 } }, "2026-03-09", W,
	  "2026-03-02", false, 0 },
	{ "the repetition answered", { { "2026-03-02", NULL, A } },
	  { { A, "2026-01-05", "2026-01-06", 0 },
	    { A, "2026-02-05", "2026-02-06", 0 },
	    { W, "2026-03-03", NULL, 0 } }, "2026-03-09", N, "", false, 0 },
	{ "answered too lightly", { { "2026-03-02", NULL, A } },
	  { { A, "2026-01-05", "2026-01-06", 0 },
	    { A, "2026-02-05", "2026-02-06", 0 },
	    { A, "2026-03-03", NULL, 0 } }, "2026-03-09", W, "2026-03-02",
	  true, 0 },
	{ "decided on the day of the breach is not before it",
	  { { "2026-03-02", NULL, A } },
	  { { A, "2026-01-05", "2026-01-06", 0 },
	    { A, "2026-02-27", "2026-03-02", 0 } }, "2026-03-09", A,
	  "2026-03-02", false, 0 },
};

static struct uuid
id_of(int n)
{
	struct uuid id = {{0}};

	id.b[15] = (uint8_t)n;
	return id;
}

static struct supervision_proposal
propose(size_t row)
{
	struct supervision_cause causes[CAUSES_MAX];
	struct supervision_sanction sanctions[SANCTIONS_MAX];
	size_t n = 0, m = 0;

	for (; n < CAUSES_MAX && rows[row].causes[n].since; n++) {
		const struct cause *c = &rows[row].causes[n];

		causes[n] = (struct supervision_cause){
			.id = id_of((int)n + 1), .least = c->least,
			.since_on = date_parse(c->since),
			.until_on = c->until && c->until[0] ?
				date_parse(c->until) : DATE_NONE,
			.absence = c->until != NULL };
	}
	for (; m < SANCTIONS_MAX && rows[row].sanctions[m].on; m++) {
		const struct sanction *s = &rows[row].sanctions[m];

		sanctions[m] = (struct supervision_sanction){
			.measure = s->measure, .on = date_parse(s->on),
			.decided_on = s->decided ? date_parse(s->decided) :
				DATE_NONE,
			.cause = id_of(s->of) };
	}
	return supervision_propose(causes, n, sanctions, m,
	    date_parse(rows[row].today));
}

static void
the_ladder(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct supervision_proposal p = propose(i);
		char on[DATE_TEXT_MAX];

		if (p.measure != rows[i].measure)
			fail_msg("%s: %s", rows[i].what,
			    supervision_measures[p.measure]);
		date_print(on, p.on);
		if (strcmp(on, rows[i].on) != 0)
			fail_msg("%s: from %s", rows[i].what, on);
		if (p.repeated != rows[i].repeated ||
		    (p.measure != N && p.days != rows[i].days))
			fail_msg("%s: repeated %d, %d days", rows[i].what,
			    p.repeated, p.days);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_ladder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
