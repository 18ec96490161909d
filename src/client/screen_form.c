/*
 * A record being entered or changed.
 *
 * 1. A draft holds what is typed within a second, and goes in the transaction
 *    of the save or when the clerk drops the form.
 * 2. What somebody else saved meanwhile is never overwritten unseen: the first
 *    save then shows it beside the field, the second one decides.
 */
#include "client/screen_form.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/batch.h"
#include "client/carry.h"
#include "client/refs.h"
#include "client/screen_form_parts.h"
#include "client/screen_record.h"
#include "client/show.h"
#include "core/number.h"
#include "core/purpose.h"
#include "store/draft.h"
#include "store/save.h"

static struct screen_form *
of(const struct view *v)
{
	return (struct screen_form *)(uintptr_t)v;
}

static bool
is_new(const struct screen_form *w)
{
	return w->seen.reg[0] == '\0';
}

/* ---- drafts ---- */

static bool
is_unkept(const struct screen_form *w)
{
	return formview_changes(w->form) != w->kept &&
		formview_is_changed(w->form);
}

/* Another window saved or dropped the draft: what is typed here is one of its
 * own from now on, and saving it needs a second thought. */
static void
part_from_draft(struct screen_form *w)
{
	struct uuid key = uuid_new();

	uuid_print(w->draft, &key);
	w->drafted = false;
	w->kept = UINT64_MAX;
}

static bool
is_gone(struct screen_form *w)
{
	bool there = true;
	struct err err = ERR_INIT;

	return w->drafted && !draft_is_there(&there, w->app->cli->store,
		w->draft, &err) && !there;
}

static void
keep(struct screen_form *w)
{
	struct draft d = {0};
	struct err err = ERR_INIT;
	const struct schema_field *f = formview_field(w->form);

	if (!is_unkept(w))
		return;
	if (is_gone(w)) {
		part_from_draft(w);
		w->parted = true;
		view_say(&w->app->stack, ROLE_WARN, "%s",
			tr("This draft was saved or dropped in another "
			"window."));
	}
	memcpy(d.key, w->draft, sizeof d.key);
	formview_record(w->form, &d.record);
	if (w->batch)
		batch_put(&d.record.values, w->batch);
	else if (w->move)
		values_set(&d.record.values, SCREEN_FORM_MOVE, w->move->name);
	if (!is_new(w))
		record_copy(&d.seen, &w->seen);
	d.saved_at = clock_now_at();
	(void)snprintf(d.field, sizeof d.field, "%s", f->name);
	if (draft_put(w->app->cli->store, &d, &err)) {
		view_complain(&w->app->stack, &err);
	} else {
		w->kept = formview_changes(w->form);
		w->drafted = true;
	}
	draft_release(&d);
}

void
screen_form_keep_all(struct app *app)
{
	for (struct screen_form *w = app->forms; w; w = w->outer)
		keep(w);
}

bool
screen_form_is_unkept(const struct app *app)
{
	for (const struct screen_form *w = app->forms; w; w = w->outer)
		if (is_unkept(w))
			return true;
	return false;
}

static void
drop_draft(struct screen_form *w)
{
	struct err err = ERR_INIT;

	if (w->drafted && draft_drop(w->app->cli->store, w->draft, &err))
		view_complain(&w->app->stack, &err);
	w->drafted = false;
}

/* ---- saving ---- */

/* The fields that somebody else and this form gave different values: shown
 * beside them, and from now on the form starts from what stands. */
static void
show_overlap(struct screen_form *w, const struct record *mine)
{
	struct record now = {0};
	struct err err = ERR_INIT;
	struct faults faults = {0};

	if (store_get(&now, w->app->cli->store, &w->seen.id, &err)) {
		view_complain(&w->app->stack, &err);
		return;
	}
	for (size_t i = 0; i < w->reg->field_count; i++) {
		const struct schema_field *f = &w->reg->fields[i];
		const char *theirs = values_get(&now.values, f->name);
		const char *was = values_get(&w->seen.values, f->name);
		const char *here = values_get(&mine->values, f->name);
		struct buf text;

		if (strcmp(theirs, was) == 0 || strcmp(theirs, here) == 0)
			continue;
		if (strcmp(here, was) == 0) {
			formview_set(w->form, f->name, theirs);
			continue;
		}
		buf_init(&text, BUF_RECORD_MAX);
		show_field(&text, w->app, f, theirs, here);
		faults_add(&faults, f->name, false, tr("%s changed this to: "
			"%s. ^S again keeps yours."),
			show_who(w->app, now.updated_by),
			*theirs ? text.data : tr("(emptied)"));
		buf_release(&text);
	}
	record_release(&w->seen);
	w->seen = now;
	formview_set_faults(w->form, &faults);
	view_say(&w->app->stack, ROLE_ALERT, "%s", tr("Somebody changed the "
		"same field meanwhile; nothing is saved yet. ^Y lists it."));
	faults_release(&faults);
}

