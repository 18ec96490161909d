#ifndef CLIENT_SCREEN_LIST_PARTS_H
#define CLIENT_SCREEN_LIST_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/uuid.h"
#include "client/marks.h"
#include "core/schema.h"
#include "ui/lineedit.h"
#include "ui/listing.h"
#include "ui/view.h"

/* What screen_list.c (the view) and screen_list_choose.c (its popups) share. */
struct app;

enum {
	LIST_COLUMNS_MAX = 16,		/* and one for the mark */
	LIST_SORT_MAX = 100,		/* "-path" */
};

struct screen_list {
	struct view view;		/* first */
	struct app *app;
	const struct schema_register *reg;
	struct uuid *ids;		/* owned */
	size_t count;
	uint64_t generation;
	struct listing listing;
	struct listing_column columns[LIST_COLUMNS_MAX];
	size_t column_count;		/* the last is the mark */
	int filter;			/* -1: all */
	char sort[LIST_SORT_MAX];	/* "": the definition's */
	bool withdrawn;			/* show those too */
	bool finding;
	struct lineedit find;
	struct marks marks;		/* rows for one entry */
};

/* Run the query again, with the filter, order and finding of now. */
void screen_list_query(struct screen_list *w);
/* Titles in the language of now. */
void screen_list_name_columns(struct screen_list *w);
const char *screen_list_column_title(const struct schema_register *reg,
	const struct schema_column *col);

/* ---- screen_list_choose.c ---- */

void screen_list_choose_filter(struct screen_list *w);
void screen_list_step_filter(struct screen_list *w, int by);
void screen_list_choose_order(struct screen_list *w);

#endif
