/*
 * The program in a real terminal: what only a terminal can show.  Signing in,
 * Chinese typed and corrected, complaints and pickers, resizing, a window too
 * small, lines that drop, signals, and the terminal as it was afterwards.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "client/cli_open.h"
#include "kit/playoffice.h"
#include "kit/vtest.h"
#include "store/draft.h"
#include "store/overview.h"

enum { STORM = 60, DRAFT_LOOKS = 200, DRAFT_LOOK_MS = 50 };

struct play {
	struct vtest t;
	char home[64];
	char *program;
	char *home_is;		/* "FENGQIAO_HOME=..." */
};

static void
make_office(struct play *p)
{
	const char *build = getenv("BUILD");
	struct cli cli = {0};

	*p = (struct play){0};
	p->program = mem_printf("%s/fengqiao", build ? build : "build/gcc");
	(void)snprintf(p->home, sizeof p->home, "/tmp/fengqiao-pty-XXXXXX");
	assert_non_null(mkdtemp(p->home));
	p->home_is = mem_printf("FENGQIAO_HOME=%s", p->home);
	playoffice_make(&cli, p->home);
	cli_release(&cli);
}

static void
start(struct play *p, const char *term, int rows, int cols)
{
	const char *const env[] = { p->home_is, "FENGQIAO_LANG=zh_CN",
		"TZ=CST-8", NULL };
	const char *const argv[] = { p->program, NULL };

	assert_true(vtest_start(&p->t, &(struct vtest_options){ .rows = rows,
		.cols = cols, .term = term, .env = env }, argv));
}

static void
unmake_office(struct play *p)
{
	char *rm[] = { (char *)"rm", (char *)"-rf", p->home, NULL };
	struct cli cli = { .home = mem_strdup(p->home) };
	struct err err = ERR_INIT;

	vtest_release(&p->t);
	if (!cli_store(&cli, false, &err))
		store_keyring_drop(cli.store);
	cli_release(&cli);
	free(p->program);
	free(p->home_is);
	if (fork() == 0) {
		(void)execvp("rm", rm);
		_exit(127);
	}
}

/* Sees the text, or shows the screen and fails. */
static void
see(struct play *p, const char *text)
{
	assert_true(vtest_wait(&p->t, text));
}

static void
type(struct play *p, const char *text)
{
	vtest_type(&p->t, text);
}

static void
sign_in(struct play *p)
{
	see(p, "登录");
	vtest_ctrl(&p->t, 'u');
	type(p, PLAYOFFICE_USER "\r" PLAYOFFICE_PASSWORD "\r");
}

/* The terminal's line discipline as a shell expects it. */
static void
assert_restored(struct play *p)
{
	struct termios mode;

	assert_int_equal(tcgetattr(p->t.fd, &mode), 0);
	assert_true(mode.c_lflag & ICANON);
	assert_true(mode.c_lflag & ECHO);
	assert_true(mode.c_lflag & ISIG);
	assert_false(p->t.alternate);
	assert_true(p->t.cursor_visible);
}

static void
leave(struct play *p)
{
	see(p, "q=退出");
	type(p, "q");
	see(p, "y");
	type(p, "y\r");
	assert_int_equal(vtest_exit(&p->t), 0);
}

/* ---- */

/* Everything is reachable on the terminals people have. */
static void
a_day(const char *term, bool restores)
{
	struct play p;

	make_office(&p);
	start(&p, term, 24, 80);
	sign_in(&p);
	see(&p, "人民调解案件");
	see(&p, "李所长");
	vtest_key(&p.t, VTERM_KEY_DOWN);
	see(&p, "> 已逾期  日常报告");
	type(&p, "c");
	see(&p, "全部  在矫");
	see(&p, "王小明");
	vtest_key(&p.t, VTERM_KEY_DOWN);
	see(&p, ">王小明");
	type(&p, "G");
	see(&p, ">张三");
	type(&p, "k");
	see(&p, ">王小明");
	type(&p, "\r");
	see(&p, "矫正工作记录");
	vtest_key(&p.t, VTERM_KEY_DOWN);
	see(&p, "> 矫正对象");
	type(&p, "/");
	see(&p, "查找");
	type(&p, "zs");
	see(&p, ">张三");
	see(&p, "990101..001X");
	type(&p, "\r");
	see(&p, "人员: 张三");
	type(&p, "q");
	see(&p, "查找");
	vtest_ctrl(&p.t, 'x');
	see(&p, "社区矫正对象: 王小明");	/* where it was */
	type(&p, "qq?");
	see(&p, "帮助");
	type(&p, "q");
	leave(&p);
	if (restores)
		assert_restored(&p);
	unmake_office(&p);
}

