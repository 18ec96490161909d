/*
 * The commands of a first day: init, offices, users, enrolment codes.
 */
#include "server/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/io.h"
#include "base/json.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "core/password.h"
#include "db/db.h"
#include "server/account.h"
#include "server/account_password.h"
#include "server/command_desk.h"
#include "server/command_grant.h"
#include "server/command_password.h"
#include "server/command_print.h"
#include "server/device.h"
#include "server/grant.h"
#include "server/ledger.h"

/* ---- init ---- */

static enum status
copy_text(char *out, size_t size, const char *text, struct err *err)
{
	size_t len = strlen(text);

	if (len >= size)
		return err_set(err, E_INVALID, tr("A value is too long."));
	memcpy(out, text, len + 1);
	return E_OK;
}

static enum status
write_pem(const char *dir, const char *name, const struct buf *pem,
    struct err *err)
{
	char *path = io_join(dir, name);
	enum status s = io_write(path, pem->data, pem->len, err);

	free(path);
	return s;
}

static enum status
make_certificates(const struct command_args *a, struct err *err)
{
	static const char *const here[] = { "localhost", "127.0.0.1" };
	struct buf ca_key, ca, key, cert;
	enum status s;

	buf_init(&ca_key, TLS_PEM_MAX);
	buf_init(&ca, TLS_PEM_MAX);
	buf_init(&key, TLS_PEM_MAX);
	buf_init(&cert, TLS_PEM_MAX);
	s = tls_make_authority(&ca_key, &ca, "Fengqiao CA", err);
	if (!s)
		s = tls_make_server(&key, &cert, ca_key.data, ca.data,
		    a->host_count ? a->hosts : here,
		    a->host_count ? a->host_count : 2, err);
	if (!s)
		s = write_pem(a->data, "ca.key", &ca_key, err);
	if (!s)
		s = write_pem(a->data, "ca.pem", &ca, err);
	if (!s)
		s = write_pem(a->data, "server.key", &key, err);
	if (!s)
		s = write_pem(a->data, "server.pem", &cert, err);
	crypto_wipe(ca_key.data, ca_key.len);
	crypto_wipe(key.data, key.len);
	buf_release(&ca_key);
	buf_release(&ca);
	buf_release(&key);
	buf_release(&cert);
	return s;
}

/* What an interrupted or refused init has made; a ledger that was there before
 * is never touched. */
static void
remove_made(const char *dir)
{
	static const char *const names[] = { "ledger.db", "epoch", "ca.key",
		"ca.pem", "server.key", "server.pem" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char *path = io_join(dir, names[i]);

		(void)unlink(path);
		free(path);
	}
}

enum status
command_init(const struct command_args *a, struct err *err)
{
	struct ledger_county county = {0};
	char *ca = io_join(a->data, "ca.pem");
	enum status s = copy_text(county.code, sizeof county.code, a->county,
	    err);

	if (!s)
		s = copy_text(county.name, sizeof county.name, a->name, err);
	if (!s)
		s = ledger_create(a->data, &county, err);
	if (s)
		goto out;
	s = make_certificates(a, err);
	if (s) {
		remove_made(a->data);
		goto out;
	}
	if (a->json) {
		struct json *j = json_object();

		json_put_text(j, "data", a->data);
		json_put_text(j, "ca", ca);
		command_print_json(j);
	} else {
		printf(tr("Made. Clients need %s.\n"), ca);
	}
out:
	free(ca);
	return s;
}

/* ---- offices ---- */

enum status
command_office_add(const struct command_args *a, struct err *err)
{
	struct office office = {0};
	struct command_desk w = { .args = a };
	enum status s = copy_text(office.code, sizeof office.code, a->plain[0],
	    err);

	if (!s)
		s = copy_text(office.name, sizeof office.name, a->plain[1],
		    err);
	if (s)
		return s;
	s = command_desk_change(&w, err);
	if (!s)
		s = office_add(w.db, &office, err);
	s = command_desk_close(&w, s, err);
	if (!s && a->json) {
		struct json *j = json_object();

		json_put_text(j, "office", office.code);
		command_print_json(j);
	}
	return s;
}

enum status
command_office_rename(const struct command_args *a, struct err *err)
{
	struct command_desk w = { .args = a };
	enum status s = command_desk_change(&w, err);

	if (!s)
		s = office_rename(w.db, a->plain[0], a->plain[1], err);
	return command_desk_close(&w, s, err);
}

enum status
command_office_list(const struct command_args *a, struct err *err)
{
	struct office *list = NULL;
	struct command_desk w = { .args = a };
	size_t count = 0;
	enum status s = command_desk_read(&w, err);

	if (!s)
		s = office_list(&list, &count, w.db, err);
	s = command_desk_close(&w, s, err);
	for (size_t i = 0; !s && i < count; i++) {
		struct json *j;

		if (!a->json) {
			printf("%*s", 2 * (int)office_depth(list, count, i),
			    "");
			command_print_cell(list[i].code, 20);
			command_print_cell(list[i].name, 0);
			putchar('\n');
			continue;
		}
		j = json_object();
		json_put_text(j, "office", list[i].code);
		json_put_text(j, "name", list[i].name);
		json_put_bool(j, "county", list[i].county);
		json_put_int(j, "depth", (int64_t)office_depth(list, count, i));
		command_print_json(j);
	}
	free(list);
	return s;
}

