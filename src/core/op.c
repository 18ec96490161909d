/*
 * Operations: making one from two versions of a record, putting it into a
 * record, and its form on the wire and in the outbox.
 *
 * op_to_json() and op_print() say the same; a push of thousands goes through
 * the second, which makes no tree.
 */
#include "core/op.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "core/member.h"

static const char *const system_names[] = { "@deleted", "@office", "@state" };
/* The one change of an operation that was emptied; no field has this name. */
#define EMPTIED "@was"

static const char *const kind_names[] = { "new", "set", "move", "del",
	"resolve" };

enum {
	SYSTEM_COUNT = sizeof system_names / sizeof system_names[0],
	KIND_COUNT = sizeof kind_names / sizeof kind_names[0],
};

const char *
op_kind_name(enum op_kind kind)
{
	assert((size_t)kind < KIND_COUNT);
	return kind_names[kind];
}

bool
op_kind_parse(enum op_kind *out, const char *name)
{
	for (size_t i = 0; i < KIND_COUNT; i++) {
		if (strcmp(kind_names[i], name) == 0) {
			*out = (enum op_kind)i;
			return true;
		}
	}
	return false;
}

void
op_release(struct op *op)
{
	for (size_t i = 0; i < op->change_count; i++) {
		free(op->changes[i].field);
		free(op->changes[i].before);
		free(op->changes[i].after);
	}
	free(op->changes);
	*op = (struct op){0};
}

void
op_copy(struct op *out, const struct op *op)
{
	struct op copy = *op;

	copy.changes = mem_alloc(op->change_count + 1, sizeof *copy.changes);
	for (size_t i = 0; i < op->change_count; i++) {
		const struct op_change *c = &op->changes[i];

		copy.changes[i] = (struct op_change){ mem_strdup(c->field),
			mem_strdup(c->before), mem_strdup(c->after) };
	}
	*out = copy;
}

static void
add_lent(struct op *op, const char *field, const char *before,
	const char *after)
{
	op->changes = mem_grow(op->changes, op->change_count,
		sizeof *op->changes);
	op->changes[op->change_count++] = (struct op_change){
		.field = (char *)(uintptr_t)field,
		.before = (char *)(uintptr_t)before,
		.after = (char *)(uintptr_t)after,
	};
}

/* Lent until now. */
static void
own_texts(struct op_change *c)
{
	c->field = mem_strdup(c->field);
	c->before = mem_strdup(c->before);
	c->after = mem_strdup(c->after);
}

static void
add_change(struct op *op, const char *field, const char *before,
	const char *after)
{
	add_lent(op, field, before, after);
	own_texts(&op->changes[op->change_count - 1]);
}

/* ---- making and applying ---- */

/* Both lists are sorted: one walk finds what is new, gone and different. */
static void
diff_values(struct op *op, const struct values *a, const struct values *b)
{
	size_t i = 0, k = 0;

	while (i < a->count || k < b->count) {
		const struct value *was = i < a->count ? &a->items[i] : NULL;
		const struct value *is = k < b->count ? &b->items[k] : NULL;
		int order = !was ? 1 : !is ? -1 : strcmp(was->name, is->name);

		if (order < 0)
			add_lent(op, was->name, was->text, "");
		else if (order > 0)
			add_lent(op, is->name, "", is->text);
		else if (strcmp(was->text, is->text) != 0)
			add_lent(op, is->name, was->text, is->text);
		i += order <= 0;
		k += order >= 0;
	}
}

static enum op_kind
kind_of(const struct record *before, const struct record *after)
{
	if (strcmp(record_get(before, "@deleted"),
	    record_get(after, "@deleted")) != 0 && after->deleted)
		return OP_DEL;
	if (strcmp(before->state, after->state) != 0)
		return OP_MOVE;
	return OP_SET;
}

