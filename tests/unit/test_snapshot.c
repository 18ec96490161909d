/*
 * The first load by a snapshot (store/snapshot.h, sync/snapshot.h, server/
 * snapshot.h): real caches and a real server (kit/township.h).  After every
 * test all caches and the ledger hold the same, and both sides' sums say so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/mem.h"
#include "db/db.h"
#include "db/db_number.h"
#include "kit/cache.h"
#include "kit/quickhash.h"
#include "kit/township_say.h"
#include "server/snapshot.h"
#include "store/inside.h"
#include "store/outbox.h"
#include "store/snapshot.h"
#include "sync/snapshot.h"

enum {
	SOME = 40,
	MANY = 1200,	/* of more than two transactions */
	CUT = 500,	/* bytes that come before the line breaks */
};

static const char stream[] = OFFICE_ONE "/gen";

static int64_t
rows(struct site *site, const char *sql)
{
	struct err err = ERR_INIT;
	int64_t n = 0;

	if (db_number(&n, site->s->db, sql, &err))
		fail_msg("%s", err.msg);
	return n;
}

static void
change(struct site *site, const char *sql)
{
	struct err err = ERR_INIT;

	if (db_exec(site->s->db, sql, &err))
		fail_msg("%s", err.msg);
}

/* Does the text stand in a file of the cache as it lies on the disk? */
static bool
on_disk(const struct site *site, const char *text)
{
	char *command = mem_printf("cat '%s'/cache.db* | grep -qaF '%s'",
		site->home, text);
	bool found = system(command) == 0;

	free(command);
	return found;
}

/* Records whose text does not pack to nothing; the last one's id. */
static struct uuid
fill(struct site *site, int count)
{
	struct uuid id = {{0}};
	uint32_t x = 7;

	for (int i = 0; i < count; i++) {
		char values[120];

		x = x * 1664525u + 1013904223u;
		snprintf(values, sizeof values,
			"title=matter %d;place=%08x;note=%08x", i, x,
			x * 2654435761u);
		id = say_add(site, values);
	}
	say_sync(site);
	return id;
}

/* The size of the only snapshot. */
static int64_t
size_of(struct township *t)
{
	struct snapshot s = {0};
	struct db *db = NULL;
	struct err err = ERR_INIT;
	int64_t bytes;

	if (ledger_begin_read(&db, t->ledger, &err) ||
	    snapshot_find(&s, t->ledger, db, stream, NULL, &err))
		fail_msg("%s", err.msg);
	ledger_end_read(t->ledger);
	bytes = s.bytes;
	snapshot_release(&s);
	return bytes;
}

static bool
is_offered(struct township *t)
{
	struct snapshot s = {0};
	struct db *db = NULL;
	struct err err = ERR_INIT;
	bool found;

	if (ledger_begin_read(&db, t->ledger, &err))
		fail_msg("%s", err.msg);
	found = !snapshot_find(&s, t->ledger, db, stream, NULL, &err);
	ledger_end_read(t->ledger);
	snapshot_release(&s);
	return found;
}

static void
nothing_is_left(struct site *site)
{
	assert_int_equal(rows(site, "SELECT count(*) FROM load_piece"), 0);
	assert_int_equal(rows(site, "SELECT count(*) FROM load"), 0);
}

/* ---- taking it ---- */

static void
a_new_cache_begins_with_it(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL), *b;

	(void)fill(a, SOME);
	township_snapshot(t, stream);
	b = township_site(t, OFFICE_ONE, "u1b", NULL);
	assert_true(say_counts(b).synced_at == 0 && !say_counts(b).loading);
	say_sync(b);
	assert_true(say_counts(b).synced_at > 0 && !say_counts(b).loading);
	assert_int_equal(b->net.files, 1);
	assert_int_equal(b->net.file_bytes, size_of(t));
	assert_int_equal(rows(b, "SELECT count(*) FROM record"), SOME);
	nothing_is_left(b);
	say_well(t);
	/* who has something of the stream is not offered it again */
	assert_int_equal(a->net.files, 0);
	assert_int_equal(b->net.files, 1);
}

static void
what_changed_since_follows(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL), *b;
	struct uuid id = fill(a, SOME), other, gone;

	other = say_add(a, "title=other");
	gone = say_add(a, "title=gone");
	say_sync(a);
	township_snapshot(t, stream);
	say_set(a, &id, "place=changed");
	say_withdraw(a, &gone, "twice");
	(void)say_add(a, "title=after");
	say_set(a, &other, "tags=2");
	say_sync(a);
	b = township_site(t, OFFICE_ONE, "u1b", NULL);
	say_sync(b);
	assert_int_equal(b->net.files, 1);
	say_well(t);
	say_all(t, &id, "place", "changed");
}

