/*
 * Sorting rows.  Rows are compared by numbers made of a value's beginning; the
 * texts themselves are looked at where two numbers are the same.  Memory is gone
 * through in the order in which it lies, since what waits is mostly that.
 */
#include "store/overview_sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/pinyin.h"
#include "store/inside.h"
#include "store/overview_moves.h"

enum { PREFIX_BYTES = 8, MEMO_BITS = 12, FEW = 8,
	TEXT_HEAD = 6 };	/* bytes beside a reading in one key */

/* Texts lie all over memory, so they are looked at once: two keys tell nearly
 * all of them apart. */
struct item {
	uint64_t key, more;
	const char *text;		/* NULL: the keys say everything */
	uint32_t row, rank;		/* rank: where it stood before */
};

void
overview_sort_by(struct sort_by *by, const struct store *s,
	const struct schema_register *reg, const char *path, bool down)
{
	const struct schema_field *f = reg ?
		overview_field(s, reg, path) : NULL;

	*by = (struct sort_by){ .path = path, .down = down,
		.type = f ? f->type : VT_TEXT,
		.state = strcmp(path, "@state") == 0,
		.several = reg && overview_is_several(s, reg, path) };
	if (reg)
		by->of_person = overview_beyond_person(reg, path);
	/* by initials alone 陈晶雪 and 曹建洋 would stand mixed */
	if (f && f->derive == DERIVE_PINYIN)
		by->name = f->derive_from;
}

/* ---- one value as a number ---- */

static uint64_t
prefix(const char *text)
{
	uint64_t key = 0;
	size_t len = strnlen(text, PREFIX_BYTES);

	for (size_t i = 0; i < PREFIX_BYTES; i++)
		key = key << 8 | (i < len ? (unsigned char)text[i] : 0);
	return key;
}

static uint64_t
state_place(const struct schema_register *reg, const char *state)
{
	const struct schema_state *at = schema_state_find(reg, state);

	return at ? (uint64_t)(at - reg->states) : reg->state_count;
}

/* Does a hanzi of the usual ones begin so many bits from the end? */
static bool
is_hanzi(uint64_t begin, int bits)
{
	uint8_t c = (uint8_t)(begin >> bits);

	return c >= 0xE4 && c <= 0xE9;
}

/* Of a name of hanzi the first two decide, and whether there is a third; of
 * others more may. */
static uint64_t
beginning(const char *text)
{
	uint64_t begin = prefix(text);

	if (!is_hanzi(begin, 56) || !is_hanzi(begin, 32) ||
	    !(is_hanzi(begin, 8) || (begin & 0xFFFF) == 0))
		return begin;
	return (begin & ~UINT64_C(0xFFFF)) | ((begin & 0xFFFF) != 0);
}

static uint64_t
reading_of(const struct store *s, const char *text)
{
	uint64_t begin = beginning(text);
	struct sort_memo *m = &s->orders.memo[(begin *
		UINT64_C(0x9E3779B97F4A7C15)) >> (64 - MEMO_BITS)];

	if (m->begin != begin)
		*m = (struct sort_memo){ begin, pinyin_surname_order(text) };
	return m->key;
}

/* The value of a row; *o is then the row that it stands in. */
static const char *
value_of(const struct overview **o, const struct store *s, uint32_t row,
	const struct sort_by *by)
{
	*o = overview_at(s, row);
	if (by->several)
		return overview_path(s, *o, by->path);
	return by->of_person ? overview_reach_beyond(o, s, row, by->of_person) :
		overview_reach(o, s, by->path);
}

