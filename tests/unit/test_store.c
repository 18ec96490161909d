/* The cache as a whole: opening, accounts, locking, keeping it well. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/io.h"
#include "base/mem.h"
#include "db/db.h"
#include "db/db_number.h"
#include "kit/cache.h"
#include "store/draft.h"
#include "store/outbox.h"
#include "store/overview.h"

/* ---- opening ---- */

static void
opening_says_what_is_wrong(void **state)
{
	struct cache *c = *state;
	struct store *s = NULL;
	struct err err = ERR_INIT;
	char *path = io_join(c->home, "cache.db");
	struct db *db = NULL;

	assert_int_equal(store_open(&s, "/tmp/no-such-folder-here", false,
		c->schema, &err), E_NOTFOUND);
	assert_int_equal(chmod(c->home, 0755), 0);
	assert_int_equal(store_open(&s, c->home, false, c->schema, &err),
		E_AUTH);
	assert_int_equal(chmod(c->home, 0700), 0);

	/* one made by a newer program */
	store_close(c->s);
	c->s = NULL;
	assert_int_equal(db_open(&db, path, DB_WRITE, &err), E_OK);
	assert_int_equal(db_exec(db, "PRAGMA user_version = 99", &err), E_OK);
	db_close(db);
	assert_int_equal(store_open(&s, c->home, false, c->schema, &err),
		E_INVALID);
	/* something else altogether */
	assert_int_equal(io_write(path, "hello, this is no database", 26,
		&err), E_OK);
	assert_int_equal(store_open(&s, c->home, false, c->schema, &err),
		E_INVALID);
	assert_null(s);
	free(path);
}

static void
locked_gives_nothing(void **state)
{
	struct cache *c = *state;
	struct uuid id = cache_add(c->s, "person", "name=王小明");
	struct record r = {0};
	struct save save = { .record = &r };
	struct buf lines;
	size_t count = 0;
	bool more = false;
	struct draft_list drafts = {0};
	struct err err = ERR_INIT;

	assert_non_null(store_user(c->s));
	store_lock(c->s);
	assert_null(store_user(c->s));
	assert_int_equal(store_get(&r, c->s, &id, &err), E_AUTH);
	assert_int_equal(save_record(c->s, &save, &err), E_AUTH);
	assert_int_equal(overview_refresh(c->s, NULL, &err), E_AUTH);
	buf_init(&lines, BUF_LINE_MAX);
	assert_int_equal(outbox_print(&lines, &count, &more, c->s, 1, 0, 100,
		&err), E_AUTH);
	assert_int_equal(lines.len, 0);
	buf_release(&lines);
	assert_int_equal(draft_list(&drafts, c->s, &err), E_AUTH);
	assert_int_equal(overview_count(c->s), 0);
	assert_null(overview_find(c->s, &id));
}

/* ---- accounts ---- */

static void
enrolment_happens_once(void **state)
{
	struct cache *c = *state;
	struct store_device d = {0};
	struct err err = ERR_INIT;

	assert_int_equal(store_device_get(&d, c->s, &err), E_OK);
	assert_string_equal(d.office_name, "青石司法所");
	assert_int_equal(d.epoch, 1);
	assert_int_equal(store_enroll(c->s, &d, &c->share, &err), E_CONFLICT);
}

static void
nobody_works_before_enrolment(void **state)
{
	struct cache *c = *state;
	struct store_device d;
	struct store_user user = { .login = "zhang" };
	struct err err = ERR_INIT;

	assert_int_equal(store_device_get(&d, c->s, &err), E_NOTFOUND);
	assert_int_equal(store_admit(c->s, &user, "x", &c->share, &err),
		E_NOTFOUND);
	assert_int_equal(store_unlock(c->s, "zhang", "x", &err), E_NOTFOUND);
	assert_int_equal(store_unlock(c->s, "@county", "x", &err), E_NOTFOUND);
}

