/* history: who entered what in a record, and when. */
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/cli_open.h"
#include "client/commands.h"
#include "client/record_out.h"
#include "client/record_trail.h"
#include "store/audit.h"
#include "store/history.h"
#include "store/overview.h"
#include "store/people_names.h"
#include "store/scan.h"
#include "sync/history.h"
#include "sync/http_client.h"
#include "sync/session.h"

static enum status
fetch(struct cli *cli, const struct uuid *id, struct err *err)
{
	struct http_client *http = NULL;
	struct transport net;
	enum status s = session_connect(&http, cli->store, err);

	if (s)
		return s;
	net = http_client_transport(http);
	s = history_fetch(cli->store, &net, id, err);
	http_client_free(http);
	return s;
}

static struct json *
entry_json(const struct cli *cli, const struct schema_register *reg,
	struct trail_entry *e)
{
	struct json *j = json_object(), *set = json_object();
	char at[CLOCK_TEXT_MAX];

	record_out_mask_op(cli, reg, &e->op);
	clock_print(at, e->op.at);
	json_put_int(j, "rev", e->rev);
	json_put_text(j, "kind", op_kind_name(e->op.kind));
	json_put_text(j, "by", e->op.by);
	json_put_text(j, "name", e->name[0] ? e->name :
		people_names_of(cli->store, e->op.by));
	if (e->took[0])
		json_put_text(j, "took", e->took);
	json_put_text(j, "at", at);
	for (size_t i = 0; i < e->op.change_count; i++) {
		struct json *pair = json_array();

		json_push(pair, json_string(e->op.changes[i].before));
		json_push(pair, json_string(e->op.changes[i].after));
		json_put(set, e->op.changes[i].field, pair);
	}
	json_put(j, "set", set);
	return j;
}

static enum status
print_json(struct cli *cli, const struct uuid *id, struct err *err)
{
	const struct overview *o = overview_find(cli->store, id);
	struct trail known = {0};
	int64_t at = 0;
	enum status s = history_get(&known, &at, cli->store, id, err);

	for (size_t i = 0; !s && i < known.count; i++)
		cli_json(entry_json(cli, o ? o->reg : NULL, &known.items[i]));
	trail_release(&known);
	return s;
}

/* The page's own words; what it asks of an app is in the cli. */
static enum status
print_text(struct cli *cli, const struct uuid *id, struct err *err)
{
	struct app app = { .cli = cli };
	bool from_server = false;
	struct buf text;
	enum status s;

	buf_init(&text, BUF_BATCH_MAX);
	s = record_trail_print(&text, &from_server, &app, id, err);
	for (char *line = s ? NULL : text.data; line && *line;) {
		char *end = strchr(line, '\n');

		if (end)
			*end = '\0';
		cli_say(line);
		line = end ? end + 1 : NULL;
	}
	buf_release(&text);
	return s;
}

static bool
may_read(struct cli *cli, const struct uuid *id, struct err *err)
{
	const struct overview *o = overview_find(cli->store, id);

	if (o && o->reg && schema_may_read(o->reg,
	    store_user(cli->store)->role))
		return true;
	(void)err_set(err, E_AUTH, "%s",
		tr("Your role may not read this register."));
	return false;
}

int
cmd_history(struct cli *cli, int argc, char **argv)
{
	bool only_fetch = false, kept = false;
	struct cli_option options[] = {
		{ .name = "kept", .flag = &kept },
		RECORD_OUT_UNMASK(cli),
		/* the screens' own, not in the help: they hand over the key */
		{ .name = "key-stdin", .flag = &cli->key_stdin },
		{ .name = "fetch", .flag = &only_fetch },
		{ .name = NULL },
	};
	struct err err = ERR_INIT;
	struct uuid id;
	enum status s, asked = E_OK;
	int begun = cli_begin(cli, &argc, argv, options, 1, 1);

	if (begun != CLI_GO_ON)
		return begun;
	s = cli_unlock(cli, &err);
	if (!s)
		s = cli_record_id(&id, cli, argv[1], &err);
	if (!s && !may_read(cli, &id, &err))
		s = E_AUTH;
	if (!s)
		s = scan_need_readable(cli->store, &id, &err);
	if (!s && !only_fetch)
		s = audit_view_as(cli->store, &id, "trail", false, &err);
	if (!s && !only_fetch)
		s = record_out_note(cli, &id, &err);
	if (s)
		return cli_fail(&err);
	if (!kept)
		asked = fetch(cli, &id, &err);
	if (asked && (only_fetch || asked != E_OFFLINE))
		return cli_fail(&err);
	if (asked)
		(void)cli_fail(&err);	/* and then what there is */
	if (!only_fetch)
		s = cli->json ? print_json(cli, &id, &err)
			: print_text(cli, &id, &err);
	if (s)
		return cli_fail(&err);
	return asked ? CLI_OFFLINE : CLI_OK;
}
