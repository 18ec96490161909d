/*
 * What may not be together under community correction: nobody who is lost is
 * released or moved away, nobody who was released is lost, and a revocation
 * that is pending holds the release back.  One may be on leave and lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "core/rule.h"
#include "kit/files.h"
#include "kit/playoffice.h"
#include "store/overview.h"

/* 2026-03-02 09:11:05 in +08:00 */
#define NOW_AT 1772413865000

enum { CHILDREN_MAX = 3, WORDS_MAX = 8 };

#define LOST "correction_lost|since_on=2026-02-25|noticed_on=2026-02-25|" \
	"reason=1"
#define LEAVE "correction_leave|reason=1|from_on=2026-02-20|" \
	"to_on=2026-02-26|destination=x|@state=out"
#define MOVE "correction_move|applied_on=2026-02-11|reason=1|target=x|" \
	"new_address=x"
#define REVOKE "correction_sanction|kind=P4|basis=P4-46b|" \
	"proposed_on=2026-02-20|legal_on=2026-02-20|@state=proposed"

/* The last child is moved, or the subject itself where to begins with '^'. */
static const struct {
	const char *what;
	const char *children[CHILDREN_MAX];
	const char *to;
	const char *overlays;		/* of the subject */
	const char *said;		/* NULL: it may be */
} rows[] = {
	{ "released", { NULL }, "^released", "", NULL },
	{ "released while lost", { LOST }, "^released", "lost",
	  "脱管期间期满的不自动解除，报县社区矫正机构" },
	{ "released once found", { LOST "|@state=found" },
	  "^released", "", NULL },
	{ "released while a revocation is pending", { REVOKE }, "^released",
	  "revocation_pending", "已提请撤销、收监，等待裁决，不得解除" },
	{ "on leave and lost", { LEAVE, LOST }, "found", "lost;on_leave",
	  NULL },
	{ "released while on leave", { LEAVE }, "^released", "on_leave",
	  NULL },
	{ "moved away while lost", { LOST, MOVE "|@state=approved" }, "moving",
	  "lost;moving_out", "脱管期间不予批准" },
	{ "moved away", { MOVE "|@state=approved" }, "moving", "moving_out",
	  NULL },
	{ "transferred before the receipt", { MOVE "|@state=moving" },
	  "^transferred", "moving_out",
	  "尚未收到新执行地回执，仍由本所监管，不得转出" },
	{ "transferred after it", { MOVE "|@state=received" }, "^transferred",
	  "", NULL },
	{ "transferred while lost", { LOST }, "^transferred", "lost",
	  "脱管期间不得转出" },
};

struct office {
	struct cli cli;
	char home[64];
	struct uuid subject, last;
};

static struct uuid
add(struct office *o, const char *child)
{
	char *text = mem_strdup(child), *at = text;
	const char *values[WORDS_MAX + 2] = { NULL };
	char id[UUID_TEXT_MAX], of[64];
	const char *reg = text;
	struct uuid added;
	size_t n = 0;

	uuid_print(id, &o->subject);
	(void)snprintf(of, sizeof of, "subject_id=%s", id);
	values[n++] = of;
	while ((at = strchr(at, '|')) != NULL && n <= WORDS_MAX) {
		*at++ = '\0';
		values[n++] = at;
	}
	added = playoffice_add(&o->cli, reg, values);
	free(text);
	return added;
}

static void
make_subject(struct office *o, const char *state)
{
	const char *person[] = { "name=周八", NULL };
	char id[UUID_TEXT_MAX], of[64], in[40];
	struct uuid who = playoffice_add(&o->cli, "person", person);

	uuid_print(id, &who);
	(void)snprintf(of, sizeof of, "person_id=%s", id);
	(void)snprintf(in, sizeof in, "@state=%s", state);
	const char *values[] = { of, "category=02", "level=loose",
		"received_on=2026-02-10", "term_from=2026-02-10",
		"term_to=2027-02-09", in, NULL };

	o->subject = playoffice_add(&o->cli, "correction_subject", values);
}