/* The refused entry is mended by what was saved now. */
static void
put_aside(struct screen_form *w)
{
	struct err err = ERR_INIT;

	if (w->mend_n && outbox_withdraw(w->app->cli->store, w->mend_epoch,
	    w->mend_n, &err))
		view_complain(&w->app->stack, &err);
}

/* What is written on the paper now. */
static void
say_number(struct screen_form *w, const char *saved, const struct record *r)
{
	const char *no = record_get(r, w->reg->number.field);

	if (number_is_provisional(no, NULL))
		view_say(&w->app->stack, ROLE_WARN, tr("%s Provisional number "
			"%s, until the county gives one at a sync."), saved,
			no);
	else
		view_say(&w->app->stack, ROLE_GOOD, tr("%s Number: %s"), saved,
			no);
}

/* A warning that no field was left to show (the number gave the birth date)
 * would otherwise never be seen. */
static void
say_saved(struct screen_form *w, const struct record *r, bool numbered,
	const struct faults *warnings)
{
	const char *saved = w->move ? tr("Moved on, saved here.")
		: tr("Saved here.");

	if (warnings->count > 1)
		view_say(&w->app->stack, ROLE_WARN, tr("%s %s (%zu more on "
			"its page)"), saved, warnings->items[0].msg,
			warnings->count - 1);
	else if (warnings->count)
		view_say(&w->app->stack, ROLE_WARN, "%s %s", saved,
			warnings->items[0].msg);
	else if (numbered)
		say_number(w, saved, r);
	else
		view_say(&w->app->stack, ROLE_GOOD, "%s", saved);
}

/* A step taken back takes nothing back that it told others: people look. */
static void
say_left(struct screen_form *w)
{
	struct buf left;

	buf_init(&left, BUF_LINE_MAX);
	carry_left(&left, w->app->cli->store, &w->seen);
	if (left.len)
		view_say(&w->app->stack, ROLE_WARN, "%s%s",
			tr("Corrected, saved here. "), left.data);
	buf_release(&left);
}

/* Where the clerk goes after a save. */
static enum view_answer
after_save(struct screen_form *w, const struct record *r, bool numbered,
	const struct faults *warnings)
{
	bool new = is_new(w);
	char id[UUID_TEXT_MAX];

	put_aside(w);
	refs_learn(w->app, r, new ? NULL : &w->seen);
	w->drafted = false;
	say_saved(w, r, numbered, warnings);
	if (w->move && w->move->back)
		say_left(w);
	app_sync_soon(w->app);
	if (new && !w->asker)
		w->app->entered = r->id;
	if (w->asker) {
		uuid_print(id, &r->id);
		formview_set(w->asker->form, w->asked, id);
	} else if (new && !w->reg->parent) {
		screen_record_push_new(w->app, &r->id);
	} else if (w->from_drafts) {
		screen_record_push(w->app, &r->id);
	}
	return VIEW_CLOSE;
}

/* What was answered may ask for more than the step did when it began: the
 * cursor goes to the first that was added. */
static void
ask_more(struct screen_form *w, const struct record *r)
{
	struct moveform *f = &w->moveform;
	size_t before = f->field_count;
	const struct schema_page *last;

	if (!w->move || w->batch || before == 0)
		return;
	moveform_ask(f, w->app->cli->schema, w->reg, w->move, r,
		w->app->today, store_world(w->app->cli->store));
	if (f->field_count == before)
		return;
	last = &f->reg.pages[f->reg.page_count - 1];
	for (size_t more = f->field_count - before; more > 0; more--)
		if (more <= last->count && formview_goto(w->form,
		    last->rows[last->count - more].fields[0]->name))
			return;
}

/* What stops the step: it is said in a sentence, and belongs beside the field
 * too. */
