/*
 * The keys of the ten commonest jobs, counted in the real program on the
 * township of "make demo", beside what the screens of a data-entry program of
 * the 5250 kind would need.  screens/README.md has the table; UPDATE_SCREENS=1
 * writes it anew.
 *
 * Ours, a word a step: a press ("c", "Enter", "^S", "Down"), "=text" typed,
 * "?text" must then be seen ('~' stands for a blank), "as=ROLE" another person
 * signs in, which is the same on both sides and not counted.
 *
 * Theirs counts only what cannot be left out: "menu" an option and Enter; "new"
 * a function key; "find=text" to position a list, and Enter; "opt" an option
 * beside the row and Enter; "field=text" with Field Exit, fields that stay as
 * they are cost nothing; "enter" confirms.  What is typed counts alike on both
 * sides, a character a key.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "base/date.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "kit/people.h"
#include "kit/play.h"
#include "kit/vtest.h"

struct job {
	const char *zh, *en;
	const char *role;
	const char *ours, *theirs;
};

#define REPORT "电话报告近况，一切正常"
#define VISIT "家中无异常"
#define DISPUTE "两家因通道争吵，请求调解"
#define TERMS "各让一步，共用通道"
#define ERRAND "参加婚礼"
#define QUESTION "押金不退怎么办"
#define ADVICE "先协商，可起诉"
#define DONE "已走访十二人"
#define CONSENT "同意"

static const struct job jobs[] = {
	{ "查找一个矫正对象", "find a subject", "clerk",
	    "c f =whl Enter ?矫正终止日", "menu find=whl opt" },
	{ "登记电话报告", "register a report by phone", "clerk",
	    "c f =whl Enter a e =rc Enter =03 Enter =" REPORT " ^S ?已存本机。",
	    "menu find=whl opt new field=01 field=03 field=" REPORT " enter" },
	{ "登记走访", "enter a visit", "clerk",
	    "c f =whl Enter a e =zf Enter =家属 Tab =" VISIT " ^S ?已存本机。",
	    "menu find=whl opt new field=03 field=家属 field=" VISIT
	    " enter" },
	{ "受理调解案件", "open a mediation case", "clerk",
	    "m n =. Tab =ll Enter =qs Enter =4 Tab =" DISPUTE
	    " Tab =byc Enter =qs Enter =2 Enter =1 Enter ^S"
	    " 1 =1 Enter =mxl Enter ^S ?梅秀兰 a 1 =2 Enter =kzq Enter ^S"
	    " ?匡志强 m Enter ?明确拒绝 ^S ?已办理",
	    "menu new field=. field=ll field=qs field=4 field=" DISPUTE
	    " field=byc field=qs field=2 field=1 enter"
	    " new field=1 field=mxl enter new field=2 field=kzq enter"
	    " opt enter" },
	{ "调解成功结案", "close it", "clerk",
	    "m f =mxl Enter a 2 ?新建 =byc Enter =1 Enter =" TERMS
	    " ^S ?已存本机。 m 2 ?调解结果 =2 Enter =. Tab =1 Enter =xz Enter =" TERMS
	    " ^S ?已办理",
	    "menu find=mxl opt new field=byc field=1 field=" TERMS " enter"
	    " opt field=2 field=. field=1 field=xz field=" TERMS
	    " enter" },
	{ "请假：申请、报送、所长批准", "leave request and approval", "clerk",
	    "c f =mxl Enter a l ?请假 =4 Enter =" ERRAND " Tab =+5 Tab =+6 Tab"
	    " =邻县 Tab =请柬 Tab =13800138000 ^S ?已存本机。 Enter m Enter y Enter ?已办理"
	    " as=chief a G Enter ?[待所审核] m ?批准 Enter =" CONSENT
	    " ^S ?已办理",
	    "menu find=mxl opt new field=4 field=" ERRAND " field=+5 field=+6"
	    " field=邻县 field=请柬 field=13800138000 enter opt enter"
	    " menu opt field=" CONSENT " enter" },
	{ "新法律咨询", "a new consultation", "clerk",
	    "l n =" QUESTION " Tab =" ADVICE " ^S ?已存本机。",
	    "menu new field=" QUESTION " field=" ADVICE " enter" },
	{ "零报告", "a zero report", "clerk",
	    "1 p n =lw Enter =0 ^S ?已存本机。 m Enter y Enter ?已办理",
	    "menu new field=lw field=0 enter opt enter" },
	{ "答复指令", "answer an instruction", "clerk",
	    "i Down Enter m Enter =" DONE " ^S ?已办理",
	    "menu opt field=" DONE " enter" },
	{ "查看谁逾期", "see who is late", "clerk",
	    "d ?全部到期", "menu" },
};

enum { JOBS = sizeof jobs / sizeof *jobs, WORD_MAX = 400,
	SETTLE_MS = 50 };

static struct {
	struct people people;
	struct vtest t;
	char *program, *home_is;
	bool running;
	unsigned ours[JOBS], theirs[JOBS];
} desk;

/* ---- their side ---- */

