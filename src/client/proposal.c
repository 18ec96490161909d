/* Proposals as drafts. */
#include "client/proposal.h"

#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/choice.h"
#include "client/due_words.h"
#include "client/made.h"
#include "client/screen_form.h"
#include "client/show.h"
#include "core/schema_make.h"
#include "store/due.h"

/* What happened, in one sentence that the clerk completes. */
static void
tell(struct values *v, const struct due_item *item)
{
	const struct deadline *d = &item->when;
	const char *field = item->rule->propose->facts;
	char on[DATE_TEXT_MAX];
	struct buf text;

	if (!field || !d->cause->absence)
		return;
	buf_init(&text, BUF_LINE_MAX);
	date_print(on, d->cause_on);
	buf_printf(&text, tr("Out of supervision since %s, %d days."), on,
		d->cause_days);
	values_set(v, field, text.data);
	buf_release(&text);
}

static void
fill(struct values *v, const struct app *app, const struct due_item *item)
{
	const struct deadline_propose *p = item->rule->propose;
	const struct schema_register *reg = schema_register_find(
		app->cli->schema, p->reg);
	const struct schema_field *f = p->cause_field ?
		schema_field_find(reg, p->cause_field) : NULL;
	char id[UUID_TEXT_MAX];

	tell(v, item);
	for (size_t i = 0; i < item->when.offer->set.count; i++)
		values_set(v, item->when.offer->set.items[i].name,
			item->when.offer->set.items[i].text);
	uuid_print(id, &item->id);
	values_set(v, reg->parent_field, id);
	uuid_print(id, &item->when.cause_id);
	if (f && f->to && item->when.cause->reg &&
	    strcmp(f->to, item->when.cause->reg) == 0)
		values_set(v, f->name, id);
}

/* The cause knows how a sanction is made of it: what it says goes over, and
 * the two are linked. */
static bool
push_made(struct app *app, const struct due_item *item,
	const struct values *over)
{
	const struct schema_register *cause = item->when.cause->reg ?
		schema_register_find(app->cli->schema, item->when.cause->reg)
		: NULL;

	for (size_t i = 0; cause && i < cause->make_count; i++)
		if (strcmp(cause->makes[i].reg,
		    item->rule->propose->reg) == 0) {
			made_push(app, &item->when.cause_id, i, over);
			return true;
		}
	return false;
}

bool
proposal_push(struct app *app, const struct due_item *item)
{
	const struct schema_register *reg;
	struct values v = {0};

	if (!item->when.offer)
		return false;
	reg = schema_register_find(app->cli->schema, item->rule->propose->reg);
	if (!reg || !show_may_write(app, reg))
		return false;
	fill(&v, app, item);
	if (!push_made(app, item, &v))
		screen_form_push_new(app, reg, &v);
	values_release(&v);
	return true;
}

int
proposal_offer(struct choice *c, const struct app *app, const struct uuid *id,
	int first)
{
	struct due_list list = {0};
	int count = 0;

	due_of_record(&list, app->cli->store, id, app->today);
	for (size_t i = 0; i < list.count; i++)
		if (list.items[i].when.offer) {
			if (c)
				choice_add(c, 0,
					due_words_title(&list.items[i]),
					first + count);
			count++;
		}
	due_release(&list);
	return count;
}

void
proposal_push_of(struct app *app, const struct uuid *id, int i)
{
	struct due_list list = {0};

	due_of_record(&list, app->cli->store, id, app->today);
	for (size_t k = 0; k < list.count; k++)
		if (list.items[k].when.offer && i-- == 0)
			(void)proposal_push(app, &list.items[k]);
	due_release(&list);
}
