/*
 * Every register's form as people meet it, in both languages on 80x24: each page,
 * new, filled in and only shown, and what each step asks for.  No label is cut,
 * nothing that is asked for is out of sight.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "client/moveform.h"
#include "kit/labels.h"
#include "kit/whole.h"
#include "ui/formview.h"
#include "ui/frame.h"

/* All fields of the page in sight at once, each with its whole label and a
 * place to type in. */
static void
look_at_page(const struct canvas *c, const struct schema_register *reg,
	size_t p, const struct record *r)
{
	const struct schema_page *page = &reg->pages[p];

	if (reg->page_count > 1 && !screen_has(c, label_text(&page->title)))
		labels_complain(c, "%s, page %zu: no title", reg->name, p + 1);
	for (size_t i = 0; i < page->count; i++)
		for (size_t k = 0; k < page->rows[i].count; k++) {
			const struct schema_field *f = page->rows[i].fields[k];

			if (whole_is_shown(f, r) &&
			    !labels_has(c, label_text(&f->label)))
				labels_complain(c, "%s.%s, page %zu: no whole label",
				    reg->name, f->name, p + 1);
		}
}

/* Can the cursor stand on the page?  On a form that shows only, wherever
 * something is shown. */
static bool
has_place(const struct schema_page *page, const struct record *r,
	bool readonly)
{
	for (size_t i = 0; i < page->count; i++)
		for (size_t k = 0; k < page->rows[i].count; k++)
			if (whole_is_shown(page->rows[i].fields[k], r) &&
			    (readonly || !page->rows[i].fields[k]->readonly))
				return true;
	return false;
}

static void
look_at_form_as(const struct schema_register *reg, const struct record *r,
	bool readonly)
{
	struct formview_options o = { .schema = whole_schema(), .reg = reg,
		.today = WHOLE_TODAY, .user = "", .world = &whole_world,
		.readonly = readonly };
	struct formview *f = formview_new(&o, r);
	struct press next = { .code = PRESS_PGDN };
	struct canvas canvas;
	struct canvas_area body;

	canvas_init(&canvas, LABELS_COLS, LABELS_ROWS);
	body = frame_body(&canvas);
	for (size_t p = 0; p < reg->page_count; p++) {
		if (!has_place(&reg->pages[p], r, readonly))
			continue;
		canvas_clear(&canvas);
		formview_paint(f, &canvas, &body);
		look_at_page(&canvas, reg, p, r);
		(void)formview_press(f, &next);
	}
	formview_free(f);
	canvas_release(&canvas);
}

static void
look_at_form(const struct schema_register *reg, const struct record *r)
{
	look_at_form_as(reg, r, false);
	look_at_form_as(reg, r, true);
}

/* The form of a new record and of every variant that is filled in. */
static void
forms_are_whole(void **state)
{
	(void)state;
	for (size_t l = 0; l < LABELS_LANGUAGES; l++) {
		tr_set(labels_languages[l]);
		for (size_t v = 0; whole_variant(v); v++) {
			const struct schema_register *reg =
			    schema_register_find(whole_schema(),
			    whole_variant(v)->reg);
			struct record r;

			whole_make(&r, v);
			look_at_form(reg, &r);
			values_release(&r.values);
			look_at_form(reg, &r);
			record_release(&r);
		}
	}
	labels_none_cut();
}

/* What a step asks for, from each state it leads from, of a record that has
 * everything and of one that has nothing. */
static void
look_at_move(const struct schema_register *reg, const struct schema_move *m,
	const struct record *r)
{
	struct moveform form;

	moveform_init(&form, whole_schema(), reg, m, r, WHOLE_TODAY,
	    &whole_world);
	if (form.field_count)
		look_at_form(&form.reg, r);
	moveform_release(&form);
}

static void
steps_are_whole(void **state)
{
	size_t looked = 0;

	(void)state;
	for (size_t v = 0; whole_variant(v); v++) {
		const struct schema_register *reg = schema_register_find(
		    whole_schema(), whole_variant(v)->reg);
		struct record r;

		whole_make(&r, v);
		for (size_t i = 0; i < reg->move_count; i++)
			for (size_t k = 0; k < reg->moves[i].from_count; k++) {
				struct record bare = {0};

				(void)record_set(&r, "@state",
				    reg->moves[i].from[k]);
				record_copy(&bare, &r);
				values_release(&bare.values);
				for (size_t l = 0; l < LABELS_LANGUAGES; l++) {
					tr_set(labels_languages[l]);
					look_at_move(reg, &reg->moves[i], &r);
					look_at_move(reg, &reg->moves[i], &bare);
				}
				record_release(&bare);
				looked++;
			}
		record_release(&r);
	}
	assert_true(looked > 150);
	labels_none_cut();
}

