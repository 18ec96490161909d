/*
 * The accounts that one looks after.
 */
#include "client/screen_people.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/askform.h"
#include "client/askpage.h"
#include "client/screen_code.h"
#include "client/show.h"
#include "core/role.h"

enum { PEOPLE_EDIT = 1, PEOPLE_NEW, PEOPLE_DISABLE, PEOPLE_ENABLE,
	PEOPLE_PASSWORD, PEOPLE_COMPUTERS, PEOPLE_AGREE, PEOPLE_REFUSE };

enum { PEOPLE_CHOICES_MAX = 80, PEOPLE_NAME_CHARS = 20,
	PEOPLE_LOGIN_CHARS = 31 };

static const struct keymap_entry entries[] = {
	{ 'a', PRESS_NONE, PEOPLE_AGREE, TR_MARK("agree"),
	    TR_MARK("Agree, as the second one, to the right that waits."),
	    KEYMAP_ALWAYS },
	{ 'R', PRESS_NONE, PEOPLE_REFUSE, TR_MARK("do not agree"),
	    TR_MARK("Do not agree to it, or take back what one asked for."),
	    KEYMAP_HINT },
	{ PRESS_ENTER, 'e', PEOPLE_EDIT, TR_MARK("change"),
	    TR_MARK("Another name, role or office."), KEYMAP_ALWAYS },
	{ 'n', PRESS_NONE, PEOPLE_NEW, TR_MARK("new"),
	    TR_MARK("Another account; its first password is shown once."),
	    KEYMAP_ALWAYS },
	{ 'D', PRESS_NONE, PEOPLE_DISABLE, TR_MARK("disable"),
	    TR_MARK("Close the account; what was not sent goes into the "
	    "county's quarantine."), KEYMAP_ALWAYS },
	{ 'u', PRESS_NONE, PEOPLE_ENABLE, TR_MARK("enable"),
	    TR_MARK("Open a closed account again."), KEYMAP_HINT },
	{ 'p', PRESS_NONE, PEOPLE_PASSWORD, TR_MARK("password"),
	    TR_MARK("A new first password, for who forgot theirs."),
	    KEYMAP_HINT },
	{ PRESS_TAB, 'c', PEOPLE_COMPUTERS, TR_MARK("computers"),
	    TR_MARK("The computers that they work at."), KEYMAP_ALWAYS },
};

/* The first two stand where something waits; whoever only says who is what has
 * one key more. */
enum { WAITING_KEYS = 2, ALL_KEYS = sizeof entries / sizeof *entries };

static const struct keymap keymaps[2][2] = {
	{ { entries + WAITING_KEYS, 1, &askpage_keymap },
	  { entries + WAITING_KEYS, ALL_KEYS - WAITING_KEYS,
	    &askpage_keymap } },
	{ { entries, WAITING_KEYS + 1, &askpage_keymap },
	  { entries, ALL_KEYS, &askpage_keymap } },
};

static const struct keymap *
people_keys(const struct listpage *p)
{
	const struct askpage *page = (const struct askpage *)(const void *)p;
	bool waits = false;

	for (struct json *j = page->answer ? json_first(json_get(page->answer,
	    "people")) : NULL; j && !waits; j = json_next(j))
		waits = json_get(j, "waits") != NULL;
	return &keymaps[waits][role_may(app_role(p->app), ROLE_PEOPLE)];
}

static void
add_row(struct askpage *p, struct rows_row *row, const struct json *item)
{
	const char *role = json_get_text(item, "role");
	bool disabled = json_is_true(json_get(item, "disabled"));

	(void)p;
	askpage_text(row, 0, item, "name");
	askpage_text(row, 1, item, "user");
	rows_cell(row, 2, role ? role_words(role) : "");
	askpage_text(row, 3, item, "office_name");
	askpage_day(row, 4, item, "seen_at");
	rows_cell(row, 5, json_get(item, "waits") ? tr("not agreed") :
		disabled ? tr("disabled") :
		json_is_true(json_get(item, "initial")) ?
		tr("not begun") : tr("in use"));
	row->role = disabled ? ROLE_DIM : ROLE_TEXT;
}

/* ---- the first password ---- */

static void
show_password(struct app *app, const struct json *answer)
{
	struct buf title, lines;

	buf_init(&title, BUF_LINE_MAX);
	buf_init(&lines, BUF_LINE_MAX);
	buf_printf(&title, tr("First password: %s"), askpage_get(answer, "user"));
	buf_printf(&lines, tr("Login name: %s\n"), askpage_get(answer, "user"));
	buf_printf(&lines, "\n%s\n%s\n", tr("Tell it to this person only, "
		"with its hyphens; it is not shown again."),
		tr("At the first sign-in the person chooses another one."));
	screen_code_push(app, title.data, askpage_get(answer, "password"),
		lines.data);
	buf_release(&title);
	buf_release(&lines);
}

