#ifndef SERVER_LEDGER_ERASE_H
#define SERVER_LEDGER_ERASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/schema.h"
#include "server/ledger_erased.h"

/*
 * Erasing for good, by two people: one asks, naming the record, the reason and
 * the article; another one agrees, and then it is done at once.  So both a
 * person's wish (个人信息保护法 47) and what was kept long enough (销毁鉴定).
 *
 * 1. Both have an account of the county that may (ROLE_ERASES), and one of them
 *    leads the county: the administrators see no records.
 * 2. With a record goes all that belongs to it; with a person all that is about
 *    them: values, history, operations that were refused, the bytes of scans
 *    that nobody else names, snapshots.
 * 3. What remains is that it was done: erased rows, and the trace.
 */
struct db;

enum { ERASE_TEXT_MAX = 400 };	/* bytes of reason and basis, with the NUL */

struct erasure {
	int64_t id;			/* from 1 */
	struct uuid record;
	char reg[RECORD_NAME_MAX];
	char office[RECORD_OFFICE_MAX];
	bool term;			/* kept long enough; else a wish */
	char why[ERASE_TEXT_MAX], basis[ERASE_TEXT_MAX];
	char asked_by[RECORD_NAME_MAX], decided_by[RECORD_NAME_MAX];
	int64_t asked_at, decided_at;	/* decided_at 0: it waits */
	bool done;			/* agreed to, and erased */
	int64_t records;		/* that were erased */
};

/* What goes with a record, and what stays. */
struct erase_counts {
	struct erase_reg {
		char reg[RECORD_NAME_MAX];
		int64_t count;
	} regs[128];
	size_t reg_count;
	int64_t records, versions, refused, scans;
	int64_t kept;		/* of them: their keeping term runs */
	char kept_until[16];	/* the last day of the longest, "" for good */
	struct uuid named[20];	/* of those that stay: where the person's
				 * name or id number stands */
	int64_t named_count;	/* all of them */
};

/* schema: for the keeping terms.  Errors: E_NOTFOUND no such record; E_IO. */
MUST_CHECK enum status erase_count(struct erase_counts *out, struct db *db,
	const struct schema *schema, const struct uuid *record, int today,
	struct err *err);

/* Ask; id, reg, office and asked_at are filled in.  early: although a keeping
 * term runs.  Errors: E_NOTFOUND no such record; E_AUTH the account may not;
 * E_INVALID no reason, or it names the person; E_CONFLICT it was asked already,
 * or a term runs; E_IO. */
MUST_CHECK enum status erase_ask(struct erasure *e, struct db *db,
	const struct schema *schema, bool early, int today, struct err *err);

/* Agree and erase, or refuse.  In a writing transaction; the bytes of scans go
 * now, erase_after() does the rest.  Errors: E_NOTFOUND no such request waits;
 * E_AUTH the account may not, or asked itself, or neither leads; E_IO. */
MUST_CHECK enum status erase_decide(struct erasure *out, struct db *db,
	const char *dir, int64_t id, const char *by, bool agree,
	struct err *err);

/* After the commit: no snapshot and no page of the log holds it any more.
 * Errors: E_IO. */
MUST_CHECK enum status erase_after(struct ledger *l, struct err *err);

MUST_CHECK enum status erase_each(struct db *db, enum status (*show)(
	void *self, const struct erasure *e, struct err *err), void *self,
	struct err *err);

/* Erase again what the folder's file says was erased and a restored ledger still
 * has.  *count: records.  Errors: E_INVALID; E_IO. */
MUST_CHECK enum status erase_again(int64_t *count, struct db *db,
	const char *dir, struct err *err);

#endif
