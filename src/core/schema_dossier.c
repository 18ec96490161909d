/*
 * "dossier" of a register's definition: the papers of its file, and what shows
 * that each of them is there.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/dossier.h"
#include "core/schema_parts.h"

enum {
	PAPERS_MAX = 80,
	PROOFS_MAX = 6,
};

/* ---- reading ---- */

static void
read_proof(struct schema_reader *r, const struct json *j, void *out,
    void *ctx)
{
	static const char *const keys[] = { "field", "codes", "value",
		"register", "when", "min", NULL };
	struct schema_proof *p = out;
	char *codes;

	(void)ctx;
	schema_read_keys(r, j, keys);
	p->field = schema_read_name_if(r, j, "field");
	codes = schema_read_name_if(r, j, "codes");
	p->value = schema_read_text(r, j, "value", codes != NULL, 40);
	p->reg = schema_read_name_if(r, j, "register");
	schema_read_conds(&p->when, r, j, "when");
	p->min = schema_read_int(r, j, "min", 1, 100, 1);
	if (!!p->field + !!codes + !!p->reg != 1)
		schema_complain(r, "", tr("A paper is shown by one of 'field', "
		    "'codes' and 'register'."));
	if (p->value && !codes)
		schema_complain(r, "value",
		    tr("'value' belongs to 'codes', and only there."));
	if ((p->when.count > 0 || json_get(j, "min")) && !p->reg)
		schema_complain(r, "register", tr("'when' and 'min' belong to "
		    "'register', and only there."));
	if (p->field)
		free(codes);
	else
		p->field = codes;
}

/* One proof, or a list of which any will do. */
static void
read_proofs(struct schema_paper *p, struct schema_reader *r,
    const struct json *j)
{
	const struct json *has = json_get(j, "has");
	size_t mark;

	if (json_is_array(has)) {
		p->proofs = schema_read_items(&p->proof_count, r, j, "has",
		    PROOFS_MAX, sizeof *p->proofs, read_proof, NULL);
	} else if (json_is_object(has)) {
		p->proofs = mem_alloc(1, sizeof *p->proofs);
		p->proof_count = 1;
		mark = schema_read_enter(r, "has", -1);
		read_proof(r, has, p->proofs, NULL);
		schema_read_leave(r, mark);
	}
	if (p->proof_count == 0)
		schema_complain(r, "has", tr("This member is missing."));
}

static void
read_paper(struct schema_reader *r, const struct json *j, void *out,
    void *ctx)
{
	static const char *const keys[] = { "part", "item", "when", "optional",
		"optional_when", "has", NULL };
	struct schema_paper *p = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	schema_read_label(&p->part, r, j, "part", false,
	    SCHEMA_LABEL_BYTES_MAX);
	schema_read_label(&p->item, r, j, "item", true,
	    SCHEMA_LABEL_BYTES_MAX);
	schema_read_conds(&p->when, r, j, "when");
	p->optional = schema_read_bool(r, j, "optional", false);
	schema_read_conds(&p->optional_when, r, j, "optional_when");
	read_proofs(p, r, j);
}

void
schema_read_dossier(struct schema_register *out, struct schema_reader *r,
    const struct json *j)
{
	out->papers = schema_read_items(&out->paper_count, r, j, "dossier",
	    PAPERS_MAX, sizeof *out->papers, read_paper, NULL);
}

/* ---- linking ---- */

static void
link_field_proof(struct schema_linker *l, const struct schema_proof *p)
{
	const struct schema_field *f = schema_link_name(l, l->reg, p->field,
	    p->value ? "codes" : "field");

	if (f && p->value)
		schema_link_value(l, f, p->value, "value");
}

static void
link_register_proof(struct schema_linker *l, const struct schema_proof *p)
{
	const struct schema_register *reg = schema_link_register(l, p->reg,
	    "register");
	bool child;

	if (!reg)
		return;
	child = reg->parent && strcmp(reg->parent, l->reg->name) == 0;
	if (!child && (!reg->person_field || !l->reg->person_field))
		schema_complain(&l->r, "register", tr("'%s' is neither a child "
		    "of this register nor about the same person."), reg->name);
	schema_link_conds(l, reg, &p->when, "when");
}

static void
link_paper(struct schema_linker *l, const struct schema_paper *paper)
{
	schema_link_conds(l, l->reg, &paper->when, "when");
	schema_link_conds(l, l->reg, &paper->optional_when, "optional_when");
	for (size_t i = 0; i < paper->proof_count; i++) {
		size_t mark = schema_read_enter(&l->r, "has", (int)i);
		const struct schema_proof *p = &paper->proofs[i];

		if (p->reg)
			link_register_proof(l, p);
		else if (p->field)
			link_field_proof(l, p);
		schema_read_leave(&l->r, mark);
	}
}

void
schema_link_dossier(struct schema_linker *l)
{
	for (size_t i = 0; i < l->reg->paper_count; i++) {
		size_t mark = schema_read_enter(&l->r, "dossier", (int)i);

		link_paper(l, &l->reg->papers[i]);
		schema_read_leave(&l->r, mark);
	}
}

/* ---- giving back ---- */

static void
free_conds(struct conds *c)
{
	for (size_t i = 0; i < c->count; i++) {
		for (size_t k = 0; k < c->items[i].value_count; k++)
			free(c->items[i].values[k]);
		free(c->items[i].values);
		free(c->items[i].field);
	}
	free(c->items);
}

static void
free_paper(struct schema_paper *paper)
{
	free(paper->part.zh);
	free(paper->part.en);
	free(paper->item.zh);
	free(paper->item.en);
	free_conds(&paper->when);
	free_conds(&paper->optional_when);
	for (size_t i = 0; i < paper->proof_count; i++) {
		free(paper->proofs[i].field);
		free(paper->proofs[i].value);
		free(paper->proofs[i].reg);
		free_conds(&paper->proofs[i].when);
	}
	free(paper->proofs);
}

void
schema_free_dossier(struct schema_register *reg)
{
	for (size_t i = 0; i < reg->paper_count; i++)
		free_paper(&reg->papers[i]);
	free(reg->papers);
}