static void
set_keys(struct item *item, const struct store *s, uint32_t row,
	const struct sort_by *by)
{
	const struct overview *o;
	const char *text = value_of(&o, s, row, by);
	size_t shown = PREFIX_BYTES;

	item->row = row;

	item->key = item->more = UINT64_MAX;
	item->text = NULL;
	if (!text[0])
		return;
	item->more = prefix(text);
	if (by->state) {
		item->key = state_place(o->reg, text);
	} else if (by->name) {
		item->key = reading_of(s, overview_get(o, by->name));
	} else if (by->type == VT_TEXT) {
		item->key = reading_of(s, text) >> 32 << 48 |
			item->more >> 16;
		item->more = strnlen(text, TEXT_HEAD) == TEXT_HEAD ?
			prefix(text + TEXT_HEAD) : 0;
		shown = TEXT_HEAD + PREFIX_BYTES;
	} else if (by->type == VT_INT || by->type == VT_MONEY) {
		/* stored numbers have no leading zeros */
		item->key = strlen(text);
	} else {
		item->key = item->more;
		item->more = 0;
		if (strnlen(text, PREFIX_BYTES) == PREFIX_BYTES)
			item->more = prefix(text + PREFIX_BYTES);
		shown = 2 * PREFIX_BYTES;
	}
	if (strnlen(text, shown + 1) > shown)
		item->text = text;
	if (by->down) {
		item->key = UINT64_MAX - 1 - item->key;
		item->more = UINT64_MAX - 1 - item->more;
	}
}

static int
compare_texts(const struct item *a, const struct item *b)
{
	if (a->key != b->key)
		return a->key < b->key ? -2 : 2;
	if (a->more != b->more)
		return a->more < b->more ? -2 : 2;
	/* the one that is longer than the keys say comes after */
	if (!a->text || !b->text)
		return (a->text != NULL) - (b->text != NULL);
	return strcmp(a->text, b->text);
}

static inline int
compare_items(const struct item *a, const struct item *b, bool down)
{
	int c = compare_texts(a, b);

	if (down && a->key == b->key && a->more == b->more)
		c = -c;
	return c ? c : a->rank < b->rank ? -1 : 1;
}

static int
by_id(const void *left, const void *right)
{
	const struct item *a = left, *b = right;

	return memcmp(a->text, b->text, sizeof(struct uuid));
}

/* What nothing else tells apart stands by id, which is about the order of
 * entry. */
static void
sort_by_id(const struct store *s, uint32_t *rows, size_t count)
{
	struct item *items = mem_alloc(count, sizeof *items);

	for (size_t i = 0; i < count; i++)
		items[i] = (struct item){ .row = rows[i], .text =
			(const char *)overview_at(s, rows[i])->id.b };
	qsort(items, count, sizeof *items, by_id);
	for (size_t i = 0; i < count; i++)
		rows[i] = items[i].row;
	free(items);
}

static void
sort_few(struct item *items, size_t count, bool down)
{
	for (size_t i = 1; i < count; i++) {
		struct item one = items[i];
		size_t at = i;

		for (; at > 0 && compare_items(&one, &items[at - 1], down) < 0;
		    at--)
			items[at] = items[at - 1];
		items[at] = one;
	}
}

static void
merge(struct item *out, const struct item *a, size_t a_count,
	const struct item *b, size_t b_count, bool down)
{
	while (a_count && b_count) {
		bool first = compare_items(a, b, down) < 0;

		*out++ = first ? *a : *b;
		a += first;
		a_count -= first;
		b += !first;
		b_count -= !first;
	}
	memcpy(out, a, a_count * sizeof *out);
	memcpy(out + a_count, b, b_count * sizeof *out);
}

/* qsort() takes twice as long: it copies and compares through pointers. */
static void
sort_items(struct item *items, size_t count, bool down)
{
	struct item *from = items, *to, *spare;

	for (size_t i = 0; i < count; i += FEW)
		sort_few(items + i, count - i < FEW ? count - i : FEW, down);
	if (count <= FEW)
		return;
	spare = to = mem_alloc(count, sizeof *spare);
	for (size_t run = FEW; run < count; run *= 2) {
		struct item *swap = from;

		for (size_t i = 0; i < count; i += 2 * run) {
			size_t a = count - i < run ? count - i : run;
			size_t b = count - i - a < run ? count - i - a : run;

			merge(to + i, from + i, a, from + i + a, b, down);
		}
		from = to;
		to = swap;
	}
	if (from != items)
		memcpy(items, from, count * sizeof *items);
	free(spare);
}

