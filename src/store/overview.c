/*
 * Overviews in memory.  Each row is one block: the struct and behind it its
 * texts.  Rows keep their index while they live; a row that went away leaves
 * NULL, and its place is not used again before the next unlock, so that an
 * index lent to a list never means another record.
 *
 * Children of one parent are a chain through next[], the last made first,
 * because rules and lists ask for them often and a scan of 50,000 rows costs a
 * millisecond.
 */
#include "store/overview.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/mem.h"
#include "core/overlay.h"
#include "core/transfer.h"
#include "store/inside.h"
#include "store/lookup.h"
#include "store/overview_moves.h"

enum { FORMAT = '1', HEAD_TEXTS = 5 };

/* ---- the text ---- */

static void
put_text(struct buf *out, const char *text)
{
	buf_add(out, text, strlen(text) + 1);
}

static bool
is_kept(const struct schema_register *reg, const struct schema_field *f)
{
	if (f->overview ||
	    (reg->parent_field && strcmp(reg->parent_field, f->name) == 0) ||
	    (reg->person_field && strcmp(reg->person_field, f->name) == 0))
		return true;
	for (size_t i = 0; i < reg->lookup_count; i++) {
		if (reg->lookups[i].field == f)
			return true;
	}
	return false;
}

/* Format, then register, office, state, withdrawn, updated as texts, then
 * "name\0text\0" of the fields, then an empty name. */
void
overview_print(struct buf *out, const struct schema_register *reg,
	const struct record *r)
{
	char text[CLOCK_TEXT_MAX];
	const char *texts[RECORD_VALUES_MAX];

	buf_char(out, FORMAT);
	put_text(out, r->reg);
	put_text(out, r->office);
	put_text(out, r->state);
	put_text(out, r->deleted ? "1" : "");
	snprintf(text, sizeof text, "%" PRId64, r->updated_at);
	put_text(out, text);
	if (reg)
		schema_texts(texts, reg, &r->values);
	for (size_t i = 0; reg && i < reg->field_count; i++) {
		const struct schema_field *f = &reg->fields[i];

		if (texts[i][0] && is_kept(reg, f)) {
			put_text(out, f->name);
			put_text(out, texts[i]);
		}
	}
	clock_print(text, r->updated_at);
	text[16] = '\0';		/* to the minute */
	put_text(out, "@updated");
	put_text(out, text);
	buf_char(out, '\0');
}

/* The next text of bytes [*at, len), advancing; NULL: no NUL before the end. */
static const char *
next_text(const char *bytes, size_t len, size_t *at)
{
	const char *text = bytes + *at;
	const char *end;

	if (*at >= len)
		return NULL;
	end = memchr(text, '\0', len - *at);
	if (!end)
		return NULL;
	*at += (size_t)(end - text) + 1;
	return text;
}

static void
find_relatives(struct overview *o)
{
	struct uuid id;

	if (!o->reg)
		return;
	if (o->reg->parent_field &&
	    uuid_parse(&id, overview_get(o, o->reg->parent_field)))
		o->parent = id;
	if (o->reg->person_field &&
	    uuid_parse(&id, overview_get(o, o->reg->person_field)))
		o->person = id;
}

/* Pairs up to an empty name at the very end? */
static bool
words_are_whole(const char *words, size_t len)
{
	size_t at = 0;
	const char *name = next_text(words, len, &at);

	while (name && name[0]) {
		if (!next_text(words, len, &at))
			return false;
		name = next_text(words, len, &at);
	}
	return name && at == len;
}

/* The texts before the words; NULL: not whole, or longer than a record has. */
static const char *
read_head(struct overview *o, const char *text, size_t len, size_t *at)
{
	const char *head[HEAD_TEXTS];

	for (size_t i = 0; i < HEAD_TEXTS; i++) {
		head[i] = next_text(text, len, at);
		if (!head[i])
			return NULL;
	}
	o->reg_name = head[0];
	o->office = head[1];
	o->state = head[2];
	o->deleted = head[3][0] != '\0';
	o->updated_at = strtoll(head[4], NULL, 10);
	return strlen(o->reg_name) < RECORD_NAME_MAX &&
		strlen(o->office) < RECORD_OFFICE_MAX &&
		strlen(o->state) < RECORD_NAME_MAX ? text + *at : NULL;
}

