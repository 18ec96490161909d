#ifndef SERVER_API_WIPED_H
#define SERVER_API_WIPED_H

#include "server/visit.h"

/*
 * POST /v1/wiped {"device":ID,"token":WORD}: the cache of this device has
 * destroyed its keys and files, as the order said whose word this is.  It has
 * no token of its own left, and may say it again: the reply may be lost.
 * Errors: E_IO.
 */
MUST_CHECK enum status api_wiped(struct visit *v, struct err *err);

#endif
