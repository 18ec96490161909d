/*
 * The lookup's questions: which rows to test, which hits first.
 *
 * The rows that matched are kept for each length typed, so one more character
 * tests only those, and Backspace has them still.  What is kept is dropped
 * with any change of the keys, since rows may have moved.
 */
#include "store/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/lookup_keys.h"
#include "store/lookup_match.h"

enum {
	LEVELS_MAX = 24,	/* lengths typed whose rows are kept */
};

#define WEEK_MS (7 * INT64_C(86400000))
#define AT_MAX ((INT64_C(1) << 48) - 1)	/* an instant in a score, year 10889 */

struct level {
	char *typed;
	uint32_t *row;
	size_t count;
};

struct ranked {
	uint64_t score;		/* smaller is better */
	uint32_t row;
};

struct lookup {
	struct lookup_keys keys;
	struct lookup_matcher matcher;
	struct lookup_set set;		/* of the query under way */
	struct level level[LEVELS_MAX];
	size_t level_count;
	struct ranked *best;		/* a heap, the worst on top */
	size_t best_cap;
};

struct lookup *
lookup_new(void)
{
	struct lookup *l = mem_alloc(1, sizeof *l);

	lookup_keys_init(&l->keys);
	lookup_matcher_init(&l->matcher);
	return l;
}

static void
drop_levels(struct lookup *l, size_t keep)
{
	while (l->level_count > keep) {
		struct level *v = &l->level[--l->level_count];

		free(v->typed);
		free(v->row);
	}
}

void
lookup_free(struct lookup *l)
{
	if (l == NULL)
		return;
	drop_levels(l, 0);
	lookup_keys_release(&l->keys);
	lookup_matcher_release(&l->matcher);
	free(l->set.row);
	free(l->set.kind);
	free(l->best);
	free(l);
}

void
lookup_put(struct lookup *l, const struct lookup_entry *entry)
{
	drop_levels(l, 0);
	lookup_keys_put(&l->keys, entry);
}

void
lookup_drop(struct lookup *l, const struct uuid *id)
{
	drop_levels(l, 0);
	lookup_keys_drop(&l->keys, id);
}

void
lookup_opened(struct lookup *l, const struct uuid *id, int64_t at)
{
	size_t row = lookup_keys_find(&l->keys, id);

	if (row < l->keys.count)
		l->keys.meta[row].opened_at = at;
}

size_t
lookup_count(const struct lookup *l)
{
	return l->keys.count - l->keys.dead;
}

static const uint8_t tier_of[LOOKUP_NONE] = {
	[LOOKUP_NUMBER_WHOLE] = 0,
	[LOOKUP_NAME_WHOLE] = 1,
	[LOOKUP_NUMBER_TAIL] = 1,
	[LOOKUP_NUMBER_HEAD] = 1,
	[LOOKUP_NAME_HEAD] = 1,
	[LOOKUP_ALIAS_WHOLE] = 1,
	[LOOKUP_ALIAS_HEAD] = 1,
	[LOOKUP_NUMBER_BIRTH] = 2,
	[LOOKUP_NAME_INNER] = 2,
	[LOOKUP_ALIAS_INNER] = 2,
	[LOOKUP_ACCENT_WHOLE] = 3,
	[LOOKUP_ACCENT_HEAD] = 3,
	[LOOKUP_ACCENT_ALIAS] = 3,
	[LOOKUP_ACCENT_INNER] = 4,
	[LOOKUP_NUMBER_ANY] = 4,
};

static int64_t
opened_at(const struct lookup_meta *m)
{
	return m->opened_at < 0 ? 0 :
	    m->opened_at > AT_MAX ? AT_MAX : m->opened_at;
}

/* Who a clerk means is first somebody of the own office under supervision;
 * how recently opened counts as one bit, or the order could not be learnt. */
static uint64_t
score(const struct lookup_meta *m, uint8_t kind, int64_t now_at)
{
	int64_t at = opened_at(m);
	bool this_week = at > 0 && now_at - at < WEEK_MS;

	return (uint64_t)tier_of[kind] << 55 | (uint64_t)!m->own_office << 54 |
	    (uint64_t)!m->active << 53 | (uint64_t)!this_week << 52 |
	    (uint64_t)kind << 48 | (uint64_t)(AT_MAX - at);
}

static bool
is_worse(struct ranked a, struct ranked b)
{
	return a.score != b.score ? a.score > b.score : a.row > b.row;
}

