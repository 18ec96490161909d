/*
 * Text spreadsheets as WPS, Excel and county systems write them.
 */
#include "client/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"

enum { GUESS_LINES = 8 };

void
sheet_release(struct sheet *s)
{
	for (size_t i = 0; i < s->count; i++) {
		for (size_t k = 0; k < s->rows[i].count; k++)
			free(s->rows[i].cells[k]);
		free(s->rows[i].cells);
	}
	free(s->rows);
	*s = (struct sheet){0};
}

/* The separator that stands most often outside quotes in the first lines. */
static char
guess_separator(const char *text, size_t len)
{
	static const char candidates[] = { ',', ';', '\t', '|' };
	size_t seen[sizeof candidates] = {0}, best = 0, lines = 0;
	bool quoted = false;

	for (size_t i = 0; i < len && lines < GUESS_LINES; i++) {
		if (text[i] == '"')
			quoted = !quoted;
		else if (text[i] == '\n' && !quoted)
			lines++;
		for (size_t k = 0; k < sizeof candidates && !quoted; k++)
			seen[k] += text[i] == candidates[k];
	}
	for (size_t k = 1; k < sizeof candidates; k++)
		if (seen[k] > seen[best])
			best = k;
	return candidates[best];
}

/* A text mark of spreadsheet programs: the apostrophe before an id number. */
static const char *
after_text_mark(const char *cell)
{
	if (cell[0] == '\'' && cell[1])
		return cell + 1;
	return cell;
}

static void
add_cell(struct sheet_row *row, const struct buf *raw)
{
	struct buf tidy;

	buf_init(&tidy, SHEET_BYTES_MAX);
	for (const char *p = after_text_mark(raw->data); *p; p++)
		if (*p != '\r')
			buf_char(&tidy, *p == '\t' ? ' ' : *p);
	while (tidy.len && tidy.data[tidy.len - 1] == ' ')
		tidy.data[--tidy.len] = 0;
	row->cells = mem_grow(row->cells, row->count, sizeof *row->cells);
	row->cells[row->count++] = mem_strdup(tidy.data +
		strspn(tidy.data, " "));
	buf_release(&tidy);
}

struct scan {
	const char *text;
	size_t len, at, line;
	char separator;
};

/* One quoted cell; at stands behind the opening quote. */
static enum status
scan_quoted(struct buf *cell, struct scan *s, struct err *err)
{
	size_t began = s->line;

	while (s->at < s->len) {
		char c = s->text[s->at++];

		if (c == '\n')
			s->line++;
		if (c != '"') {
			buf_char(cell, c);
			continue;
		}
		if (s->at >= s->len || s->text[s->at] != '"')
			return E_OK;
		buf_char(cell, '"');
		s->at++;
	}
	return err_set(err, E_INVALID, tr("Line %zu: a quotation mark is "
		"opened and never closed."), began);
}

/* One row; *more is false at the end of the text. */
static enum status
scan_row(struct sheet_row *row, struct scan *s, struct err *err)
{
	struct buf cell;
	enum status st = E_OK;

	buf_init(&cell, SHEET_BYTES_MAX);
	while (s->at < s->len && !st) {
		char c = s->text[s->at++];

		if (c == '"' && cell.len == 0) {
			st = scan_quoted(&cell, s, err);
		} else if (c == s->separator) {
			add_cell(row, &cell);
			buf_clear(&cell);
		} else if (c == '\n') {
			s->line++;
			break;
		} else if (c != '\r') {
			buf_char(&cell, c);
		}
		if (row->count >= SHEET_COLUMNS_MAX)
			st = err_set(err, E_INVALID, tr("Line %zu has more "
				"than %d columns."), row->line,
				SHEET_COLUMNS_MAX);
	}
	if (!st)
		add_cell(row, &cell);
	buf_release(&cell);
	return st;
}

enum status
sheet_parse(struct sheet *out, const char *bytes, size_t len,
	struct err *err)
{
	struct sheet sheet = {0};
	struct scan scan = { .line = 1 };
	struct buf text;
	enum status st;

	buf_init(&text, SHEET_BYTES_MAX);
	st = codeset_guess(&sheet.codeset, bytes, len, err);
	if (!st)
		st = codeset_to_utf8(&text, sheet.codeset, bytes, len, err);
	if (!st && memchr(text.data, 0, text.len))
		st = err_set(err, E_INVALID, tr("The file is no text; save it "
			"as CSV first."));
	if (st)
		goto out;
	scan.text = text.data;
	scan.len = text.len;
	scan.separator = guess_separator(text.data, text.len);
	sheet.separator = scan.separator;
	while (scan.at < scan.len && !st) {
		if (sheet.count >= SHEET_ROWS_MAX) {
			st = err_set(err, E_INVALID, tr("The file has more "
				"than %d rows."), SHEET_ROWS_MAX);
			break;
		}
		sheet.rows = mem_grow(sheet.rows, sheet.count,
			sizeof *sheet.rows);
		sheet.rows[sheet.count] = (struct sheet_row){
			.line = sheet.count + 1 };
		st = scan_row(&sheet.rows[sheet.count++], &scan, err);
	}
out:
	buf_release(&text);
	if (st)
		sheet_release(&sheet);
	else
		*out = sheet;
	return st;
}

const char *
sheet_cell(const struct sheet_row *row, size_t column)
{
	return column < row->count ? row->cells[column] : "";
}

bool
sheet_row_is_blank(const struct sheet_row *row)
{
	for (size_t i = 0; i < row->count; i++)
		if (*row->cells[i])
			return false;
	return true;
}

bool
sheet_row_is_total(const struct sheet_row *row)
{
	static const char *const words[] = { "合计", "总计", "小计", "共计",
		"合 计", "总 计", "Total", "total", "TOTAL" };

	for (size_t i = 0; i < row->count; i++) {
		if (!*row->cells[i])
			continue;
		for (size_t k = 0; k < sizeof words / sizeof *words; k++)
			if (strncmp(row->cells[i], words[k],
			    strlen(words[k])) == 0)
				return true;
		return false;
	}
	return false;
}

static bool
looks_like_formula(const char *cell)
{
	static const char *const starts[] = { "=", "+", "-", "@", "\t", "\r",
		"\n", "＝", "＋", "－", "＠" };

	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		if (strncmp(cell, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

void
sheet_print_row(struct buf *out, const char *const *cells, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buf_text(out, i ? ",\"" : "\"");
		if (looks_like_formula(cells[i]))
			buf_char(out, '\'');
		for (const char *p = cells[i]; *p; p++) {
			if (*p == '"')
				buf_char(out, '"');
			buf_char(out, *p);
		}
		buf_char(out, '"');
	}
	buf_text(out, "\r\n");
}
