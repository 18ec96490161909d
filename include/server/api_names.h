#ifndef SERVER_API_NAMES_H
#define SERVER_API_NAMES_H

#include "server/visit.h"

/*
 * POST /v1/names {"mark","want":[{"user","record"}]}: what people are called
 * (server/ledger_names.h), since the mark of the last answer ("" there was none),
 * and those who are wanted because they wrote on a record; of those nobody else
 * is told:
 *
 *   {"mark","people":[{"user","name","office"},...],"more"}
 *
 * more: there are others behind the mark.  Errors: E_IO.
 */
MUST_CHECK enum status api_names(struct visit *v, struct err *err);

#endif
