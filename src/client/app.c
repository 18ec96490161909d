/*
 * The screens as a whole.
 */
#include "client/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/batch.h"
#include "client/screen_drafts.h"
#include "client/screen_form.h"
#include "client/screen_home.h"
#include "client/screen_lookup.h"
#include "client/screen_signin.h"
#include "client/screen_sync.h"
#include "store/audit.h"
#include "store/erasure.h"
#include "store/overview.h"
#include "store/receipt.h"
#include "ui/frame.h"
#include "ui/listing.h"

enum {
	APP_DRAFT_MS = 500,		/* a draft is kept after this pause, */
	APP_DRAFT_LATEST_MS = 900,	/* or while keys go on coming */
	APP_JUMP_MS = 3600 * 1000,	/* more than clocks drift */
};

static const struct keymap_entry entries[] = {
	{ '/', PRESS_CTRL + ']', APP_LOOKUP, TR_MARK("find"),
	    TR_MARK("Look up a person by name, initials, id number, "
	    "telephone or file number."), KEYMAP_ALWAYS },
	{ 's', PRESS_NONE, APP_SYNC, TR_MARK("sync"),
	    TR_MARK("Send and fetch; see what waits."), KEYMAP_HINT },
	{ '?', PRESS_F1, APP_HELP, TR_MARK("help"),
	    TR_MARK("This page."), KEYMAP_ALWAYS },
	{ PRESS_CTRL + 'L', PRESS_NONE, APP_REDRAW, TR_MARK("redraw"),
	    TR_MARK("Paint the screen anew."), KEYMAP_QUIET },
	{ 'Z', PRESS_NONE, APP_LOCK, TR_MARK("lock"),
	    TR_MARK("Lock the screens; what is being typed is kept."),
	    KEYMAP_HINT },
};

const struct keymap app_keymap = {
	entries, sizeof entries / sizeof *entries, &listing_keymap,
};

const char *
app_role(const struct app *app)
{
	const struct store_user *u = app->cli->store
		? store_user(app->cli->store) : NULL;

	return u ? u->role : "";
}

const char *
app_name(const struct app *app)
{
	const struct store_user *u = app->cli->store
		? store_user(app->cli->store) : NULL;

	return u ? u->name : "";
}

const char *
app_login(const struct app *app)
{
	const struct store_user *u = app->cli->store
		? store_user(app->cli->store) : NULL;

	return u ? u->login : "";
}

void
app_init(struct app *app, struct cli *cli)
{
	*app = (struct app){ .cli = cli, .today = clock_today(),
		.pressed_ms = clock_mono_ms(),
		.wake.slept_ms = clock_slept_ms() };
	view_push(&app->stack, screen_signin_new(app));
}

void
app_release(struct app *app)
{
	app_wake_close(app);
	app_sync_release(app);
	app_history_release(app);
	app_fetch_release(app);
	app_ask_release(app);
	free(app->asked.why);
	free(app->asked.due);
	batch_free(app->asked.batch);
	view_stack_release(&app->stack);
}

enum status
app_child_with(struct job *job, struct app *app, const char *const *args,
	const char *body, struct err *err)
{
	struct buf input;
	enum status s;

	buf_init(&input, BUF_RECORD_MAX);
	s = store_secret_export(&input, app->cli->store, err);
	if (!s && body)
		buf_printf(&input, "\n%s", body);
	if (!s)
		s = job_start(job, args, input.data, input.len, err);
	if (input.data)
		crypto_wipe(input.data, input.len);
	buf_release(&input);
	return s;
}

enum status
app_child(struct job *job, struct app *app, const char *const *args,
	struct err *err)
{
	return app_child_with(job, app, args, NULL, err);
}

void
app_later(struct app *app, void (*fn)(void *self), void *self)
{
	app->later = fn;
	app->later_self = self;
}

bool
app_run_later(struct app *app)
{
	void (*fn)(void *self) = app->later;

	if (!fn)
		return false;
	app->later = NULL;
	fn(app->later_self);
	app_look(app);
	return true;
}

/* ---- the clock ---- */

static void
say_behind(struct app *app)
{
	char now[CLOCK_TEXT_MAX];

	clock_print(now, clock_now_at());
	if (clock_ahead_ms() > 0)
		view_say(&app->stack, ROLE_ALERT, tr("This computer's clock "
			"says %.10s %.5s, the server's another time: it is not "
			"believed. Set it."), now, now + 11);
	else
		view_say(&app->stack, ROLE_ALERT, tr("This computer's clock "
			"says %.10s, which is before the server's last time: "
			"it is not believed. Set it."), now);
}

