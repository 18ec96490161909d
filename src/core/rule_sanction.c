/*
 * Named rules of rewards and penalties (社区矫正法实施办法 33-36, 46-49): the
 * articles of a kind, the kind of a category, and what must have gone before.
 * A code of sanction_basis begins with its kind: "P2-35e".
 */
#include "core/rule_named.h"

#include <string.h>

#include "base/date.h"

enum { KIND_LEN = 2, PRAISE_MONTHS = 6, MEASURES = 2 };

/* The next code of several joined with ';'; NULL at the end. */
static const char *
next_code(size_t *len, const char *at)
{
	if (*at == ';')
		at++;
	*len = strcspn(at, ";");
	return *len > 0 ? at : NULL;
}

static bool
is_kind(const struct rule_call *c, const char *kind)
{
	return strcmp(rule_get(c, "kind"), kind) == 0;
}

void
rule_sanction_basis_fits(const struct rule_call *c)
{
	const char *kind = rule_get(c, "kind");
	const char *at = rule_get(c, "basis");
	size_t len = 0;

	if (strlen(kind) != KIND_LEN)
		return;
	for (at = next_code(&len, at); at; at = next_code(&len, at + len))
		if (len < KIND_LEN || strncmp(at, kind, KIND_LEN) != 0) {
			faults_add(c->out, rule_at(c, "basis"), c->check->stop,
			    tr("An article of the basis belongs to another "
			    "kind of sanction."));
			return;
		}
}

/* Probation and parole are revoked, who serves outside prison is taken back
 * (社区矫正法 48, 49). */
void
rule_sanction_fits_category(const struct rule_call *c)
{
	static const struct {
		const char *kind, *category;
	} rows[] = { { "P4", "02" }, { "P5", "03" }, { "P6", "04" } };
	const struct record *subject = rule_behind(c, "subject_id");
	const char *category;

	if (!subject)
		return;
	category = values_get(&subject->values, "category");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (is_kind(c, rows[i].kind) && category[0] != '\0' &&
		    strcmp(category, rows[i].category) != 0)
			faults_add(c->out, rule_at(c, "kind"), c->check->stop,
			    tr("This proposal belongs to another category of "
			    "correction."));
}

/* Approved ones of the kind, and what came of them. */
static bool
has_force(const struct record *r)
{
	static const char *const states[] = { "approved", "served", "sent",
		"proposed", "granted" };

	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (strcmp(r->state, states[i]) == 0)
			return true;
	return false;
}

static int
count(const struct rule_call *c, const char *kind)
{
	const struct record *r;
	size_t i = 0;
	int n = 0;

	for (r = rule_sibling(c, c->reg->name, &i); r;
	    r = rule_sibling(c, c->reg->name, &i))
		n += has_force(r) && strcmp(values_get(&r->values, "kind"),
		    kind) == 0;
	return n;
}

/* Two admonitions, two warnings: they must be there (办法 35, 46, 47, 49). */
void
rule_sanction_counted(const struct rule_call *c)
{
	static const struct {
		const char *basis, *kind;
	} rows[] = { { "P2-35e", "P1" }, { "P4-46d", "P2" },
		{ "P5-47b", "P2" }, { "P6-49d", "P2" } };
	const char *basis = rule_get(c, "basis");

	if (!c->world || !c->world->child)
		return;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strstr(basis, rows[i].basis) &&
		    count(c, rows[i].kind) < MEASURES)
			faults_add(c->out, rule_at(c, "basis"), c->check->stop,
			    rows[i].kind[1] == '1' ?
			    tr("Fewer than two admonitions are on record.") :
			    tr("Fewer than two warnings are on record."));
}

/* 办法 33; a heroic deed needs no time. */
void
rule_praise_after_six_months(const struct rule_call *c)
{
	const struct record *subject = rule_behind(c, "subject_id");
	int on = rule_day(c, "proposed_on");
	int received;

	if (!subject || !is_kind(c, "R1") || on == DATE_NONE ||
	    strstr(rule_get(c, "basis"), "R1-33b"))
		return;
	received = rule_day_of(values_get(&subject->values, "received_on"));
	if (received != DATE_NONE &&
	    on < date_add_months(received, PRAISE_MONTHS))
		faults_add(c->out, rule_at(c, "kind"), c->check->stop,
		    tr("Praise is given after six months of correction "
		    "(Implementing Measures 33)."));
}
