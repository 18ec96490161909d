/*
 * Who may give and take, what goes along, and the change of office itself.
 */
#include "server/ledger_transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "core/question.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "server/ledger_author.h"
#include "server/ledger_place.h"
#include "server/ledger_record.h"

/* ---- questions to the ledger ---- */

/* Does it have a row?  a may be NULL, and so may b. */
static enum status
has_row(bool *out, struct db *db, const char *sql, const struct uuid *a,
    const char *b, const struct uuid *c, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, sql, err);

	if (s)
		return s;
	db_bind_uuid(st, 1, a);
	if (b)
		db_bind_text(st, 2, b);
	if (c)
		db_bind_uuid(st, 3, c);
	s = db_step(st, &row, err);
	db_finish(st);
	if (!s)
		*out = row;
	return s;
}

enum status
transfer_left(bool *out, struct db *db, const struct uuid *record,
    const char *office, struct err *err)
{
	return has_row(out, db, "WITH RECURSIVE up(id, parent) AS ("
	    "SELECT id, parent FROM record WHERE id = ?1 UNION"
	    " SELECT r.id, r.parent FROM up JOIN record r ON r.id = up.parent)"
	    " SELECT 1 FROM transfer t JOIN up ON up.id = t.record"
	    " WHERE t.origin = ?2 AND t.state = 'accepted' UNION ALL"
	    " SELECT 1 FROM transfer t JOIN along a ON a.transfer = t.id"
	    " WHERE a.record = ?1 AND a.lent = 0 AND t.origin = ?2 AND"
	    " t.state = 'accepted'", record, office, NULL, err);
}

enum status
transfer_lends(bool *out, struct db *db, const struct uuid *person,
    const char *office, struct err *err)
{
	return has_row(out, db, "SELECT 1 FROM transfer t"
	    " JOIN along a ON a.transfer = t.id WHERE a.record = ?1 AND"
	    " a.lent = 1 AND t.destination = ?2 AND t.state = 'accepted'",
	    person, office, NULL, err);
}

/* ---- who ---- */

enum status
transfer_may(struct judgement *out, const struct judge *j,
    const struct account *author, const struct op *op,
    const struct record *current, struct err *err)
{
	const char *from = current ? current->office : op->office;
	const char *to = current ? record_get(current, "to") : "";
	const struct schema_register *reg = schema_register_find(j->schema,
	    TRANSFER_REGISTER);

	if (current && strcmp(author->office, to) == 0 &&
	    strcmp(j->peer->office, to) == 0)
		return author_may_role(out, author, op, reg);
	return author_may(out, j, author, op, from, reg, err);
}

/* ---- what ---- */

static enum status
refuse(struct judgement *out, const char *why)
{
	return judge_refuse(out, VERDICT_INVALID, why);
}

static enum status
check_destination(struct judgement *out, const struct judge *j,
    const struct record *next, struct err *err)
{
	struct office to = {0};
	struct err none = ERR_INIT;
	enum status s = office_get(&to, j->db, record_get(next, "to"), &none);

	if (s && s != E_NOTFOUND) {
		*err = none;
		return s;
	}
	if (s)
		return refuse(out, tr("There is no such office."));
	if (to.county || strcmp(to.code, next->office) == 0)
		return refuse(out,
		    tr("A record goes to another office, not there."));
	return E_OK;
}

/* The record that is given, by author (NULL: it is accepted); refused where it
 * cannot be. */
