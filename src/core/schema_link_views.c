/*
 * What people see must be there and fit: paths of titles, columns and sorts,
 * widths, pages of the form, lookup, and the columns of spreadsheets.
 */
#include "core/schema_link.h"

#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

enum {
	LINE_CELLS = 75,	/* of 80: two before a row, its mark behind */
	REST_CELLS_MIN = 8,	/* of the column that takes what is left */
	CELLS_MIN = 2,
	PAGE_ROWS = 18,		/* of 24: title, tabs, complaint, help, keys */
};

void
schema_link_overview(struct schema_linker *l,
    const struct schema_register *reg, const struct schema_field *f,
    const char *key)
{
	if (!f->overview)
		schema_complain(&l->r, key, tr("The field '%s' of '%s' is "
		    "read here and must be in the overview."), f->name,
		    reg->name);
}

/* ---- paths ---- */

/* The first name of a path into out; the rest after its dot, or NULL. */
static const char *
path_head(char out[RECORD_NAME_MAX], const char *path)
{
	const char *dot = strchr(path, '.');
	size_t len = dot ? (size_t)(dot - path) : strlen(path);

	if (len >= RECORD_NAME_MAX)
		len = RECORD_NAME_MAX - 1;	/* no name is so long */
	memcpy(out, path, len);
	out[len] = '\0';
	return dot ? dot + 1 : NULL;
}

static bool
is_system(const char *path)
{
	static const char *const names[] = { "@state", "@sync", "@updated",
		"@office", "@overlays" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(path, names[i]) == 0)
			return true;
	return false;
}

static bool
is_child_of(const struct schema_register *child,
    const struct schema_register *reg)
{
	return child && child->parent && strcmp(child->parent, reg->name) == 0;
}

enum { PATH_REFS_MAX = 3 };	/* store/overview follows no more */

const struct schema_field *
schema_link_path(struct schema_linker *l, const struct schema_register *reg,
    const char *path, const char *key)
{
	const struct schema_register *child;
	char name[RECORD_NAME_MAX];
	const char *rest = path_head(name, path);

	child = rest ? schema_register_find(l->s, name) : NULL;
	if (is_child_of(child, reg) && !schema_field_find(reg, name)) {
		reg = child;
		rest = path_head(name, rest);
	}
	for (int refs = 0; reg; refs++) {
		const struct schema_field *f = schema_link_name(l, reg, name,
		    key);

		if (!f)
			return NULL;
		schema_link_overview(l, reg, f, key);
		if (!rest)
			return f;
		if (f->type != VT_REF || !f->to || refs == PATH_REFS_MAX) {
			schema_complain(&l->r, key, tr("'%s' is no ref, so "
			    "nothing lies behind it."), name);
			return NULL;
		}
		reg = schema_register_find(l->s, f->to);
		rest = path_head(name, rest);
	}
	return NULL;		/* the field's own complaint */
}

/* ---- list ---- */

static int
heading_cells(const struct label *heading)
{
	int zh = heading->zh ? utf8_cells(heading->zh) : 0;
	int en = heading->en ? utf8_cells(heading->en) : 0;

	return zh > en ? zh : en;
}

/* A column without a label is called as its field; one of another record has
 * that label for its own. */
static void
link_column(struct schema_linker *l, struct schema_column *c, int room)
{
	const struct label *heading = &c->label;
	const struct schema_field *f = NULL;

	if (!is_system(c->path))
		f = schema_link_path(l, l->reg, c->path, "path");
	if (!heading->zh && f) {
		heading = &f->label;
		if (strchr(c->path, '.'))
			c->label = (struct label){ mem_strdup(heading->zh),
				mem_strdup(heading->en) };
	}
	if (c->cells && c->cells < CELLS_MIN)
		schema_complain(&l->r, "cells", tr("A column has at least %d "
		    "cells, or 0 for what is left."), CELLS_MIN);
	else if (heading_cells(heading) > room)
		schema_complain(&l->r, "cells", tr("The heading needs %d "
		    "cells; give more, or a shorter label."),
		    heading_cells(heading));
}

static void
link_columns(struct schema_linker *l)
{
	const struct schema_register *reg = l->reg;
	int cells = (int)reg->column_count - 1;
	int rest = 0;

	for (size_t i = 0; i < reg->column_count; i++)
		cells += reg->columns[i].cells;
	for (size_t i = 0; i < reg->column_count; i++) {
		size_t mark = schema_read_enter(&l->r, "columns", (int)i);

		link_column(l, &reg->columns[i], reg->columns[i].cells ?
		    reg->columns[i].cells : LINE_CELLS - cells);
		if (reg->columns[i].cells == 0 && ++rest > 1)
			schema_complain(&l->r, "cells", tr("Only one column "
			    "can take what is left."));
		schema_read_leave(&l->r, mark);
	}
	if (rest > 0)
		cells += REST_CELLS_MIN;
	if (cells > LINE_CELLS)
		schema_complain(&l->r, "columns", tr("The columns need %d "
		    "cells with their gaps; a line has %d."), cells,
		    LINE_CELLS);
}

