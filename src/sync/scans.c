/*
 * Pieces up and down.  The server says how much it has (HEAD, once for each
 * attachment and after every break); what it says counts, not what we think.
 */
#include "sync/scans.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "store/runs.h"
#include "store/scan.h"
#include "sync/session.h"

enum {
	SCANS_PIECE_SLOW = 64 * 1024,		/* on a slow line, or an unknown one */
	PIECE_LEAST = 8 * 1024,
	PIECE_MOST = 512 * 1024,
	FITS = 8,			/* pieces through a connection that
					 * will break */
	BREAKS_MAX = 4,			/* one after the other */
	WRONG_MAX = 2,			/* times that bytes arrive wrong */
};

/* One attachment on its way. */
struct way {
	struct scan_counts *counts;
	struct store *s;
	const struct transport *net;
	const struct scans_watch *watch;
	struct scan_job job;
	struct buf bytes;	/* up: all of them */
	int64_t at;		/* so many are there (up), or here (down) */
	size_t breaks;		/* since a piece got through */
	size_t wrong;
	bool asked;		/* up: the server has said where it is */
	bool paused, done;
};

/* ---- the line ---- */

static size_t
first_piece(struct store *s)
{
	struct err ignored = ERR_INIT;
	int64_t bytes_s = 0;
	size_t piece;

	if (runs_line(&bytes_s, s, &ignored) || bytes_s <= 0)
		return SCANS_PIECE_SLOW;
	piece = (size_t)bytes_s * SCANS_PIECE_S;
	return piece < PIECE_LEAST ? PIECE_LEAST :
		piece > PIECE_MOST ? PIECE_MOST : piece;
}

size_t
scans_piece_fits(size_t piece, size_t bytes, int64_t took_ms)
{
	size_t fits;

	if (took_ms <= SCANS_PIECE_S * 1000 || bytes == 0)
		return piece;
	fits = (size_t)((int64_t)bytes * SCANS_PIECE_S * 1000 / took_ms);
	fits = fits / 1024 * 1024;
	if (fits < PIECE_LEAST)
		fits = PIECE_LEAST;
	return fits < piece ? fits : piece;
}

int64_t
scans_wait_ms(size_t bytes, int64_t took_ms, int64_t bytes_s)
{
	int64_t ms = bytes_s > 0 ? (int64_t)bytes * 1000 / bytes_s : 0;

	if (ms > SCANS_PIECE_S * 1000)
		ms = SCANS_PIECE_S * 1000;
	return ms > took_ms ? ms - took_ms : 0;
}

static size_t
piece_of(struct way *w)
{
	struct scan_line *line = &w->counts->line;
	int64_t left = w->job.size - w->at;

	if (line->piece == 0)
		line->piece = first_piece(w->s);
	if (line->most && line->piece > line->most)
		line->piece = line->most;
	return (int64_t)line->piece < left ? line->piece : (size_t)left;
}

/* Connections that are reset after so many bytes: as many pieces of the next
 * size go through one that little of it is lost with the last. */
static void
shrink(struct scan_line *line, size_t passed)
{
	size_t fits = passed / FITS / 1024 * 1024;

	if (fits < PIECE_LEAST)
		fits = PIECE_LEAST;
	if (fits < line->piece)
		line->piece = fits;
	line->breaks++;
	line->passed = 0;
}

static void
note_break(struct way *w, const struct transport_reply *reply)
{
	struct scan_line *line = &w->counts->line;
	size_t part = reply->sent_bytes + reply->received_bytes;

	w->counts->sent_bytes += reply->sent_bytes;
	w->counts->received_bytes += reply->received_bytes;
	shrink(line, line->passed + part);
	w->breaks++;
	w->asked = false;
}

/* May it be tried again?  *err is taken back. */
static bool
goes_on(struct way *w, const struct transport_reply *reply, enum status st,
	struct err *err)
{
	if (st != E_OFFLINE)
		return false;
	note_break(w, reply);
	if (w->breaks > BREAKS_MAX)
		return false;
	*err = (struct err)ERR_INIT;
	return true;
}

