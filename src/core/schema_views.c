/*
 * The part of a register that people see, and the spreadsheets they bring:
 * list, form, lookup, import.
 */
#include <stdlib.h>

#include "base/json.h"
#include "base/mem.h"
#include "core/record.h"
#include "core/schema_parts.h"
#include "core/schema_read.h"

enum {
	COLUMNS_MAX = 16,
	SORTS_MAX = 4,
	FILTERS_MAX = 20,
	PAGES_MAX = 12,
	ROWS_MAX = 18,
	LOOKUPS_MAX = 12,
	PARTS_MAX = 8,
	IMPORT_COLUMNS_MAX = 100,
	MATCHES_MAX = 6,
	CELLS_MAX = 60,
	PATH_BYTES_MAX = 3 * RECORD_NAME_MAX,
};

/* A path owned by the caller; "" stands for one that is missing. */
static char *
read_path(struct schema_reader *r, const struct json *j, const char *key)
{
	char *path = schema_read_text(r, j, key, true, PATH_BYTES_MAX);

	return path ? path : mem_strdup("");
}

/* ---- list ---- */

static void
read_column(struct schema_reader *r, const struct json *j, void *out,
    void *ctx)
{
	static const char *const keys[] = { "path", "label", "cells", NULL };
	struct schema_column *c = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	c->path = read_path(r, j, "path");
	schema_read_label(&c->label, r, j, "label", false,
	    SCHEMA_LABEL_BYTES_MAX);
	c->cells = schema_read_int(r, j, "cells", 0, CELLS_MAX, 0);
	if (!json_get(j, "cells"))
		schema_complain(r, "cells", tr("This member is missing."));
}

static void
read_filter(struct schema_reader *r, const struct json *j, void *out,
    void *ctx)
{
	static const char *const keys[] = { "key", "label", "where", NULL };
	struct schema_filter *f = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	f->key = schema_read_key(r, j, "key");
	if (!json_get(j, "key"))
		schema_complain(r, "key", tr("This member is missing."));
	schema_read_label(&f->label, r, j, "label", true,
	    SCHEMA_LABEL_BYTES_MAX);
	schema_read_conds(&f->where, r, j, "where");
	if (f->where.count == 0)
		schema_complain(r, "where",
		    tr("A filter needs at least one condition."));
}

/* "-term_to" is downwards. */
static void
read_sorts(struct schema_register *out, struct schema_reader *r,
    const struct json *list)
{
	char **texts = schema_read_texts(&out->sort_count, r, list, "sort",
	    SORTS_MAX);

	if (out->sort_count > 0)
		out->sorts = mem_alloc(out->sort_count, sizeof *out->sorts);
	for (size_t i = 0; i < out->sort_count; i++) {
		out->sorts[i].down = texts[i][0] == '-';
		out->sorts[i].path = mem_strdup(texts[i] +
		    (out->sorts[i].down ? 1 : 0));
		free(texts[i]);
	}
	free(texts);
}

static void
read_list(struct schema_register *out, struct schema_reader *r,
    const struct json *j)
{
	static const char *const keys[] = { "columns", "sort", "sums",
		"filters", "alert", "warn", NULL };
	const struct json *list = json_get(j, "list");
	size_t mark;

	if (!list) {
		schema_complain(r, "list", tr("This member is missing."));
		return;
	}
	mark = schema_read_enter(r, "list", -1);
	if (schema_read_keys(r, list, keys)) {
		out->columns = schema_read_items(&out->column_count, r, list,
		    "columns", COLUMNS_MAX, sizeof *out->columns, read_column,
		    NULL);
		if (out->column_count == 0)
			schema_complain(r, "columns",
			    tr("A list needs at least one column."));
		read_sorts(out, r, list);
		out->sums = schema_read_texts(&out->sum_count, r, list,
		    "sums", SCHEMA_SUMS_MAX);
		out->filters = schema_read_items(&out->filter_count, r, list,
		    "filters", FILTERS_MAX, sizeof *out->filters, read_filter,
		    NULL);
		schema_read_conds(&out->alert, r, list, "alert");
		schema_read_conds(&out->warn, r, list, "warn");
	}
	schema_read_leave(r, mark);
}

/* ---- form ---- */

/* The field that a text names, or NULL after a complaint. */
static const struct schema_field *
field_named(struct schema_reader *r, const struct schema_register *reg,
    const struct json *j, const char *key)
{
	const char *name = json_text(j);
	const struct schema_field *f = name ? schema_field_find(reg, name) :
	    NULL;

	if (!f)
		schema_complain(r, key, tr("There is no field '%s'."),
		    name && schema_is_name(name) ? name : "...");
	return f;
}

static void
read_row(struct schema_row *out, struct schema_reader *r,
    const struct schema_register *reg, const struct json *j)
{
	size_t count = json_count(j);
	const struct json *m;
	int i = 0;

	if (!json_is_array(j) || count < 1 || count > 2) {
		schema_complain(r, "",
		    tr("A row is a list of one or two field names."));
		return;
	}
	out->fields = mem_alloc(count, sizeof *out->fields);
	for (m = json_first(j); m; m = json_next(m)) {
		size_t mark = schema_read_enter(r, "", i++);
		const struct schema_field *f = field_named(r, reg, m, "");

		if (f)
			out->fields[out->count++] = f;
		schema_read_leave(r, mark);
	}
}

