#ifndef SERVER_COMMAND_DESK_H
#define SERVER_COMMAND_DESK_H

#include "base/err.h"
#include "db/db.h"
#include "server/command.h"
#include "server/ledger.h"

/*
 * A command at work on its ledger: how it begins and ends.  {0} with args is one
 * that has not begun; it is closed in any case, and only then.
 */
struct command_desk {
	const struct command_args *args;
	struct ledger *ledger;	/* owned */
	struct db *db;		/* lent, between begin and close */
	bool changes;
};

/* The ledger alone.  Errors: E_NOTFOUND there is none; E_IO. */
MUST_CHECK enum status command_desk_open(struct command_desk *d,
	struct err *err);
/* Looking: at one moment of the ledger.  Errors: the same. */
MUST_CHECK enum status command_desk_read(struct command_desk *d,
	struct err *err);
/* The same of what is told about persons: the trace says so before. */
MUST_CHECK enum status command_desk_look(struct command_desk *d,
	struct err *err);
/* Changing: one transaction. */
MUST_CHECK enum status command_desk_change(struct command_desk *d,
	struct err *err);

/* Ends the looking or the changing, however far it came, and hands s on; the
 * ledger stays open.  A change that went well is kept together with its entry in
 * the trace, or not at all. */
MUST_CHECK enum status command_desk_end(struct command_desk *d, enum status s,
	struct err *err);
/* The same, and the ledger is closed. */
MUST_CHECK enum status command_desk_close(struct command_desk *d,
	enum status s, struct err *err);

#endif
