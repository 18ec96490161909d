/*
 * The floor under sync: what curl, TLS and SQLite cost when nothing is added.
 * Whole records as lines, packed with zstd, in one body or in pages; no
 * operations, no merging, no rights, no sealing, no rules.  What it has to do
 * as any honest pair must: the same TLS library at each end, the same level of
 * zstd; each line that comes over the network is parsed as JSON (cJSON) before
 * it is believed; both ends keep what they acknowledge (WAL, synchronous FULL,
 * a transaction a page); the server also writes the operation's key, the
 * history and an index by sequence.
 *
 *   floor serve DB CERT KEY          prints "listening on PORT"
 *   floor fill DB FILE               records, one JSON object a line
 *   floor edit DB N FROM TEXT        N of them get other claims, and wait
 *   floor push DB URL CA [PAGE]      all that waits, PAGE records a request
 *   floor pull DB URL CA [PAGE]      all since the stored cursor
 *   floor sync DB URL CA [PAGE [TIMES]]
 *                                    both in one request; so often, over one
 *                                    connection
 *
 * push, pull and sync print one JSON object: pushed, pulled, ms (of the last
 * time), requests, sent_bytes, received_bytes (of bodies).
 */
#include <arpa/inet.h>
#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <microhttpd.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zstd.h>

enum { ZSTD_LEVEL = 3, ID_LEN = 36, MEMORY_PER_CONNECTION = 256 * 1024 };

struct bytes {
	char *data;
	size_t len, size;
};

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "floor: %s: %s\n", what, why);
	exit(1);
}

static void
bytes_reserve(struct bytes *b, size_t more)
{
	if (b->len + more + 1 <= b->size)
		return;
	b->size = (b->len + more + 1) * 2;
	b->data = realloc(b->data, b->size);
	if (!b->data)
		die("memory", "none left");
}

static void
bytes_add(struct bytes *b, const void *data, size_t len)
{
	bytes_reserve(b, len);
	if (len > 0)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = 0;
}

static void
bytes_release(struct bytes *b)
{
	free(b->data);
	*b = (struct bytes){0};
}

static void
pack(struct bytes *out, const struct bytes *in)
{
	size_t bound = ZSTD_compressBound(in->len);

	bytes_reserve(out, bound);
	out->len = ZSTD_compress(out->data, bound, in->data, in->len,
		ZSTD_LEVEL);
	if (ZSTD_isError(out->len))
		die("zstd", "cannot pack");
}

static void
unpack(struct bytes *out, const struct bytes *in)
{
	unsigned long long len;

	if (in->len == 0) {
		bytes_add(out, "", 0);
		return;
	}
	len = ZSTD_getFrameContentSize(in->data, in->len);
	if (len > (1u << 30))
		die("zstd", "not a frame of ours");
	bytes_reserve(out, (size_t)len);
	out->len = ZSTD_decompress(out->data, (size_t)len, in->data, in->len);
	if (ZSTD_isError(out->len))
		die("zstd", "cannot unpack");
	out->data[out->len] = 0;
}

/* ---- SQLite ---- */

static void
run_sql(sqlite3 *db, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		die(sql, why);
}

static sqlite3_stmt *
prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		die(sql, sqlite3_errmsg(db));
	return st;
}

static void
finish(sqlite3 *db, sqlite3_stmt *st)
{
	if (sqlite3_step(st) != SQLITE_DONE)
		die("write", sqlite3_errmsg(db));
	sqlite3_reset(st);
}

static sqlite3 *
open_db(const char *path)
{
	sqlite3 *db = NULL;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		die(path, "cannot be opened");
	run_sql(db, "PRAGMA journal_mode = WAL");
	run_sql(db, "PRAGMA synchronous = FULL");
	run_sql(db, "CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, "
		"n INTEGER) WITHOUT ROWID");
	run_sql(db, "CREATE TABLE IF NOT EXISTS record(id TEXT PRIMARY KEY, "
		"seq INTEGER, waits INTEGER, body TEXT)");
	run_sql(db, "CREATE INDEX IF NOT EXISTS record_seq ON record(seq)");
	run_sql(db, "CREATE INDEX IF NOT EXISTS record_waits ON record(waits) "
		"WHERE waits = 1");
	run_sql(db, "CREATE TABLE IF NOT EXISTS opdone(key TEXT PRIMARY KEY, "
		"seq INTEGER) WITHOUT ROWID");
	run_sql(db, "CREATE TABLE IF NOT EXISTS history(seq INTEGER PRIMARY "
		"KEY, id TEXT, body TEXT)");
	return db;
}

