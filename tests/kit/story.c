/* The world of a simulated county, and what must be true of it at the end. */
#include "kit/settles.h"
#include "kit/story.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/scan.h"
#include "db/db.h"
#include "db/db_fail.h"
#include "kit/clerks.h"
#include "kit/erasures.h"
#include "kit/givers.h"
#include "kit/mishaps.h"
#include "kit/passwords.h"
#include "kit/renewal.h"
#include "kit/succession.h"
#include "kit/township.h"
#include "store/overview.h"
#include "sync/scans.h"

enum { AGAIN_MS = 48 * 3600 * 1000 };	/* what was put off is tried again */

/* ---- what the world does ---- */

static void
edit_meanwhile(void *self)
{
	struct clerks *m = self;

	m->met = true;
	/* a sync that carries one edit after the other never ends */
	if (m->edits > 0) {
		m->edits--;
		clerk_edit(m, m->meanwhile, false);
	}
}

static enum status
sync_some(struct clerks *m, struct site *site, struct err *err)
{
	struct transport net = site_transport(site);
	size_t line_bytes = WIRE_MAX_BYTES_MIN;
	bool more = true;
	enum status s = E_OK;

	/* a kill between two pages */
	for (unsigned i = clerks_pick(m, 3) + 1; i > 0 && more && !s; i--) {
		struct sync_counts counts = {0};

		more = false;
		line_bytes = WIRE_MAX_BYTES_MIN;
		s = sync_step(&counts, &more, &line_bytes, site->s, &net, err);
	}
	return s;
}

/* With a token from before, nothing gets through; some sign in at once. */
static void
hear_of_password(struct clerks *m, struct site *site, enum status s,
	bool asked)
{
	if (s == E_OK && asked)
		fail_msg("site %zu goes on with a token from before",
			clerks_number(m, site));
	if (clerks_pick(m, 2))
		passwords_follow(site);
}

static void
do_sync(struct clerks *m, struct site *site)
{
	struct err err = ERR_INIT;
	enum net_fault fault = NET_FINE;
	enum status s;
	bool old;

	if (site == m->asleep)
		return;
	if (clerks_pick(m, 2))
		fault = (enum net_fault)clerks_pick(m, NET_FAULTS);
	if (m->broken && fault == NET_RESTART)
		fault = NET_FINE;	/* a server that does not start */
	old = passwords_old(site);
	site_fault(site, fault, 1);
	site->net.cut = clerks_pick(m, 100000);
	m->meanwhile = site;
	site->net.self = m;
	site->net.during = clerks_pick(m, 6) ? NULL : edit_meanwhile;
	m->met = false;
	m->edits = 6;
	s = clerks_pick(m, 2) ? site_sync(site, NULL, &err) : sync_some(m, site, &err);
	site->net.during = NULL;
	buf_printf(&m->trace, "%zu sync, line %d: %s\n", clerks_number(m, site),
		(int)fault, s ? err.msg : "");
	db_fail_after(0);
	succession_held(m, site);
	if (m->met || clerks_pick(m, 8) == 0)
		site_well(site);
	if (old) {
		/* one that cannot be worked is named before anything else */
		hear_of_password(m, site, s, fault != NET_STUCK);
		return;
	}
	/* a good line always gets through */
	if (s && !m->broken && (fault == NET_FINE || fault == NET_TWICE ||
	    fault == NET_LATE || fault == NET_RESTART ||
	    fault == NET_STUCK))
		fail_msg("site %zu: %s", clerks_number(m, site), err.msg);
}

/* Somebody new at a new computer, once.  A backup from before would not know
 * it, and it would have to be registered again. */
static void
join(struct clerks *m)
{
	struct site *fresh;

	for (size_t i = 0; i < m->t.count; i++) {
		if (strcmp(m->t.sites[i]->login, "u1n") == 0)
			return;
	}
	if (m->t.count == TOWNSHIP_SITES - 1)
		return;
	fresh = township_site(&m->t, OFFICE_ONE, "u1n", NULL);
	clerks_told(m, fresh, "is new", NULL, E_OK);
	if (m->t.saved)
		township_backup(&m->t);
}

/* Who works at the cache goes, and one who may see less sits down; or the
 * other way round. */
static void
change_places(struct clerks *m, struct site *site)
{
	static const char *const own[] = { "u1", "u1b", "u1c" };
	size_t i = clerks_number(m, site);

	if (i >= sizeof own / sizeof own[0])
		return;
	site_fault(site, NET_FINE, 0);
	site_sign_in(site, strcmp(site->login, own[i]) ? own[i] : "u1x");
	clerks_told(m, site, site->login, NULL, E_OK);
}

/* A restored ledger does not know who signed in since. */
static void
sign_in_again(struct clerks *m)
{
	for (size_t i = 0; i < m->t.count; i++) {
		struct site *site = m->t.sites[i];

		site_fault(site, NET_FINE, 0);
		site_sign_in(site, site->login);
	}
}

