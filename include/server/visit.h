#ifndef SERVER_VISIT_H
#define SERVER_VISIT_H

#include "base/buf.h"
#include "base/json.h"
#include "core/schema.h"
#include "server/account.h"
#include "server/answer.h"
#include "server/device.h"
#include "server/http.h"
#include "server/ledger.h"
#include "server/ledger_sight.h"
#include "server/token.h"

/*
 * One request under way: what every call needs of it.  A call that answers
 * sets reply; a call that refuses sets answer (and perhaps a sentence); one
 * that fails returns an error, which nobody outside is told.
 */
struct api;
struct early;
struct ledger_peer;
struct news;
struct signin;

enum { VISIT_REQ_MAX = 8 };

struct visit {
	struct api *api;
	struct ledger *ledger;
	struct news *news;
	struct signin *signin;
	const struct schema *schema;
	struct pool *readers;		/* of pushes; NULL: there are none */
	struct early *early;		/* the same */
	const struct buf *bundle;	/* its files (core/bundle.h) */
	int64_t min_app;		/* older programs (core/wire.h) may send
					 * and are told nothing new; 0: any */
	const struct http_request *request;
	struct http_reply *reply;
	struct device device;
	struct account account;
	char token[TOKEN_TEXT_MAX];	/* the person's */
	int64_t until_at;		/* its end */
	bool sealed, sees_sealed;	/* as of struct ledger_peer */
	struct sight sight;		/* of all who work at the device */
	enum answer answer;
	const char *sentence;		/* instead of the answer's own */
	char why[ERR_MSG_MAX];		/* room for one */
	int64_t n;			/* with ANSWER_INTERNAL: the operation
					 * that cannot be worked; 0 unknown */
	int64_t acked;			/* with a dismissal: taken in up to here;
					 * 0 nothing is said about it */
	char req[VISIT_REQ_MAX];	/* the number of a refusal, by which the
					 * county finds it in the log; "" none */
	bool later;			/* the reply is made later, elsewhere */
};

/* Is the program that asks older than min_app? */
bool visit_is_old(const struct visit *v);

/* Who asks: the device by its token and, if asked for, the person.  Sets
 * answer when they may not.  Errors: E_IO. */
MUST_CHECK enum status visit_find(struct visit *v, bool person,
	struct err *err);
/* Is the answer that the device, or the person on it, may do nothing more? */
bool visit_is_dismissed(const struct visit *v);
/* As the ledger knows who asks; once both were found. */
struct ledger_peer visit_peer(const struct visit *v);
/* Keep the tokens alive; writes at most once an hour and once a day.
 * Errors: E_IO. */
MUST_CHECK enum status visit_note(struct visit *v, struct err *err);

/* The body, unpacked, appended to out.  E_INVALID: answer is set. */
MUST_CHECK enum status visit_body(struct buf *out, struct visit *v);
/* A small JSON object, or NULL with the answer set. */
struct json *visit_object(struct visit *v);

void visit_json(struct visit *v, struct json *j);	/* reply; j is taken */
/* Pack the reply as the client takes it; slow: closely. */
void visit_pack(struct visit *v, bool slow);
void visit_refuse(struct visit *v);	/* the reply to answer */

#endif
