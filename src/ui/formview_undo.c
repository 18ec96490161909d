/*
 * Undo beyond a field: what fields held when the cursor came to them, for as
 * long as the form is open.  A field that was left unchanged leaves nothing.
 */
#include "ui/formview_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "core/value.h"

enum { LEFT_MAX = 64 };		/* fields; the oldest is forgotten */

/* The field's text as it is edited, or its value as stored where it is chosen;
 * owned by the caller. */
static char *
text_of(const struct formview *f, const struct schema_field *x)
{
	const char *raw = values_get(&f->raw, x->name);
	const char *value = values_get(&f->record.values, x->name);
	struct buf text;

	buf_init(&text, BUF_RECORD_MAX);
	if (*raw)
		buf_text(&text, raw);
	else if (formview_is_text(f, x))
		value_edit_text(&text, x, value);
	else
		buf_text(&text, value);
	return buf_take(&text);
}

static void
forget(struct formview *f, size_t i)
{
	free(f->left[i].text);
	f->left_count--;
	memmove(&f->left[i], &f->left[i + 1],
	    (f->left_count - i) * sizeof *f->left);
}

void
formview_undo_release(struct formview *f)
{
	while (f->left_count)
		forget(f, f->left_count - 1);
	free(f->left);
	free(f->entered);
	f->left = NULL;
	f->entered = NULL;
}

void
formview_undo_left(struct formview *f)
{
	char *now;

	if (!f->field || !f->entered)
		return;
	now = text_of(f, f->field);
	if (strcmp(now, f->entered) != 0) {
		if (f->left_count == LEFT_MAX)
			forget(f, 0);
		f->left = mem_resize(f->left, f->left_count + 1,
		    sizeof *f->left);
		f->left[f->left_count++] = (struct formview_left){ f->field,
			f->entered };
		f->entered = NULL;
	}
	free(now);
}

void
formview_undo_entered(struct formview *f)
{
	free(f->entered);
	f->entered = text_of(f, f->field);
}

/* Where the cursor is now. */
static void
put_back(struct formview *f, const char *text)
{
	if (formview_is_text(f, f->field)) {
		(void)lineedit_set(&f->edit, text);
		formview_drop_fault(f, f->field->name);
		f->typed = true;
		f->changes++;
	} else {
		formview_store(f, f->field, text);
	}
	free(f->entered);
	f->entered = mem_strdup(text);
}

bool
formview_undo_back(struct formview *f)
{
	while (f->left_count) {
		struct formview_left last = f->left[f->left_count - 1];
		bool there;

		f->left_count--;
		there = formview_goto(f, last.field->name);
		if (there)
			put_back(f, last.text);
		free(last.text);
		if (there) {
			formview_say(f, ROLE_TEXT, tr("This field is as it was "
			    "before; ^Z goes back further."));
			return true;
		}
	}
	formview_say(f, ROLE_TEXT, tr("Nothing more to undo."));
	return false;
}
