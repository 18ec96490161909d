/*
 * A form for the server.  The widget wants a definition, so one is made of the
 * fields and read like any other.
 */
#include "client/askform.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "core/schema_make.h"
#include "ui/formview.h"

#define ASKFORM_REGISTER "asked"

struct askform {
	struct view view;		/* first */
	struct app *app;
	struct schema *schema;		/* owned; of this one register */
	const struct schema_register *reg;
	struct formview *form;		/* owned */
	struct values seen;		/* as it began */
	const struct schema_field *which;	/* NULL: it is new */
	const char *path;		/* borrowed */
	void (*done)(void *self, const struct json *answer);
	void *self;
};

static struct askform *
of(const struct view *v)
{
	return (struct askform *)(uintptr_t)v;
}

/* ---- the definition ---- */

static struct json *
label(const char *words)
{
	struct json *j = json_object();

	json_put_text(j, "zh", words);
	json_put_text(j, "en", words);
	return j;
}

static struct json *
list_of(struct json *only)
{
	struct json *j = json_array();

	json_push(j, only);
	return j;
}

static struct json *
field_json(const struct askform_field *f)
{
	struct json *j = json_object();

	json_put_text(j, "name", f->name);
	json_put(j, "label", label(tr(f->label)));
	json_put_text(j, "type", f->choices ? "code" : "text");
	if (f->choices)
		json_put_text(j, "codes", f->name);
	else
		json_put_int(j, "max_chars", f->max_chars);
	if (f->help)
		json_put(j, "help", label(tr(f->help)));
	if (f->readonly || f->which)
		json_put_bool(j, "readonly", true);
	else
		json_put_text(j, "need", "save");
	return j;
}

static struct json *
register_json(const char *title, const struct askform_field *fields,
	size_t count)
{
	struct json *j = json_object(), *all = json_array();
	struct json *page = json_object(), *rows = json_array();
	struct json *list = json_object(), *column = json_object();

	json_put_text(j, "register", ASKFORM_REGISTER);
	json_put_int(j, "version", 1);
	json_put_int(j, "order", 1);
	json_put(j, "title", label(tr(title)));
	json_put(j, "one", label(tr(title)));
	json_put(j, "called", list_of(json_string(fields[0].name)));
	json_put(j, "write", list_of(json_string("clerk")));
	for (size_t i = 0; i < count; i++) {
		struct json *f = field_json(&fields[i]);

		/* what a record is called stands in its overview */
		json_put_bool(f, "overview", i == 0);
		json_push(all, f);
		json_push(rows, list_of(json_string(fields[i].name)));
	}
	json_put(j, "fields", all);
	json_put_text(column, "path", fields[0].name);
	json_put_int(column, "cells", 0);
	json_put(list, "columns", list_of(column));
	json_put(list, "sort", list_of(json_string(fields[0].name)));
	json_put(list, "filters", json_array());
	json_put(j, "list", list);
	json_put(page, "page", label(tr(title)));
	json_put(page, "rows", rows);
	json_put(j, "form", list_of(page));
	return j;
}

static struct json *
codes_json(const struct askform_field *f)
{
	struct json *j = json_object(), *items = json_array();

	json_put_text(j, "codes", f->name);
	json_put(j, "title", label(tr(f->label)));
	for (size_t i = 0; i < f->choice_count; i++) {
		struct json *item = label(f->choices[i].words);

		json_put_text(item, "code", f->choices[i].code);
		json_push(items, item);
	}
	json_put(j, "items", items);
	return j;
}

static void
add_file(struct def_file *file, const char *path, struct json *j)
{
	struct buf text;

	buf_init(&text, BUF_RECORD_MAX);
	json_print(&text, j);
	json_free(j);
	file->path = path;
	file->len = text.len;
	file->text = buf_take(&text);
}

static enum status
make(struct askform *w, const char *title, const struct askform_field *fields,
	size_t count, struct err *err)
{
	struct def_file files[ASKFORM_FIELDS_MAX + 1];
	char paths[ASKFORM_FIELDS_MAX][64];
	struct complaints complaints = {0};
	size_t n = 0;
	enum status s;

	for (size_t i = 0; i < count; i++) {
		if (!fields[i].choices)
			continue;
		(void)snprintf(paths[n], sizeof paths[n], "codes/%s.json",
			fields[i].name);
		add_file(&files[n], paths[n], codes_json(&fields[i]));
		n++;
	}
	add_file(&files[n++], "registers/" ASKFORM_REGISTER ".json",
		register_json(title, fields, count));
	s = schema_load(&w->schema, files, n, &complaints, err);
	complaints_release(&complaints);
	for (size_t i = 0; i < n; i++)
		free((char *)(uintptr_t)files[i].text);
	if (!s)
		w->reg = schema_register_find(w->schema, ASKFORM_REGISTER);
	return s;
}

/* ---- sending ---- */

