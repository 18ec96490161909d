/*
 * Spreadsheets become records: the three files of tests/data/office as
 * expected.json counts them, and what must not happen on the way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/io.h"
#include "base/mem.h"
#include "client/importer.h"
#include "store/overview.h"

struct office {
	char home[64];
	struct schema *schema;
	struct store *store;
};

static int
set_up(void **state)
{
	struct office *o = mem_alloc(1, sizeof *o);
	struct complaints complaints = {0};
	struct store_device d = { .server = "https://localhost:1",
		.device = "01941f29-0000-7000-8000-000000000001",
		.token = "t", .office = "990101001", .office_name = "o",
		.county_name = "c",
		.server_epoch = "01941f29-0000-7000-8000-000000000002",
		.epoch = 1 };
	struct store_user u = { .login = "czq", .name = "n", .role = "clerk",
		.office = "990101001", .token = "t",
		.offline_until = INT64_MAX };
	struct crypto_key share = {{ 7 }};
	struct err err = ERR_INIT;

	crypto_init();
	clock_fix(clock_parse("2026-11-22T10:00:00+08:00"));
	snprintf(o->home, sizeof o->home, "/tmp/fq-import-XXXXXX");
	assert_non_null(mkdtemp(o->home));
	assert_int_equal(schema_load(&o->schema, builtin_files, builtin_count,
		&complaints, &err), E_OK);
	assert_int_equal(store_open(&o->store, o->home, true, o->schema,
		&err), E_OK);
	assert_int_equal(store_enroll(o->store, &d, &share, &err), E_OK);
	assert_int_equal(store_admit(o->store, &u, "correct horse 1", &share,
		&err), E_OK);
	assert_int_equal(overview_refresh(o->store, NULL, &err), E_OK);
	*state = o;
	return 0;
}

static int
tear_down(void **state)
{
	struct office *o = *state;
	static const char *const files[] = { "cache.db", "cache.db-wal",
		"cache.db-shm", "sync.lock" };

	store_close(o->store);
	schema_free(o->schema);
	for (size_t i = 0; i < 4; i++) {
		char *path = io_join(o->home, files[i]);

		unlink(path);
		free(path);
	}
	rmdir(o->home);
	free(o);
	return 0;
}

/* Take a text in as if it were a file; the sheet and map are released. */
static enum status
take(struct import_result *r, struct office *o, const char *reg,
	const char *text, size_t len, bool dry_run, struct err *err)
{
	const struct schema_register *to = schema_register_find(o->schema,
		reg);
	struct sheet sheet = {0};
	struct import_map map = {0};
	enum status s = sheet_parse(&sheet, text, len, err);

	if (!s)
		s = import_map_find(&map, &sheet, o->schema, to, err);
	if (!s)
		s = import_rows(r, o->store, to, &sheet, &map, dry_run, err);
	import_map_release(&map);
	sheet_release(&sheet);
	return s;
}

static struct import_result
take_text(struct office *o, const char *reg, const char *text)
{
	struct import_result r = {0};
	struct err err = ERR_INIT;

	if (take(&r, o, reg, text, strlen(text), false, &err))
		fail_msg("%s", err.msg);
	return r;
}

static size_t
count_of(struct office *o, const char *reg)
{
	struct uuid *ids = NULL;
	size_t count = 0;

	overview_query(&ids, &count, o->store, &(struct overview_query){
		.reg = schema_register_find(o->schema, reg),
		.today = clock_today(), .user = "czq" });
	free(ids);
	return count;
}

/* ---- the office's own files ---- */

static const struct {
	const char *file, *reg;
	size_t good, refused;
} files[] = {
	{ "correction_subjects.csv", "correction_subject", 253, 9 },
	{ "mediation_cases.csv", "mediation_case", 476, 4 },
	{ "resettlement_subjects.csv", "resettlement_subject", 280, 0 },
};

static void
read_office_file(struct buf *out, const char *name)
{
	char *path = io_join("tests/data/office", name);
	struct err err = ERR_INIT;

	buf_init(out, SHEET_BYTES_MAX);
	if (io_read(out, path, &err))
		fail_msg("%s", err.msg);
	free(path);
}

static void
office_files_twice(void **state)
{
	struct office *o = *state;
	size_t persons;

	for (size_t i = 0; i < 3; i++) {
		struct import_result r = {0};
		struct err err = ERR_INIT;
		struct buf text;

		read_office_file(&text, files[i].file);
		assert_int_equal(take(&r, o, files[i].reg, text.data,
			text.len, false, &err), E_OK);
		assert_int_equal(r.added, files[i].good);
		assert_int_equal(r.refused, files[i].refused);
		assert_int_equal(count_of(o, files[i].reg), files[i].good);
		import_result_release(&r);
		buf_release(&text);
	}
	persons = count_of(o, "person");
	assert_int_equal(count_of(o, "mediation_party"), 2 * 476);
	for (size_t i = 0; i < 3; i++) {
		struct import_result r = {0};
		struct err err = ERR_INIT;
		struct buf text;

		read_office_file(&text, files[i].file);
		assert_int_equal(take(&r, o, files[i].reg, text.data,
			text.len, false, &err), E_OK);
		assert_int_equal(r.added + r.filled, 0);
		assert_int_equal(r.unchanged, files[i].good);
		assert_int_equal(count_of(o, files[i].reg), files[i].good);
		import_result_release(&r);
		buf_release(&text);
	}
	assert_int_equal(count_of(o, "person"), persons);
	assert_int_equal(count_of(o, "mediation_party"), 2 * 476);
}

