/*
 * The sync child and what it said.
 *
 * The child gets the unlocked key on its standard input, once a run; nothing
 * of it is kept here or left in the system.
 */
#include "client/app_sync.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/tr.h"
#include "client/app.h"

enum {
	SYNC_AFTER_SAVE_MS = 3000,	/* several saves go together */
	SYNC_EVERY_MS = 60 * 1000,	/* a no-op is one small request */
	SYNC_AGAIN_MS = 15 * 1000,	/* without an answer, twice that then */
	SYNC_FAILED_MS = 4 * 60 * 1000,	/* a person has to look first */
	SYNC_WAKE_MS = 500,
	SYNC_SILENCE_MS = 60 * 1000,
	SYNC_LINE_MAX = 64 * 1024,
};

static const char *
lang_name(void)
{
	return tr_lang() == TR_EN ? "en" : "zh_CN";
}

static void
begin_run(struct app_sync *y)
{
	y->busy = true;
	y->pages = 0;
	y->pushed = y->pulled = y->merged = y->conflicts = y->refused = 0;
	y->left_bytes = 0;
	y->said[0] = '\0';
}

enum status
app_sync_start(struct app *app, bool asked, struct err *err)
{
	struct app_sync *y = &app->sync;
	const char *args[] = { "sync", "--json", "--progress", "--home",
		app->cli->home, "--lang", lang_name(), NULL, NULL, NULL,
		NULL, NULL };
	size_t n = 7;
	enum status s;

	if (job_is_running(&y->job)) {
		y->asked = y->asked || asked;
		if (asked)
			job_nudge(&y->job);
		return E_OK;
	}
	if (y->automatic)
		args[n++] = "--watch";
	if (app->cli->screens) {
		args[n++] = "--screens";
		args[n++] = app->cli->screens;
	}
	args[n++] = "--key-stdin";
	y->next_ms = y->automatic ? clock_mono_ms() + SYNC_FAILED_MS : 0;
	s = app_child(&y->job, app, args, err);
	if (s)
		return s;
	y->next_ms = 0;		/* known when it ends */
	y->asked = asked;
	begin_run(y);
	return E_OK;
}

static void
set_state(struct app_sync *y, enum app_sync_state state)
{
	if (y->state != state)
		y->told_at = 0;
	if (y->state != state || state == APP_SYNC_GOOD)
		y->since_at = clock_now_at();
	y->state = state;
}

/* It tries again by itself; what it says is worth a person's eye unless the
 * line is down, or another session was quicker. */
static void
take_failure(struct app_sync *y, const struct json *j)
{
	const char *code = json_get_text(j, "error");
	const char *message = json_get_text(j, "message");

	if (!code || strcmp(code, err_name(E_CONFLICT)) == 0)
		return;
	(void)snprintf(y->said, sizeof y->said, "%s", message ? message : "");
	set_state(y, strcmp(code, err_name(E_OFFLINE)) == 0 ?
		APP_SYNC_OFFLINE : APP_SYNC_FAILED);
}

/* *ended: an exchange has come to its end. */
static void
take_event(struct app_sync *y, const char *state, const struct json *j,
	bool *ended)
{
	if (strcmp(state, "definitions") == 0) {
		y->definitions = true;
		return;
	}
	if (strcmp(state, "begun") == 0)
		begin_run(y);
	y->busy = strcmp(state, "begun") == 0 || strcmp(state, "page") == 0;
	*ended = strcmp(state, "good") == 0 || strcmp(state, "failed") == 0;
	if (strcmp(state, "good") == 0)
		set_state(y, APP_SYNC_GOOD);
	else if (*ended)
		take_failure(y, j);
}

/* A line of the child: what happens, a page's counts so far, or a sentence. */
static void
take_line(struct app_sync *y, const struct buf *line, bool *ended)
{
	const char *state;
	struct json *j = NULL;
	struct err err = ERR_INIT;

	if (line->len == 0)
		return;
	if (line->data[0] != '{' ||
	    json_parse(&j, line->data, line->len, SYNC_LINE_MAX, &err)) {
		(void)snprintf(y->said, sizeof y->said, "%s",
			job_sentence(line->data));
		return;
	}
	state = json_get_text(j, "state");
	if (state)
		take_event(y, state, j, ended);
	y->pages += !state || strcmp(state, "page") == 0;
	(void)json_get_int(j, "left_bytes", &y->left_bytes);
	(void)json_get_int(j, "bytes_s", &y->bytes_s);
	(void)json_get_int(j, "load_bytes", &y->load_bytes);
	(void)json_get_int(j, "load_have", &y->load_have);
	(void)json_get_int(j, "pushed", &y->pushed);
	(void)json_get_int(j, "pulled", &y->pulled);
	(void)json_get_int(j, "merged", &y->merged);
	(void)json_get_int(j, "conflicts", &y->conflicts);
	(void)json_get_int(j, "refused", &y->refused);
	json_free(j);
}

