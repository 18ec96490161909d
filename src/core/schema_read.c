/*
 * Reading JSON members with complaints instead of failures (schema_read.h).
 * Sizes that come from a file are capped here before anything is allocated.
 */
#include "core/schema_read.h"

#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

/* ---- where we are ---- */

/* "[12]" at the end of the path; thousands of times a start, so not printf's
 * work.  What does not fit is left out. */
static void
add_index(struct schema_reader *r, int index)
{
	char text[16];
	size_t at = sizeof text;
	size_t room = sizeof r->path - r->len;

	text[--at] = '\0';
	text[--at] = ']';
	do {
		text[--at] = (char)('0' + index % 10);
		index /= 10;
	} while (index > 0);
	text[--at] = '[';
	if (sizeof text - at > room)
		return;
	memcpy(r->path + r->len, text + at, sizeof text - at);
	r->len += sizeof text - at - 1;
}

size_t
schema_read_enter(struct schema_reader *r, const char *key, int index)
{
	size_t mark = r->len;
	size_t room = sizeof r->path - r->len;
	size_t len = strlen(key);

	if (r->len > 0 && len > 0 && room > 1) {
		r->path[r->len++] = '.';
		room--;
	}
	len = len < room ? len : room - 1;
	memcpy(r->path + r->len, key, len);
	r->len += len;
	r->path[r->len] = '\0';
	if (index >= 0)
		add_index(r, index);
	return mark;
}

void
schema_read_leave(struct schema_reader *r, size_t mark)
{
	r->len = mark;
	r->path[mark] = '\0';
}

void
schema_complain(struct schema_reader *r, const char *key, const char *fmt, ...)
{
	struct complaints *c = r->complaints;
	char text[ERR_MSG_MAX];
	struct complaint *item;
	size_t mark;
	va_list args;

	if (c->count >= SCHEMA_COMPLAINTS_MAX)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	mark = schema_read_enter(r, key, -1);
	c->items = mem_grow(c->items, c->count, sizeof *c->items);
	item = &c->items[c->count++];
	item->file = mem_strdup(r->file);
	item->path = mem_strdup(r->path);
	item->text = mem_strdup(text);
	schema_read_leave(r, mark);
}

/* ---- what was meant ---- */

enum { NEAR_MAX = 32 };		/* words longer than a name are not compared */

static size_t
min3(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

/* Levenshtein's distance; both at most NEAR_MAX bytes. */
static size_t
distance(const char *a, const char *b)
{
	size_t row[NEAR_MAX + 1];
	size_t b_len = strlen(b);

	for (size_t k = 0; k <= b_len; k++)
		row[k] = k;
	for (size_t i = 0; a[i]; i++) {
		size_t corner = row[0];

		row[0] = i + 1;
		for (size_t k = 0; k < b_len; k++) {
			size_t cost = a[i] == b[k] ? 0 : 1;
			size_t next = min3(row[k] + 1, row[k + 1] + 1,
			    corner + cost);

			corner = row[k + 1];
			row[k + 1] = next;
		}
	}
	return row[b_len];
}

const char *
schema_nearest(const char *word, const char *const *words)
{
	size_t len = strlen(word);
	size_t best = len / 3 + 2;	/* farther is another word */
	const char *found = NULL;

	if (len > NEAR_MAX)
		return NULL;
	for (; *words; words++) {
		size_t d;

		if (strlen(*words) > NEAR_MAX)
			continue;
		d = distance(word, *words);
		if (d < best) {
			best = d;
			found = *words;
		}
	}
	return found;
}

/* ---- members ---- */

static const char *
kind_of(const struct json *j)
{
	if (json_text(j))
		return tr("a text");
	if (json_is_bool(j))
		return tr("true or false");
	if (json_is_array(j))
		return tr("a list");
	if (json_is_object(j))
		return tr("an object");
	return tr("a number or null");
}

static void
complain_kind(struct schema_reader *r, const char *key, const struct json *j,
    const char *meant)
{
	schema_complain(r, key, tr("Here must be %s; found is %s."), meant,
	    kind_of(j));
}

static void
complain_missing(struct schema_reader *r, const char *key)
{
	schema_complain(r, key, tr("This member is missing."));
}

/* Holds nothing that must not stand on a screen. */
static bool
is_harmless(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len) {
		unsigned char c = (unsigned char)text[at];

		if (c >= 0x20 && c < 0x7F)
			at++;
		else if (utf8_is_unsafe(utf8_next(text, len, &at)))
			return false;
	}
	return true;
}

