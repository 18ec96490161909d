/*
 * The township; see township.h.  Enrolment, sign-in and sync go through the
 * same calls as on a real line.
 */
#include "kit/township.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/io.h"
#include "base/mem.h"
#include "db/db.h"
#include "db/db_fail.h"
#include "kit/described.h"
#include "kit/township_defs.h"
#include "server/account.h"
#include "server/device.h"
#include "server/device_end.h"
#include "server/ledger_check.h"
#include "server/ledger_restore.h"
#include "server/snapshot_make.h"
#include "store/erasure.h"
#include "store/inside.h"
#include "sync/session.h"

/* More rows that leave at once are looked into first: a matter that is sealed
 * takes all its visits and questions along. */
enum { GONE_BELIEVED = 20 };

#define PASSWORD "correct horse 1"

static void
check(enum status s, const struct err *err)
{
	if (s)
		fail_msg("%s", err->msg);
}

/* ---- the county ---- */

static void
add_people(struct township *t)
{
	static const struct office one = { OFFICE_ONE, "一所", false };
	static const struct office two = { OFFICE_TWO, "二所", false };
	struct account people[] = {
		{ .login = "u1", .office = OFFICE_ONE, .role = "clerk" },
		{ .login = "u1b", .office = OFFICE_ONE, .role = "chief" },
		{ .login = "u1c", .office = OFFICE_ONE, .role = "clerk" },
		{ .login = "u1x", .office = OFFICE_ONE, .role = "auditor" },
		{ .login = "u1n", .office = OFFICE_ONE, .role = "clerk" },
		{ .login = "u2", .office = OFFICE_TWO, .role = "clerk" },
		{ .login = "u2b", .office = OFFICE_TWO, .role = "chief" },
		{ .login = "uc", .office = OFFICE_COUNTY, .role = "chief" },
	};
	struct db *db = NULL;
	struct err err = ERR_INIT;
	char verifier[128] = "";

	check(account_make_verifier(verifier, PASSWORD, &err), &err);
	check(ledger_begin(&db, t->ledger, &err), &err);
	check(office_add(db, &one, &err), &err);
	check(office_add(db, &two, &err), &err);
	for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
		memcpy(people[i].name, people[i].login,
			sizeof people[i].login);
		memcpy(people[i].verifier, verifier, sizeof verifier);
		check(account_add(db, &people[i], &err), &err);
	}
	check(ledger_end(t->ledger, E_OK, &err), &err);
}

/* In memory where there is such a folder: nothing here outlives the program,
 * and a disk's syncs would be most of its time. */
static const char *
place(void)
{
	return access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
}

static void
make_folder(char out[64])
{
	snprintf(out, 64, "%s/fengqiao-town-%08ld-XXXXXX", place(),
		(long)getpid());
	assert_non_null(mkdtemp(out));
}

void
township_clean(long pid)
{
	char *command = mem_printf("rm -rf %s/fengqiao-town-%08ld-*", place(),
		pid);

	if (system(command) != 0)
		print_error("%s did not work\n", command);
	free(command);
}

static const struct schema *
serving(const struct township *t)
{
	return t->renewed ? t->newer : t->schema;
}

void
township_open(struct township *t)
{
	static const struct ledger_county self = { OFFICE_COUNTY, "测试县" };
	struct err err = ERR_INIT;

	*t = (struct township){ .heard = 14695981039346656037ULL };
	crypto_init();
	clock_fix(1772413000000);	/* 2026-03-02 */
	clock_fix_mono(3600000);	/* an hour after the machine's start */
	make_folder(t->dir);
	check(ledger_create(t->dir, &self, &err), &err);
	t->schema = township_schema(TOWNSHIP_PRESENT);
	t->older = township_schema(TOWNSHIP_OLDER);
	t->newer = township_schema(TOWNSHIP_NEWER);
	check(ledger_open(&t->ledger, t->dir, &err), &err);
	add_people(t);
	check(api_new(&t->api, t->ledger, serving(t), &err), &err);
}

static void
close_ledger(struct township *t)
{
	api_free(t->api);
	t->api = NULL;
	ledger_close(t->ledger);
	t->ledger = NULL;
}

static void
open_ledger(struct township *t)
{
	struct err err = ERR_INIT;

	check(ledger_open(&t->ledger, t->dir, &err), &err);
	check(api_new(&t->api, t->ledger, serving(t), &err), &err);
}

