/*
 * Taking numbers.  Two windows of one cache are two processes: the write lock
 * of the database keeps them apart.
 */
#include "store/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/inside.h"
#include "store/lease.h"
#include "store/save.h"

/* ---- is it free? ---- */

/* Somebody typed it from the paper book.  What another computer typed and has
 * not come yet is found out by the server.  but: itself; NULL it is new. */
static bool
is_used(const struct store *s, const struct schema_register *reg,
	const char *text, const struct uuid *but)
{
	struct number want = {0}, has = {0};

	if (!number_parse(&want, reg->number.format, text))
		return false;
	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);
		const char *typed;

		if (!o || !o->reg || !o->reg->number.field ||
		    strcmp(o->reg->number.cls, reg->number.cls) != 0)
			continue;
		if (but && uuid_compare(&o->id, but) == 0)
			continue;
		typed = overview_get(o, o->reg->number.field);
		if (typed[0] && number_parse(&has, reg->number.format, typed) &&
		    has.n == want.n && has.year == want.year &&
		    strcmp(has.short_name, want.short_name) == 0)
			return true;
	}
	return false;
}

bool
number_is_twice(const struct store *s, const struct schema_register *reg,
	const struct record *r)
{
	return reg->number.field && is_used(s, reg,
		record_get(r, reg->number.field), &r->id);
}

/* ---- taking ---- */

/* The next of this year's leases that nobody has used; nothing is appended
 * when they are used up. */
static enum status
take_leased(struct buf *out, struct store *s,
	const struct schema_register *reg, int year, const char *office_name,
	struct err *err)
{
	struct number n = { .year = year };
	enum status st;

	number_short(n.short_name, office_name);
	for (;;) {
		st = lease_take(&n.n, s, reg->number.cls, year, err);
		if (st || n.n == 0)
			return st;
		buf_clear(out);
		number_print(out, reg->number.format, &n);
		if (!is_used(s, reg, out->data, NULL))
			return E_OK;
		buf_clear(out);
	}
}

static enum status
print_provisional(struct buf *out, struct store *s, int year,
	const struct store_device *d, struct err *err)
{
	char *name = mem_printf("provisional_%d", year);
	int64_t n = 0;
	enum status st = store_meta_int(&n, s, name, err);

	if (!st)
		st = store_meta_set_int(s, name, n + 1, err);
	if (!st)
		number_print_provisional(out, year, d->number, d->epoch,
			n + 1);
	free(name);
	return st;
}

enum status
number_take(bool *given, struct store *s, const struct schema_register *reg,
	struct record *next, bool is_new, const char *move, struct err *err)
{
	const struct schema_number *def = &reg->number;
	struct store_device d = {0};
	struct err missing = ERR_INIT;
	struct buf text;
	int year = 0;
	enum status st;

	if (number_is_due(def, next, is_new, move))
		year = number_year(def, next, clock_today());
	if (year == 0)
		return E_OK;
	st = store_device_get(&d, s, &missing);
	if (st == E_NOTFOUND)	/* never enrolled: no series to count in */
		return E_OK;
	if (st) {
		*err = missing;
		return st;
	}
	buf_init(&text, BUF_LINE_MAX);
	if (def->mode != NUMBER_PROVISIONAL &&
	    strcmp(d.office, next->office) == 0)
		st = take_leased(&text, s, reg, year, d.office_name, err);
	if (!st && text.len == 0)
		st = print_provisional(&text, s, year, &d, err);
	if (!st)
		*given = record_set(next, def->field, text.data);
	crypto_wipe(&d, sizeof d);
	buf_release(&text);
	return st;
}

/* ---- the machine of the office ---- */

bool
number_is_served(const struct schema_register *reg, const struct record *r)
{
	const struct schema_number *def = &reg->number;

	return def->field && def->mode == NUMBER_MACHINE && !r->deleted &&
		number_is_provisional(record_get(r, def->field), NULL);
}

