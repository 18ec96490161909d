/*
 * serve: definitions, ledger, certificate, then answering until a signal.
 */
#include "server/command.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/io.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/schema.h"
#include "server/api.h"
#include "server/command_schema.h"
#include "server/http.h"
#include "server/snapshot_keeper.h"

/* ---- address ---- */

enum status
command_listen(char *host, size_t size, int *port, const char *text,
    struct err *err)
{
	const char *colon = strrchr(text, ':');
	const char *from = text;
	size_t len = colon ? (size_t)(colon - text) : 0;
	char *end = NULL;
	long n = -1;

	if (colon && colon[1] >= '0' && colon[1] <= '9')
		n = strtol(colon + 1, &end, 10);
	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		from++;
		len -= 2;
	}
	if (!colon || n < 0 || n > 65535 || *end || len >= size)
		return err_set(err, E_INVALID,
		    tr("--listen takes HOST:PORT with a port from 0 to 65535, "
		    "as 0.0.0.0:8443, not \"%s\"."), text);
	memcpy(host, from, len);
	host[len] = '\0';
	*port = (int)n;
	return E_OK;
}

/* ---- certificate ---- */

static enum status
read_pem(struct buf *out, const struct command_args *a, const char *given,
    const char *name, struct err *err)
{
	char *path = given ? mem_strdup(given) : io_join(a->data, name);
	enum status s = io_read(out, path, err);

	free(path);
	return s;
}

/* ---- serving ---- */

static void
say_ready(const struct command_args *a, const char *host, int port)
{
	bool v6 = strchr(host, ':') != NULL;

	if (a->json) {
		struct json *j = json_object();
		struct buf out;

		buf_init(&out, BUF_LINE_MAX);
		json_put_text(j, "host", host);
		json_put_int(j, "port", port);
		json_print(&out, j);
		puts(out.data);
		buf_release(&out);
		json_free(j);
	} else {
		/* programs read the line by its English words */
		printf(isatty(STDOUT_FILENO) ?
		    tr("listening on https://%s%s%s:%d\n") :
		    "listening on https://%s%s%s:%d\n", v6 ? "[" : "",
		    host, v6 ? "]" : "", port);
	}
	fflush(stdout);
}

static void
wait_for_end(const sigset_t *ends)
{
	int signal_number = 0;

	while (sigwait(ends, &signal_number) == EINTR)
		;
}

static void
stop_api(void *self)
{
	api_stop(self);
}

static void
rest_api(void *self)
{
	api_rest(self);
}

static enum status
serve(const struct command_args *a, struct http_options *o,
    struct ledger *ledger, const struct schema *schema,
    const struct command_files *files, struct err *err)
{
	struct api *api = NULL;
	const struct snapshot_keeper_options often = SNAPSHOT_KEEPER_DEFAULT;
	struct snapshot_keeper *keeper = NULL;
	struct http *http = NULL;
	sigset_t ends;
	enum status s;

	/* Blocked before there are threads, so that only sigwait sees them. */
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	s = ledger_tidies(ledger, err);
	if (!s)
		s = api_new(&api, ledger, schema, err);
	if (!s)
		s = api_read_ahead(api, err);
	if (!s) {
		api_min_app(api, a->min_app ? strtoll(a->min_app, NULL, 10) :
		    0);
		api_definitions(api, files->count ? files->items :
		    builtin_files, files->count ? files->count :
		    builtin_count);
		o->self = api;
		o->answer = api_answer;
		o->rest = rest_api;
		o->stop = stop_api;
		s = http_start(&http, o, err);
	}
	if (!s)
		s = snapshot_keeper_start(&keeper, ledger, &often, err);
	if (!s) {
		say_ready(a, o->host, http_port(http));
		wait_for_end(&ends);
		log_write(LOG_NOTE, "stopping");
	}
	snapshot_keeper_stop(keeper);
	http_stop(http);
	api_free(api);
	return s;
}

enum status
command_serve(const struct command_args *a, struct err *err)
{
	struct http_options o = HTTP_OPTIONS_DEFAULT;
	struct ledger *ledger = NULL;
	struct schema *schema = NULL;
	struct command_files files = {0};
	struct buf cert, key;
	char host[COMMAND_HOST_MAX] = "0.0.0.0";
	int lock = -1;
	enum status s = E_OK;

	buf_init(&cert, 4 * TLS_PEM_MAX);
	buf_init(&key, TLS_PEM_MAX);
	if (a->listen)
		s = command_listen(host, sizeof host, &o.port, a->listen, err);
	if (!s)
		s = ledger_open(&ledger, a->data, err);
	if (!s)
		s = ledger_claim(&lock, a->data, err);
	if (!s)
		s = read_pem(&cert, a, a->cert, "server.pem", err);
	if (!s)
		s = read_pem(&key, a, a->key, "server.key", err);
	if (!s)
		s = command_schema(&schema, &files, a, err);
	if (!s) {
		o.host = host;
		o.cert_pem = cert.data;
		o.key_pem = key.data;
		s = serve(a, &o, ledger, schema, &files, err);
	}
	crypto_wipe(key.data, key.len);
	buf_release(&cert);
	buf_release(&key);
	schema_free(schema);
	command_files_release(&files);
	ledger_close(ledger);
	if (lock >= 0)
		close(lock);
	return s;
}
