#ifndef SERVER_LEDGER_NAMES_H
#define SERVER_LEDGER_NAMES_H

#include <stdbool.h>

#include "base/err.h"
#include "base/json.h"
#include "server/ledger_judge.h"

/*
 * What people are called, for the devices that show who did something: those of
 * the offices that a device follows, and whoever wrote on a record that it
 * holds.  Of nobody else.  Whose account was disabled or went to another office
 * is told all the same, for what they signed stays.
 *
 * Each new name, and each new office of somebody, has the next number; a mark
 * "NUMBER.OFFICES" says up to which a device knows them.  Its second half is of
 * the ledger's epoch and of the offices it follows: where that has changed, all
 * are told again.  Inside a transaction of the ledger.
 */
struct db;

enum {
	NAMES_MARK_MAX = 32,
	NAMES_TOLD_MAX = 400,		/* in one answer */
	NAMES_WANTED_MAX = 30,		/* asked for in one request */
};

/* This account is new, or its name or office is.  Errors: E_IO. */
MUST_CHECK enum status names_note(struct db *db, const char *login,
	struct err *err);

/* What somebody is called; "": there is no such account.  Errors: E_IO. */
MUST_CHECK enum status names_of(char out[LEDGER_NAME_MAX], struct db *db,
	const char *login, struct err *err);

/* Has anything changed since the device was told?  Never of one that has not
 * asked yet.  Errors: E_IO. */
MUST_CHECK enum status names_wait(bool *out, struct db *db,
	const struct ledger_peer *peer, struct err *err);

/* Push {"user","name","office"} of whoever is new to a device that knows them
 * up to mark; *more: others are left, behind the mark that is set then.
 * epoch: the ledger's.  Errors: E_IO. */
MUST_CHECK enum status names_tell(struct json *people,
	char mark[NAMES_MARK_MAX], bool *more, struct db *db,
	const struct ledger_peer *peer, const char *epoch, struct err *err);

/* The same of one who wrote on a record, if the device holds that; of others
 * nothing is pushed.  Errors: E_IO. */
MUST_CHECK enum status names_tell_author(struct json *people, struct db *db,
	const struct ledger_peer *peer, const char *login,
	const struct uuid *record, struct err *err);

#endif
