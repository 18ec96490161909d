#ifndef SERVER_API_RECONCILE_H
#define SERVER_API_RECONCILE_H

#include "server/api_sync.h"

/*
 * POST /v1/reconcile: one step of core/reconcile.h.  Arguments, answers and
 * errors as of api_sync().
 */
MUST_CHECK enum status api_reconcile(struct buf *out, enum answer *answer,
	char why[ERR_MSG_MAX], struct api_sync *sync, const char *text,
	size_t len, struct err *err);

#endif
