/*
 * What the cache costs, without a server.
 *
 *   storebench fill HOME N       a cache with N made-up persons; signs it in
 *                                to the kernel's keyring for a few minutes
 *   storebench unlock HOME password|keyring
 *                                until all overviews are in memory
 *   storebench save HOME N       N saves, each acknowledged, beside N bare
 *                                SQLite transactions of one row in this folder
 *   storebench edit HOME N FROM TEXT
 *                                N mediation cases from the FROM-th on get other
 *                                claims, which begin with TEXT; the user is
 *                                the keyring's, or "wang"
 *   storebench keep HOME         in the keyring again, after a screen locked it
 *   storebench drop HOME         out of the keyring
 *
 * Prints lines "what<TAB>number".
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/io.h"
#include "base/mem.h"
#include "client/newrec.h"
#include "core/builtin.h"
#include "core/record.h"
#include "core/schema.h"
#include "store/overview.h"
#include "store/save.h"
#include "store/store.h"

enum { BATCH = 500, KEYRING_S = 600, SAVES_MAX = 1000, ROW_BYTES = 700 };

static const char password[] = "Fengqiao-2026";

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
must(enum status s, const struct err *err)
{
	if (s) {
		fprintf(stderr, "storebench: %s\n", err->msg);
		exit(1);
	}
}

static struct schema *
load_schema(void)
{
	struct complaints complaints = {0};
	struct schema *schema = NULL;
	struct err err = ERR_INIT;

	must(schema_load(&schema, builtin_files, builtin_count, &complaints,
		&err), &err);
	return schema;
}

/* ---- people, the same on every run ---- */

static unsigned
next(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16;
}

/* One hanzi of the n-th out of a text of hanzi. */
static void
put_hanzi(struct buf *out, const char *all, unsigned n)
{
	buf_add(out, all + n % (unsigned)(strlen(all) / 3) * 3, 3);
}

static void
make_person(struct record *r, const struct store *s,
	const struct schema_register *reg, unsigned serial)
{
	static const char surnames[] = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦";
	static const char given[] = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞";
	static const unsigned weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7,
		9, 10, 5, 8, 4, 2 };
	unsigned seed = serial * 2654435761u + 7u, sum = 0;
	struct buf name;
	char id[24], mobile[16];

	buf_init(&name, BUF_LINE_MAX);
	put_hanzi(&name, surnames, next(&seed));
	put_hanzi(&name, given, next(&seed));
	put_hanzi(&name, given, next(&seed));
	/* GB 11643-1999, in regions that are not assigned */
	snprintf(id, sizeof id, "4398%02u%04u%02u%02u%03u",
		1 + serial / 46000 % 31, 1950 + serial % 46,
		1 + next(&seed) % 12, 1 + next(&seed) % 28,
		serial / 46 % 1000);
	for (size_t i = 0; i < 17; i++)
		sum += (unsigned)(id[i] - '0') * weights[i];
	id[17] = "10X98765432"[sum % 11];
	id[18] = 0;
	snprintf(mobile, sizeof mobile, "160%08u", next(&seed) % 100000000u);
	newrec_init(r, s, reg);
	values_set(&r->values, "name", name.data);
	values_set(&r->values, "id_no", id);
	values_set(&r->values, "mobile", mobile);
	buf_release(&name);
}

static void
save_person(struct store *s, const struct schema_register *reg, unsigned serial)
{
	struct record r = {0};
	struct save save = { .record = &r };
	struct err err = ERR_INIT;

	make_person(&r, s, reg, serial);
	must(save_record(s, &save, &err), &err);
	faults_release(&save.faults);
	record_release(&r);
}

/* ---- fill ---- */

static void
admit(struct store *s)
{
	struct store_device device = { .server = "https://127.0.0.1:1",
		.device = "0197a000-0000-7000-8000-000000000001",
		.token = "none", .office = "990101001",
		.office_name = "青石司法所", .county_name = "枫桥县司法局",
		.server_epoch = "0197a000-0000-7000-8000-000000000002",
		.epoch = 1 };
	struct store_user user = { .login = "chenzq", .name = "陈志强",
		.role = "clerk", .office = "990101001", .token = "none",
		.offline_until = INT64_MAX / 2 };
	struct crypto_key share;
	struct err err = ERR_INIT;

	crypto_random(&share, sizeof share);
	must(store_enroll(s, &device, &share, &err), &err);
	must(store_admit(s, &user, password, &share, &err), &err);
}

static void
fill(const char *home, const struct schema *schema, unsigned count)
{
	const struct schema_register *reg = schema_register_find(schema,
		"person");
	struct store *s = NULL;
	struct err err = ERR_INIT;
	double began = now_ms();

	must(store_open(&s, home, true, schema, &err), &err);
	admit(s);
	for (unsigned i = 0; i < count; i++) {
		if (i % BATCH == 0)
			must(save_batch_begin(s, &err), &err);
		save_person(s, reg, i);
		if (i % BATCH == BATCH - 1 || i + 1 == count)
			must(save_batch_commit(s, &err), &err);
	}
	printf("fill_ms\t%.0f\n", now_ms() - began);
	printf("keyring\t%s\n", store_keyring_put(s, KEYRING_S, &err) ?
		"no" : "yes");
	store_close(s);
}

/* ---- unlock ---- */

static void
unlock(const char *home, const struct schema *schema, bool keyring)
{
	struct store *s = NULL;
	struct err err = ERR_INIT;
	struct rusage used;
	double began = now_ms();

	must(store_open(&s, home, false, schema, &err), &err);
	if (keyring)
		must(store_keyring_unlock(s, &err), &err);
	else
		must(store_unlock(s, "chenzq", password, &err), &err);
	must(overview_refresh(s, NULL, &err), &err);
	printf("unlock_ms\t%.1f\n", now_ms() - began);
	printf("overviews\t%zu\n", overview_count(s));
	/* the screens dropped it when they were left */
	if (!keyring && store_keyring_put(s, KEYRING_S, &err))
		err = (struct err)ERR_INIT;
	store_close(s);
	getrusage(RUSAGE_SELF, &used);
	printf("rss_kib\t%ld\n", used.ru_maxrss);
}

