/* import: a spreadsheet into a register. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "client/commands.h"
#include "client/importer.h"
#include "core/idno.h"

enum { REFUSALS_SHOWN = 20, REASON_BYTES = 512 };

/* "list.csv" -> "list-refused.csv". */
static char *
refused_path(const char *file)
{
	const char *slash = strrchr(file, '/');
	const char *dot = strrchr(file, '.');
	size_t stem = dot && (!slash || dot > slash + 1) ?
		(size_t)(dot - file) : strlen(file);

	return mem_printf("%.*s-refused.csv", (int)stem, file);
}

static enum status
write_refused(struct io_file *file, const struct sheet *sheet,
	const struct import_map *map, const struct import_result *result,
	struct err *err)
{
	struct buf text, marked;
	enum status s;

	buf_init(&text, SHEET_BYTES_MAX);
	buf_init(&marked, SHEET_BYTES_MAX);
	import_print_refused(&text, sheet, map, result);
	s = codeset_from_utf8(&marked, CODESET_UTF8_BOM, text.data, text.len,
		err);
	if (!s)
		s = io_commit(file, marked.data, marked.len, err);
	buf_release(&text);
	buf_release(&marked);
	return s;
}

/* A cell as it may stand on a screen: of what looks like an id number, also one
 * that is none, the middle is masked but for what differs from the one beside
 * it; the file has it whole.  Owned. */
static char *
shown(const char *value, const char *other)
{
	enum { DIGITS_OF_AN_ID = 14 };
	char masked[IDNO_MAX];
	size_t digits = 0;

	for (const char *p = value; *p; p++)
		digits += *p >= '0' && *p <= '9';
	if (digits < DIGITS_OF_AN_ID)
		return mem_strdup(value);
	idno_mask_apart(masked, value, other);
	return mem_strdup(masked);
}

static void
put_shown(struct json *j, const char *name, const char *value,
	const char *other)
{
	char *text = shown(value, other);

	json_put_text(j, name, text);
	free(text);
}

static struct json *
kept_json(const struct import_result *r)
{
	struct json *all = json_array();

	for (size_t i = 0; i < r->kept_count; i++) {
		struct json *one = json_object();

		json_put_int(one, "line", (int64_t)r->kept[i].line);
		json_put_text(one, "column", r->kept[i].column);
		put_shown(one, "value", r->kept[i].value, r->kept[i].stands);
		put_shown(one, "stored", r->kept[i].stands, r->kept[i].value);
		json_push(all, one);
	}
	return all;
}

static struct json *
result_json(const struct import_result *r, const struct sheet *sheet,
	const struct import_map *map, const char *refused, bool dry_run)
{
	struct json *j = json_object(), *all = json_array();
	struct json *unknown = json_array();

	json_put_bool(j, "dry_run", dry_run);
	json_put_text(j, "charset", codeset_name(sheet->codeset));
	json_put_int(j, "header_line",
		(int64_t)sheet->rows[map->header].line);
	json_put_int(j, "rows", (int64_t)r->rows);
	json_put_int(j, "good", (int64_t)(r->rows - r->refused));
	json_put_int(j, "added", (int64_t)r->added);
	json_put_int(j, "filled", (int64_t)r->filled);
	json_put_int(j, "unchanged", (int64_t)r->unchanged);
	json_put_int(j, "refused", (int64_t)r->refused);
	json_put_int(j, "skipped", (int64_t)r->skipped);
	json_put_int(j, "persons_added", (int64_t)r->persons_added);
	json_put_int(j, "persons_known", (int64_t)r->persons_known);
	json_put(j, "kept", kept_json(r));
	for (size_t i = 0; i < map->unknown_count; i++)
		json_push(unknown, json_string(map->unknown[i]));
	json_put(j, "unknown_columns", unknown);
	for (size_t i = 0; i < r->refusal_count; i++) {
		struct json *one = json_object();

		json_put_int(one, "line", (int64_t)r->refusals[i].line);
		json_put_text(one, "column", r->refusals[i].column);
		put_shown(one, "value", r->refusals[i].value, "");
		json_put_text(one, "reason", r->refusals[i].reason);
		json_push(all, one);
	}
	json_put(j, "refusals", all);
	if (refused)
		json_put_text(j, "refused_file", refused);
	return j;
}

static void
print_refusal(const struct import_refusal *r)
{
	char *value = shown(r->value, "");
	struct buf line;

	buf_init(&line, BUF_LINE_MAX);
	buf_printf(&line, tr("  line %zu"), r->line);
	if (*r->column)
		buf_printf(&line, " %s", r->column);
	if (*value)
		buf_printf(&line, " \"%.*s\"", REASON_BYTES, value);
	free(value);
	buf_printf(&line, "%s%s", tr(": "), r->reason);
	cli_say(line.data);
	buf_release(&line);
}

static void
print_kept(const struct import_kept *k)
{
	char *value = shown(k->value, k->stands);
	char *stands = shown(k->stands, k->value);

	cli_printf(tr("  line %zu %s: the file says \"%s\", stored is "
		"\"%s\""), k->line, k->column, value, stands);
	free(value);
	free(stands);
}