/* An answer that needs a person does not get better by itself. */
static bool
needs_person(const struct app_sync *y)
{
	return y->state == APP_SYNC_FAILED || y->state == APP_SYNC_SIGNED_OUT;
}

/* The child's advice is for the command line; here there is a key for it. */
static bool
wants_password(struct app *app)
{
	struct app_sync *y = &app->sync;

	if (y->job.status == CLI_AUTH && store_password_is_old(app->cli->store,
	    app_login(app))) {
		(void)snprintf(y->said, sizeof y->said, "%s", tr("Your "
			"password was changed at the county; press Z to lock "
			"and sign in with the new one."));
		return true;
	}
	if (y->job.status != CLI_AUTH || (!strstr(y->said, "Sign in first") &&
	    !strstr(y->said, tr("Sign in first."))))
		return false;
	(void)snprintf(y->said, sizeof y->said, "%s", tr("Signing in has run "
		"out; press Z to lock and sign in again."));
	return true;
}

/* What was saved while it ran has set a time already; without an answer that
 * waits too. */
static void
plan_next(struct app_sync *y)
{
	int64_t wait = SYNC_EVERY_MS;

	if (!y->automatic)
		return;
	y->offline = y->state == APP_SYNC_OFFLINE ? y->offline + 1 : 0;
	if (y->offline == 1 || y->offline == 2)
		wait = (int64_t)y->offline * SYNC_AGAIN_MS;
	else if (needs_person(y))
		wait = SYNC_FAILED_MS;
	if (!y->next_ms || y->offline)
		y->next_ms = clock_mono_ms() + wait;
}

static void
tell(struct app *app)
{
	struct app_sync *y = &app->sync;

	if (!y->asked)
		return;
	if (y->state == APP_SYNC_GOOD)
		view_say(&app->stack, ROLE_GOOD, tr("Sent %zu, fetched %zu; "
			"merged %zu, conflicts %zu, refused %zu."),
			(size_t)y->pushed, (size_t)y->pulled,
			(size_t)y->merged, (size_t)y->conflicts,
			(size_t)y->refused);
	else
		view_say(&app->stack, ROLE_WARN, "%s", y->said);
}

/* An exchange has ended: show what it brought. */
static void
end_run(struct app *app)
{
	struct app_sync *y = &app->sync;

	tell(app);
	app_look(app);
	if (y->asked || y->pushed || y->pulled || !y->told_at)
		y->told_at = app->counts.synced_at;
	y->asked = false;
	y->left_bytes = 0;
}

/* The child has left. */
static void
end_child(struct app *app)
{
	struct app_sync *y = &app->sync;
	bool was_busy = y->busy;

	y->busy = false;
	switch (y->job.status) {
	case CLI_OK:
	case CLI_CONFLICT:
		/* one that watched has said how it stands */
		if (was_busy)
			set_state(y, APP_SYNC_GOOD);
		break;
	case CLI_OFFLINE:
		set_state(y, APP_SYNC_OFFLINE);
		break;
	default:
		set_state(y, wants_password(app) ? APP_SYNC_SIGNED_OUT
			: APP_SYNC_FAILED);
		break;
	}
	plan_next(y);
	end_run(app);
}

bool
app_sync_read(struct app *app)
{
	struct app_sync *y = &app->sync;
	bool moved = false;
	struct buf line;

	if (!job_is_running(&y->job))
		return false;
	job_read(&y->job);
	buf_init(&line, SYNC_LINE_MAX);
	while (job_line(&y->job, &line)) {
		bool ended = false;
		bool had = y->definitions;

		take_line(y, &line, &ended);
		buf_clear(&line);
		if (ended)
			end_run(app);
		if (y->definitions && !had)
			view_say(&app->stack, ROLE_GOOD, tr("The county has "
				"new definitions; they are used from the next "
				"start on."));
		moved = true;
	}
	buf_release(&line);
	if (!job_end(&y->job))
		return moved;
	end_child(app);
	return true;
}

