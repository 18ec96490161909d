#ifndef CLIENT_LISTPAGE_H
#define CLIENT_LISTPAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/rows.h"
#include "ui/lineedit.h"
#include "ui/listing.h"
#include "ui/view.h"

/*
 * What all pages that are a list have in common: the view on the stack, the
 * rows and where one is in them, finding among them (f), the title with their
 * number, the way back, the line of keys.  A page says what it is in a struct
 * listpage_kind and fills its rows; a page of ours is a struct whose first
 * member is struct listpage.
 *
 * 1. Rows are texts (client/rows), made anew by fill(), unless the page has a
 *    source of its own for long lists.
 * 2. What is found is a part of the rows; an item is known by its number in
 *    what the page filled, whichever rows are shown.
 */
struct app;
struct listpage;

/* A page's own actions are 1..799. */
enum { LISTPAGE_FIND = 800, LISTPAGE_BACK };

#define LISTPAGE_NONE SIZE_MAX		/* no item: the list is empty */

enum { LISTPAGE_OF_ITEM = 8 };

struct listpage_kind {
	/* Its own keys, with listpage_keymap behind them; or keys_of. */
	const struct keymap *keys;
	const struct keymap *(*keys_of)(const struct listpage *p);
	/* The title, with the number of rows behind it; or title_of, which
	 * says all itself. */
	const char *title;
	void (*title_of)(const struct listpage *p, struct buf *out);
	const char *empty;		/* instead of rows */
	/* Titles are msgids; the first without one is the end.  None: fill()
	 * sets columns and column_count of the page. */
	struct listing_column columns[ROWS_CELLS + 1];
	bool fit;			/* as in struct listing */
	/* Make the rows anew.  The first time nothing is painted yet. */
	void (*fill)(struct listpage *p);
	/* An action of its keys, for the item that is selected. */
	enum view_answer (*act)(struct listpage *p, int action, size_t item);

	/* Actions that mean nothing without an item, beside that of Enter:
	 * an empty list does not hint at them. */
	int of_item[LISTPAGE_OF_ITEM];

	/* All these may be NULL. */
	/* Does the action mean something for this user, whichever item is
	 * selected?  Not asked for LISTPAGE_FIND and LISTPAGE_BACK. */
	bool (*may)(const struct listpage *p, int action);
	enum canvas_role (*message)(const struct listpage *p, struct buf *out);
	/* Paint what stands above (or below) the list and take it off body. */
	void (*around)(struct listpage *p, struct canvas *c,
		struct canvas_area *body);
	/* Paint above the list also while something is being found. */
	void (*over)(struct listpage *p, struct canvas *c,
		const struct canvas_area *body);
	void (*help)(const struct listpage *p, struct buf *out);
	void (*release)(struct listpage *p);	/* not the page itself */

	/* Rows of its own: rows stays empty, items are rows. */
	struct listing_source (*source)(struct listpage *p);
	/* What is typed to find has changed, "" when nothing is any more. */
	void (*find)(struct listpage *p, const char *typed);
	const struct keymap *typing;	/* while typing; the page always types */
	const char *label;		/* before what is typed */
};

struct listpage {
	struct view view;		/* first */
	struct app *app;
	const struct listpage_kind *kind;
	struct rows rows;
	const char *empty;		/* NULL: what kind says; borrowed */
	struct listing_column columns[LISTING_COLUMNS_MAX];
	size_t column_count;
	struct listing listing;
	bool finding;			/* what is typed goes to find */
	struct lineedit find;
	/* private */
	size_t *shown;			/* rows that fit what is typed, owned */
	size_t shown_count;
	uint64_t generation;
};

/* Back, find, and behind them the keys of the program. */
extern const struct keymap listpage_keymap;
/* While typing: up, down, and the way out of it. */
extern const struct keymap listpage_typing_keymap;

/* Put the page on the stack; it is taken, zeroed but for what is the page's
 * own.  Its fill() runs before it is seen. */
void listpage_push(struct app *app, struct listpage *p,
	const struct listpage_kind *kind);
/* Fill it anew, now. */
void listpage_refresh(struct listpage *p);
/* The item that is selected, or LISTPAGE_NONE. */
size_t listpage_item(const struct listpage *p);
/* Append the number of rows, "  3/12" while only some of them are shown, and
 * which page of them one is on; for a title, which is painted last. */
void listpage_count(const struct listpage *p, struct buf *out);
/* The next row, as after one was marked. */
void listpage_down(struct listpage *p);
/* Find again what is typed, as fill() of a page with its own source does. */
void listpage_find(struct listpage *p);
/* What is typed, appended; nothing when nothing is being found. */
void listpage_typed(const struct listpage *p, struct buf *out);

#endif
