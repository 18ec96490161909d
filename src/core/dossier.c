/*
 * Is a file complete?  Asked of what was entered; nobody ticks a list of
 * papers that the program knows anyway.
 */
#include "core/dossier.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { NAMED_MAX = 4 };	/* in one sentence; the page names them all */

void
dossier_release(struct dossier *d)
{
	free(d->items);
	*d = (struct dossier){0};
}

/* What a proof may ask. */
struct asking {
	const struct schema *s;
	const struct schema_register *reg;
	const struct record *r;
	int today;
	const struct rule_world *world;
};

static bool
is_child_of(const struct schema_register *reg, const char *parent)
{
	return reg->parent && strcmp(reg->parent, parent) == 0;
}

static bool
fits(const struct asking *a, const struct schema_proof *p,
    const struct record *other)
{
	return !other->deleted && conds_hold(&p->when, other, a->today, "");
}

static enum dossier_state
judge(int count, int min)
{
	return count >= min ? DOSSIER_THERE : DOSSIER_MISSING;
}

static enum dossier_state
ask_children(const struct asking *a, const struct schema_proof *p)
{
	int count = 0;

	if (!a->world || !a->world->child)
		return DOSSIER_UNKNOWN;
	for (size_t i = 0; count < p->min; i++) {
		const struct record *other = a->world->child(a->world->self,
		    &a->r->id, p->reg, i);

		if (!other)
			break;
		count += fits(a, p, other);
	}
	return judge(count, p->min);
}

/* Records of the same person: an assessment made before there was a subject. */
static enum dossier_state
ask_person(const struct asking *a, const struct schema_proof *p,
    const struct schema_register *of)
{
	struct rule_find what = { .reg = p->reg, .field = of->person_field,
		.but = &a->r->id };
	char *person;
	int count = 0;

	if (!a->world || !a->world->find)
		return DOSSIER_UNKNOWN;
	person = mem_strdup(values_get(&a->r->values, a->reg->person_field));
	what.value = person;
	for (size_t i = 0; *person && count < p->min; i++) {
		const struct record *other = a->world->find(a->world->self,
		    &what, i);

		if (!other)
			break;
		count += fits(a, p, other);
	}
	free(person);
	return judge(count, p->min);
}

static enum dossier_state
ask(const struct asking *a, const struct schema_proof *p)
{
	const struct schema_register *of;
	const char *text;

	if (p->reg) {
		of = schema_register_find(a->s, p->reg);
		if (!of)
			return DOSSIER_UNKNOWN;
		return is_child_of(of, a->reg->name) ? ask_children(a, p)
		    : ask_person(a, p, of);
	}
	text = values_get(&a->r->values, p->field);
	if (p->value)
		return judge(values_set_has(text, p->value), 1);
	return judge(*text != '\0', 1);
}

static bool
may_lack(const struct asking *a, const struct schema_paper *paper)
{
	return paper->optional || (paper->optional_when.count > 0 &&
	    conds_hold(&paper->optional_when, a->r, a->today, ""));
}

/* Any proof will do; one that cannot be asked for from here leaves it open. */
static enum dossier_state
state_of(const struct asking *a, const struct schema_paper *paper)
{
	enum dossier_state out = DOSSIER_MISSING;

	for (size_t i = 0; i < paper->proof_count; i++) {
		enum dossier_state s = ask(a, &paper->proofs[i]);

		if (s == DOSSIER_THERE)
			return s;
		if (s == DOSSIER_UNKNOWN)
			out = s;
	}
	return out == DOSSIER_MISSING && may_lack(a, paper) ? DOSSIER_OPTIONAL
	    : out;
}

void
dossier_of(struct dossier *out, const struct schema *s,
    const struct schema_register *reg, const struct record *r, int today,
    const struct rule_world *world)
{
	struct asking a = { s, reg, r, today, world };
	struct dossier d = {0};

	d.items = mem_alloc(reg->paper_count + 1, sizeof *d.items);
	for (size_t i = 0; i < reg->paper_count; i++) {
		const struct schema_paper *paper = &reg->papers[i];
		struct dossier_item *item = &d.items[d.count];

		if (!conds_hold(&paper->when, r, today, ""))
			continue;
		item->paper = paper;
		item->state = state_of(&a, paper);
		d.there += item->state == DOSSIER_THERE;
		d.missing += item->state == DOSSIER_MISSING;
		d.count++;
	}
	*out = d;
}

void
dossier_missing(struct buf *out, const struct dossier *d, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < d->count && n < most; i++) {
		if (d->items[i].state != DOSSIER_MISSING)
			continue;
		buf_printf(out, "%s%s", n++ ? tr(", ") : "",
		    label_text(&d->items[i].paper->item));
	}
	if (d->missing > n)
		buf_printf(out, tr(" and %zu more"), d->missing - n);
}

void
dossier_check(struct faults *out, const struct schema *s,
    const struct schema_register *reg, const struct schema_check *c,
    const struct record *r, int today, const struct rule_world *world)
{
	const struct schema_field *why = c->unless
	    ? schema_field_find(reg, c->unless) : NULL;
	struct dossier d = {0};
	struct buf words;

	if (why && values_has(&r->values, why->name))
		return;
	dossier_of(&d, s, reg, r, today, world);
	buf_init(&words, BUF_LINE_MAX);
	dossier_missing(&words, &d, NAMED_MAX);
	if (d.missing > 0 && why)
		faults_add(out, why->name, c->stop, tr("The file lacks: %s. "
		    "Add them, or give the reason in '%s'."), words.data,
		    label_text(&why->label));
	else if (d.missing > 0)
		faults_add(out, c->at ? c->at : "", c->stop,
		    tr("The file lacks: %s."), words.data);
	buf_release(&words);
	dossier_release(&d);
}
