/*
 * One record's tasks of the month: done or not yet, each with its article.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/due_words.h"
#include "client/list_batch.h"
#include "client/listpage.h"
#include "client/month_words.h"
#include "client/screen_month.h"
#include "client/show.h"

struct screen_month_one {
	struct listpage page;		/* first */
	const struct schema_register *reg;
	struct uuid id;
	int month_on;
	struct month_table table;
};

enum { ONE_ADD = 1, ONE_BEFORE, ONE_AFTER };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, 'a', ONE_ADD, TR_MARK("complete"),
	    TR_MARK("Enter the task as done."), KEYMAP_ALWAYS },
	{ '<', PRESS_NONE, ONE_BEFORE, TR_MARK("month before"),
	    TR_MARK("The month before."), KEYMAP_HINT },
	{ '>', PRESS_NONE, ONE_AFTER, TR_MARK("month after"),
	    TR_MARK("The month after, up to this one."), KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &listpage_keymap,
};

static struct screen_month_one *
of(const struct listpage *p)
{
	return (struct screen_month_one *)(uintptr_t)p;
}

static const char *
words_of(enum month_mark mark)
{
	switch (mark) {
	case MONTH_DONE:
		return tr("done on");
	case MONTH_OPEN:
		return tr("not yet, due on");
	case MONTH_LATE:
		return tr("late since");
	default:
		return tr("not asked for");
	}
}

static void
add_row(struct screen_month_one *w, size_t task)
{
	const struct month_cell *cell = month_cell_at(&w->table, 0, task);
	const struct deadline_rule *rule = w->table.rules[task];
	struct uuid id = uuid_named("task", rule->name);
	struct rows_row *row = rows_add(&w->page.rows, &id);
	char on[DATE_TEXT_MAX] = "";
	struct buf text;

	if (cell->mark != MONTH_NONE)
		date_print(on, cell->on);
	row->role = month_words_role(cell->mark);
	rows_cell(row, 0, label_text(&rule->title));
	buf_init(&text, BUF_LINE_MAX);
	buf_text(&text, words_of(cell->mark));
	rows_cell(row, 1, text.data);
	rows_cell(row, 2, on);
	buf_clear(&text);
	if (cell->times)
		buf_printf(&text, "%zu", cell->times);
	rows_cell(row, 3, text.data);
	buf_release(&text);
}

static void
one_fill(struct listpage *p)
{
	struct screen_month_one *w = of(p);

	month_gather(&w->table, p->app->cli->store, w->reg, &w->id,
		w->month_on, p->app->today);
	for (size_t i = 0; w->table.count && i < w->table.rule_count; i++)
		add_row(w, i);
}

static void
one_title(const struct listpage *p, struct buf *out)
{
	const struct screen_month_one *w = of(p);

	buf_printf(out, "%s ", tr("Tasks of the month"));
	month_words_month(out, w->month_on);
	buf_text(out, tr(": "));
	show_called(out, p->app, &w->id);
}

static const struct deadline_rule *
rule_at(const struct screen_month_one *w, size_t item)
{
	return item < w->page.rows.count ? w->table.rules[item] : NULL;
}

static enum canvas_role
one_message(const struct listpage *p, struct buf *out)
{
	const struct deadline_rule *rule = rule_at(of(p), listpage_item(p));

	if (rule)
		due_words_article(out, rule);
	return ROLE_DIM;
}

static void
complete(struct screen_month_one *w, const struct deadline_rule *rule)
{
	const struct schema_register *child;
	struct values preset = {0};

	if (!rule)
		return;
	child = month_words_child(w->page.app, rule, &preset);
	if (child)
		list_batch_add_child(w->page.app, w->reg, NULL, &w->id, child,
			&preset);
	else
		view_say(&w->page.app->stack, ROLE_WARN, "%s", tr("This task is "
			"done by changing the record itself."));
	values_release(&preset);
}

static enum view_answer
one_act(struct listpage *p, int action, size_t item)
{
	struct screen_month_one *w = of(p);

	if (action == ONE_ADD) {
		complete(w, rule_at(w, item));
		return VIEW_HANDLED;
	}
	w->month_on = month_words_step(w->month_on,
		action == ONE_BEFORE ? -1 : 1, p->app->today);
	listpage_refresh(p);
	return VIEW_HANDLED;
}

static void
one_release(struct listpage *p)
{
	month_release(&of(p)->table);
}

static const struct listpage_kind kind = {
	.keys = &keymap,
	.title_of = one_title,
	.empty = TR_MARK("No tasks this month."),
	.columns = { { TR_MARK("Task"), 28, false },
		{ TR_MARK("This month"), 16, false },
		{ TR_MARK("Day"), 12, false }, { TR_MARK("Times"), 6, true } },
	.fill = one_fill,
	.act = one_act,
	.message = one_message,
	.release = one_release,
};

void
screen_month_one_push(struct app *app, const struct schema_register *reg,
	const struct uuid *id)
{
	struct screen_month_one *w;

	if (!month_has(app->cli->schema, reg)) {
		view_say(&app->stack, ROLE_WARN, "%s",
			tr("This register has no tasks of the month."));
		return;
	}
	w = mem_alloc(1, sizeof *w);
	w->reg = reg;
	w->id = *id;
	w->month_on = month_words_step(app->today, 0, app->today);
	listpage_push(app, &w->page, &kind);
}
