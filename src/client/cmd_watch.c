/*
 * sync --watch: keeps the cache in step until it is told to end.
 *
 * For the screens, whose child it is, it prints a JSON line for everything that
 * happens, and ends when nobody reads them any more.
 */
#include "client/cmd_watch.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/tr.h"
#include "sync/definitions_fetch.h"
#include "sync/offices_fetch.h"
#include "sync/watch.h"

/* Set by SIGTERM and SIGINT: finish the page under way, then leave. */
static volatile sig_atomic_t stopping;
/* Set by SIGUSR1: somebody wants a sync now. */
static volatile sig_atomic_t nudged;

static void
on_stop(int sig)
{
	(void)sig;
	stopping = 1;
}

static void
on_nudge(int sig)
{
	(void)sig;
	nudged = 1;
}

const volatile sig_atomic_t *
cmd_watch_signals(void)
{
	struct sigaction stop = { .sa_handler = on_stop };
	struct sigaction nudge = { .sa_handler = on_nudge };

	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGUSR1, &nudge, NULL);
	return &stopping;
}

struct json *
cmd_watch_counts(const struct sync_counts *c)
{
	struct json *j = json_object();

	json_put_int(j, "pulled", (int64_t)c->apply.pulled);
	json_put_int(j, "gone", (int64_t)c->apply.gone);
	json_put_int(j, "pushed", (int64_t)c->pushed);
	json_put_int(j, "merged", (int64_t)c->apply.merged);
	json_put_int(j, "conflicts", (int64_t)c->apply.conflicts);
	json_put_int(j, "refused", (int64_t)c->apply.refused);
	json_put_int(j, "moved", (int64_t)c->apply.moved);
	json_put_int(j, "compared", (int64_t)c->reconciled);
	json_put_int(j, "requests", (int64_t)c->requests);
	json_put_int(j, "sent_bytes", (int64_t)c->sent_bytes);
	json_put_int(j, "received_bytes", (int64_t)c->received_bytes);
	json_put_int(j, "left_bytes", c->left_bytes);
	json_put_int(j, "bytes_s", c->bytes_s);
	json_put_int(j, "load_bytes", c->load_bytes);
	json_put_int(j, "load_have", c->load_have);
	json_put_int(j, "scans_sent", (int64_t)c->scans.sent);
	json_put_int(j, "scans_waiting", (int64_t)c->scans.waiting);
	json_put_int(j, "scans_refused", (int64_t)c->scans.refused);
	json_put_int(j, "scan_bytes", (int64_t)(c->scans.sent_bytes +
		c->scans.received_bytes));
	return j;
}

struct watcher {
	struct cli *cli;
	const struct transport *net;
	bool progress;		/* the screens listen */
	bool failed;		/* and it was said */
};

static const char *const names[] = {
	[WATCH_BEGUN] = "begun", [WATCH_PAGE] = "page", [WATCH_GOOD] = "good",
	[WATCH_FAILED] = "failed", [WATCH_STANDING_BY] = "standing_by",
};

static void
tell_screens(const struct watch_event *e)
{
	struct json *j = e->counts ? cmd_watch_counts(e->counts) :
		json_object();

	json_put_text(j, "state", names[e->state]);
	if (e->err) {
		json_put_text(j, "error", err_name(e->err->code));
		json_put_text(j, "message", e->err->msg);
		json_put_int(j, "pause_ms", e->pause_ms);
	}
	cli_json(j);
}

/* For a person: what moved; that it failed, once; that it is well again. */
static void
tell_person(struct watcher *w, const struct watch_event *e)
{
	const struct sync_counts *c = e->counts;

	if (e->state == WATCH_FAILED && !w->failed)
		(void)cli_fail(e->err);
	if (e->state == WATCH_GOOD && (w->failed || c->pushed ||
	    c->apply.pulled || c->apply.gone)) {
		if (w->cli->json)
			cli_json(cmd_watch_counts(c));
		else
			cli_printf(tr("Sent %zu, fetched %zu; merged %zu, "
				"conflicts %zu, refused %zu."), c->pushed,
				c->apply.pulled, c->apply.merged,
				c->apply.conflicts, c->apply.refused);
	}
	if (e->state == WATCH_FAILED || e->state == WATCH_GOOD)
		w->failed = e->state == WATCH_FAILED;
}

static void
fetch_definitions(struct cli *cli, const struct transport *net, bool progress)
{
	struct err err = ERR_INIT;
	bool news = false;
	enum status s;

	if (cli->from == CLI_FROM_FOLDER)
		return;
	s = definitions_fetch(&news, cli->store, net, &err);
	/* without an answer the next sync asks again */
	if (s && s != E_OFFLINE)
		(void)cli_fail(&err);
	if (news && progress) {
		struct json *j = json_object();

		json_put_text(j, "state", "definitions");
		cli_json(j);
	} else if (news && !cli->json) {
		cli_say(tr("The county has new definitions; they are used "
			"from the next start on."));
	}
}

void
cmd_watch_news(struct cli *cli, const struct transport *net, bool progress)
{
	struct err err = ERR_INIT;

	fetch_definitions(cli, net, progress);
	/* without an answer those known so far will do, and an older server
	 * has none; the next sync asks again */
	if (offices_fetch(cli->store, net, &err) == E_IO)
		(void)cli_fail(&err);
}

static void
say(void *self, const struct watch_event *e)
{
	struct watcher *w = self;

	if (w->progress)
		tell_screens(e);
	else
		tell_person(w, e);
	if (e->state == WATCH_GOOD)
		cmd_watch_news(w->cli, w->net, w->progress);
	fflush(stdout);
}

/* The screens are gone, however they went: nobody may use their key. */
static bool
is_alone(const struct watcher *w)
{
	struct pollfd p = { .fd = STDOUT_FILENO };

	return w->progress && poll(&p, 1, 0) > 0 &&
		(p.revents & (POLLERR | POLLHUP | POLLNVAL));
}

static bool
stop(void *self)
{
	return stopping || is_alone(self);
}

static bool
asked(void *self)
{
	bool was = nudged;

	(void)self;
	nudged = 0;
	return was;
}

int
cmd_watch(struct cli *cli, const struct transport *net, bool progress)
{
	struct watcher self = { .cli = cli, .net = net,
		.progress = progress };
	struct watch w = { .store = cli->store, .net = net,
		.stand_by = progress, .self = &self, .say = say,
		.stop = stop, .asked = asked };
	struct err err = ERR_INIT;

	signal(SIGPIPE, SIG_IGN);
	return watch_run(&w, &err) ? cli_fail(&err) : CLI_OK;
}
