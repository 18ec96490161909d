#include "client/sync_words.h"

#include "base/tr.h"
#include "core/wire.h"
#include "store/scan.h"

enum { KB = 1000, MB = 1000 * 1000, MINUTE_S = 60 };

void
sync_words_bytes(struct buf *out, int64_t bytes)
{
	if (bytes < KB)
		buf_printf(out, "%lld B", (long long)bytes);
	else if (bytes < 10 * KB)
		buf_printf(out, "%lld.%lld kB", (long long)(bytes / KB),
			(long long)(bytes % KB / (KB / 10)));
	else if (bytes < MB)
		buf_printf(out, "%lld kB", (long long)(bytes / KB));
	else
		buf_printf(out, "%lld.%lld MB", (long long)(bytes / MB),
			(long long)(bytes % MB / (MB / 10)));
}

void
sync_words_left(struct buf *out, int64_t bytes, int64_t bytes_s)
{
	int64_t seconds;

	sync_words_bytes(out, bytes);
	if (bytes_s <= 0)
		return;
	seconds = bytes / bytes_s;
	if (seconds < MINUTE_S)
		buf_text(out, tr(", under a minute"));
	else
		buf_printf(out, tr(", about %lld min"),
			(long long)((seconds + MINUTE_S / 2) / MINUTE_S));
}

void
sync_words_line(struct buf *out, int64_t bytes_s)
{
	if (bytes_s <= 0) {
		buf_text(out, tr("not measured yet"));
		return;
	}
	sync_words_bytes(out, bytes_s);
	buf_text(out, "/s");
}

void
sync_words_run(struct buf *out, const struct run *run)
{
	if (run->result && run->times > 1)
		buf_printf(out, tr("%lld times: "), (long long)run->times);
	if (run->result)
		buf_text(out, run->said);
	if (run->result && !run->pushed && !run->pulled)
		return;
	if (run->result)
		buf_char(out, ' ');
	buf_printf(out, tr("sent %lld, fetched %lld"),
		(long long)run->pushed, (long long)run->pulled);
	if (run->merged)
		buf_printf(out, tr(", merged %lld"), (long long)run->merged);
	if (run->conflicts)
		buf_printf(out, tr(", conflicts %lld"),
			(long long)run->conflicts);
	if (run->refused)
		buf_printf(out, tr(", refused %lld"), (long long)run->refused);
	buf_text(out, tr("; "));
	sync_words_bytes(out, run->bytes);
	buf_printf(out, tr(" in %lld.%lld s"), (long long)run->took_ms / 1000,
		(long long)run->took_ms % 1000 / 100);
}

void
sync_words_pace(struct buf *out, const struct scan_pace *pace)
{
	if (pace->paused)
		buf_text(out, tr("; attachments are held back (p)"));
	else if (pace->bytes_s > 0)
		buf_printf(out, tr("; attachments at most %d kB/s"),
			(int)(pace->bytes_s / 1000));
}

void
sync_words_old(struct buf *out, int64_t min_app)
{
	if (min_app)
		buf_printf(out, tr("The county asks for a newer program (%lld; "
			"this is %d): what is entered here is delivered, but "
			"nothing new is fetched until it is installed."),
			(long long)min_app, WIRE_APP);
}

void
sync_words_stock(struct buf *out, const struct number_stock *n)
{
	const char *title = label_text(&n->reg->title);

	if (n->machine)
		buf_printf(out, tr("%s %d: given here, next %lld"), title,
			n->year, (long long)n->next);
	else if (n->left == 0)
		buf_printf(out, tr("%s %d: none"), title, n->year);
	else
		buf_printf(out, tr("%s %d: %lld"), title, n->year,
			(long long)n->left);
}
