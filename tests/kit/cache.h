#ifndef KIT_CACHE_H
#define KIT_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/record.h"
#include "core/schema.h"
#include "core/wire.h"
#include "store/apply.h"
#include "store/save.h"
#include "store/store.h"

/*
 * A cache in a folder of its own for tests, with three small registers:
 * person (name, id_no, phone; from and to are one group, note), case (a child
 * of no one, ref to person; states draft, open, closed) and visit (an event,
 * child of a case).  Its user is "zhang", a clerk of office 3412000001.
 */
struct cache {
	char home[64];
	struct schema *schema;
	struct store *s;
	struct crypto_key share;	/* what the server would keep */
};

#define CACHE_PASSWORD "correct horse 1"
#define CACHE_STREAM "3412000001/gen"

int cache_set_up(void **state);		/* enrolled and signed in */
int cache_set_up_new(void **state);	/* made, not enrolled */
int cache_set_up_builtin(void **state);	/* with the definitions we ship */
int cache_tear_down(void **state);

/* Another handle on the same cache, without the cost of a password. */
struct store *cache_open(const struct cache *c);

/* A record of the register with values "name=text;name=text" set. */
void cache_record(struct record *out, const char *reg, const char *values);
/* Save it; fails the test if that fails.  The id. */
struct uuid cache_add(struct store *s, const char *reg, const char *values);
/* Change values of a stored one in the usual way. */
enum status cache_change(struct store *s, const struct uuid *id,
	const char *values, struct err *err);
/* A field of what is stored, into a place that lasts until the next call. */
const char *cache_value(struct store *s, const struct uuid *id,
	const char *field);

/* ---- what a server would send ---- */

struct page {
	struct wire_line lines[64];
	size_t count;
	int64_t seq;		/* goes on from page to page */
	bool more;		/* another page follows */
};

void page_verdict(struct page *p, int64_t n, enum verdict v, int64_t rev,
	const char *why);
/* The record as this cache shows it, with the revision. */
void page_ack(struct page *p, struct store *s, const struct uuid *id,
	int64_t rev);
/* A put of r (copied) with the revision. */
/* Operations n to "to" were accepted as they are. */
void page_run(struct page *p, int64_t n, int64_t to);
void page_put(struct page *p, const struct record *r, int64_t rev);
void page_gone(struct page *p, const struct uuid *id);
void page_erased(struct page *p, const struct uuid *id);
/* Add the end, apply, empty the page. */
enum status page_apply(struct page *p, struct store *s,
	struct apply_counts *counts, struct err *err);

/* How many findings store_check() has that are bad; prints them. */
size_t cache_damage(struct store *s);

#endif
