/*
 * A computer that the county orders erased: what was entered on it, and is
 * nowhere else, stands in the quarantine afterwards and can be taken in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/number.h"
#include "kit/cache.h"
#include "kit/settles.h"
#include "kit/township_say.h"
#include "server/device_end.h"
#include "store/erasure.h"
#include "store/inside.h"
#include "store/scan.h"
#include "sync/dismissal.h"

enum { SIZE = 20 * 1000 };

static void
order(struct township *t, const struct site *site)
{
	struct store_device d = {0};
	struct db *db = NULL;
	struct err err = ERR_INIT;
	struct uuid id;

	assert_int_equal(store_device_get(&d, site->s, &err), E_OK);
	assert_true(uuid_parse(&id, d.device));
	assert_int_equal(ledger_begin(&db, t->ledger, &err), E_OK);
	assert_int_equal(ledger_end(t->ledger, device_erase(db, &id, false,
		&err), &err), E_OK);
}

static bool
is_erased(const struct site *site)
{
	struct erasure e = {0};
	struct err err = ERR_INIT;

	return erasure_read(&e, site->home, &err) == E_OK && e.confirmed;
}

static void
obey(struct site *site)
{
	struct err err = ERR_INIT;

	assert_int_equal(site_sync(site, NULL, &err), E_AUTH);
	assert_true(is_erased(site));
}

static void
take_all(struct township *t)
{
	size_t taken = 0;

	settles_all(t, &taken);
	assert_true(taken > 0);
	say_well(t);
}

/* Ordered, obeyed, registered anew, and the county takes in what it kept. */
static void
erase(struct township *t, struct site *site)
{
	order(t, site);
	obey(site);
	site_renew(site);
	say_well(t);
	take_all(t);
}

static void
what_waits_is_taken_in(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid id;

	say_well(t);
	say_set(p.a, &p.id, "place=here");
	id = say_add(p.a, "title=not sent");
	erase(t, p.a);
	say_all(t, &p.id, "place", "here");
	say_all(t, &id, "title", "not sent");
}

/* The server had it, and was restored from a backup before the computer heard
 * of that. */
static void
what_the_server_lost_is_handed_over(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid id;

	say_well(t);
	township_backup(t);
	say_set(p.a, &p.id, "place=only said");
	id = say_add(p.a, "title=sent");
	say_sync(p.a);
	say_set(p.a, &id, "phone=13800138000");
	township_restore(t);
	erase(t, p.a);
	say_all(t, &p.id, "place", "only said");
	say_all(t, &id, "title", "sent");
	say_all(t, &id, "phone", "13800138000");
}

/* What others did at the restored server meanwhile stands; nothing that was
 * handed over wins by itself. */
static void
what_the_server_lost_is_looked_at_first(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_well(t);
	township_backup(t);
	say_set(p.a, &p.id, "place=there");
	say_sync(p.a);
	township_restore(t);
	say_set(p.b, &p.id, "place=here");
	say_sync(p.b);
	erase(t, p.a);
	say_all(t, &p.id, "place", "here");
	say_ask(t, 1);
	say_resolve(p.b, "there");
	say_well(t);
	say_all(t, &p.id, "place", "there");
}

/* Nobody is there who could open it; or the line breaks. */
static void
what_cannot_be_handed_over_stays(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct transport net = site_transport(p.a);
	const struct dismissal d = { .kind = DISMISSAL_ERASE, .word = "w0rd",
		.epoch = "another" };
	struct err err = ERR_INIT;

	say_well(t);
	township_backup(t);
	say_set(p.a, &p.id, "place=only said");
	say_sync(p.a);
	township_restore(t);
	order(t, p.a);
	store_lock(p.a->s);
	assert_int_equal(dismissal_obey(p.a->s, "u1", &net, &d, &err), E_AUTH);
	assert_false(is_erased(p.a));
	site_reopen(p.a);
	site_fault(p.a, NET_500_AFTER, 2);
	assert_int_not_equal(site_sync(p.a, NULL, &err), E_OK);
	assert_false(is_erased(p.a));
	site_fault(p.a, NET_FINE, 0);
	assert_int_equal(site_sync(p.a, NULL, &err), E_AUTH);
	assert_true(is_erased(p.a));
	assert_int_equal(township_number(t, "SELECT count(*) FROM quarantine"
		" WHERE instr(op, 'only said') > 0"), 1);
	site_renew(p.a);
}

static int
ask(struct site *site, const char *step)
{
	struct transport net = site_transport(site);
	struct transport_reply reply = {0};
	struct store_device d = {0};
	struct err err = ERR_INIT;
	char *body;
	int status;

	assert_int_equal(store_device_get(&d, site->s, &err), E_OK);
	body = mem_printf("{\"t\":\"rec\",\"step\":\"%s\",\"dev\":\"%s\","
		"\"ep\":1,\"s\":\"" OFFICE_ONE "/gen\"}\n", step, d.device);
	assert_int_equal(net.post(net.self, &reply, &(struct transport_request){
		.path = "/v1/reconcile", .device_token = d.token,
		.user_token = store_user(site->s)->token, .body = body,
		.len = strlen(body) }, &err), E_OK);
	status = reply.status;
	assert_null(strstr(reply.body.data, OFFICE_ONE));
	transport_reply_release(&reply);
	free(body);
	return status;
}

