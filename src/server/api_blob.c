/*
 * Pieces of scans, up and down.
 */
#include "server/api_blob.h"

#include <stdlib.h>
#include <string.h>

#include "base/tr.h"
#include "server/api_audit.h"
#include "server/blob.h"
#include "server/ledger_judge.h"
#include "server/ledger_scan.h"

const char api_blob_path[] = "/v1/blob/";

/* One request for bytes. */
struct asked {
	struct visit *v;
	struct ledger_peer peer;
	struct scan_asker who;
	struct blob_place place;
	struct scan_access access;
};

/* Who asks for which, and may they?  Sets the answer when not.  A device that is
 * sent away hands over what was entered on it, and gets nothing. */
static enum status
begin(struct asked *a, struct visit *v, struct err *err)
{
	bool sends = strcmp(v->request->method, "GET") != 0, last;
	struct db *db = NULL;
	enum status s = visit_find(v, true, err);

	last = !s && visit_is_dismissed(v) && sends;
	if (s || (v->answer && !last))
		return s;
	v->answer = ANSWER_OK;
	a->v = v;
	a->peer = visit_peer(v);
	a->who = (struct scan_asker){ .schema = v->schema, .peer = &a->peer,
		.login = v->account.login,
		.role = last ? NULL : v->account.role, .sends = sends };
	a->place = (struct blob_place){ .dir = ledger_dir(v->ledger),
		.hash = v->request->path + strlen(api_blob_path),
		.device = v->device.id };
	if (!scan_hash_is(a->place.hash)) {
		v->answer = ANSWER_NO_BLOB;
		return E_OK;
	}
	s = ledger_begin_read(&db, v->ledger, err);
	if (s)
		return s;
	s = scan_access(&a->access, db, &a->who, a->place.hash, err);
	ledger_end_read(v->ledger);
	if (!s && !a->access.any)
		v->answer = ANSWER_NO_BLOB;
	return s;
}

static void
say_offset(const struct asked *a, int64_t at)
{
	a->v->reply->upload = (struct http_part){ .on = true, .at = at,
		.total = a->access.size };
}

/*
 * The bytes are here, by this device's own sending or because they arrived for
 * another scan that it may see: say so of all those.  Looked at again in the
 * same transaction, since a sweep may have dropped the file.
 */
static enum status
say_arrived(const struct asked *a, bool *here, struct err *err)
{
	struct visit *v = a->v;
	struct err none = ERR_INIT;
	struct db *db = NULL;
	int64_t size = 0;
	enum status s = ledger_begin(&db, v->ledger, err);

	if (s)
		return s;
	s = blob_size(&size, &a->place, &none);
	*here = !s;
	if (!s)
		s = scan_say(db, &a->who, a->place.hash, true, err);
	else if (s == E_NOTFOUND)
		s = scan_say(db, NULL, a->place.hash, false, err);
	else
		*err = none;
	return ledger_end(v->ledger, s, err);
}

enum status
api_blob_head(struct visit *v, struct err *err)
{
	struct asked a = {0};
	int64_t at = 0;
	bool here = false;
	enum status s = begin(&a, v, err);

	if (s || v->answer)
		return s;
	if (a.access.arrived)
		s = say_arrived(&a, &here, err);
	if (!s && !here)
		s = blob_part(&at, &a.place, err);
	say_offset(&a, here ? a.access.size : at);
	return s;
}

/* ---- up ---- */

/* A number of bytes; -1: it is none. */
static int64_t
parse_bytes(const char *text, const char **end)
{
	int64_t n = 0;

	if (*text < '0' || *text > '9')
		return -1;
	for (; *text >= '0' && *text <= '9'; text++) {
		if (n > SCAN_BYTES_MAX)
			return -1;
		n = n * 10 + (*text - '0');
	}
	*end = text;
	return n;
}

/* What blob_add() said, as an answer. */
static enum status
answer_add(struct visit *v, enum status s, const struct err *why,
    struct err *err)
{
	if (s == E_CONFLICT) {
		v->answer = ANSWER_BLOB_OFFSET;
	} else if (s == E_INVALID) {
		v->answer = ANSWER_BLOB_WRONG;
	} else if (s) {
		*err = *why;
		return s;
	}
	return E_OK;
}

static enum status
add(struct asked *a, struct err *err)
{
	struct visit *v = a->v;
	const struct buf *body = &v->request->body;
	const char *end = "";
	int64_t offset = parse_bytes(v->request->header[HTTP_UPLOAD_OFFSET],
	    &end);
	struct err why = ERR_INIT;
	bool whole = false;
	int64_t at = 0;
	enum status s;

	if (offset < 0 || *end || body->len == 0 ||
	    body->len > BLOB_PIECE_MAX ||
	    v->request->header[HTTP_CONTENT_ENCODING][0]) {
		v->answer = ANSWER_BAD_REQUEST;
		return E_OK;
	}
	s = blob_add(&at, &whole, &a->place, offset, a->access.size,
	    body->data, body->len, &why);
	s = answer_add(v, s, &why, err);
	if (!s && whole)
		s = say_arrived(a, &whole, err);
	say_offset(a, at);
	return s;
}

enum status
api_blob_put(struct visit *v, struct err *err)
{
	struct asked a = {0};
	bool here = false;
	enum status s = begin(&a, v, err);

	if (s || v->answer)
		return s;
	if (a.access.arrived)
		s = say_arrived(&a, &here, err);
	if (!s && here)
		say_offset(&a, a.access.size);
	else if (!s)
		s = add(&a, err);
	if (!s && !v->answer)
		buf_printf(&v->reply->body, "{\"offset\":%lld}\n",
		    (long long)v->reply->upload.at);
	return s;
}

/* ---- down ---- */

/* "bytes=A-B" or "bytes=A-"; without, or with another, from the beginning. */
static void
parse_range(int64_t *first, int64_t *last, const char *text)
{
	static const char unit[] = "bytes=";
	const char *end = "";
	int64_t from, to;

	if (strncmp(text, unit, sizeof unit - 1) != 0)
		return;
	from = parse_bytes(text + sizeof unit - 1, &end);
	if (from < 0 || *end != '-')
		return;
	*first = from;
	to = parse_bytes(end + 1, &end);
	if (to >= from)
		*last = to;
}

enum status
api_blob_get(struct visit *v, struct err *err)
{
	struct asked a = {0};
	struct err why = ERR_INIT;
	int64_t first = 0, last = SCAN_BYTES_MAX, size = 0;
	bool here = false;
	enum status s = begin(&a, v, err);

	if (s || v->answer)
		return s;
	s = a.access.arrived ? blob_size(&size, &a.place, &why) : E_NOTFOUND;
	if (s == E_NOTFOUND) {
		v->answer = ANSWER_BLOB_WAITS;
		return a.access.arrived ? say_arrived(&a, &here, err) : E_OK;
	}
	parse_range(&first, &last, v->request->header[HTTP_RANGE]);
	if (last - first >= BLOB_PIECE_MAX)
		last = first + BLOB_PIECE_MAX - 1;
	if (!s && first >= size) {
		v->answer = ANSWER_BLOB_RANGE;
		return E_OK;
	}
	if (!s)
		s = blob_read(&v->reply->body, &a.place, first,
		    (size_t)(last - first + 1), &why);
	if (s) {
		*err = why;
		return s;
	}
	if (first == 0)
		s = api_audit_blob(v, a.place.hash, err);
	if (s)
		return s;
	v->reply->status = 206;
	v->reply->type = "application/octet-stream";
	v->reply->part = (struct http_part){ .on = true, .at = first,
		.total = size };
	return visit_note(v, err);
}
