/*
 * The list of those who wait, and the thread that looks for them.
 *
 * 1. A wait is put into the list first and compared by the thread afterwards:
 *    a commit between the two cannot be missed.
 * 2. Once its reply is given away a wait's request belongs to the HTTP side;
 *    it leaves the list before, under the lock.
 */
#include "server/news.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/cond.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/tr.h"
#include "server/ledger_stream.h"

enum { NEWS_LOOK_MS = 500 };	/* for waits that are over */

struct wait {
	struct wait *next;
	struct uuid device;
	struct news_stream *streams;	/* owned */
	size_t count;
	int64_t until_ms;		/* monotonic */
	struct http_call *call;
	struct http_reply *reply;
};

struct news {
	struct ledger *ledger;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t thread;
	struct wait *first;
	size_t waiting;
	bool moved;		/* something to compare */
	bool stopping, running;
};

/* ---- answering ---- */

static bool
has_moved(const struct news_stream *s, const struct wire_cursor *ends,
    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(ends[i].stream, s->name) == 0)
			return ends[i].seq != s->seq;
	}
	return s->seq != 0;	/* it holds a stream that is not there */
}

/* The reply to a wait that was taken from the list; ends NULL: it is over. */
static void
answer(struct wait *w, const struct wire_cursor *ends, size_t count)
{
	struct json *j = json_object(), *names = json_array();
	size_t moved = 0;

	for (size_t i = 0; i < w->count && ends; i++) {
		if (!has_moved(&w->streams[i], ends, count))
			continue;
		json_push(names, json_string(w->streams[i].name));
		moved++;
	}
	json_put(j, "streams", names);
	w->reply->status = moved ? 200 : 204;
	w->reply->type = "application/json";
	if (moved) {
		json_print(&w->reply->body, j);
		buf_char(&w->reply->body, '\n');
	}
	json_free(j);
	http_now(w->call);
	free(w->streams);
	free(w);
}

static bool
is_over(const struct wait *w, const struct wire_cursor *ends, size_t count,
    int64_t now_ms)
{
	if (now_ms >= w->until_ms)
		return true;
	for (size_t i = 0; i < w->count && ends; i++) {
		if (has_moved(&w->streams[i], ends, count))
			return true;
	}
	return false;
}

/* Take out of the list, under the lock, what can be answered. */
static struct wait *
take_over(struct news *n, const struct wire_cursor *ends, size_t count,
    bool all)
{
	struct wait **at = &n->first, *taken = NULL;
	int64_t now = clock_mono_ms();

	while (*at) {
		struct wait *w = *at;

		if (!all && !is_over(w, ends, count, now)) {
			at = &w->next;
			continue;
		}
		*at = w->next;
		n->waiting--;
		w->next = taken;
		taken = w;
	}
	return taken;
}

static void
answer_all(struct wait *taken, const struct wire_cursor *ends, size_t count)
{
	while (taken) {
		struct wait *next = taken->next;

		answer(taken, ends, count);
		taken = next;
	}
}

/* ---- the thread ---- */

/* Where all streams end now; what cannot be read is looked at again. */
static bool
look(struct wire_cursor **ends, size_t *count, struct news *n)
{
	struct db *db = NULL;
	struct err err = ERR_INIT;
	enum status s = ledger_begin_read(&db, n->ledger, &err);

	if (s)
		return false;
	s = stream_ends(ends, count, db, &err);
	ledger_end_read(n->ledger);
	if (s)
		log_write(LOG_WARN, "wait: %s", err.msg);
	return !s;
}

static void *
watch(void *self)
{
	struct news *n = self;

	pthread_mutex_lock(&n->lock);
	while (!n->stopping) {
		struct wire_cursor *ends = NULL;
		struct wait *taken;
		size_t count = 0;
		bool moved = n->moved && n->first, looked = false;

		n->moved = false;
		pthread_mutex_unlock(&n->lock);
		if (moved)
			looked = look(&ends, &count, n);
		pthread_mutex_lock(&n->lock);
		n->moved = n->moved || (moved && !looked);
		taken = take_over(n, ends, count, false);
		pthread_mutex_unlock(&n->lock);
		answer_all(taken, ends, count);
		free(ends);
		pthread_mutex_lock(&n->lock);
		if (moved && !n->stopping)
			(void)cond_wait_ms(&n->wake, &n->lock, NEWS_GATHER_MS);
		else if (!n->stopping && !n->first)
			pthread_cond_wait(&n->wake, &n->lock);
		else if (!n->stopping && !n->moved)
			(void)cond_wait_ms(&n->wake, &n->lock, NEWS_LOOK_MS);
	}
	pthread_mutex_unlock(&n->lock);
	return NULL;
}

static void
on_commit(void *self)
{
	struct news *n = self;

	pthread_mutex_lock(&n->lock);
	n->moved = true;
	if (n->first)
		pthread_cond_signal(&n->wake);
	pthread_mutex_unlock(&n->lock);
}

/* ---- from outside ---- */

enum status
news_new(struct news **out, struct ledger *ledger, struct err *err)
{
	struct news *n = mem_alloc(1, sizeof *n);

	n->ledger = ledger;
	pthread_mutex_init(&n->lock, NULL);
	cond_init(&n->wake);
	n->running = pthread_create(&n->thread, NULL, watch, n) == 0;
	if (!n->running) {
		news_free(n);
		return err_set(err, E_IO,
		    tr("The system gives no more threads."));
	}
	ledger_tell(ledger, on_commit, n);
	*out = n;
	return E_OK;
}

void
news_end(struct news *n)
{
	struct wait *taken;

	pthread_mutex_lock(&n->lock);
	n->stopping = true;
	pthread_cond_broadcast(&n->wake);
	taken = take_over(n, NULL, 0, true);
	pthread_mutex_unlock(&n->lock);
	answer_all(taken, NULL, 0);
}

void
news_free(struct news *n)
{
	if (!n)
		return;
	ledger_tell(n->ledger, NULL, NULL);
	news_end(n);
	if (n->running)
		pthread_join(n->thread, NULL);
	pthread_cond_destroy(&n->wake);
	pthread_mutex_destroy(&n->lock);
	free(n);
}

/* The device's older wait, taken from the list; NULL: none. */
static struct wait *
take_of(struct news *n, const struct uuid *device)
{
	for (struct wait **at = &n->first; *at; at = &(*at)->next) {
		struct wait *w = *at;

		if (uuid_compare(&w->device, device) != 0)
			continue;
		*at = w->next;
		n->waiting--;
		w->next = NULL;
		return w;
	}
	return NULL;
}

bool
news_wait(struct news *n, const struct uuid *device,
    struct news_stream *streams, size_t count, int64_t seconds,
    struct http_call *call, struct http_reply *reply)
{
	struct wait *w = mem_alloc(1, sizeof *w), *older;
	bool taken;

	*w = (struct wait){ .device = *device, .streams = streams,
		.count = count, .call = call, .reply = reply,
		.until_ms = clock_mono_ms() + seconds * 1000 };
	pthread_mutex_lock(&n->lock);
	older = take_of(n, device);
	taken = !n->stopping && n->waiting < NEWS_WAITING_MAX;
	if (taken) {
		http_later(call, seconds * 1000);
		w->next = n->first;
		n->first = w;
		n->waiting++;
		n->moved = true;
		pthread_cond_signal(&n->wake);
	}
	pthread_mutex_unlock(&n->lock);
	answer_all(older, NULL, 0);
	if (!taken) {
		free(streams);
		free(w);
	}
	return taken;
}