void
app_sync_soon(struct app *app)
{
	int64_t soon = clock_mono_ms() + SYNC_AFTER_SAVE_MS;

	/* the child that keeps in step hears of it by itself */
	if (needs_person(&app->sync) || !app->sync.automatic ||
	    job_is_running(&app->sync.job))
		return;
	if (app->sync.state == APP_SYNC_OFFLINE && app->sync.next_ms)
		return;
	if (!app->sync.next_ms || app->sync.next_ms > soon)
		app->sync.next_ms = soon;
}

void
app_sync_wake(struct app *app, int64_t silent_ms)
{
	struct app_sync *y = &app->sync;
	int64_t soon = clock_mono_ms() + SYNC_WAKE_MS;

	y->told_at = app->counts.synced_at;
	if (silent_ms < SYNC_SILENCE_MS || !y->automatic)
		return;
	if (job_is_running(&y->job)) {
		/* the line may be up again */
		if (y->state != APP_SYNC_GOOD)
			job_nudge(&y->job);
		return;
	}
	if (needs_person(y))
		return;
	if (!y->next_ms || y->next_ms > soon)
		y->next_ms = soon;
}

void
app_sync_tick(struct app *app)
{
	struct err err = ERR_INIT;

	if (!app->sync.next_ms || clock_mono_ms() < app->sync.next_ms ||
	    job_is_running(&app->sync.job))
		return;
	if (app_sync_start(app, false, &err))
		view_complain(&app->stack, &err);
}

void
app_sync_release(struct app *app)
{
	bool automatic = app->sync.automatic;

	job_stop(&app->sync.job);
	app->sync = (struct app_sync){ .automatic = automatic };
}

/* ---- the status corner ---- */

/* "03-02 09:11", of today only the time. */
static void
clock_time(char out[12], int64_t at)
{
	clock_print_short(out, at);
	if (clock_day_of(at) == clock_today())
		memmove(out, out + 6, 6);
}

/* A run that nobody asked for is worth a word once it has something. */
static bool
is_told(const struct app *app)
{
	const struct app_sync *y = &app->sync;

	return y->busy && (y->asked || y->pushed ||
		y->pulled || y->state == APP_SYNC_NEVER ||
		(y->state == APP_SYNC_GOOD && app->counts.waiting));
}

enum canvas_role
app_sync_status(const struct app *app, struct buf *out)
{
	const struct outbox_counts *n = &app->counts;
	size_t mend = n->refused + n->conflicts;
	char time[12];

	if (store_may(app->cli->store) == STORE_MAY_READ) {
		buf_text(out, tr("read only: reach the county"));
		return ROLE_ALERT;
	}
	if (mend) {
		buf_printf(out, tr("%zu for you to settle"), mend);
		return ROLE_ALERT;
	}
	if (app->behind) {
		buf_text(out, tr("the clock is wrong"));
		return ROLE_ALERT;
	}
	if (is_told(app)) {
		buf_text(out, tr("syncing"));
		return ROLE_STATUS;
	}
	if (app->sync.state == APP_SYNC_SIGNED_OUT) {
		buf_text(out, tr("signed out: Z, then sign in"));
		return ROLE_ALERT;
	}
	if (app->sync.state == APP_SYNC_FAILED) {
		buf_text(out, tr("sync failed, see s"));
		return ROLE_ALERT;
	}
	if (app->sync.state == APP_SYNC_OFFLINE) {
		clock_time(time, app->sync.since_at);
		buf_printf(out, tr("offline since %s"), time);
		if (n->waiting)
			buf_printf(out, tr(", %zu waiting"), n->waiting);
		return ROLE_WARN;
	}
	if (n->min_app) {
		buf_text(out, tr("program too old, see s"));
		return ROLE_ALERT;
	}
	if (n->waiting) {
		buf_printf(out, tr("saved here, %zu waiting"), n->waiting);
		return ROLE_STATUS;
	}
	if (n->synced_at) {
		clock_time(time, app->sync.told_at ? app->sync.told_at
			: n->synced_at);
		buf_printf(out, tr("delivered %s"), time);
		return ROLE_GOOD;
	}
	buf_text(out, n->loading ? tr("first load not complete") :
		tr("never synced"));
	return ROLE_WARN;
}
