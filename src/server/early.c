/*
 * One place for each device that pushes now.
 *
 * The request before may have arrived later than the early one, so that one
 * that is not known yet is waited for, but shortly: those who wait hold threads
 * that others need.
 */
#include "server/early.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/cond.h"
#include "base/mem.h"

enum {
	PLACES = 64,		/* devices */
	WAITING_MAX = 4,	/* half of the threads that answer */
	ARRIVE_MS = 200,	/* until the one before is there */
	WORK_MS = 20 * 1000,	/* until it is done */
	COUNT_MS = 60 * 1000,	/* a place is kept so long for the next */
};

struct place {
	enum { FREE, WORKED, DONE } state;
	int64_t turn;
	struct uuid device;
	int64_t epoch;
	int64_t from;		/* of the request */
	int64_t next;		/* DONE: all below is decided */
	int64_t done_ms;	/* the same: when; monotonic */
	struct wire_cursor *cursors;	/* where its page ended; owned */
	size_t count;
};

struct early {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	int64_t turns;
	size_t waiting;
	struct place places[PLACES];
};

struct early *
early_new(void)
{
	struct early *e = mem_alloc(1, sizeof *e);

	pthread_mutex_init(&e->lock, NULL);
	cond_init(&e->moved);
	return e;
}

static void
clear(struct place *p)
{
	free(p->cursors);
	*p = (struct place){ .state = FREE };
}

void
early_free(struct early *e)
{
	if (!e)
		return;
	assert(e->waiting == 0);
	for (size_t i = 0; i < PLACES; i++)
		clear(&e->places[i]);
	pthread_cond_destroy(&e->moved);
	pthread_mutex_destroy(&e->lock);
	free(e);
}

/* ---- places, under the lock ---- */

static struct place *
of_device(struct early *e, const struct uuid *device)
{
	for (size_t i = 0; i < PLACES; i++) {
		struct place *p = &e->places[i];

		if (p->state != FREE && uuid_compare(&p->device, device) == 0)
			return p;
	}
	return NULL;
}

static struct place *
of_turn(struct early *e, int64_t turn)
{
	for (size_t i = 0; i < PLACES; i++) {
		struct place *p = &e->places[i];

		if (p->state == WORKED && p->turn == turn)
			return p;
	}
	return NULL;
}

/* A free one, or one whose next request does not come; NULL: there is none. */
static struct place *
make_place(struct early *e)
{
	int64_t now = clock_mono_ms();

	for (size_t i = 0; i < PLACES; i++) {
		struct place *p = &e->places[i];

		if (p->state == FREE ||
		    (p->state == DONE && now - p->done_ms > COUNT_MS)) {
			clear(p);
			return p;
		}
	}
	return NULL;
}

/* ---- working ---- */

int64_t
early_begin(struct early *e, const struct uuid *device, int64_t epoch,
    int64_t from)
{
	struct place *p;
	int64_t turn = 0;

	if (!e)
		return 0;
	pthread_mutex_lock(&e->lock);
	p = of_device(e, device);
	if (p)
		clear(p);
	else
		p = make_place(e);
	if (p) {
		turn = ++e->turns;
		*p = (struct place){ .state = WORKED, .turn = turn,
			.device = *device, .epoch = epoch, .from = from };
		pthread_cond_broadcast(&e->moved);
	}
	pthread_mutex_unlock(&e->lock);
	return turn;
}

void
early_done(struct early *e, int64_t turn, int64_t next,
    const struct wire_cursor *cursors, size_t count)
{
	struct place *p;

	if (!e || turn == 0)
		return;
	pthread_mutex_lock(&e->lock);
	p = of_turn(e, turn);
	if (p) {
		p->state = DONE;
		p->next = next;
		p->done_ms = clock_mono_ms();
		p->cursors = mem_alloc(count + 1, sizeof *p->cursors);
		memcpy(p->cursors, cursors, count * sizeof *cursors);
		p->count = count;
		pthread_cond_broadcast(&e->moved);
	}
	pthread_mutex_unlock(&e->lock);
}

void
early_drop(struct early *e, int64_t turn)
{
	struct place *p;

	if (!e || turn == 0)
		return;
	pthread_mutex_lock(&e->lock);
	p = of_turn(e, turn);
	if (p) {
		clear(p);
		pthread_cond_broadcast(&e->moved);
	}
	pthread_mutex_unlock(&e->lock);
}

/* ---- waiting ---- */

static bool
take(struct place *p, struct wire_cursor *cursors, size_t *count)
{
	memcpy(cursors, p->cursors, p->count * sizeof *cursors);
	*count = p->count;
	clear(p);
	return true;
}

bool
early_wait(struct early *e, struct wire_cursor *cursors, size_t *count,
    const struct uuid *device, int64_t epoch, int64_t from)
{
	int64_t began = clock_mono_ms();
	bool taken = false, more;

	if (!e)
		return false;
	pthread_mutex_lock(&e->lock);
	more = e->waiting < WAITING_MAX;
	e->waiting++;
	while (more && !taken) {
		struct place *p = of_device(e, device);
		bool before = p && p->epoch == epoch && p->from < from;

		if (before && p->state == DONE && p->next == from)
			taken = take(p, cursors, count);
		else
			more = cond_wait_ms(&e->moved, &e->lock, began -
			    clock_mono_ms() + (before &&
			    p->state == WORKED ? WORK_MS : ARRIVE_MS));
	}
	e->waiting--;
	pthread_mutex_unlock(&e->lock);
	return taken;
}
