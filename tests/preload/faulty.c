/*
 * A machine that fails: with LD_PRELOAD, some of the calls of a program fail.
 *
 *   FAULTY        which: write (also pwrite, ftruncate), sync (fsync,
 *                 fdatasync), open (also rename), malloc (also calloc,
 *                 realloc); one of them
 *   FAULTY_AT     the number of the call that fails, 1 is the first; 0: none
 *   FAULTY_EVERY  1: and all after it
 *   FAULTY_HOW    EIO (the default), ENOSPC, EINTR, or short: half is written,
 *                 and the rest when it is tried again
 *   FAULTY_IN     only files whose path holds this
 *   FAULTY_COUNT  a file that gets the number of calls that were met
 *
 * What is said on standard output and error always gets through.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *which, *within, *counted;
static long at;
static atomic_long met;
static bool every, half, ready;
static int code = EIO;

__attribute__((constructor)) static void
begin(void)
{
	const char *number = getenv("FAULTY_AT"), *how = getenv("FAULTY_HOW");
	const char *on = getenv("FAULTY_EVERY");

	within = getenv("FAULTY_IN");
	counted = getenv("FAULTY_COUNT");
	at = number ? strtol(number, NULL, 10) : 0;
	every = on && *on == '1';
	half = how && strcmp(how, "short") == 0;
	if (how && strcmp(how, "ENOSPC") == 0)
		code = ENOSPC;
	if (how && strcmp(how, "EINTR") == 0)
		code = EINTR;
	which = getenv("FAULTY");
	ready = which != NULL;
}

__attribute__((destructor)) static void
end(void)
{
	char text[24];
	int fd, len;

	ready = false;
	if (!counted)
		return;
	len = snprintf(text, sizeof text, "%ld\n", (long)met);
	fd = open(counted, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, text, (size_t)len) != len)
		_exit(99);
	close(fd);
}

/* Is it this call's turn to fail? */
static bool
fails(const char *kind)
{
	long n;

	if (!ready || strcmp(which, kind) != 0)
		return false;
	n = atomic_fetch_add(&met, 1) + 1;
	return at > 0 && (n == at || (every && n > at));
}

static bool
is_meant(const char *path)
{
	return !within || (path && strstr(path, within));
}

static bool
is_meant_fd(int fd)
{
	char name[32], path[512];
	ssize_t n;

	if (fd <= STDERR_FILENO)
		return false;
	if (!within)
		return true;
	snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	n = readlink(name, path, sizeof path - 1);
	if (n < 0)
		return false;
	path[n] = '\0';
	return is_meant(path);
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

/* Less is written, or nothing: *len is how much. */
static bool
cut(size_t *len)
{
	if (half) {
		*len -= *len / 2;
		return false;
	}
	errno = code;
	return true;
}

ssize_t
write(int fd, const void *data, size_t len)
{
	REAL(ssize_t, "write", int, const void *, size_t);

	if (ready && is_meant_fd(fd) && fails("write") && cut(&len))
		return -1;
	return next.call(fd, data, len);
}

ssize_t
pwrite64(int fd, const void *data, size_t len, off_t to)
{
	REAL(ssize_t, "pwrite64", int, const void *, size_t, off_t);

	if (ready && is_meant_fd(fd) && fails("write") && cut(&len))
		return -1;
	return next.call(fd, data, len, to);
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

	if (ready && is_meant_fd(fd) && fails("write") && !half) {
		errno = code;
		return -1;
	}
	return next.call(fd, len);
}

int
ftruncate(int fd, off_t len)
{
	return ftruncate64(fd, len);
}

int
fsync(int fd)
{
	REAL(int, "fsync", int);

	if (ready && is_meant_fd(fd) && fails("sync")) {
		errno = code;
		return -1;
	}
	return next.call(fd);
}

int
fdatasync(int fd)
{
	REAL(int, "fdatasync", int);

	if (ready && is_meant_fd(fd) && fails("sync")) {
		errno = code;
		return -1;
	}
	return next.call(fd);
}

int
rename(const char *from, const char *to)
{
	REAL(int, "rename", const char *, const char *);

	if (ready && is_meant(to) && fails("open")) {
		errno = code;
		return -1;
	}
	return next.call(from, to);
}

int
open64(const char *path, int flags, ...)
{
	REAL(int, "open64", const char *, int, ...);
	mode_t mode = 0;
	va_list more;

	va_start(more, flags);
	if (flags & (O_CREAT | __O_TMPFILE))
		mode = va_arg(more, mode_t);
	va_end(more);
	if (ready && is_meant(path) && fails("open")) {
		errno = half ? EMFILE : code;
		return -1;
	}
	return next.call(path, flags, mode);
}

int
open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list more;

	va_start(more, flags);
	if (flags & (O_CREAT | __O_TMPFILE))
		mode = va_arg(more, mode_t);
	va_end(more);
	return open64(path, flags, mode);
}

/* dlsym() allocates, so the C library's own are called by their names; all of
 * them, because a program may be linked with another allocator. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *old);

void *
malloc(size_t size)
{
	if (fails("malloc")) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	if (fails("malloc")) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_calloc(count, size);
}

void *
realloc(void *old, size_t size)
{
	if (fails("malloc")) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_realloc(old, size);
}

void
free(void *old)
{
	__libc_free(old);
}

void *
memalign(size_t alignment, size_t size)
{
	return __libc_memalign(alignment, size);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
	return __libc_memalign(alignment, size);
}

int
posix_memalign(void **out, size_t alignment, size_t size)
{
	*out = __libc_memalign(alignment, size);
	return *out ? 0 : ENOMEM;
}
