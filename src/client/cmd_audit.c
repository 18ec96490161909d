/* The trace: of this cache, and who saw a record as the county knows. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "client/commands.h"
#include "client/show.h"
#include "core/role.h"
#include "store/audit.h"
#include "store/people_names.h"
#include "sync/audit.h"
#include "sync/http_client.h"
#include "sync/session.h"

enum { ENTRIES_MAX = 100000, BY_CELLS = 16, WHAT_CELLS = 12 };

struct printing {
	struct cli *cli;
	bool all;		/* others' entries, too */
	long left;
};

/* Whose business is what others did here? */
static bool
sees_all(const char *role)
{
	return strcmp(role, "chief") == 0 || role_may(role, ROLE_TRACE) || strcmp(role, "auditor") == 0 ||
		strcmp(role, "county_leader") == 0;
}

static void
say(struct buf *line)
{
	while (line->len > 0 && line->data[line->len - 1] == ' ')
		buf_cut(line, line->len - 1);
	cli_say(line->data);
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
	cli_column(&line, people_names_of(cli->store, e->by), BY_CELLS);
	cli_column(&line, audit_label(e->what), WHAT_CELLS);
	if (reg)
		buf_printf(&line, "%s ", label_text(&reg->one));
	if (e->id_count > 0) {
		uuid_print(id, &e->ids[0]);
		buf_printf(&line, "%s ", id);
	}
	if (e->count > 1)
		buf_printf(&line, tr("(%lld records) "), (long long)e->count);
	if (e->whole && strcmp(e->what, audit_word(AUDIT_UNMASK)) != 0)
		buf_printf(&line, "%s ", tr("id number whole"));
	buf_text(&line, audit_how(e->note));
	say(&line);
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

/* ---- who saw a record ---- */

static void
print_seen(const struct cli *cli, const struct json *e)
{
	static const char *const members[] = { "by", "name", "what", "k",
		"note" };
	const char *m[5];
	const struct schema_register *reg;
	char at[CLOCK_TEXT_MAX];
	int64_t when = 0, count = 0;
	struct buf line, name;

	for (size_t i = 0; i < 5; i++) {
		m[i] = json_get_text(e, members[i]);
		if (!m[i])
			m[i] = "";
	}
	(void)json_get_int(e, "at", &when);
	(void)json_get_int(e, "count", &count);
	clock_print(at, when);
	at[10] = ' ';
	at[16] = '\0';
	reg = schema_register_find(cli->schema, m[3]);
	buf_init(&line, BUF_LINE_MAX);
	buf_init(&name, BUF_LINE_MAX);
	buf_printf(&name, "%s(%s)", m[1], m[0]);
	cli_column(&line, at, 16);
	cli_column(&line, name.data, BY_CELLS);
	cli_column(&line, audit_label(m[2]), WHAT_CELLS);
	if (reg)
		buf_printf(&line, "%s ", label_text(&reg->one));
	if (count > 1)
		buf_printf(&line, tr("(%lld records) "), (long long)count);
	if (json_is_true(json_get(e, "whole")) &&
	    strcmp(m[2], audit_word(AUDIT_UNMASK)) != 0)
		buf_printf(&line, "%s ", tr("id number whole"));
	buf_text(&line, audit_how(m[4]));
	say(&line);
	buf_release(&name);
	buf_release(&line);
}

static enum status
fetch_who(struct json **out, struct cli *cli, const char *which,
	struct err *err)
{
	struct http_client *http = NULL;
	struct uuid id;
	struct buf text;
	enum status s = cli_unlock(cli, err);

	buf_init(&text, BUF_BATCH_MAX);
	/* who reads the trace of all has no records to find it among */
	if (!s && (!role_may(store_user(cli->store)->role, ROLE_TRACE) ||
	    !uuid_parse(&id, which)))
		s = cli_record_id(&id, cli, which, err);
	if (!s)
		s = session_connect(&http, cli->store, err);
	if (!s) {
		struct transport net = http_client_transport(http);

		s = audit_who_fetch(&text, cli->store, &net, &id, err);
	}
	if (!s)
		s = json_parse(out, text.data, text.len, BUF_BATCH_MAX, err);
	http_client_free(http);
	buf_release(&text);
	return s;
}

static int
who(struct cli *cli, const char *which)
{
	struct json *answer = NULL;
	struct err err = ERR_INIT;

	if (fetch_who(&answer, cli, which, &err))
		return cli_fail(&err);
	if (cli->json) {
		cli_json(answer);
		return CLI_OK;
	}
	for (struct json *e = json_first(json_get(answer, "entries")); e;
	    e = json_next(e))
		print_seen(cli, e);
	if (json_is_true(json_get(answer, "more")))
		cli_say(tr("There are older ones."));
	json_free(answer);
	return CLI_OK;
}

int
cmd_audit(struct cli *cli, int argc, char **argv)
{
	const char *most = "50", *which = NULL;
	struct cli_option options[] = {
		{ .name = "limit", .value = &most },
		{ .name = "who", .value = &which },
		/* the screens' own, not in the help: they hand over the key */
		{ .name = "key-stdin", .flag = &cli->key_stdin },
		{ .name = NULL },
	};
	struct printing p = { .cli = cli };
	struct err err = ERR_INIT;
	char why[ERR_MSG_MAX];
	int64_t first = 0;
	int begun = cli_begin(cli, &argc, argv, options, 0, 0);

	if (begun != CLI_GO_ON)
		return begun;
	if (!cli_number(&p.left, argv[0], "limit", most, ENTRIES_MAX))
		return CLI_USAGE;
	if (which)
		return who(cli, which);
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