static unsigned
chars(const char *text, size_t len)
{
	size_t at = 0;
	unsigned n = 0;

	while (at < len) {
		(void)utf8_next(text, len, &at);
		n++;
	}
	return n;
}

/* Keys of one word of their flow. */
static unsigned
their_keys(const char *word, size_t len)
{
	static const struct {
		const char *word;
		unsigned keys;
	} words[] = { { "menu", 2 }, { "new", 1 }, { "find", 1 },
		{ "opt", 2 }, { "field", 1 }, { "enter", 1 } };
	size_t name = 0;

	while (name < len && word[name] != '=')
		name++;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i].word) == name &&
		    strncmp(words[i].word, word, name) == 0)
			return words[i].keys + (name < len
			    ? chars(word + name + 1, len - name - 1) : 0);
	fail_msg("their %.*s?", (int)len, word);
	return 0;
}

/* ---- our side ---- */

static void
type(const char *text, size_t len)
{
	char bytes[WORD_MAX];

	assert_true(len < sizeof bytes);
	memcpy(bytes, text, len);
	bytes[len] = '\0';
	for (char *c = bytes; *c; c++)
		if (*c == '~')
			*c = ' ';
	vtest_type(&desk.t, bytes);
}

static bool
press_named(const char *word, size_t len)
{
	static const struct {
		const char *name, *bytes;
	} keys[] = { { "Enter", "\r" }, { "Tab", "\t" }, { "Space", " " },
		{ "Down", "\033[B" }, { "Up", "\033[A" } };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strlen(keys[i].name) == len &&
		    strncmp(keys[i].name, word, len) == 0) {
			vtest_type(&desk.t, keys[i].bytes);
			return true;
		}
	if (len == 2 && word[0] == '^')
		vtest_ctrl(&desk.t, (char)(word[1] | 0x20));
	else if (len == 1)
		type(word, 1);
	else
		return false;
	return true;
}

static void
see(const char *text, size_t len)
{
	char words[WORD_MAX];

	assert_true(len < sizeof words);
	memcpy(words, text, len);
	words[len] = '\0';
	for (char *c = words; *c; c++)
		if (*c == '~')
			*c = ' ';
	if (!vtest_wait(&desk.t, words)) {
		vtest_dump(&desk.t);
		fail_msg("not seen: %s", words);
	}
}

/* ---- the program ---- */

static enum status
sit(void *self, struct store **out, const char *role, struct err *err)
{
	struct people *p = self;

	(void)err;
	people_sit(p, role);
	*out = p->cli.store;
	return E_OK;
}

static void
say(void *self, const char *words)
{
	(void)self;
	print_error("township.play:%s\n", words);
}

static int
open_desk(void **state)
{
	struct play_host host = { &desk.people, sit, say };
	struct play_result result;
	struct err err = ERR_INIT;
	const char *build = getenv("BUILD");

	(void)state;
	people_open_on(&desk.people, DATE_NONE);
	if (play_run(&result, &host, "tests/demo/township.play", &err) ||
	    result.faults)
		return 1;
	store_lock(desk.people.cli.store);
	desk.program = mem_printf("%s/fengqiao", build ? build : "build/gcc");
	desk.home_is = mem_printf("FENGQIAO_HOME=%s", desk.people.home);
	return 0;
}

static int
close_desk(void **state)
{
	(void)state;
	vtest_release(&desk.t);
	people_close(&desk.people);
	free(desk.program);
	free(desk.home_is);
	return 0;
}