static int64_t
one_number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st = prepare(db, sql);
	int64_t n = sqlite3_step(st) == SQLITE_ROW ?
		sqlite3_column_int64(st, 0) : 0;

	sqlite3_finalize(st);
	return n;
}

/* The id of a line that is one JSON object. */
static void
line_id(char id[ID_LEN + 1], const char *line, size_t len)
{
	cJSON *j = cJSON_ParseWithLength(line, len);
	const cJSON *text = cJSON_GetObjectItemCaseSensitive(j, "id");

	if (!cJSON_IsString(text) || strlen(text->valuestring) != ID_LEN)
		die("record", "has no id");
	memcpy(id, text->valuestring, ID_LEN + 1);
	cJSON_Delete(j);
}

/* Lines into the table record; at the server with key and history, and with
 * numbers of its own from seq. */
static size_t
store_lines(sqlite3 *db, const struct bytes *lines, bool server, bool waits,
	int64_t seq)
{
	sqlite3_stmt *put = prepare(db, "INSERT INTO record VALUES(?1, ?2, ?3, "
		"?4) ON CONFLICT(id) DO UPDATE SET seq = ?2, waits = ?3, "
		"body = ?4");
	sqlite3_stmt *key = prepare(db, "INSERT INTO opdone VALUES(?1 || '.' || "
		"?2, ?2)");
	sqlite3_stmt *past = prepare(db, "INSERT INTO history VALUES(?1, ?2, "
		"?3)");
	const char *at = lines->data, *end = lines->data + lines->len;
	size_t count = 0;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		int len = (int)((stop ? stop : end) - at);
		char id[ID_LEN + 1];

		line_id(id, at, (size_t)len);
		seq++;
		count++;
		if (server) {
			sqlite3_bind_text(key, 1, id, ID_LEN, SQLITE_STATIC);
			sqlite3_bind_int64(key, 2, seq);
			finish(db, key);
			sqlite3_bind_int64(past, 1, seq);
			sqlite3_bind_text(past, 2, id, ID_LEN, SQLITE_STATIC);
			sqlite3_bind_text(past, 3, at, len, SQLITE_STATIC);
			finish(db, past);
		}
		sqlite3_bind_text(put, 1, id, ID_LEN, SQLITE_STATIC);
		sqlite3_bind_int64(put, 2, seq);
		sqlite3_bind_int(put, 3, waits);
		sqlite3_bind_text(put, 4, at, len, SQLITE_STATIC);
		finish(db, put);
		at += len + 1;
	}
	sqlite3_finalize(put);
	sqlite3_finalize(key);
	sqlite3_finalize(past);
	return count;
}

/* ---- the server ---- */

struct server {
	sqlite3 *db;
};

static int64_t
argument(struct MHD_Connection *c, const char *name, int64_t otherwise)
{
	const char *text = MHD_lookup_connection_value(c,
		MHD_GET_ARGUMENT_KIND, name);

	return text ? strtoll(text, NULL, 10) : otherwise;
}

/* The records after since; the last line is their cursor. */
static void
answer_pull(struct bytes *out, sqlite3 *db, int64_t since, int64_t page)
{
	sqlite3_stmt *st = prepare(db, "SELECT seq, body FROM record WHERE "
		"seq > ?1 ORDER BY seq LIMIT ?2");
	char cursor[64];

	sqlite3_bind_int64(st, 1, since);
	sqlite3_bind_int64(st, 2, page);
	while (sqlite3_step(st) == SQLITE_ROW) {
		since = sqlite3_column_int64(st, 0);
		bytes_add(out, sqlite3_column_text(st, 1),
			(size_t)sqlite3_column_bytes(st, 1));
		bytes_add(out, "\n", 1);
	}
	sqlite3_finalize(st);
	snprintf(cursor, sizeof cursor, "%lld", (long long)since);
	bytes_add(out, cursor, strlen(cursor));
}

