/*
 * A reply that is dropped is one whose line broke: what it decided is decided,
 * and sent again it gets the same verdicts.
 */
#include "sync/asked.h"

#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/wire.h"
#include "store/apply.h"

enum { LINE_BYTES_FIRST = 128 * 1024 };	/* before the line's speed is known */

static size_t
push_bytes(const struct trouble *trouble, size_t ask)
{
	size_t most = trouble->push_max ? trouble->push_max : PAGE_BYTES_MAX;

	return ask < most ? ask : most;
}

bool
asked_is_slow(size_t line_bytes)
{
	return line_bytes < PAGE_BYTES_MAX;
}

/* Print what waits and send it.  A failure to send is told with the reply.
 * apart: there is other work meanwhile. */
static enum status
begin(struct asked *out, bool apart, struct ahead *ahead,
	const struct wire_hello *hello, const struct trouble *trouble,
	struct store *s, const struct transport *net, struct err *err)
{
	size_t ask = (size_t)hello->max_bytes;
	struct asked a = { .net = net, .early = hello->early, .ask = ask,
		.from = hello->from, .began = clock_mono_ms() };
	const struct store_user *user = store_user(s);
	const struct ahead_limits limits = {
		trouble_before(trouble, hello->from),
		push_bytes(trouble, ask), trouble->large };
	struct store_device d = {0};
	struct buf body;
	enum status st = store_device_get(&d, s, err);

	buf_init(&body, BUF_BATCH_MAX);
	if (!st && !user)
		st = err_set(err, E_AUTH, tr("Sign in first."));
	if (!st)
		st = ahead_body(&body, &a.pushed, &a.sent, &a.waiting, ahead,
			hello, s, &limits, err);
	if (!st) {
		net->begin(net->self, &(struct transport_request){
			.path = "/v1/sync", .device_token = d.token,
			.user_token = user->token,
			.type = "application/x-ndjson", .body = body.data,
			.len = body.len, .zip = ZIP_ZSTD, .packed = true });
		a.fetch = fetch_begin(net, apart);
		/* what stands behind the one in trouble waits, too */
		a.waiting = a.waiting || (a.pushed > 0 &&
			limits.before > 0);
		*out = a;
	}
	crypto_wipe(&d, sizeof d);
	buf_release(&body);
	return st;
}

void
asked_forget(struct asked *a)
{
	struct transport_reply reply = {0};
	struct page page = {0};
	struct err unread = ERR_INIT, ignored = ERR_INIT;

	if (a->fetch && !fetch_end(a->fetch, &reply, &page, &unread, &ignored))
		transport_reply_release(&reply);
	page_release(&page);
	*a = (struct asked){0};
}

/* ---- beginning ---- */

enum status
asked_first(struct asked_all *a, const struct sync_counts *counts,
	size_t line_bytes, bool whole, struct store *s,
	const struct transport *net, struct err *err)
{
	struct wire_hello hello = {0};
	enum status st = apply_hello(&hello, s, err);

	if (st)
		return st;
	hello.max_bytes = (int64_t)page_bytes_bearable(&counts->line,
		line_bytes ? line_bytes : LINE_BYTES_FIRST);
	hello.slow = line_bytes && asked_is_slow(line_bytes);
	hello.whole = whole;
	hello.snapshots = counts->snapshots;
	hello.park = counts->trouble.park;
	return begin(&a->now, false, NULL, &hello, &counts->trouble, s, net,
		err);
}

/* What the request after a says, but for where it goes on. */
static enum status
say_next(struct wire_hello *hello, const struct asked *a,
	const struct sync_counts *counts, size_t line_bytes, struct store *s,
	struct err *err)
{
	enum status st = apply_hello(hello, s, err);

	hello->from = a->from + (int64_t)a->pushed;
	hello->max_bytes = (int64_t)line_bytes;
	hello->slow = asked_is_slow(line_bytes);
	hello->snapshots = counts->snapshots;
	return st;
}

/* The line that this one is not on. */
static const struct transport *
other_line(const struct asked *a, const struct transport *net)
{
	if (a->net != net)
		return net;
	return net->other ? net->other(net->self) : NULL;
}

/* Is one under way, and what follows it ready? */
static bool
is_printed(const struct asked_all *a)
{
	const struct asked *now = &a->now;

	return now->fetch && now->waiting && a->ahead && a->ahead->on &&
		a->ahead->from == now->from + (int64_t)now->pushed;
}

enum status
asked_early(struct asked_all *a, const struct sync_counts *counts,
	size_t line_bytes, struct store *s, const struct transport *net,
	struct err *err)
{
	const struct transport *line;
	struct wire_hello hello = {0};
	enum status st;

	if (!counts->early || counts->early_lost || counts->trouble.n ||
	    asked_is_slow(line_bytes) || !is_printed(a))
		return E_OK;
	line = other_line(&a->now, net);
	if (!line)
		return E_OK;
	st = say_next(&hello, &a->now, counts, line_bytes, s, err);
	hello.early = true;
	hello.cursor_count = 0;
	return st ? st : begin(&a->early, true, a->ahead, &hello,
		&counts->trouble, s, line, err);
}

enum status
asked_next(struct asked_all *a, const struct asked *done,
	const struct page *page, const struct sync_counts *counts,
	size_t line_bytes, struct store *s, const struct transport *net,
	struct err *err)
{
	const struct wire_line *end = &page->lines[page->count - 1];
	struct wire_hello hello = {0};
	enum status st;

	if (end->need || (done->pushed &&
	    end->acked + 1 != done->from + (int64_t)done->pushed))
		return E_OK;
	st = say_next(&hello, done, counts, line_bytes, s, err);
	if (st)
		return st;
	memcpy(hello.server_epoch, end->server_epoch,
		sizeof hello.server_epoch);
	memcpy(hello.cursors, end->cursors,
		end->cursor_count * sizeof *end->cursors);
	hello.cursor_count = end->cursor_count;
	return begin(&a->now, true, a->ahead, &hello, &counts->trouble, s, net,
		err);
}

bool
asked_follows(const struct asked_all *a, const struct page *page)
{
	const struct wire_line *end = &page->lines[page->count - 1];

	return a->early.fetch && !end->need &&
		end->acked + 1 == a->early.from;
}

/* ---- where it goes on ---- */

static bool
is_among(const struct wire_cursor *one, const struct wire_cursor *all,
	size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(all[i].stream, one->stream) == 0)
			return all[i].seq == one->seq &&
				strcmp(all[i].mark, one->mark) == 0;
	}
	return false;
}

enum status
asked_fits(bool *fits, const struct page *page, struct store *s,
	struct err *err)
{
	const struct wire_line *end = &page->lines[page->count - 1];
	struct wire_hello here = {0};
	enum status st = apply_hello(&here, s, err);
	bool same = end->was && end->was_count == here.cursor_count;

	if (st)
		return st;
	for (size_t i = 0; i < end->was_count && same; i++)
		same = is_among(&end->was[i], here.cursors, here.cursor_count);
	*fits = same;
	return E_OK;
}

/* ---- printing ---- */

void
asked_print(struct asked_all *a, const struct sync_counts *counts,
	size_t line_bytes, struct store *s)
{
	const struct asked *now = &a->now;
	struct err ignored = ERR_INIT;

	if (a->ahead && now->fetch && now->waiting && !counts->trouble.n &&
	    ahead_print(a->ahead, s, now->from + (int64_t)now->pushed,
	    push_bytes(&counts->trouble, line_bytes),
	    asked_is_slow(line_bytes), &ignored))
		ignored = (struct err)ERR_INIT;
}
