/*
 * sync/asked: a long push sends the next request before it has the reply to the
 * last.  Whatever becomes of either, all of it is judged once and both sides are
 * equal.  Real caches and a real server (kit/township.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "kit/quickhash.h"
#include "kit/township_say.h"
#include "store/apply.h"
#include "sync/asked.h"
#include "sync/page.h"

enum { MANY = 120, FEW_BYTES = 8 * 1024, FEWER_BYTES = 3 * 1024 };

/* So many wait, and no request is larger than a few of them. */
static struct say_pair
office_with_much_to_send(struct township *t)
{
	struct say_pair p = say_pair(t);

	say_sync(p.a);
	for (int i = 0; i < MANY; i++)
		(void)say_add(p.a, "title=one of many;place=here");
	p.a->net.most = FEW_BYTES;
	p.a->net.early = 0;
	return p;
}

static void
a_long_push_is_sent_early(void **state)
{
	struct say_pair p = office_with_much_to_send(*state);
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;

	assert_int_equal(site_sync(p.a, &counts, &err), E_OK);
	assert_int_equal(counts.pushed, MANY);
	assert_false(counts.early_lost);
	/* all but the first, those that were too large, and the last, behind
	 * which nothing waits */
	assert_true(counts.requests >= 8);
	assert_true(p.a->net.early + 4 >= counts.requests);
	say_well(*state);
}

static void
over_one_line_it_is_not(void **state)
{
	struct say_pair p = office_with_much_to_send(*state);
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;

	p.a->net.one_line = true;
	assert_int_equal(site_sync(p.a, &counts, &err), E_OK);
	assert_int_equal(counts.pushed, MANY);
	assert_int_equal(p.a->net.early, 0);
	say_well(*state);
}

/* ---- accidents ---- */

struct accident {
	struct site *site;
	enum net_fault fault;
	size_t at;		/* behind so many early requests */
	bool happened;
	size_t early;		/* so many there were */
};

static void
come_to_pass(void *self)
{
	struct accident *x = self;

	if (x->happened || x->site->net.early < x->at)
		return;
	x->happened = true;
	x->early = x->site->net.early;
	site_fault(x->site, x->fault, 1);
}

static void
any_accident_at_any_moment(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	size_t parked = 0;

	say_sync(p.a);
	for (int fault = NET_FINE + 1; fault < NET_FAULTS; fault++) {
		for (size_t at = 1; at < 4; at++) {
			struct accident x = { .site = p.a, .fault = fault,
				.at = at };
			struct sync_counts counts = {0};
			struct err err = ERR_INIT;

			for (int i = 0; i < 40; i++)
				(void)say_add(p.a, "title=one of many;"
					"place=here");
			p.a->net.most = FEWER_BYTES;
			p.a->net.early = 0;
			p.a->net.during = come_to_pass;
			p.a->net.self = &x;
			p.a->net.cut = (unsigned)(97 * at);
			(void)site_sync(p.a, &counts, &err);
			p.a->net.during = NULL;
			assert_true(x.happened);
			site_fault(p.a, NET_FINE, 0);
			p.a->net.most = 0;
			say_sync(p.a);
			assert_int_equal(say_counts(p.a).waiting, 0);
			/* but for the one that cannot be worked */
			parked += fault == NET_STUCK;
			assert_true(say_refused(p.a) <= parked);
		}
	}
	say_well(t);
}

/* The server starts again between two of them: it knows nothing of the one
 * before, and what follows goes as always. */
static void
a_server_that_has_forgotten_is_asked_as_always(void **state)
{
	struct say_pair p = office_with_much_to_send(*state);
	struct accident x = { .site = p.a, .fault = NET_RESTART, .at = 2 };
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;

	p.a->net.during = come_to_pass;
	p.a->net.self = &x;
	assert_int_equal(site_sync(p.a, &counts, &err), E_OK);
	assert_true(x.happened);
	assert_true(counts.early_lost);
	assert_int_equal(counts.pushed, MANY);
	/* the one that met it, and one behind that */
	assert_true(p.a->net.early <= x.early + 2);
	p.a->net.during = NULL;
	say_well(*state);
}

