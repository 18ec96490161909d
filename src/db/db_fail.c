/*
 * Disks that break on order.
 */
#include "db/db_fail.h"

#include <stdatomic.h>

/* Mutable, because a sweep must reach connections that the tested code opens
 * itself; atomic, because the server's live on several threads. */
static atomic_long countdown;
static atomic_bool happened;

void
db_fail_after(long n)
{
	atomic_store(&happened, false);
	atomic_store(&countdown, n);
}

bool
db_has_failed(void)
{
	return atomic_load(&happened);
}

bool
db_must_fail(void)
{
	if (atomic_load(&countdown) <= 0)
		return false;
	if (atomic_fetch_sub(&countdown, 1) != 1)
		return false;
	atomic_store(&happened, true);
	return true;
}