/* Names and words of a file come back in complaints: shown whole only while
 * they are short and harmless. */
static const char *
quotable(const char *text)
{
	size_t len = strlen(text);

	return len <= 60 && is_harmless(text, len) ? text : "...";
}

static void
complain_unknown(struct schema_reader *r, const char *key, const char *word,
    const char *const *words)
{
	const char *near = schema_nearest(word, words);

	if (near)
		schema_complain(r, key,
		    tr("'%s' is not known here; is '%s' meant?"),
		    quotable(word), near);
	else
		schema_complain(r, key, tr("'%s' is not known here."),
		    quotable(word));
}

bool
schema_read_keys(struct schema_reader *r, const struct json *j,
    const char *const *keys)
{
	const struct json *m;

	if (!json_is_object(j)) {
		complain_kind(r, "", j, tr("an object"));
		return false;
	}
	for (m = json_first(j); m; m = json_next(m)) {
		const char *const *k = keys;

		const char *name = json_name(m);

		while (*k && ((*k)[0] != name[0] || strcmp(*k, name) != 0))
			k++;
		if (!*k)
			complain_unknown(r, quotable(name), name, keys);
	}
	return true;
}

/* A text that may stand on a screen, or NULL after a complaint. */
static const char *
checked_text(struct schema_reader *r, const char *key, const struct json *j,
    size_t max_bytes)
{
	const char *text = json_text(j);
	size_t len;

	if (!text) {
		complain_kind(r, key, j, tr("a text"));
		return NULL;
	}
	len = strlen(text);
	if (len > max_bytes) {
		schema_complain(r, key,
		    tr("This text has %zu bytes; at most %zu are possible."),
		    len, max_bytes);
		return NULL;
	}
	if (!is_harmless(text, len)) {
		schema_complain(r, key,
		    tr("This text holds a control character."));
		return NULL;
	}
	return text;
}

char *
schema_read_text(struct schema_reader *r, const struct json *j,
    const char *key, bool required, size_t max_bytes)
{
	const struct json *m = json_get(j, key);
	const char *text;

	if (!m) {
		if (required)
			complain_missing(r, key);
		return NULL;
	}
	text = checked_text(r, key, m, max_bytes);
	if (text && text[0] == '\0' && required)
		schema_complain(r, key, tr("This text is empty."));
	return mem_strdup(text);
}

bool
schema_is_name(const char *text)
{
	size_t len = strlen(text);

	return text[0] >= 'a' && text[0] <= 'z' && len < RECORD_NAME_MAX &&
	    strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
}

char *
schema_read_name_if(struct schema_reader *r, const struct json *j,
    const char *key)
{
	char *name = schema_read_text(r, j, key, false, SCHEMA_LABEL_BYTES_MAX);

	if (name && !schema_is_name(name))
		schema_complain(r, key, tr("'%s' is no name: small letters, "
		    "digits and '_', a letter first, at most 31."),
		    quotable(name));
	return name;
}

char *
schema_read_name(struct schema_reader *r, const struct json *j,
    const char *key)
{
	char *name;

	if (!json_get(j, key))
		complain_missing(r, key);
	name = schema_read_name_if(r, j, key);
	return name ? name : mem_strdup("");
}

bool
schema_read_bool(struct schema_reader *r, const struct json *j,
    const char *key, bool otherwise)
{
	const struct json *m = json_get(j, key);

	if (!m)
		return otherwise;
	if (!json_is_bool(m)) {
		complain_kind(r, key, m, tr("true or false"));
		return otherwise;
	}
	return json_is_true(m);
}

int
schema_read_int(struct schema_reader *r, const struct json *j,
    const char *key, int min, int max, int otherwise)
{
	const struct json *m = json_get(j, key);
	int64_t n = 0;

	if (!m)
		return otherwise;
	if (!json_int(m, &n) || n < min || n > max) {
		schema_complain(r, key,
		    tr("Here must be a whole number from %d to %d."), min,
		    max);
		return otherwise;
	}
	return (int)n;
}

