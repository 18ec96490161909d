#include "sync/transport.h"

void
transport_reply_release(struct transport_reply *r)
{
	buf_release(&r->body);
	*r = (struct transport_reply){0};
}
