/*
 * A thread that reads ahead of the one that judges.  It is there before, asleep:
 * one that begins waits for its turn where the processors are busy, one that is
 * woken has it at once.
 *
 * 1. What is published (count) does not change any more and does not move: there
 *    is a place for each block of them from the beginning.
 * 2. The text is not looked at after all was read (ended), and push_read_end()
 *    waits for that; freeing what was read is a job of such a thread, too, so
 *    that nobody waits for it.
 */
#include "server/push_read.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"

enum {
	FEW_LINES = 8,		/* are read sooner than a thread wakes */
	AT_ONCE = 8,		/* operations published together */
	LINE_MIN = 16,		/* bytes of the shortest that has a number */
	BLOCK = 64,		/* operations that lie together */
};

struct push_read {
	const char *text;	/* behind the hello; borrowed */
	size_t len;
	struct wire_hello hello;
	struct wire_hello second;	/* of a line that has no place there */
	struct push_op **blocks;	/* owned, with places for all */
	size_t room;		/* operations they can hold */
	size_t seen;		/* of count, by who judges */
	enum tr_lang lang;	/* of who asks */
	struct pool *readers;	/* one of them reads, and frees this; or NULL */

	pthread_mutex_t lock;	/* of what follows */
	pthread_cond_t moved;
	size_t count;
	bool ended;
	struct err bad;		/* the line that ended it, if one did */
};

/* ---- lines ---- */

/* An operation that cannot be read, or whose content did not get through, must
 * not stop those after it: as long as it has a number it gets a verdict like
 * the others.  It is known again by its bytes, or by the hash that it names. */
static bool
read_broken(struct push_op *p, const char *line, size_t len,
    const struct err *why)
{
	struct json *j = NULL;
	struct err none = ERR_INIT;
	uint8_t digest[CRYPTO_SHA256];
	const char *type;
	int64_t bytes = 0;
	bool good = false;

	if (json_parse(&j, line, len, WIRE_LINE_MAX, &none))
		return false;
	type = json_get_text(j, "t");
	if (type && strcmp(type, "op") == 0 &&
	    wire_parse_large(&p->op, p->hash, &bytes, j)) {
		snprintf(p->broken, sizeof p->broken, tr("This entry (%d kB) "
		    "is too large for the line and is only on the computer "
		    "where it was made: shorten it and save it again."),
		    (int)(bytes / 1000));
		good = true;
	} else if (type && strcmp(type, "op") == 0 &&
	    json_get_int(j, "n", &p->op.n) && p->op.n >= 1) {
		crypto_sha256(digest, line, len);
		crypto_hex(p->hash, digest, 16);
		snprintf(p->broken, sizeof p->broken, "%s", why->msg);
		good = true;
	}
	json_free(j);
	return good;
}

static enum status
no_hello(struct err *err)
{
	return err_set(err, E_INVALID, tr("A sync begins with one hello."));
}

static enum status
read_op(struct push_op *out, struct push_read *r, const char *line,
    size_t len, struct err *err)
{
	struct push_op p = { .line = (char *)(uintptr_t)line,
		.line_len = len };
	struct err bad = ERR_INIT;
	bool is_op = false;
	enum status s = wire_parse_request(&is_op, &r->second, &p.op, line,
	    len, &bad);

	if (s && !read_broken(&p, line, len, &bad))
		return err_set(err, E_INVALID, "%s", bad.msg);
	if (!s && !is_op)
		return no_hello(err);
	if (!s) {
		p.op.epoch = r->hello.epoch;
		op_hash(p.hash, &p.op);
	}
	*out = p;
	return E_OK;
}

static enum status
read_hello(struct push_read *r, struct err *err)
{
	const char *end = r->len ? memchr(r->text, '\n', r->len) : NULL;
	struct op op = {0};
	struct err bad = ERR_INIT;
	bool is_op = false;
	size_t n;

	if (!end)
		return no_hello(err);
	n = (size_t)(end - r->text);
	if (wire_parse_request(&is_op, &r->hello, &op, r->text, n, &bad))
		return err_set(err, E_INVALID, "%s", bad.msg);
	if (is_op) {
		op_release(&op);
		return no_hello(err);
	}
	r->text += n + 1;
	r->len -= n + 1;
	return E_OK;
}

