/*
 * The bytes of scans at the server: pieces, verification, and who is answered.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/scan.h"
#include "db/db.h"
#include "kit/check.h"
#include "kit/county.h"
#include "server/blob.h"
#include "server/ledger_judge.h"
#include "server/ledger_scan.h"

enum { SIZE = 5000 };

struct bench {
	struct county c;
	char bytes[SIZE];
	char hash[SCAN_HASH_TEXT];
	struct uuid matter;
};

static int
setup(void **state)
{
	struct bench *b = calloc(1, sizeof *b);
	uint8_t digest[CRYPTO_SHA256];
	struct op op;

	*state = b;
	county_open(&b->c);
	tr_set(TR_EN);
	for (int i = 0; i < SIZE; i++)
		b->bytes[i] = (char)(i * 7);
	memcpy(b->bytes, "%PDF-", 5);
	crypto_sha256(digest, b->bytes, SIZE);
	crypto_hex(b->hash, digest, sizeof digest);
	b->matter = uuid_new();
	county_op(&op, &b->c, AT_ONE, OP_NEW, "matter", &b->matter, "u1", 0,
	    "title=一", NULL);
	assert_int_equal(county_do(&b->c, AT_ONE, &op), VERDICT_OK);
	op_release(&op);
	return 0;
}

static int
teardown(void **state)
{
	struct bench *b = *state;

	county_close(&b->c);
	clock_fix(0);
	free(b);
	return 0;
}

/* ---- files ---- */

static struct blob_place
place(const struct bench *b, enum county_device at)
{
	return (struct blob_place){ .dir = b->c.dir, .hash = b->hash,
		.device = b->c.at[at].device.id };
}

static enum status
put(struct bench *b, enum county_device at, int64_t *offset, int64_t from,
    size_t len, bool *whole)
{
	struct blob_place p = place(b, at);
	struct err err = ERR_INIT;

	return blob_add(offset, whole, &p, from, SIZE, b->bytes + from, len,
	    &err);
}

static void
pieces_become_the_whole(void **state)
{
	struct bench *b = *state;
	struct blob_place p = place(b, AT_ONE);
	struct err err = ERR_INIT;
	int64_t at = 0, size = 0;
	bool whole = false;
	struct buf out;

	assert_int_equal(put(b, AT_ONE, &at, 0, 2000, &whole), E_OK);
	assert_int_equal(at, 2000);
	assert_int_equal(blob_size(&size, &p, &err), E_NOTFOUND);
	/* the same piece again, and one from further on: it says where it is */
	assert_int_equal(put(b, AT_ONE, &at, 0, 2000, &whole), E_CONFLICT);
	assert_int_equal(at, 2000);
	assert_int_equal(put(b, AT_ONE, &at, 3000, 1000, &whole), E_CONFLICT);
	err = (struct err)ERR_INIT;
	kit_check(blob_part(&at, &p, &err), &err);
	assert_int_equal(at, 2000);
	/* another device's part is its own */
	assert_int_equal(put(b, AT_TWO, &at, 0, 100, &whole), E_OK);
	assert_int_equal(at, 100);
	assert_false(whole);
	assert_int_equal(put(b, AT_ONE, &at, 2000, 3000, &whole), E_OK);
	assert_true(whole);
	kit_check(blob_size(&size, &p, &err), &err);
	assert_int_equal(size, SIZE);
	buf_init(&out, SIZE);
	kit_check(blob_read(&out, &p, 1000, 500, &err), &err);
	kit_check(blob_read(&out, &p, SIZE - 10, 500, &err), &err);
	assert_int_equal(out.len, 510);
	assert_memory_equal(out.data, b->bytes + 1000, 500);
	assert_memory_equal(out.data + 500, b->bytes + SIZE - 10, 10);
	buf_release(&out);
}

static void
wrong_bytes_are_dropped_and_sent_again(void **state)
{
	struct bench *b = *state;
	struct blob_place p = place(b, AT_ONE);
	struct err err = ERR_INIT;
	int64_t at = 0, size = 0;
	bool whole = false;

	b->bytes[100] ^= 1;
	assert_int_equal(put(b, AT_ONE, &at, 0, 2000, &whole), E_OK);
	b->bytes[100] ^= 1;
	assert_int_equal(put(b, AT_ONE, &at, 2000, 3000, &whole), E_INVALID);
	assert_int_equal(at, 0);
	assert_false(whole);
	assert_int_equal(blob_size(&size, &p, &err), E_NOTFOUND);
	assert_int_equal(put(b, AT_ONE, &at, 0, SIZE, &whole), E_OK);
	assert_true(whole);
}

/* ---- who is answered ---- */

