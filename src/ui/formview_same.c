/*
 * What a field takes from elsewhere: from what was entered in it before, and
 * from the record that was entered last.
 */
#include "ui/formview_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "core/value.h"

/* ---- what was entered before ---- */

bool
formview_is_recalled(const struct formview *f, const struct schema_field *x)
{
	return f->o.hooks.recall && schema_may_recall(f->o.reg, x)
	    && formview_is_text(f, x);
}

static void
search_recalled(void *self, struct picker *p, const char *typed)
{
	struct formview *f = self;

	f->o.hooks.recall(f->o.hooks.self, f->o.reg->name, f->field, typed, p);
	formview_pick_as_typed(p, typed);
}

void
formview_recall(struct formview *f)
{
	struct buf typed;

	buf_init(&typed, BUF_RECORD_MAX);
	if (f->typed)
		lineedit_get(&typed, &f->edit);
	picker_release(&f->picker);
	picker_init(&f->picker, label_text(&f->field->label), false,
	    search_recalled, f);
	picker_set_room(&f->picker, f->edit.max_chars);
	picker_type(&f->picker, typed.data);
	if (picker_matches(&f->picker) == 0) {
		picker_release(&f->picker);
		formview_say(f, ROLE_TEXT,
		    tr("Nothing was entered in this field yet."));
	} else {
		f->doing = FORMVIEW_PICKING;
	}
	buf_release(&typed);
}

/* ---- the record entered last ---- */

/* Numbers of persons and papers are nobody else's. */
static bool
may_be_same(const struct formview *f, const struct schema_field *x)
{
	return formview_may_edit(f, x) && formview_is_shown(f, x)
	    && !x->restricted && x->type != VT_IDNO && x->type != VT_NUMBER;
}

/* The value of the last record, appended; false: there is none. */
static bool
last_value(const struct formview *f, const struct schema_field *x,
    struct buf *out)
{
	return f->o.hooks.last_value && may_be_same(f, x)
	    && f->o.hooks.last_value(f->o.hooks.self, f->o.reg->name,
	    &f->record.id, x, out) && out->len > 0;
}

void
formview_same(struct formview *f)
{
	const struct schema_field *x = f->field;
	struct buf value, text;

	buf_init(&value, BUF_RECORD_MAX);
	buf_init(&text, BUF_RECORD_MAX);
	if (!formview_may_edit(f, x)) {
		formview_say(f, ROLE_WARN, tr("This cannot be changed here."));
	} else if (!last_value(f, x, &value)) {
		formview_say(f, ROLE_WARN, tr("The record entered last has "
			"nothing to repeat here."));
	} else if (formview_is_text(f, x)) {
		value_edit_text(&text, x, value.data);
		formview_retype(f, text.data, text.len);
	} else {
		(void)formview_choose(f, value.data);
	}
	buf_release(&value);
	buf_release(&text);
}

static bool
is_empty(const struct formview *f, const struct schema_field *x)
{
	if (x == f->field && f->typed)
		return f->edit.len == 0;
	return !values_has(&f->record.values, x->name)
	    && !values_has(&f->raw, x->name);
}

/* Fill the fields that repeat, on all pages; what shows because of one filled
 * before it is asked after it. */
static size_t
fill_repeated(struct formview *f)
{
	const struct schema_field *x;
	struct buf value;
	size_t filled = 0;

	buf_init(&value, BUF_RECORD_MAX);
	for (size_t n = 0;; n++) {
		x = formview_form_field(f, n, NULL);
		if (!x)
			break;
		buf_clear(&value);
		if (!x->repeat || !is_empty(f, x) || !last_value(f, x, &value))
			continue;
		formview_set(f, x->name, value.data);
		filled++;
	}
	buf_release(&value);
	return filled;
}

void
formview_same_all(struct formview *f)
{
	size_t filled;
	char *words;

	if (!formview_check_field(f))
		return;
	filled = fill_repeated(f);
	if (filled == 0) {
		formview_say(f, ROLE_TEXT, tr("The record entered last has "
			"nothing more to repeat on this form."));
		return;
	}
	words = mem_printf(tr("Filled as in the record entered last: %zu "
		"fields."), filled);
	formview_say(f, ROLE_GOOD, words);
	free(words);
}