/* The server took another password; what is here stays under its key. */
static void
passwords_unlock_and_change(void **state)
{
	struct cache *c = *state;
	struct uuid id = cache_add(c->s, "person", "name=王小明");
	struct store_user user = *store_user(c->s);
	struct err err = ERR_INIT;

	user.password_on = 1;
	assert_int_equal(store_admit_changed(c->s, &user, "new one 22",
		&c->share, &err), E_OK);
	assert_int_equal(store_password(c->s, 20000),
		STORE_PASSWORD_INITIAL);
	store_lock(c->s);
	assert_int_equal(store_unlock(c->s, "zhang", CACHE_PASSWORD, &err),
		E_AUTH);
	clock_fix(clock_now_at() + 5000);
	assert_int_equal(store_unlock(c->s, "zhang", "new one 22", &err), E_OK);
	assert_string_equal(store_user(c->s)->name, "张三");
	assert_string_equal(store_user(c->s)->token, "user-token");
	assert_string_equal(cache_value(c->s, &id, "name"), "王小明");
	assert_int_equal(store_unlock(c->s, "li", "x", &err), E_NOTFOUND);
	clock_fix(0);
}

static void
passwords_grow_old(void **state)
{
	static const struct {
		int64_t on;
		int today;
		enum store_password stands;
	} cases[] = {
		{ 0, 20000, STORE_PASSWORD_GOOD },
		{ 1, 20000, STORE_PASSWORD_INITIAL },
		{ 20000, 19992, STORE_PASSWORD_GOOD },
		{ 20000, 19993, STORE_PASSWORD_SOON },
		{ 20000, 20000, STORE_PASSWORD_SOON },
		{ 20000, 20001, STORE_PASSWORD_DUE },
	};
	struct cache *c = *state;
	struct err err = ERR_INIT;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(store_password_told(c->s, cases[i].on, &err),
			E_OK);
		assert_int_equal(store_password(c->s, cases[i].today),
			cases[i].stands);
	}
	store_lock(c->s);
	assert_int_equal(store_unlock(c->s, "zhang", CACHE_PASSWORD, &err),
		E_OK);
	assert_int_equal(store_user(c->s)->password_on, 20000);
}

/* Changed elsewhere, the password from before opens a cache for some days
 * without the server; whoever was told the new one here is not concerned. */
static void
a_change_elsewhere_locks_nobody_out(void **state)
{
	struct cache *c = *state;
	struct store_user user = *store_user(c->s);
	struct err err = ERR_INIT;
	bool renewed = true;
	int64_t now = clock_now_at();

	clock_fix(now);
	assert_false(store_password_is_old(c->s, "zhang"));
	assert_int_equal(store_password_ended(&renewed, c->s, &err), E_OK);
	assert_false(renewed);
	assert_true(store_password_is_old(c->s, "zhang"));
	store_lock(c->s);
	assert_int_equal(store_unlock(c->s, "zhang", CACHE_PASSWORD, &err),
		E_OK);
	clock_fix(now + (STORE_OLD_PASSWORD_DAYS + 1) * 24 * 3600 * 1000LL);
	assert_int_equal(store_may(c->s), STORE_MAY_READ);
	/* hearing it again gives no more days */
	assert_int_equal(store_password_ended(&renewed, c->s, &err), E_OK);
	assert_int_equal(store_may(c->s), STORE_MAY_READ);
	(void)snprintf(user.token, sizeof user.token, "another-token");
	assert_int_equal(store_admit(c->s, &user, "new one 22", &c->share,
		&err), E_OK);
	assert_false(store_password_is_old(c->s, "zhang"));
	clock_fix(0);
}

/* T18: who guesses has nothing to compare with but what argon2id makes of each
 * guess; while it must wait, nothing is worked at all. */
static void
each_guess_costs_argon2id(void **state)
{
	struct cache *c = *state;
	int64_t now = clock_now_at();
	struct err err = ERR_INIT;

	for (int i = 0; i < 2; i++) {
		int64_t before = crypto_password_worked();

		clock_fix(now += 3600 * 1000);
		assert_int_equal(store_unlock(c->s, "zhang", "no", &err),
			E_AUTH);
		assert_true(crypto_password_worked() - before >= 3 * 64 * 1024);
		before = crypto_password_worked();
		assert_int_equal(store_unlock(c->s, "zhang", "no", &err),
			E_AUTH);
		assert_int_equal(crypto_password_worked(), before);
	}
	clock_fix(0);
}

