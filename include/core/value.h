#ifndef CORE_VALUE_H
#define CORE_VALUE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/schema.h"

/*
 * One value: from what a person typed or a spreadsheet held to what is stored,
 * and back to what is shown.
 */

/*
 * Read text as a value of the field and append its stored form to out.
 * Dates in all typed forms relative to today (and spreadsheet serials when
 * from_sheet), money as "8万元", "￥2,641.50", "23,852" to fen, codes by code,
 * label, alias or a unique beginning, ids with full-width digits, blanks and
 * apostrophes, phones without blanks and +86.
 * Texts lose blanks at their ends, and names those that fill a box (李　月);
 * Chinese punctuation stays.  A datetime whose time nobody knows is stored as
 * its day alone.  A VT_IDNO that is no resident number (a passport) is only
 * tidied: the rule "idno_when_resident" of core/rule.h judges it.
 * Errors: E_INVALID one sentence fit for the line beside the field; out is
 * unchanged.
 */
MUST_CHECK enum status value_parse(struct buf *out,
	const struct schema_field *f, const char *text, int today,
	bool from_sheet, struct err *err);

/* Append what people read: code labels, money with thousands, the date, 是/否;
 * a masked field is masked when mask.  A ref shows nothing (the caller knows
 * the record).  An unknown code shows itself. */
void value_show(struct buf *out, const struct schema_field *f,
	const char *text, bool mask);
/* For pages that set values side by side: whole, but an id number masked; of
 * one that only differs from other in what the mask hides, that is shown. */
void value_show_beside(struct buf *out, const struct schema_field *f,
	const char *text, const char *other);

/* Append what the editor of a form starts with: money as 2641.50, codes as
 * their label, the rest as stored. */
void value_edit_text(struct buf *out, const struct schema_field *f,
	const char *text);

/* Order for sorting columns: by number for numbers and money, else bytes. */
int value_compare(enum value_type type, const char *a, const char *b);

/* The initial value of a field in a new record, appended to out ("@today",
 * "@now", "@me": the person's name, "@office", "@year" filled in; nothing of
 * "@parent.FIELD" and "@office_name", see client/newrec.h). */
void value_initial(struct buf *out, const struct schema_field *f,
	const char *today, const char *now, const char *user,
	const char *office);

#endif