static void
test_xterm(void **state)
{
	(void)state;
	a_day("xterm-256color", true);
}

static void
test_linux(void **state)
{
	(void)state;
	a_day("linux", false);		/* has no alternate screen */
}

static void
test_vt100(void **state)
{
	(void)state;
	a_day("vt100", false);
}

static void
test_screen(void **state)
{
	(void)state;
	a_day("screen-256color", true);
}

static void
test_wrong_password(void **state)
{
	struct play p;
	VTermScreenCell cell;
	char row[VTEST_LINE_MAX];

	(void)state;
	make_office(&p);
	start(&p, NULL, 24, 80);
	see(&p, "登录");
	vtest_ctrl(&p.t, 'u');
	type(&p, PLAYOFFICE_USER "\rsecret-word");
	see(&p, "***********");
	assert_int_equal(vtest_find(&p.t, "secret", NULL), -1);
	type(&p, "\r");
	see(&p, "密码错误");
	vtest_row(&p.t, 22, row);
	assert_non_null(strstr(row, "密码错误"));
	assert_true(vtest_cell(&p.t, 22, 0, &cell));
	/* leaving without having signed in */
	vtest_ctrl(&p.t, 'x');
	assert_int_equal(vtest_exit(&p.t), 3);
	assert_restored(&p);
	unmake_office(&p);
}

static void
new_person(struct play *p)
{
	type(p, "p");
	see(p, "n=新建");
	type(p, "n");
	see(p, "新建：人员");
}

/* Chinese typed, corrected in the middle, saved, and read back. */
static void
test_chinese(void **state)
{
	struct play p;
	int col = 0, row;

	(void)state;
	make_office(&p);
	start(&p, NULL, 24, 80);
	sign_in(&p);
	see(&p, "q=退出");
	new_person(&p);
	row = vtest_find(&p.t, "姓名/名称", &col);
	assert_true(row > 0);
	/* the cursor stands in the kind's field first */
	while (p.t.cursor.row != row) {
		type(&p, "\t");
		vtest_settle(&p.t, 50);
	}
	type(&p, "张三丰");
	see(&p, "张三丰");
	vtest_key(&p.t, VTERM_KEY_HOME);
	type(&p, "欧阳");
	see(&p, "欧阳张三丰");
	vtest_key(&p.t, VTERM_KEY_END);
	vtest_key(&p.t, VTERM_KEY_BACKSPACE);
	see(&p, "欧阳张三");
	vtest_key(&p.t, VTERM_KEY_LEFT);
	vtest_key(&p.t, VTERM_KEY_LEFT);
	vtest_key(&p.t, VTERM_KEY_DEL);
	see(&p, "欧阳三");
	type(&p, "静");
	see(&p, "欧阳静三");
	vtest_key(&p.t, VTERM_KEY_END);
	vtest_key(&p.t, VTERM_KEY_BACKSPACE);
	assert_true(vtest_wait_gone(&p.t, "静三"));
	vtest_ctrl(&p.t, 's');
	see(&p, "人员: 欧阳静");
	type(&p, "qq/");
	see(&p, "查找");
	type(&p, "oyj");
	see(&p, ">欧阳静");
	unmake_office(&p);
}

/* A bracketed paste fills one field and cannot press a key. */
static void
test_paste(void **state)
{
	struct play p;

	(void)state;
	make_office(&p);
	start(&p, NULL, 24, 80);
	sign_in(&p);
	see(&p, "q=退出");
	type(&p, "/");
	see(&p, "查找");
	type(&p, "\033[200~张\r\n三\033[201~");
	see(&p, "张 三");
	see(&p, "查人");
	unmake_office(&p);
}

