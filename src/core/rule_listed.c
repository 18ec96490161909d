/*
 * A text that is mostly one of a list, and is not: the village that the
 * office's table of villages does not have.  It may be right, so it is said
 * and never stops; what comes nearest is named, because it is mostly a slip.
 */
#include "core/rule_named.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/schema_read.h"

struct list {
	const struct schema_register *reg;
	const struct schema_field *by;
	char **names;			/* owned, NULL behind the last */
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

	l->names = mem_alloc(1, sizeof *l->names);
	for (size_t i = 0;; i++) {
		r = c->world->find(c->world->self, &what, i);
		if (!r)
			return;
		if (!values_has(&r->values, l->by->name))
			continue;
		l->names = mem_resize(l->names, l->count + 2,
		    sizeof *l->names);
		l->names[l->count++] = mem_strdup(values_get(&r->values,
		    l->by->name));
		l->names[l->count] = NULL;
	}
}

/* A list that nobody keeps says nothing. */
static void
complain(const struct rule_call *c, const char *field, const struct list *l)
{
	const char *title = label_text(&l->reg->title);
	const char *near = schema_nearest(rule_get(c, field),
	    (const char *const *)l->names);

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
