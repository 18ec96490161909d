/*
 * A ring of jobs under one lock.  Stopping is orderly: every job given is
 * worked before the threads end, because somebody waits for each.
 */
#include "server/pool.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/tr.h"

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t *threads;
	size_t thread_count;
	void **ring;
	size_t first, count, max;
	void (*work)(void *job);
	bool stopping;
};

static void *
work_on(void *arg)
{
	struct pool *p = arg;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		void *job;

		while (p->count == 0 && !p->stopping)
			pthread_cond_wait(&p->wake, &p->lock);
		if (p->count == 0)
			break;
		job = p->ring[p->first];
		p->first = (p->first + 1) % p->max;
		p->count--;
		pthread_mutex_unlock(&p->lock);
		p->work(job);
		pthread_mutex_lock(&p->lock);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

enum status
pool_start(struct pool **out, size_t threads, size_t max_waiting,
    void (*work)(void *job), struct err *err)
{
	struct pool *p = mem_alloc(1, sizeof *p);

	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->wake, NULL);
	p->threads = mem_alloc(threads, sizeof *p->threads);
	p->ring = mem_alloc(max_waiting, sizeof *p->ring);
	p->max = max_waiting;
	p->work = work;
	for (size_t i = 0; i < threads; i++) {
		if (pthread_create(&p->threads[i], NULL, work_on, p)) {
			pool_stop(p);
			return err_set(err, E_IO,
			    tr("The system gives no more threads."));
		}
		p->thread_count++;
	}
	*out = p;
	return E_OK;
}

bool
pool_give(struct pool *p, void *job)
{
	bool taken = false;

	pthread_mutex_lock(&p->lock);
	if (p->count < p->max && !p->stopping) {
		p->ring[(p->first + p->count) % p->max] = job;
		p->count++;
		taken = true;
		pthread_cond_signal(&p->wake);
	}
	pthread_mutex_unlock(&p->lock);
	return taken;
}

void
pool_stop(struct pool *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->stopping = true;
	pthread_cond_broadcast(&p->wake);
	pthread_mutex_unlock(&p->lock);
	for (size_t i = 0; i < p->thread_count; i++)
		pthread_join(p->threads[i], NULL);
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	free(p->threads);
	free(p->ring);
	free(p);
}