void
township_restart(struct township *t)
{
	close_ledger(t);
	open_ledger(t);
}

void
township_backup(struct township *t)
{
	char *path = mem_printf("%s/backup", t->dir);
	struct err err = ERR_INIT;

	(void)remove(path);
	check(ledger_backup(t->ledger, path, &err), &err);
	t->saved = true;
	free(path);
}

static void
make_snapshot(struct township *t, const char *stream)
{
	struct snapshot made = {0};
	struct err err = ERR_INIT;

	check(snapshot_make(&made, t->dir, stream, NULL, &err), &err);
	snapshot_release(&made);
}

void
township_snapshot(struct township *t, const char *stream)
{
	struct snapshot_need *needs = NULL;
	struct db *db = NULL;
	size_t count = 0;
	struct err err = ERR_INIT;

	if (stream) {
		make_snapshot(t, stream);
		return;
	}
	check(ledger_begin_read(&db, t->ledger, &err), &err);
	check(snapshot_needs(&needs, &count, t->ledger, db, &err), &err);
	ledger_end_read(t->ledger);
	for (size_t i = 0; i < count; i++) {
		if (needs[i].held > 0 && needs[i].behind > 0)
			make_snapshot(t, needs[i].stream);
	}
	free(needs);
}

void
township_put_back(struct township *t)
{
	char *command = mem_printf("cd '%s' && rm -f ledger.db-wal"
		" ledger.db-shm && cp backup ledger.db", t->dir);

	close_ledger(t);
	assert_int_equal(system(command), 0);
	open_ledger(t);
	t->restored++;
	free(command);
}

void
township_restore(struct township *t)
{
	char *path = mem_printf("%s/backup", t->dir);
	struct err err = ERR_INIT;

	close_ledger(t);
	check(ledger_restore(t->dir, path, "root", &err), &err);
	open_ledger(t);
	t->restored++;
	if (t->renewed) {
		int64_t last = township_number(t,
			"SELECT coalesce(max(rowid), 0) FROM history");

		if (last < t->renewed_row)
			t->renewed_row = last;
	}
	free(path);
}

void
township_close(struct township *t)
{
	char *command = mem_printf("rm -r '%s'", t->dir);

	db_fail_after(0);
	for (size_t i = 0; i < t->count; i++) {
		store_close(t->sites[i]->s);
		buf_release(&t->sites[i]->net.before);
		free(t->sites[i]);
	}
	api_free(t->api);
	ledger_close(t->ledger);
	schema_free(t->schema);
	schema_free(t->older);
	schema_free(t->newer);
	assert_int_equal(system(command), 0);
	free(command);
	clock_fix(0);
	clock_fix_mono(0);
}

void
township_tick(int64_t ms)
{
	clock_fix(clock_now_at() + ms);
	clock_fix_mono(clock_mono_ms() + ms);
}

void
township_shut(struct township *t, const struct site *site, bool shut)
{
	struct store_device d = {0};
	struct db *db = NULL;
	struct err err = ERR_INIT;
	struct uuid id;
	enum status s;

	check(store_device_get(&d, site->s, &err), &err);
	assert_true(uuid_parse(&id, d.device));
	check(ledger_begin(&db, t->ledger, &err), &err);
	s = shut ? device_revoke(db, &id, &err) : device_allow(db, &id, &err);
	check(ledger_end(t->ledger, s, &err), &err);
}

void
township_role(struct township *t, const char *login, const char *role)
{
	struct db *db = NULL;
	struct db_stmt *st = NULL;
	struct err err = ERR_INIT;

	check(ledger_begin(&db, t->ledger, &err), &err);
	check(db_prepare(&st, db, "UPDATE account SET role = ? WHERE login = ?",
		&err), &err);
	db_bind_text(st, 1, role);
	db_bind_text(st, 2, login);
	check(db_run(st, &err), &err);
	db_finish(st);
	check(ledger_end(t->ledger, E_OK, &err), &err);
}

int64_t
township_number(struct township *t, const char *sql)
{
	struct db *db = NULL;
	struct err err = ERR_INIT;
	int64_t n = 0;

	check(ledger_begin_read(&db, t->ledger, &err), &err);
	check(db_number(&n, db, sql, &err), &err);
	ledger_end_read(t->ledger);
	return n;
}

