/*
 * The conversation of POST /v1/sync.
 *
 * Only apply_page() changes the cache, in one transaction a page; what was
 * entered while a request is under way has a higher n and is simply not in it.
 * While a page is applied the server works on the next already, a thread takes
 * and reads it (fetch.c), and what that is followed by is printed meanwhile.
 */
#include "sync/sync.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/wire.h"
#include "store/outbox.h"
#include "store/receipt.h"
#include "store/reconcile.h"
#include "store/runs.h"
#include "store/snapshot.h"
#include "sync/ahead.h"
#include "sync/asked.h"
#include "sync/audit.h"
#include "sync/fetch.h"
#include "sync/kept.h"
#include "sync/numbers.h"
#include "sync/page.h"
#include "sync/page_bytes.h"
#include "sync/people_fetch.h"
#include "sync/reconcile.h"
#include "sync/session.h"
#include "sync/snapshot.h"

enum {
	DAY_MS = 24 * 3600 * 1000,
	RECONCILES_MAX = 3,		/* in one sync, but for those of doubts */
	DOUBTS_MAX = 3,			/* one after the other, without a page */
	NUMBERS_MAX = 3,		/* times in one sync that they are seen to */
	BREAKS_MAX = 3,			/* one after the other, without a page */
};

static bool
may_compare(const struct sync_counts *counts)
{
	return counts->reconciled - counts->doubted < RECONCILES_MAX;
}

/* The answer to a copied cache: a new epoch for the numbers of what has not
 * been judged yet; to one whose past is not the server's, or is not there any
 * more: they compare, and go on from where the streams are.
 * Otherwise what session_check() says. */
static enum status
take_refusal(bool *again, struct sync_counts *counts,
	const struct transport_reply *reply, struct store *s,
	const struct transport *net, struct err *err)
{
	struct json *j = NULL;
	struct err ignored = ERR_INIT;
	const char *why;
	int64_t epoch = 0;
	enum status st = session_check(reply, err);

	if (st != E_CONFLICT || json_parse(&j, reply->body.data,
	    reply->body.len, BUF_LINE_MAX, &ignored))
		return st;
	why = json_get_text(j, "error");
	if (why && strcmp(why, "device_fork") == 0 &&
	    json_get_int(j, "epoch", &epoch)) {
		st = apply_fork(s, epoch, err);
		counts->trouble = (struct trouble){0};	/* other numbers */
		*again = !st;
	} else if (why && strcmp(why, "out_of_turn") == 0) {
		counts->early_lost = true;
		*again = true;
		st = E_OK;
	} else if (why && may_compare(counts) &&
	    (strcmp(why, "feed_diverged") == 0 ||
	    strcmp(why, "server_behind") == 0 ||
	    strcmp(why, "cursor_too_old") == 0)) {
		counts->reconciled++;
		st = sync_reconcile(&counts->apply, s, net, err);
		*again = !st;
	}
	json_free(j);
	return st;
}

/* Each sync lets the person sign in offline for longer; written once a day. */
static enum status
renew_user(struct store *s, const struct wire_line *end, struct err *err)
{
	const struct store_user *user = store_user(s);

	if (user && end->role[0]) {
		enum status st = store_user_become(s, end->role,
			end->user_office, err);

		if (!st)
			st = store_password_told(s, end->password_on, err);
		if (st)
			return st;
	}
	if (!user || end->until_at < user->offline_until + DAY_MS)
		return E_OK;
	return store_user_renew(s, user->token, end->until_at, err);
}

static enum status
take_reply(struct page *page, bool *again, struct sync_counts *counts,
	struct transport_reply *reply, struct asked *a, struct store *s,
	const struct transport *net, struct err *err)
{
	struct err unread = ERR_INIT;
	enum status st = fetch_end(a->fetch, reply, page, &unread, err);

	a->fetch = NULL;
	counts->http_status = st ? 0 : reply->status;
	counts->retry_after_s = st ? 0 : reply->retry_after_s;
	if (!st)
		(void)dismissal_read(&counts->dismissal, reply);
	counts->password_changed = !st && session_password_changed(reply);
	if (!st && trouble_heed(again, &counts->trouble, reply, a->from, a->pushed,
	    a->sent))
		return E_OK;
	if (!st)
		st = take_refusal(again, counts, reply, s, net, err);
	if (!st && !*again && page->count == 0) {
		*err = unread;
		st = unread.code;
	}
	if (st == E_OFFLINE)
		page_bytes_broke(&counts->line, reply, a->ask);
	counts->early_lost = counts->early_lost || (st && a->early);
	return st;
}

