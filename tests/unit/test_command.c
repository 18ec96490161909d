/*
 * fengqiaod's commands, run in this process with its standard streams in
 * files; serve in a process of its own.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "base/io.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "server/command.h"

enum { WORDS_MAX = 24 };

struct desk {
	char dir[64];		/* a temporary folder */
	char data[80];		/* the ledger's, in it */
};

struct said {
	int status;
	struct buf out, err;
};

static int
setup(void **state)
{
	struct desk *d = calloc(1, sizeof *d);

	*state = d;
	crypto_init();
	tr_set(TR_EN);
	snprintf(d->dir, sizeof d->dir, "/tmp/fengqiao-command-XXXXXX");
	if (!mkdtemp(d->dir))
		return -1;
	snprintf(d->data, sizeof d->data, "%s/county", d->dir);
	return 0;
}

static int
teardown(void **state)
{
	struct desk *d = *state;
	char *command = mem_printf("rm -r '%s'", d->dir);
	int rc = system(command);

	free(command);
	free(d);
	tr_set(TR_ZH);
	return rc;
}

static void
read_back(struct buf *out, const struct desk *d, const char *name)
{
	char *path = io_join(d->dir, name);
	struct err err = ERR_INIT;

	buf_init(out, BUF_RECORD_MAX);
	assert_int_equal(io_read(out, path, &err), E_OK);
	free(path);
}

static int
redirect(const struct desk *d, const char *name, int to, int flags)
{
	char *path = io_join(d->dir, name);
	int kept = dup(to), fd = open(path, flags, 0600);

	assert_true(fd >= 0);
	assert_int_equal(dup2(fd, to), to);
	close(fd);
	free(path);
	return kept;
}

static void
restore(int kept, int to)
{
	assert_int_equal(dup2(kept, to), to);
	close(kept);
}

/* Run "fengqiaod line": words are separated by blanks, @ stands for --data and
 * the folder. */
static void
run(struct said *out, const struct desk *d, const char *input,
    const char *line)
{
	char *copy = mem_strdup(line), *at = copy;
	char *words[WORDS_MAX] = { (char *)(uintptr_t)"fengqiaod" };
	int count = 1, kept[3];
	char *path = io_join(d->dir, "in");
	struct err err = ERR_INIT;

	while (*at) {
		size_t len = strcspn(at, " ");
		bool last = at[len] == '\0';

		at[len] = '\0';
		assert_true(count < WORDS_MAX - 2);
		if (strcmp(at, "@") == 0) {
			words[count++] = (char *)(uintptr_t)"--data";
			words[count++] = (char *)(uintptr_t)d->data;
		} else {
			words[count++] = at;
		}
		at += last ? len : len + 1;
	}
	assert_int_equal(io_write(path, input, strlen(input), &err), E_OK);
	fflush(stdout);
	fflush(stderr);
	kept[0] = redirect(d, "in", STDIN_FILENO, O_RDONLY);
	kept[1] = redirect(d, "out", STDOUT_FILENO,
	    O_WRONLY | O_CREAT | O_TRUNC);
	kept[2] = redirect(d, "err", STDERR_FILENO,
	    O_WRONLY | O_CREAT | O_TRUNC);
	out->status = command_run(count, words);
	fflush(stdout);
	fflush(stderr);
	for (int i = 0; i < 3; i++)
		restore(kept[i], i);
	read_back(&out->out, d, "out");
	read_back(&out->err, d, "err");
	free(path);
	free(copy);
}

static void
release(struct said *s)
{
	buf_release(&s->out);
	buf_release(&s->err);
}

#define INIT "init @ --county 990000 --name 测试县"

/* It must end so; a refusal says one sentence and prints nothing. */
static void
expect(const struct desk *d, const char *input, const char *line, int status)
{
	struct said s;

	run(&s, d, input, line);
	if (s.status != status)
		fail_msg("%s: %d %s", line, s.status, s.err.data);
	if (status != 0) {
		const char *end = strchr(s.err.data, '\n');

		if (s.out.len > 0 || !end || end[1] || end - s.err.data < 8)
			fail_msg("%s: %s%s", line, s.out.data, s.err.data);
	}
	if (status == 0)
		assert_int_equal(s.err.len, 0);
	release(&s);
}

static mode_t
mode_of(const struct desk *d, const char *name)
{
	char *path = io_join(d->data, name);
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	free(path);
	return st.st_mode & 0777;
}

