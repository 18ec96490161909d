#ifndef STORE_SCAN_H
#define STORE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/scan.h"
#include "store/overview.h"
#include "store/store.h"

/*
 * Attachments of this cache (core/scan.h).  Their bytes lie in it sealed, in
 * pieces; under a name that only this cache's key can make of their hash, so
 * that nobody can look whether a known paper is here.
 *
 * 1. An attachment that was entered here and has not arrived at the server is
 *    never dropped; its record and its bytes were written in one transaction.
 * 2. Others' are here once somebody opened them, and give way, the longest
 *    unused first, when all together exceed SCAN_CACHE_MAX.
 */
enum { SCAN_CACHE_MAX = 200 * 1000 * 1000 };	/* bytes of delivered ones */

/* Where the bytes are. */
enum scan_place {
	SCAN_TO_SEND,		/* here, and not at the server yet: 待上传 */
	SCAN_HERE,		/* here and there: 已送达 */
	SCAN_PARTLY,		/* there, and part of it here */
	SCAN_AWAY,		/* there only: 未下载 */
	SCAN_AWAITED,		/* on the device that entered it only */
};

struct scan_item {
	struct uuid id;			/* of its record */
	struct scan scan;		/* its name is owned */
	char *added_by;			/* owned */
	char added_on[16];
	enum sync_mark mark;		/* of its record */
	enum scan_place place;
	int64_t have, sent;		/* bytes here; at the server, of an
					 * upload */
};

struct scan_list {			/* in the order they were entered */
	struct scan_item *items;
	size_t count;
};
void scan_list_release(struct scan_list *l);

/* The living ones below a record.  Errors: E_AUTH locked, or the role may not
 * read that record; E_NOTFOUND no such record here; E_IO. */
MUST_CHECK enum status scan_list(struct scan_list *out, struct store *s,
	const struct uuid *above, struct err *err);

/* May the record be read, if it is an attachment?  Errors: those of scan_list()
 * for what it belongs to. */
MUST_CHECK enum status scan_need_readable(struct store *s,
	const struct uuid *id, struct err *err);

/*
 * Attach a file's bytes to a record.  *out: the new record; *also (may be
 * NULL): other records here have the same bytes.
 * Errors: E_NOTFOUND no such record; E_INVALID what scan_look() refuses, the
 * record has it already, or too many; E_AUTH the role may not; E_IO, also a
 * full disk: nothing was written.
 */
MUST_CHECK enum status scan_attach(struct uuid *out, size_t *also,
	struct store *s, const struct uuid *above, const char *name,
	const void *bytes, size_t len, struct err *err);

/* Append all of its bytes, verified.  Errors: E_NOTFOUND not all are here;
 * E_INVALID damaged; E_AUTH; E_IO. */
MUST_CHECK enum status scan_bytes(struct buf *out, struct store *s,
	const char *hash, struct err *err);

/* How many wait to be sent, and bytes of them.  Errors: E_IO. */
MUST_CHECK enum status scan_waiting(size_t *count, int64_t *bytes,
	struct store *s, struct err *err);

/* How attachments go up, as people of this cache have said last: not at all for
 * now, or not faster than that. */
struct scan_pace {
	bool paused;
	int64_t bytes_s;	/* 0: as fast as the line goes */
};

/* Errors: E_IO. */
MUST_CHECK enum status scan_pace(struct scan_pace *out, struct store *s,
	struct err *err);
MUST_CHECK enum status scan_set_pace(struct store *s,
	const struct scan_pace *pace, struct err *err);

/* ---- for sync ---- */

struct scan_job {
	struct uuid id;
	char hash[SCAN_HASH_TEXT];
	int64_t size;
	bool gone;		/* its record has left this cache */
};

/* One that is to be sent, behind the one given (NULL: the first): its record
 * was accepted; all: or not, and also what was put off, because nothing stays
 * here.  Errors: E_NOTFOUND none; E_AUTH; E_IO. */
MUST_CHECK enum status scan_next(struct scan_job *out, struct store *s,
	const struct uuid *after, bool all, struct err *err);
/* One whose bytes are all here, sent or not.  Errors: the same. */
MUST_CHECK enum status scan_here(struct scan_job *out, struct store *s,
	const struct uuid *after, struct err *err);
/* So much of it is at the server.  Errors: E_IO. */
MUST_CHECK enum status scan_sent(struct store *s, const struct scan_job *job,
	int64_t bytes, struct err *err);
/* All of it is; its record will say so at the next exchange. */
MUST_CHECK enum status scan_arrived(struct store *s,
	const struct scan_job *job, struct err *err);
/* Another ledger answers now: what is at the server is asked anew for every
 * attachment that is here.  Errors: E_IO. */
MUST_CHECK enum status scan_doubt(struct store *s, struct err *err);
/* The server did not take it: not again at once. */
MUST_CHECK enum status scan_put_off(struct store *s,
	const struct scan_job *job, struct err *err);

/* What is to be fetched, and how much of it is here.  Errors: E_NOTFOUND. */
MUST_CHECK enum status scan_job_of(struct scan_job *out, int64_t *have,
	struct store *s, const struct uuid *id, struct err *err);
/* Keep the piece that begins at have; the last one is verified with all others:
 * E_INVALID they are not those of the hash, and were dropped. */
MUST_CHECK enum status scan_keep(struct store *s, const struct scan_job *job,
	int64_t have, const void *bytes, size_t len, struct err *err);

/* After a sync: what left this cache, and what is too much.  Errors: E_IO. */
MUST_CHECK enum status scan_tidy(struct store *s, struct err *err);

#endif