static enum status
find_subject(struct record *about, struct judgement *out,
    const struct judge *j, const struct account *author,
    const struct record *next, struct err *err)
{
	bool unseen = false;
	const struct schema_register *reg;
	struct err none = ERR_INIT;
	struct uuid id;
	enum status s;

	if (!uuid_parse(&id, record_get(next, "record")))
		return refuse(out, tr("There is no such record."));
	s = ledger_record_get(about, j->db, &id, &none);
	if (s == E_NOTFOUND)
		return refuse(out, tr("There is no such record."));
	if (s) {
		*err = none;
		return s;
	}
	if (author)
		s = author_unseen(&unseen, j, author, next->office, about,
		    err);
	if (s)
		return s;
	reg = schema_register_find(j->schema, about->reg);
	if (unseen || strcmp(about->office, next->office) != 0)
		return refuse(out, tr("There is no such record."));
	if (!reg || about->reg[0] == '@' || reg->parent ||
	    strcmp(about->reg, "person") == 0)
		return refuse(out, tr("Only a whole record is handed over; "
		    "what belongs to it and the person go along."));
	if (about->deleted)
		return refuse(out, tr("The record is withdrawn."));
	return E_OK;
}

/* ---- who goes along ---- */

struct along {
	struct uuid *moved;	/* the record and all below; owned */
	size_t moved_count;
	struct buf persons, lent;
};

static bool
is_moved(const struct along *a, const struct uuid *id)
{
	for (size_t i = 0; i < a->moved_count; i++) {
		if (uuid_compare(&a->moved[i], id) == 0)
			return true;
	}
	return false;
}

static void
add_person(struct buf *out, const struct uuid *id)
{
	char text[UUID_TEXT_MAX];

	uuid_print(text, id);
	if (out->len > 0 && strstr(out->data, text))
		return;
	if (out->len > 0)
		buf_char(out, ';');
	buf_text(out, text);
}

/* Has the office other work with this person? */
static enum status
is_needed(bool *out, struct db *db, const struct along *a,
    const struct uuid *person, const char *office, struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, db, "SELECT id FROM record WHERE"
	    " person = ? AND office = ? AND deleted = ''", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, person);
	db_bind_text(st, 2, office);
	while (!*out) {
		struct uuid id = {{0}};

		s = db_step(st, &row, err);
		if (s || !row)
			break;
		(void)db_uuid(&id, st, 0);
		*out = !is_moved(a, &id);
	}
	db_finish(st);
	return s;
}

/* One of those that move: is it about a person? */
static enum status
add_person_of(struct along *a, struct db *db, const struct uuid *record,
    const char *office, bool offered, struct err *err)
{
	struct db_stmt *st = NULL;
	struct uuid person = {{0}};
	char owner[RECORD_OFFICE_MAX] = "";
	bool row = false, needed = false;
	enum status s = db_prepare(&st, db, "SELECT p.id, p.office FROM"
	    " record r JOIN record p ON p.id = r.person WHERE r.id = ?", err);

	if (s)
		return s;
	db_bind_uuid(st, 1, record);
	s = db_step(st, &row, err);
	if (!s && row) {
		(void)db_uuid(&person, st, 0);
		snprintf(owner, sizeof owner, "%s", db_text(st, 1, NULL));
	}
	db_finish(st);
	if (s || !row)
		return s;
	needed = strcmp(owner, office) != 0;
	if (!needed && !offered)
		s = is_needed(&needed, db, a, &person, office, err);
	add_person(needed && !offered ? &a->lent : &a->persons, &person);
	return s;
}

/* Everything that changes its office with the record: not the traces of what
 * was given away before, not what is another office's. */
static enum status
find_moved(struct along *a, struct db *db, const struct record *about,
    struct err *err)
{
	struct uuid *below = NULL;
	size_t count = 0, kept = 0;
	enum status s = place_below(&below, &count, db, &about->id, err);

	if (s)
		return s;
	a->moved = mem_alloc(count + 1, sizeof *a->moved);
	a->moved[kept++] = about->id;
	for (size_t i = 0; i < count && !s; i++) {
		bool is = false;

		s = has_row(&is, db, "SELECT 1 FROM record WHERE id = ?1 AND"
		    " office = ?2 AND register <> '" TRANSFER_REGISTER "'",
		    &below[i], about->office, NULL, err);
		if (is)
			a->moved[kept++] = below[i];
	}
	a->moved_count = kept;
	free(below);
	return s;
}

