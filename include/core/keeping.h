#ifndef CORE_KEEPING_H
#define CORE_KEEPING_H

#include "core/record.h"
#include "core/schema.h"

/*
 * How long a closed record is kept (保管期限): keeping.json, a county's own.
 *
 * 1. A term counts from the year after the one in which the record was closed,
 *    as archives count (机关文件材料归档: 次年起算), and ends with a year.
 * 2. Nothing goes by itself: what is due is looked at by people (销毁鉴定).
 * 3. It is the server's alone.  It is no part of the version of the
 *    definitions, nor of what caches are sent, so older programs go on.
 */
enum keeping {
	KEEPING_NONE,		/* no term of its own: it goes with what it
				 * belongs to, or stays */
	KEEPING_OPEN,		/* not closed yet */
	KEEPING_FOR_GOOD,
	KEEPING_UNTIL,
};

/* *last_on: of KEEPING_UNTIL the last day.  changed_on: the day of the record's
 * last change, which counts where no day of closing stands in it. */
enum keeping keeping_of(int *last_on, const struct schema_register *reg,
	const struct record *r, int changed_on);

/* Is the file of definitions the server's alone? */
bool keeping_is_file(const char *path);

/* The last day of the year of a day, so many years later. */
int keeping_last_on(int closed_on, int years);

#endif
