#ifndef SYNC_SCANS_H
#define SYNC_SCANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/store.h"
#include "sync/transport.h"

/*
 * The bytes of attachments (server/api_blob.h), up after all operations and
 * down when somebody opens one: in pieces, each of which is kept at once, so
 * that a line that breaks, or a program that is killed, costs one.  A piece is
 * about ten seconds of the line, and smaller where connections break.
 */
enum { SCANS_PIECE_S = 10 };	/* of the line, at most */

struct scan_line {
	size_t piece;		/* bytes of the next one; 0 not known yet */
	size_t passed;		/* of whole pieces since it broke last */
	size_t breaks;
	size_t most;		/* bytes of one; 0: as the line is */
	size_t last;		/* bytes of the last one up, */
	int64_t took_ms;	/* and how long it took */
};

/* The size of the next piece, when the last took so long: ten seconds of the
 * line at most, for whatever is saved meanwhile waits for its end. */
size_t scans_piece_fits(size_t piece, size_t bytes, int64_t took_ms);
/* How long to let the line be after a piece, to stay below so many bytes a
 * second; at most ten seconds. */
int64_t scans_wait_ms(size_t bytes, int64_t took_ms, int64_t bytes_s);

struct scan_counts {
	struct scan_line line;
	size_t sent, fetched;		/* whole ones */
	size_t refused;			/* by the server, or damaged on the way
					 * twice */
	size_t sent_bytes, received_bytes;	/* of bodies, lost ones too */
	size_t waiting;			/* that are still to be sent */
	int64_t left_bytes;
};

/*
 * Send what waits.  pause (may be NULL) is asked after each piece: true ends it
 * for now, with *more.  Errors: E_OFFLINE the line broke again and again; E_AUTH
 * sign in again; E_IO.  What the server does not take is put off and counted.
 */
struct scans_watch {
	bool (*pause)(void *self, const struct scan_counts *counts);
	void *self;
	bool all;	/* nothing stays here: also what was not accepted */
};
MUST_CHECK enum status scans_send(struct scan_counts *counts, bool *more,
	struct store *s, const struct transport *net,
	const struct scans_watch *watch, struct err *err);

/* Fetch all bytes of one; those that are here already are not fetched again.
 * Errors: E_NOTFOUND no such attachment, or its bytes have not arrived at the
 * county (a sentence says so); E_INVALID it came wrong, twice; and as above. */
MUST_CHECK enum status scans_fetch(struct scan_counts *counts,
	struct store *s, const struct transport *net, const struct uuid *id,
	const struct scans_watch *watch, struct err *err);

#endif
