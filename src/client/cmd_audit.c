/* The trace of this cache: audit. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "client/commands.h"
#include "client/show.h"
#include "store/audit.h"

enum { ENTRIES_MAX = 100000, BY_CELLS = 14, WHAT_CELLS = 16 };

struct printing {
	struct cli *cli;
	bool all;		/* others' entries, too */
	long left;
};

/* Whose business is what others did here? */
static bool
sees_all(const char *role)
{
	return strcmp(role, "chief") == 0 || strcmp(role, "auditor") == 0 ||
		strcmp(role, "county_leader") == 0;
}

static void
print_line(const struct cli *cli, const struct audit_entry *e)
{
	const struct schema_register *reg =
		schema_register_find(cli->schema, e->reg);
	char at[CLOCK_TEXT_MAX], id[UUID_TEXT_MAX];
	struct buf line;

	buf_init(&line, BUF_LINE_MAX);
	clock_print(at, e->at);
	at[10] = ' ';
	at[19] = '\0';
	cli_column(&line, at, 19);
	cli_column(&line, e->by, BY_CELLS);
	cli_column(&line, audit_label(e->what), WHAT_CELLS);
	if (reg)
		buf_printf(&line, "%s ", label_text(&reg->one));
	if (e->id_count > 0) {
		uuid_print(id, &e->ids[0]);
		buf_printf(&line, "%s ", id);
	}
	if (e->count > 1)
		buf_printf(&line, tr("(%lld records) "), (long long)e->count);
	buf_text(&line, e->note);
	cli_say(line.data);
	buf_release(&line);
}

static bool
print_entry(void *self, const struct audit_entry *e)
{
	struct printing *p = self;

	if (!p->all && strcmp(e->by, store_user(p->cli->store)->login) != 0)
		return true;
	if (p->cli->json) {
		struct err none = ERR_INIT;
		struct json *j = NULL;
		struct buf text;

		buf_init(&text, AUDIT_LINE_MAX);
		audit_print(&text, e);
		if (!json_parse(&j, text.data, text.len, AUDIT_LINE_MAX,
		    &none))
			cli_json(j);
		buf_release(&text);
	} else {
		print_line(p->cli, e);
	}
	return --p->left > 0;
}

int
cmd_audit(struct cli *cli, int argc, char **argv)
{
	const char *most = "50";
	struct cli_option options[] = {
		{ .name = "limit", .value = &most },
		{ .name = NULL },
	};
	struct printing p = { .cli = cli };
	struct err err = ERR_INIT;
	char why[ERR_MSG_MAX];
	int64_t first = 0;
	int begun = cli_begin(cli, &argc, argv, options, 0, 0);

	if (begun != CLI_GO_ON)
		return begun;
	if (!cli_number(&p.left, most, ENTRIES_MAX))
		return CLI_USAGE;
	cli->spares = true;
	if (cli_unlock(cli, &err))
		return cli_fail(&err);
	p.all = sees_all(store_user(cli->store)->role);
	if (audit_verify(&first, why, cli->store, &err))
		return cli_fail(&err);
	if (audit_each(cli->store, print_entry, &p, &err))
		return cli_fail(&err);
	if (first == 0)
		return CLI_OK;
	(void)err_set(&err, E_INVALID, "%s", why);
	return cli_fail(&err);
}