/* ---- the line ---- */

static void
fill_header(struct http_request *r, enum http_header which, const char *text)
{
	snprintf(r->header[which], sizeof r->header[which], "%s", text);
}

/* FNV-1a, to tell two runs apart. */
static void
hear(struct township *t, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < len; i++)
		t->heard = (t->heard ^ at[i]) * 1099511628211ULL;
}

/* HEAD and PUT and the parts of a whole, as the real transport asks. */
static void
fill_parts(struct http_request *request, const struct transport_request *r)
{
	char text[64];

	if (r->head || r->get || r->put)
		request->method = r->head ? "HEAD" : r->get ? "GET" : "PUT";
	if (r->put) {
		snprintf(text, sizeof text, "%lld", (long long)r->offset);
		fill_header(request, HTTP_UPLOAD_OFFSET, text);
	}
	if (r->get && r->last > 0) {
		snprintf(text, sizeof text, "bytes=%lld-%lld",
			(long long)r->first, (long long)r->last);
		fill_header(request, HTTP_RANGE, text);
	}
}

static void
ask_server(struct township *t, struct http_reply *out, const char *path,
	const struct transport_request *parts, const char *device_token,
	const char *user_token, const void *body, size_t len)
{
	struct http_request request = { .method = "POST" };

	snprintf(request.path, sizeof request.path, "%s", path);
	if (parts)
		fill_parts(&request, parts);
	fill_header(&request, HTTP_PROTO, "1");
	fill_header(&request, HTTP_LANG, "en");
	snprintf(request.header[HTTP_APP], HTTP_HEADER_MAX, "fengqiao/%d",
		t->app);
	fill_header(&request, HTTP_USER_TOKEN, user_token);
	if (device_token[0]) {
		fill_header(&request, HTTP_AUTHORIZATION, "Bearer ");
		snprintf(request.header[HTTP_AUTHORIZATION] + 7, 96, "%s",
			device_token);
	}
	buf_init(&request.body, BUF_BATCH_MAX);
	buf_add(&request.body, body, len);
	*out = (struct http_reply){ .status = 200, .type = "application/json" };
	buf_init(&out->body, BUF_BATCH_MAX);
	api_answer(t->api, &request, out);
	hear(t, body, len);
	hear(t, out->body.data, out->body.len);
	if (!t->quick)
		described_check(&request, out);
	buf_release(&request.body);
}

static void
ask_and_forget(struct net *n, const char *path,
	const struct transport_request *parts, const void *body, size_t len,
	const char *device_token, const char *user_token)
{
	struct http_reply reply;

	ask_server(n->town, &reply, path, parts, device_token, user_token, body,
		len);
	buf_release(&reply.body);
}

static enum status
offline(struct err *err)
{
	return err_set(err, E_OFFLINE, "The line broke.");
}

static void
say(struct transport_reply *reply, int status, const char *text)
{
	*reply = (struct transport_reply){ .status = status };
	buf_init(&reply->body, BUF_BATCH_MAX);
	buf_text(&reply->body, text);
}

/* Cut in or after one of its lines; at least the end's newline is missing. */
static void
cut_reply(struct buf *body, unsigned where, bool between)
{
	size_t at = body->len ? where % body->len : 0;

	while (between && at > 0 && body->data[at - 1] != '\n')
		at--;
	if (!between && at > 0 && body->data[at - 1] == '\n')
		at--;
	buf_cut(body, at);
}

/* A file's bytes, in two halves; when the line is cut only some of them. */
static enum status
hand_over(struct net *n, enum net_fault fault, struct transport_reply *reply,
	const struct transport_request *r, struct http_reply *got,
	struct err *err)
{
	bool cut = fault == NET_CUT_LINE || fault == NET_CUT_BETWEEN;
	size_t len = cut ? n->cut % got->body.len : got->body.len;
	int64_t at = got->part.on ? got->part.at : 0;
	bool good = r->take(r->take_self, at, got->body.data, len / 2) &&
		r->take(r->take_self, at + (int64_t)(len / 2),
		got->body.data + len / 2, len - len / 2);

	n->files++;
	n->file_bytes += len;
	buf_release(&got->body);
	if (!good)
		return err_set(err, E_INVALID, "This was not taken.");
	if (cut)
		return offline(err);
	say(reply, got->status, "");
	reply->received_bytes = len;
	return E_OK;
}

