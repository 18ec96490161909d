/*
 * The sign-in.  The slow check (argon2id, some tenths of a second) runs after
 * the picture that says so; asking the server runs in a child.
 *
 * Where nothing goes over a line by itself (tests; a cache that never synced)
 * the server is asked about persons that are new here, and about nothing else.
 */
#include "client/screen_signin.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/job.h"
#include "client/screen_password.h"
#include "client/show.h"
#include "client/signin_words.h"
#include "store/erasure.h"
#include "ui/lineedit.h"

enum {
	SIGNIN_USER_CHARS = 30,
	SIGNIN_PASSWORD_CHARS = 120,
	SIGNIN_COL = 20,		/* where the inputs stand */
	SIGNIN_CELLS = 32,
};

#define SIGNIN_META_USER "last_user"

struct screen_signin {
	struct view view;		/* first */
	struct app *app;
	struct lineedit edits[2];	/* user, password */
	size_t now;
	bool enrolled;
	bool erased;			/* by order of the county */
	struct store_device device;
	bool checking;			/* after the picture */
	struct job job;			/* asking the server, */
	enum signin_ask {
		ASK_NONE,
		ASK_UNKNOWN,		/* who this is, */
		ASK_WRONG,		/* whether the password is another, */
		ASK_OLD,		/* as it is known to be, */
		ASK_DUE,		/* for it must be changed; */
		ASK_CHANGE,		/* to change it */
	} ask;
	bool asking;			/* also where no child is */
	char why[ERR_MSG_MAX];		/* what this cache says to it */
	char said[ERR_MSG_MAX];		/* by the child */
};

enum { SIGNIN_ENTER = 1, SIGNIN_NEXT, SIGNIN_LEAVE, SIGNIN_LANG };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_NONE, SIGNIN_ENTER, TR_MARK("sign in"),
	    TR_MARK("Next field; in the password: sign in."), KEYMAP_ALWAYS },
	{ PRESS_TAB, PRESS_DOWN, SIGNIN_NEXT, TR_MARK("next"),
	    TR_MARK("The other field."), KEYMAP_HINT },
	{ PRESS_BACKTAB, PRESS_UP, SIGNIN_NEXT, TR_MARK("next"),
	    TR_MARK("The other field."), KEYMAP_QUIET },
	{ PRESS_CTRL + 'T', PRESS_NONE, SIGNIN_LANG, TR_MARK("language"),
	    TR_MARK("Switch between Chinese and English."), KEYMAP_ALWAYS },
	{ PRESS_CTRL + 'X', PRESS_CTRL + 'C', SIGNIN_LEAVE, TR_MARK("leave"),
	    TR_MARK("Leave the program."), KEYMAP_ALWAYS },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, NULL,
};

/* Nothing to sign in to: the last two rows only. */
static const struct keymap bare_keymap = {
	entries + 3, sizeof entries / sizeof *entries - 3, NULL,
};

static struct screen_signin *
of(const struct view *v)
{
	return (struct screen_signin *)(uintptr_t)v;
}

static void
signin_title(const struct view *v, struct buf *out)
{
	(void)v;
	buf_text(out, tr("Fengqiao - sign in"));
}

static void
paint_enrolled(struct screen_signin *w, struct canvas *c,
    const struct canvas_area *body)
{
	static const char *const labels[] = { TR_MARK("User"),
		TR_MARK("Password") };
	int row = body->row + 8;

	(void)canvas_text_cut(c, body->row + 3, 8, body->cols - 10,
	    ROLE_TITLE, w->device.office_name);
	if (strcmp(w->device.county_name, w->device.office_name) != 0)
		(void)canvas_text_cut(c, body->row + 4, 8, body->cols - 10,
		    ROLE_TEXT, w->device.county_name);
	(void)canvas_text_cut(c, body->row + 5, 8, body->cols - 10, ROLE_DIM,
	    w->device.server);
	for (size_t i = 0; i < 2; i++) {
		bool now = i == w->now && !w->asking;

		(void)canvas_text(c, row + (int)i * 2, 8, 10, ROLE_LABEL,
		    tr(labels[i]));
		lineedit_paint(&w->edits[i], c, row + (int)i * 2, SIGNIN_COL,
		    now ? ROLE_INPUT_NOW : ROLE_INPUT, now);
	}
}

