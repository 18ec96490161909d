/* The county's definitions change; see renewal.h. */
#include "kit/renewal.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/older.h"
#include "store/inside.h"

static void
renew_county(struct clerks *m, struct site *site)
{
	m->t.renewed = true;
	m->t.renewed_row = township_number(&m->t,
		"SELECT coalesce(max(rowid), 0) FROM history");
	township_restart(&m->t);
	clerks_told(m, site, "newer definitions at the server", NULL, E_OK);
}

/* A program that starts; no form is open in it. */
static void
renew_site(struct clerks *m, struct site *site)
{
	if (m->form_at == site) {
		record_release(&m->form);
		m->form_at = NULL;
	}
	site->schema = m->t.newer;
	site_reopen(site);
	clerks_told(m, site, "newer definitions", NULL, E_OK);
}

void
renewal_step(struct clerks *m, struct site *site)
{
	if (clerks_pick(m, 25))
		return;
	if (!m->t.renewed) {
		if (clerks_pick(m, 6) == 0)
			renew_county(m, site);
	} else if (site->schema != m->t.newer && clerks_pick(m, 2)) {
		renew_site(m, site);
	}
}

/* Who sees a place under a name that is not known rarely fills another one in:
 * each is a question. */
const char *
renewal_place(struct clerks *m, const struct site *site,
	const struct record *r)
{
	if (site->schema == m->t.newer)
		return "site";
	return record_get(r, "site")[0] && clerks_pick(m, 4) ? "title" :
		"place";
}

char *
renewal_unknown(struct clerks *m, struct site *site, const struct uuid *id)
{
	struct record r = {0};
	struct err err = ERR_INIT;
	char *text;

	if (site->schema == m->t.newer || m->broken ||
	    store_get(&r, site->s, id, &err))
		return NULL;
	text = mem_strdup(record_get(&r, "site"));
	record_release(&r);
	return text;
}

void
renewal_kept(struct clerks *m, struct site *site, const struct uuid *id,
	char *unknown)
{
	char *now = unknown ? renewal_unknown(m, site, id) : NULL;

	if (unknown && (!now || strcmp(now, unknown) != 0))
		fail_msg("site %zu: an edit changed what it does not know",
			clerks_number(m, site));
	free(now);
	free(unknown);
}

void
renewal_bring(const struct township *t, struct record *r)
{
	const struct schema_register *reg =
		schema_register_find(t->newer, r->reg);

	if (t->renewed && reg)
		(void)older_record(r, reg);
}

void
renewal_seen(struct record *out, struct clerks *m, struct site *site,
	const struct uuid *id)
{
	static const struct record none;
	struct row r = {0};
	struct pile p = {0};
	struct err err = ERR_INIT;
	const struct schema_register *reg;

	if (row_load(&r, site->s, id, &err) ||
	    pile_load(&p, site->s, id, &err))
		fail_msg("%s", err.msg);
	reg = schema_register_find(m->t.newer, r.shown.reg);
	(void)older_record(r.has_base ? &r.base : &r.shown, reg);
	for (size_t i = 0; i < p.count; i++)
		(void)older_op(&p.items[i].op, reg, &none,
			clock_day_of(p.items[i].op.at));
	pile_rebase(&r, &p);
	record_copy(out, &r.shown);
	pile_release(&p);
	row_release(&r);
}

/* ---- the end ---- */

/* Of each record what is left under the old name, as text. */
static void
find_names(struct buf *faults, struct clerks *m)
{
	int64_t n = township_number(&m->t, "SELECT count(*) FROM record"
		" WHERE register = 'matter' AND"
		" coalesce(json_extract(body, '$.place'), '') <> '' AND"
		" coalesce(json_extract(body, '$.site'), '') <> ''");

	if (n > 0)
		buf_printf(faults, "%" PRId64 " records have a value under two"
			" names\n", n);
}

/* Changes of tags that added 3 after the server had heard of its end. */
static void
find_codes(struct buf *faults, struct clerks *m)
{
	char sql[400];
	int64_t n;

	snprintf(sql, sizeof sql, "SELECT count(*) FROM history h,"
		" json_each(h.changes) c WHERE h.rowid > %" PRId64
		" AND h.returned = 0 AND c.key = 'tags' AND"
		" (CASE c.type WHEN 'array' THEN"
		" instr(json_extract(c.value, '$[1]'), '3') > 0 AND"
		" instr(json_extract(c.value, '$[0]'), '3') = 0"
		" ELSE instr(c.value, '3') > 0 END)", m->t.renewed_row);
	n = township_number(&m->t, sql);
	if (n > 0)
		buf_printf(faults, "%" PRId64 " entries got a retired code\n",
			n);
}

void
renewal_faults(struct buf *faults, struct clerks *m)
{
	if (!m->t.renewed)
		return;
	find_names(faults, m);
	find_codes(faults, m);
}
