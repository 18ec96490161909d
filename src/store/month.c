/*
 * The month list.  What was due in a month is what the rule gave on its first
 * day: counted from the last child before it.  Done is a child within it.
 */
#include "store/month.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "store/inside.h"

struct walk {
	struct store *s;
	const struct overview *o;
	int today;
	int from_on, to_on;		/* the month's days */
	int before_on;			/* children from here on do not count */
	const struct deadline_rule *rule;
	uint32_t at;			/* of the child lent last */
	const struct overview *child;
	struct deadline_world below;	/* asks that child */
};

void
month_release(struct month_table *t)
{
	free(t->rules);
	free(t->ids);
	free(t->cells);
	*t = (struct month_table){0};
}

static bool
is_task(const struct deadline_rule *rule, const struct schema_register *reg)
{
	return rule->reg == reg && rule->month != DEADLINE_MONTH_NO;
}

bool
month_has(const struct schema *schema, const struct schema_register *reg)
{
	const struct deadline_set *set = schema->deadlines;

	for (size_t i = 0; i < set->count; i++)
		if (is_task(&set->rules[i], reg))
			return true;
	return false;
}

/* ---- one rule on one record ---- */

static const char *
walk_get(void *self, const char *field)
{
	return overview_get(((struct walk *)self)->o, field);
}

static bool
walk_holds(void *self, const struct conds *when)
{
	const struct walk *w = self;

	return overview_matches(w->s, w->o, when, w->today,
		store_user(w->s)->name);
}

/* The last child in a span of days, and how many there are. */
static int
last_in(const struct walk *w, const struct deadline_rule *rule, int from_on,
	int before_on, size_t *count)
{
	int last_on = DATE_NONE;

	for (uint32_t at = overview_child(w->s, &w->o->id); at != IDMAP_NONE;
	    at = overview_sibling(w->s, at)) {
		const struct overview *child = overview_at(w->s, at);
		int on;

		if (!child || child->deleted ||
		    strcmp(child->reg_name, rule->last_reg) != 0 ||
		    !overview_matches(w->s, child, &rule->last_when,
		    w->today, ""))
			continue;
		on = deadline_day(overview_get(child, rule->last_field));
		if (on == DATE_NONE || on < from_on || on >= before_on)
			continue;
		++*count;
		if (on > last_on)
			last_on = on;
	}
	return last_on;
}

static const char *
child_get(void *self, const char *field)
{
	return overview_get(((struct walk *)self)->child, field);
}

static bool
child_holds(void *self, const struct conds *when)
{
	const struct walk *w = self;

	return overview_matches(w->s, w->child, when, w->today,
		store_user(w->s)->name);
}

/* The children that the rule counts from are those before the day. */
static bool
is_before(const struct walk *w, const struct overview *child)
{
	const struct deadline_rule *rule = w->rule;
	int on;

	if (!rule->last_reg || strcmp(child->reg_name, rule->last_reg) != 0)
		return true;
	on = deadline_day(overview_get(child, rule->last_field));
	return on != DATE_NONE && on < w->before_on;
}

static const struct deadline_world *
walk_child(void *self, const char *reg, bool first)
{
	struct walk *w = self;

	w->at = first ? overview_child(w->s, &w->o->id) :
		overview_sibling(w->s, w->at);
	for (; w->at != IDMAP_NONE; w->at = overview_sibling(w->s, w->at)) {
		const struct overview *child = overview_at(w->s, w->at);

		if (!child || child->deleted ||
		    strcmp(child->reg_name, reg) != 0 || !is_before(w, child))
			continue;
		w->child = child;
		return &w->below;
	}
	return NULL;
}

/* When it is due, counting only the children before a day; DATE_NONE when it
 * is not asked of the record. */
