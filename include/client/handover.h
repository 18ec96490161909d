#ifndef CLIENT_HANDOVER_H
#define CLIENT_HANDOVER_H

#include <stdbool.h>

#include "base/buf.h"

struct app;
struct record;
struct record_lines;
struct schema_register;
struct uuid;

/* Handing a record over to another office (移交), on the screens: two
 * questions, to whom and why; and what the page of such a record says. */

/* May this person offer this record? */
bool handover_may(const struct app *app, const struct schema_register *reg,
	const struct record *r);
void handover_ask(struct app *app, const struct uuid *record);

/* May the record be changed now?  If it is offered to an office: false, and
 * said why. */
bool handover_lets(struct app *app, const struct record *r);

/* The lines of a record that is offered, and of a transfer: what it is about. */
void handover_lines(struct record_lines *l, const struct app *app,
	const struct record *r);

#endif
