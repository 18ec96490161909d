#ifndef BASE_COND_H
#define BASE_COND_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Conditions that are waited for so long at most, by a clock that nobody sets.
 * Destroyed with pthread_cond_destroy().
 */
void cond_init(pthread_cond_t *c);

/* ms from now, 0 or less: not at all.  c is of cond_init().  false: that time is
 * over; as with any condition, true does not say that something happened. */
bool cond_wait_ms(pthread_cond_t *c, pthread_mutex_t *lock, int64_t ms);

#endif
