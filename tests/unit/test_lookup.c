/* The lookup of persons: the hand-written cases, its order, changes of keys,
 * and random typing compared with a plain model of the rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "core/pinyin.h"
#include "store/lookup.h"

#define NOW_AT INT64_C(1767225600000)	/* 2026-01-01 */
#define DAY_MS INT64_C(86400000)

enum { PERSONS_MAX = 128, COLUMNS = 11, OWN_OFFICE = 3 };

static struct uuid
id_of(uint32_t n)
{
	struct uuid id = {{0}};

	memcpy(id.b + 12, &n, sizeof n);
	id.b[0] = 1;
	return id;
}

/* Cut a line at its tabs in place; returns the number of columns. */
static size_t
cut(char **column, size_t max, char *line)
{
	size_t n = 0;

	line[strcspn(line, "\n")] = '\0';
	while (n < max) {
		char *tab = strchr(line, '\t');

		column[n++] = line;
		if (tab == NULL)
			break;
		*tab = '\0';
		line = tab + 1;
	}
	return n;
}

static struct lookup *
load_persons(void)
{
	FILE *f = fopen("tests/data/lookup/persons.tsv", "r");
	struct lookup *l = lookup_new();
	char line[512];

	assert_non_null(f);
	assert_non_null(fgets(line, sizeof line, f));
	while (fgets(line, sizeof line, f) != NULL) {
		char *c[COLUMNS], digits[256];
		uint32_t n;

		assert_int_equal(cut(c, COLUMNS, line), COLUMNS);
		n = (uint32_t)strtoul(c[0], NULL, 10);
		snprintf(digits, sizeof digits, "%s\t%s\t%s", c[3], c[4], c[5]);
		lookup_put(l, &(struct lookup_entry){ .id = id_of(n), .tag = n,
		    .name = c[1], .alias = c[6], .digits = digits,
		    .active = strcmp(c[9], "2") != 0,
		    .own_office = strtol(c[7], NULL, 10) == OWN_OFFICE,
		    .opened_at = strtoll(c[10], NULL, 10) * 1000 });
	}
	fclose(f);
	assert_int_equal(lookup_count(l), 58);
	return l;
}

static bool
found(const struct lookup_hit *hit, size_t count, uint32_t tag)
{
	for (size_t i = 0; i < count; i++)
		if (hit[i].tag == tag)
			return true;
	return false;
}

/* A comma separated list of persons that must all be found, or none. */
static void
check_list(const char *typed, const char *list, const struct lookup_hit *hit,
    size_t count, bool want)
{
	while (*list != '\0') {
		char *end;
		uint32_t n = (uint32_t)strtoul(list, &end, 10);

		if (found(hit, count, n) != want)
			fail_msg("%s: person %u is %sfound", typed, n,
			    want ? "not " : "");
		list = end + (*end == ',');
	}
}

static void
check_case(struct lookup *l, char **column)
{
	struct lookup_hit hit[PERSONS_MAX];
	size_t total = 0;
	size_t n = lookup_query(l, column[0], NOW_AT, hit, PERSONS_MAX, &total);

	assert_int_equal(n, total);
	check_list(column[0], column[1], hit, n, true);
	check_list(column[0], column[2], hit, n, false);
	if (strcmp(column[3], "-") == 0)
		return;
	assert_true(n > 0);
	if (hit[0].tag != strtoul(column[3], NULL, 10))
		fail_msg("%s: person %u is first, not %s", column[0],
		    hit[0].tag, column[3]);
}

/* Each case whole, and again typed key by key. */
static void
written_cases(void **state)
{
	struct lookup *l = load_persons();
	FILE *f = fopen("tests/data/lookup/cases.tsv", "r");
	char line[512];
	int count = 0;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		char *c[5], part[256] = "";
		struct lookup_hit hit;
		size_t total, len, at = 0;

		if (line[0] == '#')
			continue;
		assert_int_equal(cut(c, 5, line), 5);
		lookup_query(l, "", NOW_AT, &hit, 1, &total);
		check_case(l, c);
		len = strlen(c[0]);
		while (at < len) {
			utf8_next(c[0], len, &at);
			memcpy(part, c[0], at);
			part[at] = '\0';
			lookup_query(l, part, NOW_AT, &hit, 1, &total);
		}
		check_case(l, c);
		count++;
	}
	fclose(f);
	lookup_free(l);
	assert_true(count > 90);
}