static void
answered(void *self, enum app_ask_end end, const struct json *answer,
	const char *said)
{
	struct askform *w = self;
	struct app *app = w->app;
	void (*done)(void *self, const struct json *answer) = w->done;
	void *whose = w->self;

	if (end != APP_ASK_GOOD) {
		view_say(&app->stack, ROLE_WARN, "%s", end == APP_ASK_OFFLINE ?
			tr("There is no line to the county's server; nothing "
			"is kept here.") : said);
		return;
	}
	view_drop(&app->stack, &w->view);
	done(whose, answer);
}

/* Is this one to be sent: all of what is new, else what was changed. */
static bool
is_sent(const struct askform *w, const struct schema_field *f,
	const char *value)
{
	return f == w->which || (!f->readonly && (!w->which ||
		strcmp(value, values_get(&w->seen, f->name)) != 0));
}

static enum view_answer
send(struct askform *w)
{
	struct json *body = json_object();
	struct record r = {0};
	struct err err = ERR_INIT;
	struct buf text;
	size_t sent = 0;

	formview_record(w->form, &r);
	for (size_t i = 0; i < w->reg->field_count; i++) {
		const struct schema_field *f = &w->reg->fields[i];
		const char *value = values_get(&r.values, f->name);

		if (is_sent(w, f, value))
			json_put_text(body, f->name, value);
		sent += f != w->which && is_sent(w, f, value);
	}
	record_release(&r);
	buf_init(&text, BUF_RECORD_MAX);
	json_print(&text, body);
	json_free(body);
	if (sent == 0)
		view_say(&w->app->stack, ROLE_TEXT, "%s",
			tr("Nothing was changed."));
	else if (app_ask_start(w->app, w->path, text.data, answered, w, &err))
		view_complain(&w->app->stack, &err);
	buf_release(&text);
	return sent == 0 ? VIEW_CLOSE : VIEW_HANDLED;
}

/* ---- the view ---- */

static void
form_title(const struct view *v, struct buf *out)
{
	buf_text(out, label_text(&of(v)->reg->title));
}

static void
form_paint(struct view *v, struct canvas *c, const struct canvas_area *body)
{
	formview_paint(of(v)->form, c, body);
}

static enum view_answer
form_press(struct view *v, struct view_stack *s, const struct press *p)
{
	struct askform *w = of(v);

	(void)s;
	/* what is on its way is neither changed nor sent twice */
	if (app_ask_waits(w->app, w))
		return VIEW_HANDLED;
	switch (formview_press(w->form, p)) {
	case FORMVIEW_IGNORED:
		return VIEW_IGNORED;
	case FORMVIEW_LEAVE:
		return VIEW_CLOSE;
	case FORMVIEW_SAVE:
		return send(w);
	default:
		return VIEW_HANDLED;
	}
}

static const struct keymap *
form_keymap(const struct view *v)
{
	return formview_keymap(of(v)->form);
}

static bool
form_may(const struct view *v, int action)
{
	return formview_may(of(v)->form, action);
}

static enum canvas_role
form_message(const struct view *v, struct buf *out)
{
	if (!app_ask_waits(of(v)->app, of(v)))
		return formview_message(of(v)->form, out);
	buf_text(out, tr("Asking the county's server."));
	return ROLE_DIM;
}

static void
form_free(struct view *v)
{
	struct askform *w = of(v);

	app_ask_forget(w->app, w);
	formview_free(w->form);
	values_release(&w->seen);
	schema_free(w->schema);
	free(w);
}

static const struct view_ops ops = {
	.title = form_title,
	.paint = form_paint,
	.press = form_press,
	.keymap = form_keymap,
	.may = form_may,
	.message = form_message,
	.free = form_free,
};

void
askform_push(struct app *app, const char *title,
	const struct askform_field *fields, size_t count, const char *path,
	void (*done)(void *self, const struct json *answer), void *self)
{
	struct askform *w = mem_alloc(1, sizeof *w);
	struct record r = {0};
	struct err err = ERR_INIT;

	if (make(w, title, fields, count, &err)) {
		view_complain(&app->stack, &err);
		free(w);
		return;
	}
	w->view.ops = &ops;
	w->app = app;
	w->path = path;
	w->done = done;
	w->self = self;
	(void)snprintf(r.reg, sizeof r.reg, "%s", ASKFORM_REGISTER);
	for (size_t i = 0; i < count; i++) {
		const char *value = fields[i].value ? fields[i].value : "";

		if (*value)
			values_set(&r.values, fields[i].name, value);
		values_set(&w->seen, fields[i].name, value);
		if (fields[i].which)
			w->which = schema_field_find(w->reg, fields[i].name);
	}
	w->form = formview_new(&(struct formview_options){
		.schema = w->schema, .reg = w->reg, .today = app->today,
		.user = app_login(app), .mode = RULE_SAVE }, &r);
	record_release(&r);
	view_push(&app->stack, &w->view);
}
