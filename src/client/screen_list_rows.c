/*
 * The rows of a register's list: what fits, in groups or not, and how a row
 * looks.
 */
#include "client/screen_list_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "client/app.h"
#include "client/show.h"
#include "client/traced.h"
#include "client/where.h"
#include "core/value.h"
#include "store/audit.h"
#include "store/transfer.h"

enum { LIST_MARK_CELLS = 2, LIST_CELLS_MIN = 4 };

static const struct conds *
filter_where(const struct screen_list *w)
{
	int own = (int)w->reg->filter_count;

	if (w->filter < 0)
		return NULL;
	return w->filter < own ? &w->reg->filters[w->filter].where :
		&w->look.filters[w->filter - own].where;
}

/* ---- groups ---- */

static struct uuid
group_id(const char *value)
{
	return uuid_named("group", value);
}

static const char *
value_of(const struct screen_list *w, size_t at)
{
	const struct overview *o = overview_find(w->page.app->cli->store,
		&w->ids[at]);

	return o ? overview_path(w->page.app->cli->store, o, w->look.group) : "";
}

/* Rows of one value stand together: each change of it begins a group. */
static void
find_groups(struct screen_list *w)
{
	const char *before = NULL;
	struct list_group *g = NULL;

	for (size_t i = 0; i < w->count; i++) {
		const char *value = value_of(w, i);

		if (before && strcmp(before, value) == 0) {
			g->count++;
			continue;
		}
		before = value;
		w->groups = mem_grow(w->groups, w->group_count,
			sizeof *w->groups);
		g = &w->groups[w->group_count++];
		*g = (struct list_group){ .first = i, .count = 1,
			.none = !value[0], .id = group_id(value) };
	}
}

static void
list_lines(struct screen_list *w)
{
	w->generation++;
	free(w->lines);
	w->lines = NULL;
	w->line_count = 0;
	if (w->group_count == 0)
		return;
	w->lines = mem_alloc(w->count + w->group_count, sizeof *w->lines);
	for (size_t i = 0; i < w->group_count; i++) {
		const struct list_group *g = &w->groups[i];

		w->lines[w->line_count++] = LIST_IS_GROUP | i;
		for (size_t k = 0; k < g->count &&
		    !marks_has(&w->folded, &g->id); k++)
			w->lines[w->line_count++] = g->first + k;
	}
}

void
screen_list_group_words(struct buf *out, const struct screen_list *w,
	const struct list_group *g)
{
	const struct overview *o = overview_find(w->page.app->cli->store,
		&w->ids[g->first]);

	if (g->none)
		buf_text(out, tr("(none)"));
	else if (o && strcmp(w->look.group, "@state") == 0)
		show_state(out, w->reg, o->state);	/* also of the withdrawn */
	else if (o)
		overview_show(out, w->page.app->cli->store, o, w->look.group);
}

void
screen_list_fold(struct screen_list *w, const struct list_group *g)
{
	struct uuid id = g->id;

	marks_set(&w->folded, &id, !marks_has(&w->folded, &id));
	list_lines(w);
	(void)listing_select(&w->page.listing, &id);
}

void
screen_list_fold_all(struct screen_list *w)
{
	bool any = false;

	for (size_t i = 0; i < w->group_count; i++)
		any |= !marks_has(&w->folded, &w->groups[i].id);
	for (size_t i = 0; i < w->group_count; i++)
		marks_set(&w->folded, &w->groups[i].id, any);
	list_lines(w);
}

const struct list_group *
screen_list_at_group(struct screen_list *w)
{
	size_t line;

	listing_refresh(&w->page.listing);
	line = listing_row(&w->page.listing);
	if (line >= w->line_count || !(w->lines[line] & LIST_IS_GROUP))
		return NULL;
	return &w->groups[w->lines[line] & ~LIST_IS_GROUP];
}

/* ---- what fits ---- */

static void
forget_rows(struct screen_list *w)
{
	free(w->ids);
	free(w->groups);
	free(w->lines);
	w->ids = NULL;
	w->groups = NULL;
	w->lines = NULL;
	w->count = w->group_count = w->line_count = 0;
}

void
screen_list_release_rows(struct screen_list *w)
{
	forget_rows(w);
	marks_release(&w->folded);
}

