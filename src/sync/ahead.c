/*
 * Two frames of zstd one after the other are one body.
 */
#include "sync/ahead.h"

#include "base/tr.h"
#include "base/zip.h"
#include "store/outbox.h"

void
ahead_drop(struct ahead *a)
{
	buf_release(&a->packed);
	*a = (struct ahead){0};
}

/* That nothing waits is no failure. */
static enum status
print_ops(struct buf *out, size_t *pushed, bool *waiting, struct store *s,
	int64_t from, const struct ahead_limits *l, struct err *err)
{
	struct err none = ERR_INIT;
	enum status st;

	if (l->large && l->large == from) {
		*pushed = 1;
		*waiting = true;	/* those that it stopped */
		return outbox_print_large(out, s, from, err);
	}
	st = outbox_print(out, pushed, waiting, s, from, l->before,
		l->push_bytes, &none);
	if (st == E_NOTFOUND)
		return E_OK;
	if (st)
		*err = none;
	return st;
}

enum status
ahead_print(struct ahead *a, struct store *s, int64_t from,
	size_t push_bytes, bool slow, struct err *err)
{
	const struct ahead_limits limits = { .push_bytes = push_bytes };
	struct ahead next = { .from = from, .slow = slow };
	struct buf text;
	enum status st;

	ahead_drop(a);
	buf_init(&text, BUF_BATCH_MAX);
	buf_init(&next.packed, BUF_BATCH_MAX);
	st = print_ops(&text, &next.pushed, &next.waiting, s, from,
		&limits, err);
	next.bytes = text.len;
	if (!st && text.len > 0)
		st = (slow ? zip_pack_close : zip_pack)(&next.packed, ZIP_ZSTD,
			text.data, text.len, err);
	buf_release(&text);
	if (st || next.pushed == 0) {
		ahead_drop(&next);
		return st;
	}
	next.on = true;
	*a = next;
	return E_OK;
}

/* Not when the line has become, or turned out to be, much slower. */
static bool
fits(const struct ahead *a, const struct wire_hello *hello,
	const struct ahead_limits *l)
{
	return a && a->on && a->from == hello->from && l->before == 0 &&
		l->large != hello->from && (a->slow || !hello->slow) &&
		a->bytes / 2 <= l->push_bytes;
}

enum status
ahead_body(struct buf *out, size_t *pushed, size_t *bytes, bool *waiting,
	struct ahead *a, const struct wire_hello *hello, struct store *s,
	const struct ahead_limits *limits, struct err *err)
{
	bool ready = fits(a, hello, limits);
	struct buf text;
	size_t head;
	enum status st = E_OK;

	buf_init(&text, BUF_BATCH_MAX);
	wire_print_hello(&text, hello);
	head = text.len;
	if (!ready)
		st = print_ops(&text, pushed, waiting, s, hello->from, limits,
			err);
	*bytes = text.len - head;
	if (!st)
		st = (hello->slow ? zip_pack_close : zip_pack)(out, ZIP_ZSTD,
			text.data, text.len, err);
	if (!st && ready) {
		*pushed = a->pushed;
		*bytes += a->bytes;
		*waiting = a->waiting;
		buf_add(out, a->packed.data, a->packed.len);
		if (out->full)
			st = err_set(err, E_INVALID,
				tr("An entry is too large to be sent."));
	}
	if (a)
		ahead_drop(a);
	buf_release(&text);
	return st;
}