/* It says what it had; of the records, and what is held, nothing is told. */
static void
who_is_to_be_erased_is_told_nothing(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	say_well(t);
	order(t, p.a);
	assert_int_equal(ask(p.a, "sums"), 403);
	assert_int_equal(ask(p.a, "ids"), 403);
	assert_int_equal(ask(p.a, "have"), 403);
	assert_int_equal(ask(p.a, "start"), 200);
}

/* A request from before the restore comes once more: of what stands before its
 * entries nobody may think that it is there. */
static void
a_late_request_leaves_no_gap(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct err err = ERR_INIT;

	say_well(t);
	township_backup(t);
	say_set(p.a, &p.id, "place=here");
	say_sync(p.a);
	say_set(p.a, &p.id, "phone=13800138000");
	say_sync(p.a);
	township_restore(t);
	township_shut(t, p.a, true);
	site_fault(p.a, NET_LATE, 1);
	assert_int_equal(site_sync(p.a, NULL, &err), E_AUTH);
	site_fault(p.a, NET_FINE, 0);
	township_shut(t, p.a, false);
	site_sign_in(p.a, p.a->login);
	say_well(t);
	assert_true(say_remembers(t, "here"));
}

/* Leased before the ledger was lost, and forgotten by it: what stands on paper
 * is not given to others while the county has not looked at it. */
static void
a_number_on_paper_is_not_given_again(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL);
	struct site *b = township_site(t, OFFICE_ONE, "u1b", NULL);
	struct uuid paper, other;
	char *no;

	township_backup(t);
	say_sync(a);
	township_restore(t);
	township_tick(1000);
	paper = cache_add(a->s, "paper", "text=on paper");
	no = mem_strdup(cache_value(a->s, &paper, "no"));
	assert_false(number_is_provisional(no, NULL));
	order(t, a);
	obey(a);
	site_renew(a);
	township_tick(1000);
	other = cache_add(b->s, "paper", "text=another");
	say_well(t);
	assert_false(number_is_provisional(cache_value(b->s, &other, "no"),
		NULL));
	assert_string_not_equal(cache_value(b->s, &other, "no"), no);
	take_all(t);
	say_all(t, &paper, "no", no);
	assert_int_equal(township_number(t, "SELECT count(*)"
		" FROM number_clash"), 0);
	free(no);
}

/* The same of one that the county gave for a provisional one: no entry has it. */
static void
a_number_that_the_county_gave_is_kept(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL);
	struct site *b = NULL;
	struct uuid paper, other;
	char *no;

	paper = cache_add(a->s, "paper", "text=entered offline");
	assert_true(number_is_provisional(cache_value(a->s, &paper, "no"),
		NULL));
	township_backup(t);
	say_well(t);
	no = mem_strdup(cache_value(a->s, &paper, "no"));
	assert_false(number_is_provisional(no, NULL));
	township_restore(t);
	order(t, a);
	obey(a);
	site_renew(a);
	b = township_site(t, OFFICE_ONE, "u1b", NULL);
	other = cache_add(b->s, "paper", "text=another");
	say_well(t);
	assert_string_not_equal(cache_value(b->s, &other, "no"), no);
	take_all(t);
	say_all(t, &paper, "no", no);
	free(no);
}

static struct uuid
attach(struct site *site, const struct uuid *above)
{
	char *bytes = mem_alloc(SIZE + 1, 1);
	struct err err = ERR_INIT;
	struct uuid id;

	memset(bytes, 'x', SIZE);
	memcpy(bytes, "%PDF-1.4\n", 9);
	township_tick(1000);
	assert_int_equal(scan_attach(&id, NULL, site->s, above, "a.pdf", bytes,
		SIZE, &err), E_OK);
	free(bytes);
	return id;
}

/* Its bytes came while it stood in the quarantine, and nobody has them to send
 * them again. */
static void
an_attachment_that_is_taken_in_has_arrived(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid id;

	say_well(t);
	id = attach(p.a, &p.id);
	erase(t, p.a);
	say_all(t, &id, "arrived", "1");
}

/* The ledger had lost it when its bytes came, and somebody else hands it back
 * afterwards. */
static void
an_attachment_that_comes_back_has_arrived(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct sync_counts counts = {0};
	struct transport net;
	struct err err = ERR_INIT;
	struct uuid id;
	size_t bytes = SIZE + 1;
	bool more = true;

	say_well(t);
	township_backup(t);
	id = attach(p.a, &p.id);
	net = site_transport(p.a);
	/* its entry, and not yet its bytes */
	assert_int_equal(sync_step(&counts, &more, &bytes, p.a->s, &net, &err),
		E_OK);
	say_sync(p.b);
	township_restore(t);
	order(t, p.a);
	obey(p.a);
	site_renew(p.a);
	say_well(t);
	say_all(t, &id, "arrived", "1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SAID(what_waits_is_taken_in),
		SAID(what_the_server_lost_is_handed_over),
		SAID(what_the_server_lost_is_looked_at_first),
		SAID(what_cannot_be_handed_over_stays),
		SAID(a_late_request_leaves_no_gap),
		SAID(a_number_on_paper_is_not_given_again),
		SAID(a_number_that_the_county_gave_is_kept),
		SAID(who_is_to_be_erased_is_told_nothing),
		SAID(an_attachment_that_is_taken_in_has_arrived),
		SAID(an_attachment_that_comes_back_has_arrived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
