#ifndef STORE_OVERVIEW_ORDER_H
#define STORE_OVERVIEW_ORDER_H

#include <stddef.h>
#include <stdint.h>

struct schema_register;
struct store;

/*
 * The rows of a register in order.  Sorting 100,000 rows takes longer than a
 * key may, so the orders asked for last are kept, and follow the changes of a
 * few rows; filters and finds then only pass over them.  Part of the overviews; nobody else needs
 * it.
 */
enum { ORDERS_MAX = 3, ORDER_PATH_MAX = 200 };

struct overview_order {
	const struct schema_register *reg;
	char sort[ORDER_PATH_MAX];	/* what it was sorted by */
	uint64_t moves;			/* of the memory it was made of */
	uint32_t *rows;			/* owned; indexes, deleted rows too */
	size_t count;
	uint64_t used;			/* when last, by a count */
};

struct overview_orders {
	struct overview_order kept[ORDERS_MAX];
	uint64_t used;
	struct sort_memo *memo;		/* owned; overview_sort */
};

/*
 * All rows of the register, those of group (NULL: none) together, inside by
 * sort ("-path" down), then in the register's own order.  Nothing comes last,
 * up or down: it is what is unknown (store/overview_sort).  Lent until the next
 * call.
 */
const uint32_t *overview_ordered(size_t *count, struct store *s,
	const struct schema_register *reg, const char *sort,
	const char *group);
/* A few rows by sort (NULL: none), then in the register's own order. */
void overview_sort(struct store *s, const struct schema_register *reg,
	const char *sort, uint32_t *rows, size_t count);
void overview_orders_release(struct overview_orders *o);

#endif
