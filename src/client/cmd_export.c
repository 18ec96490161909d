/* export: a register as a file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "client/commands.h"
#include "client/exporter.h"
#include "client/sheet.h"
#include "store/overview.h"

struct export {
	struct cli *cli;
	const char *name, *columns, *to;	/* NULL: not given */
	struct exporter_how how;
	struct io_file file;
	struct buf out;
	size_t count;
};

/* All that can be refused is refused before the trace says that there is an
 * export. */
static enum status
begin(const struct schema_register **reg, struct export *e, struct err *err)
{
	struct cli *cli = e->cli;
	enum status s = cli_unlock(cli, err);

	if (!s)
		s = cli_register(reg, cli, e->name, err);
	if (!s && !schema_may_read(*reg, store_user(cli->store)->role))
		s = err_set(err, E_AUTH, tr("Your role may not see this "
			"register."));
	if (!s && e->columns)
		s = exporter_named(&e->how, cli->schema, *reg, e->columns, err);
	else if (!s && !e->how.json)
		s = exporter_chosen(&e->how, cli->store, *reg, err);
	if (!s && e->to)
		s = io_open(&e->file, e->to, err);
	return s;
}

static enum status
export_all(struct export *e, struct err *err)
{
	const struct schema_register *reg = NULL;
	struct store *store;
	struct uuid *ids = NULL;
	enum status s = begin(&reg, e, err);

	if (s)
		return s;
	store = e->cli->store;
	overview_query(&ids, &e->count, store, &(struct overview_query){
		.reg = reg, .today = clock_today(),
		.user = store_user(store)->login });
	s = exporter_rows(&e->out, store, reg, ids, e->count, &e->how, err);
	free(ids);
	if (!s && e->to)
		s = io_commit(&e->file, e->out.data, e->out.len, err);
	return s;
}

static void
say_written(const struct export *e)
{
	struct json *j;

	if (!e->cli->json) {
		cli_printf(tr("%zu rows are in %s; the trace says so."),
			e->count, e->to);
		return;
	}
	j = json_object();
	json_put_int(j, "rows", (int64_t)e->count);
	json_put_text(j, "file", e->to);
	cli_json(j);
}

int
cmd_export(struct cli *cli, int argc, char **argv)
{
	struct export e = { .cli = cli };
	const char *format = "csv";
	struct cli_option options[] = {
		{ .name = "format", .value = &format },
		{ .name = "columns", .value = &e.columns },
		{ .name = "output", .value = &e.to },
		{ .name = NULL },
	};
	struct err err = ERR_INIT;
	enum status s;
	int begun;

	cli_short_output(argc, argv);
	begun = cli_begin(cli, &argc, argv, options, 1, 1);
	if (begun != CLI_GO_ON)
		return begun;
	e.how.json = cli->json || strcmp(format, "json") == 0;
	if (!e.how.json && strcmp(format, "csv") != 0)
		return cli_misused(argv[0], tr("The format is csv or json, "
			"not: %s."), format);
	if (e.how.json && e.columns)
		return cli_misused(argv[0], tr("Columns are for csv: JSON has "
			"all of a record."));
	if (e.to && strcmp(e.to, "-") == 0)
		e.to = NULL;
	e.name = argv[1];
	buf_init(&e.out, SHEET_BYTES_MAX);
	s = export_all(&e, &err);
	if (!s && e.to)
		say_written(&e);
	else if (!s)	/* cli_done() says what could not be written */
		(void)fwrite(e.out.data, 1, e.out.len, stdout);
	io_give_up(&e.file);
	exporter_how_release(&e.how);
	buf_release(&e.out);
	return s ? cli_fail(&err) : CLI_OK;
}