static void
put(struct lookup *l, uint32_t n, const char *name, const char *alias,
    const char *digits)
{
	lookup_put(l, &(struct lookup_entry){ .id = id_of(n), .tag = n,
	    .name = name, .alias = alias, .digits = digits,
	    .active = true, .own_office = true });
}

static size_t
total_of(struct lookup *l, const char *typed)
{
	struct lookup_hit hit;
	size_t total = SIZE_MAX;

	assert_true(lookup_query(l, typed, NOW_AT, &hit, 1, &total) <= 1);
	return total;
}

static void
order(void **state)
{
	/* in the order in which they must come */
	static const struct lookup_entry entries[] = {
		{ .name = "王五", .active = true, .own_office = true,
		  .opened_at = NOW_AT - DAY_MS },
		{ .name = "王五六", .active = true, .own_office = true,
		  .opened_at = NOW_AT - 6 * DAY_MS },
		{ .name = "王五", .active = true, .own_office = true,
		  .opened_at = NOW_AT - 8 * DAY_MS },
		{ .name = "王五", .active = true, .own_office = true },
		{ .name = "王五", .own_office = true,
		  .opened_at = NOW_AT - DAY_MS },
		{ .name = "王五", .active = true,
		  .opened_at = NOW_AT - DAY_MS },
		{ .name = "王五", .opened_at = NOW_AT - DAY_MS },
		{ .name = "小王五", .active = true, .own_office = true,
		  .opened_at = NOW_AT - DAY_MS },
		{ .name = "黄五", .active = true, .own_office = true,
		  .opened_at = NOW_AT - DAY_MS },
	};
	static const uint8_t tier[] = { 1, 1, 1, 1, 1, 1, 1, 2, 3 };
	enum { COUNT = sizeof entries / sizeof *entries };
	struct lookup *l = lookup_new();
	struct lookup_hit hit[COUNT];
	size_t total;

	(void)state;
	for (uint32_t i = COUNT; i > 0; i--) {
		struct lookup_entry e = entries[i - 1];

		e.id = id_of(i - 1);
		e.tag = i - 1;
		lookup_put(l, &e);
	}
	assert_int_equal(lookup_query(l, "wangw", NOW_AT, hit, COUNT, &total),
	    COUNT);
	for (uint32_t i = 0; i < COUNT; i++) {
		assert_int_equal(hit[i].tag, i);
		assert_int_equal(hit[i].tier, tier[i]);
		assert_memory_equal(&hit[i].id, &(struct uuid[]){ id_of(i) },
		    sizeof hit[i].id);
	}
	/* fewer places: the same ones first, the total stays */
	for (size_t max = 0; max < COUNT; max++) {
		assert_int_equal(lookup_query(l, "wangw", NOW_AT, hit, max,
		    &total), max);
		assert_int_equal(total, COUNT);
		for (uint32_t i = 0; i < max; i++)
			assert_int_equal(hit[i].tag, i);
	}
	/* opening somebody brings the person forward */
	lookup_opened(l, &(struct uuid){ .b = {9} }, NOW_AT);
	lookup_opened(l, &hit[3].id, NOW_AT);
	lookup_query(l, "wangw", NOW_AT, hit, 1, &total);
	assert_int_equal(hit[0].tag, 3);
	lookup_free(l);
}

/* What is found of 尉迟恭 (alias 老黑, 439801198404040813, 16412340017, a file
 * number), and in which tier; 9: not at all. */
