/*
 * The gallery: what no other test shows, in both languages.  README.md here is
 * its index; the last test walks the folder: each picture of a screen is there
 * in Chinese and in English, and the index has its series.
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
	{ "person_form", "p n =欧阳静 Tab" },
	{ "person_form_more", "p n PgDn" },
	{ "form_leave", "p n =欧阳静 ^X" },
	{ "form_date", "m n =30.2. Tab" },
	{ "consultation", "l n" },
	{ "visit", "v n" },
	{ "list_empty", "i" },
	{ "list_filters", "c v" },
	{ "list_order", "c o" },
	{ "nobody_fits", "/ =zzzz" },
	{ "withdraw", "p Enter D" },
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

/* ---- the index ---- */

/* "SERIES_NAME_zh.screen" has its other half; "SERIES_" stands in the index. */
static void
look_up(const char *index, const char *file)
{
	const char *lang = strstr(file, "_zh.screen");
	size_t len = lang ? (size_t)(lang - file) : 0;
	char *english = mem_printf("tests/screen/%.*s_en.screen", (int)len,
	    file);
	char *series = mem_printf("`%.*s_", (int)strcspn(file, "_"), file);
	struct err err = ERR_INIT;
	struct buf text;

	buf_init(&text, BUF_RECORD_MAX);
	if (lang && io_read(&text, english, &err))
		fail_msg("%s is only in Chinese", file);
	if (!strstr(index, series))
		fail_msg("tests/screen/README.md has no %s", series);
	buf_release(&text);
	free(english);
	free(series);
}

static void
test_index(void **state)
{
	struct buf index;
	struct err err = ERR_INIT;
	struct dirent *e;
	DIR *folder = opendir("tests/screen");

	(void)state;
	buf_init(&index, BUF_RECORD_MAX);
	assert_non_null(folder);
	assert_int_equal(io_read(&index, "tests/screen/README.md", &err), E_OK);
	for (e = readdir(folder); e; e = readdir(folder))
		if (strstr(e->d_name, ".screen") && strchr(e->d_name, '_'))
			look_up(index.data, e->d_name);
	(void)closedir(folder);
	buf_release(&index);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zh),
		cmocka_unit_test(test_en),
		cmocka_unit_test(test_index),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