enum status
overview_parse(struct overview **out, const struct store *s, const char *text,
	size_t len, struct err *err)
{
	struct overview *o = mem_alloc(1, sizeof *o + len);
	char *own = (char *)(o + 1);
	size_t at = 1;

	memcpy(own, text, len);
	if (len > 0 && own[0] == FORMAT)
		o->words = read_head(o, own, len, &at);
	if (!o->words || !words_are_whole(o->words, len - at)) {
		free(o);
		return store_damaged(err);
	}
	o->reg = schema_register_find(s->schema, o->reg_name);
	find_relatives(o);
	*out = o;
	return E_OK;
}

static const char *
sync_word(uint8_t mark)
{
	static const char *const words[] = { "", "waiting", "conflict",
		"refused" };

	return mark <= SYNC_REFUSED ? words[mark] : "";
}

const char *
overview_get(const struct overview *o, const char *field)
{
	if (field[0] == '@') {
		if (strcmp(field, "@state") == 0)
			return o->state;
		if (strcmp(field, "@office") == 0)
			return o->office;
		if (strcmp(field, "@sync") == 0)
			return sync_word(o->sync);
		if (strcmp(field, "@deleted") == 0)
			return o->deleted ? "1" : "";
		if (strcmp(field, "@overlays") == 0)
			return o->overlays ? o->overlays : "";
	}
	for (const char *name = o->words; name[0];) {
		const char *text = name + strlen(name) + 1;

		if (name[0] == field[0] && strcmp(name, field) == 0)
			return text;
		name = text + strlen(text) + 1;
	}
	return "";
}

/* ---- children ---- */

static void
chain_child(struct store_memory *m, const struct overview *o, uint32_t index)
{
	uint32_t before = IDMAP_NONE, at;

	if (uuid_is_zero(&o->parent))
		return;
	at = idmap_get(&m->children, &o->parent);
	while (at != IDMAP_NONE &&
	    uuid_compare(&m->rows[at]->id, &o->id) > 0) {
		before = at;
		at = m->next[at];
	}
	m->next[index] = at;
	if (before == IDMAP_NONE)
		idmap_set(&m->children, &o->parent, index);
	else
		m->next[before] = index;
}

static void
unchain_child(struct store_memory *m, const struct overview *o, uint32_t index)
{
	uint32_t at;

	if (uuid_is_zero(&o->parent))
		return;
	at = idmap_get(&m->children, &o->parent);
	if (at == index) {
		if (m->next[index] == IDMAP_NONE)
			idmap_drop(&m->children, &o->parent);
		else
			idmap_set(&m->children, &o->parent, m->next[index]);
	}
	while (at != IDMAP_NONE && at != index) {
		if (m->next[at] == index) {
			m->next[at] = m->next[index];
			break;
		}
		at = m->next[at];
	}
	m->next[index] = IDMAP_NONE;
}

uint32_t
overview_child(const struct store *s, const struct uuid *parent)
{
	return idmap_get(&s->memory.children, parent);
}

uint32_t
overview_sibling(const struct store *s, uint32_t index)
{
	return s->memory.next[index];
}

const struct overview **
overview_children(size_t *count, const struct store *s,
	const struct uuid *parent, const char *reg)
{
	const struct overview **list = NULL;
	size_t n = 0;

	for (uint32_t at = overview_child(s, parent); at != IDMAP_NONE;
	    at = overview_sibling(s, at)) {
		const struct overview *o = s->memory.rows[at];

		if (o->deleted || strcmp(o->reg_name, reg) != 0)
			continue;
		list = mem_grow(list, n, sizeof *list);
		list[n++] = o;
	}
	for (size_t i = 0; i < n / 2; i++) {
		const struct overview *o = list[i];

		list[i] = list[n - 1 - i];
		list[n - 1 - i] = o;
	}
	*count = n;
	return list;
}

/* ---- overlays ---- */

static bool
has_overlay(const struct store *s, const struct overview *o,
	const struct schema_overlay *v)
{
	for (uint32_t at = overview_child(s, &o->id); at != IDMAP_NONE;
	    at = overview_sibling(s, at)) {
		const struct overview *child = s->memory.rows[at];

		if (!child->deleted && strcmp(child->reg_name, v->reg) == 0 &&
		    schema_overlay_has_state(v, child->state) &&
		    overview_matches(s, child, &v->when, DATE_NONE, ""))
			return true;
	}
	return false;
}