/* The page of an early request is for what the one before has left here. */
static enum status
take_early(bool *again, struct sync_counts *counts, const struct page *page,
	struct store *s, struct err *err)
{
	bool fits = false;
	enum status st = asked_fits(&fits, page, s, err);

	*again = !st && !fits;
	counts->early_lost = counts->early_lost || *again;
	return st;
}

/* What still follows, by what came: lines like those of this page, the
 * operations that wait, and snapshots. */
static enum status
look_ahead(struct sync_counts *counts, const struct page *page,
	size_t wire_bytes, bool waiting, size_t sent, struct store *s,
	struct err *err)
{
	const struct wire_line *end = &page->lines[page->count - 1];
	int64_t stored = 0;
	enum status st = E_OK;

	counts->left_bytes = end->left * (int64_t)(wire_bytes / page_count_lines(page));
	if (!waiting)
		counts->waiting_bytes = 0;
	else if (counts->waiting_bytes > sent)
		counts->waiting_bytes -= sent;	/* near enough */
	else
		st = outbox_bytes(&counts->waiting_bytes, s, err);
	counts->left_bytes += (int64_t)(counts->waiting_bytes / PAGE_BYTES_SQUEEZE);
	counts->offered = (struct wire_snapshot){0};
	if (st || end->snapshot_count == 0)
		return st;
	counts->offered = end->snapshots[0];
	st = snapshot_stored(&stored, s, err);
	for (size_t i = 0; i < end->snapshot_count; i++)
		counts->left_bytes += end->snapshots[i].bytes;
	counts->left_bytes -= stored;
	return st;
}

/* The page is here; with ahead the next is asked for meanwhile, if it is not
 * under way already.  If applying fails its reply is dropped. */
static enum status
take_page(struct sync_counts *counts, const struct page *page,
	struct asked_all *a, const struct asked *done, bool more,
	size_t line_bytes, struct store *s, const struct transport *net,
	struct err *err)
{
	const struct wire_line *end = &page->lines[page->count - 1];
	enum status st = E_OK;

	if (asked_follows(a, page)) {
		a->now = a->early;
		a->early = (struct asked){0};
	} else {
		asked_forget(&a->early);
		if (a->ahead && more && !counts->trouble.n)
			st = asked_next(a, done, page, counts, line_bytes, s,
				net, err);
	}
	if (!st)
		st = (counts->doubts < DOUBTS_MAX ? apply_page : apply_believed)
			(&counts->apply, s, page->lines, page->count, err);
	if (!st)
		st = renew_user(s, end, err);
	if (st)
		asked_forget(&a->now);
	counts->early = end->early;
	return st;
}

/* The streams' sums say whether both sides hold the same now. */
static enum status
compare(struct sync_counts *counts, const struct wire_line *end,
	struct store *s, const struct transport *net, struct err *err)
{
	bool differs = false;
	enum status st = E_OK;

	if (end->has_sums)
		st = reconcile_differs(&differs, s, end, err);
	if (st || !differs || !may_compare(counts))
		return st;
	counts->reconciled++;
	return sync_reconcile(&counts->apply, s, net, err);
}

/* A page wants to remove more than anybody would believe.  What was confirmed
 * is removed by comparing; should the world go on like that meanwhile, again
 * and again, the page is believed at last. */
static enum status
doubt(struct sync_counts *counts, bool *again, struct store *s,
	const struct transport *net, struct err *err)
{
	enum status st;

	counts->doubts++;
	counts->doubted++;
	counts->reconciled++;
	st = sync_reconcile(&counts->apply, s, net, err);
	*again = !st;
	return st;
}

/* One request and its page; a holds what is under way, before and after.
 * *doubted: the page confirms content that is not what lies here, so nothing
 * of it was applied. */
