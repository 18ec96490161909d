/* Commands about spreadsheets: import, export. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "client/commands.h"
#include "client/exporter.h"
#include "client/importer.h"
#include "store/overview.h"

enum { REFUSALS_SHOWN = 20, REASON_BYTES = 512 };

/* ---- import ---- */

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
write_refused(const char *path, const struct sheet *sheet,
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
		s = io_write(path, marked.data, marked.len, err);
	buf_release(&text);
	buf_release(&marked);
	return s;
}

static struct json *
kept_json(const struct import_result *r)
{
	struct json *all = json_array();

	for (size_t i = 0; i < r->kept_count; i++) {
		struct json *one = json_object();

		json_put_int(one, "line", (int64_t)r->kept[i].line);
		json_put_text(one, "column", r->kept[i].column);
		json_put_text(one, "value", r->kept[i].value);
		json_put_text(one, "stored", r->kept[i].stands);
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
		json_put_text(one, "value", r->refusals[i].value);
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
	struct buf line;

	buf_init(&line, BUF_LINE_MAX);
	buf_printf(&line, tr("  line %zu"), r->line);
	if (*r->column)
		buf_printf(&line, " %s", r->column);
	if (*r->value)
		buf_printf(&line, " \"%.*s\"", REASON_BYTES, r->value);
	buf_printf(&line, ": %s", r->reason);
	cli_say(line.data);
	buf_release(&line);
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
		cli_printf(tr("  line %zu %s: the file says \"%s\", stored is "
			"\"%s\""), r->kept[i].line, r->kept[i].column,
			r->kept[i].value, r->kept[i].stands);
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

static enum status
import_file(struct cli *cli, const char *name, const char *path,
	const char *refused, bool dry_run, struct err *err)
{
	const struct schema_register *reg = NULL;
	struct import_result result = {0};
	struct import_map map = {0};
	struct sheet sheet = {0};
	char *to = refused ? mem_strdup(refused) : refused_path(path);
	enum status s = cli_unlock(cli, err);

	if (!s)
		s = cli_register(&reg, cli, name, err);
	if (!s)
		s = load_sheet(&sheet, path, err);
	if (!s)
		s = import_map_find(&map, &sheet, cli->schema, reg, err);
	if (!s)
		s = import_rows(&result, cli->store, reg, &sheet, &map,
			dry_run, err);
	if (!s && result.refused && !dry_run)
		s = write_refused(to, &sheet, &map, &result, err);
	if (!s) {
		const char *file = result.refused && !dry_run ? to : NULL;

		if (cli->json)
			cli_json(result_json(&result, &sheet, &map, file,
				dry_run));
		else
			result_text(&result, &sheet, &map, file, dry_run);
	}
	import_result_release(&result);
	import_map_release(&map);
	sheet_release(&sheet);
	free(to);
	return s;
}

int
cmd_import(struct cli *cli, int argc, char **argv)
{
	const char *refused = NULL;
	bool dry_run = false;
	struct cli_option options[] = {
		{ .name = "dry-run", .flag = &dry_run },
		{ .name = "refused", .value = &refused },
		{ .name = NULL },
	};
	struct err err = ERR_INIT;
	int begun = cli_begin(cli, &argc, argv, options, 2, 2);

	if (begun != CLI_GO_ON)
		return begun;
	if (import_file(cli, argv[1], argv[2], refused, dry_run, &err))
		return cli_fail(&err);
	return CLI_OK;
}

/* ---- export ---- */

static enum status
export_all(struct buf *out, struct cli *cli, const char *name, bool json,
	struct err *err)
{
	const struct schema_register *reg = NULL;
	struct uuid *ids = NULL;
	size_t count = 0;
	enum status s = cli_unlock(cli, err);

	if (!s)
		s = cli_register(&reg, cli, name, err);
	if (!s && !schema_may_read(reg, store_user(cli->store)->role))
		s = err_set(err, E_AUTH, tr("Your role may not see this "
			"register."));
	if (s)
		return s;
	overview_query(&ids, &count, cli->store, &(struct overview_query){
		.reg = reg, .today = clock_today(),
		.user = store_user(cli->store)->login });
	s = exporter_rows(out, cli->store, reg, ids, count, json, err);
	free(ids);
	return s;
}

int
cmd_export(struct cli *cli, int argc, char **argv)
{
	const char *format = "csv", *to = NULL;
	bool json;
	struct cli_option options[] = {
		{ .name = "format", .value = &format },
		{ .name = "output", .value = &to },
		{ .name = NULL },
	};
	struct err err = ERR_INIT;
	struct buf out;
	enum status s;
	int begun;

	cli_short_output(argc, argv);
	begun = cli_begin(cli, &argc, argv, options, 1, 1);
	if (begun != CLI_GO_ON)
		return begun;
	json = cli->json || strcmp(format, "json") == 0;
	if (!json && strcmp(format, "csv") != 0)
		return cli_usage("export");
	buf_init(&out, SHEET_BYTES_MAX);
	s = export_all(&out, cli, argv[1], json, &err);
	if (!s && to)
		s = io_write(to, out.data, out.len, &err);
	else if (!s && fwrite(out.data, 1, out.len, stdout) != out.len)
		s = err_set(&err, E_IO, tr("The output could not be written."));
	buf_release(&out);
	return s ? cli_fail(&err) : CLI_OK;
}