static void
note_passed(struct way *w, const struct transport_reply *reply)
{
	struct scan_line *line = &w->counts->line;
	size_t bytes = reply->sent_bytes + reply->received_bytes;

	w->counts->sent_bytes += reply->sent_bytes;
	w->counts->received_bytes += reply->received_bytes;
	if (reply->again)
		shrink(line, line->passed + bytes);
	line->passed += bytes;
	w->breaks = 0;
}

static enum status
ask(struct transport_reply *reply, struct way *w,
	const struct transport_request *what, struct err *err)
{
	struct transport_request r = *what;
	const struct store_user *user = store_user(w->s);
	struct store_device d = {0};
	char *path = mem_printf("/v1/blob/%s", w->job.hash);
	enum status st = user ? store_device_get(&d, w->s, err) :
		err_set(err, E_AUTH, tr("Sign in first."));

	r.path = path;
	r.device_token = d.token;
	r.user_token = user ? user->token : NULL;
	r.type = "application/octet-stream";
	if (!st)
		st = w->net->post(w->net->self, reply, &r, err);
	crypto_wipe(&d, sizeof d);
	free(path);
	return st;
}

static void
look(struct way *w)
{
	struct err ignored = ERR_INIT;

	if (scan_waiting(&w->counts->waiting, &w->counts->left_bytes, w->s,
	    &ignored))
		w->counts->waiting = 0;
	w->paused = w->watch && w->watch->pause &&
		w->watch->pause(w->watch->self, w->counts);
}

/* ---- up ---- */

/* The server does not want it: not again at once. */
static enum status
put_off(struct way *w, struct err *err)
{
	w->counts->refused++;
	w->done = true;
	return scan_put_off(w->s, &w->job, err);
}

/* 401, 5xx and the like are the connection's matter, not this attachment's. */
static enum status
take_refusal(struct way *w, const struct transport_reply *reply,
	struct err *err)
{
	if (reply->status >= 400 && reply->status < 500 &&
	    reply->status != 401 && reply->status != 429)
		return put_off(w, err);
	return session_check(reply, err);
}

/* So much of it is there now. */
static enum status
take_offset(struct way *w, int64_t offset, struct err *err)
{
	enum status st;

	if (offset < 0 || offset > w->job.size)
		return put_off(w, err);
	w->at = offset;
	w->asked = true;
	st = scan_sent(w->s, &w->job, offset, err);
	if (!st && offset == w->job.size) {
		w->done = true;
		w->counts->sent++;
		st = scan_arrived(w->s, &w->job, err);
	}
	return st;
}

static enum status
ask_offset(struct way *w, struct err *err)
{
	struct transport_reply reply = {0};
	const struct transport_request head = { .head = true };
	enum status st;

	w->counts->line.last = 0;
	st = ask(&reply, w, &head, err);

	if (goes_on(w, &reply, st, err))
		st = E_OK;
	else if (!st && reply.status == 200)
		st = take_offset(w, reply.offset, err);
	else if (!st)
		st = take_refusal(w, &reply, err);
	transport_reply_release(&reply);
	return st;
}

/* Somebody on the way takes no request of this size. */
static bool
takes_less(struct scan_line *line, int status)
{
	if (status != 413 || line->piece <= PIECE_LEAST)
		return false;
	line->piece = line->piece / 2 < PIECE_LEAST ? PIECE_LEAST :
		line->piece / 2;
	return true;
}

/* What the server said to a piece. */
static enum status
take_answer(struct way *w, const struct transport_reply *reply,
	struct err *err)
{
	if (reply->status == 200)
		return take_offset(w, reply->offset, err);
	if (reply->status == 409 && reply->offset >= 0)
		return take_offset(w, reply->offset, err);
	if (reply->status == 422 && ++w->wrong < WRONG_MAX)
		return take_offset(w, 0, err);
	return takes_less(&w->counts->line, reply->status) ? E_OK :
		take_refusal(w, reply, err);
}

