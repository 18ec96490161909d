/* Deadlines in words, for the command line and the screens. */
#include "client/due_words.h"

#include <string.h>

#include "base/date.h"
#include "base/tr.h"
#include "client/show.h"
#include "store/due.h"
#include "store/overview.h"

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

	if (item->when.cause && item->when.cause->absence) {
		buf_printf(out, tr("%d days gone"), item->when.cause_days);
	} else if (item->when.offer) {
		buf_text(out, tr("proposed"));
	} else if (item->when.minute != DEADLINE_ALL_DAY &&
	    item->when.on == today) {
		buf_printf(out, tr("until %02d:%02d"), item->when.minute / 60,
			item->when.minute % 60);
	} else {
		date_print(on, item->when.on);
		show_days(out, on, today);
	}
}

const char *
due_words_title(const struct due_item *item)
{
	return label_text(deadline_title(item->rule, &item->when));
}

void
due_words_article(struct buf *out, const struct deadline_rule *rule)
{
	buf_text(out, label_text(&rule->article));
	if (rule->local)
		buf_text(out, tr(" (local term)"));
}

void
due_words_why(struct buf *out, const struct due_item *item)
{
	if (item->when.offer)
		buf_text(out, label_text(&item->when.offer->article));
	else
		due_words_article(out, item->rule);
}

/* A record below a subject is called after the subject too. */
static bool
names_parent(const struct schema_register *reg)
{
	size_t len = strlen(reg->parent_field);

	for (size_t i = 0; i < reg->title_count; i++)
		if (strncmp(reg->title_paths[i], reg->parent_field, len) == 0)
			return true;
	return false;
}

void
due_words_whose(struct buf *out, const struct store *s,
	const struct due_item *item)
{
	const struct overview *o = overview_find(s, &item->id);
	const struct overview *up;
	size_t start = out->len;

	if (!o)
		return;
	up = o->reg->parent && !names_parent(o->reg) ?
		overview_find(s, &o->parent) : NULL;
	if (up)
		overview_called(out, s, up);
	if (out->len > start)
		buf_char(out, ' ');
	overview_called(out, s, o);
	if (out->len == start)
		buf_text(out, label_text(&o->reg->one));
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
