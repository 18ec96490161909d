/*
 * The last exchanges, and what the line carries.
 */
#include "store/runs.h"

#include <stdio.h>

#include "store/inside.h"

enum {
	MEASURE_BYTES = 16 * 1024,	/* less is mostly the round trip */
	OLD_SHARE = 3,			/* of 4, in the mean */
};

static const char line_name[] = "line_bytes_s";
static const char page_name[] = "page_max";

#define COLUMNS "began_at, last_at, took_ms, times, pushed, pulled, merged," \
	" conflicts, refused, bytes, result, said"

static void
read_run(struct run *out, struct db_stmt *q)
{
	*out = (struct run){ .began_at = db_int(q, 0),
		.last_at = db_int(q, 1), .took_ms = db_int(q, 2),
		.times = db_int(q, 3), .pushed = db_int(q, 4),
		.pulled = db_int(q, 5), .merged = db_int(q, 6),
		.conflicts = db_int(q, 7), .refused = db_int(q, 8),
		.bytes = db_int(q, 9), .result = (enum status)db_int(q, 10) };
	(void)snprintf(out->said, sizeof out->said, "%s",
		db_text(q, 11, NULL));
}

enum status
runs_list(struct run *out, size_t max, size_t *count, struct store *s,
	struct err *err)
{
	struct db_stmt *q = NULL;
	size_t n = 0;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT " COLUMNS
		" FROM run ORDER BY num DESC", err);

	while (!st && n < max) {
		st = db_step(q, &row, err);
		if (st || !row)
			break;
		read_run(&out[n++], q);
	}
	db_finish(q);
	if (!st)
		*count = n;
	return st;
}

static enum status
write_run(struct store *s, const struct run *r, struct err *err)
{
	const int64_t numbers[] = { r->began_at, r->last_at, r->took_ms,
		r->times, r->pushed, r->pulled, r->merged, r->conflicts,
		r->refused, r->bytes, (int64_t)r->result };
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "INSERT INTO run(" COLUMNS ")"
		" VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", err);

	if (st)
		return st;
	for (int i = 0; i < 11; i++)
		db_bind_int(q, i + 1, numbers[i]);
	db_bind_text(q, 12, r->said);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

static enum status
forget(struct store *s, const char *sql, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, sql, err);

	if (st)
		return st;
	db_bind_int(q, 1, RUNS_KEPT);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

/* The same failure again: one entry from its first to its last time. */
static enum status
join_failures(struct run *r, struct store *s, struct err *err)
{
	struct run last = {0};
	size_t count = 0;
	enum status st = runs_list(&last, 1, &count, s, err);

	if (st || !count || !r->result || last.result != r->result)
		return st;
	r->began_at = last.began_at;
	r->times += last.times;
	r->pushed += last.pushed;
	r->pulled += last.pulled;
	r->merged += last.merged;
	r->conflicts += last.conflicts;
	r->refused += last.refused;
	r->bytes += last.bytes;
	return forget(s, "DELETE FROM run WHERE ?1 > 0 AND"
		" num = (SELECT max(num) FROM run)", err);
}

enum status
runs_keep(struct store *s, const struct run *run, struct err *err)
{
	struct run r = *run;
	enum status st = store_begin_lazy(s, err);

	if (st)
		return st;
	st = join_failures(&r, s, err);
	if (!st)
		st = write_run(s, &r, err);
	if (!st)
		st = forget(s, "DELETE FROM run WHERE num <="
			" (SELECT max(num) FROM run) - ?", err);
	return store_end(s, st, err);
}

enum status
runs_line(int64_t *bytes_s, struct store *s, struct err *err)
{
	return store_meta_int(bytes_s, s, line_name, err);
}

static enum status
put_number(struct store *s, const char *name, int64_t n, struct err *err)
{
	enum status st = store_begin_lazy(s, err);

	if (st)
		return st;
	st = store_meta_set_int(s, name, n, err);
	return store_end(s, st, err);
}

enum status
runs_measured(struct store *s, int64_t bytes, int64_t took_ms,
	struct err *err)
{
	int64_t now, before = 0;
	enum status st;

	if (bytes < MEASURE_BYTES)
		return E_OK;
	now = bytes * 1000 / (took_ms > 0 ? took_ms : 1);
	st = runs_line(&before, s, err);
	if (!st && before > 0)
		now = (before * OLD_SHARE + now) / (OLD_SHARE + 1);
	return st ? st : put_number(s, line_name, now, err);
}

enum status
runs_page_max(int64_t *bytes, struct store *s, struct err *err)
{
	return store_meta_int(bytes, s, page_name, err);
}

enum status
runs_set_page_max(struct store *s, int64_t bytes, struct err *err)
{
	return put_number(s, page_name, bytes, err);
}