/* Rows that one thing does not tell apart: by the next; next (NULL) are its
 * items by rank. */
static void
sort_level(const struct store *s, uint32_t *rows, struct item *items,
	size_t count, struct sort_by *by, size_t by_count,
	const struct item *next)
{
	sort_items(items, count, by->down);
	for (size_t i = 0; i < count; i++)
		rows[i] = items[i].row;
	for (size_t from = 0, to; from < count; from = to) {
		struct item *same;

		for (to = from + 1; to < count &&
		    compare_texts(&items[from], &items[to]) == 0; to++)
			;
		if (to == from + 1)
			continue;
		if (by_count == 1) {
			sort_by_id(s, rows + from, to - from);
			continue;
		}
		same = mem_alloc(to - from, sizeof *same);
		for (size_t i = from; i < to; i++) {
			if (next)
				same[i - from] = next[items[i].rank];
			else
				set_keys(&same[i - from], s, rows[i], by + 1);
			same[i - from].rank = (uint32_t)(i - from);
		}
		sort_level(s, rows + from, same, to - from, by + 1,
			by_count - 1, NULL);
		free(same);
	}
}

static void
begin(struct store *s)
{
	overview_moves_settle(&s->memory);
	if (!s->orders.memo)
		s->orders.memo = mem_alloc((size_t)1 << MEMO_BITS,
			sizeof *s->orders.memo);
}

void
overview_sort_rows(struct store *s, uint32_t *rows, size_t count,
	struct sort_by *by, size_t by_count)
{
	struct item *first, *second;

	begin(s);
	if (by_count == 0) {
		sort_by_id(s, rows, count);
		return;
	}
	first = mem_alloc(count + 1, sizeof *first);
	second = by_count > 1 ? mem_alloc(count + 1, sizeof *second) : NULL;
	for (size_t i = 0; i < count; i++) {
		overview_moves_ahead(&s->memory, rows[i]);
		set_keys(&first[i], s, rows[i], by);
		first[i].rank = (uint32_t)i;
		if (second)
			set_keys(&second[i], s, rows[i], by + 1);
	}
	sort_level(s, rows, first, count, by, by_count, second);
	free(first);
	free(second);
}

/* Keys are made in the order of memory, which waits less. */
void
overview_sort_again(struct store *s, uint32_t *rows, size_t count,
	struct sort_by *by)
{
	uint32_t *rank = mem_alloc(overview_count(s) + 1, sizeof *rank);
	struct item *items = mem_alloc(count + 1, sizeof *items);
	size_t n = 0;

	begin(s);
	for (size_t i = 0; i < count; i++)
		rank[rows[i]] = (uint32_t)i + 1;
	for (size_t i = 0; i < overview_count(s); i++) {
		if (rank[i] == 0)
			continue;
		overview_moves_ahead(&s->memory, (uint32_t)i);
		set_keys(&items[n], s, (uint32_t)i, by);
		items[n++].rank = rank[i];
	}
	sort_items(items, n, by->down);
	for (size_t i = 0; i < n; i++)
		rows[i] = items[i].row;
	free(items);
	free(rank);
}

int
overview_sort_compare(const struct store *s, struct sort_by *by,
	size_t by_count, uint32_t left, uint32_t right)
{
	struct item a = {0}, b = {0};
	int c = 0;

	for (size_t i = 0; i < by_count && c == 0; i++) {
		set_keys(&a, s, left, &by[i]);
		set_keys(&b, s, right, &by[i]);
		c = compare_texts(&a, &b);
		if (by[i].down && a.key == b.key && a.more == b.more)
			c = -c;
	}
	return c ? c : uuid_compare(&overview_at(s, left)->id,
		&overview_at(s, right)->id);
}