static void
tiers(void **state)
{
	static const struct {
		const char *typed;
		int tier;
	} cases[] = {
		{ "43980119840404081x", 9 }, { "439801198404040813", 0 },
		{ "4398 0119 8404 0408 13", 4 }, { "16412340017", 0 },
		{ "439801'198404040813", 0 }, { "4398", 1 }, { "4", 1 },
		{ "43", 1 }, { "39", 9 }, { "398", 4 }, { "0813", 1 },
		{ "813", 1 }, { "19840404", 2 }, { "840404", 2 },
		{ "9840404", 4 }, { "404", 4 }, { "4040", 4 }, { "017", 1 },
		{ "(2024)湘98003社矫0018", 0 }, { "2024湘", 1 },
		{ "湘98003", 4 }, { "〔２０２４〕", 1 }, { "尉迟恭", 1 },
		{ "尉迟", 1 }, { "迟恭", 2 }, { "yuchigong", 1 }, { "ycg", 1 },
		{ "y", 1 }, { "c", 9 }, { "cg", 2 }, { "chig", 2 },
		{ "weichigong", 3 }, { "yucigong", 3 }, { "wei", 3 },
		{ "cig", 4 }, { "老黑", 1 }, { "laoh", 1 }, { "黑", 2 },
		{ "naohei", 3 }, { "ycg 0813", 1 }, { "0813 cg", 2 },
		{ "ycg0813", 1 }, { "ycg 0814", 9 }, { "cig 16412340017", 4 },
		{ "a", 9 }, { "ycgx", 9 }, { "尉　迟", 1 },
	};
	struct lookup *l = lookup_new();

	(void)state;
	put(l, 1, "尉迟恭", "老黑",
	    "439801198404040813\t16412340017\t(2024)湘98003社矫0018");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct lookup_hit hit = { .tier = 9 };
		size_t total;

		lookup_query(l, cases[i].typed, NOW_AT, &hit, 1, &total);
		if (hit.tier != cases[i].tier)
			fail_msg("%s: tier %d, not %d", cases[i].typed,
			    hit.tier, cases[i].tier);
	}
	/* what began as a name turns out to be a number */
	assert_int_equal(total_of(l, "湘"), 0);
	assert_int_equal(total_of(l, "湘9"), 1);
	lookup_free(l);

	l = load_persons();
	assert_int_equal(total_of(l, "lvxiaojun"), 1);
	assert_int_equal(total_of(l, "lüxiaojun"), 1);
	assert_int_equal(total_of(l, "luxiaojun"), 2);
	lookup_free(l);
}

static void
nothing_typed(void **state)
{
	struct lookup *l = load_persons();
	struct lookup_hit hit[PERSONS_MAX];
	size_t total;

	(void)state;
	assert_int_equal(lookup_query(l, " ", NOW_AT, hit, PERSONS_MAX, &total),
	    2);
	assert_int_equal(total, 2);
	assert_int_equal(hit[0].tag, 54);
	assert_int_equal(hit[1].tag, 1);
	lookup_free(l);
	lookup_free(NULL);

	l = lookup_new();
	assert_int_equal(total_of(l, ""), 0);
	assert_int_equal(total_of(l, "z"), 0);
	assert_int_equal(total_of(l, "1"), 0);
	assert_int_equal(total_of(l, "123"), 0);
	lookup_free(l);
}

static void
changes(void **state)
{
	struct lookup *l = lookup_new();

	(void)state;
	put(l, 1, "张三", "三毛\t张小三", "439801198503120317\t16412340001");
	put(l, 2, "欧阳修文正公", NULL, NULL);
	put(l, 3, "", "", "");
	assert_int_equal(lookup_count(l), 3);
	assert_int_equal(total_of(l, "zhangs"), 1);
	assert_int_equal(total_of(l, "sanm"), 1);
	assert_int_equal(total_of(l, "zxs"), 1);
	assert_int_equal(total_of(l, "0317"), 1);
	assert_int_equal(total_of(l, "欧阳修文正公"), 1);
	assert_int_equal(total_of(l, "wenz"), 1);

	put(l, 1, "李四", NULL, "16412340009");
	assert_int_equal(lookup_count(l), 3);
	assert_int_equal(total_of(l, "zhangs"), 0);
	assert_int_equal(total_of(l, "sanm"), 0);
	assert_int_equal(total_of(l, "0317"), 0);
	assert_int_equal(total_of(l, "0009"), 1);
	assert_int_equal(total_of(l, "lisi"), 1);

	lookup_drop(l, &(struct uuid){ .b = {7} });
	lookup_drop(l, &(struct uuid){ .b = {1} });
	assert_int_equal(lookup_count(l), 3);
	for (uint32_t n = 1; n <= 3; n++) {
		struct uuid id = id_of(n);

		lookup_drop(l, &id);
		lookup_drop(l, &id);
		assert_int_equal(lookup_count(l), 3 - n);
	}
	assert_int_equal(total_of(l, "lisi"), 0);
	assert_int_equal(total_of(l, "1"), 0);
	put(l, 1, "张三", "三毛", NULL);
	assert_int_equal(total_of(l, "zhangs"), 1);
	lookup_free(l);
}