void
op_diff_lent(struct op *out, const struct record *before,
	const struct record *after)
{
	static const struct record nothing;
	const struct record *was = before ? before : &nothing;
	struct op op = { .record = after->id, .base = was->rev };

	memcpy(op.reg, after->reg, sizeof op.reg);
	memcpy(op.office, after->office, sizeof op.office);
	op.kind = before ? kind_of(before, after) : OP_NEW;
	for (size_t i = 0; i < SYSTEM_COUNT; i++) {
		const char *name = system_names[i];
		const char *a = record_get(was, name);
		const char *b = record_get(after, name);

		/* A new record's office is the operation's own. */
		if (!before && strcmp(name, "@office") == 0)
			continue;
		if (strcmp(a, b) != 0)
			add_lent(&op, name, a, b);
	}
	diff_values(&op, &was->values, &after->values);
	record_hash(op.expect, after);
	*out = op;
}

void
op_diff(struct op *out, const struct record *before,
	const struct record *after)
{
	op_diff_lent(out, before, after);
	for (size_t i = 0; i < out->change_count; i++)
		own_texts(&out->changes[i]);
}

void
op_apply(struct record *r, const struct op *op)
{
	if (uuid_is_zero(&r->id)) {
		r->id = op->record;
		memcpy(r->reg, op->reg, sizeof r->reg);
		memcpy(r->office, op->office, sizeof r->office);
		memcpy(r->created_by, op->by, sizeof r->created_by);
		r->created_at = op->at;
	}
	/* A change that does not fit cannot come through op_from_json, which
	 * keeps the same limits. */
	for (size_t i = 0; i < op->change_count; i++)
		(void)record_set(r, op->changes[i].field,
			op->changes[i].after);
	memcpy(r->updated_by, op->by, sizeof r->updated_by);
	r->updated_at = op->at;
}

/* ---- the hash ---- */

static void
hash_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text) + 1);
}

bool
op_is_empty(const struct op *op)
{
	return op->change_count == 1 &&
		strcmp(op->changes[0].field, EMPTIED) == 0;
}

void
op_empty(struct op *op)
{
	char hash[OP_HASH_MAX];

	op_hash(hash, op);
	for (size_t i = 0; i < op->change_count; i++) {
		free(op->changes[i].field);
		free(op->changes[i].before);
		free(op->changes[i].after);
	}
	free(op->changes);
	op->changes = mem_alloc(1, sizeof *op->changes);
	op->change_count = 1;
	op->changes[0] = (struct op_change){ .field = mem_strdup(EMPTIED),
		.before = mem_strdup(""), .after = mem_strdup(hash) };
}

void
op_hash(char out[OP_HASH_MAX], const struct op *op)
{
	uint8_t digest[CRYPTO_SHA256];
	struct buf b;

	if (op_is_empty(op) && strlen(op->changes[0].after) < OP_HASH_MAX) {
		memcpy(out, op->changes[0].after,
			strlen(op->changes[0].after) + 1);
		return;
	}
	/* The operation is in memory already, so it bounds its own copy. */
	buf_init(&b, SIZE_MAX / 2);
	buf_add(&b, op->record.b, sizeof op->record.b);
	buf_add(&b, op->conflict.b, sizeof op->conflict.b);
	hash_text(&b, op->reg);
	hash_text(&b, op->office);
	hash_text(&b, op_kind_name(op->kind));
	hash_text(&b, op->by);
	buf_printf(&b, "%lld %d %lld %lld %lld %zu", (long long)op->base,
		op->version, (long long)op->at, (long long)op->server_at,
		(long long)op->elapsed_ms, op->change_count);
	for (size_t i = 0; i < op->change_count; i++) {
		hash_text(&b, op->changes[i].field);
		hash_text(&b, op->changes[i].before);
		hash_text(&b, op->changes[i].after);
	}
	crypto_sha256(digest, b.data, b.len);
	crypto_hex(out, digest, 16);
	buf_release(&b);
}

/* ---- JSON ---- */

