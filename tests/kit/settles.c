/*
 * The county at its quarantine.
 */
#include "kit/settles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "server/ledger_settle.h"

struct names {
	char (*items)[DONE_ASIDE_ID_MAX];
	size_t count;
};

static enum status
note(void *self, const struct done_aside *q, struct err *err)
{
	struct names *n = self;

	(void)err;
	if (q->how[0])
		return E_OK;
	n->items = mem_grow(n->items, n->count, sizeof *n->items);
	memcpy(n->items[n->count++], q->id, sizeof q->id);
	return E_OK;
}

/* In a transaction of its own; does it do? */
static bool
settle(struct township *t, const char *id, const char *why)
{
	struct settle_item item = {0};
	struct judgement j = {0};
	struct err err = ERR_INIT;
	struct db *db = NULL;
	enum status s = ledger_begin(&db, t->ledger, &err);

	assert_int_equal(s, E_OK);
	s = settle_find(&item, db, id, &err);
	if (!s)
		s = why ? settle_dismiss(db, &item, "uc", why, &err) :
			settle_take(&j, db, t->renewed ? t->newer : t->schema,
			&item, "uc", &err);
	settle_item_release(&item);
	s = ledger_end(t->ledger, s, &err);
	if (s && s != E_INVALID && s != E_CONFLICT)
		fail_msg("%s", err.msg);
	return s == E_OK;
}

void
settles_all(struct township *t, size_t *count)
{
	struct names names = {0};
	struct err err = ERR_INIT;
	struct db *db = NULL;

	assert_int_equal(ledger_begin_read(&db, t->ledger, &err), E_OK);
	assert_int_equal(done_each_aside(db, note, &names, &err), E_OK);
	ledger_end_read(t->ledger);
	for (size_t i = 0; i < names.count; i++) {
		bool taken = settle(t, names.items[i], NULL);

		*count += taken;
		if (!taken)
			(void)settle(t, names.items[i], "no");
	}
	free(names.items);
}
