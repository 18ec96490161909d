/*
 * The child that asks for a history: "fengqiao history --fetch ID".
 */
#include "client/app_history.h"

#include <stdio.h>
#include <string.h>

#include "base/tr.h"
#include "client/app.h"

static enum status
ask(struct app *app, const struct uuid *id, bool who, struct err *err)
{
	char text[UUID_TEXT_MAX];
	const char *args[] = { who ? "audit" : "history", "--key-stdin",
		who ? "--who" : "--fetch", text, "--home", app->cli->home,
		"--lang",
		tr_lang() == TR_EN ? "en" : "zh_CN", NULL, NULL, NULL };
	struct app_history *h = &app->history;
	enum status s;

	uuid_print(text, id);
	if (app->cli->screens) {
		args[8] = "--screens";
		args[9] = app->cli->screens;
	}
	app_history_release(app);
	h->id = *id;
	h->who = who;
	buf_init(&h->lines, BUF_BATCH_MAX);
	s = app_child(&h->job, app, args, err);
	if (!s)
		h->state = APP_HISTORY_ASKING;
	return s;
}

enum status
app_history_ask(struct app *app, const struct uuid *id, struct err *err)
{
	return ask(app, id, false, err);
}

enum status
app_history_ask_who(struct app *app, const struct uuid *id, struct err *err)
{
	return ask(app, id, true, err);
}

enum app_history_state
app_history_state(const struct app *app, const struct uuid *id)
{
	return uuid_compare(&app->history.id, id) == 0 ? app->history.state
		: APP_HISTORY_IDLE;
}

bool
app_history_read(struct app *app)
{
	struct app_history *h = &app->history;
	struct buf line;

	if (!job_is_running(&h->job))
		return false;
	buf_init(&line, BUF_LINE_MAX);
	job_read(&h->job);
	while (job_line(&h->job, &line)) {
		if (line.len)
			(void)snprintf(h->said, sizeof h->said, "%s",
				job_sentence(line.data));
		if (h->who)
			buf_printf(&h->lines, "%s\n", line.data);
		buf_clear(&line);
	}
	buf_release(&line);
	if (!job_end(&h->job))
		return false;
	h->state = h->job.status == CLI_OK ? APP_HISTORY_GOOD
		: h->job.status == CLI_OFFLINE ? APP_HISTORY_OFFLINE
		: APP_HISTORY_FAILED;
	return true;
}

void
app_history_release(struct app *app)
{
	job_stop(&app->history.job);
	buf_release(&app->history.lines);
	app->history = (struct app_history){0};
}
