/* Putting reminders aside and bringing them back. */
#include "client/aside_menu.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/choice.h"

static void
chosen(void *self, struct view_stack *s, int value)
{
	struct app *app = self;
	struct app_question *a = &app->asked;
	struct err err = ERR_INIT;

	if (value < 0 || !a->due_count)
		return;
	if (aside_put(app->cli->store, a->due, a->due_count,
	    (enum aside_until)value, app->today, &err)) {
		view_complain(s, &err);
		return;
	}
	view_say(s, ROLE_GOOD, tr("Put aside: %zu; the list of all that is "
		"due shows them."), a->due_count);
	app_look(app);
}

static bool
is_late(const struct due_item *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (items[i].when.state == DEADLINE_LATE)
			return true;
	return false;
}

void
aside_menu_push(struct app *app, const struct due_item *items, size_t count)
{
	struct app_question *a = &app->asked;
	struct choice *c;

	if (!count)
		return;
	free(a->due);
	a->due = mem_alloc(count, sizeof *a->due);
	memcpy(a->due, items, count * sizeof *a->due);
	a->due_count = count;
	c = choice_new(tr("Put aside"));
	choice_add(c, 0, tr("until tomorrow"), ASIDE_TOMORROW);
	choice_add(c, 0, tr("for a week"), ASIDE_WEEK);
	if (!is_late(items, count))
		choice_add(c, 0, tr("until it is late"), ASIDE_LATE);
	(void)choice_push(&app->stack, c, chosen, app);
}

void
aside_menu_drop(struct app *app, const struct due_item *items, size_t count)
{
	struct err err = ERR_INIT;

	if (aside_drop(app->cli->store, items, count, &err)) {
		view_complain(&app->stack, &err);
		return;
	}
	view_say(&app->stack, ROLE_GOOD, "%s", tr("It is back."));
	app_look(app);
}

void
aside_menu_words(struct buf *out, const struct aside *a)
{
	char on[DATE_TEXT_MAX];

	if (a->until_on == DATE_NONE) {
		buf_text(out, tr("Put aside until it is late; + brings it "
			"back."));
		return;
	}
	date_print(on, a->until_on);
	buf_printf(out, tr("Put aside until %s; + brings it back."), on);
}
