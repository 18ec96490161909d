#ifndef SERVER_COMMAND_TRACE_H
#define SERVER_COMMAND_TRACE_H

#include "base/err.h"
#include "core/record.h"
#include "server/command.h"

/* That a command was run, and by whom, in the server's trace
 * (server/ledger_audit.h). */
struct db;
struct ledger;

/* The account of this machine: "root", or "root/zhang" through sudo. */
void command_trace_who(char out[RECORD_NAME_MAX]);

/* Inside the transaction of what it does, or before it prints what is there.
 * Errors: E_IO; then nothing is done. */
MUST_CHECK enum status command_trace(struct db *db,
	const struct command_args *a, struct err *err);
MUST_CHECK enum status command_trace_alone(struct ledger *l,
	const struct command_args *a, struct err *err);

#endif
