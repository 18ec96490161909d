/*
 * Giving a schema back (schema.h): every owned member of every part, in the
 * order of the header.  A schema that was only half read is zeroed where it
 * was not, so it goes the same way.
 */
#include "core/schema.h"

#include <stdlib.h>

#include "core/deadline.h"
#include "core/dossier.h"
#include "core/number.h"
#include "core/overlay.h"
#include "core/schema_make.h"
#include "core/schema_tell.h"

static void
free_texts(char **texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(texts[i]);
	free(texts);
}

static void
release_label(struct label *l)
{
	free(l->zh);
	free(l->en);
}

void
schema_release_conds(struct conds *c)
{
	for (size_t i = 0; i < c->count; i++) {
		free(c->items[i].field);
		free_texts(c->items[i].values, c->items[i].value_count);
	}
	free(c->items);
}

static void
release_field(struct schema_field *f)
{
	free(f->name);
	free_texts(f->was, f->was_count);
	release_label(&f->label);
	release_label(&f->help);
	free_texts(f->aliases, f->alias_count);
	schema_release_conds(&f->need_when);
	schema_release_conds(&f->show_when);
	free(f->to);
	free(f->suggest);
	free(f->initial);
	free_texts(f->writers, f->writer_count);
	free(f->derive_from);
	for (size_t i = 0; i < f->band_count; i++)
		free(f->bands[i].value);
	free(f->bands);
	free(f->derive_to);
	free(f->derive_matter);
	free(f->group);
}

static void
release_check(struct schema_check *c)
{
	free(c->first);
	free(c->then);
	free(c->rule);
	schema_release_conds(&c->when);
	free_texts(c->moves, c->move_count);
	free(c->unless);
	free(c->at);
	release_label(&c->text);
}

static void
release_move(struct schema_move *m)
{
	free(m->name);
	release_label(&m->label);
	free_texts(m->from, m->from_count);
	free(m->to);
	free_texts(m->roles, m->role_count);
	free_texts(m->needs, m->need_count);
	free_texts(m->asks, m->ask_count);
	free(m->stamp_by);
	free(m->stamp_on);
	free_texts(m->not_by, m->not_by_count);
	free(m->self);
	free_texts(m->clears, m->clear_count);
	schema_release_conds(&m->guard);
	release_label(&m->guard_text);
	for (size_t i = 0; i < m->child_count; i++) {
		free(m->children[i].reg);
		schema_release_conds(&m->children[i].when);
		release_label(&m->children[i].text);
	}
	free(m->children);
}

static void
release_approval(struct schema_approval *a)
{
	for (size_t i = 0; i < a->step_count; i++) {
		struct schema_step *s = &a->steps[i];

		free(s->level);
		release_label(&s->label);
		free(s->waits);
		free_texts(s->roles, s->role_count);
		schema_release_conds(&s->when);
		schema_release_conds(&s->ends);
		free_texts(s->needs, s->need_count);
		free_texts(s->asks, s->ask_count);
	}
	free(a->steps);
	free_texts(a->submit, a->submit_count);
}

static void
release_list(struct schema_register *r)
{
	for (size_t i = 0; i < r->column_count; i++) {
		free(r->columns[i].path);
		release_label(&r->columns[i].label);
	}
	free(r->columns);
	for (size_t i = 0; i < r->sort_count; i++)
		free(r->sorts[i].path);
	free(r->sorts);
	free_texts(r->sums, r->sum_count);
	for (size_t i = 0; i < r->filter_count; i++) {
		release_label(&r->filters[i].label);
		schema_release_conds(&r->filters[i].where);
	}
	free(r->filters);
	schema_release_conds(&r->alert);
	schema_release_conds(&r->warn);
}

static void
release_form(struct schema_register *r)
{
	for (size_t i = 0; i < r->page_count; i++) {
		struct schema_page *p = &r->pages[i];

		release_label(&p->title);
		for (size_t k = 0; k < p->count; k++)
			free(p->rows[k].fields);
		free(p->rows);
	}
	free(r->pages);
}

static void
release_import(struct schema_import *im)
{
	for (size_t i = 0; i < im->part_count; i++) {
		free(im->parts[i].name);
		free(im->parts[i].reg);
		values_release(&im->parts[i].set);
	}
	free(im->parts);
	for (size_t i = 0; i < im->column_count; i++) {
		free_texts(im->columns[i].labels, im->columns[i].label_count);
		free(im->columns[i].path);
	}
	free(im->columns);
	for (size_t i = 0; i < im->match_count; i++)
		free_texts(im->matches[i].fields, im->matches[i].count);
	free(im->matches);
	free_texts(im->ignore, im->ignore_count);
}

static void
release_register(struct schema_register *r)
{
	free(r->name);
	release_label(&r->title);
	release_label(&r->one);
	free(r->law);
	free(r->menu);
	free(r->parent);
	free(r->parent_field);
	free(r->person_field);
	free_texts(r->title_paths, r->title_count);
	schema_release_conds(&r->sealed);
	free_texts(r->sealed_roles, r->sealed_role_count);
	free_texts(r->readers, r->reader_count);
	free_texts(r->writers, r->writer_count);
	for (size_t i = 0; i < r->field_count; i++)
		release_field(&r->fields[i]);
	free(r->fields);
	free(r->initials);
	for (size_t i = 0; i < r->check_count; i++)
		release_check(&r->checks[i]);
	free(r->checks);
	for (size_t i = 0; i < r->state_count; i++) {
		free(r->states[i].name);
		release_label(&r->states[i].label);
	}
	free(r->states);
	for (size_t i = 0; i < r->move_count; i++)
		release_move(&r->moves[i]);
	free(r->moves);
	free_texts(r->back.roles, r->back.count);
	release_approval(&r->approval);
	release_list(r);
	release_form(r);
	free(r->lookups);
	schema_free_dossier(r);
	release_import(&r->import);
	free(r->receipt.move);
	free(r->receipt.at);
	schema_release_conds(&r->receipt.bell);
	schema_release_overlays(r);
	schema_release_makes(r);
	schema_release_tells(r);
	schema_release_number(r);
	schema_keeping_release(&r->keeping);
}

static void
release_codes(struct schema_codes *t)
{
	free(t->name);
	release_label(&t->title);
	free(t->source);
	for (size_t i = 0; i < t->count; i++) {
		struct schema_code *c = &t->items[i];

		free(c->code);
		release_label(&c->label);
		free_texts(c->aliases, c->alias_count);
		free(c->parent);
		free(c->instead);
	}
	free(t->items);
}

void
schema_free(struct schema *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->register_count + s->own_count; i++)
		release_register(&s->registers[i]);
	free(s->registers);
	for (size_t i = 0; i < s->codes_count; i++)
		release_codes(&s->codes[i]);
	free(s->codes);
	for (size_t i = 0; i < s->menu_count; i++) {
		free(s->menus[i].name);
		release_label(&s->menus[i].label);
	}
	free(s->menus);
	for (size_t i = 0; i < s->direct_count; i++)
		free(s->directs[i].reg);
	free(s->directs);
	deadline_set_free(s->deadlines);
	free(s);
}

void
complaints_release(struct complaints *c)
{
	for (size_t i = 0; i < c->count; i++) {
		free(c->items[i].file);
		free(c->items[i].path);
		free(c->items[i].text);
	}
	free(c->items);
	*c = (struct complaints){0};
}
