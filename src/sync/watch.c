/*
 * Sync, wait, sync.
 *
 * 1. Saving something ends the wait; while a failure is paused it does not,
 *    because what made it fail is still so.
 * 2. Every pause and wait asks stop() and asked() once a second, and at once
 *    when a signal came: whoever is idle wakes no more often.
 * 3. An answer "there is news" that brings nothing is a failure like others:
 *    two sides that misunderstand each other must not spin.
 */
#include "sync/watch.h"

#include <poll.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "store/apply.h"
#include "store/outbox.h"

enum {
	PAUSE_FIRST_MS = 2000,
	PAUSE_MAX_MS = 10 * 60 * 1000,
	PAUSE_STEP_MS = 1000,		/* a signal ends it sooner */
	STAND_BY_MS = 1000,
	GATHER_MS = 2000,		/* several saves go together */
	WAIT_S = 240,			/* the longest that the server waits */
	WAIT_S_MIN = 30,		/* where the line forgets connections */
	WAIT_SHORT_MS = 5000,		/* broken earlier: it is not the time */
	POLL_MS = 60 * 1000,		/* where a server cannot wait */
	WHOLE_MS = 3600 * 1000,		/* sync so often whatever is said */
};

enum woken { WOKEN_TIME, WOKEN_NEWS, WOKEN_SAVED, WOKEN_ASKED, WOKEN_BROKEN,
	WOKEN_UNABLE, WOKEN_STOP };

struct watching {
	const struct watch *w;
	uint64_t generation;	/* of the store when it was looked at last */
	size_t failures;	/* in a row */
	size_t futile;		/* news in a row that was none */
	int wait_s;
	int retry_after_s;	/* of the last refusal */
	int64_t synced_ms;	/* monotonic, of the last complete sync */
	enum woken woken;	/* why the wait was given up */
};

int64_t
watch_pause_ms(size_t failures, int retry_after_s)
{
	int64_t most = PAUSE_FIRST_MS, pause, asked;
	uint32_t random;

	for (size_t i = 0; i < failures && most < PAUSE_MAX_MS; i++)
		most *= 2;
	if (most > PAUSE_MAX_MS)
		most = PAUSE_MAX_MS;
	crypto_random(&random, sizeof random);
	pause = PAUSE_FIRST_MS + random % (most - PAUSE_FIRST_MS + 1);
	asked = (int64_t)retry_after_s * 1000;
	if (asked > PAUSE_MAX_MS)
		asked = PAUSE_MAX_MS;
	/* all who were sent away must not come back at one moment */
	return asked ? asked + random % PAUSE_FIRST_MS : pause;
}

static bool
stopped(const struct watching *g)
{
	return g->w->stop && g->w->stop(g->w->self);
}

static bool
asked(const struct watching *g)
{
	return g->w->asked && g->w->asked(g->w->self);
}

static void
say(const struct watching *g, enum watch_state state,
	const struct sync_counts *counts, const struct err *err, int64_t pause)
{
	if (g->w->say)
		g->w->say(g->w->self, &(struct watch_event){ .state = state,
			.counts = counts, .err = err, .pause_ms = pause });
}

/* Has something been saved here that wants to go? */
static bool
saved(struct watching *g)
{
	struct outbox_counts counts = {0};
	struct err ignored = ERR_INIT;
	uint64_t now = store_generation(g->w->store);

	if (now == g->generation)
		return false;
	g->generation = now;
	return !outbox_count(&counts, g->w->store, &ignored) &&
		counts.waiting > 0;
}

/* Until it is time, or stop() or asked(). */
static enum woken
pause_for(struct watching *g, int64_t ms)
{
	int64_t until = clock_mono_ms() + ms;

	for (;;) {
		int64_t left = until - clock_mono_ms();

		if (stopped(g))
			return WOKEN_STOP;
		if (asked(g))
			return WOKEN_ASKED;
		if (left <= 0)
			return WOKEN_TIME;
		(void)poll(NULL, 0, left < PAUSE_STEP_MS ? (int)left :
			PAUSE_STEP_MS);
	}
}

/* ---- waiting for news ---- */