static struct uuid
attach(struct bench *b, enum county_device at, const char *by,
    const struct uuid *above, enum verdict wanted)
{
	char record[80], hash[100], id[UUID_TEXT_MAX];
	struct uuid scan = uuid_new();
	struct op op;

	uuid_print(id, above);
	snprintf(record, sizeof record, "record=%s", id);
	snprintf(hash, sizeof hash, "hash=%s", b->hash);
	county_op(&op, &b->c, at, OP_NEW, SCAN_REGISTER, &scan, by, 0, record,
	    hash, "name=a.pdf", "type=pdf", "size=5000", strcmp(by, "u1") ?
	    "added_by=乙" : "added_by=甲", NULL);
	if (strcmp(by, "u2") == 0) {
		free(op.changes[op.change_count - 1].after);
		op.changes[op.change_count - 1].after = mem_strdup("丁");
	}
	assert_int_equal(county_do(&b->c, at, &op), wanted);
	op_release(&op);
	return scan;
}

static struct scan_access
ask(struct bench *b, enum county_device at, const char *role, bool sends)
{
	struct ledger_peer peer = { .device = b->c.at[at].device.id,
		.county = b->c.at[at].device.office.county };
	struct scan_asker who = { .schema = b->c.schema, .peer = &peer,
		.login = "u1", .role = role, .sends = sends };
	struct scan_access a = {0};
	struct err err = ERR_INIT;
	struct db *db = NULL;

	memcpy(peer.office, b->c.at[at].device.office.code,
	    sizeof peer.office);
	kit_check(ledger_begin_read(&db, b->c.ledger, &err), &err);
	kit_check(scan_access(&a, db, &who, b->hash, &err), &err);
	ledger_end_read(b->c.ledger);
	return a;
}

static void
say_arrived(struct bench *b, enum county_device at)
{
	struct ledger_peer peer = { .device = b->c.at[at].device.id };
	struct scan_asker who = { .schema = b->c.schema, .peer = &peer,
		.login = "u1", .role = "clerk", .sends = true };
	struct err err = ERR_INIT;
	struct db *db = NULL;

	memcpy(peer.office, b->c.at[at].device.office.code,
	    sizeof peer.office);
	kit_check(ledger_begin(&db, b->c.ledger, &err), &err);
	kit_check(ledger_end(b->c.ledger, scan_say(db, &who, b->hash, true, &err),
	    &err), &err);
}

static void
only_who_sees_a_scan_is_told_of_its_bytes(void **state)
{
	struct bench *b = *state;
	struct scan_access a = ask(b, AT_ONE, "clerk", false);
	struct uuid scan, other = uuid_new();
	struct record r = {0};
	struct op op;

	assert_false(a.any);		/* named by nothing yet */
	scan = attach(b, AT_ONE, "u1", &b->matter, VERDICT_OK);
	a = ask(b, AT_ONE, "clerk", true);
	assert_true(a.any && a.waits && !a.arrived);
	assert_int_equal(a.size, SIZE);
	assert_false(ask(b, AT_TWO, "clerk", false).any);
	assert_false(ask(b, AT_TWO, "clerk", true).any);
	assert_true(ask(b, AT_COUNTY, "chief", false).any);

	say_arrived(b, AT_ONE);
	county_record(&r, &b->c, &scan);
	assert_string_equal(record_get(&r, "arrived"), "1");
	assert_int_equal(r.rev, 2);
	record_release(&r);
	assert_true(ask(b, AT_ONE_TOO, "clerk", false).arrived);

	/* another office names the same bytes: they have not arrived there */
	county_op(&op, &b->c, AT_TWO, OP_NEW, "matter", &other, "u2", 0,
	    "title=二", NULL);
	assert_int_equal(county_do(&b->c, AT_TWO, &op), VERDICT_OK);
	op_release(&op);
	(void)attach(b, AT_TWO, "u2", &other, VERDICT_OK);
	a = ask(b, AT_TWO, "clerk", false);
	assert_true(a.any && a.waits && !a.arrived);
}

static void
a_scan_is_for_who_may_write_what_it_belongs_to(void **state)
{
	struct bench *b = *state;
	struct uuid nothing = uuid_new();

	/* an auditor writes no matter; to another office it is as one that is not there */
	(void)attach(b, AT_ONE, "u1c", &b->matter, VERDICT_DENIED);
	(void)attach(b, AT_TWO, "u2", &b->matter, VERDICT_REVIEW);
	(void)attach(b, AT_ONE, "u1", &nothing, VERDICT_REVIEW);
	(void)attach(b, AT_ONE, "u1", &b->matter, VERDICT_OK);
}

/* It may still be all that there is of a paper. */
static void
of_what_was_refused_only_its_device_sends_the_bytes(void **state)
{
	struct bench *b = *state;

	(void)attach(b, AT_TWO, "u2", &b->matter, VERDICT_REVIEW);
	assert_true(ask(b, AT_TWO, NULL, true).any);
	assert_false(ask(b, AT_TWO, "clerk", false).any);
	assert_false(ask(b, AT_ONE, "clerk", true).any);
	assert_false(ask(b, AT_COUNTY, "chief", false).any);
}

static void
a_scan_is_read_by_who_reads_what_it_belongs_to(void **state)
{
	struct bench *b = *state;
	struct uuid scan = attach(b, AT_ONE, "u1", &b->matter, VERDICT_OK);
	const struct schema_register *reg = NULL;
	struct record r = {0};
	struct err err = ERR_INIT;
	struct db *db = NULL;

	county_record(&r, &b->c, &scan);
	kit_check(ledger_begin_read(&db, b->c.ledger, &err), &err);
	kit_check(scan_reader(&reg, db, b->c.schema, &r, &err), &err);
	ledger_end_read(b->c.ledger);
	assert_non_null(reg);
	assert_string_equal(reg->name, "matter");
	record_release(&r);
}