/* Takes in what was pushed; the last sequence before it, and after it. */
static void
take_push(int64_t *before, int64_t *after, sqlite3 *db,
	const struct bytes *packed)
{
	struct bytes lines = {0};

	unpack(&lines, packed);
	*before = one_number(db, "SELECT coalesce(max(seq), 0) FROM record");
	*after = *before;
	if (lines.len > 0) {
		run_sql(db, "BEGIN IMMEDIATE");
		*after += (int64_t)store_lines(db, &lines, true, false,
			*before);
		run_sql(db, "COMMIT");
	}
	bytes_release(&lines);
}

/* Who has seen all until now does not get its own back. */
static void
answer_post(struct bytes *out, sqlite3 *db, const struct bytes *packed,
	int64_t since, int64_t page)
{
	int64_t before = 0, after = 0;

	take_push(&before, &after, db, packed);
	if (since < 0)
		bytes_add(out, "done", 4);
	else
		answer_pull(out, db, since == before ? after : since, page);
}

static enum MHD_Result
on_request(void *self, struct MHD_Connection *c, const char *url,
	const char *method, const char *version, const char *upload,
	size_t *upload_len, void **state)
{
	struct server *server = self;
	struct bytes *body = *state, out = {0}, packed = {0};
	struct MHD_Response *reply;
	enum MHD_Result result;

	(void)url;
	(void)version;
	if (!body) {
		*state = calloc(1, sizeof *body);
		return *state ? MHD_YES : MHD_NO;
	}
	if (*upload_len > 0) {
		bytes_add(body, upload, *upload_len);
		*upload_len = 0;
		return MHD_YES;
	}
	if (strcmp(method, "POST") == 0)
		answer_post(&out, server->db, body, argument(c, "since", -1),
			argument(c, "page", 1));
	else
		answer_pull(&out, server->db, argument(c, "since", 0),
			argument(c, "page", 1));
	pack(&packed, &out);
	reply = MHD_create_response_from_buffer(packed.len, packed.data,
		MHD_RESPMEM_MUST_FREE);
	result = MHD_queue_response(c, 200, reply);
	MHD_destroy_response(reply);
	bytes_release(&out);
	bytes_release(body);
	free(body);
	*state = NULL;
	return result;
}

static void
read_file(struct bytes *out, const char *path)
{
	char part[65536];
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		die(path, "cannot be read");
	for (n = fread(part, 1, sizeof part, f); n > 0;
	    n = fread(part, 1, sizeof part, f))
		bytes_add(out, part, n);
	fclose(f);
}

static int
serve(const char *path, const char *cert_path, const char *key_path)
{
	struct server server = { .db = open_db(path) };
	struct sockaddr_in address = { .sin_family = AF_INET };
	struct bytes cert = {0}, key = {0};
	struct MHD_Daemon *daemon;
	sigset_t stop;
	int sig;

	read_file(&cert, cert_path);
	read_file(&key, key_path);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD |
		MHD_USE_EPOLL | MHD_USE_TLS, 0, NULL, NULL, on_request, &server,
		MHD_OPTION_SOCK_ADDR, &address,
		MHD_OPTION_HTTPS_MEM_CERT, cert.data,
		MHD_OPTION_HTTPS_MEM_KEY, key.data,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)MEMORY_PER_CONNECTION, MHD_OPTION_END);
	if (!daemon)
		die("server", "cannot listen");
	printf("listening on %u\n", (unsigned)MHD_get_daemon_info(daemon,
		MHD_DAEMON_INFO_BIND_PORT)->port);
	fflush(stdout);
	sigwait(&stop, &sig);
	MHD_stop_daemon(daemon);
	sqlite3_close(server.db);
	bytes_release(&cert);
	bytes_release(&key);
	return 0;
}

/* ---- the client ---- */

struct client {
	sqlite3 *db;
	CURL *curl;
	const char *url;
	size_t requests, sent_bytes, received_bytes;
};

static size_t
on_body(char *data, size_t one, size_t count, void *self)
{
	bytes_add(self, data, one * count);
	return one * count;
}

