/*
 * Leaving in order: hand over, destroy, confirm.
 */
#include "sync/dismissal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/json.h"
#include "base/tr.h"
#include "core/wire.h"
#include "store/apply.h"
#include "store/erasure.h"
#include "store/outbox.h"
#include "store/scan.h"
#include "sync/audit.h"
#include "sync/http_client.h"
#include "sync/reconcile.h"
#include "sync/scans.h"
#include "sync/session.h"

enum {
	PUSH_BYTES = 256 * 1024,
	FORKS_MAX = 3,
};

bool
dismissal_read(struct dismissal *out, const struct transport_reply *reply)
{
	static const struct {
		const char *word;
		enum dismissal_kind kind;
	} kinds[] = {
		{ "user_disabled", DISMISSAL_USER },
		{ "office_denied", DISMISSAL_USER },
		{ "device_revoked", DISMISSAL_DEVICE },
		{ "device_wipe", DISMISSAL_ERASE },
	};
	struct dismissal d = {0};
	struct json *j = NULL;
	struct err ignored = ERR_INIT;
	const char *why, *word, *said, *epoch;

	if (reply->status != 403 || json_parse(&j, reply->body.data,
	    reply->body.len, BUF_LINE_MAX, &ignored))
		return false;
	why = json_get_text(j, "error");
	for (size_t i = 0; why && i < sizeof kinds / sizeof kinds[0]; i++) {
		if (strcmp(kinds[i].word, why) == 0)
			d.kind = kinds[i].kind;
	}
	word = json_get_text(j, "wipe");
	epoch = json_get_text(j, "se");
	said = json_get_text(j, "message");
	if (d.kind == DISMISSAL_ERASE && (!word || !*word ||
	    strlen(word) >= sizeof d.word))
		d.kind = DISMISSAL_DEVICE;	/* no order one could confirm */
	if (d.kind == DISMISSAL_ERASE)
		memcpy(d.word, word, strlen(word) + 1);
	if (epoch && strlen(epoch) < sizeof d.epoch)
		memcpy(d.epoch, epoch, strlen(epoch) + 1);
	d.at_once = json_is_true(json_get(j, "at_once"));
	(void)json_get_int(j, "acked", &d.acked);
	(void)snprintf(d.said, sizeof d.said, "%s", said ? said : "");
	json_free(j);
	if (d.kind != DISMISSAL_NONE)
		*out = d;
	return d.kind != DISMISSAL_NONE;
}

/* ---- handing over ---- */

/* One more push.  *left: something was in it. */
static enum status
push(struct transport_reply *reply, bool *left, struct store *s,
	const struct wire_hello *hello, const struct transport *net,
	struct err *err)
{
	const struct store_user *user = store_user(s);
	struct store_device d = {0};
	struct err none = ERR_INIT;
	size_t count = 0;
	bool more = false;
	struct buf body;
	enum status st = store_device_get(&d, s, err);

	buf_init(&body, BUF_BATCH_MAX);
	if (st)
		goto out;
	wire_print_hello(&body, hello);
	st = outbox_print(&body, &count, &more, s, hello->from, 0, PUSH_BYTES,
		&none);
	*left = !st;
	if (st && st != E_NOTFOUND)
		*err = none;
	else if (st)
		st = E_OK;
	else
		st = net->post(net->self, reply, &(struct transport_request){
			.path = "/v1/sync", .device_token = d.token,
			.user_token = user->token,
			.type = "application/x-ndjson", .body = body.data,
			.len = body.len, .zip = ZIP_ZSTD }, err);
out:
	crypto_wipe(&d, sizeof d);
	buf_release(&body);
	return st;
}

/* What a restored server has lost of what it had judged already; and of the
 * bytes of attachments that it once had, it may have none. */