static void
a_line_that_breaks_costs_nothing(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL), *b;
	struct err err = ERR_INIT;
	int breaks = 0;

	(void)fill(a, MANY);
	township_snapshot(t, stream);
	b = township_site(t, OFFICE_ONE, "u1b", NULL);
	/* each reply is cut, so no page ever comes: only pieces count */
	say_sync(township_site(t, OFFICE_TWO, "u2", NULL));
	while (breaks < 6) {
		struct sync_counts counts = { .snapshots = true };
		struct transport net = site_transport(b);
		bool more = false;
		size_t line = 0;

		site_fault(b, NET_FINE, 0);
		assert_int_equal(sync_step(&counts, &more, &line, b->s, &net,
			&err), E_OK);
		assert_true(counts.offered.bytes > 0);
		/* then the line breaks after some bytes, and somebody dies */
		site_fault(b, NET_CUT_LINE, 1);
		b->net.cut = 900 + (unsigned)breaks;
		assert_int_equal(sync_snapshot(&counts, b->s, &net, NULL, NULL,
			&err), E_OFFLINE);
		err = (struct err)ERR_INIT;
		site_crash(b);
		breaks++;
	}
	assert_true(rows(b, "SELECT count(*) FROM load_piece") >= breaks);
	assert_false(on_disk(b, "matter 1"));
	site_fault(b, NET_FINE, 0);
	say_sync(b);
	assert_int_equal(b->net.file_bytes, size_of(t));
	nothing_is_left(b);
	say_well(t);
}

/* Some of its records are here, and not all: the second transaction fails. */
static struct site *
half_applied(struct township *t, const char *login)
{
	struct site *b = township_site(t, OFFICE_ONE, login, NULL);
	struct err err = ERR_INIT;

	change(b, "CREATE TRIGGER half BEFORE UPDATE ON load WHEN old.seq > 0"
		" BEGIN SELECT raise(ABORT, 'enough'); END");
	assert_true(site_sync(b, NULL, &err) != E_OK);
	change(b, "DROP TRIGGER half");
	assert_in_range(rows(b, "SELECT count(*) FROM member"), 1, MANY - 1);
	assert_int_equal(rows(b, "SELECT count(*) FROM cursor WHERE seq > 0"),
		0);
	assert_int_equal(rows(b, "SELECT count(*) FROM load WHERE seq > 0"), 1);
	return b;
}

static void
a_kill_while_it_is_applied_goes_on(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL), *b;
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;
	int64_t held;

	(void)fill(a, MANY);
	township_snapshot(t, stream);
	b = half_applied(t, "u1b");
	site_crash(b);
	assert_true(say_counts(b).synced_at == 0 && say_counts(b).loading);
	held = rows(b, "SELECT count(*) FROM member");
	assert_int_equal(site_sync(b, &counts, &err), E_OK);
	/* neither a byte nor a record twice */
	assert_int_equal(b->net.file_bytes, size_of(t));
	assert_int_equal(counts.apply.pulled, MANY - held);
	nothing_is_left(b);
	say_well(t);
}

/* ---- what goes wrong ---- */

/* The request after this one breaks off, and the line stays down. */
static void
cut_next(void *self)
{
	struct site *site = self;

	site_fault(site, site->net.files ? NET_CUT_BEFORE : NET_CUT_LINE, 1);
	site->net.cut = CUT;
}

static void
a_corrupt_piece_comes_again(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL), *b;
	struct err err = ERR_INIT;

	(void)fill(a, SOME);
	township_snapshot(t, stream);
	b = township_site(t, OFFICE_ONE, "u1b", NULL);
	b->net.during = cut_next;
	b->net.self = b;
	(void)site_sync(b, NULL, &err);
	b->net.during = NULL;
	site_fault(b, NET_FINE, 0);
	assert_int_equal(rows(b, "SELECT count(*) FROM load_piece"), 1);
	change(b, "UPDATE load_piece SET bytes = substr(bytes, 1, 50) || x'00' ||"
		" substr(bytes, 52)");
	say_sync(b);
	assert_int_equal(b->net.file_bytes, size_of(t) + CUT);
	nothing_is_left(b);
	say_well(t);
}