/* Asked while the line is silent: is there a reason not to wait longer? */
static bool
enough(void *self)
{
	struct watching *g = self;

	if (stopped(g))
		g->woken = WOKEN_STOP;
	else if (asked(g))
		g->woken = WOKEN_ASKED;
	else if (saved(g))
		g->woken = WOKEN_SAVED;
	return g->woken != WOKEN_TIME;
}

/* "/v1/wait?cur=a:1,b:2&t=240" */
static enum status
print_path(struct buf *out, const struct watching *g, struct err *err)
{
	struct wire_hello hello = {0};
	enum status st = apply_hello(&hello, g->w->store, err);

	if (st)
		return st;
	buf_text(out, "/v1/wait?cur=");
	for (size_t i = 0; i < hello.cursor_count; i++)
		buf_printf(out, "%s%s:%lld", i ? "," : "",
			hello.cursors[i].stream,
			(long long)hello.cursors[i].seq);
	buf_printf(out, "&t=%d", g->wait_s);
	return E_OK;
}

static enum status
ask(struct transport_reply *reply, struct watching *g, struct err *err)
{
	const struct store_user *user = store_user(g->w->store);
	struct store_device d = {0};
	struct buf path;
	enum status st = store_device_get(&d, g->w->store, err);

	buf_init(&path, BUF_RECORD_MAX);
	if (!st)
		st = print_path(&path, g, err);
	if (!st)
		st = g->w->net->post(g->w->net->self, reply,
			&(struct transport_request){ .path = path.data,
			.device_token = d.token,
			.user_token = user ? user->token : NULL, .get = true,
			.silence_s = g->wait_s, .enough = enough,
			.enough_self = g }, err);
	crypto_wipe(&d, sizeof d);
	buf_release(&path);
	return st;
}

/* The line forgets a silent connection, and does not say so: be silent for a
 * shorter time. */
static void
heed_broken(struct watching *g, int64_t held_ms)
{
	if (held_ms > WAIT_SHORT_MS && g->wait_s / 2 >= WAIT_S_MIN)
		g->wait_s /= 2;
}

static enum woken
wait_once(struct watching *g)
{
	struct transport_reply reply = {0};
	struct err ignored = ERR_INIT;
	int64_t began = clock_mono_ms();
	enum woken woken;
	enum status st;

	g->woken = WOKEN_TIME;
	st = ask(&reply, g, &ignored);
	if (g->woken != WOKEN_TIME)
		woken = g->woken;	/* the reply does not matter */
	else if (st)
		woken = WOKEN_BROKEN;
	else if (reply.status == 200)
		woken = WOKEN_NEWS;
	else if (reply.status == 204)
		/* ended before its time, it would be asked for again at once */
		woken = clock_mono_ms() - began < WAIT_SHORT_MS ?
			WOKEN_UNABLE : WOKEN_TIME;
	else if (reply.status == 404 || reply.status == 426 ||
	    reply.status == 429 || reply.status == 503)
		woken = WOKEN_UNABLE;
	else
		woken = WOKEN_BROKEN;	/* the sync will say what it is */
	if (woken == WOKEN_BROKEN)
		heed_broken(g, clock_mono_ms() - began);
	g->retry_after_s = reply.retry_after_s;
	transport_reply_release(&reply);
	return woken;
}

/* The server cannot hold this wait: come by from time to time. */
static enum woken
come_by(struct watching *g)
{
	int64_t ms = g->retry_after_s ? watch_pause_ms(1, g->retry_after_s) :
		POLL_MS;
	int64_t until = clock_mono_ms() + ms;

	while (clock_mono_ms() < until) {
		enum woken woken = pause_for(g, PAUSE_STEP_MS);

		if (woken != WOKEN_TIME)
			return woken;
		if (saved(g))
			return WOKEN_SAVED;
	}
	return WOKEN_NEWS;
}

