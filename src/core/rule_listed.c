/*
 * A text that is mostly one of a list, and is not: the village that the
 * office's table of villages does not have.  It may be right, so it is said
 * and never stops; what comes nearest is named, because it is mostly a slip.
 */
#include "core/rule_named.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

struct list {
	const struct schema_register *reg;
	const struct schema_field *by;
	char **names;			/* owned */
	size_t count;
};

/* Where a field takes its texts from: "village.name". */
static bool
find_list(struct list *l, const struct rule_call *c, const char *field)
{
	const struct schema_field *f = schema_field_find(c->reg, field);
	const char *dot = f && f->suggest ? strchr(f->suggest, '.') : NULL;
	char name[RECORD_NAME_MAX] = "";

	if (!dot || (size_t)(dot - f->suggest) >= sizeof name)
		return false;
	memcpy(name, f->suggest, (size_t)(dot - f->suggest));
	l->reg = schema_register_find(c->schema, name);
	l->by = l->reg ? schema_field_find(l->reg, dot + 1) : NULL;
	return l->by != NULL;
}

/* That of the record's own office. */
static void
fill(struct list *l, const struct rule_call *c)
{
	struct rule_find what = { l->reg->name, "@office", c->r->office,
		&c->r->id };
	const struct record *r;

	for (size_t i = 0;; i++) {
		r = c->world->find(c->world->self, &what, i);
		if (!r)
			return;
		if (!values_has(&r->values, l->by->name))
			continue;
		l->names = mem_resize(l->names, l->count + 1,
		    sizeof *l->names);
		l->names[l->count++] = mem_strdup(values_get(&r->values,
		    l->by->name));
	}
}

enum { NAME_CHARS = 20 };	/* of a name that is compared */

static size_t
decode(uint32_t out[NAME_CHARS], const char *text)
{
	size_t len = strlen(text), at = 0, count = 0;

	while (at < len && count < NAME_CHARS)
		out[count++] = utf8_next(text, len, &at);
	return count;
}

/* Of a hundred, how alike two names are: characters that both have (Dice).  Of
 * three-character villages that all end alike, two must agree. */
static size_t
alike(const char *a, const char *b)
{
	uint32_t x[NAME_CHARS], y[NAME_CHARS];
	size_t x_count = decode(x, a), y_count = decode(y, b), both = 0;

	for (size_t i = 0; i < x_count; i++)
		for (size_t k = 0; k < y_count; k++)
			if (x[i] == y[k]) {
				y[k] = 0;
				both++;
				break;
			}
	return 200 * both / (x_count + y_count + 1);
}

static const char *
nearest(const struct list *l, const char *text)
{
	const char *found = NULL;
	size_t best = 45;

	for (size_t i = 0; i < l->count; i++) {
		size_t now = alike(text, l->names[i]);

		if (now > best) {
			best = now;
			found = l->names[i];
		}
	}
	return found;
}

/* A list that nobody keeps says nothing. */
static void
complain(const struct rule_call *c, const char *field, const struct list *l)
{
	const char *title = label_text(&l->reg->title);
	const char *near = nearest(l, rule_get(c, field));

	if (near)
		faults_add(c->out, field, false, tr("'%s' has no such entry; "
		    "did you mean %s?"), title, near);
	else if (l->count > 0)
		faults_add(c->out, field, false, tr("'%s' has no such entry; "
		    "is it spelled right?"), title);
}

void
rule_in_list(const struct rule_call *c)
{
	const char *field = rule_at(c, "village");
	struct rule_find what = { .value = rule_get(c, field),
		.but = &c->r->id };
	struct list l = {0};

	if (!what.value[0] || !c->world || !c->world->warns ||
	    !c->world->find || !c->r->office[0] || !find_list(&l, c, field))
		return;
	what.reg = l.reg->name;
	what.field = l.by->name;
	if (c->world->find(c->world->self, &what, 0))
		return;
	fill(&l, c);
	complain(c, field, &l);
	for (size_t i = 0; i < l.count; i++)
		free(l.names[i]);
	free(l.names);
}
