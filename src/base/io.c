/*
 * Files.  Everything we make is for us alone (0600, folders 0700) whatever the
 * umask says, and a file is replaced whole or not at all.
 */
#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/tr.h"

#define READ_STEP 65536

/* strerror() speaks the locale's language, which may not be installed. */
static const struct {
	int code;
	const char *text;
} reasons[] = {
	{ ENOENT, TR_MARK("it does not exist") },
	{ ENOTDIR, TR_MARK("a part of the path is not a folder") },
	{ EISDIR, TR_MARK("it is a folder") },
	{ EACCES, TR_MARK("you are not allowed to") },
	{ EPERM, TR_MARK("you are not allowed to") },
	{ ENOSPC, TR_MARK("the disk is full") },
	{ EDQUOT, TR_MARK("your share of the disk is used up") },
	{ EFBIG, TR_MARK("it would become too large") },
	{ EROFS, TR_MARK("the disk is read-only") },
	{ EIO, TR_MARK("the disk reports an error") },
	{ ELOOP, TR_MARK("links in it lead nowhere") },
	{ ENAMETOOLONG, TR_MARK("the name is too long") },
	{ EMFILE, TR_MARK("too many files are open") },
	{ ENFILE, TR_MARK("too many files are open") },
	{ EPIPE, TR_MARK("nobody reads it any more") },
};

const char *
io_reason(int code)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].code == code)
			return tr(reasons[i].text);
	return strerror(code);
}

bool
io_write_all(int fd, const void *bytes, size_t len)
{
	const char *p = bytes;

	while (len > 0) {
		ssize_t n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

/* Read a descriptor to its end. */
static enum status
read_all(struct buf *out, int fd, const char *path, struct err *err)
{
	char step[READ_STEP];

	for (;;) {
		ssize_t n = read(fd, step, sizeof step);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(err, E_IO, tr("%s cannot be read: %s."),
				path, io_reason(errno));
		if (n == 0)
			return E_OK;
		buf_add(out, step, (size_t)n);
		if (out->full)
			return err_set(err, E_INVALID,
				tr("%s is larger than %zu bytes."), path,
				out->max);
	}
}

static enum status
open_file(int *out, const char *path, struct err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return err_set(err, E_NOTFOUND, tr("%s does not exist."), path);
	if (fd < 0)
		return err_set(err, E_IO, tr("%s cannot be opened: %s."), path,
			io_reason(errno));
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		return err_set(err, E_INVALID, tr("%s is a folder."), path);
	}
	*out = fd;
	return E_OK;
}

enum status
io_read(struct buf *out, const char *path, struct err *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	size_t before = out->len;
	int fd = STDIN_FILENO;

	if (!is_stdin) {
		enum status s = open_file(&fd, path, err);
		if (s)
			return s;
	}
	enum status s = read_all(out, fd,
		is_stdin ? tr("standard input") : path, err);
	if (s)
		buf_cut(out, before);
	if (!is_stdin)
		close(fd);
	return s;
}

/* The folder that a path lies in, owned by the caller. */
static char *
parent_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return mem_strdup(".");
	return slash == path ? mem_strdup("/")
		: mem_strndup(path, (size_t)(slash - path));
}

static bool
sync_folder(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return false;
	/* Some file systems cannot sync a folder and say so with EINVAL. */
	bool done = fsync(fd) == 0 || errno == EINVAL;
	close(fd);
	return done;
}

static bool
write_new(int fd, const void *bytes, size_t len)
{
	return fchmod(fd, 0600) == 0 && io_write_all(fd, bytes, len)
		&& fsync(fd) == 0;
}

/* ---- a whole file or nothing ---- */

static enum status
cannot_write(const struct io_file *f, enum status code, int why,
	struct err *err)
{
	return err_set(err, code, tr("%s cannot be written: %s."), f->path,
		io_reason(why));
}

/* A device or a pipe has no content to be replaced. */
static bool
is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

enum status
io_whose_fault(int why)
{
	static const int paths[] = { ENOENT, ENOTDIR, EISDIR, EACCES, EPERM,
		EROFS, ENAMETOOLONG, ELOOP, ENXIO };

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		if (paths[i] == why)
			return E_INVALID;
	return E_IO;
}

enum status
io_open(struct io_file *out, const char *path, struct err *err)
{
	struct io_file f = { .path = mem_strdup(path) };
	enum status s = E_OK;

	if (is_folder(path)) {
		f.fd = -1;
		errno = EISDIR;
	} else if (is_special(path)) {
		f.fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	} else {
		f.fresh = mem_printf("%s.XXXXXX", path);
		f.fd = mkstemp(f.fresh);
	}
	if (f.fd >= 0) {
		*out = f;
		return E_OK;
	}
	s = cannot_write(&f, io_whose_fault(errno), errno, err);
	free(f.fresh);
	free(f.path);
	return s;
}

/* Whatever became of it, the descriptor and the memory go. */
static void
forget(struct io_file *f)
{
	free(f->fresh);
	free(f->path);
	*f = (struct io_file){0};
}

