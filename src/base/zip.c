/*
 * Compression of bodies: the only door to zlib and zstd.
 *
 * Unpacking writes straight into the caller's buffer and stops at its ceiling,
 * so that memory is bounded by what the caller allowed, never by the sender.
 * gzip members and zstd frames may follow one another.
 */
#include "base/zip.h"

#include <assert.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/mem.h"
#include "base/tr.h"

enum {
	GZIP_LEVEL = 6,
	GZIP_WINDOW = 15 + 16,		/* 32 kB, with gzip's head */
	ZSTD_LEVEL = 3,
	ZSTD_WINDOW_LOG = 18,		/* 256 kB: half of a page */
	ZSTD_HASH_LOG = 15,		/* with these 1.4 MB instead of 2.1 */
	ZSTD_CHAIN_LOG = 16,
	ZSTD_BLOCK = 32 * 1024,		/* raw bytes between two flushes */
	FILE_LEVEL = 19,
	CLOSE_WINDOW_LOG = 19,		/* 512 kB: most of a page */
	FILE_WINDOW_LOG = 22,		/* 4 MB */
	FILE_WINDOW_LOG_MIN = 16,
	ZSTD_WINDOW_LOG_MAX = 23,	/* 8 MB: a frame cannot ask for more */
	STEP = 64 * 1024,		/* unpacked at a time */
};

static const char *const names[] = {
	[ZIP_NONE] = "identity", [ZIP_GZIP] = "gzip", [ZIP_ZSTD] = "zstd",
};

const char *
zip_name(enum zip how)
{
	assert((size_t)how < sizeof names / sizeof *names);
	return names[how];
}

int
zip_parse(const char *name)
{
	for (size_t i = 0; name && i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return (int)i;
	return -1;
}

static enum status
does_not_fit(struct err *err)
{
	return err_set(err, E_INVALID,
		tr("The text is too large to be compressed."));
}

static enum status
pack_gzip(struct buf *out, const void *text, size_t len, struct err *err)
{
	z_stream z = {0};

	if (len > UINT_MAX / 2)
		return does_not_fit(err);
	if (deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8,
	    Z_DEFAULT_STRATEGY) != Z_OK)
		mem_exhausted();
	uLong bound = deflateBound(&z, (uLong)len);
	/* The bound is beyond what comes out; the ceiling holds for that. */
	unsigned char *packed = mem_alloc(bound, 1);
	z.next_in = (unsigned char *)(uintptr_t)text;
	z.avail_in = (uInt)len;
	z.next_out = packed;
	z.avail_out = (uInt)bound;
	int end = deflate(&z, Z_FINISH);
	assert(end == Z_STREAM_END);
	buf_add(out, packed, z.total_out);
	deflateEnd(&z);
	free(packed);
	return out->full ? does_not_fit(err) : E_OK;
}

/* One frame, so that all of it is the window of what follows; flushed every
 * ZSTD_BLOCK bytes, so that a body cut short still gives what came. */
static enum status
pack_zstd(struct buf *out, const void *text, size_t len, bool close,
	struct err *err)
{
	const int level = close ? FILE_LEVEL : ZSTD_LEVEL;
	const int window = close ? CLOSE_WINDOW_LOG : ZSTD_WINDOW_LOG;
	const int hash = close ? 0 : ZSTD_HASH_LOG;	/* 0: the level's */
	const int chain = close ? 0 : ZSTD_CHAIN_LOG;
	size_t room = ZSTD_compressBound(ZSTD_BLOCK);
	char *packed = mem_alloc(room, 1);
	ZSTD_CCtx *z = ZSTD_createCCtx();
	ZSTD_inBuffer in = { text, 0, 0 };
	size_t left;

	if (!z || ZSTD_isError(ZSTD_CCtx_setParameter(z,
	    ZSTD_c_compressionLevel, level)) ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog,
	    window)) ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(z, ZSTD_c_hashLog, hash)) ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(z, ZSTD_c_chainLog, chain)) ||
	    ZSTD_isError(ZSTD_CCtx_setPledgedSrcSize(z, len)))
		mem_exhausted();
	do {
		ZSTD_outBuffer to = { packed, room, 0 };

		if (in.pos == in.size)
			in.size = len - in.pos < ZSTD_BLOCK ? len :
				in.pos + ZSTD_BLOCK;
		left = ZSTD_compressStream2(z, &to, &in,
			in.size == len ? ZSTD_e_end : ZSTD_e_flush);
		if (ZSTD_isError(left))
			mem_exhausted();
		buf_add(out, packed, to.pos);
	} while ((left > 0 || in.pos < len) && !out->full);
	ZSTD_freeCCtx(z);
	free(packed);
	return out->full ? does_not_fit(err) : E_OK;
}

