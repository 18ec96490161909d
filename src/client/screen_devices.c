/*
 * The computers that one looks after.
 */
#include "client/screen_people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/askpage.h"
#include "client/screen_code.h"
#include "core/role.h"
#include "ui/helpview.h"
#include "ui/picker.h"
#include "ui/prompt.h"

enum { DEVICES_OPEN = 1, DEVICES_CODE, DEVICES_REVOKE, DEVICES_ALLOW,
	DEVICES_ERASE, DEVICES_GIVE, DEVICES_NEXT };

enum { DEVICES_NUMBER_MAX = 24, DEVICES_WHICH_MAX = 160 };

/* The page, and which computer the open question is about. */
struct devices {
	struct askpage ask;		/* first */
	char id[UUID_TEXT_MAX], office[RECORD_OFFICE_MAX];
	char number[DEVICES_NUMBER_MAX];	/* "D07" */
	char which[DEVICES_WHICH_MAX];		/* "D07 FQ-PC-01" */
	bool at_once;
};

static const struct keymap_entry entries[] = {
	{ PRESS_ENTER, PRESS_RIGHT, DEVICES_OPEN, TR_MARK("more"),
	    TR_MARK("All that is known of the computer."), KEYMAP_HINT },
	{ 'n', PRESS_NONE, DEVICES_CODE, TR_MARK("new"),
	    TR_MARK("A code that registers one computer, once."),
	    KEYMAP_ALWAYS },
	{ 'R', PRESS_NONE, DEVICES_REVOKE, TR_MARK("revoke"),
	    TR_MARK("Refuse it from now on and lock its data; may be taken "
	    "back."), KEYMAP_ALWAYS },
	{ 'u', PRESS_NONE, DEVICES_ALLOW, TR_MARK("take back"),
	    TR_MARK("Take a revocation back."), KEYMAP_HINT },
	{ 'E', PRESS_NONE, DEVICES_ERASE, TR_MARK("erase"),
	    TR_MARK("Order it to destroy its data, for good, after what was "
	    "not sent has come to the county."), KEYMAP_ALWAYS },
	{ PRESS_TAB, 'c', DEVICES_NEXT, TR_MARK("people"),
	    TR_MARK("The next list: offices for the county, people."),
	    KEYMAP_ALWAYS },
	{ 'o', PRESS_NONE, DEVICES_GIVE, TR_MARK("move"),
	    TR_MARK("It stands in another office from now on: the first "
	    "one's records leave it at its next sync."), KEYMAP_HINT },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &askpage_keymap,
};

/* Whoever has one office moves nothing: without the last key. */
static const struct keymap office_keymap = {
	entries, sizeof entries / sizeof *entries - 1, &askpage_keymap,
};

static const struct keymap *
devices_keys(const struct listpage *p)
{
	return role_reach(app_role(p->app)) == ROLE_REACH_COUNTY ? &keymap :
		&office_keymap;
}

static int64_t
int_of(const struct json *item, const char *member)
{
	int64_t n = 0;

	return json_get_int(item, member, &n) ? n : 0;
}

static void
print_number(char out[DEVICES_NUMBER_MAX], const struct json *item)
{
	(void)snprintf(out, DEVICES_NUMBER_MAX, "D%02lld",
		(long long)int_of(item, "number"));
}

/* ---- the rows ---- */

static const struct {
	const char *word, *words;
	enum canvas_role role;
} standings[] = {
	{ "in use", TR_MARK("in use"), ROLE_TEXT },
	{ "revoked", TR_MARK("revoked"), ROLE_DIM },
	{ "to erase", TR_MARK("to be erased"), ROLE_WARN },
	{ "erased", TR_MARK("erased"), ROLE_DIM },
};

static void
put_standing(struct buf *out, enum canvas_role *role, const struct json *item)
{
	const char *word = askpage_get(item, "standing");
	int64_t aside = int_of(item, "aside");

	*role = ROLE_TEXT;
	for (size_t i = 0; i < sizeof standings / sizeof *standings; i++)
		if (strcmp(standings[i].word, word) == 0) {
			buf_text(out, tr(standings[i].words));
			*role = standings[i].role;
		}
	if (aside)
		buf_printf(out, tr(", %lld in quarantine"), (long long)aside);
}

