/* Copying and removing, without a process for each. */
#include "kit/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"

enum { PIECE = 256 * 1024 };

void
files_copy(const char *from, const char *to)
{
	static char piece[PIECE];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	/* written over, so that it stays the same place on the disk */
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ssize_t n;

	if (in < 0 || out < 0)
		fail_msg("%s cannot be copied: %s", from, strerror(errno));
	while ((n = read(in, piece, sizeof piece)) > 0)
		assert_true(io_write_all(out, piece, (size_t)n));
	assert_int_equal(n, 0);
	close(in);
	close(out);
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The next name that is not "." or "..". */
static struct dirent *
next_name(DIR *d)
{
	struct dirent *e = readdir(d);

	while (e && (strcmp(e->d_name, ".") == 0 ||
	    strcmp(e->d_name, "..") == 0))
		e = readdir(d);
	return e;
}

void
files_copy_folder(const char *from, const char *to)
{
	DIR *d = opendir(from);
	struct dirent *e;

	assert_non_null(d);
	if (!is_folder(to))
		assert_int_equal(mkdir(to, 0700), 0);
	while ((e = next_name(d)) != NULL) {
		char *source = io_join(from, e->d_name);
		char *target = io_join(to, e->d_name);

		if (is_folder(source))
			files_copy_folder(source, target);
		else
			files_copy(source, target);
		free(source);
		free(target);
	}
	closedir(d);
}

void
files_remove(const char *path)
{
	DIR *d = is_folder(path) ? opendir(path) : NULL;
	struct dirent *e;

	while (d && (e = next_name(d)) != NULL) {
		char *below = io_join(path, e->d_name);

		files_remove(below);
		free(below);
	}
	if (d)
		closedir(d);
	if (remove(path) != 0 && errno != ENOENT)
		fail_msg("%s cannot be removed: %s", path, strerror(errno));
}
