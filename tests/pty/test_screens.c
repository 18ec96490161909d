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
#include "kit/ptyoffice.h"
#include "kit/vtest.h"

enum { STORM = 60 };

/* Several of each in a test: short names. */
static void
start(struct ptyoffice *p, const char *term, int rows, int cols)
{
	ptyoffice_start(p, &(struct vtest_options){ .rows = rows, .cols = cols,
		.term = term });
}

static void
see(struct ptyoffice *p, const char *text)
{
	ptyoffice_see(p, text);
}

static void
type(struct ptyoffice *p, const char *text)
{
	ptyoffice_type(p, text);
}

/* The terminal's line discipline as a shell expects it. */
static void
assert_restored(struct ptyoffice *p)
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
leave(struct ptyoffice *p)
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
	struct ptyoffice p;

	ptyoffice_make(&p);
	start(&p, term, 24, 80);
	ptyoffice_sign_in(&p);
	see(&p, "人民调解案件");
	see(&p, "李所长");
	vtest_key(&p.t, VTERM_KEY_DOWN);
	see(&p, "> 已逾期    日常报告");
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
	see(&p, "人员：张三");
	type(&p, "q");
	see(&p, "查找");
	vtest_ctrl(&p.t, 'x');
	see(&p, "社区矫正对象：王小明");	/* where it was */
	type(&p, "qq?");
	see(&p, "帮助");
	type(&p, "q");
	leave(&p);
	if (restores)
		assert_restored(&p);
	ptyoffice_unmake(&p);
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
	struct ptyoffice p;
	VTermScreenCell cell;
	char row[VTEST_LINE_MAX];

	(void)state;
	ptyoffice_make(&p);
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
	ptyoffice_unmake(&p);
}

/* Chinese typed, corrected in the middle, saved, and read back. */
static void
test_chinese(void **state)
{
	struct ptyoffice p;

	(void)state;
	ptyoffice_make(&p);
	start(&p, NULL, 24, 80);
	ptyoffice_sign_in(&p);
	ptyoffice_new_name(&p);
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
	see(&p, "人员：欧阳静");
	type(&p, "qq/");
	see(&p, "查找");
	type(&p, "oyj");
	see(&p, ">欧阳静");
	ptyoffice_unmake(&p);
}

/* A bracketed paste fills one field and cannot press a key. */
static void
test_paste(void **state)
{
	struct ptyoffice p;

	(void)state;
	ptyoffice_make(&p);
	start(&p, NULL, 24, 80);
	ptyoffice_sign_in(&p);
	type(&p, "/");
	see(&p, "查找");
	type(&p, "\033[200~张\r\n三\033[201~");
	see(&p, "张 三");
	see(&p, "查人");
	ptyoffice_unmake(&p);
}

/* A terminal without brackets: nobody types three lines at once, so their ends
 * are no Enters; what was typed ahead over a slow line is short, and is. */
static void
test_paste_without_brackets(void **state)
{
	struct ptyoffice p;

	(void)state;
	ptyoffice_make(&p);
	start(&p, NULL, 24, 80);
	ptyoffice_sign_in(&p);
	type(&p, "p");
	see(&p, "n=新建");
	type(&p, "n");
	see(&p, "新建：人员");
	type(&p, "欧阳静\r");
	ptyoffice_go(&p, "居住地址");
	type(&p, "新桥村三组一百二十号\r\n院内东侧二楼\r\n靠河边");
	see(&p, "新桥村三组一百二十号 院内东侧二楼 靠河边");
	ptyoffice_unmake(&p);
}

static void
new_case(struct ptyoffice *p)
{
	type(p, "m");
	see(p, "n=新建");
	type(p, "n");
	see(p, "新建：调解案件");
}

static void
test_complaint_and_picker(void **state)
{
	struct ptyoffice p;
	VTermScreenCell cell;
	int row, col;

	(void)state;
	ptyoffice_make(&p);
	start(&p, NULL, 24, 80);
	ptyoffice_sign_in(&p);
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
	ptyoffice_unmake(&p);
}

