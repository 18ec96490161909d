#ifndef SERVER_NAMING_H
#define SERVER_NAMING_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What may stand in the county's books as the name or the code of an office or
 * a person.
 */

/* A name that a person reads: UTF-8, 1 to LEDGER_NAME_MAX - 1 bytes, no
 * character that plays tricks with a line. */
bool naming_is_good(const char *text);
/* Of nothing but these (ASCII) characters, min to max of them. */
bool naming_is_made_of(const char *text, const char *characters, size_t min,
	size_t max);

#endif
