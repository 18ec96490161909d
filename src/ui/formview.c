/*
 * A form: what a press does, when a record may be saved, what is said.
 */
#include "ui/formview.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "core/value.h"
#include "ui/formview_parts.h"

/* The first field the cursor may stand in, or else the first of all. */
static void
enter_somewhere(struct formview *f)
{
	const struct schema_field *x;

	assert(f->o.reg->field_count > 0);
	f->field = &f->o.reg->fields[0];
	for (size_t page = 0; page < f->o.reg->page_count; page++) {
		for (size_t i = 0;; i++) {
			x = formview_page_field(f, page, i);
			if (!x)
				break;
			if (!formview_goto(f, x->name))
				continue;
			return;
		}
	}
	formview_load(f);
}

struct formview *
formview_new(const struct formview_options *o, const struct record *r)
{
	struct formview *f = mem_alloc(1, sizeof *f);

	f->o = *o;
	f->ref_typed = mem_strdup("");
	record_copy(&f->record, r);
	values_copy(&f->saved, &r->values);
	enter_somewhere(f);
	return f;
}

void
formview_free(struct formview *f)
{
	if (!f)
		return;
	record_release(&f->record);
	values_release(&f->raw);
	values_release(&f->saved);
	faults_release(&f->faults);
	faults_release(&f->asked);
	lineedit_release(&f->edit);
	picker_release(&f->picker);
	prompt_release(&f->prompt);
	free(f->ref_typed);
	free(f->before);
	formview_undo_release(f);
	free(f);
}

/* ---- the record ---- */

/* The record with the texts that are no values, as they were typed. */
static void
record_with_raw(const struct formview *f, struct record *out)
{
	record_copy(out, &f->record);
	for (size_t i = 0; i < f->raw.count; i++)
		values_set(&out->values, f->raw.items[i].name,
		    f->raw.items[i].text);
}

void
formview_record(const struct formview *f, struct record *out)
{
	struct err err = ERR_INIT;
	struct buf text, value;

	record_with_raw(f, out);
	if (!f->typed)
		return;
	buf_init(&text, BUF_RECORD_MAX);
	buf_init(&value, BUF_RECORD_MAX);
	lineedit_get(&text, &f->edit);
	if (value_parse(&value, f->field, text.data, f->o.today, false, &err))
		values_set(&out->values, f->field->name, text.data);
	else
		values_set(&out->values, f->field->name, value.data);
	buf_release(&text);
	buf_release(&value);
}

uint64_t
formview_changes(const struct formview *f)
{
	return f->changes;
}

/* What follows from the rest by itself was not changed by anybody. */
bool
formview_is_changed(const struct formview *f)
{
	struct record now = {0}, was = {0};
	bool same;

	if (!f->typed && f->raw.count == 0
	    && values_equal(&f->record.values, &f->saved))
		return false;
	formview_record(f, &now);
	record_copy(&was, &f->record);
	values_release(&was.values);
	values_copy(&was.values, &f->saved);
	rule_derive(f->o.reg, &now, f->o.today, f->o.world);
	rule_derive(f->o.reg, &was, f->o.today, f->o.world);
	same = values_equal(&now.values, &was.values);
	record_release(&now);
	record_release(&was);
	return !same;
}

void
formview_saved(struct formview *f, const struct record *r)
{
	record_release(&f->record);
	record_copy(&f->record, r);
	values_release(&f->saved);
	values_copy(&f->saved, &r->values);
	values_release(&f->raw);
	formview_load(f);
	formview_undo_release(f);
	formview_undo_entered(f);
}

void
formview_go_on(struct formview *f)
{
	f->edit.marked = false;
}

void
formview_set(struct formview *f, const char *field, const char *text)
{
	const struct schema_field *x = schema_field_find(f->o.reg, field);

	if (!x)
		return;
	formview_store(f, x, text);
	if (x == f->field)
		formview_load(f);
}

const struct schema_field *
formview_field(const struct formview *f)
{
	return f->field;
}

const char *
formview_ref_typed(const struct formview *f)
{
	return f->ref_typed;
}

