#ifndef CLIENT_WHERE_H
#define CLIENT_WHERE_H

#include "base/buf.h"
#include "base/err.h"
#include "core/schema.h"

/*
 * Conditions as people type them: FIELD, = != < <= > or >=, VALUE, all of which
 * must hold, with a blank between.  A field is called by its name or by its
 * words on the forms, as are states and codes; several values stand between
 * '|'; none asks whether there is any; what has blanks in it stands in "".
 *
 *	终止日<2027-01-01 所在村居=红旗村|东村 状态=在矫 联系电话=
 *
 * The same in the command line's --where and in the filters of a list.
 */
enum { WHERE_TEXT_MAX = 1000 };

/* The conditions are given back with schema_release_conds(), also after an
 * error.  Errors: E_INVALID with what is not understood. */
MUST_CHECK enum status where_parse(struct conds *out,
	const struct schema_register *reg, const char *text, struct err *err);
/* One of them; the whole text is one, whatever blanks it has. */
MUST_CHECK enum status where_add(struct conds *out,
	const struct schema_register *reg, const char *text, struct err *err);

/* Append what where_parse() understands; words: as people read it, in the
 * language of now, else by names and codes, which lasts. */
void where_print(struct buf *out, const struct schema_register *reg,
	const struct conds *c, bool words);

#endif
