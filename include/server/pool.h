#ifndef SERVER_POOL_H
#define SERVER_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * A few threads that work through a bounded queue.  The HTTP library's own
 * threads only move bytes; whatever may take long (a password, a push) is done
 * here, so that one slow request never holds up the connections beside it.
 */
struct pool;

/* Start the threads; each calls work(job) for one job after the other.
 * max_waiting: jobs that may wait.  Errors: E_IO no thread. */
MUST_CHECK enum status pool_start(struct pool **out, size_t threads,
	size_t max_waiting, void (*work)(void *job), struct err *err);

/* Hand over a job; false when too many are waiting. */
bool pool_give(struct pool *p, void *job);

/* Finish what is waiting, then end the threads.  Accepts NULL. */
void pool_stop(struct pool *p);

#endif
