#ifndef SERVER_GRANT_H
#define SERVER_GRANT_H

#include <stdbool.h>
#include <stdint.h>

#include "server/account.h"

/*
 * Rights that are added to an account, by one person or, where the ledger says
 * so (三权分立, GB/T 22239-2019 8.1.4.2), by two: one asks, another one agrees,
 * and only then it is so.
 *
 * 1. Added is a role, since none holds all that another one does, but that of
 *    a newcomer, which has no right; an office beyond those that the own one
 *    reaches; and opening a closed account.  Less is given at once, and so are
 *    names and passwords; closing an account asks nobody.
 * 2. Until then the account is as it was; a new one is closed, and gone when
 *    it is refused.
 * 3. The second one says who is what (ROLE_GRANTS) where the account is and
 *    where it comes to, is not who asked and not who gains; and who asked still
 *    may when the other one agrees.
 * 4. What changed meanwhile is not agreed to: it is asked for again.
 * 5. Going back to one person is itself for two.
 */
struct db;

struct grant {
	int64_t id;				/* from 1 */
	char login[RECORD_NAME_MAX];	/* "": one person is enough again */
	char role[RECORD_NAME_MAX];		/* "": as it is */
	char office[RECORD_OFFICE_MAX];		/* "": as it is */
	bool opens;				/* a closed account */
	char was_role[RECORD_NAME_MAX], was_office[RECORD_OFFICE_MAX];
	char asked_by[RECORD_NAME_MAX], decided_by[RECORD_NAME_MAX];
	int64_t asked_at, decided_at;		/* decided_at 0: it waits */
	bool done;				/* agreed to */
};

MUST_CHECK enum status grant_needs_two(bool *out, struct db *db,
	struct err *err);
/* *waits: the request that another one decides, 0 it is so already.  Errors:
 * E_AUTH only the first way and by may not; E_CONFLICT nobody else could agree;
 * E_IO. */
MUST_CHECK enum status grant_set_two(int64_t *waits, struct db *db, bool two,
	const char *by, struct err *err);

/* What account_add, account_set and account_enable do, at once where one person
 * is enough or nothing is added.  by: who asks; "" at the server, where one
 * person is enough.  *waits: as above.  Errors: theirs; E_AUTH by may not, or
 * none is named; E_CONFLICT something of the account waits already. */
MUST_CHECK enum status grant_add(int64_t *waits, struct db *db,
	const struct account *account, const char *by, struct err *err);
MUST_CHECK enum status grant_change(int64_t *waits, struct db *db,
	const char *login, const char *name, const char *role,
	const char *office, const char *by, struct err *err);
MUST_CHECK enum status grant_open(int64_t *waits, struct db *db,
	const char *login, const char *by, struct err *err);

/* May this one agree? */
bool grant_may(const struct grant *g, const struct account *by);
/* Agree, and it is so; or refuse, which who asked may too.  Errors: E_NOTFOUND
 * no such request waits; E_AUTH; E_CONFLICT the account changed meanwhile;
 * those of account_set. */
MUST_CHECK enum status grant_decide(struct grant *out, struct db *db,
	int64_t id, const char *by, bool agree, struct err *err);
/* Those that wait; each by its number or the account's login.
 * Errors: E_NOTFOUND; E_IO. */
MUST_CHECK enum status grant_find(struct grant *out, struct db *db,
	int64_t id, struct err *err);
MUST_CHECK enum status grant_of(struct grant *out, bool *found,
	struct db *db, const char *login, struct err *err);

#endif
