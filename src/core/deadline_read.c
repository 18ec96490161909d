/*
 * Files of rules/ (screens/README.md): holidays.json, and one file of rules a
 * register.  Everything a rule reads must be in the overview, because home
 * asks all records on every change.
 */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "core/deadline.h"
#include "core/schema_link.h"
#include "core/schema_parts.h"

enum {
	RULES_MAX = 100,
	STEPS_MAX = 40,
	STATES_MAX = 40,
	YEARS_MAX = 100,
	SPANS_MAX = 40,
	SPAN_DAYS_MAX = 31,
	TERM_MAX = 3660,
};

/* ---- holidays ---- */

static int
read_day(struct schema_reader *r, const struct json *j, const char *key,
	bool required)
{
	char *text = schema_read_text(r, j, key, required,
	    SCHEMA_LABEL_BYTES_MAX);
	int on = text ? date_parse(text) : DATE_NONE;

	if (text && on == DATE_NONE)
		schema_complain(r, key,
		    tr("Here must be a date like 2026-03-05."));
	free(text);
	return on;
}

struct year {			/* being read */
	struct calendar *calendar;
	int year;
};

static bool
is_of_year(const struct year *y, int on)
{
	int year, month, day;

	date_to_ymd(on, &year, &month, &day);
	return year == y->year;
}

static void
read_span(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "name", "from", "to", NULL };
	struct year *y = ctx;
	int from_on, to_on;

	(void)out;
	schema_read_keys(r, j, keys);
	free(schema_read_text(r, j, "name", true, SCHEMA_LABEL_BYTES_MAX));
	from_on = read_day(r, j, "from", true);
	to_on = read_day(r, j, "to", true);
	if (from_on == DATE_NONE || to_on == DATE_NONE)
		return;
	if (from_on > to_on || to_on - from_on >= SPAN_DAYS_MAX ||
	    !is_of_year(y, to_on))
		schema_complain(r, "to", tr("A holiday ends after it begins, "
		    "within %d days, in the year of its list."),
		    SPAN_DAYS_MAX);
	else
		calendar_add_off(y->calendar, from_on, to_on);
}

static void
read_worked(struct year *y, struct schema_reader *r, const struct json *j)
{
	size_t count = 0;
	char **texts = schema_read_texts(&count, r, j, "work", SPANS_MAX);

	for (size_t i = 0; i < count; i++) {
		int on = date_parse(texts[i]);
		size_t mark = schema_read_enter(r, "work", (int)i);

		if (on == DATE_NONE || date_weekday(on) <= 5 ||
		    !is_of_year(y, on))
			schema_complain(r, "", tr("Here must be a Saturday or "
			    "Sunday of the year, like 2026-02-28."));
		else
			calendar_add_work(y->calendar, on);
		schema_read_leave(r, mark);
		free(texts[i]);
	}
	free(texts);
}

static void
read_year(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "year", "source", "off", "work",
		NULL };
	struct year y = { .calendar = ctx };
	char *none;
	size_t count = 0;

	(void)out;
	schema_read_keys(r, j, keys);
	y.year = schema_read_int(r, j, "year", 2000, 2200, 0);
	free(schema_read_text(r, j, "source", true, SCHEMA_TEXT_BYTES_MAX));
	if (y.year == 0 || calendar_knows(y.calendar, y.year)) {
		schema_complain(r, "year",
		    tr("Each year stands here once."));
		return;
	}
	calendar_add_year(y.calendar, y.year);
	none = schema_read_items(&count, r, j, "off", SPANS_MAX, 1, read_span,
	    &y);
	free(none);
	if (count == 0)
		schema_complain(r, "off", tr("The year has no holidays."));
	read_worked(&y, r, j);
}

static void
read_holidays(struct deadline_set *out, struct schema_reader *r,
	const struct json *j)
{
	static const char *const keys[] = { "holidays", NULL };
	size_t count = 0;

	schema_read_keys(r, j, keys);
	free(schema_read_items(&count, r, j, "holidays", YEARS_MAX, 1,
	    read_year, &out->calendar));
}

/* ---- rules ---- */

/* enum calendar_end, in its order. */
static const char *const end_words[] = { "day", "month", "quarter", "half",
	"year", NULL };

/* enum deadline_month, in its order. */
static const char *const month_words[] = { "no", "yes", "only", NULL };

/* days, workdays, months or hours: one of the four. */
static void
read_count(struct calendar_term *t, struct schema_reader *r,
	const struct json *j)
{
	static const char *const units[] = { "days", "workdays", "months",
		"hours" };		/* enum calendar_unit */
	int given = 0;

	for (int i = 0; i < 4; i++) {
		if (!json_get(j, units[i]))
			continue;
		given++;
		t->unit = (enum calendar_unit)i;
		t->count = schema_read_int(r, j, units[i], -TERM_MAX,
		    TERM_MAX, 0);
	}
	if (given != 1)
		schema_complain(r, "",
		    tr("Say one of 'days', 'workdays', 'months' and "
		    "'hours'."));
}