static void
password_made(struct askpage *p, const struct json *answer)
{
	show_password(p->page.app, answer);
}

/* ---- forms ---- */

struct choices {
	struct askform_choice roles[PEOPLE_CHOICES_MAX];
	struct askform_choice offices[PEOPLE_CHOICES_MAX];
	size_t role_count, office_count;
};

static void
list_choices(struct choices *out, const struct json *answer,
	const struct json *item)
{
	const char *now = askpage_get(item, "role");
	bool given = !*now;

	*out = (struct choices){0};
	for (struct json *j = json_first(json_get(answer, "roles")); j &&
	    out->role_count + 1 < PEOPLE_CHOICES_MAX; j = json_next(j)) {
		const char *role = json_text(j);

		if (!role)
			continue;
		out->roles[out->role_count++] = (struct askform_choice){
			role, role_words(role) };
		given = given || strcmp(role, now) == 0;
	}
	/* one that the asker does not give may stay */
	if (!given)
		out->roles[out->role_count++] = (struct askform_choice){
			now, role_words(now) };
	for (struct json *j = json_first(json_get(answer, "offices")); j &&
	    out->office_count < PEOPLE_CHOICES_MAX; j = json_next(j))
		out->offices[out->office_count++] = (struct askform_choice){
			askpage_get(j, "code"), askpage_get(j, "name") };
}

static bool
say_waits(struct askpage *p, const struct json *answer)
{
	bool waits = json_get(answer, "waits") != NULL;

	if (waits)
		view_say(&p->page.app->stack, ROLE_WARN, "%s", tr("It waits: a "
			"second person agrees with a, then it holds."));
	return waits;
}

static void
was_added(void *self, const struct json *answer)
{
	struct askpage *p = self;

	say_waits(p, answer);
	askpage_again(p);
	show_password(p->page.app, answer);
}

static void
was_set(void *self, const struct json *answer)
{
	struct askpage *p = self;

	if (!say_waits(p, answer))
		view_say(&p->page.app->stack, ROLE_GOOD, "%s", tr("Changed; "
			"their computers hear of it at the next sync."));
	askpage_again(p);
}

/* item NULL: a new one. */
static void
push_form(struct askpage *p, const struct json *item)
{
	bool makes = role_may(app_role(p->page.app), ROLE_PEOPLE);
	struct choices c;

	list_choices(&c, p->answer, item);
	if (c.role_count == 0 || c.office_count == 0)
		return;
	const struct askform_field fields[] = {
		{ .name = "name", .label = TR_MARK("Name"),
		  .value = askpage_get(item, "name"), .readonly = !makes,
		  .max_chars = PEOPLE_NAME_CHARS },
		{ .name = "user", .label = TR_MARK("Login name"),
		  .help = TR_MARK("2 to 31 small letters, digits or _ . - and "
		  "never changed later"),
		  .value = askpage_get(item, "user"), .which = item != NULL,
		  .max_chars = PEOPLE_LOGIN_CHARS },
		{ .name = "role", .label = TR_MARK("Role"),
		  .value = item ? askpage_get(item, "role") : c.roles[0].code,
		  .choices = c.roles, .choice_count = c.role_count },
		{ .name = "office", .label = TR_MARK("Office"),
		  .value = item ? askpage_get(item, "office") :
		  c.office_count == 1 ? c.offices[0].code : "",
		  .readonly = !makes,
		  .choices = c.offices, .choice_count = c.office_count },
	};
	askform_push(p->page.app, item ? TR_MARK("Change an account") :
		TR_MARK("New account"), fields,
		sizeof fields / sizeof *fields, item ? "/v1/people/set" :
		"/v1/people/add", item ? was_set : was_added, p);
}

/* ---- acts ---- */

static struct json *
whom(const struct json *item)
{
	struct json *j = json_object();

	json_put_text(j, "user", askpage_get(item, "user"));
	return j;
}

static void
was_opened(struct askpage *p, const struct json *answer)
{
	if (!say_waits(p, answer))
		view_say(&p->page.app->stack, ROLE_GOOD, "%s", tr("Open again; "
			"the person signs in with a line once."));
}

static void
act_on(struct askpage *p, int action, const struct json *item)
{
	const char *path = "/v1/people/password", *good = NULL;
	askpage_done *done = NULL;
	struct buf question, who;

	buf_init(&question, BUF_LINE_MAX);
	buf_init(&who, BUF_LINE_MAX);
	buf_printf(&who, "%s (%s)", askpage_get(item, "name"),
		askpage_get(item, "user"));
	if (action == PEOPLE_DISABLE) {
		buf_printf(&question, tr("Close the account of %s? (y and "
			"Enter)"), who.data);
		path = "/v1/people/disable";
		good = TR_MARK("Closed; what was not sent comes to the county "
			"at the next contact.");
	} else if (action == PEOPLE_ENABLE) {
		buf_printf(&question, tr("Open the account of %s again? (y "
			"and Enter)"), who.data);
		path = "/v1/people/enable";
		done = was_opened;
	} else {
		buf_printf(&question, tr("A new first password for %s? (y "
			"and Enter)"), who.data);
		done = password_made;
	}
	askpage_do(p, question.data, path, whom(item), good, done);
	buf_release(&question);
	buf_release(&who);
}

