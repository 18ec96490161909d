/*
 * Orders.  Each step sorts stably by one thing more: the register's own order
 * from its last path to its first, then a column, then a group.  Rows are
 * compared by a number made of the value's beginning; the texts themselves are
 * looked at where two numbers are the same.
 */
#include "store/overview_order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/pinyin.h"
#include "store/inside.h"

enum { PREFIX_BYTES = 8, SORTS_MAX = 4, MEMO_BITS = 8,
	TEXT_HEAD = 6 };	/* bytes beside a reading in one key */

struct order_by {
	const char *path;
	enum value_type type;
	bool down, state;
	bool several;		/* the path goes over children */
	const char *name;		/* its initials stand at path; NULL */
	struct order_memo {
		uint64_t begin, key;
	} memo[1 << MEMO_BITS];
};

/* Texts lie all over memory, so they are looked at once: two keys tell nearly
 * all of them apart. */
struct item {
	uint64_t key, more;
	const char *text;		/* NULL: the keys say everything */
	uint32_t row, rank;		/* rank: where it stood before */
};

/* The field at a path's end, through the definitions; NULL: none. */
static const struct schema_field *
field_of(const struct schema *schema, const struct schema_register *reg,
	const char *path)
{
	while (reg) {
		char name[RECORD_NAME_MAX];
		size_t len = strcspn(path, ".");
		const struct schema_field *f;

		if (len >= sizeof name)
			break;
		memcpy(name, path, len);
		name[len] = '\0';
		f = schema_field_find(reg, name);
		if (!f)
			break;
		if (!path[len])
			return f;
		reg = f->to ? schema_register_find(schema, f->to) : NULL;
		path += len + 1;
	}
	return NULL;
}