/* It has happened already, whether or not it can be written down. */
static void
note(struct app *app, enum audit_what what, const char *how)
{
	struct err unwritten = ERR_INIT;

	if (*app_login(app) && audit_put(app->cli->store,
	    &(struct audit_note){ .what = what, .note = how }, &unwritten))
		unwritten = (struct err)ERR_INIT;
}

static void
note_jump(struct app *app, int64_t jump_ms)
{
	char how[AUDIT_NOTE_MAX];

	(void)snprintf(how, sizeof how, "%+lld s", (long long)(jump_ms / 1000));
	note(app, AUDIT_CLOCK, how);
}

/* Somebody set the clock, or it is wrong: what is due is counted anew, and a
 * clock that cannot be right is said once and then stands in the corner. */
static bool
look_at_clock(struct app *app)
{
	int64_t at = clock_now_at(), ms = clock_mono_ms();
	int64_t jump = (at - app->clock_at) - (ms - app->clock_ms);
	bool first = app->clock_ms == 0, was_behind = app->behind;
	bool moved = !first && (jump > APP_JUMP_MS || jump < -APP_JUMP_MS);

	app->clock_at = at;
	app->clock_ms = ms;
	app->behind = clock_behind_ms() > 0 || clock_ahead_ms() > 0;
	if (moved)
		note_jump(app, jump);
	else if (app->behind && !was_behind)
		note_jump(app, clock_ahead_ms() - clock_behind_ms());
	if (app->behind && !was_behind)
		say_behind(app);
	else if (moved && !app->behind)
		view_say(&app->stack, ROLE_WARN, "%s", tr("The clock of this "
			"computer was set; what is due is counted anew."));
	return moved || app->behind != was_behind ||
		app->today != clock_today();
}

/* ---- what is shown ---- */

/* A most urgent instruction has come. */
static void
ring(struct app *app)
{
	struct receipt_bell now = receipt_bell(app->cli->store, app->today);
	bool more = now.count > app->bell.count ||
		strcmp(now.last, app->bell.last) > 0;

	if (more && app->bell.known) {
		app->stack.beep = true;
		view_say(&app->stack, ROLE_ALERT, "%s", tr("A most urgent "
			"instruction has arrived; sign for it."));
	}
	app->bell.known = true;
	app->bell.count = now.count;
	if (more)
		(void)snprintf(app->bell.last, sizeof app->bell.last, "%s",
			now.last);
}

void
app_look(struct app *app)
{
	struct store *s = app->cli->store;
	struct err err = ERR_INIT;
	uint64_t generation;
	size_t waited = app->counts.waiting;
	bool moved;

	if (!s || !store_user(s))
		return;
	generation = store_generation(s);
	if (generation != app->generation)
		store_heed_clock(s);
	moved = look_at_clock(app);
	if (generation == app->generation && !moved)
		return;
	app->generation = generation;
	app->today = clock_today();
	if (overview_refresh(s, NULL, &err) ||
	    outbox_count(&app->counts, s, &err)) {
		view_complain(&app->stack, &err);
		return;
	}
	if (!app->sync.told_at)
		app->sync.told_at = app->counts.synced_at;
	ring(app);
	/* Also what another session or an import saved wants to go. */
	if (app->counts.waiting > waited)
		app_sync_soon(app);
	view_refresh(&app->stack);
}

void
app_paint(struct app *app, struct canvas *c)
{
	enum canvas_role role = ROLE_STATUS;
	struct buf status;

	buf_init(&status, BUF_LINE_MAX);
	if (*app_login(app))
		role = app_sync_status(app, &status);
	frame_paint(c, &app->stack, status.data, role);
	buf_release(&status);
}

/* ---- presses ---- */

static void
act(struct app *app, int action)
{
	if (!*app_login(app))
		return;
	switch (action) {
	case APP_LOOKUP:
		screen_lookup_push(app);
		break;
	case APP_SYNC:
		screen_sync_push(app);
		break;
	case APP_LOCK:
		app_lock(app);
		break;
	default:
		break;
	}
}

void
app_press(struct app *app, const struct press *p)
{
	int64_t now = clock_mono_ms();

	if (!screen_form_is_unkept(app))
		app->kept_ms = now;
	/* a window that changes is nobody who types */
	if (p->code != PRESS_RESIZE) {
		app_sync_wake(app, now - app->pressed_ms);
		app->pressed_ms = now;
	}
	if (p->code == PRESS_CTRL + 'L') {
		app->redraw = true;
		return;
	}
	switch (view_press(&app->stack, p)) {
	case VIEW_CLOSE:
		app->leave = true;
		break;
	case VIEW_IGNORED:
		act(app, keymap_find(&app_keymap, p->code));
		break;
	case VIEW_HANDLED:
		break;
	}
	app_look(app);
}

/* ---- in time ---- */

