/*
 * Named rules of community correction and resettlement: terms as the Criminal
 * Law limits them, events inside the term, and what must be known of the
 * person.  The judgment decides, so what is said about terms only warns.
 */
#include "core/rule_named.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"

/* ---- terms in words ---- */

enum { TERM_NUMBER_MAX = 1000 };	/* no term has so many */

struct words {
	int n;			/* the number being read, -1 none */
	bool tens;		/* it ends with 十: a digit is added to it */
	bool half;		/* 半 */
	int years, months;	/* -1: not yet */
};

/* 0..9, or -1. */
static int
numeral(uint32_t c)
{
	static const uint32_t hanzi[] = { 0x3007, 0x4E00, 0x4E8C, 0x4E09,
		0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D };

	if (c >= '0' && c <= '9')
		return (int)(c - '0');
	if (c == 0x4E24)	/* 两 */
		return 2;
	for (int i = 0; i < 10; i++)
		if (c == hanzi[i])
			return i;
	return -1;
}

/* false: a unit without its number, or a second one, as where a sentence and
 * its probation stand in one text. */
static bool
read_unit(struct words *w, bool year)
{
	if (year && w->half && w->n < 0 && w->years < 0 && w->months < 0) {
		w->months = 6;
		w->half = false;
		return true;
	}
	if (w->n < 0 || w->n == TERM_NUMBER_MAX || w->months >= 0 ||
	    (year && w->years >= 0))
		return false;
	*(year ? &w->years : &w->months) = w->n;
	w->n = -1;
	w->tens = false;
	return true;
}

static bool
read_word(struct words *w, uint32_t c)
{
	int d = numeral(c);

	if (d >= 0) {
		w->n = w->tens ? w->n + d : w->n < 0 ? d : w->n * 10 + d;
		if (w->n > TERM_NUMBER_MAX)
			w->n = TERM_NUMBER_MAX;	/* a fine, a year */
		w->tens = false;
		return true;
	}
	switch (c) {
	case 0x5341:	/* 十 */
		w->n = w->n > 0 ? w->n * 10 : 10;
		w->tens = true;
		return w->n <= 90;
	case 0x534A:	/* 半 */
		w->half = true;
		return true;
	case 0x4E2A:	/* 个 */
		return true;
	case 0x5E74:	/* 年 */
		return read_unit(w, true);
	case 0x6708:	/* 月 */
		return read_unit(w, false);
	case 0x65E5:	/* 日, 天, 周: not in whole months */
	case 0x5929:
	case 0x5468:
		return false;
	default:
		w->n = -1;
		w->tens = false;
		return true;
	}
}

int
rule_term_months(const char *text)
{
	struct words w = { .n = -1, .years = -1, .months = -1 };
	size_t len = strlen(text);
	size_t i = 0;

	while (i < len)
		if (!read_word(&w, utf8_fold(utf8_next(text, len, &i))))
			return 0;
	if (w.half)
		return 0;
	return (w.years > 0 ? w.years * 12 : 0) + (w.months > 0 ? w.months : 0);
}

/* ---- terms ---- */

/* A term of months ends on the day before;
 * one that ends on the same day of the month is let pass as well, because
 * offices write it so. */
static bool
is_shorter(int from, int to, int months)
{
	return to < date_add_months(from, months) - 1;
}

static bool
is_longer(int from, int to, int months)
{
	return to > date_add_months(from, months);
}

static void
warn_term(const struct rule_call *c, const char *said)
{
	faults_add(c->out, rule_at(c, "term_to"), false, "%s", said);
}

/* Probation: not shorter than the sentence either (刑法 73). */
static void
probation_limits(const struct rule_call *c, int from, int to)
{
	const char *kind = rule_get(c, "sentence_kind");
	int months = rule_term_months(rule_get(c, "sentence_text"));
	int s_from = rule_day(c, "sentence_from");
	int s_to = rule_day(c, "sentence_to");

	if (strcmp(kind, "04") == 0 &&
	    (is_shorter(from, to, 2) || is_longer(from, to, 12)))
		warn_term(c, tr("Probation of a detention lasts 2 months to 1 "
		    "year (Criminal Law 73)."));
	else if (strcmp(kind, "03") == 0 &&
	    (is_shorter(from, to, 12) || is_longer(from, to, 60)))
		warn_term(c, tr("Probation of a fixed term lasts 1 to 5 years "
		    "(Criminal Law 73)."));
	else if ((months > 0 && is_shorter(from, to, months)) ||
	    (s_from != DATE_NONE && s_to != DATE_NONE &&
	    to - from < s_to - s_from - 1))
		warn_term(c, tr("Probation is not shorter than the sentence "
		    "(Criminal Law 73)."));
}

