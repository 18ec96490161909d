/*
 * The keys of a form and what is said of them: the hint line and the help line
 * name what works in the field with the cursor.
 */
#include "ui/formview_parts.h"

#include "base/tr.h"
#include "base/utf8.h"

enum { HELP_CELLS = 79 };	/* of the narrowest window */

static const struct keymap_entry save_entries[] = {
	{ PRESS_CTRL + 'S', PRESS_NONE, FORM_SAVE, TR_MARK("save"),
	    TR_MARK("Check everything and save."), KEYMAP_ALWAYS },
};

/* Something is wrong: going there has its place on the hint line. */
static const struct keymap_entry mend_entries[] = {
	{ PRESS_CTRL + 'N', PRESS_NONE, FORM_NEXT_FAULT, TR_MARK("next fault"),
	    TR_MARK("Go to the next thing that stops the save, or that it "
	    "warns of."), KEYMAP_ALWAYS },
};

static const struct keymap_entry choice_entries[] = {
	{ PRESS_CTRL + 'T', PRESS_F4, FORM_LIST, TR_MARK("list"),
	    TR_MARK("List the choices of this field; typing a code, "
	    "initials or a part of the words finds one."), KEYMAP_HINT },
};

static const struct keymap_entry recall_entries[] = {
	{ PRESS_CTRL + 'T', PRESS_F4, FORM_LIST, TR_MARK("used before"),
	    TR_MARK("What was entered in this field before, the last first; "
	    "typing finds one."), KEYMAP_HINT },
};

#define SAME_ENTRY { PRESS_CTRL + 'D', PRESS_NONE, FORM_SAME, \
	    TR_MARK("same"), \
	    TR_MARK("The same as in the record entered last."), KEYMAP_HINT }

/* A form with fields that repeat. */
static const struct keymap_entry again_entries[] = {
	SAME_ENTRY,
	{ PRESS_CTRL + 'C', PRESS_NONE, FORM_SAME_ALL, TR_MARK("same all"),
	    TR_MARK("Fill what repeats (place, mediator, unit) and is empty "
	    "here from the record entered last."), KEYMAP_HINT },
};

static const struct keymap_entry edit_entries[] = {
	SAME_ENTRY,
	{ PRESS_CTRL + 'Z', PRESS_CTRL + '_', FORM_EDIT, TR_MARK("undo"),
	    TR_MARK("Undo in this field, step by step, then in those left "
	    "before."), KEYMAP_HINT },
	{ PRESS_ESC, PRESS_NONE, FORM_EDIT, TR_MARK("undo all"),
	    TR_MARK("The field as it was when the cursor came; ^Z takes "
	    "that back."), KEYMAP_QUIET },
	{ PRESS_CTRL + 'N', PRESS_NONE, FORM_NEXT_FAULT, TR_MARK("next empty"),
	    TR_MARK("Go to the next thing that is wrong; else to what must "
	    "still be filled in, else to what is empty."),
	    KEYMAP_QUIET },
	{ PRESS_CTRL + 'T', PRESS_F4, FORM_LIST, TR_MARK("list"),
	    TR_MARK("The choices of a field that has some, or what was "
	    "entered in it before."), KEYMAP_QUIET },
	{ PRESS_CTRL + 'Y', PRESS_NONE, FORM_FAULTS, TR_MARK("to mend"),
	    TR_MARK("List everything that is wrong, and go there."),
	    KEYMAP_QUIET },
	{ PRESS_CTRL + 'U', PRESS_NONE, FORM_EDIT, TR_MARK("empty"),
	    TR_MARK("Empty the field."), KEYMAP_QUIET },
	{ PRESS_CTRL + 'K', PRESS_NONE, FORM_EDIT, TR_MARK("cut"),
	    TR_MARK("Erase to the end of the line."), KEYMAP_QUIET },
	{ PRESS_CTRL + 'W', PRESS_NONE, FORM_EDIT, TR_MARK("word"),
	    TR_MARK("Erase the word before the cursor."), KEYMAP_QUIET },
	{ PRESS_CTRL + 'A', PRESS_NONE, FORM_EDIT, TR_MARK("start"),
	    TR_MARK("To the start of the text; Home: of the line."),
	    KEYMAP_QUIET },
	{ PRESS_CTRL + 'E', PRESS_NONE, FORM_EDIT, TR_MARK("end"),
	    TR_MARK("To the end of the text; End: of the line."),
	    KEYMAP_QUIET },
	{ PRESS_CTRL + 'B', PRESS_WORD_LEFT, FORM_EDIT, TR_MARK("word left"),
	    TR_MARK("To the start of the word."), KEYMAP_QUIET },
	{ PRESS_CTRL + 'V', PRESS_WORD_RIGHT, FORM_EDIT, TR_MARK("word right"),
	    TR_MARK("To the start of the next word."), KEYMAP_QUIET },
};