static void
add_row(struct askpage *p, struct rows_row *row, const struct json *item)
{
	char number[DEVICES_NUMBER_MAX];
	struct buf text;

	(void)p;
	print_number(number, item);
	rows_cell(row, 0, number);
	askpage_text(row, 1, item, "label");
	askpage_text(row, 2, item, "office_name");
	askpage_text(row, 3, item, "user_name");
	askpage_day(row, 4, item, "seen_at");
	buf_init(&text, BUF_LINE_MAX);
	put_standing(&text, &row->role, item);
	rows_cell(row, 5, text.data);
	buf_release(&text);
}

static void
put_time(struct buf *out, const char *words, int64_t at)
{
	char text[CLOCK_TEXT_MAX];

	clock_print(text, at);
	buf_printf(out, "%s%s", words, tr(": "));
	if (at)
		buf_printf(out, "%.10s %.5s\n", text, text + 11);
	else
		buf_printf(out, "%s\n", tr("never"));
}

static void
put_fact(struct buf *out, const char *words, const char *fact)
{
	buf_printf(out, "%s%s%s\n", words, tr(": "), fact);
}

/* All of it, as a page. */
static void
show_one(struct app *app, const struct json *item)
{
	const char *user = askpage_get(item, "user");
	enum canvas_role role;
	struct buf text, fact;

	buf_init(&text, BUF_LINE_MAX);
	buf_init(&fact, BUF_LINE_MAX);
	buf_printf(&fact, "D%02lld  %s", (long long)int_of(item, "number"),
		askpage_get(item, "label"));
	put_fact(&text, tr("Computer"), fact.data);
	put_fact(&text, tr("Office"), askpage_get(item, "office_name"));
	buf_clear(&fact);
	put_standing(&fact, &role, item);
	put_fact(&text, tr("Standing"), fact.data);
	buf_clear(&fact);
	if (user[0])
		buf_printf(&fact, "%s (%s)", askpage_get(item, "user_name"), user);
	else
		buf_text(&fact, "-");
	put_fact(&text, tr("Used last by"), fact.data);
	put_time(&text, tr("Last contact"), int_of(item, "seen_at"));
	put_time(&text, tr("Registered"), int_of(item, "enrolled_at"));
	buf_clear(&fact);
	buf_printf(&fact, "%lld", (long long)int_of(item, "epoch") - 1);
	put_fact(&text, tr("Times its numbers began anew"), fact.data);
	put_fact(&text, tr("Identifier"), askpage_get(item, "device"));
	if (strcmp(askpage_get(item, "standing"), "erased") != 0 &&
	    strcmp(askpage_get(item, "standing"), "in use") != 0)
		buf_printf(&text, "\n%s\n", tr("What was entered there after "
			"the last contact is still on it, and comes into the "
			"county's quarantine at the next one."));
	view_push(&app->stack, helpview_new(tr("Computer"), text.data));
	buf_release(&text);
	buf_release(&fact);
}

/* ---- a code ---- */

static void
show_code(struct askpage *p, const struct json *answer)
{
	struct app *app = p->page.app;
	const char *made = askpage_get(answer, "code");
	struct store_device d = {0};
	struct err err = ERR_INIT;
	struct buf title, lines, code;
	size_t half = strlen(made) / 2;

	buf_init(&title, BUF_LINE_MAX);
	buf_init(&lines, BUF_LINE_MAX);
	buf_init(&code, BUF_LINE_MAX);
	buf_printf(&title, tr("Code for one computer: %s"),
		askpage_get(answer, "office_name"));
	buf_printf(&code, "%.*s-%s", (int)half, made, made + half);
	buf_printf(&lines, tr("It registers one computer, once, within %lld "
		"hours.\n"), (long long)int_of(answer, "hours"));
	put_time(&lines, tr("Good until"), int_of(answer, "until"));
	if (!store_device_get(&d, app->cli->store, &err))
		buf_printf(&lines, "\n%s\n\n    fengqiao enroll %s \\\n"
			"        --code %s --cacert ca.pem\n",
			tr("On that computer:"), d.server, code.data);
	screen_code_push(app, title.data, code.data, lines.data);
	crypto_wipe(&d, sizeof d);
	crypto_wipe(code.data, code.len);
	crypto_wipe(lines.data, lines.len);
	buf_release(&title);
	buf_release(&lines);
	buf_release(&code);
}

