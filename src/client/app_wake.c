/*
 * What wakes the screens.
 *
 * A write into the cache is told of before its commit is to be seen, by as long
 * as the disk takes: so one looks after a tenth of a second, and while nothing
 * is to be seen (an own commit never is) after one, then each time after three
 * times as long.  Of many writes in a second the first two are heard: a first
 * load commits often, and each look costs a picture.
 */
#include "client/app_wake.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/notice.h"
#include "client/app.h"
#include "store/store.h"

enum {
	WAKE_LOOK_MS = 100,
	WAKE_AGAIN_MS = 1000,
	WAKE_LOOK_TIMES = 3,
	WAKE_LOOK_LAST_MS = 20 * 1000,
	WAKE_MINUTE_MS = 60 * 1000,	/* of the clock on the wall */
	WAKE_SLEPT_MS = 60 * 1000,
};

void
app_wake_open(struct app *app)
{
	struct app_wake *w = &app->wake;

	if (!app->cli->store)
		return;
	w->notice = store_notice(app->cli->store);
	w->alarm = clock_alarm();
	w->open = true;
	if (w->notice < 0 || w->alarm < 0)
		app_wake_close(app);
}

void
app_wake_close(struct app *app)
{
	struct app_wake *w = &app->wake;

	if (!w->open)
		return;
	w->open = false;
	if (w->notice >= 0)
		(void)close(w->notice);
	if (w->alarm >= 0)
		(void)close(w->alarm);
}

size_t
app_wake_fds(const struct app *app, struct pollfd *fds)
{
	const struct app_wake *w = &app->wake;
	size_t n = 0;

	if (!w->open || !*app_login(app))
		return 0;
	fds[n++] = (struct pollfd){ .fd = w->alarm, .events = POLLIN };
	if (!w->deaf)
		fds[n++] = (struct pollfd){ .fd = w->notice, .events = POLLIN };
	return n;
}

void
app_wake_heard(struct app *app)
{
	struct app_wake *w = &app->wake;
	int64_t now = clock_mono_ms();
	struct pollfd p = { .fd = w->notice, .events = POLLIN };

	if (!w->open)
		return;
	clock_alarm_take(w->alarm);
	if (w->deaf || poll(&p, 1, 0) != 1)
		return;
	notice_take(w->notice);
	w->deaf = w->heard_ms && now - w->heard_ms < WAKE_AGAIN_MS;
	if (!w->deaf)
		w->heard_ms = now;
	w->look_ms = w->heard_ms + (w->deaf ? WAKE_AGAIN_MS : WAKE_LOOK_MS);
}

/* Is there something to wait for still?  What was seen at once, when a write
 * was told of, was a commit before that. */
static void
plan_look(struct app_wake *w, int64_t now, bool seen)
{
	int64_t passed = now - w->heard_ms;

	if (!w->look_ms || now < w->look_ms)
		return;
	if (w->deaf)
		w->heard_ms = now;
	if (w->deaf)
		w->look_ms = now + WAKE_LOOK_MS;
	else if (seen || passed >= WAKE_LOOK_LAST_MS)
		w->look_ms = 0;
	else
		w->look_ms = w->heard_ms + (passed < WAKE_AGAIN_MS ?
			WAKE_AGAIN_MS : passed * WAKE_LOOK_TIMES);
	w->deaf = false;
}

static void
sooner(int64_t *due, int64_t at)
{
	if (at < *due)
		*due = at;
}

/* Days, and what else the clock on the wall brings, begin with a minute. */
static int64_t
next_minute(int64_t now)
{
	return now + WAKE_MINUTE_MS - clock_believed_at() % WAKE_MINUTE_MS;
}

int
app_timeout_ms(struct app *app)
{
	struct app_wake *w = &app->wake;
	int64_t now = clock_mono_ms(), due = next_minute(now), keep;

	w->due_ms = 0;
	if (!*app_login(app))
		return w->open ? -1 : APP_TICK_MS;
	plan_look(w, now, app->generation != w->generation);
	w->generation = app->generation;
	keep = app_keep_by_ms(app);
	sooner(&due, app->pressed_ms + APP_IDLE_LOCK_MS);
	if (keep)
		sooner(&due, keep);
	if (w->look_ms)
		sooner(&due, w->look_ms);
	if (app->sync.next_ms && !job_is_running(&app->sync.job))
		sooner(&due, app->sync.next_ms);
	if (!w->open)
		sooner(&due, now + APP_TICK_MS);
	w->due_ms = due > now ? due : now;
	return (int)(w->due_ms - now);
}

bool
app_wake_slept(struct app *app)
{
	struct app_wake *w = &app->wake;
	int64_t now = clock_mono_ms(), slept = clock_slept_ms();
	bool late = w->due_ms && now - w->due_ms >= WAKE_SLEPT_MS;
	bool longer = slept - w->slept_ms >= WAKE_SLEPT_MS;

	w->slept_ms = slept;
	w->due_ms = now + APP_TICK_MS;
	return late || longer;
}
