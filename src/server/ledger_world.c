/*
 * What the rules may ask about other records (ledger_world.h).  Records are
 * found by their office only: what else a client looks for among its own, the
 * same number twice, would here look into other offices.
 */
#include "server/ledger_world.h"

#include <string.h>

#include "core/older.h"
#include "server/ledger_record.h"
#include "server/ledger_transfer.h"

enum { GOT, CHILD, FOUND };	/* places in lent */

static const struct record *
lend(struct ledger_world *w, size_t place, struct record *found,
    enum status s, const struct err *err)
{
	const struct schema_register *reg;

	record_release(&w->lent[place]);
	w->lent[place] = (struct record){0};
	if (s == E_IO)
		w->err = *err;
	if (s)
		return NULL;
	w->lent[place] = *found;
	reg = schema_register_find(w->schema, found->reg);
	if (reg)
		(void)older_record(&w->lent[place], reg);
	return &w->lent[place];
}

static const struct record *
world_get(void *self, const struct uuid *id)
{
	struct ledger_world *w = self;
	struct record r = {0};
	struct err err = ERR_INIT;
	enum status s = ledger_record_get(&r, w->db, id, &err);
	bool theirs = s || !w->office || strcmp(r.office, w->office) == 0;

	if (!theirs)
		s = transfer_lends(&theirs, w->db, id, w->office, &err);
	if (!s && !theirs)
		s = E_NOTFOUND;
	if (s)
		record_release(&r);
	return lend(w, GOT, &r, s, &err);
}

/* The rules of one form ask for several registers of children, and most new
 * records have none of any. */
static enum status
note_children(struct ledger_world *w, const struct uuid *parent,
    struct err *err)
{
	enum status s;

	if (w->has_asked && uuid_compare(&w->parent, parent) == 0)
		return E_OK;
	s = ledger_record_has_child(&w->has_child, w->db, parent, err);
	w->has_asked = s == E_OK;
	w->parent = *parent;
	return s;
}

static const struct record *
world_child(void *self, const struct uuid *parent, const char *reg, size_t i)
{
	struct ledger_world *w = self;
	struct record r = {0};
	struct err err = ERR_INIT;
	enum status s = note_children(w, parent, &err);

	if (!s && !w->has_child)
		s = E_NOTFOUND;
	else if (!s)
		s = ledger_record_child(&r, w->db, parent, reg, i, &err);
	return lend(w, CHILD, &r, s, &err);
}

static const struct record *
world_find(void *self, const struct rule_find *what, size_t i)
{
	struct ledger_world *w = self;
	struct record r = {0};
	struct err err = ERR_INIT;
	enum status s;

	if (strcmp(what->field, "@office") != 0)
		return NULL;
	s = ledger_record_of_office(&r, w->db, what->value, what->reg,
	    what->but, i, &err);
	return lend(w, FOUND, &r, s, &err);
}

void
ledger_world_init(struct ledger_world *w, struct db *db,
    const struct schema *schema, const char *office)
{
	*w = (struct ledger_world){ .db = db, .schema = schema,
		.office = office };
	w->face = (struct rule_world){ .self = w, .get = world_get,
		.child = world_child, .find = world_find };
}

void
ledger_world_release(struct ledger_world *w)
{
	for (size_t i = 0; i < LEDGER_WORLD_LENT; i++)
		record_release(&w->lent[i]);
	*w = (struct ledger_world){0};
}
