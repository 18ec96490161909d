#ifndef CLIENT_SHOW_H
#define CLIENT_SHOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "client/app.h"
#include "core/schema.h"
#include "core/value.h"
#include "store/overview.h"

/* Facts in the words that the screens share; all append to out. */

/* A field's stored value as people read it; a reference as what it is called,
 * an id number masked.  other: the value it stands beside ("" none), from
 * which a masked one can still be told. */
void show_field(struct buf *out, const struct app *app,
	const struct schema_field *f, const char *text, const char *other);
/* The same for a name that may be a system field or unknown ("@state"). */
void show_named(struct buf *out, const struct app *app,
	const struct schema_register *reg, const char *name, const char *text,
	const char *other);
/* The label of a field or system field. */
const char *show_label(const struct schema_register *reg, const char *name);
/* What a record is called; its register's word when it has no name. */
void show_called(struct buf *out, const struct app *app,
	const struct uuid *id);
/* The same among records of others: a report is called by its day, so whose it
 * is goes before, in twelve cells at most. */
void show_called_whose(struct buf *out, const struct app *app,
	const struct uuid *id);
void show_state(struct buf *out, const struct schema_register *reg,
	const char *state);
/* "9 days left", "3 days over", "today" of a date; nothing for no date. */
void show_days(struct buf *out, const char *date, int today);
/* A date in the future that work is planned by: the days to it matter. */
bool show_is_due(const struct schema_field *f);
/* A person in one line: name, sex, birth, id number (masked unless whole),
 * mobile. */
void show_person(struct buf *out, const struct app *app,
	const struct uuid *id, bool whole);
/* A login as people know it (store/people_names.h): every login on a screen or
 * in a command's words goes through it.  Lent. */
const char *show_who(const struct app *app, const char *login);
/* The same, where the server said a name with it ("" none): it stands for
 * somebody who is not known here. */
const char *show_who_said(const struct app *app, const char *login,
	const char *name);
/* One letter or hanzi of a row's sync mark; "" delivered. */
const char *show_mark(uint8_t sync);
/* How far a record has come: "saved here", "delivered", or that a person has
 * to settle something of it. */
const char *show_truth(uint8_t sync);
/* "03-02 09:11". */
void show_time(struct buf *out, int64_t at);
/* Text, cut or padded with blanks to cells. */
void show_padded(struct buf *out, const char *text, int cells);
/* May this user read or write the register? */
bool show_may_read(const struct app *app, const struct schema_register *reg);
/* By a form; false too for what only its steps change (a transfer). */
bool show_may_write(const struct app *app, const struct schema_register *reg);
/* Why not. */
const char *show_not_to_write(const struct schema_register *reg);
/* And its restricted fields: who writes it, or decides on it. */
bool show_may_see(const struct app *app, const struct schema_register *reg);

#endif
