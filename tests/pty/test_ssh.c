/*
 * The program over SSH: a real server and client on loopback (kit/sshline).
 * Lines that are killed at any moment of typing, that freeze, that break in
 * the middle of a character; resizes, a stopped program, ^S and ^Q.
 *
 * What must hold of a killed line: everything that the clerk had seen on the
 * screen is in the draft, and nothing that was not typed.  KILLS=n SEED=n make
 * other moments; FREEZE=n seconds of a line that stands still.
 */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "kit/ptyoffice.h"
#include "kit/sshline.h"

enum { CLERKS = 5, KILLS = 200, FREEZE_S = 20, BURSTS = 7, BURST_CHARS = 4,
	GAP_MS = 160, LAST_MS = 120, STORM = 80, TYPED_BYTES = 256 };

static struct sshline line;

/* ---- somebody at the other end ---- */

struct clerk {
	struct ptyoffice office;
	struct sshline_call call;
	char name[16];			/* of the call */
	uint64_t random;
	char typed[TYPED_BYTES];	/* into the name, whole characters */
	char seen[TYPED_BYTES];		/* of it, on the screen */
	bool drafted;			/* a draft must be there next time */
};

/* splitmix64: small, and the same everywhere. */
static unsigned
up_to(struct clerk *c, unsigned most)
{
	uint64_t z = (c->random += 0x9E3779B97F4A7C15u);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return (unsigned)((z ^ (z >> 31)) % (most + 1));
}

static bool
call(struct clerk *c, const struct vtest_options *o)
{
	char command[512];
	const char *program = c->office.program;
	char here[256] = "";

	if (program[0] != '/' && !getcwd(here, sizeof here))
		return false;
	(void)snprintf(command, sizeof command, "env LC_ALL=C.UTF-8 %s "
		"FENGQIAO_LANG=zh_CN TZ=CST-8 %s%s%s", c->office.home_is, here,
		program[0] == '/' ? "" : "/", program);
	return sshline_call(&c->call, &line, c->name, o, command);
}

/* Up to the first screen, or to the drafts. */
static bool
sign_in(struct clerk *c)
{
	struct vtest *t = &c->call.t;
	int what;

	if (!vtest_wait(t, "回车=登录"))
		return false;
	/* it remembers who was here last, and then asks for the password */
	vtest_settle(t, 20);
	if (t->cursor.row == vtest_find(t, "用户", NULL)) {
		vtest_ctrl(t, 'u');
		vtest_type(t, PLAYOFFICE_USER "\r");
	}
	vtest_type(t, PLAYOFFICE_PASSWORD "\r");
	what = vtest_wait_either(t, "D=丢弃", "q=退出");
	return what >= 0;
}

/* How much of what was typed stands in the name's row: its bytes. */
static size_t
shown(struct clerk *c, const char *typed)
{
	char row[VTEST_LINE_MAX], part[TYPED_BYTES];
	int at = vtest_find(&c->call.t, "姓名/名称", NULL);
	size_t len = strlen(typed);

	if (at < 0)
		return 0;
	vtest_row(&c->call.t, at, row);
	for (; len > 0; len--) {
		if ((typed[len] & 0xC0) == 0x80)
			continue;
		memcpy(part, typed, len);
		part[len] = '\0';
		if (strstr(row, part))
			return len;
	}
	return 0;
}

static bool
new_name(struct clerk *c)
{
	struct vtest *t = &c->call.t;

	vtest_type(t, "p");
	if (!vtest_wait(t, "n=新建"))
		return false;
	vtest_type(t, "n");
	if (!vtest_wait(t, "新建：人员"))
		return false;
	vtest_settle(t, 20);
	while (t->cursor.row != vtest_find(t, "姓名/名称", NULL)) {
		vtest_type(t, "\t");
		if (!vtest_wait_moved(t))
			return false;
	}
	return true;
}

/* ---- killed at any moment ---- */

/* A few characters at once, as an input method gives them. */
static void
type_burst(struct clerk *c)
{
	static const char *const hanzi[] = { "甲", "乙", "丙", "丁", "戊", "己",
		"庚", "辛", "壬", "癸", "寅", "卯", "辰", "巳", "午", "酉" };
	char burst[BURST_CHARS * 4 + 8] = "";

	for (unsigned n = 1 + up_to(c, BURST_CHARS - 1); n > 0; n--)
		(void)strcat(burst, hanzi[up_to(c, 15)]);
	if (strlen(c->typed) + strlen(burst) < 64)
		(void)strcat(c->typed, burst);
	else
		burst[0] = '\0';
	vtest_type(&c->call.t, burst);
}

