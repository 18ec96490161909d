/*
 * The screens' loop: the one place where presses come from a terminal and
 * pictures go to it.  It sleeps until a key, a child's word, what others do
 * (client/app_wake) or the time of something comes, and paints only when the
 * terminal takes output.
 */
#include "client/screens.h"

#include "client/app.h"
#include "client/cli_open.h"
#include "client/screen_signin.h"
#include "store/erasure.h"
#include "ui/tty.h"

/* Pull in all that has arrived before the next picture (a held key, a paste)
 * but never so much that the picture waits for ever. */
enum { PRESSES_A_PICTURE = 2000, JOBS_MAX = 5 };

static bool
take_presses(struct app *app, struct tty *tty, struct canvas *c)
{
	struct press p = { .code = PRESS_NONE };
	bool any = false;

	for (int i = 0; i < PRESSES_A_PICTURE && tty_press(tty, &p); i++) {
		int cols, rows;

		any = true;
		if (p.code == PRESS_RESIZE) {
			tty_size(tty, &cols, &rows);
			canvas_resize(c, cols, rows);
		}
		app_press(app, &p);
		/* What waits for its picture comes before further keys. */
		if (app->later || app->leave)
			break;
	}
	return any;
}

static size_t
watched_jobs(const struct app *app, struct pollfd *fds)
{
	size_t n = 0;

	if (job_is_running(&app->sync.job))
		fds[n++] = (struct pollfd){ .fd = app->sync.job.fd,
			.events = POLLIN };
	if (job_is_running(&app->history.job))
		fds[n++] = (struct pollfd){ .fd = app->history.job.fd,
			.events = POLLIN };
	if (job_is_running(&app->fetch.job))
		fds[n++] = (struct pollfd){ .fd = app->fetch.job.fd,
			.events = POLLIN };
	if (job_is_running(&app->ask.job))
		fds[n++] = (struct pollfd){ .fd = app->ask.job.fd,
			.events = POLLIN };
	if (screen_signin_fd(app) >= 0)
		fds[n++] = (struct pollfd){ .fd = screen_signin_fd(app),
			.events = POLLIN };
	return n;
}

static bool
any_readable(const struct pollfd *fds, size_t count)
{
	bool any = false;

	for (size_t i = 0; i < count; i++)
		any = any || fds[i].revents;
	return any;
}

static void
show(struct app *app, struct tty *tty, struct canvas *c, bool *in)
{
	const bool was_in = *in;

	if (app->redraw)
		tty_redraw(tty);
	app->redraw = false;
	app_paint(app, c);
	tty_show(tty, c);
	*in = *app_login(app) != '\0';
	if (was_in && !*in)
		tty_forget(tty);
}

static void
loop(struct app *app, struct tty *tty, struct canvas *c)
{
	bool dirty = true, more = false, in = false;

	while (!app->leave) {
		struct pollfd fds[JOBS_MAX + APP_WAKE_FDS];
		size_t jobs = watched_jobs(app, fds);
		size_t n = jobs + app_wake_fds(app, fds + jobs);
		int got = tty_wait(tty, fds, n, dirty, more || (app->later &&
			!dirty) ? 0 : app_timeout_ms(app));

		if (got & TTY_END)
			break;
		if (got & TTY_INPUT)
			dirty = take_presses(app, tty, c) || dirty;
		if (any_readable(fds, jobs)) {
			(void)app_sync_read(app);
			screen_signin_read(app);
			dirty = true;
		}
		if (any_readable(fds + jobs, n - jobs))
			app_wake_heard(app);
		if (app_tick(app))
			dirty = true;
		if (dirty && (got & TTY_OUTPUT)) {
			show(app, tty, c, &in);
			dirty = app_run_later(app);
		}
		more = !dirty && app_idle(app);
	}
	app_quit(app);
}

/* A cache that is not there yet, or was erased, is no failure: the first screen
 * says how to make one. */
static enum status
open_cache(struct cli *cli, struct err *err)
{
	struct erasure erased = {0};
	struct err none = ERR_INIT;
	enum status s = cli_schema(cli, err);

	if (!s)
		cli_hold_definitions(cli);
	if (!s)
		s = cli_store(cli, false, err);
	return s == E_NOTFOUND || (s == E_AUTH &&
		erasure_read(&erased, cli->home, &none) != E_NOTFOUND) ?
		E_OK : s;
}

/* Whoever signed in on the command line works on; --user asks again, and so
 * does a password that must be changed. */
static void
go_on(struct app *app, struct cli *cli)
{
	struct err err = ERR_INIT;
	if (!cli->store || cli->user ||
	    store_keyring_unlock(cli->store, &err) != E_OK)
		return;
	if (store_password(cli->store, app->today) >=
	    STORE_PASSWORD_DUE)
		store_lock(cli->store);
	else
		app_signed_in(app, true);
}

int
screens_run(struct cli *cli)
{
	struct tty_options options = {0};
	struct tty *tty = NULL;
	struct canvas canvas = {0};
	struct app app = {0};
	struct err err = ERR_INIT;
	int cols, rows;

	if (open_cache(cli, &err) || tty_open(&tty, &options, &err))
		return cli_fail(&err) == CLI_OK ? CLI_OK : CLI_NO;
	tty_size(tty, &cols, &rows);
	canvas_init(&canvas, cols, rows);
	app_init(&app, cli);
	app.sync.automatic = true;
	app_wake_open(&app);
	go_on(&app, cli);
	if (*tty_complaint(tty))
		view_say(&app.stack, ROLE_WARN, "%s", tty_complaint(tty));
	loop(&app, tty, &canvas);
	tty_close(tty);
	app_release(&app);
	canvas_release(&canvas);
	return app.signed_in ? CLI_OK : CLI_AUTH;
}
