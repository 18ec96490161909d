#ifndef CLIENT_SHEET_H
#define CLIENT_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/codeset.h"
#include "base/err.h"

/*
 * A spreadsheet saved as text: its charset, its separator, its cells, its
 * rows numbered as spreadsheet programs do.  Nothing here knows what the columns mean.
 */
enum {
	SHEET_BYTES_MAX = 64 * 1024 * 1024,
	SHEET_ROWS_MAX = 200000,
	SHEET_COLUMNS_MAX = 200,
};

struct sheet_row {
	char **cells;		/* tidied (widths and blanks as typed inside),
				 * never NULL; owned */
	size_t count;
	size_t line;		/* the row's number as a spreadsheet shows it,
				 * from 1: a cell may hold several lines */
};

struct sheet {
	struct sheet_row *rows;	/* owned */
	size_t count;
	char separator;		/* , ; TAB or | */
	enum codeset codeset;
};

void sheet_release(struct sheet *s);

/* Errors: E_INVALID the charset is not known, a quote is never closed (the line
 * is named), or a limit above is exceeded. */
MUST_CHECK enum status sheet_parse(struct sheet *out, const char *bytes,
	size_t len, struct err *err);

/* The cell, or "" beyond the row's end.  Lent. */
const char *sheet_cell(const struct sheet_row *row, size_t column);
bool sheet_row_is_blank(const struct sheet_row *row);
/* 合计, 总计, 小计, total ... in the first filled cell. */
bool sheet_row_is_total(const struct sheet_row *row);

/* Append one line of CSV; what a spreadsheet program would run as a formula
 * (= + - @ and their full-width forms, TAB, CR first) gets an apostrophe. */
void sheet_print_row(struct buf *out, const char *const *cells, size_t count);

#endif
