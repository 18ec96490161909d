/*
 * Entering the second record of a kind: what the first one had comes by a key,
 * from the store, for this office and nobody else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "kit/playapp.h"
#include "kit/screen.h"

#define NOW "2026-03-02T09:11:05+08:00"

static void
play_two_sessions(enum tr_lang lang)
{
	struct playapp p;

	playapp_start(&p, lang, clock_parse(NOW), "again");
	/* a mediation of the first case: place, mediator, what was said */
	playapp_keys(&p, "m Enter a 2 =钱七 Enter =1 Enter =双方同意再谈 Tab "
		"y Tab Tab Tab =村委会二楼 Tab Tab ^S");
	playapp_keys(&p, "a 2");
	playapp_expect(&p, "empty");
	/* what repeats comes at once, the rest stays empty */
	playapp_keys(&p, "^C");
	playapp_expect(&p, "same_all");
	/* the place again, chosen from what was entered before */
	playapp_keys(&p, "Tab Tab Tab Tab Tab Tab");
	playapp_expect(&p, "marked");
	playapp_keys(&p, "^U ^T");
	playapp_expect(&p, "recalled");
	playapp_keys(&p, "Enter ^P =祠堂 Esc =门口");
	playapp_expect(&p, "brought_back");
	/* one field of the first */
	playapp_keys(&p, "^P ^P ^P ^P ^D");
	playapp_expect(&p, "same");
	playapp_stop(&p);
}

static void
test_again_zh(void **state)
{
	(void)state;
	play_two_sessions(TR_ZH);
}

static void
test_again_en(void **state)
{
	(void)state;
	play_two_sessions(TR_EN);
}

/* Somebody else's register and a person's name are not offered. */
static void
test_names_are_not_offered(void **state)
{
	struct playapp p;

	(void)state;
	playapp_start(&p, TR_ZH, clock_parse(NOW), "again");
	playapp_keys(&p, "p n =周九 ^S ^X n ^T");
	assert_true(screen_has(&p.canvas, "本项没有选项"));
	playapp_keys(&p, "^D");
	assert_true(screen_has(&p.canvas, "*姓名/名称   周九"));
	playapp_keys(&p, "Esc");
	assert_false(screen_has(&p.canvas, "周九"));
	playapp_stop(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_again_zh),
		cmocka_unit_test(test_again_en),
		cmocka_unit_test(test_names_are_not_offered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
