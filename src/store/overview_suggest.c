/*
 * What a field of suggestions offers: each text once, gathered anew for every
 * key typed, because a popup over 50,000 rows costs some milliseconds and a
 * kept list would have to follow every commit.
 */
#include "store/overview.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/pinyin.h"
#include "store/inside.h"

struct offer {
	const char *text;	/* lent */
	int64_t used_at;	/* last in the field; 0 never */
	uint64_t surname;
	bool active;		/* a record that holds it is still open */
	int fit;		/* of pinyin_match() */
};

struct offers {
	struct offer *items;	/* owned */
	size_t count;
};

static int
compare_texts(const void *left, const void *right)
{
	const struct offer *a = left, *b = right;

	return strcmp(a->text, b->text);
}

static int
compare_offers(const void *left, const void *right)
{
	const struct offer *a = left, *b = right;

	if (a->fit != b->fit)
		return a->fit < b->fit ? -1 : 1;
	if (a->used_at != b->used_at)
		return a->used_at > b->used_at ? -1 : 1;
	if (a->active != b->active)
		return a->active ? -1 : 1;
	if (a->surname != b->surname)
		return a->surname < b->surname ? -1 : 1;
	return strcmp(a->text, b->text);
}

static bool
is_open(const struct overview *o)
{
	const struct schema_state *state = schema_state_find(o->reg, o->state);

	return !state || state->active;
}

/* Texts that fit, sorted, each once; one open record makes it open. */
static void
gather(struct offers *out, const struct store *s,
	const struct schema_register *from, const char *path, const char *typed)
{
	size_t kept = 0;

	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);
		struct offer x = {0};

		if (!o || o->reg != from || o->deleted)
			continue;
		x.text = overview_path(s, o, path);
		x.fit = x.text[0] ? pinyin_match(x.text, typed) : 0;
		if (!x.fit)
			continue;
		x.active = is_open(o);
		x.surname = pinyin_surname_order(x.text);
		out->items = mem_grow(out->items, out->count,
			sizeof *out->items);
		out->items[out->count++] = x;
	}
	if (!out->count)
		return;
	qsort(out->items, out->count, sizeof *out->items, compare_texts);
	for (size_t i = 1; i < out->count; i++) {
		if (compare_texts(&out->items[kept], &out->items[i]) == 0)
			out->items[kept].active |= out->items[i].active;
		else
			out->items[++kept] = out->items[i];
	}
	out->count = kept + 1;
}

static void
note_uses(struct offers *offers, const struct store *s, const char *reg,
	const char *field)
{
	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);
		struct offer key = {0}, *found;

		if (!o || o->deleted || strcmp(o->reg_name, reg) != 0)
			continue;
		key.text = overview_get(o, field);
		if (!key.text[0])
			continue;
		found = bsearch(&key, offers->items, offers->count,
			sizeof *offers->items, compare_texts);
		if (found && found->used_at < o->updated_at)
			found->used_at = o->updated_at;
	}
}

size_t
overview_suggest(const char **out, size_t max, const struct store *s,
	const char *reg, const struct schema_field *field, const char *typed)
{
	const char *path = strchr(field->suggest, '.') + 1;
	char from[RECORD_NAME_MAX];
	struct offers offers = {0};
	size_t n;

	memcpy(from, field->suggest, (size_t)(path - field->suggest));
	from[path - field->suggest - 1] = '\0';
	gather(&offers, s, schema_register_find(store_schema(s), from), path,
		typed);
	if (offers.count) {
		note_uses(&offers, s, reg, field->name);
		qsort(offers.items, offers.count, sizeof *offers.items,
			compare_offers);
	}
	n = offers.count < max ? offers.count : max;
	for (size_t i = 0; i < n; i++)
		out[i] = offers.items[i].text;
	free(offers.items);
	return n;
}
