/*
 * A form under the key codes that terminals really send: Home, End and Ctrl
 * with an arrow of each, a filled field replaced and brought back, texts that
 * come in one burst from an input method or a paste.  What is seen is also what
 * the draft on disk has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kit/ptyoffice.h"

/* What a client sends under a TERM.  PuTTY's Ctrl-arrows are the arrows of the
 * other mode; the console has none, vt100 neither, so ^B and ^V do it. */
struct client {
	const char *term, *home, *end, *left, *word_left, *word_right;
};

static const struct client clients[] = {
	{ "xterm-256color", "\033OH", "\033OF", "\033OD", "\033[1;5D",
	    "\033[1;5C" },
	{ "xterm", "\033[1~", "\033[4~", "\033OD", "\033[D", "\033[C" },
	{ "putty", "\033[1~", "\033[4~", "\033OD", "\033[D", "\033[C" },
	{ "linux", "\033[1~", "\033[4~", "\033[D", "\x02", "\x16" },
	{ "vt100", "\033[H", "\033[F", "\033OD", "\x02", "\x16" },
};

static void
begin(struct ptyoffice *p, const char *term)
{
	ptyoffice_make(p);
	ptyoffice_start(p, &(struct vtest_options){ .rows = 24, .cols = 80,
		.term = term });
	ptyoffice_sign_in(p);
	ptyoffice_new_name(p);
}

static void
type_and_see(struct ptyoffice *p, const char *keys, const char *text)
{
	ptyoffice_type(p, keys);
	ptyoffice_see(p, text);
}

static void
edit_with(const struct client *c)
{
	struct ptyoffice p;

	begin(&p, c->term);
	print_message("# %s\n", c->term);
	type_and_see(&p, "李四 ab12", "李四 ab12");
	ptyoffice_type(&p, c->home);
	ptyoffice_type(&p, c->left);	/* shows PuTTY's mode; no way to go */
	type_and_see(&p, "甲", "甲李四 ab12");
	ptyoffice_type(&p, c->word_right);
	type_and_see(&p, "乙", "甲李四 乙ab12");
	ptyoffice_type(&p, c->end);
	ptyoffice_type(&p, c->left);
	type_and_see(&p, "丙", "ab1丙2");
	ptyoffice_type(&p, c->word_left);
	type_and_see(&p, "丁", "乙ab1丁丙2");
	/* the word before the cursor, and back */
	type_and_see(&p, "\x17", "乙ab1丙2");
	type_and_see(&p, "\x1a", "乙ab1丁丙2");
	/* a filled field: typing replaces it, Esc brings it back */
	ptyoffice_type(&p, "\t\x10");
	type_and_see(&p, "王五", "姓名/名称   王五");
	type_and_see(&p, "\033", "已恢复为原来的内容");
	type_and_see(&p, "x", "乙ab1丁丙2x");
	ptyoffice_draft(&p, "name", "甲李四 乙ab1丁丙2x");
	ptyoffice_unmake(&p);
}

static void
test_clients(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof clients / sizeof *clients; i++)
		edit_with(&clients[i]);
}

/* Five lines at once, as Windows puts them, with a tab and a key that would
 * save: all of it is text of this field.  And forty hanzi in one write. */
static void
test_bursts(void **state)
{
	struct ptyoffice p;

	(void)state;
	begin(&p, "xterm-256color");
	ptyoffice_go(&p, "人员备注");
	type_and_see(&p, "\033[200~第一行\r\n第二行\t列\r\n第三行\x13\r\n"
	    "第四行\r\n第五行\033[201~", "第五行");
	ptyoffice_see(&p, "新建：人员");
	type_and_see(&p, "一二三四五六七八九十一二三四五六七八九十"
	    "一二三四五六七八九十一二三四五六七八九。", "八九。");
	ptyoffice_draft(&p, "note", "第一行\n第二行 列\n第三行\n第四行\n"
	    "第五行一二三四五六七八九十一二三四五六七八九十"
	    "一二三四五六七八九十一二三四五六七八九。");
	/* the page keys walk the text, which has more lines than rows */
	ptyoffice_type(&p, "\033[5~\033[5~");
	ptyoffice_see(&p, "第一行");
	ptyoffice_see(&p, "新建：人员");
	ptyoffice_unmake(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clients),
		cmocka_unit_test(test_bursts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
