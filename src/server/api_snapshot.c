/*
 * Snapshots, to the devices.
 */
#include "server/api_snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/tr.h"
#include "server/api_audit.h"
#include "server/ledger_feed.h"
#include "server/ledger_judge.h"
#include "server/snapshot.h"

const char api_snapshot_path[] = "/v1/snapshot/";

/* "OFFICE/KIND" or "OFFICE/KIND/SHA256"; false: neither. */
static bool
read_path(char stream[WIRE_STREAM_MAX], const char **sha256, const char *path)
{
	const char *slash = strchr(path, '/');
	size_t len;

	if (!slash || slash == path)
		return false;
	len = (size_t)(slash - path) + 1;
	len += strcspn(slash + 1, "/");
	if (len >= WIRE_STREAM_MAX || slash + 1 == path + len)
		return false;
	memcpy(stream, path, len);
	stream[len] = '\0';
	*sha256 = path[len] ? path + len + 1 : NULL;
	return true;
}

static enum status
find(struct snapshot *out, struct visit *v, const char *stream,
    const char *sha256, struct err *err)
{
	const struct ledger_peer peer = visit_peer(v);
	struct err none = ERR_INIT;
	struct db *db = NULL;
	enum status s;

	/* a snapshot is of all registers; who sees some gets lines */
	if (!feed_may_hold(&peer, stream) ||
	    (peer.sight && peer.sight->narrow)) {
		v->answer = ANSWER_NO_SNAPSHOT;
		return E_OK;
	}
	s = ledger_begin_read(&db, v->ledger, err);
	if (s)
		return s;
	s = snapshot_find(out, v->ledger, db, stream, sha256, &none);
	ledger_end_read(v->ledger);
	if (s == E_NOTFOUND)
		v->answer = ANSWER_NO_SNAPSHOT;
	else if (s)
		*err = none;
	return s == E_NOTFOUND ? E_OK : s;
}

static void
say_where(struct visit *v, const struct snapshot *s)
{
	struct json *j = json_object();

	snprintf(v->reply->location, sizeof v->reply->location, "%s%s/%s",
	    api_snapshot_path, s->stream, s->sha256);
	v->reply->status = 303;
	json_put_text(j, "stream", s->stream);
	json_put_int(j, "seq", s->seq);
	json_put_text(j, "sha256", s->sha256);
	json_put_int(j, "bytes", s->bytes);
	json_put_text(j, "path", v->reply->location);
	visit_json(v, j);
}

/* The bytes of the range that go into one reply; false: it begins behind the
 * end.  A header that is no single range is none (RFC 9110, 14.2). */
static bool
read_range(int64_t *from, size_t *len, const char *text, int64_t total)
{
	long long first = 0, last = 0;
	int end = 0;
	int n = sscanf(text, "bytes=%15lld-%n%15lld%n", &first, &end, &last,
	    &end);

	if (n < 1 || end == 0 || text[end] || first < 0 ||
	    (n == 2 && last < first)) {
		first = 0;
		n = 0;
	}
	if (n < 2 || last >= total)
		last = total - 1;
	if (first >= total)
		return false;
	if (last - first >= SNAPSHOT_PIECE_MAX)
		last = first + SNAPSHOT_PIECE_MAX - 1;
	*from = first;
	*len = (size_t)(last - first + 1);
	return true;
}

static enum status
send_bytes(struct visit *v, const struct snapshot *s, struct err *err)
{
	int64_t from = 0;
	size_t len = 0;

	if (!read_range(&from, &len, v->request->header[HTTP_RANGE],
	    s->bytes)) {
		v->answer = ANSWER_NOT_SO_LONG;
		return E_OK;
	}
	if (from == 0) {
		enum status st = api_audit_note(v, AUDIT_SNAPSHOT, NULL, NULL,
		    s->stream, err);

		if (st)
			return st;
	}
	v->reply->type = "application/octet-stream";
	if (from > 0 || (int64_t)len < s->bytes) {
		v->reply->status = 206;
		v->reply->part = (struct http_part){ .on = true, .at = from,
			.total = s->bytes };
	}
	return snapshot_read(&v->reply->body, s, from, len, err);
}

enum status
api_snapshot(struct visit *v, struct err *err)
{
	const char *path = v->request->path + strlen(api_snapshot_path);
	char stream[WIRE_STREAM_MAX];
	const char *sha256 = NULL;
	struct snapshot found = {0};
	enum status s = visit_find(v, true, err);

	if (s || v->answer)
		return s;
	if (!read_path(stream, &sha256, path)) {
		v->answer = ANSWER_NO_CALL;
		return E_OK;
	}
	s = find(&found, v, stream, sha256, err);
	if (!s && !v->answer && sha256)
		s = send_bytes(v, &found, err);
	else if (!s && !v->answer)
		say_where(v, &found);
	snapshot_release(&found);
	return s;
}
