/* registers: what the registers and their fields are called. */
#include <string.h>

#include "base/tr.h"
#include "client/cli_open.h"
#include "client/commands.h"
#include "core/scan.h"
#include "core/schema_read.h"

enum { NAME_CELLS = 26, LABEL_CELLS = 24 };

static void
put_label(struct json *j, const char *name, const struct label *l)
{
	struct json *words = json_object();

	json_put_text(words, "zh", l->zh);
	json_put_text(words, "en", l->en);
	json_put(j, name, words);
}

static void
print_register(const struct cli *cli, const struct schema_register *reg)
{
	struct buf line;
	struct json *j;

	if (cli->json) {
		j = json_object();
		json_put_text(j, "register", reg->name);
		put_label(j, "title", &reg->title);
		if (reg->parent)
			json_put_text(j, "parent", reg->parent);
		cli_json(j);
		return;
	}
	buf_init(&line, BUF_LINE_MAX);
	cli_column(&line, reg->name, NAME_CELLS);
	buf_text(&line, label_text(&reg->title));
	cli_say(line.data);
	buf_release(&line);
}

/* "01 管制", each code on the line. */
static void
add_codes(struct buf *out, const struct schema_codes *codes)
{
	for (size_t i = 0; codes && i < codes->count; i++)
		buf_printf(out, "%s%s %s", i ? tr(", ") : "",
			codes->items[i].code, label_text(&codes->items[i].label));
}

static void
print_field(const struct cli *cli, const struct schema_field *f)
{
	struct buf line;
	struct json *j;

	if (cli->json) {
		j = json_object();
		json_put_text(j, "field", f->name);
		put_label(j, "label", &f->label);
		json_put_text(j, "type", schema_type_name(f->type));
		json_put_bool(j, "listed", f->overview);
		if (f->to)
			json_put_text(j, "to", f->to);
		cli_json(j);
		return;
	}
	buf_init(&line, BUF_RECORD_MAX);
	cli_column(&line, f->name, NAME_CELLS);
	cli_column(&line, label_text(&f->label), LABEL_CELLS);
	add_codes(&line, f->codes);
	while (line.len && line.data[line.len - 1] == ' ')
		buf_cut(&line, line.len - 1);
	cli_say(line.data);
	buf_release(&line);
}

int
cmd_registers(struct cli *cli, int argc, char **argv)
{
	const struct schema_register *reg = NULL;
	struct err err = ERR_INIT;
	int begun = cli_begin(cli, &argc, argv, NULL, 0, 1);
	enum status s;

	if (begun != CLI_GO_ON)
		return begun;
	s = cli_schema(cli, &err);
	if (!s && argc > 1)
		s = cli_register(&reg, cli, argv[1], &err);
	if (s)
		return cli_fail(&err);
	for (size_t i = 0; !reg && i < cli->schema->register_count; i++) {
		const struct schema_register *r = &cli->schema->registers[i];

		if (strcmp(r->name, SCAN_REGISTER) != 0)
			print_register(cli, r);
	}
	for (size_t i = 0; reg && i < reg->field_count; i++)
		print_field(cli, &reg->fields[i]);
	return CLI_OK;
}