static enum status
send_piece(struct way *w, struct err *err)
{
	struct transport_reply reply = {0};
	const struct transport_request put = { .put = true, .offset = w->at,
		.body = w->bytes.data + w->at, .len = piece_of(w),
		.zip = ZIP_NONE };
	struct scan_line *line = &w->counts->line;
	int64_t began_ms = clock_mono_ms();
	enum status st = ask(&reply, w, &put, err);

	line->last = put.len;
	line->took_ms = clock_mono_ms() - began_ms;
	if (goes_on(w, &reply, st, err)) {
		st = E_OK;
	} else if (!st) {
		line->piece = scans_piece_fits(line->piece, put.len,
			line->took_ms);
		note_passed(w, &reply);
		st = take_answer(w, &reply, err);
	}
	transport_reply_release(&reply);
	return st;
}

static enum status
send_one(struct way *w, struct err *err)
{
	enum status st = scan_bytes(&w->bytes, w->s, w->job.hash, err);

	if (st == E_INVALID) {	/* damaged here; the check says so */
		*err = (struct err)ERR_INIT;
		return put_off(w, err);
	}
	while (!st && !w->done && !w->paused) {
		st = w->asked ? send_piece(w, err) : ask_offset(w, err);
		if (!st)
			look(w);
	}
	return st;
}

enum status
scans_send(struct scan_counts *counts, bool *more, struct store *s,
	const struct transport *net, const struct scans_watch *watch,
	struct err *err)
{
	struct scan_job job = {0};
	struct err none = ERR_INIT;
	const struct uuid *after = NULL;
	bool paused = false;
	enum status st = E_OK;

	while (!st && !paused) {
		struct way w = { .counts = counts, .s = s, .net = net,
			.watch = watch };

		st = scan_next(&w.job, s, after, watch && watch->all, &none);
		if (st)
			break;
		buf_init(&w.bytes, SCAN_BYTES_MAX);
		st = send_one(&w, err);
		buf_release(&w.bytes);
		paused = w.paused;
		job = w.job;
		after = &job.id;
	}
	*more = paused;
	if (none.code && none.code != E_NOTFOUND) {
		*err = none;
		return none.code;
	}
	return none.code ? E_OK : st;
}

/* ---- down ---- */

/* A piece has come. */
static enum status
take_piece(struct way *w, const struct transport_reply *reply,
	struct err *err)
{
	struct err why = ERR_INIT;
	enum status st;

	if (reply->offset != w->at || reply->total != w->job.size ||
	    reply->body.len == 0)
		return err_set(err, E_INVALID, tr("The server's answer is "
			"incomplete; nothing was changed."));
	st = scan_keep(w->s, &w->job, w->at, reply->body.data,
		reply->body.len, &why);
	w->at += (int64_t)reply->body.len;
	w->done = w->at == w->job.size;
	if (st == E_INVALID && ++w->wrong < WRONG_MAX) {
		w->at = 0;
		w->done = false;
		return E_OK;
	}
	if (st)
		*err = why;
	return st;
}

static enum status
fetch_piece(struct way *w, struct err *err)
{
	struct transport_reply reply = {0};
	const struct transport_request get = { .get = true, .first = w->at,
		.last = w->at + (int64_t)piece_of(w) - 1 };
	enum status st = ask(&reply, w, &get, err);

	if (goes_on(w, &reply, st, err)) {
		st = E_OK;
	} else if (!st) {
		note_passed(w, &reply);
		if (reply.status == 206)
			st = take_piece(w, &reply, err);
		else
			st = session_check(&reply, err);
		if (reply.status == 404)
			st = err->code = E_NOTFOUND;
	}
	transport_reply_release(&reply);
	return st;
}

enum status
scans_fetch(struct scan_counts *counts, struct store *s,
	const struct transport *net, const struct uuid *id,
	const struct scans_watch *watch, struct err *err)
{
	struct way w = { .counts = counts, .s = s, .net = net,
		.watch = watch };
	enum status st = scan_job_of(&w.job, &w.at, s, id, err);

	w.done = w.at == w.job.size;
	while (!st && !w.done) {
		st = fetch_piece(&w, err);
		counts->left_bytes = w.job.size - w.at;
		if (!st && watch && watch->pause)
			(void)watch->pause(watch->self, counts);
	}
	counts->fetched += !st;
	return st;
}
