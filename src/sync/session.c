/*
 * Enrolling a device, signing in with the server, and what an answer that is
 * not 200 means.
 */
#include "sync/session.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/password.h"
#include "store/apply.h"
#include "sync/dismissal.h"
#include "sync/http_client.h"

enum { REQ_MAX = 16 };		/* characters of a refusal's number */

static const char ca_name[] = "ca.pem";

enum status
session_check(const struct transport_reply *reply, struct err *err)
{
	static const struct {
		int from, to;
		enum status code;
	} meaning[] = {
		{ 401, 403, E_AUTH }, { 409, 410, E_CONFLICT },
		{ 429, 429, E_OFFLINE }, { 400, 499, E_INVALID },
		{ 500, 599, E_OFFLINE },
	};
	struct json *j = NULL;
	struct err ignored = ERR_INIT;
	const char *sentence = NULL, *word = NULL, *req = NULL;
	enum status code = E_INVALID;

	if (reply->status == 200)
		return E_OK;
	for (size_t i = 0; i < sizeof meaning / sizeof *meaning; i++) {
		if (reply->status >= meaning[i].from &&
		    reply->status <= meaning[i].to) {
			code = meaning[i].code;
			break;
		}
	}
	if (json_parse(&j, reply->body.data, reply->body.len, BUF_LINE_MAX,
	    &ignored) == E_OK) {
		sentence = json_get_text(j, "message");
		word = json_get_text(j, "error");
		req = json_get_text(j, "req");
	}
	/* what is entered waits, as it does when nobody answers */
	if (word && strcmp(word, "device_unknown") == 0)
		code = E_OFFLINE;
	if (sentence && *sentence && req && strlen(req) <= REQ_MAX)
		err_set(err, code, tr("%s (No. %s)"), sentence, req);
	else if (sentence && *sentence)
		err_set(err, code, "%s", sentence);
	else if (reply->status == 413)
		err_set(err, code, tr("Something on the way to the server takes "
			"no requests of this size; tell whoever runs the line."));
	else
		err_set(err, code, tr("The server refused (status %d)."),
			reply->status);
	json_free(j);
	return code;
}

/* Post a JSON object, check the status, parse the JSON object that answers.
 * *sent_away is set when the answer is that. */
static enum status
call(struct json **out, int64_t *server_at, struct dismissal *sent_away,
	const struct transport *net, const char *path, const char *device_token, const struct json *body,
	struct err *err)
{
	struct transport_reply reply = {0};
	struct buf text;
	enum status s;

	buf_init(&text, BUF_LINE_MAX);
	json_print(&text, body);
	s = net->post(net->self, &reply, &(struct transport_request){
		.path = path, .device_token = device_token,
		.type = "application/json", .body = text.data,
		.len = text.len, .zip = ZIP_NONE }, err);
	crypto_wipe(text.data, text.len);
	buf_release(&text);
	if (s)
		return s;
	(void)dismissal_read(sent_away, &reply);
	s = session_check(&reply, err);
	if (!s)
		s = json_parse(out, reply.body.data, reply.body.len,
			BUF_LINE_MAX, err);
	*server_at = reply.server_at;
	transport_reply_release(&reply);
	return s;
}

/* Copy a text member; false if it is absent or too long. */
static bool
take_text(char *out, size_t size, const struct json *j, const char *name)
{
	const char *text = json_get_text(j, name);

	if (!text || strlen(text) >= size)
		return false;
	memcpy(out, text, strlen(text) + 1);
	return true;
}

static bool
take_key(struct crypto_key *out, const struct json *j)
{
	const char *hex = json_get_text(j, "key_share");

	return hex && crypto_unhex(out->b, sizeof out->b, hex);
}

static enum status
strange_answer(struct err *err)
{
	return err_set(err, E_INVALID, tr("The server's answer is incomplete; "
		"nothing was changed."));
}