static enum status
turn(struct sync_counts *counts, bool *more, size_t *line_bytes,
	struct asked_all *a, bool *doubted, bool whole, struct store *s,
	const struct transport *net, struct err *err)
{
	struct transport_reply reply = {0};
	struct page page = {0};
	struct asked done;
	size_t bytes = 0;
	bool again = false, others = false;
	enum status st = E_OK;

	if (!a->now.fetch && a->ahead)
		ahead_drop(a->ahead);
	if (!a->now.fetch) {
		st = asked_first(a, counts, *line_bytes, whole, s, net, err);
		if (!st)
			asked_print(a, counts, PAGE_BYTES_MAX, s);
	}
	if (!st)
		st = asked_early(a, counts, *line_bytes, s, net, err);
	if (!st)
		st = take_reply(&page, &again, counts, &reply, &a->now, s, net,
			err);
	done = a->now;
	if (!st && !again && done.early)
		st = take_early(&again, counts, &page, s, err);
	if (st || again) {
		*more = again;
		goto out;
	}
	others = done.waiting || page.lines[page.count - 1].more;
	bytes = page_bytes_bearable(&counts->line, page_bytes_next(reply.sent_bytes +
		reply.received_bytes, clock_mono_ms() - done.began, done.ask));
	st = take_page(counts, &page, a, &done, others, bytes, s, net, err);
	/* one that was not applied is asked for again, as carefully */
	if (!st)
		counts->parked += trouble_ended(&counts->trouble,
			page.lines[page.count - 1].acked);
	*doubted = st == E_INVALID && page_confirms(&page);
	if (st == E_CONFLICT && counts->doubts < DOUBTS_MAX) {
		*err = (struct err)ERR_INIT;
		st = doubt(counts, more, s, net, err);
		goto out;
	}
	if (!st)
		counts->doubts = 0;
	if (!st)
		st = look_ahead(counts, &page, reply.received_bytes,
			done.waiting, done.sent, s, err);
	if (!st && !others)
		st = compare(counts, &page.lines[page.count - 1], s, net, err);
	if (st)
		goto out;
	counts->pushed += done.pushed;
	counts->requests++;
	counts->line.ask = done.ask;
	counts->line.bytes = reply.sent_bytes + reply.received_bytes;
	counts->line.passed += counts->line.bytes;
	counts->sent_bytes += reply.sent_bytes;
	counts->received_bytes += reply.received_bytes;
	*more = others;
	*line_bytes = bytes;
out:
	page_release(&page);
	transport_reply_release(&reply);
	if (st || again)
		asked_forget(&a->early);
	else
		asked_print(a, counts, bytes, s);
	return st;
}

/*
 * The server says "as you have it" when a record is what our last operation
 * on it expected.  Others may have made it so although an operation of ours
 * was refused, and then it is not what lies here; asked for the whole, the
 * server sends the record.
 */
static enum status
step(struct sync_counts *counts, bool *more, size_t *line_bytes,
	struct asked_all *a, struct store *s, const struct transport *net,
	struct err *err)
{
	struct err first = ERR_INIT;
	bool doubted = false;
	enum status st = turn(counts, more, line_bytes, a, &doubted, false, s,
		net, &first);

	if (doubted)
		return turn(counts, more, line_bytes, a, &doubted, true, s, net,
			err);
	if (st)
		*err = first;
	return st;
}

enum status
sync_step(struct sync_counts *counts, bool *more, size_t *line_bytes,
	struct store *s, const struct transport *net, struct err *err)
{
	struct asked_all a = {0};

	return step(counts, more, line_bytes, &a, s, net, err);
}

/* Numbers for the time until the next sync.  What was exchanged stands whether
 * or not this succeeds. */
static void
care_for_numbers(bool *more, struct store *s, const struct transport *net)
{
	struct err ignored = ERR_INIT;

	if (sync_numbers(more, s, net, &ignored))
		ignored = (struct err)ERR_INIT;
}

/* All that is here now has arrived; what is said about that goes up at once. */
static enum status
say_arrived(bool *more, struct store *s, struct err *err)
{
	size_t made = 0;
	enum status st = receipt_make(&made, s, err);

	*more = made > 0;
	return st;
}

/* May it be tried again at once, over a new connection and with a smaller page?
 * As long as pages get through, and some times more. */
static bool
goes_on(size_t *without, size_t *pages, size_t breaks,
	const struct sync_counts *counts)
{
	bool some = counts->requests > *pages;

	*without = some ? 0 : *without + 1;
	*pages = counts->requests;
	return some || (counts->line.breaks > breaks && *without < BREAKS_MAX);
}

/* The snapshot that was offered, after a word of how much it is; then another
 * page follows. */
static enum status
load(struct sync_counts *counts, bool *more, struct store *s,
	const struct transport *net,
	void (*progress)(void *self, const struct sync_counts *counts),
	void *self, struct err *err)
{
	enum status st;

	*more = true;
	if (progress)
		progress(self, counts);
	st = sync_snapshot(counts, s, net, progress, self, err);
	counts->offered = (struct wire_snapshot){0};
	return st;
}