static void
along_release(struct along *a)
{
	free(a->moved);
	buf_release(&a->persons);
	buf_release(&a->lent);
}

static enum status
find_along(struct along *a, struct db *db, const struct record *about,
    bool offered, struct err *err)
{
	enum status s = find_moved(a, db, about, err);

	buf_init(&a->persons, BUF_LINE_MAX);
	buf_init(&a->lent, BUF_LINE_MAX);
	for (size_t i = 0; i < a->moved_count && !s; i++)
		s = add_person_of(a, db, &a->moved[i], about->office, offered,
		    err);
	return s;
}

/* ---- filling in ---- */

static enum status
describe(struct record *next, const struct judge *j,
    const struct record *about, struct err *err)
{
	const struct schema_register *reg = schema_register_find(j->schema,
	    about->reg);
	struct record person = {0};
	struct err none = ERR_INIT;
	struct uuid id;
	bool has = reg && reg->person_field &&
	    uuid_parse(&id, record_get(about, reg->person_field));
	enum status s = has ? ledger_record_get(&person, j->db, &id, &none) :
	    E_NOTFOUND;

	if (s && s != E_NOTFOUND) {
		*err = none;
		return s;
	}
	transfer_describe(next, reg, about, s ? NULL : &person);
	record_release(&person);
	return E_OK;
}

static enum status
fill_in(const struct judge *j, const struct record *about, bool fresh,
    struct record *next, struct err *err)
{
	struct along a = {0};
	bool offered = strcmp(next->state, "offered") == 0;
	enum status s = fresh ? describe(next, j, about, err) : E_OK;

	if (!s)
		s = find_along(&a, j->db, about, offered, err);
	if (!s) {
		(void)record_set(next, "persons",
		    a.persons.len > 0 ? a.persons.data : "");
		(void)record_set(next, "lent",
		    a.lent.len > 0 ? a.lent.data : "");
	}
	along_release(&a);
	return s;
}

static enum status
check_new(struct judgement *out, const struct judge *j,
    const struct account *author, struct record *next, struct err *err)
{
	struct record about = {0};
	bool other = false;
	enum status s = check_destination(out, j, next, err);

	if (!s && !verdict_is_refusal(out->verdict))
		s = find_subject(&about, out, j, author, next, err);
	if (s || verdict_is_refusal(out->verdict))
		goto out;
	s = has_row(&other, j->db, "SELECT 1 FROM transfer WHERE record = ?1"
	    " AND state = 'offered' AND ?2 <> '' AND id <> ?3", &about.id, "-",
	    &next->id, err);
	if (!s && other)
		s = refuse(out, tr("The record is offered to an office "
		    "already; withdraw that first."));
	else if (!s)
		s = fill_in(j, &about, true, next, err);
out:
	record_release(&about);
	return s;
}

enum status
transfer_check(struct judgement *out, const struct judge *j,
    const struct account *author, const struct record *current,
    struct record *next, struct err *err)
{
	struct record about = {0};
	bool takes = strcmp(next->state, "withdrawn") != 0;
	bool is_taker = !author->county &&
	    strcmp(author->office, record_get(next, "to")) == 0;
	enum status s = E_OK;

	if (!current)
		return check_new(out, j, author, next, err);
	if (next->deleted)
		return refuse(out, tr("A transfer is not withdrawn like an "
		    "entry: it has a step of its own."));
	if (strcmp(current->state, "offered") != 0)
		return refuse(out,
		    tr("This transfer has been decided already."));
	if (takes != is_taker)
		return judge_refuse(out, VERDICT_DENIED, takes ?
		    tr("Only the office that it is offered to may decide that.") :
		    tr("Only the office that gives may withdraw a transfer."));
	if (strcmp(next->state, "accepted") != 0)
		return E_OK;
	s = find_subject(&about, out, j, NULL, next, err);
	if (!s && !verdict_is_refusal(out->verdict))
		s = fill_in(j, &about, false, next, err);
	record_release(&about);
	return s;
}
