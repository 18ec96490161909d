/*
 * Rows as a spreadsheet.
 */
#include "client/exporter.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/list_look.h"
#include "client/record_out.h"
#include "client/sheet.h"
#include "core/value.h"
#include "store/audit.h"
#include "store/overview.h"

/* ---- which columns ---- */

void
exporter_how_release(struct exporter_how *how)
{
	for (size_t i = 0; i < how->column_count; i++)
		free(how->columns[i]);
	free(how->columns);
	*how = (struct exporter_how){0};
}

/* path is taken. */
static void
add_column(struct exporter_how *how, char *path)
{
	how->columns = mem_grow(how->columns, how->column_count,
		sizeof *how->columns);
	how->columns[how->column_count++] = path;
}

enum status
exporter_chosen(struct exporter_how *out, struct store *s,
	const struct schema_register *reg, struct err *err)
{
	struct list_look look = {0};
	enum status st = list_look_load(&look, s, reg, err);

	for (size_t i = 0; !st && i < look.column_count; i++)
		add_column(out, mem_strdup(look.columns[i]));
	list_look_release(&look);
	return st;
}

enum status
exporter_named(struct exporter_how *out, const struct schema *schema,
	const struct schema_register *reg, const char *names, struct err *err)
{
	if (strcmp(names, "all") == 0)
		return E_OK;
	for (const char *at = names; *at;) {
		size_t len = strcspn(at, ",");
		char *name = mem_strndup(at, len);
		char *path = list_look_path(schema, reg, name);

		if (path)
			add_column(out, path);
		else
			(void)err_set(err, E_INVALID, tr("%s has no column "
				"\"%.60s\"; fengqiao registers %s lists what "
				"there is."), label_text(&reg->title), name,
				reg->name);
		free(name);
		if (!path)
			return E_INVALID;
		at += len + (at[len] == ',');
	}
	return E_OK;
}

/* ---- cells ---- */

/* A cell as people read it: references by what their record is called. */
static char *
cell_text(struct store *s, const struct schema_field *f, const char *text)
{
	struct buf out;
	struct uuid id;

	buf_init(&out, RECORD_VALUE_BYTES_MAX);
	if (f->type == VT_REF && uuid_parse(&id, text)) {
		const struct overview *o = overview_find(s, &id);

		if (o)
			overview_called(&out, s, o);
	} else {
		value_show(&out, f, text, false);
	}
	return buf_take(&out);
}

/* Two people may have one name: a record of a person is written with what tells
 * them apart. */
static const char *const person_columns[] = { "id_no", "mobile" };
enum { PERSON_COLUMNS = 2, OWN_COLUMNS = 2 + PERSON_COLUMNS };

static void
header(struct buf *out, struct store *s,
	const struct schema_register *reg)
{
	const char **cells = mem_alloc(reg->field_count + OWN_COLUMNS,
		sizeof *cells);
	const struct schema_register *person = reg->person_field ?
		schema_register_find(store_schema(s), "person") : NULL;
	size_t n = 0;

	cells[n++] = tr("Id");
	cells[n++] = tr("State");
	for (size_t i = 0; person && i < PERSON_COLUMNS; i++) {
		const struct schema_field *f = schema_field_find(person,
			person_columns[i]);

		cells[n++] = f ? label_text(&f->label) : person_columns[i];
	}
	for (size_t i = 0; i < reg->field_count; i++)
		cells[n++] = label_text(&reg->fields[i].label);
	sheet_print_row(out, cells, n);
	free(cells);
}

static void
row(struct buf *out, struct store *s,
	const struct schema_register *reg, const struct record *r)
{
	char **cells = mem_alloc(reg->field_count + OWN_COLUMNS,
		sizeof *cells);
	const struct schema_state *state = schema_state_find(reg, r->state);
	const struct overview *person = NULL;
	char id[UUID_TEXT_MAX];
	struct uuid who;
	size_t n = 0;

	uuid_print(id, &r->id);
	cells[n++] = mem_strdup(id);
	cells[n++] = mem_strdup(state ? label_text(&state->label) : r->state);
	if (reg->person_field && uuid_parse(&who,
	    values_get(&r->values, reg->person_field)))
		person = overview_find(s, &who);
	for (size_t i = 0; reg->person_field && i < PERSON_COLUMNS; i++)
		cells[n++] = mem_strdup(person ? overview_get(person,
			person_columns[i]) : "");
	for (size_t i = 0; i < reg->field_count; i++)
		cells[n++] = cell_text(s, &reg->fields[i],
			values_get(&r->values, reg->fields[i].name));
	sheet_print_row(out, (const char *const *)cells, n);
	for (size_t i = 0; i < n; i++)
		free(cells[i]);
	free(cells);
}

/* ---- some columns ---- */

static void
chosen_header(struct buf *out, const struct schema_register *reg,
	const struct exporter_how *how)
{
	const char **cells = mem_alloc(how->column_count, sizeof *cells);

	for (size_t i = 0; i < how->column_count; i++)
		cells[i] = list_look_title(reg, how->columns[i]);
	sheet_print_row(out, cells, how->column_count);
	free(cells);
}

static void
chosen_row(struct buf *out, const struct store *s, const struct uuid *id,
	const struct exporter_how *how)
{
	const struct overview *o = overview_find(s, id);
	char **cells = mem_alloc(how->column_count, sizeof *cells);

	for (size_t i = 0; i < how->column_count; i++) {
		struct buf cell;

		buf_init(&cell, RECORD_VALUE_BYTES_MAX);
		if (o)
			record_out_cell(&cell, s, o, how->columns[i], true);
		cells[i] = buf_take(&cell);
	}
	sheet_print_row(out, (const char *const *)cells, how->column_count);
	for (size_t i = 0; i < how->column_count; i++)
		free(cells[i]);
	free(cells);
}

/* Are there id numbers among what is written? */
static bool
is_whole(const struct store *s, const struct schema_register *reg,
	const struct exporter_how *how)
{
	for (size_t i = 0; i < how->column_count; i++) {
		const struct schema_field *f = overview_field(s, reg,
			how->columns[i]);

		if (f && f->type == VT_IDNO)
			return true;
	}
	return how->column_count == 0;
}

/* ---- rows ---- */

static enum status
one(struct buf *out, struct store *s, const struct schema_register *reg,
	const struct uuid *id, bool json, struct err *err)
{
	struct record r = {0};
	enum status st = store_get(&r, s, id, err);

	if (!st && json) {
		struct json *j = record_to_json(&r);

		json_print(out, j);
		buf_char(out, '\n');
		json_free(j);
	} else if (!st) {
		row(out, s, reg, &r);
	}
	record_release(&r);
	return st;
}

enum status
exporter_rows(struct buf *out, struct store *s,
	const struct schema_register *reg, const struct uuid *ids,
	size_t count, const struct exporter_how *how, struct err *err)
{
	const bool chosen = how->column_count && !how->json;
	enum status st = audit_rows(s, AUDIT_EXPORT, reg, ids, count,
		how->json || is_whole(s, reg, how), NULL, err);

	if (!st && !how->json)
		buf_text(out, "\xEF\xBB\xBF");	/* spreadsheets ask for it */
	if (!st && chosen)
		chosen_header(out, reg, how);
	else if (!st && !how->json)
		header(out, s, reg);
	for (size_t i = 0; i < count && !st; i++) {
		if (chosen)
			chosen_row(out, s, &ids[i], how);
		else
			st = one(out, s, reg, &ids[i], how->json, err);
	}
	if (!st && out->full)
		st = err_set(err, E_INVALID, tr("The register is too large for "
			"one file."));
	return st;
}
