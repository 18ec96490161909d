#ifndef KIT_MOLD_H
#define KIT_MOLD_H

#include <stdbool.h>

/*
 * What each story begins with, made once before the first: the ledger of a
 * county with its people, and a cache in which nothing is yet, not even its name.
 * A program that makes none has everything made as it is needed.
 */
void mold_make(void);	/* gone when this process ends */

/* Copies into a folder; false: there is no mold. */
bool mold_ledger(const char *dir);
bool mold_cache(const char *home);

#endif