/* Between two restores one of them has no line, so that what it holds is of a
 * ledger that the others have left. */
static void
restore(struct clerks *m, struct site *site)
{
	township_restore(&m->t);
	sign_in_again(m);
	m->asleep = m->t.restored == 1 && clerks_pick(m, 4) ?
		m->t.sites[clerks_pick(m, 3)] : NULL;
	clerks_told(m, site, "restored", NULL, E_OK);
	if (m->asleep)
		clerks_told(m, m->asleep, "sleeps", NULL, E_OK);
}

/* A backup, and later the ledger as it was then, whatever was given away
 * meanwhile. */
static void
go_back(struct clerks *m, struct site *site)
{
	if (!m->t.saved) {
		township_backup(&m->t);
		clerks_told(m, site, "backup", NULL, E_OK);
	} else if (m->t.restored == 0) {
		township_restore(&m->t);
		sign_in_again(m);
		clerks_told(m, site, "restored", NULL, E_OK);
	}
}

/* The device is revoked, hears of it or not, and is taken back. */
static void
send_away(struct clerks *m, struct site *site)
{
	struct err err = ERR_INIT;
	enum status s;

	passwords_follow(site);
	township_shut(&m->t, site, true);
	site_fault(site, (enum net_fault)clerks_pick(m, NET_FAULTS), 1);
	if (site->net.fault == NET_STUCK)
		site->net.fault = NET_FINE;
	s = site_sync(site, NULL, &err);
	buf_printf(&m->trace, "%zu sent away: %s\n", clerks_number(m, site),
		err.msg);
	/* an answer that was cut may say no more than no */
	if (s == E_OK || (s != E_AUTH && !store_user(site->s)))
		fail_msg("site %zu was sent away and is not: %s",
			clerks_number(m, site), err.msg);
	township_shut(&m->t, site, false);
	site_fault(site, NET_FINE, 0);
	if (!store_user(site->s))
		site_sign_in(site, site->login);
}

/* Half of the stories are about crashes, backups and restores, half of these
 * with nothing else: with everything going on at once too few would meet. */
static bool
is_about_restores(const struct clerks *m)
{
	return m->seed % 2 == 0;
}

static bool
is_plain(const struct clerks *m)
{
	return m->seed % 4 == 0;
}

static void
do_world(struct clerks *m, struct site *site)
{
	const char *role = clerks_pick(m, 2) ? "auditor" : "clerk";

	if (m->asleep && !m->gave && clerks_pick(m, 3) == 0) {
		restore(m, site);
		return;
	}
	switch (clerks_pick(m, is_about_restores(m) ? 7 : 12)) {
	case 7:
		township_snapshot(&m->t, NULL);
		clerks_told(m, site, "snapshots", NULL, E_OK);
		return;
	case 8:
		join(m);
		return;
	case 9:
		send_away(m, site);
		return;
	case 10:
		change_places(m, site);
		return;
	case 11:
		clerks_lose(m, site);
		return;
	case 5:
		township_backup(&m->t);
		m->gave = false;
		clerks_told(m, site, "backup", NULL, E_OK);
		return;
	case 6:
		/* transfers that come back have a quarter of the stories:
		 * go_back() */
		if (m->t.saved && m->t.restored < 2 && !m->gave)
			restore(m, site);
		return;
	case 0:
		site_reopen(site);
		break;
	case 1:
		site_crash(site);
		break;
	case 2:
		township_restart(&m->t);
		break;
	case 3:
		township_role(&m->t, clerks_pick(m, 2) ? "u1" : "u1c", role);
		clerks_told(m, site, role, NULL, E_OK);
		return;
	default:
		if (m->t.count < TOWNSHIP_SITES - 1 && clerks_pick(m, 3) == 0) {
			(void)township_copy(&m->t, site);
			clerks_told(m, site, "is copied", NULL, E_OK);
		}
		return;
	}
	clerks_told(m, site, "dies", NULL, E_OK);
}

static bool
takes_transfers_back(const struct clerks *m)
{
	return m->seed % 4 == 1;
}

static bool
has_mishaps(const struct clerks *m)
{
	return m->seed % 4 == 3;
}

/* With nothing but crashes, backups, restores and copies beside it. */
static bool
has_erasures(const struct clerks *m)
{
	return m->seed % 8 == 4;
}

/* What waits goes in several requests, one behind the other. */
static bool
sends_little_at_once(const struct clerks *m)
{
	return m->seed % 8 == 6;
}

/* Persons, and records on their way. */
static void
give(struct clerks *m, struct site *site)
{
	unsigned what = clerks_pick(m, 11);

	if (what < 2)
		giver_person(m, site);
	else if (what < 4)
		giver_about(m, site);
	else if (what < 7)
		giver_offer(m);
	else
		giver_answer(m);
}

