/*
 * Which cells of a row are sent, and in which characters.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/tty_cells.h"

enum { COLS = 8 };

/* A row from its text: '.' is the right half of the wide character before it,
 * 'W' its left one; capitals but W are of another role. */
static void
row_of(struct canvas_cell row[COLS], const char *text)
{
	for (int i = 0; i < COLS; i++) {
		char c = text[i];

		row[i] = (struct canvas_cell){
			.c = c == '.' ? 0 : c == 'W' ? 0x679c : (uint32_t)c,
			.role = c >= 'A' && c <= 'Z' && c != 'W' ? ROLE_TITLE :
				ROLE_TEXT,
		};
	}
}

static void
test_changed(void **state)
{
	static const struct {
		const char *old, *now;
		int from, to;		/* from == to: equal */
	} cases[] = {
		{ "abcdefgh", "abcdefgh", 0, 0 },
		{ "abcdefgh", "abcXefgh", 3, 4 },
		{ "abcdefgh", "Xbcdefgh", 0, 1 },
		{ "abcdefgh", "abcdefgX", 7, 8 },
		{ "abcdefgh", "aXcdeXgh", 1, 6 },
		/* a wide one comes, goes, moves by a cell */
		{ "abcdefgh", "abW.efgh", 2, 4 },
		{ "abW.efgh", "abcdefgh", 2, 4 },
		{ "abW.efgh", "abxW.fgh", 2, 5 },
		/* the half behind what differs goes with it */
		{ "aW.W.W.h", "aW.x.W.h", 3, 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct canvas_cell old[COLS], now[COLS];
		int from = 0, to = 0;

		row_of(old, cases[i].old);
		row_of(now, cases[i].now);
		assert_int_equal(tty_cells_changed(&from, &to, old, now, COLS),
			cases[i].from != cases[i].to);
		assert_int_equal(from, cases[i].from);
		assert_int_equal(to, cases[i].to);
	}
}

/* Roles and marks are looked at too. */
static void
test_changed_looks(void **state)
{
	struct canvas_cell old[COLS], now[COLS];
	int from = 0, to = 0;

	(void)state;
	row_of(old, "abcdefgh");
	memcpy(now, old, sizeof now);
	now[2].role = ROLE_WARN;
	now[5].marks[1] = 0x301;
	assert_true(tty_cells_changed(&from, &to, old, now, COLS));
	assert_int_equal(from, 2);
	assert_int_equal(to, 6);
	/* where half of a wide one differs, both are sent */
	row_of(old, "abW.W.gh");
	memcpy(now, old, sizeof now);
	now[3].role = ROLE_WARN;
	now[4].c = 0x6811;
	assert_true(tty_cells_changed(&from, &to, old, now, COLS));
	assert_int_equal(from, 2);
	assert_int_equal(to, 6);
}

static void
test_text(void **state)
{
	wchar_t text[TTY_CELLS_TEXT_MAX];
	struct canvas_cell row[COLS];
	int at = 0;

	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	row_of(row, "aW.bTUcd");
	row[3].marks[0] = 0x301;
	/* a run of a role; the wide one's other half is nothing */
	assert_int_equal(tty_cells_text(text, row, &at, COLS, true), 4);
	assert_memory_equal(text, L"a\u679c" L"b\u0301", 4 * sizeof *text);
	assert_int_equal(at, 4);
	assert_int_equal(tty_cells_text(text, row, &at, COLS, true), 2);
	assert_memory_equal(text, L"TU", 2 * sizeof *text);
	assert_int_equal(at, 6);
	assert_int_equal(tty_cells_text(text, row, &at, 7, true), 1);
	assert_int_equal(at, 7);
	/* no marks where the terminal would not put them on the character */
	at = 3;
	assert_int_equal(tty_cells_text(text, row, &at, 4, false), 1);
}

/* As wide as it was, and not nothing. */
static void
test_text_not_sayable(void **state)
{
	wchar_t text[TTY_CELLS_TEXT_MAX];
	struct canvas_cell row[COLS];
	int at = 0;

	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C"));
	row_of(row, "aW.bcdef");
	assert_int_equal(tty_cells_text(text, row, &at, COLS, false), COLS);
	assert_memory_equal(text, L"a? bcdef", COLS * sizeof *text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_changed_looks),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_text_not_sayable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