/* 刑法 38, 69, 73, 83; all of them warn, because the judgment decides. */
void
rule_term_limits(const struct rule_call *c)
{
	const char *category = rule_get(c, "category");
	int from = rule_day(c, "term_from");
	int to = rule_day(c, "term_to");
	int s_to = rule_day(c, "sentence_to");
	int most = strcmp(rule_get(c, "several_crimes"), "1") == 0 ? 36 : 24;

	if (from == DATE_NONE || to == DATE_NONE || to < from)
		return;
	if (strcmp(category, "01") == 0 &&
	    (is_shorter(from, to, 3) || is_longer(from, to, most)))
		warn_term(c, tr("Control lasts 3 months to 2 years, for "
		    "several crimes up to 3 (Criminal Law 38, 69)."));
	else if (strcmp(category, "02") == 0)
		probation_limits(c, from, to);
	else if (strcmp(category, "03") == 0 &&
	    strcmp(rule_get(c, "sentence_kind"), "02") == 0 &&
	    (is_shorter(from, to, 120) || is_longer(from, to, 120)))
		warn_term(c, tr("Parole from life imprisonment lasts 10 years "
		    "(Criminal Law 83)."));
	else if (strcmp(category, "03") == 0 && s_to != DATE_NONE &&
	    abs(to - s_to) > 1 && strcmp(rule_get(c, "sentence_kind"), "03") == 0)
		warn_term(c, tr("Parole lasts as long as the rest of the "
		    "sentence (Criminal Law 83)."));
	else if (strcmp(category, "04") == 0 && s_to != DATE_NONE &&
	    to > s_to)
		warn_term(c, tr("Serving outside prison does not outlast the "
		    "sentence."));
}

/* The end is the start and the term less one day.  Control is shortened by
 * detention before it (刑法 41) and parole is a rest, so apart from probation
 * only a longer one is strange. */
void
rule_term_text_agrees(const struct rule_call *c)
{
	int months = rule_term_months(rule_get(c, "term_text"));
	int from = rule_day(c, "term_from");
	int to = rule_day(c, "term_to");

	if (months == 0 || from == DATE_NONE || to == DATE_NONE || to < from)
		return;
	if (is_longer(from, to, months) ||
	    (strcmp(rule_get(c, "category"), "02") == 0 &&
	    is_shorter(from, to, months)))
		warn_term(c, tr("The end is not the start and the term less "
		    "one day."));
}

/* 社区矫正法 29 */
void
rule_device_three_months(const struct rule_call *c)
{
	int from = rule_day(c, "gps_from");
	int to = rule_day(c, "gps_to");

	if (from != DATE_NONE && to != DATE_NONE && is_longer(from, to, 3))
		faults_add(c->out, rule_at(c, "gps_to"), false,
		    tr("A device is used for three months at most, and each "
		    "extension too (Community Correction Law 29)."));
}

/* ---- other records ---- */

void
rule_event_in_term(const struct rule_call *c)
{
	const struct record *subject = rule_behind(c, c->reg->parent_field ?
	    c->reg->parent_field : "subject_id");
	int on = rule_day(c, "held_at");
	int received;
	int to;

	if (!subject || on == DATE_NONE)
		return;
	received = rule_day_of(values_get(&subject->values, "received_on"));
	to = rule_day_of(values_get(&subject->values, "term_to"));
	if (received != DATE_NONE && on < received)
		faults_add(c->out, rule_at(c, "held_at"), c->check->stop,
		    tr("This was before the subject was received."));
	else if (to != DATE_NONE && on > to)
		faults_add(c->out, rule_at(c, "held_at"), false,
		    tr("This was after the end of the term."));
}

/* All of it at once: it is filled in on one form. */
static void
say_missing(const struct rule_call *c, const char *field,
    const struct record *p)
{
	static const char *const needed[] = { "id_no", "home_detail" };
	const struct schema_register *reg = schema_register_find(c->schema,
	    p->reg);
	struct buf names;

	buf_init(&names, BUF_LINE_MAX);
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		const struct schema_field *f = reg ?
		    schema_field_find(reg, needed[i]) : NULL;

		if (f && !values_has(&p->values, f->name))
			buf_printf(&names, "%s%s", names.len ? tr(", ") : "",
			    label_text(&f->label));
	}
	if (names.len)
		faults_add(c->out, field, c->check->stop, tr("Still missing "
		    "of the person: %s."), names.data);
	buf_release(&names);
}

/* Whoever is on the roll is a natural person; when he is taken on for good,
 * his number and his home are known.  A juvenile's file is confidential
 * (社区矫正法 54). */
void
rule_subject_person(const struct rule_call *c)
{
	const char *field = rule_at(c, "person_id");
	const struct record *p = rule_behind(c, field);
	const char *kind;
	const char *level;

	if (!p)
		return;
	kind = values_get(&p->values, "kind");
	level = values_get(&p->values, "confidential");
	if (kind[0] != '\0' && strcmp(kind, "01") != 0)
		faults_add(c->out, field, c->check->stop,
		    tr("Only a natural person can be on this roll."));
	else if (c->mode == RULE_SUBMIT)
		say_missing(c, field, p);
	if (strcmp(rule_get(c, "minor_now"), "1") == 0 &&
	    (level[0] == '\0' || strcmp(level, "0") == 0))
		faults_add(c->out, field, false,
		    tr("A juvenile's file is confidential; set the level of "
		    "the person (Community Correction Law 54)."));
}