static void
step(struct clerks *m)
{
	struct site *site = clerks_site(m);
	unsigned what = clerks_pick(m, 100);
	struct err err = ERR_INIT;

	township_tick(1 + clerks_pick(m, 100000));
	if (!is_plain(m))
		renewal_step(m, site);
	if (m->seed % 2)
		passwords_step(m, site);
	if (has_mishaps(m))
		mishap_step(m, site);
	else if (has_erasures(m))
		erasures_step(m, site);
	else if (takes_transfers_back(m) && clerks_pick(m, 25) == 0)
		go_back(m, site);
	m->broken = what < 92 && clerks_pick(m, 10) == 0;
	if (m->broken) {
		long n = 1 + (long)clerks_pick(m, clerks_pick(m, 2) ? 30 : 300);

		buf_printf(&m->trace, "disk %ld\n", n);
		db_fail_after(n);
	}
	/* in half of the stories, so that the others have all restores */
	if (m->seed % 2 && clerks_pick(m, m->seed % 4 == 1 ? 5 : 9) == 0)
		give(m, site);
	else if (what < 5)
		clerk_new(m, site);
	else if (what < 9)
		(clerks_pick(m, 2) || is_plain(m) ? clerk_visit :
			clerk_attach)(m, site);
	else if (what < 17)
		clerk_paper(m, site);
	else if (what < 41)
		clerk_edit(m, site, false);
	else if (what < 48)
		clerk_edit(m, site, true);
	else if (what < 52)
		clerk_form(m, site);
	else if (what < 56)
		clerk_withdraw(m, site);
	else if (what < 63)
		clerk_resolve(m, site);
	else if (what < 66)
		clerk_mend(m, site);
	else if (what < 68)
		clerks_lose(m, site);
	else if (what < 92)
		do_sync(m, site);
	else
		do_world(m, site);
	db_fail_after(0);
	m->broken = false;
	/* as every screen does before it paints */
	if (overview_refresh(site->s, NULL, &err))
		fail_msg("%s", err.msg);
}

/* ---- the end ---- */

static void
find_values(struct clerks *m, struct buf *faults)
{
	struct buf memory;
	char *at = m->values.data;

	buf_init(&memory, 4 * BUF_BATCH_MAX);
	township_memory(&memory, &m->t);
	assert_false(memory.full || m->values.full);
	while (*at) {
		char *end = strchr(at, '\n');

		*end = '\0';
		if (!strstr(memory.data, at) && !erasures_of(m, at))
			buf_printf(faults, "nobody knows %s any more\n", at);
		*end = '\n';
		at = end + 1;
	}
	erasures_faults(faults, m);
	buf_release(&memory);
}

/* Did anybody have this before them? */
static void
find_seen(struct clerks *m, struct buf *faults, const struct record *r,
	void (*print)(struct buf *out, const struct record *r))
{
	struct buf line;

	buf_init(&line, BUF_LINE_MAX);
	print(&line, r);
	if (!strstr(m->seen.data, line.data))
		buf_printf(faults, "nobody saw together %s", line.data);
	buf_release(&line);
}

/* Two edits, each good alone, must not break the order together. */
static void
check_order(struct buf *faults, const struct record *r)
{
	const char *first = record_get(r, "first_on");
	const char *last = record_get(r, "last_on");

	if (!r->deleted && first[0] && last[0] && strcmp(first, last) > 0)
		buf_printf(faults, "%s stands before %s\n", first, last);
}

/* The county's cache, which is the ledger by now.  Where something was refused
 * its author saw more than came to be; so did one who withdraws what he changed
 * in vain before. */
static void
find_all_seen(struct clerks *m, struct buf *faults)
{
	struct store *s = m->t.sites[4]->s;

	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);
		struct record r = {0};
		struct err err = ERR_INIT;

		if (!o || strcmp(o->reg_name, "matter") != 0)
			continue;
		if (store_get(&r, s, &o->id, &err))
			fail_msg("%s", err.msg);
		check_order(faults, &r);
		if (!township_has_refused(&m->t, &o->id)) {
			find_seen(m, faults, &r, clerks_print_term);
			if (r.deleted && !township_has_lost(&m->t, &o->id))
				find_seen(m, faults, &r, clerks_print_whole);
		}
		record_release(&r);
	}
}

/* Given up by its author and put back by the county, it has no bytes. */
static bool
has_bytes(const struct clerks *m, const struct overview *o)
{
	char id[UUID_TEXT_MAX];

	uuid_print(id, &o->id);
	return !o->deleted && strcmp(o->reg_name, SCAN_REGISTER) == 0 &&
		!strstr(m->given_up.data, id);
}

