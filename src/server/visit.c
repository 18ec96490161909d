/*
 * What every call does: who asks, what the body says, how the answer looks.
 */
#include "server/visit.h"

#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/tr.h"
#include "base/zip.h"
#include "server/ledger_judge.h"
#include "server/signin.h"
#include "server/token.h"

enum {
	VISIT_OBJECT_BYTES = 4 * 1024,	/* of a small body */
	VISIT_PACK_FROM = 512,		/* smaller replies are not packed */
	VISIT_BUSY_S = 2,
	VISIT_SLOW_DOWN_S = 60,
};

#define HOUR_MS (3600 * 1000LL)
#define DAY_MS (24 * HOUR_MS)

/* ---- replies ---- */

void
visit_json(struct visit *v, struct json *j)
{
	json_print(&v->reply->body, j);
	buf_char(&v->reply->body, '\n');
	json_free(j);
}

void
visit_refuse(struct visit *v)
{
	struct json *j = json_object();

	v->reply->status = answer_status(v->answer);
	v->reply->type = "application/json";
	v->reply->encoding = NULL;
	buf_clear(&v->reply->body);
	if (v->answer == ANSWER_BUSY && !v->reply->retry_after_s)
		v->reply->retry_after_s = VISIT_BUSY_S;
	if (v->answer == ANSWER_SLOW_DOWN)
		v->reply->retry_after_s = VISIT_SLOW_DOWN_S;
	json_put_text(j, "error", answer_word(v->answer));
	json_put_text(j, "message", v->sentence ? v->sentence :
	    answer_sentence(v->answer));
	if (v->req[0])
		json_put_text(j, "req", v->req);
	if (v->answer == ANSWER_INTERNAL && v->n)
		json_put_int(j, "n", v->n);
	if (v->answer == ANSWER_DEVICE_FORK)
		json_put_int(j, "epoch", v->device.epoch);
	if (v->answer == ANSWER_DEVICE_WIPE) {
		json_put_text(j, "wipe", v->device.wipe);
		json_put_bool(j, "at_once", v->device.at_once);
		json_put_text(j, "se", ledger_epoch(v->ledger));
	}
	if (visit_is_dismissed(v) && v->acked)
		json_put_int(j, "acked", v->acked);
	visit_json(v, j);
}

/* The best of what the client takes. */
void
visit_pack(struct visit *v, bool slow)
{
	const char *takes = v->request->header[HTTP_ACCEPT_ENCODING];
	enum zip how = strstr(takes, "zstd") ? ZIP_ZSTD :
	    strstr(takes, "gzip") ? ZIP_GZIP : ZIP_NONE;
	struct err none = ERR_INIT;
	struct buf packed;

	if (how == ZIP_NONE || v->reply->body.len < VISIT_PACK_FROM)
		return;
	buf_init(&packed, BUF_BATCH_MAX);
	if ((slow ? zip_pack_close : zip_pack)(&packed, how,
	    v->reply->body.data, v->reply->body.len, &none)) {
		buf_release(&packed);
		return;
	}
	buf_release(&v->reply->body);
	v->reply->body = packed;
	v->reply->encoding = zip_name(how);
}

/* ---- bodies ---- */

enum status
visit_body(struct buf *out, struct visit *v)
{
	const char *name = v->request->header[HTTP_CONTENT_ENCODING];
	const struct buf *body = &v->request->body;
	struct err bad = ERR_INIT;
	int how = name[0] ? zip_parse(name) : ZIP_NONE;

	if (how < 0) {
		v->answer = ANSWER_ENCODING;
		return E_INVALID;
	}
	if (zip_unpack(out, (enum zip)how, body->data, body->len, &bad)) {
		v->answer = out->full || out->len >= out->max ?
		    ANSWER_TOO_LARGE : ANSWER_BAD_REQUEST;
		return E_INVALID;
	}
	return E_OK;
}

/* A small JSON object, or NULL with the answer set. */
struct json *
visit_object(struct visit *v)
{
	struct json *j = NULL;
	struct err bad = ERR_INIT;
	struct buf text;

	buf_init(&text, VISIT_OBJECT_BYTES);
	if (!visit_body(&text, v) &&
	    json_parse(&j, text.data, text.len, VISIT_OBJECT_BYTES, &bad)) {
		v->answer = ANSWER_BAD_REQUEST;
		memcpy(v->why, bad.msg, sizeof v->why);
		v->sentence = v->why;
		j = NULL;
	}
	crypto_wipe(text.data, text.len);	/* a password may be in it */
	buf_release(&text);
	return j;
}