/* Conditions that a list asks of its rows: from memory. */
static void
link_rows(struct schema_linker *l, const struct conds *rows, const char *key)
{
	schema_link_conds(l, l->reg, rows, key);
	for (size_t i = 0; i < rows->count; i++) {
		const struct schema_field *f = schema_field_find(l->reg,
		    rows->items[i].field);

		if (f)
			schema_link_overview(l, l->reg, f, key);
	}
}

static void
link_filters(struct schema_linker *l)
{
	for (size_t i = 0; i < l->reg->filter_count; i++) {
		const struct schema_filter *f = &l->reg->filters[i];
		size_t mark = schema_read_enter(&l->r, "filters", (int)i);

		for (size_t k = 0; k < i; k++)
			if (f->key && l->reg->filters[k].key == f->key)
				schema_complain(&l->r, "key", tr("The key "
				    "'%c' stands here twice."), f->key);
		link_rows(l, &f->where, "where");
		schema_read_leave(&l->r, mark);
	}
}

/* What is added up is an amount of the record itself. */
static void
link_sums(struct schema_linker *l)
{
	for (size_t i = 0; i < l->reg->sum_count; i++) {
		size_t at = schema_read_enter(&l->r, "sums", (int)i);
		const struct schema_field *f = schema_link_name(l, l->reg,
		    l->reg->sums[i], "");

		if (f && f->type != VT_INT && f->type != VT_MONEY)
			schema_complain(&l->r, "", tr("Only amounts and whole "
			    "numbers can be added up."));
		else if (f)
			schema_link_overview(l, l->reg, f, "");
		schema_read_leave(&l->r, at);
	}
}

static void
link_list(struct schema_linker *l)
{
	size_t mark = schema_read_enter(&l->r, "list", -1);

	link_columns(l);
	link_rows(l, &l->reg->alert, "alert");
	link_rows(l, &l->reg->warn, "warn");
	for (size_t i = 0; i < l->reg->sort_count; i++) {
		size_t at = schema_read_enter(&l->r, "sort", (int)i);

		if (!is_system(l->reg->sorts[i].path))
			(void)schema_link_path(l, l->reg, l->reg->sorts[i].path, "");
		schema_read_leave(&l->r, at);
	}
	link_sums(l);
	link_filters(l);
	schema_read_leave(&l->r, mark);
}

/* ---- form ---- */

static size_t
times_on_form(const struct schema_register *reg, const struct schema_field *f)
{
	size_t n = 0;

	for (size_t p = 0; p < reg->page_count; p++)
		for (size_t i = 0; i < reg->pages[p].count; i++)
			for (size_t k = 0; k < reg->pages[p].rows[i].count; k++)
				if (reg->pages[p].rows[i].fields[k] == f)
					n++;
	return n;
}

static void
link_page(struct schema_linker *l, const struct schema_page *p)
{
	int rows = 0;

	for (size_t i = 0; i < p->count; i++) {
		const struct schema_row *row = &p->rows[i];
		int tallest = 1;

		for (size_t k = 0; k < row->count; k++) {
			const struct schema_field *f = row->fields[k];

			if (f->rows > tallest)
				tallest = f->rows;
			if (f->type == VT_NOTE && row->count > 1)
				schema_complain(&l->r, "rows", tr("The note "
				    "'%s' needs a row of its own."), f->name);
		}
		rows += tallest;
	}
	if (rows > PAGE_ROWS)
		schema_complain(&l->r, "rows", tr("The page needs %d lines; a "
		    "screen of 24 has %d for it."), rows, PAGE_ROWS);
}

/* The field that names the parent is filled in where the record is made. */
static bool
needs_place(const struct schema_register *reg, const struct schema_field *f)
{
	return f->name[0] != '\0' && !f->readonly &&
	    !(reg->parent_field && strcmp(reg->parent_field, f->name) == 0);
}

static void
link_form(struct schema_linker *l)
{
	const struct schema_register *reg = l->reg;

	for (size_t i = 0; i < reg->page_count; i++) {
		size_t mark = schema_read_enter(&l->r, "form", (int)i);

		link_page(l, &reg->pages[i]);
		schema_read_leave(&l->r, mark);
	}
	for (size_t i = 0; i < reg->field_count; i++) {
		const struct schema_field *f = &reg->fields[i];
		size_t n = times_on_form(reg, f);

		if (n > 1)
			schema_complain(&l->r, "form", tr("The field '%s' "
			    "stands on the form more than once."), f->name);
		else if (n == 0 && needs_place(reg, f))
			schema_complain(&l->r, "form", tr("The field '%s' "
			    "stands on no page."), f->name);
	}
}

/* ---- lookup ---- */

