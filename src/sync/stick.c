/*
 * Reading a stick.
 */
#include "sync/stick.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/stick.h"
#include "store/snapshot.h"

struct stick {
	const char *dir;
	struct crypto_key key;
	struct stick_head head;
	struct wire_hello hello;	/* what is here */
};

static enum status
read_piece(struct buf *out, const struct stick *k, size_t piece,
	struct err *err)
{
	char name[STICK_NAME_MAX];
	struct err none = ERR_INIT;
	struct buf sealed;
	char *path;
	enum status st;

	stick_name(name, piece);
	path = io_join(k->dir, name);
	buf_init(&sealed, STICK_SEALED_MAX);
	buf_clear(out);
	st = io_read(&sealed, path, &none);
	if (!st)
		st = stick_open(out, &k->key, piece, &sealed, err);
	else if (piece == 0 && st == E_NOTFOUND)
		st = err_set(err, E_NOTFOUND,
			tr("There is no first load in this folder."));
	else if (st == E_IO)
		*err = none;
	else
		st = err_set(err, E_INVALID, tr("The stick is damaged (%s); "
			"nothing was changed."), name);
	buf_release(&sealed);
	free(path);
	return st;
}

/* All of it, before anything is changed. */
static enum status
look_through(struct stick *k, struct store *s, struct err *err)
{
	struct store_device d = {0};
	struct buf bytes;
	enum status st = store_device_get(&d, s, err);

	buf_init(&bytes, STICK_PIECE);
	if (!st)
		st = read_piece(&bytes, k, 0, err);
	if (!st)
		st = stick_parse_head(&k->head, bytes.data, bytes.len, err);
	if (!st && strcmp(k->head.device, d.device) != 0)
		st = err_set(err, E_INVALID, tr("This stick is for another "
			"computer; nothing was changed."));
	if (!st && strcmp(k->head.epoch, d.server_epoch) != 0)
		st = err_set(err, E_INVALID, tr("This stick is not of the "
			"county's present server; nothing was changed."));
	for (size_t i = 1; !st && i <= stick_pieces(&k->head); i++) {
		st = read_piece(&bytes, k, i, err);
		if (!st && bytes.len != stick_place(&k->head, i).len)
			st = err_set(err, E_INVALID, tr("The stick is damaged "
				"(%s); nothing was changed."), k->dir);
	}
	buf_release(&bytes);
	crypto_wipe(&d, sizeof d);
	return st;
}

static bool
is_begun(const struct stick *k, const char *stream)
{
	for (size_t i = 0; i < k->hello.cursor_count; i++) {
		if (strcmp(k->hello.cursors[i].stream, stream) == 0 &&
		    k->hello.cursors[i].seq > 0)
			return true;
	}
	return false;
}

/* The same one may have been begun before, and the program was ended. */
static enum status
begin(struct snapshot_load *load, struct stick_counts *counts,
	struct store *s, const struct wire_snapshot *what, struct err *err)
{
	struct err none = ERR_INIT;
	enum status st = snapshot_get(load, s, what->stream, &none);

	if (st && st != E_NOTFOUND) {
		*err = none;
		return st;
	}
	if (!st && strcmp(load->what.sha256, what->sha256) == 0)
		return E_OK;
	if (!st)	/* something of the line's */
		st = snapshot_give_up(&counts->apply, s, load, false, err);
	else
		st = E_OK;
	*load = (struct snapshot_load){ .what = *what };
	return st ? st : snapshot_begin(s, what, err);
}

static enum status
add_pieces(const struct stick *k, struct snapshot_load *load,
	struct store *s, struct err *err)
{
	struct buf bytes;
	enum status st = E_OK;

	buf_init(&bytes, STICK_PIECE);
	for (size_t i = 1; !st && i <= stick_pieces(&k->head); i++) {
		struct stick_place p = stick_place(&k->head, i);
		int64_t from = 0, to = 0;

		if (strcmp(p.stream->stream, load->what.stream) != 0)
			continue;
		st = snapshot_gap(&from, &to, s, load, err);
		if (st || from != p.at)		/* it is here already */
			continue;
		st = read_piece(&bytes, k, i, err);
		if (!st)
			st = snapshot_add(s, load, p.at, bytes.data, bytes.len,
				err);
	}
	buf_release(&bytes);
	return st;
}

static enum status
load_stream(const struct stick *k, struct stick_counts *counts,
	struct store *s, const struct wire_snapshot *what, struct err *err)
{
	struct snapshot_load load = {0};
	struct err bad = ERR_INIT;
	bool whole = false;
	enum status st = begin(&load, counts, s, what, err);

	if (!st)
		st = add_pieces(k, &load, s, err);
	if (st)
		return st;
	st = snapshot_verify(&whole, s, &load, &bad);
	if (!st && whole)
		st = snapshot_apply(&counts->apply, s, &load, &bad);
	if (!st && whole) {
		counts->streams++;
		counts->bytes += what->bytes;
		return E_OK;
	}
	if (st == E_INVALID || !st) {
		st = snapshot_give_up(&counts->apply, s, &load, true, err);
		return st ? st : err_set(err, E_INVALID, tr("The stick is "
			"damaged (%s); nothing was changed."), k->dir);
	}
	*err = bad;
	return st;
}

static enum status
load_all(struct stick_counts *counts, struct stick *k, struct store *s,
	struct err *err)
{
	enum status st = look_through(k, s, err);

	if (!st)
		st = apply_hello(&k->hello, s, err);
	for (size_t i = 0; !st && i < k->head.count; i++) {
		if (is_begun(k, k->head.streams[i].stream))
			counts->skipped++;
		else
			st = load_stream(k, counts, s, &k->head.streams[i],
				err);
	}
	return st;
}

enum status
stick_load(struct stick_counts *counts, struct store *s, const char *dir,
	const char *code, struct err *err)
{
	struct stick *k = mem_alloc(1, sizeof *k);
	int lock = -1;
	enum status st = apply_lock(&lock, s, err);

	k->dir = dir;
	stick_key(&k->key, code);
	if (!st) {
		st = load_all(counts, k, s, err);
		apply_unlock(lock);
	}
	crypto_wipe(k, sizeof *k);
	free(k);
	return st;
}