static void
kill_somewhere(struct clerk *c)
{
	const pid_t victims[] = { c->call.t.pid, sshline_server(&c->call),
		sshline_between(&c->call), sshline_program(&c->call) };
	unsigned which = up_to(c, 3);

	if (victims[which] > 0)
		kill(victims[which], which == 3 ? SIGHUP : SIGKILL);
}

/* The name is as much of what was typed as was seen, or more, and nothing
 * else: no half characters. */
static bool
holds_what_was_seen(struct clerk *c)
{
	char row[VTEST_LINE_MAX];
	size_t len = shown(c, c->typed), row_len;

	vtest_row(&c->call.t, vtest_find(&c->call.t, "姓名/名称", NULL), row);
	row_len = strlen(row);
	if (len >= strlen(c->seen) && row_len >= len &&
	    memcmp(row + row_len - len, c->typed, len) == 0)
		return true;
	fprintf(stderr, "# typed %s, seen %s\n", c->typed, c->seen);
	vtest_dump(&c->call.t);
	return false;
}

/* The last program has ended and kept what it had; this one shows it. */
static bool
check_draft(struct clerk *c)
{
	struct vtest *t = &c->call.t;

	if (vtest_find(t, "D=丢弃", NULL) < 0) {
		if (c->drafted)
			fprintf(stderr, "# no draft; seen: %s\n", c->seen);
		return !c->drafted;
	}
	vtest_type(t, "\r");
	if (!vtest_wait(t, "新建：人员"))
		return false;
	if (!holds_what_was_seen(c))
		return false;
	vtest_ctrl(t, 'x');
	if (!vtest_wait(t, "y"))
		return false;
	vtest_type(t, "y\r");
	return vtest_wait(t, "q=退出");
}

static bool
type_until_killed(struct clerk *c)
{
	struct vtest *t = &c->call.t;

	c->typed[0] = c->seen[0] = '\0';
	c->drafted = false;
	if (!new_name(c))
		return false;
	for (unsigned n = up_to(c, BURSTS); n > 0; n--) {
		type_burst(c);
		vtest_settle(t, 1 + (int)up_to(c, GAP_MS));
	}
	if (up_to(c, 2) == 0)
		vtest_send(t, "\xe5\xbc", 2);	/* two thirds of a character */
	vtest_settle(t, 1 + (int)up_to(c, LAST_MS));
	memcpy(c->seen, c->typed, sizeof c->seen);
	c->seen[shown(c, c->typed)] = '\0';
	c->drafted = c->seen[0] != '\0';
	kill_somewhere(c);
	return true;
}

static bool
one_line(struct clerk *c, bool last)
{
	pid_t program;
	bool good;

	if (!call(c, &(struct vtest_options){ .rows = 24, .cols = 80 }))
		return false;
	good = sign_in(c) && check_draft(c) && (last || type_until_killed(c));
	program = sshline_program(&c->call);
	vtest_release(&c->call.t);
	return good && program > 0 && sshline_gone(program);
}

/* In a process of its own: its status is 0 when no line lost anything. */
static int
killed(int number, int kills, uint64_t seed)
{
	struct clerk c = { .random = seed + (uint64_t)number };
	int i = 0;

	(void)snprintf(c.name, sizeof c.name, "clerk%d", number);
	ptyoffice_make(&c.office);
	while (i < kills && one_line(&c, false))
		i++;
	if (i < kills || !one_line(&c, true)) {
		fprintf(stderr, "# clerk %d, line %d\n", number, i);
		i = -1;
	}
	ptyoffice_unmake(&c.office);
	return i == kills ? 0 : 1;
}

static long
number_from(const char *name, long otherwise)
{
	const char *text = getenv(name);

	return text ? strtol(text, NULL, 10) : otherwise;
}

/* ---- a line that stands still ---- */

/* The program's own terminal, behind the server. */
static int
inner_terminal(const struct clerk *c)
{
	char path[64], terminal[64] = "";

	(void)snprintf(path, sizeof path, "/proc/%ld/fd/0",
		(long)sshline_program(&c->call));
	if (readlink(path, terminal, sizeof terminal - 1) < 0)
		return -1;
	return open(terminal, O_RDWR | O_NOCTTY);
}

