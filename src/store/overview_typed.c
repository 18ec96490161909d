/*
 * What is typed to find something in a list.
 */
#include "store/overview_typed.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "core/pinyin.h"
#include "store/inside.h"
#include "store/lookup.h"
#include "store/overview_moves.h"

static void
take_words(struct overview_typed *t, const char *typed)
{
	while (t->word_count < TYPED_WORDS_MAX) {
		size_t len;

		typed += strspn(typed, " ");
		len = strcspn(typed, " ");
		if (len == 0)
			break;
		if (len < TYPED_WORD_MAX)
			memcpy(t->words[t->word_count++], typed, len);
		typed += len;
	}
}

struct naming {
	struct overview_typed *typed;
	uint8_t bits;
};

static void
name_row(void *self, const struct uuid *id)
{
	struct naming *n = self;
	uint32_t at = idmap_get(&n->typed->store->memory.places, id);

	if (at != IDMAP_NONE)
		n->typed->named[at] |= n->bits;
}

/* Whom each word names, and whom all of it. */
static void
name_rows(struct overview_typed *t, struct store *s, const char *typed)
{
	uint8_t all = (uint8_t)((1u << t->word_count) - 1);

	t->named = mem_alloc(overview_count(s) + 1, sizeof *t->named);
	overview_lookup_all(s, typed, name_row, &(struct naming){ t, all });
	for (size_t i = 0; t->word_count > 1 && i < t->word_count; i++)
		overview_lookup_all(s, t->words[i], name_row,
			&(struct naming){ t, (uint8_t)(1u << i) });
}

/* The name of the row's person is what the lookup has asked already. */
static bool
is_name_of_person(const struct schema_register *reg, const char *path)
{
	const char *beyond = reg ? overview_beyond_person(reg, path) : NULL;

	return beyond && strcmp(beyond, "name") == 0;
}

/* Own fields are found in one pass over a row's words. */
static void
sort_paths(struct overview_typed *t, const struct schema_register *reg,
	const char *const *paths, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *path = paths[i];

		if (is_name_of_person(reg, path))
			continue;
		if (path[0] != '@' && !strchr(path, '.')) {
			if (t->own_count < TYPED_PATHS_MAX)
				t->own[t->own_count++] = path;
		} else if (t->far_count < TYPED_PATHS_MAX) {
			t->several[t->far_count] = reg &&
				overview_is_several(t->store, reg, path);
			t->beyond[t->far_count] = reg ?
				overview_beyond_person(reg, path) : NULL;
			t->far[t->far_count++] = path;
		}
	}
}

void
overview_typed_begin(struct overview_typed *t, struct store *s,
	const struct schema_register *reg, const char *typed,
	const char *const *paths, size_t path_count)
{
	*t = (struct overview_typed){ .store = s,
		.names = reg && (reg->person_field || reg->lookup_count) };
	buf_init(&t->scratch, BUF_LINE_MAX);
	take_words(t, typed);
	sort_paths(t, reg, paths, path_count);
	overview_moves_settle(&s->memory);
	t->memo = mem_alloc(TYPED_MEMO, sizeof *t->memo);
	name_rows(t, s, typed);
}

void
overview_typed_end(struct overview_typed *t)
{
	free(t->memo);
	free(t->named);
	buf_release(&t->scratch);
}

static uint32_t
person_bits(const struct overview_typed *t, uint32_t index)
{
	uint32_t person = overview_moves_person(&t->store->memory, index);

	return t->named[index] |
		(person == IDMAP_NONE ? 0u : t->named[person]);
}

/* Bits of the words that the column shows. */
static uint32_t
look_at(struct overview_typed *t, const struct overview *o, const char *path)
{
	uint32_t found = 0;

	buf_clear(&t->scratch);
	overview_show(&t->scratch, t->store, o, path);
	for (size_t i = 0; t->scratch.len && i < t->word_count; i++) {
		bool one = !t->words[i][1];
		bool letter = t->words[i][0] > '9';
		int how = one && letter && t->names ? 0 :
			pinyin_match(t->scratch.data, t->words[i]);

		if (how && (how <= 2 || !one))
			found |= UINT32_C(1) << i;
	}
	return found;
}

static uint32_t
hash(const char *text, const char *path)
{
	uint32_t h = (uint32_t)(uintptr_t)path * 0x9e3779b9u + 2166136261u;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 16777619u;
	return h ^ h >> 15;
}

/* What a column shows follows from the value at its path. */
static uint32_t
words_of(struct overview_typed *t, const struct overview *o, const char *path,
	const char *text)
{
	struct typed_memo *m = &t->memo[hash(text, path) % TYPED_MEMO];

	if (!m->text || m->path != path || strcmp(m->text, text) != 0)
		*m = (struct typed_memo){ text, path, look_at(t, o, path) };
	return m->words;
}

static uint32_t
own_words(struct overview_typed *t, const struct overview *o)
{
	uint32_t found = 0;

	for (const char *name = o->words; name[0];) {
		const char *text = name + strlen(name) + 1;

		for (size_t i = 0; i < t->own_count; i++)
			if (name[0] == t->own[i][0] &&
			    strcmp(name, t->own[i]) == 0)
				found |= words_of(t, o, t->own[i], text);
		name = text + strlen(text) + 1;
	}
	return found;
}

static uint32_t
far_words(struct overview_typed *t, const struct overview *o, uint32_t index)
{
	uint32_t found = 0;

	for (size_t i = 0; i < t->far_count; i++) {
		const char *path = t->far[i];
		const struct overview *end = o;
		const char *text = t->several[i] ? NULL : t->beyond[i] ?
			overview_reach_beyond(&end, t->store, index,
			t->beyond[i]) : overview_reach(&end, t->store, path);

		if (!text)
			found |= look_at(t, o, path);
		else if (text[0])
			found |= words_of(t, o, path, text);
	}
	return found;
}

bool
overview_typed_fits(struct overview_typed *t, const struct overview *o,
	uint32_t index)
{
	uint32_t all = (UINT32_C(1) << t->word_count) - 1;
	uint32_t found = person_bits(t, index);

	if (found != all)
		found |= own_words(t, o);
	if (found != all)
		found |= far_words(t, o, index);
	return found == all;
}