static const struct keymap_entry entries[] = {
	{ PRESS_CTRL + 'X', PRESS_NONE, FORM_LEAVE, TR_MARK("leave"),
	    TR_MARK("Leave the form; asks when something is not saved."),
	    KEYMAP_ALWAYS },
	{ PRESS_TAB, PRESS_DOWN, FORM_NEXT, TR_MARK("next"),
	    TR_MARK("Next field."), KEYMAP_HINT },
	{ PRESS_ENTER, PRESS_NONE, FORM_NEXT, TR_MARK("next"),
	    TR_MARK("Next field; in a note Enter begins a new line."),
	    KEYMAP_QUIET },
	{ PRESS_CTRL + 'P', PRESS_UP, FORM_BACK, TR_MARK("previous"),
	    TR_MARK("Field before."), KEYMAP_HINT },
	{ PRESS_BACKTAB, PRESS_NONE, FORM_BACK, TR_MARK("previous"),
	    TR_MARK("Field before."), KEYMAP_QUIET },
	{ PRESS_CTRL + 'F', PRESS_PGDN, FORM_PAGE_NEXT, TR_MARK("next page"),
	    TR_MARK("Next page of the form; in a long note PgDn goes through "
	    "its text first."), KEYMAP_ALWAYS },
	{ PRESS_CTRL + 'R', PRESS_PGUP, FORM_PAGE_BACK, TR_MARK("page back"),
	    TR_MARK("Page before."), KEYMAP_HINT },
	{ PRESS_CTRL + 'O', PRESS_NONE, FORM_OPEN, TR_MARK("open"),
	    TR_MARK("Open the record this field refers to."), KEYMAP_QUIET },
	{ PRESS_CTRL + 'G', PRESS_F1, FORM_HELP, TR_MARK("help"),
	    TR_MARK("This page."), KEYMAP_ALWAYS },
};

#define TABLE(items, next) { items, sizeof items / sizeof *items, next }

static const struct keymap read_keymap = TABLE(entries, NULL);

/* Behind ^S stand: ^N if something is wrong; ^T as the field has it; ^C if the
 * form repeats; the rest. */
enum { PLAIN, CHOICES, RECALLED, KINDS };

static const struct keymap edit_keymap = TABLE(edit_entries, &read_keymap);
static const struct keymap again_keymap = TABLE(again_entries, &edit_keymap);

#define KIND_TABLES(rest) { { NULL, 0, rest }, \
	TABLE(choice_entries, rest), TABLE(recall_entries, rest) }
#define CHAINS(items, tables) { { TABLE(items, &tables[0][PLAIN]), \
	TABLE(items, &tables[0][CHOICES]), \
	TABLE(items, &tables[0][RECALLED]) }, \
	{ TABLE(items, &tables[1][PLAIN]), \
	TABLE(items, &tables[1][CHOICES]), \
	TABLE(items, &tables[1][RECALLED]) } }

