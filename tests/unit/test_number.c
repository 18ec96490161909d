/*
 * Paper numbers: written, read, of which year, and what definitions may say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "core/number.h"

#define FORMAT "（@year）@short人调字第@n号"

static void
test_reads_what_people_write(void **state)
{
	static const struct {
		const char *text;
		int year;
		int64_t n;
		const char *short_name;
	} good[] = {
		{ "（2026）青石人调字第12号", 2026, 12, "青石" },
		{ "(2026)青石人调字第012号", 2026, 12, "青石" },
		{ "〔2026〕 青石 人调字第 12 号", 2026, 12, "青石" },
		{ "【２０２６】青石人调字第１２号", 2026, 12, "青石" },
		{ "[2025]红星村人调字第1号", 2025, 1, "红星村" },
	};
	static const char *const bad[] = { "", "12", "青石人调字第12号",
		"（2026）人调字第12号", "（2026）青石人调字第号",
		"（2026）青石人调字第0号", "（26）青石人调字第1号",
		"（2026）青石人调字第12号附1", "（2026）青石人调协字第12号",
		"（2026）青石人调字第1000000号", "临〔2026〕D07-12" };
	struct number n;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		n = (struct number){0};
		assert_true(number_parse(&n, FORMAT, good[i].text));
		assert_int_equal(n.year, good[i].year);
		assert_int_equal(n.n, good[i].n);
		assert_string_equal(n.short_name, good[i].short_name);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (number_parse(&n, FORMAT, bad[i]))
			fail_msg("taken: %s", bad[i]);
	}
}

static void
test_writes_what_it_reads(void **state)
{
	static const char *const formats[] = { FORMAT,
		"@short司所审〔@year〕@n号", "@year-@n", "矫@year第@n号" };
	const struct number n = { 2026, 7, "青石" };

	(void)state;
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		struct number back = {0};
		struct buf text;

		buf_init(&text, BUF_LINE_MAX);
		number_print(&text, formats[i], &n);
		assert_true(number_parse(&back, formats[i], text.data));
		assert_int_equal(back.year, 2026);
		assert_int_equal(back.n, 7);
		buf_release(&text);
	}
}

static void
test_short_names(void **state)
{
	static const char *const names[][2] = { { "青石司法所", "青石" },
		{ "枫桥县司法局", "枫桥县" }, { "司法所", "司法所" },
		{ "一所", "一所" }, { " 青石 司法所 ", "青石" } };
	const struct schema_number def = { .cls = (char []){"mediation"} };
	struct number own = { 2026, 1, "青石" }, other = { 2026, 1, "红星" };
	struct number none = { 2026, 1, "" };
	char name[NUMBER_SHORT_MAX], cls[NUMBER_CLASS_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		number_short(name, names[i][0]);
		assert_string_equal(name, names[i][1]);
	}
	number_class(cls, &def, &own, "青石");
	assert_string_equal(cls, "mediation");
	number_class(cls, &def, &none, "青石");
	assert_string_equal(cls, "mediation");
	number_class(cls, &def, &other, "青石");
	assert_string_equal(cls, "mediation/红星");
}

static void
test_provisional_ones(void **state)
{
	static const char *const not[] = { "", "临时", "临〔26〕D07-1",
		"（2026）临人调字第1号" };
	struct buf text;
	int year = 0;

	(void)state;
	buf_init(&text, BUF_LINE_MAX);
	number_print_provisional(&text, 2026, 7, 1, 12);
	assert_string_equal(text.data, "临〔2026〕D07-12");
	assert_true(number_is_provisional(text.data, &year));
	assert_int_equal(year, 2026);
	buf_clear(&text);
	number_print_provisional(&text, 2026, 7, 2, 12);
	assert_string_equal(text.data, "临〔2026〕D07B-12");
	assert_true(number_is_provisional("临(2026)D07-12", NULL));
	for (size_t i = 0; i < sizeof not / sizeof *not; i++)
		assert_false(number_is_provisional(not[i], NULL));
	buf_release(&text);
}

static int
day(const char *text)
{
	return date_parse(text);
}

/* A number is of the year of its day, not of the day it is written. */
static void
test_years(void **state)
{
	const struct schema_number by_day = { .field = (char []){"no"},
		.day = (char []){"on"} };
	const struct schema_number plain = { .field = (char []){"no"} };
	struct record r = {0};

	(void)state;
	assert_int_equal(number_year(&plain, &r, day("2027-01-02")), 2027);
	assert_int_equal(number_year(&by_day, &r, day("2027-01-02")), 2027);
	assert_true(record_set(&r, "on", "2026-12-31"));
	assert_int_equal(number_year(&by_day, &r, day("2027-01-02")), 2026);
	assert_int_equal(number_year(&by_day, &r, day("2027-01-31")), 2026);
	assert_int_equal(number_year(&by_day, &r, day("2027-02-01")), 0);
	assert_true(record_set(&r, "on", "2026-12-31T23:59"));
	assert_int_equal(number_year(&by_day, &r, day("2026-12-31")), 2026);
	assert_true(record_set(&r, "on", "2019-05-05"));
	assert_int_equal(number_year(&by_day, &r, day("2026-03-02")), 0);
	assert_true(number_year_is_open(2026, day("2026-03-02")));
	assert_false(number_year_is_open(2027, day("2026-11-30")));
	assert_true(number_year_is_open(2027, day("2026-12-01")));
	assert_true(number_year_is_open(2026, day("2027-01-31")));
	assert_false(number_year_is_open(2026, day("2027-02-01")));
	record_release(&r);
}