static void
ask(struct bytes *out, struct client *c, const char *what,
	const struct bytes *body)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
	struct bytes packed = {0}, reply = {0};
	char url[512];
	long status = 0;
	CURLcode code;

	snprintf(url, sizeof url, "%s%s", c->url, what);
	curl_easy_setopt(c->curl, CURLOPT_URL, url);
	curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, &reply);
	if (body) {
		pack(&packed, body);
		curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE_LARGE,
			(curl_off_t)packed.len);
		curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, packed.data);
	} else {
		curl_easy_setopt(c->curl, CURLOPT_HTTPGET, 1L);
	}
	code = curl_easy_perform(c->curl);
	curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &status);
	if (code != CURLE_OK || status != 200)
		die(url, curl_easy_strerror(code));
	c->requests++;
	c->sent_bytes += packed.len;
	c->received_bytes += reply.len;
	unpack(out, &reply);
	bytes_release(&packed);
	bytes_release(&reply);
	curl_slist_free_all(headers);
}

static size_t
push(struct client *c, int64_t page)
{
	sqlite3_stmt *st = prepare(c->db, "SELECT body FROM record WHERE "
		"waits = 1 ORDER BY rowid LIMIT ?1");
	sqlite3_stmt *sent = prepare(c->db, "UPDATE record SET waits = 0 WHERE "
		"rowid IN (SELECT rowid FROM record WHERE waits = 1 ORDER BY "
		"rowid LIMIT ?1)");
	size_t pushed = 0, count;

	do {
		struct bytes lines = {0}, answer = {0};

		count = 0;
		sqlite3_bind_int64(st, 1, page);
		for (; sqlite3_step(st) == SQLITE_ROW; count++) {
			bytes_add(&lines, sqlite3_column_text(st, 0),
				(size_t)sqlite3_column_bytes(st, 0));
			bytes_add(&lines, "\n", 1);
		}
		sqlite3_reset(st);
		if (count > 0) {
			ask(&answer, c, "/push", &lines);
			sqlite3_bind_int64(sent, 1, (int64_t)count);
			finish(c->db, sent);
		}
		pushed += count;
		bytes_release(&lines);
		bytes_release(&answer);
	} while ((int64_t)count == page);
	sqlite3_finalize(st);
	sqlite3_finalize(sent);
	return pushed;
}

/* A page that came: its records, the cursor behind them, and count own ones
 * that do not wait any more. */
static size_t
take_page(struct client *c, struct bytes *answer, size_t own)
{
	char *cursor = answer->data + answer->len;
	sqlite3_stmt *sent = prepare(c->db, "UPDATE record SET waits = 0 WHERE "
		"rowid IN (SELECT rowid FROM record WHERE waits = 1 ORDER BY "
		"rowid LIMIT ?1)");
	sqlite3_stmt *st = prepare(c->db,
		"REPLACE INTO meta VALUES('cursor', ?1)");
	size_t count;

	while (cursor > answer->data && cursor[-1] != '\n')
		cursor--;
	answer->len = (size_t)(cursor - answer->data);
	run_sql(c->db, "BEGIN IMMEDIATE");
	if (own > 0) {
		sqlite3_bind_int64(sent, 1, (int64_t)own);
		finish(c->db, sent);
	}
	count = store_lines(c->db, answer, false, false, 0);
	sqlite3_bind_int64(st, 1, strtoll(cursor, NULL, 10));
	finish(c->db, st);
	run_sql(c->db, "COMMIT");
	sqlite3_finalize(st);
	sqlite3_finalize(sent);
	return count;
}

static size_t
pull(struct client *c, int64_t page)
{
	size_t pulled = 0, count;

	do {
		int64_t since = one_number(c->db,
			"SELECT n FROM meta WHERE name = 'cursor'");
		struct bytes answer = {0};
		char what[96];

		snprintf(what, sizeof what, "/pull?since=%lld&page=%lld",
			(long long)since, (long long)page);
		ask(&answer, c, what, NULL);
		count = take_page(c, &answer, 0);
		pulled += count;
		bytes_release(&answer);
	} while ((int64_t)count == page);
	return pulled;
}

