/*
 * The program in a terminal.
 */
#include "kit/ptyoffice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "client/cli_open.h"
#include "store/draft.h"
#include "store/overview.h"

enum { DRAFT_LOOKS = 400, DRAFT_LOOK_MS = 50, GO_TABS = 60 };

void
ptyoffice_make(struct ptyoffice *p)
{
	const char *build = getenv("BUILD");
	struct cli cli = {0};

	*p = (struct ptyoffice){ .t = { .fd = -1, .from = (iconv_t)-1,
		.to = (iconv_t)-1 } };
	p->program = mem_printf("%s/fengqiao", build ? build : "build/gcc");
	(void)snprintf(p->home, sizeof p->home, "/tmp/fengqiao-pty-XXXXXX");
	assert_non_null(mkdtemp(p->home));
	p->home_is = mem_printf("FENGQIAO_HOME=%s", p->home);
	playoffice_make(&cli, p->home);
	cli_release(&cli);
}

void
ptyoffice_start(struct ptyoffice *p, const struct vtest_options *o)
{
	const char *const env[] = { p->home_is, "FENGQIAO_LANG=zh_CN",
		"TZ=CST-8", NULL };
	const char *const argv[] = { p->program, NULL };
	struct vtest_options mine = *o;

	mine.env = env;
	assert_true(vtest_start(&p->t, &mine, argv));
}

void
ptyoffice_unmake(struct ptyoffice *p)
{
	char *rm[] = { (char *)"rm", (char *)"-rf", p->home, NULL };
	struct cli cli = { .home = mem_strdup(p->home) };
	struct err err = ERR_INIT;
	pid_t pid;

	vtest_release(&p->t);
	if (!cli_store(&cli, false, &err))
		store_keyring_drop(cli.store);
	cli_release(&cli);
	free(p->program);
	free(p->home_is);
	pid = fork();
	if (pid == 0) {
		(void)execvp("rm", rm);
		_exit(127);
	}
	if (pid > 0)
		(void)waitpid(pid, NULL, 0);
}

void
ptyoffice_see(struct ptyoffice *p, const char *text)
{
	if (!vtest_wait(&p->t, text))
		fail_msg("not seen: %s", text);
}

void
ptyoffice_type(struct ptyoffice *p, const char *text)
{
	vtest_type(&p->t, text);
}

void
ptyoffice_sign_in(struct ptyoffice *p)
{
	ptyoffice_see(p, "登录");
	vtest_ctrl(&p->t, 'u');
	ptyoffice_type(p, PLAYOFFICE_USER "\r" PLAYOFFICE_PASSWORD "\r");
	ptyoffice_see(p, "q=退出");
}

void
ptyoffice_go(struct ptyoffice *p, const char *label)
{
	for (int i = 0; i < GO_TABS; i++) {
		int row = vtest_find(&p->t, label, NULL);

		if (row >= 0 && p->t.cursor.row == row)
			return;
		ptyoffice_type(p, "\t");
		if (!vtest_wait_moved(&p->t))
			break;
	}
	vtest_dump(&p->t);
	fail_msg("the cursor never came to %s", label);
}

void
ptyoffice_new_name(struct ptyoffice *p)
{
	ptyoffice_type(p, "p");
	ptyoffice_see(p, "n=新建");
	ptyoffice_type(p, "n");
	ptyoffice_see(p, "新建：人员");
	/* the cursor stands in the kind's field first */
	ptyoffice_go(p, "姓名/名称");
}

void
ptyoffice_draft(struct ptyoffice *p, const char *field, const char *text)
{
	struct cli cli = {0};
	struct draft_list drafts = {0};
	struct err err = ERR_INIT;

	cli.home = mem_strdup(p->home);
	assert_int_equal(cli_store(&cli, false, &err), E_OK);
	assert_int_equal(store_unlock(cli.store, PLAYOFFICE_USER,
		PLAYOFFICE_PASSWORD, &err), E_OK);
	for (int i = 0; i < DRAFT_LOOKS; i++) {
		if (i > 0)
			vtest_settle(&p->t, DRAFT_LOOK_MS);
		draft_list_release(&drafts);
		assert_int_equal(draft_list(&drafts, cli.store, &err), E_OK);
		if (p->t.ended || (drafts.count == 1 && strcmp(text,
		    values_get(&drafts.items[0].record.values, field)) == 0))
			break;
	}
	assert_int_equal(drafts.count, 1);
	assert_string_equal(values_get(&drafts.items[0].record.values, field),
		text);
	draft_list_release(&drafts);
	cli_release(&cli);
}