/* Ten thousand changes of a thousand persons: rows are thinned out often, and
 * names, aliases and numbers stay with their person. */
static void
many_changes(void **state)
{
	enum { COUNT = 1000, CHANGES = 10000 };
	static int version[COUNT];
	struct lookup *l = lookup_new();
	uint32_t seed = 1;
	size_t living = 0;

	(void)state;
	memset(version, 0, sizeof version);
	for (int i = 1; i <= CHANGES; i++) {
		char digits[64], name[64];
		uint32_t n;

		seed = seed * 1664525 + 1013904223;
		n = (seed >> 8) % COUNT;
		if (seed >> 24 < 40) {
			struct uuid id = id_of(n);

			lookup_drop(l, &id);
			version[n] = 0;
			continue;
		}
		version[n] = i;
		snprintf(digits, sizeof digits, "%08d", i);
		snprintf(name, sizeof name, "王%s", n % 2 ? "五" :
		    "阿卜杜·热合曼");
		put(l, n, name, n % 3 ? NULL : "木呷次仁巴图", digits);
	}
	for (uint32_t n = 0; n < COUNT; n++) {
		char typed[96];

		if (version[n] == 0)
			continue;
		living++;
		snprintf(typed, sizeof typed, "%08d %s", version[n],
		    n % 3 == 0 ? "木呷次仁巴图" : n % 2 ? "王五" :
		    "王阿卜杜热合曼");
		assert_int_equal(total_of(l, typed), 1);
		snprintf(typed, sizeof typed, "%08d", version[n]);
		assert_int_equal(total_of(l, typed), 1);
	}
	assert_int_equal(lookup_count(l), living);
	lookup_free(l);
}

static void
odd_texts(void **state)
{
	static char typed[8192];
	struct lookup *l = load_persons();

	(void)state;
	put(l, 100, "\xff\xc3(王)\x80", "\t\t\xe5", "\xff\t\t12\xff\t");
	put(l, 101, "张张张张张张张张张张张张张张张张张张张张张张张张张张张张张张张张"
	    "张张张张张李", NULL, NULL);
	assert_int_equal(total_of(l, "王\xe5"), total_of(l, "王"));
	assert_int_equal(total_of(l, "\xff\xfe"), 2);	/* nothing typed */
	assert_true(total_of(l, "12") >= 1);
	memset(typed, 'z', sizeof typed - 1);
	assert_int_equal(total_of(l, typed), 1);	/* its first 31 */
	memset(typed, '1', sizeof typed - 1);
	assert_int_equal(total_of(l, typed), 0);
	for (size_t i = 0; i + 1 < sizeof typed; i++)
		typed[i] = "z 1 "[i % 4];
	assert_int_equal(total_of(l, typed), 12);
	lookup_free(l);
}

/*
 * The model: the rules of matching told once more, by trying every way.  It
 * knows one person at a time and no classes but accent.
 */
struct model_name {
	uint32_t c[40];
	size_t count;
};

static struct model_name
model_fold(const char *text)
{
	struct model_name m = { .count = 0 };
	size_t len = strlen(text), at = 0;

	while (at < len && m.count < 32) {
		uint32_t c = utf8_fold(utf8_next(text, len, &at));

		if (!pinyin_is_filler(c))
			m.c[m.count++] = c;
	}
	return m;
}

/* May the characters from k on take all that is typed?  A blank in what was
 * typed is a border. */
