/*
 * Checking a record: what is needed, whether each value is what its type
 * stores, then the definition's checks.  Pure: today and other records come
 * in from outside.
 */
#include "core/rule.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "core/dossier.h"
#include "core/overlay.h"
#include "core/rule_named.h"
#include "core/rule_value.h"

enum { FAULTS_MAX = 500 };	/* a record has at most 256 values */

/* ---- faults ---- */

void
faults_release(struct faults *f)
{
	free(f->items);
	*f = (struct faults){0};
}

void
faults_add(struct faults *f, const char *field, bool stop, const char *fmt,
    ...)
{
	struct fault *item;
	struct err said = ERR_INIT;
	char msg[2 * ERR_MSG_MAX];
	va_list args;

	if (f->count >= FAULTS_MAX)
		return;
	va_start(args, fmt);
	vsnprintf(msg, sizeof msg, fmt, args);
	va_end(args);
	/* err_set knows how to cut between two characters */
	(void)err_set(&said, E_INVALID, "%s", msg);
	f->items = mem_grow(f->items, f->count, sizeof *f->items);
	item = &f->items[f->count++];
	*item = (struct fault){ .stop = stop };
	snprintf(item->field, sizeof item->field, "%s", field ? field : "");
	memcpy(item->msg, said.msg, sizeof item->msg);
}

bool
faults_stop(const struct faults *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->items[i].stop)
			return true;
	return false;
}

void
faults_forgive(struct faults *f, const struct record *r,
    const struct record *before)
{
	for (size_t i = 0; i < f->count; i++) {
		const char *field = f->items[i].field;

		bool stood = before && strcmp(values_get(&r->values, field),
		    values_get(&before->values, field)) == 0;

		if ((f->items[i].unknown && (!before || stood)) ||
		    (f->items[i].limit && stood))
			f->items[i].stop = false;
	}
}

const struct fault *
faults_at(const struct faults *f, const char *field)
{
	const struct fault *warning = NULL;

	for (size_t i = 0; i < f->count; i++) {
		if (strcmp(f->items[i].field, field) != 0)
			continue;
		if (f->items[i].stop)
			return &f->items[i];
		if (!warning)
			warning = &f->items[i];
	}
	return warning;
}

/* ---- fields ---- */

static const char *
label_of(const struct schema_register *reg, const char *field)
{
	const struct schema_field *f = schema_field_find(reg, field);

	return f ? label_text(&f->label) : field;
}

/* A field that the form does not show cannot be asked for. */
static bool
is_needed(const struct schema_field *f, const struct record *r,
    enum rule_mode mode, int today)
{
	if (f->need == NEED_NO || (f->need == NEED_SUBMIT && mode == RULE_SAVE))
		return false;
	return conds_hold(&f->need_when, r, today, "") &&
	    conds_hold(&f->show_when, r, today, "");
}

/* What happened did so by now; the day is looked at with the value. */
static void
check_hour(struct faults *out, const struct schema_field *f, const char *text,
    int today, const struct rule_world *world)
{
	const char *now;

	if (!f->past || f->type != VT_DATETIME || !world || !world->now ||
	    rule_day_of(text) != today)
		return;
	now = world->now(world->self);
	if (rule_day_of(now) == today && strlen(text) == strlen(now) &&
	    strcmp(text, now) > 0)
		faults_add(out, f->name, true, tr("This hour is still to "
		    "come; it must not be after now."));
}

static void
check_empty(struct faults *out, const struct schema_field *f,
    const struct record *r, enum rule_mode mode, int today)
{
	if (!is_needed(f, r, mode, today))
		return;
	faults_add(out, f->name, true, tr("'%s' must be filled in."),
	    label_text(&f->label));
	if (out->count > 0)
		out->items[out->count - 1].missing = true;
}

static void
check_filled(struct faults *out, const struct schema_field *f,
    const char *text, int today)
{
	struct err err = ERR_INIT;
	bool stop = true;

	if (!rule_value_check(&stop, f, text, today, &err))
		return;
	faults_add(out, f->name, stop, "%s", err.msg);
	if (out->count > 0) {
		struct fault *last = &out->items[out->count - 1];

		last->unknown = stop && f->codes;
		last->limit = f->least || f->most;
	}
}

/* A ref leads to a record of its register; one that is not here may. */
static void
check_ref(struct faults *out, const struct schema *s,
    const struct schema_field *f, const char *text,
    const struct rule_world *world)
{
	const struct schema_register *reg = schema_register_find(s, f->to);
	const struct record *other = NULL;
	struct uuid id;

	if (reg && world && world->get && uuid_parse(&id, text))
		other = world->get(world->self, &id);
	if (other && strcmp(other->reg, f->to) != 0)
		faults_add(out, f->name, true, tr("'%s' names no %s."),
		    label_text(&f->label), label_text(&reg->one));
}

/* ---- checks of the definition ---- */

static bool
is_amount(const struct schema_field *f)
{
	return f->type == VT_INT || f->type == VT_MONEY;
}

/* The day of a date or datetime, DATE_NONE when it is empty or none. */
static int
day_of(const char *text)
{
	char day[DATE_TEXT_MAX];

	if (strlen(text) < DATE_TEXT_MAX - 1)
		return DATE_NONE;
	memcpy(day, text, DATE_TEXT_MAX - 1);
	day[DATE_TEXT_MAX - 1] = '\0';
	return date_parse(day);
}

/* first <= then: days as days (a time is compared only with a time), numbers
 * by length first, because they have no leading zeros. */
