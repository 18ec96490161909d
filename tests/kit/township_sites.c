/*
 * Caches of a township: registered, copied, crashed, damaged; see township.h.
 */
#include "kit/township.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/mem.h"
#include "db/db.h"
#include "kit/check.h"
#include "kit/files.h"
#include "kit/mold.h"
#include "kit/passwords.h"
#include "server/device.h"
#include "server/stick_make.h"
#include "store/erasure.h"
#include "store/inside.h"
#include "sync/session.h"
#include "sync/stick.h"

static struct site *
add_site(struct township *t, const char *office, const char *login,
	const struct schema *schema)
{
	struct site *site = mem_alloc(1, sizeof *site);

	assert_true(t->count < TOWNSHIP_SITES);
	snprintf(site->home, sizeof site->home, "%s/site%zu", t->dir, t->count);
	snprintf(site->office, sizeof site->office, "%s", office);
	snprintf(site->login, sizeof site->login, "%s", login);
	site->schema = schema ? schema : t->schema;
	site->net.town = t;
	site->net.app = WIRE_APP;
	t->sites[t->count++] = site;
	return site;
}

void
site_sign_in(struct site *site, const char *login)
{
	struct transport net = site_transport(site);
	unsigned who = township_person(login);
	unsigned n = site->net.town->passwords[who];
	char text[PASSWORDS_TEXT_MAX];
	struct err err = ERR_INIT;

	/* the same person again is fine */
	if (login != site->login)
		snprintf(site->login, sizeof site->login, "%s", login);
	passwords_text(text, n);
	kit_check(session_login(site->s, &net, login, text, &err), &err);
	site->opens_with[who] = site->signed_in_with = n;
}

static enum status
enroll(struct site *site, struct err *err)
{
	struct township *t = site->net.town;
	struct transport net = site_transport(site);
	char code[DEVICE_CODE_TEXT + 1] = "";
	struct db *db = NULL;

	kit_check(ledger_begin(&db, t->ledger, err), err);
	kit_check(device_make_code(code, db, site->office, err), err);
	kit_check(ledger_end(t->ledger, E_OK, err), err);
	return session_enroll(site->s, &net, "https://localhost", code, NULL,
		err);
}

bool
site_enroll_again(struct site *site)
{
	struct err err = ERR_INIT;
	enum status s = enroll(site, &err);

	if (s != E_CONFLICT)
		kit_check(s, &err);
	return !s;
}

void
site_renew(struct site *site)
{
	struct err err = ERR_INIT;

	store_close(site->s);
	site->s = NULL;
	erasure_drop(site->home);
	(void)mold_cache(site->home);
	kit_check(store_open(&site->s, site->home, true, site->schema, &err), &err);
	kit_check(enroll(site, &err), &err);
	site_sign_in(site, site->login);
}

struct site *
township_site(struct township *t, const char *office, const char *login,
	const struct schema *schema)
{
	struct site *site = add_site(t, office, login, schema);

	site_renew(site);
	return site;
}

static void
open_site(struct site *site)
{
	struct err err = ERR_INIT;
	char text[PASSWORDS_TEXT_MAX];

	passwords_text(text, site->opens_with[township_person(site->login)]);
	kit_check(store_open(&site->s, site->home, false, site->schema, &err),
		&err);
	kit_check(store_unlock(site->s, site->login, text, &err), &err);
}

void
site_reopen(struct site *site)
{
	store_close(site->s);
	site->s = NULL;
	open_site(site);
}

/* The files as they lie while they are open. */
void
site_crash(struct site *site)
{
	char *lies = mem_printf("%s-lies", site->home);
	char *log = mem_printf("%s/cache.db-wal", site->home);
	char *index = mem_printf("%s/cache.db-shm", site->home);

	files_copy_folder(site->home, lies);
	store_close(site->s);
	site->s = NULL;
	/* into the same files: it is the same place on the same disk */
	files_remove(log);
	files_remove(index);
	files_copy_folder(lies, site->home);
	files_remove(lies);
	open_site(site);
	free(lies);
	free(log);
	free(index);
}

bool
site_lose(struct site *site, const struct uuid *id)
{
	struct db_stmt *q = NULL;
	struct err err = ERR_INIT;
	bool row = false;

	kit_check(db_prepare(&q, site->s->db, "SELECT 1 FROM outbox WHERE id = ?"
		" AND state <> ?", &err), &err);
	db_bind_blob(q, 1, id->b, sizeof id->b);
	db_bind_int(q, 2, OUTBOX_DONE);
	kit_check(db_step(q, &row, &err), &err);
	db_finish(q);
	if (row)
		return false;
	kit_check(store_begin(site->s, &err), &err);
	kit_check(db_prepare(&q, site->s->db, "DELETE FROM member WHERE id = ?",
		&err), &err);
	db_bind_blob(q, 1, id->b, sizeof id->b);
	kit_check(db_run(q, &err), &err);
	db_finish(q);
	kit_check(row_drop(site->s, id, &err), &err);
	kit_check(store_commit(site->s, &err), &err);
	site->lost = true;
	return true;
}

#define STICK_WORD "ABCDEFGHJKLMNPQRSTUV"

bool
township_stick(char out[TOWNSHIP_STICK_MAX], struct township *t,
	const struct site *site)
{
	struct stick_making *w = mem_alloc(1, sizeof *w);
	struct store_device d = {0};
	struct err err = ERR_INIT;
	enum status s;

	kit_check(store_device_get(&d, site->s, &err), &err);
	s = stick_gather(w, t->ledger, t->renewed ? t->newer : t->schema,
		t->dir, d.device, &err);
	if (s != E_NOTFOUND)
		kit_check(s, &err);
	if (!s) {
		snprintf(out, TOWNSHIP_STICK_MAX, "%s/stick%u", t->dir,
			++t->sticks);
		assert_int_equal(mkdir(out, 0700), 0);
		kit_check(stick_write(w, STICK_WORD, out, &err), &err);
	}
	stick_making_release(w);
	free(w);
	return !s;
}

enum status
site_load_stick(struct site *site, const char *stick, struct err *err)
{
	struct stick_counts counts = {0};

	return stick_load(&counts, site->s, stick, STICK_WORD, err);
}

struct site *
township_copy(struct township *t, const struct site *site)
{
	struct site *copy = add_site(t, site->office, site->login,
		site->schema);

	t->copies++;
	files_copy_folder(site->home, copy->home);
	copy->lost = site->lost;
	memcpy(copy->opens_with, site->opens_with, sizeof copy->opens_with);
	copy->signed_in_with = site->signed_in_with;
	open_site(copy);
	return copy;
}
