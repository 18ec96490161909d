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
	struct lookup_set other;	/* of another way of a term */
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

static void
set_release(struct lookup_set *set)
{
	free(set->row);
	free(set->kind);
	*set = (struct lookup_set){0};
}

void
lookup_free(struct lookup *l)
{
	if (l == NULL)
		return;
	drop_levels(l, 0);
	lookup_keys_release(&l->keys);
	lookup_matcher_release(&l->matcher);
	set_release(&l->set);
	set_release(&l->other);
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
lookup_find(const struct lookup *l, const struct uuid *id, size_t there)
{
	size_t row;

	if (there < l->keys.count && !l->keys.meta[there].dead &&
	    uuid_compare(&l->keys.meta[there].id, id) == 0)
		return there;
	row = lookup_keys_find(&l->keys, id);
	return row == l->keys.count ? LOOKUP_NOWHERE : row;
}

void
lookup_forget_at(struct lookup *l, size_t at)
{
	struct lookup_meta *m;

	if (at == LOOKUP_NOWHERE)
		return;
	m = &l->keys.meta[at];
	m->active = m->own_office = false;
	m->place = 0;
	drop_levels(l, 0);
}

void
lookup_learn_at(struct lookup *l, size_t at, const struct lookup_fact *fact)
{
	struct lookup_meta *m;

	if (at == LOOKUP_NOWHERE)
		return;
	m = &l->keys.meta[at];
	m->active |= fact->active;
	m->own_office |= fact->own_office;
	if (fact->place && fact->place[0])
		m->place = lookup_keys_place(&l->keys, m->place, fact->place);
}

void
lookup_learn(struct lookup *l, const struct uuid *id,
    const struct lookup_fact *fact)
{
	lookup_learn_at(l, lookup_find(l, id, LOOKUP_NOWHERE), fact);
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
	[LOOKUP_AT_PLACE] = 4,
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
	set_release(set);
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

/* Join what another way of the term found, row by row; the better kind
 * counts. */
static void
join_sets(struct lookup_set *set, struct lookup_set *other)
{
	size_t left = set->count, right = other->count, n = 0, at;

	for (size_t i = 0, k = 0; i < left || k < right; n++) {
		if (k == right || (i < left && set->row[i] < other->row[k]))
			i++;
		else if (i == left || other->row[k] < set->row[i])
			k++;
		else
			i++, k++;
	}
	/* From the end, so that what is not yet read stays. */
	set->count = at = n;
	while (right > 0) {
		uint32_t theirs = other->row[right - 1];
		uint8_t kind = other->kind[right - 1];

		at--;
		if (left > 0 && set->row[left - 1] > theirs) {
			left--;
			set->row[at] = set->row[left];
			set->kind[at] = set->kind[left];
			continue;
		}
		right--;
		/* Ours may stand where this goes: read it first. */
		if (left > 0 && set->row[left - 1] == theirs &&
		    set->kind[--left] < kind)
			kind = set->kind[left];
		set->row[at] = theirs;
		set->kind[at] = kind;
	}
}

static void
scan_term(struct lookup *l, const struct lookup_way *way, size_t ways)
{
	for (size_t i = 0; i < ways; i++) {
		lookup_match_compile(&l->matcher, &l->keys, &way[i]);
		lookup_match_scan(i == 0 ? &l->set : &l->other, &l->matcher,
		    &l->keys, &way[i]);
		if (i > 0)
			join_sets(&l->set, &l->other);
	}
}

/* Test what is in the set against one term more; of the ways of a term the
 * better kind counts, of terms the worse. */
static void
keep_matching(struct lookup *l, const struct lookup_way *way, size_t ways)
{
	struct lookup_set *set = &l->set;
	size_t n = 0;

	if (set->count == 0)
		return;
	memset(l->other.kind, LOOKUP_NONE, set->count);
	for (size_t w = 0; w < ways; w++) {
		lookup_match_compile(&l->matcher, &l->keys, &way[w]);
		for (size_t i = 0; i < set->count; i++) {
			uint8_t kind = (uint8_t)lookup_match_row(&l->matcher,
			    &l->keys, &way[w], set->row[i]);

			if (kind < l->other.kind[i])
				l->other.kind[i] = kind;
		}
	}
	for (size_t i = 0; i < set->count; i++) {
		uint8_t kind = l->other.kind[i];

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
			struct lookup_way way[LOOKUP_WAYS_MAX];
			size_t ways;

			if (term[i].number == (bool)names)
				continue;
			ways = lookup_ways(way, &term[i]);
			if (scanned)
				keep_matching(l, way, ways);
			else
				scan_term(l, way, ways);
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

/* The rows for what was typed, into the set; false: nothing was. */
static bool
find_rows(struct lookup *l, const char *typed)
{
	struct lookup_term term[LOOKUP_TERMS_MAX];
	size_t count = lookup_terms_parse(term, typed);
	bool narrowed;

	set_reserve(&l->set, l->keys.count);
	set_reserve(&l->other, l->keys.count);
	while (l->level_count > 0 &&
	    !lookup_terms_narrow(l->level[l->level_count - 1].typed, typed))
		drop_levels(l, l->level_count - 1);
	if (count == 0)
		return false;
	narrowed = l->level_count > 0;
	if (narrowed) {
		const struct level *v = &l->level[l->level_count - 1];

		l->set.count = v->count;
		if (v->count > 0) {
			memcpy(l->set.row, v->row, v->count * sizeof *v->row);
			memset(l->set.kind, LOOKUP_NUMBER_WHOLE, v->count);
		}
	}
	search(l, term, count, narrowed);
	if (!term[count - 1].start_only)
		keep_level(l, typed);
	return true;
}

size_t
lookup_query(struct lookup *l, const char *typed, int64_t now_at,
    struct lookup_hit *out, size_t max, size_t *total)
{
	if (!find_rows(l, typed))
		return recent(l, out, max, total);
	*total = l->set.count;
	return rank(l, &now_at, out, max);
}

void
lookup_each(struct lookup *l, const char *typed,
    void (*found)(void *self, const struct uuid *id), void *self)
{
	if (!find_rows(l, typed))
		return;
	for (size_t i = 0; i < l->set.count; i++)
		found(self, &l->keys.meta[l->set.row[i]].id);
}
