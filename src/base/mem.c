/*
 * Memory that is never NULL.  The hook is the one mutable variable: it is set
 * once at start, before there are threads, and read when memory has run out.
 */
#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/tr.h"

#define EXIT_FAULT 70

static void (*exhausted_hook)(void);

void
mem_on_exhausted(void (*hook)(void))
{
	exhausted_hook = hook;
}

void
mem_exhausted(void)
{
	const char *text = tr("There is not enough memory to go on.\n");
	void (*hook)(void) = exhausted_hook;

	exhausted_hook = NULL;
	if (hook)
		hook();
	io_write_all(STDERR_FILENO, text, strlen(text));
	/* Not exit(): its handlers may want memory too. */
	_exit(EXIT_FAULT);
}

void *
mem_alloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		mem_exhausted();
	return p;
}

void *
mem_resize(void *items, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		mem_exhausted();
	size_t bytes = count * size;
	void *p = realloc(items, bytes ? bytes : 1);
	if (!p)
		mem_exhausted();
	return p;
}

void *
mem_grow(void *items, size_t count, size_t size)
{
	/* Full exactly when count is 0 or a power of two. */
	if (items && (count & (count - 1)) != 0)
		return items;
	if (count > SIZE_MAX / 2)
		mem_exhausted();
	return mem_resize(items, count ? count * 2 : 1, size);
}

char *
mem_strdup(const char *text)
{
	return text ? mem_strndup(text, strlen(text)) : NULL;
}

char *
mem_strndup(const char *text, size_t len)
{
	if (!text)
		return NULL;
	len = strnlen(text, len);
	/* not cleared first: records and operations are made of these */
	char *copy = malloc(len + 1);
	if (!copy)
		mem_exhausted();
	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *
mem_printf(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	int n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n < 0)
		mem_exhausted();

	char *text = mem_alloc((size_t)n + 1, 1);
	va_start(args, fmt);
	vsnprintf(text, (size_t)n + 1, fmt, args);
	va_end(args);
	return text;
}
