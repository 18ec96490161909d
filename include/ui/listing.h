#ifndef UI_LISTING_H
#define UI_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/uuid.h"
#include "ui/canvas.h"
#include "ui/keymap.h"
#include "ui/press.h"

/*
 * A list of records on the screen.
 *
 * 1. Only visible rows are asked for, whatever the count.
 * 2. The selection is a record's id: when the data change it stays on its
 *    record, or, when that is gone, on its place.
 * 3. The selected row shows a '>' and its first column in ROLE_MARK, nothing
 *    else: a step costs tens of bytes (terminal.md, decision 7).
 */

/* Rows are numbered 0..count-1 as of the last generation seen. */
struct listing_source {
	void *self;
	size_t (*count)(void *self);
	/* Changes whenever rows or their cells may have. */
	uint64_t (*generation)(void *self);
	struct uuid (*id)(void *self, size_t row);
	/* Append the text of a cell. */
	void (*cell)(void *self, size_t row, size_t column, struct buf *out);
	/* NULL: ROLE_TEXT.  A row's role is that of all its cells, unless
	 * cell_role (or NULL) has one for each. */
	enum canvas_role (*role)(void *self, size_t row);
	enum canvas_role (*cell_role)(void *self, size_t row, size_t column);
	/* Is the row marked, for something to be done with all of them?  A
	 * '*' stands before it.  NULL: rows cannot be marked. */
	bool (*marked)(void *self, size_t row);
	/* Append the words of a line that has no cells, as that of a group of
	 * rows; false: it has cells.  NULL: all have. */
	bool (*heading)(void *self, size_t row, struct buf *out);
	/* The row of an id, or count; NULL: ids are searched one by one, from
	 * the old place outwards. */
	size_t (*find)(void *self, const struct uuid *id);
};

struct listing_column {
	const char *title;	/* borrowed; in the user's language */
	int cells;		/* 0: takes what is left */
	bool right;		/* numbers stand at the right */
};

enum { LISTING_COLUMNS_MAX = 24 };

struct listing {
	/* set by the owner at any time */
	const char *empty;	/* said instead of rows; NULL: "nothing here" */
	bool fit;		/* width that is left goes to columns whose
				 * texts are wider than their cells */
	/* private */
	struct listing_source source;
	const struct listing_column *columns;	/* borrowed */
	size_t column_count;
	uint64_t generation;
	size_t count, row, top;
	int height;		/* rows painted last */
	int want[LISTING_COLUMNS_MAX];	/* cells that texts take; only grows */
	bool measured;
	bool has_id;
	struct uuid id;		/* of the selected row */
};

/* columns are borrowed for the life of the listing. */
void listing_init(struct listing *l, const struct listing_source *source,
	const struct listing_column *columns, size_t column_count);

/* Other columns from now on, at most LISTING_COLUMNS_MAX. */
void listing_set_columns(struct listing *l,
	const struct listing_column *columns, size_t column_count);

/* Look whether the data changed; paint and press do it themselves. */
void listing_refresh(struct listing *l);

/* j/k, arrows, Space/PgDn/^F, b/PgUp/^B, g/Home, G/End.  false: not mine. */
bool listing_press(struct listing *l, const struct press *p);
/* Those presses, for the owner's keymap chain. */
extern const struct keymap listing_keymap;

/* First row: column titles; then rows. */
void listing_paint(struct listing *l, struct canvas *c,
	const struct canvas_area *area);

/* The selected record; false: the list is empty. */
bool listing_selected(struct listing *l, struct uuid *out);
size_t listing_row(const struct listing *l);	/* its row; 0 when empty */
/* Select a record; false (and nothing changes) if it is not in the list. */
bool listing_select(struct listing *l, const struct uuid *id);
void listing_select_row(struct listing *l, size_t row);

/* Append "3/120", or "0".  A title that shows it costs some ten bytes a step;
 * the count alone costs none. */
void listing_position(const struct listing *l, struct buf *out);
/* Append "page 2/264", where the selected row stands when the rows are counted
 * in heights of the window; nothing when all are in sight.  It stays the same
 * for a window's height of steps, scrolling or not, and so costs nothing. */
void listing_page(const struct listing *l, struct buf *out);

#endif