static struct overview_query
query_of(const struct screen_list *w)
{
	return (struct overview_query){
		.reg = w->reg, .where = filter_where(w), .also = &w->where,
		.sort = w->look.sort, .group = w->look.group,
		.paths = w->paths, .path_count = w->page.column_count ?
			w->page.column_count - 1 : 0,
		.deleted = w->withdrawn, .today = w->page.app->today,
		.user = app_name(w->page.app),
	};
}

/* Whatever fits the longer text fits the shorter one too, if no word of that
 * was a single letter, which only begins something. */
static bool
narrows(const char *before, const char *now)
{
	const char *last = strrchr(before, ' ');

	last = last ? last + 1 : before;
	return strlen(last) > 1 && strncmp(before, now, strlen(before)) == 0;
}

/* Which rows are asked for, down to the values; for comparing only. */
static void
print_asked(struct buf *out, const struct screen_list *w)
{
	buf_printf(out, "%d ", w->withdrawn);
	if (filter_where(w))
		where_print(out, w->reg, filter_where(w), false);
	buf_char(out, '\n');
	where_print(out, w->reg, &w->where, false);
}

/*
 * Opening a list is noted, and asking it for others; what is found among its
 * rows, or comes in while it stands open, is not.  false: it cannot be noted,
 * so nothing is shown.
 */
static bool
is_traced(struct screen_list *w)
{
	struct buf asked, by;
	bool good = true;

	buf_init(&asked, 3 * WHERE_TEXT_MAX);
	buf_init(&by, AUDIT_NOTE_MAX);
	print_asked(&asked, w);
	if (strcmp(asked.data, w->traced.data) != 0) {
		audit_by(&by, filter_where(w));
		audit_by(&by, &w->where);
		if (w->withdrawn)
			buf_text(&by, by.len ? " @deleted" : "@deleted");
		good = traced_rows(w->page.app, AUDIT_LIST, w->reg, w->ids,
			w->count, by.data);
		buf_clear(&w->traced);
		if (good && w->count)
			buf_text(&w->traced, asked.data);
	}
	buf_release(&asked);
	buf_release(&by);
	return good;
}

void
screen_list_query(struct screen_list *w)
{
	struct overview_query q = query_of(w);
	struct uuid *before = w->ids;
	struct buf typed;

	buf_init(&typed, LIST_TYPED_MAX);
	listpage_typed(&w->page, &typed);
	q.typed = typed.len ? typed.data : NULL;
	if (q.typed && w->typed[0] && narrows(w->typed, q.typed)) {
		q.within = before;
		q.within_count = w->count;
	}
	w->ids = NULL;
	forget_rows(w);
	if (!q.within || q.within_count)
		overview_query(&w->ids, &w->count, w->page.app->cli->store, &q);
	free(before);
	(void)snprintf(w->typed, sizeof w->typed, "%s", q.typed ? q.typed :
		"");
	buf_release(&typed);
	if (!is_traced(w)) {
		forget_rows(w);
		w->typed[0] = '\0';
	}
	if (w->look.group[0])
		find_groups(w);
	screen_list_sum_rows(w);
	list_lines(w);
}

void
screen_list_count(struct screen_list *w)
{
	const struct store *s = w->page.app->cli->store;

	w->total = 0;
	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);

		w->total += o && o->reg == w->reg &&
			(w->withdrawn || !o->deleted);
	}
	w->typed[0] = '\0';
	screen_list_query(w);
}

/* ---- columns ---- */

bool
screen_list_may_ask(const struct screen_list *w, const struct schema_field *f)
{
	return f->overview && f->derive != DERIVE_PINYIN &&
		(!f->restricted || show_may_see(w->page.app, w->reg));
}

/* Of the definition; one that was added here is as wide as its title, and
 * grows with its texts. */
static struct listing_column
make_column(const struct screen_list *w, const char *path)
{
	const struct schema_column *col = list_look_defined(w->reg, path);
	const struct schema_field *f = schema_field_find(w->reg, path);
	struct listing_column out = { .title = list_look_title(w->reg, path) };

	if (col && (col->cells || w->look.column_count == 0)) {
		out.cells = col->cells;
	} else {
		out.cells = utf8_cells(out.title);
		if (out.cells < LIST_CELLS_MIN)
			out.cells = LIST_CELLS_MIN;
	}
	out.right = !col && f && (f->type == VT_INT || f->type == VT_MONEY);
	return out;
}

