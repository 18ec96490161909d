/* Readings of hanzi, readings of surnames, and matching letters to names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "core/pinyin.h"

static size_t
decode(uint32_t *out, size_t max, const char *text)
{
	size_t len = strlen(text), at = 0, n = 0;

	while (at < len && n < max)
		out[n++] = utf8_next(text, len, &at);
	return n;
}

static bool
has_reading(uint32_t c, const char *want)
{
	uint16_t r[PINYIN_READINGS_MAX];
	int n = pinyin_readings(r, c);

	for (int i = 0; i < n; i++)
		if (strcmp(pinyin_text(r[i]), want) == 0)
			return true;
	return false;
}

static void
readings_of_characters(void **state)
{
	static const struct {
		uint32_t c;
		const char *all;	/* in order */
	} cases[] = {
		{ 0x5F20, "zhang" },		/* 张 */
		{ 0x5415, "lv" },		/* 吕 */
		{ 0x4E50, "le yue" },		/* 乐, and more */
		{ 0x36C3, "jie" },		/* 㛃, extension A */
		{ 0x2CB4E, "hong" },		/* beyond the BMP */
		{ 'a', "" }, { 0, "" }, { 0x3042, "" }, { 0xFFFD, "" },
		{ 0x10FFFF, "" }, { 0xFFFFFFFF, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint16_t r[PINYIN_READINGS_MAX];
		int n = pinyin_readings(r, cases[i].c);
		const char *p = cases[i].all;
		int words = 0;

		while (*p != '\0') {
			char word[8] = "";
			size_t len = strcspn(p, " ");

			memcpy(word, p, len);
			assert_true(has_reading(cases[i].c, word));
			words++;
			p += len + (p[len] == ' ');
		}
		if (words < 2)
			assert_int_equal(n, words);
		else
			assert_true(n >= words);
	}
	assert_string_equal(pinyin_text(0), "");
	assert_string_equal(pinyin_text(UINT16_MAX), "");
}

/* Every number of the table is a syllable, no character has a reading twice. */
static void
table_is_sound(void **state)
{
	size_t known = 0, several = 0;

	(void)state;
	for (uint32_t c = 0; c < 0x32000; c++) {
		uint16_t r[PINYIN_READINGS_MAX];
		int n = pinyin_readings(r, c);

		assert_in_range(n, 0, PINYIN_READINGS_MAX);
		known += n > 0;
		several += n > 1;
		for (int i = 0; i < n; i++) {
			assert_in_range(r[i], 1, pinyin_syllables() - 1);
			for (int j = 0; j < i; j++)
				assert_int_not_equal(r[i], r[j]);
		}
	}
	assert_true(known > 41000);
	assert_true(several > 800);
}

/* Some split of word into one reading each of a's and b's. */
static bool
reads_as_pair(const uint32_t *name, const char *word)
{
	for (size_t i = 1; i < strlen(word); i++) {
		char head[8] = "";

		if (i > 6)
			break;
		memcpy(head, word, i);
		if (has_reading(name[0], head) && has_reading(name[1], word + i))
			return true;
	}
	return false;
}

static void
check_surname(const char *surname, char *readings, const char *everyday)
{
	uint32_t name[4];
	size_t len = decode(name, 3, surname);
	uint16_t r[PINYIN_READINGS_MAX];
	char main_one[16] = "";
	bool first = true;

	name[len] = 0x67D0;	/* 某, the given name */
	for (size_t k = 0; k < len; k++) {
		assert_true(pinyin_name_readings(r, name, len + 1, k) > 0);
		strncat(main_one, pinyin_text(r[0]), 6);
	}
	while (*readings != '\0') {
		size_t n = strcspn(readings, ",\n");
		bool more = readings[n] == ',';

		readings[n] = '\0';
		if (first && strcmp(main_one, readings) != 0)
			fail_msg("%s: %s, not %s", surname, main_one, readings);
		first = false;
		if (len == 1 ? !has_reading(name[0], readings)
			     : !reads_as_pair(name, readings))
			fail_msg("%s is not read %s", surname, readings);
		readings += n + more;
	}
	if (len == 1 ? !has_reading(name[0], everyday)
		     : !reads_as_pair(name, everyday))
		fail_msg("%s is not typed %s", surname, everyday);
}

static void
surnames(void **state)
{
	FILE *f = fopen("tests/data/lookup/surnames.tsv", "r");
	char line[256];
	int count = 0;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		char *tab, *second;

		line[strcspn(line, "\n")] = '\0';
		tab = strchr(line, '\t');
		if (line[0] == '#' || tab == NULL)
			continue;
		*tab = '\0';
		second = strchr(tab + 1, '\t');
		assert_non_null(second);
		*second = '\0';
		check_surname(line, tab + 1, second + 1);
		count++;
	}
	fclose(f);
	assert_int_equal(count, 209);
}

static void
spellings(void **state)
{
	size_t all = 0, plain = 0;

	(void)state;
	for (char letter = 'a'; letter <= 'z'; letter++) {
		size_t n;
		const struct pinyin_spelling *s = pinyin_spellings(&n, letter);

		for (size_t i = 0; i < n; i++) {
			assert_int_equal(s[i].text[0], letter);
			assert_in_range(s[i].syllable, 1,
			    pinyin_syllables() - 1);
			if (i > 0)
				assert_true(strcmp(s[i - 1].text, s[i].text) < 0
				    || s[i - 1].syllable < s[i].syllable);
			plain += strcmp(s[i].text,
			    pinyin_text(s[i].syllable)) == 0 && !s[i].accent;
		}
		all += n;
	}
	assert_int_equal(plain, pinyin_syllables() - 1);
	assert_true(all > plain);
}

