/*
 * Terminals and charsets: the same tour of screens on each of them.  Terminals
 * of UTF-8 must show exactly what the first one shows.  On all of them each
 * picture, made of differences, must be what a picture sent whole (^L) is, and
 * hanzi, rare characters, quotation marks and typed text must be themselves,
 * or '?' where the charset has none.
 *
 * The locales zh_CN.GB18030 and zh_CN.GBK are made by localedef for the time of
 * the test; where the terminal speaks them, iconv is its decoder.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "client/cli_open.h"
#include "kit/ptyoffice.h"
#include "store/overview.h"

enum { SHOTS_MAX = 24, SCREEN_BYTES = 24 * 400, TRIES = 40, REPAINT_BYTES = 200 };

/* ---- the locales ---- */

static char locales[] = "/tmp/fengqiao-locale-XXXXXX";

static bool
make_locale(const char *charset)
{
	char name[96];
	int status = -1;
	pid_t pid = fork();

	(void)snprintf(name, sizeof name, "%s/zh_CN.%s", locales, charset);
	if (pid == 0) {
		execlp("localedef", "localedef", "--quiet", "-i", "zh_CN", "-f", charset,
		    name, (char *)NULL);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* ---- an office with difficult names ---- */

#define RARE "𠮷田𪚥"
#define DOTTED "阿依古丽·买买提"
#define NOTE "“已核实”——…①★→±é℃"
#define EMOJI "好😀完"
#define MARKED "e\xcc\x81t\xc3\xa9" "A\xcc\x8a" "X"

static struct ptyoffice office;

static void
add(struct cli *cli, const char *name, const char *note)
{
	char name_is[100], note_is[200];
	const char *const values[] = { name_is, note_is, NULL };

	(void)snprintf(name_is, sizeof name_is, "name=%s", name);
	(void)snprintf(note_is, sizeof note_is, "note=%s", note);
	(void)playoffice_add(cli, "person", values);
}

static int
open_office(void **state)
{
	struct cli cli = {0};
	struct err err = ERR_INIT;

	(void)state;
	if (!mkdtemp(locales) || !make_locale("GB18030") ||
	    !make_locale("GBK")) {
		fputs("# no locales: apt-get install locales\n", stderr);
		return 1;
	}
	setenv("LOCPATH", locales, 1);
	ptyoffice_make(&office);
	cli.home = office.home;
	if (cli_schema(&cli, &err) || cli_store(&cli, false, &err) ||
	    store_unlock(cli.store, PLAYOFFICE_USER, PLAYOFFICE_PASSWORD,
	    &err) || overview_refresh(cli.store, NULL, &err))
		return 1;
	add(&cli, RARE, NOTE);
	add(&cli, DOTTED, EMOJI);
	add(&cli, "何塞", MARKED);
	cli.home = NULL;
	cli_release(&cli);
	return 0;
}

static int
close_office(void **state)
{
	pid_t pid;

	(void)state;
	ptyoffice_unmake(&office);
	pid = fork();
	if (pid == 0) {
		execlp("rm", "rm", "-rf", locales, (char *)NULL);
		_exit(127);
	}
	(void)waitpid(pid, NULL, 0);
	return 0;
}

/* ---- pictures ---- */

struct shots {
	char text[SHOTS_MAX][SCREEN_BYTES];
	size_t count;
};

/* All rows but what the corner says of the time. */
static void
read_screen(struct vtest *t, char out[SCREEN_BYTES])
{
	char row[VTEST_LINE_MAX];
	size_t len = 0;

	for (int i = 0; i < t->rows; i++) {
		char *corner;

		vtest_row(t, i, row);
		corner = i == 0 ? strstr(row, "  ") : NULL;
		if (corner)
			*corner = '\0';
		assert_true(len + strlen(row) + 2 < SCREEN_BYTES);
		len += (size_t)sprintf(out + len, "%s\n", row);
	}
}

/* What stands there is what a whole picture is.  A picture that was still
 * coming is another one: look again. */
static void
shoot(struct vtest *t, struct shots *shots)
{
	static char before[SCREEN_BYTES];
	char *after = shots->text[shots->count];
	bool same = false;

	assert_true(shots->count < SHOTS_MAX);
	for (int i = 0; i < TRIES && !same; i++) {
		size_t bytes;

		vtest_settle(t, 20 + 10 * i);
		read_screen(t, before);
		bytes = t->bytes;
		vtest_ctrl(t, 'l');
		while (t->bytes < bytes + REPAINT_BYTES && !t->eof)
			vtest_settle(t, 5);
		vtest_settle(t, 20 + 10 * i);
		read_screen(t, after);
		same = strcmp(before, after) == 0;
	}
	if (!same) {
		vtest_dump(t);
		fail_msg("the differences drew another picture:\n%s", before);
	}
	shots->count++;
}

static void
find(const char *keys, const char *want)
{
	struct vtest *t = &office.t;

	vtest_type(t, "/");
	ptyoffice_see(&office, "查找");
	vtest_type(t, keys);
	ptyoffice_see(&office, want);
}

static void
back_to(const char *want)
{
	vtest_ctrl(&office.t, 'x');
	ptyoffice_see(&office, want);
}

/* Lists, lookup, a record, a form with hanzi typed in a burst, in pieces and
 * among others; several lines pasted. */
static void
tour(struct shots *shots)
{
	struct vtest *t = &office.t;

	ptyoffice_see(&office, "q=退出");
	shoot(t, shots);
	vtest_type(t, "p");
	ptyoffice_see(&office, "n=新建");
	shoot(t, shots);
	vtest_key(t, VTERM_KEY_DOWN);
	vtest_key(t, VTERM_KEY_DOWN);
	shoot(t, shots);
	find("aygl", "阿依古丽");
	shoot(t, shots);
	vtest_type(t, "\r");
	ptyoffice_see(&office, "人员：阿依古丽");
	shoot(t, shots);
	back_to("查找");
	back_to("n=新建");
	vtest_type(t, "n");
	ptyoffice_see(&office, "新建：人员");
	ptyoffice_go(&office, "姓名/名称");
	vtest_type(t, "欧阳静张三李四王五赵六孙七周八吴九");
	ptyoffice_see(&office, "吴九");
	vtest_key(t, VTERM_KEY_HOME);
	vtest_key(t, VTERM_KEY_RIGHT);
	vtest_type(t, "(—)");
	ptyoffice_see(&office, ")阳静");
	vtest_key(t, VTERM_KEY_BACKSPACE);
	shoot(t, shots);
	vtest_type(t, "\033[200~新桥村，\r\n三组\033[201~");
	ptyoffice_see(&office, "三组阳静");
	shoot(t, shots);
	vtest_ctrl(t, 'x');
	ptyoffice_see(&office, "y ");
	shoot(t, shots);
	vtest_type(t, "y\r");
	ptyoffice_see(&office, "n=新建");
	back_to("q=退出");
}

static const struct terminal {
	const char *name;
	struct vtest_options o;
	bool alternate;			/* it has a second screen */
} terminals[] = {
	{ "xterm-256color", { .term = "xterm-256color" }, true },
	{ "xterm, 8 colours", { .term = "xterm" }, true },
	{ "xterm, monochrome", { .term = "xterm-mono" }, true },
	{ "screen-256color", { .term = "screen-256color" }, true },
	{ "tmux-256color", { .term = "tmux-256color" }, true },
	{ "linux", { .term = "linux" }, false },
	{ "vt100", { .term = "vt100" }, false },
	{ "putty", { .term = "putty" }, true },
	{ "putty-256color", { .term = "putty-256color" }, true },
	{ "C locale", { .term = "xterm", .locale = "C" }, true },
	{ "POSIX locale", { .term = "linux", .locale = "POSIX" }, false },
	{ "a locale that is not there", { .term = "xterm",
	    .locale = "zh_CN.UTF-8" }, true },
};

enum { TERMINALS = sizeof terminals / sizeof *terminals };

static void
enter_password(const char *user)
{
	struct vtest *t = &office.t;

	vtest_settle(t, 20);
	if (t->cursor.row == vtest_find(t, user, NULL)) {
		vtest_ctrl(t, 'u');
		vtest_type(t, PLAYOFFICE_USER "\r");
	}
	vtest_type(t, PLAYOFFICE_PASSWORD "\r");
}

static void
start(const struct vtest_options *o)
{
	struct vtest_options mine = *o;

	mine.rows = 24;
	mine.cols = 80;
	ptyoffice_start(&office, &mine);
	ptyoffice_see(&office, "回车=登录");
	enter_password("用户");
}

static void
leave(const struct terminal *terminal)
{
	vtest_type(&office.t, "q");
	ptyoffice_see(&office, "y ");
	vtest_type(&office.t, "y\r");
	assert_int_equal(vtest_exit(&office.t), 0);
	assert_false(office.t.alternate);
	assert_true(office.t.cursor_visible);
	/* no name stays behind */
	if (!terminal->alternate)
		assert_int_equal(vtest_find(&office.t, "阿依", NULL), -1);
	vtest_release(&office.t);
}

static void
test_terminals(void **state)
{
	static struct shots first, now;

	(void)state;
	for (size_t i = 0; i < TERMINALS; i++) {
		struct shots *shots = i == 0 ? &first : &now;

		print_message("# %s\n", terminals[i].name);
		now.count = 0;
		start(&terminals[i].o);
		tour(shots);
		leave(&terminals[i]);
		assert_int_equal(shots->count, first.count);
		for (size_t k = 0; k < shots->count; k++)
			assert_string_equal(shots->text[k], first.text[k]);
	}
}

/* ---- charsets ---- */

#define TYPED "“东·西”——①镕"

/* What a terminal shows of names and notes, '?' what its charset has not. */
static const struct speaker {
	const char *name;
	struct vtest_options o;
	const char *rare, *note, *emoji, *marked;
} speakers[] = {
	{ "UTF-8", { .term = "xterm" }, RARE, NOTE, EMOJI, MARKED },
	{ "East Asian widths", { .term = "xterm", .wide = true }, RARE, NOTE,
	    EMOJI, MARKED },
	{ "GB18030", { .term = "xterm", .locale = "zh_CN.GB18030" }, RARE,
	    NOTE, EMOJI, "etéAX" },
	{ "GB18030, console", { .term = "linux", .locale = "zh_CN.GB18030" },
	    RARE, NOTE, EMOJI, "etéAX" },
	{ "GBK", { .term = "putty", .locale = "zh_CN.GBK" }, "? 田?",
	    NOTE, "好? 完", "etéAX" },
	{ "GB18030 under LC_ALL=C", { .term = "xterm", .locale = "C",
	    .charset = "GB18030" }, RARE, NOTE, EMOJI, "etéAX" },
	{ "GB18030 under UTF-8", { .term = "vt100", .locale = "C.UTF-8",
	    .charset = "GB18030" }, RARE, NOTE, EMOJI, "etéAX" },
};

enum { SPEAKERS = sizeof speakers / sizeof *speakers };

static void
open_person(const char *typed, const char *want)
{
	/* the list may cut it, the record does not */
	find(typed, strcmp(want, DOTTED) == 0 ? "阿依古丽" : want);
	vtest_type(&office.t, "\r");
	ptyoffice_see(&office, "e=修改");
	ptyoffice_see(&office, want);
}

static void
read_and_write(const struct speaker *s)
{
	static struct shots shots;

	shots.count = 0;
	ptyoffice_see(&office, "q=退出");
	vtest_type(&office.t, "p");
	ptyoffice_see(&office, s->rare);
	shoot(&office.t, &shots);
	open_person("ayg", "阿依古丽");
	ptyoffice_see(&office, s->emoji);
	shoot(&office.t, &shots);
	back_to("查找");
	back_to("n=新建");
	open_person("hs", "何塞");
	ptyoffice_see(&office, s->marked);
	shoot(&office.t, &shots);
	back_to("查找");
	back_to("n=新建");
	open_person("田", s->rare);
	ptyoffice_see(&office, s->note);
	shoot(&office.t, &shots);
	vtest_type(&office.t, "e");
	ptyoffice_see(&office, "^S=保存");
	ptyoffice_go(&office, "曾用名");
	vtest_ctrl(&office.t, 'u');
	vtest_type(&office.t, TYPED);
	ptyoffice_see(&office, TYPED);
	shoot(&office.t, &shots);
	vtest_ctrl(&office.t, 's');
	ptyoffice_see(&office, "e=修改");
	ptyoffice_see(&office, TYPED);
	shoot(&office.t, &shots);
	back_to("查找");
	back_to("n=新建");
	back_to("q=退出");
}

/* What was typed there and what only went through there is whole. */
static void
check_whole(const char *find_by, const char *name, const char *note,
	const char *typed)
{
	start(&speakers[0].o);
	ptyoffice_see(&office, "q=退出");
	open_person(find_by, name);
	ptyoffice_see(&office, typed);
	ptyoffice_see(&office, note);
	vtest_type(&office.t, "e");
	ptyoffice_see(&office, "^S=保存");
	ptyoffice_go(&office, "曾用名");
	vtest_ctrl(&office.t, 'u');
	vtest_ctrl(&office.t, 's');
	ptyoffice_see(&office, "e=修改");
	assert_true(vtest_wait_gone(&office.t, typed));
	vtest_release(&office.t);
}

static void
test_charsets(void **state)
{
	(void)state;
	for (size_t i = 0; i < SPEAKERS; i++) {
		print_message("# %s\n", speakers[i].name);
		start(&speakers[i].o);
		read_and_write(&speakers[i]);
		leave(&(struct terminal){ .alternate = true });
		check_whole("田", RARE, NOTE, TYPED);
	}
}

/* A terminal of GB18030 and a machine without that locale: one sentence that
 * can be read, English, '?' for hanzi; what cannot be typed is not typed as
 * something else, and a record that is saved keeps what was not shown. */
static void
test_no_charset(void **state)
{
	struct vtest *t = &office.t;

	(void)state;
	setenv("LOCPATH", "/nonexistent", 1);
	ptyoffice_start(&office, &(struct vtest_options){ .rows = 24,
	    .cols = 80, .locale = "C", .charset = "GB18030" });
	ptyoffice_see(&office, "This terminal takes no UTF-8, so Chinese is "
	    "'?': set its charset to UTF-8.");
	enter_password("User");
	ptyoffice_see(&office, "q=quit");
	vtest_type(t, "p");
	ptyoffice_see(&office, "n=new");
	vtest_type(t, "/");
	ptyoffice_see(&office, "Find");
	vtest_type(t, "ayg");
	ptyoffice_see(&office, ">? ? ? ?");
	vtest_type(t, "\r");
	ptyoffice_see(&office, "e=edit");
	vtest_type(t, "e");
	ptyoffice_see(&office, "^S=save");
	ptyoffice_go(&office, "Former name");
	vtest_ctrl(t, 'u');
	vtest_type(t, "a张b");
	ptyoffice_see(&office, "ab");
	vtest_ctrl(t, 's');
	ptyoffice_see(&office, "e=edit");
	vtest_release(t);
	setenv("LOCPATH", locales, 1);
	check_whole("ayg", DOTTED, EMOJI, "ab");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_charset),
		cmocka_unit_test(test_charsets),
		cmocka_unit_test(test_terminals),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, open_office, close_office);
}