struct json *
op_to_json(const struct op *op)
{
	struct json *j = json_object(), *set = json_object();
	char id[UUID_TEXT_MAX];

	json_put_text(j, "t", "op");
	json_put_int(j, "n", op->n);
	uuid_print(id, &op->record);
	json_put_text(j, "id", id);
	json_put_text(j, "k", op->reg);
	json_put_text(j, "o", op->office);
	json_put_text(j, "kind", op_kind_name(op->kind));
	json_put_int(j, "base", op->base);
	json_put_int(j, "after", op->after);
	if (op->kind == OP_RESOLVE) {
		uuid_print(id, &op->conflict);
		json_put_text(j, "cf", id);
	}
	for (size_t i = 0; i < op->change_count; i++) {
		const struct op_change *c = &op->changes[i];
		struct json *value = json_string(c->after);

		if (c->before[0]) {
			struct json *pair = json_array();

			json_push(pair, json_string(c->before));
			json_push(pair, value);
			value = pair;
		}
		json_put(set, c->field, value);
	}
	json_put(j, "set", set);
	json_put_int(j, "sv", op->version);
	json_put_text(j, "by", op->by);
	json_put_int(j, "at", op->at);
	json_put_int(j, "srv", op->server_at);
	json_put_int(j, "el", op->elapsed_ms);
	json_put_text(j, "x", op->expect);
	return j;
}

static void
print_text(struct buf *out, const char *lead, const char *text)
{
	buf_text(out, lead);
	json_print_string(out, text);
}

void
op_print(struct buf *out, const struct op *op)
{
	char id[UUID_TEXT_MAX];

	uuid_print(id, &op->record);
	buf_printf(out, "{\"t\":\"op\",\"n\":%lld,\"id\":\"%s\"",
		(long long)op->n, id);
	print_text(out, ",\"k\":", op->reg);
	print_text(out, ",\"o\":", op->office);
	buf_printf(out, ",\"kind\":\"%s\",\"base\":%lld,\"after\":%lld",
		op_kind_name(op->kind), (long long)op->base,
		(long long)op->after);
	if (op->kind == OP_RESOLVE) {
		uuid_print(id, &op->conflict);
		buf_printf(out, ",\"cf\":\"%s\"", id);
	}
	buf_text(out, ",\"set\":{");
	for (size_t i = 0; i < op->change_count; i++) {
		const struct op_change *c = &op->changes[i];

		print_text(out, i ? "," : "", c->field);
		if (c->before[0]) {
			print_text(out, ":[", c->before);
			print_text(out, ",", c->after);
			buf_char(out, ']');
		} else {
			print_text(out, ":", c->after);
		}
	}
	buf_printf(out, "},\"sv\":%d", op->version);
	print_text(out, ",\"by\":", op->by);
	buf_printf(out, ",\"at\":%lld,\"srv\":%lld,\"el\":%lld",
		(long long)op->at, (long long)op->server_at,
		(long long)op->elapsed_ms);
	print_text(out, ",\"x\":", op->expect);
	buf_char(out, '}');
}

/* Bytes that a text of this field has at most; -1: there is no such field. */
static ptrdiff_t
most_bytes(const char *field)
{
	if (field[0] != '@')
		return member_is_name(field) ? RECORD_VALUE_BYTES_MAX : -1;
	if (strcmp(field, "@state") == 0)
		return RECORD_NAME_MAX - 1;
	if (strcmp(field, "@office") == 0)
		return RECORD_OFFICE_MAX - 1;
	if (strcmp(field, EMPTIED) == 0)
		return OP_HASH_MAX - 1;
	return strcmp(field, "@deleted") == 0 ? RECORD_VALUE_BYTES_MAX : -1;
}

static bool
change_fits(const char *field, const char *before, const char *after)
{
	ptrdiff_t most = most_bytes(field);

	return (ptrdiff_t)strlen(before) <= most &&
	    (ptrdiff_t)strlen(after) <= most;
}

