/*
 * A record's keys.
 */
#include "client/record_keys.h"

#include "base/tr.h"
#include "client/app.h"

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, RECORD_OPEN, TR_MARK("open"),
	    TR_MARK("Open what the line names, or change its field."),
	    KEYMAP_HINT },
	{ 'e', PRESS_NONE, RECORD_EDIT, TR_MARK("edit"),
	    TR_MARK("Change the record."), KEYMAP_ALWAYS },
	{ 'm', PRESS_NONE, RECORD_MOVE, TR_MARK("move on"),
	    TR_MARK("Move it to another state; what is needed is asked."),
	    KEYMAP_ALWAYS },
	{ 'a', PRESS_INSERT, RECORD_ADD, TR_MARK("add"),
	    TR_MARK("Add an event or another record below this one."),
	    KEYMAP_ALWAYS },
	{ 't', PRESS_NONE, RECORD_MAKE, TR_MARK("turn into"),
	    TR_MARK("Open what this becomes, a case of a lead, filled in."),
	    KEYMAP_QUIET },
	{ 'T', PRESS_NONE, RECORD_MONTH, TR_MARK("tasks"),
	    TR_MARK("The tasks of the month: done, not yet, each with its "
	    "article."), KEYMAP_QUIET },
	{ 'w', PRESS_NONE, RECORD_WHO, TR_MARK("who saw it"),
	    TR_MARK("Who looked at this person's records; for the head of the "
	    "office and the county."), KEYMAP_QUIET },
	{ 'u', PRESS_NONE, RECORD_UNMASK, TR_MARK("id number"),
	    TR_MARK("Show the id number whole, or masked again; that it was "
	    "shown is kept in the trace."), KEYMAP_QUIET },
	{ 'c', PRESS_NONE, RECORD_CONFLICT, TR_MARK("settle"),
	    TR_MARK("Settle what two people entered differently."),
	    KEYMAP_QUIET },
	{ 'd', PRESS_NONE, RECORD_DOSSIER, TR_MARK("file"),
	    TR_MARK("The papers of its file: what is there, what is missing."),
	    KEYMAP_QUIET },
	{ 'h', PRESS_NONE, RECORD_TRAIL, TR_MARK("trail"),
	    TR_MARK("What was entered here, by whom and when."),
	    KEYMAP_HINT },
	{ 'D', PRESS_NONE, RECORD_REMOVE, TR_MARK("withdraw"),
	    TR_MARK("Withdraw the record, with a reason; it stays readable."),
	    KEYMAP_HINT },
	{ 'q', PRESS_CTRL + 'X', RECORD_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_ALWAYS },
	{ PRESS_ESC, PRESS_LEFT, RECORD_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were."), KEYMAP_QUIET },
	{ 'j', PRESS_DOWN, RECORD_DOWN, TR_MARK("down"), TR_MARK("Next line."),
	    KEYMAP_QUIET },
	{ 'k', PRESS_UP, RECORD_UP, TR_MARK("up"), TR_MARK("Line before."),
	    KEYMAP_QUIET },
	{ ' ', PRESS_PGDN, RECORD_PAGE_DOWN, TR_MARK("page down"),
	    TR_MARK("Next page."), KEYMAP_QUIET },
	{ 'b', PRESS_PGUP, RECORD_PAGE_UP, TR_MARK("page up"),
	    TR_MARK("Page before."), KEYMAP_QUIET },
	{ 'g', PRESS_HOME, RECORD_START, TR_MARK("start"),
	    TR_MARK("First line."), KEYMAP_QUIET },
	{ 'G', PRESS_END, RECORD_END, TR_MARK("end"), TR_MARK("Last line."),
	    KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &app_keymap,
};

/* With a question open its key is worth its place on the hint line. */
static const struct keymap_entry asked_entries[] = {
	{ 'c', PRESS_NONE, RECORD_CONFLICT, TR_MARK("settle"),
	    TR_MARK("Settle what two people entered differently."),
	    KEYMAP_ALWAYS },
};

static const struct keymap asked_keymap = {
	asked_entries, sizeof asked_entries / sizeof *asked_entries, &keymap,
};

/* So is that of a record that can become another. */
static const struct keymap_entry makes_entries[] = {
	{ 't', PRESS_NONE, RECORD_MAKE, TR_MARK("turn into"),
	    TR_MARK("Open what this becomes, a case of a lead, filled in."),
	    KEYMAP_ALWAYS },
};

static const struct keymap makes_keymap = {
	makes_entries, sizeof makes_entries / sizeof *makes_entries, &keymap,
};

/* The same three where the record has a file with papers. */
static const struct keymap_entry papers_entries[] = {
	{ 'd', PRESS_NONE, RECORD_DOSSIER, TR_MARK("file"),
	    TR_MARK("The papers of its file: what is there, what is missing."),
	    KEYMAP_ALWAYS },
};

static const struct keymap papers_keymap = {
	papers_entries, sizeof papers_entries / sizeof *papers_entries, &keymap,
};

static const struct keymap asked_papers_keymap = {
	asked_entries, sizeof asked_entries / sizeof *asked_entries,
	&papers_keymap,
};

static const struct keymap makes_papers_keymap = {
	makes_entries, sizeof makes_entries / sizeof *makes_entries,
	&papers_keymap,
};

const struct keymap *
record_keys(bool asked, bool makes, bool papers)
{
	if (asked)
		return papers ? &asked_papers_keymap : &asked_keymap;
	if (makes)
		return papers ? &makes_papers_keymap : &makes_keymap;
	return papers ? &papers_keymap : &keymap;
}
