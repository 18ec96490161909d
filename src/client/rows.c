/*
 * Short lists as rows of texts.
 */
#include "client/rows.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

void
rows_clear(struct rows *r)
{
	for (size_t i = 0; i < r->count; i++)
		for (size_t k = 0; k < ROWS_CELLS; k++)
			free(r->items[i].cells[k]);
	r->count = 0;
}

void
rows_release(struct rows *r)
{
	rows_clear(r);
	free(r->items);
	*r = (struct rows){0};
}

struct rows_row *
rows_add(struct rows *r, const struct uuid *id)
{
	/* mem_grow doubles at powers of two, also after a clear */
	r->items = mem_resize(r->items, r->count + 1, sizeof *r->items);
	r->items[r->count] = (struct rows_row){ .id = *id, .item = r->count };
	return &r->items[r->count++];
}

void
rows_cell(struct rows_row *row, size_t cell, const char *text)
{
	assert(cell < ROWS_CELLS);
	free(row->cells[cell]);
	row->cells[cell] = mem_strdup(text);
}
