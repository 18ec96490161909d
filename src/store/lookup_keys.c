/*
 * The arrays of keys: filled one person at a time, thinned out when a quarter
 * of the rows is dead.  The invariants are in the header.
 */
#include "store/lookup_keys.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

enum {
	TEXT_MAX = 1 << 30,	/* numbers of ten million persons */
	MAP_MIN = 1024,
	PLACES_MAX = 65535,
	DEAD_MIN = 64,		/* too few to thin out */
};

static uint64_t
mix(uint64_t x)
{
	x ^= x >> 31;
	x *= UINT64_C(0x9E3779B97F4A7C15);
	return x ^ x >> 29;
}

static uint64_t
hash_id(const struct uuid *id)
{
	uint64_t half[2];

	memcpy(half, id->b, sizeof half);
	return mix(half[0] ^ mix(half[1]));
}

static uint64_t
hash_char(const struct lookup_char *c)
{
	return mix((uint64_t)c->c << 16 | c->reading[0]);
}

/* Room for count + 1 entries at half load; true: the map is empty again. */
static bool
map_grow(struct lookup_map *map, size_t count)
{
	size_t size = map->size > 0 ? map->size : MAP_MIN;

	if ((count + 1) * 2 <= map->size)
		return false;
	while (size < (count + 1) * 2)
		size *= 2;
	free(map->slot);
	map->slot = mem_alloc(size, sizeof *map->slot);
	map->size = size;
	return true;
}

static size_t
id_slot(const struct lookup_keys *k, const struct uuid *id)
{
	size_t i = (size_t)hash_id(id) & (k->by_id.size - 1);

	while (k->by_id.slot[i] != 0 &&
	    uuid_compare(&k->meta[k->by_id.slot[i] - 1].id, id) != 0)
		i = (i + 1) & (k->by_id.size - 1);
	return i;
}

static void
index_rows(struct lookup_keys *k)
{
	for (size_t row = 0; row < k->count; row++)
		if (!k->meta[row].dead)
			k->by_id.slot[id_slot(k, &k->meta[row].id)] =
			    (uint32_t)row + 1;
}

size_t
lookup_keys_find(const struct lookup_keys *k, const struct uuid *id)
{
	size_t i;

	if (k->by_id.size == 0)
		return k->count;
	i = id_slot(k, id);
	if (k->by_id.slot[i] == 0 || k->meta[k->by_id.slot[i] - 1].dead)
		return k->count;
	return k->by_id.slot[i] - 1;
}

static size_t
char_slot(const struct lookup_keys *k, const struct lookup_char *c)
{
	size_t i = (size_t)hash_char(c) & (k->by_char.size - 1);

	for (; k->by_char.slot[i] != 0; i = (i + 1) & (k->by_char.size - 1)) {
		const struct lookup_char *o = k->chars + k->by_char.slot[i] - 1;

		if (o->c == c->c && o->reading[0] == c->reading[0])
			break;
	}
	return i;
}

/* The number of the k-th character of a name; 单 as a surname and 单 in a
 * given name are two, because their main readings differ. */
static uint16_t
char_number(struct lookup_keys *k, const uint32_t *name, size_t len, size_t at)
{
	struct lookup_char c = { .c = name[at] };
	size_t i;

	c.count = pinyin_name_readings(c.reading, name, len, at);
	if (map_grow(&k->by_char, k->char_count))
		for (size_t n = 1; n < k->char_count; n++)
			k->by_char.slot[char_slot(k, &k->chars[n])] =
			    (uint32_t)n + 1;
	i = char_slot(k, &c);
	if (k->by_char.slot[i] == 0) {
		if (k->char_count >= LOOKUP_LONG)
			return 0;
		k->chars = mem_grow(k->chars, k->char_count, sizeof *k->chars);
		k->chars[k->char_count++] = c;
		k->by_char.slot[i] = (uint32_t)k->char_count;
	}
	return (uint16_t)(k->by_char.slot[i] - 1);
}

