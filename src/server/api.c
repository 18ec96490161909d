/*
 * Routes, tokens, compression.  What a request may do is decided here by its
 * tokens before anything of its body is believed.
 */
#include "server/api.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/bundle.h"
#include "core/wire.h"
#include "server/answer.h"
#include "server/api_audit.h"
#include "server/api_blob.h"
#include "server/api_devices.h"
#include "server/api_login.h"
#include "server/api_offices.h"
#include "server/api_people.h"
#include "server/api_names.h"
#include "server/api_numbers.h"
#include "server/api_quarantine.h"
#include "server/api_reconcile.h"
#include "server/api_record.h"
#include "server/api_schema.h"
#include "server/api_snapshot.h"
#include "server/api_sync.h"
#include "server/api_wait.h"
#include "server/api_wiped.h"
#include "server/early.h"
#include "server/ledger_audit.h"
#include "server/ledger_trail.h"
#include "server/news.h"
#include "server/push_read.h"
#include "server/signin.h"
#include "server/visit.h"

enum {
	API_WRONG_CODES = 20,		/* a minute, of all together */
	API_NUMBERED = 60,		/* refusals in the log; the same */
	API_READERS = 2,
	API_READINGS_MAX = 64,		/* that wait for one of them */
};

struct api {
	struct ledger *ledger;
	const struct schema *schema;
	struct buf bundle;
	int64_t min_app;
	struct signin *signin;
	struct news *news;
	struct refusals *refusals;
	struct pool *readers;	/* NULL: who judges reads */
	struct early *early;	/* NULL: as long as that is */
	pthread_mutex_t lock;
	int wrong_codes;	/* since minute_at */
	int64_t minute_at;
	int64_t refused;	/* the number of the last in the log */
	int64_t log_minute_at;
	int logged;		/* since then */
};

enum status
api_new(struct api **out, struct ledger *ledger, const struct schema *schema,
    struct err *err)
{
	struct api *a = mem_alloc(1, sizeof *a);
	enum status s = signin_new(&a->signin, ledger, err);

	if (!s)
		s = news_new(&a->news, ledger, err);
	if (s) {
		signin_free(a->signin);
		free(a);
		return s;
	}
	a->ledger = ledger;
	a->schema = schema;
	a->refusals = refusals_new();
	a->refused = clock_now_at() / 1000;	/* goes on where it was */
	buf_init(&a->bundle, BUNDLE_BYTES_MAX);
	pthread_mutex_init(&a->lock, NULL);
	*out = a;
	return E_OK;
}

void
api_definitions(struct api *a, const struct def_file *files, size_t count)
{
	buf_clear(&a->bundle);
	bundle_print(&a->bundle, files, count);
	if (a->bundle.full)
		buf_clear(&a->bundle);
}

void
api_min_app(struct api *a, int64_t number)
{
	a->min_app = number;
}

enum status
api_read_ahead(struct api *a, struct err *err)
{
	enum status s = pool_start(&a->readers, API_READERS, API_READINGS_MAX,
	    push_read_work, err);

	if (!s)
		a->early = early_new();
	return s;
}

void
api_free(struct api *a)
{
	if (!a)
		return;
	pool_stop(a->readers);
	early_free(a->early);
	news_free(a->news);
	signin_free(a->signin);
	refusals_free(a->refusals);
	buf_release(&a->bundle);
	pthread_mutex_destroy(&a->lock);
	free(a);
}

/* ---- the calls ---- */

/* Codes are long, but nobody needs to try many. */
static bool
may_try_code(struct api *a, bool was_wrong)
{
	int64_t now = clock_mono_ms();
	bool may;

	pthread_mutex_lock(&a->lock);
	if (now - a->minute_at > 60000) {
		a->minute_at = now;
		a->wrong_codes = 0;
	}
	a->wrong_codes += was_wrong;
	may = a->wrong_codes < API_WRONG_CODES;
	pthread_mutex_unlock(&a->lock);
	return may;
}

static void
reply_enrolled(struct visit *v, const struct device *d, const char *token)
{
	struct json *j = json_object();
	char id[UUID_TEXT_MAX], share[2 * CRYPTO_KEY + 1];

	uuid_print(id, &d->id);
	crypto_hex(share, d->key_share.b, CRYPTO_KEY);
	json_put_text(j, "device", id);
	json_put_text(j, "token", token);
	json_put_int(j, "epoch", d->epoch);
	json_put_int(j, "number", d->number);
	json_put_text(j, "office", d->office.code);
	json_put_text(j, "office_name", d->office.name);
	json_put_text(j, "county_name",
	    ledger_county(v->ledger)->name);
	json_put_text(j, "server_epoch", ledger_epoch(v->ledger));
	json_put_text(j, "key_share", share);
	visit_json(v, j);
}

