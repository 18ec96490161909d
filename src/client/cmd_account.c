/* Commands about who: enroll, login, logout, passwd, whoami. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/io.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "client/commands.h"
#include "client/signin_words.h"
#include "core/role.h"
#include "store/audit.h"
#include "store/erasure.h"
#include "sync/dismissal.h"
#include "sync/http_client.h"
#include "sync/session.h"

enum {
	CA_BYTES_MAX = 64 * 1024,
	KEYRING_S = 8 * 3600,		/* a working day */
};

/* A cache that is registered may be so again if somebody is signed in. */
static enum status
unlock_registered(struct cli *cli, struct err *err)
{
	struct store_device d = {0};
	struct err none = ERR_INIT;
	enum status s = store_device_get(&d, cli->store, &none);

	crypto_wipe(&d, sizeof d);
	if (s == E_NOTFOUND)
		return E_OK;
	if (s)
		*err = none;
	else if (cli_unlock(cli, &none))
		*err = (struct err)ERR_INIT;	/* said by who needs it */
	return s;
}

/* A computer whose data was erased is used again once the county knows. */
static enum status
forget_erasure(const struct cli *cli, struct err *err)
{
	struct err why = ERR_INIT;
	enum status s = dismissal_report(cli->home, &why);

	if (s == E_NOTFOUND)
		return E_OK;
	if (s)
		*err = why;
	else
		erasure_drop(cli->home);
	return s;
}

static enum status
enroll(struct cli *cli, const char *url, const char *code, const char *ca,
	struct err *err)
{
	struct http_client *http = NULL;
	struct transport net;
	struct buf pem;
	enum status s;

	buf_init(&pem, CA_BYTES_MAX);
	s = http_client_new(&http, url, ca, err);
	if (!s && ca)
		s = io_read(&pem, ca, err);
	if (!s)
		s = forget_erasure(cli, err);
	if (!s)
		s = cli_store(cli, true, err);
	if (!s)
		s = unlock_registered(cli, err);
	if (!s) {
		net = http_client_transport(http);
		s = session_enroll(cli->store, &net, url, code,
			ca ? pem.data : NULL, err);
	}
	if (s == E_OFFLINE)
		s = err_set(err, E_OFFLINE, tr("No server answers at %s; "
			"nothing was registered."), url);
	buf_release(&pem);
	http_client_free(http);
	return s;
}

int
cmd_enroll(struct cli *cli, int argc, char **argv)
{
	const char *code = NULL, *ca = NULL;
	struct cli_option options[] = {
		{ .name = "code", .value = &code },
		{ .name = "cacert", .value = &ca },
		{ .name = NULL },
	};
	struct store_device d = {0};
	struct err err = ERR_INIT;
	char *typed = NULL;
	int begun = cli_begin(cli, &argc, argv, options, 1, 1);
	enum status s = E_OK;

	if (begun != CLI_GO_ON)
		return begun;
	if (!code)
		s = cli_password(&typed, cli, tr("The county's code: "), &err);
	if (!s)
		s = enroll(cli, argv[1], code ? code : typed, ca, &err);
	free(typed);
	if (!s)
		s = store_device_get(&d, cli->store, &err);
	if (s)
		return cli_fail(&err);
	if (cli->json) {
		struct json *j = json_object();

		json_put_text(j, "device", d.device);
		json_put_text(j, "office", d.office);
		json_put_text(j, "office_name", d.office_name);
		json_put_text(j, "county_name", d.county_name);
		cli_json(j);
	} else {
		cli_printf(tr("This cache now belongs to %s (%s), %s."),
			d.office_name, d.office, d.county_name);
	}
	crypto_wipe(&d, sizeof d);
	return CLI_OK;
}

/* The first sign-in of a person needs the server; later ones do not.  With the
 * server at hand it is asked anyway, so that a changed password counts.
 * offline: it was not needed; NULL, nothing else will do. */
static enum status
login(struct cli *cli, const char *user, const char *password,
	bool *offline, struct err *err)
{
	struct http_client *http = NULL;
	struct transport net;
	struct err why = ERR_INIT;
	enum status s = session_connect(&http, cli->store, err);

	if (s)
		return s;
	net = http_client_transport(http);
	s = session_login(cli->store, &net, user, password, &why);
	http_client_free(http);
	if (s == E_OFFLINE && offline) {
		*offline = true;
		s = store_unlock(cli->store, user, password, err);
		if (s == E_NOTFOUND)
			*err = why;
		return s == E_NOTFOUND ? E_OFFLINE : s;
	}
	if (s)
		*err = why;
	return s;
}

static struct json *
user_json(const struct store_user *u)
{
	struct json *j = json_object();
	char until[CLOCK_TEXT_MAX];

	clock_print(until, u->offline_until);
	json_put_text(j, "user", u->login);
	json_put_text(j, "name", u->name);
	json_put_text(j, "role", u->role);
	json_put_text(j, "office", u->office);
	json_put_text(j, "offline_until", until);
	return j;
}

/* On a terminal twice, for nobody sees what is typed. */
static enum status
ask_new(char **out, const struct cli *cli, struct err *err)
{
	char *again = NULL;
	enum status s = cli_password(out, cli, tr("New password: "), err);

	if (!s && !cli->password_stdin)
		s = cli_password(&again, cli, tr("New password again: "), err);
	if (!s && again && strcmp(*out, again) != 0)
		s = err_set(err, E_INVALID,
			tr("The two new passwords are not the same."));
	if (again)
		crypto_wipe(again, strlen(again));
	free(again);
	return s;
}

static void
forget_password(char *password)
{
	if (password)
		crypto_wipe(password, strlen(password));
	free(password);
}

