/*
 * Every register of the builtin definitions, field by field: a record filled in
 * by type passes, and each of its values can be missing or wrong in every way
 * its type knows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "core/purpose.h"
#include "core/rule_value.h"
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

/* ---- one rule for fields of one kind, whichever form they stand on ---- */

static bool
is_asked(const struct schema_register *reg, const struct schema_field *f,
    const char *rule)
{
	for (size_t i = 0; i < reg->check_count; i++) {
		const struct schema_check *c = &reg->checks[i];

		if (c->rule && strcmp(c->rule, rule) == 0 && c->at &&
		    strcmp(c->at, f->name) == 0 && !c->stop)
			return true;
	}
	return false;
}

static bool
is_village(const struct schema_field *f)
{
	return f->suggest && strcmp(f->suggest, "village.name") == 0;
}

static void
fields_of_a_kind_have_one_rule(void **state)
{
	(void)state;
	for (size_t k = 0; k < whole_schema()->register_count; k++) {
		const struct schema_register *reg = &whole_schema()->registers[k];

		for (size_t i = 0; i < reg->field_count; i++) {
			const struct schema_field *f = &reg->fields[i];

			if (f->type == VT_PHONE &&
			    !is_asked(reg, f, "phone_with_area"))
				fail_msg("phone %s.%s", reg->name, f->name);
			if (is_village(f) && !is_asked(reg, f, "in_list"))
				fail_msg("village %s.%s", reg->name, f->name);
		}
	}
}

/* Numbers of people, hours, copies, pages: none is no number of them. */
static const char *const counted[] = { "heads", "people_count", "hours",
	"minutes", "copies", "agr_copies", "pages", "file_pages", "members",
	"population" };

static void
numbers_have_their_limits(void **state)
{
	struct err err = ERR_INIT;
	size_t seen = 0;
	bool stop;

	(void)state;
	for (size_t k = 0; k < whole_schema()->register_count; k++) {
		const struct schema_register *reg = &whole_schema()->registers[k];

		for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
			const struct schema_field *f = schema_field_find(reg,
			    counted[i]);

			if (!f || f->type != VT_INT ||
			    strcmp(reg->name, "training") == 0 ||
			    strcmp(reg->name, "mediator") == 0)
				continue;
			seen++;
			if (!rule_value_check(&stop, f, "0", WHOLE_TODAY,
			    &err) || rule_value_check(&stop, f, "1",
			    WHOLE_TODAY, &err))
				fail_msg("%s.%s", reg->name, f->name);
		}
	}
	assert_true(seen > 12);
}

/* What may not lie in the future may not lie later today either. */
static const char *
quarter_past_nine(void *self)
{
	static char now[20];

	(void)self;
	date_print(now, WHOLE_TODAY);
	strncat(now, "T09:15", sizeof now - strlen(now) - 1);
	return now;
}

static bool
is_refused_at(const char *reg, const char *field, const char *clock)
{
	const struct rule_world world = { .now = quarter_past_nine };
	struct faults faults = {0};
	struct record r = {0};
	char text[20];
	bool refused;

	(void)snprintf(r.reg, sizeof r.reg, "%s", reg);
	date_print(text, WHOLE_TODAY);
	strncat(text, clock, sizeof text - strlen(text) - 1);
	values_set(&r.values, field, text);
	rule_check(&faults, whole_schema(), schema_register_find(
	    whole_schema(), reg), &r, RULE_SAVE, WHOLE_TODAY, &world);
	refused = faults_at(&faults, field) &&
	    faults_at(&faults, field)->stop;
	faults_release(&faults);
	record_release(&r);
	return refused;
}

static void
nothing_happened_later_today(void **state)
{
	size_t seen = 0;

	(void)state;
	for (size_t k = 0; k < whole_schema()->register_count; k++) {
		const struct schema_register *reg = &whole_schema()->registers[k];

		for (size_t i = 0; i < reg->field_count; i++) {
			const struct schema_field *f = &reg->fields[i];

			if (f->type != VT_DATETIME || !f->past)
				continue;
			seen++;
			if (!is_refused_at(reg->name, f->name, "T09:16") ||
			    is_refused_at(reg->name, f->name, "T09:15") ||
			    is_refused_at(reg->name, f->name, ""))
				fail_msg("%s.%s", reg->name, f->name);
		}
	}
	assert_true(seen > 3);
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
		cmocka_unit_test(fields_of_a_kind_have_one_rule),
		cmocka_unit_test(numbers_have_their_limits),
		cmocka_unit_test(nothing_happened_later_today),
	};

	return cmocka_run_group_tests(tests, whole_load, whole_unload);
}
