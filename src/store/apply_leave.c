/*
 * What leaves: a record from a stream, a stream from a cache.
 *
 * A row leaves with its last stream, unless somebody's undecided work is on it.
 */
#include <stdlib.h>
#include <string.h>

#include "db/db_uuid.h"
#include "store/apply.h"
#include "store/apply_work.h"
#include "store/erased.h"
#include "store/inside.h"
#include "store/removed.h"
#include "store/snapshot.h"

bool
apply_is_sealed(const char *stream)
{
	return strstr(stream, "/sealed") != NULL;
}

/* Its last stream has left it: the row goes, unless undecided work is on it.
 * Until all lines have come (last) another stream may bring it again, and what
 * was accepted stays in sight of whoever works on it. */
static enum status
leave(struct store *s, const struct uuid *id, bool last, struct err *err)
{
	struct pile p = {0};
	bool held = false;
	enum status st = row_is_held(&held, s, id, err);

	if (st || held)
		return st;
	st = pile_load(&p, s, id, err);
	if (!st && (last || !pile_has(&p, OUTBOX_OPEN)))
		st = pile_finish(&p, s, INT64_MAX, err);
	pile_release(&p);
	if (!st)
		st = apply_question_gone(s, id, err);
	if (!st)
		st = pile_settle(s, id, err);
	return st;
}

/* The same, and nobody said why: what it was is kept for a while. */
static enum status
leave_unexplained(struct store *s, const struct uuid *id, struct err *err)
{
	struct row was = {0}, is = {0};
	struct err none = ERR_INIT;
	enum status st = row_load(&was, s, id, &none);
	bool here = !st;

	if (st && st != E_NOTFOUND) {
		*err = none;
		return st;
	}
	st = leave(s, id, false, err);
	if (!st && here && row_load(&is, s, id, &none) == E_NOTFOUND)
		st = removed_keep(s, was.has_base ? &was.base : &was.shown,
			err);
	row_release(&was);
	row_release(&is);
	return st;
}

enum status
apply_gone(struct apply_work *w, const struct wire_line *line, struct err *err)
{
	struct store *s = w->store;
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db,
		"DELETE FROM member WHERE id = ? AND stream = ?", err);

	if (st)
		return st;
	db_bind_uuid(q, 1, &line->record);
	db_bind_text(q, 2, line->stream);
	st = db_run(q, err);
	if (!st && db_changes(s->db) > 0)
		idmap_set(&w->leaving, &line->record, 0);
	db_finish(q);
	if (st)
		return st;
	if (strcmp(line->why, "erased") == 0)
		st = erased_note(s, &line->record, err);
	if (st)
		return st;
	return line->why[0] || apply_is_sealed(line->stream) ?
		leave(s, &line->record, false, err) :
		leave_unexplained(s, &line->record, err);
}

/* The ids that a question about a stream (NULL: none) answers; owned by the
 * caller. */
static enum status
list_ids(struct uuid **out, size_t *count, struct store *s, const char *sql,
	const char *stream, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, sql, err);

	if (st)
		return st;
	if (stream)
		db_bind_text(q, 1, stream);
	st = db_uuids(out, count, q, err);
	db_finish(q);
	return st;
}

static enum status
run_stream(struct store *s, const char *sql, const char *stream,
	struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, sql, err);

	if (st)
		return st;
	db_bind_text(q, 1, stream);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

/* A stream that whoever is signed in may not hold any more. */
enum status
apply_gone_all(struct apply_work *w, const char *stream, struct err *err)
{
	struct store *s = w->store;
	struct uuid *ids = NULL;
	size_t count = 0;
	enum status st = list_ids(&ids, &count, s,
		"SELECT id FROM member WHERE stream = ?", stream, err);

	if (!st)
		st = run_stream(s, "DELETE FROM member WHERE stream = ?",
			stream, err);
	if (!st)
		st = run_stream(s, "DELETE FROM cursor WHERE stream = ?",
			stream, err);
	if (!st)
		st = snapshot_forget(s, stream, err);
	for (size_t i = 0; i < count && !st; i++) {
		idmap_set(&w->leaving, &ids[i], 0);
		st = leave(s, &ids[i], false, err);
	}
	free(ids);
	return st;
}

/* What was accepted and went to where it may not be held here: no line of it
 * will ever come. */
enum status
apply_drop_unseen(struct store *s, struct err *err)
{
	struct uuid *ids = NULL;
	size_t count = 0;
	enum status st = list_ids(&ids, &count, s, "SELECT DISTINCT id"
		" FROM outbox o WHERE state = 4 AND NOT EXISTS("
		"SELECT 1 FROM member m WHERE m.id = o.id)", NULL, err);

	for (size_t i = 0; i < count && !st; i++)
		st = leave(s, &ids[i], true, err);
	free(ids);
	return st;
}