/* The members of a cache that was registered before; *again: they are there. */
static bool
read_was(struct device_was *out, bool *again, const struct json *ask)
{
	const char *id = json_get_text(ask, "device");
	const char *office = json_get_text(ask, "office");

	*again = id != NULL;
	if (!id)
		return true;
	if (!office || strlen(office) >= sizeof out->office ||
	    !uuid_parse(&out->id, id))
		return false;
	memcpy(out->office, office, strlen(office) + 1);
	(void)json_get_int(ask, "number", &out->number);
	return true;
}

static enum status
enroll(struct visit *v, struct err *err)
{
	struct json *ask = NULL;
	const char *code, *machine;
	struct device d = {0};
	struct device_was was = {0};
	bool again = false;
	char token[TOKEN_TEXT_MAX] = "";
	struct db *db = NULL;
	enum status s = E_OK;

	if (!may_try_code(v->api, false)) {
		v->answer = ANSWER_SLOW_DOWN;
		return E_OK;
	}
	ask = visit_object(v);
	if (!ask)
		return E_OK;
	code = json_get_text(ask, "code");
	machine = json_get_text(ask, "machine");
	if (!code || !read_was(&was, &again, ask)) {
		v->answer = ANSWER_BAD_REQUEST;
		goto out;
	}
	s = ledger_begin(&db, v->ledger, err);
	if (s)
		goto out;
	s = device_enroll(&d, token, &v->answer, db, code,
	    machine ? machine : "", again ? &was : NULL, err);
	if (!s)
		s = ledger_audit_put(db, &(struct ledger_audit_note){
			.what = v->answer ? AUDIT_REFUSED : AUDIT_ENROLL,
			.device = v->answer ? NULL : &d.id,
			.note = v->answer ? "enroll" : d.office.code }, err);
	s = ledger_end(v->ledger, s, err);
	if (!s && !v->answer)
		reply_enrolled(v, &d, token);
	else if (!s)
		(void)may_try_code(v->api, true);
out:
	json_free(ask);
	return s;
}

/* Lines up, lines down, for a device and a person that were found. */
static enum status
line_call(struct visit *v, enum status (*call)(struct buf *out,
    enum answer *answer, char why[ERR_MSG_MAX], struct api_sync *sync,
    const char *text, size_t len, struct err *err), struct err *err)
{
	struct api_sync sync = { .ledger = v->ledger,
		.until_at = v->until_at,
		.schema = v->schema,
		.readers = v->readers, .early = v->early,
		.min_app = visit_is_old(v) ? v->min_app : 0 };
	struct buf text;
	enum status s = E_OK;

	sync.device = v->device;
	sync.sealed = v->sealed;
	sync.sight = &v->sight;
	sync.account = &v->account;
	buf_init(&text, BUF_BATCH_MAX);
	if (visit_body(&text, v))
		goto out;
	v->reply->type = "application/x-ndjson";
	s = call(&v->reply->body, &v->answer, v->why, &sync, text.data,
	    text.len, err);
	if (v->answer == ANSWER_BAD_REQUEST && v->why[0])
		v->sentence = v->why;
	v->device = sync.device;
	v->n = sync.stuck;
	if (!s && !v->answer) {
		s = visit_note(v, err);
		visit_pack(v, sync.slow);
	}
out:
	buf_release(&text);
	return s;
}

static enum status
print_history(struct visit *v, const struct uuid *id, struct err *err)
{
	struct record r = {0};
	const struct schema_register *reg = NULL;
	struct db *db = NULL;
	enum status s = ledger_begin_read(&db, v->ledger, err);

	if (s)
		return s;
	s = api_record_find(&r, &reg, v, db, id, err);
	if (!s && !v->answer)
		s = ledger_trail_print(&v->reply->body, db, id, err);
	ledger_end_read(v->ledger);
	if (!s && !v->answer && reg && audit_is_restricted(reg))
		s = api_audit_note(v, AUDIT_VIEW, r.reg, id, "trail", err);
	record_release(&r);
	return s;
}

static enum status
history(struct visit *v, struct err *err)
{
	struct json *ask;
	const char *text;
	struct uuid id;
	enum status s = visit_find(v, true, err);

	if (s || v->answer)
		return s;
	ask = visit_object(v);
	if (!ask)
		return E_OK;
	text = json_get_text(ask, "id");
	if (text && uuid_parse(&id, text))
		s = print_history(v, &id, err);
	else
		v->answer = ANSWER_BAD_REQUEST;
	json_free(ask);
	if (!s && !v->answer)
		visit_pack(v, false);
	return s;
}

/* Before it is sent away, the device hands over what was entered on it; of
 * what it sends nothing makes the answer another one, but that it is a copy
 * and needs other numbers. */