static bool
model_takes(const struct model_name *name, size_t k, const char *typed)
{
	uint16_t r[PINYIN_READINGS_MAX];
	size_t letters = strspn(typed, "abcdefghijklmnopqrstuvwxyz"), len;
	size_t count, at = 0;
	uint32_t c;
	int n;

	if (*typed == ' ')
		typed++, letters = strspn(typed, "abcdefghijklmnopqrstuvwxyz");
	if (*typed == '\0')
		return true;
	if (k == name->count)
		return false;
	len = strlen(typed);
	c = utf8_next(typed, len, &at);
	if (c == name->c[k] && model_takes(name, k + 1, typed + at))
		return true;
	n = pinyin_readings(r, name->c[k]);
	for (int i = 0; i < n && letters > 0; i++) {
		const struct pinyin_spelling *s =
		    pinyin_spellings(&count, typed[0]);

		for (size_t j = 0; j < count; j++) {
			size_t same = 0, all = strlen(s[j].text);

			if (s[j].syllable != r[i])
				continue;
			while (same < letters && same < all &&
			    s[j].text[same] == typed[same])
				same++;
			for (size_t take = 1; take <= same; take++) {
				bool sh = take == 2 && typed[1] == 'h' &&
				    strchr("zcs", typed[0]) != NULL;
				bool ends = typed[take] == '\0' ||
				    typed[take] == ' ';

				if ((take == 1 || sh || take == all || ends) &&
				    model_takes(name, k + 1, typed + take))
					return true;
			}
		}
	}
	return false;
}