static const struct keymap kind_keymaps[2][KINDS] = {
	KIND_TABLES(&edit_keymap), KIND_TABLES(&again_keymap),
};
static const struct keymap mend_keymaps[2][KINDS] =
    CHAINS(mend_entries, kind_keymaps);
static const struct keymap keymaps[2][2][KINDS] = {
	CHAINS(save_entries, kind_keymaps), CHAINS(save_entries, mend_keymaps),
};

static bool
repeats(const struct formview *f)
{
	const struct schema_field *x;
	size_t n = 0;

	do
		x = formview_form_field(f, n++, NULL);
	while (x && !x->repeat);
	return x != NULL;
}

static int
kind_of(const struct formview *f)
{
	const struct schema_field *x = f->field;

	if (!formview_may_edit(f, x))
		return PLAIN;
	if (x->type == VT_CODE || x->type == VT_REF
	    || formview_is_suggested(f, x))
		return CHOICES;
	return formview_is_recalled(f, x) ? RECALLED : PLAIN;
}

const struct keymap *
formview_keymap(const struct formview *f)
{
	if (f->doing == FORMVIEW_ASKING)
		return &prompt_keymap;
	if (f->doing != FORMVIEW_TYPING)
		return picker_keymap(&f->picker);
	return f->o.readonly ? &read_keymap
	    : &keymaps[f->faults.count > 0][repeats(f)][kind_of(f)];
}

bool
formview_may(const struct formview *f, int action)
{
	return (action != FORM_PAGE_NEXT && action != FORM_PAGE_BACK)
	    || f->o.reg->page_count > 1;
}

/* What the type of the field says when its definition gives no help. */
static const char *
standard_help(const struct formview *f)
{
	if (!formview_may_edit(f, f->field))
		return "";
	if (formview_is_suggested(f, f->field))
		return tr("Type hanzi or initials, Enter takes the first; Up "
		    "and Enter takes it as typed");
	switch (f->field->type) {
	case VT_DATE:
		return tr("Date: 20260315, 3-15, 0315, 15, today \".\", +7, "
		    "mon, last fri");
	case VT_DATETIME:
		return tr("3-15 9:30, mon 14:00, 0930 (today), now: date and "
		    "time of day");
	case VT_CODE:
		return f->field->multi
		    ? tr("Type a code, initials or words; several may be "
		    "marked with Space")
		    : tr("Type a code, initials or words; ? lists all");
	case VT_REF:
		return tr("Type a name, initials or number; ? lists all");
	case VT_BOOL:
		return tr("y yes, n no");
	case VT_MONEY:
		return tr("Yuan: 2641.50, 8万");
	case VT_NOTE:
		return tr("Enter begins a new line, Tab leaves the field");
	default:
		return "";
	}
}

/* What the definition says, and how a day may be typed where it fits. */
static void
own_help(const struct formview *f, struct buf *out)
{
	const char *help = label_text(&f->field->help), *more = NULL;

	buf_text(out, help);
	if (!formview_may_edit(f, f->field))
		return;
	if (f->field->type == VT_DATE)
		more = tr("3-15, 0315, today \".\", +7, mon");
	else if (f->field->type == VT_DATETIME)
		more = tr("3-15 9:30, 0930, now");
	if (more && utf8_cells(help) + 2 + utf8_cells(more) <= HELP_CELLS)
		buf_printf(out, "  %s", more);
}

enum canvas_role
formview_message(const struct formview *f, struct buf *out)
{
	const struct fault *fault = faults_at(&f->faults, f->field->name);

	if (f->message[0]) {
		buf_text(out, f->message);
		return f->message_role;
	}
	if (fault) {
		buf_text(out, fault->msg);
		return fault->stop ? ROLE_ALERT : ROLE_WARN;
	}
	if (f->field->help.zh)
		own_help(f, out);
	else
		buf_text(out, standard_help(f));
	return ROLE_DIM;
}