static void
make_code(struct askpage *p, const char *office)
{
	struct json *body = json_object();

	json_put_text(body, "office", office);
	askpage_do(p, NULL, "/v1/devices/code", body, NULL, show_code);
}

static void
office_taken(void *self, struct view_stack *s, const char *value)
{
	(void)s;
	if (value)
		make_code(self, value);
}

static void
ask_code(struct askpage *p)
{
	const struct json *offices = json_get(p->answer, "offices");
	struct picker picker;

	if (json_count(offices) == 1) {
		make_code(p, askpage_get(json_first(offices), "code"));
		return;
	}
	if (json_count(offices) == 0)
		return;
	picker_init(&picker, tr("For which office?"), false, NULL, NULL);
	for (struct json *j = json_first(offices); j; j = json_next(j))
		picker_add(&picker, askpage_get(j, "code"), "",
			askpage_get(j, "name"));
	picker_push(&p->page.app->stack, &picker, office_taken, p);
}

/* ---- acts ---- */

static void
act_on(struct devices *w, int action)
{
	struct json *body = json_object();
	struct buf question;

	buf_init(&question, BUF_LINE_MAX);
	buf_printf(&question, action == DEVICES_REVOKE ?
		tr("Revoke %s? (y and Enter)") :
		tr("Allow %s again? (y and Enter)"), w->which);
	json_put_text(body, "device", w->id);
	if (action == DEVICES_REVOKE)
		askpage_do(&w->ask, question.data, "/v1/devices/revoke", body,
			TR_MARK("Revoked; what was not sent comes to the "
			"county at the next contact."), NULL);
	else
		askpage_do(&w->ask, question.data, "/v1/devices/allow", body,
			TR_MARK("Allowed again."), NULL);
	buf_release(&question);
}

/* ---- another office ---- */

static void
given_to(void *self, struct view_stack *s, const char *code)
{
	struct devices *w = self;
	const char *name = code;
	struct json *body;
	struct buf question;

	(void)s;
	if (!code)
		return;
	for (struct json *j = json_first(json_get(w->ask.answer, "offices"));
	    j; j = json_next(j))
		if (strcmp(askpage_get(j, "code"), code) == 0)
			name = askpage_get(j, "name");
	body = json_object();
	json_put_text(body, "device", w->id);
	json_put_text(body, "office", code);
	buf_init(&question, BUF_LINE_MAX);
	buf_printf(&question, tr("Move %s to %s? (y and Enter)"), w->which,
		name);
	askpage_do(&w->ask, question.data, "/v1/devices/give", body,
		TR_MARK("Moved: at its next sync, by somebody of that office, "
		"the first one's records leave it."), NULL);
	buf_release(&question);
}

static void
ask_office(struct devices *w)
{
	struct view_stack *s = &w->ask.page.app->stack;
	const struct json *offices = json_get(w->ask.answer, "offices");
	struct picker picker;

	if (json_count(offices) < 2) {
		view_say(s, ROLE_WARN, "%s", tr("There is no other office "
			"that it could stand in."));
		return;
	}
	picker_init(&picker, tr("To which office?"), false, NULL, NULL);
	for (struct json *j = json_first(offices); j; j = json_next(j))
		if (strcmp(askpage_get(j, "code"), w->office) != 0)
			picker_add(&picker, askpage_get(j, "code"), "",
				askpage_get(j, "name"));
	picker_push(s, &picker, given_to, w);
}

/* ---- the order to erase ---- */