static bool
model_matches(const char *person, const char *typed)
{
	struct model_name name = model_fold(person);
	size_t starts = typed[1] == '\0' && typed[0] >= 'a' ? 1 : name.count;

	for (size_t k = 0; k < starts && k < name.count; k++)
		if (model_takes(&name, k, typed))
			return true;
	return false;
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static const char *const given[] = {
	"张", "三", "单", "解", "尉", "迟", "乐", "西", "安", "吕", "牛", "刚", "黄", "飞",
	"王", "李", "㛃", "𬭎", "林", "宁", "石", "四", "长", "孙", "区", "a", "翁", "二",
};
enum { GIVEN = sizeof given / sizeof *given, MODEL_PERSONS = 120 };

static void
random_name(char out[64], uint32_t *seed)
{
	uint32_t n = 1 + next_random(seed) % 6;

	out[0] = '\0';
	for (uint32_t i = 0; i < n; i++)
		strncat(out, given[next_random(seed) % GIVEN], 8);
}

/* Random letters that sound like names, sometimes a hanzi or a blank. */
static void
random_typed(char out[64], uint32_t *seed)
{
	uint32_t n = 1 + next_random(seed) % 4;

	out[0] = '\0';
	for (uint32_t i = 0; i < n; i++) {
		uint32_t how = next_random(seed) % 12;
		uint16_t r[PINYIN_READINGS_MAX];
		const char *hanzi = given[next_random(seed) % GIVEN];
		size_t at = 0;
		int readings = pinyin_readings(r,
		    utf8_next(hanzi, strlen(hanzi), &at));

		if (how == 0 && i > 0)
			strncat(out, " ", 2);
		if (how < 3 || readings == 0)
			strncat(out, hanzi, 8);
		else
			strncat(out, pinyin_text(r[(int)(next_random(seed) %
			    8) % readings]), how < 7 ? 1 : how);
	}
}

static void
random_names_like_the_model(void **state)
{
	static char name[MODEL_PERSONS][64];
	struct lookup *l = lookup_new();
	uint32_t seed = 20261122;
	size_t hits = 0;

	(void)state;
	for (uint32_t i = 0; i < MODEL_PERSONS; i++) {
		random_name(name[i], &seed);
		put(l, i, name[i], NULL, NULL);
	}
	for (int round = 0; round < 1500; round++) {
		struct lookup_hit hit[MODEL_PERSONS];
		char typed[64];
		size_t total, n;

		random_typed(typed, &seed);
		n = lookup_query(l, typed, NOW_AT, hit, MODEL_PERSONS, &total);
		assert_int_equal(n, total);
		for (uint32_t i = 0; i < MODEL_PERSONS; i++)
			if (model_matches(name[i], typed) != found(hit, n, i))
				fail_msg("%s typed for %s: %s", typed, name[i],
				    found(hit, n, i) ? "found" : "not found");
		hits += n;
	}
	assert_true(hits > 3000);
	lookup_free(l);
}

/* Is what was typed in one of a person's numbers (short: at its start)? */
static bool
model_has_number(const char *digits, const char *typed)
{
	size_t len = strlen(typed);

	for (const char *p = digits; *p != '\0'; p++)
		if (strncmp(p, typed, len) == 0 &&
		    (len >= 3 || p == digits || p[-1] == '\t'))
			return true;
	return false;
}

static void
random_numbers_like_the_model(void **state)
{
	static char digits[MODEL_PERSONS][64];
	struct lookup *l = lookup_new();
	uint32_t seed = 31;
	size_t hits = 0;

	(void)state;
	for (uint32_t i = 0; i < MODEL_PERSONS; i++) {
		snprintf(digits[i], sizeof digits[i], "43980119%010u\t%u\t%uX",
		    next_random(&seed), next_random(&seed) % 10000,
		    next_random(&seed) % 10);
		put(l, i, "王", NULL, digits[i]);
	}
	for (int round = 0; round < 4000; round++) {
		struct lookup_hit hit[MODEL_PERSONS];
		char typed[16];
		size_t total, n;

		/* often a piece of somebody's number */
		snprintf(typed, 2 + next_random(&seed) % 6, "%s",
		    digits[next_random(&seed) % MODEL_PERSONS] +
		    next_random(&seed) % 24);
		if (strchr(typed, '\t') != NULL || typed[0] == 'X' ||
		    typed[0] == '\0')
			continue;
		n = lookup_query(l, typed, NOW_AT, hit, MODEL_PERSONS, &total);
		for (uint32_t i = 0; i < MODEL_PERSONS; i++)
			if (model_has_number(digits[i], typed) !=
			    found(hit, n, i))
				fail_msg("%s typed for %s", typed, digits[i]);
		hits += n;
	}
	assert_true(hits > 10000);
	lookup_free(l);
}

static size_t
same_hits(struct lookup *typing, struct lookup *fresh, const char *typed)
{
	struct lookup_hit a[MODEL_PERSONS], b[MODEL_PERSONS];
	size_t total_a, total_b, none, n;

	n = lookup_query(typing, typed, NOW_AT, a, MODEL_PERSONS, &total_a);
	/* an empty query forgets what was typed before */
	lookup_query(fresh, "", NOW_AT, b, 0, &none);
	assert_int_equal(lookup_query(fresh, typed, NOW_AT, b, MODEL_PERSONS,
	    &total_b), n);
	assert_int_equal(total_a, total_b);
	for (size_t i = 0; i < n; i++)
		if (a[i].tag != b[i].tag || a[i].tier != b[i].tier)
			fail_msg("after \"%s\" hit %zu differs", typed, i);
	return n;
}

/* Keys, Backspaces and changes at random: searching among the hits of the
 * text before gives what searching all gives. */
static void
narrowing_changes_nothing(void **state)
{
	static const char *const keys[] = { "z", "h", "a", "n", "g", "s", "i",
		"u", "l", "w", "f", "y", "x", "e", "1", "2", "0", " ", "'", "(",
		"张", "西", "Z", "ｚ", "ü", "X", "长" };
	struct lookup *typing = lookup_new(), *fresh = lookup_new();
	char typed[256] = "";
	uint32_t seed = 7;
	size_t hits = 0;

	(void)state;
	for (int round = 0; round < 12000; round++) {
		size_t len = strlen(typed);
		uint32_t what = next_random(&seed) % 40;

		if (round < MODEL_PERSONS || what == 0) {
			char name[64], alias[64], digits[64];
			uint32_t n = next_random(&seed) % MODEL_PERSONS;

			random_name(name, &seed);
			random_name(alias, &seed);
			snprintf(digits, sizeof digits, "%u\t%u\t12X",
			    next_random(&seed) % 1000,
			    next_random(&seed) % 100000000);
			put(typing, n, name, alias, digits);
			put(fresh, n, name, alias, digits);
		} else if (what == 1) {
			struct uuid id = id_of(next_random(&seed) %
			    MODEL_PERSONS);

			lookup_drop(typing, &id);
			lookup_drop(fresh, &id);
		} else if (what < 12 && len > 0) {
			do
				len--;
			while (len > 0 && ((unsigned char)typed[len] & 0xC0) ==
			    0x80);
			typed[len] = '\0';
		} else if (len > 3 + next_random(&seed) % 16) {
			typed[0] = '\0';
		} else {
			strncat(typed, keys[next_random(&seed) %
			    (sizeof keys / sizeof *keys)], 8);
		}
		if (*typed != '\0')
			hits += same_hits(typing, fresh, typed);
	}
	assert_true(hits > 20000);
	lookup_free(typing);
	lookup_free(fresh);
}

/* 张某某 is found by the whole name; nobody else by 某. */
static void
a_masked_name(void **state)
{
	static const struct {
		const char *typed;
		size_t hits;
	} cases[] = { { "张", 2 }, { "张小", 2 }, { "张小明", 2 },
		{ "张小明四", 0 }, { "张国", 1 }, { "zxm", 2 }, { "李小明", 0 },
		{ "小明", 1 }, { "明", 1 }, { "某", 1 }, { "张某某", 1 } };
	struct lookup *l = lookup_new();

	(void)state;
	put(l, 1, "张小明", "", "");
	put(l, 2, "张某某", "", "");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (total_of(l, cases[i].typed) != cases[i].hits)
			fail_msg("%s: %zu", cases[i].typed,
			    total_of(l, cases[i].typed));
	lookup_free(l);
}

/* A hanzi after a name belongs to the number as soon as a digit follows: the
 * rows of the name before may not be all. */
static void
name_that_becomes_a_number(void **state)
{
	struct lookup *l = lookup_new();
	struct lookup_hit hit[4];
	size_t total;

	(void)state;
	put(l, 1, "杨伟", "", "（2024）青石矫字第8号");
	assert_int_equal(lookup_query(l, "y 第", NOW_AT, hit, 4, &total), 0);
	assert_int_equal(lookup_query(l, "y 第8", NOW_AT, hit, 4, &total), 1);
	lookup_free(l);
}

/* Whoever is found in two ways, by name and by the hanzi of a file number or
 * of a village, is found in the better one, alone as among others. */
static void
found_in_two_ways(void **state)
{
	const struct lookup_fact at = { .active = true, .place = "青石村" };
	struct lookup *l = lookup_new();
	struct lookup_hit hit[4];
	size_t total;

	(void)state;
	put(l, 1, "青石海", "", "（2024）青石矫字第8号");
	assert_int_equal(lookup_query(l, "青石", NOW_AT, hit, 4, &total), 1);
	assert_int_equal(hit[0].tier, 1);
	put(l, 2, "王五", "", "（2024）青石矫字第9号");
	put(l, 3, "石青石", "", "（2024）青石矫字第10号");
	for (uint32_t n = 1; n <= 3; n++) {
		struct uuid id = id_of(n);

		lookup_learn(l, &id, &at);
	}
	assert_int_equal(lookup_query(l, "青石", NOW_AT, hit, 4, &total), 3);
	assert_int_equal(hit[0].tag, 1);
	assert_int_equal(hit[0].tier, 1);
	assert_int_equal(hit[1].tag, 3);
	assert_int_equal(hit[1].tier, 2);
	assert_int_equal(hit[2].tag, 2);
	assert_int_equal(hit[2].tier, 4);
	lookup_free(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(written_cases),
		cmocka_unit_test(order),
		cmocka_unit_test(tiers),
		cmocka_unit_test(nothing_typed),
		cmocka_unit_test(changes),
		cmocka_unit_test(many_changes),
		cmocka_unit_test(odd_texts),
		cmocka_unit_test(random_names_like_the_model),
		cmocka_unit_test(random_numbers_like_the_model),
		cmocka_unit_test(narrowing_changes_nothing),
		cmocka_unit_test(a_masked_name),
		cmocka_unit_test(name_that_becomes_a_number),
		cmocka_unit_test(found_in_two_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