/* Signing in is the same everywhere; it is not counted. */
static void
sign_in(const char *role, size_t len)
{
	const char *const env[] = { desk.home_is, "FENGQIAO_LANG=zh_CN",
		"TZ=CST-8", NULL };
	const char *const argv[] = { desk.program, NULL };

	if (desk.running)
		vtest_release(&desk.t);
	desk.running = true;
	assert_true(vtest_start(&desk.t, &(struct vtest_options){ .rows = 24,
		.cols = 80, .env = env }, argv));
	see("密码", strlen("密码"));
	/* it remembers who was here last, and then asks for the password */
	while (desk.t.cursor.row != vtest_find(&desk.t, "用户", NULL)) {
		vtest_type(&desk.t, "\t");
		vtest_settle(&desk.t, SETTLE_MS);
	}
	vtest_ctrl(&desk.t, 'u');
	type(role, len);
	vtest_type(&desk.t, "\r" PEOPLE_PASSWORD "\r");
	see("业务台账", strlen("业务台账"));
}

static unsigned
our_keys(const char *word, size_t len)
{
	if (word[0] == '?' && len > 1) {
		see(word + 1, len - 1);
		return 0;
	}
	if (len > 3 && strncmp(word, "as=", 3) == 0) {
		sign_in(word + 3, len - 3);
		return 0;
	}
	if (word[0] == '=' && len > 1) {
		type(word + 1, len - 1);
		return chars(word + 1, len - 1);
	}
	if (!press_named(word, len))
		fail_msg("our %.*s?", (int)len, word);
	return 1;
}

static unsigned
count(const char *words, unsigned (*keys)(const char *word, size_t len))
{
	unsigned n = 0;

	while (*words) {
		size_t len = strcspn(words, " ");

		if (len)
			n += keys(words, len);
		words += len + (words[len] == ' ');
	}
	return n;
}

static void
play_job(size_t i)
{
	sign_in(jobs[i].role, strlen(jobs[i].role));
	desk.ours[i] = count(jobs[i].ours, our_keys);
	desk.theirs[i] = count(jobs[i].theirs, their_keys);
	if (getenv("KEYS_SHOW")) {
		vtest_settle(&desk.t, 300);
		vtest_dump(&desk.t);
	}
	print_message("# %-32s %3u of %3u\n", jobs[i].en, desk.ours[i],
	    desk.theirs[i]);
}

static void
test_jobs(void **state)
{
	size_t over = 0;

	(void)state;
	for (size_t i = 0; i < JOBS; i++) {
		play_job(i);
		over += desk.ours[i] > desk.theirs[i];
	}
	assert_int_equal(over, 0);
}

/* ---- the table ---- */

#define README "screens/README.md"
#define TABLE_HEAD "| job | keys | of |\n| --- | --- | --- |\n"

static void
put_table(struct buf *out)
{
	buf_text(out, TABLE_HEAD);
	for (size_t i = 0; i < JOBS; i++)
		buf_printf(out, "| %s · %s | %u | %u |\n", jobs[i].zh,
		    jobs[i].en, desk.ours[i], desk.theirs[i]);
}

/* The table stands in the README, from its head to the next empty line. */
static void
test_table(void **state)
{
	struct buf text, table, next;
	struct err err = ERR_INIT;
	const char *head, *end;

	(void)state;
	buf_init(&text, BUF_RECORD_MAX);
	buf_init(&table, BUF_RECORD_MAX);
	buf_init(&next, BUF_RECORD_MAX);
	put_table(&table);
	assert_int_equal(io_read(&text, README, &err), E_OK);
	head = strstr(text.data, TABLE_HEAD);
	assert_non_null(head);
	end = strstr(head, "\n\n");
	end = end ? end + 1 : head + strlen(head);
	buf_add(&next, text.data, (size_t)(head - text.data));
	buf_text(&next, table.data);
	buf_text(&next, end);
	if (getenv("UPDATE_SCREENS"))
		assert_int_equal(io_write(README, next.data, next.len, &err),
		    E_OK);
	else if (strcmp(next.data, text.data) != 0)
		fail_msg("the table of " README " is now\n%s", table.data);
	buf_release(&text);
	buf_release(&table);
	buf_release(&next);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_jobs),
		cmocka_unit_test(test_table),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, open_desk, close_desk);
}
