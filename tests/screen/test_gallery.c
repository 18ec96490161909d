/*
 * The gallery: what no other test shows, in both languages.  README.md here is
 * the index; the last test walks the folder: each picture of a screen is there
 * in Chinese and in English.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>

#include "base/crypto.h"
#include "base/io.h"
#include "base/mem.h"
#include "kit/playapp.h"
#include "kit/screen.h"

enum { NOW_AT_S = 1772413860 };		/* 2026-03-02 09:11 in +08:00 */

static const struct {
	const char *name, *keys;	/* from the home screen */
} pictures[] = {
	{ "persons", "p" },
	{ "person", "p Enter" },
	{ "list_empty", "i" },
	{ "list_filters", "c v" },
	{ "list_order", "c o" },
	{ "nobody_fits", "/ =zzzz" },
	{ "withdraw", "p Enter D" },
	{ "withdrawn", "p Enter D =录重 Enter y Enter" },
	{ "withdrawn_list", "p Enter D =录重 Enter y Enter q x" },
	{ "withdrawn_mark", "p Enter D =录重 Enter y Enter q x "
		"c j j j j j Space Enter" },
	{ "office", "6" },
	{ "leave", "q" },
};

static void
show(enum tr_lang lang)
{
	for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++) {
		struct playapp p;

		playapp_start(&p, lang, (int64_t)NOW_AT_S * 1000, "gallery");
		playapp_keys(&p, pictures[i].keys);
		playapp_expect(&p, pictures[i].name);
		playapp_stop(&p);
	}
}

static void
test_zh(void **state)
{
	(void)state;
	show(TR_ZH);
}

static void
test_en(void **state)
{
	(void)state;
	show(TR_EN);
}

/* ---- both languages ---- */

/* "NAME_zh.screen" has its other half. */
static void
look_up(const char *file)
{
	const char *lang = strstr(file, "_zh.screen");
	char *english;
	struct err err = ERR_INIT;
	struct buf text;

	if (!lang)
		return;
	english = mem_printf("tests/screen/%.*s_en.screen", (int)(lang - file),
	    file);
	buf_init(&text, BUF_RECORD_MAX);
	if (io_read(&text, english, &err))
		fail_msg("%s is only in Chinese", file);
	buf_release(&text);
	free(english);
}

static void
test_both_languages(void **state)
{
	struct dirent *e;
	DIR *folder = opendir("tests/screen");

	(void)state;
	assert_non_null(folder);
	for (e = readdir(folder); e; e = readdir(folder))
		look_up(e->d_name);
	(void)closedir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zh),
		cmocka_unit_test(test_en),
		cmocka_unit_test(test_both_languages),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