static enum status
run_steps(struct sync_counts *counts, struct store *s,
	const struct transport *net,
	void (*progress)(void *self, const struct sync_counts *counts),
	void *self, struct err *err)
{
	size_t line_bytes = 0;
	size_t without = 0, pages = counts->requests;
	struct ahead ahead = {0};
	struct asked_all a = { .ahead = &ahead };
	bool more = true;
	int cared = 0;
	enum status st = E_OK;

	while (more && !st) {
		size_t breaks = counts->line.breaks;

		more = false;
		st = step(counts, &more, &line_bytes, &a, s, net, err);
		if (!st && !more && counts->offered.bytes > 0)
			st = load(counts, &more, s, net, progress, self, err);
		if (st == E_OFFLINE &&
		    goes_on(&without, &pages, breaks, counts)) {
			*err = (struct err)ERR_INIT;
			st = E_OK;
			more = true;
			continue;
		}
		if (!st && progress)
			progress(self, counts);
		if (!st && !more)
			st = say_arrived(&more, s, err);
		if (!st && !more && cared++ < NUMBERS_MAX)
			care_for_numbers(&more, s, net);
	}
	asked_forget(&a.now);
	ahead_drop(&ahead);
	return st;
}

static enum status
leave(struct store *s, const struct transport *net,
	const struct dismissal *d, struct err *why)
{
	char user[RECORD_NAME_MAX];

	memcpy(user, store_user(s)->login, sizeof user);
	*why = (struct err)ERR_INIT;
	return dismissal_obey(s, user, net, d, why);
}

/* What was looked at here.  What was exchanged stands whether or not this
 * succeeds; the next sync tries again. */
static void
send_trace(struct store *s, const struct transport *net)
{
	struct err ignored = ERR_INIT;

	if (sync_audit(s, net, &ignored))
		ignored = (struct err)ERR_INIT;
}

/* Without them logins are shown. */
static void
hear_names(struct store *s, const struct transport *net)
{
	struct err ignored = ERR_INIT;

	if (people_fetch(s, net, &ignored))
		ignored = (struct err)ERR_INIT;
}

static enum status
run_all(struct sync_counts *counts, struct store *s,
	const struct transport *net,
	void (*progress)(void *self, const struct sync_counts *counts),
	void *self, struct err *err)
{
	bool again = true;
	enum status st = E_OK;

	while (again && !st) {
		st = run_steps(counts, s, net, progress, self, err);
		again = false;
		if (!st)
			st = sync_scans(counts, &again, s, net, progress, self,
				err);
	}
	if (!st)
		send_trace(s, net);
	if (!st)
		hear_names(s, net);
	return st;
}

/* Another session here may have been told the new token, which is used then. */
static enum status
run_with_token(struct sync_counts *counts, struct store *s,
	const struct transport *net,
	void (*progress)(void *self, const struct sync_counts *counts),
	void *self, struct err *err)
{
	struct err unwritten = ERR_INIT;
	bool renewed = false;
	enum status st = run_all(counts, s, net, progress, self, err);

	if (st != E_AUTH || !counts->password_changed)
		return st;
	if (store_password_ended(&renewed, s, &unwritten))
		unwritten = (struct err)ERR_INIT;
	if (!renewed)
		return st;
	*err = (struct err)ERR_INIT;
	return run_all(counts, s, net, progress, self, err);
}

enum status
sync_run(struct sync_counts *counts, struct store *s,
	const struct transport *net,
	void (*progress)(void *self, const struct sync_counts *counts),
	void *self, struct err *err)
{
	const struct sync_counts before = *counts;
	int64_t began_at = clock_now_at(), began_ms = clock_mono_ms();
	struct err why = ERR_INIT, ignored = ERR_INIT;
	int64_t page_max = 0;
	int lock = -1;
	enum status st = apply_lock(&lock, s, err);

	if (st)
		return st;
	if (runs_line(&counts->bytes_s, s, &ignored))
		counts->bytes_s = 0;
	counts->line.page_max = 0;
	counts->waiting_bytes = 0;
	counts->snapshots = true;
	if (!runs_page_max(&page_max, s, &ignored) && page_max > 0)
		counts->line.page_max = (size_t)page_max;
	st = run_with_token(counts, s, net, progress, self, &why);
	kept_page_max(counts, &before, (size_t)page_max, st, s);
	kept_run(counts, &before, began_at, clock_mono_ms() - began_ms, st,
		&why, s);
	if (st == E_AUTH && counts->dismissal.kind != DISMISSAL_NONE)
		st = leave(s, net, &counts->dismissal, &why);
	apply_unlock(lock);
	if (st)
		*err = why;
	return st;
}
