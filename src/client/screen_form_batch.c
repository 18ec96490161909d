/*
 * A form whose entry is saved for many records at once.
 */
#include "client/screen_form.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/batch.h"
#include "client/refs.h"
#include "client/screen_batch.h"
#include "client/screen_form_parts.h"
#include "client/show.h"

void
screen_form_batch_title(const struct screen_form *w, struct buf *out)
{
	const struct batch *b = w->batch;

	buf_printf(out, tr("%s: for %zu records"), label_text(b->move
		? &b->move->label : &b->child->one), b->count);
}

static void
say_saved(struct app *app, const struct batch_report *report)
{
	if (report->warned)
		view_say(&app->stack, ROLE_WARN,
			tr("Saved here for %zu records; warnings: %zu."),
			report->count, report->warned);
	else
		view_say(&app->stack, ROLE_GOOD,
			tr("Saved here for %zu records."), report->count);
}

enum view_answer
screen_form_batch_save(struct screen_form *w)
{
	struct app *app = w->app;
	struct batch_report report = {0};
	struct record r = {0};
	struct err err = ERR_INIT;
	enum view_answer answer = VIEW_HANDLED;
	enum status st;

	formview_record(w->form, &r);
	st = batch_save(&report, app->cli->store, w->batch, &r,
		w->drafted ? w->draft : NULL, &err);
	if (!st) {
		say_saved(app, &report);
		refs_learn(app, &r, NULL);
		w->drafted = false;
		app_sync_soon(app);
		answer = VIEW_CLOSE;
	} else if (report.refused) {
		screen_batch_push(app, w->batch, &r, &report, w);
	} else {
		view_complain(&app->stack, &err);
	}
	batch_report_release(&report);
	record_release(&r);
	return answer;
}

void
screen_form_batch_confirmed(struct app *app, struct batch *b)
{
	struct batch_report report = {0};
	struct record nothing = {0};
	struct err err = ERR_INIT;

	if (!batch_save(&report, app->cli->store, b, &nothing, NULL, &err)) {
		say_saved(app, &report);
		app_sync_soon(app);
	} else if (report.refused) {
		screen_batch_push(app, b, &nothing, &report, NULL);
	} else {
		view_complain(&app->stack, &err);
	}
	batch_report_release(&report);
}
