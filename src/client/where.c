/*
 * Conditions typed and printed.
 */
#include "client/where.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "client/show.h"
#include "core/overlay.h"
#include "core/value.h"

static const struct {
	const char *sign;
	enum cond_op op;
} signs[] = {		/* the longer ones first */
	{ "!=", COND_NE }, { "<=", COND_LE }, { ">=", COND_GE },
	{ "=", COND_EQ }, { "<", COND_LT }, { ">", COND_GT },
};

enum { SIGNS = sizeof signs / sizeof *signs };

/* ---- reading ---- */

static const char *
system_field(const char *name)
{
	static const char *const fields[] = { "@state", "@overlays", "@sync" };

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (strcmp(name, fields[i]) == 0 ||
		    strcmp(name, show_label(NULL, fields[i])) == 0)
			return fields[i];
	return NULL;
}

static enum status
need_field(const char **out, const struct schema_register *reg,
	const char *name, struct err *err)
{
	const struct schema_field *f;

	*out = system_field(name);
	if (*out)
		return E_OK;
	*out = cli_field(reg, name);
	if (!*out)
		return err_set(err, E_INVALID, tr("%s has no field \"%s\"."),
			label_text(&reg->title), name);
	f = schema_field_find(reg, *out);
	if (!f->overview)
		return err_set(err, E_INVALID, tr("Lists cannot ask for "
			"\"%s\": it is not an overview field."), name);
	return E_OK;
}

static const char *
overlay_called(const struct schema_register *reg, const char *text)
{
	for (size_t i = 0; i < reg->overlay_count; i++) {
		const struct schema_overlay *o = &reg->overlays[i];

		if (strcmp(o->name, text) == 0 ||
		    strcmp(o->label.zh, text) == 0 ||
		    strcmp(o->label.en, text) == 0)
			return o->name;
	}
	return NULL;
}

static enum status
read_value(struct buf *out, const struct schema_register *reg,
	const char *field, const char *text, struct err *err)
{
	const struct schema_field *f = schema_field_find(reg, field);
	const char *name = text;

	if (!text[0] || text[0] == '@' || strcmp(field, "@sync") == 0) {
		buf_text(out, text);
		return E_OK;
	}
	if (f)
		return value_parse(out, f, text, clock_today(), false, err);
	name = strcmp(field, "@state") == 0 ? cli_state(reg, text) :
		overlay_called(reg, text);
	if (!name)
		return err_set(err, E_INVALID, tr("%s has no state \"%s\"."),
			label_text(&reg->title), text);
	buf_text(out, name);
	return E_OK;
}

static enum status
read_values(struct cond *c, const struct schema_register *reg,
	const char *text, struct err *err)
{
	while (text) {
		const char *bar = strchr(text, '|');
		char *one = mem_strndup(text, bar ? (size_t)(bar - text) :
			strlen(text));
		struct buf value;
		enum status s;

		buf_init(&value, WHERE_TEXT_MAX);
		s = read_value(&value, reg, c->field, one, err);
		free(one);
		if (!s) {
			c->values = mem_grow(c->values, c->value_count,
				sizeof *c->values);
			c->values[c->value_count++] = mem_strdup(value.data);
		}
		buf_release(&value);
		if (s)
			return s;
		text = bar ? bar + 1 : NULL;
	}
	return E_OK;
}

/* "=" and "!=" with nothing ask whether there is any; with several values they
 * ask for one of them. */
static void
settle_op(struct cond *c)
{
	bool no = c->op == COND_NE;

	if (c->op != COND_EQ && c->op != COND_NE)
		return;
	if (c->value_count == 1 && !c->values[0][0])
		c->op = no ? COND_FILLED : COND_EMPTY;
	else if (c->value_count > 1)
		c->op = no ? COND_NOT_IN : COND_IN;
}

enum status
where_add(struct conds *out, const struct schema_register *reg,
	const char *text, struct err *err)
{
	size_t len = strcspn(text, "=!<>"), i = 0;
	const char *field = NULL;
	struct cond *c;
	char *name;
	enum status s;

	while (i < SIGNS && strncmp(text + len, signs[i].sign,
	    strlen(signs[i].sign)) != 0)
		i++;
	if (i == SIGNS || len == 0)
		return err_set(err, E_INVALID, tr("A condition is FIELD=VALUE, "
			"also with != < <= > >=, not: %s"), text);
	name = mem_strndup(text, len);
	s = need_field(&field, reg, name, err);
	free(name);
	if (s)
		return s;
	out->items = mem_grow(out->items, out->count, sizeof *out->items);
	c = &out->items[out->count++];
	*c = (struct cond){ .field = mem_strdup(field), .op = signs[i].op };
	s = read_values(c, reg, text + len + strlen(signs[i].sign), err);
	settle_op(c);
	return s;
}

/* The next condition of *text, without its quotes, owned; NULL: no more. */
static char *
next_one(const char **text)
{
	const char *at = *text + strspn(*text, " ");
	bool quoted = false;
	struct buf one;

	if (!*at)
		return NULL;
	buf_init(&one, WHERE_TEXT_MAX);
	for (; *at && (quoted || *at != ' '); at++) {
		if (*at == '"')
			quoted = !quoted;
		else
			buf_char(&one, *at);
	}
	*text = at;
	return buf_take(&one);
}

enum status
where_parse(struct conds *out, const struct schema_register *reg,
	const char *text, struct err *err)
{
	enum status s = E_OK;
	char *one = next_one(&text);

	while (one && !s) {
		s = where_add(out, reg, one, err);
		free(one);
		one = s ? NULL : next_one(&text);
	}
	return s;
}

/* ---- printing ---- */

static const char *
sign_of(enum cond_op op)
{
	if (op == COND_EMPTY || op == COND_IN)
		return "=";
	if (op == COND_FILLED || op == COND_NOT_IN)
		return "!=";
	for (size_t i = 0; i < SIGNS; i++)
		if (signs[i].op == op)
			return signs[i].sign;
	return "=";
}

static void
put_value(struct buf *out, const struct schema_register *reg,
	const char *field, const char *value, bool words)
{
	const struct schema_field *f = schema_field_find(reg, field);
	struct buf text;

	buf_init(&text, WHERE_TEXT_MAX);
	if (words && strcmp(field, "@overlays") == 0 && value[0] != '@')
		overlay_labels(&text, reg, value);
	else if (words && strcmp(field, "@state") == 0)
		show_state(&text, reg, value);
	else if (words && f && value[0] && value[0] != '@')
		value_show(&text, f, value, false);
	else
		buf_text(&text, value);
	if (text.len && strchr(text.data, ' '))
		buf_printf(out, "\"%s\"", text.data);
	else
		buf_text(out, text.len ? text.data : "");
	buf_release(&text);
}

void
where_print(struct buf *out, const struct schema_register *reg,
	const struct conds *c, bool words)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct cond *one = &c->items[i];
		const char *label = words ? show_label(reg, one->field) :
			one->field;

		if (i)
			buf_char(out, ' ');
		if (strchr(label, ' '))
			buf_printf(out, "\"%s\"", label);
		else
			buf_text(out, label);
		buf_text(out, sign_of(one->op));
		for (size_t k = 0; k < one->value_count; k++) {
			if (k)
				buf_char(out, '|');
			put_value(out, reg, one->field, one->values[k], words);
		}
	}
}
