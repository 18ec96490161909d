/*
 * Every register of the builtin definitions, field by field: a record filled in
 * by type passes, and each of its values can be missing or wrong in every way
 * its type knows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/purpose.h"
#include "kit/whole.h"

static struct fault
check(const struct record *r, enum rule_mode mode, const char *field)
{
	struct faults faults = {0};
	struct fault found = {0};
	const struct fault *f;

	rule_check(&faults, whole_schema(),
	    schema_register_find(whole_schema(), r->reg), r, mode,
	    WHOLE_TODAY, &whole_world);
	for (size_t i = 0; !field && i < faults.count; i++)
		if (faults.items[i].stop)
			found = faults.items[i];
	f = field ? faults_at(&faults, field) : NULL;
	if (f)
		found = *f;
	faults_release(&faults);
	return found;
}

static void
whole_records_pass(void **state)
{
	(void)state;
	for (size_t i = 0; whole_variant(i); i++)
		for (int mode = RULE_SAVE; mode <= RULE_SUBMIT; mode++) {
			struct record r;
			struct fault f;

			whole_make(&r, i);
			f = check(&r, (enum rule_mode)mode, NULL);
			if (f.stop)
				fail_msg("variant %zu, %s: %s", i, f.field,
				    f.msg);
			record_release(&r);
		}
}

static void
every_field_is_shown_somewhere(void **state)
{
	(void)state;
	for (size_t k = 0; k < whole_schema()->register_count; k++) {
		const struct schema_register *reg = &whole_schema()->registers[k];

		for (size_t i = 0; i < reg->field_count; i++) {
			bool shown = false;

			for (size_t v = 0; whole_variant(v) && !shown; v++) {
				struct record r;

				if (strcmp(whole_variant(v)->reg, reg->name) != 0)
					continue;
				whole_make(&r, v);
				shown = whole_is_shown(&reg->fields[i], &r);
				record_release(&r);
			}
			if (!shown)
				fail_msg("%s.%s", reg->name,
				    reg->fields[i].name);
		}
	}
}

static void
missing_is_told(struct record *r, const struct schema_field *f)
{
	bool needed, at_save, at_submit;

	values_set(&r->values, f->name, NULL);
	needed = whole_is_shown(f, r) &&
	    conds_hold(&f->need_when, r, WHOLE_TODAY, "");
	at_save = strstr(check(r, RULE_SAVE, f->name).msg, "filled in");
	at_submit = strstr(check(r, RULE_SUBMIT, f->name).msg, "filled in");
	if (at_save != (needed && f->need == NEED_SAVE) ||
	    at_submit != (needed && f->need != NEED_NO))
		fail_msg("%s.%s without a value: %d %d", r->reg, f->name,
		    at_save, at_submit);
}

static void
stops(struct record *r, const struct schema_field *f, const char *value)
{
	values_set(&r->values, f->name, value);
	if (!check(r, RULE_SAVE, f->name).stop)
		fail_msg("%s.%s takes '%s'", r->reg, f->name, value);
}

/* A record of a register that the ref does not lead to; the last byte of an
 * id says its register (kit/whole). */
static const char *
another(const struct schema_field *f)
{
	static char id[UUID_TEXT_MAX];
	const struct schema *s = whole_schema();
	struct uuid made;

	assert_true(uuid_parse(&made, "019abcde-0000-7000-8000-000000000000"));
	while (strcmp(s->registers[made.b[15]].name, f->to) == 0)
		made.b[15]++;
	uuid_print(id, &made);
	return id;
}

