#ifndef CLIENT_ROWS_H
#define CLIENT_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/uuid.h"
#include "ui/canvas.h"

/* The rows of a short list, made at once: an id and some texts a row.  A page
 * that is a list (client/listpage) fills them. */
enum { ROWS_CELLS = 6 };

struct rows_row {
	struct uuid id;
	size_t item;			/* number among those filled in */
	char *cells[ROWS_CELLS];	/* owned, NULL empty */
	enum canvas_role role;
	bool marked;			/* for something done with many */
};

struct rows {
	struct rows_row *items;
	size_t count;
};

void rows_clear(struct rows *r);
void rows_release(struct rows *r);
/* A new last row; texts are copied by rows_cell(). */
struct rows_row *rows_add(struct rows *r, const struct uuid *id);
void rows_cell(struct rows_row *row, size_t cell, const char *text);

#endif
