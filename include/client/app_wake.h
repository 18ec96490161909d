#ifndef CLIENT_APP_WAKE_H
#define CLIENT_APP_WAKE_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What wakes the screens: nothing, as long as nothing is due.  Descriptors tell
 * of what happens outside (another process writes into the cache, the clock is
 * set, the machine wakes from a sleep); the rest has its time.  Where the
 * system has no such descriptors, and in tests, they look each second.
 */
struct app;

enum {
	APP_TICK_MS = 1000,		/* without descriptors */
	APP_IDLE_LOCK_MS = 10 * 60 * 1000,
	APP_WAKE_FDS = 2,
};

struct app_wake {
	bool open;		/* both descriptors are there */
	int notice, alarm;
	bool deaf;		/* to more writes, until the next look */
	uint64_t generation;	/* of the store, at the last tick */
	int64_t heard_ms;	/* monotonic, of the last write told of */
	int64_t look_ms;	/* when to look for its commit; 0 not */
	int64_t due_ms;		/* when this was to go on at the latest; 0 */
	int64_t slept_ms;	/* of the machine, at the last tick */
};

/* The cache is open.  Released by app_wake_close(). */
void app_wake_open(struct app *app);
void app_wake_close(struct app *app);

/* What to wait for besides: at most APP_WAKE_FDS to fds; returns how many. */
size_t app_wake_fds(const struct app *app, struct pollfd *fds);
/* One of them is readable: a tick is to follow. */
void app_wake_heard(struct app *app);

/* When the next tick is useful, in milliseconds; -1: when something happens. */
int app_timeout_ms(struct app *app);
/* At each tick: has the machine slept, or this program, so that somebody else
 * may sit there now? */
bool app_wake_slept(struct app *app);

#endif