static size_t
count_lines(const char *text, size_t len)
{
	const char *at = text, *end = text + len;
	size_t n = 0;

	while (at < end) {
		at = memchr(at, '\n', (size_t)(end - at));
		if (!at)
			break;
		at++;
		n++;
	}
	return n;
}

static struct push_op *
op_at(const struct push_read *r, size_t i)
{
	return &r->blocks[i / BLOCK][i % BLOCK];
}

static void
publish(struct push_read *r, size_t count, bool ended)
{
	pthread_mutex_lock(&r->lock);
	r->count = count;
	r->ended = ended;
	pthread_cond_signal(&r->moved);
	pthread_mutex_unlock(&r->lock);
}

static void
read_all(struct push_read *r)
{
	const char *at = r->text, *end = r->text + r->len;
	struct err bad = ERR_INIT;
	size_t count = 0;

	while (at < end) {
		const char *nl = memchr(at, '\n', (size_t)(end - at));

		if (!nl)
			break;
		/* what is shorter than LINE_MIN is refused before it counts */
		if (count == r->room) {
			(void)no_hello(&bad);
			break;
		}
		if (count % BLOCK == 0)
			r->blocks[count / BLOCK] = mem_alloc(BLOCK,
				sizeof **r->blocks);
		if (read_op(op_at(r, count), r, at, (size_t)(nl - at), &bad))
			break;
		at = nl + 1;
		count++;
		if (count % AT_ONCE == 0)
			publish(r, count, false);
	}
	r->bad = bad;
	publish(r, count, true);
}

/* ---- the thread ---- */

static void
dispose(struct push_read *r)
{
	for (size_t i = 0; i < r->count; i++)
		op_release(&op_at(r, i)->op);
	for (size_t i = 0; i * BLOCK < r->room; i++)
		free(r->blocks[i]);
	free(r->blocks);
	pthread_cond_destroy(&r->moved);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

static bool
wait_for_all(struct push_read *r)
{
	(void)push_read_at(r, SIZE_MAX);
	return !r->bad.code;
}

void
push_read_work(void *read)
{
	struct push_read *r = read;
	bool ended;

	pthread_mutex_lock(&r->lock);
	ended = r->ended;
	pthread_mutex_unlock(&r->lock);
	if (ended) {
		dispose(r);
		return;
	}
	tr_set(r->lang);
	read_all(r);
}

/* ---- from outside ---- */

enum status
push_read_begin(struct push_read **out, const char *text, size_t len,
    struct pool *readers, struct err *err)
{
	struct push_read *r = mem_alloc(1, sizeof *r);
	size_t lines, most;
	enum status s;

	r->text = text;
	r->len = len;
	r->lang = tr_lang();
	r->bad = (struct err)ERR_INIT;
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->moved, NULL);
	s = read_hello(r, err);
	if (s) {
		dispose(r);
		return s;
	}
	lines = count_lines(r->text, r->len);
	most = r->len / LINE_MIN;
	r->room = lines < most ? lines : most;
	r->blocks = mem_alloc(r->room / BLOCK + 1, sizeof *r->blocks);
	if (lines > FEW_LINES && readers && pool_give(readers, r))
		r->readers = readers;
	else
		read_all(r);
	*out = r;
	return E_OK;
}

void
push_read_end(struct push_read *r)
{
	if (!r)
		return;
	(void)wait_for_all(r);
	if (!r->readers || !pool_give(r->readers, r))
		dispose(r);
}

const struct wire_hello *
push_read_hello(const struct push_read *r)
{
	return &r->hello;
}

const struct push_op *
push_read_at(struct push_read *r, size_t i)
{
	if (i >= r->seen) {
		pthread_mutex_lock(&r->lock);
		while (r->count <= i && !r->ended)
			pthread_cond_wait(&r->moved, &r->lock);
		r->seen = r->count;
		pthread_mutex_unlock(&r->lock);
	}
	return i < r->seen ? op_at(r, i) : NULL;
}

enum status
push_read_all(size_t *count, struct push_read *r, struct err *err)
{
	if (!wait_for_all(r))
		return err_set(err, r->bad.code, "%s", r->bad.msg);
	*count = r->seen;
	return E_OK;
}
