#ifndef CORE_WIRE_H
#define CORE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "core/op.h"
#include "core/record.h"

/*
 * The messages of POST /v1/sync, one JSON object a line (NDJSON); sync.md 4.5.
 *
 * Request:  one hello, then ops in order of n.
 * Reply:    verdicts (v), then feed lines in stream order: own change with the
 *           content the device has (a), a run of such (r), put (p), gone (g);
 *           then one end.
 *
 * hello {"t":"hello","dev","ep","from","sv","se","max","whole"?,"park"?,
 *        "snap"?,"runs"?,"slow"?,"early"?,"aside"?,"erased"?,
 *        "cur":{stream:cursor}}
 * op    core/op.h; or, of one that was too large for somebody on the way,
 *       {"t":"op","n","id","k","o","by","at","h","large"}: whose it is, its
 *       op_hash() and its bytes, but not what was entered.  It is refused
 *       (invalid), so that it does not stop those behind it; sent whole later,
 *       it is known again by its hash.
 * v     {"t":"v","n","r","rev"?,"why"?}
 * a     {"t":"a","s","q","m"?,"id","rev","x"}
 * r     {"t":"r","n","to","s","q"}
 * p     {"t":"p","s","q","m"?,"id","rev","k","o","st"?,"d"?,"cb","ca","ub",
 *        "ua","b":{field:text}}
 * g     {"t":"g","s","q","m"?,"id","why"?}; or, where the device may not hold
 *       the stream any more, {"t":"g","s","all":true,"why"?}
 * end   {"t":"end","cur":{stream:cursor},"was"?:{stream:cursor},"more","left"?,
 *        "acked","need"?,"nums"?,"names"?,"early"?,"sv","se","at","pw"?,"min"?,
 *        "dig"?:{stream:"HELD.SUM"},"snap"?:{stream:"BYTES.SHA256"},
 *        "aside"?:[{"i","ep","n","how","why"}],"erased"?:{"to","ids":[id]}}
 * why of a g: "transfer", "sealed", "role"; without one the row is kept sealed
 * for a while (store/removed.h).
 * A member with a question mark is left out when it is empty or 0.
 *
 * runs: the device understands r.  One says what a v "ok" and an a would say of
 * each operation from n to "to": it was accepted as it is, its record has the
 * content that the operation expects and the revision base + 1, and stands in
 * the stream, in this order, the last at q.  No v and no a of them follows for
 * that stream.  Which records those are, and what they hold, the device knows
 * from what it sent.
 *
 * early: of an end, the server takes a request before its reply to the one before
 * has arrived.  Of a hello, this is one: its cursors are those of that reply's
 * end, which the device does not have yet, so it says none, and the end says
 * which they were ("was").  The reply to such a request is for a device that has
 * applied the page before; else it asks again, with the cursors that it has.
 * Where the one before is not known, or came to another end, nothing is done and
 * the answer is 409 {"error":"out_of_turn"}.
 *
 * aside: what the county did, after the i that hello names, with operations of
 * the device that were refused: "taken", it was judged anew and has taken
 * effect; "dismissed", a person looked at it and it stays refused.  The verdict
 * stays what it was.
 *
 * erased: records that the county had erased for good after the place that hello
 * names, and the place to name next: those that stood in a stream of the device
 * or on which it ever sent an operation, whatever it holds or may hold now.
 *
 * A cursor is "SEQ.MARK": position in a stream and the first 8 hex digits of
 * the stream's chain hash there; "0.00000000" before the first.
 *
 * No cursor is ever too old: a feed has one row for each record that was ever in
 * the stream, "gone" ones too, and neither rows nor marks are removed, so that
 * whoever was away for years is told all in as many lines.  A server that
 * forgets some day answers 410 {"error":"cursor_too_old"}, as long as the cursor
 * is older than what it has; the device then compares the stream with the
 * server (core/reconcile.h), and syncs on from the cursor that this gives it.
 *
 * snap: the device can begin a stream with a snapshot (GET /v1/snapshot).  Of
 * a stream that it has nothing of, and of which there is one, no lines come
 * then, and the end names it.  As long as it does, the device has not
 * everything, whatever "more" says: its own records in that stream have not
 * come back, and sums are not said.
 *
 * A snapshot is p lines of one stream without "m", then an end whose one
 * cursor is where the stream stood ("at" 0).
 */

enum {
	WIRE_STREAM_MAX = 40,		/* "3412000001/gen", with NUL */
	WIRE_STREAMS_MAX = 128,		/* two of each office */
	WIRE_SETTLED_MAX = 50,		/* in one end */
	WIRE_ERASED_MAX = 200,		/* in one end */
	WIRE_PROTO = 1,
	WIRE_APP = 2,			/* this program's number, in X-App: grows
					 * when newer ones write what older ones
					 * would misread; 2 forgets what was
					 * entered on an erased record */
	WIRE_MAX_BYTES_MIN = 16 * 1024,	/* limits of hello's max */
	WIRE_MAX_BYTES_MAX = 1024 * 1024,
	WIRE_LINE_MAX = BUF_RECORD_MAX,	/* bytes of one line */
	/* of one operation: alone in a request, even one that does not pack,
	 * it stays below 128 KiB, the least that gateways take by default */
	WIRE_OP_MAX = 96 * 1024,
};

struct wire_cursor {
	char stream[WIRE_STREAM_MAX];
	int64_t seq;
	char mark[9];
	/* of an end without more: what the stream holds (core/reconcile.h) */
	int64_t held;
	uint64_t sum;
};

/* Instead of lines: a file from which to begin a stream. */
struct wire_snapshot {
	char stream[WIRE_STREAM_MAX];
	char sha256[65];
	int64_t bytes;
};

