/*
 * Records and their values.
 *
 * Items are sorted by name and no text is empty, so a lookup is a binary search
 * and equal records encode to equal bytes.  The compact form of stored rows is
 * in record_code.c.
 */
#include "core/record.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/member.h"

/* ---- values ---- */

/* As strcmp(); most names differ in their first byte. */
static int
compare(const char *a, const char *b)
{
	int order = (unsigned char)a[0] - (unsigned char)b[0];

	return order ? order : strcmp(a, b);
}

/* Where name is, or would be; *found says which. */
static size_t
place_of(const struct values *v, const char *name, bool *found)
{
	size_t low = 0, high = v->count;

	*found = false;
	/* Loading adds in order: look behind the last one first. */
	if (high > 0 && compare(v->items[high - 1].name, name) < 0)
		return high;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = compare(v->items[mid].name, name);

		if (order == 0) {
			*found = true;
			return mid;
		}
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const char *
values_get(const struct values *v, const char *name)
{
	bool found;
	size_t at = place_of(v, name, &found);

	return found ? v->items[at].text : "";
}

bool
values_has(const struct values *v, const char *name)
{
	return values_get(v, name)[0] != '\0';
}

/* What lies in the block goes with it. */
static void
give_back(const struct values *v, char *text)
{
	uintptr_t at = (uintptr_t)text, block = (uintptr_t)v->block;

	if (!v->block || at < block || at >= block + v->block_size)
		free(text);
}

static void
values_remove(struct values *v, size_t at)
{
	give_back(v, v->items[at].name);
	give_back(v, v->items[at].text);
	v->count--;
	memmove(&v->items[at], &v->items[at + 1],
		(v->count - at) * sizeof *v->items);
}

/* A new item at its place; name and text are taken. */
static void
values_insert(struct values *v, size_t at, char *name, char *text)
{
	v->items = mem_grow(v->items, v->count, sizeof *v->items);
	memmove(&v->items[at + 1], &v->items[at],
		(v->count - at) * sizeof *v->items);
	v->items[at] = (struct value){ .name = name, .text = text };
	v->count++;
}

void
values_set(struct values *v, const char *name, const char *text)
{
	bool found;
	size_t at = place_of(v, name, &found);

	if (!text || !text[0]) {
		if (found)
			values_remove(v, at);
	} else if (found) {
		/* text may be lent from this very item: copy, then free */
		char *copy = mem_strdup(text);

		give_back(v, v->items[at].text);
		v->items[at].text = copy;
	} else {
		char *copy = mem_strdup(text);

		values_insert(v, at, mem_strdup(name), copy);
	}
}

void
values_expect(struct values *v, size_t count, size_t bytes)
{
	size_t room = 1;

	if (count == 0)
		return;
	/* mem_grow doubles at powers of two and counts on that room */
	while (room < count)
		room *= 2;
	v->items = mem_resize(NULL, room, sizeof *v->items);
	v->block = mem_resize(NULL, bytes, 1);
	v->block_size = bytes;
}

static char *
add_to_block(struct values *v, const char *text, size_t len)
{
	char *at = v->block + v->block_used;

	assert(v->block_size - v->block_used > len);
	memcpy(at, text, len);
	at[len] = '\0';
	v->block_used += len + 1;
	return at;
}

bool
values_append(struct values *v, const char *name, size_t name_len,
	const char *text, size_t len)
{
	struct value item = { .name = add_to_block(v, name, name_len) };

	if (v->count > 0 && compare(v->items[v->count - 1].name, item.name) >= 0)
		return false;
	item.text = add_to_block(v, text, len);
	v->items[v->count++] = item;
	return true;
}

void
values_copy(struct values *out, const struct values *v)
{
	size_t bytes = 0;

	*out = (struct values){0};
	for (size_t i = 0; i < v->count; i++)
		bytes += strlen(v->items[i].name) + strlen(v->items[i].text) +
			2;
	values_expect(out, v->count, bytes);
	for (size_t i = 0; i < v->count; i++) {
		const struct value *item = &v->items[i];

		(void)values_append(out, item->name, strlen(item->name),
			item->text, strlen(item->text));
	}
}

bool
values_equal(const struct values *a, const struct values *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (strcmp(a->items[i].name, b->items[i].name) != 0 ||
		    strcmp(a->items[i].text, b->items[i].text) != 0)
			return false;
	}
	return true;
}

