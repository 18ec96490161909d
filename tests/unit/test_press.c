/* ui/press and ui/tty_keys: names, labels, controls, sequences. */
#include "ui/press.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/tr.h"
#include "ui/tty_keys.h"

static void
test_names(void **state)
{
	static const struct {
		const char *name;
		int code;
		const char *label;	/* NULL: the name */
	} rows[] = {
		{ "^S", PRESS_CTRL + 'S', NULL },
		{ "^s", PRESS_CTRL + 'S', "^S" },
		{ "^_", PRESS_CTRL + '_', NULL },
		{ "^I", PRESS_TAB, "Tab" },
		{ "^M", PRESS_ENTER, "Enter" },
		{ "^[", PRESS_ESC, "Esc" },
		{ "^?", PRESS_BACKSPACE, "Backspace" },
		{ "enter", PRESS_ENTER, "Enter" },
		{ "PgDn", PRESS_PGDN, NULL },
		{ "Shift-Tab", PRESS_BACKTAB, NULL },
		{ "Space", ' ', NULL },
		{ "F1", PRESS_F1, NULL },
		{ "f12", PRESS_F12, "F12" },
		{ "F", 'F', NULL },
		{ "?", '?', NULL },
		{ "张", 0x5F20, NULL },
		{ "F13", PRESS_NONE, NULL },
		{ "F0", PRESS_NONE, NULL },
		{ "nonsense", PRESS_NONE, NULL },
		{ "张三", PRESS_NONE, NULL },
		{ "", PRESS_NONE, NULL },
		{ "\x07", PRESS_NONE, NULL },
	};

	(void)state;
	tr_set(TR_EN);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf label;

		assert_int_equal(press_parse(rows[i].name), rows[i].code);
		if (rows[i].code == PRESS_NONE)
			continue;
		buf_init(&label, BUF_LINE_MAX);
		press_label(&label, rows[i].code);
		assert_string_equal(label.data,
		    rows[i].label ? rows[i].label : rows[i].name);
		buf_release(&label);
	}
}

static void
test_characters(void **state)
{
	static const int yes[] = { ' ', 'a', '~', 0xA0, 0x5F20, 0x20000 };
	static const int no[] = { 0x7F, PRESS_ENTER, PRESS_CTRL + 'A',
		PRESS_PASTE, PRESS_NONE };

	(void)state;
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		assert_true(press_is_char(&(struct press){ .code = yes[i] }));
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		assert_false(press_is_char(&(struct press){ .code = no[i] }));
}

static void
test_sequences(void **state)
{
	const struct tty_keys_sequence *a, *b;
	size_t count = 0;

	(void)state;
	for (; tty_keys_sequence(count); count++) {
		a = tty_keys_sequence(count);
		assert_int_equal(a->bytes[0], '\033');
		for (size_t k = 0; k < count; k++) {
			b = tty_keys_sequence(k);
			assert_string_not_equal(a->bytes, b->bytes);
		}
	}
	assert_in_range(count, 43, 100);
	assert_int_equal(tty_keys_control(0x13), PRESS_CTRL + 'S');
	assert_int_equal(tty_keys_control('\n'), PRESS_ENTER);
	assert_int_equal(tty_keys_control('a'), 'a');
}

static void
test_keypad_stays_numeric(void **state)
{
	char on[] = "\033[?1h\033=", off[] = "\033[?1l\033>";
	char other[] = "\033[?1h";

	(void)state;
	tty_keys_trim(on);
	tty_keys_trim(off);
	tty_keys_trim(other);
	tty_keys_trim(NULL);
	assert_string_equal(on, "\033[?1h");
	assert_string_equal(off, "\033[?1l");
	assert_string_equal(other, "\033[?1h");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keypad_stays_numeric),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_characters),
		cmocka_unit_test(test_sequences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