static void
nobody_says_that_bytes_have_arrived(void **state)
{
	struct bench *b = *state;
	struct uuid scan = attach(b, AT_ONE, "u1", &b->matter, VERDICT_OK);
	struct op op;

	county_op(&op, &b->c, AT_ONE, OP_SET, SCAN_REGISTER, &scan, "u1", 1,
	    "arrived=1", NULL);
	assert_int_equal(county_do(&b->c, AT_ONE, &op), VERDICT_DENIED);
	op_release(&op);
}

/* T5: what another office is to be shown as a name leads nowhere. */
static void
a_name_is_no_path(void **state)
{
	static const char *const names[] = { "name=../../.bashrc",
		"name=/etc/cron.d/x", "name=..", "name=a\033[2J.pdf",
		"name=\xe2\x80\xae" "fdp.exe" };
	struct bench *b = *state;
	char record[UUID_TEXT_MAX + 16] = "record=", hash[80], size[32];

	uuid_print(record + 7, &b->matter);
	snprintf(hash, sizeof hash, "hash=%s", b->hash);
	snprintf(size, sizeof size, "size=%d", SIZE);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct uuid scan = uuid_new();
		struct op op;

		county_op(&op, &b->c, AT_ONE, OP_NEW, SCAN_REGISTER, &scan,
		    "u1", 0, record, names[i], "type=pdf", size, hash,
		    "added_by=甲", NULL);
		if (county_do(&b->c, AT_ONE, &op) != VERDICT_INVALID)
			fail_msg("%zu", i);
		op_release(&op);
	}
}

static void
so_many_and_no_more(void **state)
{
	struct bench *b = *state;

	for (int i = 0; i < SCAN_COUNT_MAX; i++)
		(void)attach(b, AT_ONE, "u1", &b->matter, VERDICT_OK);
	(void)attach(b, AT_ONE, "u1", &b->matter, VERDICT_INVALID);
}

/* ---- sweeping ---- */

static struct scan_sweep
sweep(struct bench *b)
{
	struct scan_sweep w = {0};
	struct err err = ERR_INIT;

	kit_check(scan_sweep(&w, b->c.ledger, &err), &err);
	return w;
}

static void
what_nothing_names_goes_after_90_days(void **state)
{
	struct bench *b = *state;
	struct uuid scan = attach(b, AT_ONE, "u1", &b->matter, VERDICT_OK);
	char *path = mem_printf("%s/blobs/%.2s/%s", b->c.dir, b->hash, b->hash);
	const struct utimbuf old = { 1000000, 1000000 };
	int64_t at = 0;
	bool whole = false;
	struct op op;

	assert_int_equal(put(b, AT_ONE, &at, 0, SIZE, &whole), E_OK);
	say_arrived(b, AT_ONE);
	assert_int_equal(utime(path, &old), 0);
	assert_int_equal(sweep(b).kept, 1);
	county_op(&op, &b->c, AT_ONE, OP_DEL, SCAN_REGISTER, &scan, "u1", 2,
	    "@deleted=>wrong one", NULL);
	assert_int_equal(county_do(&b->c, AT_ONE, &op), VERDICT_OK);
	op_release(&op);
	assert_int_equal(sweep(b).kept, 1);
	clock_fix(clock_now_at() + 89 * 86400000LL);
	assert_int_equal(sweep(b).kept, 1);
	clock_fix(clock_now_at() + 2 * 86400000LL);
	assert_int_equal(sweep(b).dropped, 1);
	assert_int_equal(access(path, F_OK), -1);
	free(path);
}

static void
what_is_missing_is_said_and_comes_again(void **state)
{
	struct bench *b = *state;
	struct uuid scan = attach(b, AT_ONE, "u1", &b->matter, VERDICT_OK);
	struct record r = {0};

	say_arrived(b, AT_ONE);		/* the folder was lost with a disk */
	assert_int_equal(sweep(b).missing, 1);
	county_record(&r, &b->c, &scan);
	assert_string_equal(record_get(&r, "arrived"), "");
	assert_int_equal(r.rev, 3);
	record_release(&r);
	assert_int_equal(sweep(b).missing, 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(pieces_become_the_whole),
		TEST(wrong_bytes_are_dropped_and_sent_again),
		TEST(only_who_sees_a_scan_is_told_of_its_bytes),
		TEST(a_scan_is_for_who_may_write_what_it_belongs_to),
		TEST(of_what_was_refused_only_its_device_sends_the_bytes),
		TEST(a_scan_is_read_by_who_reads_what_it_belongs_to),
		TEST(nobody_says_that_bytes_have_arrived),
		TEST(a_name_is_no_path),
		TEST(so_many_and_no_more),
		TEST(what_nothing_names_goes_after_90_days),
		TEST(what_is_missing_is_said_and_comes_again),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