static enum status
pack(struct buf *out, enum zip how, const void *text, size_t len, bool close,
	struct err *err)
{
	size_t before = out->len;
	enum status s = E_OK;

	if (out->full)
		return does_not_fit(err);
	if (how == ZIP_GZIP) {
		s = pack_gzip(out, text, len, err);
	} else if (how == ZIP_ZSTD) {
		s = pack_zstd(out, text, len, close, err);
	} else {
		buf_add(out, text, len);
		if (out->full)
			s = does_not_fit(err);
	}
	if (s)
		buf_cut(out, before);
	return s;
}

enum status
zip_pack(struct buf *out, enum zip how, const void *text, size_t len,
	struct err *err)
{
	return pack(out, how, text, len, false, err);
}

enum status
zip_pack_close(struct buf *out, enum zip how, const void *text, size_t len,
	struct err *err)
{
	return pack(out, how, text, len, true, err);
}

/* Where the next unpacked bytes go: the buffer's end, or one byte aside when
 * the buffer is full, to learn whether there is more. */
struct target {
	char *to;	/* borrowed */
	size_t len;
	char aside;
};

static void
target_open(struct target *t, struct buf *out)
{
	size_t room = out->max - out->len;

	t->len = room < STEP ? room : STEP;
	t->to = t->len ? buf_room(out, t->len) : NULL;
	if (!t->to) {
		t->to = &t->aside;
		t->len = 1;
	}
}

/* Count what came; false: there is more than may be. */
static bool
target_close(struct target *t, struct buf *out, size_t came)
{
	if (t->to == &t->aside)
		return came == 0;
	buf_added(out, came);
	return true;
}

static enum status
damaged(struct err *err)
{
	return err_set(err, E_INVALID, tr("The compressed data is damaged."));
}

static enum status
cut_short(struct err *err)
{
	return err_set(err, E_INVALID, tr("The compressed data is cut short."));
}

static enum status
too_large(const struct buf *out, struct err *err)
{
	return err_set(err, E_INVALID,
		tr("The data unpacks to more than %zu bytes."), out->max);
}

static enum status
unpack_gzip(struct buf *out, const void *bytes, size_t len, struct err *err)
{
	z_stream z = {0};
	enum status s = E_OK;
	bool at_end = false;

	if (len > UINT_MAX)
		return too_large(out, err);
	if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
		mem_exhausted();
	z.next_in = (unsigned char *)(uintptr_t)bytes;
	z.avail_in = (uInt)len;
	while (!s && !(at_end && z.avail_in == 0)) {
		struct target t = {0};
		if (at_end)
			inflateReset(&z);
		target_open(&t, out);
		z.next_out = (unsigned char *)t.to;
		z.avail_out = (uInt)t.len;
		int result = inflate(&z, Z_NO_FLUSH);
		at_end = result == Z_STREAM_END;
		if (!target_close(&t, out, t.len - z.avail_out))
			s = too_large(out, err);
		else if (result == Z_BUF_ERROR)
			s = cut_short(err);
		else if (result != Z_OK && !at_end)
			s = damaged(err);
	}
	inflateEnd(&z);
	return s;
}

/* Whole frames that say how long they are, as all of ours do, need no window
 * beside the text.  What is left is unpacked step by step. */
static enum status
unpack_frames(struct buf *out, ZSTD_inBuffer *in, ZSTD_DCtx *z,
	struct err *err)
{
	while (in->pos < in->size) {
		const char *frame = (const char *)in->src + in->pos;
		size_t left = in->size - in->pos;
		size_t packed = ZSTD_findFrameCompressedSize(frame, left);
		unsigned long long len = ZSTD_getFrameContentSize(frame, left);
		char *to;

		if (ZSTD_isError(packed) || len == ZSTD_CONTENTSIZE_UNKNOWN ||
		    len == ZSTD_CONTENTSIZE_ERROR || len > out->max - out->len)
			return E_OK;
		to = buf_room(out, (size_t)len);
		if (ZSTD_isError(ZSTD_decompressDCtx(z, to, (size_t)len, frame,
		    packed)))
			return damaged(err);
		buf_added(out, (size_t)len);
		in->pos += packed;
	}
	return E_OK;
}

