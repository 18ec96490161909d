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

enum { CHILDREN_MAX = 4 };

#define DAY "2026-03-05"

const char *const whole_roles[WHOLE_ROLES] = { "clerk", "chief", "mediator",
	"county_correction", "county_base", "county_legal_aid",
	"county_law_edu", "county_command", "county_leader", "city", "auditor",
	"admin" };

static struct schema *schema;

/* ---- whole records ---- */

const struct whole_variant whole_variants[WHOLE_VARIANTS] = {
	{ "person", "kind=01|id_type=111|id_no=990101188801010013|sex=1|"
	    "birth=1888-01-01|id_unverified=1|hukou_same=0|confidential=1|"
	    "home_region=990101001001|hukou_region=990101" },
	{ "person", "kind=02|home_region=990101" },
	{ "mediation_case", "dispute_type=ll|form=2|source=3|result=1|"
	    "people_count=2|agr_form=2|agr_effect=1|agr_copies=3|"
	    "file_check=2|due_date=2026-12-31|perform_state=fully|"
	    "party_refuses=0" },
	{ "mediation_case", "dispute_type=ll|form=1|source=1|result=2|"
	    "people_count=2|due_date=2026-12-31|party_refuses=0" },
	{ "mediation_party", "side=1" },
	{ "mediation_session", "outcome=3|next_on=2026-03-12" },
	{ "correction_subject", "category=02|decider_kind=01|term_text=一年|"
	    "term_to=2027-03-04|sentence_kind=03|report_state=02|end_kind=21|"
	    "sentence_text=有期徒刑一年|minor_now=0|gps_mode=02" },
	{ "correction_subject", "category=04|decider_kind=03|term_text=一年|"
	    "term_to=2027-03-04|sentence_to=2027-03-04|sentence_kind=03|"
	    "sentence_text=有期徒刑一年|report_state=01|health_ground=01|"
	    "end_kind=24|minor_now=0|subject_no=" },
	{ "correction_event", "event_kind=report" },
	{ "correction_event", "event_kind=thought_report" },
	{ "correction_event", "event_kind=home_visit" },
	{ "correction_event", "event_kind=talk" },
	{ "correction_event", "event_kind=education" },
	{ "correction_event", "event_kind=public_benefit" },
	{ "correction_event", "event_kind=aid" },
	{ "correction_event", "event_kind=psych" },
	{ "correction_event", "event_kind=check" },
	{ "resettlement_subject", "kind=01|class=01|link_way=k01|"
	    "verify_state=03|three_none=1|escort_none=|whereabouts=home" },
	{ "resettlement_subject", "kind=03|class=02|link_way=g01|"
	    "link_channel=02|verify_state=01|three_none=0|whereabouts=away" },
	/* a key person whom nobody fetched, with the reason */
	{ "resettlement_subject", "kind=01|class=01|link_way=k01|"
	    "escort_on=|escort_by=" },
};

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
	rule_derive(reg, r, WHOLE_TODAY);
}

void
whole_make(struct record *out, size_t variant)
{
	make_whole(out, whole_variants[variant].reg,
	    whole_variants[variant].values);
}

/* ---- the world around ---- */

static struct {
	struct record behind[16];	/* as the registers stand */
	struct record children[CHILDREN_MAX];
	size_t count;
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
		if (strcmp(around.children[k].reg, reg) == 0 && i-- == 0)
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
	for (size_t i = WHOLE_VARIANTS; i > 0; i--) {
		char id[UUID_TEXT_MAX];
		struct uuid at;

		/* the first variant of each is what refs lead to */
		ref_to(id, whole_variants[i - 1].reg);
		if (!uuid_parse(&at, id))
			return 1;
		record_release(&around.behind[at.b[15]]);
		whole_make(&around.behind[at.b[15]], i - 1);
	}
	make_whole(&around.children[0], "mediation_party", "side=1");
	make_whole(&around.children[1], "mediation_party", "side=2|person_id="
	    "019abcde-0000-7000-8000-00000000ff00");
	make_whole(&around.children[2], "mediation_session", "");
	around.count = 3;
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
	around.count = count;
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