/* What a second one would agree to: a role, an office, an account that opens. */
static void
print_right(struct buf *out, const struct askpage *p, const struct json *item)
{
	const char *role = askpage_get(item, "waits_role");
	const char *office = askpage_get(item, "waits_office");

	buf_printf(out, "%s (%s)", askpage_get(item, "name"),
		askpage_get(item, "user"));
	if (*role)
		buf_printf(out, " %s", role_words(role));
	for (struct json *j = json_first(json_get(p->answer, "offices")); j;
	    j = json_next(j))
		if (*office && strcmp(askpage_get(j, "code"), office) == 0)
			buf_printf(out, " %s", askpage_get(j, "name"));
	if (!*role && !*office)
		buf_printf(out, " %s", tr("open again"));
}

static void
decide(struct askpage *p, int action, const struct json *item)
{
	struct json *body = whom(item);
	struct buf question, right;
	int64_t request = 0;
	bool agree = action == PEOPLE_AGREE;

	if (!json_get_int(item, "waits", &request)) {
		view_say(&p->page.app->stack, ROLE_WARN, "%s",
			tr("Nothing waits here for a second person."));
		json_free(body);
		return;
	}
	json_put_int(body, "request", request);
	buf_init(&question, BUF_LINE_MAX);
	buf_init(&right, BUF_LINE_MAX);
	print_right(&right, p, item);
	buf_printf(&question, agree ?
		tr("%s, by %s: agree? (y, Enter)") :
		tr("%s, by %s: refuse? (y, Enter)"),
		right.data, show_who(p->page.app, askpage_get(item,
		"asked_by")));
	askpage_do(p, question.data, agree ? "/v1/people/agree" :
		"/v1/people/refuse", body, agree ? TR_MARK("Agreed; it holds, "
		"and their computers hear of it at the next sync.") :
		TR_MARK("Not agreed to; it is as it was."), NULL);
	buf_release(&question);
	buf_release(&right);
}

static void
act_on_one(struct askpage *p, int action, const struct json *item)
{
	if (action == PEOPLE_AGREE || action == PEOPLE_REFUSE)
		decide(p, action, item);
	else if (!json_is_true(json_get(item, "may")))
		view_say(&p->page.app->stack, ROLE_WARN, "%s",
			tr("It is your own account, or of a role that you do "
			"not give."));
	else if (action == PEOPLE_EDIT)
		push_form(p, item);
	else
		act_on(p, action, item);
}

static enum view_answer
people_act(struct askpage *p, int action, const struct json *item)
{
	struct app *app = p->page.app;

	switch (action) {
	case PEOPLE_COMPUTERS:
		screen_devices_push(app);
		return VIEW_CLOSE;
	case PEOPLE_NEW:
		push_form(p, NULL);
		return VIEW_HANDLED;
	default:
		if (item)
			act_on_one(p, action, item);
		return VIEW_HANDLED;
	}
}

static void
people_help(const struct listpage *p, struct buf *out)
{
	(void)p;
	buf_printf(out, "%s\n", tr("Accounts are kept at the county's server: "
		"a head of office looks after those of the office, the county "
		"after all. Nobody changes their own. Each change is noted "
		"with who and whom."));
}

static const struct askpage_kind kind = {
	.page = {
		.keys_of = people_keys,
		.title = TR_MARK("People and computers: people"),
		.empty = TR_MARK("There are no accounts."),
		.columns = { { TR_MARK("Name"), 10, false },
			{ TR_MARK("Login name"), 10, false },
			{ TR_MARK("Role"), 14, false },
			{ TR_MARK("Office"), 16, false },
			{ TR_MARK("Last contact"), 12, false },
			{ TR_MARK("Standing"), 0, false } },
		.title_of = askpage_title,
		.fill = askpage_fill,
		.of_item = { PEOPLE_DISABLE, PEOPLE_ENABLE,
			PEOPLE_PASSWORD, PEOPLE_AGREE, PEOPLE_REFUSE },
		.act = askpage_act,
		.message = askpage_message,
		.help = people_help,
		.release = askpage_release,
	},
	.path = "/v1/people",
	.list = "people",
	.key = "user",
	.row = add_row,
	.act = people_act,
};

void
screen_people_push(struct app *app)
{
	askpage_push(app, mem_alloc(1, sizeof(struct askpage)), &kind);
}