/* What enrolling answers. */
static enum status
read_enrolled(struct store_device *d, struct crypto_key *share,
	const struct json *j, struct err *err)
{
	if (!take_text(d->device, sizeof d->device, j, "device") ||
	    !take_text(d->token, sizeof d->token, j, "token") ||
	    !take_text(d->office, sizeof d->office, j, "office") ||
	    !take_text(d->office_name, sizeof d->office_name, j,
		"office_name") ||
	    !take_text(d->county_name, sizeof d->county_name, j,
		"county_name") ||
	    !take_text(d->server_epoch, sizeof d->server_epoch, j,
		"server_epoch") ||
	    !json_get_int(j, "epoch", &d->epoch) || !take_key(share, j))
		return strange_answer(err);
	(void)json_get_int(j, "number", &d->number);
	return E_OK;
}

static enum status
keep_authority(struct store *s, const char *ca_pem, struct err *err)
{
	char *path = ca_pem ? io_join(store_home(s), ca_name) : NULL;
	enum status st = ca_pem ? io_write(path, ca_pem, strlen(ca_pem), err) :
		E_OK;

	free(path);
	return st;
}

/* A registered cache names itself: only a server that does not know it takes
 * it.  Its data key is wrapped anew, so somebody has to be signed in. */
static enum status
name_itself(bool *again, struct json *ask, struct store_device *was,
	struct store *s, struct err *err)
{
	struct err none = ERR_INIT;
	enum status st = store_device_get(was, s, &none);

	if (st == E_NOTFOUND)
		return E_OK;
	if (st)
		*err = none;
	else if (!store_user(s))
		st = err_set(err, E_AUTH, tr("This computer is registered "
			"already; to register it again, with a server that "
			"does not know it any more, sign in first."));
	if (st)
		return st;
	*again = true;
	json_put_text(ask, "device", was->device);
	json_put_text(ask, "office", was->office);
	json_put_int(ask, "number", was->number);
	return E_OK;
}

/* Another county's server would hear what is this county's. */
static enum status
check_again(const struct store_device *d, const struct store_device *was,
	struct err *err)
{
	if (strcmp(d->device, was->device) == 0 &&
	    strcmp(d->county_name, was->county_name) == 0)
		return E_OK;
	return err_set(err, E_CONFLICT, tr("This computer is registered "
		"already, with another county."));
}

enum status
session_enroll(struct store *s, const struct transport *net,
	const char *server, const char *code, const char *ca_pem,
	struct err *err)
{
	struct json *ask = json_object(), *j = NULL;
	struct store_device d = {0}, was = {0};
	struct crypto_key share = {0};
	struct dismissal never = {0};
	char machine[64] = "";
	int64_t server_at = 0;
	bool again = false;
	enum status st = E_OK;

	if (strlen(server) >= sizeof d.server)
		st = err_set(err, E_INVALID,
			tr("The server's address is too long."));
	if (gethostname(machine, sizeof machine - 1) != 0)
		machine[0] = 0;
	json_put_text(ask, "code", code);
	json_put_text(ask, "machine", machine);
	if (!st)
		st = name_itself(&again, ask, &was, s, err);
	if (!st)
		st = call(&j, &server_at, &never, net, "/v1/enroll", NULL, ask,
			err);
	if (!st)
		st = read_enrolled(&d, &share, j, err);
	if (!st && again)
		st = check_again(&d, &was, err);
	if (!st)
		st = keep_authority(s, ca_pem, err);
	if (!st) {
		memcpy(d.server, server, strlen(server) + 1);
		st = (again ? store_enroll_again : store_enroll)(s, &d, &share,
			err);
	}
	crypto_wipe(&share, sizeof share);
	crypto_wipe(&d, sizeof d);
	crypto_wipe(&was, sizeof was);
	json_free(ask);
	json_free(j);
	return st;
}

/* The password may open what waits to be handed over. */
static enum status
leave(struct store *s, const struct transport *net, const char *user,
	const char *password, const struct dismissal *d, struct err *err)
{
	struct err ignored = ERR_INIT;
	int lock = -1;
	enum status st;

	*err = (struct err)ERR_INIT;
	st = apply_lock(&lock, s, err);
	if (st)
		return st;
	if (store_unlock(s, user, password, &ignored))
		ignored = (struct err)ERR_INIT;
	st = dismissal_obey(s, user, net, d, err);
	store_lock(s);
	apply_unlock(lock);
	return st;
}