static void
add_stopping(const struct screen_form *w, struct save *save)
{
	struct store *s = w->app->cli->store;
	struct faults found = {0};

	rule_check(&found, w->app->cli->schema, w->reg, save->record,
		w->move->submit ? RULE_SUBMIT : RULE_SAVE, w->app->today,
		store_world(s));
	faults_forgive(&found, save->record, NULL);
	rule_check_move(&found, w->app->cli->schema, w->reg, save->record,
		w->move, w->app->today, store_world(s));
	for (size_t i = 0; i < found.count; i++)
		if (found.items[i].stop)
			faults_add(&save->faults, found.items[i].field, true,
				"%s", found.items[i].msg);
	faults_release(&found);
	for (size_t i = 0; i < w->move->need_count; i++) {
		const struct schema_field *f = schema_field_find(w->reg,
			w->move->needs[i]);

		if (f && !faults_at(&save->faults, f->name) &&
		    !values_has(&save->record->values, f->name) &&
		    conds_hold(&f->show_when, save->record, w->app->today, ""))
			faults_add(&save->faults, f->name, true,
				tr("'%s' must be filled in."),
				label_text(&f->label));
	}
}

/* Complaints of the save beside their fields, the sentence on the line. */
static void
refuse(struct screen_form *w, struct save *save, const struct err *err)
{
	if (save->overlapped) {
		show_overlap(w, save->record);
		return;
	}
	if (save->draft_gone)
		part_from_draft(w);
	ask_more(w, save->record);
	if (w->move && !faults_stop(&save->faults))
		add_stopping(w, save);
	if (save->faults.count)
		formview_set_faults(w->form, &save->faults);
	view_complain(&w->app->stack, err);
}

static enum view_answer
save_now(struct screen_form *w)
{
	struct record r = {0};
	struct err err = ERR_INIT;
	struct save save = { .record = &r,
		.seen = is_new(w) ? NULL : &w->seen,
		.draft = w->drafted ? w->draft : NULL };
	enum view_answer answer = VIEW_HANDLED;
	enum status s;

	if (w->parted) {
		w->parted = false;
		view_say(&w->app->stack, ROLE_ALERT, "%s",
			tr("This draft was saved or dropped in another "
			"window."));
		return VIEW_HANDLED;
	}
	formview_record(w->form, &r);
	s = w->move ? carry_move(w->app->cli->store, &save, w->move->to, &err)
		: carry_save(w->app->cli->store, &save, &err);
	if (s) {
		refuse(w, &save, &err);
	} else if (save.unchanged) {
		drop_draft(w);
		put_aside(w);
		view_say(&w->app->stack, ROLE_TEXT, "%s",
			tr("Nothing was changed."));
		answer = VIEW_CLOSE;
	} else {
		formview_saved(w->form, &r);
		answer = after_save(w, &r, save.numbered, &save.faults);
	}
	faults_release(&save.faults);
	record_release(&r);
	return answer;
}

/* ---- a new record for a reference ---- */

/* What was typed to find it is its name, or its number when it has digits. */
static void
preset_typed(struct values *out, const struct schema_register *reg,
	const char *typed)
{
	bool digits = typed[0] && typed[strspn(typed, "0123456789xX")] == '\0';

	for (size_t i = 0; *typed && i < reg->lookup_count; i++) {
		const struct schema_lookup *l = &reg->lookups[i];

		if (l->as != (digits ? LOOKUP_DIGITS : LOOKUP_NAME))
			continue;
		values_set(out, l->field->name, typed);
		return;
	}
}

static void
new_ref(struct screen_form *w)
{
	const struct schema_field *f = formview_field(w->form);
	const struct schema_register *reg = schema_register_find(
		w->app->cli->schema, f->to);
	struct values preset = {0};
	struct record r = {0};
	struct screen_form *inner;

	if (!reg)
		return;
	preset_typed(&preset, reg, formview_ref_typed(w->form));
	/* found by the office that this record is for */
	formview_record(w->form, &r);
	inner = screen_form_begin_new(w->app, reg, &preset, r.office);
	record_release(&r);
	if (inner) {
		inner->asker = w;
		(void)snprintf(inner->asked, sizeof inner->asked, "%s",
			f->name);
	}
	values_release(&preset);
}

