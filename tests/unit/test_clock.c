/* base/clock: +08:00 whatever the machine's zone, and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/date.h"

/* This machine's clocks, set by somebody (T13), or after a sleep. */
static time_t set_by, slept_for;

int
clock_gettime(clockid_t id, struct timespec *ts)
{
	long r = syscall(SYS_clock_gettime, id, ts);

	if (id == CLOCK_REALTIME)
		ts->tv_sec += set_by;
#ifdef CLOCK_BOOTTIME
	if (id == CLOCK_BOOTTIME)
		ts->tv_sec += slept_for;
#endif
	return (int)r;
}

#define EVENING ((int64_t)1772413865000)	/* 2026-03-02T09:11:05+08:00 */

static void
test_text(void **state)
{
	char text[CLOCK_TEXT_MAX], brief[12];

	(void)state;
	setenv("TZ", "America/New_York", 1);
	tzset();
	clock_print(text, EVENING + 999);
	assert_string_equal(text, "2026-03-02T09:11:05+08:00");
	clock_print_short(brief, EVENING);
	assert_string_equal(brief, "03-02 09:11");
	assert_true(clock_parse(text) == EVENING);
	clock_print(text, 0);
	assert_string_equal(text, "1970-01-01T08:00:00+08:00");
	assert_true(clock_parse(text) == 0);
}

static void
test_bad_text(void **state)
{
	static const char *const bad[] = { "", "2026-03-02",
		"2026-03-02T09:11:05Z", "2026-03-02 09:11:05+08:00",
		"2026-03-02T24:11:05+08:00", "2026-03-02T09:60:05+08:00",
		"2026-03-02T09:11:60+08:00", "2026-02-30T09:11:05+08:00",
		"2026-03-02T09:11:05+09:00", "2026-03-02T09:11:05+08:00x",
		"2026-03-02T-9:11:05+08:00", "1960-01-01T00:00:00+08:00" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_true(clock_parse(bad[i]) == -1);
	assert_true(clock_parse(NULL) == -1);
}

/* The day changes at 16:00 UTC, before 1970 too. */
static void
test_day_border(void **state)
{
	int64_t midnight = clock_parse("2026-03-02T00:00:00+08:00");

	(void)state;
	assert_int_equal(clock_day_of(midnight), date_parse("2026-03-02"));
	assert_int_equal(clock_day_of(midnight - 1), date_parse("2026-03-01"));
	assert_int_equal(clock_day_of(-8 * 3600000), 0);
	assert_int_equal(clock_day_of(-8 * 3600000 - 1), -1);
}

static void
test_fix(void **state)
{
	(void)state;
	clock_fix(EVENING);
	assert_true(clock_now_at() == EVENING);
	assert_int_equal(clock_today(), date_parse("2026-03-02"));
	clock_fix(0);
	assert_true(clock_now_at() / 1000 - (int64_t)time(NULL) < 3);
	assert_true((int64_t)time(NULL) - clock_now_at() / 1000 < 3);
}

static void
test_floor(void **state)
{
	(void)state;
	clock_fix(EVENING);
	clock_floor(EVENING + 3 * 86400000LL);
	/* what the machine says stays; the day is believed no more */
	assert_true(clock_now_at() == EVENING);
	assert_int_equal(clock_today(), date_parse("2026-03-05"));
	assert_true(clock_believed_at() == EVENING + 3 * 86400000LL);
	assert_true(clock_behind_ms() == 3 * 86400000LL);
	/* two clocks are never quite the same */
	clock_floor(EVENING + 4 * 60000);
	assert_true(clock_behind_ms() == 0);
	clock_fix(EVENING + 9 * 86400000LL);
	assert_int_equal(clock_today(), date_parse("2026-03-11"));
	assert_true(clock_behind_ms() == 0);
	clock_floor(0);
	clock_fix(0);
}

static void
test_ahead(void **state)
{
	const int64_t year = 365 * 86400000LL;

	(void)state;
	/* the server was heard, and this clock stood a year ahead */
	clock_fix(EVENING + year);
	clock_floor(EVENING);
	clock_ahead(year);
	assert_true(clock_believed_at() == EVENING);
	assert_true(clock_ahead_ms() == year);
	assert_true(clock_behind_ms() == 0);
	clock_fix(EVENING + year + 86400000LL);
	assert_true(clock_believed_at() == EVENING + 86400000LL);
	/* set right: it is believed again */
	clock_fix(EVENING + 2 * 86400000LL);
	assert_true(clock_believed_at() == EVENING + 2 * 86400000LL);
	assert_true(clock_ahead_ms() == 0);
	/* some minutes are nothing */
	clock_ahead(4 * 60000);
	clock_fix(EVENING + 4 * 60000);
	assert_true(clock_believed_at() == EVENING + 4 * 60000);
	clock_ahead(0);
	clock_floor(0);
	clock_fix(0);
}

static void
test_mono(void **state)
{
	int64_t a = clock_mono_ms();
	struct timespec nap = { .tv_nsec = 20000000 };

	(void)state;
	clock_fix(EVENING);
	nanosleep(&nap, NULL);
	assert_true(clock_mono_ms() - a >= 19);
	clock_fix(0);
}

/* Nobody escapes a lock by setting the clock, or by letting the computer
 * sleep. */
static void
test_what_waiting_is_counted_by(void **state)
{
	int64_t a = clock_mono_ms(), slept = clock_slept_ms(), now;

	(void)state;
	now = clock_now_at();
	set_by = -3 * 86400;
	assert_true(clock_now_at() < now - 2 * 86400000LL);
	assert_true(clock_mono_ms() - a < 60000 && clock_mono_ms() >= a);
	set_by = 3 * 86400;
	assert_true(clock_mono_ms() - a < 60000);
	set_by = 0;
#ifdef CLOCK_BOOTTIME
	slept_for = 3600;
	assert_true(clock_mono_ms() - a >= 3600000);
	assert_true(clock_slept_ms() - slept >= 3599000);
	slept_for = 0;
#endif
	(void)slept;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_bad_text),
		cmocka_unit_test(test_day_border),
		cmocka_unit_test(test_fix),
		cmocka_unit_test(test_floor),
		cmocka_unit_test(test_ahead),
		cmocka_unit_test(test_mono),
		cmocka_unit_test(test_what_waiting_is_counted_by),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
