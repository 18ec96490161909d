/*
 * Rows as a spreadsheet.
 */
#include "client/exporter.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/sheet.h"
#include "core/value.h"
#include "store/audit.h"
#include "store/overview.h"

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
	size_t count, bool json, struct err *err)
{
	enum status st = audit_rows(s, AUDIT_EXPORT, reg, ids, count, true,
		NULL, err);

	if (!st && !json) {
		buf_text(out, "\xEF\xBB\xBF");	/* spreadsheets ask for it */
		header(out, s, reg);
	}
	for (size_t i = 0; i < count && !st; i++)
		st = one(out, s, reg, &ids[i], json, err);
	if (!st && out->full)
		st = err_set(err, E_INVALID, tr("The register is too large for "
			"one file."));
	return st;
}
