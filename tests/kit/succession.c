/*
 * What came after what; see succession.h.  A line of the log is a record, a
 * field, the value before and the value after.
 */
#include "db/db_number.h"
#include "kit/succession.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "db/db.h"
#include "store/inside.h"
#include "store/overview.h"

enum {
	VALUE_MAX = 24,
	DEEP = 8,	/* so often one value replaced another */
};

/* Fields of single values, of which the last one holds or somebody is asked. */
static const char *const names[] = { "title", "phone", "place", "from_on",
	"to_on", "first_on", "last_on" };
enum { NAMES = sizeof names / sizeof names[0] };

/* A place may be called otherwise by now. */
static const char *
value_of(const struct record *r, const char *name)
{
	const char *text = r ? record_get(r, name) : "";

	if (r && strcmp(name, "place") == 0 && !text[0])
		text = record_get(r, "site");
	return text[0] ? text : "-";
}

void
succession_note(struct clerks *m, const struct record *before,
	const struct record *after)
{
	char id[UUID_TEXT_MAX];

	uuid_print(id, &after->id);
	for (size_t i = 0; i < NAMES; i++) {
		const char *old = value_of(before, names[i]);
		const char *now = value_of(after, names[i]);

		if (strcmp(old, now) != 0)
			buf_printf(&m->changes, "%s %s %s %s\n", id, names[i],
				old, now);
	}
}

void
succession_answer(struct clerks *m, const struct conflict *c,
	const struct values *chosen)
{
	char id[UUID_TEXT_MAX];

	uuid_print(id, &c->record);
	for (size_t i = 0; i < c->count; i++) {
		const char *name = c->fields[i].field;
		const char *text = values_get(chosen, name);

		if (strlen(text) < VALUE_MAX)
			buf_printf(&m->changes, "%s %s ? %s\n", id,
				strcmp(name, "site") ? name : "place",
				text[0] ? text : "-");
	}
}

/* ---- the end ---- */

/* All that waits for somebody, of one record. */
static void
read_waiting(struct buf *out, struct clerks *m, const struct uuid *id)
{
	struct db *db = NULL;
	struct db_stmt *st = NULL;
	struct err err = ERR_INIT;
	bool row = true;
	enum status s = ledger_begin_read(&db, m->t.ledger, &err);

	if (!s)
		s = db_prepare(&st, db, "SELECT q.body FROM conflict c JOIN"
			" record q ON q.id = c.id WHERE c.record = ?1 UNION ALL"
			" SELECT op FROM quarantine JOIN opdone USING(device,"
			" epoch, n) WHERE record = ?1", &err);
	if (!s)
		db_bind_blob(st, 1, id->b, sizeof id->b);
	while (!s && row) {
		s = db_step(st, &row, &err);
		if (!s && row)
			buf_text(out, db_text(st, 0, NULL));
	}
	if (s)
		fail_msg("%s", err.msg);
	db_finish(st);
	ledger_end_read(m->t.ledger);
}

/* The next line of the log about this field: what it was, and became. */
static const char *
next_change(const char *at, const char *head, char old[VALUE_MAX],
	char now[VALUE_MAX])
{
	at = strstr(at, head);
	if (!at)
		return NULL;
	at += strlen(head);
	if (sscanf(at, "%23s %23s", old, now) != 2)
		fail_msg("a line of the log: %.80s", at);
	return at;
}

/* Was the value entered once, and not again after it was replaced? */
static bool
was_once(const struct clerks *m, const char *head, const char *value)
{
	char old[VALUE_MAX], now[VALUE_MAX];
	unsigned times = strcmp(value, "-") == 0;

	for (const char *at = m->changes.data;
	    (at = next_change(at, head, old, now)) != NULL; )
		times += strcmp(now, value) == 0;
	return times <= 1;
}

/* Does the value wait, or what it was replaced by? */
static bool
does_wait(const struct clerks *m, const char *head, const char *value,
	const char *waiting, int deep)
{
	char old[VALUE_MAX], now[VALUE_MAX];

	if (strcmp(value, "-") == 0 || strstr(waiting, value) || deep == 0)
		return true;
	for (const char *at = m->changes.data;
	    (at = next_change(at, head, old, now)) != NULL; ) {
		if (strcmp(old, value) == 0 &&
		    does_wait(m, head, now, waiting, deep - 1))
			return true;
	}
	return false;
}

static void
check_field(struct buf *faults, const struct clerks *m,
	const struct record *r, const char *name, const char *waiting)
{
	char id[UUID_TEXT_MAX], head[UUID_TEXT_MAX + 16];
	char old[VALUE_MAX], now[VALUE_MAX];
	const char *value = value_of(r, name);

	uuid_print(id, &r->id);
	snprintf(head, sizeof head, "%s %s ", id, name);
	if (!was_once(m, head, value))
		return;
	for (const char *at = m->changes.data;
	    (at = next_change(at, head, old, now)) != NULL; ) {
		if (strcmp(old, value) == 0 &&
		    !does_wait(m, head, now, waiting, DEEP))
			buf_printf(faults, "%s of %s is %s again, which was"
				" replaced by %s\n", name, id, value, now);
	}
}

void
succession_faults(struct buf *faults, struct clerks *m)
{
	struct store *s = m->t.sites[4]->s;	/* the county's */

	assert_false(m->changes.full);
	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);
		struct record r = {0};
		struct buf waiting;
		struct err err = ERR_INIT;

		if (!o || strcmp(o->reg_name, "matter") != 0)
			continue;
		if (store_get(&r, s, &o->id, &err))
			fail_msg("%s", err.msg);
		buf_init(&waiting, BUF_BATCH_MAX);
		read_waiting(&waiting, m, &r.id);
		for (size_t k = 0; k < NAMES; k++)
			check_field(faults, m, &r, names[k], waiting.data);
		buf_release(&waiting);
		record_release(&r);
	}
}

/* ---- after a sync ---- */

void
succession_held(struct clerks *m, struct site *site)
{
	struct err err = ERR_INIT;
	int64_t n = 0;

	if (db_number(&n, site->s->db, "SELECT count(*) FROM outbox o"
	    " JOIN record r USING(id) WHERE o.state = 1 AND o.rev > r.rev"
	    " AND EXISTS(SELECT 1 FROM member m WHERE m.id = o.id)", &err))
		fail_msg("%s", err.msg);
	if (n > 0)
		fail_msg("site %zu: %" PRId64 " operations count as done that"
			" the records there do not have",
			clerks_number(m, site), n);
}
