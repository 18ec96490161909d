/* Has every site's trace arrived? */
#include "kit/township_trace.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "db/db.h"
#include "kit/check.h"
#include "store/audit.h"

static bool
has_entry(struct db *db, const struct uuid *device, int64_t n,
	const uint8_t hash[AUDIT_HASH])
{
	struct db_stmt *q = NULL;
	struct err err = ERR_INIT;
	bool row = false;

	kit_check(db_prepare(&q, db, "SELECT 1 FROM audit WHERE chain = ? AND"
		" n = ? AND hash = ?", &err), &err);
	db_bind_blob(q, 1, device->b, sizeof device->b);
	db_bind_int(q, 2, n);
	db_bind_blob(q, 3, hash, AUDIT_HASH);
	kit_check(db_step(q, &row, &err), &err);
	db_finish(q);
	return row;
}

void
township_trace_faults(struct buf *out, struct township *t)
{
	struct err err = ERR_INIT;
	struct db *db = NULL;

	kit_check(ledger_begin_read(&db, t->ledger, &err), &err);
	for (size_t i = 0; i < t->count; i++) {
		struct store *s = t->sites[i]->s;
		struct store_device d = {0};
		uint8_t hash[AUDIT_HASH];
		struct uuid device;
		int64_t n = 0;

		kit_check(store_device_get(&d, s, &err), &err);
		kit_check(audit_last(&n, hash, s, &err), &err);
		assert_true(uuid_parse(&device, d.device));
		if (n > 0 && !has_entry(db, &device, n, hash))
			buf_printf(out, "site %zu: entry %" PRId64 " of its "
				"trace has not arrived\n", i, n);
	}
	ledger_end_read(t->ledger);
}