static void
another_file_than_promised_is_not_believed(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL), *b;
	char *command = mem_printf("for f in '%s'/snapshots/*.zst; do"
		" printf X | dd of=\"$f\" bs=1 seek=30 conv=notrunc status=none;"
		" done", t->dir);
	size_t files;

	(void)fill(a, SOME);
	township_snapshot(t, stream);
	assert_int_equal(system(command), 0);
	free(command);
	b = township_site(t, OFFICE_ONE, "u1b", NULL);
	say_sync(b);			/* in pages */
	assert_true(b->net.files > 0);
	assert_int_equal(rows(b, "SELECT count(*) FROM record"), SOME);
	nothing_is_left(b);
	say_well(t);
	/* and it is not tried again */
	files = b->net.files;
	change(b, "DELETE FROM cursor");
	change(b, "DELETE FROM member");
	say_sync(b);
	assert_int_equal(b->net.files, files);
	say_well(t);
}

static void
one_that_another_server_made_is_not_offered(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL);

	(void)fill(a, SOME);
	township_backup(t);
	(void)say_add(a, "title=lost");
	say_sync(a);
	township_snapshot(t, stream);
	assert_true(is_offered(t));
	township_restore(t);
	assert_false(is_offered(t));
	township_snapshot(t, stream);
	(void)township_site(t, OFFICE_ONE, "u1b", NULL);
	say_well(t);
}

/* ---- what waits here ---- */

static void
what_is_entered_meanwhile_stays_on_top(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL), *b;
	struct outbox_counts counts;
	struct uuid early, id, fresh;

	early = say_add(a, "title=early;story=theirs");
	(void)fill(a, MANY);
	id = say_add(a, "title=theirs;place=p;story=s");
	say_sync(a);
	township_snapshot(t, stream);
	say_set(a, &id, "story=told since");
	say_sync(a);
	/* half of it, then somebody works with what is there */
	b = half_applied(t, "u1b");
	say_set(b, &early, "story=mine");
	fresh = say_add(b, "title=ours");
	say_set(b, &fresh, "place=new");
	say_sync(b);
	counts = say_counts(b);
	assert_int_equal(counts.waiting, 0);
	say_well(t);
	say_all(t, &id, "story", "told since");
	say_all(t, &fresh, "place", "new");
	say_all(t, &early, "story", "mine");
}

static void
edit(void *self)
{
	struct site *site = self;

	site->net.during = NULL;
	(void)say_add(site, "title=in between;place=here");
}

static void
what_is_saved_is_sent_before_the_load_ends(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL), *b;
	struct sync_counts counts = { .snapshots = true };
	struct transport net;
	struct err err = ERR_INIT;
	bool more = false;
	size_t line = 0;

	(void)fill(a, MANY);
	township_snapshot(t, stream);
	b = township_site(t, OFFICE_ONE, "u1b", NULL);
	net = site_transport(b);
	assert_int_equal(sync_step(&counts, &more, &line, b->s, &net, &err),
		E_OK);
	b->net.during = edit;		/* while the first piece comes */
	b->net.self = b;
	counts.bytes_s = 1;		/* the smallest pieces */
	assert_int_equal(sync_snapshot(&counts, b->s, &net, NULL, NULL, &err),
		E_OK);
	assert_int_equal(say_counts(b).waiting, 1);
	assert_int_equal(sync_step(&counts, &more, &line, b->s, &net, &err),
		E_OK);
	assert_int_equal(say_counts(b).waiting, 0);
	assert_int_equal(rows(b, "SELECT count(*) FROM member"), 0);
	/* accepted, and its feed line is held back: it stays */
	assert_int_equal(rows(b, "SELECT count(*) FROM record"), 1);
	say_well(t);
}

/* ---- who may ---- */

static int
ask(struct site *site, const char *path, struct err *err)
{
	struct transport net = site_transport(site);
	struct transport_reply reply = {0};
	struct store_device d = {0};
	int status = 0;

	assert_int_equal(store_device_get(&d, site->s, err), E_OK);
	if (!net.post(net.self, &reply, &(struct transport_request){
	    .path = path, .get = true, .device_token = d.token,
	    .user_token = store_user(site->s)->token }, err))
		status = reply.status;
	transport_reply_release(&reply);
	return status;
}