static void
dry_run_counts_and_writes_nothing(void **state)
{
	struct office *o = *state;

	for (size_t i = 0; i < 3; i++) {
		struct import_result r = {0};
		struct err err = ERR_INIT;
		struct buf text;

		read_office_file(&text, files[i].file);
		assert_int_equal(take(&r, o, files[i].reg, text.data,
			text.len, true, &err), E_OK);
		assert_int_equal(r.added, files[i].good);
		assert_int_equal(r.refused, files[i].refused);
		import_result_release(&r);
		buf_release(&text);
	}
	assert_int_equal(overview_count(o->store), 0);
}

/* ---- rows ---- */

#define HEAD "姓名,身份证号,联系电话,矫正类别,矫正起始日,矫正终止日,村居\n"
#define ROW "王一,990101198801010012,13800138000,缓刑,2026-1-1,2027-12-31,东村\n"

static void
refused_rows_come_back_mended(void **state)
{
	struct office *o = *state;
	const struct schema_register *reg = schema_register_find(o->schema,
		"correction_subject");
	const char *bad = HEAD
		"王一,990101198801010011,13800138000,外星,2026-1-1,2027-12-31,=东\n"
		"李二,990101188801010080,,缓刑,2026-1-1,2027-12-31,西村\n";
	struct import_result r = {0};
	struct sheet sheet = {0};
	struct import_map map = {0};
	struct err err = ERR_INIT;
	struct buf out;
	char *at;

	assert_int_equal(sheet_parse(&sheet, bad, strlen(bad), &err), E_OK);
	assert_int_equal(import_map_find(&map, &sheet, o->schema, reg, &err),
		E_OK);
	assert_int_equal(import_rows(&r, o->store, reg, &sheet, &map, false,
		&err), E_OK);
	assert_int_equal(r.added, 1);
	assert_int_equal(r.refused, 1);
	/* every reason at once is not needed, but the first one names cell */
	assert_true(r.refusal_count >= 1);
	assert_int_equal(r.refusals[0].line, 2);
	assert_string_equal(r.refusals[0].column, "矫正类别");
	assert_string_equal(r.refusals[0].value, "外星");
	buf_init(&out, BUF_RECORD_MAX);
	import_print_refused(&out, &sheet, &map, &r);
	assert_non_null(strstr(out.data, "拒收原因"));
	assert_non_null(strstr(out.data, "\"'=东\""));	/* no formula */
	import_result_release(&r);
	import_map_release(&map);
	sheet_release(&sheet);

	/* mended in the file that was written, and taken in again */
	at = strstr(out.data, "外星");
	memcpy(at, "缓刑", strlen("缓刑"));
	at = strstr(out.data, "990101198801010011");
	assert_non_null(at);
	at[17] = '2';
	r = take_text(o, "correction_subject", out.data);
	assert_int_equal(r.added, 1);
	assert_int_equal(r.refused, 0);
	import_result_release(&r);
	buf_release(&out);
	assert_int_equal(count_of(o, "correction_subject"), 2);
}

static void
a_refused_row_leaves_nothing(void **state)
{
	struct office *o = *state;
	/* the person is fine, the sentence ends before it begins */
	struct import_result r = take_text(o, "correction_subject", HEAD
		"王一,990101198801010012,,缓刑,2026-1-1,2025-1-1,东村\n");

	assert_int_equal(r.refused, 1);
	import_result_release(&r);
	assert_int_equal(overview_count(o->store), 0);
}

static void
known_records_are_filled_never_overwritten(void **state)
{
	struct office *o = *state;
	struct import_result r = take_text(o, "correction_subject", HEAD ROW);
	struct uuid *ids = NULL;
	size_t count = 0;
	struct record subject = {0};
	struct err err = ERR_INIT;

	import_result_release(&r);
	/* another village and, new, a level */
	r = take_text(o, "correction_subject",
		"姓名,身份证号,矫正类别,矫正起始日,矫正终止日,村居,管理等级\n"
		"王一,990101198801010012,缓刑,2026-1-1,2027-12-31,南村,严管\n");
	assert_int_equal(r.added, 0);
	assert_int_equal(r.filled, 1);
	assert_int_equal(r.kept_count, 1);
	assert_int_equal(r.kept[0].line, 2);
	assert_string_equal(r.kept[0].column, "村居");
	assert_string_equal(r.kept[0].value, "南村");
	assert_string_equal(r.kept[0].stands, "东村");
	assert_int_equal(r.persons_known, 1);
	import_result_release(&r);
	overview_query(&ids, &count, o->store, &(struct overview_query){
		.reg = schema_register_find(o->schema, "correction_subject"),
		.today = clock_today(), .user = "czq" });
	assert_int_equal(count, 1);
	assert_int_equal(store_get(&subject, o->store, &ids[0], &err), E_OK);
	assert_string_equal(values_get(&subject.values, "village"), "东村");
	assert_string_equal(values_get(&subject.values, "level"), "strict");
	record_release(&subject);
	free(ids);
}