static void
test_a_first_day(void **state)
{
	struct desk *d = *state;
	static const char *const files[] = { "ledger.db", "epoch", "ca.key",
		"ca.pem", "server.key", "server.pem" };
	struct json *j = NULL;
	struct err err = ERR_INIT;
	struct said s;

	expect(d, "", INIT " --host localhost",
	    0);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(mode_of(d, files[i]), 0600);
	assert_int_equal(mode_of(d, "."), 0700);
	expect(d, "", "office add @ 9900000001 一所", 0);
	expect(d, "Qingshi-2026\n", "user add u010 @ --name=陈 --office 9900000001 "
	    "--role clerk --password-stdin", 0);
	run(&s, d, "", "enroll-code @ --office 9900000001");
	assert_int_equal(s.out.len, 11);
	release(&s);
	run(&s, d, "", "status @ --json");
	assert_int_equal(json_parse(&j, s.out.data, s.out.len, BUF_LINE_MAX,
	    &err), E_OK);
	assert_string_equal(json_get_text(j, "county_name"), "测试县");
	json_free(j);
	release(&s);
	run(&s, d, "", "user list @");
	assert_non_null(strstr(s.out.data, "u010"));
	assert_non_null(strstr(s.out.data, "initial password"));
	assert_null(strstr(s.out.data, "argon2"));
	release(&s);
	expect(d, "another password\n", "user passwd @ u010 --password-stdin",
	    0);
	expect(d, "Lasting-2026\n", "user passwd @ u010 --password-stdin "
	    "--lasting", 0);
	run(&s, d, "", "user list @");
	assert_null(strstr(s.out.data, "initial password"));
	release(&s);
	run(&s, d, "", "status @ --json");
	assert_non_null(strstr(s.out.data, "\"password_days\":90"));
	release(&s);
	expect(d, "", "county set @ --password-days 0", 0);
	run(&s, d, "", "status @ --json");
	assert_non_null(strstr(s.out.data, "\"password_days\":0"));
	release(&s);
	expect(d, "", "user disable @ u010", 0);
	run(&s, d, "", "user list @ --json");
	assert_non_null(strstr(s.out.data, "\"disabled\":true"));
	release(&s);
	expect(d, "", "device list @", 0);
	expect(d, "", "office list @ --json", 0);
	expect(d, "", "check @", 0);
}

static void
test_it_says_no(void **state)
{
	struct desk *d = *state;
	static const struct {
		const char *input, *line;
		int status;
	} cases[] = {
		{ "", "", 2 },
		{ "", "dance", 2 },
		{ "", "office", 2 },
		{ "", "office add", 2 },
		{ "", "office add @", 2 },
		{ "", "office add @ 1 2 3", 2 },
		{ "", "office add @ --role x 12 y", 2 },
		{ "", "status", 2 },
		{ "", "status --data", 2 },
		{ "", "status @ --json=yes", 2 },
		{ "", "status @ -v", 2 },
		{ "", "user add u1 @ --name a --office 9900000001 --role clerk",
		  2 },
		{ "", INIT, 1 },
		{ "", "init @", 2 },
		{ "", "init @ --county 990000", 2 },
		{ "", "init @ --county --name 县", 2 },
		{ "", "office add @ 9900000001 again", 1 },
		{ "", "office add @ -- --x y", 1 },
		{ "Qingshi-2026\n", "user add u1 @ --name a --office none "
		  "--role clerk --password-stdin", 1 },
		{ "Qingshi-2026\n", "user add u1 @ --name a --office 9900000001 "
		  "--role king --password-stdin", 1 },
		{ "short\n", "user add u1 @ --name a --office 9900000001 "
		  "--role clerk --password-stdin", 1 },
		{ "\xff\xff\xff\xff\xff\xff\xff\xff\n", "user passwd u1 @ "
		  "--password-stdin", 1 },
		{ "Qingshi-2026\n", "user passwd nobody @ --password-stdin", 1 },
		{ "", "user disable nobody @", 1 },
		{ "", "county set @ --password-days -1", 2 },
		{ "", "county set @ --password-days 90x", 2 },
		{ "", "county set @ --password-days 99999", 1 },
		{ "", "enroll-code @ --office none", 1 },
		{ "", "device revoke @ 7", 1 },
		{ "", "device revoke @ 01890000-0000-7000-8000-000000000000",
		  1 },
		{ "", "device erase @ 01890000-0000-7000-8000-000000000000",
		  1 },
		{ "", "device revoke @ --at-once "
		  "01890000-0000-7000-8000-000000000000", 2 },
		{ "", "device remove @ 7", 1 },
		{ "", "device give @ --office 9900000001 "
		  "01890000-0000-7000-8000-000000000000", 1 },
		{ "", "user set @ nobody --role clerk", 1 },
		{ "", "user set @ nobody", 2 },
		{ "", "status --data /nowhere/at/all", 1 },
		{ "", "serve @ --listen nowhere", 2 },
		{ "", "serve @ --listen 127.0.0.1:99999", 2 },
		{ "", "serve @ --cert x", 2 },
		{ "", "serve @ --min-app x", 2 },
		{ "", "status @ --lang fr", 2 },
		{ "", "audit purge @ --before 20250230", 2 },
		{ "", "serve @ --screens /nowhere", 1 },
		{ "", "serve @ --listen 192.0.2.1:0", 1 },
		{ "", "backup @ /nowhere/at/all", 1 },
	};

	expect(d, "", INIT, 0);
	expect(d, "", "office add @ 9900000001 一所", 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		expect(d, cases[i].input, cases[i].line, cases[i].status);
}

static void
test_a_bad_host_leaves_nothing(void **state)
{
	struct desk *d = *state;

	expect(d, "", INIT " --host a/b", 1);
	expect(d, "", INIT " --host localhost", 0);
}

static void
test_help(void **state)
{
	struct desk *d = *state;
	static const char *const commands[] = { "init", "office add",
		"office list", "user add", "user passwd", "user disable",
		"user list", "enroll-code", "serve", "device list",
		"user set", "user approvals", "user agree", "user refuse",
		"device revoke", "device allow", "device give",
		"device erase",
		"device remove", "quarantine list", "backup", "check",
		"status" };
	struct said all, one;

	run(&all, d, "", "--help");
	assert_int_equal(all.status, 0);
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		char *line = mem_printf("%s --help", commands[i]);

		assert_non_null(strstr(all.out.data, commands[i]));
		run(&one, d, "", line);
		assert_int_equal(one.status, 0);
		assert_non_null(strstr(one.out.data, "--json"));
		release(&one);
		free(line);
	}
	release(&all);
}