static enum status
answer(struct net *n, enum net_fault fault, struct transport_reply *reply,
	const struct transport_request *r, const char *device_token,
	const char *user_token, struct err *err)
{
	struct http_reply got;

	if (fault == NET_TWICE)
		ask_and_forget(n, r->path, r, r->body, r->len, device_token,
			user_token);
	ask_server(n->town, &got, r->path, r, device_token, user_token, r->body,
		r->len);
	n->requests++;
	if (fault == NET_SWALLOW) {
		buf_release(&got.body);
		return offline(err);
	}
	if (fault == NET_500_AFTER) {
		buf_release(&got.body);
		say(reply, 502, "{}");
		return E_OK;
	}
	if (r->take && got.status <= 206)
		return hand_over(n, fault, reply, r, &got, err);
	if (fault == NET_CUT_LINE || fault == NET_CUT_BETWEEN)
		cut_reply(&got.body, n->cut, fault == NET_CUT_BETWEEN);
	*reply = (struct transport_reply){ .status = got.status,
		.body = got.body, .sent_bytes = r->len,
		.received_bytes = got.body.len, .offset = -1, .total = -1,
		.again = fault == NET_TWICE };
	if (got.upload.on || got.part.on) {
		reply->offset = got.upload.on ? got.upload.at : got.part.at;
		reply->total = got.upload.on ? got.upload.total :
			got.part.total;
	}
	return E_OK;
}

static void
remember(struct net *n, const struct transport_request *r,
	const char *device_token, const char *user_token)
{
	if (strcmp(r->path, "/v1/sync") != 0)
		return;
	buf_release(&n->before);
	buf_init(&n->before, BUF_BATCH_MAX);
	buf_add(&n->before, r->body, r->len);
	snprintf(n->device_token, sizeof n->device_token, "%s", device_token);
	snprintf(n->user_token, sizeof n->user_token, "%s", user_token);
}

/* The numbers of a request's operations: how many, and the one at a place. */
static size_t
read_numbers(int64_t *one, const struct transport_request *r, size_t place)
{
	static const char op[] = "{\"t\":\"op\",\"n\":";
	char *text = mem_strndup(r->body, r->len);
	size_t count = 0;

	for (const char *at = strstr(text, op); at; at = strstr(at + 1, op)) {
		if (count++ == place)
			*one = strtoll(at + sizeof op - 1, NULL, 10);
	}
	free(text);
	return count;
}

static bool
asks_to_park(const struct net *n, const struct transport_request *r)
{
	char *text = mem_strndup(r->body, r->len);
	char *park = mem_printf("\"park\":%lld,", (long long)n->stuck);
	bool asks = strstr(text, park) != NULL;

	free(text);
	free(park);
	return asks;
}

/* Is the one that cannot be worked in this request?  The accident is over when
 * it is to be put aside. */
static bool
is_stuck(struct net *n, const struct transport_request *r)
{
	size_t count = read_numbers(&n->stuck, r, SIZE_MAX);
	int64_t first = 0;

	if (count > 0 && n->stuck == 0)
		(void)read_numbers(&n->stuck, r, n->cut % count);
	if (count == 0 || asks_to_park(n, r)) {
		n->times = 0;
		return false;
	}
	(void)read_numbers(&first, r, 0);
	n->times = 1;
	return n->stuck >= first && n->stuck < first + (int64_t)count;
}

static void
say_stuck(struct transport_reply *reply, int64_t n)
{
	char *text = mem_printf("{\"error\":\"internal\",\"message\":\"?\","
		"\"n\":%lld}\n", (long long)n);

	say(reply, 500, text);
	free(text);
}

