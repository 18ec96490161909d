/*
 * Attachments whose bytes are in one place alone: their record has left the cache
 * that has them, the ledger is another one, or the computer is to be erased.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "kit/quickhash.h"
#include "kit/township_say.h"
#include "server/device_end.h"
#include "store/inside.h"
#include "store/scan.h"

enum { SIZE = 200 * 1000 };	/* four pieces of a slow line */

/* A file like no other; its record, and its hash. */
static struct uuid
attach(struct site *site, const struct uuid *above, char hash[SCAN_HASH_TEXT])
{
	char *bytes = mem_alloc(SIZE + 1, 1);
	struct scan look = {0};
	struct uuid id = {{0}};
	struct err err = ERR_INIT;

	township_tick(1000);
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (char)(i * 31 + i / 251);
	memcpy(bytes, "%PDF-1.4\n", 9);
	if (scan_look(&look, bytes, SIZE, &err) || scan_attach(&id, NULL,
	    site->s, above, "/media/usb/协议书.pdf", bytes, SIZE, &err))
		fail_msg("%s", err.msg);
	memcpy(hash, look.hash, SCAN_HASH_TEXT);
	free(bytes);
	return id;
}

static void
cut_all_pieces(void *self)
{
	struct site *site = self;

	if (site->net.requests >= 1)
		site_fault(site, NET_CUT_BEFORE, 100);
}

/* Entries go through, bytes do not. */
static void
sync_without_bytes(struct site *site)
{
	struct err err = ERR_INIT;

	site->net.requests = 0;
	site->net.during = cut_all_pieces;
	site->net.self = site;
	assert_int_equal(site_sync(site, NULL, &err), E_OFFLINE);
	site->net.during = NULL;
	site_fault(site, NET_FINE, 0);
}

/* b seals the record by its tag; who works at a may not see that any more, and a
 * hears of it the next time. */
static void
leaves(struct township *t, const struct say_pair *p)
{
	say_sync(p->b);
	say_set(p->b, &p->id, "tags=4");
	say_sync(p->b);
	township_role(t, "u1", "auditor");
	p->a->removes = true;
}

static bool
has(struct site *site, const struct uuid *id)
{
	struct row r = {0};
	struct err err = ERR_INIT;
	bool found = row_load(&r, site->s, id, &err) == E_OK;

	row_release(&r);
	return found;
}

static void
order_erasure(struct township *t, struct site *site)
{
	struct store_device d = {0};
	struct err err = ERR_INIT;
	struct db *db = NULL;
	struct uuid device;

	assert_int_equal(store_device_get(&d, site->s, &err), E_OK);
	assert_true(uuid_parse(&device, d.device));
	if (ledger_begin(&db, t->ledger, &err) ||
	    ledger_end(t->ledger, device_erase(db, &device, false, &err),
	    &err))
		fail_msg("%s", err.msg);
}

static bool
server_has(struct township *t, const char *hash)
{
	char *path = mem_printf("%s/blobs/%.2s/%s", t->dir, hash, hash);
	bool has = access(path, F_OK) == 0;

	free(path);
	return has;
}

static void
lose_blobs(struct township *t)
{
	char *command = mem_printf("rm -r %s/blobs", t->dir);

	assert_int_equal(system(command), 0);
	free(command);
}

static int64_t
arrived(struct township *t)
{
	return township_number(t, "SELECT count(*) FROM scan WHERE"
		" arrived = 1");
}

/* ---- its record has left ---- */

static void
a_record_that_has_left_still_sends_what_it_has(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	char hash[SCAN_HASH_TEXT];

	(void)attach(p.a, &p.id, hash);
	sync_without_bytes(p.a);
	leaves(t, &p);
	say_sync(p.a);
	say_sync(p.a);
	assert_int_equal(arrived(t), 1);
}

/* It has sent them, and then keeps nothing of a record that it may not hold:
 * a ledger from before that is told what the one that it replaces knew. */
static void
what_has_left_is_still_there_after_a_restore(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	char hash[SCAN_HASH_TEXT];
	struct uuid id;

	id = attach(p.a, &p.id, hash);
	sync_without_bytes(p.a);
	leaves(t, &p);
	township_backup(t);
	say_sync(p.a);
	say_sync(p.a);
	assert_int_equal(arrived(t), 1);
	assert_false(has(p.a, &id));
	township_restore(t);
	say_well(t);
	assert_int_equal(arrived(t), 1);
	assert_int_equal(township_number(t, "SELECT count(*) FROM record WHERE"
		" instr(body, '\"arrived\":\"1\"')"), 1);
}

/* The same if the ledger that is put back has not even heard of it, and the one
 * that handed it back never heard that they had arrived. */
static void
so_it_is_where_the_entry_was_lost_too(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	char hash[SCAN_HASH_TEXT];
	struct uuid id;

	say_well(t);
	township_backup(t);
	id = attach(p.a, &p.id, hash);
	sync_without_bytes(p.a);
	leaves(t, &p);
	say_sync(p.a);
	say_sync(p.a);
	assert_false(has(p.a, &id));
	township_restore(t);
	township_role(t, "u1", "auditor");
	say_well(t);
	assert_int_equal(township_number(t, "SELECT count(*) FROM record WHERE"
		" instr(body, '\"arrived\":\"1\"')"), 1);
}