/* The bytes of every attachment that was accepted have arrived, and can be had:
 * the county's cache may see them all. */
static void
find_bytes(struct clerks *m, struct buf *faults)
{
	struct site *county = m->t.sites[4];
	struct transport net = site_transport(county);

	for (size_t i = 0; i < overview_count(county->s); i++) {
		const struct overview *o = overview_at(county->s, i);
		struct scan_counts counts = {0};
		struct record r = {0};
		struct err err = ERR_INIT;

		if (!o || !has_bytes(m, o))
			continue;
		if (store_get(&r, county->s, &o->id, &err))
			fail_msg("%s", err.msg);
		/* what was refused here is in no ledger */
		if (r.rev > 0 && strcmp(record_get(&r, "arrived"), "1") != 0)
			buf_text(faults, "an attachment never arrived\n");
		if (scans_fetch(&counts, county->s, &net, &r.id, NULL, &err))
			buf_printf(faults, "an attachment: %s\n", err.msg);
		record_release(&r);
	}
}

/* ---- a story ---- */

/* The one that this process plays; for the end of the process. */
static struct clerks *playing;

static void
end_of_process(void)
{
	struct clerks *m = playing;

	if (!m)
		return;
	playing = NULL;
	township_close(&m->t);
}

/* What was added to the trace goes out. */
static void
write_trace(struct clerks *m, int file)
{
	const char *at = m->trace.data;
	size_t left = m->trace.len;

	while (left > 0 && file >= 0) {
		ssize_t n = write(file, at, left);

		if (n <= 0)
			fail_msg("The trace cannot be written.");
		at += n;
		left -= (size_t)n;
	}
	buf_clear(&m->trace);
}

static void
begin(struct clerks *m, bool described)
{
	buf_init(&m->values, BUF_BATCH_MAX);
	buf_init(&m->owners, BUF_BATCH_MAX);
	buf_init(&m->seen, BUF_BATCH_MAX);
	buf_init(&m->changes, BUF_BATCH_MAX);
	buf_init(&m->given_up, BUF_BATCH_MAX);
	buf_init(&m->typed, BUF_BATCH_MAX);
	buf_init(&m->trace, BUF_BATCH_MAX);
	township_open(&m->t);
	m->t.quick = !described;
	m->t.small_requests = sends_little_at_once(m);
	if (has_erasures(m))
		erasures_people(&m->t);
	(void)township_site(&m->t, OFFICE_ONE, "u1", NULL);
	(void)township_site(&m->t, OFFICE_ONE, "u1b", NULL);
	(void)township_site(&m->t, OFFICE_ONE, "u1c",
		clerks_pick(m, 3) ? NULL : m->t.older);
	(void)township_site(&m->t, OFFICE_TWO, "u2b", NULL);
	(void)township_site(&m->t, OFFICE_COUNTY, "uc", NULL);
}

static void
compare(struct clerks *m)
{
	struct buf faults;

	buf_init(&faults, BUF_BATCH_MAX);
	township_tick(AGAIN_MS);
	township_settle(&m->t);
	township_faults(&faults, &m->t);
	township_twice(&faults, &m->t, m->typed.data);
	find_values(m, &faults);
	find_bytes(m, &faults);
	find_all_seen(m, &faults);
	succession_faults(&faults, m);
	renewal_faults(&faults, m);
	if (faults.len > 0)
		fail_msg("%s", faults.data);
	buf_release(&faults);
}

static void
end(struct clerks *m)
{
	end_of_process();
	record_release(&m->form);
	buf_release(&m->values);
	buf_release(&m->owners);
	buf_release(&m->seen);
	buf_release(&m->changes);
	buf_release(&m->given_up);
	buf_release(&m->typed);
	buf_release(&m->trace);
	free(m);
}

void
story_play(const struct story *story)
{
	struct clerks *m = mem_alloc(1, sizeof *m);
	size_t taken = 0;

	playing = m;
	if (atexit(end_of_process))
		fail_msg("no room to clean up");
	m->seed = m->random = story->seed;
	begin(m, story->described);
	for (unsigned i = 0; i < story->steps; i++) {
		if (story->without[i])
			continue;
		m->random = story->seed * 0x2545f4914f6cdd1dULL + i;
		buf_printf(&m->trace, "%u [%08x]: ", i,
			(unsigned)(m->t.heard ^ m->t.heard >> 32));
		write_trace(m, story->trace);
		step(m);
	}
	buf_text(&m->trace, "settling\n");
	write_trace(m, story->trace);
	compare(m);
	buf_text(&m->trace, "the county looks at what was refused\n");
	write_trace(m, story->trace);
	settles_all(&m->t, &taken);
	if (taken > 0)
		compare(m);
	buf_printf(&m->trace, "[%016" PRIx64 "]\n", m->t.heard);
	write_trace(m, story->trace);
	end(m);
}