static void
wrong_passwords_cost_time(void **state)
{
	static const int waits_s[] = { 1, 2, 4 };
	struct cache *c = *state;
	struct err err = ERR_INIT;
	int64_t now = clock_now_at();

	for (size_t i = 0; i < sizeof waits_s / sizeof waits_s[0]; i++) {
		clock_fix(now);
		assert_int_equal(store_unlock(c->s, "zhang", "no", &err),
			E_AUTH);
		/* also the right one must wait, and a new process too */
		store_close(c->s);
		assert_int_equal(store_open(&c->s, c->home, false, c->schema,
			&err), E_OK);
		now += waits_s[i] * 1000 - 100;
		clock_fix(now);
		assert_int_equal(store_unlock(c->s, "zhang", CACHE_PASSWORD,
			&err), E_AUTH);
		now += 100;
	}
	clock_fix(now);
	assert_int_equal(store_unlock(c->s, "zhang", CACHE_PASSWORD, &err),
		E_OK);
	assert_int_equal(store_unlock(c->s, "zhang", CACHE_PASSWORD, &err),
		E_OK);
	clock_fix(0);
}

static void
offline_has_an_end(void **state)
{
	struct cache *c = *state;
	int64_t now = clock_now_at();
	struct err err = ERR_INIT;

	assert_int_equal(store_user_renew(c->s, "fresh", now + 1000, &err),
		E_OK);
	store_lock(c->s);
	assert_int_equal(store_unlock(c->s, "zhang", CACHE_PASSWORD, &err),
		E_OK);
	assert_string_equal(store_user(c->s)->token, "fresh");
	store_lock(c->s);
	clock_fix(now + 2000 + STORE_READ_DAYS * 24 * 3600 * 1000LL);
	assert_int_equal(store_unlock(c->s, "zhang", CACHE_PASSWORD, &err),
		E_AUTH);
	assert_null(store_user(c->s));
	clock_fix(0);
}

static void
another_share_opens_nothing(void **state)
{
	struct cache *c = *state;
	struct store_user user = { .login = "li" };
	struct crypto_key other = {{1}};
	struct err err = ERR_INIT;

	assert_int_equal(store_admit(c->s, &user, "x", &other, &err), E_AUTH);
	assert_null(store_user(c->s));
}

static void
secret_unlocks_a_child(void **state)
{
	struct cache *c = *state;
	struct err err = ERR_INIT;
	struct buf secret;

	buf_init(&secret, BUF_LINE_MAX);
	assert_int_equal(store_secret_export(&secret, c->s, &err), E_OK);
	store_lock(c->s);
	assert_int_equal(store_secret_import(c->s, secret.data, secret.len,
		&err), E_OK);
	assert_non_null(store_user(c->s));
	/* cut short, another's name, none at all: nothing is open */
	for (size_t len = 0; len < secret.len; len += 8) {
		err = (struct err)ERR_INIT;
		assert_int_not_equal(store_secret_import(c->s, secret.data, len,
			&err), E_OK);
		assert_null(store_user(c->s));
	}
	err = (struct err)ERR_INIT;
	buf_clear(&secret);
	assert_int_equal(store_secret_export(&secret, c->s, &err), E_AUTH);
	assert_int_equal(secret.len, 0);
	buf_release(&secret);
}

static void
keyring_keeps_it_between_commands(void **state)
{
	struct cache *c = *state;
	struct uuid id = cache_add(c->s, "person", "name=王小明");
	struct err err = ERR_INIT;

	if (store_keyring_put(c->s, 60, &err) != E_OK) {
		/* a container without one: then it must say so */
		assert_int_equal(err.code, E_AUTH);
		assert_int_equal(store_keyring_unlock(c->s, &err), E_AUTH);
		return;
	}
	store_close(c->s);
	assert_int_equal(store_open(&c->s, c->home, false, c->schema, &err),
		E_OK);
	assert_int_equal(store_keyring_unlock(c->s, &err), E_OK);
	assert_string_equal(store_user(c->s)->login, "zhang");
	assert_string_equal(cache_value(c->s, &id, "name"), "王小明");
	store_keyring_drop(c->s);
	assert_int_equal(store_keyring_unlock(c->s, &err), E_AUTH);
	assert_null(store_user(c->s));
}

