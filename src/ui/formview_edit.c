/*
 * One field of a form: the text being typed, a choice, yes and no.  A text
 * becomes a value when the cursor leaves.
 */
#include "ui/formview_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "core/idno.h"
#include "core/value.h"

/* Characters when the definition does not say: what the widest typed form of
 * a value needs ("2026年11月22日 9时30分"), a line, a page. */
enum { VALUE_CHARS = 64, TEXT_CHARS = 200, NOTE_CHARS = 4000 };

void
formview_say(struct formview *f, enum canvas_role role, const char *text)
{
	(void)snprintf(f->message, sizeof f->message, "%s", text);
	f->message_role = role;
}

bool
formview_is_suggested(const struct formview *f, const struct schema_field *x)
{
	return x->suggest && f->o.hooks.suggest;
}

bool
formview_is_text(const struct formview *f, const struct schema_field *x)
{
	return x->type != VT_CODE && x->type != VT_REF && x->type != VT_BOOL
	    && !formview_is_suggested(f, x);
}

size_t
formview_most_chars(const struct schema_field *x)
{
	if (x->type != VT_TEXT && x->type != VT_NOTE)
		return VALUE_CHARS;
	if (x->max_chars > 0)
		return (size_t)x->max_chars;
	return x->type == VT_NOTE ? NOTE_CHARS : TEXT_CHARS;
}

void
formview_load(struct formview *f)
{
	const struct schema_field *x = f->field;
	const char *raw = values_get(&f->raw, x->name);
	size_t most = formview_most_chars(x), chars;
	struct buf text;

	free(f->before);
	f->before = NULL;
	lineedit_release(&f->edit);
	f->typed = false;
	if (!formview_is_text(f, x) || !formview_may_edit(f, x))
		return;
	buf_init(&text, BUF_RECORD_MAX);
	if (*raw)
		buf_text(&text, raw);
	else
		value_edit_text(&text, x,
		    values_get(&f->record.values, x->name));
	/* What is longer already is not cut by looking at it. */
	chars = utf8_chars(text.data, text.len);
	lineedit_init(&f->edit, x->type == VT_NOTE ? x->rows : 1, 40,
	    chars > most ? chars : most);
	(void)lineedit_set(&f->edit, text.data);
	if (x->type != VT_NOTE)
		lineedit_mark(&f->edit);
	buf_release(&text);
}

void
formview_drop_fault(struct formview *f, const char *field)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->faults.count; i++)
		if (strcmp(f->faults.items[i].field, field) != 0)
			f->faults.items[kept++] = f->faults.items[i];
	f->faults.count = kept;
}

void
formview_store(struct formview *f, const struct schema_field *x,
    const char *text)
{
	values_set(&f->raw, x->name, NULL);
	values_set(&f->record.values, x->name, text);
	formview_drop_fault(f, x->name);
	rule_derive(f->o.reg, &f->record, f->o.today, f->o.world);
	f->changes++;
}

/* What the rules say of this field now; those of the others wait until they
 * are left or all is saved, because much is still empty. */
static bool
check_rules(struct formview *f)
{
	const char *name = f->field->name;
	struct faults all = {0};
	const struct fault *first;
	bool good;

	rule_check(&all, f->o.schema, f->o.reg, &f->record, f->o.mode,
	    f->o.today, f->o.world);
	for (size_t i = 0; i < all.count; i++)
		if (strcmp(all.items[i].field, name) == 0)
			faults_add(&f->faults, name, all.items[i].stop, "%s",
			    all.items[i].msg);
	first = faults_at(&all, name);
	if (first)
		formview_say(f, first->stop ? ROLE_ALERT : ROLE_WARN,
		    first->msg);
	good = !first || !first->stop;
	faults_release(&all);
	return good;
}

/* The card has 18 digits by now: who enters the old number should look. */
static void
say_if_old(struct formview *f, const char *typed)
{
	char id[IDNO_MAX];
	struct err ignored = ERR_INIT;
	bool old;

	if (f->field->type == VT_IDNO && !f->message[0] &&
	    idno_parse(id, &old, typed, f->o.today, &ignored) == E_OK && old)
		formview_say(f, ROLE_WARN, tr("An old number of 15 digits, "
			"turned into one of 18: compare it with the card."));
}

/* "now" in a field with a time of day: what it is now, as typed. */
static const char *
typed_now(const struct formview *f, const char *typed, struct buf *out)
{
	static const char *const words[] = { "now", "Now", "现在", "此刻",
		"刚才" };

	if (f->field->type != VT_DATETIME || !f->o.hooks.now)
		return typed;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(typed, words[i]) == 0)
			f->o.hooks.now(f->o.hooks.self, out);
	return out->len ? out->data : typed;
}

