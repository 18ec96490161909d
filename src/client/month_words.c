/* Tasks of a month in words. */
#include "client/month_words.h"

#include "base/date.h"
#include "base/tr.h"
#include "client/app.h"
#include "core/record.h"

enum { MONTH_DAY = 5 };		/* "2026-" stands before it */

/* Words of two cells: ticks and crosses are not in every charset. */
void
month_words_cell(struct buf *out, const struct month_cell *cell)
{
	char on[DATE_TEXT_MAX];

	if (cell->mark == MONTH_NONE) {
		buf_char(out, '-');
		return;
	}
	date_print(on, cell->on);
	buf_printf(out, "%s %s", cell->mark == MONTH_DONE ? tr("ok")
		: tr("by"), on[0] ? on + MONTH_DAY : "");
}

enum canvas_role
month_words_role(enum month_mark mark)
{
	switch (mark) {
	case MONTH_LATE:
		return ROLE_ALERT;
	case MONTH_OPEN:
		return ROLE_WARN;
	case MONTH_DONE:
		return ROLE_GOOD;
	default:
		return ROLE_DIM;
	}
}

const char *
month_words_title(const struct deadline_rule *rule)
{
	return label_text(rule->short_title.zh ? &rule->short_title
		: &rule->title);
}

void
month_words_month(struct buf *out, int month_on)
{
	int year, month, day;

	date_to_ymd(month_on, &year, &month, &day);
	buf_printf(out, "%04d-%02d", year, month);
}

const struct schema_register *
month_words_child(const struct app *app, const struct deadline_rule *rule,
	struct values *preset)
{
	if (!rule->last_reg)
		return NULL;
	for (size_t i = 0; i < rule->last_when.count; i++) {
		const struct cond *c = &rule->last_when.items[i];

		if (c->field[0] != '@' && c->value_count &&
		    c->values[0][0] != '@' &&
		    (c->op == COND_EQ || c->op == COND_IN))
			values_set(preset, c->field, c->values[0]);
	}
	return schema_register_find(app->cli->schema, rule->last_reg);
}

int
month_words_step(int month_on, int by, int today)
{
	int year, month, day, this_on;

	date_to_ymd(today, &year, &month, &day);
	this_on = date_from_ymd(year, month, 1);
	month_on = date_add_months(month_on, by);
	return month_on > this_on ? this_on : month_on;
}