static enum status
hand_back(struct dismissal *d, bool strange, struct store *s,
	const struct transport *net, struct err *err)
{
	struct err why = ERR_INIT;
	bool lost = false;
	enum status st = d->kind == DISMISSAL_USER ? E_OK :
		sync_hand_back(&lost, s, net, &why);

	if (lost)	/* what was said to be there was kept without it */
		d->acked = 0;
	if (st && st != E_AUTH) {	/* else: a server that takes no more */
		*err = why;
		return st;
	}
	return strange || lost ? scan_doubt(s, err) : E_OK;
}

/* A copied cache gets new numbers here, too. */
static bool
is_fork(int64_t *epoch, const struct transport_reply *reply)
{
	struct json *j = NULL;
	struct err ignored = ERR_INIT;
	const char *why;
	bool is;

	if (reply->status != 409 || json_parse(&j, reply->body.data,
	    reply->body.len, BUF_LINE_MAX, &ignored))
		return false;
	why = json_get_text(j, "error");
	is = why && strcmp(why, "device_fork") == 0 &&
		json_get_int(j, "epoch", epoch);
	json_free(j);
	return is;
}

static enum status
heed(struct dismissal *d, bool *again, struct store *s,
	struct wire_hello *hello, const struct transport_reply *reply,
	struct err *err)
{
	int64_t epoch = 0;
	enum status st;

	if (is_fork(&epoch, reply)) {
		st = apply_fork(s, epoch, err);
		return st ? st : apply_hello(hello, s, err);
	}
	*again = false;
	if (!dismissal_read(d, reply)) {
		st = session_check(reply, err);
		return st && st != E_AUTH ? st : err_set(err, E_OFFLINE,
			tr("The county has changed its mind; sync again."));
	}
	if (d->acked >= hello->from) {
		hello->from = d->acked + 1;
		*again = true;
	}
	return E_OK;
}

/* All that waits; *left: the server did not take all of it. */
static enum status
hand_over(struct dismissal *d, bool *left, struct store *s,
	const struct transport *net, struct err *err)
{
	struct wire_hello hello = {0};
	bool again = true;
	int forks = 0;
	enum status st = apply_hello(&hello, s, err);

	if (!st && d->acked >= hello.from)
		hello.from = d->acked + 1;
	while (!st && again) {
		struct transport_reply reply = {0};
		int64_t epoch = hello.epoch;

		st = push(&reply, left, s, &hello, net, err);
		if (!st && *left)
			st = heed(d, &again, s, &hello, &reply, err);
		else
			again = false;
		transport_reply_release(&reply);
		forks += hello.epoch != epoch;
		again = again && forks <= FORKS_MAX;
	}
	return st;
}

/* The bytes of attachments that are only here; what the server does not take
 * is not what it was told of. */
static enum status
hand_over_scans(const struct dismissal *d, struct store *s,
	const struct transport *net, struct err *err)
{
	const struct scans_watch all = { .all = true };
	struct scan_counts counts = {0};
	bool more = false;

	return d->kind == DISMISSAL_USER ? E_OK :
		scans_send(&counts, &more, s, net, &all, err);
}

/* Was the server restored from a backup since we met it?  Then what it had may
 * be only here. */
static enum status
is_strange(bool *out, const struct dismissal *d, struct store *s,
	struct err *err)
{
	struct store_device device = {0};
	enum status st = store_device_get(&device, s, err);

	if (!st)
		*out = d->kind == DISMISSAL_ERASE && d->epoch[0] &&
			device.server_epoch[0] &&
			strcmp(d->epoch, device.server_epoch) != 0;
	crypto_wipe(&device, sizeof device);
	return st;
}

/* ---- obeying ---- */

/* How many wait can be read without a key. */
static enum status
count_waiting(size_t *out, struct store *s, struct err *err)
{
	struct outbox_counts counts = {0};
	size_t scans = 0;
	int64_t bytes = 0;
	enum status st = outbox_count(&counts, s, err);

	if (!st)
		st = scan_waiting(&scans, &bytes, s, err);
	*out = counts.waiting + scans;
	return st;
}

