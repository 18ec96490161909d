/*
 * References of a form: persons by the lookup, others by what their list
 * shows; and what was entered before.
 */
#include "client/refs.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "client/app.h"
#include "client/show.h"
#include "core/pinyin.h"
#include "store/lookup.h"
#include "store/overview.h"
#include "store/recall.h"

static void
ref_text(void *self, const char *reg, const struct uuid *id, struct buf *out)
{
	const struct app *app = self;

	(void)reg;
	if (overview_find(app->cli->store, id))
		show_called(out, app, id);
}

static void
add_found(struct picker *p, const struct app *app, const struct uuid *id,
	bool person)
{
	const struct overview *o = overview_find(app->cli->store, id);
	char text[UUID_TEXT_MAX];
	struct buf words;

	if (!o || o->deleted)
		return;
	buf_init(&words, BUF_LINE_MAX);
	if (person)
		show_person(&words, app, id, false);
	else
		show_called(&words, app, id);
	uuid_print(text, id);
	picker_add(p, text, "", words.data);
	buf_release(&words);
}

static bool
search_lookup(struct app *app, const struct schema_register *reg,
	const char *typed, struct picker *p)
{
	struct lookup_hit *hits = mem_alloc(PICKER_FOUND_MAX * 2,
		sizeof *hits);
	size_t total = 0, n, found = 0;

	n = overview_lookup(hits, PICKER_FOUND_MAX * 2, &total,
		app->cli->store, typed, clock_now_at());
	for (size_t i = 0; i < n && found < PICKER_FOUND_MAX; i++) {
		const struct overview *o = overview_find(app->cli->store,
			&hits[i].id);

		if (!o || o->reg != reg)
			continue;
		add_found(p, app, &hits[i].id, true);
		found++;
	}
	free(hits);
	return found > 0 || *typed;
}

static void
search_list(struct app *app, const struct schema_register *reg,
	const char *typed, struct picker *p)
{
	struct uuid *ids = NULL;
	size_t count = 0;
	struct overview_query q = { .reg = reg, .today = app->today,
		.user = app_login(app), .typed = *typed ? typed : NULL };

	overview_query(&ids, &count, app->cli->store, &q);
	for (size_t i = 0; i < count && i < PICKER_FOUND_MAX; i++)
		add_found(p, app, &ids[i], false);
	free(ids);
}

static void
ref_search(void *self, const char *name, const char *typed, struct picker *p)
{
	struct app *app = self;
	const struct schema_register *reg = schema_register_find(
		app->cli->schema, name);
	bool named = false;

	if (!reg)
		return;
	for (size_t i = 0; i < reg->lookup_count; i++)
		named = named || reg->lookups[i].as == LOOKUP_NAME;
	if (!named || !search_lookup(app, reg, typed, p))
		search_list(app, reg, typed, p);
}

static bool
ref_may_add(void *self, const char *name)
{
	const struct app *app = self;
	const struct schema_register *reg = schema_register_find(
		app->cli->schema, name);

	return reg && show_may_write(app, reg);
}

static void
suggest(void *self, const char *reg, const struct schema_field *field,
	const char *typed, struct picker *p)
{
	const struct app *app = self;
	const char *found[PICKER_FOUND_MAX];
	size_t n = overview_suggest(found, PICKER_FOUND_MAX, app->cli->store,
		reg, field, typed);

	for (size_t i = 0; i < n; i++)
		picker_add(p, found[i], "", found[i]);
}

/* What fits what is typed, the last first. */
static void
recall(void *self, const char *reg, const struct schema_field *field,
	const char *typed, struct picker *p)
{
	const struct app *app = self;
	struct recall_list list = {0};
	struct err ignored = ERR_INIT;

	/* what cannot be read is not offered; the form works without */
	if (recall_texts(&list, app->cli->store, reg, field->name, &ignored))
		return;
	for (size_t i = 0; i < list.count; i++)
		if (!*typed || pinyin_match(list.items[i], typed))
			picker_add(p, list.items[i], "", list.items[i]);
	recall_list_release(&list);
}

static bool
last_value(void *self, const char *name, const struct uuid *own,
	const struct schema_field *field, struct buf *out)
{
	const struct app *app = self;
	const struct schema_register *reg = schema_register_find(
		app->cli->schema, name);
	struct record r = {0};
	struct err none = ERR_INIT;
	struct uuid id;

	if (!reg || recall_last(&id, app->cli->store, reg, own, &none) ||
	    store_get(&r, app->cli->store, &id, &none))
		return false;
	buf_text(out, record_get(&r, field->name));
	record_release(&r);
	return true;
}

static void
now(void *self, struct buf *out)
{
	char text[CLOCK_TEXT_MAX];

	(void)self;
	clock_print(text, clock_believed_at());
	buf_printf(out, "%.10s %.5s", text, text + 11);
}

struct formview_hooks
refs_hooks(struct app *app)
{
	return (struct formview_hooks){ .self = app, .ref_text = ref_text,
		.ref_search = ref_search, .ref_may_add = ref_may_add,
		.suggest = suggest, .recall = recall,
		.last_value = last_value, .now = now };
}

/* What cannot be remembered is typed again. */
void
refs_learn(struct app *app, const struct record *r, const struct record *was)
{
	struct err ignored = ERR_INIT;

	if (recall_learn(app->cli->store, r, was, &ignored))
		return;
}
