/*
 * The approval of a record on its page.  What waits is never worded like what
 * was decided: the first line says which it is.
 */
#include "client/record_approval.h"

#include <string.h>

#include "base/tr.h"
#include "client/show.h"

static bool
is_state(const struct record *r, const char *name)
{
	return strcmp(r->state, name) == 0;
}

/* Approved, and perhaps gone on since. */
static bool
is_approved(const struct schema_register *reg, const struct record *r)
{
	const struct schema_state *s = schema_state_find(reg, r->state);

	return is_state(r, "approved") ||
		(s && (size_t)(s - reg->states) >= reg->approval.made_states);
}

static const char *
part(const struct schema_register *reg, const struct record *r,
	const struct schema_step *step, const char *name)
{
	const struct schema_field *f = schema_step_field(reg, step, name);

	return f ? values_get(&r->values, f->name) : "";
}

static bool
has_spoken(const struct schema_register *reg, const struct record *r,
	const struct schema_step *step)
{
	return *part(reg, r, step, "by") != '\0';
}

/* The last level that said something: it sent back or refused. */
static const struct schema_step *
last_spoken(const struct schema_register *reg, const struct record *r)
{
	const struct schema_step *last = NULL;

	for (size_t i = 0; i < reg->approval.step_count; i++)
		if (has_spoken(reg, r, &reg->approval.steps[i]))
			last = &reg->approval.steps[i];
	return last;
}

/* ---- how it stands ---- */

static void
add_state(struct record_lines *l, const struct schema_register *reg,
	const struct record *r)
{
	const struct schema_state *s = schema_state_find(reg, r->state);
	struct buf text;

	buf_init(&text, BUF_LINE_MAX);
	if (is_approved(reg, r)) {
		record_lines_text(l, ROLE_GOOD, tr("Approved."));
	} else if (is_state(r, "rejected")) {
		record_lines_text(l, ROLE_ALERT, tr("Refused."));
	} else if (s) {
		buf_printf(&text, tr("%s: not approved."),
			label_text(&s->label));
		record_lines_text(l, ROLE_WARN, text.data);
	}
	buf_release(&text);
}

/* Once each, in the order of the rows. */
static void
add_fact(struct buf *out, const struct app *app,
	const struct schema_register *reg, const struct record *r,
	const struct conds *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct schema_field *f = schema_field_find(reg,
			rows->items[i].field);
		struct buf one;

		if (!f || f->derive == DERIVE_NO ||
		    !values_has(&r->values, f->name))
			continue;
		buf_init(&one, BUF_LINE_MAX);
		buf_printf(&one, "%s ", label_text(&f->label));
		show_field(&one, app, f, values_get(&r->values, f->name),
			"");
		if (!strstr(out->data, one.data))
			buf_printf(out, "%s%s", out->len ? "  " : "",
				one.data);
		buf_release(&one);
	}
}

/* What the rows read and nobody types: the days, the commission. */
static void
add_facts(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r)
{
	const struct schema_approval *a = &reg->approval;
	struct buf text;

	buf_init(&text, BUF_LINE_MAX);
	for (size_t i = 0; i < a->step_count; i++) {
		add_fact(&text, app, reg, r, &a->steps[i].when);
		add_fact(&text, app, reg, r, &a->steps[i].ends);
	}
	if (text.len)
		record_lines_text(l, ROLE_TEXT, text.data);
	buf_release(&text);
}

/* ---- who said what ---- */

static void
add_submitted(struct record_lines *l, const struct record *r)
{
	struct buf text;

	if (!values_has(&r->values, "submitted_by"))
		return;
	buf_init(&text, BUF_LINE_MAX);
	buf_printf(&text, "%s  %s", values_get(&r->values, "submitted_by"),
		values_get(&r->values, "submitted_on"));
	record_lines_value(l, tr("Handed in"), "submitted_by", ROLE_TEXT,
		text.data);
	buf_release(&text);
}

static const char *
word_for(const struct schema_register *reg, const struct record *r,
	const struct schema_step *step)
{
	const struct schema_step *last = last_spoken(reg, r);

	if (step != last)
		return tr("agrees");
	if (is_state(r, "returned"))
		return tr("sent back");
	if (is_state(r, "rejected"))
		return tr("refuses");
	return is_approved(reg, r) ? tr("approves") : tr("agrees");
}

static void
add_said(struct record_lines *l, const struct schema_register *reg,
	const struct record *r, const struct schema_step *step)
{
	const struct schema_field *opinion = schema_step_field(reg, step,
		"opinion");
	bool back = is_state(r, "returned") && step == last_spoken(reg, r);
	const char *said = back ? values_get(&r->values, "return_reason") :
		part(reg, r, step, "opinion");
	struct buf text;

	buf_init(&text, BUF_RECORD_MAX);
	buf_printf(&text, "%s  %s  %s", part(reg, r, step, "by"),
		part(reg, r, step, "on"), word_for(reg, r, step));
	if (*said)
		buf_printf(&text, "%s%s", tr(": "), said);
	record_lines_value(l, label_text(&step->label),
		opinion ? opinion->name : NULL, ROLE_TEXT, text.data);
	buf_release(&text);
}

/* A record in its first state, sent back or waiting has its way before it. */
static bool
is_under_way(const struct schema_register *reg, const struct record *r)
{
	const struct schema_state *s = schema_state_find(reg, r->state);

	return s && (s->step || is_state(r, "draft") ||
		is_state(r, "returned"));
}

static void
add_steps(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r)
{
	const struct schema_approval *a = &reg->approval;
	const struct schema_state *s = schema_state_find(reg, r->state);
	bool ended = !is_under_way(reg, r);

	for (size_t i = 0; i < a->step_count; i++) {
		const struct schema_step *step = &a->steps[i];
		bool waits = s && s->step == (int)i + 1;

		if (has_spoken(reg, r, step) && !waits) {
			add_said(l, reg, r, step);
			continue;
		}
		if (ended || !conds_hold(&step->when, r, app->today, ""))
			continue;
		record_lines_value(l, label_text(&step->label), NULL,
			waits ? ROLE_WARN : ROLE_DIM,
			waits ? tr("waits for a decision") : tr("to decide"));
		ended = step->ends.count > 0 &&
			conds_hold(&step->ends, r, app->today, "");
	}
}

void
record_approval_lines(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r)
{
	if (reg->approval.step_count == 0)
		return;
	record_lines_head(l, tr("Approval"));
	add_state(l, reg, r);
	add_facts(l, app, reg, r);
	add_submitted(l, r);
	add_steps(l, app, reg, r);
	if (strcmp(values_get(&r->values, "self_approved"), "1") == 0)
		record_lines_text(l, ROLE_WARN, tr("Decided by the person who "
			"entered it, by leave of the county."));
}
