/*
 * Attachments between an office and the county: sent after everything else, in
 * pieces, through all that the line does; verified at both ends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"
#include "db/db.h"
#include "db/db_fail.h"
#include "kit/cache.h"
#include "kit/quickhash.h"
#include "kit/township_say.h"
#include "store/save.h"
#include "store/scan.h"
#include "sync/scans.h"

enum { SIZE = 200 * 1000 };	/* four pieces of a slow line */

/* A file of that many bytes; seed makes it another one. */
static char *
paper(size_t size, unsigned seed)
{
	char *bytes = mem_alloc(size + 1, 1);

	for (size_t i = 0; i < size; i++) {
		seed = seed * 1103515245 + 12345;
		bytes[i] = (char)(seed >> 16);
	}
	memcpy(bytes, "%PDF-1.4\n", 9);
	return bytes;
}

static struct uuid
attach(struct site *site, const struct uuid *above, size_t size, unsigned seed)
{
	char *bytes = paper(size, seed);
	struct uuid id = {{0}};
	struct err err = ERR_INIT;

	township_tick(1000);
	if (scan_attach(&id, NULL, site->s, above, "/media/usb/协议书.pdf",
	    bytes, size, &err))
		fail_msg("%s", err.msg);
	free(bytes);
	return id;
}

