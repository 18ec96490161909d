/*
 * Reading the lines of a reply; nothing of one that does not end is used.
 */
#include "sync/page.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"

void
page_release(struct page *p)
{
	for (size_t i = 0; i < p->count; i++)
		wire_line_release(&p->lines[i]);
	free(p->lines);
	*p = (struct page){0};
}

enum status
page_parse(struct page *out, const struct buf *body, struct err *err)
{
	struct page page = {0};
	const char *at = body->data, *end = body->data + body->len;
	enum status st = E_OK;

	while (at < end && !st) {
		const char *nl = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((nl ? nl : end) - at);

		page.lines = mem_grow(page.lines, page.count,
			sizeof *page.lines);
		page.lines[page.count] = (struct wire_line){0};
		st = wire_parse_line(&page.lines[page.count], at, len, err);
		if (!st)
			page.count++;
		at += len + 1;
	}
	if (!st && (page.count == 0 ||
	    page.lines[page.count - 1].kind != WIRE_END))
		st = err_set(err, E_OFFLINE, tr("The answer was cut short; "
			"what was entered is kept and sent later."));
	if (st) {
		page_release(&page);
		return st;
	}
	*out = page;
	return E_OK;
}

bool
page_confirms(const struct page *p)
{
	for (size_t i = 0; i < p->count; i++) {
		if (p->lines[i].kind == WIRE_ACK ||
		    p->lines[i].kind == WIRE_RUN)
			return true;
	}
	return false;
}

size_t
page_count_lines(const struct page *p)
{
	size_t count = p->count;

	for (size_t i = 0; i < p->count; i++) {
		if (p->lines[i].kind == WIRE_RUN)
			count += (size_t)(p->lines[i].to - p->lines[i].n);
	}
	return count;
}
