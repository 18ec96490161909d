#ifndef STORE_OVERVIEW_H
#define STORE_OVERVIEW_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/schema.h"
#include "store/store.h"

/*
 * All records' overviews in memory: what lists, sorts, filters, lookup and
 * deadlines read.  Opened once at unlock (50,000 in about 80 ms) and kept
 * current from every process's commits by overview_refresh(); the lookup's
 * keys are made of them later, by overview_warm() or the first lookup.
 */
enum sync_mark { SYNC_CLEAN, SYNC_WAITING, SYNC_CONFLICT, SYNC_REFUSED };

struct overview {		/* what each pass over the rows reads first */
	struct uuid id;
	const struct schema_register *reg;	/* NULL: unknown register */
	struct uuid person;	/* zero: none */
	struct uuid parent;	/* zero: none */
	bool deleted;
	uint8_t sync;		/* enum sync_mark */
	const char *words;	/* "name\0text\0...\0": overview fields; lent */
	char *overlays;		/* what its children make true of it now, names
				 * joined with ';'; owned; NULL nothing */
	const char *reg_name, *office, *state;	/* lent; as short as a
						 * record's */
	int64_t rev;
	int64_t updated_at;
};

/* Bring memory up to date with the database; *changed (may be NULL) says
 * whether anything moved.  Errors: E_AUTH locked; E_IO. */
MUST_CHECK enum status overview_refresh(struct store *s, bool *changed,
	struct err *err);

/* All living rows in memory, deleted ones included.  Lent until the next
 * refresh or save; an index may hold NULL (a row that went away). */
size_t overview_count(const struct store *s);
const struct overview *overview_at(const struct store *s, size_t index);
const struct overview *overview_find(const struct store *s,
	const struct uuid *id);		/* NULL: none */

/* A field's value ("" when absent or not an overview field); also "@state",
 * "@office", "@overlays", "@sync", "@updated". */
const char *overview_get(const struct overview *o, const char *field);

/* Follow a path ("term_to", "person_id.name", "@state") and append what people
 * read (labels, masked ids); the "@state" of a withdrawn record says so. */
void overview_show(struct buf *out, const struct store *s,
	const struct overview *o, const char *path);
/* The stored value at the path, for sorting.  Lent. */
const char *overview_path(const struct store *s, const struct overview *o,
	const char *path);

/* The field at the end of a path of references ("person_id.id_no"), or NULL. */
const struct schema_field *overview_field(const struct store *s,
	const struct schema_register *reg, const char *path);

/* Does a path of the register go over children? */
bool overview_is_several(const struct store *s,
	const struct schema_register *reg, const char *path);
/* The stored value at a path that does not; *o is then the row at its end. */
const char *overview_reach(const struct overview **o, const struct store *s,
	const char *path);

/* What to call a record: its definition's "called" paths, joined by a blank. */
void overview_called(struct buf *out, const struct store *s,
	const struct overview *o);

/* Do the conditions hold on the overview's fields? */
bool overview_matches(const struct store *s, const struct overview *o,
	const struct conds *where, int today, const char *user);

/* Rows of one register that match where and also (NULL: all), deleted ones only
 * if asked; sorted by the register's own order or by sort ("-path" down; NULL),
 * rows of one group together.  The array of ids is owned by the caller. */
struct overview_query {
	const struct schema_register *reg;
	const struct conds *where, *also;
	const char *state;		/* NULL: any */
	const struct uuid *parent;	/* NULL: any */
	const struct uuid *person;	/* NULL: any: person field */
	const char *typed;		/* find (store/overview_typed) */
	const char *const *paths;	/* in these columns; NULL: the
					 * register's */
	size_t path_count;
	const char *sort;		/* NULL: the register's */
	const char *group;		/* a path; NULL: none */
	bool deleted;
	int today;
	const char *user;
	const struct uuid *within;	/* only these, in the order they have;
					 * NULL: all */
	size_t within_count;
};
void overview_query(struct uuid **out, size_t *count, struct store *s,
	const struct overview_query *query);

/* The texts that a field with "suggest" offers for what is typed, best first:
 * what a living record of reg had in the field last, records still open before
 * closed ones.  At most max, lent until the next refresh or save. */
size_t overview_suggest(const char **out, size_t max, const struct store *s,
	const char *reg, const struct schema_field *field, const char *typed);

/* Lookup from anywhere (store/lookup): best first; kept current by refresh. */
struct lookup_hit;
size_t overview_lookup(struct lookup_hit *out, size_t max, size_t *total,
	struct store *s, const char *typed, int64_t now_at);
/* Make a part ready of what the first lookup would wait for, in less than a
 * millisecond; true: there is more. */
bool overview_warm(struct store *s);
/* All that it finds, in no order. */
void overview_lookup_all(struct store *s, const char *typed,
	void (*found)(void *self, const struct uuid *id), void *self);
/* Remember that a record was opened now (ranks it first this week). */
void overview_opened(struct store *s, const struct uuid *id, int64_t now_at);

/* rule_world over this store, for rule_check and rule_move.  Lent. */
struct rule_world;
const struct rule_world *store_world(struct store *s);

#endif
