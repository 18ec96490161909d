/*
 * Overviews between disk and memory.  A refresh reads the rows whose gen is
 * beyond what is in memory, and the ids that have gone since, in one statement
 * and so in one view of the database.
 *
 * An own save goes into memory at once, but gen only follows it when nothing
 * lies between: another process may have committed in the meantime.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "db/db_number.h"
#include "store/hidden.h"
#include "store/inside.h"
#include "store/keywrap.h"
#include "store/lookup.h"

/* Columns id, gen, rev, mark, overview, made. */
static enum status
open_row(struct overview **out, struct store *s, struct buf *text,
	struct db_stmt *q, struct err *err)
{
	struct seal where = { .table = "record", .column = "overview" };
	struct overview *o = NULL;
	const void *bytes;
	size_t len;
	enum status st;

	if (!db_uuid(&where.id, q, 0))
		return store_damaged(err);
	where.a = db_int(q, db_is_null(q, 5) ? 1 : 5);
	bytes = db_blob(q, 4, &len);
	buf_clear(text);
	st = seal_open(text, &s->keys.overview, &where, bytes, len, err);
	if (!st)
		st = overview_parse(&o, s, text->data, text->len, err);
	if (st)
		return st;
	o->id = where.id;
	o->rev = db_int(q, 2);
	o->sync = (uint8_t)db_int(q, 3);
	*out = o;
	return E_OK;
}

/* A row that does not open is left out, not the whole list: the check names
 * it, and everything else can still be worked with.  *unhide: what hid others
 * has gone. */
static enum status
take_rows(struct store *s, struct db_stmt *q, bool *moved, bool *unhide,
	struct err *err)
{
	struct buf text;
	enum status st;

	buf_init(&text, BUF_RECORD_MAX);
	for (;;) {
		struct overview *o = NULL;
		struct err damage = ERR_INIT;
		struct uuid id = {{0}};
		bool row = false;

		st = db_step(q, &row, err);
		if (st || !row)
			break;
		*moved = true;
		if (db_int(q, 1) > s->memory.gen)
			s->memory.gen = db_int(q, 1);
		if (!db_is_null(q, 4)) {
			if (open_row(&o, s, &text, q, &damage) == E_OK)
				overview_put(s, o);
		} else if (db_uuid(&id, q, 0)) {
			overview_drop(s, &id);
			*unhide = hidden_gone(s, &id) || *unhide;
		}
	}
	buf_release(&text);
	return st;
}

static enum status
read_changes(struct store *s, bool *moved, bool *unhide, struct err *err)
{
	/* The first time the table is read from one end to the other: by gen
	 * would be in the order of the index, page after page. */
	const char *sql = s->memory.loaded ?
		"SELECT id, gen, rev, mark, overview, made FROM record"
		" WHERE gen > ?1 UNION ALL"
		" SELECT id, gen, 0, 0, NULL, NULL FROM gone WHERE gen > ?1"
		: "SELECT id, gen, rev, mark, overview, made FROM record"
		" UNION ALL SELECT id, gen, 0, 0, NULL, NULL FROM gone"
		" WHERE gen = (SELECT max(gen) FROM gone)";
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, sql, err);

	if (st)
		return st;
	if (s->memory.loaded)
		db_bind_int(q, 1, s->memory.gen);
	st = take_rows(s, q, moved, unhide, err);
	db_finish(q);
	if (!st)
		s->memory.loaded = true;
	return st;
}

/* Another session has heard that the person's role is another now. */
static enum status
follow_user(struct store *s, struct err *err)
{
	struct store_user now = {0};
	struct err gone = ERR_INIT;
	enum status st = keywrap_get_user(&now, s, s->user.login, &gone);

	if (st == E_NOTFOUND)
		return E_OK;	/* sent away: erasure_spares() says so */
	if (st) {
		*err = gone;
		return st;
	}
	if (strcmp(now.role, s->user.role) != 0)
		overview_forget(s);
	s->user = now;
	crypto_wipe(&now, sizeof now);
	return E_OK;
}

/* What has changed, without what this user may not see; *unhide: not all that
 * may be seen is in memory. */
static enum status
read_some(struct store *s, bool *moved, bool *unhide, struct err *err)
{
	enum status st = read_changes(s, moved, unhide, err);

	return st || !hidden_applies(s) ? st : hidden_sweep(unhide, s, err);
}

