/*
 * The form of a move, made of the register's own fields.
 */
#include "client/moveform.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { MOVE_PAGE_ROWS = 16 };

static bool
has_field(const struct moveform *f, const struct schema_field *field)
{
	for (size_t p = 0; p < f->reg.page_count; p++)
		for (size_t i = 0; i < f->reg.pages[p].count; i++)
			if (f->reg.pages[p].rows[i].fields[0] == field)
				return true;
	return false;
}

static struct schema_page *
page_with_room(struct moveform *f, const struct schema_move *move, int rows)
{
	struct schema_page *page = NULL;
	int used = 0;

	if (f->reg.page_count) {
		page = &f->reg.pages[f->reg.page_count - 1];
		for (size_t i = 0; i < page->count; i++)
			used += page->rows[i].fields[0]->rows > 1
				? page->rows[i].fields[0]->rows : 1;
		if (used + rows <= MOVE_PAGE_ROWS)
			return page;
	}
	f->reg.pages = mem_grow(f->reg.pages, f->reg.page_count,
		sizeof *f->reg.pages);
	page = &f->reg.pages[f->reg.page_count++];
	*page = (struct schema_page){ .title = move->label };
	return page;
}

/* What the step asks for is open here, whoever may write it elsewhere. */
static void
open_asked(struct moveform *f, char *const *names, size_t count)
{
	for (size_t i = 0; i < f->reg.field_count; i++) {
		struct schema_field *field = &f->reg.fields[i];

		if (!schema_role_in(names, count, field->name))
			continue;
		field->readonly = false;
		field->writer_count = 0;
	}
}

/* What it needs carries the mark of what must be filled; so does what must be
 * there by the time of a step that submits, or the form would not know which
 * of its fields the step was refused for. */
static void
mark_needed(struct moveform *f, const struct schema_move *move)
{
	for (size_t i = 0; i < f->reg.field_count; i++) {
		struct schema_field *field = &f->reg.fields[i];

		if (move->submit && field->need == NEED_SUBMIT)
			field->need = NEED_SAVE;
		if (!schema_role_in(move->needs, move->need_count, field->name))
			continue;
		field->need = NEED_SAVE;
		field->need_when = (struct conds){0};
	}
}

void
moveform_add(struct moveform *f, const struct schema_move *move,
	const char *name)
{
	const struct schema_field *field = schema_field_find(&f->reg, name);
	struct schema_page *page;
	struct schema_row row = { .count = 1 };

	if (!field || field->readonly || has_field(f, field) ||
	    (f->locked && !schema_move_fills(move, name)))
		return;
	page = page_with_room(f, move, field->rows > 1 ? field->rows : 1);
	row.fields = mem_alloc(1, sizeof *row.fields);
	row.fields[0] = field;
	page->rows = mem_grow(page->rows, page->count, sizeof *page->rows);
	page->rows[page->count++] = row;
	f->field_count++;
}

static bool
starts_locked(const struct schema_register *reg,
	const struct schema_move *move, const struct record *r)
{
	const struct schema_state *state = schema_state_find(reg,
		r ? r->state : move->from[0]);

	return state && state->locked;
}

void
moveform_init(struct moveform *f, const struct schema *schema,
	const struct schema_register *reg, const struct schema_move *move,
	const struct record *r, int today, const struct rule_world *world)
{
	*f = (struct moveform){ .reg = *reg };
	f->locked = starts_locked(reg, move, r);
	f->reg.fields = mem_alloc(reg->field_count, sizeof *reg->fields);
	memcpy(f->reg.fields, reg->fields,
		reg->field_count * sizeof *reg->fields);
	open_asked(f, move->needs, move->need_count);
	open_asked(f, move->asks, move->ask_count);
	mark_needed(f, move);
	f->reg.pages = NULL;
	f->reg.page_count = 0;
	for (size_t i = 0; i < move->need_count; i++)
		moveform_add(f, move, move->needs[i]);
	for (size_t i = 0; i < move->ask_count; i++)
		moveform_add(f, move, move->asks[i]);
	for (size_t i = 0; i < move->guard.count; i++)
		moveform_add(f, move, move->guard.items[i].field);
	if (r)
		moveform_ask(f, schema, reg, move, r, today, world);
}

void
moveform_ask(struct moveform *f, const struct schema *schema,
	const struct schema_register *reg, const struct schema_move *move,
	const struct record *r, int today, const struct rule_world *world)
{
	struct faults faults = {0};

	rule_check(&faults, schema, reg, r,
		move->submit ? RULE_SUBMIT : RULE_SAVE, today, world);
	rule_check_move(&faults, schema, reg, r, move, today, world);
	for (size_t i = 0; i < faults.count; i++)
		if (faults.items[i].stop)
			moveform_add(f, move, faults.items[i].field);
	faults_release(&faults);
}

void
moveform_release(struct moveform *f)
{
	for (size_t p = 0; p < f->reg.page_count; p++) {
		for (size_t i = 0; i < f->reg.pages[p].count; i++)
			free(f->reg.pages[p].rows[i].fields);
		free(f->reg.pages[p].rows);
	}
	free(f->reg.pages);
	free(f->reg.fields);
	*f = (struct moveform){0};
}
