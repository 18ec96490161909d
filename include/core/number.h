#ifndef CORE_NUMBER_H
#define CORE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/op.h"
#include "core/record.h"
#include "core/schema_link.h"
#include "core/schema_parts.h"

/*
 * Paper numbers (字号): "（2026）青石人调字第12号".  A register's "number" says
 * which field holds one and how it is written.  Numbers count from 1 in each
 * series: an office, a class and a year.
 *
 * 1. A number is given once.  What was given and not used is a gap, and no gap
 *    is ever filled.
 * 2. A number that cannot be given yet is provisional, "临〔2026〕D07-12": of
 *    device 7 its 12th in that year, until the county's server gives the real
 *    one.
 * 3. Kinds of brackets, blanks, width and leading zeros do not tell numbers
 *    apart.
 */
enum {
	NUMBER_CLASS_MAX = 2 * RECORD_NAME_MAX,	/* "mediation/红星" */
	NUMBER_SHORT_MAX = 64,		/* 青石; bytes with the NUL */
	NUMBER_MOST = 999999,
	NUMBER_BLOCK_MAX = 1000,
	NUMBER_MOVES_MAX = 8,
};

/* A number, taken apart. */
struct number {
	int year;
	int64_t n;			/* 1..NUMBER_MOST */
	char short_name[NUMBER_SHORT_MAX];	/* "" where the format has none */
};

/* false: it is not written like that. */
bool number_parse(struct number *out, const char *format, const char *text);
void number_print(struct buf *out, const char *format,
	const struct number *number);

/* What the name of an office is in numbers: 青石司法所 is 青石. */
void number_short(char out[NUMBER_SHORT_MAX], const char *office_name);

/* Whose series a number is in: the class, and behind it the name that stands
 * in the number where that is another than the office's own (a committee). */
void number_class(char out[NUMBER_CLASS_MAX], const struct schema_number *def,
	const struct number *number, const char *own_short);

/* "临〔2026〕D07-12"; a copied device that was given a new epoch has a letter
 * behind its number: "D07B-12". */
void number_print_provisional(struct buf *out, int year, int64_t device,
	int64_t epoch, int64_t n);
/* Is it one?  *year may be NULL. */
bool number_is_provisional(const char *text, int *year);

/* The year that a record's number is of: that of its day, when that is this
 * year or, in January, the last; 0: it gets none now, an old entry. */
int number_year(const struct schema_number *def, const struct record *r,
	int today);
/* Are numbers of this year given on that day: this year's, last year's in
 * January, next year's blocks in December? */
bool number_year_is_open(int year, int today);

/* Does saving give a number: the record has none yet, and is new, or takes
 * the step (name; NULL: none) that gives it? */
bool number_is_due(const struct schema_number *def, const struct record *r,
	bool is_new, const char *move);

/* Entered by somebody who saw the provisional number that current had before:
 * was it, and as somebody who sees the real one would have entered it. */
bool number_is_overtaken(const struct schema_number *def, const struct op *op,
	const struct record *current);
void number_bring(struct op *op, const struct schema_number *def,
	const struct record *current);

/* ---- of core/schema_load.c ---- */

void schema_read_number(struct schema_register *out, struct schema_reader *r,
	const struct json *j);
void schema_link_number(struct schema_linker *l);
void schema_release_number(struct schema_register *r);

#endif