/* Its number as an edit of its own. */
static enum status
serve(bool *given, struct store *s, const struct uuid *id,
	const struct store_device *d, struct err *err)
{
	struct record seen = {0}, next = {0};
	struct save save = { .record = &next, .seen = &seen };
	const struct schema_register *reg;
	struct buf text;
	int year = 0;
	enum status st = store_get(&seen, s, id, err);

	buf_init(&text, BUF_LINE_MAX);
	reg = st ? NULL : schema_register_find(s->schema, seen.reg);
	if (reg && number_is_served(reg, &seen) &&
	    strcmp(seen.office, d->office) == 0 &&
	    number_is_provisional(record_get(&seen, reg->number.field), &year))
		st = take_leased(&text, s, reg, year, d->office_name, err);
	if (!st && text.len > 0) {
		record_copy(&next, &seen);
		(void)record_set(&next, reg->number.field, text.data);
		st = save_record(s, &save, err);
		*given = !st;
	}
	faults_release(&save.faults);
	record_release(&seen);
	record_release(&next);
	buf_release(&text);
	return st;
}

/* The number and the edit: both or neither. */
static enum status
serve_whole(bool *given, struct store *s, const struct uuid *id,
	const struct store_device *d, struct err *err)
{
	bool done = false;
	enum status st = save_batch_begin(s, err);

	if (st)
		return st;
	st = serve(&done, s, id, d, err);
	if (st)
		save_batch_rollback(s);
	else
		st = save_batch_commit(s, err);
	*given = !st && done;
	return st;
}

/* Nothing of ours lies on them, nor was refused: it would be refused again.
 * Owned by the caller, also after a failure. */
static enum status
list_served(struct uuid **out, size_t *count, struct store *s,
	struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_prepare(&q, s->db, "SELECT id FROM record"
		" WHERE kind <> 0 AND kind = 3 AND pend = 0 AND mark = 0"
		" ORDER BY id", err);

	if (st)
		return st;
	st = db_uuids(out, count, q, err);
	db_finish(q);
	return st;
}

enum status
number_serve(size_t *made, struct store *s, struct err *err)
{
	struct store_device d = {0};
	struct uuid *ids = NULL;
	size_t count = 0;
	enum status st = list_served(&ids, &count, s, err);

	/* which numbers are used is looked up in memory */
	if (!st && count > 0)
		st = overview_refresh(s, NULL, err);
	if (!st)
		st = store_device_get(&d, s, err);
	for (size_t i = 0; !st && i < count; i++) {
		bool given = false;

		st = serve_whole(&given, s, &ids[i], &d, err);
		*made += given;
		/* one that cannot be written now is left for the next time */
		if (st && st != E_IO && st != E_AUTH) {
			*err = (struct err)ERR_INIT;
			st = E_OK;
		}
	}
	free(ids);
	crypto_wipe(&d, sizeof d);
	return st;
}

/* ---- what is left ---- */

static enum status
add_stock(struct number_stock **list, size_t *count, struct store *s,
	const struct schema_register *reg, int year, bool always,
	struct err *err)
{
	struct number_stock n = { .reg = reg, .year = year };
	enum status st = lease_count(&n.left, &n.next, s, reg->number.cls,
		year, err);

	n.machine = reg->number.mode == NUMBER_MACHINE && n.next > 0;
	if (st || (!always && n.left == 0))
		return st;
	*list = mem_grow(*list, *count, sizeof **list);
	(*list)[(*count)++] = n;
	return E_OK;
}

enum status
number_stock(struct number_stock **out, size_t *count, struct store *s,
	struct err *err)
{
	struct number_stock *list = NULL;
	size_t n = 0;
	const struct schema_register *reg = NULL;
	enum status st = E_OK;

	while (!st && (reg = lease_class_next(s, reg)) != NULL) {
		int year = lease_this_year();

		if (reg->number.mode == NUMBER_PROVISIONAL)
			continue;
		st = add_stock(&list, &n, s, reg, year - 1, false, err);
		if (!st)
			st = add_stock(&list, &n, s, reg, year, true, err);
		if (!st)
			st = add_stock(&list, &n, s, reg, year + 1, false, err);
	}
	if (st) {
		free(list);
		return st;
	}
	*out = list;
	*count = n;
	return E_OK;
}
