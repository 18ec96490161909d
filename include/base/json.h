#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * JSON.  The only door to cJSON, which holds the trees.  Reading is our own and
 * strict, because cJSON takes invalid UTF-8, duplicate keys, trailing bytes and
 * raw control characters, cuts strings at \u0000, and turns 16 MB of "[1,1,...]"
 * into 640 MB of memory (server.md B4 T7-T10, T14).
 */
struct json;		/* one value; an alias of cJSON's node */

enum {
	JSON_DEPTH_MAX = 32,
	JSON_TOKENS_MAX = 200000,
	JSON_KEYS_MAX = 256,		/* in one object */
	JSON_NAME_MAX = 1024,		/* bytes of one member's name */
};

/*
 * Parse one strict document; owned by the caller, json_free().
 * Errors: E_INVALID with line, column and what is wrong: more than max_bytes
 * bytes, depth, tokens or keys over the limits above, invalid UTF-8, a raw
 * control character, \u0000, a duplicate key, a number that is no integer
 * below 10^15 or has more than four decimals, NaN, infinity, bytes after the end.
 */
MUST_CHECK enum status json_parse(struct json **out, const char *text,
	size_t len, size_t max_bytes, struct err *err);
void json_free(struct json *j);			/* accepts NULL */

/* Looking.  All accept NULL and answer "absent". */
struct json *json_get(const struct json *object, const char *name); /* lent */
const char *json_text(const struct json *j);	/* a string's text, else NULL */
const char *json_get_text(const struct json *object, const char *name);
bool json_int(const struct json *j, int64_t *out);	/* a whole number */
bool json_get_int(const struct json *object, const char *name, int64_t *out);
bool json_is_true(const struct json *j);
bool json_is_bool(const struct json *j);
bool json_is_object(const struct json *j);
bool json_is_array(const struct json *j);
size_t json_count(const struct json *j);	/* items or members */

/* Walking: for (m = json_first(j); m; m = json_next(m)).  A member's name is
 * NULL for an array's item. */
struct json *json_first(const struct json *j);
struct json *json_next(const struct json *item);
const char *json_name(const struct json *member);

/* Making.  A value added is taken by its container; one of the same name is
 * replaced; a NULL text is not put (absent).  |n| < 10^15. */
struct json *json_object(void);
struct json *json_array(void);
struct json *json_string(const char *text);
struct json *json_number(int64_t n);
struct json *json_bool(bool b);
struct json *json_copy(const struct json *j);
void json_put(struct json *object, const char *name, struct json *value);
void json_put_text(struct json *object, const char *name, const char *text);
void json_put_int(struct json *object, const char *name, int64_t n);
void json_put_bool(struct json *object, const char *name, bool b);
void json_push(struct json *array, struct json *value);

/* Append j to out: on one line, or indented by two blanks. */
void json_print(struct buf *out, const struct json *j);
void json_print_pretty(struct buf *out, const struct json *j);
/* Append text to out as a JSON string with its quotes (fast path for wire). */
void json_print_string(struct buf *out, const char *text);

#endif
