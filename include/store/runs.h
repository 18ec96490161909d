#ifndef STORE_RUNS_H
#define STORE_RUNS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/store.h"

/*
 * The last exchanges with the server, for the sync page: those that moved
 * something, and those that failed.  Failures one after the other for the same
 * reason are one entry.  Numbers and our own sentences; nothing of a record.
 */
enum { RUNS_KEPT = 50 };

struct run {
	int64_t began_at;
	int64_t last_at;	/* when it ended, or failed the last time */
	int64_t took_ms;	/* of the last */
	int64_t times;		/* failures put together; 1 */
	int64_t pushed, pulled, merged, conflicts, refused;
	int64_t bytes;		/* on the wire, both ways */
	enum status result;
	char said[ERR_MSG_MAX];	/* of a failure */
};

/* Keep one that has ended; the oldest go.  Errors: E_IO. */
MUST_CHECK enum status runs_keep(struct store *s, const struct run *run,
	struct err *err);

/* The newest first, at most max; *count says how many.  Errors: E_IO. */
MUST_CHECK enum status runs_list(struct run *out, size_t max, size_t *count,
	struct store *s, struct err *err);

/* What this line carries, measured over what was worth measuring; 0: not
 * known yet.  Errors: E_IO. */
MUST_CHECK enum status runs_line(int64_t *bytes_s, struct store *s,
	struct err *err);
/* An exchange of so many bytes took so long. */
MUST_CHECK enum status runs_measured(struct store *s, int64_t bytes,
	int64_t took_ms, struct err *err);

/* The largest page that this line carries without breaking, as hello's max has
 * it; 0: it never broke within one.  Errors: E_IO. */
MUST_CHECK enum status runs_page_max(int64_t *bytes, struct store *s,
	struct err *err);
MUST_CHECK enum status runs_set_page_max(struct store *s, int64_t bytes,
	struct err *err);

#endif