static void
result_text(const struct import_result *r, const struct sheet *sheet,
	const struct import_map *map, const char *refused, bool dry_run)
{
	if (dry_run)
		cli_say(tr("Only tried; nothing was written."));
	cli_printf(tr("%zu rows (%s): %zu new, %zu completed, %zu unchanged, "
		"%zu refused; %zu blank or total rows left out."), r->rows,
		codeset_name(sheet->codeset), r->added, r->filled,
		r->unchanged, r->refused, r->skipped);
	cli_printf(tr("Persons: %zu new, %zu known already."),
		r->persons_added, r->persons_known);
	if (r->kept_count)
		cli_printf(tr("%zu cells differ from what is stored; the "
			"stored ones were kept:"), r->kept_count);
	for (size_t i = 0; i < r->kept_count && i < REFUSALS_SHOWN; i++)
		print_kept(&r->kept[i]);
	if (r->kept_count > REFUSALS_SHOWN)
		cli_printf(tr("  ... and %zu more."),
			r->kept_count - REFUSALS_SHOWN);
	for (size_t i = 0; i < map->unknown_count; i++)
		cli_printf(tr("The column \"%s\" was left out: no field has "
			"this name."), map->unknown[i]);
	for (size_t i = 0; i < r->refusal_count && i < REFUSALS_SHOWN; i++)
		print_refusal(&r->refusals[i]);
	if (r->refusal_count > REFUSALS_SHOWN)
		cli_printf(tr("  ... and %zu more."),
			r->refusal_count - REFUSALS_SHOWN);
	if (refused)
		cli_printf(tr("The refused rows are in %s: mend them there and "
			"import that file."), refused);
}

static enum status
load_sheet(struct sheet *out, const char *path, struct err *err)
{
	struct buf bytes;
	enum status s;

	buf_init(&bytes, SHEET_BYTES_MAX);
	s = io_read(&bytes, path, err);
	if (!s)
		s = sheet_parse(out, bytes.data, bytes.len, err);
	buf_release(&bytes);
	return s;
}

/* A file and what became of it. */
struct import {
	struct cli *cli;
	const char *name, *path;
	bool dry_run;
	const struct schema_register *reg;
	struct sheet sheet;
	struct import_map map;
	struct import_result result;
	char *to;			/* of what is refused; owned */
	struct io_file refused;
};

static void
import_release(struct import *im)
{
	io_give_up(&im->refused);
	import_result_release(&im->result);
	import_map_release(&im->map);
	sheet_release(&im->sheet);
	free(im->to);
}

static enum status
read_file(struct import *im, struct err *err)
{
	struct cli *cli = im->cli;
	enum status s = cli_unlock(cli, err);

	if (!s)
		s = cli_register(&im->reg, cli, im->name, err);
	if (!s)
		s = load_sheet(&im->sheet, im->path, err);
	if (!s)
		s = import_map_find(&im->map, &im->sheet, cli->schema, im->reg,
			err);
	return s;
}

static enum status
run_rows(struct import *im, bool dry_run, struct err *err)
{
	import_result_release(&im->result);
	im->result = (struct import_result){0};
	return import_rows(&im->result, im->cli->store, im->reg, &im->sheet,
		&im->map, dry_run, err);
}

/* No row goes in while there is no place for the list of those that do not;
 * without one there may still be nothing to list. */
static enum status
need_place(struct import *im, struct err *err)
{
	struct err no_place = ERR_INIT;
	enum status s;

	if (im->dry_run || !io_open(&im->refused, im->to, &no_place))
		return E_OK;
	s = run_rows(im, true, err);
	if (!s && im->result.refused)
		*err = no_place;
	return !s && im->result.refused ? no_place.code : s;
}

static enum status
import_file(struct import *im, struct err *err)
{
	enum status s = read_file(im, err);

	if (!s)
		s = need_place(im, err);
	if (!s)
		s = run_rows(im, im->dry_run, err);
	if (!s && im->result.refused && !im->dry_run)
		s = write_refused(&im->refused, &im->sheet, &im->map,
			&im->result, err);
	if (!s) {
		const char *file = im->result.refused && !im->dry_run ?
			im->to : NULL;

		if (im->cli->json)
			cli_json(result_json(&im->result, &im->sheet, &im->map,
				file, im->dry_run));
		else
			result_text(&im->result, &im->sheet, &im->map, file,
				im->dry_run);
	}
	return s;
}

/* Something was refused: a script hears it by the status. */
static int
say_refused(const struct import *im)
{
	const struct import_result *r = &im->result;
	struct err err = ERR_INIT;

	if (im->dry_run)
		(void)err_set(&err, E_INVALID, tr("%zu of %zu rows would be "
			"refused."), r->refused, r->rows);
	else
		(void)err_set(&err, E_INVALID, tr("%zu of %zu rows were "
			"refused; they are in %s."), r->refused, r->rows,
			im->to);
	return cli_fail(&err);
}

int
cmd_import(struct cli *cli, int argc, char **argv)
{
	struct import im = { .cli = cli };
	const char *refused = NULL;
	struct cli_option options[] = {
		{ .name = "dry-run", .flag = &im.dry_run },
		{ .name = "refused", .value = &refused },
		{ .name = NULL },
	};
	struct err err = ERR_INIT;
	int status = cli_begin(cli, &argc, argv, options, 2, 2);

	if (status != CLI_GO_ON)
		return status;
	im.name = argv[1];
	im.path = argv[2];
	im.to = refused ? mem_strdup(refused) : refused_path(im.path);
	status = CLI_OK;
	if (import_file(&im, &err))
		status = cli_fail(&err);
	else if (im.result.refused)
		status = say_refused(&im);
	import_release(&im);
	return status;
}
