#ifndef STORE_LOOKUP_KEYS_H
#define STORE_LOOKUP_KEYS_H

#include "base/buf.h"
#include "core/pinyin.h"
#include "store/lookup.h"

/*
 * The keys that the lookup scans, one row for each person, as arrays.  Part of
 * the lookup; nobody else needs it.
 *
 * 1. A name is up to four character numbers, 0 after the last.  A longer one
 *    is LOOKUP_LONG, its place in the pool (low, high half) and its length.
 * 2. Character number 0 matches nothing.
 * 3. text holds for each row "\t" and a number, as often as there are numbers,
 *    upper case, without fillers; and one "\t" after the last row.
 * 4. A dead row has an empty name and only "\t", so no scan meets it.
 * 5. Aliases are sorted by row.
 */
enum {
	LOOKUP_LONG = 0xFFFF,
	LOOKUP_NAME_CHARS = 32,		/* what is beyond is not searched */
};

struct lookup_char {		/* a character as it stands in names */
	uint32_t c;		/* folded */
	uint16_t reading[PINYIN_READINGS_MAX];	/* main one first */
	int count;
};

struct lookup_meta {
	struct uuid id;
	int64_t opened_at;
	uint32_t tag;
	uint16_t place;		/* 0: none */
	bool active;
	bool own_office;
	bool dead;
};

struct lookup_alias {
	uint32_t row;
	uint16_t name[4];
};

struct lookup_map {		/* open addressing; 0 free, else index + 1 */
	uint32_t *slot;
	size_t size;		/* 0 or a power of two */
};

struct lookup_keys {
	size_t count;		/* rows, dead ones included */
	size_t dead;
	uint16_t (*name)[4];
	struct lookup_meta *meta;
	uint32_t *text_at;	/* count + 1 places in text */
	struct buf text;
	uint16_t *pool;		/* characters of long names */
	size_t pool_count;
	struct lookup_alias *alias;
	size_t alias_count;
	struct lookup_char *chars;	/* [0] is nobody's */
	size_t char_count;
	char **place;		/* texts with tabs between; [0] is NULL */
	size_t place_count;
	struct lookup_map by_char;
	struct lookup_map by_id;
};

void lookup_keys_init(struct lookup_keys *k);
void lookup_keys_release(struct lookup_keys *k);
void lookup_keys_put(struct lookup_keys *k, const struct lookup_entry *entry);
/* The number of a place that is the text of number at (0: none) and more
 * beside it, once each.  Beyond 65,535 different ones: at. */
uint16_t lookup_keys_place(struct lookup_keys *k, uint16_t at, const char *more);
void lookup_keys_drop(struct lookup_keys *k, const struct uuid *id);
/* The living row of an id, or count. */
size_t lookup_keys_find(const struct lookup_keys *k, const struct uuid *id);

#endif
