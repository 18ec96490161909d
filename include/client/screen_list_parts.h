#ifndef CLIENT_SCREEN_LIST_PARTS_H
#define CLIENT_SCREEN_LIST_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/uuid.h"
#include "client/list_look.h"
#include "client/listpage.h"
#include "client/marks.h"
#include "core/schema.h"

/*
 * What the parts of a register's list share: the view (screen_list.c), its rows
 * (screen_list_rows.c), its popups (screen_list_choose.c), its conditions
 * (screen_list_where.c), its columns (screen_list_columns.c), its sums
 * (screen_list_sums.c).
 */
struct app;
struct picker;

enum { LIST_TYPED_MAX = 200 };

/* In the order of the definition's sums. */
struct list_sums {
	int64_t of[SCHEMA_SUMS_MAX];
};

struct list_group {
	size_t first, count;	/* its rows in ids */
	struct uuid id;		/* made of its value */
	bool none;		/* its rows have no value */
	struct list_sums sums;
};

struct screen_list {
	struct listpage page;		/* first; the last column is the mark */
	const struct schema_register *reg;
	struct list_look look;

	/* rows: screen_list_rows.c */
	struct uuid *ids;		/* owned; of all that fit */
	size_t count, total;		/* total: without filter and find */
	struct list_group *groups;	/* owned; none: the list has no groups */
	size_t group_count;
	size_t *lines;			/* owned; what is listed with groups:
					 * an index of ids, or LIST_IS_GROUP
					 * and one of groups */
	size_t line_count;
	struct marks folded;		/* ids of groups */
	uint64_t generation;
	char typed[LIST_TYPED_MAX];	/* found by; "" nothing */
	struct buf traced;		/* the conditions that the trace knows */

	const char *paths[LOOK_COLUMNS_MAX];	/* lent by look or reg */
	int filter;			/* -1 all; the definition's, then those
					 * of look */
	struct conds where;		/* composed here, beside the filter */
	bool withdrawn;			/* show those too */
	struct marks marks;		/* rows for one entry */
	struct uuid marked;		/* marked last */
	bool marked_any;
	struct list_sums sums, marked_sums;

	struct cond asking;		/* being composed */
};

#define LIST_IS_GROUP ((size_t)1 << (8 * sizeof(size_t) - 1))

/* ---- screen_list_rows.c ---- */

struct listing_source screen_list_source(struct listpage *p);
/* Run the query again, with the filter, order and finding of now. */
void screen_list_query(struct screen_list *w);
/* The same, where other data may have come: counts all, too. */
void screen_list_count(struct screen_list *w);
/* Titles in the language of now. */
void screen_list_name_columns(struct screen_list *w);
/* May this field be a column, a condition, a group? */
bool screen_list_may_ask(const struct screen_list *w,
	const struct schema_field *f);
/* The group of the selected line; NULL: it is a row. */
const struct list_group *screen_list_at_group(struct screen_list *w);
/* What a group is called; "(none)" of rows without a value. */
void screen_list_group_words(struct buf *out, const struct screen_list *w,
	const struct list_group *g);
/* Fold it or show its rows; all of them. */
void screen_list_fold(struct screen_list *w, const struct list_group *g);
void screen_list_fold_all(struct screen_list *w);
void screen_list_release_rows(struct screen_list *w);

/* ---- screen_list_choose.c ---- */

int screen_list_filters(const struct screen_list *w);	/* how many */
const char *screen_list_filter_name(const struct screen_list *w, int filter);
void screen_list_choose_filter(struct screen_list *w);
void screen_list_step_filter(struct screen_list *w, int by);
void screen_list_choose_order(struct screen_list *w);
void screen_list_choose_group(struct screen_list *w);
/* Remember the look; says so when that fails. */
void screen_list_keep(struct screen_list *w);
/* The selection goes to the first row: what was asked for stands there. */
void screen_list_to_top(struct screen_list *w);

/* ---- screen_list_values.c ---- */

/* Add the values that rows may be asked for, with how many have each. */
void screen_list_offer_values(const struct screen_list *w, struct picker *p,
	const char *field);

/* ---- screen_list_sums.c ---- */

/* Add up again: all, or only what is marked. */
void screen_list_sum_rows(struct screen_list *w);
void screen_list_sum_marks(struct screen_list *w);
/* Append "  涉案金额 1,200.00". */
void screen_list_sums_words(struct buf *out, const struct screen_list *w,
	const struct list_sums *sums);

/* ---- screen_list_where.c, screen_list_columns.c ---- */

void screen_list_choose_where(struct screen_list *w);
void screen_list_choose_columns(struct screen_list *w);

#endif
