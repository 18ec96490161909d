/*
 * What is told a subject and what it finds: the latest decision holds, a first
 * day stays, the assessment of the same person is linked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/uuid.h"
#include "core/schema_tell.h"
#include "kit/whole.h"

#define SUBJECT "019abcde-0000-7000-8000-000000000001"
#define PERSON "019abcde-0000-7000-8000-000000000002"

static struct record others[3];
static size_t other_count;

static const struct record *
world_child(void *self, const struct uuid *parent, const char *reg, size_t i)
{
	(void)self;
	(void)parent;
	for (size_t k = 0; k < other_count; k++)
		if (strcmp(others[k].reg, reg) == 0 && i-- == 0)
			return &others[k];
	return NULL;
}

static const struct record *
world_find(void *self, const struct rule_find *what, size_t i)
{
	(void)self;
	for (size_t k = 0; k < other_count; k++)
		if (strcmp(others[k].reg, what->reg) == 0 &&
		    strcmp(record_get(&others[k], what->field),
		    what->value) == 0 && i-- == 0)
			return &others[k];
	return NULL;
}

static const struct rule_world world = { .child = world_child,
	.find = world_find };

static void
make(struct record *r, const char *reg, const char *state, unsigned char n,
    const char *values)
{
	*r = (struct record){ .office = "990101001" };
	memcpy(r->reg, reg, strlen(reg) + 1);
	memcpy(r->state, state, strlen(state) + 1);
	assert_true(uuid_parse(&r->id, SUBJECT));
	r->id.b[15] = n;
	whole_put(r, values);
}

static void
forget(void)
{
	for (size_t i = 0; i < other_count; i++)
		record_release(&others[i]);
	other_count = 0;
}

/* The first tell of the register, from r to the subject. */
static bool
tell(struct record *subject, const struct record *r)
{
	const struct schema_register *reg = schema_register_find(
	    whole_schema(), r->reg);
	const struct schema_tell *t = &reg->tells[0];

	assert_true(reg->tell_count > 0);
	if (!schema_tell_is_due(t, NULL, r, WHOLE_TODAY) ||
	    schema_tell_is_outdone(t, subject, r, WHOLE_TODAY, &world))
		return false;
	schema_tell_put(subject, whole_schema(), t, r);
	return true;
}

static void
the_latest_decision_holds(void **state)
{
	struct record subject, change;

	(void)state;
	make(&subject, "correction_subject", "active", 1, "level=init");
	make(&change, "correction_level_change", "office_ok", 5,
	    "to_level=normal|effective_on=2026-03-05");
	assert_false(tell(&subject, &change));	/* not decided yet */
	assert_true(record_set(&change, "@state", "approved"));
	assert_true(tell(&subject, &change));
	assert_string_equal(record_get(&subject, "level"), "normal");
	assert_string_equal(record_get(&subject, "level_since"),
	    "2026-03-05");
	/* an older one that is entered afterwards */
	make(&others[other_count++], "correction_level_change", "told", 6,
	    "to_level=loose|effective_on=2026-06-01");
	assert_false(tell(&subject, &change));
	/* one that is only asked for, or withdrawn, undoes nothing */
	assert_true(record_set(&others[0], "@state", "submitted"));
	assert_true(tell(&subject, &change));
	assert_true(record_set(&others[0], "@state", "told"));
	assert_true(record_set(&others[0], "@deleted", "误录"));
	assert_true(tell(&subject, &change));
	forget();
	record_release(&change);
	record_release(&subject);
}

/* What a change told the subject, after the change is withdrawn. */
static size_t
left(const struct record *subject, const struct record *r)
{
	const struct schema_register *reg = schema_register_find(
	    whole_schema(), r->reg);
	struct values out = {0};
	size_t n;

	schema_tell_left(&out, subject, whole_schema(), &reg->tells[0], r,
	    WHOLE_TODAY, &world);
	n = out.count;
	values_release(&out);
	return n;
}

static void
a_withdrawn_one_has_told(void **state)
{
	struct record subject, change;

	(void)state;
	make(&subject, "correction_subject", "active", 1, "level=init");
	make(&change, "correction_level_change", "told", 5,
	    "to_level=normal|effective_on=2026-03-05");
	assert_true(tell(&subject, &change));
	assert_true(record_set(&change, "@deleted", "误录"));
	assert_int_equal(left(&subject, &change), 2);
	/* one of them was set right */
	assert_true(record_set(&subject, "level", "strict"));
	assert_int_equal(left(&subject, &change), 1);
	assert_true(record_set(&subject, "level", "normal"));
	/* another one says the same */
	make(&others[other_count++], "correction_level_change", "told", 6,
	    "to_level=normal|effective_on=2026-03-05");
	assert_int_equal(left(&subject, &change), 0);
	/* not if it was only asked for, or is withdrawn too */
	assert_true(record_set(&others[0], "@state", "submitted"));
	assert_int_equal(left(&subject, &change), 2);
	assert_true(record_set(&others[0], "@state", "told"));
	assert_true(record_set(&others[0], "@deleted", "误录"));
	assert_int_equal(left(&subject, &change), 2);
	/* one that was never decided told nothing */
	assert_true(record_set(&change, "@state", "submitted"));
	assert_int_equal(left(&subject, &change), 0);
	forget();
	record_release(&change);
	record_release(&subject);
}

static void
the_first_day_stays(void **state)
{
	struct record subject, event;

	(void)state;
	make(&subject, "correction_subject", "active", 1, "");
	make(&event, "correction_ceremony", "", 5,
	    "kind=1|held_at=2026-01-15T09:30");
	assert_true(tell(&subject, &event));
	assert_string_equal(record_get(&subject, "announced_on"),
	    "2026-01-15");
	assert_true(record_set(&event, "held_at", "2026-02-01T09:30"));
	(void)tell(&subject, &event);
	assert_string_equal(record_get(&subject, "announced_on"),
	    "2026-01-15");
	/* the release is no admission */
	assert_true(record_set(&event, "kind", "2"));
	assert_false(tell(&subject, &event));
	record_release(&event);
	record_release(&subject);
}

static void
an_assessment_is_found(void **state)
{
	const struct schema_register *reg;
	struct record subject;
	char id[UUID_TEXT_MAX];

	(void)state;
	reg = schema_register_find(whole_schema(), "correction_subject");
	make(&subject, "correction_subject", "draft", 1,
	    "person_id=" PERSON);
	rule_derive(reg, &subject, WHOLE_TODAY, &world);
	assert_string_equal(record_get(&subject, "assessment_id"), "");
	make(&others[other_count++], "assessment", "done", 7,
	    "person_id=" PERSON);
	make(&others[other_count++], "assessment", "done", 9,
	    "person_id=" PERSON);
	make(&others[other_count++], "assessment", "done", 11,
	    "person_id=" SUBJECT);
	rule_derive(reg, &subject, WHOLE_TODAY, &world);
	uuid_print(id, &others[1].id);
	assert_string_equal(record_get(&subject, "assessment_id"), id);
	/* what was chosen stays */
	uuid_print(id, &others[0].id);
	assert_true(record_set(&subject, "assessment_id", id));
	rule_derive(reg, &subject, WHOLE_TODAY, &world);
	assert_string_equal(record_get(&subject, "assessment_id"), id);
	forget();
	record_release(&subject);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_latest_decision_holds),
		cmocka_unit_test(a_withdrawn_one_has_told),
		cmocka_unit_test(the_first_day_stays),
		cmocka_unit_test(an_assessment_is_found),
	};

	return cmocka_run_group_tests(tests, whole_load, whole_unload);
}