static void
read_step(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "value", "days", "workdays",
		"months", "hours", NULL };
	const struct deadline_rule *rule = ctx;
	struct deadline_step *step = out;

	schema_read_keys(r, j, keys);
	step->term = rule->term;
	step->value = schema_read_text(r, j, "value", true,
	    SCHEMA_LABEL_BYTES_MAX);
	if (!step->value)
		step->value = mem_strdup("");
	read_count(&step->term, r, j);
}

static void
read_by(struct deadline_rule *rule, struct schema_reader *r,
	const struct json *by)
{
	static const char *const keys[] = { "field", "steps", NULL };
	size_t mark = schema_read_enter(r, "by", -1);

	if (schema_read_keys(r, by, keys)) {
		rule->by = schema_read_name(r, by, "field");
		rule->steps = schema_read_items(&rule->step_count, r, by,
		    "steps", STEPS_MAX, sizeof *rule->steps, read_step, rule);
		if (rule->step_count == 0)
			schema_complain(r, "steps",
			    tr("Here must be a list of steps."));
	}
	schema_read_leave(r, mark);
}

static void
read_last(struct deadline_rule *rule, struct schema_reader *r,
	const struct json *last)
{
	static const char *const keys[] = { "register", "field", "when", NULL };
	size_t mark = schema_read_enter(r, "last", -1);

	if (schema_read_keys(r, last, keys)) {
		rule->last_reg = schema_read_name(r, last, "register");
		rule->last_field = schema_read_name(r, last, "field");
		schema_read_conds(&rule->last_when, r, last, "when");
	}
	schema_read_leave(r, mark);
}

static void
read_lack(struct deadline_rule *rule, struct schema_reader *r,
	const struct json *lack)
{
	static const char *const keys[] = { "register", "when", "min", NULL };
	size_t mark = schema_read_enter(r, "lacks", -1);

	if (schema_read_keys(r, lack, keys)) {
		rule->lack.reg = schema_read_name(r, lack, "register");
		schema_read_conds(&rule->lack.when, r, lack, "when");
		rule->lack.min = schema_read_int(r, lack, "min", 1, 100, 1);
	}
	schema_read_leave(r, mark);
}

static void
read_term(struct deadline_rule *rule, struct schema_reader *r,
	const struct json *j)
{
	static const char *const keys[] = { "days", "workdays", "months",
		"hours", NULL };
	const struct json *after = json_get(j, "after");
	const struct json *by = json_get(j, "by");
	size_t mark;

	if (!rule->from && !rule->last_reg)
		schema_complain(r, "from",
		    tr("A rule counts 'from' a date or from the 'last' child."));
	rule->term.procedural = schema_read_bool(r, j, "procedural", false);
	rule->term.end = (enum calendar_end)schema_read_choice(r, j,
	    "to_end_of", end_words, CALENDAR_THE_DAY);
	if (!after == !by)
		schema_complain(r, "after",
		    tr("Say either 'after' or 'by'."));
	if (after) {
		mark = schema_read_enter(r, "after", -1);
		if (schema_read_keys(r, after, keys))
			read_count(&rule->term, r, after);
		schema_read_leave(r, mark);
	}
	if (by)
		read_by(rule, r, by);
}

static void
read_rule(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "name", "title", "article",
		"local", "states", "when", "from", "last", "after", "by",
		"lacks", "propose", "to_end_of", "procedural", "warn_days",
		"late_days", "rank", "month", "short", NULL };
	struct deadline_rule *rule = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	rule->name = schema_read_name(r, j, "name");
	schema_read_label(&rule->title, r, j, "title", true,
	    SCHEMA_LABEL_BYTES_MAX);
	schema_read_label(&rule->short_title, r, j, "short", false,
	    SCHEMA_LABEL_BYTES_MAX);
	schema_read_label(&rule->article, r, j, "article", true,
	    SCHEMA_TEXT_BYTES_MAX);
	rule->local = schema_read_bool(r, j, "local", false);
	rule->states = schema_read_texts(&rule->state_count, r, j, "states",
	    STATES_MAX);
	schema_read_conds(&rule->when, r, j, "when");
	rule->from = schema_read_name_if(r, j, "from");
	if (json_get(j, "last"))
		read_last(rule, r, json_get(j, "last"));
	if (json_get(j, "lacks"))
		read_lack(rule, r, json_get(j, "lacks"));
	if (json_get(j, "propose"))
		deadline_propose_read(rule, r, json_get(j, "propose"));
	else
		read_term(rule, r, j);
	rule->warn_days = schema_read_int(r, j, "warn_days", 0, 366, 0);
	rule->late_days = schema_read_int(r, j, "late_days", 0, 3660, -1);
	rule->rank = schema_read_int(r, j, "rank", 1, DEADLINE_RANK_MAX,
	    DEADLINE_RANK);
	rule->month = (enum deadline_month)schema_read_choice(r, j, "month",
	    month_words, rule->last_reg ? DEADLINE_MONTH_YES
	    : DEADLINE_MONTH_NO);
}

