#ifndef CLIENT_IMPORT_RESULT_H
#define CLIENT_IMPORT_RESULT_H

#include <stddef.h>

#include "base/buf.h"
#include "client/import_map.h"
#include "client/sheet.h"

/*
 * What came of taking a spreadsheet in: counts, and every refused row with
 * every reason.
 */
struct import_refusal {
	size_t row;		/* index in the sheet */
	size_t line;
	char *column;		/* header; "" the row as a whole */
	char *value;
	char *reason;		/* one sentence */
};

/* A cell that says otherwise than what is stored, which stays. */
struct import_kept {
	size_t line;
	char *column;		/* header */
	char *value;		/* of the cell */
	char *stands;		/* stored, as people read it */
};

struct import_result {
	size_t rows;		/* neither blank, nor totals, nor headers */
	size_t added, filled, unchanged, refused;
	size_t skipped;		/* blank rows and totals */
	size_t persons_added, persons_known;
	struct import_kept *kept;	/* owned */
	size_t kept_count;
	struct import_refusal *refusals;	/* owned; a row may have several */
	size_t refusal_count;
};

void import_result_release(struct import_result *r);

/* Another cell that was not taken; texts are copied. */
void import_result_keep(struct import_result *r, size_t line,
	const char *column, const char *value, const char *stands);
/* Forget the last ones until count are left (their row was refused). */
void import_result_unkeep(struct import_result *r, size_t count);

/* Another reason why a row is refused; texts are copied. */
void import_result_refuse(struct import_result *r, const struct sheet *sheet,
	size_t row, const char *column, const char *value,
	const char *reason);

/* The refused rows as a CSV file with where and why, to be mended and taken in
 * again.  Appends to out. */
void import_print_refused(struct buf *out, const struct sheet *sheet,
	const struct import_map *map, const struct import_result *result);

#endif