static enum status
read_visible(struct store *s, bool *moved, struct err *err)
{
	bool unhide = false;
	enum status st = read_some(s, moved, &unhide, err);

	if (!st && unhide) {
		overview_forget(s);
		*moved = true;
		st = read_some(s, moved, &unhide, err);
	}
	if (st && hidden_applies(s))
		overview_forget(s);	/* or what is hidden might be seen */
	return st;
}

enum status
overview_refresh(struct store *s, bool *changed, struct err *err)
{
	int64_t version = 0;
	bool moved = false;
	enum status st = store_need_key(s, err);

	/* What a batch wrote is in memory already and may be taken back. */
	if (!st && s->batch) {
		if (changed)
			*changed = false;
		return E_OK;
	}
	if (!st)
		st = db_data_version(&version, s->db, err);
	if (st)
		return st;
	if (s->memory.loaded && version == s->loaded_version && !s->stale) {
		if (changed)
			*changed = false;
		return E_OK;
	}
	st = follow_user(s, err);
	if (!st)
		st = read_visible(s, &moved, err);
	if (!st)
		st = office_names_load(s, err);
	if (!st)
		st = people_names_load(s, err);
	if (st)
		return st;
	s->loaded_version = version;
	s->stale = false;
	if (changed)
		*changed = moved;
	return E_OK;
}

enum status
overview_reload(struct store *s, const struct uuid *id, struct err *err)
{
	struct db_stmt *q = NULL;
	struct overview *o = NULL;
	struct buf text;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT id, gen, rev, mark,"
		" overview, made FROM record WHERE id = ?", err);

	if (st)
		return st;
	buf_init(&text, BUF_RECORD_MAX);
	db_bind_uuid(q, 1, id);
	st = db_step(q, &row, err);
	if (!st && row)
		st = open_row(&o, s, &text, q, err);
	if (!st && row)
		overview_put(s, o);
	else if (!st)
		overview_drop(s, id);
	buf_release(&text);
	db_finish(q);
	return st;
}

void
overview_wrote(struct store *s, const struct row *r)
{
	struct overview *o = NULL;
	struct err err = ERR_INIT;
	struct buf text;

	buf_init(&text, BUF_RECORD_MAX);
	row_print_overview(&text, s, &r->shown);
	if (overview_parse(&o, s, text.data, text.len, &err) == E_OK) {
		o->id = r->shown.id;
		o->rev = r->rev;
		o->sync = (uint8_t)r->mark;
		overview_put(s, o);
	}
	buf_release(&text);
	if (s->batch) {
		s->touched = mem_grow(s->touched, s->touched_count,
			sizeof *s->touched);
		s->touched[s->touched_count++] = r->shown.id;
	} else if (r->gen == s->memory.gen + 1) {
		s->memory.gen = r->gen;
	}
}

/* ---- opened lately ---- */

/* Only ranks in a list: what cannot be read is not worth a word. */
void
overview_rank_opened(struct store *s)
{
	struct db_stmt *q = NULL;
	struct err err = ERR_INIT;
	bool row = true;

	if (db_prepare(&q, s->db, "SELECT id, opened_at FROM recent"
	    " WHERE login = ?", &err))
		return;
	db_bind_text(q, 1, s->user.login);
	while (db_step(q, &row, &err) == E_OK && row) {
		struct uuid id = {{0}};

		if (db_uuid(&id, q, 0))
			lookup_opened(s->lookup, &id, db_int(q, 1));
	}
	db_finish(q);
}

static enum status
write_opened(struct store *s, const struct uuid *id, int64_t now_at,
	struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st;

	st = db_prepare(&q, s->db, "INSERT INTO recent(login, id, opened_at)"
		" VALUES(?, ?, ?) ON CONFLICT(login, id) DO UPDATE SET"
		" opened_at = excluded.opened_at", err);
	if (st)
		return st;
	db_bind_text(q, 1, s->user.login);
	db_bind_uuid(q, 2, id);
	db_bind_int(q, 3, now_at);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

void
overview_opened(struct store *s, const struct uuid *id, int64_t now_at)
{
	const struct overview *o;
	struct uuid person;
	struct err err = ERR_INIT;

	if (!s->unlocked || s->batch)
		return;
	o = overview_find(s, id);
	if (!o)
		return;
	/* A case that was opened is its person having been opened. */
	person = uuid_is_zero(&o->person) ? *id : o->person;
	if (s->lookup)
		lookup_opened(s->lookup, &person, now_at);
	/* Only a rank in a list: what cannot be kept is not worth a word. */
	if (write_opened(s, &person, now_at, &err))
		return;
}
