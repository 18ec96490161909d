/*
 * Whole records (kit/whole.h).
 */
#include "kit/whole.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "core/builtin.h"

enum { CHILDREN_MAX = 32, REGISTERS_MAX = 255 };

#define DAY "2026-03-05"

const char *const whole_roles[WHOLE_ROLES] = { "clerk", "chief", "mediator",
	"county_correction", "county_base", "county_legal_aid",
	"county_law_edu", "county_command", "county_leader", "city", "auditor",
	"admin" };

static struct schema *schema;

/* ---- whole records ---- */

static const struct whole_duty *const duties[] = { &whole_mediation,
	&whole_correction, &whole_resettlement, &whole_service,
	&whole_office };

enum { DUTIES = sizeof duties / sizeof *duties };

const struct whole_variant *
whole_variant(size_t i)
{
	for (size_t d = 0; d < DUTIES; d++) {
		if (i < duties[d]->variant_count)
			return &duties[d]->variants[i];
		i -= duties[d]->variant_count;
	}
	return NULL;
}

const struct whole_register *
whole_register(size_t i)
{
	for (size_t d = 0; d < DUTIES; d++) {
		if (i < duties[d]->register_count)
			return &duties[d]->registers[i];
		i -= duties[d]->register_count;
	}
	return NULL;
}

const struct whole_move *
whole_move(size_t i)
{
	for (size_t d = 0; d < DUTIES; d++) {
		if (i < duties[d]->move_count)
			return &duties[d]->moves[i];
		i -= duties[d]->move_count;
	}
	return NULL;
}


/* The record of a register that refs lead to is told by the last byte. */
static void
ref_to(char out[UUID_TEXT_MAX], const char *reg)
{
	size_t i = 0;

	while (strcmp(schema->registers[i].name, reg) != 0)
		i++;
	snprintf(out, UUID_TEXT_MAX, "019abcde-0000-7000-8000-0000000000%02x",
	    (unsigned)i & 0xFF);
}

void
whole_put_text(struct record *r, const struct schema_field *f, int chars)
{
	struct buf text;

	buf_init(&text, BUF_RECORD_MAX);
	for (int i = 0; i < chars; i++)
		buf_text(&text, "某");
	values_set(&r->values, f->name, text.data);
	buf_release(&text);
}

static void
put_by_type(struct record *r, const struct schema_field *f)
{
	static const char *const plain[] = { [VT_DATE] = DAY,
		[VT_DATETIME] = DAY "T10:00", [VT_INT] = "1",
		[VT_MONEY] = "100", [VT_BOOL] = "1",
		[VT_IDNO] = "990101188801010013",
		[VT_PHONE] = "13800138000", [VT_USCC] = "12990101MB00000016",
		[VT_NUMBER] = "7" };
	char id[UUID_TEXT_MAX];

	if (f->type == VT_TEXT || f->type == VT_NOTE) {
		whole_put_text(r, f, f->min_chars > 2 ? f->min_chars : 2);
	} else if (f->type == VT_CODE) {
		values_set(&r->values, f->name, f->codes->items[0].code);
	} else if (f->type == VT_REF) {
		ref_to(id, f->to);
		values_set(&r->values, f->name, id);
	} else {
		values_set(&r->values, f->name, plain[f->type]);
	}
}

void
whole_put(struct record *r, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "|");
		size_t name_len = strcspn(text, "=");
		char *name = mem_strndup(text, name_len);
		char *value = mem_strndup(text + name_len + 1,
		    len - name_len - 1);

		assert_true(record_set(r, name, value));
		free(name);
		free(value);
		text += len + (text[len] ? 1 : 0);
	}
}

bool
whole_is_shown(const struct schema_field *f, const struct record *r)
{
	return conds_hold(&f->show_when, r, WHOLE_TODAY, "");
}