void
values_release(struct values *v)
{
	for (size_t i = 0; i < v->count; i++) {
		give_back(v, v->items[i].name);
		give_back(v, v->items[i].text);
	}
	free(v->items);
	free(v->block);
	*v = (struct values){0};
}

bool
values_set_has(const char *joined, const char *member)
{
	size_t len = strlen(member);

	if (len == 0)
		return false;
	for (;;) {
		size_t part = strcspn(joined, ";");

		if (part == len && memcmp(joined, member, len) == 0)
			return true;
		if (!joined[part])
			return false;
		joined += part + 1;
	}
}

/* ---- records ---- */

void
record_release(struct record *r)
{
	values_release(&r->values);
	free(r->deleted);
	*r = (struct record){0};
}

void
record_copy(struct record *out, const struct record *r)
{
	struct record copy = *r;

	values_copy(&copy.values, &r->values);
	copy.deleted = mem_strdup(r->deleted);
	*out = copy;
}

const char *
record_get(const struct record *r, const char *name)
{
	if (name[0] != '@')
		return values_get(&r->values, name);
	if (strcmp(name, "@state") == 0)
		return r->state;
	if (strcmp(name, "@office") == 0)
		return r->office;
	if (strcmp(name, "@deleted") == 0)
		return r->deleted ? r->deleted : "";
	return "";
}

static bool
set_place(char *place, size_t size, const char *text)
{
	size_t len = strlen(text);

	if (len >= size)
		return false;
	memmove(place, text, len + 1);
	return true;
}

static bool
set_system(struct record *r, const char *name, const char *text)
{
	if (strcmp(name, "@state") == 0)
		return set_place(r->state, sizeof r->state, text);
	if (strcmp(name, "@office") == 0)
		return set_place(r->office, sizeof r->office, text);
	if (strcmp(name, "@deleted") == 0) {
		char *why = text[0] ? mem_strdup(text) : NULL;

		free(r->deleted);
		r->deleted = why;
		return true;
	}
	return false;
}

bool
record_set(struct record *r, const char *name, const char *text)
{
	if (!text)
		text = "";
	if (strlen(text) > RECORD_VALUE_BYTES_MAX)
		return false;
	if (name[0] == '@')
		return set_system(r, name, text);
	if (strlen(name) >= RECORD_NAME_MAX)
		return false;
	if (text[0] && r->values.count >= RECORD_VALUES_MAX &&
	    !values_has(&r->values, name))
		return false;
	values_set(&r->values, name, text);
	return true;
}

void
record_hash(char out[RECORD_HASH_MAX], const struct record *r)
{
	static const char *const system[] = { "@office", "@state", "@deleted" };
	uint8_t digest[CRYPTO_SHA256];
	struct buf b;

	/* The record is in memory already, so it bounds its own copy. */
	buf_init(&b, SIZE_MAX / 2);
	buf_add(&b, r->reg, strlen(r->reg) + 1);
	for (size_t i = 0; i < sizeof system / sizeof system[0]; i++) {
		const char *text = record_get(r, system[i]);

		buf_add(&b, text, strlen(text) + 1);
	}
	for (size_t i = 0; i < r->values.count; i++) {
		const struct value *v = &r->values.items[i];

		buf_add(&b, v->name, strlen(v->name) + 1);
		buf_add(&b, v->text, strlen(v->text) + 1);
	}
	crypto_sha256(digest, b.data, b.len);
	crypto_hex(out, digest, 8);
	buf_release(&b);
}

/* ---- JSON ---- */