/* All of it, by whoever is signed in; *left: something is only here. */
static enum status
hand_over_all(struct dismissal *d, bool *left, struct store *s,
	const struct transport *net, struct err *err)
{
	size_t waiting = 0;
	bool strange = false;
	enum status st = count_waiting(&waiting, s, err);

	if (!st)
		st = is_strange(&strange, d, s, err);
	if (st || !store_user(s)) {
		*left = strange || waiting > 0;
		return st;
	}
	st = hand_back(d, strange, s, net, err);
	if (!st)
		st = count_waiting(&waiting, s, err);
	if (!st && waiting > 0)
		st = hand_over(d, left, s, net, err);
	/* what left this cache unsent is not counted */
	if (!st && !*left)
		st = hand_over_scans(d, s, net, err);
	return st;
}

static enum status
erase(struct store *s, const struct transport *net,
	const struct dismissal *d, struct err *err)
{
	struct err later = ERR_INIT;
	enum status st = erasure_run(s, d->word, err);

	if (st)
		return st;
	if (dismissal_confirm(store_home(s), net, &later))
		return err_set(err, E_AUTH, tr("The data on this computer was "
			"erased by order of the county; the county hears of "
			"it at the next connection."));
	return err_set(err, E_AUTH, tr("The data on this computer was erased "
		"by order of the county."));
}

enum status
dismissal_obey(struct store *s, const char *user,
	const struct transport *net, const struct dismissal *d,
	struct err *err)
{
	struct dismissal now = *d;
	struct err unsent = ERR_INIT;
	bool left = false;
	enum status st = hand_over_all(&now, &left, s, net, err);

	if (st && !(now.kind == DISMISSAL_ERASE && now.at_once))
		return st;
	/* its trace is wanted too, but no reason to keep anything */
	if (store_user(s) && sync_audit(s, net, &unsent))
		unsent = (struct err)ERR_INIT;
	if (now.kind == DISMISSAL_ERASE && left && !now.at_once)
		return err_set(err, E_AUTH, tr("The county has ordered "
			"the data on this computer to be erased; what was "
			"entered and not sent goes up first: sign in."));
	if (now.kind == DISMISSAL_ERASE)
		return erase(s, net, &now, err);
	*err = (struct err)ERR_INIT;
	st = now.kind == DISMISSAL_USER ? erasure_forget(s, user, err) :
		erasure_forget_all(s, err);
	return st ? st : err_set(err, E_AUTH, "%s", now.said);
}

/* ---- confirming ---- */

enum status
dismissal_confirm(const char *home, const struct transport *net,
	struct err *err)
{
	struct transport_reply reply = {0};
	struct erasure e = {0};
	struct json *j;
	struct buf text;
	enum status st = erasure_read(&e, home, err);

	if (st || e.confirmed)
		return st;
	j = json_object();
	json_put_text(j, "device", e.device);
	json_put_text(j, "token", e.word);
	buf_init(&text, BUF_LINE_MAX);
	json_print(&text, j);
	st = net->post(net->self, &reply, &(struct transport_request){
		.path = "/v1/wiped", .type = "application/json",
		.body = text.data, .len = text.len, .zip = ZIP_NONE }, err);
	if (!st)
		st = session_check(&reply, err);
	if (!st)
		st = erasure_confirmed(home, err);
	transport_reply_release(&reply);
	buf_release(&text);
	json_free(j);
	return st;
}

enum status
dismissal_report(const char *home, struct err *err)
{
	struct http_client *http = NULL;
	struct transport net;
	struct erasure e = {0};
	char *ca = io_join(home, "ca.pem");
	enum status st = erasure_read(&e, home, err);

	if (!st && !e.confirmed)
		st = http_client_new(&http, e.server, io_exists(ca) ? ca :
			NULL, err);
	if (!st && !e.confirmed) {
		net = http_client_transport(http);
		st = dismissal_confirm(home, &net, err);
	}
	http_client_free(http);
	free(ca);
	return st;
}
