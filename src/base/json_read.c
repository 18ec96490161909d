/*
 * Reading JSON that json_scan() let pass: nothing is checked again.  Nodes and
 * their texts lie in one block, which the first node frees.
 */
#include "base/json_read.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_scan.h"
#include "base/mem.h"
#include "base/utf8.h"

void
json_append(struct json *container, struct json *item)
{
	if (container->u.in.last)
		container->u.in.last->next = item;
	else
		container->u.in.first = item;
	container->u.in.last = item;
}

/* text has passed json_scan(). */
struct reader {
	const char *at, *end;
	struct json *node;	/* the next free one */
	char *to;		/* the next free byte */
};

static void
skip_blanks(struct reader *r)
{
	while (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' ||
	    *r->at == '\r')
		r->at++;
}

static uint32_t
read_hex4(struct reader *r)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++) {
		unsigned char c = (unsigned char)*r->at++;

		value = value << 4 | (c <= '9' ? c - (uint32_t)'0' :
			(c | 0x20u) - 'a' + 10u);
	}
	return value;
}

static void
read_escape(struct reader *r)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	char c = r->at[1];
	const char *known = strchr(from, c);
	uint32_t high, low;

	r->at += 2;
	if (c != 'u') {
		*r->to++ = known ? to[known - from] : c;
		return;
	}
	high = read_hex4(r);
	if (high >= 0xD800 && high <= 0xDFFF) {
		r->at += 2;	/* the second half's \u */
		low = read_hex4(r);
		high = 0x10000 + ((high & 0x3FF) << 10 | (low & 0x3FF));
	}
	r->to += utf8_put(r->to, high);
}

/* From its opening quote to behind the closing one; never longer than it. */
static char *
read_string(struct reader *r)
{
	char *text = r->to;

	r->at++;
	for (;;) {
		size_t plain = json_plain(r->at, (size_t)(r->end - r->at));

		memcpy(r->to, r->at, plain);
		r->to += plain;
		r->at += plain;
		if (*r->at == '"')
			break;
		read_escape(r);
	}
	r->at++;
	*r->to++ = '\0';
	return text;
}

/* At most 15 digits, so that both sides of the division are exact. */
static double
read_number(struct reader *r)
{
	bool minus = *r->at == '-';
	double digits = 0, scale = 1;

	r->at += minus;
	for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++)
		digits = digits * 10 + (*r->at - '0');
	if (r->at < r->end && *r->at == '.') {
		for (r->at++; r->at < r->end && *r->at >= '0' &&
		    *r->at <= '9'; r->at++) {
			digits = digits * 10 + (*r->at - '0');
			scale *= 10;
		}
	}
	return (minus ? -digits : digits) / scale;
}

static struct json *read_value(struct reader *r);

static void
read_container(struct reader *r, struct json *j, char close)
{
	bool named = close == '}';

	r->at++;
	skip_blanks(r);
	while (*r->at != close) {
		char *name = NULL;
		struct json *item;

		if (named) {
			name = read_string(r);
			skip_blanks(r);
			r->at++;	/* the colon */
		}
		item = read_value(r);
		item->name = name;
		json_append(j, item);
		skip_blanks(r);
		if (*r->at == ',') {
			r->at++;
			skip_blanks(r);
		}
	}
	r->at++;
}

static struct json *
read_value(struct reader *r)
{
	struct json *j = r->node++;

	skip_blanks(r);
	*j = (struct json){ .type = JSON_NULL };
	switch (*r->at) {
	case '{':
		j->type = JSON_OBJECT;
		read_container(r, j, '}');
		break;
	case '[':
		j->type = JSON_ARRAY;
		read_container(r, j, ']');
		break;
	case '"':
		j->type = JSON_STRING;
		j->u.text = read_string(r);
		break;
	case 't':
		j->type = JSON_TRUE;
		r->at += 4;
		break;
	case 'f':
		j->type = JSON_FALSE;
		r->at += 5;
		break;
	case 'n':
		r->at += 4;
		break;
	default:
		j->type = JSON_NUMBER;
		j->u.number = read_number(r);
	}
	return j;
}

struct json *
json_read(size_t count, const char *text, size_t len)
{
	/* a text and its NUL are shorter than the same with its quotes */
	struct json *block = malloc(count * sizeof *block + len);
	struct reader r = { .at = text, .end = text + len };

	if (!block)
		mem_exhausted();
	r.node = block;
	r.to = (char *)(block + count);
	(void)read_value(&r);
	assert(r.node == block + count);
	block->block = true;
	return block;
}