static void
paint_not_enrolled(const struct screen_signin *w, struct canvas *c,
    const struct canvas_area *body)
{
	static const char *const lines[] = {
		TR_MARK("This computer is not enrolled with a county yet."),
		"",
		TR_MARK("Ask the county for the server's address and a "
			"one-time code, then run:"),
		"",
		"    fengqiao enroll https://SERVER:PORT --code CODE --cacert ca.pem",
		"",
		TR_MARK("After that start the screens again."),
	};

	if (w->erased)
		(void)canvas_text_cut(c, body->row + 2, 4, body->cols - 8,
		    ROLE_ALERT, tr("The data on this computer was erased by "
		    "order of the county."));
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		(void)canvas_text_cut(c, body->row + 4 + (int)i, 4,
		    body->cols - 8, i == 0 ? ROLE_TITLE : ROLE_TEXT,
		    *lines[i] ? tr(lines[i]) : "");
}

static void
signin_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	if (of(v)->enrolled)
		paint_enrolled(of(v), c, body);
	else
		paint_not_enrolled(of(v), c, body);
}

/* Who is typed in has another password by now. */
static bool
is_old(const struct screen_signin *w)
{
	struct buf user;
	bool old;

	buf_init(&user, BUF_LINE_MAX);
	lineedit_get(&user, &w->edits[0]);
	old = user.len > 0 && store_password_is_old(w->app->cli->store,
		user.data);
	buf_release(&user);
	return old;
}

static enum canvas_role
signin_message(const struct view *v, struct buf *out)
{
	static const char *const words[] = {
		[ASK_UNKNOWN] = TR_MARK("Asking the server; this is needed the "
			"first time only. ^X stops."),
		[ASK_WRONG] = TR_MARK("Not the password of this computer; "
			"asking the server for it. ^X stops."),
		[ASK_OLD] = TR_MARK("Asking the server: the password was "
			"changed. ^X stops."),
		[ASK_DUE] = TR_MARK("Asking the server: the password is to be "
			"changed. ^X stops."),
		[ASK_CHANGE] = "",
	};
	const struct screen_signin *w = of(v);

	if (w->asking)
		buf_text(out, *words[w->ask] ? tr(words[w->ask]) : "");
	else if (w->checking)
		buf_text(out, tr("Checking the password."));
	else if (w->enrolled && is_old(w))
		buf_text(out, tr("Your password was changed at the county; "
			"sign in with the new one."));
	else if (w->enrolled)
		buf_text(out, tr("One account for all registers; it works "
			"without the network too."));
	return ROLE_TEXT;
}

/* ---- signing in ---- */

static void
take_text(const struct lineedit *e, struct buf *out)
{
	buf_init(out, BUF_LINE_MAX);
	lineedit_get(out, e);
}

static void
wipe(struct buf *secret)
{
	crypto_wipe(secret->data, secret->len);
	buf_release(secret);
}

/* May the server be asked about somebody whom this cache knows? */
static bool
has_line(const struct screen_signin *w)
{
	return w->app->sync.automatic;
}

static void
start(struct screen_signin *w, enum signin_ask ask, const char *const *args,
	const struct buf *input)
{
	struct err err = ERR_INIT;

	w->said[0] = '\0';
	if (ask != ASK_CHANGE || has_line(w)) {
		if (job_start(&w->job, args, input->data, input->len, &err)) {
			view_complain(&w->app->stack, &err);
			return;
		}
	}
	w->ask = ask;
	w->asking = true;
}

static void
ask_server(struct screen_signin *w, enum signin_ask ask, const char *user,
	const struct buf *password, const struct err *why)
{
	const char *args[] = { "login", user, "--password-stdin",
		"--ask-server", "--home", w->app->cli->home, "--lang",
		tr_lang() == TR_EN ? "en" : "zh_CN", NULL };

	(void)snprintf(w->why, sizeof w->why, "%s", why->msg);
	start(w, ask, args, password);
}

void
screen_signin_change(struct app *app, const char *before, const char *after)
{
	struct screen_signin *w = of(app->stack.views[0]);
	const char *args[] = { "passwd", "--user", app_login(app),
		"--password-stdin", "--home", app->cli->home, "--lang",
		tr_lang() == TR_EN ? "en" : "zh_CN", NULL };
	struct buf input;

	buf_init(&input, BUF_LINE_MAX);
	buf_printf(&input, "%s\n%s\n", before, after);
	start(w, ASK_CHANGE, args, &input);
	wipe(&input);
}