static void
new_case(struct play *p)
{
	type(p, "m");
	see(p, "n=新建");
	type(p, "n");
	see(p, "新建：调解案件");
}

static void
test_complaint_and_picker(void **state)
{
	struct play p;
	VTermScreenCell cell;
	int row, col;

	(void)state;
	make_office(&p);
	start(&p, NULL, 24, 80);
	sign_in(&p);
	see(&p, "q=退出");
	new_case(&p);
	vtest_ctrl(&p.t, 's');
	see(&p, "“受理日期”必须填写");
	see(&p, "!受理日期");
	see(&p, "!纠纷类别");
	type(&p, "2026-02-30\t");
	see(&p, "没有这一天");
	vtest_ctrl(&p.t, 'p');
	vtest_ctrl(&p.t, 'u');
	type(&p, "-1\t");
	assert_true(vtest_wait_gone(&p.t, "!受理日期"));
	vtest_ctrl(&p.t, 't');
	see(&p, "hyjt");
	row = vtest_find(&p.t, "hyjt", &col);
	type(&p, "ll");
	see(&p, "邻里纠纷");
	assert_true(vtest_wait_gone(&p.t, "hyjt"));
	type(&p, "\r");
	assert_true(vtest_wait_gone(&p.t, "!纠纷类别"));
	see(&p, "邻里纠纷");
	assert_true(vtest_cell(&p.t, row, col, &cell));
	/* help for the screen and back into the form */
	vtest_ctrl(&p.t, 'g');
	see(&p, "帮助");
	type(&p, "q");
	see(&p, "新建：调解案件");
	see(&p, "邻里纠纷");
	unmake_office(&p);
}

static void
test_language(void **state)
{
	struct play p;

	(void)state;
	make_office(&p);
	start(&p, NULL, 24, 80);
	see(&p, "登录");
	vtest_ctrl(&p.t, 't');
	see(&p, "Password");
	vtest_ctrl(&p.t, 't');
	sign_in(&p);
	see(&p, "人民调解案件");
	type(&p, "L");
	see(&p, "Correction subjects");
	assert_int_equal(vtest_find(&p.t, "人民调解案件", NULL), -1);
	type(&p, "L");
	see(&p, "人民调解案件");
	leave(&p);
	unmake_office(&p);
}

/* Any size at any time; what was typed stays. */
static void
test_resize(void **state)
{
	struct play p;
	unsigned seed = 20261122;

	(void)state;
	make_office(&p);
	start(&p, NULL, 24, 80);
	sign_in(&p);
	see(&p, "q=退出");
	new_case(&p);
	type(&p, "2026-02-03");
	see(&p, "2026-02-03");
	vtest_resize(&p.t, 10, 40);
	see(&p, "40");
	assert_int_equal(vtest_find(&p.t, "受理日期", NULL), -1);
	type(&p, "\t");
	vtest_resize(&p.t, 24, 80);
	see(&p, "受理日期");
	for (int i = 0; i < STORM; i++) {
		seed = seed * 1103515245u + 12345u;
		vtest_resize(&p.t, 1 + (int)(seed >> 16) % 60,
			1 + (int)(seed >> 22) % 200);
	}
	vtest_resize(&p.t, 50, 132);
	see(&p, "2026-02-03");
	vtest_resize(&p.t, 24, 80);
	see(&p, "2026-02-03");
	see(&p, "^S=保存");
	unmake_office(&p);
}

static void
test_too_small(void **state)
{
	struct play p;

	(void)state;
	make_office(&p);
	start(&p, NULL, 10, 40);
	see(&p, "80");
	see(&p, "40");
	vtest_resize(&p.t, 24, 80);
	sign_in(&p);
	leave(&p);
	unmake_office(&p);
}

/* What is on disk of forms in progress: one draft, with this text.  It may
 * come while the program runs. */