/* ---- faults ---- */

/* Say what is wrong here, and which of how many it is. */
static void
say_fault(struct formview *f, const struct fault *fault,
    enum formview_sought what)
{
	enum canvas_role role = fault->stop ? ROLE_ALERT : ROLE_WARN;
	size_t at = 0, count = formview_count(f, what, &at);
	char *words;

	if (count < 2 || at == 0) {
		formview_say(f, role, fault->msg);
		return;
	}
	words = mem_printf("%zu/%zu  %s", at, count, fault->msg);
	formview_say(f, role, words);
	free(words);
}

/* Go to the first thing that stops, or the next, and say it; to what is only
 * a warning where nothing stops. */
static bool
show_fault(struct formview *f, bool next)
{
	bool stops = faults_stop(&f->faults);
	enum formview_sought what = stops ? FORMVIEW_STOPPED : FORMVIEW_WARNED;
	const struct fault *fault = NULL;

	if (formview_seek(f, what, next))
		fault = faults_at(&f->faults, f->field->name);
	for (size_t i = 0; !fault && i < f->faults.count; i++)
		if (f->faults.items[i].stop == stops)
			fault = &f->faults.items[i];
	if (fault)
		say_fault(f, fault, what);
	return fault != NULL;
}

void
formview_set_faults(struct formview *f, const struct faults *faults)
{
	faults_release(&f->faults);
	for (size_t i = 0; i < faults->count; i++)
		faults_add(&f->faults, faults->items[i].field,
		    faults->items[i].stop, "%s", faults->items[i].msg);
	(void)show_fault(f, false);
}

/* Texts that are no values stop a save also when no rule looks at them. */
static void
add_raw_faults(struct formview *f)
{
	for (size_t i = 0; i < f->raw.count; i++) {
		const char *name = f->raw.items[i].name;
		const struct schema_field *x = schema_field_find(f->o.reg,
		    name);
		struct err err = ERR_INIT;
		struct buf value;

		buf_init(&value, BUF_RECORD_MAX);
		formview_drop_fault(f, name);
		if (value_parse(&value, x, f->raw.items[i].text, f->o.today,
		    false, &err))
			faults_add(&f->faults, name, true, "%s", err.msg);
		buf_release(&value);
	}
}

static bool
is_on_page(const struct formview *f, const char *name)
{
	const struct schema_field *x;
	size_t n = 0;

	do
		x = formview_form_field(f, n++, NULL);
	while (x && strcmp(x->name, name) != 0);
	return x != NULL;
}

static void
drop_others_faults(struct formview *f)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->faults.count; i++)
		if (is_on_page(f, f->faults.items[i].field))
			f->faults.items[kept++] = f->faults.items[i];
	f->faults.count = kept;
}

static bool
has_fault(const struct faults *in, const struct fault *x)
{
	for (size_t i = 0; i < in->count; i++)
		if (strcmp(in->items[i].field, x->field) == 0
		    && strcmp(in->items[i].msg, x->msg) == 0)
			return true;
	return false;
}

/* What was so when the form began is nothing new, but of a record that nobody
 * has seen yet. */
static void
add_known(struct formview *f)
{
	struct record r = {0};

	if (uuid_is_zero(&f->record.id))
		return;
	record_copy(&r, &f->record);
	values_release(&r.values);
	values_copy(&r.values, &f->saved);
	rule_check(&f->asked, f->o.schema, f->o.reg, &r, f->o.mode,
	    f->o.today, f->o.world);
	record_release(&r);
}

/* A warning is shown before it is saved, once: the next ^S takes it. */
static bool
asks_first(struct formview *f)
{
	struct faults asked = {0};
	const struct fault *first = NULL;
	char *words;

	add_known(f);
	for (size_t i = 0; i < f->faults.count; i++) {
		const struct fault *x = &f->faults.items[i];

		if (!first && !has_fault(&f->asked, x))
			first = x;
		faults_add(&asked, x->field, x->stop, "%s", x->msg);
	}
	faults_release(&f->asked);
	f->asked = asked;
	if (!first)
		return false;
	(void)formview_goto(f, first->field);
	words = f->faults.count == 1
	    ? mem_printf(tr("^S again saves: %s"), first->msg)
	    : mem_printf(tr("%zu warnings (^Y); ^S again saves: %s"),
	    f->faults.count, first->msg);
	formview_say(f, ROLE_WARN, words);
	free(words);
	return true;
}