static void
test_when_it_is_due(void **state)
{
	char issue[] = "issue";
	char *moves[] = { issue };
	const struct schema_number at_once = { .field = (char []){"no"} };
	const struct schema_number by_step = { .field = (char []){"no"},
		.moves = moves, .move_count = 1 };
	const struct schema_number none = {0};
	struct record r = {0};

	(void)state;
	assert_true(number_is_due(&at_once, &r, true, NULL));
	assert_false(number_is_due(&at_once, &r, false, "issue"));
	assert_false(number_is_due(&by_step, &r, true, NULL));
	assert_true(number_is_due(&by_step, &r, false, "issue"));
	assert_false(number_is_due(&by_step, &r, false, "return"));
	assert_false(number_is_due(&none, &r, true, "issue"));
	assert_true(record_set(&r, "no", "（2026）青石人调字第3号"));
	assert_false(number_is_due(&at_once, &r, true, NULL));
	record_release(&r);
}

/* ---- definitions ---- */

#define LABEL "{\"zh\":\"号\",\"en\":\"no\"}"
#define REGISTER(name, number) "{\"register\":\"" name "\",\"version\":1," \
	"\"called\":[\"no\"],\"title\":" LABEL ",\"one\":" LABEL "," \
	"\"number\":" number "," \
	"\"fields\":[{\"name\":\"no\",\"label\":" LABEL "," \
	"\"type\":\"number\",\"overview\":true}," \
	"{\"name\":\"memo\",\"label\":" LABEL ",\"type\":\"text\"}," \
	"{\"name\":\"on\",\"label\":" LABEL ",\"type\":\"date\"}]," \
	"\"states\":[{\"name\":\"open\",\"label\":" LABEL "}]," \
	"\"list\":{\"columns\":[{\"path\":\"no\",\"cells\":0}]}," \
	"\"form\":[{\"page\":" LABEL ",\"rows\":[[\"no\"],[\"memo\"]," \
	"[\"on\"]]}]}"

