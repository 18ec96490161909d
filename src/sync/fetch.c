/*
 * Reading a page ahead.
 *
 * Applying a page is writing rows, reading the next is waiting, decrypting,
 * unpacking and parsing: neither needs anything of the other, so on two
 * processors they take as long as the longer one.
 */
#include "sync/fetch.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"

struct fetch {
	const struct transport *net;
	bool apart;
	pthread_t thread;
	/* what came; the thread's until it is joined */
	struct transport_reply reply;
	struct page page;
	enum status said;
	struct err err, page_err;
};

static void *
take(void *self)
{
	struct fetch *f = self;

	f->said = f->net->finish(f->net->self, &f->reply, &f->err);
	/* what another status says is not a page; its words are the caller's */
	if (!f->said && f->reply.status == 200 &&
	    !page_parse(&f->page, &f->reply.body, &f->page_err))
		buf_release(&f->reply.body);
	return NULL;
}

struct fetch *
fetch_begin(const struct transport *net, bool apart)
{
	struct fetch *f = mem_alloc(1, sizeof *f);

	f->net = net;
	f->err = f->page_err = (struct err)ERR_INIT;
	f->apart = apart && net->apart &&
		pthread_create(&f->thread, NULL, take, f) == 0;
	return f;
}

enum status
fetch_end(struct fetch *f, struct transport_reply *reply, struct page *page,
	struct err *page_err, struct err *err)
{
	enum status st;

	if (f->apart)
		(void)pthread_join(f->thread, NULL);
	else
		(void)take(f);
	st = f->said;
	*reply = f->reply;
	*page = f->page;
	*page_err = f->page_err;
	if (st)
		*err = f->err;
	free(f);
	return st;
}