static void
welcome(struct screen_signin *w, const char *user, bool offline)
{
	struct err err = ERR_INIT;
	struct buf words;

	/* Remembering who it was is a convenience; without it, it goes on. */
	if (store_meta_set(w->app->cli->store, SIGNIN_META_USER, user, &err))
		view_complain(&w->app->stack, &err);
	(void)lineedit_set(&w->edits[1], "");
	buf_init(&words, BUF_LINE_MAX);
	signin_words(&words, w->app->cli->store, offline);
	app_signed_in(w->app, false);
	if (words.len > 0)
		view_say(&w->app->stack, ROLE_WARN, "%s", words.data);
	buf_release(&words);
}

static bool
must_change(const struct screen_signin *w)
{
	return store_password(w->app->cli->store, w->app->today) >=
		STORE_PASSWORD_DUE;
}

/* answered: the server has let this person in just now. */
static void
come_in(struct screen_signin *w, const char *user, const struct buf *password,
	bool answered)
{
	struct err none = ERR_INIT;

	if (!answered && w->ask == ASK_NONE && has_line(w) && must_change(w)) {
		store_lock(w->app->cli->store);
		ask_server(w, ASK_DUE, user, password, &none);
	} else if (answered && must_change(w)) {
		if (store_meta_set(w->app->cli->store, SIGNIN_META_USER, user,
		    &none))
			view_complain(&w->app->stack, &none);
		screen_password_push_first(w->app, password->data);
		(void)lineedit_set(&w->edits[1], "");
	} else {
		welcome(w, user, !answered);
	}
}

/* After the server was asked w->ask says why, else it is ASK_NONE: then what
 * this cache cannot say is the server's to know. */
static void
unlock(struct screen_signin *w, bool answered)
{
	struct err err = ERR_INIT;
	struct buf user, password;
	enum status s;

	take_text(&w->edits[0], &user);
	take_text(&w->edits[1], &password);
	if (w->ask == ASK_NONE && has_line(w) && is_old(w)) {
		ask_server(w, ASK_OLD, user.data, &password, &err);
		goto out;
	}
	s = store_unlock(w->app->cli->store, user.data, password.data, &err);
	if (!s) {
		come_in(w, user.data, &password, answered);
	} else if (w->ask == ASK_NONE && (s == E_NOTFOUND ||
	    (s == E_AUTH && has_line(w)))) {
		ask_server(w, s == E_AUTH ? ASK_WRONG : ASK_UNKNOWN, user.data,
			&password, &err);
	} else {
		(void)lineedit_set(&w->edits[1], "");
		view_complain(&w->app->stack, &err);
	}
out:
	buf_release(&user);
	wipe(&password);
}

static void
check_now(void *self)
{
	struct screen_signin *w = self;

	w->checking = false;
	w->ask = ASK_NONE;
	unlock(w, false);
}

/* Without an answer what this cache says stands. */
static void
end(struct screen_signin *w, int status)
{
	struct app *app = w->app;
	bool offline = status == CLI_OFFLINE;

	w->asking = false;
	if (w->ask == ASK_CHANGE) {
		screen_password_end(app, status, w->said);
		return;
	}
	if (status == CLI_OK || (offline && (w->ask == ASK_OLD ||
	    w->ask == ASK_DUE))) {
		unlock(w, !offline);
		return;
	}
	(void)lineedit_set(&w->edits[1], "");
	view_say(&app->stack, ROLE_ALERT, "%s", offline &&
		w->ask == ASK_WRONG ? w->why : w->said);
	app->stack.beep = true;
}

static void
take_line(struct screen_signin *w, const char *line)
{
	(void)snprintf(w->said, sizeof w->said, "%s", job_sentence(line));
}

void
screen_signin_take(struct app *app, int exit_status, const char *line)
{
	struct screen_signin *w = of(app->stack.views[0]);

	if (!w->asking)
		return;
	take_line(w, line);
	end(w, exit_status);
}

void
screen_signin_read(struct app *app)
{
	struct screen_signin *w = of(app->stack.views[0]);
	struct buf line;

	if (!job_is_running(&w->job))
		return;
	job_read(&w->job);
	buf_init(&line, BUF_LINE_MAX);
	while (job_line(&w->job, &line)) {
		take_line(w, line.data ? line.data : "");
		buf_clear(&line);
	}
	buf_release(&line);
	if (job_end(&w->job))
		end(w, w->job.status);
}

