/*
 * A password for a token, with or without another password from then on.
 */
#include "server/api_login.h"

#include <string.h>

#include "base/crypto.h"
#include "base/json.h"
#include "server/signin.h"

static void
reply_signed_in(struct visit *v, const struct signin_token *t)
{
	struct json *j = json_object(), *roles = json_array();
	char share[2 * CRYPTO_KEY + 1];

	crypto_hex(share, v->device.key_share.b, CRYPTO_KEY);
	json_push(roles, json_string(t->account.role));
	json_put_text(j, "user", t->account.login);
	json_put_text(j, "name", t->account.name);
	json_put_text(j, "office", t->account.office);
	json_put(j, "roles", roles);
	json_put_text(j, "token", t->token);
	json_put_int(j, "offline_until", t->until_at);
	if (t->account.password_on)
		json_put_int(j, "password_on", t->account.password_on);
	json_put_text(j, "key_share", share);
	visit_json(v, j);
}

static bool
is_password(const char *text)
{
	return text && strlen(text) < ACCOUNT_PASSWORD_MAX;
}

static enum status
work_password(struct signin_token *t, struct visit *v, const char *user,
    const char *password, const char *after, struct err *err)
{
	enum status s = after ? signin_change(t, &v->answer, v->why,
	    v->signin, &v->device, user, password, after, err) :
	    signin_password(t, &v->answer, v->signin, &v->device, user,
	    password, err);

	if (!s && v->answer == ANSWER_PASSWORD_WEAK)
		v->sentence = v->why;
	return s;
}

/* Signing in, also with a password that is changed by it. */
static enum status
login_call(struct visit *v, bool change, struct err *err)
{
	struct signin_token t = {0};
	struct json *ask = NULL;
	const char *user, *password, *after;
	enum status s = visit_find(v, false, err);

	if (s || v->answer)
		return s;
	ask = visit_object(v);
	if (!ask)
		return E_OK;
	user = json_get_text(ask, "user");
	password = json_get_text(ask, "password");
	after = change ? json_get_text(ask, "new") : NULL;
	if (change && !is_password(after))
		v->answer = ANSWER_PASSWORD_WEAK;
	else if (!user || !is_password(password) ||
	    strlen(user) >= RECORD_NAME_MAX)
		v->answer = ANSWER_WRONG_PASSWORD;
	else
		s = work_password(&t, v, user, password, after, err);
	json_free(ask);
	if (s)
		return s;
	if (v->answer == ANSWER_LOCKED)
		v->reply->retry_after_s = t.wait_s;
	if (!v->answer)
		reply_signed_in(v, &t);
	return E_OK;
}

enum status
api_login(struct visit *v, struct err *err)
{
	return login_call(v, false, err);
}

enum status
api_password(struct visit *v, struct err *err)
{
	return login_call(v, true, err);
}