static enum status
read_changes(struct op *op, const struct json *set, struct err *err)
{
	if (!json_is_object(set) || json_count(set) > RECORD_VALUES_MAX)
		return member_wrong(err, "set");
	for (struct json *m = json_first(set); m; m = json_next(m)) {
		const char *before = "", *after = json_text(m);

		if (!after) {
			struct json *item = json_first(m);

			before = json_text(item);
			after = json_text(json_next(item));
			if (!json_is_array(m) || json_count(m) != 2)
				return member_wrong(err, "set");
		}
		if (!before || !after ||
		    !change_fits(json_name(m), before, after))
			return member_wrong(err, "set");
		add_change(op, json_name(m), before, after);
	}
	for (size_t i = 0; i < op->change_count; i++)
		if (op->change_count > 1 &&
		    strcmp(op->changes[i].field, EMPTIED) == 0)
			return member_wrong(err, "set");
	return E_OK;
}

/* The places of fixed size, by table. */
static enum status
read_texts(struct op *op, char kind[16], const struct json *j,
	struct err *err)
{
	const struct {
		const char *name;
		char *place;
		size_t size;
		enum member_need need;
	} texts[] = {
		{ "k", op->reg, sizeof op->reg, MEMBER_NEEDED },
		{ "o", op->office, sizeof op->office, MEMBER_NEEDED },
		{ "kind", kind, 16, MEMBER_NEEDED },
		{ "by", op->by, sizeof op->by, MEMBER_NEEDED },
		{ "x", op->expect, sizeof op->expect, MEMBER_OPTIONAL },
	};
	enum status s = E_OK;

	for (size_t i = 0; !s && i < sizeof texts / sizeof texts[0]; i++)
		s = member_text(texts[i].place, texts[i].size, j,
			texts[i].name, texts[i].need, err);
	if (!s && !member_is_register(op->reg))
		s = member_wrong(err, "k");
	if (!s && !op_kind_parse(&op->kind, kind))
		s = member_wrong(err, "kind");
	return s;
}

static enum status
read_numbers(struct op *op, const struct json *j, struct err *err)
{
	int64_t version = 0;
	const struct {
		const char *name;
		int64_t *place;
		enum member_need need;
		int64_t min;
	} numbers[] = {
		{ "n", &op->n, MEMBER_NEEDED, 1 },
		{ "base", &op->base, MEMBER_NEEDED, 0 },
		{ "after", &op->after, MEMBER_OPTIONAL, 0 },
		{ "sv", &version, MEMBER_NEEDED, 0 },
		{ "at", &op->at, MEMBER_NEEDED, 0 },
		{ "srv", &op->server_at, MEMBER_OPTIONAL, 0 },
		{ "el", &op->elapsed_ms, MEMBER_OPTIONAL, 0 },
	};
	enum status s = E_OK;

	for (size_t i = 0; !s && i < sizeof numbers / sizeof numbers[0]; i++) {
		s = member_int(numbers[i].place, j, numbers[i].name,
			numbers[i].need, err);
		if (!s && *numbers[i].place < numbers[i].min)
			s = member_wrong(err, numbers[i].name);
	}
	if (!s && op->after >= op->n)
		s = member_wrong(err, "after");
	if (!s && version > 1000000)
		s = member_wrong(err, "sv");
	if (!s)
		op->version = (int)version;
	return s;
}

enum status
op_from_json(struct op *out, const struct json *j, struct err *err)
{
	struct op op = {0};
	char kind[16] = "";
	enum status s;

	s = read_texts(&op, kind, j, err);
	if (!s)
		s = read_numbers(&op, j, err);
	if (!s)
		s = member_uuid(&op.record, j, "id", MEMBER_NEEDED, err);
	if (!s && uuid_is_zero(&op.record))
		s = member_wrong(err, "id");
	if (!s && op.kind == OP_RESOLVE)
		s = member_uuid(&op.conflict, j, "cf", MEMBER_NEEDED, err);
	if (!s)
		s = read_changes(&op, json_get(j, "set"), err);
	if (s)
		op_release(&op);
	else
		*out = op;
	return s;
}
