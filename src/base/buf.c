/*
 * A byte buffer that grows up to a ceiling.
 *
 * 1. After buf_init, data[len] is NUL and len <= max.
 * 2. An addition goes in whole or not at all; after one that did not fit
 *    nothing goes in any more, so that the text never has a hole.
 */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define BUF_FIRST 64	/* most texts are a line */
#define BUF_SMALL 1024	/* what is more than a line is soon a record */

void
buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max, .cap = BUF_FIRST };
	b->data = mem_alloc(b->cap, 1);
}

void
buf_release(struct buf *b)
{
	free(b->data);
	*b = (struct buf){0};
}

void
buf_clear(struct buf *b)
{
	buf_cut(b, 0);
}

void
buf_cut(struct buf *b, size_t len)
{
	assert(len <= b->len);
	b->len = len;
	b->full = false;
	if (b->data)
		b->data[len] = '\0';
}

char *
buf_room(struct buf *b, size_t len)
{
	if (b->full || len > b->max - b->len) {
		b->full = true;
		return NULL;
	}
	size_t need = b->len + len + 1;
	if (need > b->cap) {
		size_t cap = b->cap ? b->cap : BUF_FIRST;
		while (cap < need)
			cap *= cap < BUF_SMALL ? 4 : 2;
		if (cap > b->max)
			cap = b->max + 1;
		b->data = mem_resize(b->data, cap, 1);
		b->cap = cap;
	}
	return b->data + b->len;
}

void
buf_added(struct buf *b, size_t len)
{
	assert(b->len + len < b->cap);
	b->len += len;
	b->data[b->len] = '\0';
}

void
buf_add(struct buf *b, const void *bytes, size_t len)
{
	if (len == 0)
		return;
	char *room = buf_room(b, len);
	if (!room)
		return;
	memcpy(room, bytes, len);
	buf_added(b, len);
}

void
buf_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void
buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	size_t room = b->cap - b->len;
	va_list args;

	if (b->full)
		return;
	va_start(args, fmt);
	int n = vsnprintf(b->data ? b->data + b->len : NULL, room, fmt, args);
	va_end(args);
	assert(n >= 0);
	size_t len = (size_t)n;
	if (len < room && len <= b->max - b->len) {
		b->len += len;
		return;
	}
	if (b->data)
		b->data[b->len] = '\0';
	char *at = buf_room(b, len);
	if (!at)
		return;
	va_start(args, fmt);
	vsnprintf(at, len + 1, fmt, args);
	va_end(args);
	buf_added(b, len);
}

void
buf_drop(struct buf *b, size_t len)
{
	assert(len <= b->len);
	if (len == 0)
		return;
	memmove(b->data, b->data + len, b->len - len + 1);
	b->len -= len;
}

char *
buf_take(struct buf *b)
{
	char *text = b->data;

	assert(text);
	*b = (struct buf){0};
	return text;
}
