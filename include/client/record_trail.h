#ifndef CLIENT_RECORD_TRAIL_H
#define CLIENT_RECORD_TRAIL_H

#include "base/buf.h"

struct app;
struct op;
struct schema_register;
struct uuid;

/* A page with what was entered on this computer about a record: when, by whom,
 * which fields, and how it stands with the server. */
void record_trail_push(struct app *app, const struct schema_register *reg,
	const struct uuid *id);

/* One operation as lines: "field: before -> after". */
void record_trail_changes(struct buf *out, const struct app *app,
	const struct op *op);

#endif