/* ---- save ---- */

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double
median(double *values, size_t count)
{
	qsort(values, count, sizeof *values, compare);
	return values[count / 2];
}

/* A row of the size of a sealed record and its operation, one transaction
 * each, WAL and FULL as the cache has it. */
static double
bare(const char *home, size_t count)
{
	static double ms[SAVES_MAX];
	char *path = io_join(home, "bare.db");
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;

	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = "
	    "FULL; CREATE TABLE row(id INTEGER PRIMARY KEY, body BLOB)", NULL,
	    NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "INSERT INTO row(body) VALUES("
	    "randomblob(?1))", -1, &st, NULL) != SQLITE_OK) {
		fprintf(stderr, "storebench: %s\n", sqlite3_errmsg(db));
		exit(1);
	}
	for (size_t i = 0; i < count; i++) {
		double began = now_ms();

		sqlite3_bind_int(st, 1, ROW_BYTES);
		sqlite3_step(st);
		sqlite3_reset(st);
		ms[i] = now_ms() - began;
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
	remove(path);
	free(path);
	return median(ms, count);
}

static void
save_many(const char *home, const struct schema *schema, size_t count)
{
	static double ms[SAVES_MAX];
	const struct schema_register *reg = schema_register_find(schema,
		"person");
	struct store *s = NULL;
	struct err err = ERR_INIT;
	double ours, floor;

	must(store_open(&s, home, false, schema, &err), &err);
	must(store_unlock(s, "chenzq", password, &err), &err);
	must(overview_refresh(s, NULL, &err), &err);
	for (size_t i = 0; i < count; i++) {
		double began = now_ms();

		save_person(s, reg, (unsigned)(overview_count(s) + i));
		ms[i] = now_ms() - began;
	}
	ours = median(ms, count);
	store_close(s);
	floor = bare(home, count);
	printf("save_ms\t%.3f\n", ours);
	printf("bare_ms\t%.3f\n", floor);
	printf("save_ratio\t%.2f\n", ours / floor);
}

/* ---- edit ---- */

static void
edit_one(struct store *s, const struct uuid *id, const char *text)
{
	struct record seen = {0}, r = {0};
	struct save save = { .record = &r, .seen = &seen };
	struct err err = ERR_INIT;
	char *claims;

	must(store_get(&seen, s, id, &err), &err);
	record_copy(&r, &seen);
	claims = mem_printf("%s：%.120s", text, record_get(&seen, "claims"));
	values_set(&r.values, "claims", claims);
	must(save_record(s, &save, &err), &err);
	free(claims);
	faults_release(&save.faults);
	record_release(&seen);
	record_release(&r);
}

static void
edit(const char *home, const struct schema *schema, size_t count, size_t from,
	const char *text)
{
	struct store *s = NULL;
	struct err err = ERR_INIT, none = ERR_INIT;
	size_t nr = 0, done = 0;

	must(store_open(&s, home, false, schema, &err), &err);
	if (store_keyring_unlock(s, &none))
		must(store_unlock(s, "wang", password, &err), &err);
	must(overview_refresh(s, NULL, &err), &err);
	for (size_t i = 0; i < overview_count(s) && done < count; i++) {
		const struct overview *o = overview_at(s, i);

		if (!o || strcmp(o->reg_name, "mediation_case") != 0 ||
		    nr++ < from)
			continue;
		edit_one(s, &o->id, text);
		done++;
	}
	printf("edited\t%zu\n", done);
	store_close(s);
}

static void
keep(const char *home, const struct schema *schema)
{
	struct store *s = NULL;
	struct err err = ERR_INIT;

	must(store_open(&s, home, false, schema, &err), &err);
	store_spare_overviews(s);
	must(store_unlock(s, "chenzq", password, &err), &err);
	must(store_keyring_put(s, KEYRING_S, &err), &err);
	store_close(s);
}

int
main(int argc, char **argv)
{
	struct schema *schema = NULL;
	long count = argc > 3 ? strtol(argv[3], NULL, 10) : 0;

	crypto_init();
	schema = load_schema();
	if (argc == 4 && strcmp(argv[1], "fill") == 0) {
		fill(argv[2], schema, (unsigned)count);
	} else if (argc == 4 && strcmp(argv[1], "unlock") == 0) {
		unlock(argv[2], schema, strcmp(argv[3], "keyring") == 0);
	} else if (argc == 4 && strcmp(argv[1], "save") == 0 && count > 0) {
		save_many(argv[2], schema, count < SAVES_MAX ? (size_t)count :
			SAVES_MAX);
	} else if (argc == 6 && strcmp(argv[1], "edit") == 0 && count > 0) {
		edit(argv[2], schema, (size_t)count,
			(size_t)strtol(argv[4], NULL, 10), argv[5]);
	} else if (argc == 3 && strcmp(argv[1], "keep") == 0) {
		keep(argv[2], schema);
	} else if (argc == 3 && strcmp(argv[1], "drop") == 0) {
		struct store *s = NULL;
		struct err err = ERR_INIT;

		must(store_open(&s, argv[2], false, schema, &err), &err);
		store_keyring_drop(s);
		store_close(s);
	} else {
		fprintf(stderr, "usage: storebench "
			"fill|unlock|save|edit|keep|drop HOME ...\n");
		return 2;
	}
	schema_free(schema);
	return 0;
}