/* ---- somebody else ---- */

struct guest {
	struct say_pair *pair;
	size_t times;
};

/* While a request of A is worked B saves something and sends it. */
static void
meanwhile(void *self)
{
	struct guest *g = self;

	if (g->pair->a->net.early < 2 || g->times > 2)
		return;
	g->times++;
	say_set(g->pair->b, &g->pair->id, g->times % 2 ? "place=there" :
		"place=elsewhere");
	(void)say_add(g->pair->b, "title=of somebody else");
	say_sync(g->pair->b);
}

static void
what_others_send_meanwhile_is_heard_once(void **state)
{
	struct say_pair p = office_with_much_to_send(*state);
	struct guest g = { .pair = &p };
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;

	p.a->net.during = meanwhile;
	p.a->net.self = &g;
	assert_int_equal(site_sync(p.a, &counts, &err), E_OK);
	assert_int_equal(g.times, 3);
	p.a->net.during = NULL;
	/* three that are new here, and one changed by each */
	assert_int_equal(counts.apply.pulled, 6);
	assert_false(counts.early_lost);
	say_all(*state, &p.id, "place", "there");
	say_well(*state);
}

/* ---- where it goes on ---- */

static bool
fits(struct site *site, const char *was, const char *mark)
{
	char *text = mem_printf("{\"t\":\"end\",\"cur\":{}%s%s%s,\"more\":false,"
		"\"acked\":0,\"sv\":\"\",\"se\":\"\",\"at\":0}\n", was,
		mark, *was ? "}" : "");
	struct buf body;
	struct page page = {0};
	struct err err = ERR_INIT;
	bool fits = false;

	buf_init(&body, BUF_LINE_MAX);
	buf_text(&body, text);
	assert_int_equal(page_parse(&page, &body, &err), E_OK);
	assert_int_equal(asked_fits(&fits, &page, site->s, &err), E_OK);
	page_release(&page);
	buf_release(&body);
	free(text);
	return fits;
}

static void
a_page_for_another_place_is_not_applied(void **state)
{
	struct say_pair p = say_pair(*state);
	struct wire_hello here = {0};
	struct err err = ERR_INIT;
	struct buf was;

	say_sync(p.a);
	assert_int_equal(apply_hello(&here, p.a->s, &err), E_OK);
	assert_true(here.cursor_count > 0);
	buf_init(&was, BUF_LINE_MAX);
	buf_text(&was, ",\"was\":{");
	for (size_t i = here.cursor_count; i > 0; i--)
		buf_printf(&was, "%s\"%s\":\"%lld.%s\"",
			i < here.cursor_count ? "," : "",
			here.cursors[i - 1].stream,
			(long long)here.cursors[i - 1].seq,
			here.cursors[i - 1].mark);
	assert_true(fits(p.a, was.data, ""));
	/* one stream more, another place, another past, none at all, unsaid */
	assert_false(fits(p.a, was.data,
		",\"9900000002/gen\":\"1.00000001\""));
	here.cursors[0].seq++;
	buf_clear(&was);
	buf_printf(&was, ",\"was\":{\"%s\":\"%lld.%s\"",
		here.cursors[0].stream, (long long)here.cursors[0].seq,
		here.cursors[0].mark);
	assert_false(fits(p.a, was.data, ""));
	buf_clear(&was);
	buf_printf(&was, ",\"was\":{\"%s\":\"%lld.%s\"",
		here.cursors[0].stream, (long long)here.cursors[0].seq - 1,
		"feedfeed");
	assert_false(fits(p.a, was.data, ""));
	assert_false(fits(p.a, ",\"was\":{", ""));
	assert_false(fits(p.a, "", ""));
	buf_release(&was);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SAID(a_long_push_is_sent_early),
		SAID(over_one_line_it_is_not),
		SAID(any_accident_at_any_moment),
		SAID(a_server_that_has_forgotten_is_asked_as_always),
		SAID(what_others_send_meanwhile_is_heard_once),
		SAID(a_page_for_another_place_is_not_applied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