static int
due_on(struct walk *w, const struct deadline_rule *rule, int before_on)
{
	const struct calendar *c = &store_schema(w->s)->deadlines->calendar;
	const struct deadline_world world = { .self = w, .get = walk_get,
		.holds = walk_holds, .child = walk_child };
	struct deadline_rule always = *rule;

	always.late_days = -1;		/* lapsed or not, it was of the month */
	w->before_on = before_on;
	w->rule = rule;
	w->below = (struct deadline_world){ .self = w, .get = child_get,
		.holds = child_holds };
	return deadline_of(&always, c, &world, w->today).on;
}

static bool
cell_of(struct month_cell *out, struct walk *w,
	const struct deadline_rule *rule)
{
	int first_on = due_on(w, rule, w->from_on);
	int now_on = due_on(w, rule, INT_MAX);
	bool is_now = w->today <= w->to_on;
	struct month_cell cell = { .on = DATE_NONE };

	if (rule->last_reg)
		cell.on = last_in(w, rule, w->from_on, w->to_on + 1,
			&cell.times);
	if (now_on == DATE_NONE) {
		/* what was done counts under another rule */
		cell = (struct month_cell){ .on = DATE_NONE };
	} else if (cell.times && (!is_now || now_on >= w->today)) {
		cell.mark = MONTH_DONE;
	} else if (cell.times) {
		/* done, and due again already */
		cell.mark = MONTH_LATE;
		cell.on = now_on;
	} else if (first_on != DATE_NONE && first_on <= w->to_on) {
		cell.mark = first_on < w->today ? MONTH_LATE : MONTH_OPEN;
		cell.on = first_on;
	}
	*out = cell;
	return now_on != DATE_NONE;
}

/* ---- the table ---- */

static void
add_record(struct month_table *t, struct walk *w, const struct uuid *id)
{
	struct month_cell *row;
	bool asked = false;

	w->o = overview_find(w->s, id);
	if (!w->o)
		return;
	row = mem_alloc(t->rule_count, sizeof *row);
	for (size_t i = 0; i < t->rule_count; i++)
		asked = cell_of(&row[i], w, t->rules[i]) || asked;
	if (asked) {
		t->ids = mem_resize(t->ids, t->count + 1, sizeof *t->ids);
		t->cells = mem_resize(t->cells,
			(t->count + 1) * t->rule_count, sizeof *t->cells);
		memcpy(&t->cells[t->count * t->rule_count], row,
			t->rule_count * sizeof *row);
		t->ids[t->count++] = *id;
	}
	free(row);
}

static void
add_all(struct month_table *t, struct walk *w,
	const struct schema_register *reg)
{
	struct overview_query q = { .reg = reg, .today = w->today,
		.user = store_user(w->s)->name };
	struct uuid *ids = NULL;
	size_t count = 0;

	overview_query(&ids, &count, w->s, &q);
	for (size_t i = 0; i < count; i++)
		add_record(t, w, &ids[i]);
	free(ids);
}

void
month_gather(struct month_table *out, struct store *s,
	const struct schema_register *reg, const struct uuid *one,
	int month_on, int today)
{
	const struct deadline_set *set = store_schema(s)->deadlines;
	struct walk w = { .s = s, .today = today };
	int year, month, day;

	month_release(out);
	date_to_ymd(month_on, &year, &month, &day);
	w.from_on = date_from_ymd(year, month, 1);
	w.to_on = w.from_on + date_days_in_month(year, month) - 1;
	for (size_t i = 0; i < set->count; i++) {
		if (!is_task(&set->rules[i], reg))
			continue;
		out->rules = mem_resize(out->rules, out->rule_count + 1,
			sizeof *out->rules);
		out->rules[out->rule_count++] = &set->rules[i];
	}
	if (!out->rule_count || !schema_may_read(reg, store_user(s)->role))
		return;
	if (one)
		add_record(out, &w, one);
	else
		add_all(out, &w, reg);
}

const struct month_cell *
month_cell_at(const struct month_table *t, size_t row, size_t rule)
{
	return &t->cells[row * t->rule_count + rule];
}
