/*
 * The popups of a form: choices of codes and references, suggestions, what is
 * to be mended.
 */
#include "ui/formview_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"

#define NEW_REF "+"	/* the choice that makes a new record */

static void
search_refs(void *self, struct picker *p, const char *typed)
{
	struct formview *f = self;
	const struct formview_hooks *h = &f->o.hooks;
	char *words;

	if (h->ref_search)
		h->ref_search(h->self, f->field->to, typed, p);
	if (!h->ref_may_add || !h->ref_may_add(h->self, f->field->to))
		return;
	words = mem_printf("%s %s", tr("+ new:"), typed);
	picker_add_last(p, NEW_REF, words);
	free(words);
}

/* What others hold, and last what was typed itself: strangers exist. */
static void
search_suggestions(void *self, struct picker *p, const char *typed)
{
	struct formview *f = self;
	const struct formview_hooks *h = &f->o.hooks;

	h->suggest(h->self, f->o.reg->name, f->field, typed, p);
	formview_pick_as_typed(p, typed);
}

void
formview_pick_as_typed(struct picker *p, const char *typed)
{
	char *words;

	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->choices[i].value, typed) == 0)
			return;
	if (!*typed)
		return;
	words = mem_printf("%s %s", tr("+ as typed:"), typed);
	picker_add_last(p, typed, words);
	free(words);
}

static void
add_codes(struct formview *f, const char *now)
{
	const struct schema_codes *codes = f->field->codes;

	for (size_t i = 0; codes && i < codes->count; i++) {
		const struct schema_code *c = &codes->items[i];
		bool chosen = values_set_has(now, c->code);

		if (!chosen && !schema_code_is_valid_on(c, f->o.today))
			continue;
		picker_add(&f->picker, c->code, c->code,
		    label_text(&c->label));
		if (!schema_code_is_known(c))
			picker_hide_code(&f->picker);
	}
	for (size_t i = 0; codes && i < codes->count; i++)
		if (values_set_has(now, codes->items[i].code))
			picker_mark(&f->picker, codes->items[i].code);
}

void
formview_pick(struct formview *f, const char *typed)
{
	const struct schema_field *x = f->field;
	const char *now = values_get(&f->record.values, x->name);
	const char *title = label_text(&x->label);

	picker_release(&f->picker);
	if (x->type == VT_REF) {
		picker_init(&f->picker, title, false, search_refs, f);
		picker_type(&f->picker, typed);
	} else if (formview_is_suggested(f, x)) {
		picker_init(&f->picker, title, false, search_suggestions, f);
		picker_set_room(&f->picker, formview_most_chars(x));
		picker_type(&f->picker, typed);
	} else {
		picker_init(&f->picker, title, x->multi, NULL, NULL);
		add_codes(f, now);
		if (*typed)
			picker_type(&f->picker, typed);
	}
	f->doing = FORMVIEW_PICKING;
}

/* A text too long or too short for its field stays there and is marked. */
static void
take_suggested(struct formview *f, const char *text)
{
	if (formview_take(f, text))
		(void)formview_step(f, 1);
}

/* The popup said Enter: take the choice and go on. */
enum formview_answer
formview_picked(struct formview *f)
{
	struct buf value, typed;
	bool is_new;

	buf_init(&value, BUF_LINE_MAX);
	buf_init(&typed, BUF_LINE_MAX);
	picker_value(&f->picker, &value);
	lineedit_get(&typed, &f->picker.typed);
	is_new = f->field->type == VT_REF && strcmp(value.data, NEW_REF) == 0;
	f->doing = FORMVIEW_TYPING;
	if (is_new) {
		free(f->ref_typed);
		f->ref_typed = buf_take(&typed);
	} else if (f->field->type != VT_CODE && f->field->type != VT_REF) {
		take_suggested(f, value.data);
	} else {
		if (formview_choose(f, value.data))
			(void)formview_step(f, 1);
	}
	picker_release(&f->picker);
	buf_release(&value);
	buf_release(&typed);
	return is_new ? FORMVIEW_NEW_REF : FORMVIEW_HANDLED;
}

void
formview_list_faults(struct formview *f)
{
	picker_release(&f->picker);
	picker_init(&f->picker, tr("To mend"), false, NULL, NULL);
	for (size_t i = 0; i < f->faults.count; i++) {
		const struct fault *fault = &f->faults.items[i];
		const struct schema_field *x = schema_field_find(f->o.reg,
		    fault->field);
		char *words = mem_printf("%s%s%s",
		    x ? label_text(&x->label) : "-", tr(": "), fault->msg);

		picker_add(&f->picker, fault->field, fault->stop ? "!" : "",
		    words);
		free(words);
	}
	f->doing = FORMVIEW_FAULTS;
}
