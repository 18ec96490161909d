/* What befalls a computer; see mishaps.h. */
#include "kit/mishaps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "db/db_fail.h"
#include "kit/check.h"
#include "kit/passwords.h"
#include "kit/succession.h"
#include "server/device_end.h"
#include "store/erasure.h"
#include "sync/dismissal.h"

enum {
	GATEWAY_BYTES = 20 * 1024,	/* one entry fits: a long text, before
					 * and after */
	EDITS = 8,
};

/* ---- erased ---- */

static void
order(struct township *t, const struct site *site)
{
	struct store_device d = {0};
	struct db *db = NULL;
	struct err err = ERR_INIT;
	struct uuid id;
	enum status s;

	kit_check(store_device_get(&d, site->s, &err), &err);
	assert_true(uuid_parse(&id, d.device));
	kit_check(ledger_begin(&db, t->ledger, &err), &err);
	s = device_erase(db, &id, false, &err);
	kit_check(ledger_end(t->ledger, s, &err), &err);
}

/* It hears of it; is it erased? */
static bool
obeys(struct clerks *m, struct site *site)
{
	struct erasure e = {0};
	struct err err = ERR_INIT, none = ERR_INIT;
	int fault = site->net.times > 0 ? (int)site->net.fault : NET_FINE;
	enum status s = site_sync(site, NULL, &err);

	buf_printf(&m->trace, "%zu is to be erased, line %d: %s\n",
		clerks_number(m, site), fault, err.msg);
	if (s == E_OK)
		fail_msg("site %zu is to be erased and goes on",
			clerks_number(m, site));
	s = erasure_read(&e, site->home, &none);
	if (s != E_NOTFOUND)
		kit_check(s, &none);
	return s == E_OK;
}

/* The county hears of it, and forgets the device perhaps. */
static void
confirm(struct clerks *m, struct site *site)
{
	struct transport net = site_transport(site);
	struct erasure e = {0};
	struct db *db = NULL;
	struct err err = ERR_INIT;
	struct uuid id;
	enum status s;

	kit_check(erasure_read(&e, site->home, &err), &err);
	assert_true(uuid_parse(&id, e.device));
	site_fault(site, NET_FINE, 0);
	kit_check(dismissal_confirm(site->home, &net, &err), &err);
	if (clerks_pick(m, 2))
		return;
	kit_check(ledger_begin(&db, m->t.ledger, &err), &err);
	s = device_remove(db, &id, &err);
	kit_check(ledger_end(m->t.ledger, s, &err), &err);
}

/* ---- on a stick ---- */

static void
send_stick(struct clerks *m, struct site *site)
{
	db_fail_after(0);
	if (!township_stick(m->stick, &m->t, site))
		return;
	m->stick_for = site;
	clerks_told(m, site, "is sent a stick", NULL, E_OK);
}

/* Of a server that was restored meanwhile it is another one's. */
static void
take_stick(struct clerks *m)
{
	struct site *site = m->stick_for;
	struct err err = ERR_INIT;
	enum status s = site_load_stick(site, m->stick, &err);

	m->stick_for = NULL;
	buf_printf(&m->trace, "%zu has its stick: %s\n",
		clerks_number(m, site), err.msg);
	if (m->t.restored == 0)
		kit_check(s, &err);
	site_well(site);
}

/* Not where a copy of it would hear the same.  A backup from before would not
 * know it any more, and it would have to be registered again. */
static void
erase(struct clerks *m, struct site *site)
{
	bool erased;

	if (m->t.copies > 0)
		return;
	passwords_follow(site);
	order(&m->t, site);
	site_fault(site, (enum net_fault)clerks_pick(m, NET_FAULTS), 1);
	if (site->net.fault == NET_STUCK)
		site->net.fault = NET_FINE;
	site->net.cut = clerks_pick(m, 100000);
	erased = obeys(m, site);
	site_fault(site, NET_FINE, 0);
	if (!erased && !obeys(m, site))
		fail_msg("site %zu keeps what it was to erase",
			clerks_number(m, site));
	confirm(m, site);
	if (m->form_at == site) {
		record_release(&m->form);
		m->form_at = NULL;
	}
	site_renew(site);
	m->stick_for = NULL;	/* it was for another device */
	clerks_told(m, site, "is registered anew", NULL, E_OK);
	if (clerks_pick(m, 2))
		send_stick(m, site);
	if (m->t.saved)
		township_backup(&m->t);
}

/* ---- 413 and 410 ---- */

static void
sync_all(struct clerks *m, struct site *site, const char *what)
{
	struct err err = ERR_INIT;
	enum status s;

	passwords_follow(site);
	site_fault(site, NET_FINE, 0);
	s = site_sync(site, NULL, &err);
	clerks_told(m, site, what, NULL, s);
	kit_check(s, &err);
	succession_held(m, site);
}

/* After a day's work, so that there is something to send. */
static void
meet_gateway(struct clerks *m, struct site *site)
{
	for (int i = 0; i < EDITS; i++) {
		township_tick(1000);
		clerk_edit(m, site, false);
	}
	site->net.most = GATEWAY_BYTES;
	sync_all(m, site, "meets a gateway");
	site->net.most = 0;
}

static void
be_forgotten(struct clerks *m, struct site *site)
{
	bool removes = site->removes;

	site->net.too_old = 1 + (int)clerks_pick(m, 2);
	site->removes = true;	/* that is a reason to compare */
	sync_all(m, site, "asks from too long ago");
	site->removes = removes;
	site->net.too_old = 0;
}

void
mishap_step(struct clerks *m, struct site *site)
{
	if (m->stick_for && clerks_pick(m, 4) == 0)
		take_stick(m);
	switch (clerks_pick(m, 40)) {
	case 0:
		erase(m, site);
		break;
	case 1:
		meet_gateway(m, site);
		break;
	case 2:
		be_forgotten(m, site);
		break;
	case 3:
		send_stick(m, site);
		break;
	default:
		break;
	}
}