static void
link_lookups(struct schema_linker *l)
{
	for (size_t i = 0; i < l->reg->lookup_count; i++) {
		const struct schema_lookup *u = &l->reg->lookups[i];
		const struct schema_field *f = u->field;
		size_t mark = schema_read_enter(&l->r, "lookup", (int)i);

		if (f) {
			schema_link_overview(l, l->reg, f, "field");
			if (u->as != LOOKUP_DIGITS && f->type != VT_TEXT)
				schema_complain(&l->r, "as", tr("Only texts "
				    "are looked up as names."));
		}
		schema_read_leave(&l->r, mark);
	}
}

/* ---- import ---- */

static const struct schema_part *
part_named(const struct schema_import *im, const char *name)
{
	for (size_t i = 0; i < im->part_count; i++)
		if (strcmp(im->parts[i].name, name) == 0)
			return &im->parts[i];
	return NULL;
}

static void
link_part(struct schema_linker *l, const struct schema_part *p)
{
	const struct schema_register *reg = schema_link_register(l, p->reg,
	    "register");

	if (schema_field_find(l->reg, p->name) ||
	    strcmp(p->name, "person") == 0)
		schema_complain(&l->r, "name",
		    tr("'%s' is a field already."), p->name);
	if (!reg)
		return;
	if (!is_child_of(reg, l->reg))
		schema_complain(&l->r, "register",
		    tr("'%s' is no child of this register."), reg->name);
	for (size_t i = 0; i < p->set.count; i++) {
		const struct schema_field *f = schema_link_name(l, reg,
		    p->set.items[i].name, "set");

		if (f)
			schema_link_value(l, f, p->set.items[i].text, "set");
	}
}

/* What "person" means in a path: the register behind the person field. */
static const struct schema_register *
person_of(struct schema_linker *l, const struct schema_register *reg,
    const char *key)
{
	const struct schema_field *f = reg->person_field ?
	    schema_field_find(reg, reg->person_field) : NULL;

	if (!f || !f->to) {
		schema_complain(&l->r, key,
		    tr("The register '%s' names no person."), reg->name);
		return NULL;
	}
	return schema_register_find(l->s, f->to);
}

/* FIELD, person.FIELD, PART.FIELD, PART.person.FIELD; in a match, where whole
 * is set, the person itself can stand at the end. */
static void
link_import_path(struct schema_linker *l, const char *path, bool whole,
    const char *key)
{
	const struct schema_register *reg = l->reg;
	char name[RECORD_NAME_MAX];
	const char *rest = path_head(name, path);
	const struct schema_part *part = part_named(&reg->import, name);

	if (part && rest) {
		reg = schema_register_find(l->s, part->reg);
		if (!reg)
			return;		/* the part's own complaint */
		rest = path_head(name, rest);
	}
	if (strcmp(name, "person") == 0) {
		reg = person_of(l, reg, key);
		if (!reg || (!rest && whole))
			return;
		(void)path_head(name, rest ? rest : "");
	} else if (rest) {
		schema_complain(&l->r, key, tr("'%s' is neither a part nor "
		    "'person'."), schema_is_name(name) ? name : "...");
		return;
	}
	(void)schema_link_name(l, reg, name, key);
}

static void
link_matches(struct schema_linker *l)
{
	const struct schema_import *im = &l->reg->import;

	for (size_t i = 0; i < im->match_count; i++) {
		size_t mark = schema_read_enter(&l->r, "match", (int)i);

		for (size_t k = 0; k < im->matches[i].count; k++) {
			size_t at = schema_read_enter(&l->r, "", (int)k);

			link_import_path(l, im->matches[i].fields[k], true,
			    "");
			schema_read_leave(&l->r, at);
		}
		schema_read_leave(&l->r, mark);
	}
}

static void
link_import(struct schema_linker *l)
{
	const struct schema_import *im = &l->reg->import;
	size_t whole = schema_read_enter(&l->r, "import", -1);

	for (size_t i = 0; i < im->part_count; i++) {
		size_t mark = schema_read_enter(&l->r, "parts", (int)i);

		link_part(l, &im->parts[i]);
		schema_read_leave(&l->r, mark);
	}
	for (size_t i = 0; i < im->column_count; i++) {
		size_t mark = schema_read_enter(&l->r, "columns", (int)i);

		link_import_path(l, im->columns[i].path, false, "path");
		schema_read_leave(&l->r, mark);
	}
	link_matches(l);
	schema_read_leave(&l->r, whole);
}

void
schema_link_views(struct schema_linker *l)
{
	if (l->reg->title_count == 0)
		schema_complain(&l->r, "called",
		    tr("Nothing says what to call a record."));
	for (size_t i = 0; i < l->reg->title_count; i++) {
		size_t mark = schema_read_enter(&l->r, "called", (int)i);

		(void)schema_link_path(l, l->reg, l->reg->title_paths[i], "");
		schema_read_leave(&l->r, mark);
	}
	link_list(l);
	link_form(l);
	link_lookups(l);
	link_import(l);
}