static void
find_overlays(const struct store *s, struct overview *o)
{
	struct buf names;

	free(o->overlays);
	o->overlays = NULL;
	if (!o->reg || o->reg->overlay_count == 0)
		return;
	buf_init(&names, BUF_LINE_MAX);
	for (size_t i = 0; i < o->reg->overlay_count; i++) {
		if (!has_overlay(s, o, &o->reg->overlays[i]))
			continue;
		if (names.len)
			buf_char(&names, ';');
		buf_text(&names, o->reg->overlays[i].name);
	}
	if (names.len)
		o->overlays = mem_strdup(names.data);
	buf_release(&names);
}

/* The child has come, changed or gone: what it makes true of its parent. */
static void
tell_parent(struct store *s, const struct schema_register *reg,
	const struct uuid *parent)
{
	uint32_t at;

	if (!reg || !reg->overlays_parent)
		return;
	at = idmap_get(&s->memory.places, parent);
	if (at != IDMAP_NONE)
		find_overlays(s, s->memory.rows[at]);
}

static bool
is_offer(const struct overview *o)
{
	return !o->deleted && strcmp(o->state, "offered") == 0 &&
		strcmp(o->reg_name, TRANSFER_REGISTER) == 0;
}

static void
free_row(struct store_memory *m, struct overview *o)
{
	if (o)
		m->offers -= is_offer(o);
	if (o)
		free(o->overlays);
	free(o);
}

/* ---- rows ---- */

void
overview_put(struct store *s, struct overview *o)
{
	struct store_memory *m = &s->memory;
	uint32_t at = idmap_get(&m->places, &o->id);
	struct uuid before = {{0}};

	if (at == IDMAP_NONE) {
		m->rows = mem_grow(m->rows, m->count, sizeof *m->rows);
		m->next = mem_grow(m->next, m->count, sizeof *m->next);
		at = (uint32_t)m->count++;
		m->next[at] = IDMAP_NONE;
		idmap_set(&m->places, &o->id, at);
	} else {
		unchain_child(m, m->rows[at], at);
		before = m->rows[at]->parent;
		free_row(m, m->rows[at]);
	}
	m->rows[at] = o;
	overview_moves_note(m, at);
	m->offers += is_offer(o);
	chain_child(m, o, at);
	find_overlays(s, o);
	tell_parent(s, o->reg, &o->parent);
	if (uuid_compare(&before, &o->parent) != 0)
		tell_parent(s, o->reg, &before);
	overview_index(s, at);
}

void
overview_drop(struct store *s, const struct uuid *id)
{
	struct store_memory *m = &s->memory;
	uint32_t at = idmap_get(&m->places, id);
	struct overview *gone;

	if (at == IDMAP_NONE)
		return;
	overview_moves_note(m, at);
	if (s->lookup)
		lookup_drop(s->lookup, id);
	unchain_child(m, m->rows[at], at);
	gone = m->rows[at];
	m->rows[at] = NULL;
	idmap_drop(&m->places, id);
	tell_parent(s, gone->reg, &gone->parent);
	free_row(m, gone);
}

size_t
overview_count(const struct store *s)
{
	return s->memory.count;
}

const struct overview *
overview_at(const struct store *s, size_t index)
{
	assert(index < s->memory.count);
	return s->memory.rows[index];
}

const struct overview *
overview_find(const struct store *s, const struct uuid *id)
{
	uint32_t at = idmap_get(&s->memory.places, id);

	return at == IDMAP_NONE ? NULL : s->memory.rows[at];
}

void
overview_forget(struct store *s)
{
	struct store_memory *m = &s->memory;
	uint64_t moves = m->moves + 1;

	lookup_free(s->lookup);
	s->lookup = NULL;
	overview_orders_release(&s->orders);
	for (size_t i = 0; i < m->count; i++)
		free_row(m, m->rows[i]);
	free(m->rows);
	free(m->next);
	free(m->moved.person);
	idmap_release(&m->places);
	idmap_release(&m->children);
	idmap_release(&m->hidden);
	*m = (struct store_memory){ .moves = moves, .moved.from = moves };
}
