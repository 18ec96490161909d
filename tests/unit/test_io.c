/* base/io: whole files or none, for us alone, whatever the umask says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"

/* A folder of our own for each test; left empty by it. */
static int
make_dir(void **state)
{
	char *dir = mem_strdup("/tmp/fengqiao-io.XXXXXX");

	*state = dir;
	return mkdtemp(dir) ? 0 : -1;
}

static int
drop_dir(void **state)
{
	int result = rmdir(*state);

	free(*state);
	return result;
}

static mode_t
mode_of(const char *path)
{
	struct stat st = {0};

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 0777;
}

static void
test_write_and_read(void **state)
{
	struct err err = ERR_INIT;
	char *path = io_join(*state, "a.json");
	struct buf out;
	mode_t before = umask(0777);

	buf_init(&out, 10);
	assert_false(io_exists(path));
	assert_int_equal(io_write(path, "one\0two", 7, &err), E_OK);
	umask(0);
	assert_int_equal(mode_of(path), 0600);
	assert_int_equal(io_write(path, "0123456789", 10, &err), E_OK);
	umask(before);
	assert_true(io_exists(path));
	assert_int_equal(mode_of(path), 0600);
	assert_int_equal(io_read(&out, path, &err), E_OK);
	assert_string_equal(out.data, "0123456789");
	buf_clear(&out);
	buf_text(&out, "x");
	assert_int_equal(io_read(&out, path, &err), E_INVALID);
	assert_string_equal(out.data, "x");
	assert_int_equal(unlink(path), 0);
	buf_release(&out);
	free(path);
}

static void
test_read_fails(void **state)
{
	static const struct {
		const char *path;
		enum status status;
	} cases[] = {
		{ "/nowhere/at/all", E_NOTFOUND }, { "/dev/null/x", E_NOTFOUND },
		{ "/", E_INVALID }, { "", E_NOTFOUND },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err err = ERR_INIT;
		struct buf out;
		buf_init(&out, 10);
		assert_int_equal(io_read(&out, cases[i].path, &err),
			cases[i].status);
		assert_int_equal(err.code, cases[i].status);
		assert_int_equal(out.len, 0);
		buf_release(&out);
	}
}

static void
test_read_stdin(void **state)
{
	struct err err = ERR_INIT;
	struct buf out;
	int fds[2], saved = dup(STDIN_FILENO);

	(void)state;
	buf_init(&out, 100);
	assert_int_equal(pipe(fds), 0);
	assert_true(io_write_all(fds[1], "piped", 5));
	close(fds[1]);
	assert_int_equal(dup2(fds[0], STDIN_FILENO), STDIN_FILENO);
	assert_int_equal(io_read(&out, "-", &err), E_OK);
	assert_string_equal(out.data, "piped");
	dup2(saved, STDIN_FILENO);
	close(fds[0]);
	close(saved);
	buf_release(&out);
}

/* Where the new file cannot be made, or cannot take the old one's name, the
 * old one stands and nothing is left beside it. */
static void
test_write_fails(void **state)
{
	struct err err = ERR_INIT;
	char *folder = io_join(*state, "folder");
	char *inside = io_join(folder, "x");
	char **names = NULL;
	size_t count = 9;

	assert_int_equal(io_write(inside, "x", 1, &err), E_IO);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(io_write(folder, "x", 1, &err), E_IO);
	assert_int_equal(err.code, E_IO);
	assert_int_equal(io_list(&names, &count, *state, "", &err), E_OK);
	assert_int_equal(count, 1);
	assert_string_equal(names[0], "folder");
	free(names[0]);
	free(names);
	assert_int_equal(rmdir(folder), 0);
	free(folder);
	free(inside);
}

/* It is known before anything is done whether there can be such a file. */
static void
test_in_two_steps(void **state)
{
	struct err err = ERR_INIT;
	char *path = io_join(*state, "a"), *inside = io_join(path, "x");
	struct io_file f = {0};
	char **names = NULL;
	size_t count = 9;

	assert_int_equal(io_open(&f, *state, &err), E_INVALID);
	assert_int_equal(io_open(&f, inside, &err), E_INVALID);
	assert_null(f.path);
	io_give_up(&f);
	assert_int_equal(io_write(path, "old", 3, &err), E_OK);
	assert_int_equal(io_open(&f, inside, &err), E_INVALID);
	assert_int_equal(io_open(&f, path, &err), E_OK);
	io_give_up(&f);
	assert_int_equal(io_list(&names, &count, *state, "", &err), E_OK);
	assert_int_equal(count, 1);
	free(names[0]);
	free(names);
	assert_int_equal(io_open(&f, path, &err), E_OK);
	assert_int_equal(io_commit(&f, "fresh", 5, &err), E_OK);
	assert_null(f.path);
	assert_int_equal(mode_of(path), 0600);
	assert_int_equal(unlink(path), 0);
	free(inside);
	free(path);
}

