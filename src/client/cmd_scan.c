/* attach, fetch: the attachments of a record. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "client/cmd_watch.h"
#include "client/commands.h"
#include "client/scan_words.h"
#include "client/sync_words.h"
#include "store/audit.h"
#include "store/runs.h"
#include "store/save.h"
#include "sync/http_client.h"
#include "sync/scans.h"
#include "sync/session.h"

/* ---- attach ---- */

static enum status
print_list(struct cli *cli, const struct uuid *above, struct err *err)
{
	struct scan_list list = {0};
	enum status s = scan_list(&list, cli->store, above, err);

	for (size_t i = 0; i < list.count; i++) {
		const struct scan_item *item = &list.items[i];
		struct buf text;

		if (cli->json) {
			cli_json(scan_words_json(item, i + 1));
			continue;
		}
		buf_init(&text, BUF_LINE_MAX);
		scan_words_line(&text, item, i + 1);
		cli_say(text.data);
		buf_release(&text);
	}
	scan_list_release(&list);
	return s;
}

/* The n-th, counted from 1 as the list does. */
static enum status
find_nr(struct uuid *out, struct cli *cli, const struct uuid *above,
	const char *text, struct err *err)
{
	struct scan_list list = {0};
	enum status s = scan_list(&list, cli->store, above, err);
	char *end = NULL;
	unsigned long n = strtoul(text, &end, 10);

	if (!s && (*end || n == 0 || n > list.count))
		s = err_set(err, E_NOTFOUND, tr("The record has no attachment "
			"%s."), text);
	if (!s)
		*out = list.items[n - 1].id;
	scan_list_release(&list);
	return s;
}

static enum status
attach(struct cli *cli, const struct uuid *above, const char *path,
	const char *name, struct err *err)
{
	char text[UUID_TEXT_MAX];
	struct uuid id = {{0}};
	struct buf bytes;
	size_t also = 0;
	enum status s;

	buf_init(&bytes, BUF_BATCH_MAX);
	s = io_read(&bytes, path, err);
	if (!s)
		s = scan_attach(&id, &also, cli->store, above,
			name ? name : path, bytes.data, bytes.len, err);
	buf_release(&bytes);
	if (s)
		return s;
	uuid_print(text, &id);
	if (cli->json) {
		struct json *j = json_object();

		json_put_text(j, "id", text);
		json_put_int(j, "also", (int64_t)also);
		cli_json(j);
		return E_OK;
	}
	cli_say(text);
	if (also)
		fprintf(stderr, tr("The same file is attached to %zu other "
			"records here.\n"), also);
	return E_OK;
}

int
cmd_attach(struct cli *cli, int argc, char **argv)
{
	const char *name = NULL, *removed = NULL, *why = NULL;
	struct cli_option options[] = {
		{ .name = "name", .value = &name },
		{ .name = "remove", .value = &removed },
		{ .name = "why", .value = &why },
		{ .name = NULL },
	};
	struct err err = ERR_INIT;
	struct uuid above, id;
	enum status s;
	int begun = cli_begin(cli, &argc, argv, options, 1, 2);

	if (begun != CLI_GO_ON)
		return begun;
	if (!removed != !why)
		return cli_lacks("attach", removed ? "why" : "remove");
	if (removed && argc > 2)
		return cli_misused("attach", tr("\"%s\" is one word too many."),
			argv[2]);
	s = cli_unlock(cli, &err);
	if (!s)
		s = cli_record_id(&above, cli, argv[1], &err);
	if (!s && removed) {
		s = find_nr(&id, cli, &above, removed, &err);
		if (!s)
			s = save_remove(cli->store, &id, why, &err);
	} else if (!s && argc > 2) {
		s = attach(cli, &above, argv[2], name, &err);
	} else if (!s) {
		s = audit_view_as(cli->store, &above, "attachments", false,
			&err);
		if (!s)
			s = print_list(cli, &above, &err);
	}
	return s ? cli_fail(&err) : CLI_OK;
}

/* ---- fetch ---- */

struct fetching {
	struct cli *cli;
	bool progress, said;
	int64_t bytes_s;
};