static void
one_person_many_registers(void **state)
{
	struct office *o = *state;
	struct import_result r = take_text(o, "correction_subject", HEAD ROW);

	import_result_release(&r);
	/* by id number, though the name is spelled with a blank */
	r = take_text(o, "resettlement_subject",
		"姓名,身份证号,释放日期\n王 一,'990101198801010012,2025.3.1\n");
	assert_int_equal(r.added, 1);
	assert_int_equal(r.persons_known, 1);
	import_result_release(&r);
	/* by name and telephone, where a party has no id number */
	r = take_text(o, "mediation_case",
		"申请人,申请人电话,被申请人,被申请人电话,纠纷类别,受理日期\n"
		"王一,13800138000,赵六,13900139000,邻里纠纷,2026-3-5\n"
		"王一,13700137000,赵六,13900139000,邻里纠纷,2026-3-6\n");
	assert_int_equal(r.added, 2);
	/* 王一 of the second case has another telephone: another person */
	assert_int_equal(r.persons_added, 2);
	assert_int_equal(r.persons_known, 2);
	import_result_release(&r);
	assert_int_equal(count_of(o, "person"), 3);
}

static void
repeated_in_the_file(void **state)
{
	struct office *o = *state;
	struct import_result r = take_text(o, "correction_subject", HEAD ROW
		"\n合计,1\n" ROW);

	assert_int_equal(r.added, 1);
	assert_int_equal(r.refused, 1);
	assert_int_equal(r.skipped, 2);
	assert_int_equal(r.refusals[0].line, 5);
	assert_non_null(strstr(r.refusals[0].reason, "2"));
	assert_int_equal(r.kept_count, 0);	/* a refused row keeps nothing */
	import_result_release(&r);
}

/* ---- headers ---- */

static void
headers(void **state)
{
	struct office *o = *state;
	const struct schema_register *reg = schema_register_find(o->schema,
		"correction_subject");
	struct import_map map = {0};
	struct sheet sheet = {0};
	struct err err = ERR_INIT;
	const char *titled = "青石司法所社区矫正对象台账,,\n2026年11月,,\n"
		"姓 名,身份证号码（18位）,星座,矫正类别\n王一,,双子,缓刑\n";
	const char *twice = "姓名,名称,矫正类别\n王一,王二,缓刑\n";
	const char *none = "甲,乙,丙\n1,2,3\n";

	/* titles above, blanks and brackets in headers, one nobody knows */
	assert_int_equal(sheet_parse(&sheet, titled, strlen(titled), &err),
		E_OK);
	assert_int_equal(import_map_find(&map, &sheet, o->schema, reg, &err),
		E_OK);
	assert_int_equal(map.header, 2);
	assert_int_equal(map.unknown_count, 1);
	assert_string_equal(map.unknown[0], "星座");
	assert_string_equal(map.targets[1].field->name, "id_no");
	assert_true(map.targets[1].person);
	import_map_release(&map);
	sheet_release(&sheet);

	assert_int_equal(sheet_parse(&sheet, twice, strlen(twice), &err), E_OK);
	assert_int_equal(import_map_find(&map, &sheet, o->schema, reg, &err),
		E_INVALID);
	assert_non_null(strstr(err.msg, "名称"));
	sheet_release(&sheet);

	assert_int_equal(sheet_parse(&sheet, none, strlen(none), &err), E_OK);
	assert_int_equal(import_map_find(&map, &sheet, o->schema, reg, &err),
		E_INVALID);
	assert_null(map.targets);
	sheet_release(&sheet);
}

static void
needs_somebody_who_may(void **state)
{
	struct office *o = *state;
	struct import_result r = {0};
	struct err err = ERR_INIT;

	store_lock(o->store);
	assert_int_equal(take(&r, o, "correction_subject", HEAD ROW,
		strlen(HEAD ROW), false, &err), E_AUTH);
	assert_int_equal(r.rows, 0);
}

int
main(void)
{
#define WITH_OFFICE(test) \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		WITH_OFFICE(office_files_twice),
		WITH_OFFICE(dry_run_counts_and_writes_nothing),
		WITH_OFFICE(refused_rows_come_back_mended),
		WITH_OFFICE(a_refused_row_leaves_nothing),
		WITH_OFFICE(known_records_are_filled_never_overwritten),
		WITH_OFFICE(one_person_many_registers),
		WITH_OFFICE(repeated_in_the_file),
		WITH_OFFICE(headers),
		WITH_OFFICE(needs_somebody_who_may),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
