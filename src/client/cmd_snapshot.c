/*
 * snapshot: the first load from a stick.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "client/commands.h"
#include "client/sync_words.h"
#include "sync/stick.h"

static void
print_counts(struct cli *cli, const struct stick_counts *c)
{
	struct json *j;

	if (!cli->json && c->streams == 0) {
		cli_say(tr("What is on the stick is here already; only news "
			"comes over the line."));
		return;
	}
	if (!cli->json) {
		cli_printf(tr("%zu records came from the stick; what is newer "
			"comes with the next sync."), c->apply.pulled);
		return;
	}
	j = json_object();
	json_put_int(j, "records", (int64_t)c->apply.pulled);
	json_put_int(j, "streams", (int64_t)c->streams);
	json_put_int(j, "skipped", (int64_t)c->skipped);
	json_put_int(j, "bytes", c->bytes);
	cli_json(j);
}

int
cmd_snapshot(struct cli *cli, int argc, char **argv)
{
	const char *from = NULL, *code = NULL;
	char *typed = NULL;
	struct cli_option options[] = {
		{ .name = "from", .value = &from },
		{ .name = "code", .value = &code },
		{ .name = NULL },
	};
	struct stick_counts counts = {0};
	struct err err = ERR_INIT;
	enum status s;
	int begun = cli_begin(cli, &argc, argv, options, 0, 0);

	if (begun != CLI_GO_ON)
		return begun;
	if (!from)
		return cli_lacks("snapshot", "from");
	s = cli_unlock(cli, &err);
	if (!s && !code)
		s = cli_password(&typed, cli, tr("The stick's code: "), &err);
	if (!s)
		s = stick_load(&counts, cli->store, from, code ? code : typed,
			&err);
	if (typed)
		crypto_wipe(typed, strlen(typed));
	free(typed);
	if (s)
		return cli_fail(&err);
	print_counts(cli, &counts);
	return CLI_OK;
}