/* ---- at rest ---- */

static bool
file_has(const char *home, const char *name, const char *text)
{
	char *path = io_join(home, name);
	struct buf bytes;
	struct err err = ERR_INIT;
	bool has = false;

	buf_init(&bytes, BUF_BATCH_MAX);
	if (io_read(&bytes, path, &err) == E_OK) {
		size_t len = strlen(text);

		for (size_t i = 0; i + len <= bytes.len && !has; i++)
			has = memcmp(bytes.data + i, text, len) == 0;
	}
	buf_release(&bytes);
	free(path);
	return has;
}

static const char *const secret_words[] = { "欧阳小明", "13800138000",
	"990101199001010013", "秘密备注", "口头警告", "重复无理", "张三",
	CACHE_PASSWORD };

static void
nothing_is_in_clear(void **state)
{
	struct cache *c = *state;
	struct uuid id = cache_add(c->s, "person", "name=欧阳小明;"
		"id_no=990101199001010013;phone=13800138000;note=秘密备注");
	struct draft draft = { .key = "d1", .saved_at = 5 };
	struct page page = {0};
	struct err err = ERR_INIT;

	cache_record(&draft.record, "person", "name=欧阳小明;note=口头警告");
	assert_int_equal(draft_put(c->s, &draft, &err), E_OK);
	page_verdict(&page, 1, VERDICT_INVALID, 0, "重复无理");
	assert_int_equal(page_apply(&page, c->s, NULL, &err), E_OK);
	assert_int_equal(save_remove(c->s, &id, "重复无理", &err), E_OK);
	overview_opened(c->s, &id, 7);
	draft_release(&draft);
	for (size_t i = 0; i < sizeof secret_words / sizeof *secret_words;
	    i++) {
		assert_false(file_has(c->home, "cache.db", secret_words[i]));
		assert_false(file_has(c->home, "cache.db-wal",
			secret_words[i]));
	}
	/* the search itself finds what is there */
	assert_true(file_has(c->home, "cache.db", "SQLite") ||
		file_has(c->home, "cache.db-wal", "CREATE TABLE"));
}

static void
swapped_rows_do_not_open(void **state)
{
	struct cache *c = *state;
	struct uuid a = cache_add(c->s, "person", "name=甲");
	struct uuid b = cache_add(c->s, "person", "name=乙");
	char *path = io_join(c->home, "cache.db");
	struct db *db = NULL;
	struct err err = ERR_INIT;

	assert_int_equal(cache_damage(c->s), 0);
	assert_int_equal(db_open(&db, path, DB_WRITE, &err), E_OK);
	assert_int_equal(db_exec(db, "UPDATE body SET body = (SELECT body FROM"
		" body WHERE num = 2) WHERE num = 1", &err), E_OK);
	db_close(db);
	assert_string_equal(cache_value(c->s, &a, "name"), "(invalid)");
	assert_string_equal(cache_value(c->s, &b, "name"), "乙");
	assert_int_equal(cache_damage(c->s), 1);
	free(path);
}

static void
an_old_version_does_not_open(void **state)
{
	struct cache *c = *state;
	struct uuid a = cache_add(c->s, "person", "name=甲");
	char *path = io_join(c->home, "cache.db");
	struct db *db = NULL;
	struct err err = ERR_INIT;

	assert_int_equal(db_open(&db, path, DB_WRITE, &err), E_OK);
	assert_int_equal(db_exec(db, "CREATE TABLE old AS SELECT * FROM body",
		&err), E_OK);
	assert_int_equal(cache_change(c->s, &a, "name=丙", &err), E_OK);
	assert_int_equal(db_exec(db, "UPDATE body SET body ="
		" (SELECT body FROM old)", &err), E_OK);
	db_close(db);
	assert_string_equal(cache_value(c->s, &a, "name"), "(invalid)");
	free(path);
}

