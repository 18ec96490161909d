/*
 * What a program asks of the disk: with LD_PRELOAD, each write, truncation,
 * rename, removal and sync of files under a folder is written down, in order,
 * so that fault/power.py can say what a disk may hold after the power went.
 *
 *   JOURNAL       the file that gets them; several programs may share it
 *   JOURNAL_IN    the folder, as its path begins
 *
 * An entry: kind, length of the path, offset, length of the data (1, 2, 8, 8
 * bytes of this machine), path, data.  Kinds: W write, T truncate (the offset is
 * the length), S sync, R rename (the data is the new path), U unlink.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *within;
static int journal = -1;

__attribute__((constructor)) static void
begin(void)
{
	const char *file = getenv("JOURNAL");

	within = getenv("JOURNAL_IN");
	if (file && within)
		journal = (int)syscall(SYS_openat, AT_FDCWD, file,
			O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static void *
real(const char *name)
{
	void *f = dlsym(RTLD_NEXT, name);

	if (!f)
		_exit(98);
	return f;
}

/* ISO C has no way from an object pointer to a function. */
#define REAL(type, name, ...) \
	union { void *object; type (*call)(__VA_ARGS__); } next = { \
		.object = real(name) }

static void
note(char kind, const char *path, uint64_t offset, const void *data,
	uint64_t len)
{
	char head[1 + 2 + 8 + 8];
	uint16_t path_len = (uint16_t)strlen(path);
	struct iovec part[3] = { { head, sizeof head },
		{ (void *)(uintptr_t)path, path_len },
		{ (void *)(uintptr_t)data, (size_t)len } };
	ssize_t want = (ssize_t)(sizeof head + path_len + len);

	if (journal < 0 || strncmp(path, within, strlen(within)) != 0)
		return;
	head[0] = kind;
	memcpy(head + 1, &path_len, 2);
	memcpy(head + 3, &offset, 8);
	memcpy(head + 11, &len, 8);
	if (syscall(SYS_writev, journal, part, 3) != want)
		_exit(97);
}

/* false: it is no file of ours. */
static bool
path_of(char path[512], int fd)
{
	char name[32];
	ssize_t n;

	if (journal < 0 || fd <= STDERR_FILENO)
		return false;
	snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	n = readlink(name, path, 511);
	if (n < 0)
		return false;
	path[n] = '\0';
	return strncmp(path, within, strlen(within)) == 0;
}

ssize_t
write(int fd, const void *data, size_t len)
{
	REAL(ssize_t, "write", int, const void *, size_t);
	char path[512];
	bool ours = path_of(path, fd);
	off_t at = ours ? lseek(fd, 0, SEEK_CUR) : 0;
	ssize_t n;

	if (ours && (fcntl(fd, F_GETFL) & O_APPEND))
		at = lseek(fd, 0, SEEK_END);
	n = next.call(fd, data, len);
	if (ours && n > 0)
		note('W', path, (uint64_t)at, data, (uint64_t)n);
	return n;
}

ssize_t
pwrite64(int fd, const void *data, size_t len, off_t to)
{
	REAL(ssize_t, "pwrite64", int, const void *, size_t, off_t);
	char path[512];
	ssize_t n = next.call(fd, data, len, to);

	if (n > 0 && path_of(path, fd))
		note('W', path, (uint64_t)to, data, (uint64_t)n);
	return n;
}

ssize_t
pwrite(int fd, const void *data, size_t len, off_t to)
{
	return pwrite64(fd, data, len, to);
}

int
ftruncate64(int fd, off_t len)
{
	REAL(int, "ftruncate64", int, off_t);
	char path[512];
	int bad = next.call(fd, len);

	if (!bad && path_of(path, fd))
		note('T', path, (uint64_t)len, NULL, 0);
	return bad;
}

int
ftruncate(int fd, off_t len)
{
	return ftruncate64(fd, len);
}

static int
synced(const char *name, int fd)
{
	REAL(int, name, int);
	char path[512];

	/* before: what another thread writes meanwhile may be too late for it */
	if (path_of(path, fd))
		note('S', path, 0, NULL, 0);
	return next.call(fd);
}

int
fsync(int fd)
{
	return synced("fsync", fd);
}

int
fdatasync(int fd)
{
	return synced("fdatasync", fd);
}

static int
opened(const char *name, const char *path, int flags, mode_t mode)
{
	REAL(int, name, const char *, int, ...);
	char whole[512];
	int fd = next.call(path, flags, mode);

	if (fd >= 0 && (flags & O_TRUNC) && path_of(whole, fd))
		note('T', whole, 0, NULL, 0);
	return fd;
}

#define OPEN(name) \
	int \
	name(const char *path, int flags, ...) \
	{ \
		mode_t mode = 0; \
		va_list args; \
		if (flags & O_CREAT) { \
			va_start(args, flags); \
			mode = va_arg(args, mode_t); \
			va_end(args); \
		} \
		return opened(#name, path, flags, mode); \
	}

OPEN(open)
OPEN(open64)

int
rename(const char *from, const char *to)
{
	REAL(int, "rename", const char *, const char *);
	int bad = next.call(from, to);

	if (!bad)
		note('R', from, 0, to, strlen(to));
	return bad;
}

int
unlink(const char *path)
{
	REAL(int, "unlink", const char *);
	int bad = next.call(path);

	if (!bad)
		note('U', path, 0, NULL, 0);
	return bad;
}
