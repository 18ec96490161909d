#ifndef CLIENT_RECORD_RELATED_H
#define CLIENT_RECORD_RELATED_H

#include "client/record_lines.h"

/* Add the lines of a record's children, of its attachments, and of what else
 * there is about its person. */
void record_related_lines(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r);

#endif
