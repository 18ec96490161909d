/*
 * Three times, then aside.
 */
#include "sync/trouble.h"

#include "base/json.h"

enum {
	TROUBLE_TIMES = 3,
	LARGE_BYTES = 8 * 1024,	/* who takes less than that takes nothing */
};

int64_t
trouble_before(const struct trouble *t, int64_t from)
{
	if (!t->n || from > t->n)
		return 0;
	return from < t->n ? t->n : t->n + 1;
}

/* The number in {"error":"internal","n":N}; 0: it names none. */
static int64_t
read_number(const struct transport_reply *reply)
{
	struct json *j = NULL;
	struct err ignored = ERR_INIT;
	int64_t n = 0;

	if (json_parse(&j, reply->body.data, reply->body.len, BUF_LINE_MAX,
	    &ignored))
		return 0;
	if (!json_get_int(j, "n", &n))
		n = 0;
	json_free(j);
	return n;
}

/* Half of it, or the one alone without its content. */
static bool
shrink(struct trouble *t, int64_t from, size_t count, size_t bytes)
{
	if (count == 0)
		return false;
	if (count > 1) {
		if (t->push_max && t->push_max < bytes)
			bytes = t->push_max;
		t->push_max = bytes > 1 ? bytes / 2 : 1;
		return true;
	}
	if (t->large == from || bytes < LARGE_BYTES)
		return false;
	t->large = from;
	return true;
}

bool
trouble_heed(bool *again, struct trouble *t,
	const struct transport_reply *reply, int64_t from, size_t count,
	size_t bytes)
{
	int64_t n;

	if (reply->status == 413) {
		*again = shrink(t, from, count, bytes);
		return *again;
	}
	n = reply->status == 500 ? read_number(reply) : 0;
	if (n < from || n >= from + (int64_t)count || t->park == n)
		return false;
	if (t->n != n)
		*t = (struct trouble){ .n = n, .push_max = t->push_max,
			.large = t->large };
	t->times++;
	t->park = t->times >= TROUBLE_TIMES && count == 1 ? n : 0;
	*again = true;
	return true;
}

bool
trouble_ended(struct trouble *t, int64_t acked)
{
	bool parked = t->park != 0;

	if (t->large && acked >= t->large) {
		t->large = 0;
		return true;
	}
	if (!t->n || acked < t->n)
		return false;
	*t = (struct trouble){ .push_max = t->push_max, .large = t->large };
	return parked;
}