static void
backup_is_whole(void **state)
{
	struct cache *c = *state;
	struct uuid id = cache_add(c->s, "person", "name=王小明");
	char *path = io_join(c->home, "copy.db");
	char *place = io_join(c->home, "cache.db");
	struct err err = ERR_INIT;

	assert_int_equal(store_backup(c->s, path, &err), E_OK);
	assert_int_equal(store_backup(c->s, path, &err), E_INVALID);
	assert_int_equal(cache_change(c->s, &id, "name=李四", &err), E_OK);
	store_close(c->s);
	assert_int_equal(rename(path, place), 0);
	assert_int_equal(store_open(&c->s, c->home, false, c->schema, &err),
		E_OK);
	assert_int_equal(store_unlock(c->s, "zhang", CACHE_PASSWORD, &err),
		E_OK);
	assert_string_equal(cache_value(c->s, &id, "name"), "王小明");
	assert_int_equal(cache_damage(c->s), 0);
	free(path);
	free(place);
}

/* A copy on a stick is lost sooner than a computer: it is as sealed, nobody else
 * at the machine may read it, also while it is being made, and it gives no
 * number that was left when it was made. */
static void
backup_is_sealed(void **state)
{
	struct cache *c = *state;
	struct uuid id = cache_add(c->s, "person", "name=欧阳小明;"
		"id_no=990101199001010013;note=秘密备注");
	char *path = io_join(c->home, "copy.db");
	char *place = io_join(c->home, "cache.db");
	struct draft draft = { .key = "d1", .saved_at = 5 };
	struct db *db = NULL;
	struct stat st;
	struct err err = ERR_INIT;
	int64_t leases = -1;
	mode_t mask = umask(0);

	cache_record(&draft.record, "person", "name=欧阳小明;note=口头警告");
	assert_int_equal(draft_put(c->s, &draft, &err), E_OK);
	draft_release(&draft);
	assert_int_equal(save_remove(c->s, &id, "重复无理", &err), E_OK);
	assert_int_equal(db_open(&db, place, DB_WRITE, &err), E_OK);
	assert_int_equal(db_exec(db, "INSERT INTO lease VALUES('k', 'c', 2026,"
		" 1, 9, 1, 'p', 0)", &err), E_OK);
	db_close(db);
	assert_int_equal(store_backup(c->s, path, &err), E_OK);
	(void)umask(mask);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	for (size_t i = 0; i < sizeof secret_words / sizeof *secret_words; i++)
		assert_false(file_has(c->home, "copy.db", secret_words[i]));
	assert_true(file_has(c->home, "copy.db", "SQLite"));
	assert_int_equal(db_open(&db, path, DB_WRITE, &err), E_OK);
	assert_int_equal(db_number(&leases, db, "SELECT count(*) FROM lease",
		&err), E_OK);
	assert_int_equal(leases, 0);
	db_close(db);
	free(path);
	free(place);
}

/* ---- several processes ---- */

enum { WRITERS = 3, EACH = 40 };

static int
work(const struct cache *c, int who)
{
	struct store *s = NULL;
	struct err err = ERR_INIT;
	char values[64];

	s = cache_open(c);
	for (int i = 0; i < EACH; i++) {
		struct record r;
		struct save save = { .record = &r };

		snprintf(values, sizeof values, "name=人%d;note=%d", who, i);
		cache_record(&r, "person", values);
		if (save_record(s, &save, &err)) {
			fprintf(stderr, "%s\n", err.msg);
			return 1;
		}
		record_release(&r);
		if (overview_refresh(s, NULL, &err))
			return 1;
	}
	store_close(s);
	return 0;
}