void
screen_list_name_columns(struct screen_list *w)
{
	size_t n = w->look.column_count ? w->look.column_count :
		w->reg->column_count;

	if (n > LOOK_COLUMNS_MAX)
		n = LOOK_COLUMNS_MAX;
	for (size_t i = 0; i < n; i++) {
		w->paths[i] = w->look.column_count ? w->look.columns[i] :
			w->reg->columns[i].path;
		w->page.columns[i] = make_column(w, w->paths[i]);
	}
	w->page.columns[n] = (struct listing_column){ .title = "",
		.cells = LIST_MARK_CELLS };
	w->page.column_count = n + 1;
	w->page.empty = w->page.finding || w->filter >= 0 || w->where.count ?
		tr("No row fits.") : show_may_write(w->page.app, w->reg) ?
		tr("No record yet; n enters one.") : tr("No record yet.");
}

/* ---- for the listing ---- */

static size_t
rows_count(void *self)
{
	const struct screen_list *w = self;

	return w->lines ? w->line_count : w->count;
}

static uint64_t
rows_generation(void *self)
{
	return ((struct screen_list *)self)->generation;
}

static const struct list_group *
group_at(const struct screen_list *w, size_t row)
{
	if (!w->lines || row >= w->line_count ||
	    !(w->lines[row] & LIST_IS_GROUP))
		return NULL;
	return &w->groups[w->lines[row] & ~LIST_IS_GROUP];
}

static struct uuid
rows_id(void *self, size_t row)
{
	const struct screen_list *w = self;
	const struct list_group *g = group_at(w, row);

	return g ? g->id : w->ids[w->lines ? w->lines[row] : row];
}

static const struct overview *
row_at(struct screen_list *w, size_t row)
{
	struct uuid id;

	if (row >= rows_count(w) || group_at(w, row))
		return NULL;
	id = rows_id(w, row);
	return overview_find(w->page.app->cli->store, &id);
}

/* Where no column can say that a row is withdrawn, its mark does. */
static bool
marks_withdrawn(const struct screen_list *w, const struct overview *o)
{
	for (size_t i = 0; i + 1 < w->page.column_count; i++)
		if (strcmp(w->paths[i], "@state") == 0)
			return false;
	return o->deleted;
}

static void
row_text(void *self, size_t row, size_t column, struct buf *out)
{
	struct screen_list *w = self;
	const struct overview *o = row_at(w, row);

	if (!o)
		return;
	if (column + 1 < w->page.column_count)
		overview_show(out, w->page.app->cli->store, o, w->paths[column]);
	else if (marks_withdrawn(w, o))
		buf_text(out, tr("x"));
	else
		buf_text(out, !o->sync && transfer_of(w->page.app->cli->store,
			&o->id) ? tr("t") : show_mark(o->sync));
}

/* "- 红旗村  12", "+" when its rows are not shown. */
static bool
rows_heading(void *self, size_t row, struct buf *out)
{
	const struct screen_list *w = self;
	const struct list_group *g = group_at(w, row);

	if (!g)
		return false;
	buf_text(out, marks_has(&w->folded, &g->id) ? "+ " : "- ");
	screen_list_group_words(out, w, g);
	buf_printf(out, "  %zu", g->count);
	screen_list_sums_words(out, w, &g->sums);
	return true;
}

static bool
rows_marked(void *self, size_t row)
{
	const struct screen_list *w = self;
	struct uuid id;

	if (row >= rows_count(self))
		return false;
	id = rows_id(self, row);
	return marks_has(&w->marks, &id);
}

static bool
stands_out(const struct screen_list *w, const struct overview *o,
	const struct conds *when)
{
	return when->count && overview_matches(w->page.app->cli->store, o, when,
		w->page.app->today, app_name(w->page.app));
}

static enum canvas_role
rows_role(void *self, size_t row)
{
	const struct screen_list *w = self;
	const struct overview *o = row_at(self, row);

	if (!o)
		return group_at(w, row) ? ROLE_LABEL : ROLE_TEXT;
	if (o->deleted)
		return ROLE_DIM;
	if (o->sync == SYNC_CONFLICT || o->sync == SYNC_REFUSED ||
	    stands_out(w, o, &w->reg->alert))
		return ROLE_ALERT;
	return stands_out(w, o, &w->reg->warn) ? ROLE_WARN : ROLE_TEXT;
}

struct listing_source
screen_list_source(struct listpage *p)
{
	return (struct listing_source){ .self = p, .count = rows_count,
		.generation = rows_generation, .id = rows_id,
		.cell = row_text, .role = rows_role, .marked = rows_marked,
		.heading = rows_heading };
}
