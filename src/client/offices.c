/*
 * Which offices there are is known from the streams that this cache follows,
 * and from what the server told; what they are called, from their profiles
 * (register office), else from the same.
 */
#include "client/offices.h"

#include <stdlib.h>
#include <string.h>

#include "base/tr.h"
#include "base/uuid.h"
#include "client/app.h"
#include "client/screen_form.h"
#include "core/pinyin.h"
#include "core/role.h"
#include "core/wire.h"
#include "store/apply.h"
#include "store/office_names.h"
#include "store/overview.h"
#include "ui/picker.h"

bool
offices_are_many(const struct store *s)
{
	const struct store_user *u = store_user(s);

	return u && (strncmp(u->role, "county_", 7) == 0 ||
		strcmp(u->role, ROLE_CITY) == 0);
}

static const struct overview *
next_profile(const struct store *s, size_t *i)
{
	while (*i < overview_count(s)) {
		const struct overview *o = overview_at(s, (*i)++);

		if (o && o->reg && !o->deleted &&
		    strcmp(o->reg_name, "office") == 0)
			return o;
	}
	return NULL;
}

void
offices_name(struct buf *out, const struct store *s, const char *code)
{
	const struct overview *o;
	const char *told = office_names_find(s, code);
	size_t i = 0;

	for (o = next_profile(s, &i); o; o = next_profile(s, &i)) {
		const char *name = overview_get(o, "name");

		if (strcmp(o->office, code) == 0 && name[0]) {
			buf_text(out, name);
			return;
		}
	}
	buf_text(out, told ? told : code);
}

/* "990101001/gen" is the stream of 990101001. */
static bool
office_of_stream(char out[RECORD_OFFICE_MAX], const char *stream)
{
	size_t len = strcspn(stream, "/");

	if (len == 0 || len >= RECORD_OFFICE_MAX ||
	    strcmp(stream + len, "/gen") != 0)
		return false;
	memcpy(out, stream, len);
	out[len] = '\0';
	return true;
}

/* Among those that the server told: the code, or a name or its beginning. */
static bool
find_told(char out[RECORD_OFFICE_MAX], const struct store *s, const char *text)
{
	size_t count, fits = 0;
	const struct office_name *list = office_names(&count, s), *found = NULL;

	for (size_t i = 0; i < count; i++) {
		int fit = pinyin_match(list[i].name, text);

		if (strcmp(list[i].code, text) == 0) {
			memcpy(out, list[i].code, RECORD_OFFICE_MAX);
			return true;
		}
		if (fit == 1 || fit == 2) {
			found = &list[i];
			fits++;
		}
	}
	if (fits != 1)
		return false;
	memcpy(out, found->code, RECORD_OFFICE_MAX);
	return true;
}

bool
offices_find(char out[RECORD_OFFICE_MAX], struct store *s, const char *text)
{
	struct wire_hello hello = {0};
	struct err err = ERR_INIT;
	const struct overview *o, *found = NULL;
	size_t i = 0, fits = 0;

	if (!apply_hello(&hello, s, &err)) {
		for (size_t k = 0; k < hello.cursor_count; k++)
			if (office_of_stream(out, hello.cursors[k].stream) &&
			    strcmp(out, text) == 0)
				return true;
	}
	for (o = next_profile(s, &i); o; o = next_profile(s, &i)) {
		int fit = pinyin_match(overview_get(o, "name"), text);

		if (fit != 1 && fit != 2)
			continue;
		found = o;
		fits++;
	}
	if (fits == 1)
		memcpy(out, found->office, RECORD_OFFICE_MAX);
	return fits == 1 || (fits == 0 && find_told(out, s, text));
}

bool
offices_of_values(char out[RECORD_OFFICE_MAX], const struct store *s,
	const struct values *values)
{
	for (size_t i = 0; values && i < values->count; i++) {
		const struct overview *o = NULL;
		struct uuid id;

		if (uuid_parse(&id, values->items[i].text))
			o = overview_find(s, &id);
		if (!o)
			continue;
		memcpy(out, o->office, RECORD_OFFICE_MAX);
		return true;
	}
	return false;
}

bool
offices_pick(struct picker *p, const struct store *s, const char *but)
{
	size_t count, added = 0;
	const struct office_name *list = office_names(&count, s);

	for (size_t i = 0; i < count; i++) {
		struct buf name;

		if (strcmp(list[i].code, but) == 0)
			continue;
		buf_init(&name, BUF_LINE_MAX);
		offices_name(&name, s, list[i].code);
		picker_add(p, list[i].code, list[i].code, name.data);
		buf_release(&name);
		added++;
	}
	return added > 0;
}

/* ---- the question ---- */

static void
office_chosen(void *self, struct view_stack *stack, const char *code)
{
	struct app *app = self;

	(void)stack;
	if (code)
		screen_form_push_new_for(app, app->asked.reg, NULL, code);
}

void
offices_ask_new(struct app *app, const struct schema_register *reg)
{
	const char *own = store_user(app->cli->store)->office;
	struct wire_hello hello = {0};
	struct err err = ERR_INIT;
	struct picker p;
	struct buf name;

	if (apply_hello(&hello, app->cli->store, &err)) {
		view_complain(&app->stack, &err);
		return;
	}
	picker_init(&p, tr("For which office?"), false, NULL, NULL);
	buf_init(&name, BUF_LINE_MAX);
	for (size_t i = 0; i < hello.cursor_count; i++) {
		char code[RECORD_OFFICE_MAX];

		if (!office_of_stream(code, hello.cursors[i].stream) ||
		    strcmp(code, own) == 0)
			continue;
		buf_clear(&name);
		offices_name(&name, app->cli->store, code);
		picker_add(&p, code, code, name.data);
	}
	buf_clear(&name);
	offices_name(&name, app->cli->store, own);
	picker_add(&p, own, own, name.data);
	buf_release(&name);
	app->asked.reg = reg;
	picker_push(&app->stack, &p, office_chosen, app);
}