static enum formview_answer
save(struct formview *f)
{
	struct record r = {0};

	(void)formview_check_field(f);
	formview_load(f);
	rule_derive(f->o.reg, &f->record, f->o.today, f->o.world);
	faults_release(&f->faults);
	record_with_raw(f, &r);
	rule_check(&f->faults, f->o.schema, f->o.reg, &r, f->o.mode,
	    f->o.today, f->o.world);
	faults_forgive(&f->faults, &r, NULL);	/* nobody can type one */
	record_release(&r);
	if (f->o.each)
		drop_others_faults(f);
	add_raw_faults(f);
	if (!faults_stop(&f->faults))
		return asks_first(f) ? FORMVIEW_HANDLED : FORMVIEW_SAVE;
	(void)show_fault(f, false);
	return FORMVIEW_HANDLED;
}

/* ---- presses ---- */

static enum formview_answer
leave(struct formview *f)
{
	if (f->o.readonly || !formview_is_changed(f))
		return FORMVIEW_LEAVE;
	prompt_release(&f->prompt);
	prompt_init(&f->prompt, PROMPT_YES,
	    f->o.shelves ? tr("Not saved: y drops it, d keeps a draft? (and "
	    "Enter)") : tr("Leave and drop what is not saved? (y and Enter)"),
	    1);
	f->doing = FORMVIEW_ASKING;
	return FORMVIEW_HANDLED;
}

static void
move_on(struct formview *f, int by, bool page)
{
	if (!formview_check_field(f))
		return;
	if (page ? formview_step_page(f, by) : formview_step(f, by))
		return;
	formview_load(f);
	if (!page && by > 0 && !f->o.readonly && !f->message[0])
		formview_say(f, ROLE_TEXT,
		    tr("That was the last field; ^S saves."));
}

static enum formview_answer
open_ref(struct formview *f)
{
	if (f->field->type == VT_REF
	    && values_has(&f->record.values, f->field->name))
		return FORMVIEW_OPEN_REF;
	formview_say(f, ROLE_WARN, tr("Nothing to open here."));
	return FORMVIEW_HANDLED;
}

static enum formview_answer
list(struct formview *f)
{
	enum value_type type = f->field->type;

	if (!formview_may_edit(f, f->field))
		formview_say(f, ROLE_WARN, tr("This cannot be changed here."));
	else if (type == VT_CODE || type == VT_REF
	    || formview_is_suggested(f, f->field))
		formview_pick(f, "");
	else if (formview_is_recalled(f, f->field))
		formview_recall(f);
	else
		formview_say(f, ROLE_WARN, tr("This field has no choices."));
	return FORMVIEW_HANDLED;
}

static enum formview_answer
list_faults(struct formview *f)
{
	if (f->faults.count)
		formview_list_faults(f);
	else
		formview_say(f, ROLE_GOOD, tr("Nothing is known to be wrong."));
	return FORMVIEW_HANDLED;
}

void
formview_goto_empty(struct formview *f)
{
	if (!formview_seek(f, FORMVIEW_MISSING, false))
		(void)formview_seek(f, FORMVIEW_EMPTY, false);
}

static enum formview_answer
next_fault(struct formview *f)
{
	(void)formview_check_field(f);
	if (show_fault(f, true))
		return FORMVIEW_HANDLED;
	if (formview_seek(f, FORMVIEW_MISSING, true)) {
		size_t at, count = formview_count(f, FORMVIEW_MISSING, &at);
		char *words = mem_printf(tr("Still to be filled in: %zu."),
		    count);

		formview_say(f, ROLE_TEXT, words);
		free(words);
	} else if (!formview_seek(f, FORMVIEW_EMPTY, true)) {
		formview_say(f, ROLE_GOOD, tr("Nothing is known to be wrong, "
		    "and nothing is empty."));
	}
	return FORMVIEW_HANDLED;
}