/* ---- answers that ask for more ---- */

static bool
is_asked(const struct moveform *form, const char *name)
{
	for (size_t p = 0; p < form->reg.page_count; p++)
		for (size_t i = 0; i < form->reg.pages[p].count; i++)
			if (strcmp(form->reg.pages[p].rows[i].fields[0]->name,
			    name) == 0)
				return true;
	return false;
}

static void
answer(struct record *bare, const struct moveform *form,
	const struct record *whole)
{
	for (size_t p = 0; p < form->reg.page_count; p++)
		for (size_t i = 0; i < form->reg.pages[p].count; i++) {
			const char *name =
			    form->reg.pages[p].rows[i].fields[0]->name;

			values_set(&bare->values, name,
			    values_get(&whole->values, name));
		}
}

/* The form marks the field and goes to it, before the step is tried. */
static bool
is_said(const struct moveform *form, const struct record *r, const char *name)
{
	struct faults own = {0};
	const struct fault *fault;
	bool said;

	rule_check(&own, whole_schema(), &form->reg, r, RULE_SAVE,
	    WHOLE_TODAY, &whole_world);
	fault = faults_at(&own, name);
	said = fault && fault->stop;
	faults_release(&own);
	return said;
}

static void
expect_within_reach(const struct moveform *form,
	const struct schema_move *move, const struct record *r)
{
	struct faults faults = {0};

	rule_check(&faults, whole_schema(), schema_register_find(
	    whole_schema(), r->reg), r, move->submit ? RULE_SUBMIT
	    : RULE_SAVE, WHOLE_TODAY, &whole_world);
	for (size_t i = 0; i < faults.count; i++) {
		const char *name = faults.items[i].field;
		const struct schema_field *f = schema_field_find(&form->reg,
		    name);

		if (faults.items[i].stop && f && !f->readonly &&
		    (!form->locked || schema_move_fills(move, name)) &&
		    !is_asked(form, name))
			fail_msg("%s, %s: %s stops it and is not asked",
			    r->reg, move->name, name);
		if (faults.items[i].missing && is_asked(form, name) &&
		    !is_said(form, r, name))
			fail_msg("%s, %s: the form does not say that %s "
			    "is missing", r->reg, move->name, name);
	}
	faults_release(&faults);
}

/* A record with the least that can be saved makes each step: whatever is
 * answered, nothing that stops it is out of the form's reach. */
static void
nothing_is_out_of_reach(void **state)
{
	(void)state;
	for (size_t i = 0; whole_move(i); i++) {
		const struct schema_register *reg = schema_register_find(
		    whole_schema(), whole_move(i)->reg);
		const struct schema_move *move;
		struct record whole, bare = {0};
		struct moveform form;

		whole_make_nth(&whole, reg->name, whole_move(i)->nth);
		whole_put(&whole, whole_move(i)->with);
		(void)record_set(&whole, "@state", whole_move(i)->from);
		move = schema_move_find(reg, whole.state, whole_move(i)->to);
		record_copy(&bare, &whole);
		for (size_t k = 0; k < reg->field_count; k++)
			if (reg->fields[k].need != NEED_SAVE)
				values_set(&bare.values, reg->fields[k].name,
				    NULL);
		moveform_init(&form, whole_schema(), reg, move, &bare,
		    WHOLE_TODAY, &whole_world);
		for (int turn = 0; turn < 3; turn++) {
			answer(&bare, &form, &whole);
			moveform_ask(&form, whole_schema(), reg, move, &bare,
			    WHOLE_TODAY, &whole_world);
			expect_within_reach(&form, move, &bare);
		}
		moveform_release(&form);
		record_release(&whole);
		record_release(&bare);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_are_whole),
		cmocka_unit_test(steps_are_whole),
		cmocka_unit_test(nothing_is_out_of_reach),
	};

	return cmocka_run_group_tests(tests, whole_load, whole_unload);
}