static enum status
take_last(struct visit *v, struct err *err)
{
	struct api_sync sync = { .ledger = v->ledger, .schema = v->schema,
		.device = v->device, .last = true,
		.shut = v->answer == ANSWER_DEVICE_REVOKED ||
		    v->answer == ANSWER_DEVICE_WIPE };
	enum answer a = ANSWER_OK, dismissal = v->answer;
	struct buf text, none;
	enum status s = E_OK;

	buf_init(&text, BUF_BATCH_MAX);
	buf_init(&none, BUF_LINE_MAX);
	if (visit_body(&text, v))
		a = v->answer;
	else
		s = api_sync(&none, &a, v->why, &sync, text.data, text.len,
		    err);
	v->answer = a == ANSWER_DEVICE_FORK || a == ANSWER_TOO_LARGE ? a :
	    dismissal;
	v->device = sync.device;
	v->acked = sync.acked;
	v->n = sync.stuck;
	buf_release(&text);
	buf_release(&none);
	return s;
}

static enum status
sync_call(struct visit *v, struct err *err)
{
	enum status s = visit_find(v, true, err);

	if (!s && visit_is_dismissed(v))
		return take_last(v, err);
	return s || v->answer ? s : line_call(v, api_sync, err);
}

/* And what it had handed over before, if a restore has lost that. */
static enum status
take_lost(struct visit *v, struct err *err)
{
	struct api_sync sync = { .ledger = v->ledger, .schema = v->schema,
		.device = v->device, .last = true };
	enum answer a = ANSWER_OK;
	struct buf text;
	enum status s = E_OK;

	buf_init(&text, BUF_BATCH_MAX);
	if (visit_body(&text, v))
		goto out;
	s = api_reconcile(&v->reply->body, &a, v->why, &sync, text.data,
	    text.len, err);
	if (!s && !a) {
		v->answer = ANSWER_OK;
		v->reply->type = "application/x-ndjson";
	}
out:
	buf_release(&text);
	return s;
}

static enum status
reconcile_call(struct visit *v, struct err *err)
{
	enum status s = visit_find(v, true, err);

	if (!s && (v->answer == ANSWER_DEVICE_REVOKED ||
	    v->answer == ANSWER_DEVICE_WIPE))
		return take_lost(v, err);
	return s || v->answer ? s : line_call(v, api_reconcile, err);
}

static enum status
ping(struct visit *v, struct err *err)
{
	struct json *j = json_object();

	(void)err;
	json_put_bool(j, "ok", true);
	json_put_int(j, "proto", WIRE_PROTO);
	visit_json(v, j);
	return E_OK;
}

/* The description that the build puts in (openapi.json). */
extern const unsigned char openapi_json[];
extern const unsigned long openapi_json_len;

static enum status
openapi(struct visit *v, struct err *err)
{
	(void)err;
	buf_add(&v->reply->body, openapi_json, openapi_json_len);
	visit_pack(v, false);
	return E_OK;
}

/* ---- routes: each is in openapi.json too ---- */

static const struct route {
	const char *method, *path;
	bool proto;		/* the client must say our protocol */
	enum status (*call)(struct visit *v, struct err *err);
} routes[] = {
	{ "GET", "/v1/ping", false, ping },
	{ "GET", "/v1/openapi.json", false, openapi },
	{ "POST", "/v1/enroll", true, enroll },
	{ "POST", "/v1/login", true, api_login },
	{ "POST", "/v1/password", true, api_password },
	{ "GET", "/v1/session", true, api_session },
	{ "GET", "/v1/wait", true, api_wait },
	{ "GET", api_schema_path, true, api_schema },
	{ "HEAD", api_blob_path, true, api_blob_head },
	{ "PUT", api_blob_path, true, api_blob_put },
	{ "GET", api_blob_path, true, api_blob_get },
	{ "GET", "/v1/offices", true, api_offices },
	{ "POST", "/v1/names", true, api_names },
	{ "GET", api_snapshot_path, true, api_snapshot },
	{ "POST", "/v1/sync", true, sync_call },
	{ "POST", "/v1/history", true, history },
	{ "POST", "/v1/audit", true, api_audit_take },
	{ "GET", "/v1/audit", true, api_audit_who },
	{ "POST", "/v1/reconcile", true, reconcile_call },
	{ "POST", "/v1/wiped", true, api_wiped },
	{ "GET", "/v1/people", true, api_people },
	{ "POST", "/v1/people/add", true, api_people_add },
	{ "POST", "/v1/people/set", true, api_people_set },
	{ "POST", "/v1/people/disable", true, api_people_disable },
	{ "POST", "/v1/people/enable", true, api_people_enable },
	{ "POST", "/v1/people/password", true, api_people_password },
	{ "POST", "/v1/people/agree", true, api_people_agree },
	{ "POST", "/v1/people/refuse", true, api_people_refuse },
	{ "GET", "/v1/devices", true, api_devices },
	{ "POST", "/v1/devices/code", true, api_devices_code },
	{ "POST", "/v1/devices/revoke", true, api_devices_revoke },
	{ "POST", "/v1/devices/allow", true, api_devices_allow },
	{ "POST", "/v1/devices/erase", true, api_devices_erase },
	{ "POST", "/v1/devices/give", true, api_devices_give },
	{ "POST", "/v1/offices/add", true, api_offices_add },
	{ "POST", "/v1/offices/rename", true, api_offices_rename },
	{ "GET", "/v1/quarantine", true, api_quarantine },
	{ "POST", "/v1/quarantine/show", true, api_quarantine_show },
	{ "POST", "/v1/quarantine/take", true, api_quarantine_take },
	{ "POST", "/v1/quarantine/dismiss", true, api_quarantine_dismiss },
	{ "POST", "/v1/numbers/lease", true, api_numbers_lease },
	{ "POST", "/v1/numbers/return", true, api_numbers_return },
};