static struct scan_item
only(struct site *site, const struct uuid *above)
{
	struct scan_list list = {0};
	struct scan_item item = {0};
	struct err err = ERR_INIT;

	if (overview_refresh(site->s, NULL, &err) ||
	    scan_list(&list, site->s, above, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(list.count, 1);
	item = list.items[0];
	item.scan.name = item.added_by = NULL;
	scan_list_release(&list);
	return item;
}

static enum status
fetch(struct site *site, const struct uuid *id, struct scan_counts *counts)
{
	struct transport net = site_transport(site);
	struct err err = ERR_INIT;
	enum status s = scans_fetch(counts, site->s, &net, id, NULL, &err);

	assert_int_equal(s != E_OK, err.msg[0] != '\0');
	return s;
}

/* The same bytes are here. */
static void
same_bytes(struct site *site, const struct uuid *above, size_t size,
	unsigned seed)
{
	struct scan_item item = only(site, above);
	char *bytes = paper(size, seed);
	struct err err = ERR_INIT;
	struct buf got;

	buf_init(&got, SCAN_BYTES_MAX);
	if (scan_bytes(&got, site->s, item.scan.hash, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(got.len, size);
	assert_memory_equal(got.data, bytes, size);
	buf_release(&got);
	free(bytes);
}

static void
an_attachment_reaches_the_others(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid id = attach(p.a, &p.id, SIZE, 1);
	struct scan_counts counts = {0};

	assert_int_equal(only(p.a, &p.id).place, SCAN_TO_SEND);
	say_sync(p.a);
	assert_int_equal(only(p.a, &p.id).place, SCAN_HERE);
	say_sync(p.b);
	assert_int_equal(only(p.b, &p.id).place, SCAN_AWAY);
	assert_int_equal(fetch(p.b, &id, &counts), E_OK);
	assert_true(counts.received_bytes >= SIZE);
	assert_int_equal(only(p.b, &p.id).place, SCAN_HERE);
	same_bytes(p.b, &p.id, SIZE, 1);
	/* what is here is not fetched again */
	counts = (struct scan_counts){0};
	assert_int_equal(fetch(p.b, &id, &counts), E_OK);
	assert_int_equal(counts.received_bytes, 0);
	say_well(t);
}

/* The record goes first; the line breaks in the bytes. */
static void
cut_all_pieces(void *self)
{
	struct site *site = self;

	if (site->net.requests >= 1)
		site_fault(site, NET_CUT_BEFORE, 100);
}

static void
until_they_are_there_others_see_that_they_wait(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid id = attach(p.a, &p.id, SIZE, 2);
	struct scan_counts counts = {0};
	struct err err = ERR_INIT;

	p.a->net.requests = 0;
	p.a->net.during = cut_all_pieces;
	p.a->net.self = p.a;
	assert_int_equal(site_sync(p.a, NULL, &err), E_OFFLINE);
	assert_int_equal(say_counts(p.a).waiting, 0);
	p.a->net.during = NULL;
	say_sync(p.b);
	assert_int_equal(only(p.b, &p.id).place, SCAN_AWAITED);
	assert_int_equal(fetch(p.b, &id, &counts), E_NOTFOUND);
	site_crash(p.a);
	say_well(t);
	assert_int_equal(only(p.b, &p.id).place, SCAN_AWAY);
	assert_int_equal(fetch(p.b, &id, &counts), E_OK);
	same_bytes(p.b, &p.id, SIZE, 2);
}

static void
it_goes_through_all_that_a_line_does(void **state)
{
	static const enum net_fault faults[] = { NET_CUT_BEFORE, NET_SWALLOW,
		NET_TWICE, NET_500, NET_503, NET_500_AFTER, NET_RESTART,
		NET_LATE, NET_CUT_LINE };
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	for (unsigned i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		struct uuid above = say_add(p.a, "title=another");
		struct uuid id = attach(p.a, &above, SIZE, 100 + i);
		struct scan_counts counts = {0};
		struct err err = ERR_INIT;

		say_sync(p.a);		/* so far without accidents */
		(void)attach(p.b, &p.id, 1000, 200 + i);
		site_fault(p.b, faults[i], 3);
		(void)!site_sync(p.b, NULL, &err);
		say_well(t);
		site_fault(p.b, faults[i], 3);
		for (int k = 0; k < 4 && fetch(p.b, &id, &counts); k++)
			;
		same_bytes(p.b, &above, SIZE, 100 + i);
		site_fault(p.b, NET_FINE, 0);
	}
	assert_int_equal(township_number(t, "SELECT count(*) FROM scan WHERE"
	    " arrived = 0"), 0);
}

static void
wrong_bytes_are_sent_again_and_only_then_visible(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid id = attach(p.a, &p.id, SIZE, 3);
	char *command = mem_printf("mkdir -p -m 700 %s/blobs/part && "
		"touch %s/blobs/part/x", t->dir, t->dir);
	struct sync_counts counts = {0};
	struct scan_counts fetched = {0};
	struct scan_item item = only(p.a, &p.id);
	char *part;
	struct store_device d = {0};
	struct err err = ERR_INIT;

	/* what an earlier try left at the server was damaged on its disk */
	assert_int_equal(system(command), 0);
	assert_int_equal(store_device_get(&d, p.a->s, &err), E_OK);
	part = mem_printf("%s/blobs/part/%s.%s", t->dir, item.scan.hash,
		d.device);
	assert_int_equal(io_write(part, "not these bytes", 15, &err), E_OK);
	if (site_sync(p.a, &counts, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(counts.scans.sent, 1);
	assert_true(counts.scans.sent_bytes > 2 * SIZE - 100);
	say_sync(p.b);
	assert_int_equal(fetch(p.b, &id, &fetched), E_OK);
	same_bytes(p.b, &p.id, SIZE, 3);
	free(command);
	free(part);
	say_well(t);
}

static void
what_was_sent_is_not_sent_again(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;

	(void)attach(p.a, &p.id, SIZE, 4);
	/* hello, HEAD, two pieces; then the line is gone */
	p.a->net.requests = 0;
	p.a->net.during = cut_all_pieces;
	p.a->net.self = p.a;
	(void)!site_sync(p.a, NULL, &err);
	p.a->net.during = NULL;
	site_fault(p.a, NET_FINE, 0);
	err = (struct err)ERR_INIT;
	if (site_sync(p.a, &counts, &err))
		fail_msg("%s", err.msg);
	assert_true(counts.scans.sent_bytes <= SIZE);
	assert_int_equal(counts.scans.sent, 1);
	say_well(t);
}

/* A line that breaks behind the program's back: what goes over the next one is
 * cut smaller. */
static void
pieces_shrink_where_the_line_breaks_unseen(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;

	(void)attach(p.a, &p.id, SIZE, 6);
	site_fault(p.a, NET_TWICE, 1000);
	if (site_sync(p.a, &counts, &err))
		fail_msg("%s", err.msg);
	site_fault(p.a, NET_FINE, 0);
	assert_int_equal(counts.scans.sent, 1);
	assert_true(counts.scans.line.breaks > 0);
	assert_int_equal(counts.scans.line.piece, 8 * 1024);
	say_well(t);
}

static void
pieces_shrink_for_a_gateway_that_takes_less(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct scan_counts counts = {0};
	struct scan_item item;

	(void)attach(p.a, &p.id, SIZE, 6);
	p.a->net.most = 20 * 1024;
	say_sync(p.a);
	say_sync(p.b);
	item = only(p.b, &p.id);
	assert_int_equal(fetch(p.b, &item.id, &counts), E_OK);
	same_bytes(p.b, &p.id, SIZE, 6);
	say_well(t);
}

/* ---- what goes first ---- */

static void
set_pace(struct site *site, bool paused)
{
	const struct scan_pace pace = { .paused = paused };
	struct err err = ERR_INIT;

	assert_int_equal(scan_set_pace(site->s, &pace, &err), E_OK);
}

static size_t
waiting(struct site *site)
{
	struct err err = ERR_INIT;
	int64_t bytes = 0;
	size_t count = 0;

	assert_int_equal(scan_waiting(&count, &bytes, site->s, &err), E_OK);
	return count;
}

static void
held_back_they_wait_and_entries_go(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	set_pace(p.a, true);
	(void)attach(p.a, &p.id, SIZE, 7);
	say_set(p.a, &p.id, "place=here");
	say_sync(p.a);
	assert_int_equal(say_counts(p.a).waiting, 0);
	assert_int_equal(waiting(p.a), 1);
	assert_int_equal(p.a->net.pieces, 0);
	set_pace(p.a, false);
	say_sync(p.a);
	assert_int_equal(waiting(p.a), 0);
	say_well(t);
	say_all(t, &p.id, "place", "here");
}

/* Held back while one is under way: the piece ends it. */
static void
hold_back(void *self)
{
	struct site *site = self;

	if (site->net.pieces > 0)
		set_pace(site, true);
}

static void
held_back_in_the_middle_it_stops_at_a_piece(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);

	(void)attach(p.a, &p.id, SIZE, 7);
	p.a->net.during = hold_back;
	p.a->net.self = p.a;
	say_sync(p.a);
	p.a->net.during = NULL;
	assert_int_equal(p.a->net.pieces, 1);
	assert_int_equal(waiting(p.a), 1);
	set_pace(p.a, false);
	say_sync(p.a);
	assert_int_equal(waiting(p.a), 0);
	say_well(t);
}

/* What is saved while a piece is under way goes before the next one. */
struct busy {
	struct site *site;
	struct uuid id;
	size_t at, then;	/* pieces at the next request */
};

static void
save_once(void *self)
{
	struct busy *b = self;

	if (b->at == 0 && b->site->net.pieces == 1) {
		say_set(b->site, &b->id, "place=here");
		b->at = b->site->net.requests;
	} else if (b->at > 0 && b->then == 0) {
		b->then = b->site->net.pieces;
	}
}

static void
an_entry_waits_for_one_piece_at_most(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct busy busy = { .site = p.a, .id = p.id };

	(void)attach(p.a, &p.id, SIZE, 7);
	p.a->net.during = save_once;
	p.a->net.self = &busy;
	say_sync(p.a);
	p.a->net.during = NULL;
	assert_true(busy.at > 0);
	assert_int_equal(busy.then, 1);
	say_well(t);
}

static void
a_piece_is_ten_seconds_of_the_line(void **state)
{
	(void)state;
	assert_int_equal(scans_piece_fits(64 * 1024, 64 * 1024, 9000),
		64 * 1024);
	assert_int_equal(scans_piece_fits(64 * 1024, 64 * 1024, 40000),
		16 * 1024);
	assert_int_equal(scans_piece_fits(64 * 1024, 64 * 1024, 900000),
		8 * 1024);
	assert_int_equal(scans_piece_fits(8 * 1024, 64 * 1024, 40000),
		8 * 1024);
	assert_int_equal(scans_piece_fits(64 * 1024, 0, 40000), 64 * 1024);
	/* and a cap lets the line be for the rest of the time */
	assert_int_equal(scans_wait_ms(20000, 1000, 4000), 4000);
	assert_int_equal(scans_wait_ms(20000, 6000, 4000), 0);
	assert_int_equal(scans_wait_ms(20000, 1000, 0), 0);
	assert_int_equal(scans_wait_ms(20000000, 1000, 1000), 9000);
}

static void
lost_files_of_the_server_come_again(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid id = attach(p.a, &p.id, SIZE, 5);
	char *command = mem_printf("rm -r %s/blobs", t->dir);
	struct scan_counts counts = {0};

	say_well(t);
	assert_int_equal(system(command), 0);
	/* somebody wants it: the server notices, and says so */
	assert_int_equal(fetch(p.b, &id, &counts), E_NOTFOUND);
	say_well(t);
	assert_int_equal(fetch(p.b, &id, &counts), E_OK);
	same_bytes(p.b, &p.id, SIZE, 5);
	free(command);
}

static void
what_a_record_has_already_is_refused(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid id, other = say_add(p.a, "title=other");
	char *bytes = paper(1000, 7);
	struct err err = ERR_INIT;
	size_t also = 9;

	(void)attach(p.a, &p.id, 1000, 7);
	assert_int_equal(scan_attach(&id, &also, p.a->s, &p.id, "b.pdf", bytes,
	    1000, &err), E_INVALID);
	assert_non_null(strstr(err.msg, "协议书.pdf"));
	err = (struct err)ERR_INIT;
	assert_int_equal(scan_attach(&id, &also, p.a->s, &other, "b.pdf",
	    bytes, 1000, &err), E_OK);
	assert_int_equal(also, 1);
	assert_int_equal(scan_attach(&id, &also, p.a->s, &other, "c.txt",
	    "only text", 9, &err), E_INVALID);
	free(bytes);
	say_well(t);
}

static void
a_full_disk_writes_nothing(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	char *bytes = paper(SIZE, 8);
	struct uuid id;
	bool failed = true;

	for (long n = 1; failed; n++) {
		struct err err = ERR_INIT;
		struct scan_list list = {0};
		enum status s;

		db_fail_after(n);
		s = scan_attach(&id, NULL, p.a->s, &p.id, "a.pdf", bytes, SIZE,
			&err);
		failed = db_has_failed();
		db_fail_after(0);
		assert_true(s == E_IO || s == E_OK);
		err = (struct err)ERR_INIT;
		site_reopen(p.a);
		assert_int_equal(scan_list(&list, p.a->s, &p.id, &err), E_OK);
		/* all or nothing; what it may do without may fail */
		assert_int_equal(list.count, s ? 0 : 1);
		if (!s) {
			same_bytes(p.a, &p.id, SIZE, 8);
			say_withdraw(p.a, &id, "again");
		}
		scan_list_release(&list);
	}
	free(bytes);
	say_well(t);
}

static void
withdrawn_ones_are_not_sent(void **state)
{
	struct township *t = *state;
	struct say_pair p = say_pair(t);
	struct uuid id = attach(p.a, &p.id, SIZE, 9);
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;

	say_withdraw(p.a, &id, "wrong page");
	if (site_sync(p.a, &counts, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(counts.scans.sent, 0);
	assert_int_equal(counts.scans.waiting, 0);
	say_well(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SAID(an_attachment_reaches_the_others),
		SAID(until_they_are_there_others_see_that_they_wait),
		SAID(it_goes_through_all_that_a_line_does),
		SAID(wrong_bytes_are_sent_again_and_only_then_visible),
		SAID(what_was_sent_is_not_sent_again),
		SAID(pieces_shrink_where_the_line_breaks_unseen),
		SAID(pieces_shrink_for_a_gateway_that_takes_less),
		SAID(held_back_they_wait_and_entries_go),
		SAID(held_back_in_the_middle_it_stops_at_a_piece),
		SAID(an_entry_waits_for_one_piece_at_most),
		cmocka_unit_test(a_piece_is_ten_seconds_of_the_line),
		SAID(lost_files_of_the_server_come_again),
		SAID(what_a_record_has_already_is_refused),
		SAID(a_full_disk_writes_nothing),
		SAID(withdrawn_ones_are_not_sent),
	};

	tr_set(TR_EN);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