bool
formview_take(struct formview *f, const char *typed)
{
	const struct schema_field *x = f->field;
	struct err err = ERR_INIT;
	struct buf value, now;
	bool good = true;

	buf_init(&value, BUF_RECORD_MAX);
	buf_init(&now, BUF_LINE_MAX);
	typed = typed_now(f, typed, &now);
	if (value_parse(&value, x, typed, f->o.today, false, &err)) {
		/* Blanks only are nothing. */
		buf_clear(&value);
		utf8_tidy(&value, typed, true);
		good = value.len == 0;
	}
	if (good) {
		formview_store(f, x, value.data);
		f->typed = false;
		good = check_rules(f);
		say_if_old(f, typed);
	} else {
		values_set(&f->raw, x->name, typed);
		values_set(&f->record.values, x->name, NULL);
		formview_drop_fault(f, x->name);
		faults_add(&f->faults, x->name, true, "%s", err.msg);
		formview_say(f, ROLE_ALERT, err.msg);
		f->typed = false;
		f->changes++;
	}
	buf_release(&value);
	buf_release(&now);
	return good;
}

bool
formview_check_field(struct formview *f)
{
	struct buf text;
	bool good;

	if (!f->typed)
		return true;
	buf_init(&text, BUF_RECORD_MAX);
	lineedit_get(&text, &f->edit);
	good = formview_take(f, text.data);
	buf_release(&text);
	return good;
}

static void
show_ref(const struct formview *f, const struct schema_field *x,
    const char *text, struct buf *out)
{
	size_t before = out->len;
	struct uuid id;

	if (!*text)
		return;
	if (f->o.hooks.ref_text && uuid_parse(&id, text))
		f->o.hooks.ref_text(f->o.hooks.self, x->to, &id, out);
	if (out->len == before)
		buf_text(out, tr("(not on this computer)"));
}

void
formview_show(const struct formview *f, const struct schema_field *x,
    struct buf *out)
{
	const char *raw = values_get(&f->raw, x->name);
	const char *text = values_get(&f->record.values, x->name);

	if (f->o.hide_restricted && x->restricted)
		buf_text(out, *text ? "***" : "");
	else if (*raw)
		buf_text(out, raw);
	else if (x->type == VT_REF)
		show_ref(f, x, text, out);
	else if (*text)
		value_show(out, x, text, false);
}

/* ---- presses inside a field ---- */

bool
formview_choose(struct formview *f, const char *text)
{
	bool good = true;
	const struct schema_field *x = f->field;
	char *old = mem_strdup(values_get(&f->record.values, x->name));

	if (strcmp(old, text) == 0) {
		free(old);
		return true;
	}
	formview_store(f, x, text);
	if (*text)
		good = check_rules(f);
	free(f->before);
	f->before = old;
	return good;
}

static bool
erases(int code)
{
	return code == PRESS_BACKSPACE || code == PRESS_DELETE
	    || code == PRESS_CTRL + 'U' || code == PRESS_CTRL + 'D'
	    || code == PRESS_CTRL + 'W' || code == PRESS_CTRL + 'K';
}

static bool
undoes(int code)
{
	return code == PRESS_CTRL + 'Z' || code == PRESS_CTRL + '_'
	    || code == PRESS_ESC;
}

/* A text is mended in the popup, from its end; false: there is none. */
static bool
mend_suggested(struct formview *f)
{
	static const struct press back = { .code = PRESS_BACKSPACE };
	struct buf text;
	bool any;

	buf_init(&text, BUF_LINE_MAX);
	formview_show(f, f->field, &text);
	any = text.len > 0;
	if (any) {
		formview_pick(f, text.data);
		(void)picker_press(&f->picker, &back);
	}
	buf_release(&text);
	return any;
}

/* Back to what was chosen before, ^Z once more to fields left before. */
static void
undo_choice(struct formview *f, const struct press *p)
{
	if (f->before)
		(void)formview_choose(f, f->before);
	else if (p->code != PRESS_ESC)
		(void)formview_undo_back(f);
	if (p->code == PRESS_ESC)
		return;
	free(f->before);
	f->before = NULL;
}