/* What others wrote, which a program that is too old might misread. */
static bool
tells_new(const struct route *r)
{
	return r->call == api_wait || r->call == api_blob_get ||
	    r->call == history || r->call == reconcile_call ||
	    r->call == api_quarantine_show || r->call == api_snapshot;
}

bool
api_route(const char **method, const char **path, size_t i)
{
	if (i >= sizeof routes / sizeof routes[0])
		return false;
	*method = routes[i].method;
	*path = routes[i].path;
	return true;
}

/* A path that ends in '/' goes on with what is asked for. */
static bool
is_path(const char *route, const char *path)
{
	size_t len = strlen(route);

	return route[len - 1] == '/' ? strncmp(route, path, len) == 0 :
	    strcmp(route, path) == 0;
}

static const struct route *
find_route(const struct http_request *r)
{
	for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
		if (is_path(routes[i].path, r->path) &&
		    strcmp(routes[i].method, r->method) == 0)
			return &routes[i];
	}
	return NULL;
}

/* 0: there were too many in this minute, and it is not in the log. */
static int64_t
next_number(struct api *a)
{
	int64_t now = clock_mono_ms(), number = 0;

	pthread_mutex_lock(&a->lock);
	if (now - a->log_minute_at > 60000) {
		a->log_minute_at = now;
		a->logged = 0;
	}
	if (a->logged++ < API_NUMBERED)
		number = ++a->refused;
	pthread_mutex_unlock(&a->lock);
	return number;
}

/* A short number that can be read out over the telephone, and a line of the log
 * that has it: which call, which device, what was answered. */
static void
number_refusal(struct visit *v, const struct route *r)
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	int64_t number = answer_is_numbered(v->answer) ?
	    next_number(v->api) : 0;
	char by[24] = "-";

	if (number == 0)
		return;
	for (int i = 0; i < 5; i++)
		v->req[4 - i] = digits[number >> 5 * i & 31];
	if (v->device.number)
		snprintf(by, sizeof by, "D%02lld",
		    (long long)v->device.number);
	log_write(LOG_WARN, "%s: %s %s %s: %d %s", v->req, by,
	    r ? r->method : "?", r ? r->path : "?", answer_status(v->answer),
	    answer_word(v->answer));
}

bool
api_answer(void *self, const struct http_request *request,
    struct http_reply *reply)
{
	struct api *a = self;
	struct visit v = { .api = a, .ledger = a->ledger, .news = a->news,
		.signin = a->signin,
		.schema = a->schema, .bundle = &a->bundle, .min_app = a->min_app,
		.readers = a->readers, .early = a->early, .request = request,
		.reply = reply };
	const struct route *route = find_route(request);
	struct err err = ERR_INIT;

	if (!route) {
		v.answer = ANSWER_NO_CALL;
	} else if (route->proto &&
	    strcmp(request->header[HTTP_PROTO], "1") != 0) {
		v.answer = ANSWER_BAD_REQUEST;
		v.sentence = tr("This program speaks another version of the protocol.");
	} else if (tells_new(route) && visit_is_old(&v)) {
		v.answer = ANSWER_UPDATE;
	} else if (route->call(&v, &err)) {
		log_write(LOG_WARN, "%s: %s", route->path, err.msg);
		v.answer = ANSWER_INTERNAL;
		v.sentence = NULL;
	}
	if (!v.later)
		refusals_note(a->refusals, &v);
	/* Who waits is perhaps answered already, and its request gone. */
	if (v.answer && !v.later) {
		number_refusal(&v, route);
		visit_refuse(&v);
	}
	crypto_wipe(v.token, sizeof v.token);
	return !v.later;
}

void
api_stop(struct api *a)
{
	news_end(a->news);
}

void
api_rest(struct api *a)
{
	ledger_tidy(a->ledger);
}
