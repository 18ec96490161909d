/*
 * The only door to time.  China keeps one wall clock, +08:00 without summer
 * time, so the machine's zone is never asked.
 */
#include "base/clock.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/timerfd.h>
#endif

#include "base/date.h"

#define ZONE_MS (8 * 3600 * (int64_t)1000)
#define DAY_MS (24 * 3600 * (int64_t)1000)
#define BEHIND_MS (5 * 60 * (int64_t)1000)

/* A test's standing clocks, 0 when they run: the one way to make "now" repeat
 * without handing a clock through every layer.  Atomic for the server. */
static _Atomic int64_t fixed_at, fixed_mono_ms, fixed_slept_ms;

/* What the server said last; one for the process, as the machine's clock is. */
static _Atomic int64_t floor_at;
static _Atomic int64_t known_ahead_ms;

static int64_t
read_ms(clockid_t id, int *failed)
{
	struct timespec ts = {0};

	*failed = clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
clock_now_at(void)
{
	int failed = 0;
	int64_t at = atomic_load(&fixed_at);

	return at ? at : read_ms(CLOCK_REALTIME, &failed);
}

int64_t
clock_mono_ms(void)
{
	int failed = 1;
	int64_t ms = atomic_load(&fixed_mono_ms);

	if (ms)
		return ms;
#ifdef CLOCK_BOOTTIME
	ms = read_ms(CLOCK_BOOTTIME, &failed);
#endif
	return failed ? read_ms(CLOCK_MONOTONIC, &failed) : ms;
}

int64_t
clock_slept_ms(void)
{
	int failed = 0;

	if (atomic_load(&fixed_mono_ms))
		return atomic_load(&fixed_slept_ms);
	return clock_mono_ms() - read_ms(CLOCK_MONOTONIC, &failed);
}

int
clock_today(void)
{
	return clock_day_of(clock_believed_at());
}

void
clock_floor(int64_t at)
{
	atomic_store(&floor_at, at);
}

void
clock_ahead(int64_t ms)
{
	atomic_store(&known_ahead_ms, ms > BEHIND_MS ? ms : 0);
}

/* ---- the alarm ---- */

/* A timer that never comes, and is cancelled by whatever moves the wall clock
 * against the one that stands still while the machine sleeps. */
int
clock_alarm(void)
{
#ifdef TFD_TIMER_CANCEL_ON_SET
	const struct itimerspec never = { .it_value.tv_sec = (time_t)UINT32_MAX };
	int fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);

	if (fd >= 0 && timerfd_settime(fd, TFD_TIMER_ABSTIME |
	    TFD_TIMER_CANCEL_ON_SET, &never, NULL) != 0) {
		(void)close(fd);
		fd = -1;
	}
	return fd;
#else
	return -1;
#endif
}

void
clock_alarm_take(int fd)
{
	uint64_t times;

	while (read(fd, &times, sizeof times) == (ssize_t)sizeof times)
		;
}

/* Taking off what it was ahead would lead before the server's last time as soon
 * as somebody has set it right. */
int64_t
clock_believed_at(void)
{
	int64_t now = clock_now_at(), known = atomic_load(&floor_at);
	int64_t ahead = atomic_load(&known_ahead_ms);

	if (ahead > 0 && now - ahead >= known)
		return now - ahead;
	return now > known ? now : known;
}

int64_t
clock_behind_ms(void)
{
	int64_t behind = clock_believed_at() - clock_now_at();

	return behind > BEHIND_MS ? behind : 0;
}

int64_t
clock_ahead_ms(void)
{
	int64_t ahead = clock_now_at() - clock_believed_at();

	return ahead > BEHIND_MS ? ahead : 0;
}

int
clock_day_of(int64_t at)
{
	int64_t local = at + ZONE_MS;
	int64_t day = local / DAY_MS;

	return (int)(local % DAY_MS < 0 ? day - 1 : day);
}

/* Seconds of the +08:00 day. */
static int
second_of(int64_t at)
{
	int64_t start = (int64_t)clock_day_of(at) * DAY_MS;

	return (int)((at + ZONE_MS - start) / 1000);
}

static void
put_two(char *out, int value)
{
	out[0] = (char)('0' + value / 10 % 10);
	out[1] = (char)('0' + value % 10);
}

void
clock_print(char out[CLOCK_TEXT_MAX], int64_t at)
{
	int second = second_of(at);

	memcpy(out, "0000-00-00T00:00:00+08:00", CLOCK_TEXT_MAX);
	date_print(out, clock_day_of(at));
	out[10] = 'T';
	put_two(out + 11, second / 3600);
	put_two(out + 14, second / 60 % 60);
	put_two(out + 17, second % 60);
}

void
clock_print_short(char out[12], int64_t at)
{
	char full[CLOCK_TEXT_MAX];

	clock_print(full, at);
	memcpy(out, full + 5, 11);
	out[5] = ' ';
	out[11] = '\0';
}

/* Two digits below limit, or -1. */
static int
read_two(const char *p, int limit)
{
	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return -1;
	int value = (p[0] - '0') * 10 + (p[1] - '0');
	return value < limit ? value : -1;
}

int64_t
clock_parse(const char *text)
{
	char day[DATE_TEXT_MAX] = "";

	if (!text || strlen(text) != CLOCK_TEXT_MAX - 1 || text[10] != 'T'
	    || text[13] != ':' || text[16] != ':'
	    || strcmp(text + 19, "+08:00") != 0)
		return -1;
	memcpy(day, text, DATE_TEXT_MAX - 1);
	int on = date_parse(day);
	int hour = read_two(text + 11, 24);
	int minute = read_two(text + 14, 60);
	int second = read_two(text + 17, 60);
	if (on == DATE_NONE || hour < 0 || minute < 0 || second < 0)
		return -1;
	int64_t at = (int64_t)on * DAY_MS - ZONE_MS
		+ (int64_t)(hour * 3600 + minute * 60 + second) * 1000;
	return at < 0 ? -1 : at;
}

void
clock_fix(int64_t at)
{
	atomic_store(&fixed_at, at);
}

void
clock_fix_mono(int64_t ms)
{
	atomic_store(&fixed_mono_ms, ms);
}

void
clock_fix_slept(int64_t ms)
{
	atomic_store(&fixed_slept_ms, ms);
}
