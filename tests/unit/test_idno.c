/* Numbers with a check: the standards' own examples and made-up ones of
 * regions that nobody was given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/tr.h"
#include "core/idno.h"

enum { TODAY = 20779 };		/* 2026-11-22 */

static int
set_up(void **state)
{
	(void)state;
	tr_set(TR_EN);
	return 0;
}

static const struct {
	const char *typed, *stored, *sex, *birth;
	bool old;
} good[] = {
	{ "11010519491231002X", "11010519491231002X", "2", "1949-12-31", 0 },
	{ "440524188001010014", "440524188001010014", "1", "1880-01-01", 0 },
	{ "990101188801010021", "990101188801010021", "2", "1888-01-01", 0 },
	{ "990101188801010080", "990101188801010080", "2", "1888-01-01", 0 },
	{ "99010118880101003X", "99010118880101003X", "1", "1888-01-01", 0 },
	{ "990101188801010099", "990101188801010099", "1", "1888-01-01", 0 },
	{ "990101188801010048", "990101188801010048", "2", "1888-01-01", 0 },
	{ "990101188801010187", "990101188801010187", "2", "1888-01-01", 0 },
	{ "990101188801010056", "990101188801010056", "1", "1888-01-01", 0 },
	{ "990101188801010195", "990101188801010195", "1", "1888-01-01", 0 },
	{ "990101188801010064", "990101188801010064", "2", "1888-01-01", 0 },
	{ "990101188801010013", "990101188801010013", "1", "1888-01-01", 0 },
	{ "990101188801010072", "990101188801010072", "1", "1888-01-01", 0 },
	{ "990101188802290010", "990101188802290010", "1", "1888-02-29", 0 },
	{ "99010118880101003x", "99010118880101003X", "1", "1888-01-01", 0 },
	{ "990101880101001", "990101198801010012", "1", "1988-01-01", 1 },
	/* as spreadsheets hold them */
	{ "'990101188801010013", "990101188801010013", "1", "1888-01-01", 0 },
	{ "\t990101188801010013", "990101188801010013", "1", "1888-01-01", 0 },
	{ " 990101 18880101 0013", "990101188801010013", "1", "1888-01-01",
	    0 },
	{ "９９０１０１１８８８０１０１００３Ｘ", "99010118880101003X", "1",
	    "1888-01-01", 0 },
	{ "　９９０１０１１８８８０１０１００３ｘ", "99010118880101003X", "1",
	    "1888-01-01", 0 },
};

static void
good_numbers_are_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		char id[IDNO_MAX] = "";
		char birth[DATE_TEXT_MAX];
		struct err err = ERR_INIT;
		bool old = !good[i].old;

		if (idno_parse(id, &old, good[i].typed, TODAY, &err))
			fail_msg("%s: %s", good[i].typed, err.msg);
		assert_string_equal(id, good[i].stored);
		assert_int_equal(old, good[i].old);
		assert_string_equal(idno_sex(id), good[i].sex);
		date_print(birth, idno_birth(id));
		assert_string_equal(birth, good[i].birth);
	}
}

static const struct {
	const char *typed, *words;
} bad[] = {
	{ "", "this one has 0" },
	{ "99010118880101001", "this one has 17" },
	{ "9901011888010100133", "this one has 19" },
	{ "99010188010100", "this one has 14" },
	{ "9901011888010100A3", "digits" },
	{ "99010118880101001?", "only the last may be X" },
	{ "99010188010100X", "digits" },
	{ "九90101188801010013", "digits" },
	{ "990101190002290015", "does not exist" },	/* no leap year */
	{ "990101188813010013", "does not exist" },
	{ "990101187912310013", "before 1880" },
	{ "990101203001010013", "still to come" },
	{ "990101188801010012", "check digit" },
	{ "110105194912310021", "check digit" },
};

static void
bad_numbers_each_have_their_sentence(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char id[IDNO_MAX] = "untouched";
		struct err err = ERR_INIT;
		bool old = true;

		assert_int_equal(idno_parse(id, &old, bad[i].typed, TODAY,
		    &err), E_INVALID);
		if (!strstr(err.msg, bad[i].words))
			fail_msg("%s: %s", bad[i].typed, err.msg);
		assert_string_equal(id, "untouched");
		assert_true(old);
	}
}

static void
born_today_is_possible(void **state)
{
	char id[IDNO_MAX];
	struct err err = ERR_INIT;
	bool old;

	(void)state;
	assert_int_equal(idno_parse(id, &old, "990101188801010013",
	    date_from_ymd(1888, 1, 1), &err), E_OK);
	assert_int_equal(idno_parse(id, &old, "990101188801010013",
	    date_from_ymd(1887, 12, 31), &err), E_INVALID);
}

