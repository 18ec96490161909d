/*
 * A snapshot that is here whole: its hash, and its records.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "base/zip.h"
#include "store/apply_work.h"
#include "store/inside.h"
#include "store/snapshot.h"

enum {
	PAGE_LINES = 500,	/* of one transaction */
	PAGE_BYTES = 512 * 1024,
};

/* ---- the hash ---- */

enum status
snapshot_verify(bool *whole, struct store *s, const struct snapshot_load *l,
	struct err *err)
{
	uint8_t digest[CRYPTO_SHA256];
	char hex[2 * CRYPTO_SHA256 + 1];
	struct crypto_sum sum;
	bool opened = true;
	struct buf piece;
	enum status st = store_need_key(s, err);

	crypto_sum_begin(&sum);
	buf_init(&piece, BUF_BATCH_MAX);
	for (int64_t at = 0; at < l->what.bytes && !st;) {
		struct err none = ERR_INIT;
		int64_t next = at;

		buf_clear(&piece);
		st = snapshot_piece(&piece, &next, s, l, at, &none);
		if (st == E_INVALID && next > at) {
			opened = false;
			st = snapshot_forget_piece(s, l, at, err);
		} else if (st) {
			*err = none;
		} else {
			crypto_sum_add(&sum, piece.data, piece.len);
		}
		at = next;
	}
	buf_release(&piece);
	if (st)
		return st;
	crypto_sum_end(digest, &sum);
	crypto_hex(hex, digest, sizeof digest);
	if (opened && strcmp(hex, l->what.sha256) != 0)
		return err_set(err, E_INVALID, tr("What came is not the "
			"snapshot that was promised."));
	*whole = opened;
	return E_OK;
}

/* ---- the records ---- */

struct applying {
	struct store *store;
	struct snapshot_load *load;
	struct apply_counts *counts;
	char server_epoch[UUID_TEXT_MAX];
	struct buf text;		/* unpacked, from a line's beginning */
	struct wire_line *lines;	/* of the next transaction; owned */
	size_t count, bytes;
	bool ended;			/* the end was applied */
};

static void
forget_lines(struct applying *a)
{
	for (size_t i = 0; i < a->count; i++)
		wire_line_release(&a->lines[i]);
	a->count = 0;
	a->bytes = 0;
}

static enum status
strange(struct err *err)
{
	return err_set(err, E_INVALID, tr("The snapshot makes no sense."));
}

/* What has gathered, in one transaction; its last line is an end, whatever
 * follows. */
static enum status
apply_lines(struct applying *a, struct err *err)
{
	enum status st;

	if (a->lines[a->count - 1].kind != WIRE_END) {
		a->lines = mem_grow(a->lines, a->count, sizeof *a->lines);
		a->lines[a->count++] = (struct wire_line){ .kind = WIRE_END };
	}
	/* nothing is complete here: changes since then follow */
	a->lines[a->count - 1].more = true;
	st = apply_snapshot(a->counts, a->store, a->load, a->lines, a->count,
		err);
	forget_lines(a);
	return st;
}

static bool
is_of(const struct applying *a, const struct wire_line *line)
{
	const char *stream = a->load->what.stream;

	if (line->kind == WIRE_PUT)
		return strcmp(line->stream, stream) == 0;
	return line->kind == WIRE_END && line->cursor_count == 1 &&
		strcmp(line->cursors[0].stream, stream) == 0 &&
		strcmp(line->server_epoch, a->server_epoch) == 0;
}

static enum status
take_line(struct applying *a, const char *text, size_t len, struct err *err)
{
	struct wire_line line = {0};
	enum status st = a->ended ? strange(err) :
		wire_parse_line(&line, text, len, err);

	if (st)
		return st;
	if (!is_of(a, &line)) {
		wire_line_release(&line);
		return strange(err);
	}
	if (line.kind == WIRE_PUT && line.seq <= a->load->seq) {
		wire_line_release(&line);	/* before a kill */
		return E_OK;
	}
	a->ended = line.kind == WIRE_END;
	a->lines = mem_grow(a->lines, a->count, sizeof *a->lines);
	a->lines[a->count++] = line;
	a->bytes += len;
	if (a->ended || a->count == PAGE_LINES || a->bytes >= PAGE_BYTES)
		st = apply_lines(a, err);
	return st;
}

/* The complete lines of what is unpacked. */
static enum status
take_text(struct applying *a, struct err *err)
{
	const char *at = a->text.data, *to = at + a->text.len;
	enum status st = E_OK;

	while (!st && at < to) {
		const char *nl = memchr(at, '\n', (size_t)(to - at));

		if (!nl)
			break;
		st = take_line(a, at, (size_t)(nl - at), err);
		at = nl + 1;
	}
	buf_drop(&a->text, (size_t)(at - a->text.data));
	return st;
}

static enum status
take_piece(struct applying *a, struct zip_file *zip, bool *end,
	const struct buf *piece, struct err *err)
{
	size_t at = 0;
	enum status st = E_OK;

	for (;;) {
		size_t before = a->text.len, used = 0;
		bool grew;

		if (*end)
			return at < piece->len ? strange(err) : E_OK;
		st = zip_file_take(&a->text, &used, end, zip,
			piece->data + at, piece->len - at, err);
		at += used;
		grew = a->text.len > before;
		if (!st && grew)
			st = take_text(a, err);
		if (st || (!grew && at == piece->len))
			return st;
		if (!grew && used == 0)
			return strange(err);
	}
}

enum status
snapshot_apply(struct apply_counts *counts, struct store *s,
	struct snapshot_load *l, struct err *err)
{
	struct applying a = { .store = s, .load = l, .counts = counts };
	struct store_device d = {0};
	struct zip_file *zip = zip_file_unpack();
	struct buf piece;
	bool end = false;
	enum status st = store_device_get(&d, s, err);

	memcpy(a.server_epoch, d.server_epoch, sizeof a.server_epoch);
	crypto_wipe(&d, sizeof d);
	buf_init(&piece, BUF_BATCH_MAX);
	buf_init(&a.text, 2 * BUF_RECORD_MAX);
	for (int64_t at = 0; at < l->what.bytes && !st;) {
		buf_clear(&piece);
		st = snapshot_piece(&piece, &at, s, l, at, err);
		if (!st)
			st = take_piece(&a, zip, &end, &piece, err);
	}
	if (!st && (!end || !a.ended))
		st = strange(err);
	forget_lines(&a);
	free(a.lines);
	buf_release(&a.text);
	buf_release(&piece);
	zip_file_free(zip);
	return st;
}