static void
read_rules(struct deadline_set *out, struct schema_reader *r,
	const struct json *j, const struct schema *s)
{
	static const char *const keys[] = { "rules", "items", NULL };
	const struct schema_register *reg;
	struct deadline_rule *items;
	size_t count = 0;
	char *name;

	schema_read_keys(r, j, keys);
	name = schema_read_name(r, j, "rules");
	schema_check_file_name(r, name, "rules");
	reg = schema_register_find(s, name);
	if (!reg)
		schema_complain(r, "rules",
		    tr("There is no register of this name."));
	free(name);
	items = schema_read_items(&count, r, j, "items", RULES_MAX,
	    sizeof *items, read_rule, NULL);
	if (count == 0)
		schema_complain(r, "items", tr("The file has no rules."));
	for (size_t i = 0; i < count; i++) {
		items[i].reg = reg;
		items[i].item = (int)i;
		out->rules = mem_grow(out->rules, out->count,
		    sizeof *out->rules);
		out->rules[out->count++] = items[i];
	}
	free(items);
}

void
deadline_read(struct deadline_set *out, struct schema_reader *r,
	const struct json *j, const struct schema *s)
{
	if (strcmp(r->file, "rules/holidays.json") == 0)
		read_holidays(out, r, j);
	else
		read_rules(out, r, j, s);
}

/* ---- links ---- */

static bool
is_day(const struct schema_field *f)
{
	return f->type == VT_DATE || f->type == VT_DATETIME;
}

/* A field that a rule reads. */
const struct schema_field *
deadline_link_field(struct schema_linker *l,
	const struct schema_register *reg, const char *name, bool day,
	const char *key)
{
	const struct schema_field *f = schema_link_name(l, reg, name, key);

	if (!f)
		return NULL;
	schema_link_overview(l, reg, f, key);
	if (day && !is_day(f))
		schema_complain(&l->r, key, tr("'%s' is no date."), name);
	return f;
}

void
deadline_link_conds(struct schema_linker *l,
	const struct schema_register *reg, const struct conds *c)
{
	schema_link_conds(l, reg, c, "when");
	for (size_t i = 0; i < c->count; i++) {
		const struct schema_field *f = schema_field_find(reg,
		    c->items[i].field);

		if (f)
			schema_link_overview(l, reg, f, "when");
	}
}

const struct schema_register *
deadline_link_child(struct schema_linker *l, const struct deadline_rule *rule,
	const char *name, const char *key)
{
	const struct schema_register *child = schema_link_register(l, name,
	    key);

	if (child && (!child->parent ||
	    strcmp(child->parent, rule->reg->name) != 0)) {
		schema_complain(&l->r, key,
		    tr("'%s' is no child of this register."), child->name);
		return NULL;
	}
	return child;
}

static void
link_last(struct schema_linker *l, const struct deadline_rule *rule)
{
	const struct schema_register *child = deadline_link_child(l, rule,
	    rule->last_reg, "last");

	if (!child)
		return;
	(void)deadline_link_field(l, child, rule->last_field, true, "last");
	deadline_link_conds(l, child, &rule->last_when);
}

static void
link_rule(struct schema_linker *l, const struct deadline_rule *rule)
{
	deadline_link_conds(l, rule->reg, &rule->when);
	for (size_t i = 0; i < rule->state_count; i++)
		if (!schema_state_find(rule->reg, rule->states[i]))
			schema_complain(&l->r, "states",
			    tr("The register has no such state."));
	if (rule->from)
		(void)deadline_link_field(l, rule->reg, rule->from, true, "from");
	if (rule->last_reg)
		link_last(l, rule);
	if (rule->lack.reg) {
		const struct schema_register *child = deadline_link_child(l,
		    rule, rule->lack.reg, "lacks");

		if (child)
			deadline_link_conds(l, child, &rule->lack.when);
	}
	if (rule->propose)
		deadline_propose_link(l, rule);
	if (rule->by) {
		const struct schema_field *f = deadline_link_field(l, rule->reg,
		    rule->by, false, "by");

		for (size_t i = 0; f && i < rule->step_count; i++)
			schema_link_value(l, f, rule->steps[i].value, "by");
	}
}

void
deadline_link(const struct deadline_set *set, const struct schema *s,
	struct complaints *complaints)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct deadline_rule *rule = &set->rules[i];
		struct schema_linker l = { .s = s, .reg = rule->reg };
		char *file;
		size_t mark;

		if (!rule->reg)
			continue;	/* complained about */
		file = mem_printf("rules/%s.json", rule->reg->name);
		l.r.complaints = complaints;
		l.r.file = file;
		mark = schema_read_enter(&l.r, "items", rule->item);
		link_rule(&l, rule);
		for (size_t k = 0; k < i; k++)
			if (set->rules[k].reg == rule->reg &&
			    strcmp(set->rules[k].name, rule->name) == 0)
				schema_complain(&l.r, "name",
				    tr("'%s' stands here twice."), rule->name);
		schema_read_leave(&l.r, mark);
		free(file);
	}
}