/* Put r on top of the heap and let it sink to its place. */
static void
sink(struct ranked *heap, size_t count, struct ranked r)
{
	size_t i = 0;

	for (;;) {
		size_t child = 2 * i + 1;

		if (child + 1 < count && is_worse(heap[child + 1], heap[child]))
			child++;
		if (child >= count || !is_worse(heap[child], r))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = r;
}

static void
rise(struct ranked *heap, size_t i, struct ranked r)
{
	while (i > 0 && is_worse(r, heap[(i - 1) / 2])) {
		heap[i] = heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	heap[i] = r;
}

static void
set_reserve(struct lookup_set *set, size_t cap)
{
	set->count = 0;
	if (cap <= set->cap)
		return;
	free(set->row);
	free(set->kind);
	set->row = mem_alloc(cap, sizeof *set->row);
	set->kind = mem_alloc(cap, sizeof *set->kind);
	set->cap = cap;
}

/* The best max rows of the set to out, or the last opened; returns how many. */
static size_t
rank(struct lookup *l, const int64_t *now_at, struct lookup_hit *out,
    size_t max)
{
	const struct lookup_set *set = &l->set;
	size_t count = 0, want = max < set->count ? max : set->count;

	if (want == 0)
		return 0;
	if (want > l->best_cap) {
		free(l->best);
		l->best = mem_alloc(want, sizeof *l->best);
		l->best_cap = want;
	}
	for (size_t i = 0; i < set->count; i++) {
		struct ranked r = { .row = set->row[i] };
		const struct lookup_meta *m = &l->keys.meta[r.row];

		r.score = now_at != NULL ? score(m, set->kind[i], *now_at) :
		    (uint64_t)(AT_MAX - opened_at(m));
		if (count < want)
			rise(l->best, count++, r);
		else if (is_worse(l->best[0], r))
			sink(l->best, count, r);
	}
	for (size_t left = count; left > 0; left--) {
		struct ranked worst = l->best[0];
		const struct lookup_meta *m = &l->keys.meta[worst.row];

		out[left - 1] = (struct lookup_hit){ .id = m->id, .tag = m->tag,
		    .tier = (uint8_t)(worst.score >> 55) };
		sink(l->best, left - 1, l->best[left - 1]);
	}
	return count;
}

/* Does the term say all that the other said?  A term may change its kind, or
 * give a part away, with the next digit: 'y 第' is a name, 'y 第8' is y and
 * the number 第8. */
static bool
goes_on(const struct lookup_term *from, const struct lookup_term *to)
{
	if (from->number != to->number)
		return false;
	if (from->number)
		return from->len <= to->len &&
		    memcmp(from->text, to->text, from->len) == 0;
	return from->name.count <= to->name.count &&
	    memcmp(from->name.c, to->name.c,
	    from->name.count * sizeof *from->name.c) == 0;
}

/* Does every match of longer match shorter too?  Not so where the last term
 * was only looked for at the start, but no level is kept of such a text. */
static bool
narrows(const char *shorter, const char *longer)
{
	struct lookup_term a[LOOKUP_TERMS_MAX], b[LOOKUP_TERMS_MAX];
	size_t na, nb;

	if (strncmp(shorter, longer, strlen(shorter)) != 0)
		return false;
	na = lookup_terms_parse(a, shorter);
	nb = lookup_terms_parse(b, longer);
	if (na == 0 || nb < na)
		return false;
	for (size_t i = 0; i < na; i++)
		if (!goes_on(&a[i], &b[i]))
			return false;
	return true;
}

static void
keep_level(struct lookup *l, const char *typed)
{
	const struct lookup_set *set = &l->set;
	struct level *v;

	/* Many rows are found again as fast as they are kept. */
	if (l->level_count == LEVELS_MAX || set->count > l->keys.count / 4 + 64)
		return;
	v = &l->level[l->level_count++];
	v->typed = mem_strdup(typed);
	v->count = set->count;
	v->row = mem_alloc(set->count, sizeof *v->row);
	if (set->count > 0)
		memcpy(v->row, set->row, set->count * sizeof *v->row);
}

/* Test what is in the set against one term more; the worst kind counts. */
static void
keep_matching(struct lookup *l, const struct lookup_term *t)
{
	struct lookup_set *set = &l->set;
	size_t n = 0;

	for (size_t i = 0; i < set->count; i++) {
		uint8_t kind = (uint8_t)lookup_match_row(&l->matcher, &l->keys,
		    t, set->row[i]);

		if (kind == LOOKUP_NONE)
			continue;
		set->row[n] = set->row[i];
		set->kind[n++] = kind > set->kind[i] ? kind : set->kind[i];
	}
	set->count = n;
}

/* Numbers first: they leave fewer rows for the names. */
static void
search(struct lookup *l, const struct lookup_term *term, size_t count,
    bool scanned)
{
	for (int names = 0; names < 2; names++) {
		for (size_t i = 0; i < count; i++) {
			if (term[i].number == (bool)names)
				continue;
			if (names)
				lookup_match_compile(&l->matcher, &l->keys, &term[i]);
			if (scanned)
				keep_matching(l, &term[i]);
			else
				lookup_match_scan(&l->set, &l->matcher, &l->keys,
				    &term[i]);
			scanned = true;
		}
	}
}

/* Nothing typed: the persons opened before. */
static size_t
recent(struct lookup *l, struct lookup_hit *out, size_t max, size_t *total)
{
	const struct lookup_keys *k = &l->keys;

	for (size_t row = 0; row < k->count; row++) {
		if (!k->meta[row].dead && k->meta[row].opened_at > 0)
			l->set.row[l->set.count++] = (uint32_t)row;
	}
	*total = l->set.count;
	return rank(l, NULL, out, max);
}

size_t
lookup_query(struct lookup *l, const char *typed, int64_t now_at,
    struct lookup_hit *out, size_t max, size_t *total)
{
	struct lookup_term term[LOOKUP_TERMS_MAX];
	size_t count = lookup_terms_parse(term, typed);
	bool narrowed;

	set_reserve(&l->set, l->keys.count);
	while (l->level_count > 0 &&
	    !narrows(l->level[l->level_count - 1].typed, typed))
		drop_levels(l, l->level_count - 1);
	if (count == 0)
		return recent(l, out, max, total);
	narrowed = l->level_count > 0;
	if (narrowed) {
		const struct level *v = &l->level[l->level_count - 1];

		if (v->count > 0)
			memcpy(l->set.row, v->row, v->count * sizeof *v->row);
		memset(l->set.kind, LOOKUP_NUMBER_WHOLE, v->count);
		l->set.count = v->count;
	}
	search(l, term, count, narrowed);
	*total = l->set.count;
	if (!term[count - 1].start_only)
		keep_level(l, typed);
	return rank(l, &now_at, out, max);
}
