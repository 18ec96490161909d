/*
 * Lists: the rows of a register that match, in order.  The texts to sort by
 * are looked up once a row; what is lent stays valid because nothing here
 * changes memory.
 */
#include "store/overview.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/pinyin.h"
#include "core/value.h"
#include "store/inside.h"

enum { SORTS_MAX = 4 };

struct order {
	size_t count;
	struct order_by {
		char path[2 * RECORD_NAME_MAX];
		enum value_type type;
		bool down;
		char name[2 * RECORD_NAME_MAX];	/* initials of; "" */
	} by[SORTS_MAX];
};

struct candidate {
	const struct overview *o;
	const struct order *order;
	const char *texts[SORTS_MAX];
	uint64_t surname;	/* where the order is by initials */
};

/* ---- order ---- */

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
add_order(struct order *order, const struct store *s,
	const struct schema_register *reg, const char *path, bool down)
{
	struct order_by *by = &order->by[order->count];
	const struct schema_field *f = field_of(store_schema(s), reg, path);
	size_t len = strlen(path);

	if (order->count == SORTS_MAX || len >= sizeof by->path)
		return;
	memcpy(by->path, path, len + 1);
	by->type = f ? f->type : VT_TEXT;
	if (f && f->derive == DERIVE_PINYIN)
		(void)snprintf(by->name, sizeof by->name, "%.*s%s",
			(int)(len - strlen(f->name)), path, f->derive_from);
	by->down = down;
	order->count++;
}

static void
make_order(struct order *order, const struct store *s,
	const struct overview_query *q)
{
	if (q->sort && q->sort[0]) {
		bool down = q->sort[0] == '-';

		add_order(order, s, q->reg, q->sort + (down ? 1 : 0), down);
	}
	for (size_t i = 0; q->reg && i < q->reg->sort_count; i++)
		add_order(order, s, q->reg, q->reg->sorts[i].path,
			q->reg->sorts[i].down);
}

static int
compare(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	for (size_t i = 0; i < a->order->count; i++) {
		const struct order_by *by = &a->order->by[i];
		int c;

		/* Nothing comes last, up or down: it is what is unknown. */
		if (!a->texts[i][0] || !b->texts[i][0])
			c = (!a->texts[i][0]) - (!b->texts[i][0]);
		else if (by->name[0] && a->surname != b->surname)
			c = (a->surname < b->surname) != by->down ? -1 : 1;
		else if (by->down)
			c = value_compare(by->type, b->texts[i], a->texts[i]);
		else
			c = value_compare(by->type, a->texts[i], b->texts[i]);
		if (c)
			return c;
	}
	return uuid_compare(&a->o->id, &b->o->id);
}

/* ---- what matches ---- */

static bool
is_wanted(const struct store *s, const struct overview *o,
	const struct overview_query *q)
{
	if (q->reg ? o->reg != q->reg : o->reg_name[0] == '@')
		return false;
	if (o->deleted && !q->deleted)
		return false;
	if (q->state && strcmp(o->state, q->state) != 0)
		return false;
	if (q->parent && uuid_compare(&o->parent, q->parent) != 0)
		return false;
	if (q->person && uuid_compare(&o->person, q->person) != 0)
		return false;
	return overview_matches(s, o, q->where, q->today,
		q->user ? q->user : "");
}

/* Incremental find: any shown column that has what was typed in it. */
static bool
is_typed(struct buf *scratch, const struct store *s, const struct overview *o,
	const char *typed)
{
	for (size_t i = 0; o->reg && i < o->reg->column_count; i++) {
		buf_clear(scratch);
		overview_show(scratch, s, o, o->reg->columns[i].path);
		if (scratch->len > 0 && pinyin_match(scratch->data, typed))
			return true;
	}
	return false;
}

static void
add_candidate(struct candidate **found, size_t *count, const struct store *s,
	const struct overview *o, const struct order *order)
{
	struct candidate c = { .o = o, .order = order };

	for (size_t i = 0; i < order->count; i++) {
		const struct order_by *by = &order->by[i];

		c.texts[i] = overview_path(s, o, by->path);
		/* by initials alone 陈晶雪 and 曹建洋 would stand mixed */
		if (by->name[0])
			c.surname = pinyin_surname_order(overview_path(s, o,
				by->name));
	}
	*found = mem_grow(*found, *count, sizeof **found);
	(*found)[(*count)++] = c;
}

static void
gather(struct candidate **found, size_t *count, const struct store *s,
	const struct overview_query *q, const struct order *order)
{
	const char *typed = q->typed && q->typed[0] ? q->typed : NULL;
	uint32_t child = q->parent ? overview_child(s, q->parent) : 0;
	struct buf scratch;

	buf_init(&scratch, BUF_LINE_MAX);
	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o;

		if (q->parent) {
			if (child == IDMAP_NONE)
				break;
			o = overview_at(s, child);
			child = overview_sibling(s, child);
		} else {
			o = overview_at(s, i);
		}
		if (o && is_wanted(s, o, q) &&
		    (!typed || is_typed(&scratch, s, o, typed)))
			add_candidate(found, count, s, o, order);
	}
	buf_release(&scratch);
}

void
overview_query(struct uuid **out, size_t *count, struct store *s,
	const struct overview_query *query)
{
	struct candidate *found = NULL;
	struct order order = {0};
	struct uuid *ids = NULL;
	size_t n = 0;

	make_order(&order, s, query);
	gather(&found, &n, s, query, &order);
	if (n > 0) {
		qsort(found, n, sizeof *found, compare);
		ids = mem_alloc(n, sizeof *ids);
	}
	for (size_t i = 0; i < n; i++)
		ids[i] = found[i].o->id;
	free(found);
	*out = ids;
	*count = n;
}