/* Nobody takes what the program writes: more than the terminal holds. */
static bool
stop_and_fill(struct clerk *c)
{
	int fd = inner_terminal(c);

	if (fd < 0)
		return false;
	kill(c->call.t.pid, SIGSTOP);
	kill(sshline_server(&c->call), SIGSTOP);
	for (unsigned i = 0; i < STORM; i++) {
		struct winsize size = { .ws_row = i % 2 ? 24 : 30,
			.ws_col = i % 2 ? 80 : 100 };

		(void)ioctl(fd, TIOCSWINSZ, &size);
		(void)poll(NULL, 0, 10);
	}
	return close(fd) == 0;
}

static void
go_on(struct clerk *c)
{
	kill(sshline_server(&c->call), SIGCONT);
	kill(c->call.t.pid, SIGCONT);
}

static bool
type_seen(struct clerk *c, const char *text)
{
	(void)strcat(c->typed, text);
	(void)strcat(c->seen, text);
	vtest_type(&c->call.t, text);
	return vtest_wait(&c->call.t, c->typed);
}

/* In another window meanwhile: the draft is there. */
static bool
other_window_shows(struct clerk *c)
{
	struct clerk other = *c;
	bool good;

	(void)snprintf(other.name, sizeof other.name, "other");
	if (!call(&other, &(struct vtest_options){ .rows = 24, .cols = 80 }))
		return false;
	good = sign_in(&other) && vtest_wait(&other.call.t, c->seen);
	vtest_release(&other.call.t);
	return good;
}

/* Frozen with a full terminal: what was typed is on disk; later what was typed
 * meanwhile arrives.  Frozen again and dropped: nothing is lost. */
static bool
frozen(struct clerk *c, int seconds)
{
	struct vtest *t = &c->call.t;
	pid_t program;

	if (!sign_in(c) || !new_name(c) || !type_seen(c, "甲乙丙") ||
	    !stop_and_fill(c) || !other_window_shows(c))
		return false;
	vtest_type(t, "丁戊");
	(void)poll(NULL, 0, seconds * 1000);
	go_on(c);
	if (!vtest_wait(t, "甲乙丙丁戊") || !vtest_wait(t, "^S=保存"))
		return false;
	(void)strcat(c->typed, "丁戊");
	(void)strcat(c->seen, "丁戊");
	if (!type_seen(c, "己") || !stop_and_fill(c))
		return false;
	program = sshline_program(&c->call);
	kill(program, SIGHUP);
	if (!sshline_gone(program))
		return false;
	kill(sshline_server(&c->call), SIGKILL);
	kill(t->pid, SIGKILL);
	c->drafted = true;
	return true;
}

static int
freezes(int seconds)
{
	struct clerk c = { .name = "frozen" };
	bool good;

	ptyoffice_make(&c.office);
	good = call(&c, &(struct vtest_options){ .rows = 24, .cols = 80 }) &&
		frozen(&c, seconds);
	vtest_release(&c.call.t);
	good = good && one_line(&c, true);
	ptyoffice_unmake(&c.office);
	return good ? 0 : 1;
}

static int
ended_well(pid_t pid)
{
	int status = -1;

	(void)waitpid(pid, &status, 0);
	return status == 0;
}

/* All at once: the freeze costs no time of its own. */
static void
test_killed_and_frozen(void **state)
{
	long kills = number_from("KILLS", KILLS);
	uint64_t seed = (uint64_t)number_from("SEED", (long)time(NULL));
	int seconds = (int)number_from("FREEZE", FREEZE_S);
	pid_t clerks[CLERKS], stands_still;
	int good = 0;

	(void)state;
	print_message("# KILLS=%ld SEED=%llu\n", kills,
	    (unsigned long long)seed);
	fflush(NULL);
	stands_still = fork();
	if (stands_still == 0)
		_exit(freezes(seconds));
	for (int i = 0; i < CLERKS; i++) {
		clerks[i] = fork();
		if (clerks[i] == 0)
			_exit(killed(i, (int)(kills / CLERKS), seed));
	}
	for (int i = 0; i < CLERKS; i++)
		good += ended_well(clerks[i]);
	assert_int_equal(good, CLERKS);
	assert_true(ended_well(stands_still));
}

/* ---- a line that lives ---- */

static void
begin(struct clerk *c, const char *name)
{
	*c = (struct clerk){0};
	(void)snprintf(c->name, sizeof c->name, "%s", name);
	ptyoffice_make(&c->office);
	assert_true(call(c, &(struct vtest_options){ .rows = 24,
		.cols = 80 }));
	assert_true(sign_in(c));
}

