#ifndef CLIENT_LIST_LOOK_H
#define CLIENT_LIST_LOOK_H

#include <stddef.h>

#include "base/err.h"
#include "core/schema.h"

struct store;

/*
 * How a person wants a register's list: columns, order, groups, filters saved
 * under a name.  Kept sealed in this cache, each user's own (store/keep.h);
 * what the definitions do not know any more is left out when it is read.
 */
enum {
	LOOK_COLUMNS_MAX = 20,
	LOOK_FILTERS_MAX = 20,
	LOOK_PATH_MAX = 100,	/* "-path" */
	LOOK_NAME_CHARS = 12,	/* of a filter */
};

struct look_filter {
	char *name;		/* owned */
	struct conds where;
};

struct list_look {
	char *columns[LOOK_COLUMNS_MAX];	/* paths, owned */
	size_t column_count;			/* 0: the definition's */
	char sort[LOOK_PATH_MAX];		/* "": the definition's */
	char group[LOOK_PATH_MAX];		/* "": none */
	struct look_filter filters[LOOK_FILTERS_MAX];
	size_t filter_count;
};

void list_look_release(struct list_look *l);

/* Errors: E_AUTH locked; E_INVALID damaged; E_IO. */
MUST_CHECK enum status list_look_load(struct list_look *out, struct store *s,
	const struct schema_register *reg, struct err *err);
MUST_CHECK enum status list_look_save(const struct list_look *l,
	struct store *s, const struct schema_register *reg, struct err *err);

/* Does the path end at something that lists know? */
bool list_look_knows(const struct schema *schema,
	const struct schema_register *reg, const char *path);
/* The column of the definition with this path; NULL: none. */
const struct schema_column *list_look_defined(
	const struct schema_register *reg, const char *path);
/* What stands above a column. */
const char *list_look_title(const struct schema_register *reg,
	const char *path);
/* A path given by itself, by a field's name or by the words above it in the
 * user's language or the other; owned by the caller, NULL: lists know none. */
char *list_look_path(const struct schema *schema,
	const struct schema_register *reg, const char *typed);

/* Add or replace the one of this name; where is taken.  E_INVALID: there are
 * too many. */
MUST_CHECK enum status list_look_put_filter(struct list_look *l,
	const char *name, struct conds *where, struct err *err);
void list_look_drop_filter(struct list_look *l, size_t i);

#endif