static void
only_who_may_hold_the_stream_gets_it(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL);
	struct site *auditor = township_site(t, OFFICE_ONE, "u1x", NULL);
	struct site *two = township_site(t, OFFICE_TWO, "u2", NULL);
	static const char plain[] = "/v1/snapshot/" OFFICE_ONE "/gen";
	static const char sealed[] = "/v1/snapshot/" OFFICE_ONE "/sealed";
	struct err err = ERR_INIT;
	struct snapshot s = {0};
	struct db *db = NULL;
	char *file;

	(void)fill(a, SOME);
	(void)say_add(a, "title=of a minor;tags=4");
	say_sync(a);
	township_snapshot(t, NULL);
	assert_int_equal(ask(a, plain, &err), 303);
	assert_int_equal(ask(a, sealed, &err), 303);
	assert_int_equal(ask(auditor, plain, &err), 303);
	assert_int_equal(ask(auditor, sealed, &err), 404);
	assert_int_equal(ask(two, plain, &err), 404);
	assert_int_equal(ask(two, sealed, &err), 404);
	assert_int_equal(ask(a, "/v1/snapshot/" OFFICE_ONE "/other", &err),
		404);
	assert_int_equal(ask(a, "/v1/snapshot/..", &err), 404);
	/* who knows the name of the file may not have it either */
	if (ledger_begin_read(&db, t->ledger, &err) || snapshot_find(&s,
	    t->ledger, db, OFFICE_ONE "/sealed", NULL, &err))
		fail_msg("%s", err.msg);
	ledger_end_read(t->ledger);
	file = mem_printf("%s/%s", sealed, s.sha256);
	assert_int_equal(ask(a, file, &err), 200);
	assert_int_equal(ask(auditor, file, &err), 404);
	assert_int_equal(ask(two, file, &err), 404);
	free(file);
	snapshot_release(&s);
	say_well(t);
}

static void
what_left_the_stream_is_not_handed_out(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL), *auditor;
	struct uuid id = fill(a, SOME);

	township_snapshot(t, stream);
	assert_true(is_offered(t));
	say_set(a, &id, "tags=4;place=secret place");
	say_sync(a);
	assert_false(is_offered(t));
	auditor = township_site(t, OFFICE_ONE, "u1x", NULL);
	say_sync(auditor);
	assert_int_equal(auditor->net.files, 0);
	assert_int_equal(rows(auditor, "SELECT count(*) FROM record"),
		SOME - 1);
	township_snapshot(t, stream);
	assert_true(is_offered(t));
	say_well(t);
}

/* Half of it is here when a record is sealed: that one may not stay. */
static void
one_half_applied_leaves_when_it_is_no_longer_good(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL), *b;
	struct uuid id;

	id = say_add(a, "title=first;place=open");	/* applied first */
	(void)fill(a, MANY);
	township_snapshot(t, stream);
	b = half_applied(t, "u1x");
	say_set(a, &id, "tags=4");
	say_sync(a);
	township_snapshot(t, stream);
	say_sync(b);
	nothing_is_left(b);
	assert_int_equal(rows(b, "SELECT count(*) FROM record"), MANY);
	say_well(t);
}

/* ---- the folder ---- */

static size_t
files_of(struct township *t)
{
	char *folder = io_join(t->dir, "snapshots");
	char **names = NULL;
	size_t count = 0;
	struct err err = ERR_INIT;

	assert_int_equal(io_list(&names, &count, folder, ".zst", &err), E_OK);
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
	free(folder);
	return count;
}

static void
old_ones_are_removed(void **state)
{
	struct township *t = *state;
	struct site *a = township_site(t, OFFICE_ONE, "u1", NULL);

	(void)fill(a, 5);
	for (int i = 0; i < 4; i++) {
		(void)say_add(a, "title=more");
		say_sync(a);
		township_snapshot(t, stream);
		township_snapshot(t, stream);	/* the same again */
		assert_int_equal(files_of(t), i ? 2 : 1);
	}
	(void)say_add(a, "title=sealed;tags=4");
	say_sync(a);
	township_snapshot(t, OFFICE_ONE "/sealed");
	assert_int_equal(files_of(t), 3);
	say_well(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SAID(a_new_cache_begins_with_it),
		SAID(what_changed_since_follows),
		SAID(a_line_that_breaks_costs_nothing),
		SAID(a_kill_while_it_is_applied_goes_on),
		SAID(a_corrupt_piece_comes_again),
		SAID(another_file_than_promised_is_not_believed),
		SAID(one_that_another_server_made_is_not_offered),
		SAID(what_is_entered_meanwhile_stays_on_top),
		SAID(what_is_saved_is_sent_before_the_load_ends),
		SAID(only_who_may_hold_the_stream_gets_it),
		SAID(what_left_the_stream_is_not_handed_out),
		SAID(one_half_applied_leaves_when_it_is_no_longer_good),
		SAID(old_ones_are_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