struct json *
record_to_json(const struct record *r)
{
	struct json *j = json_object(), *values = json_object();
	char id[UUID_TEXT_MAX];

	uuid_print(id, &r->id);
	json_put_text(j, "id", id);
	json_put_text(j, "register", r->reg);
	json_put_text(j, "office", r->office);
	json_put_text(j, "state", r->state);
	json_put_int(j, "rev", r->rev);
	if (r->deleted)
		json_put_text(j, "deleted", r->deleted);
	json_put_text(j, "created_by", r->created_by);
	json_put_int(j, "created_at", r->created_at);
	json_put_text(j, "updated_by", r->updated_by);
	json_put_int(j, "updated_at", r->updated_at);
	for (size_t i = 0; i < r->values.count; i++)
		json_put_text(values, r->values.items[i].name,
			r->values.items[i].text);
	json_put(j, "values", values);
	return j;
}

/* A name that is none may hold anything: it is not repeated. */
static enum status
measure(size_t *bytes, const struct json *m, struct err *err)
{
	const char *name = json_name(m), *text = json_text(m);

	/* members of an array have none */
	if (!name || !member_is_name(name))
		return member_wrong(err, "values");
	if (!text || strlen(text) > RECORD_VALUE_BYTES_MAX)
		return member_wrong(err, name);
	*bytes += strlen(name) + strlen(text) + 2;
	return E_OK;
}

enum status
record_values_from_json(struct values *out, const struct json *object,
	struct err *err)
{
	struct values v = {0};
	size_t count = 0, bytes = 0;
	bool sorted = true;
	enum status s = E_OK;

	for (struct json *m = json_first(object); m && !s; m = json_next(m)) {
		s = measure(&bytes, m, err);
		count++;
	}
	if (!json_is_object(object) || count > RECORD_VALUES_MAX)
		return member_wrong(err, "values");
	if (s)
		return s;
	values_expect(&v, count, bytes);
	for (struct json *m = json_first(object); m; m = json_next(m)) {
		const char *name = json_name(m), *text = json_text(m);

		sorted = sorted && text[0] && values_append(&v, name,
			strlen(name), text, strlen(text));
		if (!sorted)
			values_set(&v, name, text);
	}
	*out = v;
	return E_OK;
}

/* What is said about the record, all but its values. */
static enum status
read_head(struct record *r, const struct json *j, struct err *err)
{
	const char *why = json_get_text(j, "deleted");
	enum status s;

	s = member_uuid(&r->id, j, "id", MEMBER_NEEDED, err);
	if (!s)
		s = member_text(r->reg, sizeof r->reg, j, "register",
			MEMBER_NEEDED, err);
	if (!s && !member_is_register(r->reg))
		s = member_wrong(err, "register");
	if (!s)
		s = member_text(r->office, sizeof r->office, j, "office",
			MEMBER_NEEDED, err);
	if (!s)
		s = member_text(r->state, sizeof r->state, j, "state",
			MEMBER_OPTIONAL, err);
	if (!s)
		s = member_int(&r->rev, j, "rev", MEMBER_OPTIONAL, err);
	if (!s && json_get(j, "deleted") &&
	    (!why || !record_set(r, "@deleted", why)))
		s = member_wrong(err, "deleted");
	if (!s)
		s = member_text(r->created_by, sizeof r->created_by, j,
			"created_by", MEMBER_OPTIONAL, err);
	if (!s)
		s = member_int(&r->created_at, j, "created_at",
			MEMBER_OPTIONAL, err);
	if (!s)
		s = member_text(r->updated_by, sizeof r->updated_by, j,
			"updated_by", MEMBER_OPTIONAL, err);
	if (!s)
		s = member_int(&r->updated_at, j, "updated_at",
			MEMBER_OPTIONAL, err);
	return s;
}

enum status
record_from_json(struct record *out, const struct json *j, struct err *err)
{
	struct record r = {0};
	enum status s;

	if (!json_is_object(j))
		return member_wrong(err, "record");
	s = read_head(&r, j, err);
	if (!s)
		s = record_values_from_json(&r.values, json_get(j, "values"),
			err);
	if (s) {
		record_release(&r);
		return s;
	}
	*out = r;
	return E_OK;
}
