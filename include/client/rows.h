#ifndef CLIENT_ROWS_H
#define CLIENT_ROWS_H

#include <stddef.h>

#include "base/uuid.h"
#include "ui/listing.h"

/* A short list made at once: ids and two texts a row, ready for a listing.
 * The owner clears and fills it in its refresh. */
enum { ROWS_CELLS = 4 };

struct rows_row {
	struct uuid id;
	char *cells[ROWS_CELLS];	/* owned, NULL empty */
	enum canvas_role role;
	bool marked;			/* for something done with many */
};

struct rows {
	struct rows_row *items;
	size_t count;
	uint64_t generation;
};

void rows_clear(struct rows *r);
void rows_release(struct rows *r);
/* A new last row; texts are copied by rows_cell(). */
struct rows_row *rows_add(struct rows *r, const struct uuid *id);
void rows_cell(struct rows_row *row, size_t cell, const char *text);
struct listing_source rows_source(struct rows *r);

#endif
