/*
 * A machine whose clock is wrong: with LD_PRELOAD, the wall clock of a program
 * stands so many seconds off as the file CLOCK_FILE says, or else CLOCK_OFF.
 * The file is read at each look, so that a clock can jump while a program runs.
 * What only measures how long something takes is not touched.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t
seconds_off(void)
{
	const char *path = getenv("CLOCK_FILE"), *off = getenv("CLOCK_OFF");
	char text[32] = "";
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	if (fd >= 0) {
		ssize_t n = read(fd, text, sizeof text - 1);

		close(fd);
		text[n > 0 ? n : 0] = '\0';
		return strtol(text, NULL, 10);
	}
	return off ? strtol(off, NULL, 10) : 0;
}

/* The kernel is asked directly: looking a symbol up may itself tell the time. */
int
clock_gettime(clockid_t id, struct timespec *ts)
{
	long r = syscall(SYS_clock_gettime, id, ts);

	if (r == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
		ts->tv_sec += seconds_off();
	return (int)r;
}

time_t
time(time_t *out)
{
	struct timespec ts = {0};

	clock_gettime(CLOCK_REALTIME, &ts);
	if (out)
		*out = ts.tv_sec;
	return ts.tv_sec;
}

int
gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	struct timespec ts = {0};

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &ts);
	tv->tv_sec = ts.tv_sec;
	tv->tv_usec = ts.tv_nsec / 1000;
	return 0;
}