static void
make_by(struct order_by *by, const struct store *s,
	const struct schema_register *reg, const char *path, bool down)
{
	const struct schema_field *f = field_of(store_schema(s), reg, path);

	*by = (struct order_by){ .path = path, .down = down,
		.type = f ? f->type : VT_TEXT,
		.state = strcmp(path, "@state") == 0,
		.several = reg && overview_is_several(s, reg, path) };
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

/* Many begin alike, and the first two hanzi decide. */
static uint64_t
reading_of(struct order_by *by, const char *text)
{
	uint64_t begin = prefix(text);
	struct order_memo *m = &by->memo[(begin * UINT64_C(0x9E3779B97F4A7C15))
		>> (64 - MEMO_BITS)];

	if (m->begin != begin)
		*m = (struct order_memo){ begin, pinyin_surname_order(text) };
	return m->key;
}

static void
set_keys(struct item *item, const struct store *s, const struct overview *o,
	struct order_by *by)
{
	const char *text = by->several ? overview_path(s, o, by->path) :
		overview_reach(&o, s, by->path);
	size_t shown = PREFIX_BYTES;

	item->key = item->more = UINT64_MAX;
	item->text = NULL;
	if (!text[0])
		return;
	item->more = prefix(text);
	if (by->state) {
		item->key = state_place(o->reg, text);
	} else if (by->name) {
		item->key = reading_of(by, overview_get(o, by->name));
	} else if (by->type == VT_TEXT) {
		item->key = reading_of(by, text) >> 32 << 48 |
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
	return a->text && b->text ? strcmp(a->text, b->text) : 0;
}

static int
compare_up(const void *left, const void *right)
{
	const struct item *a = left, *b = right;
	int c = compare_texts(a, b);

	return c ? c : a->rank < b->rank ? -1 : 1;
}

static int
compare_down(const void *left, const void *right)
{
	const struct item *a = left, *b = right;
	int c = compare_texts(a, b);

	if (c && a->key == b->key && a->more == b->more)
		return -c;
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
sort_items(struct item *items, size_t count, const struct order_by *by)
{
	qsort(items, count, sizeof *items, by->down ? compare_down :
		compare_up);
}

/* By the first; rows that it does not tell apart by the next. */
static void
sort_rows(const struct store *s, uint32_t *rows, size_t count,
	struct order_by *by, size_t by_count)
{
	struct item *items;

	if (by_count == 0) {
		sort_by_id(s, rows, count);
		return;
	}
	items = mem_alloc(count + 1, sizeof *items);
	for (size_t i = 0; i < count; i++) {
		items[i].row = rows[i];
		items[i].rank = (uint32_t)i;
		set_keys(&items[i], s, overview_at(s, rows[i]), by);
	}
	sort_items(items, count, by);
	for (size_t i = 0; i < count; i++)
		rows[i] = items[i].row;
	for (size_t from = 0, to; from < count; from = to) {
		for (to = from + 1; to < count &&
		    compare_texts(&items[from], &items[to]) == 0; to++)
			;
		if (to > from + 1)
			sort_rows(s, rows + from, to - from, by + 1,
				by_count - 1);
	}
	free(items);
}

/* ---- what is kept ---- */

static void
gather(struct overview_order *o, const struct store *s)
{
	o->rows = mem_alloc(overview_count(s) + 1, sizeof *o->rows);
	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *row = overview_at(s, i);

		if (row && row->reg == o->reg)
			o->rows[o->count++] = (uint32_t)i;
	}
}

/* The one that is asked for, or the one that was not for longest, emptied. */
static struct overview_order *
place(struct store *s, const struct schema_register *reg, const char *sort)
{
	struct overview_orders *all = &s->orders;
	struct overview_order *old = &all->kept[0];

	for (size_t i = 0; i < ORDERS_MAX; i++) {
		struct overview_order *o = &all->kept[i];

		if (o->rows && o->reg == reg && o->moves == s->memory.moves &&
		    strcmp(o->sort, sort) == 0) {
			o->used = ++all->used;
			return o;
		}
		if (o->used < old->used)
			old = o;
	}
	free(old->rows);
	*old = (struct overview_order){ .reg = reg, .used = ++all->used,
		.moves = s->memory.moves };
	(void)snprintf(old->sort, sizeof old->sort, "%s", sort);
	return old;
}

/* How many things to sort by. */
static size_t
own_bys(struct order_by by[SORTS_MAX], const struct store *s,
	const struct schema_register *reg)
{
	size_t n = 0;

	for (; reg && n < reg->sort_count && n < SORTS_MAX; n++)
		make_by(&by[n], s, reg, reg->sorts[n].path,
			reg->sorts[n].down);
	return n;
}

void
overview_sort(const struct store *s, const struct schema_register *reg,
	const char *sort, uint32_t *rows, size_t count)
{
	struct order_by by[1 + SORTS_MAX];
	size_t n = 0;

	if (sort && sort[0])
		make_by(&by[n++], s, reg, sort + (sort[0] == '-'),
			sort[0] == '-');
	n += own_bys(by + n, s, reg);
	sort_rows(s, rows, count, by, n);
}

static const struct overview_order *
own_order(struct store *s, const struct schema_register *reg)
{
	struct overview_order *o = place(s, reg, "");

	if (o->rows)
		return o;
	gather(o, s);
	overview_sort(s, reg, NULL, o->rows, o->count);
	return o;
}

/* Keys are made in the order of memory, which waits less. */
static void
sort_again(struct overview_order *o, const struct store *s,
	const struct overview_order *from, struct order_by *by)
{
	uint32_t *rank = mem_alloc(overview_count(s) + 1, sizeof *rank);
	struct item *items = mem_alloc(from->count + 1, sizeof *items);
	size_t n = 0;

	for (size_t i = 0; i < from->count; i++)
		rank[from->rows[i]] = (uint32_t)i + 1;
	for (size_t i = 0; i < overview_count(s); i++) {
		if (rank[i] == 0)
			continue;
		items[n].row = (uint32_t)i;
		items[n].rank = rank[i];
		set_keys(&items[n++], s, overview_at(s, i), by);
	}
	sort_items(items, n, by);
	o->count = n;
	o->rows = mem_alloc(n + 1, sizeof *o->rows);
	for (size_t i = 0; i < n; i++)
		o->rows[i] = items[i].row;
	free(items);
	free(rank);
}

/* The order of from, and by one thing more. */
static const struct overview_order *
sorted_more(struct store *s, const struct overview_order *from,
	const char *sort)
{
	char name[ORDER_PATH_MAX];
	struct overview_order *o;
	struct order_by by;
	bool down = sort[0] == '-';

	if ((size_t)snprintf(name, sizeof name, "%s\n%s", from->sort, sort) >=
	    sizeof name)
		return from;
	o = place(s, from->reg, name);
	if (o->rows)
		return o;
	make_by(&by, s, from->reg, sort + (down ? 1 : 0), down);
	sort_again(o, s, from, &by);
	return o;
}

const uint32_t *
overview_ordered(size_t *count, struct store *s,
	const struct schema_register *reg, const char *sort,
	const char *group)
{
	const struct overview_order *o = own_order(s, reg);

	if (sort && sort[0])
		o = sorted_more(s, o, sort);
	if (group && group[0])
		o = sorted_more(s, o, group);
	*count = o->count;
	return o->rows;
}

void
overview_orders_release(struct overview_orders *o)
{
	for (size_t i = 0; i < ORDERS_MAX; i++)
		free(o->kept[i].rows);
	*o = (struct overview_orders){0};
}
