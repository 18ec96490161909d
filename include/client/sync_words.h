#ifndef CLIENT_SYNC_WORDS_H
#define CLIENT_SYNC_WORDS_H

#include <stdint.h>

#include "base/buf.h"
#include "store/number.h"
#include "store/runs.h"

/* How much there is to exchange and how it went, in words; all append. */

enum { SYNC_WORDS_LARGE = 1000 * 1000 };	/* worth a warning, in bytes */

/* "820 kB", "1.3 MB" */
void sync_words_bytes(struct buf *out, int64_t bytes);
/* "1.3 MB, about 4 min"; bytes_s 0: the size alone. */
void sync_words_left(struct buf *out, int64_t bytes, int64_t bytes_s);
/* What this line carries: "6.8 kB/s"; 0: that it was not measured yet. */
void sync_words_line(struct buf *out, int64_t bytes_s);
/* An exchange that has ended: "sent 3, fetched 12; 4 kB in 2 s", or why not. */
void sync_words_run(struct buf *out, const struct run *run);
/* Paper numbers that are left: "Mediation cases 2026: 17". */
void sync_words_stock(struct buf *out, const struct number_stock *n);

/* "; attachments are held back (p)"; nothing when they go as the line does. */
struct scan_pace;
void sync_words_pace(struct buf *out, const struct scan_pace *pace);

/* The county tells this program nothing new before it has the number min_app;
 * 0: nothing is said. */
void sync_words_old(struct buf *out, int64_t min_app);

#endif
