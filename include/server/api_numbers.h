#ifndef SERVER_API_NUMBERS_H
#define SERVER_API_NUMBERS_H

#include "server/visit.h"

/*
 * POST /v1/numbers/lease: numbers for use without a network.
 *
 *   {"hold":[{"key","class","year","first","last","next"},...],
 *    "ask":[{"key","class","year"},...]}
 *
 * hold is all that the device has, next its next unused one of each; each key
 * in ask is a uuid that the device makes for one lease and keeps, so that the
 * same request again gets the same answer:
 *
 *   {"device":7,"leases":[{"key","first","last"},...],
 *    "refused":[{"key","why"},...],"closed":[KEY,...]}
 *
 * device is its number among the county's; closed leases were taken back by the
 * county and are not used any more.
 *
 * POST /v1/numbers/return: {"hold":[...]}: from next on they are not used and
 * never will be; {"returned":N}.
 *
 * Both are of the device's own office.  Errors: E_IO.
 */
MUST_CHECK enum status api_numbers_lease(struct visit *v, struct err *err);
MUST_CHECK enum status api_numbers_return(struct visit *v, struct err *err);

#endif