static enum formview_answer
edit_choice(struct formview *f, const struct press *p)
{
	char typed[5] = "";

	if (p->code == PRESS_BACKSPACE && formview_is_suggested(f, f->field)
	    && mend_suggested(f))
		return FORMVIEW_HANDLED;
	if (erases(p->code)) {
		(void)formview_choose(f, "");
		return FORMVIEW_HANDLED;
	}
	if (undoes(p->code)) {
		undo_choice(f, p);
		return FORMVIEW_HANDLED;
	}
	if (p->code == PRESS_PASTE) {
		struct buf text;

		buf_init(&text, BUF_LINE_MAX);
		buf_add(&text, p->text, p->len);
		formview_pick(f, text.data);
		buf_release(&text);
		return FORMVIEW_HANDLED;
	}
	if (!press_is_char(p))
		return FORMVIEW_IGNORED;
	if (p->code != '?' && p->code != ' ')
		typed[utf8_put(typed, (uint32_t)p->code)] = '\0';
	formview_pick(f, typed);
	return FORMVIEW_HANDLED;
}

static enum formview_answer
edit_bool(struct formview *f, const struct press *p)
{
	const char *now = values_get(&f->record.values, f->field->name);

	switch (p->code) {
	case 'y':
	case 'Y':
	case '1':
	case 0x662F:	/* 是 */
		(void)formview_choose(f, "1");
		return FORMVIEW_HANDLED;
	case 'n':
	case 'N':
	case '0':
	case 0x5426:	/* 否 */
		(void)formview_choose(f, "0");
		return FORMVIEW_HANDLED;
	case ' ':
		(void)formview_choose(f, strcmp(now, "1") == 0 ? "0" : "1");
		return FORMVIEW_HANDLED;
	default:
		break;
	}
	if (erases(p->code)) {
		(void)formview_choose(f, "");
		return FORMVIEW_HANDLED;
	}
	if (undoes(p->code)) {
		undo_choice(f, p);
		return FORMVIEW_HANDLED;
	}
	if (!press_is_char(p))
		return FORMVIEW_IGNORED;
	formview_say(f, ROLE_WARN, tr("y yes, n no, Space the other one."));
	return FORMVIEW_HANDLED;
}

void
formview_retype(struct formview *f, const char *text, size_t len)
{
	const struct press p = { .code = PRESS_PASTE, .text = text,
		.len = len };

	lineedit_mark(&f->edit);
	(void)lineedit_press(&f->edit, &p);
	formview_drop_fault(f, f->field->name);
	f->typed = true;
	f->changes++;
}

static enum lineedit_answer
press_text(struct formview *f, const struct press *p)
{
	if (p->code == PRESS_ENTER) {	/* comes here in notes only */
		lineedit_newline(&f->edit);
		return LINEEDIT_CHANGED;
	}
	if (p->code == PRESS_ESC)
		return lineedit_restore(&f->edit) ? LINEEDIT_CHANGED
		    : LINEEDIT_MOVED;
	return lineedit_press(&f->edit, p);
}

static enum formview_answer
edit_text(struct formview *f, const struct press *p)
{
	enum lineedit_answer answer = press_text(f, p);

	if (p->code == PRESS_INSERT && f->edit.overwrite)
		formview_say(f, ROLE_WARN, tr("Typing overwrites now; Ins "
			"ends that."));
	if (undoes(p->code) && p->code != PRESS_ESC &&
	    answer == LINEEDIT_MOVED) {
		(void)formview_undo_back(f);
		return FORMVIEW_HANDLED;
	}
	if (p->code == PRESS_ESC && answer == LINEEDIT_CHANGED)
		formview_say(f, ROLE_TEXT, tr("As it was before; ^Z takes "
			"that back."));
	if (answer == LINEEDIT_REFUSED)
		formview_say(f, ROLE_WARN, f->edit.len >= f->edit.max_chars
		    ? tr("The field is full.")
		    : tr("This character cannot be entered."));
	if (answer == LINEEDIT_CHANGED || p->code == PRESS_PASTE) {
		formview_drop_fault(f, f->field->name);
		f->typed = true;
		f->changes++;
	}
	return answer == LINEEDIT_IGNORED ? FORMVIEW_IGNORED
	    : FORMVIEW_HANDLED;
}

enum formview_answer
formview_edit(struct formview *f, const struct press *p)
{
	if (!formview_may_edit(f, f->field)) {
		if (!press_is_char(p) || p->code == '?')
			return FORMVIEW_IGNORED;
		formview_say(f, ROLE_WARN, tr("This cannot be changed here."));
		return FORMVIEW_HANDLED;
	}
	if (formview_is_text(f, f->field))
		return edit_text(f, p);
	if (f->field->type == VT_BOOL)
		return edit_bool(f, p);
	return edit_choice(f, p);
}
