#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/*
 * Memory.  Running out ends the program through one hook (which restores the
 * terminal), so nothing here returns NULL.  That is honest only because every
 * size that comes from outside is capped before it reaches these functions.
 */

/* Zeroed memory for count items of size bytes; release with free(). */
void *mem_alloc(size_t count, size_t size)
	__attribute__((returns_nonnull, malloc));

/*
 * Make room for one more item in an array that holds count items: grows at
 * count = 0, 1, 2, 4, 8 ... and returns the array, perhaps moved.  The new
 * items are not zeroed.  The old pointer is gone.
 */
void *mem_grow(void *items, size_t count, size_t size)
	__attribute__((returns_nonnull, warn_unused_result));

/* An array's memory for count items, moved if need be; new ones not zeroed. */
void *mem_resize(void *items, size_t count, size_t size)
	__attribute__((returns_nonnull, warn_unused_result));

/* Copies owned by the caller; a NULL text gives NULL. */
char *mem_strdup(const char *text);
char *mem_strndup(const char *text, size_t len);

/* A printf into memory owned by the caller. */
char *mem_printf(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), returns_nonnull));

/* Called once, when memory has run out, before the program ends with 70. */
void mem_on_exhausted(void (*hook)(void));

/* Ends the program in that way; for the doors of libraries that answer NULL
 * when they have no memory. */
void mem_exhausted(void) __attribute__((noreturn));

#endif
