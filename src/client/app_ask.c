/*
 * The child that asks: "fengqiao call PATH".
 *
 * Where nothing goes over a line by itself (tests; a cache that never synced)
 * no child is started, and the question waits for app_ask_take().
 */
#include "client/app_ask.h"

#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "base/json.h"
#include "base/tr.h"
#include "client/app.h"

static void
clear(struct app_ask *a)
{
	if (a->answer.data)
		crypto_wipe(a->answer.data, a->answer.len);
	buf_release(&a->answer);
	*a = (struct app_ask){0};
}

enum status
app_ask_start(struct app *app, const char *path, const char *body,
	app_ask_done *done, void *self, struct err *err)
{
	const char *args[] = { "call", "--key-stdin", path, "--home",
		app->cli->home, "--lang", tr_lang() == TR_EN ? "en" : "zh_CN",
		NULL, NULL, NULL, NULL };
	struct app_ask *a = &app->ask;
	size_t n = 7;
	enum status s = E_OK;

	if (a->asking && !a->looks)
		return err_set(err, E_CONFLICT, tr("The county's server is "
			"being asked already; wait for its answer."));
	if (body)
		args[n++] = "-";
	if (app->cli->screens) {
		args[n++] = "--screens";
		args[n++] = app->cli->screens;
	}
	app_ask_release(app);
	if (app->sync.automatic)
		s = app_child_with(&a->job, app, args, body, err);
	if (s)
		return s;
	a->asking = true;
	a->looks = !body;
	a->done = done;
	a->self = self;
	buf_init(&a->answer, BUF_BATCH_MAX);
	return E_OK;
}

bool
app_ask_waits(const struct app *app, const void *self)
{
	return app->ask.asking && app->ask.done && app->ask.self == self;
}

void
app_ask_forget(struct app *app, const void *self)
{
	if (app->ask.self == self)
		app->ask.done = NULL;
}

static void
take_line(struct app_ask *a, const char *line)
{
	if (line[0] == '{')
		buf_text(&a->answer, line);
	else if (*line)
		(void)snprintf(a->said, sizeof a->said, "%s",
			job_sentence(line));
}

/* What was asked is over before done is called, which may ask again. */
static void
end(struct app *app, int status)
{
	struct app_ask was = app->ask;
	struct err unreadable = ERR_INIT;
	struct json *j = NULL;

	app->ask = (struct app_ask){0};
	if (status == CLI_OK && json_parse(&j, was.answer.data, was.answer.len,
	    was.answer.len, &unreadable))
		(void)snprintf(was.said, sizeof was.said, "%s",
			tr("The server's answer makes no sense."));
	if (was.done)
		was.done(was.self, j ? APP_ASK_GOOD :
			status == CLI_OFFLINE ? APP_ASK_OFFLINE :
			APP_ASK_REFUSED, j, j ? "" : was.said);
	json_free(j);
	clear(&was);
}

void
app_ask_take(struct app *app, int exit_status, const char *line)
{
	if (!app->ask.asking)
		return;
	take_line(&app->ask, line);
	end(app, exit_status);
}

bool
app_ask_read(struct app *app)
{
	struct app_ask *a = &app->ask;
	struct buf line;

	if (!job_is_running(&a->job))
		return false;
	buf_init(&line, BUF_BATCH_MAX);
	job_read(&a->job);
	while (job_line(&a->job, &line)) {
		take_line(a, line.data ? line.data : "");
		if (line.data)
			crypto_wipe(line.data, line.len);
		buf_clear(&line);
	}
	buf_release(&line);
	if (!job_end(&a->job))
		return false;
	end(app, a->job.status);
	return true;
}

void
app_ask_release(struct app *app)
{
	job_stop(&app->ask.job);
	clear(&app->ask);
}
