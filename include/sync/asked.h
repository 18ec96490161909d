#ifndef SYNC_ASKED_H
#define SYNC_ASKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"
#include "sync/ahead.h"
#include "sync/fetch.h"
#include "sync/page.h"
#include "sync/sync.h"
#include "sync/transport.h"

/*
 * The requests of POST /v1/sync that are under way: one whose reply is waited
 * for, and behind it, in a long push, one that the server works when it has
 * worked that (early in core/wire.h).
 */
struct asked {
	struct fetch *fetch;	/* begun, and its reply not taken yet; or NULL */
	const struct transport *net;	/* over this line */
	bool early;
	size_t pushed;
	bool waiting;		/* others wait behind the operations in it */
	size_t ask;		/* bytes of lines asked for */
	int64_t began;		/* clock_mono_ms() */
	int64_t from;		/* of its hello */
	size_t sent;		/* bytes of its operations */
};

struct asked_all {
	struct asked now;	/* {0}: none is under way */
	struct asked early;	/* the same; only while one is */
	struct ahead *ahead;	/* what is printed of those that follow; NULL:
				 * one request at a time.  Borrowed */
};

/* Does the line bear less than the largest page? */
bool asked_is_slow(size_t line_bytes);

/* Begin the first, as what lies in the cache says.  line_bytes: 0 before the
 * line's speed is known.  whole as in core/wire.h.
 * Errors of these three: E_AUTH nobody is signed in; E_IO; E_INVALID. */
MUST_CHECK enum status asked_first(struct asked_all *a,
	const struct sync_counts *counts, size_t line_bytes, bool whole,
	struct store *s, const struct transport *net, struct err *err);

/* Begin the one after a->now before its reply has come, if the server takes
 * such, the line is quick and what it sends is printed; else nothing. */
MUST_CHECK enum status asked_early(struct asked_all *a,
	const struct sync_counts *counts, size_t line_bytes, struct store *s,
	const struct transport *net, struct err *err);

/* Begin the one after this page, the reply to done, as it will be when the page
 * is applied; unless the page says that something else comes first. */
MUST_CHECK enum status asked_next(struct asked_all *a,
	const struct asked *done, const struct page *page,
	const struct sync_counts *counts, size_t line_bytes, struct store *s,
	const struct transport *net, struct err *err);

/* Does the early one follow this page, the reply to the one before? */
bool asked_follows(const struct asked_all *a, const struct page *page);

/* Was the page of an early one made for what lies in this cache?  Errors: E_IO. */
MUST_CHECK enum status asked_fits(bool *fits, const struct page *page,
	struct store *s, struct err *err);

/* Print what follows a->now, if something does.  What fails here will be said
 * when it is sent. */
void asked_print(struct asked_all *a, const struct sync_counts *counts,
	size_t line_bytes, struct store *s);

/* Its reply is not wanted any more; the server keeps its verdicts.  One that is
 * not under way is fine. */
void asked_forget(struct asked *a);

#endif
