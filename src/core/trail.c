/*
 * Reading a trail.  It comes from the server, so every size is looked at.
 */
#include "core/trail.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/member.h"

void
trail_release(struct trail *t)
{
	for (size_t i = 0; i < t->count; i++)
		op_release(&t->items[i].op);
	for (size_t i = 0; i < t->asked_count; i++)
		op_release(&t->asked[i].op);
	free(t->items);
	free(t->asked);
	*t = (struct trail){0};
}

static enum status
read_changes(struct op *op, const struct json *set, struct err *err)
{
	if (!json_is_object(set) || json_count(set) > RECORD_VALUES_MAX)
		return member_wrong(err, "set");
	for (struct json *m = json_first(set); m; m = json_next(m)) {
		struct json *before = json_is_array(m) ? json_first(m) : NULL;
		struct json *after = before ? json_next(before) : NULL;
		struct op_change *c;

		if (!json_text(before) || !json_text(after))
			return member_wrong(err, "set");
		op->changes = mem_grow(op->changes, op->change_count,
		    sizeof *op->changes);
		c = &op->changes[op->change_count++];
		c->field = mem_strdup(json_name(m));
		c->before = mem_strdup(json_text(before));
		c->after = mem_strdup(json_text(after));
	}
	return E_OK;
}

static enum status
read_entry(struct trail_entry *e, const struct json *j, struct err *err)
{
	char kind[16] = "";
	enum status s = member_text(kind, sizeof kind, j, "kind",
	    MEMBER_NEEDED, err);

	if (!s && !op_kind_parse(&e->op.kind, kind))
		s = member_wrong(err, "kind");
	if (!s)
		s = member_text(e->op.by, sizeof e->op.by, j, "by",
		    MEMBER_NEEDED, err);
	if (!s)
		s = member_text(e->name, sizeof e->name, j, "name",
		    MEMBER_OPTIONAL, err);
	if (!s)
		s = member_text(e->took, sizeof e->took, j, "took",
		    MEMBER_OPTIONAL, err);
	if (!s)
		s = member_int(&e->rev, j, "rev", MEMBER_NEEDED, err);
	if (!s)
		s = member_int(&e->op.at, j, "at", MEMBER_NEEDED, err);
	return s ? s : read_changes(&e->op, json_get(j, "set"), err);
}

static enum status
read_asked(struct trail_asked *a, const struct json *j, struct err *err)
{
	enum status s = member_text(a->op.by, sizeof a->op.by, j, "by",
	    MEMBER_NEEDED, err);

	if (!s)
		s = member_text(a->name, sizeof a->name, j, "name",
		    MEMBER_OPTIONAL, err);
	if (!s)
		s = member_text(a->settled_by, sizeof a->settled_by, j,
		    "settled_by", MEMBER_OPTIONAL, err);
	if (!s)
		s = member_text(a->settled_name, sizeof a->settled_name, j,
		    "settled_name", MEMBER_OPTIONAL, err);
	if (!s)
		s = member_int(&a->op.at, j, "at", MEMBER_NEEDED, err);
	if (!s)
		s = member_int(&a->settled_at, j, "settled_at", MEMBER_NEEDED,
		    err);
	return s ? s : read_changes(&a->op, json_get(j, "set"), err);
}

/* A list that an older server leaves out. */
static enum status
read_all_asked(struct trail *t, const struct json *list, struct err *err)
{
	enum status s = E_OK;

	if (!list)
		return E_OK;
	if (!json_is_array(list) || json_count(list) > TRAIL_ASKED_MAX)
		return member_wrong(err, "asked");
	for (struct json *m = json_first(list); m && !s; m = json_next(m)) {
		t->asked = mem_grow(t->asked, t->asked_count,
		    sizeof *t->asked);
		t->asked[t->asked_count] = (struct trail_asked){0};
		s = read_asked(&t->asked[t->asked_count++], m, err);
	}
	return s;
}

enum status
trail_parse(struct trail *out, const char *text, size_t len, struct err *err)
{
	struct trail t = {0};
	struct json *j = NULL;
	const struct json *list;
	enum status s = json_parse(&j, text, len, TRAIL_BYTES_MAX, err);

	if (s)
		return s;
	list = json_get(j, "entries");
	if (!json_is_array(list) || json_count(list) > TRAIL_ENTRIES_MAX)
		s = member_wrong(err, "entries");
	for (struct json *m = s ? NULL : json_first(list); m && !s;
	    m = json_next(m)) {
		t.items = mem_grow(t.items, t.count, sizeof *t.items);
		t.items[t.count] = (struct trail_entry){0};
		s = read_entry(&t.items[t.count++], m, err);
	}
	if (!s)
		s = read_all_asked(&t, json_get(j, "asked"), err);
	t.more = json_is_true(json_get(j, "more"));
	json_free(j);
	if (s)
		trail_release(&t);
	else
		*out = t;
	return s;
}
