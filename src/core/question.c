/*
 * Conflicts as records.  The fields of a conflict become numbered values,
 * because a value's name may not be longer than a field's own.
 */
#include "core/question.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"

enum { NAME_MAX_BYTES = 8 };	/* "f59" and the NUL, with room */

void
question_release(struct question *q)
{
	for (size_t i = 0; i < q->count; i++) {
		free(q->fields[i].field);
		free(q->fields[i].base);
		free(q->fields[i].theirs);
		free(q->fields[i].mine);
	}
	free(q->fields);
	*q = (struct question){0};
}

void
question_add(struct question *q, const char *field, const char *base,
	const char *theirs, const char *mine)
{
	assert(q->count < QUESTION_FIELDS_MAX);
	q->fields = mem_grow(q->fields, q->count, sizeof *q->fields);
	q->fields[q->count++] = (struct question_field){
		.field = mem_strdup(field),
		.base = mem_strdup(base),
		.theirs = mem_strdup(theirs),
		.mine = mem_strdup(mine),
	};
}

bool
question_is(const struct record *r)
{
	return strcmp(r->reg, QUESTION_REGISTER) == 0;
}

/* ---- to a record ---- */

static void
put_numbered(struct record *r, char letter, size_t k, const char *text)
{
	char name[NAME_MAX_BYTES];

	snprintf(name, sizeof name, "%c%u", letter, (unsigned)k % 100);
	(void)record_set(r, name, text);
}

void
question_to_record(struct record *out, const struct question *q)
{
	struct record r = { .id = q->id };
	char text[UUID_TEXT_MAX];

	snprintf(r.reg, sizeof r.reg, "%s", QUESTION_REGISTER);
	snprintf(r.office, sizeof r.office, "%s", q->office);
	snprintf(r.state, sizeof r.state, "%s", q->open ? "open" : "answered");
	uuid_print(text, &q->record);
	(void)record_set(&r, "record", text);
	(void)record_set(&r, "register", q->reg);
	(void)record_set(&r, "group", q->group);
	(void)record_set(&r, "by", q->by);
	snprintf(text, sizeof text, "%" PRId64, q->at);
	(void)record_set(&r, "at", text);
	(void)record_set(&r, "answered_by", q->answered_by);
	(void)record_set(&r, "from", q->from);
	(void)record_set(&r, "kind", q->kind);
	uuid_print(text, &q->other);
	(void)record_set(&r, "other", uuid_is_zero(&q->other) ? "" : text);
	for (size_t k = 0; k < q->count; k++) {
		put_numbered(&r, 'f', k, q->fields[k].field);
		put_numbered(&r, 'b', k, q->fields[k].base);
		put_numbered(&r, 't', k, q->fields[k].theirs);
		put_numbered(&r, 'm', k, q->fields[k].mine);
	}
	*out = r;
}

/* ---- from a record ---- */

static const char *
get_numbered(const struct record *r, char letter, size_t k)
{
	char name[NAME_MAX_BYTES];

	snprintf(name, sizeof name, "%c%u", letter, (unsigned)k % 100);
	return record_get(r, name);
}

/* false: it does not fit. */
static bool
get_name(char *out, size_t size, const struct record *r, const char *name)
{
	const char *text = record_get(r, name);
	size_t len = strlen(text);

	if (len >= size)
		return false;
	memcpy(out, text, len + 1);
	return true;
}

enum status
question_from_record(struct question *out, const struct record *r,
	struct err *err)
{
	struct question q = { .id = r->id };

	if (!question_is(r) || !uuid_parse(&q.record, record_get(r, "record")) ||
	    !get_name(q.reg, sizeof q.reg, r, "register") ||
	    !get_name(q.group, sizeof q.group, r, "group") ||
	    !get_name(q.by, sizeof q.by, r, "by") ||
	    !get_name(q.answered_by, sizeof q.answered_by, r, "answered_by") ||
	    !get_name(q.from, sizeof q.from, r, "from") ||
	    !get_name(q.kind, sizeof q.kind, r, "kind") ||
	    !record_get(r, "f0")[0])
		return err_set(err, E_INVALID,
			tr("A conflict that was received is incomplete."));
	(void)uuid_parse(&q.other, record_get(r, "other"));
	memcpy(q.office, r->office, sizeof q.office);
	q.at = strtoll(record_get(r, "at"), NULL, 10);
	q.open = strcmp(r->state, "open") == 0;
	q.answered_at = q.open ? 0 : r->updated_at;
	for (size_t k = 0; k < QUESTION_FIELDS_MAX; k++) {
		const char *field = get_numbered(r, 'f', k);

		if (!field[0])
			break;
		question_add(&q, field, get_numbered(r, 'b', k),
			get_numbered(r, 't', k), get_numbered(r, 'm', k));
	}
	*out = q;
	return E_OK;
}
