#ifndef SERVER_API_SYNC_H
#define SERVER_API_SYNC_H

#include "core/schema.h"
#include "server/answer.h"
#include "server/device.h"
#include "server/early.h"
#include "server/ledger.h"
#include "server/ledger_sight.h"
#include "server/pool.h"

/*
 * POST /v1/sync: one request of lines, one reply of lines.
 */
struct api_sync {
	struct ledger *ledger;
	const struct schema *schema;
	struct device device;		/* who asks; epoch may be raised */
	int64_t until_at;		/* the person's sign-in holds till then */
	struct pool *readers;		/* as of push_read_begin(); or NULL */
	struct early *early;		/* NULL: nobody sends early */
	int64_t stuck;			/* after a failure: the operation that
					 * could not be worked; 0 none */
	bool sealed;			/* as of struct ledger_peer */
	const struct sight *sight;	/* the same */
	const struct account *account;	/* of the person; NULL: not told */
	int64_t min_app;		/* the program is older than that: no
					 * feed lines for it; 0 it is not */
	bool last;			/* who asks may do nothing more: what
					 * waits is taken in, and no page given */
	bool shut;			/* and is put aside, unjudged */
	bool slow;			/* its line is: pack closely */
	int64_t acked;			/* of a last one: taken in up to here */
};

/*
 * text: the body, unpacked.  *answer: everything of 409, or
 * ANSWER_BAD_REQUEST with a sentence in why.  With ANSWER_OK the reply's lines
 * are in out (of a last one: nothing).  Errors: E_IO.
 */
MUST_CHECK enum status api_sync(struct buf *out, enum answer *answer,
	char why[ERR_MSG_MAX], struct api_sync *sync, const char *text,
	size_t len, struct err *err);

#endif
