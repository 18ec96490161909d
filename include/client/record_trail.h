#ifndef CLIENT_RECORD_TRAIL_H
#define CLIENT_RECORD_TRAIL_H

#include "base/buf.h"
#include "base/err.h"

struct app;
struct op;
struct schema_register;
struct uuid;

/*
 * The trace (痕迹) of a record in words, newest first: what the server
 * remembers of everybody, as far as it was asked, and what waits or was
 * refused here.  *from_server: the former is there too.
 */
MUST_CHECK enum status record_trail_print(struct buf *out, bool *from_server,
	const struct app *app, const struct uuid *id, struct err *err);

/* One operation as lines: "field: before -> after"; without what the program
 * worked out and no form shows. */
void record_trail_changes(struct buf *out, const struct app *app,
	const struct op *op);

#endif
