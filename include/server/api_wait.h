#ifndef SERVER_API_WAIT_H
#define SERVER_API_WAIT_H

#include "server/visit.h"

/*
 * GET /v1/wait?cur=STREAM:SEQ,STREAM:SEQ&t=SECONDS
 *
 * 200 {"streams":[...]} as soon as a stream that the device may hold stands
 * elsewhere than the device says (one it does not name: elsewhere than at 0);
 * 204 without a body when the seconds are over.  Errors: E_IO.
 */
MUST_CHECK enum status api_wait(struct visit *v, struct err *err);

/*
 * GET /v1/session: how this device stands with the server, after a crash or a
 * long absence:
 *
 *   {"acked":N,"epoch":N,"server_epoch":TEXT,"schema":TEXT,"min_app":N,
 *    "time":MS,"offline_until":MS}
 *
 * acked: the highest number of this epoch that has a verdict; min_app: programs
 * before that (core/wire.h) are told nothing new.  Errors: E_IO.
 */
MUST_CHECK enum status api_session(struct visit *v, struct err *err);

#endif
