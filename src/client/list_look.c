/*
 * A person's own look of a list: lines "word rest", of which unknown ones are
 * left out.
 */
#include "client/list_look.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "client/show.h"
#include "client/where.h"
#include "store/keep.h"
#include "store/overview.h"

enum { LOOK_BYTES_MAX = 64 * 1024 };

void
list_look_release(struct list_look *l)
{
	for (size_t i = 0; i < l->column_count; i++)
		free(l->columns[i]);
	while (l->filter_count)
		list_look_drop_filter(l, l->filter_count - 1);
	*l = (struct list_look){0};
}

const struct schema_column *
list_look_defined(const struct schema_register *reg, const char *path)
{
	for (size_t i = 0; i < reg->column_count; i++)
		if (strcmp(reg->columns[i].path, path) == 0)
			return &reg->columns[i];
	return NULL;
}

bool
list_look_knows(const struct schema *schema,
	const struct schema_register *reg, const char *path)
{
	static const char *const known[] = { "@state", "@overlays", "@sync",
		"@updated", "@office" };
	const struct schema_field *f;
	const char *dot = strchr(path, '.');
	char *name;

	if (list_look_defined(reg, path))
		return true;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(path, known[i]) == 0)
			return true;
	name = mem_strndup(path, dot ? (size_t)(dot - path) : strlen(path));
	f = schema_field_find(reg, name);
	free(name);
	if (!f || !f->overview || !dot)
		return f && f->overview;
	reg = f->to ? schema_register_find(schema, f->to) : NULL;
	return reg && list_look_knows(schema, reg, dot + 1);
}

const char *
list_look_title(const struct schema_register *reg, const char *path)
{
	const struct schema_column *col = list_look_defined(reg, path);

	if (col && col->label.zh)
		return label_text(&col->label);
	if (strcmp(path, "@updated") == 0)
		return tr("Last change");
	return show_label(reg, path);
}

static bool
is_called(const struct label *l, const char *typed)
{
	return l->zh && (strcmp(l->zh, typed) == 0 ||
		strcmp(l->en, typed) == 0);
}

char *
list_look_path(const struct schema *schema,
	const struct schema_register *reg, const char *typed)
{
	const char *name = cli_field(reg, typed);

	if (list_look_knows(schema, reg, typed))
		return mem_strdup(typed);
	for (size_t i = 0; i < reg->column_count; i++)
		if (is_called(&reg->columns[i].label, typed) ||
		    strcmp(list_look_title(reg, reg->columns[i].path),
		    typed) == 0)
			return mem_strdup(reg->columns[i].path);
	return name && list_look_knows(schema, reg, name) ?
		mem_strdup(name) : NULL;
}

/* ---- filters ---- */

enum status
list_look_put_filter(struct list_look *l, const char *name,
	struct conds *where, struct err *err)
{
	size_t i = 0;

	while (i < l->filter_count && strcmp(l->filters[i].name, name) != 0)
		i++;
	if (i == LOOK_FILTERS_MAX)
		return err_set(err, E_INVALID, tr("At most %d filters are "
			"kept for a register."), LOOK_FILTERS_MAX);
	if (i < l->filter_count) {
		schema_release_conds(&l->filters[i].where);
	} else {
		l->filters[i].name = mem_strdup(name);
		l->filter_count++;
	}
	l->filters[i].where = *where;
	*where = (struct conds){0};
	return E_OK;
}

void
list_look_drop_filter(struct list_look *l, size_t i)
{
	free(l->filters[i].name);
	schema_release_conds(&l->filters[i].where);
	l->filter_count--;
	memmove(&l->filters[i], &l->filters[i + 1],
		(l->filter_count - i) * sizeof *l->filters);
	l->filters[l->filter_count] = (struct look_filter){0};
}

/* ---- the text ---- */

static void
take_path(char out[LOOK_PATH_MAX], const struct schema *schema,
	const struct schema_register *reg, const char *path)
{
	if (strlen(path) < LOOK_PATH_MAX &&
	    list_look_knows(schema, reg, path + (path[0] == '-')))
		(void)snprintf(out, LOOK_PATH_MAX, "%s", path);
}

/* "name TAB conditions"; one that is not understood any more is left out. */
static void
take_filter(struct list_look *l, const struct schema_register *reg,
	const char *text)
{
	const char *tab = strchr(text, '\t');
	struct conds where = {0};
	struct err none = ERR_INIT;
	char *name;

	if (!tab)
		return;
	name = mem_strndup(text, (size_t)(tab - text));
	if (where_parse(&where, reg, tab + 1, &none) ||
	    list_look_put_filter(l, name, &where, &none))
		schema_release_conds(&where);
	free(name);
}

static void
take_line(struct list_look *l, const struct schema *schema,
	const struct schema_register *reg, const char *line)
{
	if (strncmp(line, "column ", 7) == 0 &&
	    l->column_count < LOOK_COLUMNS_MAX &&
	    list_look_knows(schema, reg, line + 7))
		l->columns[l->column_count++] = mem_strdup(line + 7);
	else if (strncmp(line, "sort ", 5) == 0)
		take_path(l->sort, schema, reg, line + 5);
	else if (strncmp(line, "group ", 6) == 0)
		take_path(l->group, schema, reg, line + 6);
	else if (strncmp(line, "filter ", 7) == 0)
		take_filter(l, reg, line + 7);
}

static char *
name_of(const struct schema_register *reg)
{
	return mem_printf("list %s", reg->name);
}

enum status
list_look_load(struct list_look *out, struct store *s,
	const struct schema_register *reg, struct err *err)
{
	char *name = name_of(reg);
	struct buf text;
	enum status st;

	buf_init(&text, LOOK_BYTES_MAX);
	st = keep_get(&text, s, name, err);
	free(name);
	for (char *at = text.data; !st && text.len && *at;) {
		size_t len = strcspn(at, "\n");
		bool last = at[len] == '\0';

		at[len] = '\0';
		take_line(out, store_schema(s), reg, at);
		at += len + !last;
	}
	buf_release(&text);
	return st;
}

enum status
list_look_save(const struct list_look *l, struct store *s,
	const struct schema_register *reg, struct err *err)
{
	char *name = name_of(reg);
	struct buf text;
	enum status st;

	buf_init(&text, LOOK_BYTES_MAX);
	for (size_t i = 0; i < l->column_count; i++)
		buf_printf(&text, "column %s\n", l->columns[i]);
	if (l->sort[0])
		buf_printf(&text, "sort %s\n", l->sort);
	if (l->group[0])
		buf_printf(&text, "group %s\n", l->group);
	for (size_t i = 0; i < l->filter_count; i++) {
		buf_printf(&text, "filter %s\t", l->filters[i].name);
		where_print(&text, reg, &l->filters[i].where, false);
		buf_char(&text, '\n');
	}
	st = keep_put(s, name, text.len ? text.data : "", err);
	buf_release(&text);
	free(name);
	return st;
}