/* What the step needs besides: it is not what is tested here. */
static void
fill_needs(struct record *r, const struct schema_register *reg,
	const char *to)
{
	for (size_t i = 0; i < reg->move_count; i++) {
		const struct schema_move *m = &reg->moves[i];

		for (size_t k = 0; strcmp(m->to, to) == 0 &&
		    k < m->need_count; k++) {
			const struct schema_field *f = schema_field_find(reg,
			    m->needs[k]);

			if (!values_has(&r->values, f->name))
				values_set(&r->values, f->name,
				    f->type == VT_DATE ? "2026-03-01" :
				    f->codes ? f->codes->items[0].code : "x");
		}
	}
}

static enum status
move(struct office *o, const struct uuid *id, const char *to, struct err *err)
{
	const struct rule_who who = { .name = "王县长",
		.role = "county_correction" };
	const struct schema_register *reg;
	struct record r = {0};
	enum status st;

	assert_int_equal(store_get(&r, o->cli.store, id, err), E_OK);
	reg = schema_register_find(o->cli.schema, r.reg);
	fill_needs(&r, reg, to);
	st = rule_move(o->cli.schema, reg, &r, to, &who, clock_today(),
	    store_world(o->cli.store), err);
	record_release(&r);
	return st;
}

static int
set_up(void **state)
{
	struct office *o = mem_alloc(1, sizeof *o);

	crypto_init();
	tr_set(TR_ZH);
	clock_fix(NOW_AT);
	(void)snprintf(o->home, sizeof o->home, "/tmp/fengqiao-not-XXXXXX");
	if (!mkdtemp(o->home))
		return -1;
	playoffice_make(&o->cli, o->home);
	*state = o;
	return 0;
}

static int
tear_down(void **state)
{
	struct office *o = *state;

	cli_release(&o->cli);
	clock_fix(0);
	files_remove(o->home);
	free(o);
	return 0;
}

static void
try_row(struct office *o, size_t i)
{
	bool own = rows[i].to[0] == '^';
	struct err err = ERR_INIT;
	enum status st;

	make_subject(o, "active");
	o->last = o->subject;
	for (size_t k = 0; k < CHILDREN_MAX && rows[i].children[k]; k++)
		o->last = add(o, rows[i].children[k]);
	assert_string_equal(overview_get(overview_find(o->cli.store,
	    &o->subject), "@overlays"), rows[i].overlays);
	st = move(o, own ? &o->subject : &o->last, rows[i].to + own, &err);
	if (!rows[i].said && st)
		fail_msg("%s: %s", rows[i].what, err.msg);
	if (rows[i].said && (!st || strcmp(err.msg, rows[i].said) != 0))
		fail_msg("%s: %s", rows[i].what, st ? err.msg : "allowed");
}

static void
what_may_not_be_together(void **state)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		try_row(*state, i);
}

/* Released, terminated, moved away: nobody is lost any more. */
static void
the_gone_are_not_lost(void **state)
{
	static const char *const gone[] = { "released", "terminated",
		"transferred", "archived" };
	struct office *o = *state;

	for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
		const struct schema_register *reg = schema_register_find(
		    o->cli.schema, "correction_lost");
		struct faults faults = {0};
		struct record r = {0};
		char id[UUID_TEXT_MAX];
		bool said = false;

		make_subject(o, gone[i]);
		uuid_print(id, &o->subject);
		(void)snprintf(r.reg, sizeof r.reg, "correction_lost");
		(void)snprintf(r.state, sizeof r.state, "lost");
		values_set(&r.values, "subject_id", id);
		values_set(&r.values, "since_on", "2026-02-25");
		rule_check(&faults, o->cli.schema, reg, &r, RULE_SAVE,
		    clock_today(), store_world(o->cli.store));
		for (size_t k = 0; k < faults.count; k++)
			said |= faults.items[k].stop && strcmp(
			    faults.items[k].msg,
			    "已解除、终止矫正或者转出的对象不登记脱管") == 0;
		if (!said)
			fail_msg("%s, and lost", gone[i]);
		faults_release(&faults);
		record_release(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_may_not_be_together,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_gone_are_not_lost,
		    set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