static enum formview_answer
act(struct formview *f, int action)
{
	switch (action) {
	case FORM_SAVE:
		return save(f);
	case FORM_LEAVE:
		return leave(f);
	case FORM_NEXT:
		move_on(f, 1, false);
		return FORMVIEW_HANDLED;
	case FORM_BACK:
		move_on(f, -1, false);
		return FORMVIEW_HANDLED;
	case FORM_PAGE_NEXT:
		move_on(f, 1, true);
		return FORMVIEW_HANDLED;
	case FORM_PAGE_BACK:
		move_on(f, -1, true);
		return FORMVIEW_HANDLED;
	case FORM_LIST:
		return list(f);
	case FORM_OPEN:
		return open_ref(f);
	case FORM_FAULTS:
		return list_faults(f);
	case FORM_NEXT_FAULT:
		return next_fault(f);
	case FORM_SAME:
		formview_same(f);
		return FORMVIEW_HANDLED;
	case FORM_SAME_ALL:
		formview_same_all(f);
		return FORMVIEW_HANDLED;
	default:
		return FORMVIEW_IGNORED;
	}
}

static enum formview_answer
press_popup(struct formview *f, const struct press *p)
{
	bool faults = f->doing == FORMVIEW_FAULTS;
	const struct picker_choice *chosen;

	switch (picker_press(&f->picker, p)) {
	case PICKER_HANDLED:
		return FORMVIEW_HANDLED;
	case PICKER_IGNORED:
		return FORMVIEW_IGNORED;
	case PICKER_CLOSED:
		f->doing = FORMVIEW_TYPING;
		picker_release(&f->picker);
		return FORMVIEW_HANDLED;
	case PICKER_CHOSEN:
		break;
	}
	if (!faults)
		return formview_picked(f);
	f->doing = FORMVIEW_TYPING;
	chosen = picker_current(&f->picker);
	if (chosen)
		(void)formview_goto(f, chosen->value);
	picker_release(&f->picker);
	return FORMVIEW_HANDLED;
}

static enum formview_answer
press_question(struct formview *f, const struct press *p)
{
	enum prompt_answer answer = prompt_press(&f->prompt, p);
	bool yes = answer == PROMPT_DONE && prompt_is_yes(&f->prompt);
	bool later = answer == PROMPT_DONE && f->o.shelves &&
	    prompt_is(&f->prompt, 'd');

	if (answer != PROMPT_HANDLED) {
		f->doing = FORMVIEW_TYPING;
		prompt_release(&f->prompt);
	}
	return later ? FORMVIEW_SHELVE : yes ? FORMVIEW_LEAVE
	    : FORMVIEW_HANDLED;
}

/* Keys that a note uses before the form does: lines and pages are entered and
 * walked; at its border they are the form's again. */
static bool
note_first(const struct formview *f, int code)
{
	return f->field->type == VT_NOTE && f->field->rows > 1
	    && formview_may_edit(f, f->field)
	    && (code == PRESS_ENTER || code == PRESS_UP
	    || code == PRESS_DOWN || code == PRESS_PGUP
	    || code == PRESS_PGDN);
}

enum formview_answer
formview_press(struct formview *f, const struct press *p)
{
	int action;

	f->message[0] = '\0';
	if (p->code == PRESS_RESIZE)
		return FORMVIEW_HANDLED;
	if (f->doing == FORMVIEW_ASKING)
		return press_question(f, p);
	if (f->doing != FORMVIEW_TYPING)
		return press_popup(f, p);
	if (note_first(f, p->code)
	    && formview_edit(f, p) == FORMVIEW_HANDLED)
		return FORMVIEW_HANDLED;
	action = keymap_find(formview_keymap(f), p->code);
	if (action && action != FORM_EDIT)
		return act(f, action);
	return formview_edit(f, p);
}
