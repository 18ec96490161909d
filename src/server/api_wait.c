/*
 * Waiting for news, and how a device stands.
 */
#include "server/api_wait.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "server/ledger_feed.h"
#include "server/ledger_push.h"
#include "server/news.h"

enum {
	WAIT_BUSY_S = 60,
	DIGITS_MAX = 18,
};

/* A number of at most n bytes; false: it is none. */
static bool
read_number(int64_t *out, const char *text, size_t n)
{
	int64_t value = 0;

	if (n == 0 || n > DIGITS_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (text[i] - '0');
	}
	*out = value;
	return true;
}

/* What the device says about a stream in "a:1,b:2"; 0 if it says nothing. */
static bool
said_of(int64_t *out, const char *cursors, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = cursors; *at;) {
		size_t n = strcspn(at, ",");

		if (n > len && strncmp(at, name, len) == 0 &&
		    at[len] == ':')
			return read_number(out, at + len + 1, n - len - 1);
		at += n + (at[n] == ',');
	}
	*out = 0;
	return true;
}

/* The streams the device may hold, each where the device says it stands. */
static enum status
read_streams(struct news_stream **out, size_t *count, struct visit *v,
    struct err *err)
{
	const struct ledger_peer peer = visit_peer(v);
	const char *cursors = v->request->argument[HTTP_CUR];
	char (*names)[WIRE_STREAM_MAX] = NULL;
	struct news_stream *streams;
	struct db *db = NULL;
	size_t n = 0;
	enum status s = ledger_begin_read(&db, v->ledger, err);

	if (s)
		return s;
	s = feed_streams(&names, &n, db, &peer, err);
	ledger_end_read(v->ledger);
	if (s)
		return s;
	streams = mem_alloc(n + 1, sizeof *streams);
	for (size_t i = 0; i < n && !v->answer; i++) {
		memcpy(streams[i].name, names[i], sizeof names[i]);
		if (!said_of(&streams[i].seq, cursors, names[i]))
			v->answer = ANSWER_BAD_REQUEST;
	}
	free(names);
	*out = streams;
	*count = n;
	return E_OK;
}

enum status
api_wait(struct visit *v, struct err *err)
{
	const char *text = v->request->argument[HTTP_T];
	struct news_stream *streams = NULL;
	int64_t seconds = NEWS_WAIT_S_MAX;
	size_t count = 0;
	enum status s = visit_find(v, true, err);

	if (s || v->answer)
		return s;
	if (*text && !read_number(&seconds, text, strlen(text)))
		v->answer = ANSWER_BAD_REQUEST;
	if (seconds > NEWS_WAIT_S_MAX)
		seconds = NEWS_WAIT_S_MAX;
	if (!v->answer)
		s = visit_note(v, err);
	if (!s && !v->answer)
		s = read_streams(&streams, &count, v, err);
	if (s || v->answer) {
		free(streams);
		return s;
	}
	if (!v->request->call) {
		/* nobody could be answered later */
		free(streams);
		v->reply->status = 204;
		return E_OK;
	}
	v->later = news_wait(v->news, &v->device.id, streams, count, seconds,
	    v->request->call, v->reply);
	if (!v->later) {
		v->answer = ANSWER_BUSY;
		v->reply->retry_after_s = WAIT_BUSY_S;
	}
	return E_OK;
}

enum status
api_session(struct visit *v, struct err *err)
{
	struct json *j;
	struct db *db = NULL;
	int64_t acked = 0;
	enum status s = visit_find(v, true, err);

	if (s || v->answer)
		return s;
	s = ledger_begin_read(&db, v->ledger, err);
	if (s)
		return s;
	s = push_acked(&acked, db, &v->device.id, v->device.epoch, err);
	ledger_end_read(v->ledger);
	if (!s)
		s = visit_note(v, err);
	if (s)
		return s;
	j = json_object();
	json_put_int(j, "acked", acked);
	json_put_int(j, "epoch", v->device.epoch);
	json_put_text(j, "server_epoch", ledger_epoch(v->ledger));
	json_put_text(j, "schema", v->schema->version);
	json_put_int(j, "min_app", v->min_app);
	json_put_int(j, "time", clock_now_at());
	json_put_int(j, "offline_until", v->until_at);
	visit_json(v, j);
	return E_OK;
}
