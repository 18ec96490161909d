/* Transfers, read from the ledger with SQL; see township_moved.h. */
#include "kit/township_moved.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/op.h"
#include "core/question.h"
#include "core/transfer.h"
#include "db/db.h"
#include "kit/check.h"

#define T "WITH t AS (SELECT lower(hex(id)) AS x, office, state," \
	" replace(json_extract(body, '$.record'), '-', '') AS about," \
	" replace(coalesce(json_extract(body, '$.persons'), ''), '-', '')" \
	" AS persons, json_extract(body, '$.to') AS dest FROM record" \
	" WHERE register = '" TRANSFER_REGISTER "') "

/* Each must be 0. */
static const struct {
	const char *sql, *what;
	bool alone;	/* not after a restore: what was lost and comes back
			 * meets what was done meanwhile */
} rules[] = {
	{ T ", last AS (SELECT about, max(x) AS x FROM t"
	  " WHERE state = 'accepted' GROUP BY about) SELECT count(*) FROM"
	  " record r JOIN last l ON l.about = lower(hex(r.id)) JOIN t"
	  " ON t.x = l.x WHERE r.office <> t.dest",
	  "records are not where they were accepted last", false },
	{ "SELECT count(*) FROM record v JOIN record m ON m.id = v.parent"
	  " WHERE v.register IN ('visit', '" QUESTION_REGISTER "') AND"
	  " v.office <> m.office",
	  "are not with what they belong to", false },
	{ T "SELECT count(*) FROM record p JOIN t ON instr(t.persons,"
	  " lower(hex(p.id))) AND t.state = 'accepted' WHERE"
	  " p.register = 'person' AND p.office <> t.dest AND NOT EXISTS("
	  "SELECT 1 FROM t o WHERE o.x <> t.x AND o.state = 'accepted' AND"
	  " instr(o.persons, lower(hex(p.id))))",
	  "persons stayed behind", true },
	{ T "SELECT count(*) FROM t JOIN record r ON lower(hex(r.id)) ="
	  " t.about WHERE t.state = 'offered' AND r.office <> t.office",
	  "are offered by an office that does not have them", true },
	{ T "SELECT count(*) FROM (SELECT 1 FROM t WHERE state = 'offered'"
	  " GROUP BY about HAVING count(*) > 1)",
	  "are offered twice", true },
};

static bool
next_row(struct db_stmt *st)
{
	struct err err = ERR_INIT;
	bool row = false;

	kit_check(db_step(st, &row, &err), &err);
	return row;
}

/* Texts that are told as they are; of the others the values are no words. */
static bool
is_plain(const char *field)
{
	static const char *const fields[] = { "title", "place", "site", "phone",
		"from_on", "to_on", "first_on", "last_on", "text", "name",
		"home" };

	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		if (strcmp(fields[i], field) == 0)
			return true;
	return false;
}

static void
find_late(struct buf *out, const char *known, const char *line, size_t len)
{
	struct json *j = NULL;
	struct op op = {0};
	struct err err = ERR_INIT;

	kit_check(json_parse(&j, line, len, BUF_RECORD_MAX, &err), &err);
	kit_check(op_from_json(&op, j, &err), &err);
	json_free(j);
	for (size_t i = 0; i < op.change_count; i++) {
		const struct op_change *c = &op.changes[i];

		if (is_plain(c->field) && c->after[0] &&
		    !strstr(known, c->after))
			buf_printf(out, "%s came too late and is nowhere\n",
				c->after);
	}
	op_release(&op);
}

/* Read one column into a buffer, a line each. */
static void
gather(struct buf *out, struct db *db, const char *sql)
{
	struct db_stmt *st = NULL;
	struct err err = ERR_INIT;

	kit_check(db_prepare(&st, db, sql, &err), &err);
	while (next_row(st))
		buf_printf(out, "%s\n", db_text(st, 0, NULL));
	db_finish(st);
}

static void
find_all_late(struct buf *out, struct db *db)
{
	struct buf known;
	struct db_stmt *st = NULL;
	struct err err = ERR_INIT;

	buf_init(&known, 4 * BUF_BATCH_MAX);
	gather(&known, db, "SELECT body FROM record UNION ALL"
		" SELECT changes FROM history UNION ALL"
		" SELECT line FROM returned");
	assert_false(known.full);
	kit_check(db_prepare(&st, db, "SELECT op FROM quarantine WHERE"
		" verdict = 'moved'", &err), &err);
	while (next_row(st)) {
		size_t len = 0;
		const char *line = db_text(st, 0, &len);

		find_late(out, known.data, line, len);
	}
	db_finish(st);
	buf_release(&known);
}

void
township_moved_faults(struct buf *out, struct township *t)
{
	struct db *db = NULL;
	struct err err = ERR_INIT;

	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		int64_t n = rules[i].alone && t->restored > 0 ? 0 :
			township_number(t, rules[i].sql);

		if (n > 0)
			buf_printf(out, "%" PRId64 " %s\n", n, rules[i].what);
	}
	kit_check(ledger_begin_read(&db, t->ledger, &err), &err);
	find_all_late(out, db);
	ledger_end_read(t->ledger);
}