/* Until there is a reason to sync; WOKEN_STOP: to end. */
static enum woken
wait_for_reason(struct watching *g)
{
	enum woken woken = WOKEN_TIME;

	while (woken == WOKEN_TIME &&
	    clock_mono_ms() - g->synced_ms < WHOLE_MS) {
		woken = wait_once(g);
		if (woken == WOKEN_UNABLE)
			woken = come_by(g);
	}
	if (woken == WOKEN_SAVED && pause_for(g, GATHER_MS) == WOKEN_STOP)
		return WOKEN_STOP;
	return woken;
}

/* ---- syncing ---- */

static void
on_page(void *self, const struct sync_counts *counts)
{
	say(self, WATCH_PAGE, counts, NULL, 0);
}

/* Does what the server says get better by itself? */
static bool
needs_person(const struct watching *g, const struct sync_counts *counts)
{
	return !store_user(g->w->store) || counts->http_status == 400 ||
		counts->http_status == 401 || counts->http_status == 403;
}

static bool
is_futile(const struct sync_counts *c)
{
	return c->pushed == 0 && c->apply.pulled == 0 && c->apply.gone == 0;
}

static enum status
sync_once(struct watching *g, struct sync_counts *counts, struct err *err)
{
	enum status st;

	say(g, WATCH_BEGUN, counts, NULL, 0);
	/* before, so that what is saved meanwhile is looked at afterwards */
	g->generation = store_generation(g->w->store);
	st = sync_run(counts, g->w->store, g->w->net, on_page, g, err);
	g->retry_after_s = counts->retry_after_s;
	if (st)
		return st;
	g->failures = 0;
	g->synced_ms = clock_mono_ms();
	say(g, WATCH_GOOD, counts, NULL, 0);
	return E_OK;
}

/* After a sync that was complete: *woken, why there shall be another. */
static void
after_good(struct watching *g, enum woken *woken,
	const struct sync_counts *counts)
{
	bool told = *woken == WOKEN_NEWS || *woken == WOKEN_BROKEN;

	g->futile = told && is_futile(counts) ? g->futile + 1 : 0;
	/* a wait that breaks again and again, or news that is none */
	*woken = g->futile > 1 ? pause_for(g, watch_pause_ms(g->futile, 0)) :
		WOKEN_TIME;
	if (*woken == WOKEN_TIME)
		*woken = wait_for_reason(g);
}

static enum status
keep_in_step(struct watching *g, struct err *err)
{
	enum woken woken = WOKEN_ASKED;

	while (woken != WOKEN_STOP && !stopped(g)) {
		struct sync_counts counts = {0};
		struct err why = ERR_INIT;
		int64_t pause;

		if (!sync_once(g, &counts, &why)) {
			after_good(g, &woken, &counts);
			continue;
		}
		if (stopped(g))
			break;
		if (needs_person(g, &counts)) {
			*err = why;
			return why.code;
		}
		pause = watch_pause_ms(++g->failures, g->retry_after_s);
		say(g, WATCH_FAILED, &counts, &why, pause);
		woken = pause_for(g, pause);
	}
	return E_OK;
}

/* Another one has the lock.  What a person asks for is done all the same. */
static enum status
stand_by(struct watching *g, int *lock, struct err *err)
{
	enum status st = E_CONFLICT;

	say(g, WATCH_STANDING_BY, NULL, NULL, 0);
	while (st == E_CONFLICT && !stopped(g)) {
		struct sync_counts counts = {0};
		struct err why = ERR_INIT;

		*err = (struct err)ERR_INIT;
		if (pause_for(g, STAND_BY_MS) == WOKEN_ASKED &&
		    sync_once(g, &counts, &why))
			say(g, WATCH_FAILED, &counts, &why, 0);
		st = apply_lock_watch(lock, g->w->store, err);
	}
	return st;
}

enum status
watch_run(const struct watch *w, struct err *err)
{
	struct watching g = { .w = w, .wait_s = WAIT_S };
	struct err taken = ERR_INIT;
	int lock = -1;
	enum status st = apply_lock_watch(&lock, w->store, &taken);

	if (st == E_CONFLICT && w->stand_by)
		st = stand_by(&g, &lock, &taken);
	if (st && stopped(&g))
		return E_OK;
	if (st) {
		*err = taken;
		return st;
	}
	st = keep_in_step(&g, err);
	apply_unlock(lock);
	return st;
}
