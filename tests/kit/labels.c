/*
 * Whole labels (kit/labels.h).
 */
#include "kit/labels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"

enum { RUN_BYTES = 400 };

const enum tr_lang labels_languages[LABELS_LANGUAGES] = { TR_ZH, TR_EN };

/* The words of a role that begin in this cell, without blanks around; false:
 * none begin here. */
static bool
run_at(char out[RUN_BYTES], const struct canvas *c, int row, int col,
	enum canvas_role role)
{
	const struct canvas_cell *cells = &c->cells[row * c->cols];
	size_t len = 0;

	if (cells[col].role != role || (col && cells[col - 1].role == role))
		return false;
	for (; col < c->cols && cells[col].role == role; col++)
		if (cells[col].c)
			len += utf8_put(out + len, cells[col].c);
	while (len && out[len - 1] == ' ')
		len--;
	out[len] = '\0';
	len = strspn(out, " *+!");
	memmove(out, out + len, strlen(out + len) + 1);
	return true;
}

bool
labels_run(const struct canvas *c, enum canvas_role role, const char *words)
{
	char run[RUN_BYTES];

	for (int row = 0; row < c->rows; row++)
		for (int col = 0; col < c->cols; col++)
			if (run_at(run, c, row, col, role) &&
			    strcmp(run, words) == 0)
				return true;
	return false;
}

bool
labels_has(const struct canvas *c, const char *label)
{
	return labels_run(c, ROLE_LABEL, label) || labels_run(c, ROLE_MARK, label);
}

static size_t complaints;	/* of the test that runs */

void
labels_complain(const struct canvas *c, const char *fmt, ...)
{
	struct buf now;
	char words[RUN_BYTES];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(words, sizeof words, fmt, args);
	va_end(args);
	buf_init(&now, BUF_RECORD_MAX);
	canvas_print(&now, c);
	print_error("%s (%s)\n", words, tr_lang() == TR_EN ? "en" : "zh");
	if (complaints++ == 0)
		print_error("%s", now.data);
	buf_release(&now);
}

void
labels_none_cut(void)
{
	size_t count = complaints;

	complaints = 0;
	tr_set(TR_EN);
	assert_int_equal(count, 0);
}
