/*
 * Definitions that change while something waits to be sent: what is shown and
 * what arrives says it in the words of now.  The simulation plays the same by
 * chance (kit/renewal.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/tr.h"
#include "kit/township_say.h"
#include "store/store.h"

static void
renew_county(struct township *t)
{
	t->renewed = true;
	t->renewed_row = township_number(t,
		"SELECT coalesce(max(rowid), 0) FROM history");
	township_restart(t);
}

static void
renew_site(struct township *t, struct site *site)
{
	site->schema = t->newer;
	site_reopen(site);
}

/* What is shown of a matter: "site" is what "place" was before. */
static void
shows(struct site *site, const struct uuid *id, const char *place)
{
	struct record r = {0};
	struct err err = ERR_INIT;

	assert_int_equal(store_get(&r, site->s, id, &err), E_OK);
	assert_string_equal(record_get(&r, "site"), place);
	assert_string_equal(record_get(&r, "place"), "");
	record_release(&r);
}

static void
what_waits_has_the_new_names(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid added;

	say_set(p.a, &p.id, "phone=13800138000;place=旧街");
	say_well(t);
	say_set(p.a, &p.id, "place=新街");
	added = say_add(p.a, "title=又一件;phone=13800138000;place=河滨");
	renew_county(t);
	renew_site(t, p.a);
	shows(p.a, &p.id, "新街");
	shows(p.a, &added, "河滨");
	renew_site(t, p.b);
	shows(p.b, &p.id, "旧街");
	say_well(t);
	say_all(t, &p.id, "site", "新街");
	say_all(t, &added, "site", "河滨");
}

/* Under the old name somebody fills in what others have under the new one
 * already: theirs is what waits, so theirs is what they see. */
static void
what_waits_stands_before_what_came(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_set(p.a, &p.id, "phone=13800138000;place=旧街");
	say_well(t);
	renew_county(t);
	renew_site(t, p.b);
	say_set(p.b, &p.id, "site=北街");
	say_sync(p.b);
	say_sync(p.a);
	say_set(p.a, &p.id, "place=南街");
	renew_site(t, p.a);
	shows(p.a, &p.id, "南街");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SAID(what_waits_has_the_new_names),
		SAID(what_waits_stands_before_what_came),
	};

	tr_set(TR_EN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