/* "fengqiao/12": the number, 0 when none is said. */
bool
visit_is_old(const struct visit *v)
{
	const char *text = strchr(v->request->header[HTTP_APP], '/');
	int64_t number = 0;

	for (text = text ? text + 1 : ""; *text >= '0' && *text <= '9' &&
	    number < 1000000; text++)
		number = number * 10 + (*text - '0');
	return number < v->min_app;
}

/* ---- tokens ---- */

static enum status
find_device(struct visit *v, struct db *db, struct err *err)
{
	char token[TOKEN_TEXT_MAX];

	if (!token_from_header(token, v->request->header[HTTP_AUTHORIZATION])) {
		v->answer = ANSWER_LOGIN_REQUIRED;
		return E_OK;
	}
	return device_find(&v->device, &v->answer, db, token, err);
}

static bool
may_hold(const void *self, const char *role)
{
	return schema_may_hold_sealed(self, role);
}

static enum status
find_sealed(struct visit *v, struct db *db, struct err *err)
{
	v->sees_sealed = schema_may_hold_sealed(v->schema, v->account.role);
	v->sealed = v->sees_sealed;
	return v->sealed ? E_OK : signin_any(&v->sealed, db, &v->device,
	    may_hold, v->schema, err);
}

struct collector {
	struct sight *sight;
};

static bool
collect(const void *self, const char *role)
{
	const struct collector *c = self;

	sight_add(c->sight, role);
	return false;
}

/* What the device holds is what anybody who works at it may read. */
static enum status
find_sight(struct visit *v, struct db *db, struct err *err)
{
	const struct collector c = { &v->sight };
	bool none = false;

	sight_begin(&v->sight, v->schema);
	sight_add(&v->sight, v->account.role);
	return signin_any(&none, db, &v->device, collect, &c, err);
}

bool
visit_is_dismissed(const struct visit *v)
{
	return v->answer == ANSWER_DEVICE_REVOKED ||
	    v->answer == ANSWER_DEVICE_WIPE ||
	    v->answer == ANSWER_USER_DISABLED ||
	    v->answer == ANSWER_OFFICE_DENIED;
}

enum status
visit_find(struct visit *v, bool person, struct err *err)
{
	struct db *db = NULL;
	enum status s = ledger_begin_read(&db, v->ledger, err);

	if (s)
		return s;
	s = find_device(v, db, err);
	if (!s && !v->answer && person) {
		if (!token_read(v->token, v->request->header[HTTP_USER_TOKEN]))
			v->token[0] = '\0';
		s = signin_find(&v->account, &v->until_at, &v->answer, db,
		    &v->device, v->token, err);
		if (!s && !v->answer)
			s = find_sealed(v, db, err);
		if (!s && !v->answer)
			s = find_sight(v, db, err);
	}
	ledger_end_read(v->ledger);
	return s;
}

/* Keep the tokens alive; writes at most once an hour and once a day. */
enum status
visit_note(struct visit *v, struct err *err)
{
	int64_t now = clock_now_at();
	bool seen = now - v->device.seen_at < HOUR_MS;
	bool fresh = v->until_at - now > (SIGNIN_DAYS - 1) * DAY_MS;
	struct db *db = NULL;
	enum status s;

	if (seen && fresh)
		return E_OK;
	s = ledger_begin(&db, v->ledger, err);
	if (s)
		return s;
	s = device_seen(db, &v->device, now, err);
	if (!s && !fresh)
		s = signin_extend(db, v->token, now, err);
	s = ledger_end(v->ledger, s, err);
	if (!s && !fresh)
		v->until_at = now + SIGNIN_DAYS * DAY_MS;
	return s;
}

struct ledger_peer
visit_peer(const struct visit *v)
{
	struct ledger_peer peer = { .device = v->device.id,
		.county = v->device.office.county, .epoch = v->device.epoch,
		.sealed = v->sealed, .sees_sealed = v->sees_sealed,
		.sight = v->sight.schema ? &v->sight : NULL };

	memcpy(peer.office, v->device.office.code, sizeof peer.office);
	return peer;
}
