/*
 * An approval as people see it: what each role's menu offers, the opinion that
 * is asked for, and a page that never words what waits like what was decided.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/cli_open.h"
#include "client/screen_decide.h"
#include "client/screen_record.h"
#include "kit/playapp.h"
#include "kit/playoffice.h"
#include "kit/screen.h"
#include "store/overview.h"
#include "store/save.h"

/* 2026-11-22 09:11:05 in +08:00 */
#define NOW_AT 1795309865000
#define PASSWORD "mima-2026-mima"

enum { DAY_MS = 86400000 };

struct play {
	struct playapp on;
	struct uuid subject;
};

/* A clerk, the head of the office, and the county's desk at one cache: what a
 * network would carry between them is not looked at here. */
static void
enroll(struct store *s)
{
	static const struct {
		const char *login, *name, *role;
	} people[] = { { "wang", "王干部", "clerk" },
		{ "li", "李所长", "chief" },
		{ "xian", "陈科长", "county_correction" } };
	struct store_device device = {
		.server = "https://county.example:8443",
		.device = "01890a5d-ac96-774b-bcce-b302099a8057",
		.token = "device-token", .office = "990101001",
		.office_name = "枫桥司法所", .county_name = "示范县司法局",
		.server_epoch = "01890a5d-ac96-774b-bcce-b302099a8058",
		.epoch = 1,
	};
	struct crypto_key share = {{ 7 }};
	struct err err = ERR_INIT;

	if (store_enroll(s, &device, &share, &err))
		fail_msg("%s", err.msg);
	for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
		struct store_user user = { .office = "990101001",
			.token = "user-token" };

		(void)snprintf(user.login, sizeof user.login, "%s",
			people[i].login);
		(void)snprintf(user.name, sizeof user.name, "%s",
			people[i].name);
		(void)snprintf(user.role, sizeof user.role, "%s",
			people[i].role);
		user.offline_until = clock_now_at() + (int64_t)30 * DAY_MS;
		if (store_admit(s, &user, PASSWORD, &share, &err))
			fail_msg("%s", err.msg);
		store_lock(s);
	}
}

static void
sign_in(struct play *p, const char *login)
{
	bool again = *app_login(&p->on.app) != '\0';
	char *keys = mem_printf("%s^U =%s Enter =" PASSWORD " Enter",
		again ? "Tab " : "", login);

	if (again)
		app_lock(&p->on.app);
	playapp_keys(&p->on, keys);
	free(keys);
	assert_string_equal(app_login(&p->on.app), login);
}

static void
start(struct play *p, enum tr_lang lang)
{
	struct err err = ERR_INIT;

	*p = (struct play){0};
	playapp_prepare(&p->on, lang, NOW_AT, "approval");
	p->on.cli.home = mem_strdup(p->on.home);
	p->on.cli.screens = "tests/data/approval";
	if (cli_schema(&p->on.cli, &err) || cli_store(&p->on.cli, true, &err))
		fail_msg("%s", err.msg);
	enroll(p->on.cli.store);
	app_init(&p->on.app, &p->on.cli);
}

static void
stop(struct play *p)
{
	p->on.cli.screens = NULL;		/* it was lent */
	playapp_stop(&p->on);
}

/* A leave of so many days, entered by whoever is signed in. */
static struct uuid
enter_leave(struct play *p, const char *to_on)
{
	static const char *const subject[] = { "name=张三", NULL };
	char id[UUID_TEXT_MAX], of[64], until[32];
	struct uuid who = playoffice_add(&p->on.cli, "subject", subject);

	uuid_print(id, &who);
	(void)snprintf(of, sizeof of, "subject_id=%s", id);
	(void)snprintf(until, sizeof until, "to_on=%s", to_on);
	const char *values[] = { of, "from_on=2026-11-23", until,
		"place=省城，人民医院", NULL };

	return playoffice_add(&p->on.cli, "leave", values);
}

