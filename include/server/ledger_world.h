#ifndef SERVER_LEDGER_WORLD_H
#define SERVER_LEDGER_WORLD_H

#include "base/err.h"
#include "core/rule.h"
#include "db/db.h"

/*
 * What the rules may ask about other records: this ledger.  A failure of the
 * database inside a question is kept in err, because a rule cannot pass it on;
 * the caller looks at it after every call of a rule.
 *
 * A rule must not be a way to ask about another office's records: with an
 * office, only its own are there, and those of persons lent to it.
 */
enum { LEDGER_WORLD_LENT = 3 };

struct ledger_world {
	struct rule_world face;		/* self is this struct */
	struct db *db;			/* borrowed */
	const struct schema *schema;	/* borrowed */
	const char *office;		/* borrowed; NULL: of the county */
	struct record lent[LEDGER_WORLD_LENT];	/* what was looked at last */
	struct err err;
	struct uuid parent;		/* of whom children were asked for last */
	bool has_asked, has_child;	/* and whether it has any at all */
};

void ledger_world_init(struct ledger_world *w, struct db *db,
	const struct schema *schema, const char *office);
void ledger_world_release(struct ledger_world *w);

#endif
