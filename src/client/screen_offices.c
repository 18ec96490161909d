/*
 * The offices, each below its county, city and province.
 */
#include "client/screen_people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/askform.h"
#include "client/askpage.h"

enum { OFFICES_RENAME = 1, OFFICES_NEW, OFFICES_PEOPLE };

enum { OFFICES_CODE_CHARS = 19, OFFICES_NAME_CHARS = 30, DEPTH_MAX = 3 };

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, 'e', OFFICES_RENAME, TR_MARK("rename"),
	    TR_MARK("Another name; the code stays for good."),
	    KEYMAP_ALWAYS },
	{ 'n', PRESS_NONE, OFFICES_NEW, TR_MARK("new"),
	    TR_MARK("Another office."), KEYMAP_ALWAYS },
	{ PRESS_TAB, 'c', OFFICES_PEOPLE, TR_MARK("people"),
	    TR_MARK("The people again."), KEYMAP_ALWAYS },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &askpage_keymap,
};

static const char *
kind_of(const char *code, bool above)
{
	size_t len = strlen(code);

	return !above ? tr("an office") : len == 2 ? tr("a province") :
		len == 4 ? tr("a city") : tr("the county");
}

/* Each stands below what its code begins with. */
static void
add_row(struct askpage *p, struct rows_row *row, const struct json *item)
{
	const char *text = json_get_text(item, "code");
	char code[OFFICES_CODE_CHARS + 2 * DEPTH_MAX + 1];
	int64_t depth = 0;

	(void)p;
	(void)json_get_int(item, "depth", &depth);
	depth = depth < 0 ? 0 : depth < DEPTH_MAX ? depth : DEPTH_MAX;
	snprintf(code, sizeof code, "%*s%.19s", 2 * (int)depth, "",
		text ? text : "");
	rows_cell(row, 0, code);
	askpage_text(row, 1, item, "name");
	rows_cell(row, 2, kind_of(text ? text : "",
		json_is_true(json_get(item, "county"))));
}

static void
was_done(void *self, const struct json *answer)
{
	struct askpage *p = self;

	(void)answer;
	view_say(&p->page.app->stack, ROLE_GOOD, "%s",
		tr("Done; the computers hear of it at the next sync."));
	askpage_again(p);
}

/* item NULL: a new one. */
static void
push_form(struct askpage *p, const struct json *item)
{
	const char *path = item ? "/v1/offices/rename" : "/v1/offices/add";
	const struct askform_field fields[] = {
		{ .name = "code", .label = TR_MARK("Code"),
		  .help = TR_MARK("2 to 19 digits, letters or hyphens, as the "
		  "division code; never changed later"),
		  .value = json_get_text(item, "code"),
		  .which = item != NULL, .max_chars = OFFICES_CODE_CHARS },
		{ .name = "name", .label = TR_MARK("Name of the office"),
		  .value = json_get_text(item, "name"),
		  .max_chars = OFFICES_NAME_CHARS },
	};

	askform_push(p->page.app, item ? TR_MARK("Rename an office") :
		TR_MARK("New office"), fields, sizeof fields / sizeof *fields,
		path, was_done, p);
}

static enum view_answer
offices_act(struct askpage *p, int action, const struct json *item)
{
	struct app *app = p->page.app;

	switch (action) {
	case OFFICES_PEOPLE:
		screen_people_push(app);
		return VIEW_CLOSE;
	case OFFICES_NEW:
		if (p->answer)
			push_form(p, NULL);
		return VIEW_HANDLED;
	default:
		if (item)
			push_form(p, item);
		return VIEW_HANDLED;
	}
}

static const struct askpage_kind kind = {
	.page = {
		.keys = &keymap,
		.title = TR_MARK("People and computers: offices"),
		.empty = TR_MARK("There are no offices."),
		.columns = { { TR_MARK("Code"), 20, false },
			{ TR_MARK("Name of the office"), 40, false },
			{ TR_MARK("Kind"), 0, false } },
		.title_of = askpage_title,
		.fill = askpage_fill,
		.act = askpage_act,
		.message = askpage_message,
		.release = askpage_release,
	},
	.path = "/v1/people",
	.list = "offices",
	.key = "code",
	.row = add_row,
	.act = offices_act,
};

void
screen_offices_push(struct app *app)
{
	askpage_push(app, mem_alloc(1, sizeof(struct askpage)), &kind);
}