static void
test_a_backup_is_a_ledger(void **state)
{
	struct desk *d = *state;
	char *line = mem_printf("backup @ %s/copy.db", d->dir);
	char *move = mem_printf("cp '%s/copy.db' '%s/ledger.db' && "
	    "rm -f '%s/ledger.db-wal' '%s/ledger.db-shm'", d->dir, d->data,
	    d->data, d->data);

	expect(d, "", INIT, 0);
	expect(d, "", "office add @ 9900000001 一所", 0);
	expect(d, "", line, 0);
	expect(d, "", line, 1);		/* never over another file */
	expect(d, "", "office add @ 9900000002 二所", 0);
	assert_int_equal(system(move), 0);
	expect(d, "", "check @", 0);
	expect(d, "", "office add @ 9900000002 二所", 0);
	free(line);
	free(move);
}

/* Another ledger's database beside this epoch file. */
static void
test_a_foreign_database_is_noticed(void **state)
{
	struct desk *d = *state;
	char *other = mem_printf("init --data %s/other --county 990000 "
	    "--name 测试县", d->dir);
	char *move = mem_printf("cp '%s/other/ledger.db' '%s/'", d->dir,
	    d->data);
	char *erase = mem_printf("rm '%s/epoch'", d->data);

	expect(d, "", INIT, 0);
	expect(d, "", other, 0);
	assert_int_equal(system(move), 0);
	expect(d, "", "status @", 1);
	assert_int_equal(system(erase), 0);
	expect(d, "", "status @", 1);
	free(other);
	free(move);
	free(erase);
}

static void
test_serve_says_where_and_stops(void **state)
{
	struct desk *d = *state;
	char *path = io_join(d->dir, "listening"), *curl;
	struct buf said;
	int status = -1, port = 0;
	pid_t pid;

	expect(d, "", INIT " --host 127.0.0.1", 0);
	fflush(stdout);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		char *words[] = { (char *)(uintptr_t)"fengqiaod",
			(char *)(uintptr_t)"serve",
			(char *)(uintptr_t)"--data", d->data,
			(char *)(uintptr_t)"--listen",
			(char *)(uintptr_t)"127.0.0.1:0" };

		if (!freopen(path, "w", stdout))
			_exit(99);
		_exit(command_run(6, words));
	}
	for (int i = 0; i < 200 && !port; i++) {
		struct err err = ERR_INIT;

		usleep(50000);
		buf_init(&said, BUF_LINE_MAX);
		if (io_exists(path) && !io_read(&said, path, &err) &&
		    strncmp(said.data, "listening on https://127.0.0.1:",
		    31) == 0)
			port = (int)strtol(said.data + 31, NULL, 10);
		buf_release(&said);
	}
	assert_true(port > 0);
	curl = mem_printf("curl -s --noproxy '*' --cacert '%s/ca.pem' "
	    "https://127.0.0.1:%d/v1/ping | grep -q true", d->data, port);
	assert_int_equal(system(curl), 0);
	assert_int_equal(kill(pid, SIGTERM), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	free(curl);
	free(path);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_a_first_day),
		T(test_it_says_no),
		T(test_a_bad_host_leaves_nothing),
		T(test_help),
		T(test_a_backup_is_a_ledger),
		T(test_a_foreign_database_is_noticed),
		T(test_serve_says_where_and_stops),
	};

	return cmocka_run_group_tests_name("command", tests, NULL, NULL);
}
