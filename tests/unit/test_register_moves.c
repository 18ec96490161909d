/*
 * Every register of the builtin definitions, move by move: every pair of states
 * is tried with every role, and each step with something missing or against
 * it.  What is expected stands in the tables of kit/whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "kit/whole.h"

static void
make_mover(struct record *r, size_t row)
{
	whole_make_nth(r, whole_move(row)->reg, whole_move(row)->nth);
	whole_put(r, whole_move(row)->with);
	(void)record_set(r, "@state", whole_move(row)->from);
}

static enum status
go(const struct record *r, const char *to, const char *role, struct err *err)
{
	const struct rule_who who = { role, "李四" };

	*err = (struct err)ERR_INIT;
	return rule_move(whole_schema(),
	    schema_register_find(whole_schema(), r->reg), r, to, &who,
	    WHOLE_TODAY, &whole_world, err);
}

static void
each_role_may_what_it_may(void **state)
{
	struct err err;

	(void)state;
	for (size_t i = 0; whole_move(i); i++) {
		struct record r;

		make_mover(&r, i);
		for (size_t k = 0; k < WHOLE_ROLES; k++) {
			enum status s = go(&r, whole_move(i)->to, whole_roles[k], &err);
			bool may = whole_has_word(whole_move(i)->may, whole_roles[k]);

			if (s != (may ? E_OK : E_AUTH) ||
			    (!may && !strchr(err.msg, ' ')))
				fail_msg("%s, %s to %s by %s: %d %s", r.reg,
				    r.state, whole_move(i)->to, whole_roles[k], (int)s,
				    err.msg);
		}
		record_release(&r);
	}
}

static bool
is_listed(const char *reg, const char *from, const char *to)
{
	for (size_t i = 0; whole_move(i); i++)
		if (strcmp(whole_move(i)->reg, reg) == 0 &&
		    strcmp(whole_move(i)->from, from) == 0 &&
		    strcmp(whole_move(i)->to, to) == 0)
			return true;
	return false;
}

/* What approvals.json makes is the same of every register and asked elsewhere
 * (unit/test_approval). */
static bool
is_made(const struct schema_register *reg, const char *from, const char *to)
{
	const struct schema_move *m = schema_move_find(reg, from, to);

	return m && (m->approves != APPROVES_NOTHING || m->back);
}

/* Whoever tries: from each state only the listed ones are reached. */
static void
no_other_way_leads_on(void **state)
{
	size_t refused = 0;

	(void)state;
	for (size_t v = 0; whole_variant(v); v++) {
		const struct schema_register *reg = schema_register_find(
		    whole_schema(), whole_variant(v)->reg);
		struct record r;
		struct err err;

		whole_make(&r, v);
		for (size_t a = 0; a < reg->state_count; a++)
			for (size_t b = 0; b < reg->state_count; b++) {
				const char *to = reg->states[b].name;

				(void)record_set(&r, "@state",
				    reg->states[a].name);
				if (is_listed(reg->name, r.state, to) ||
				    is_made(reg, r.state, to))
					continue;
				for (size_t k = 0; k < WHOLE_ROLES; k++)
					if (go(&r, to, whole_roles[k], &err) !=
					    E_INVALID || !strstr(err.msg,
					    "present state"))
						fail_msg("%s, %s to %s",
						    reg->name, r.state, to);
				refused++;
			}
		record_release(&r);
	}
	assert_true(refused > 300);
}

/* No state is out of reach of the first. */
static void
every_state_is_reached(void **state)
{
	(void)state;
	for (size_t k = 0; k < whole_schema()->register_count; k++) {
		const struct schema_register *reg =
		    &whole_schema()->registers[k];
		bool *reached = mem_alloc(reg->state_count + 1,
		    sizeof *reached);
		bool more = reg->state_count > 0;

		for (reached[0] = true; more;) {
			more = false;
			for (size_t a = 0; a < reg->state_count; a++)
				for (size_t b = 0; b < reg->state_count; b++)
					if (reached[a] && !reached[b] &&
					    schema_move_find(reg,
					    reg->states[a].name,
					    reg->states[b].name))
						more = reached[b] = true;
		}
		for (size_t a = 0; a < reg->state_count; a++)
			if (!reached[a])
				fail_msg("%s: nothing leads to %s", reg->name,
				    reg->states[a].name);
		free(reached);
	}
}

