/*
 * What the penalty ladder proposes, as screens: on the record with its badges,
 * in the list of what is due, and the draft that t opens.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/cli_open.h"
#include "client/due_words.h"
#include "client/screen_due.h"
#include "client/screen_record.h"
#include "kit/playapp.h"
#include "kit/playoffice.h"
#include "kit/screen.h"
#include "store/due.h"
#include "store/overview.h"

/* 2026-03-02 09:11:05 in +08:00 */
#define NOW_AT 1772413865000

struct play {
	struct playapp on;
	struct uuid subject, lost;
};

static void
add_subject(struct play *p)
{
	const char *person[] = { "name=周八", NULL };
	char id[UUID_TEXT_MAX], of[64];
	struct uuid who = playoffice_add(&p->on.cli, "person", person);

	uuid_print(id, &who);
	(void)snprintf(of, sizeof of, "person_id=%s", id);
	const char *values[] = { of, "category=02", "level=loose",
		"received_on=2026-02-10", "group_on=2026-02-11",
		"announced_on=2026-02-21", "plan_on=2026-02-21",
		"term_to=2027-02-19", "@state=active", NULL };

	p->subject = playoffice_add(&p->on.cli, "correction_subject", values);
}

/* A child of the subject. */
static struct uuid
add_below(struct play *p, const char *reg, const char *a, const char *b,
	const char *c, const char *d)
{
	char id[UUID_TEXT_MAX], of[64];

	uuid_print(id, &p->subject);
	(void)snprintf(of, sizeof of, "subject_id=%s", id);
	const char *values[] = { of, a, b, c, d, NULL };

	return playoffice_add(&p->on.cli, reg, values);
}

static void
start(struct play *p, enum tr_lang lang)
{
	*p = (struct play){0};
	playapp_prepare(&p->on, lang, NOW_AT, "proposal");
	playoffice_make(&p->on.cli, p->on.home);
	add_subject(p);
	p->lost = add_below(p, "correction_lost", "since_on=2026-02-19",
	    "noticed_on=2026-02-19", "reason=1", "police_on=2026-02-20");
	store_lock(p->on.cli.store);
	app_init(&p->on.app, &p->on.cli);
	playapp_sign_in(&p->on);
}

static const struct deadline_rule *
penalty(const struct play *p)
{
	const struct deadline_set *set = p->on.cli.schema->deadlines;

	for (size_t i = 0; i < set->count; i++)
		if (set->rules[i].propose)
			return &set->rules[i];
	fail_msg("no rule proposes anything");
	return NULL;
}

static void
proposed(struct play *p)
{
	screen_record_push(&p->on.app, &p->subject);
	app_paint(&p->on.app, &p->on.canvas);
	playapp_expect(&p->on, "record");
	playapp_keys(&p->on, "q");
	screen_due_push(&p->on.app, penalty(p), DEADLINE_TODAY);
	app_paint(&p->on.app, &p->on.canvas);
	playapp_expect(&p->on, "due");
	playapp_keys(&p->on, "t");
	playapp_expect(&p->on, "draft");
}

static void
a_warning_is_drafted(void **state)
{
	(void)state;
	for (int lang = 0; lang < 2; lang++) {
		struct play p;

		start(&p, lang ? TR_ZH : TR_EN);
		proposed(&p);
		playapp_stop(&p.on);
	}
}

static size_t
proposals(struct play *p)
{
	struct due_list list = {0};
	size_t count = 0;

	due_of_record(&list, p->on.cli.store, &p->subject, p->on.app.today);
	for (size_t i = 0; i < list.count; i++)
		count += list.items[i].when.offer != NULL;
	due_release(&list);
	return count;
}

/* Nothing is taken by the program; what is drafted is not proposed again. */
static void
a_draft_answers_it(void **state)
{
	struct play p;

	(void)state;
	start(&p, TR_EN);
	assert_int_equal(proposals(&p), 1);
	(void)add_below(&p, "correction_sanction", "kind=P1",
	    "basis=P1-34a", "proposed_on=2026-02-25", NULL);
	assert_int_equal(proposals(&p), 1);
	(void)add_below(&p, "correction_sanction", "kind=P2",
	    "basis=P2-35b", "proposed_on=2026-03-02", NULL);
	assert_int_equal(proposals(&p), 0);
	playapp_stop(&p.on);
}

/* What is due on a child is called after the subject. */
static void
reminders_name_the_person(void **state)
{
	struct play p;
	struct due_list list = {0};
	bool found = false;

	(void)state;
	start(&p, TR_EN);
	due_gather(&list, p.on.cli.store, p.on.app.today, DUE_AS_RULED);
	for (size_t i = 0; i < list.count; i++) {
		struct buf text;

		if (uuid_compare(&list.items[i].id, &p.lost) != 0)
			continue;
		found = true;
		buf_init(&text, BUF_LINE_MAX);
		due_words_whose(&text, p.on.cli.store, &list.items[i]);
		assert_non_null(strstr(text.data, "周八"));
		buf_release(&text);
	}
	assert_true(found);
	due_release(&list);
	playapp_stop(&p.on);
}

static int
set_up(void **state)
{
	(void)state;
	crypto_init();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_warning_is_drafted),
		cmocka_unit_test(a_draft_answers_it),
		cmocka_unit_test(reminders_name_the_person),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
