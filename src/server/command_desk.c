/*
 * The beginning and the end of a command's work on a ledger.
 */
#include "server/command_desk.h"

#include "server/command_trace.h"

enum status
command_desk_open(struct command_desk *d, struct err *err)
{
	return d->ledger ? E_OK : ledger_open(&d->ledger, d->args->data, err);
}

enum status
command_desk_read(struct command_desk *d, struct err *err)
{
	enum status s = command_desk_open(d, err);

	return s ? s : ledger_begin_read(&d->db, d->ledger, err);
}

enum status
command_desk_look(struct command_desk *d, struct err *err)
{
	enum status s = command_desk_open(d, err);

	if (!s)
		s = command_trace_alone(d->ledger, d->args, err);
	return s ? s : command_desk_read(d, err);
}

enum status
command_desk_change(struct command_desk *d, struct err *err)
{
	enum status s = command_desk_open(d, err);

	if (s)
		return s;
	d->changes = true;
	return ledger_begin(&d->db, d->ledger, err);
}

enum status
command_desk_end(struct command_desk *d, enum status s, struct err *err)
{
	struct db *db = d->db;

	d->db = NULL;
	if (!db)
		return s;
	if (!d->changes) {
		ledger_end_read(d->ledger);
		return s;
	}
	d->changes = false;
	if (!s)
		s = command_trace(db, d->args, err);
	return ledger_end(d->ledger, s, err);
}

enum status
command_desk_close(struct command_desk *d, enum status s, struct err *err)
{
	s = command_desk_end(d, s, err);
	ledger_close(d->ledger);
	d->ledger = NULL;
	return s;
}