/* A device is written, and never replaced by a file. */
static void
test_device(void **state)
{
	struct err err = ERR_INIT;
	struct io_file f = {0};
	struct stat st = {0};

	(void)state;
	assert_int_equal(io_open(&f, "/dev/null", &err), E_OK);
	assert_int_equal(io_commit(&f, "x", 1, &err), E_OK);
	assert_int_equal(io_open(&f, "/dev/full", &err), E_OK);
	assert_int_equal(io_commit(&f, "x", 1, &err), E_IO);
	assert_int_equal(stat("/dev/full", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
}

static void
test_full_disk(void **state)
{
	int fd = open("/dev/full", O_WRONLY);

	(void)state;
	assert_true(fd >= 0);
	assert_false(io_write_all(fd, "x", 1));
	assert_int_equal(errno, ENOSPC);
	tr_set(TR_EN);
	assert_string_equal(io_reason(ENOSPC), "the disk is full");
	tr_set(TR_ZH);
	assert_string_equal(io_reason(ENOSPC), "磁盘空间已满");
	close(fd);
}

/* T5: a link that somebody put in the way takes nothing elsewhere. */
static void
test_a_link_is_replaced(void **state)
{
	struct err err = ERR_INIT;
	char *mine = io_join(*state, "mine"), *link = io_join(*state, "link");
	struct stat st;
	struct buf out;

	assert_int_equal(io_write(mine, "mine", 4, &err), E_OK);
	assert_int_equal(symlink("mine", link), 0);
	assert_int_equal(io_write(link, "other", 5, &err), E_OK);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISREG(st.st_mode));
	buf_init(&out, 10);
	assert_int_equal(io_read(&out, mine, &err), E_OK);
	assert_string_equal(out.data, "mine");
	buf_release(&out);
	unlink(link);
	unlink(mine);
	free(link);
	free(mine);
}

static void
test_private_dir(void **state)
{
	struct err err = ERR_INIT;
	char *outer = io_join(*state, "a");
	char *inner = io_join(outer, "b");
	char *link = io_join(outer, "link");
	char *file = io_join(outer, "file");
	mode_t before = umask(0777);

	assert_int_equal(io_private_dir(inner, &err), E_OK);
	umask(before);
	assert_int_equal(mode_of(outer), 0700);
	assert_int_equal(mode_of(inner), 0700);
	assert_int_equal(io_private_dir(inner, &err), E_OK);
	assert_int_equal(chmod(inner, 0750), 0);
	assert_int_equal(io_private_dir(inner, &err), E_AUTH);
	assert_int_equal(mode_of(inner), 0750);
	assert_int_equal(chmod(inner, 0700), 0);
	assert_int_equal(symlink("b", link), 0);
	assert_int_equal(io_private_dir(link, &err), E_AUTH);
	assert_int_equal(io_write(file, "", 0, &err), E_OK);
	assert_int_equal(io_private_dir(file, &err), E_INVALID);
	assert_int_equal(io_private_dir("", &err), E_INVALID);
	unlink(file);
	unlink(link);
	rmdir(inner);
	rmdir(outer);
	free(outer);
	free(inner);
	free(link);
	free(file);
}

static void
test_list(void **state)
{
	static const char *const made[] = { "b.json", "a.json", "c.txt", ".json" };
	static const char *const listed[] = { ".json", "a.json", "b.json" };
	struct err err = ERR_INIT;
	char **names = NULL;
	size_t count = 0;

	for (size_t i = 0; i < 4; i++) {
		char *path = io_join(*state, made[i]);
		assert_int_equal(io_write(path, "", 0, &err), E_OK);
		free(path);
	}
	assert_int_equal(io_list(&names, &count, *state, ".json", &err), E_OK);
	assert_int_equal(count, 3);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(names[i], listed[i]);
		free(names[i]);
	}
	free(names);
	for (size_t i = 0; i < 4; i++) {
		char *path = io_join(*state, made[i]);
		assert_int_equal(unlink(path), 0);
		free(path);
	}
	assert_int_equal(io_list(&names, &count, "/nowhere", "", &err),
		E_NOTFOUND);
	assert_int_equal(count, 3);
}

static void
test_join(void **state)
{
	char *a = io_join("dir", "name"), *b = io_join("dir/", "name");

	(void)state;
	assert_string_equal(a, "dir/name");
	assert_string_equal(b, "dir/name");
	free(a);
	free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_write_and_read, make_dir,
			drop_dir),
		cmocka_unit_test(test_read_fails),
		cmocka_unit_test(test_read_stdin),
		cmocka_unit_test_setup_teardown(test_write_fails, make_dir,
			drop_dir),
		cmocka_unit_test_setup_teardown(test_in_two_steps, make_dir,
			drop_dir),
		cmocka_unit_test(test_device),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test_setup_teardown(test_a_link_is_replaced,
			make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(test_private_dir, make_dir,
			drop_dir),
		cmocka_unit_test_setup_teardown(test_list, make_dir, drop_dir),
		cmocka_unit_test(test_join),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
