/*
 * JSON.  What is read lies in one block (json_read.c), what is made here in
 * nodes of their own; both may stand in one tree.
 */
#include "base/json.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/json_scan.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"

#define INTEGER_LIMIT 1e15	/* below it a double holds every integer */

static bool
is(const struct json *j, enum json_type type)
{
	return j && j->type == type;
}

static bool
is_container(const struct json *j)
{
	return is(j, JSON_OBJECT) || is(j, JSON_ARRAY);
}

enum status
json_parse(struct json **out, const char *text, size_t len, size_t max_bytes,
	struct err *err)
{
	size_t count = 0;
	enum status s;

	if (len > max_bytes)
		return err_set(err, E_INVALID,
			tr("The JSON text is larger than %zu bytes."), max_bytes);
	s = json_scan(&count, text, len, err);
	if (s)
		return s;
	*out = json_read(count, text, len);
	return E_OK;
}

void
json_free(struct json *j)
{
	struct json *next;

	if (!j)
		return;
	for (struct json *m = is_container(j) ? j->u.in.first : NULL; m;
	    m = next) {
		next = m->next;
		json_free(m);
	}
	if (j->own_name)
		free(j->name);
	if (j->own && j->type == JSON_STRING)
		free(j->u.text);
	if (j->own || j->block)
		free(j);
}

/* ---- looking ---- */

struct json *
json_get(const struct json *object, const char *name)
{
	if (!json_is_object(object))
		return NULL;
	/* Definitions ask for twenty names where an object has five: most are
	 * told apart by their first byte. */
	for (struct json *m = object->u.in.first; m; m = m->next) {
		if (m->name[0] == name[0] && strcmp(m->name, name) == 0)
			return m;
	}
	return NULL;
}

const char *
json_text(const struct json *j)
{
	return is(j, JSON_STRING) ? j->u.text : NULL;
}

const char *
json_get_text(const struct json *object, const char *name)
{
	return json_text(json_get(object, name));
}

bool
json_int(const struct json *j, int64_t *out)
{
	if (!is(j, JSON_NUMBER) || !(fabs(j->u.number) < INTEGER_LIMIT) ||
	    floor(j->u.number) != j->u.number)
		return false;
	*out = (int64_t)j->u.number;
	return true;
}

bool
json_get_int(const struct json *object, const char *name, int64_t *out)
{
	return json_int(json_get(object, name), out);
}

bool
json_is_true(const struct json *j)
{
	return is(j, JSON_TRUE);
}

bool
json_is_bool(const struct json *j)
{
	return is(j, JSON_TRUE) || is(j, JSON_FALSE);
}

bool
json_is_object(const struct json *j)
{
	return is(j, JSON_OBJECT);
}

bool
json_is_array(const struct json *j)
{
	return is(j, JSON_ARRAY);
}

size_t
json_count(const struct json *j)
{
	size_t count = 0;

	for (const struct json *m = json_first(j); m; m = json_next(m))
		count++;
	return count;
}

struct json *
json_first(const struct json *j)
{
	return is_container(j) ? j->u.in.first : NULL;
}

struct json *
json_next(const struct json *item)
{
	return item ? item->next : NULL;
}

const char *
json_name(const struct json *member)
{
	return member ? member->name : NULL;
}

/* ---- making ---- */

static struct json *
made(enum json_type type)
{
	struct json *j = mem_alloc(1, sizeof *j);

	j->type = type;
	j->own = true;
	return j;
}

struct json *
json_object(void)
{
	return made(JSON_OBJECT);
}

struct json *
json_array(void)
{
	return made(JSON_ARRAY);
}

struct json *
json_string(const char *text)
{
	struct json *j = made(JSON_STRING);

	j->u.text = mem_strdup(text);
	return j;
}

struct json *
json_number(int64_t n)
{
	struct json *j = made(JSON_NUMBER);

	assert(n > -(int64_t)INTEGER_LIMIT && n < (int64_t)INTEGER_LIMIT);
	j->u.number = (double)n;
	return j;
}

struct json *
json_bool(bool b)
{
	return made(b ? JSON_TRUE : JSON_FALSE);
}

static void
set_name(struct json *j, const char *name)
{
	if (j->own_name)
		free(j->name);
	j->name = mem_strdup(name);
	j->own_name = true;
}