static bool
is_in_order(const struct schema_field *f, const char *first, const char *then)
{
	size_t first_len = strlen(first);
	size_t then_len = strlen(then);

	if (is_amount(f))
		return first_len != then_len ? first_len < then_len :
		    strcmp(first, then) <= 0;
	if (first_len == then_len)
		return strcmp(first, then) <= 0;
	return strncmp(first, then, DATE_TEXT_MAX - 1) <= 0;
}

/* The definition's own sentence, if it has one. */
static bool
has_said(struct faults *out, const struct schema_check *c)
{
	const char *text = label_text(&c->text);

	if (text[0] == '\0')
		return false;
	faults_add(out, c->at, c->stop, "%s", text);
	return true;
}

static void
check_order(struct faults *out, const struct schema_register *reg,
    const struct schema_check *c, const struct record *r)
{
	const char *first = values_get(&r->values, c->first);
	const char *then = first[0] ? values_get(&r->values, c->then) : "";
	const struct schema_field *f = then[0] ?
	    schema_field_find(reg, c->first) : NULL;

	if (!f || is_in_order(f, first, then) || has_said(out, c))
		return;
	if (is_amount(f))
		faults_add(out, c->at, c->stop,
		    tr("'%s' must not be more than '%s'."),
		    label_of(reg, c->first), label_of(reg, c->then));
	else
		faults_add(out, c->at, c->stop,
		    tr("'%s' must not be after '%s'."),
		    label_of(reg, c->first), label_of(reg, c->then));
}

/* Minutes of a stored instant; false: none, or a day alone. */
static bool
minute_of(int64_t *out, const char *text)
{
	int on = day_of(text);

	if (on == DATE_NONE || strlen(text) < 16)
		return false;
	*out = (int64_t)on * 24 * 60
	    + ((text[11] - '0') * 10 + text[12] - '0') * 60
	    + (text[14] - '0') * 10 + text[15] - '0';
	return true;
}

static void
check_hours(struct faults *out, const struct schema_register *reg,
    const struct schema_check *c, const struct record *r)
{
	int64_t first = 0;
	int64_t then = 0;

	if (!minute_of(&first, values_get(&r->values, c->first)) ||
	    !minute_of(&then, values_get(&r->values, c->then)) ||
	    then - first <= c->hours * 60 || has_said(out, c))
		return;
	faults_add(out, c->at, c->stop,
	    tr("'%s' lies more than %d hours after '%s'."),
	    label_of(reg, c->then), c->hours, label_of(reg, c->first));
}

static void
check_within(struct faults *out, const struct schema_register *reg,
    const struct schema_check *c, const struct record *r)
{
	int first = day_of(values_get(&r->values, c->first));
	int then = day_of(values_get(&r->values, c->then));

	if (first == DATE_NONE || then == DATE_NONE ||
	    then - first <= c->days || has_said(out, c))
		return;
	faults_add(out, c->at, c->stop,
	    tr("'%s' lies more than %d days after '%s'."),
	    label_of(reg, c->then), c->days, label_of(reg, c->first));
}

/* A check that names moves is asked on those, any other one always but then:
 * saving has asked it. */
static bool
is_asked(const struct schema_check *c, const struct schema_move *move)
{
	return move ? schema_role_in(c->moves, c->move_count, move->name)
	    : c->move_count == 0;
}

static void
check_rows(struct rule_call *call, const struct schema_move *move)
{
	const struct schema_register *reg = call->reg;

	for (size_t i = 0; i < reg->check_count; i++) {
		const struct schema_check *c = &reg->checks[i];

		if (!is_asked(c, move) ||
		    !overlay_conds_hold(&c->when, call->schema, reg, call->r,
		    call->today, "", call->world))
			continue;
		call->check = c;
		switch (c->kind) {
		case CHECK_ORDER:
			check_order(call->out, reg, c, call->r);
			break;
		case CHECK_WITHIN:
			if (c->hours)
				check_hours(call->out, reg, c, call->r);
			else
				check_within(call->out, reg, c, call->r);
			break;
		case CHECK_FORBID:
			(void)has_said(call->out, c);
			break;
		case CHECK_RULE:
			rule_run_named(call);
			break;
		case CHECK_DOSSIER:
			dossier_check(call->out, call->schema, reg, c, call->r,
			    call->today, call->world);
			break;
		}
	}
}

void
rule_check(struct faults *out, const struct schema *s,
    const struct schema_register *reg, const struct record *r,
    enum rule_mode mode, int today, const struct rule_world *world)
{
	struct rule_call call = { .out = out, .schema = s, .reg = reg, .r = r,
		.mode = mode, .today = today, .world = world };
	const char *texts[RECORD_VALUES_MAX];

	schema_texts(texts, reg, &r->values);
	for (size_t i = 0; i < reg->field_count; i++) {
		const struct schema_field *f = &reg->fields[i];

		if (texts[i][0] == '\0') {
			check_empty(out, f, r, mode, today);
			continue;
		}
		check_filled(out, f, texts[i], today);
		if (f->to)
			check_ref(out, s, f, texts[i], world);
		check_hour(out, f, texts[i], today, world);
	}
	check_rows(&call, NULL);
}

void
rule_check_move(struct faults *out, const struct schema *s,
    const struct schema_register *reg, const struct record *r,
    const struct schema_move *move, int today, const struct rule_world *world)
{
	struct rule_call call = { .out = out, .schema = s, .reg = reg, .r = r,
		.mode = RULE_SAVE, .today = today, .world = world };

	check_rows(&call, move);
}
