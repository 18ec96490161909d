/*
 * Counts and refusals of an import, and the file of refused rows.
 */
#include "client/import_result.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

void
import_result_keep(struct import_result *r, size_t line, const char *column,
	const char *value, const char *stands)
{
	r->kept = mem_grow(r->kept, r->kept_count, sizeof *r->kept);
	r->kept[r->kept_count++] = (struct import_kept){ .line = line,
		.column = mem_strdup(column), .value = mem_strdup(value),
		.stands = mem_strdup(stands) };
}

void
import_result_unkeep(struct import_result *r, size_t count)
{
	while (r->kept_count > count) {
		struct import_kept *k = &r->kept[--r->kept_count];

		free(k->column);
		free(k->value);
		free(k->stands);
	}
}

void
import_result_release(struct import_result *r)
{
	for (size_t i = 0; i < r->refusal_count; i++) {
		free(r->refusals[i].column);
		free(r->refusals[i].value);
		free(r->refusals[i].reason);
	}
	free(r->refusals);
	import_result_unkeep(r, 0);
	free(r->kept);
	*r = (struct import_result){0};
}

void
import_result_refuse(struct import_result *r, const struct sheet *sheet,
	size_t row, const char *column, const char *value,
	const char *reason)
{
	r->refusals = mem_grow(r->refusals, r->refusal_count,
		sizeof *r->refusals);
	r->refusals[r->refusal_count++] = (struct import_refusal){
		.row = row, .line = sheet->rows[row].line,
		.column = mem_strdup(column), .value = mem_strdup(value),
		.reason = mem_strdup(reason) };
}

static void
print_refused_row(struct buf *out, const struct sheet_row *row,
	size_t columns, const char *const extra[4])
{
	const char *cells[SHEET_COLUMNS_MAX + 4];
	size_t count = 0;

	for (; count < columns && count < SHEET_COLUMNS_MAX; count++)
		cells[count] = sheet_cell(row, count);
	for (size_t i = 0; i < 4; i++)
		cells[count++] = extra[i];
	sheet_print_row(out, cells, count);
}

void
import_print_refused(struct buf *out, const struct sheet *sheet,
	const struct import_map *map, const struct import_result *result)
{
	const struct sheet_row *header = &sheet->rows[map->header];
	size_t extra_count = 0;
	const char *const *extra = import_map_extra(&extra_count);
	size_t i = 0;

	print_refused_row(out, header, header->count, extra);
	while (i < result->refusal_count) {
		const struct import_refusal *first = &result->refusals[i];
		struct buf columns, values, reasons;
		char line[32];
		size_t row = first->row;

		buf_init(&columns, BUF_LINE_MAX);
		buf_init(&values, BUF_LINE_MAX);
		buf_init(&reasons, BUF_LINE_MAX);
		for (; i < result->refusal_count &&
		    result->refusals[i].row == row; i++) {
			const struct import_refusal *r = &result->refusals[i];
			const char *gap = r == first ? "" : "; ";

			buf_printf(&columns, "%s%s", gap, r->column);
			buf_printf(&values, "%s%s", gap, r->value);
			buf_printf(&reasons, "%s%s", gap, r->reason);
		}
		snprintf(line, sizeof line, "%zu", first->line);
		print_refused_row(out, &sheet->rows[row], header->count,
			(const char *const[]){ line, columns.data,
			values.data, reasons.data });
		buf_release(&columns);
		buf_release(&values);
		buf_release(&reasons);
	}
}
