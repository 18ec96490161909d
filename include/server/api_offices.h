#ifndef SERVER_API_OFFICES_H
#define SERVER_API_OFFICES_H

#include "server/visit.h"

/*
 * GET /v1/offices: to any device, to whom a record can be handed over:
 *
 *   {"offices":[{"code","name"},...]}		by code, the county not among them
 *
 * Errors: E_IO.
 */
MUST_CHECK enum status api_offices(struct visit *v, struct err *err);

/* The county's (server/manage.h): POST /v1/offices/add another one, /rename the
 * name of one.  Errors: E_IO. */
MUST_CHECK enum status api_offices_add(struct visit *v, struct err *err);
MUST_CHECK enum status api_offices_rename(struct visit *v, struct err *err);

#endif
