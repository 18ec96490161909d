/*
 * The table of leases.
 *
 * A place is the number that the file system gave the database file, and the
 * machine's own id: whatever copies the file, onto another machine or beside
 * it, makes another place.
 */
#include "store/lease.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"
#include "store/inside.h"

enum status
lease_place(char out[LEASE_PLACE_MAX], const struct store *s,
	struct err *err)
{
	struct stat file;
	struct err none = ERR_INIT;
	struct buf text;
	uint8_t digest[CRYPTO_SHA256];

	if (stat(s->path, &file))
		return err_set(err, E_IO,
			tr("The local data could not be read."));
	buf_init(&text, BUF_LINE_MAX);
	if (io_read(&text, "/etc/machine-id", &none))
		buf_clear(&text);	/* then the file alone must do */
	buf_printf(&text, "/%" PRIuMAX, (uintmax_t)file.st_ino);
	crypto_sha256(digest, text.data, text.len);
	crypto_hex(out, digest, (LEASE_PLACE_MAX - 1) / 2);
	buf_release(&text);
	return E_OK;
}

static enum status
find_next(int64_t *out, char key[UUID_TEXT_MAX], struct store *s,
	const char *cls, int year, struct err *err)
{
	char place[LEASE_PLACE_MAX];
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = lease_place(place, s, err);

	if (!st)
		st = db_prepare(&q, s->db, "SELECT next, key FROM lease WHERE"
			" class = ? AND year = ? AND place = ? AND"
			" next <= last AND NOT back ORDER BY first LIMIT 1",
			err);
	if (st)
		return st;
	db_bind_text(q, 1, cls);
	db_bind_int(q, 2, year);
	db_bind_text(q, 3, place);
	st = db_step(q, &row, err);
	*out = !st && row ? db_int(q, 0) : 0;
	if (!st && row)
		snprintf(key, UUID_TEXT_MAX, "%s", db_text(q, 1, NULL));
	db_finish(q);
	return st;
}

enum status
lease_take(int64_t *out, struct store *s, const char *cls, int year,
	struct err *err)
{
	char key[UUID_TEXT_MAX] = "";
	struct db_stmt *q = NULL;
	enum status st = find_next(out, key, s, cls, year, err);

	if (st || *out == 0)
		return st;
	st = db_prepare(&q, s->db,
		"UPDATE lease SET next = next + 1 WHERE key = ?", err);
	if (st)
		return st;
	db_bind_text(q, 1, key);
	st = db_run(q, err);
	db_finish(q);
	return st;
}

enum status
lease_count(int64_t *left, int64_t *next, struct store *s, const char *cls,
	int year, struct err *err)
{
	char place[LEASE_PLACE_MAX];
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = lease_place(place, s, err);

	if (!st)
		st = db_prepare(&q, s->db, "SELECT coalesce(sum(last - next +"
			" 1), 0), coalesce(min(next), 0) FROM lease WHERE"
			" class = ? AND year = ? AND place = ? AND"
			" next <= last AND NOT back", err);
	if (st)
		return st;
	db_bind_text(q, 1, cls);
	db_bind_int(q, 2, year);
	db_bind_text(q, 3, place);
	st = db_step(q, &row, err);
	if (!st) {
		*left = db_int(q, 0);
		*next = db_int(q, 1);
	}
	db_finish(q);
	return st;
}

int
lease_this_year(void)
{
	int year, month, day;

	date_to_ymd(clock_today(), &year, &month, &day);
	return year;
}

static bool
is_first_of_class(const struct schema *schema,
	const struct schema_register *reg)
{
	for (const struct schema_register *o = schema->registers; o < reg; o++)
		if (o->number.field &&
		    strcmp(o->number.cls, reg->number.cls) == 0)
			return false;
	return true;
}

/* Whoever makes the record, or takes the step that gives it. */
static bool
may_give(const struct schema_register *reg, const char *role)
{
	const struct schema_number *def = &reg->number;

	for (size_t i = 0; i < def->move_count; i++) {
		for (size_t k = 0; k < reg->move_count; k++) {
			const struct schema_move *m = &reg->moves[k];

			if (strcmp(m->name, def->moves[i]) == 0 &&
			    schema_role_in(m->roles, m->role_count, role))
				return true;
		}
	}
	return def->move_count == 0 && schema_may_write(reg, role);
}

const struct schema_register *
lease_class_next(const struct store *s, const struct schema_register *prev)
{
	const struct schema *schema = s->schema;
	const struct schema_register *end =
		schema->registers + schema->register_count;

	for (const struct schema_register *reg = prev ? prev + 1 :
	    schema->registers; reg < end; reg++) {
		if (reg->number.field && is_first_of_class(schema, reg) &&
		    may_give(reg, s->user.role))
			return reg;
	}
	return NULL;
}
