/*
 * Attaching and opening from the screens.  The file's path is typed; what is
 * here is written at once, the rest is fetched by a child.
 */
#include "client/scan_menu.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/choice.h"
#include "client/record_menu.h"
#include "client/sync_words.h"
#include "core/scan.h"
#include "store/audit.h"
#include "store/overview.h"
#include "store/scan.h"
#include "ui/prompt.h"

enum { SCAN_SAVE = 1, SCAN_WITHDRAW };

/* ---- attaching ---- */

static void
tell_attached(struct app *app, size_t len, size_t also)
{
	struct buf size;

	buf_init(&size, BUF_LINE_MAX);
	sync_words_bytes(&size, (int64_t)len);
	if (also)
		view_say(&app->stack, ROLE_GOOD, tr("Attached, saved here (%s); "
			"%zu other records have the same file."), size.data,
			also);
	else
		view_say(&app->stack, ROLE_GOOD,
			tr("Attached, saved here (%s)."), size.data);
	buf_release(&size);
}

static void
path_given(void *self, struct view_stack *s, const char *text)
{
	struct app *app = self;
	struct err err = ERR_INIT;
	struct uuid id;
	struct buf bytes;
	size_t also = 0;
	enum status st;
	char *path;

	if (!text || !*text)
		return;
	path = io_typed_path(text);
	buf_init(&bytes, BUF_BATCH_MAX);
	st = io_read(&bytes, path, &err);
	if (!st)
		st = scan_attach(&id, &also, app->cli->store, &app->asked.id,
			path, bytes.data, bytes.len, &err);
	if (st) {
		view_complain(s, &err);
	} else {
		tell_attached(app, bytes.len, also);
		app_sync_soon(app);
	}
	buf_release(&bytes);
	free(path);
}

void
scan_menu_add(struct app *app, const struct uuid *above)
{
	app->asked.id = *above;
	prompt_push(&app->stack, PROMPT_TEXT, tr("File to attach:"), NULL,
		path_given, app);
}

/* ---- opening ---- */

/* As the command fetch does: what leaves the cache is in the trace, and the
 * trace tells of no file that there cannot be. */
static enum status
write_here(struct app *app, const char *path, const struct scan_job *job,
	struct err *err)
{
	struct store *s = app->cli->store;
	const struct overview *o = overview_find(s, &job->id);
	struct io_file file = {0};
	struct buf bytes;
	enum status st;

	buf_init(&bytes, SCAN_BYTES_MAX);
	st = scan_bytes(&bytes, s, job->hash, err);
	if (!st)
		st = io_open(&file, path, err);
	if (!st)
		st = audit_rows(s, AUDIT_EXPORT, o ? o->reg : NULL, &job->id, 1,
			false, NULL, err);
	if (!st)
		st = io_commit(&file, bytes.data, bytes.len, err);
	io_give_up(&file);
	buf_release(&bytes);
	return st;
}

static void
target_given(void *self, struct view_stack *s, const char *text)
{
	struct app *app = self;
	struct err err = ERR_INIT;
	struct scan_job job = {0};
	int64_t have = 0;
	enum status st;
	char *path;

	if (!text || !*text)
		return;
	path = io_typed_path(text);
	st = scan_job_of(&job, &have, app->cli->store, &app->asked.id, &err);
	if (!st && io_exists(path))
		st = err_set(&err, E_INVALID, tr("There is a file of that name "
			"already: %s"), path);
	if (!st && have == job.size) {
		st = write_here(app, path, &job, &err);
		if (!st)
			view_say(s, ROLE_GOOD, tr("The attachment is in %s."),
				path);
	} else if (!st) {
		st = app_fetch_start(app, &job.id, path, &err);
		if (!st)
			view_say(s, ROLE_STATUS, "%s",
				tr("Asking the county for the attachment."));
	}
	if (st)
		view_complain(s, &err);
	free(path);
}

/* The name is somebody else's: it proposes a file, and leads nowhere. */
static void
ask_target(struct app *app)
{
	const struct overview *o = overview_find(app->cli->store,
		&app->asked.id);
	struct buf initial;

	buf_init(&initial, BUF_LINE_MAX);
	if (o) {
		buf_text(&initial, "~/");
		scan_name(&initial, overview_get(o, "name"));
	}
	prompt_push(&app->stack, PROMPT_TEXT, tr("Write it to the file:"),
		o ? initial.data : NULL, target_given, app);
	buf_release(&initial);
}

static void
chosen(void *self, struct view_stack *s, int value)
{
	struct app *app = self;
	struct record r = {0};
	struct err err = ERR_INIT;

	if (value == SCAN_SAVE) {
		ask_target(app);
	} else if (value == SCAN_WITHDRAW) {
		if (store_get(&r, app->cli->store, &app->asked.id, &err))
			view_complain(s, &err);
		else
			record_menu_withdraw(app, &r);
		record_release(&r);
	}
}

void
scan_menu_open(struct app *app, const struct uuid *id)
{
	struct choice *c = choice_new(tr("Attachment"));

	app->asked.id = *id;
	choice_add(c, 's', tr("Write it to a file"), SCAN_SAVE);
	choice_add(c, 'D', tr("Withdraw it"), SCAN_WITHDRAW);
	(void)choice_push(&app->stack, c, chosen, app);
}