/* What the law and the handbooks forbid by name. */
static void
forbidden_steps_are_refused(void **state)
{
	static const struct {
		const char *reg, *from, *to;
	} forbidden[] = {
		{ "mediation_case", "draft", "agreed" },
		{ "mediation_case", "draft", "archived" },
		{ "mediation_case", "refused", "open" },
		{ "mediation_case", "open", "archived" },
		{ "mediation_case", "failed", "agreed" },
		{ "mediation_case", "agreed", "archived" },
		{ "mediation_case", "part_performed", "archived" },
		{ "mediation_case", "archived", "draft" },
		{ "correction_subject", "expected", "active" },
		{ "correction_subject", "missed", "active" },
		{ "correction_subject", "received", "active" },
		{ "correction_subject", "assigned", "released" },
		{ "correction_subject", "released", "missed" },
		{ "correction_subject", "released", "transferred" },
		{ "correction_subject", "terminated", "released" },
		{ "correction_subject", "archived", "active" },
		{ "resettlement_subject", "listed", "linked" },
		{ "resettlement_subject", "awaiting", "linked" },
		{ "resettlement_subject", "unlinked", "ended" },
		{ "resettlement_subject", "ended", "linked" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
		const struct schema_register *reg = schema_register_find(
		    whole_schema(), forbidden[i].reg);

		assert_non_null(schema_state_find(reg, forbidden[i].from));
		assert_non_null(schema_state_find(reg, forbidden[i].to));
		assert_null(schema_move_find(reg, forbidden[i].from,
		    forbidden[i].to));
	}
}

/* What is no step is a correction, of those who may make the step, and not
 * without a reason. */
static void
mistakes_are_corrected_with_a_reason(void **state)
{
	static const struct {
		const char *reg, *from, *to, *role;	/* NULL: none */
		enum status without, with;
	} rows[] = {
		{ "mediation_case", "performed", "agreed", "chief", E_INVALID,
		    E_OK },
		{ "mediation_case", "performed", "agreed", "clerk", E_AUTH,
		    E_AUTH },
		{ "mediation_case", "archived", "performed", "chief",
		    E_INVALID, E_OK },
		{ "correction_subject", "released", "active",
		    "county_correction", E_INVALID, E_OK },
		{ "correction_subject", "released", "active", "chief", E_AUTH,
		    E_AUTH },
		{ "correction_leave", "back", "out", "chief", E_INVALID,
		    E_OK },
		/* decided, done by the program, closed past its step */
		{ "correction_leave", "approved", "submitted", "chief",
		    E_INVALID, E_INVALID },
		{ "instruction", "signed", "delivered", "chief", E_INVALID,
		    E_INVALID },
		{ "mediation_case", "open", "archived", "chief", E_INVALID,
		    E_INVALID },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct record r = {0};
		struct err err;

		(void)snprintf(r.reg, sizeof r.reg, "%s", rows[i].reg);
		(void)record_set(&r, "@state", rows[i].from);
		if (go(&r, rows[i].to, rows[i].role, &err) != rows[i].without)
			fail_msg("%zu without: %s", i, err.msg);
		values_set(&r.values, "back_reason", "点错了步骤");
		if (go(&r, rows[i].to, rows[i].role, &err) != rows[i].with)
			fail_msg("%zu with: %s", i, err.msg);
		record_release(&r);
	}
}

/* It empties what the step alone could fill in, and keeps what an earlier one
 * did. */
static void
corrections_empty_what_the_step_filled(void **state)
{
	static const struct rule_who who = { "chief", "周国民" };
	const struct schema_register *reg = schema_register_find(
	    whole_schema(), "correction_leave");
	const struct schema_move *m = schema_move_find(reg, "back", "out");
	struct record r = {0};

	(void)state;
	assert_non_null(m);
	assert_true(m->back);
	(void)record_set(&r, "@state", "back");
	values_set(&r.values, "back_on", "2026-03-01");
	values_set(&r.values, "office_by", "王所长");
	rule_stamp(reg, m, &r, &who, WHOLE_TODAY, &whole_world);
	assert_string_equal(values_get(&r.values, "back_on"), "");
	assert_string_equal(values_get(&r.values, "office_by"), "王所长");
	record_release(&r);
}

static void
try_without(size_t row, const char *name)
{
	struct record r;
	const struct schema_field *f;
	char role[32] = "";
	struct err err;

	make_mover(&r, row);
	f = schema_field_find(schema_register_find(whole_schema(), r.reg), name);
	assert_non_null(f);
	memcpy(role, whole_move(row)->may, strcspn(whole_move(row)->may, " "));
	values_set(&r.values, name, NULL);
	if (go(&r, whole_move(row)->to, role, &err) != E_INVALID ||
	    !strstr(err.msg, label_text(&f->label)))
		fail_msg("%s, %s to %s without %s: %s", r.reg, r.state,
		    whole_move(row)->to, name, err.msg);
	record_release(&r);
}

static void
steps_ask_for_what_they_need(void **state)
{
	(void)state;
	for (size_t i = 0; whole_move(i); i++) {
		const char *at = whole_move(i)->needs;

		while (*at) {
			size_t len = strcspn(at, " ");
			char *name = mem_strndup(at, len);

			try_without(i, name);
			free(name);
			at += len + (at[len] ? 1 : 0);
		}
	}
}

/* Guards and values that contradict; their sentence in both languages. */
static void
steps_are_held_up(void **state)
{
	char role[32];
	struct err err;

	(void)state;
	for (size_t i = 0; whole_move(i); i++) {
		struct record r;

		if (whole_move(i)->breaks[0] == '\0')
			continue;
		make_mover(&r, i);
		whole_put(&r, whole_move(i)->breaks);
		memset(role, 0, sizeof role);
		memcpy(role, whole_move(i)->may, strcspn(whole_move(i)->may, " "));
		if (go(&r, whole_move(i)->to, role, &err) != E_INVALID ||
		    !strchr(err.msg, ' '))
			fail_msg("%s, %s to %s with %s: %s", r.reg, r.state,
			    whole_move(i)->to, whole_move(i)->breaks, err.msg);
		tr_set(TR_ZH);
		assert_int_equal(go(&r, whole_move(i)->to, role, &err), E_INVALID);
		assert_true((unsigned char)err.msg[0] >= 0x80);
		tr_set(TR_EN);
		record_release(&r);
	}
}

static void
children_are_asked_for(void **state)
{
	static const struct {
		const char *from, *to;
		size_t left;	/* children that are there */
		const char *words;
	} rows[] = {
		{ "draft", "open", 0, "applicant" },
		{ "draft", "open", 1, "respondent" },
		{ "open", "agreed", 2, "session" },
	};
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct record r;

		whole_make_nth(&r, "mediation_case", 0);
		(void)record_set(&r, "@state", rows[i].from);
		whole_set_children(rows[i].left);
		assert_int_equal(go(&r, rows[i].to, "clerk", &err),
		    E_INVALID);
		assert_non_null(strstr(err.msg, rows[i].words));
		whole_set_children(3);
		assert_int_equal(go(&r, rows[i].to, "clerk", &err), E_OK);
		record_release(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_role_may_what_it_may),
		cmocka_unit_test(no_other_way_leads_on),
		cmocka_unit_test(every_state_is_reached),
		cmocka_unit_test(forbidden_steps_are_refused),
		cmocka_unit_test(mistakes_are_corrected_with_a_reason),
		cmocka_unit_test(corrections_empty_what_the_step_filled),
		cmocka_unit_test(steps_ask_for_what_they_need),
		cmocka_unit_test(steps_are_held_up),
		cmocka_unit_test(children_are_asked_for),
	};

	return cmocka_run_group_tests(tests, whole_load, whole_unload);
}