struct json *
json_copy(const struct json *j)
{
	struct json *copy = made(j->type);

	if (j->type == JSON_STRING)
		copy->u.text = mem_strdup(j->u.text);
	else if (j->type == JSON_NUMBER)
		copy->u.number = j->u.number;
	for (const struct json *m = json_first(j); m; m = m->next) {
		struct json *item = json_copy(m);

		if (m->name)
			set_name(item, m->name);
		json_append(copy, item);
	}
	return copy;
}

/* value in the place of old. */
static void
replace(struct json *object, struct json *old, struct json *value)
{
	struct json **link = &object->u.in.first;

	while (*link != old)
		link = &(*link)->next;
	*link = value;
	value->next = old->next;
	if (object->u.in.last == old)
		object->u.in.last = value;
	json_free(old);
}

void
json_put(struct json *object, const char *name, struct json *value)
{
	struct json *old = json_get(object, name);

	assert(json_is_object(object) && value);
	set_name(value, name);
	if (old)
		replace(object, old, value);
	else
		json_append(object, value);
}

void
json_put_text(struct json *object, const char *name, const char *text)
{
	if (text)
		json_put(object, name, json_string(text));
}

void
json_put_int(struct json *object, const char *name, int64_t n)
{
	json_put(object, name, json_number(n));
}

void
json_put_bool(struct json *object, const char *name, bool b)
{
	json_put(object, name, json_bool(b));
}

void
json_push(struct json *array, struct json *value)
{
	assert(json_is_array(array) && value);
	json_append(array, value);
}

/* ---- printing ---- */

static void
print_escape(struct buf *out, unsigned char c)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *known = c ? strchr(from, c) : NULL;

	if (known) {
		buf_char(out, '\\');
		buf_char(out, to[known - from]);
	} else {
		buf_printf(out, "\\u%04x", c);
	}
}

/* What needs no escape at all; false: nothing was printed. */
static bool
print_plain(struct buf *out, const char *text, size_t len)
{
	char *to;

	if (json_plain(text, len) < len || !utf8_is_valid(text, len))
		return false;
	to = buf_room(out, len + 2);
	if (!to)
		return true;
	to[0] = to[len + 1] = '"';
	memcpy(to + 1, text, len);
	buf_added(out, len + 2);
	return true;
}

/* Runs that need nothing are copied at once; a byte that is no UTF-8 becomes
 * U+FFFD, because the other side would refuse the whole document. */
void
json_print_string(struct buf *out, const char *text)
{
	size_t left = strlen(text);

	if (print_plain(out, text, left))
		return;
	buf_char(out, '"');
	while (left > 0) {
		size_t plain = json_plain(text, left);
		size_t good = utf8_valid_len(text, plain);

		buf_add(out, text, good);
		text += good;
		left -= good;
		if (left == 0)
			break;
		if (good < plain)
			buf_text(out, "\xEF\xBF\xBD");
		else
			print_escape(out, (unsigned char)*text);
		text++;
		left--;
	}
	buf_char(out, '"');
}

static void
print_number(struct buf *out, const struct json *item)
{
	int64_t n = 0;

	if (json_int(item, &n))
		buf_printf(out, "%" PRId64, n);
	else
		buf_printf(out, "%.15g", item->u.number);
}

/* indent: blanks before this value's line, -1 for everything on one line. */
static void
new_line(struct buf *out, int indent)
{
	if (indent >= 0)
		buf_printf(out, "\n%*s", indent, "");
}

static void
print_value(struct buf *out, const struct json *item, int indent)
{
	int inner = indent < 0 ? indent : indent + 2;

	if (item->type == JSON_STRING) {
		json_print_string(out, item->u.text);
	} else if (item->type == JSON_NUMBER) {
		print_number(out, item);
	} else if (json_is_bool(item)) {
		buf_text(out, json_is_true(item) ? "true" : "false");
	} else if (item->type == JSON_NULL) {
		buf_text(out, "null");
	} else {
		bool named = item->type == JSON_OBJECT;

		buf_char(out, named ? '{' : '[');
		for (const struct json *m = item->u.in.first; m;
		    m = m->next) {
			new_line(out, inner);
			if (named) {
				json_print_string(out, m->name);
				buf_text(out, indent < 0 ? ":" : ": ");
			}
			print_value(out, m, inner);
			if (m->next)
				buf_char(out, ',');
		}
		if (item->u.in.first)
			new_line(out, indent);
		buf_char(out, named ? '}' : ']');
	}
}

void
json_print(struct buf *out, const struct json *j)
{
	print_value(out, j, -1);
}

void
json_print_pretty(struct buf *out, const struct json *j)
{
	print_value(out, j, 0);
}
