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
	r->generation++;
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
	r->items[r->count] = (struct rows_row){ .id = *id };
	return &r->items[r->count++];
}

void
rows_cell(struct rows_row *row, size_t cell, const char *text)
{
	assert(cell < ROWS_CELLS);
	free(row->cells[cell]);
	row->cells[cell] = mem_strdup(text);
}

static size_t
source_count(void *self)
{
	return ((struct rows *)self)->count;
}

static uint64_t
source_generation(void *self)
{
	return ((struct rows *)self)->generation;
}

static struct uuid
source_id(void *self, size_t row)
{
	return ((struct rows *)self)->items[row].id;
}

static void
source_cell(void *self, size_t row, size_t column, struct buf *out)
{
	const struct rows_row *r = &((struct rows *)self)->items[row];

	if (column < ROWS_CELLS && r->cells[column])
		buf_text(out, r->cells[column]);
}

static enum canvas_role
source_role(void *self, size_t row)
{
	return ((struct rows *)self)->items[row].role;
}

static bool
source_marked(void *self, size_t row)
{
	return ((struct rows *)self)->items[row].marked;
}

struct listing_source
rows_source(struct rows *r)
{
	return (struct listing_source){ .self = r, .count = source_count,
		.generation = source_generation, .id = source_id,
		.cell = source_cell, .role = source_role, .marked = source_marked };
}