static void
read_page(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "page", "rows", NULL };
	const struct json *rows = json_get(j, "rows");
	struct schema_page *p = out;
	const struct json *m;
	int i = 0;

	schema_read_keys(r, j, keys);
	schema_read_label(&p->title, r, j, "page", true,
	    SCHEMA_LABEL_BYTES_MAX);
	if (!json_is_array(rows) || json_count(rows) < 1 ||
	    json_count(rows) > ROWS_MAX) {
		schema_complain(r, "rows", tr("Here must be a list of 1 to %d "
		    "rows."), ROWS_MAX);
		return;
	}
	p->rows = mem_alloc(json_count(rows), sizeof *p->rows);
	p->count = json_count(rows);
	for (m = json_first(rows); m; m = json_next(m)) {
		size_t mark = schema_read_enter(r, "rows", i);

		read_row(&p->rows[i++], r, ctx, m);
		schema_read_leave(r, mark);
	}
}

/* ---- lookup ---- */

static void
read_lookup(struct schema_reader *r, const struct json *j, void *out,
    void *ctx)
{
	static const char *const keys[] = { "field", "as", NULL };
	static const char *const words[] = { "name", "alias", "digits", "place",
		NULL };
	struct schema_lookup *l = out;

	schema_read_keys(r, j, keys);
	l->field = field_named(r, ctx, json_get(j, "field"), "field");
	l->as = (enum lookup_as)schema_read_choice(r, j, "as", words, -1);
}

/* ---- import ---- */

static void
read_part(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "name", "register", "set", NULL };
	struct schema_part *p = out;
	const struct json *set = json_get(j, "set");
	const struct json *m;
	size_t mark;

	(void)ctx;
	schema_read_keys(r, j, keys);
	p->name = schema_read_name(r, j, "name");
	p->reg = schema_read_name(r, j, "register");
	if (!set)
		return;
	mark = schema_read_enter(r, "set", -1);
	if (!json_is_object(set))
		schema_complain(r, "", tr("Here must be fields and their "
		    "values."));
	for (m = json_is_object(set) ? json_first(set) : NULL; m;
	    m = json_next(m)) {
		const char *name = json_name(m);
		char *text;

		if (!schema_is_name(name)) {
			schema_complain(r, "", tr("There is no field '%s'."),
			    "...");
			continue;
		}
		text = schema_read_text(r, set, name, true,
		    SCHEMA_LABEL_BYTES_MAX);
		values_set(&p->set, name, text);
		free(text);
	}
	schema_read_leave(r, mark);
}

static void
read_import_column(struct schema_reader *r, const struct json *j, void *out,
    void *ctx)
{
	static const char *const keys[] = { "labels", "path", NULL };
	struct schema_import_column *c = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	c->labels = schema_read_texts(&c->label_count, r, j, "labels",
	    IMPORT_COLUMNS_MAX);
	if (c->label_count == 0)
		schema_complain(r, "labels",
		    tr("Here must be a list of headers."));
	c->path = read_path(r, j, "path");
}

/* A list of lists of paths: one object less than schema_read_items() reads. */
static void
read_matches(struct schema_import *im, struct schema_reader *r,
    const struct json *j)
{
	const struct json *list = json_get(j, "match");
	const struct json *m;
	int i = 0;

	if (!list)
		return;
	if (!json_is_array(list) || json_count(list) < 1 ||
	    json_count(list) > MATCHES_MAX) {
		schema_complain(r, "match", tr("Here must be 1 to %d lists of "
		    "fields."), MATCHES_MAX);
		return;
	}
	im->matches = mem_alloc(json_count(list), sizeof *im->matches);
	for (m = json_first(list); m; m = json_next(m)) {
		size_t mark = schema_read_enter(r, "match", i++);
		struct schema_match *match = &im->matches[im->match_count++];
		struct json *wrap = json_object();

		/* read_texts reads members, so the list becomes one */
		json_put(wrap, "", json_copy(m));
		match->fields = schema_read_texts(&match->count, r, wrap, "",
		    6);
		if (json_is_array(m) && json_count(m) == 0)
			schema_complain(r, "", tr("This list is empty."));
		json_free(wrap);
		schema_read_leave(r, mark);
	}
}

static void
read_import(struct schema_register *out, struct schema_reader *r,
    const struct json *j)
{
	static const char *const keys[] = { "parts", "columns", "match",
		"ignore", NULL };
	struct schema_import *im = &out->import;
	const struct json *m = json_get(j, "import");
	size_t mark;

	if (!m)
		return;
	mark = schema_read_enter(r, "import", -1);
	if (schema_read_keys(r, m, keys)) {
		im->parts = schema_read_items(&im->part_count, r, m, "parts",
		    PARTS_MAX, sizeof *im->parts, read_part, NULL);
		im->columns = schema_read_items(&im->column_count, r, m,
		    "columns", IMPORT_COLUMNS_MAX, sizeof *im->columns,
		    read_import_column, NULL);
		read_matches(im, r, m);
		im->ignore = schema_read_texts(&im->ignore_count, r, m,
		    "ignore", IMPORT_COLUMNS_MAX);
	}
	schema_read_leave(r, mark);
}

void
schema_read_views(struct schema_register *out, struct schema_reader *r,
    const struct json *j)
{
	read_list(out, r, j);
	out->pages = schema_read_items(&out->page_count, r, j, "form",
	    PAGES_MAX, sizeof *out->pages, read_page, out);
	if (out->page_count == 0)
		schema_complain(r, "form",
		    tr("A form needs at least one page."));
	out->lookups = schema_read_items(&out->lookup_count, r, j, "lookup",
	    LOOKUPS_MAX, sizeof *out->lookups, read_lookup, out);
	read_import(out, r, j);
}