static enum status
post_plain(void *self, struct transport_reply *reply,
	const struct transport_request *r, struct err *err)
{
	struct net *n = self;
	const char *device_token = r->device_token ? r->device_token : "";
	const char *user_token = r->user_token ? r->user_token : "";
	enum net_fault fault = n->times > 0 ? n->fault : NET_FINE;
	enum status s = E_OK;

	if (n->most && r->len > n->most) {
		say(reply, 413, "<html>Request Entity Too Large</html>\n");
		return E_OK;
	}
	if (n->too_old > 0 && strcmp(r->path, "/v1/sync") == 0) {
		n->too_old--;
		n->requests++;
		say(reply, 410, "{\"error\":\"cursor_too_old\","
			"\"message\":\"?\"}\n");
		return E_OK;
	}
	n->pieces += r->put;
	n->town->app = n->app;
	n->times -= n->times > 0;
	if (fault == NET_CUT_BEFORE)
		s = offline(err);
	else if (fault == NET_HTML && (r->head || r->put || r->get))
		s = err_set(err, E_INVALID, "This is no reply of ours.");
	else if (fault == NET_HTML)
		say(reply, 200, "<html><body>Please sign in</body></html>\n");
	else if (fault == NET_500)
		say(reply, 500, "{\"error\":\"internal\",\"message\":\"?\"}\n");
	else if (fault == NET_503)
		say(reply, 503, "<html>busy</html>\n");
	else if (fault == NET_STUCK && strcmp(r->path, "/v1/sync") == 0 &&
	    is_stuck(n, r))
		say_stuck(reply, n->stuck);
	if (s || reply->status)
		return s;
	if (fault == NET_RESTART)
		township_restart(n->town);
	if (fault == NET_LATE && n->before.len > 0)
		ask_and_forget(n, "/v1/sync", NULL, n->before.data, n->before.len,
			n->device_token, n->user_token);
	s = answer(n, fault, reply, r, device_token, user_token, err);
	remember(n, r, device_token, user_token);
	if (n->during)
		n->during(n->self);
	return s;
}

static enum status
post(void *self, struct transport_reply *reply,
	const struct transport_request *r, struct err *err)
{
	struct transport_request plain = *r;
	struct buf body;
	enum status s = E_OK;

	buf_init(&body, BUF_BATCH_MAX);
	if (r->packed) {
		s = zip_unpack(&body, r->zip, r->body, r->len, err);
		plain.body = body.data;
		plain.len = body.len;
	}
	if (!s)
		s = post_plain(self, reply, &plain, err);
	buf_release(&body);
	return s;
}

/* The server has done its part before the other half is asked for. */
static void
begin(void *self, const struct transport_request *request)
{
	struct net *n = self;

	n->err = (struct err)ERR_INIT;
	n->reply = (struct transport_reply){0};
	(void)post(self, &n->reply, request, &n->err);
}

static enum status
finish(void *self, struct transport_reply *reply, struct err *err)
{
	struct net *n = self;

	if (n->err.code) {
		*err = n->err;
		return err->code;
	}
	*reply = n->reply;
	return E_OK;
}

struct transport
site_transport(struct site *site)
{
	return (struct transport){ .self = &site->net, .post = post,
		.begin = begin, .finish = finish };
}

void
site_fault(struct site *site, enum net_fault fault, int times)
{
	site->net.fault = fault;
	site->net.times = times;
	site->net.stuck = 0;
}

enum status
site_sync(struct site *site, struct sync_counts *counts, struct err *err)
{
	struct sync_counts mine = {0}, *c = counts ? counts : &mine;
	struct transport net = site_transport(site);
	enum status s = sync_run(c, site->s, &net, NULL, NULL, err);

	/* both sides' sums say the same, or somebody lost something; what goes
	 * to another office with all its questions is compared first */
	if (c->reconciled > 0 && site->net.town->restored == 0 &&
	    !site->lost && !site->removes && c->apply.gone <= GONE_BELIEVED)
		fail_msg("reconciled without any reason");
	return s;
}

/* ---- caches ---- */

static struct site *
add_site(struct township *t, const char *office, const char *login,
	const struct schema *schema)
{
	struct site *site = mem_alloc(1, sizeof *site);

	assert_true(t->count < TOWNSHIP_SITES);
	snprintf(site->home, sizeof site->home, "%s/site%zu", t->dir, t->count);
	snprintf(site->office, sizeof site->office, "%s", office);
	snprintf(site->login, sizeof site->login, "%s", login);
	site->schema = schema ? schema : t->schema;
	site->net.town = t;
	site->net.app = WIRE_APP;
	t->sites[t->count++] = site;
	return site;
}

void
site_sign_in(struct site *site, const char *login)
{
	struct transport net = site_transport(site);
	struct err err = ERR_INIT;

	/* the same person again is fine */
	if (login != site->login)
		snprintf(site->login, sizeof site->login, "%s", login);
	check(session_login(site->s, &net, login, PASSWORD, &err), &err);
}