bool
screen_signin_asks(const struct app *app)
{
	return of(app->stack.views[0])->asking;
}

int
screen_signin_fd(const struct app *app)
{
	const struct screen_signin *w = of(app->stack.views[0]);

	return job_is_running(&w->job) ? w->job.fd : -1;
}

/* ---- presses ---- */

static void
enter(struct screen_signin *w)
{
	if (w->now == 0 && w->edits[0].len) {
		w->now = 1;
		return;
	}
	if (w->edits[0].len == 0) {
		w->now = 0;
		return;
	}
	if (w->edits[1].len == 0) {
		view_say(&w->app->stack, ROLE_WARN, "%s",
			tr("Type the password."));
		return;
	}
	w->checking = true;
	app_later(w->app, check_now, w);
}

static void
stop_asking(struct screen_signin *w)
{
	job_stop(&w->job);
	w->asking = false;
}

static enum view_answer
leave(struct screen_signin *w)
{
	if (w->asking) {
		stop_asking(w);
		return VIEW_HANDLED;
	}
	w->app->leave = true;
	return VIEW_HANDLED;
}

static enum view_answer
signin_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct screen_signin *w = of(v);

	(void)s;
	switch (keymap_find(&keymap, p->code)) {
	case SIGNIN_LANG:
		tr_set(tr_lang() == TR_EN ? TR_ZH : TR_EN);
		return VIEW_HANDLED;
	case SIGNIN_LEAVE:
		return leave(w);
	default:
		break;
	}
	if (!w->enrolled) {
		if (p->code == 'q' || p->code == PRESS_ESC)
			w->app->leave = true;
		return p->code == '?' ? VIEW_IGNORED : VIEW_HANDLED;
	}
	if (w->checking || w->asking)
		return VIEW_HANDLED;
	switch (keymap_find(&keymap, p->code)) {
	case SIGNIN_ENTER:
		enter(w);
		return VIEW_HANDLED;
	case SIGNIN_NEXT:
		w->now = !w->now;
		return VIEW_HANDLED;
	default:
		break;
	}
	if (lineedit_press(&w->edits[w->now], p) == LINEEDIT_IGNORED)
		return VIEW_IGNORED;
	return VIEW_HANDLED;
}

static const struct keymap *
signin_keymap(const struct view *v)
{
	return of(v)->enrolled ? &keymap : &bare_keymap;
}

static void
signin_free(struct view *v)
{
	struct screen_signin *w = of(v);

	job_stop(&w->job);
	lineedit_release(&w->edits[0]);
	lineedit_release(&w->edits[1]);
	crypto_wipe(&w->device, sizeof w->device);
	free(w);
}

static const struct view_ops ops = {
	.title = signin_title,
	.paint = signin_paint,
	.press = signin_press,
	.keymap = signin_keymap,
	.message = signin_message,
	.free = signin_free,
};

void
screen_signin_reset(struct view *v, const char *user)
{
	struct screen_signin *w = of(v);

	stop_asking(w);
	(void)lineedit_set(&w->edits[0], user);
	(void)lineedit_set(&w->edits[1], "");
	w->now = w->edits[0].len ? 1 : 0;
	w->checking = false;
}

struct view *
screen_signin_new(struct app *app)
{
	struct screen_signin *w = mem_alloc(1, sizeof *w);
	struct store *s = app->cli->store;
	struct erasure erased = {0};
	struct err err = ERR_INIT, none = ERR_INIT;
	struct buf user;

	w->view.ops = &ops;
	w->app = app;
	lineedit_init(&w->edits[0], 1, SIGNIN_CELLS, SIGNIN_USER_CHARS);
	lineedit_init(&w->edits[1], 1, SIGNIN_CELLS, SIGNIN_PASSWORD_CHARS);
	w->edits[1].mask = true;
	w->enrolled = s && !store_device_get(&w->device, s, &err);
	w->erased = !s && app->cli->home && erasure_read(&erased, app->cli->home, &none) !=
	    E_NOTFOUND;
	buf_init(&user, BUF_LINE_MAX);
	if (app->cli->user)
		buf_text(&user, app->cli->user);
	else if (!s || store_meta_get(&user, s, SIGNIN_META_USER, &none))
		buf_clear(&user);
	screen_signin_reset(&w->view, user.data);
	buf_release(&user);
	return &w->view;
}
