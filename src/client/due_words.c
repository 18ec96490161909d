/* Deadlines in words, for the command line and the screens. */
#include "client/due_words.h"

#include "base/date.h"
#include "base/tr.h"
#include "client/show.h"
#include "store/due.h"

void
due_words_day(struct buf *out, const struct due_item *item)
{
	char on[DATE_TEXT_MAX];

	date_print(on, item->when.on);
	buf_printf(out, "%s%s", item->when.approximate ? "\xe2\x89\x88" : "",
		on);
}

void
due_words_left(struct buf *out, const struct due_item *item, int today)
{
	char on[DATE_TEXT_MAX];

	date_print(on, item->when.on);
	show_days(out, on, today);
}

void
due_words_article(struct buf *out, const struct deadline_rule *rule)
{
	buf_text(out, label_text(&rule->article));
	if (rule->local)
		buf_text(out, tr(" (local term)"));
}

const char *
due_words_state(enum deadline_state state)
{
	switch (state) {
	case DEADLINE_LATE:
		return tr("Late");
	case DEADLINE_TODAY:
		return tr("Due today");
	default:
		return tr("Due soon");
	}
}

enum canvas_role
due_words_role(enum deadline_state state)
{
	switch (state) {
	case DEADLINE_LATE:
		return ROLE_ALERT;
	case DEADLINE_TODAY:
		return ROLE_WARN;
	default:
		return ROLE_TEXT;
	}
}
