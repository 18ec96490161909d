/*
 * The child that fetches an attachment, and what it says meanwhile.
 */
#include "client/app_fetch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/sync_words.h"

enum status
app_fetch_start(struct app *app, const struct uuid *id, const char *path,
	struct err *err)
{
	char text[UUID_TEXT_MAX];
	const char *args[] = { "fetch", "--key-stdin", "--progress", text,
		"--output", path, "--home", app->cli->home, "--lang",
		tr_lang() == TR_EN ? "en" : "zh_CN", NULL, NULL, NULL };
	struct app_fetch *f = &app->fetch;

	if (job_is_running(&f->job))
		return err_set(err, E_CONFLICT, tr("Another attachment is "
			"being fetched."));
	uuid_print(text, id);
	if (app->cli->screens) {
		args[10] = "--screens";
		args[11] = app->cli->screens;
	}
	app_fetch_release(app);
	f->path = mem_strdup(path);
	return app_child(&f->job, app, args, err);
}

static void
take_line(struct app_fetch *f, const struct buf *line)
{
	struct err ignored = ERR_INIT;
	struct json *j = NULL;

	if (line->len == 0)
		return;
	if (line->data[0] == '{' && !json_parse(&j, line->data, line->len,
	    BUF_LINE_MAX, &ignored))
		(void)json_get_int(j, "left_bytes", &f->left_bytes);
	else
		(void)snprintf(f->said, sizeof f->said, "%s",
			job_sentence(line->data));
	json_free(j);
}

static void
tell(struct app *app)
{
	struct app_fetch *f = &app->fetch;
	struct buf left;

	if (job_is_running(&f->job)) {
		buf_init(&left, BUF_LINE_MAX);
		sync_words_left(&left, f->left_bytes, app->sync.bytes_s);
		view_say(&app->stack, ROLE_STATUS, tr("Fetching the attachment; "
			"still %s."), left.data);
		buf_release(&left);
	} else if (f->job.status == CLI_OK) {
		view_say(&app->stack, ROLE_GOOD, tr("The attachment is in %s."),
			f->path);
	} else {
		view_say(&app->stack, ROLE_WARN, "%s", f->said);
	}
}

bool
app_fetch_read(struct app *app)
{
	struct app_fetch *f = &app->fetch;
	bool moved = false;
	struct buf line;

	if (!job_is_running(&f->job))
		return false;
	buf_init(&line, BUF_LINE_MAX);
	job_read(&f->job);
	while (job_line(&f->job, &line)) {
		take_line(f, &line);
		buf_clear(&line);
		moved = true;
	}
	buf_release(&line);
	moved = job_end(&f->job) || moved;
	if (moved)
		tell(app);
	return moved;
}

void
app_fetch_release(struct app *app)
{
	job_stop(&app->fetch.job);
	free(app->fetch.path);
	app->fetch = (struct app_fetch){0};
}
