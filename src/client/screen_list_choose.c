/*
 * A list's popups: which rows, in which order, in which groups.
 */
#include "client/screen_list_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/tr.h"
#include "client/app.h"
#include "client/choice.h"
#include "client/show.h"
#include "ui/picker.h"

void
screen_list_keep(struct screen_list *w)
{
	struct err err = ERR_INIT;

	if (list_look_save(&w->look, w->page.app->cli->store, w->reg, &err))
		view_complain(&w->page.app->stack, &err);
}

void
screen_list_to_top(struct screen_list *w)
{
	listing_refresh(&w->page.listing);
	listing_select_row(&w->page.listing, 0);
}

/* ---- filters ---- */

int
screen_list_filters(const struct screen_list *w)
{
	return (int)(w->reg->filter_count + w->look.filter_count);
}

static const struct conds *
where_of(const struct screen_list *w, int filter)
{
	int own = (int)w->reg->filter_count;

	if (filter < 0)
		return NULL;
	return filter < own ? &w->reg->filters[filter].where :
		&w->look.filters[filter - own].where;
}

const char *
screen_list_filter_name(const struct screen_list *w, int filter)
{
	int own = (int)w->reg->filter_count;

	if (filter < 0)
		return tr("All");
	return filter < own ? label_text(&w->reg->filters[filter].label) :
		w->look.filters[filter - own].name;
}

static void
set_filter(struct screen_list *w, int filter)
{
	w->filter = filter;
	screen_list_query(w);
	screen_list_name_columns(w);
	screen_list_to_top(w);
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
	const struct store *s = w->page.app->cli->store;
	size_t n = 0;

	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);

		if (o && o->reg == w->reg && !o->deleted && (!where ||
		    overview_matches(s, o, where, w->page.app->today,
		    app_name(w->page.app))))
			n++;
	}
	return n;
}

/* Words, then the number of rows; one's own ones come last. */
void
screen_list_choose_filter(struct screen_list *w)
{
	struct choice *c = choice_new(tr("Filter"));

	for (int i = -1; i < screen_list_filters(w); i++) {
		bool own = i >= (int)w->reg->filter_count;
		struct buf words;

		buf_init(&words, BUF_LINE_MAX);
		show_padded(&words, screen_list_filter_name(w, i), 24);
		buf_printf(&words, " %6zu", count_filter(w, where_of(w, i)));
		choice_add(c, i < 0 ? '*' : own ? 0 : w->reg->filters[i].key,
			words.data, i + 1);
		buf_release(&words);
	}
	choice_mark(c, w->filter + 1);
	(void)choice_push(&w->page.app->stack, c, filter_chosen, w);
}

void
screen_list_step_filter(struct screen_list *w, int by)
{
	int count = screen_list_filters(w) + 1;

	set_filter(w, (w->filter + 1 + by + count) % count - 1);
}

/* ---- order ---- */

static void
order_chosen(void *self, struct view_stack *s, int value)
{
	struct screen_list *w = self;
	const char *path;

	(void)s;
	if (value < 0)
		return;
	path = value > 0 ? w->paths[value - 1] : "";
	if (*path && strcmp(w->look.sort, path) == 0)
		(void)snprintf(w->look.sort, sizeof w->look.sort, "-%s", path);
	else
		(void)snprintf(w->look.sort, sizeof w->look.sort, "%s", path);
	screen_list_query(w);
	screen_list_to_top(w);
	screen_list_keep(w);
}

void
screen_list_choose_order(struct screen_list *w)
{
	struct choice *c = choice_new(tr("Order"));
	const char *sort = w->look.sort;

	choice_add(c, '*', tr("the register's own"), 0);
	for (size_t i = 0; i + 1 < w->page.column_count; i++) {
		choice_add(c, 0, list_look_title(w->reg, w->paths[i]),
			(int)i + 1);
		if (strcmp(sort + (*sort == '-'), w->paths[i]) == 0)
			choice_mark(c, (int)i + 1);
	}
	(void)choice_push(&w->page.app->stack, c, order_chosen, w);
}

/* ---- groups ---- */

static void
group_chosen(void *self, struct view_stack *s, const char *value)
{
	struct screen_list *w = self;

	(void)s;
	if (!value)
		return;
	(void)snprintf(w->look.group, sizeof w->look.group, "%s", value);
	screen_list_query(w);
	screen_list_to_top(w);
	screen_list_keep(w);
}

/* Worth a group: what many rows have in common. */
static bool
is_shared(const struct screen_list *w, const struct schema_field *f)
{
	return screen_list_may_ask(w, f) && (f->type == VT_CODE || f->type == VT_BOOL ||
		f->type == VT_REF || (f->type == VT_TEXT && f->suggest));
}

void
screen_list_choose_group(struct screen_list *w)
{
	struct picker p;

	picker_init(&p, tr("Groups"), false, NULL, NULL);
	picker_add(&p, "", "", tr("no groups"));
	if (w->reg->state_count)
		picker_add(&p, "@state", "", show_label(NULL, "@state"));
	if (w->reg->overlay_count)
		picker_add(&p, "@overlays", "", show_label(NULL,
			"@overlays"));
	for (size_t i = 0; i < w->reg->field_count; i++)
		if (is_shared(w, &w->reg->fields[i]))
			picker_add(&p, w->reg->fields[i].name, "",
				label_text(&w->reg->fields[i].label));
	picker_push(&w->page.app->stack, &p, group_chosen, w);
}