static enum status
unpack_zstd(struct buf *out, const void *bytes, size_t len, struct err *err)
{
	ZSTD_inBuffer in = { bytes, len, 0 };
	ZSTD_DCtx *z = ZSTD_createDCtx();
	enum status s = E_OK;
	size_t left;		/* 0: a frame has just ended */

	if (!z || ZSTD_isError(ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax,
	    ZSTD_WINDOW_LOG_MAX)))
		mem_exhausted();
	s = unpack_frames(out, &in, z, err);
	left = in.pos == 0;
	while (!s && !(left == 0 && in.pos == in.size)) {
		struct target t = {0};
		size_t before = in.pos;
		target_open(&t, out);
		ZSTD_outBuffer to = { t.to, t.len, 0 };
		left = ZSTD_decompressStream(z, &to, &in);
		if (!target_close(&t, out, to.pos))
			s = too_large(out, err);
		else if (ZSTD_isError(left))
			s = damaged(err);
		else if (left && in.pos == before && to.pos == 0)
			s = cut_short(err);
	}
	ZSTD_freeDCtx(z);
	return s;
}

enum status
zip_unpack(struct buf *out, enum zip how, const void *bytes, size_t len,
	struct err *err)
{
	if (out->full)
		return too_large(out, err);
	if (how == ZIP_GZIP)
		return unpack_gzip(out, bytes, len, err);
	if (how == ZIP_ZSTD)
		return unpack_zstd(out, bytes, len, err);
	size_t room = out->max - out->len;
	buf_add(out, bytes, len < room ? len : room);
	return len > room ? too_large(out, err) : E_OK;
}

/* ---- files ---- */

struct zip_file {		/* one of the two */
	ZSTD_CCtx *pack;
	ZSTD_DCtx *unpack;
};

static bool
set(ZSTD_CCtx *pack, ZSTD_cParameter which, int value)
{
	return !ZSTD_isError(ZSTD_CCtx_setParameter(pack, which, value));
}

struct zip_file *
zip_file_pack(size_t about_bytes)
{
	struct zip_file *z = mem_alloc(1, sizeof *z);
	int window_log = FILE_WINDOW_LOG_MIN;

	while (window_log < FILE_WINDOW_LOG &&
	    (size_t)1 << window_log < about_bytes)
		window_log++;

	z->pack = ZSTD_createCCtx();
	if (!z->pack || !set(z->pack, ZSTD_c_compressionLevel, FILE_LEVEL) ||
	    !set(z->pack, ZSTD_c_windowLog, window_log) ||
	    !set(z->pack, ZSTD_c_checksumFlag, 1))
		mem_exhausted();
	/* the level's own tables are for what is large */
	if (window_log < FILE_WINDOW_LOG &&
	    (!set(z->pack, ZSTD_c_hashLog, window_log) ||
	    !set(z->pack, ZSTD_c_chainLog, window_log + 1)))
		mem_exhausted();
	return z;
}

struct zip_file *
zip_file_unpack(void)
{
	struct zip_file *z = mem_alloc(1, sizeof *z);

	z->unpack = ZSTD_createDCtx();
	if (!z->unpack || ZSTD_isError(ZSTD_DCtx_setParameter(z->unpack,
	    ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG_MAX)))
		mem_exhausted();
	return z;
}

void
zip_file_free(struct zip_file *z)
{
	if (!z)
		return;
	ZSTD_freeCCtx(z->pack);
	ZSTD_freeDCtx(z->unpack);
	free(z);
}

enum status
zip_file_add(struct buf *out, struct zip_file *z, const void *bytes,
	size_t len, bool last, struct err *err)
{
	ZSTD_inBuffer in = { bytes, len, 0 };
	size_t left = 1;

	while (!out->full && (last ? left > 0 : in.pos < in.size)) {
		struct target t = {0};
		target_open(&t, out);
		ZSTD_outBuffer to = { t.to, t.len, 0 };
		left = ZSTD_compressStream2(z->pack, &to, &in,
			last ? ZSTD_e_end : ZSTD_e_continue);
		if (ZSTD_isError(left))
			mem_exhausted();
		if (!target_close(&t, out, to.pos))
			return does_not_fit(err);
	}
	return out->full ? does_not_fit(err) : E_OK;
}

enum status
zip_file_take(struct buf *out, size_t *used, bool *end, struct zip_file *z,
	const void *bytes, size_t len, struct err *err)
{
	ZSTD_inBuffer in = { bytes, len, 0 };
	struct target t = {0};
	size_t left;

	target_open(&t, out);
	ZSTD_outBuffer to = { t.to, t.len, 0 };
	left = ZSTD_decompressStream(z->unpack, &to, &in);
	if (ZSTD_isError(left))
		return damaged(err);
	if (!target_close(&t, out, to.pos))
		return too_large(out, err);
	*used = in.pos;
	*end = left == 0;
	return E_OK;
}
