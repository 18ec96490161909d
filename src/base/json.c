/*
 * JSON: values as a tree, read after json_scan let the text pass, printed
 * exactly.
 *
 * 1. What was read lies in one block: the root, all other values, then their
 *    texts; a sync reads documents by the thousand.  What is made has a block
 *    each.  own says that a value's memory begins with it.
 * 2. A value stands in one container at most.
 */
#include "base/json.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_scan.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"

#define INTEGER_LIMIT 1e15	/* below it a double holds every integer */

enum type { NOTHING, NO, YES, NUMBER, STRING, ARRAY, OBJECT };

struct json {
	struct json *next;
	struct json *first, *last;	/* items or members */
	char *name;			/* of a member */
	char *text;			/* of a string */
	double number;
	enum type type;
	bool own, own_name;
};

/* ---- reading ---- */

/* The text was scanned: nothing in it can be wrong. */
struct reader {
	const char *at, *end;
	struct json *node;	/* the next free one */
	char *text;		/* the next free byte */
};

static char
skip_blanks(struct reader *r)
{
	while (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' ||
	    *r->at == '\r')
		r->at++;
	return *r->at;
}

static uint32_t
read_hex4(const char *at)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++) {
		char c = at[i];

		value = value * 16 + (uint32_t)(c <= '9' ? c - '0' :
			(c | 0x20) - 'a' + 10);
	}
	return value;
}

/* at is behind the backslash. */
static void
read_escape(struct reader *r)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *known = strchr(from, *r->at);
	uint32_t c;

	if (*r->at != 'u') {
		*r->text++ = known ? to[known - from] : *r->at;
		r->at++;
		return;
	}
	c = read_hex4(r->at + 1);
	r->at += 5;
	if (c >= 0xD800 && c <= 0xDFFF) {
		c = 0x10000 + ((c & 0x3FF) << 10 |
			(read_hex4(r->at + 2) & 0x3FF));
		r->at += 6;
	}
	r->text += utf8_put(r->text, c);
}

static char *
read_string(struct reader *r)
{
	char *text = r->text;

	for (r->at++; *r->at != '"';) {
		size_t plain = json_plain(r->at, (size_t)(r->end - r->at));

		memcpy(r->text, r->at, plain);
		r->text += plain;
		r->at += plain;
		if (*r->at == '\\') {
			r->at++;
			read_escape(r);
		}
	}
	r->at++;
	*r->text++ = '\0';
	return text;
}

static bool
is_digit(const struct reader *r)
{
	return r->at < r->end && *r->at >= '0' && *r->at <= '9';
}

/* At most 15 digits: both parts are exact, so the quotient is the nearest. */
static double
read_number(struct reader *r)
{
	bool minus = *r->at == '-';
	double n = 0, part = 1;

	for (r->at += minus; is_digit(r); r->at++)
		n = n * 10 + (*r->at - '0');
	if (r->at < r->end && *r->at == '.') {
		for (r->at++; is_digit(r); r->at++) {
			n = n * 10 + (*r->at - '0');
			part *= 10;
		}
	}
	return minus ? -n / part : n / part;
}

static void
append(struct json *container, struct json *value)
{
	if (container->last)
		container->last->next = value;
	else
		container->first = value;
	container->last = value;
}

static struct json *
read_value(struct reader *r)
{
	struct json *j = r->node++;
	char c = skip_blanks(r);

	*j = (struct json){0};
	if (c == '"') {
		j->type = STRING;
		j->text = read_string(r);
	} else if (c == '{' || c == '[') {
		j->type = c == '{' ? OBJECT : ARRAY;
		r->at++;
		for (c = skip_blanks(r); c != '}' && c != ']';
		    c = skip_blanks(r)) {
			char *name = NULL;

			r->at += c == ',';
			if (j->type == OBJECT) {
				(void)skip_blanks(r);
				name = read_string(r);
				(void)skip_blanks(r);
				r->at++;	/* the colon */
			}
			append(j, read_value(r));
			j->last->name = name;
		}
		r->at++;
	} else if (c == 't' || c == 'f' || c == 'n') {
		j->type = c == 't' ? YES : c == 'f' ? NO : NOTHING;
		r->at += c == 'f' ? 5 : 4;
	} else {
		j->type = NUMBER;
		j->number = read_number(r);
	}
	return j;
}

enum status
json_parse(struct json **out, const char *text, size_t len, size_t max_bytes,
	struct err *err)
{
	struct reader r = {0};
	struct json *root;
	char *copy;
	size_t values = 0;
	enum status s;