static enum status
read_signed_in(struct store_user *u, struct crypto_key *share,
	const struct json *j, struct err *err)
{
	const char *role = json_text(json_first(json_get(j, "roles")));

	if (!take_text(u->login, sizeof u->login, j, "user") ||
	    !take_text(u->name, sizeof u->name, j, "name") ||
	    !take_text(u->office, sizeof u->office, j, "office") ||
	    !take_text(u->token, sizeof u->token, j, "token") ||
	    !json_get_int(j, "offline_until", &u->offline_until) ||
	    !role || strlen(role) >= sizeof u->role || !take_key(share, j))
		return strange_answer(err);
	memcpy(u->role, role, strlen(role) + 1);
	(void)json_get_int(j, "password_on", &u->password_on);
	return E_OK;
}

/* after: NULL, the password stays. */
static enum status
sign_in(struct store *s, const struct transport *net, const char *user,
	const char *password, const char *after, struct err *err)
{
	struct json *ask = json_object(), *j = NULL;
	struct store_device d = {0};
	struct store_user u = {0};
	struct crypto_key share = {0};
	struct dismissal sent_away = {0};
	int64_t server_at = 0;
	enum status st;

	st = store_device_get(&d, s, err);
	if (st)
		goto out;
	json_put_text(ask, "user", user);
	json_put_text(ask, "password", password);
	if (after)
		json_put_text(ask, "new", after);
	st = call(&j, &server_at, &sent_away, net, after ? "/v1/password" :
		"/v1/login", d.token, ask, err);
	if (sent_away.kind != DISMISSAL_NONE)
		st = leave(s, net, user, password, &sent_away, err);
	if (!st)
		st = read_signed_in(&u, &share, j, err);
	if (!st)
		st = after ? store_admit_changed(s, &u, after, &share, err) :
			store_admit(s, &u, password, &share, err);
	if (!st && server_at > 0) {
		st = store_hear(s, server_at, err);
		store_heed_clock(s);
	}
out:
	crypto_wipe(&share, sizeof share);
	crypto_wipe(&u, sizeof u);
	crypto_wipe(&d, sizeof d);
	json_free(ask);
	json_free(j);
	return st;
}

enum status
session_login(struct store *s, const struct transport *net,
	const char *user, const char *password, struct err *err)
{
	return sign_in(s, net, user, password, NULL, err);
}

enum status
session_password(struct store *s, const struct transport *net,
	const char *user, const char *before, const char *after,
	struct err *err)
{
	struct err why = ERR_INIT;
	enum status st = password_check(after, user, err);

	if (st)
		return st;
	st = sign_in(s, net, user, before, after, &why);
	if (st == E_OFFLINE)
		return err_set(err, st, tr("The server did not answer, so the "
			"password stays: only there it is changed. Should it "
			"be refused from now on, the new one has arrived."));
	if (st)
		*err = why;
	return st;
}

bool
session_password_changed(const struct transport_reply *reply)
{
	struct json *j = NULL;
	struct err ignored = ERR_INIT;
	const char *word;
	bool is;

	if (reply->status != 401 || json_parse(&j, reply->body.data,
	    reply->body.len, BUF_LINE_MAX, &ignored))
		return false;
	word = json_get_text(j, "error");
	is = word && strcmp(word, "password_changed") == 0;
	json_free(j);
	return is;
}

enum status
session_connect(struct http_client **out, struct store *s, struct err *err)
{
	struct store_device d = {0};
	char *ca = io_join(store_home(s), ca_name);
	enum status st;

	st = store_device_get(&d, s, err);
	if (!st)
		st = http_client_new(out, d.server, io_exists(ca) ? ca : NULL,
			err);
	crypto_wipe(&d, sizeof d);
	free(ca);
	return st;
}