static void
initials(void **state)
{
	static const struct {
		const char *name;
		const char *want;
	} cases[] = {
		{ "张晓明", "zxm" },
		{ "单雷", "sl dl cl" },
		{ "尉迟恭", "ycg wcg" },
		{ "张·三", "zs" },
		{ "王A3", "wa3" },
		{ "ｗ（王）", "ww" },
		{ "", "" }, { "··", "" }, { "?", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf b;

		buf_init(&b, BUF_LINE_MAX);
		pinyin_initials(&b, cases[i].name);
		if (strcmp(b.data, cases[i].want) != 0)
			fail_msg("%s: %s, not %s", cases[i].name, b.data,
			    cases[i].want);
		buf_release(&b);
	}
}

/* Never more than eight ways, however many readings there are. */
static void
initials_are_bounded(void **state)
{
	struct buf b;
	int blanks = 0;

	(void)state;
	buf_init(&b, BUF_LINE_MAX);
	pinyin_initials(&b, "单单单单单单单单单单单单单单单单单单单单单单单单单"
	    "单单单单单单单单单单单单单单单单单单单单单单单单单单单单单单单");
	for (const char *p = b.data; *p != '\0'; p++)
		blanks += *p == ' ';
	assert_int_equal(blanks, 7);
	assert_int_equal(strcspn(b.data, " "), 32);
	buf_release(&b);
}

static void
matching(void **state)
{
	static const struct {
		const char *text;
		const char *typed;
		int want;
	} cases[] = {
		{ "张三", "张三", 1 }, { "张三丰", "张三", 2 },
		{ "张三丰", "三丰", 3 }, { "张三", "李", 0 },
		{ "张三", "zs", 1 }, { "张三", "zhs", 1 },
		{ "张三", "zhangsan", 1 }, { "张三", "ZhangS", 1 },
		{ "张三", "ｚｓ", 1 }, { "张三", "张s", 1 },
		{ "张三", "z三", 1 }, { "张三", "zh三", 1 },
		{ "张三", "zha三", 0 }, { "张三", "zhangsa", 1 },
		{ "张三", "zhasan", 0 }, { "张三", "zha san", 1 },
		{ "张三", "hangsan", 0 }, { "张三", "zhangsanf", 0 },
		{ "张建国", "jg", 3 }, { "张建国", "zhangj", 2 },
		{ "张建国", "zhangjiang", 1 },
		{ "相机", "iangji", 0 }, { "相机", "xj", 1 },
		{ "单雷", "dl", 1 }, { "单雷", "sl", 1 },
		{ "吕小军", "lvxj", 1 }, { "吕小军", "luxiao", 2 },
		{ "吕小军", "lyuxiaojun", 1 }, { "吕小军", "lüxj", 1 },
		{ "略", "lue", 1 }, { "略", "lyue", 1 },
		{ "西安", "xian", 1 }, { "西安", "xi an", 1 },
		{ "西安", "xi'an", 1 }, { "先生", "xian", 2 },
		{ "先生", "xi an", 0 }, { "先生", "xi　an", 0 },
		{ "先生", "xi’an", 0 }, { "张三", "zangsan", 0 },
		{ "阿卜杜·热合曼", "阿卜杜热合曼", 1 },
		{ "阿卜杜·热合曼", "卜杜·热", 3 },
		{ "未成年人", "wc", 2 }, { "GB18030", "b18", 3 },
		{ "2026-03-05", "202603", 2 }, { "2026-03-05", "2026-03-05", 1 },
		{ "（2024）社矫0001", "2024社", 2 },
		{ "张三", "", 2 }, { "张三", " - ", 2 }, { "", "", 2 },
		{ "", "z", 0 }, { "·", "z", 0 },
		{ "啊啊啊", "aaaa", 0 }, { "啊啊啊", "aaa", 1 },
		{ "\xff\xfe张", "z", 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int got = pinyin_match(cases[i].text, cases[i].typed);

		if (got != cases[i].want)
			fail_msg("%s typed for %s: %d, not %d", cases[i].typed,
			    cases[i].text, got, cases[i].want);
	}
}

/* What is typed beyond the limit does not count and harms nothing. */
static void
long_typed(void **state)
{
	char typed[4096], text[3 * 40 + 1] = "";

	(void)state;
	for (int i = 0; i < 40; i++)
		strncat(text, "张", 4);
	memset(typed, 'z', sizeof typed - 1);
	typed[sizeof typed - 1] = '\0';
	assert_int_equal(pinyin_match(text, typed), 2);
	assert_int_equal(pinyin_match("张三", typed), 0);
}

static void
one_surname_stays_together(void **state)
{
	static const char *const names[] = { "", "Ali", "曹建洋", "曹英",
		"陈安", "陈晶雪", "程一", "单雄信", "张三", "周九" };

	(void)state;
	for (size_t i = 1; i < sizeof names / sizeof *names; i++)
		assert_true(pinyin_surname_order(names[i - 1]) <=
			pinyin_surname_order(names[i]));
	assert_true(pinyin_surname_order("陈安") ==
		pinyin_surname_order("陈晶雪"));
	assert_true(pinyin_surname_order("曹建洋") <
		pinyin_surname_order("陈安"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_surname_stays_together),
		cmocka_unit_test(readings_of_characters),
		cmocka_unit_test(table_is_sound),
		cmocka_unit_test(surnames),
		cmocka_unit_test(spellings),
		cmocka_unit_test(initials),
		cmocka_unit_test(initials_are_bounded),
		cmocka_unit_test(matching),
		cmocka_unit_test(long_typed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