static void
test_language(void **state)
{
	struct ptyoffice p;

	(void)state;
	ptyoffice_make(&p);
	start(&p, NULL, 24, 80);
	see(&p, "登录");
	vtest_ctrl(&p.t, 't');
	see(&p, "Password");
	vtest_ctrl(&p.t, 't');
	ptyoffice_sign_in(&p);
	see(&p, "人民调解案件");
	type(&p, "L");
	see(&p, "Correction subjects");
	assert_int_equal(vtest_find(&p.t, "人民调解案件", NULL), -1);
	type(&p, "L");
	see(&p, "人民调解案件");
	leave(&p);
	ptyoffice_unmake(&p);
}

/* Any size at any time; what was typed stays. */
static void
test_resize(void **state)
{
	struct ptyoffice p;
	unsigned seed = 20261122;

	(void)state;
	ptyoffice_make(&p);
	start(&p, NULL, 24, 80);
	ptyoffice_sign_in(&p);
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
	ptyoffice_unmake(&p);
}

static void
test_too_small(void **state)
{
	struct ptyoffice p;

	(void)state;
	ptyoffice_make(&p);
	start(&p, NULL, 10, 40);
	see(&p, "80");
	see(&p, "40");
	vtest_resize(&p.t, 24, 80);
	ptyoffice_sign_in(&p);
	leave(&p);
	ptyoffice_unmake(&p);
}

static void
type_a_name(struct ptyoffice *p, const char *name)
{
	ptyoffice_sign_in(p);
	ptyoffice_new_name(p);
	type(p, name);
	see(p, name);
}

/* The line drops while somebody types: it is there at the next sign-in. */
static void
test_hang_up(void **state)
{
	struct ptyoffice p;

	(void)state;
	ptyoffice_make(&p);
	start(&p, NULL, 24, 80);
	type_a_name(&p, "司马光远");
	vtest_hang_up(&p.t);
	assert_true(vtest_exit(&p.t) >= 0);
	ptyoffice_draft(&p, "name", "司马光远");
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
	see(&p, "人员：司马光远");
	ptyoffice_unmake(&p);
}

/* Nobody gets in after somebody else left. */
static void
test_again(void **state)
{
	struct ptyoffice p;

	(void)state;
	ptyoffice_make(&p);
	start(&p, NULL, 24, 80);
	ptyoffice_sign_in(&p);
	type(&p, "s");
	see(&p, "与县局同步");
	type(&p, "q");
	leave(&p);
	vtest_release(&p.t);
	start(&p, NULL, 24, 80);
	see(&p, "回车=登录");
	type(&p, PLAYOFFICE_PASSWORD "\r");
	see(&p, "q=退出");
	ptyoffice_unmake(&p);
}

/* SIGTERM: the same, and the terminal is given back. */
static void
test_term(void **state)
{
	struct ptyoffice p;

	(void)state;
	ptyoffice_make(&p);
	start(&p, NULL, 24, 80);
	type_a_name(&p, "诸葛无名");
	vtest_signal(&p.t, SIGTERM);
	assert_true(vtest_exit(&p.t) >= 0);
	assert_restored(&p);
	ptyoffice_draft(&p, "name", "诸葛无名");
	ptyoffice_unmake(&p);
}

/* kill -9: what is typed is written within a second, and stays. */
static void
test_kill(void **state)
{
	struct ptyoffice p;

	(void)state;
	ptyoffice_make(&p);
	start(&p, NULL, 24, 80);
	type_a_name(&p, "公孙小二");
	ptyoffice_draft(&p, "name", "公孙小二");	/* soon, while it runs */
	vtest_signal(&p.t, SIGKILL);
	assert_int_equal(vtest_exit(&p.t), 128 + SIGKILL);
	ptyoffice_draft(&p, "name", "公孙小二");
	ptyoffice_unmake(&p);
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
		cmocka_unit_test(test_paste_without_brackets),
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