static void
make_whole(struct record *r, const char *name, const char *values)
{
	const struct schema_register *reg = schema_register_find(schema, name);

	*r = (struct record){0};
	assert_non_null(reg);
	memcpy(r->reg, name, strlen(name) + 1);
	if (reg->state_count > 0)
		memcpy(r->state, reg->states[0].name,
		    strlen(reg->states[0].name) + 1);
	for (size_t i = 0; i < reg->field_count; i++)
		if (!reg->fields[i].readonly)
			put_by_type(r, &reg->fields[i]);
	whole_put(r, values);
	for (int turn = 0; turn < 2; turn++)
		for (size_t i = 0; i < reg->field_count; i++)
			if (!whole_is_shown(&reg->fields[i], r))
				values_set(&r->values, reg->fields[i].name,
				    NULL);
	rule_derive(reg, r, WHOLE_TODAY, NULL);
}

void
whole_make(struct record *out, size_t variant)
{
	const struct whole_variant *v = whole_variant(variant);

	assert_non_null(v);
	make_whole(out, v->reg, v->values);
}

void
whole_make_nth(struct record *out, const char *reg, size_t n)
{
	size_t i = 0;

	for (; whole_variant(i); i++)
		if (strcmp(whole_variant(i)->reg, reg) == 0 && n-- == 0)
			break;
	whole_make(out, i);
}

/* ---- the world around ---- */

static struct {
	struct record behind[REGISTERS_MAX];	/* as the registers stand */
	struct record children[CHILDREN_MAX];	/* the case's first */
	size_t count;
	size_t of_case;		/* so many of the case's are there */
} around;

static const struct record *
world_get(void *self, const struct uuid *id)
{
	(void)self;
	if (id->b[0] == 0)
		return NULL;	/* the record itself, not stored yet */
	assert_true(id->b[15] < schema->register_count);
	return &around.behind[id->b[15]];
}

static const struct record *
world_child(void *self, const struct uuid *parent, const char *reg, size_t i)
{
	(void)self;
	(void)parent;
	for (size_t k = 0; k < around.count; k++)
		if ((k < around.of_case || k >= whole_mediation.child_count) &&
		    strcmp(around.children[k].reg, reg) == 0 && i-- == 0)
			return &around.children[k];
	return NULL;
}

const struct rule_world whole_world = { .get = world_get,
	.child = world_child };

int
whole_load(void **state)
{
	struct complaints complaints = {0};
	struct err err = ERR_INIT;

	(void)state;
	tr_set(TR_EN);
	if (schema_load(&schema, builtin_files, builtin_count, &complaints,
	    &err))
		return 1;
	assert_true(schema->register_count <= REGISTERS_MAX);
	for (size_t i = 0; whole_variant(i); i++) {
		char id[UUID_TEXT_MAX];
		struct uuid at;

		/* the first variant of each is what refs lead to */
		ref_to(id, whole_variant(i)->reg);
		if (!uuid_parse(&at, id))
			return 1;
		if (around.behind[at.b[15]].reg[0] == '\0')
			whole_make(&around.behind[at.b[15]], i);
	}
	for (size_t d = 0; d < DUTIES; d++)
		for (size_t i = 0; i < duties[d]->child_count; i++) {
			assert_true(around.count < CHILDREN_MAX);
			make_whole(&around.children[around.count++],
			    duties[d]->children[i].reg,
			    duties[d]->children[i].values);
		}
	around.of_case = whole_mediation.child_count;
	return 0;
}

int
whole_unload(void **state)
{
	(void)state;
	for (size_t i = 0; i < schema->register_count; i++)
		record_release(&around.behind[i]);
	for (size_t i = 0; i < around.count; i++)
		record_release(&around.children[i]);
	memset(&around, 0, sizeof around);
	schema_free(schema);
	return 0;
}

const struct schema *
whole_schema(void)
{
	return schema;
}

void
whole_set_children(size_t count)
{
	around.of_case = count;
}

bool
whole_has_word(const char *words, const char *word)
{
	size_t len = strlen(word);
	const char *at = words;

	while ((at = strstr(at, word)) != NULL) {
		if ((at == words || at[-1] == ' ') &&
		    (at[len] == ' ' || at[len] == '\0'))
			return true;
		at += len;
	}
	return false;
}
