/* base/tr: Chinese by default, English on request, each thread for itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <string.h>

#include <cmocka.h>

#include "base/tr.h"

static void
test_languages(void **state)
{
	(void)state;
	assert_string_equal(tr("The password is not right."), "密码不正确。");
	tr_set(TR_EN);
	assert_int_equal(tr_lang(), TR_EN);
	assert_string_equal(tr("The password is not right."),
		"The password is not right.");
	tr_set(TR_ZH);
}

/* First and last in byte order, none, and one before and behind them all. */
static void
test_search(void **state)
{
	static const struct {
		const char *msgid;
		const char *text;
	} cases[] = {
		{ "%s is a folder.", "%s 是文件夹，不是文件。" },
		{ "you are not allowed to", "没有权限" },
		{ "no such words here", "no such words here" },
		{ "\x01", "\x01" }, { "\x7f", "\x7f" }, { "", "" },
		{ "The password is not right", "The password is not right" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *volatile id = cases[i].msgid;
		assert_string_equal(tr(id), cases[i].text);
	}
}

static void *
in_thread(void *arg)
{
	enum tr_lang *seen = arg;

	seen[0] = tr_lang();
	tr_set(TR_EN);
	seen[1] = tr_lang();
	return NULL;
}

static void
test_threads(void **state)
{
	enum tr_lang seen[2] = { TR_EN, TR_ZH };
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, in_thread, seen), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(seen[0], TR_ZH);
	assert_int_equal(seen[1], TR_EN);
	assert_int_equal(tr_lang(), TR_ZH);
}

static void
test_parse(void **state)
{
	static const struct {
		const char *name;
		enum tr_lang lang;
	} cases[] = {
		{ "zh_CN", TR_ZH }, { "zh", TR_ZH }, { "en", TR_EN },
		{ "en_US.UTF-8", TR_EN }, { "en-GB", TR_EN }, { NULL, TR_ZH },
		{ "", TR_ZH }, { "C", TR_ZH }, { "england", TR_ZH },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(tr_parse(cases[i].name), cases[i].lang);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_parse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
