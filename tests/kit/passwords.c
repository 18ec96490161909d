/*
 * Passwords of a township.
 */
#include "kit/passwords.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "server/account.h"
#include "sync/session.h"

void
passwords_text(char out[PASSWORDS_TEXT_MAX], unsigned n)
{
	if (n == 0)
		snprintf(out, PASSWORDS_TEXT_MAX, "%s", TOWNSHIP_PASSWORD);
	else
		snprintf(out, PASSWORDS_TEXT_MAX, "correct horse %u", n + 1);
}

bool
passwords_old(const struct site *site)
{
	return site->signed_in_with !=
		site->net.town->passwords[township_person(site->login)];
}

void
passwords_follow(struct site *site)
{
	if (!passwords_old(site))
		return;
	site_fault(site, NET_FINE, 0);
	site_sign_in(site, site->login);
}

/* ---- by the county ---- */

static void
set_password(struct township *t, const char *login)
{
	unsigned *n = &t->passwords[township_person(login)];
	char text[PASSWORDS_TEXT_MAX], verifier[128];
	struct db *db = NULL;
	struct err err = ERR_INIT;
	enum status s;

	*n = ++t->password_count;
	passwords_text(text, *n);
	s = account_make_verifier(verifier, text, &err);
	if (!s)
		s = ledger_begin(&db, t->ledger, &err);
	if (!s)
		s = account_set_verifier(db, login, verifier, &err);
	if (db)
		s = ledger_end(t->ledger, s, &err);
	if (s)
		fail_msg("%s", err.msg);
}

/* ---- by its owner ---- */

/* Is this the password by now, as the county has it? */
static bool
is_password(struct township *t, const char *login, const char *text)
{
	struct account a = {0};
	struct db *db = NULL;
	struct err err = ERR_INIT;
	enum status s = ledger_begin_read(&db, t->ledger, &err);

	if (!s)
		s = account_get(&a, db, login, &err);
	if (s)
		fail_msg("%s", err.msg);
	ledger_end_read(t->ledger);
	return crypto_password_verify(a.verifier, text, &err) == E_OK;
}

/* Over a bad line it is perhaps changed at the county and not here. */
static void
change_password(struct clerks *m, struct site *site)
{
	struct township *t = &m->t;
	unsigned who = township_person(site->login);
	unsigned n = ++t->password_count;
	struct transport net = site_transport(site);
	char before[PASSWORDS_TEXT_MAX], after[PASSWORDS_TEXT_MAX];
	struct err err = ERR_INIT;
	enum status s;

	passwords_text(before, t->passwords[who]);
	passwords_text(after, n);
	site_fault(site, (enum net_fault)clerks_pick(m, NET_FAULTS), 1);
	site->net.cut = clerks_pick(m, 100000);
	s = session_password(site->s, &net, site->login, before, after, &err);
	site_fault(site, NET_FINE, 0);
	buf_printf(&m->trace, "%zu changes the password: %s\n",
		clerks_number(m, site), s ? err.msg : "");
	if (is_password(t, site->login, after))
		t->passwords[who] = n;
	else if (!s)
		fail_msg("The password was changed here alone.");
	if (!s)
		site->opens_with[who] = site->signed_in_with = n;
}

/* ---- chance ---- */

void
passwords_step(struct clerks *m, struct site *site)
{
	if (site == m->asleep)
		return;
	switch (clerks_pick(m, 60)) {
	case 0:
		set_password(&m->t, site->login);
		clerks_told(m, site, "gets another password", NULL, E_OK);
		break;
	case 1:
		change_password(m, site);
		break;
	default:
		break;
	}
}
