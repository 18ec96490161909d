/*
 * What people read of an overview: paths through references, labels, what to
 * call a record, and conditions.
 */
#include "store/overview.h"

#include <stdlib.h>
#include <string.h>

#include "base/tr.h"
#include "core/overlay.h"
#include "core/value.h"
#include "store/inside.h"
#include "store/office_names.h"

enum {
	PATH_STEPS_MAX = 4,	/* "case_id.person_id.name" has three */
	CALLED_DEPTH_MAX = 3,	/* a record called after one called after ... */
	CONDS_MAX = 32,
};

/* The register of children that a path begins with ("mediation_party." of a
 * case), NULL if it begins with a field; *rest is behind it. */
static const struct schema_register *
child_of(const struct store *s, const struct overview *o, const char *path,
	const char **rest)
{
	char name[RECORD_NAME_MAX];
	size_t len = strcspn(path, ".");
	const struct schema_register *child;

	if (!o->reg || path[len] != '.' || len >= sizeof name)
		return NULL;
	memcpy(name, path, len);
	name[len] = '\0';
	if (schema_field_find(o->reg, name))
		return NULL;
	child = schema_register_find(s->schema, name);
	if (!child || !child->parent ||
	    strcmp(child->parent, o->reg->name) != 0)
		return NULL;
	*rest = path + len + 1;
	return child;
}

/* Follow path to the row and field at its end; false: the way ends before. */
static bool
walk(const struct overview **o, char field[RECORD_NAME_MAX],
	const struct store *s, const char *path)
{
	for (int step = 0; step < PATH_STEPS_MAX; step++) {
		size_t len = strcspn(path, ".");
		struct uuid id;

		if (len >= RECORD_NAME_MAX)
			return false;
		memcpy(field, path, len);
		field[len] = '\0';
		if (!path[len])
			return true;
		/* it was read already */
		if ((*o)->reg && (*o)->reg->person_field &&
		    strcmp(field, (*o)->reg->person_field) == 0)
			id = (*o)->person;
		else if (!uuid_parse(&id, overview_get(*o, field)))
			return false;
		*o = overview_find(s, &id);
		if (!*o)
			return false;
		path += len + 1;
	}
	return false;
}

const char *
overview_path(const struct store *s, const struct overview *o,
	const char *path)
{
	char field[RECORD_NAME_MAX];
	const char *rest;
	const struct schema_register *child = child_of(s, o, path, &rest);

	if (child) {		/* by the first of them */
		size_t count;
		const struct overview **list = overview_children(&count, s,
			&o->id, child->name);

		o = count ? list[0] : NULL;
		path = rest;
		free(list);
	}
	return o && walk(&o, field, s, path) ? overview_get(o, field) : "";
}

const char *
overview_reach(const struct overview **o, const struct store *s,
	const char *path)
{
	char field[RECORD_NAME_MAX];

	return walk(o, field, s, path) ? overview_get(*o, field) : "";
}

bool
overview_is_several(const struct store *s, const struct schema_register *reg,
	const char *path)
{
	const struct overview o = { .reg = reg };
	const char *rest;

	return child_of(s, &o, path, &rest) != NULL;
}

static void called(struct buf *out, const struct store *s,
	const struct overview *o, int depth);

static void
show_system(struct buf *out, const struct overview *o, const char *field)
{
	static const char *const marks[] = { "", TR_MARK("not sent yet"),
		TR_MARK("conflict"), TR_MARK("refused") };
	const char *text = overview_get(o, field);

	if (strcmp(field, "@overlays") == 0 && o->reg) {
		overlay_labels(out, o->reg, text);
		return;
	}
	if (strcmp(field, "@state") == 0 && o->reg) {
		const struct schema_state *state =
			schema_state_find(o->reg, o->state);

		text = o->deleted ? tr("Withdrawn") : state ?
			label_text(&state->label) : text;
	} else if (strcmp(field, "@sync") == 0) {
		text = o->sync && o->sync <= SYNC_REFUSED ?
			tr(marks[o->sync]) : "";
	} else if (strcmp(field, "@updated") == 0) {
		/* 2026-03-05T09:11: a list has room for 03-05 09:11 */
		if (strlen(text) == 16) {
			buf_add(out, text + 5, 5);
			buf_char(out, ' ');
			text += 11;
		}
	}
	buf_text(out, text);
}

static void
show_field(struct buf *out, const struct store *s, const struct overview *o,
	const char *field, int depth)
{
	const struct schema_field *f =
		o->reg ? schema_field_find(o->reg, field) : NULL;
	const char *text = overview_get(o, field);
	struct uuid id;

	if (!f || f->office) {
		const char *name = f ? office_names_find(s, text) : NULL;

		buf_text(out, name ? name : text);
	} else if (f->type != VT_REF) {
		if (text[0])
			value_show(out, f, text, f->masked);
	} else if (depth > 0 && uuid_parse(&id, text)) {
		const struct overview *target = overview_find(s, &id);

		if (target)
			called(out, s, target, depth - 1);
	}
}

