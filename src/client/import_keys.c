/*
 * Texts that lead to records: an open hash of owned keys.
 */
#include "client/import_keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "store/overview.h"

struct entry {
	char *key;
	struct uuid id;
};

struct import_keys {
	struct entry *slots;
	size_t size;		/* a power of two */
	size_t count;
};

static size_t
hash_text(const char *text)
{
	size_t h = 14695981039346656037u;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 1099511628211u;
	return h;
}

static struct entry *
slot_of(const struct import_keys *k, const char *key)
{
	size_t at = hash_text(key) & (k->size - 1);

	while (k->slots[at].key && strcmp(k->slots[at].key, key) != 0)
		at = (at + 1) & (k->size - 1);
	return &k->slots[at];
}

struct import_keys *
import_keys_new(void)
{
	struct import_keys *k = mem_alloc(1, sizeof *k);

	k->size = 1024;
	k->slots = mem_alloc(k->size, sizeof *k->slots);
	return k;
}

void
import_keys_free(struct import_keys *k)
{
	if (!k)
		return;
	for (size_t i = 0; i < k->size; i++)
		free(k->slots[i].key);
	free(k->slots);
	free(k);
}

static void
grow(struct import_keys *k)
{
	struct import_keys bigger = { .size = k->size * 2 };

	bigger.slots = mem_alloc(bigger.size, sizeof *bigger.slots);
	for (size_t i = 0; i < k->size; i++)
		if (k->slots[i].key)
			*slot_of(&bigger, k->slots[i].key) = k->slots[i];
	free(k->slots);
	k->slots = bigger.slots;
	k->size = bigger.size;
}

bool
import_keys_get(struct uuid *out, const struct import_keys *k,
	const char *key)
{
	const struct entry *e;

	if (!key || !*key)
		return false;
	e = slot_of(k, key);
	if (!e->key)
		return false;
	*out = e->id;
	return true;
}

void
import_keys_put(struct import_keys *k, const char *key,
	const struct uuid *id)
{
	struct entry *e;

	if (!key || !*key)
		return;
	if (k->count * 2 >= k->size)
		grow(k);
	e = slot_of(k, key);
	if (e->key)
		return;
	e->key = mem_strdup(key);
	e->id = *id;
	k->count++;
}

char *
import_key_idno(const struct values *person)
{
	const char *id = values_get(person, "id_no");

	return *id ? mem_printf("id\t%s", id) : mem_strdup("");
}

char *
import_key_name(const struct values *person)
{
	const char *name = values_get(person, "name");
	const char *mobile = values_get(person, "mobile");

	return *name && *mobile ? mem_printf("name\t%s\t%s", name, mobile) :
		mem_strdup("");
}

char *
import_key_match(const struct schema_register *reg, size_t i,
	const struct values *values,
	const struct uuid *(*person)(const void *self, const char *part),
	const void *self)
{
	const struct schema_match *m = &reg->import.matches[i];
	struct buf key;

	buf_init(&key, BUF_RECORD_MAX);
	buf_printf(&key, "match\t%zu", i);
	for (size_t f = 0; f < m->count; f++) {
		const char *name = m->fields[f];
		const char *dot = strchr(name, '.');
		char text[UUID_TEXT_MAX] = "";
		const char *value = text;

		if (dot && strcmp(dot, ".person") == 0) {
			char *part = mem_strndup(name, (size_t)(dot - name));
			const struct uuid *id = person(self, part);

			if (id && !uuid_is_zero(id))
				uuid_print(text, id);
			free(part);
		} else {
			value = values_get(values, name);
		}
		if (!*value) {
			buf_release(&key);
			return NULL;
		}
		buf_printf(&key, "\t%s", value);
	}
	return buf_take(&key);
}

char *
import_key_part(const struct uuid *parent, const char *part,
	const struct uuid *person)
{
	char a[UUID_TEXT_MAX], b[UUID_TEXT_MAX];

	uuid_print(a, parent);
	uuid_print(b, person);
	return mem_printf("part\t%s\t%s\t%s", a, part, b);
}

/* ---- learning what the cache holds ---- */