static enum status
enroll(struct site *site, struct err *err)
{
	struct township *t = site->net.town;
	struct transport net = site_transport(site);
	char code[DEVICE_CODE_TEXT + 1] = "";
	struct db *db = NULL;

	check(ledger_begin(&db, t->ledger, err), err);
	check(device_make_code(code, db, site->office, err), err);
	check(ledger_end(t->ledger, E_OK, err), err);
	return session_enroll(site->s, &net, "https://localhost", code, NULL,
		err);
}

bool
site_enroll_again(struct site *site)
{
	struct err err = ERR_INIT;
	enum status s = enroll(site, &err);

	if (s != E_CONFLICT)
		check(s, &err);
	return !s;
}

void
site_renew(struct site *site)
{
	struct err err = ERR_INIT;

	store_close(site->s);
	site->s = NULL;
	erasure_drop(site->home);
	check(store_open(&site->s, site->home, true, site->schema, &err), &err);
	check(enroll(site, &err), &err);
	site_sign_in(site, site->login);
}

struct site *
township_site(struct township *t, const char *office, const char *login,
	const struct schema *schema)
{
	struct site *site = add_site(t, office, login, schema);

	site_renew(site);
	return site;
}

static void
open_site(struct site *site)
{
	struct err err = ERR_INIT;

	check(store_open(&site->s, site->home, false, site->schema, &err),
		&err);
	check(store_unlock(site->s, site->login, PASSWORD, &err), &err);
}

void
site_reopen(struct site *site)
{
	store_close(site->s);
	site->s = NULL;
	open_site(site);
}

/* The files as they lie now, while they are open. */
static void
copy_files(const char *from, const char *to)
{
	char *command = mem_printf("cp -rp '%s' '%s'", from, to);

	assert_int_equal(system(command), 0);
	free(command);
}

void
site_crash(struct site *site)
{
	char *lies = mem_printf("%s-lies", site->home);
	char *back = mem_printf("rm -f '%s'/*.db-* && cp -p '%s'/* '%s' &&"
		" rm -r '%s'", site->home, lies, site->home, lies);

	copy_files(site->home, lies);
	store_close(site->s);
	site->s = NULL;
	/* into the same files: it is the same place on the same disk */
	assert_int_equal(system(back), 0);
	open_site(site);
	free(lies);
	free(back);
}

bool
site_lose(struct site *site, const struct uuid *id)
{
	struct db_stmt *q = NULL;
	struct err err = ERR_INIT;
	bool row = false;

	check(db_prepare(&q, site->s->db, "SELECT 1 FROM outbox WHERE id = ?"
		" AND state <> ?", &err), &err);
	db_bind_blob(q, 1, id->b, sizeof id->b);
	db_bind_int(q, 2, OUTBOX_DONE);
	check(db_step(q, &row, &err), &err);
	db_finish(q);
	if (row)
		return false;
	check(store_begin(site->s, &err), &err);
	check(db_prepare(&q, site->s->db, "DELETE FROM member WHERE id = ?",
		&err), &err);
	db_bind_blob(q, 1, id->b, sizeof id->b);
	check(db_run(q, &err), &err);
	db_finish(q);
	check(row_drop(site->s, id, &err), &err);
	check(store_commit(site->s, &err), &err);
	site->lost = true;
	return true;
}

struct site *
township_copy(struct township *t, const struct site *site)
{
	struct site *copy = add_site(t, site->office, site->login,
		site->schema);

	t->copies++;
	copy_files(site->home, copy->home);
	copy->lost = site->lost;
	open_site(copy);
	return copy;
}

/* ---- quiet ---- */

static bool
has_moved(const struct sync_counts *c)
{
	return c->pushed > 0 || c->apply.pulled > 0 || c->apply.gone > 0 ||
		c->scans.sent > 0;
}

void
township_settle(struct township *t)
{
	bool moved = true;

	for (int round = 0; moved; round++) {
		if (round == 20)
			fail_msg("They never come to rest.");
		moved = false;
		for (size_t i = 0; i < t->count; i++) {
			struct site *site = t->sites[i];
			struct sync_counts counts = {0};
			struct err err = ERR_INIT;

			site_fault(site, NET_FINE, 0);
			site->net.during = NULL;
			if (site_sync(site, &counts, &err))
				fail_msg("site %zu: %s", i, err.msg);
			moved = moved || has_moved(&counts);
		}
	}
}