	if (len > max_bytes)
		return err_set(err, E_INVALID,
			tr("The JSON text is larger than %zu bytes."), max_bytes);
	s = json_scan(&values, text, len, err);
	if (s)
		return s;
	/* no text is longer than it stands with its quotes */
	root = mem_resize(NULL, values * sizeof *root + len, 1);
	copy = (char *)(root + values);
	r = (struct reader){ .at = text, .end = text + len,
		.node = root, .text = copy };
	(void)read_value(&r);
	assert(r.node == root + values && r.text <= copy + len);
	root->own = true;
	*out = root;
	return E_OK;
}

void
json_free(struct json *j)
{
	struct json *next;

	if (!j)
		return;
	for (struct json *m = j->first; m; m = next) {
		next = m->next;
		json_free(m);
	}
	if (j->own_name)
		free(j->name);
	if (j->own)
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
	for (struct json *m = object->first; m; m = m->next) {
		if (m->name[0] == name[0] && strcmp(m->name, name) == 0)
			return m;
	}
	return NULL;
}

const char *
json_text(const struct json *j)
{
	return j && j->type == STRING ? j->text : NULL;
}

const char *
json_get_text(const struct json *object, const char *name)
{
	return json_text(json_get(object, name));
}

bool
json_int(const struct json *j, int64_t *out)
{
	if (!j || j->type != NUMBER || !(fabs(j->number) < INTEGER_LIMIT) ||
	    floor(j->number) != j->number)
		return false;
	*out = (int64_t)j->number;
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
	return j && j->type == YES;
}

bool
json_is_bool(const struct json *j)
{
	return j && (j->type == YES || j->type == NO);
}

bool
json_is_object(const struct json *j)
{
	return j && j->type == OBJECT;
}

bool
json_is_array(const struct json *j)
{
	return j && j->type == ARRAY;
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
	return j ? j->first : NULL;
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
make(enum type type, const char *text)
{
	size_t len = text ? strlen(text) + 1 : 0;
	struct json *j = mem_alloc(1, sizeof *j + len);

	j->type = type;
	j->own = true;
	if (text) {
		j->text = (char *)(j + 1);
		memcpy(j->text, text, len);
	}
	return j;
}

struct json *
json_object(void)
{
	return make(OBJECT, NULL);
}

struct json *
json_array(void)
{
	return make(ARRAY, NULL);
}

struct json *
json_string(const char *text)
{
	return make(STRING, text);
}

struct json *
json_number(int64_t n)
{
	struct json *j = make(NUMBER, NULL);

	assert(n > -(int64_t)INTEGER_LIMIT && n < (int64_t)INTEGER_LIMIT);
	j->number = (double)n;
	return j;
}

struct json *
json_bool(bool b)
{
	return make(b ? YES : NO, NULL);
}

/* Not its name: that is given where it is put. */
struct json *
json_copy(const struct json *j)
{
	struct json *copy = make(j->type, j->text);

	copy->number = j->number;
	for (const struct json *m = j->first; m; m = m->next) {
		struct json *part = json_copy(m);

		part->name = mem_strdup(m->name);
		part->own_name = m->name != NULL;
		append(copy, part);
	}
	return copy;
}

void
json_put(struct json *object, const char *name, struct json *value)
{
	struct json **place = &object->first;

	assert(json_is_object(object) && value && !value->name);
	value->name = mem_strdup(name);
	value->own_name = true;
	while (*place && strcmp((*place)->name, name) != 0)
		place = &(*place)->next;
	if (*place) {
		struct json *was = *place;

		value->next = was->next;
		if (object->last == was)
			object->last = value;
		*place = value;
		json_free(was);
	} else {
		append(object, value);
	}
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
	append(array, value);
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

/* Runs that need nothing are copied at once; a byte that is no UTF-8 becomes
 * U+FFFD, because the other side would refuse the whole document. */
void
json_print_string(struct buf *out, const char *text)
{
	size_t left = strlen(text);

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
		buf_printf(out, "%.15g", item->number);
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

	if (item->type == STRING) {
		json_print_string(out, item->text);
	} else if (item->type == NUMBER) {
		print_number(out, item);
	} else if (json_is_bool(item)) {
		buf_text(out, json_is_true(item) ? "true" : "false");
	} else if (item->type == NOTHING) {
		buf_text(out, "null");
	} else {
		bool named = item->type == OBJECT;
		buf_char(out, named ? '{' : '[');
		for (const struct json *m = item->first; m; m = m->next) {
			new_line(out, inner);
			if (named) {
				json_print_string(out, m->name);
				buf_text(out, indent < 0 ? ":" : ": ");
			}
			print_value(out, m, inner);
			if (m->next)
				buf_char(out, ',');
		}
		if (item->first)
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
