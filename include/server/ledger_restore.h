#ifndef SERVER_LEDGER_RESTORE_H
#define SERVER_LEDGER_RESTORE_H

#include "base/err.h"

/*
 * Put a backup in the place of the ledger of a folder, under a new epoch: every
 * device notices and hands back what the backup lacks (ledger_return.h).  The
 * ledger that was there is kept beside it as ledger.before-TIME.  No server
 * may be running on the folder.  by: who does it, for the trace, which says
 * too where that of the ledger before ended.  backup may be the ledger itself,
 * when the whole folder was put back.
 * Errors: E_NOTFOUND no such backup, or no folder; E_INVALID it is no ledger,
 * or of a newer program; E_CONFLICT a server is running; E_IO.
 */
MUST_CHECK enum status ledger_restore(const char *dir, const char *backup,
	const char *by, struct err *err);

#endif
