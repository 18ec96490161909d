#ifndef SERVER_LEDGER_SCHEMA_H
#define SERVER_LEDGER_SCHEMA_H

/*
 * The ledger's tables, as steps from an empty file to the newest form.  A step
 * that was released never changes; a new form is a new step at the end.
 *
 * Only what PostgreSQL understands too: no auto-increment, no triggers, no
 * partial indexes, times as bigint milliseconds.
 */
#define LEDGER_APPLICATION 0x46514c31	/* "FQL1" */

extern const char *const ledger_schema_steps[];
extern const int ledger_schema_count;

#endif