static enum status
change(struct cli *cli, const char *user, const char *before,
	struct err *err)
{
	struct http_client *http = NULL;
	struct transport net;
	char *after = NULL;
	enum status s = ask_new(&after, cli, err);

	if (!s)
		s = session_connect(&http, cli->store, err);
	if (!s) {
		net = http_client_transport(http);
		s = session_password(cli->store, &net, user, before, after,
			err);
	}
	http_client_free(http);
	forget_password(after);
	return s;
}

/* A sentence about the password, on standard error; a password that must be
 * changed is, where there is somebody to ask. */
static enum status
see_to_password(struct cli *cli, const char *password, bool offline,
	struct err *err)
{
	char user[RECORD_NAME_MAX];
	struct buf words;
	enum store_password stands = store_password(cli->store,
		clock_today());
	enum status s = E_OK;

	buf_init(&words, BUF_LINE_MAX);
	signin_words(&words, cli->store, offline);
	if (words.len > 0)
		fprintf(stderr, tr("fengqiao: %s\n"), words.data);
	buf_release(&words);
	if (stands != STORE_PASSWORD_DUE && stands != STORE_PASSWORD_INITIAL)
		return E_OK;
	if (offline || cli->password_stdin)
		return E_OK;
	memcpy(user, store_user(cli->store)->login, sizeof user);
	s = change(cli, user, password, err);
	if (s == E_OFFLINE)	/* the line is gone: as if it had never been */
		s = E_OK;
	if (s)
		store_lock(cli->store);
	return s;
}

int
cmd_login(struct cli *cli, int argc, char **argv)
{
	bool offline = false, for_screens = false;
	struct cli_option options[] = {
		/* the screens' own, not in the help: the server is asked and
		 * nothing else, and nothing outlives them */
		{ .name = "ask-server", .flag = &for_screens },
		{ .name = NULL },
	};
	char *password = NULL;
	struct err err = ERR_INIT, unkept = ERR_INIT;
	const struct store_user *u;
	enum status s;
	int begun = cli_begin(cli, &argc, argv, options, 1, 1);

	if (begun != CLI_GO_ON)
		return begun;
	s = cli_store(cli, false, &err);
	if (!s)
		s = cli_password(&password, cli, tr("Password: "), &err);
	if (!s)
		s = login(cli, argv[1], password, for_screens ? NULL : &offline,
			&err);
	if (!s && !for_screens)
		s = see_to_password(cli, password, offline, &err);
	forget_password(password);
	if (s)
		return cli_fail(&err);
	u = store_user(cli->store);
	if (cli->json)
		cli_json(user_json(u));
	else
		cli_printf(offline ? tr("Signed in as %s (%s), without the "
			"server.") : tr("Signed in as %s (%s)."), u->name,
			u->login);
	if (!for_screens &&
	    store_keyring_put(cli->store, KEYRING_S, &unkept) && !cli->json)
		cli_say(unkept.msg);
	return CLI_OK;
}

int
cmd_logout(struct cli *cli, int argc, char **argv)
{
	struct err err = ERR_INIT;
	int begun = cli_begin(cli, &argc, argv, NULL, 0, 0);

	if (begun != CLI_GO_ON)
		return begun;
	cli->spares = true;
	if (cli_store(cli, false, &err))
		return cli_fail(&err);
	/* somebody who is not signed in, or a full disk, leaves all the same */
	if (!store_keyring_unlock(cli->store, &err) &&
	    audit_put(cli->store, &(struct audit_note){
	    .what = AUDIT_SIGNOUT }, &err))
		err = (struct err)ERR_INIT;
	store_keyring_drop(cli->store);
	return CLI_OK;
}

/* Whose: who is signed in on the command line, or --user. */
static enum status
whose(char out[RECORD_NAME_MAX], struct cli *cli, struct err *err)
{
	enum status s = E_OK;

	if (cli->user && strlen(cli->user) >= RECORD_NAME_MAX)
		return err_set(err, E_INVALID, tr("A value is too long."));
	if (!cli->user)
		s = store_keyring_unlock(cli->store, err);
	if (!s)
		(void)snprintf(out, RECORD_NAME_MAX, "%s", cli->user ?
			cli->user : store_user(cli->store)->login);
	return s;
}

int
cmd_passwd(struct cli *cli, int argc, char **argv)
{
	char *before = NULL, user[RECORD_NAME_MAX] = "";
	struct err err = ERR_INIT;
	enum status s;
	int begun = cli_begin(cli, &argc, argv, NULL, 0, 0);

	if (begun != CLI_GO_ON)
		return begun;
	s = cli_store(cli, false, &err);
	if (!s)
		s = whose(user, cli, &err);
	if (!s)
		s = cli_password(&before, cli, tr("Password now: "), &err);
	if (!s)
		s = change(cli, user, before, &err);
	forget_password(before);
	if (s)
		return cli_fail(&err);
	cli_say(tr("The password was changed. Your other computers ask for the "
		"new one at their next contact with the county."));
	return CLI_OK;
}

int
cmd_whoami(struct cli *cli, int argc, char **argv)
{
	struct err err = ERR_INIT;
	const struct store_user *u;
	int begun = cli_begin(cli, &argc, argv, NULL, 0, 0);

	if (begun != CLI_GO_ON)
		return begun;
	if (cli_unlock(cli, &err))
		return cli_fail(&err);
	u = store_user(cli->store);
	if (cli->json)
		cli_json(user_json(u));
	else
		cli_printf(tr("%s (%s), %s, %s"), u->name, u->login,
			role_words(u->role), u->office);
	return CLI_OK;
}
