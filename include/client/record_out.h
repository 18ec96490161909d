#ifndef CLIENT_RECORD_OUT_H
#define CLIENT_RECORD_OUT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "client/cli.h"
#include "core/op.h"
#include "core/record.h"
#include "store/overview.h"

/*
 * Records as the commands print them.  Id numbers are masked as on the screens
 * unless --unmask asks for them whole, which is noted in the trace like there;
 * what a role may not see is "***".
 */

/* The option of the commands that print records. */
#define RECORD_OUT_UNMASK(cli) { .name = "unmask", .flag = &(cli)->unmask }

/* A row of a list. */
struct json *record_out_json(const struct cli *cli, const struct overview *o);
void record_out_line(const struct cli *cli, const struct overview *o);
/* One of the two, as --json says. */
void record_out_row(const struct cli *cli, const struct overview *o);
/* What stands in a list's column; whole: also an id number. */
void record_out_cell(struct buf *out, const struct store *s,
	const struct overview *o, const char *path, bool whole);

/* A stored value as it may be printed; other: the one that it stands beside
 * (""), from which it can still be told.  f NULL: unknown, as it came. */
void record_out_stored(struct buf *out, const struct cli *cli,
	const struct schema_register *reg, const struct schema_field *f,
	const char *text, const char *other);
/* The same done to all that is in it. */
void record_out_mask(const struct cli *cli, struct record *r);
void record_out_mask_op(const struct cli *cli,
	const struct schema_register *reg, struct op *op);

/* Before a record is printed with --unmask: nothing without it.  Errors: those
 * of audit_put(); then nothing may be printed. */
MUST_CHECK enum status record_out_note(const struct cli *cli,
	const struct uuid *id, struct err *err);

#endif