static void
open_ref(struct screen_form *w)
{
	struct record r = {0};
	struct uuid id;

	formview_record(w->form, &r);
	if (uuid_parse(&id, values_get(&r.values,
	    formview_field(w->form)->name)))
		screen_record_push(w->app, &id);
	record_release(&r);
}

/* ---- the view ---- */

/* Whose new leave, visit, paper this is. */
static void
new_title(const struct screen_form *w, struct buf *out)
{
	struct record r = {0};
	struct uuid parent;

	buf_printf(out, tr("New: %s"), label_text(&w->reg->one));
	formview_record(w->form, &r);
	if (w->reg->parent && uuid_parse(&parent, values_get(&r.values,
	    w->reg->parent_field))) {
		buf_text(out, "  ");
		show_called(out, w->app, &parent);
	}
	record_release(&r);
}

static void
form_title(const struct view *v, struct buf *out)
{
	const struct screen_form *w = of(v);

	if (w->batch) {
		screen_form_batch_title(w, out);
		return;
	}
	if (is_new(w)) {
		new_title(w, out);
		return;
	}
	if (w->move)
		buf_printf(out, "%s%s", label_text(&w->move->label), tr(": "));
	else
		buf_printf(out, tr("Edit %s: "), label_text(&w->reg->one));
	show_called(out, w->app, &w->seen.id);
}

static void
form_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	formview_paint(of(v)->form, c, body);
}

static enum view_answer
form_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct screen_form *w = of(v);

	(void)s;
	switch (formview_press(w->form, p)) {
	case FORMVIEW_IGNORED:
		return VIEW_IGNORED;
	case FORMVIEW_HANDLED:
		return VIEW_HANDLED;
	case FORMVIEW_SAVE:
		return w->batch ? screen_form_batch_save(w) : save_now(w);
	case FORMVIEW_LEAVE:
		drop_draft(w);
		return VIEW_CLOSE;
	case FORMVIEW_SHELVE:
		keep(w);
		view_say(&w->app->stack, ROLE_GOOD, "%s",
			tr("Kept; the home screen lists forms that are not "
			"finished."));
		return VIEW_CLOSE;
	case FORMVIEW_NEW_REF:
		new_ref(w);
		return VIEW_HANDLED;
	case FORMVIEW_OPEN_REF:
		open_ref(w);
		return VIEW_HANDLED;
	}
	return VIEW_HANDLED;
}

static const struct keymap *
form_keymap(const struct view *v)
{
	return formview_keymap(of(v)->form);
}

static bool
form_may(const struct view *v, int action)
{
	return formview_may(of(v)->form, action);
}

static enum canvas_role
form_message(const struct view *v, struct buf *out)
{
	return formview_message(of(v)->form, out);
}

static void
form_help(const struct view *v, struct buf *out)
{
	const struct screen_form *w = of(v);
	const struct schema_field *f = formview_field(w->form);

	buf_printf(out, "%s", label_text(&f->label));
	if (f->help.zh)
		buf_printf(out, "%s%s", tr(": "), label_text(&f->help));
	buf_char(out, '\n');
	if (f->purpose > 0)
		buf_printf(out, tr("Kept %s.\n"), purpose_text(f->purpose));
	buf_printf(out, "%s\n", tr("Dates: 20260305, 3-5, 0305, 5, today as . or "
		"今天, 昨天, +7, +2w, +3m, mon, last fri. Times: 9:30, 0930, "
		"now. Money: 8000, 8万. Choices: the code, initials or a part "
		"of the words."));
	buf_printf(out, "%s\n", tr("A filled field is marked when the cursor "
		"comes: typing replaces it, a cursor key mends it."));
	if (w->reg->law)
		buf_printf(out, tr("Law: %s\n"), w->reg->law);
}

static void
take_off(struct screen_form *w)
{
	struct screen_form **at = &w->app->forms;

	while (*at && *at != w)
		at = &(*at)->outer;
	if (*at)
		*at = w->outer;
}

static void
form_free(struct view *v)
{
	struct screen_form *w = of(v);

	take_off(w);
	formview_free(w->form);
	moveform_release(&w->moveform);
	record_release(&w->seen);
	batch_free(w->batch);
	free(w);
}

const struct view_ops screen_form_ops = {
	.title = form_title,
	.paint = form_paint,
	.press = form_press,
	.keymap = form_keymap,
	.may = form_may,
	.message = form_message,
	.help = form_help,
	.free = form_free,
};