static void
test_definitions(void **state)
{
	static const struct {
		const char *number;
		const char *path;	/* of the only complaint; NULL: none */
	} cases[] = {
		{ "{\"field\":\"no\",\"class\":\"p\",\"mode\":\"leased\","
		  "\"format\":\"@short〔@year〕@n号\",\"block\":5,"
		  "\"day\":\"on\"}", NULL },
		{ "{\"field\":\"no\",\"class\":\"p\",\"mode\":\"machine\","
		  "\"format\":\"@year-@n\"}", NULL },
		{ "{\"field\":\"memo\",\"class\":\"p\",\"mode\":\"leased\","
		  "\"format\":\"@year-@n\"}", "number.field" },
		{ "{\"field\":\"gone\",\"class\":\"p\",\"mode\":\"leased\","
		  "\"format\":\"@year-@n\"}", "number.field" },
		{ "{\"field\":\"no\",\"class\":\"p\",\"mode\":\"rented\","
		  "\"format\":\"@year-@n\"}", "number.mode" },
		{ "{\"field\":\"no\",\"class\":\"p\",\"mode\":\"leased\","
		  "\"format\":\"第@n号\"}", "number.format" },
		{ "{\"field\":\"no\",\"class\":\"p\",\"mode\":\"leased\","
		  "\"format\":\"@year@n\"}", "number.format" },
		{ "{\"field\":\"no\",\"class\":\"p\",\"mode\":\"leased\","
		  "\"format\":\"@n@year\"}", "number.format" },
		{ "{\"field\":\"no\",\"class\":\"p\",\"mode\":\"leased\","
		  "\"format\":\"@year-@number-@x\"}", "number.format" },
		{ "{\"field\":\"no\",\"class\":\"p\",\"mode\":\"leased\","
		  "\"format\":\"@year-@n\",\"day\":\"memo\"}", "number.day" },
		{ "{\"field\":\"no\",\"class\":\"p\",\"mode\":\"leased\","
		  "\"format\":\"@year-@n\",\"moves\":[\"go\"]}",
		  "number.moves[0]" },
		{ "{\"field\":\"no\",\"class\":\"p\",\"mode\":\"provisional\","
		  "\"format\":\"@year-@n\",\"block\":5}", "number.block" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[1500];
		int len = snprintf(text, sizeof text, REGISTER("paper", "%s"),
			cases[i].number);
		const struct def_file file = { "registers/paper.json", text,
			(size_t)len };
		struct complaints c = {0};
		struct schema *s = NULL;
		struct err err = ERR_INIT;
		enum status st = schema_load(&s, &file, 1, &c, &err);

		if ((st == E_OK) != (cases[i].path == NULL) ||
		    (st && (c.count != 1 ||
		    strcmp(c.items[0].path, cases[i].path) != 0)))
			fail_msg("%zu: %s %s", i, c.count ?
				c.items[0].path : "-", c.count ?
				c.items[0].text : err.msg);
		complaints_release(&c);
		schema_free(s);
	}
}
/* Two registers of one class, of which the first writes more than a format may
 * hold: that is the complaint, and the second is not compared with it. */
static void
test_one_of_two_is_too_long(void **state)
{
	char longer[700], text[2][1500], format[200];
	struct def_file files[2] = { { "registers/book.json", text[0], 0 },
		{ "registers/paper.json", text[1], 0 } };
	struct complaints c = {0};
	struct schema *s = NULL;
	struct err err = ERR_INIT;

	(void)state;
	memset(format, '-', sizeof format);
	format[sizeof format - 1] = 0;
	snprintf(longer, sizeof longer, "{\"field\":\"no\",\"class\":\"p\","
		"\"mode\":\"leased\",\"format\":\"@year%s@n\"}", format);
	files[0].len = (size_t)snprintf(text[0], sizeof text[0],
		REGISTER("book", "%s"), longer);
	files[1].len = (size_t)snprintf(text[1], sizeof text[1],
		REGISTER("paper", "{\"field\":\"no\",\"class\":\"p\","
		"\"mode\":\"leased\",\"format\":\"@year-@n\"}"));
	assert_int_equal(schema_load(&s, files, 2, &c, &err), E_INVALID);
	assert_int_equal(c.count, 1);
	assert_string_equal(c.items[0].file, "registers/book.json");
	assert_string_equal(c.items[0].path, "number.format");
	complaints_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_what_people_write),
		cmocka_unit_test(test_writes_what_it_reads),
		cmocka_unit_test(test_short_names),
		cmocka_unit_test(test_provisional_ones),
		cmocka_unit_test(test_years),
		cmocka_unit_test(test_when_it_is_due),
		cmocka_unit_test(test_definitions),
		cmocka_unit_test(test_one_of_two_is_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