static void
encode_name(struct lookup_keys *k, uint16_t out[4], const char *text,
    size_t len)
{
	uint32_t name[LOOKUP_NAME_CHARS];
	size_t at = 0, n = 0;

	while (at < len && n < LOOKUP_NAME_CHARS) {
		uint32_t c = pinyin_fold(utf8_next(text, len, &at));

		if (c > 0 && !pinyin_is_filler(c))
			name[n++] = c;
	}
	memset(out, 0, 4 * sizeof *out);
	if (n > 4) {
		out[0] = LOOKUP_LONG;
		out[1] = (uint16_t)(k->pool_count & 0xFFFF);
		out[2] = (uint16_t)(k->pool_count >> 16);
		out[3] = (uint16_t)n;
	}
	for (size_t i = 0; i < n; i++) {
		uint16_t number = char_number(k, name, n, i);

		if (n <= 4) {
			out[i] = number;
			continue;
		}
		k->pool = mem_grow(k->pool, k->pool_count, sizeof *k->pool);
		k->pool[k->pool_count++] = number;
	}
}

static void
add_aliases(struct lookup_keys *k, uint32_t row, const char *alias)
{
	while (alias != NULL && *alias != '\0') {
		size_t len = strcspn(alias, "\t");
		struct lookup_alias a = { .row = row };

		encode_name(k, a.name, alias, len);
		if (a.name[0] != 0) {
			k->alias = mem_grow(k->alias, k->alias_count, sizeof a);
			k->alias[k->alias_count++] = a;
		}
		alias += len + (alias[len] == '\t');
	}
}

/* Most of a number stays as it is: digits, capitals, the tabs between. */
static size_t
plain_len(const char *text)
{
	size_t len = 0;

	while ((text[len] >= '0' && text[len] <= '9') ||
	    (text[len] >= 'A' && text[len] <= 'Z') || text[len] == '\t')
		len++;
	return len;
}

/* The final "\t" becomes the first of the new row, and a new one ends it. */
static void
add_numbers(struct lookup_keys *k, const char *digits)
{
	size_t len = digits != NULL ? strlen(digits) : 0, at = 0;

	while (at < len) {
		size_t plain = plain_len(digits + at);
		char bytes[4];
		uint32_t c;

		buf_add(&k->text, digits + at, plain);
		at += plain;
		if (at == len)
			break;
		c = utf8_next(digits, len, &at);
		if (pinyin_is_filler(c))
			continue;
		c = pinyin_fold(c);
		if (c >= 'a' && c <= 'z')
			c -= 'a' - 'A';
		buf_add(&k->text, bytes, utf8_put(bytes, c));
	}
	buf_char(&k->text, '\t');
}

void
lookup_keys_init(struct lookup_keys *k)
{
	*k = (struct lookup_keys){ .char_count = 1, .place_count = 1 };
	k->chars = mem_alloc(1, sizeof *k->chars);
	k->place = mem_alloc(1, sizeof *k->place);
	k->text_at = mem_alloc(1, sizeof *k->text_at);
	buf_init(&k->text, TEXT_MAX);
	buf_char(&k->text, '\t');
}

void
lookup_keys_release(struct lookup_keys *k)
{
	buf_release(&k->text);
	for (size_t i = 1; i < k->place_count; i++)
		free(k->place[i]);
	free(k->place);
	free(k->name);
	free(k->meta);
	free(k->text_at);
	free(k->pool);
	free(k->alias);
	free(k->chars);
	free(k->by_char.slot);
	free(k->by_id.slot);
	*k = (struct lookup_keys){0};
}

/* Is one of the texts, with tabs between, this one? */
static bool
has_place(const char *texts, const char *one, size_t len)
{
	while (texts) {
		size_t n = strcspn(texts, "\t");

		if (n == len && memcmp(texts, one, n) == 0)
			return true;
		texts = texts[n] ? texts + n + 1 : NULL;
	}
	return false;
}

/* There are a few dozen, and the last one found is the likeliest. */
static uint16_t
place_number(struct lookup_keys *k, const char *texts)
{
	for (size_t i = k->place_count - 1; i > 0; i--)
		if (strcmp(k->place[i], texts) == 0)
			return (uint16_t)i;
	if (k->place_count >= PLACES_MAX)
		return 0;
	k->place = mem_grow(k->place, k->place_count, sizeof *k->place);
	k->place[k->place_count] = mem_strdup(texts);
	return (uint16_t)k->place_count++;
}