/* Not said by a key: the computer's number is typed. */
static void
number_typed(void *self, struct view_stack *s, const char *text)
{
	struct devices *w = self;
	struct json *body;

	if (!text)
		return;
	if (strcmp(text, w->number) != 0 && (text[0] != 'd' ||
	    strcmp(text + 1, w->number + 1) != 0)) {
		view_say(s, ROLE_WARN, tr("Nothing was ordered: %s was not "
			"typed."), w->number);
		return;
	}
	body = json_object();
	json_put_text(body, "device", w->id);
	if (w->at_once)
		json_put_bool(body, "at_once", true);
	askpage_do(&w->ask, NULL, "/v1/devices/erase", body, w->at_once ?
		TR_MARK("Ordered: at its next contact it obeys at once.") :
		TR_MARK("Ordered: at its next contact it hands over what was "
		"not sent, then it obeys."), NULL);
}

static void
way_taken(void *self, struct view_stack *s, const char *way)
{
	struct devices *w = self;
	struct buf question;

	if (!way)
		return;
	w->at_once = strcmp(way, "at_once") == 0;
	buf_init(&question, BUF_LINE_MAX);
	buf_printf(&question, tr("Destroy all data on %s for good? Type %s: "),
		w->which, w->number);
	prompt_push(s, PROMPT_TEXT, question.data, NULL, number_typed, w);
	buf_release(&question);
}

static void
ask_way(struct devices *w)
{
	struct picker picker;

	picker_init(&picker, tr("Destroy its data: how?"), false, NULL, NULL);
	picker_add(&picker, "after", "", tr("It hands over first what was not "
		"sent"));
	picker_add(&picker, "at_once", "", tr("At once, it was stolen: what "
		"was not sent is lost"));
	picker_push(&w->ask.page.app->stack, &picker, way_taken, w);
}

static void
act_on_one(struct devices *w, int action, const struct json *item)
{
	(void)snprintf(w->id, sizeof w->id, "%s", askpage_get(item, "device"));
	(void)snprintf(w->office, sizeof w->office, "%s",
		askpage_get(item, "office"));
	print_number(w->number, item);
	(void)snprintf(w->which, sizeof w->which, "%s %s", w->number,
		askpage_get(item, "label"));
	if (action == DEVICES_GIVE)
		ask_office(w);
	else if (action == DEVICES_ERASE)
		ask_way(w);
	else
		act_on(w, action);
}

static enum view_answer
devices_act(struct askpage *p, int action, const struct json *item)
{
	struct app *app = p->page.app;

	switch (action) {
	case DEVICES_NEXT:
		if (role_reach(app_role(app)) == ROLE_REACH_COUNTY)
			screen_offices_push(app);
		else
			screen_people_push(app);
		return VIEW_CLOSE;
	case DEVICES_CODE:
		ask_code(p);
		return VIEW_HANDLED;
	default:
		if (item && action == DEVICES_OPEN)
			show_one(app, item);
		else if (item)
			act_on_one((struct devices *)(void *)p, action, item);
		return VIEW_HANDLED;
	}
}

static const struct askpage_kind kind = {
	.page = {
		.keys_of = devices_keys,
		.title = TR_MARK("People and computers: computers"),
		.empty = TR_MARK("No computer is registered."),
		.columns = { { TR_MARK("No."), 4, false },
			{ TR_MARK("Computer"), 12, false },
			{ TR_MARK("Office"), 16, false },
			{ TR_MARK("Used by"), 8, false },
			{ TR_MARK("Last contact"), 12, false },
			{ TR_MARK("Standing"), 0, false } },
		.title_of = askpage_title,
		.fill = askpage_fill,
		.of_item = { DEVICES_REVOKE, DEVICES_ALLOW,
			DEVICES_ERASE, DEVICES_GIVE },
		.act = askpage_act,
		.message = askpage_message,
		.release = askpage_release,
	},
	.path = "/v1/devices",
	.list = "devices",
	.key = "device",
	.row = add_row,
	.act = devices_act,
};

void
screen_devices_push(struct app *app)
{
	struct devices *w = mem_alloc(1, sizeof *w);

	askpage_push(app, &w->ask, &kind);
}