/* What waits goes up and what is new comes down, in one request if it fits. */
static void
sync_both(struct client *c, int64_t page, size_t *pushed, size_t *pulled)
{
	sqlite3_stmt *st = prepare(c->db, "SELECT body FROM record WHERE "
		"waits = 1 ORDER BY rowid LIMIT ?1");
	size_t up, down;

	do {
		int64_t since = one_number(c->db,
			"SELECT n FROM meta WHERE name = 'cursor'");
		struct bytes lines = {0}, answer = {0};
		char what[96];

		snprintf(what, sizeof what, "/sync?since=%lld&page=%lld",
			(long long)since, (long long)page);
		sqlite3_bind_int64(st, 1, page);
		for (up = 0; sqlite3_step(st) == SQLITE_ROW; up++) {
			bytes_add(&lines, sqlite3_column_text(st, 0),
				(size_t)sqlite3_column_bytes(st, 0));
			bytes_add(&lines, "\n", 1);
		}
		sqlite3_reset(st);
		ask(&answer, c, what, &lines);
		down = take_page(c, &answer, up);
		*pushed += up;
		*pulled += down;
		bytes_release(&lines);
		bytes_release(&answer);
	} while ((int64_t)up == page || (int64_t)down == page);
	sqlite3_finalize(st);
}

static int
edit(const char *path, int64_t count, int64_t from, const char *text)
{
	sqlite3 *db = open_db(path);
	sqlite3_stmt *st = prepare(db, "UPDATE record SET waits = 1, body = "
		"json_set(body, '$.values.claims', ?3 || '：' || "
		"substr(json_extract(body, '$.values.claims'), 1, 40)) "
		"WHERE rowid IN (SELECT rowid FROM record ORDER BY rowid "
		"LIMIT ?1 OFFSET ?2)");

	sqlite3_bind_int64(st, 1, count);
	sqlite3_bind_int64(st, 2, from);
	sqlite3_bind_text(st, 3, text, -1, SQLITE_STATIC);
	finish(db, st);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return 0;
}

static int
fill(const char *path, const char *file)
{
	sqlite3 *db = open_db(path);
	struct bytes lines = {0};

	read_file(&lines, file);
	run_sql(db, "BEGIN IMMEDIATE");
	store_lines(db, &lines, false, true, 0);
	run_sql(db, "COMMIT");
	bytes_release(&lines);
	sqlite3_close(db);
	return 0;
}

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
talk(const char *how, const char *path, const char *url, const char *ca,
	int64_t page, int64_t times)
{
	double began = now_ms();
	struct client c = { .db = open_db(path), .curl = curl_easy_init(),
		.url = url };
	size_t pushed = 0, pulled = 0;

	curl_easy_setopt(c.curl, CURLOPT_CAINFO, ca);
	if (strcmp(how, "push") == 0)
		pushed = push(&c, page);
	else if (strcmp(how, "pull") == 0)
		pulled = pull(&c, page);
	for (int64_t i = 0; i < times && strcmp(how, "sync") == 0; i++) {
		began = i == 0 ? began : now_ms();
		sync_both(&c, page, &pushed, &pulled);
	}
	curl_easy_cleanup(c.curl);
	sqlite3_close(c.db);
	printf("{\"pushed\":%zu,\"pulled\":%zu,\"ms\":%.1f,\"requests\":%zu,"
		"\"sent_bytes\":%zu,\"received_bytes\":%zu}\n", pushed, pulled,
		now_ms() - began, c.requests, c.sent_bytes, c.received_bytes);
	return 0;
}

int
main(int argc, char **argv)
{
	int64_t page = argc > 5 ? strtoll(argv[5], NULL, 10) : 1000000;
	int64_t times = argc > 6 ? strtoll(argv[6], NULL, 10) : 1;

	if (argc == 5 && strcmp(argv[1], "serve") == 0)
		return serve(argv[2], argv[3], argv[4]);
	if (argc == 4 && strcmp(argv[1], "fill") == 0)
		return fill(argv[2], argv[3]);
	if (argc == 6 && strcmp(argv[1], "edit") == 0)
		return edit(argv[2], strtoll(argv[3], NULL, 10),
			strtoll(argv[4], NULL, 10), argv[5]);
	if (argc >= 5 && (strcmp(argv[1], "push") == 0 ||
	    strcmp(argv[1], "pull") == 0 || strcmp(argv[1], "sync") == 0))
		return talk(argv[1], argv[2], argv[3], argv[4], page, times);
	fprintf(stderr, "usage: floor serve|fill|edit|push|pull|sync ...\n");
	return 2;
}
