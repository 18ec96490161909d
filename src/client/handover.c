/*
 * The questions before a transfer, and the lines that lead from a record to its
 * transfer and back.
 */
#include "client/handover.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/app_sync.h"
#include "client/offices.h"
#include "client/record_lines.h"
#include "client/show.h"
#include "core/transfer.h"
#include "store/transfer.h"
#include "ui/picker.h"
#include "ui/prompt.h"

bool
handover_may(const struct app *app, const struct schema_register *reg,
	const struct record *r)
{
	const struct schema_register *transfers = schema_register_find(
		app->cli->schema, TRANSFER_REGISTER);
	struct err none = ERR_INIT;

	return transfers && reg->name[0] != '@' && !reg->parent &&
		strcmp(reg->name, "person") != 0 && r->rev > 0 &&
		!r->deleted && schema_may_write(transfers, app_role(app)) &&
		!transfer_need_settled(app->cli->store, r, &none);
}

bool
handover_lets(struct app *app, const struct record *r)
{
	struct err err = ERR_INIT;

	if (!transfer_need_settled(app->cli->store, r, &err))
		return true;
	view_say(&app->stack, ROLE_WARN, "%s", err.msg);
	return false;
}

/* ---- the questions ---- */

static void
reason_given(void *self, struct view_stack *s, const char *text)
{
	struct app *app = self;
	struct app_question *a = &app->asked;
	struct uuid transfer;
	struct err err = ERR_INIT;

	if (!text || !*text)
		return;
	if (transfer_offer(&transfer, app->cli->store, &a->id, a->why, text,
	    &err)) {
		view_complain(s, &err);
		return;
	}
	view_say(s, ROLE_GOOD, "%s", tr("Offered, saved here; it changes hands "
		"when the other office accepts."));
	app_sync_soon(app);
}

static void
office_chosen(void *self, struct view_stack *s, const char *code)
{
	struct app *app = self;
	struct buf name, question;

	if (!code)
		return;
	free(app->asked.why);
	app->asked.why = mem_strdup(code);
	buf_init(&name, BUF_LINE_MAX);
	buf_init(&question, BUF_LINE_MAX);
	offices_name(&name, app->cli->store, code);
	buf_printf(&question, tr("Handed over to %s because:"), name.data);
	prompt_push(s, PROMPT_TEXT, question.data, NULL, reason_given, app);
	buf_release(&name);
	buf_release(&question);
}

void
handover_ask(struct app *app, const struct uuid *record)
{
	const struct overview *o = overview_find(app->cli->store, record);
	struct picker p;

	app->asked.id = *record;
	picker_init(&p, tr("Hand over to"), false, NULL, NULL);
	if (o && offices_pick(&p, app->cli->store, o->office)) {
		picker_push(&app->stack, &p, office_chosen, app);
		return;
	}
	picker_release(&p);
	view_say(&app->stack, ROLE_WARN, "%s", tr("This computer does not know "
		"another office yet; a sync tells it."));
}

/* ---- lines ---- */

static void
add_offer(struct record_lines *l, const struct app *app,
	const struct overview *o)
{
	const char *to = overview_get(o, "to");
	bool ours = strcmp(to, store_user(app->cli->store)->office) == 0;
	struct buf name, text;

	buf_init(&name, BUF_LINE_MAX);
	buf_init(&text, BUF_LINE_MAX);
	offices_name(&name, app->cli->store, ours ? o->office : to);
	buf_printf(&text, ours ? tr("[To be accepted]  from %s, %s; "
		"read-only until answered") : tr("[Offered]  to %s, %s; "
		"read-only until answered"), name.data,
		overview_get(o, "offered_on"));
	record_lines_link(l, ROLE_WARN, text.data, &o->id);
	buf_release(&name);
	buf_release(&text);
}

/* Where the record itself is still, or already, here. */
static void
add_about(struct record_lines *l, const struct app *app,
	const struct record *t)
{
	const struct overview *o;
	struct uuid id;
	struct buf text;

	if (!uuid_parse(&id, record_get(t, "record")))
		return;
	o = overview_find(app->cli->store, &id);
	buf_init(&text, BUF_LINE_MAX);
	if (o && o->reg) {
		buf_printf(&text, "%s%s", label_text(&o->reg->title), tr(": "));
		show_called(&text, app, &id);
		record_lines_link(l, ROLE_TITLE, text.data, &id);
	} else {
		record_lines_text(l, ROLE_DIM, tr("The record is with the other "
			"office; here only this stays."));
	}
	buf_release(&text);
}

void
handover_lines(struct record_lines *l, const struct app *app,
	const struct record *r)
{
	const struct overview *o = transfer_of(app->cli->store, &r->id);

	if (transfer_is(r))
		add_about(l, app, r);
	else if (o)
		add_offer(l, app, o);
}
