#ifndef DB_DB_FAIL_H
#define DB_DB_FAIL_H

#include <stdbool.h>

/*
 * Disks that break on order, for tests.
 *
 * The n-th call from now on (1: the next) of open, begin, commit, exec,
 * prepare, step, checkpoint, backup on any connection fails with E_IO as a
 * broken disk would, once; 0 takes it back.  db_has_failed: has it come to
 * that?  A sweep counts n up until the work succeeds without.
 */
void db_fail_after(long n);
bool db_has_failed(void);

/* Is this call the one that is to fail?  For db.c. */
bool db_must_fail(void);

#endif