static void
wrong_is_told(struct record *r, const struct schema_field *f)
{
	static const char *const wrong[] = { [VT_TEXT] = "a\x1b[31m",
		[VT_NOTE] = "a\tb\x07", [VT_DATE] = "2026-02-30",
		[VT_DATETIME] = "2026-03-05T24:00", [VT_INT] = "-1",
		[VT_MONEY] = "10.5", [VT_BOOL] = "yes", [VT_CODE] = "~",
		[VT_REF] = "somebody", [VT_IDNO] = "a\x7f",
		[VT_PHONE] = "12", [VT_USCC] = "12990101MB0000001A",
		[VT_NUMBER] = "\xff" };

	stops(r, f, wrong[f->type]);
	if (f->to)
		stops(r, f, another(f));
	if (f->past)
		stops(r, f, f->type == VT_DATE ? "2026-11-23" :
		    "2026-11-23T00:00");
	if (f->multi)
		stops(r, f, ";");
	if (f->max_chars > 0) {
		whole_put_text(r, f, f->max_chars + 1);
		assert_non_null(strstr(check(r, RULE_SAVE, f->name).msg,
		    "Too long"));
		whole_put_text(r, f, f->max_chars);
		assert_null(strstr(check(r, RULE_SAVE, f->name).msg,
		    "Too long"));
	}
}

static void
every_field_is_checked(void **state)
{
	(void)state;
	for (size_t v = 0; whole_variant(v); v++) {
		const struct schema_register *reg = schema_register_find(
		    whole_schema(), whole_variant(v)->reg);

		for (size_t i = 0; i < reg->field_count; i++) {
			struct record r;

			whole_make(&r, v);
			if (whole_is_shown(&reg->fields[i], &r)) {
				missing_is_told(&r, &reg->fields[i]);
				wrong_is_told(&r, &reg->fields[i]);
			}
			record_release(&r);
		}
	}
}

/* ---- needs and roles ---- */

static const struct whole_register *
expected(const char *reg)
{
	const struct whole_register *e = NULL;

	for (size_t i = 0; whole_register(i) && !e; i++)
		if (strcmp(whole_register(i)->reg, reg) == 0)
			e = whole_register(i);
	if (!e)
		fail_msg("nothing is expected of %s", reg);
	return e;
}

static void
needs_and_roles_are_these(void **state)
{
	(void)state;
	for (size_t k = 0; k < whole_schema()->register_count; k++) {
		const struct schema_register *reg =
		    &whole_schema()->registers[k];
		const struct whole_register *e = expected(reg->name);

		for (size_t i = 0; i < reg->field_count; i++)
			if ((reg->fields[i].need == NEED_SAVE) !=
			    whole_has_word(e->save, reg->fields[i].name))
				fail_msg("%s.%s", reg->name,
				    reg->fields[i].name);
		for (size_t i = 0; i < WHOLE_ROLES; i++)
			if (schema_may_read(reg, whole_roles[i]) !=
			    whole_has_word(e->readers, whole_roles[i]) ||
			    schema_may_write(reg, whole_roles[i]) !=
			    whole_has_word(e->writers, whole_roles[i]))
				fail_msg("%s and %s", reg->name, whole_roles[i]);
	}
}

/* What is sensitive says what it is kept for (check-screens asks for it). */
static void
sensitive_fields_have_a_purpose(void **state)
{
	size_t asked = 0;

	(void)state;
	for (size_t k = 0; k < whole_schema()->register_count; k++) {
		const struct schema_register *reg = &whole_schema()->registers[k];

		for (size_t i = 0; i < reg->field_count; i++) {
			const struct schema_field *f = &reg->fields[i];

			if (!purpose_is_asked(reg, f))
				continue;
			asked++;
			if (!*purpose_text(f->purpose))
				fail_msg("%s.%s", reg->name, f->name);
		}
	}
	assert_true(asked > 100);
	assert_string_equal(purpose_text(0), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_records_pass),
		cmocka_unit_test(every_field_is_shown_somewhere),
		cmocka_unit_test(every_field_is_checked),
		cmocka_unit_test(needs_and_roles_are_these),
		cmocka_unit_test(sensitive_fields_have_a_purpose),
	};

	return cmocka_run_group_tests(tests, whole_load, whole_unload);
}