int
schema_read_choice(struct schema_reader *r, const struct json *j,
    const char *key, const char *const *words, int otherwise)
{
	const struct json *m = json_get(j, key);
	const char *text;
	int fallback = otherwise < 0 ? 0 : otherwise;

	if (!m) {
		if (otherwise < 0)
			complain_missing(r, key);
		return fallback;
	}
	text = checked_text(r, key, m, SCHEMA_LABEL_BYTES_MAX);
	if (!text)
		return fallback;
	for (int i = 0; words[i]; i++)
		if (strcmp(words[i], text) == 0)
			return i;
	complain_unknown(r, key, text, words);
	return fallback;
}

char
schema_read_key(struct schema_reader *r, const struct json *j, const char *key)
{
	const struct json *m = json_get(j, key);
	const char *text = json_text(m);

	if (!m)
		return 0;
	if (text && text[0] != '\0' && text[1] == '\0' &&
	    strchr("abcdefghijklmnoprstuvwxyz0123456789", text[0]))
		return text[0];
	schema_complain(r, key, tr("Here must be one small letter (but q, "
	    "which goes back) or a digit."));
	return 0;
}

void
schema_read_label(struct label *out, struct schema_reader *r,
    const struct json *j, const char *key, bool required, size_t max_bytes)
{
	static const char *const keys[] = { "zh", "en", NULL };
	const struct json *m = json_get(j, key);
	size_t mark;

	if (!m) {
		if (required)
			complain_missing(r, key);
		return;
	}
	mark = schema_read_enter(r, key, -1);
	if (schema_read_keys(r, m, keys)) {
		out->zh = schema_read_text(r, m, "zh", true, max_bytes);
		out->en = schema_read_text(r, m, "en", true, max_bytes);
	}
	schema_read_leave(r, mark);
}

/* ---- lists ---- */

/* The member as a list of at most max items, or NULL after a complaint. */
static const struct json *
checked_list(struct schema_reader *r, const struct json *j, const char *key,
    size_t max_count)
{
	const struct json *m = json_get(j, key);

	if (!m)
		return NULL;
	if (!json_is_array(m)) {
		complain_kind(r, key, m, tr("a list"));
		return NULL;
	}
	if (json_count(m) > max_count) {
		schema_complain(r, key,
		    tr("This list has %zu items; at most %zu are possible."),
		    json_count(m), max_count);
		return NULL;
	}
	return json_count(m) > 0 ? m : NULL;
}

char **
schema_read_texts(size_t *count, struct schema_reader *r,
    const struct json *j, const char *key, size_t max_count)
{
	const struct json *list = checked_list(r, j, key, max_count);
	const struct json *m;
	char **texts;
	size_t n = 0;
	int i = 0;

	*count = 0;
	if (!list)
		return NULL;
	texts = mem_alloc(json_count(list), sizeof *texts);
	for (m = json_first(list); m; m = json_next(m)) {
		size_t mark = schema_read_enter(r, key, i++);
		const char *text = checked_text(r, "", m,
		    SCHEMA_LABEL_BYTES_MAX);

		if (text)
			texts[n++] = mem_strdup(text);
		schema_read_leave(r, mark);
	}
	*count = n;
	return texts;
}

void *
schema_read_items(size_t *count, struct schema_reader *r,
    const struct json *j, const char *key, size_t max_count, size_t size,
    void (*read)(struct schema_reader *r, const struct json *item, void *out,
	void *ctx),
    void *ctx)
{
	const struct json *list = checked_list(r, j, key, max_count);
	const struct json *m;
	char *items;
	size_t n = 0;
	int i = 0;

	*count = 0;
	if (!list)
		return NULL;
	items = mem_alloc(json_count(list), size);
	for (m = json_first(list); m; m = json_next(m)) {
		size_t mark = schema_read_enter(r, key, i++);

		if (json_is_object(m))
			read(r, m, items + n++ * size, ctx);
		else
			complain_kind(r, "", m, tr("an object"));
		schema_read_leave(r, mark);
	}
	*count = n;
	return items;
}
