#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"

/* What struct json is, for base/json alone. */
enum json_type { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING,
	JSON_ARRAY, JSON_OBJECT };

struct json {
	enum json_type type;
	bool own;		/* node and text are allocated by themselves */
	bool own_name;
	bool block;		/* the first node of a block: it is the block */
	char *name;		/* NULL in an array, and at the top */
	struct json *next;
	union {
		char *text;
		double number;
		struct {
			struct json *first, *last;
		} in;
	} u;
};

/* The document, which json_scan() let pass and which has that many values;
 * owned, json_free(). */
struct json *json_read(size_t count, const char *text, size_t len);

/* Behind what is in an object or an array; item is taken. */
void json_append(struct json *container, struct json *item);

#endif