static void
several_work_at_once(void **state)
{
	struct cache *c = *state;
	pid_t pids[WRITERS];
	struct outbox_counts counts = {0};
	struct err err = ERR_INIT;
	uint64_t before = store_generation(c->s);
	bool changed = false;
	size_t seen = 0;

	for (int i = 0; i < WRITERS; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0)
			_exit(work(c, i));
	}
	while (seen < WRITERS * EACH) {
		size_t now;

		assert_int_equal(overview_refresh(c->s, &changed, &err), E_OK);
		now = overview_count(c->s);
		assert_true(now >= seen);
		seen = now;
		if (waitpid(-1, NULL, WNOHANG) < 0)
			break;
		usleep(2000);
	}
	for (int i = 0; i < WRITERS; i++)
		waitpid(pids[i], NULL, 0);
	assert_int_equal(overview_refresh(c->s, &changed, &err), E_OK);
	assert_int_equal(overview_count(c->s), WRITERS * EACH);
	assert_true(store_generation(c->s) != before);
	assert_int_equal(outbox_count(&counts, c->s, &err), E_OK);
	assert_int_equal(counts.waiting, WRITERS * EACH);
	assert_int_equal(counts.records, WRITERS * EACH);
	assert_int_equal(cache_damage(c->s), 0);
}

/* Save without end, telling each id once it is saved. */
static void
save_until_killed(const struct cache *c, int tell)
{
	struct store *s = cache_open(c);

	for (int i = 0;; i++) {
		struct uuid id = cache_add(s, "person", "name=甲;note=n");
		struct err err = ERR_INIT;

		if (cache_change(s, &id, "phone=13800138000", &err) ||
		    write(tell, &id, sizeof id) != sizeof id)
			_exit(1);
	}
}

static void
what_was_said_saved_survives_a_kill(void **state)
{
	struct cache *c = *state;

	for (unsigned round = 0; round < 25; round++) {
		int ends[2];
		struct uuid id;
		struct err err = ERR_INIT;
		pid_t child;
		size_t told = 0;

		assert_int_equal(pipe(ends), 0);
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			close(ends[0]);
			save_until_killed(c, ends[1]);
		}
		close(ends[1]);
		usleep(8000 + round * 977);
		assert_int_equal(kill(child, SIGKILL), 0);
		waitpid(child, NULL, 0);
		assert_int_equal(overview_refresh(c->s, NULL, &err), E_OK);
		while (read(ends[0], &id, sizeof id) == sizeof id) {
			assert_non_null(overview_find(c->s, &id));
			assert_string_equal(cache_value(c->s, &id, "phone"),
				"13800138000");
			told++;
		}
		close(ends[0]);
		assert_int_equal(cache_damage(c->s), 0);
		if (round == 24)
			assert_true(overview_count(c->s) > told);
	}
}

static void
generation_moves_with_every_commit(void **state)
{
	struct cache *c = *state;
	struct store *other = cache_open(c);
	uint64_t g = store_generation(c->s), h;
	struct uuid id;

	assert_true(store_generation(c->s) == g);
	id = cache_add(other, "person", "name=甲");
	h = store_generation(c->s);
	assert_true(h != g);
	assert_true(store_generation(c->s) == h);
	cache_add(c->s, "person", "name=乙");
	assert_true(store_generation(c->s) != h);
	assert_string_equal(cache_value(c->s, &id, "name"), "甲");
	store_close(other);
}

int
main(void)
{
#define WITH(t) cmocka_unit_test_setup_teardown(t, cache_set_up, \
	cache_tear_down)
#define NEW(t) cmocka_unit_test_setup_teardown(t, cache_set_up_new, \
	cache_tear_down)
	const struct CMUnitTest tests[] = {
		NEW(opening_says_what_is_wrong),
		NEW(nobody_works_before_enrolment),
		WITH(locked_gives_nothing),
		WITH(enrolment_happens_once),
		WITH(passwords_unlock_and_change),
		WITH(passwords_grow_old),
		WITH(a_change_elsewhere_locks_nobody_out),
		WITH(each_guess_costs_argon2id),
		WITH(wrong_passwords_cost_time),
		WITH(offline_has_an_end),
		WITH(another_share_opens_nothing),
		WITH(secret_unlocks_a_child),
		WITH(keyring_keeps_it_between_commands),
		WITH(nothing_is_in_clear),
		WITH(swapped_rows_do_not_open),
		WITH(an_old_version_does_not_open),
		WITH(backup_is_whole),
		WITH(backup_is_sealed),
		WITH(several_work_at_once),
		WITH(what_was_said_saved_survives_a_kill),
		WITH(generation_moves_with_every_commit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
