/*
 * Records as the commands print them, with what is not for everybody to read
 * masked.
 */
#include "client/record_out.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "client/show.h"
#include "core/idno.h"
#include "core/value.h"
#include "store/audit.h"

enum { REST_CELLS = 16 };	/* of a column that takes the rest */

/* ---- values ---- */

static bool
is_masked(const struct schema_field *f)
{
	return f && f->type == VT_IDNO && f->masked;
}

void
record_out_stored(struct buf *out, const struct cli *cli,
	const struct schema_register *reg, const struct schema_field *f,
	const char *text, const char *other)
{
	/* what the screens ask of an app is in the cli */
	const struct app app = { .cli = (struct cli *)cli };
	char masked[IDNO_MAX];

	if (f && f->restricted && *text && !show_may_see(&app, reg)) {
		buf_text(out, "***");
	} else if (is_masked(f) && !cli->unmask && *text) {
		idno_mask_apart(masked, text, other);
		buf_text(out, masked);
	} else {
		buf_text(out, text);
	}
}

void
record_out_mask(const struct cli *cli, struct record *r)
{
	const struct schema_register *reg =
		schema_register_find(cli->schema, r->reg);
	struct buf out;

	buf_init(&out, RECORD_VALUE_BYTES_MAX);
	for (size_t i = 0; reg && i < reg->field_count; i++) {
		const struct schema_field *f = &reg->fields[i];
		const char *text = values_get(&r->values, f->name);

		if (!*text || !(f->restricted || is_masked(f)))
			continue;
		buf_clear(&out);
		record_out_stored(&out, cli, reg, f, text, "");
		values_set(&r->values, f->name, out.data);
	}
	buf_release(&out);
}

/* The text that is owned, or what may be printed of it. */
static char *
stored(const struct cli *cli, const struct schema_register *reg,
	const char *field, const char *text, const char *other)
{
	struct buf out;

	buf_init(&out, RECORD_VALUE_BYTES_MAX);
	record_out_stored(&out, cli, reg, schema_field_known(reg, field), text,
		other);
	return buf_take(&out);
}

void
record_out_mask_op(const struct cli *cli, const struct schema_register *reg,
	struct op *op)
{
	for (size_t i = 0; reg && i < op->change_count; i++) {
		struct op_change *c = &op->changes[i];
		char *before = stored(cli, reg, c->field, c->before, c->after);
		char *after = stored(cli, reg, c->field, c->after, c->before);

		free(c->before);
		free(c->after);
		c->before = before;
		c->after = after;
	}
}

enum status
record_out_note(const struct cli *cli, const struct uuid *id, struct err *err)
{
	const struct overview *o = overview_find(cli->store, id);

	if (!cli->unmask || !o || !o->reg || !audit_has_idno(o->reg))
		return E_OK;
	return audit_put(cli->store, &(struct audit_note){
		.what = AUDIT_UNMASK, .reg = o->reg_name, .ids = id,
		.id_count = 1, .whole = true }, err);
}

/* ---- rows ---- */

struct json *
record_out_json(const struct cli *cli, const struct overview *o)
{
	struct json *j = json_object(), *words = json_object();
	char id[UUID_TEXT_MAX];
	struct buf text;

	uuid_print(id, &o->id);
	json_put_text(j, "id", id);
	json_put_text(j, "register", o->reg_name);
	json_put_text(j, "office", o->office);
	json_put_text(j, "state", o->state);
	json_put_int(j, "rev", o->rev);
	json_put_text(j, "sync", overview_get(o, "@sync"));
	if (o->overlays)
		json_put_text(j, "overlays", o->overlays);
	buf_init(&text, RECORD_VALUE_BYTES_MAX);
	overview_called(&text, cli->store, o);
	json_put_text(j, "called", text.data);
	for (size_t i = 0; o->reg && i < o->reg->field_count; i++) {
		const struct schema_field *f = &o->reg->fields[i];
		const char *stored = overview_get(o, f->name);

		if (!f->overview || !*stored)
			continue;
		buf_clear(&text);
		record_out_stored(&text, cli, o->reg, f, stored, "");
		json_put_text(words, f->name, text.data);
	}
	buf_release(&text);
	json_put(j, "values", words);
	return j;
}

void
record_out_cell(struct buf *out, const struct store *s,
	const struct overview *o, const char *path, bool whole)
{
	if (whole && o->reg && is_masked(overview_field(s, o->reg, path)))
		buf_text(out, overview_path(s, o, path));
	else
		overview_show(out, s, o, path);
}

void
record_out_line(const struct cli *cli, const struct overview *o)
{
	struct buf line, cell;
	char id[UUID_TEXT_MAX];

	uuid_print(id, &o->id);
	buf_init(&line, BUF_LINE_MAX);
	buf_init(&cell, BUF_LINE_MAX);
	cli_column(&line, id, 36);
	for (size_t i = 0; o->reg && i < o->reg->column_count; i++) {
		const struct schema_column *c = &o->reg->columns[i];

		buf_clear(&cell);
		record_out_cell(&cell, cli->store, o, c->path, cli->unmask);
		cli_column(&line, cell.data, c->cells ? c->cells : REST_CELLS);
	}
	while (line.len && line.data[line.len - 1] == ' ')
		line.data[--line.len] = 0;
	puts(line.data);
	buf_release(&cell);
	buf_release(&line);
}

void
record_out_row(const struct cli *cli, const struct overview *o)
{
	if (cli->json)
		cli_json(record_out_json(cli, o));
	else
		record_out_line(cli, o);
}