static void
overview_values(struct values *out, const struct overview *o)
{
	for (size_t i = 0; i < o->reg->field_count; i++) {
		const char *name = o->reg->fields[i].name;

		if (o->reg->fields[i].overview)
			values_set(out, name, overview_get(o, name));
	}
}

static void
learn_person(struct import_keys *k, const struct overview *o)
{
	struct values v = {0};
	char *key;

	overview_values(&v, o);
	key = import_key_idno(&v);
	import_keys_put(k, key, &o->id);
	free(key);
	key = import_key_name(&v);
	import_keys_put(k, key, &o->id);
	free(key);
	values_release(&v);
}

/* Which part of the register's import section a child record is. */
static const struct schema_part *
part_of(const struct schema_register *reg, const struct overview *o)
{
	for (size_t i = 0; i < reg->import.part_count; i++) {
		const struct schema_part *p = &reg->import.parts[i];
		bool same = strcmp(p->reg, o->reg_name) == 0;

		for (size_t k = 0; same && k < p->set.count; k++)
			same = strcmp(overview_get(o, p->set.items[k].name),
				p->set.items[k].text) == 0;
		if (same)
			return p;
	}
	return NULL;
}

/* Parents with the persons of their parts, sorted, so that learning is not a
 * search of all rows for each of them. */
struct part_row {
	struct uuid parent, person;
	const struct schema_part *part;
};

struct part_index {
	struct part_row *rows;
	size_t count;
	struct uuid parent;	/* of the record being learnt */
};

static int
part_row_compare(const void *a, const void *b)
{
	const struct part_row *x = a, *y = b;

	return uuid_compare(&x->parent, &y->parent);
}

static const struct uuid *
indexed_person(const void *self, const char *part)
{
	const struct part_index *x = self;
	size_t low = 0, high = x->count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (uuid_compare(&x->rows[mid].parent, &x->parent) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < x->count &&
	    uuid_compare(&x->rows[low].parent, &x->parent) == 0; low++)
		if (strcmp(x->rows[low].part->name, part) == 0)
			return &x->rows[low].person;
	return NULL;
}

/* The match fields need not be overview fields, so the body is opened. */
static enum status
learn_record(struct import_keys *k, struct store *s,
	const struct overview *o, struct part_index *parts, struct err *err)
{
	struct record r = {0};
	enum status st = store_get(&r, s, &o->id, err);

	parts->parent = o->id;
	for (size_t i = 0; !st && i < o->reg->import.match_count; i++) {
		char *key = import_key_match(o->reg, i, &r.values,
			indexed_person, parts);

		import_keys_put(k, key, &o->id);
		free(key);
	}
	record_release(&r);
	return st;
}

static void
learn_parts(struct import_keys *k, struct part_index *parts,
	struct store *s, const struct schema_register *reg)
{
	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);
		const struct schema_part *p;
		char *key;

		p = o && o->reg && !o->deleted && o->reg->parent ?
			part_of(reg, o) : NULL;
		if (!p)
			continue;
		key = import_key_part(&o->parent, p->name, &o->person);
		import_keys_put(k, key, &o->id);
		free(key);
		parts->rows = mem_grow(parts->rows, parts->count,
			sizeof *parts->rows);
		parts->rows[parts->count++] = (struct part_row){
			.parent = o->parent, .person = o->person, .part = p };
	}
	if (parts->count)
		qsort(parts->rows, parts->count, sizeof *parts->rows,
			part_row_compare);
}

enum status
import_keys_learn(struct import_keys *k, struct store *s,
	const struct schema_register *reg, struct err *err)
{
	struct part_index parts = {0};
	enum status st = E_OK;

	learn_parts(k, &parts, s, reg);
	for (size_t i = 0; i < overview_count(s) && !st; i++) {
		const struct overview *o = overview_at(s, i);

		if (!o || !o->reg || o->deleted)
			continue;
		if (strcmp(o->reg_name, "person") == 0)
			learn_person(k, o);
		if (o->reg == reg)
			st = learn_record(k, s, o, &parts, err);
	}
	free(parts.rows);
	return st;
}