void
io_give_up(struct io_file *f)
{
	if (!f->path)
		return;
	close(f->fd);
	if (f->fresh)
		unlink(f->fresh);
	forget(f);
}

enum status
io_commit(struct io_file *f, const void *bytes, size_t len, struct err *err)
{
	bool done = f->fresh ? write_new(f->fd, bytes, len) :
		io_write_all(f->fd, bytes, len);
	char *dir = parent_of(f->path);
	enum status s = E_OK;
	int why = errno;

	if (close(f->fd) != 0 && done) {
		done = false;
		why = errno;
	}
	if (done && f->fresh && rename(f->fresh, f->path) != 0) {
		done = false;
		why = errno;
	}
	if (!done) {
		if (f->fresh)
			unlink(f->fresh);
		s = cannot_write(f, E_IO, why, err);
	} else if (f->fresh && !sync_folder(dir)) {
		s = cannot_write(f, E_IO, errno, err);
	}
	free(dir);
	forget(f);
	return s;
}

/* What cannot be opened here is a place of ours that is in disorder. */
enum status
io_write(const char *path, const void *bytes, size_t len, struct err *err)
{
	struct io_file f = {0};

	if (io_open(&f, path, err)) {
		err->code = E_IO;
		return E_IO;
	}
	return io_commit(&f, bytes, len, err);
}

void
io_hold_standard(void)
{
	static const int ways[] = { O_WRONLY, O_RDONLY, O_RDONLY };

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)open("/dev/null", ways[fd]);
}

bool
io_reader_is_gone(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return poll(&out, 1, 0) > 0 && (out.revents & POLLERR);
}

/* Make one folder; one that is there already is no failure. */
static bool
make_folder(const char *path)
{
	if (mkdir(path, 0700) == 0)
		return chmod(path, 0700) == 0;
	return errno == EEXIST;
}

static bool
make_folders(char *path)
{
	for (char *p = path + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		bool made = make_folder(path);
		*p = '/';
		/* A parent that may not be written can still be there. */
		if (!made && errno != EACCES && errno != EROFS)
			return false;
	}
	return make_folder(path);
}

enum status
io_private_dir(const char *path, struct err *err)
{
	struct stat st;
	char *copy = mem_strdup(path);
	enum status s = E_OK;

	if (!*path || !make_folders(copy)) {
		int why = *path ? errno : ENOENT;

		s = err_set(err, io_whose_fault(why),
			tr("The folder %s cannot be made: %s."), path,
			io_reason(why));
		goto out;
	}
	if (lstat(path, &st) != 0 || (!S_ISDIR(st.st_mode) && !S_ISLNK(st.st_mode))) {
		s = err_set(err, E_INVALID, tr("%s is not a folder."), path);
		goto out;
	}
	if (S_ISLNK(st.st_mode) || st.st_uid != geteuid()
	    || (st.st_mode & 077) != 0)
		s = err_set(err, E_AUTH,
			tr("The folder %s must belong to you alone: "
			"not a link, and closed to others (chmod 700)."), path);
out:
	free(copy);
	return s;
}

bool
io_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

char *
io_join(const char *dir, const char *name)
{
	size_t len = strlen(dir);
	bool has_slash = len > 0 && dir[len - 1] == '/';

	return mem_printf(has_slash ? "%s%s" : "%s/%s", dir, name);
}

char *
io_typed_path(const char *typed)
{
	const char *home = getenv("HOME");

	if (strncmp(typed, "~/", 2) == 0 && home)
		return io_join(home, typed + 2);
	return mem_strdup(typed);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool
is_listed(const char *name, const char *suffix)
{
	size_t len = strlen(name), tail = strlen(suffix);

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return false;
	return len >= tail && strcmp(name + len - tail, suffix) == 0;
}

enum status
io_list(char ***out, size_t *count, const char *dir, const char *suffix,
	struct err *err)
{
	char **names = NULL;
	size_t n = 0;
	DIR *d = opendir(dir);

	if (!d && (errno == ENOENT || errno == ENOTDIR))
		return err_set(err, E_NOTFOUND, tr("%s does not exist."), dir);
	if (!d)
		return err_set(err, E_IO, tr("%s cannot be opened: %s."), dir,
			io_reason(errno));
	for (;;) {
		errno = 0;
		const struct dirent *entry = readdir(d);
		if (!entry)
			break;
		if (!is_listed(entry->d_name, suffix))
			continue;
		names = mem_grow(names, n, sizeof *names);
		names[n++] = mem_strdup(entry->d_name);
	}
	int why = errno;
	closedir(d);
	if (why != 0) {
		for (size_t i = 0; i < n; i++)
			free(names[i]);
		free(names);
		return err_set(err, E_IO, tr("%s cannot be read: %s."), dir,
			io_reason(why));
	}
	if (n > 0)
		qsort(names, n, sizeof *names, compare_names);
	*out = names;
	*count = n;
	return E_OK;
}