/* A line a piece for the screens; for a person, once, how long it takes. */
static bool
on_piece(void *self, const struct scan_counts *counts)
{
	struct fetching *f = self;
	struct buf text;

	if (f->progress) {
		struct json *j = json_object();

		json_put_int(j, "left_bytes", counts->left_bytes);
		cli_json(j);
		fflush(stdout);
	} else if (!f->said && !f->cli->json &&
	    counts->left_bytes >= SYNC_WORDS_LARGE) {
		buf_init(&text, BUF_LINE_MAX);
		sync_words_left(&text, counts->left_bytes, f->bytes_s);
		cli_printf(tr("To exchange: %s."), text.data);
		fflush(stdout);
		buf_release(&text);
		f->said = true;
	}
	return false;
}

/* From the server, unless it is here already. */
static enum status
bring(struct buf *out, struct cli *cli, const struct uuid *id, bool progress,
	struct err *err)
{
	struct fetching f = { .cli = cli, .progress = progress };
	const struct scans_watch watch = { .pause = on_piece, .self = &f };
	struct http_client *http = NULL;
	struct scan_counts counts = {0};
	struct scan_job job = {0};
	struct err ignored = ERR_INIT;
	int64_t have = 0;
	enum status s = scan_job_of(&job, &have, cli->store, id, err);

	if (!s && have < job.size) {
		if (runs_line(&f.bytes_s, cli->store, &ignored))
			f.bytes_s = 0;
		s = session_connect(&http, cli->store, err);
		if (!s) {
			struct transport net = http_client_transport(http);

			http_client_stop_on(http, cmd_watch_signals());
			s = scans_fetch(&counts, cli->store, &net, id, &watch,
				err);
		}
		http_client_free(http);
	}
	return s ? s : scan_bytes(out, cli->store, job.hash, err);
}

/* The record it is attached to must be one that the role may read. */
static enum status
need_readable(struct cli *cli, const struct uuid *id, struct err *err)
{
	const struct overview *o = overview_find(cli->store, id);

	if (!o || strcmp(o->reg_name, SCAN_REGISTER) != 0)
		return err_set(err, E_NOTFOUND,
			tr("There is no such attachment here."));
	return scan_need_readable(cli->store, id, err);
}

/* Whether there can be such a file is known before anything is fetched. */
static enum status
open_new(struct io_file *out, const char *path, struct err *err)
{
	if (io_exists(path))
		return err_set(err, E_INVALID, tr("There is a file of that "
			"name already: %s"), path);
	return io_open(out, path, err);
}

static enum status
fetch(struct cli *cli, const char *which, const char *nr, const char *to,
	bool progress, struct err *err)
{
	struct uuid above, id;
	struct io_file file = {0};
	struct buf bytes;
	enum status s;

	buf_init(&bytes, SCAN_BYTES_MAX);
	s = cli_unlock(cli, err);
	if (!s && nr) {
		s = cli_record_id(&above, cli, which, err);
		if (!s)
			s = find_nr(&id, cli, &above, nr, err);
	} else if (!s) {
		s = cli_record_id(&id, cli, which, err);
	}
	if (!s)
		s = need_readable(cli, &id, err);
	if (!s)
		s = open_new(&file, to, err);
	if (!s)
		s = bring(&bytes, cli, &id, progress, err);
	if (!s)
		s = audit_rows(cli->store, AUDIT_EXPORT,
			overview_find(cli->store, &id)->reg, &id, 1, false,
			NULL, err);
	if (!s)
		s = io_commit(&file, bytes.data, bytes.len, err);
	io_give_up(&file);
	buf_release(&bytes);
	return s;
}

int
cmd_fetch(struct cli *cli, int argc, char **argv)
{
	const char *to = NULL;
	bool progress = false;
	struct cli_option options[] = {
		{ .name = "output", .value = &to },
		/* the screens' own, not in the help: they hand over the key */
		{ .name = "key-stdin", .flag = &cli->key_stdin },
		{ .name = "progress", .flag = &progress },
		{ .name = NULL },
	};
	struct err err = ERR_INIT;
	int begun;

	cli_short_output(argc, argv);
	begun = cli_begin(cli, &argc, argv, options, 1, 2);
	if (begun != CLI_GO_ON)
		return begun;
	if (!to)
		return cli_lacks("fetch", "output");
	return fetch(cli, argv[1], argc > 2 ? argv[2] : NULL, to, progress,
		&err) ? cli_fail(&err) : CLI_OK;
}