uint16_t
lookup_keys_place(struct lookup_keys *k, uint16_t at, const char *more)
{
	struct buf texts;
	uint16_t number;

	/* The usual cases: nothing was known, or just this. */
	if (at == 0 && !strchr(more, '\t'))
		return more[0] ? place_number(k, more) : 0;
	if (at > 0 && strcmp(k->place[at], more) == 0)
		return at;
	buf_init(&texts, BUF_LINE_MAX);
	buf_text(&texts, at > 0 ? k->place[at] : "");
	while (*more) {
		size_t len = strcspn(more, "\t");

		if (len > 0 && !has_place(texts.data, more, len)) {
			if (texts.len > 0)
				buf_char(&texts, '\t');
			buf_add(&texts, more, len);
		}
		more += len + (more[len] == '\t');
	}
	number = texts.len > 0 ? place_number(k, texts.data) : 0;
	buf_release(&texts);
	return number > 0 ? number : at;
}

static void
kill_row(struct lookup_keys *k, size_t row)
{
	memset(k->name[row], 0, sizeof k->name[row]);
	memset(k->text.data + k->text_at[row], '\t',
	    k->text_at[row + 1] - k->text_at[row]);
	k->meta[row].dead = true;
	k->dead++;
}

static void
move_name(struct lookup_keys *k, uint16_t to[4], const uint16_t from[4],
    size_t *used)
{
	memmove(to, from, 4 * sizeof *to);
	if (to[0] != LOOKUP_LONG)
		return;
	memmove(k->pool + *used, k->pool + (to[1] | (size_t)to[2] << 16),
	    to[3] * sizeof *k->pool);
	to[1] = (uint16_t)(*used & 0xFFFF);
	to[2] = (uint16_t)(*used >> 16);
	*used += to[3];
}

/* Move the living rows together.  Names and aliases went into the pool in the
 * order of rows, so everything moves down and nothing is overwritten. */
static void
thin_out(struct lookup_keys *k)
{
	size_t row = 0, used = 0, alias = 0, from_alias = 0, text = 0;

	for (size_t from = 0; from < k->count; from++) {
		size_t begin = k->text_at[from], end = k->text_at[from + 1];
		bool dead = k->meta[from].dead;

		if (!dead) {
			move_name(k, k->name[row], k->name[from], &used);
			memmove(k->text.data + text, k->text.data + begin,
			    end - begin);
			k->meta[row] = k->meta[from];
			k->text_at[row] = (uint32_t)text;
			text += end - begin;
		}
		for (; from_alias < k->alias_count &&
		    k->alias[from_alias].row == from; from_alias++) {
			if (dead)
				continue;
			move_name(k, k->alias[alias].name,
			    k->alias[from_alias].name, &used);
			k->alias[alias++].row = (uint32_t)row;
		}
		row += !dead;
	}
	k->text_at[row] = (uint32_t)text;
	k->text.data[text] = '\t';
	k->text.data[text + 1] = '\0';
	k->text.len = text + 1;
	k->count = row;
	k->dead = 0;
	k->alias_count = alias;
	k->pool_count = used;
	memset(k->by_id.slot, 0, k->by_id.size * sizeof *k->by_id.slot);
	index_rows(k);
}

void
lookup_keys_drop(struct lookup_keys *k, const struct uuid *id)
{
	size_t row = lookup_keys_find(k, id);

	if (row == k->count)
		return;
	kill_row(k, row);
	if (k->dead >= DEAD_MIN && k->dead > k->count / 4)
		thin_out(k);
}

void
lookup_keys_put(struct lookup_keys *k, const struct lookup_entry *entry)
{
	size_t row;

	lookup_keys_drop(k, &entry->id);
	row = k->count;
	assert(row < UINT32_MAX - 1);
	k->name = mem_grow(k->name, row, sizeof *k->name);
	k->meta = mem_grow(k->meta, row, sizeof *k->meta);
	k->text_at = mem_grow(k->text_at, row + 1, sizeof *k->text_at);
	k->meta[row] = (struct lookup_meta){ .id = entry->id, .tag = entry->tag,
	    .active = entry->active, .own_office = entry->own_office,
	    .opened_at = entry->opened_at };
	encode_name(k, k->name[row], entry->name, strlen(entry->name));
	add_aliases(k, (uint32_t)row, entry->alias);
	k->text_at[row] = (uint32_t)(k->text.len - 1);
	add_numbers(k, entry->digits);
	k->text_at[row + 1] = (uint32_t)(k->text.len - 1);
	k->count++;
	if (map_grow(&k->by_id, row))
		index_rows(k);
	else
		k->by_id.slot[id_slot(k, &entry->id)] = (uint32_t)row + 1;
}
