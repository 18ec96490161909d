/*
 * One list under one lock, looked through five times a second: with 20,000
 * connections that is some microseconds, and nothing is simpler to get right.
 * An entry that has passed is shut down once and then left alone until the
 * library has removed it.
 */
#include "server/deadline.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "base/cond.h"
#include "base/mem.h"
#include "base/tr.h"

#define DEADLINE_LOOK_MS 200

struct deadline {
	int fd;
	int64_t until_ms;	/* monotonic; INT64_MAX once it was shut down */
	struct deadline *next, *prev;
};

struct deadlines {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t thread;
	struct deadline *first;
	bool stopping;
};

static void
shut_late_ones(struct deadlines *d, int64_t now_ms)
{
	for (struct deadline *one = d->first; one; one = one->next) {
		if (one->until_ms > now_ms)
			continue;
		shutdown(one->fd, SHUT_RDWR);
		one->until_ms = INT64_MAX;
	}
}

static void *
watch(void *arg)
{
	struct deadlines *d = arg;

	pthread_mutex_lock(&d->lock);
	while (!d->stopping) {
		shut_late_ones(d, clock_mono_ms());
		(void)cond_wait_ms(&d->wake, &d->lock, DEADLINE_LOOK_MS);
	}
	pthread_mutex_unlock(&d->lock);
	return NULL;
}

enum status
deadlines_start(struct deadlines **out, struct err *err)
{
	struct deadlines *d = mem_alloc(1, sizeof *d);

	pthread_mutex_init(&d->lock, NULL);
	cond_init(&d->wake);
	if (pthread_create(&d->thread, NULL, watch, d)) {
		pthread_cond_destroy(&d->wake);
		pthread_mutex_destroy(&d->lock);
		free(d);
		return err_set(err, E_IO,
		    tr("The system gives no more threads."));
	}
	*out = d;
	return E_OK;
}

void
deadlines_stop(struct deadlines *d)
{
	if (!d)
		return;
	pthread_mutex_lock(&d->lock);
	d->stopping = true;
	pthread_cond_signal(&d->wake);
	pthread_mutex_unlock(&d->lock);
	pthread_join(d->thread, NULL);
	pthread_cond_destroy(&d->wake);
	pthread_mutex_destroy(&d->lock);
	free(d);
}

struct deadline *
deadline_add(struct deadlines *d, int fd, int64_t ms)
{
	struct deadline *one = mem_alloc(1, sizeof *one);

	one->fd = fd;
	one->until_ms = clock_mono_ms() + ms;
	pthread_mutex_lock(&d->lock);
	one->next = d->first;
	if (d->first)
		d->first->prev = one;
	d->first = one;
	pthread_mutex_unlock(&d->lock);
	return one;
}

void
deadline_set(struct deadlines *d, struct deadline *one, int64_t ms)
{
	pthread_mutex_lock(&d->lock);
	if (one->until_ms != INT64_MAX)
		one->until_ms = clock_mono_ms() + ms;
	pthread_mutex_unlock(&d->lock);
}

void
deadline_remove(struct deadlines *d, struct deadline *one)
{
	pthread_mutex_lock(&d->lock);
	if (one->prev)
		one->prev->next = one->next;
	else
		d->first = one->next;
	if (one->next)
		one->next->prev = one->prev;
	pthread_mutex_unlock(&d->lock);
	free(one);
}