/* ---- the county ---- */

enum status
command_county_set(const struct command_args *a, struct err *err)
{
	struct command_desk w = { .args = a };
	const char *text = a->password_days;
	int days = -1;
	enum status s;

	if (*text && strlen(text) < 6 &&
	    strspn(text, "0123456789") == strlen(text))
		days = (int)strtol(text, NULL, 10);
	s = command_desk_change(&w, err);
	if (!s)
		s = account_password_set_days(w.db, days, err);
	return command_desk_close(&w, s, err);
}

/* ---- users ---- */

static enum status
read_verifier(char out[128], const char *login, struct err *err)
{
	char password[ACCOUNT_PASSWORD_MAX] = "";
	enum status s = command_read_password(password, err);

	if (!s)
		s = password_check(password, login, err);
	if (!s)
		s = account_make_verifier(out, password, err);
	crypto_wipe(password, sizeof password);
	return s;
}

static const char *
asker(const struct command_args *a)
{
	return a->by ? a->by : "";
}

enum status
command_user_add(const struct command_args *a, struct err *err)
{
	struct account account = {0};
	struct command_desk w = { .args = a };
	int64_t waits = 0;
	enum status s = copy_text(account.login, sizeof account.login,
	    a->plain[0], err);

	if (!s)
		s = copy_text(account.name, sizeof account.name, a->name, err);
	if (!s)
		s = copy_text(account.office, sizeof account.office, a->office,
		    err);
	if (!s)
		s = copy_text(account.role, sizeof account.role, a->role, err);
	if (!s)
		s = read_verifier(account.verifier, account.login, err);
	if (s)
		return s;
	s = command_begin_by(&w, err);
	if (!s)
		s = grant_add(&waits, w.db, &account, asker(a), err);
	if (!s && a->lasting)
		s = account_password_lasts(w.db, account.login, err);
	s = command_desk_close(&w, s, err);
	if (!s && a->json) {
		struct json *j = json_object();

		json_put_text(j, "user", account.login);
		if (waits)
			json_put_int(j, "waits", waits);
		command_print_json(j);
	} else if (!s) {
		command_say_waits(a, waits);
	}
	return s;
}

enum status
command_user_passwd(const struct command_args *a, struct err *err)
{
	struct command_desk w = { .args = a };
	char verifier[128];
	enum status s = read_verifier(verifier, a->plain[0], err);

	if (s)
		return s;
	s = command_desk_change(&w, err);
	if (!s)
		s = account_set_verifier(w.db, a->plain[0], verifier, err);
	if (!s && a->lasting)
		s = account_password_lasts(w.db, a->plain[0], err);
	return command_desk_close(&w, s, err);
}

enum status
command_user_disable(const struct command_args *a, struct err *err)
{
	struct command_desk w = { .args = a };
	enum status s = command_desk_change(&w, err);

	if (!s)
		s = account_disable(w.db, a->plain[0], err);
	return command_desk_close(&w, s, err);
}

enum status
command_user_enable(const struct command_args *a, struct err *err)
{
	struct command_desk w = { .args = a };
	int64_t waits = 0;
	enum status s = command_begin_by(&w, err);

	if (!s)
		s = grant_open(&waits, w.db, a->plain[0], asker(a), err);
	s = command_desk_close(&w, s, err);
	if (!s)
		command_say_waits(a, waits);
	return s;
}

enum status
command_user_set(const struct command_args *a, struct err *err)
{
	struct command_desk w = { .args = a };
	int64_t waits = 0;
	enum status s = command_begin_by(&w, err);

	if (!s)
		s = grant_change(&waits, w.db, a->plain[0], a->name, a->role,
		    a->office, asker(a), err);
	s = command_desk_close(&w, s, err);
	if (!s)
		command_say_waits(a, waits);
	return s;
}

/* ---- enrolment ---- */

enum status
command_enroll_code(const struct command_args *a, struct err *err)
{
	struct command_desk w = { .args = a };
	char code[DEVICE_CODE_TEXT + 1] = "";
	enum status s = command_desk_change(&w, err);

	if (!s)
		s = device_make_code(code, w.db, a->office, err);
	s = command_desk_close(&w, s, err);
	if (!s && a->json) {
		struct json *j = json_object();

		json_put_text(j, "code", code);
		json_put_text(j, "office", a->office);
		json_put_int(j, "hours", DEVICE_CODE_HOURS);
		command_print_json(j);
	} else if (!s) {
		puts(code);
	}
	return s;
}