static void show(struct buf *out, const struct store *s,
	const struct overview *o, const char *path, int depth);

static void
show_children(struct buf *out, const struct store *s,
	const struct overview *o, const char *reg, const char *path,
	int depth)
{
	size_t count, start = out->len;
	const struct overview **list = overview_children(&count, s, &o->id,
		reg);

	for (size_t i = 0; i < count; i++) {
		size_t before = out->len, mark;

		if (before > start)
			buf_text(out, "、");
		mark = out->len;
		show(out, s, list[i], path, depth);
		if (out->len == mark)
			buf_cut(out, before);
	}
	free(list);
}

static void
show(struct buf *out, const struct store *s, const struct overview *o,
	const char *path, int depth)
{
	char field[RECORD_NAME_MAX];
	const char *rest;
	const struct schema_register *child = child_of(s, o, path, &rest);

	if (child) {
		show_children(out, s, o, child->name, rest, depth);
		return;
	}
	if (!walk(&o, field, s, path))
		return;
	if (field[0] == '@')
		show_system(out, o, field);
	else
		show_field(out, s, o, field, depth);
}

static void
called(struct buf *out, const struct store *s, const struct overview *o,
	int depth)
{
	size_t start = out->len;

	for (size_t i = 0; o->reg && i < o->reg->title_count; i++) {
		size_t before = out->len;

		if (before > start)
			buf_char(out, ' ');
		show(out, s, o, o->reg->title_paths[i], depth);
		if (before > start && out->len == before + 1)
			buf_cut(out, before);
	}
}

void
overview_show(struct buf *out, const struct store *s,
	const struct overview *o, const char *path)
{
	show(out, s, o, path, CALLED_DEPTH_MAX);
}

void
overview_called(struct buf *out, const struct store *s,
	const struct overview *o)
{
	called(out, s, o, CALLED_DEPTH_MAX);
}

const struct schema_field *
overview_field(const struct store *s, const struct schema_register *r,
	const char *path)
{
	while (r) {
		char name[RECORD_NAME_MAX];
		size_t len = strcspn(path, ".");
		const struct schema_field *f;

		if (len >= sizeof name)
			break;
		memcpy(name, path, len);
		name[len] = '\0';
		f = schema_field_find(r, name);
		if (!f || !path[len])
			return f;
		r = f->to ? schema_register_find(store_schema(s), f->to) : NULL;
		path += len + 1;
	}
	return NULL;
}

/* ---- conditions ---- */

/* conds_hold() asks a record, so the fields that the conditions read are lent
 * to one on the stack, sorted as values must be. */
static void
lend_value(struct values *v, const struct overview *o, const char *field)
{
	const char *text = overview_get(o, field);
	size_t at = 0;

	if (!text[0] || v->count == CONDS_MAX)
		return;
	while (at < v->count && strcmp(v->items[at].name, field) < 0)
		at++;
	if (at < v->count && strcmp(v->items[at].name, field) == 0)
		return;
	memmove(&v->items[at + 1], &v->items[at],
		(v->count - at) * sizeof *v->items);
	v->items[at].name = (char *)field;
	v->items[at].text = (char *)text;
	v->count++;
}

/* Texts are lent by the rows. */
static void
fill_more(struct cond_more *more, const struct store *s,
	const struct overview *o)
{
	const struct overview *up = uuid_is_zero(&o->parent) ? NULL :
		overview_find(s, &o->parent);

	more->overlays = overview_get(o, "@overlays");
	more->parent_overlays = up ? overview_get(up, "@overlays") : "";
	if (up)
		memcpy(more->parent_state, up->state, strlen(up->state) + 1);
}

bool
overview_matches(const struct store *s, const struct overview *o,
	const struct conds *where, int today, const char *user)
{
	struct value items[CONDS_MAX + 1];
	struct cond_more more = {0};
	struct record r = { .values = { .items = items } };
	char withdrawn[] = "1";

	if (!where || where->count == 0)
		return true;
	memcpy(r.office, o->office, strlen(o->office) + 1);
	memcpy(r.state, o->state, strlen(o->state) + 1);
	r.deleted = o->deleted ? withdrawn : NULL;
	for (size_t i = 0; i < where->count; i++) {
		if (where->items[i].field[0] != '@')
			lend_value(&r.values, o, where->items[i].field);
	}
	if (!overlay_is_asked(where))
		return conds_hold(where, &r, today, user);
	fill_more(&more, s, o);
	return conds_hold_more(where, &r, &more, today, user);
}