/* What the county did with one that was refused. */
struct wire_settled {
	int64_t i;		/* its place among those of all devices, from 1 */
	int64_t epoch, n;	/* of the operation */
	bool taken;		/* it has taken effect; or it was dismissed */
	char why[ERR_MSG_MAX];	/* a sentence: by whom, and why */
};

struct wire_hello {
	char device[UUID_TEXT_MAX];
	int64_t epoch;		/* of the device's op numbers */
	int64_t from;		/* n of the first op that follows, or next n */
	char schema[17];	/* version of the definitions held */
	char server_epoch[UUID_TEXT_MAX];	/* "" before the first sync */
	int64_t max_bytes;	/* of the reply's feed lines, uncompressed */
	bool whole;		/* no a, but p: send each record itself */
	bool snapshots;		/* take a stream's beginning from one */
	bool runs;		/* r instead of a v and an a each */
	bool slow;		/* max is what the line bears: packing closely
				 * pays */
	bool early;		/* sent before the reply to the one before;
				 * without cursors */
	int64_t park;		/* this op failed again and again: do not judge
				 * it, put it aside for a person; 0 none */
	int64_t aside;		/* the last wire_settled heard of; 0 none */
	int64_t erased;		/* the last place among the erased; 0 none */
	struct wire_cursor cursors[WIRE_STREAMS_MAX];
	size_t cursor_count;
};

enum verdict { VERDICT_OK, VERDICT_MERGED, VERDICT_CONFLICT, VERDICT_MOVED,
	VERDICT_DENIED, VERDICT_INVALID, VERDICT_REVIEW };

const char *verdict_name(enum verdict v);
bool verdict_parse(enum verdict *out, const char *name);
bool verdict_is_refusal(enum verdict v);	/* moved denied invalid review */

enum wire_kind { WIRE_VERDICT, WIRE_ACK, WIRE_RUN, WIRE_PUT, WIRE_GONE,
	WIRE_END };

/* Pages have hundreds of them: what only one kind says lies where the others say
 * theirs. */
struct wire_line {
	enum wire_kind kind;
	/* v r */
	int64_t n;
	int64_t to;		/* r: the last */
	enum verdict verdict;
	int64_t rev;		/* v, a: the record's revision now; 0 none */
	/* a r p g */
	char stream[WIRE_STREAM_MAX];
	int64_t seq;
	char mark[9];
	struct uuid record;
	bool all;			/* g: the whole stream ends */
	char hash[RECORD_HASH_MAX];	/* a */
	union {
	char why[ERR_MSG_MAX];	/* v: the reason of a refusal; g: "transfer" */
	struct {
	struct record put;		/* p: the whole record; owned */
	const char *values;		/* p, printing: put's values as their
					 * JSON object, if not NULL; borrowed */
	};
	struct {
	/* end */
	struct wire_cursor *cursors;	/* room for WIRE_STREAMS_MAX; owned */
	size_t cursor_count;
	struct wire_cursor *was;	/* the same, of an early one; owned */
	size_t was_count;
	struct wire_snapshot *snapshots;	/* owned */
	size_t snapshot_count;
	struct wire_settled *settled;	/* owned */
	size_t settled_count;
	struct uuid *erased;	/* owned */
	size_t erased_count;
	int64_t erased_to;	/* the place to name next; 0: as before */
	bool has_sums;		/* the cursors say what the streams hold */
	bool more;		/* call again at once */
	int64_t acked;		/* highest n with all lower ones decided */
	int64_t need;		/* a gap: send from here; 0 none */
	int64_t left;		/* feed lines behind this page; 0 none */
	bool numbers;		/* the county took back paper numbers that this
				 * device holds: ask about them */
	bool early;		/* the next request may be */
	bool names;		/* somebody is new or called otherwise: ask
				 * (POST /v1/names) */
	int64_t min_app;	/* who asks is older than this, and gets no feed
				 * lines; 0 it is not */
	char schema[17];	/* the server's definitions */
	char server_epoch[UUID_TEXT_MAX];
	int64_t server_at;
	int64_t until_at;	/* who asked may sign in offline until then;
				 * 0: as before */
	int64_t password_on;	/* the last day on which their password need not
				 * be changed; 1: somebody else set it; 0: it does
				 * not grow old */
	char role[RECORD_NAME_MAX];	/* theirs now; "": as before */
	char user_office[RECORD_OFFICE_MAX];
	char office[RECORD_OFFICE_MAX];	/* the device stands here now, and not
					 * where its streams are of; "": as
					 * before */
	char office_name[128];
	};
	};
};

void wire_line_release(struct wire_line *line);

/* Append a line with its newline. */
void wire_print_hello(struct buf *out, const struct wire_hello *hello);
void wire_print_op(struct buf *out, const struct op *op);
void wire_print_line(struct buf *out, const struct wire_line *line);

/* An operation without its content, which is bytes long. */
void wire_print_large(struct buf *out, const struct op *op, size_t bytes);
/* Is it one?  Whose it is, its op_hash(), and how long it is. */
bool wire_parse_large(struct op *op, char hash[OP_HASH_MAX], int64_t *bytes,
	const struct json *j);

/* Parse one line (without its newline).  Errors: E_INVALID, naming the member.
 * wire_parse_request fills hello or op and says which through is_op. */
MUST_CHECK enum status wire_parse_request(bool *is_op,
	struct wire_hello *hello, struct op *op, const char *line, size_t len,
	struct err *err);
MUST_CHECK enum status wire_parse_line(struct wire_line *out,
	const char *line, size_t len, struct err *err);

#endif
