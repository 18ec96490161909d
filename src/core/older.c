/*
 * From older definitions to those that hold now.  Nothing is dropped here: two
 * changes of one field under two names become one, from the first one's old
 * value to the last one's new value, as the person saw it.
 */
#include "core/older.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "core/value.h"

enum { CHAIN_MAX = 8 };		/* codes that took over from one another */

/* ---- codes ---- */

/* The code to use for this one on a day; itself if it held then, or if there
 * is no other. */
static const struct schema_code *
code_on(const struct schema_codes *t, const struct schema_code *c, int on)
{
	for (int i = 0; i < CHAIN_MAX; i++) {
		const struct schema_code *next = c->instead &&
		    c->until_on < on ? schema_code_find(t, c->instead) : NULL;

		if (!next)
			break;
		c = next;
	}
	return c;
}

static void
add_code(struct buf *out, const char *code)
{
	if (values_set_has(out->data, code))
		return;
	if (out->len > 0)
		buf_char(out, ';');
	buf_text(out, code);
}

/* A value of a code field, as it would be entered now, but for those that are
 * to be kept; owned by the caller, NULL when it is the same. */
static char *
codes_on(const struct schema_field *f, const char *text, int on,
    const char *keep)
{
	struct buf out;
	bool changed = false;
	char *now = NULL;

	buf_init(&out, RECORD_VALUE_BYTES_MAX);
	while (text[0]) {
		size_t len = strcspn(text, ";");
		char *code = mem_strndup(text, len);
		const struct schema_code *c = schema_code_find(f->codes, code);
		const struct schema_code *next = c && !values_set_has(keep,
		    code) ? code_on(f->codes, c, on) : c;

		changed = changed || next != c;
		add_code(&out, next ? next->code : code);
		free(code);
		text += len + (text[len] != '\0');
	}
	if (changed)
		now = mem_strdup(out.data);
	buf_release(&out);
	return now;
}

static bool
replace(char **text, char *with)
{
	if (!with)
		return false;
	free(*text);
	*text = with;
	return true;
}

/* What the author saw is only brought along where the record has been; and what
 * stood there before was not entered now, it keeps its word. */
static bool
bring_codes(struct op_change *c, const struct schema_field *f,
    const struct record *current, int on)
{
	const char *now = record_get(current, c->field);
	char *before = strcmp(now, c->before) == 0 ? NULL :
	    codes_on(f, c->before, on, "");
	bool seen = before && strcmp(now, before) == 0;
	bool changed = replace(&c->after, codes_on(f, c->after, on,
	    seen ? "" : c->before));

	if (seen)
		return replace(&c->before, before) || changed;
	free(before);
	return changed;
}

/* ---- names ---- */

/* The name in use of a field that is known by an older one only, or NULL. */
static const char *
name_now(const struct schema_register *reg, const char *name)
{
	const struct schema_field *f;

	if (!reg->renamed || name[0] == '@' || schema_field_find(reg, name))
		return NULL;
	f = schema_field_known(reg, name);
	return f ? f->name : NULL;
}

static struct op_change *
change_of(struct op *op, const char *field, size_t but)
{
	for (size_t i = 0; i < op->change_count; i++)
		if (i != but && strcmp(op->changes[i].field, field) == 0)
			return &op->changes[i];
	return NULL;
}

static void
remove_change(struct op *op, size_t i)
{
	free(op->changes[i].field);
	free(op->changes[i].before);
	free(op->changes[i].after);
	op->change_count--;
	memmove(&op->changes[i], &op->changes[i + 1],
	    (op->change_count - i) * sizeof op->changes[i]);
}

/* A device that knew the older name only changes one field, not two; whoever
 * wrote both at once keeps what stands under the older name as it is. */
static bool
bring_names(struct op *op, const struct schema_register *reg)
{
	bool changed = false;

	for (size_t i = 0; i < op->change_count; i++) {
		struct op_change *c = &op->changes[i];
		const char *now = name_now(reg, c->field);
		struct op_change *same = now ? change_of(op, now, i) : NULL;

		if (!now || (same && same->after[0] && c->after[0]))
			continue;
		changed = true;
		if (!same) {
			replace(&c->field, mem_strdup(now));
			continue;
		}
		if (!same->after[0])
			replace(&same->after, mem_strdup(c->after));
		if (!same->before[0])
			replace(&same->before, mem_strdup(c->before));
		remove_change(op, i--);
	}
	return changed;
}

/* Has anything of the register ever been called otherwise? */
static bool
has_older(const struct schema_register *reg)
{
	bool has = reg->renamed;

	for (size_t i = 0; i < reg->field_count && !has; i++)
		has = reg->fields[i].codes && reg->fields[i].codes->replaced;
	return has;
}

bool
older_concerns(const struct op *op, const struct schema_register *reg)
{
	if (!has_older(reg))
		return false;
	for (size_t i = 0; i < op->change_count; i++) {
		const char *name = op->changes[i].field;
		const struct schema_field *f = schema_field_find(reg, name);

		if (f ? f->codes && f->codes->replaced :
		    name_now(reg, name) != NULL)
			return true;
	}
	return false;
}

bool
older_op(struct op *op, const struct schema_register *reg,
    const struct record *current, int on)
{
	bool changed = bring_names(op, reg);

	for (size_t i = 0; i < op->change_count; i++) {
		const struct schema_field *f = schema_field_find(reg,
		    op->changes[i].field);

		if (f && f->codes && bring_codes(&op->changes[i], f, current,
		    on))
			changed = true;
	}
	return changed;
}

bool
older_record(struct record *r, const struct schema_register *reg)
{
	bool changed = false;

	for (size_t i = 0; reg->renamed && i < r->values.count; i++) {
		const char *now = name_now(reg, r->values.items[i].name);
		char *text;

		if (!now || values_has(&r->values, now))
			continue;
		text = mem_strdup(r->values.items[i].text);
		values_set(&r->values, r->values.items[i].name, NULL);
		values_set(&r->values, now, text);
		free(text);
		changed = true;
		i = (size_t)-1;		/* the list has moved */
	}
	return changed;
}
