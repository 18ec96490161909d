/* call: what only the server knows or does, for scripts and for the screens. */
#include <string.h>

#include "base/crypto.h"
#include "base/io.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "client/commands.h"
#include "sync/call.h"
#include "sync/http_client.h"
#include "sync/session.h"

enum { CALL_BODY_MAX = 4 * 1024 };	/* of what is asked (server/visit.c) */

/* Ours are letters, digits and what stands between them: no query, no host. */
static enum status
check_path(const char *path, struct err *err)
{
	if (strncmp(path, "/v1/", 4) == 0 && strlen(path) < 200 &&
	    strspn(path, "abcdefghijklmnopqrstuvwxyz0123456789/_-") ==
	    strlen(path))
		return E_OK;
	return err_set(err, E_INVALID, tr("A call is named by its path, as "
		"/v1/people."));
}

static enum status
ask(struct cli *cli, const char *path, const char *body, struct err *err)
{
	struct http_client *http = NULL;
	struct transport net;
	struct json *j = NULL;
	struct buf answer;
	enum status s = session_connect(&http, cli->store, err);

	if (s)
		return s;
	net = http_client_transport(http);
	buf_init(&answer, BUF_BATCH_MAX);
	s = call_server(&answer, cli->store, &net, path, body, err);
	http_client_free(http);
	if (!s)
		s = json_parse(&j, answer.data, answer.len, answer.len, err);
	if (!s)
		cli_json(j);
	if (answer.data)
		crypto_wipe(answer.data, answer.len);
	buf_release(&answer);
	return s;
}

int
cmd_call(struct cli *cli, int argc, char **argv)
{
	struct cli_option options[] = {
		/* the screens' own, not in the help: they hand over the key,
		 * and the body behind it */
		{ .name = "key-stdin", .flag = &cli->key_stdin },
		{ .name = NULL },
	};
	struct err err = ERR_INIT;
	struct buf body;
	bool has_body;
	enum status s;
	int begun = cli_begin(cli, &argc, argv, options, 1, 2);

	if (begun != CLI_GO_ON)
		return begun;
	has_body = argc > 2;
	if (has_body && strcmp(argv[2], "-") != 0)
		return cli_misused("call", tr("\"%s\" is one word too many."),
			argv[2]);
	cli->spares = true;
	buf_init(&body, CALL_BODY_MAX);
	s = check_path(argv[1], &err);
	if (!s)
		s = cli_unlock(cli, &err);
	if (!s && has_body)
		s = io_read(&body, "-", &err);
	if (!s)
		s = ask(cli, argv[1], has_body ? body.data : NULL, &err);
	if (body.data)
		crypto_wipe(body.data, body.len);
	buf_release(&body);
	return s ? cli_fail(&err) : CLI_OK;
}
