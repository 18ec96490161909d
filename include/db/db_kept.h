#ifndef DB_DB_KEPT_H
#define DB_DB_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A connection's store of compiled statements, by their SQL.  Private to db.c,
 * and without SQLite: what is kept here is the head of its struct db_stmt, and
 * db.c alone makes and frees them.
 */
enum { DB_KEPT_MAX = 64, DB_KEPT_HINTS = 256 };

struct db_kept {
	const char *sql;	/* as it was compiled; the statement's */
	size_t len;		/* of it, in bytes */
	bool lent;		/* between db_prepare and db_finish */
	bool placed;		/* stands in the store */
	uint64_t used;		/* the store's count at the last use */
};

/* {0}: an empty one. */
struct db_kept_all {
	struct db_kept *places[DB_KEPT_MAX];	/* NULL: a free one; borrowed */
	struct db_kept *hints[DB_KEPT_HINTS];	/* where SQL at such an address
						 * was last */
	uint64_t uses;
};

/* One of this SQL (len bytes) that is not lent; NULL: there is none. */
struct db_kept *db_kept_find(struct db_kept_all *all, const char *sql,
	size_t len);

/* Give a new one a place: a free one, or that of the one not lent whose last
 * use is longest ago, which is returned for the caller to free.  With all lent
 * it stays without (placed). */
struct db_kept *db_kept_add(struct db_kept_all *all, struct db_kept *kept);

/* It is in use from now on; giving it back is lent = false. */
void db_kept_lend(struct db_kept_all *all, struct db_kept *kept);

#endif
