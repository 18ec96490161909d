/*
 * A list's popups: which rows, in which order.
 */
#include "client/screen_list_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/tr.h"
#include "client/app.h"
#include "client/choice.h"
#include "client/show.h"

static void
set_filter(struct screen_list *w, int filter)
{
	w->filter = filter;
	screen_list_query(w);
	screen_list_name_columns(w);
}

static void
filter_chosen(void *self, struct view_stack *s, int value)
{
	(void)s;
	if (value >= 0)
		set_filter(self, value - 1);
}

static size_t
count_filter(const struct screen_list *w, const struct conds *where)
{
	const struct store *s = w->app->cli->store;
	size_t n = 0;

	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);

		if (o && o->reg == w->reg && !o->deleted && (!where ||
		    overview_matches(s, o, where, w->app->today,
		    app_name(w->app))))
			n++;
	}
	return n;
}

/* One row of the popup: words, then the number of rows. */
static void
filter_words(const struct screen_list *w, int i, struct buf *out)
{
	const struct schema_filter *f = i < 0 ? NULL : &w->reg->filters[i];

	show_padded(out, f ? label_text(&f->label) : tr("All"), 24);
	buf_printf(out, " %6zu", count_filter(w, f ? &f->where : NULL));
}

void
screen_list_choose_filter(struct screen_list *w)
{
	struct choice *c = choice_new(tr("Filter"));

	for (int i = -1; i < (int)w->reg->filter_count; i++) {
		struct buf words;

		buf_init(&words, BUF_LINE_MAX);
		filter_words(w, i, &words);
		choice_add(c, i < 0 ? '*' : w->reg->filters[i].key,
			words.data, i + 1);
		buf_release(&words);
	}
	choice_mark(c, w->filter + 1);
	(void)choice_push(&w->app->stack, c, filter_chosen, w);
}

void
screen_list_step_filter(struct screen_list *w, int by)
{
	int count = (int)w->reg->filter_count + 1;

	set_filter(w, (w->filter + 1 + by + count) % count - 1);
}

static void
order_chosen(void *self, struct view_stack *s, int value)
{
	struct screen_list *w = self;
	const char *path;

	(void)s;
	if (value < 0)
		return;
	if (value == 0) {
		w->sort[0] = '\0';
	} else {
		path = w->reg->columns[value - 1].path;
		if (strcmp(w->sort, path) == 0)
			(void)snprintf(w->sort, sizeof w->sort, "-%s", path);
		else
			(void)snprintf(w->sort, sizeof w->sort, "%s", path);
	}
	screen_list_query(w);
}

void
screen_list_choose_order(struct screen_list *w)
{
	struct choice *c = choice_new(tr("Order"));

	choice_add(c, '*', tr("the register's own"), 0);
	for (size_t i = 0; i < w->reg->column_count; i++)
		choice_add(c, 0, screen_list_column_title(w->reg, &w->reg->columns[i]),
			(int)i + 1);
	(void)choice_push(&w->app->stack, c, order_chosen, w);
}