static void
open_record(struct play *p, const struct uuid *id)
{
	screen_record_push(&p->on.app, id);
	app_paint(&p->on.app, &p->on.canvas);
}

static void
round_trip(enum tr_lang lang)
{
	bool zh = lang == TR_ZH;
	struct uuid id;
	struct play p;

	start(&p, lang);
	sign_in(&p, "wang");
	id = enter_leave(&p, "2026-12-01");
	open_record(&p, &id);
	playapp_expect(&p.on, "draft");
	playapp_keys(&p.on, "m Enter =y Enter");

	/* it waits, and cannot be edited */
	playapp_keys(&p.on, "e");
	assert_true(screen_has(&p.on.canvas, zh ? "只能按流程办理" :
		"changed by its steps only"));
	playapp_keys(&p.on, "m");
	assert_false(screen_has(&p.on.canvas, zh ? "-> 已批准" : "-> approved"));
	playapp_keys(&p.on, "Esc");
	/* it is the chief's to decide, who sees it first */
	assert_int_equal(screen_decide_count(&p.on.app), 0);
	sign_in(&p, "li");
	assert_int_equal(screen_decide_count(&p.on.app), 1);
	playapp_keys(&p.on, "a");
	playapp_expect(&p.on, "decide");
	playapp_keys(&p.on, "Enter m");
	/* nine days are not the office's to decide */
	playapp_expect(&p.on, "menu");
	playapp_keys(&p.on, "Enter =情况属实，同意外出就医。");
	playapp_expect(&p.on, "form");
	playapp_keys(&p.on, "^S");
	playapp_expect(&p.on, "pending");
	/* back at the list nothing is left of it */
	playapp_keys(&p.on, "q");
	assert_true(screen_has(&p.on.canvas, zh ? "没有等您审批的" :
		"Nothing waits for"));
	sign_in(&p, "xian");
	assert_int_equal(screen_decide_count(&p.on.app), 1);
	open_record(&p, &id);
	playapp_keys(&p.on, "m");
	assert_true(screen_has(&p.on.canvas, zh ? "-> 已批准" : "-> approved"));
	assert_false(screen_has(&p.on.canvas, zh ? "-> 待市审批" : "-> city"));
	playapp_keys(&p.on, "Enter ^S");
	playapp_expect(&p.on, "approved");
	stop(&p);
}

static void
test_round_trip(void **state)
{
	(void)state;
	round_trip(TR_ZH);
	round_trip(TR_EN);
}

static void
test_own_entry(void **state)
{
	static const char *const profile[] = { "name=枫桥司法所", NULL };
	struct record r = {0}, seen = {0};
	struct save save = { .record = &r, .seen = &seen };
	struct err err = ERR_INIT;
	struct uuid id;
	struct play p;

	(void)state;
	start(&p, TR_ZH);
	sign_in(&p, "li");
	(void)playoffice_add(&p.on.cli, "office", profile);
	id = enter_leave(&p, "2026-11-24");
	open_record(&p, &id);
	playapp_keys(&p.on, "m Enter =y Enter m Enter");
	assert_int_equal(screen_decide_count(&p.on.app), 0);
	/* only what is no decision of theirs is offered */
	assert_false(screen_has(&p.on.canvas, "同意并报县审批"));
	playapp_keys(&p.on, "Esc Esc");
	/* and the store asks the same */
	assert_int_equal(store_get(&seen, p.on.cli.store, &id, &err), E_OK);
	record_copy(&r, &seen);
	assert_int_equal(save_move(p.on.cli.store, &save, "office_ok", &err),
	    E_AUTH);
	assert_non_null(strstr(err.msg, "须由他人审批"));
	faults_release(&save.faults);
	record_release(&r);
	record_copy(&r, &seen);
	(void)record_set(&r, "office_by", "王干部");
	assert_int_equal(save_record(p.on.cli.store, &save, &err), E_INVALID);
	faults_release(&save.faults);
	record_release(&r);
	record_release(&seen);
	stop(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_own_entry),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