static void
regions_are_provinces(void **state)
{
	static const char *const known[] = { "11", "15", "23", "37", "46",
		"50", "54", "65", "71", "81", "83" };
	static const char *const unknown[] = { "10", "16", "24", "38", "47",
		"55", "66", "72", "80", "84", "99", "01", "x1", "" };

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		assert_true(idno_has_known_region(known[i]));
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
		assert_false(idno_has_known_region(unknown[i]));
}

static void
masks_keep_six_and_four(void **state)
{
	static const char *const pairs[][2] = {
		{ "990101188801010013", "990101********0013" },
		{ "E12345678", "*******78" },
		{ "12345678901234567890", "****************90" },
		{ "7", "*" },
		{ "", "" },
	};
	char out[IDNO_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		idno_mask(out, pairs[i][0]);
		assert_string_equal(out, pairs[i][1]);
	}
}

static void
masks_tell_two_apart(void **state)
{
	static const char *const trios[][3] = {
		{ "990101199505051236", "990101199505061236",
			"990101*******51236" },
		{ "990101199505051236", "990101199505051236",
			"990101********1236" },
		/* the masks alone do */
		{ "990101199505051236", "990101198001010013",
			"990101********1236" },
		{ "990101199505051236", "", "990101********1236" },
		{ "E12345678", "E12345778", "******678" },
		{ "", "990101199505051236", "" },
	};
	char out[IDNO_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof trios / sizeof *trios; i++) {
		idno_mask_apart(out, trios[i][0], trios[i][1]);
		assert_string_equal(out, trios[i][2]);
	}
}

static void
credit_codes(void **state)
{
	static const char *const right[][2] = {
		{ "12990101MB00000016", "12990101MB00000016" },
		{ "54990101MJ0000017X", "54990101MJ0000017X" },
		{ " 54990101mj00 00017x", "54990101MJ0000017X" },
	};
	static const char *const wrong[][2] = {
		{ "12990101MB00000017", "check character" },
		{ "12990101MI00000016", "without I" },
		{ "12990101MB0000001", "this one has 17" },
	};
	char out[IDNO_MAX];
	struct err err = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
		assert_int_equal(uscc_parse(out, right[i][0], &err), E_OK);
		assert_string_equal(out, right[i][1]);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_int_equal(uscc_parse(out, wrong[i][0], &err),
		    E_INVALID);
		assert_non_null(strstr(err.msg, wrong[i][1]));
	}
}

static void
telephones(void **state)
{
	static const char *const right[][2] = {
		{ "13800138000", "13800138000" },
		{ "138 0013 8000", "13800138000" },
		{ "138-0013-8000", "13800138000" },
		{ "+86 13800138000", "13800138000" },
		{ "+86-13800138000", "13800138000" },
		{ "8613800138000", "13800138000" },
		{ "008613800138000", "13800138000" },
		{ "１３８００１３８０００", "13800138000" },
		{ "0551-1234567", "0551-1234567" },
		{ "05511234567", "0551-1234567" },
		{ "01012345678", "010-12345678" },
		{ "(0551)1234567", "0551-1234567" },
		{ "（0551）1234567", "0551-1234567" },
		{ "0551-12345678-123", "0551-12345678-123" },
		{ "1234567", "1234567" },
		{ "12348", "12348" },
		{ "110", "110" },
		{ "13800138000；0551-1234567", "13800138000;0551-1234567" },
		{ "13800138000、12348,110", "13800138000;12348;110" },
		{ "13800138000/", "13800138000" },
	};
	static const char *const wrong[] = { "", ";", "12", "1380013800",
		"138001380000", "12800138000", "abc", "0551-12345",
		"055-1234567-1234567", "+", "+1 5551234567", "0", "-",
		"13800138000;13800138000;13800138000;13800138000;13800138000;"
		"13800138000;13800138000;13800138000;13800138000;13800138000;"
		"13800138000" };
	char out[PHONE_MAX];
	struct err err = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
		if (phone_parse(out, right[i][0], &err))
			fail_msg("%s: %s", right[i][0], err.msg);
		assert_string_equal(out, right[i][1]);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		memcpy(out, "untouched", sizeof "untouched");
		if (phone_parse(out, wrong[i], &err) != E_INVALID)
			fail_msg("%s was taken as %s", wrong[i], out);
		assert_string_equal(out, "untouched");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_numbers_are_taken),
		cmocka_unit_test(bad_numbers_each_have_their_sentence),
		cmocka_unit_test(born_today_is_possible),
		cmocka_unit_test(regions_are_provinces),
		cmocka_unit_test(masks_keep_six_and_four),
		cmocka_unit_test(masks_tell_two_apart),
		cmocka_unit_test(credit_codes),
		cmocka_unit_test(telephones),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
