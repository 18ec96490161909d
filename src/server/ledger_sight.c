/*
 * Roles against registers; only the program's own records are looked into.
 */
#include "server/ledger_sight.h"

#include <string.h>

#include "server/ledger_record.h"
#include "server/ledger_scan.h"

void
sight_begin(struct sight *s, const struct schema *schema)
{
	*s = (struct sight){ .schema = schema, .narrow = true };
}

void
sight_add(struct sight *s, const char *role)
{
	s->narrow = false;
	for (size_t i = 0; i < s->schema->register_count; i++) {
		if (i >= SIGHT_REGISTERS_MAX) {
			s->narrow = true;
			break;
		}
		s->sees[i] = s->sees[i] ||
		    schema_may_read(&s->schema->registers[i], role);
		s->narrow = s->narrow || !s->sees[i];
	}
}

static bool
sees_register(const struct sight *s, const struct schema_register *reg)
{
	size_t i = reg ? (size_t)(reg - s->schema->registers) :
	    SIGHT_REGISTERS_MAX;

	return i < SIGHT_REGISTERS_MAX && s->sees[i];
}

/* Of the program's own: as the record that it is about. */
static enum status
sees_own(bool *out, const struct sight *s, struct db *db,
    const struct uuid *record, struct err *err)
{
	const struct schema_register *reg = NULL;
	struct record r = {0};
	struct err none = ERR_INIT;
	enum status st = ledger_record_get(&r, db, record, &none);

	if (st == E_NOTFOUND) {
		*out = false;
		return E_OK;
	}
	if (st) {
		*err = none;
		return st;
	}
	if (scan_is(&r))
		st = scan_reader(&reg, db, s->schema, &r, err);
	else
		reg = schema_register_find(s->schema,
		    record_get(&r, "register"));
	if (!st)
		*out = sees_register(s, reg);
	record_release(&r);
	return st;
}

enum status
sight_sees(bool *out, const struct sight *s, struct db *db, const char *reg,
    const struct uuid *record, struct err *err)
{
	if (!s || !s->narrow) {
		*out = true;
		return E_OK;
	}
	if (reg[0] == '@')
		return sees_own(out, s, db, record, err);
	*out = sees_register(s, schema_register_find(s->schema, reg));
	return E_OK;
}