void
app_keep_drafts(struct app *app)
{
	if (*app_login(app))
		screen_form_keep_all(app);
}

/* Within a second of a key what was typed is on disk, also of somebody who
 * types for minutes without a pause.  kept_ms is not after the first key that
 * is not kept; a write that failed is tried again after a pause. */
static int64_t
keep_by(const struct app *app)
{
	int64_t last = app->pressed_ms > app->kept_ms ? app->pressed_ms
		: app->kept_ms;
	int64_t pause = last + APP_DRAFT_MS;
	int64_t latest = app->kept_ms + APP_DRAFT_LATEST_MS;

	return pause < latest ? pause : latest;
}

static void
keep_in_time(struct app *app)
{
	int64_t now = clock_mono_ms();

	if (screen_form_is_unkept(app)) {
		if (now < keep_by(app))
			return;
		app_keep_drafts(app);
	}
	app->kept_ms = now;
}

/* The county has closed the account or the computer, which this session's sync
 * or another's heard, or has not been reached for too long.  A sync that is
 * obeying is let finish. */
static bool
is_sent_away(struct app *app)
{
	struct store *s = app->cli->store;
	bool over = store_may(s) == STORE_MAY_NOTHING;

	if ((erasure_spares(s) && !over) ||
	    (job_is_running(&app->sync.job) && app->sync.busy))
		return false;
	app_lock(app);
	view_say(&app->stack, ROLE_ALERT, "%s", over ?
		tr("This computer has been without the server for too long. "
		"Sign in while it can be reached.") :
		tr("The county has closed this account or this computer; "
		"what was entered here is with the county."));
	return true;
}

int64_t
app_keep_by_ms(const struct app *app)
{
	return screen_form_is_unkept(app) ? keep_by(app) : 0;
}

bool
app_tick(struct app *app)
{
	uint64_t generation = app->generation;
	bool was_running = job_is_running(&app->sync.job);
	int64_t clock_at = app->clock_at;
	bool behind = app->behind, answered, slept = app_wake_slept(app);
	int today = app->today;

	if (!*app_login(app))
		return false;
	if (is_sent_away(app))
		return true;
	keep_in_time(app);
	if (clock_mono_ms() - app->pressed_ms >= APP_IDLE_LOCK_MS) {
		app_lock(app);
		view_say(&app->stack, ROLE_TEXT, "%s",
			tr("Locked because nothing was typed for 10 minutes."));
		return true;
	}
	if (slept) {
		app_lock(app);
		view_say(&app->stack, ROLE_TEXT, "%s",
			tr("Locked because the computer was asleep."));
		return true;
	}
	app_sync_tick(app);
	answered = app_history_read(app);
	answered = app_fetch_read(app) || answered;
	answered = app_ask_read(app) || answered;
	if (answered)
		view_refresh(&app->stack);
	app_look(app);
	return generation != app->generation || today != app->today ||
		behind != app->behind || app->clock_at < clock_at ||
		answered || was_running != job_is_running(&app->sync.job);
}

bool
app_idle(struct app *app)
{
	return *app_login(app) && overview_warm(app->cli->store);
}

/* ---- signing in and out ---- */

void
app_signed_in(struct app *app, bool by_keyring)
{
	struct store *s = app->cli->store;

	app->signed_in = true;
	app->generation = 0;
	app->by_keyring = by_keyring;
	view_push(&app->stack, screen_home_new(app));
	app->generation = store_generation(s) - 1;
	app_look(app);
	app_sync_soon(app);
	if (app->counts.drafts)
		screen_drafts_push(app);
}

/* What the command line put there opened the screens once; locking them means
 * that the next one is asked. */
static void
drop_keyring(struct app *app)
{
	if (app->by_keyring && app->cli->store)
		store_keyring_drop(app->cli->store);
	app->by_keyring = false;
}

void
app_quit(struct app *app)
{
	app_keep_drafts(app);
	drop_keyring(app);
	note(app, AUDIT_SIGNOUT, NULL);
}

void
app_lock(struct app *app)
{
	struct buf user;

	buf_init(&user, BUF_LINE_MAX);
	buf_text(&user, app_login(app));
	app_keep_drafts(app);
	app_sync_release(app);
	app_history_release(app);
	app_fetch_release(app);
	app_ask_release(app);
	while (app->stack.count > 1) {
		struct view *v = app->stack.views[--app->stack.count];

		v->ops->free(v);
	}
	app->stack.message[0] = '\0';
	app->later = NULL;
	app->bell = (struct app_bell){0};
	drop_keyring(app);
	note(app, AUDIT_LOCK, NULL);
	store_lock(app->cli->store);
	screen_signin_reset(view_top(&app->stack), user.data);
	buf_release(&user);
}
