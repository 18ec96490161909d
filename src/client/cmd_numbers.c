/* The paper numbers that this computer may give. */
#include <stdio.h>
#include <stdlib.h>

#include "base/tr.h"
#include "client/cli_open.h"
#include "client/commands.h"
#include "client/sync_words.h"
#include "store/number.h"
#include "sync/http_client.h"
#include "sync/numbers.h"
#include "sync/session.h"

static struct json *
stock_json(const struct number_stock *n)
{
	struct json *j = json_object();

	json_put_text(j, "register", n->reg->name);
	json_put_text(j, "class", n->reg->number.cls);
	json_put_int(j, "year", n->year);
	json_put_int(j, "left", n->left);
	json_put_int(j, "next", n->next);
	json_put_bool(j, "machine", n->machine);
	return j;
}

static enum status
print_stock(struct cli *cli, struct err *err)
{
	struct number_stock *list = NULL;
	size_t count = 0;
	enum status s = number_stock(&list, &count, cli->store, err);

	for (size_t i = 0; !s && i < count; i++) {
		struct buf line;

		if (cli->json) {
			cli_json(stock_json(&list[i]));
			continue;
		}
		buf_init(&line, BUF_LINE_MAX);
		sync_words_stock(&line, &list[i]);
		cli_say(line.data);
		buf_release(&line);
	}
	free(list);
	return s;
}

static enum status
give_back(struct cli *cli, struct err *err)
{
	struct http_client *http = NULL;
	struct transport net;
	size_t count = 0;
	enum status s = session_connect(&http, cli->store, err);

	if (s)
		return s;
	net = http_client_transport(http);
	s = sync_numbers_return(&count, cli->store, &net, err);
	http_client_free(http);
	if (!s)
		cli_printf(tr("Given back: %zu."), count);
	return s;
}

int
cmd_numbers(struct cli *cli, int argc, char **argv)
{
	bool back = false;
	struct cli_option options[] = {
		{ .name = "return", .flag = &back },
		{ .name = NULL },
	};
	struct err err = ERR_INIT;
	enum status s;
	int begun = cli_begin(cli, &argc, argv, options, 0, 0);

	if (begun != CLI_GO_ON)
		return begun;
	s = cli_unlock(cli, &err);
	if (!s)
		s = back ? give_back(cli, &err) : print_stock(cli, &err);
	return s ? cli_fail(&err) : CLI_OK;
}