static void
assert_draft(struct play *p, const char *field, const char *text)
{
	struct cli cli = {0};
	struct draft_list drafts = {0};
	struct err err = ERR_INIT;

	cli.home = mem_strdup(p->home);
	assert_int_equal(cli_store(&cli, false, &err), E_OK);
	assert_int_equal(store_unlock(cli.store, PLAYOFFICE_USER,
		PLAYOFFICE_PASSWORD, &err), E_OK);
	for (int i = 0; i < DRAFT_LOOKS && drafts.count == 0; i++) {
		if (i > 0)
			vtest_settle(&p->t, DRAFT_LOOK_MS);
		assert_int_equal(draft_list(&drafts, cli.store, &err), E_OK);
		if (p->t.ended)
			break;
	}
	assert_int_equal(drafts.count, 1);
	assert_string_equal(values_get(&drafts.items[0].record.values, field),
		text);
	draft_list_release(&drafts);
	cli_release(&cli);
}

static void
type_a_name(struct play *p, const char *name)
{
	int row;

	sign_in(p);
	see(p, "q=退出");
	new_person(p);
	row = vtest_find(&p->t, "姓名/名称", NULL);
	while (p->t.cursor.row != row) {
		type(p, "\t");
		vtest_settle(&p->t, 50);
	}
	type(p, name);
	see(p, name);
}

/* The line drops while somebody types: it is there at the next sign-in. */
static void
test_hang_up(void **state)
{
	struct play p;

	(void)state;
	make_office(&p);
	start(&p, NULL, 24, 80);
	type_a_name(&p, "司马光远");
	vtest_hang_up(&p.t);
	assert_true(vtest_exit(&p.t) >= 0);
	assert_draft(&p, "name", "司马光远");
	vtest_release(&p.t);
	start(&p, NULL, 24, 80);
	/* it asks again, and knows who it was */
	see(&p, "回车=登录");
	type(&p, PLAYOFFICE_PASSWORD "\r");
	see(&p, "司马光远");
	type(&p, "\r");
	see(&p, "新建：人员");
	see(&p, "司马光远");
	vtest_ctrl(&p.t, 's');
	see(&p, "人员: 司马光远");
	unmake_office(&p);
}

/* Nobody gets in after somebody else left. */
static void
test_again(void **state)
{
	struct play p;

	(void)state;
	make_office(&p);
	start(&p, NULL, 24, 80);
	sign_in(&p);
	see(&p, "q=退出");
	type(&p, "s");
	see(&p, "与县局同步");
	type(&p, "q");
	leave(&p);
	vtest_release(&p.t);
	start(&p, NULL, 24, 80);
	see(&p, "回车=登录");
	type(&p, PLAYOFFICE_PASSWORD "\r");
	see(&p, "q=退出");
	unmake_office(&p);
}

/* SIGTERM: the same, and the terminal is given back. */
static void
test_term(void **state)
{
	struct play p;

	(void)state;
	make_office(&p);
	start(&p, NULL, 24, 80);
	type_a_name(&p, "诸葛无名");
	vtest_signal(&p.t, SIGTERM);
	assert_true(vtest_exit(&p.t) >= 0);
	assert_restored(&p);
	assert_draft(&p, "name", "诸葛无名");
	unmake_office(&p);
}

/* kill -9: what is typed is written within a second, and stays. */
static void
test_kill(void **state)
{
	struct play p;

	(void)state;
	make_office(&p);
	start(&p, NULL, 24, 80);
	type_a_name(&p, "公孙小二");
	assert_draft(&p, "name", "公孙小二");	/* soon, while it runs */
	vtest_signal(&p.t, SIGKILL);
	assert_int_equal(vtest_exit(&p.t), 128 + SIGKILL);
	assert_draft(&p, "name", "公孙小二");
	unmake_office(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_xterm),
		cmocka_unit_test(test_linux),
		cmocka_unit_test(test_vt100),
		cmocka_unit_test(test_screen),
		cmocka_unit_test(test_wrong_password),
		cmocka_unit_test(test_chinese),
		cmocka_unit_test(test_paste),
		cmocka_unit_test(test_complaint_and_picker),
		cmocka_unit_test(test_language),
		cmocka_unit_test(test_resize),
		cmocka_unit_test(test_too_small),
		cmocka_unit_test(test_hang_up),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_term),
		cmocka_unit_test(test_kill),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
