/*
 * inotify where there is one.  What was written is not asked: one event stands
 * for any number.
 */
#include "base/notice.h"

#include <stddef.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/inotify.h>
#endif

int
notice_open(const char *path)
{
#ifdef IN_NONBLOCK
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (fd >= 0 && inotify_add_watch(fd, path, IN_MODIFY) < 0) {
		(void)close(fd);
		fd = -1;
	}
	return fd;
#else
	(void)path;
	return -1;
#endif
}

void
notice_take(int fd)
{
	_Alignas(max_align_t) char events[4096];

	while (read(fd, events, sizeof events) > 0)
		;
}