static void
end(struct clerk *c)
{
	vtest_release(&c->call.t);
	ptyoffice_unmake(&c->office);
}

/* ^S saves and ^Q is a key like others: no line discipline on the way takes
 * them for flow control.  A character may come in two packets. */
static void
test_keys(void **state)
{
	struct clerk c;
	struct vtest *t = &c.call.t;

	(void)state;
	begin(&c, "keys");
	vtest_ctrl(t, 's');
	vtest_ctrl(t, 'q');
	vtest_ctrl(t, 's');
	assert_true(new_name(&c));
	vtest_send(t, "\xe6\xac", 2);
	vtest_settle(t, 50);
	vtest_send(t, "\xa7\xe9\x98", 3);
	vtest_settle(t, 50);
	vtest_send(t, "\xb3", 1);
	assert_true(vtest_wait(t, "欧阳"));
	vtest_ctrl(t, 'q');
	vtest_type(t, "静");
	assert_true(vtest_wait(t, "欧阳静"));
	vtest_ctrl(t, 's');
	assert_true(vtest_wait(t, "人员：欧阳静"));
	end(&c);
}

static void
test_resizes(void **state)
{
	struct clerk c;
	struct vtest *t = &c.call.t;
	unsigned seed = 20261122;

	(void)state;
	begin(&c, "resizes");
	assert_true(new_name(&c));
	assert_true(type_seen(&c, "司马光"));
	for (int i = 0; i < STORM; i++) {
		seed = seed * 1103515245u + 12345u;
		vtest_resize(t, 1 + (int)(seed >> 16) % 60,
			1 + (int)(seed >> 22) % 200);
		if (i % 8 == 0)
			vtest_type(t, "远");
	}
	vtest_resize(t, 50, 132);
	assert_true(vtest_wait(t, "司马光远"));
	vtest_resize(t, 24, 80);
	/* these stood in the picture before, too; its title did not fit in */
	assert_true(vtest_wait(t, "^S=保存"));
	assert_true(vtest_wait(t, "司马光远"));
	assert_true(vtest_wait(t, "新建：人员"));
	assert_int_equal(vtest_find(t, "新建：人员", NULL), 0);
	end(&c);
}

/* Stopped; meanwhile a shell set its line and wrote over the screen. */
static void
test_stopped(void **state)
{
	static const char mess[] = "\033[2J\033[?2004l\033[H$ ls\r\nfoo bar";
	struct termios sane;
	struct clerk c;
	struct vtest *t = &c.call.t;
	int fd;

	(void)state;
	begin(&c, "stopped");
	assert_true(new_name(&c));
	assert_true(type_seen(&c, "公孙"));
	fd = inner_terminal(&c);
	assert_true(fd >= 0);
	kill(sshline_program(&c.call), SIGTSTP);	/* ignored */
	assert_true(type_seen(&c, "小"));
	kill(sshline_program(&c.call), SIGSTOP);
	assert_int_equal(tcgetattr(fd, &sane), 0);
	sane.c_lflag |= ICANON | ECHO | ISIG;
	sane.c_iflag |= ICRNL | IXON;
	assert_int_equal(tcsetattr(fd, TCSANOW, &sane), 0);
	assert_int_equal(write(fd, mess, sizeof mess - 1), sizeof mess - 1);
	assert_true(vtest_wait(t, "foo bar"));
	kill(sshline_program(&c.call), SIGCONT);
	assert_true(vtest_wait(t, "公孙小"));
	assert_int_equal(vtest_find(t, "foo bar", NULL), -1);
	assert_true(type_seen(&c, "二"));
	vtest_type(t, "\033[200~甲\r\n乙\033[201~");
	assert_true(vtest_wait(t, "公孙小二甲 乙"));
	vtest_ctrl(t, 's');
	assert_true(vtest_wait(t, "人员：公孙小二甲 乙"));
	(void)close(fd);
	end(&c);
}

static int
open_line(void **state)
{
	(void)state;
	return sshline_open(&line) ? 0 : 1;
}

static int
close_line(void **state)
{
	(void)state;
	sshline_close(&line);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_resizes),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_killed_and_frozen),
	};

	if (argc == 4 && strcmp(argv[1], "relay") == 0)
		return sshline_relay(argv[2], argv[3]);
	crypto_init();
	return cmocka_run_group_tests(tests, open_line, close_line);
}
