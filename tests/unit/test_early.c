/* server/early: who sends before the reply is worked when it is their turn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <unistd.h>

#include "base/uuid.h"
#include "server/early.h"

static const struct wire_cursor ends[] = {
	{ .stream = "3412000001/gen", .seq = 41, .mark = "a1b2c3d4" },
	{ .stream = "3412000001/sealed", .seq = 7, .mark = "00000007" },
};

/* Somebody who waits in a thread of their own. */
struct waiter {
	struct early *e;
	struct uuid device;
	int64_t epoch, from;
	struct wire_cursor cursors[WIRE_STREAMS_MAX];
	size_t count;
	bool taken;
	pthread_t thread;
};

static void *
wait_for_it(void *self)
{
	struct waiter *w = self;

	w->taken = early_wait(w->e, w->cursors, &w->count, &w->device,
		w->epoch, w->from);
	return NULL;
}

static bool
takes(struct early *e, const struct uuid *device, int64_t epoch, int64_t from)
{
	struct waiter w = { .e = e, .device = *device, .epoch = epoch,
		.from = from };

	(void)wait_for_it(&w);
	return w.taken;
}

static void
the_next_goes_on_where_the_one_before_ended(void **state)
{
	struct early *e = early_new();
	struct uuid device = uuid_new();
	struct waiter w = { .e = e, .device = device, .epoch = 2, .from = 501 };
	int64_t turn = early_begin(e, &device, 2, 1);

	(void)state;
	early_done(e, turn, 501, ends, 2);
	early_drop(e, turn);	/* it is done: nothing is taken back */
	(void)wait_for_it(&w);
	assert_true(w.taken);
	assert_int_equal(w.count, 2);
	assert_memory_equal(w.cursors, ends, sizeof ends);
	/* once: who comes again has to say where they are */
	assert_false(takes(e, &device, 2, 501));
	early_free(e);
}

static void
who_comes_too_soon_waits(void **state)
{
	struct early *e = early_new();
	struct waiter w = { .e = e, .device = uuid_new(), .epoch = 2,
		.from = 501 };
	int64_t turn;

	(void)state;
	assert_int_equal(pthread_create(&w.thread, NULL, wait_for_it, &w), 0);
	usleep(20 * 1000);
	turn = early_begin(e, &w.device, 2, 1);
	usleep(400 * 1000);	/* longer than one waits for it to arrive */
	early_done(e, turn, 501, ends, 2);
	pthread_join(w.thread, NULL);
	assert_true(w.taken);
	assert_int_equal(w.count, 2);
	early_free(e);
}

static void
who_does_not_follow_is_told(void **state)
{
	struct early *e = early_new();
	struct uuid device = uuid_new(), other = uuid_new();
	int64_t turn;

	(void)state;
	assert_false(takes(e, &device, 2, 1));	/* nothing before it */
	turn = early_begin(e, &device, 2, 1);
	early_done(e, turn, 500, ends, 2);
	assert_false(takes(e, &device, 2, 501));	/* a gap */
	assert_false(takes(e, &device, 2, 499));	/* a repeat */
	assert_false(takes(e, &device, 3, 500));	/* other numbers */
	assert_false(takes(e, &other, 2, 500));
	assert_true(takes(e, &device, 2, 500));
	/* nothing of nobody */
	assert_int_equal(early_begin(NULL, &device, 2, 1), 0);
	assert_false(takes(NULL, &device, 2, 1));
	early_free(e);
}

static void
one_that_fails_lets_nobody_go_on(void **state)
{
	struct early *e = early_new();
	struct waiter w = { .e = e, .device = uuid_new(), .epoch = 2,
		.from = 501 };
	int64_t turn = early_begin(e, &w.device, 2, 1);

	(void)state;
	assert_int_equal(pthread_create(&w.thread, NULL, wait_for_it, &w), 0);
	usleep(20 * 1000);
	early_drop(e, turn);
	pthread_join(w.thread, NULL);
	assert_false(w.taken);
	/* what was begun again is another one */
	(void)early_begin(e, &w.device, 2, 1);
	early_done(e, turn, 501, ends, 2);
	early_drop(e, turn);
	assert_false(takes(e, &w.device, 2, 0));
	early_free(e);
}

/* Threads that wait are missing elsewhere: only some may. */
static void
few_wait_at_once(void **state)
{
	struct early *e = early_new();
	struct waiter w[9];
	int64_t turns[9];
	size_t taken = 0;

	(void)state;
	for (size_t i = 0; i < 9; i++) {
		w[i] = (struct waiter){ .e = e, .device = uuid_new(),
			.epoch = 1, .from = 11 };
		turns[i] = early_begin(e, &w[i].device, 1, 1);
		assert_int_equal(pthread_create(&w[i].thread, NULL,
			wait_for_it, &w[i]), 0);
	}
	usleep(100 * 1000);
	for (size_t i = 0; i < 9; i++)
		early_done(e, turns[i], 11, ends, 2);
	for (size_t i = 0; i < 9; i++) {
		pthread_join(w[i].thread, NULL);
		taken += w[i].taken;
	}
	assert_int_equal(taken, 4);
	early_free(e);
}

/* More devices than there are places: they ask as always, and lose nothing. */
static void
many_devices(void **state)
{
	struct early *e = early_new();
	struct uuid devices[100];
	int64_t turns[100];
	size_t taken = 0;

	(void)state;
	for (size_t i = 0; i < 100; i++) {
		devices[i] = uuid_new();
		turns[i] = early_begin(e, &devices[i], 1, 1);
	}
	for (size_t i = 0; i < 100; i++)
		early_done(e, turns[i], 2, ends, 1);
	for (size_t i = 0; i < 100; i++) {
		if (turns[i])
			taken += takes(e, &devices[i], 1, 2);
	}
	assert_int_equal(taken, 64);
	early_free(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_next_goes_on_where_the_one_before_ended),
		cmocka_unit_test(who_comes_too_soon_waits),
		cmocka_unit_test(who_does_not_follow_is_told),
		cmocka_unit_test(one_that_fails_lets_nobody_go_on),
		cmocka_unit_test(few_wait_at_once),
		cmocka_unit_test(many_devices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
