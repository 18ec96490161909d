#ifndef SERVER_API_RECORD_H
#define SERVER_API_RECORD_H

#include "core/record.h"
#include "server/visit.h"

/*
 * The record that a call is about.  What is another office's, sealed, of a
 * register that the role of whoever asks does not read, and what is not there
 * at all, get one answer, so an id that somebody knows tells them nothing.
 *
 * Sets v->answer to ANSWER_NO_RECORD then; otherwise out is owned by the caller
 * and *reg is the register that decides who may read it (ledger_scan.h).
 * Inside a transaction.  Errors: E_IO.
 */
struct db;

MUST_CHECK enum status api_record_find(struct record *out,
	const struct schema_register **reg, struct visit *v, struct db *db,
	const struct uuid *id, struct err *err);

#endif
