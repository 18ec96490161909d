#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* A text or a name as it stands between its quotes, valid but for that. */
struct json_raw {
	const char *at;		/* lent */
	size_t len;
	bool escaped;		/* json_unescape() makes it shorter */
};

enum json_word { JSON_TRUE, JSON_FALSE, JSON_NULL };

/* Who is told what is read, in its order, each value of an object behind its
 * name. */
struct json_listener {
	void *self;
	void (*open)(void *self, bool object);	/* an object, else an array */
	void (*close)(void *self);
	void (*name)(void *self, const struct json_raw *name);
	void (*text)(void *self, const struct json_raw *text);
	void (*number)(void *self, double n);
	void (*word)(void *self, enum json_word word);
};

/*
 * Is text exactly one strict JSON document (RFC 8259) within the limits of
 * base/json.h?  Reads it once; keeps nothing of it.  Who listens (NULL: nobody)
 * is told until something is wrong, also what comes before that.
 * Errors: E_INVALID with the line and column (both from 1, in characters).
 */
MUST_CHECK enum status json_scan(const char *text, size_t len,
	const struct json_listener *to, struct err *err);

/* What raw says, without a NUL; out has room for raw->len bytes.  Returns the
 * bytes of it. */
size_t json_unescape(char *out, const struct json_raw *raw);

#endif