/* Of what is not in the folder nothing is said. */
static void
only_what_is_there_is_said_to_be(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	char hash[SCAN_HASH_TEXT];

	(void)attach(p.a, &p.id, hash);
	sync_without_bytes(p.a);
	township_backup(t);
	say_sync(p.a);
	assert_int_equal(arrived(t), 1);
	lose_blobs(t);
	township_restore(t);
	assert_int_equal(arrived(t), 0);
	say_well(t);		/* a has them still */
	assert_int_equal(arrived(t), 1);
	assert_true(server_has(t, hash));
}

/* ---- the computer is to be erased ---- */

/* What was entered on it and never sent is in quarantine then, bytes and all. */
static void
an_erased_cache_hands_over_its_bytes_first(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct err err = ERR_INIT;
	char hash[SCAN_HASH_TEXT];

	(void)attach(p.a, &p.id, hash);
	order_erasure(t, p.a);
	/* the bytes do not get through: nothing is destroyed */
	sync_without_bytes(p.a);
	assert_true(store_user(p.a->s) != NULL);
	assert_int_equal(site_sync(p.a, NULL, &err), E_AUTH);
	assert_true(store_user(p.a->s) == NULL);
	assert_true(server_has(t, hash));
	assert_int_equal(township_number(t, "SELECT count(*) FROM quarantine"),
	    1);
}

/* Their record has left it meanwhile, so nobody there sees that they wait. */
static void
also_those_of_a_record_that_has_left(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct err err = ERR_INIT;
	char hash[SCAN_HASH_TEXT];

	(void)attach(p.a, &p.id, hash);
	sync_without_bytes(p.a);
	leaves(t, &p);
	sync_without_bytes(p.a);
	assert_false(server_has(t, hash));
	order_erasure(t, p.a);
	assert_int_equal(site_sync(p.a, NULL, &err), E_AUTH);
	assert_true(store_user(p.a->s) == NULL);
	assert_true(server_has(t, hash));
	assert_int_equal(arrived(t), 1);
}

/* They had arrived once, and the server has lost them since. */
static void
also_those_that_the_server_has_lost(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct err err = ERR_INIT;
	char hash[SCAN_HASH_TEXT];

	say_well(t);
	township_backup(t);
	(void)attach(p.a, &p.id, hash);
	say_sync(p.a);
	say_sync(p.a);
	assert_true(server_has(t, hash));
	lose_blobs(t);
	township_restore(t);
	order_erasure(t, p.a);
	assert_int_equal(site_sync(p.a, NULL, &err), E_AUTH);
	assert_true(store_user(p.a->s) == NULL);
	assert_true(server_has(t, hash));
}

/* ---- another ledger ---- */

/* The bytes of a computer that was sent away arrived, and a backup was put
 * back from before; allowed again, it does not believe that they are there. */
static void
another_ledger_is_asked_for_its_bytes_anew(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct err err = ERR_INIT;
	char hash[SCAN_HASH_TEXT];
	struct uuid id;

	say_well(t);
	township_backup(t);
	id = attach(p.a, &p.id, hash);
	township_shut(t, p.a, true);
	assert_int_equal(site_sync(p.a, NULL, &err), E_AUTH);
	township_shut(t, p.a, false);
	lose_blobs(t);
	township_restore(t);
	site_sign_in(p.a, p.a->login);
	say_well(t);
	say_all(t, &id, "arrived", "1");
}

/* The answer to the entry was lost, then the ledger, and another cache handed
 * the record back: it is not in the history that a entered it.  When a is heard
 * again it may not see the record any more, and has its bytes alone. */
static void
who_entered_what_another_handed_back_sends_its_bytes(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct err err = ERR_INIT;
	char hash[SCAN_HASH_TEXT];

	say_well(t);
	township_backup(t);
	(void)attach(p.a, &p.id, hash);
	site_fault(p.a, NET_SWALLOW, 1);
	assert_int_not_equal(site_sync(p.a, NULL, &err), E_OK);
	site_fault(p.a, NET_FINE, 0);
	say_sync(p.b);
	township_restore(t);
	say_sync(p.b);
	say_set(p.b, &p.id, "tags=4");
	say_sync(p.b);
	p.a->removes = true;
	site_sign_in(p.a, "u1x");
	say_sync(p.a);
	say_sync(p.a);
	assert_int_equal(township_number(t, "SELECT count(*) FROM history"
	    " WHERE rev = 1 AND returned"), 1);
	assert_int_equal(arrived(t), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SAID(a_record_that_has_left_still_sends_what_it_has),
		SAID(what_has_left_is_still_there_after_a_restore),
		SAID(so_it_is_where_the_entry_was_lost_too),
		SAID(only_what_is_there_is_said_to_be),
		SAID(an_erased_cache_hands_over_its_bytes_first),
		SAID(also_those_of_a_record_that_has_left),
		SAID(also_those_that_the_server_has_lost),
		SAID(another_ledger_is_asked_for_its_bytes_anew),
		SAID(who_entered_what_another_handed_back_sends_its_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
