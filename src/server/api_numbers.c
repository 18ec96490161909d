/*
 * The two calls for paper numbers: each one transaction.
 */
#include "server/api_numbers.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "server/ledger_judge.h"
#include "server/ledger_lease.h"
#include "server/ledger_number.h"

enum { LEASES_MAX = 200 };	/* of one request */

/* Who asks for what, and the reply as it grows. */
struct talk {
	struct visit *v;
	struct db *db;
	struct json *leases, *refused, *closed;
	int64_t returned;
};

/* ---- reading ---- */

static bool
read_text(char *out, size_t size, const struct json *j, const char *name)
{
	const char *text = json_get_text(j, name);
	size_t len = text ? strlen(text) : 0;

	if (len == 0 || len >= size)
		return false;
	memcpy(out, text, len + 1);
	return true;
}

/* Key and series; false: not good. */
static bool
read_series(struct lease *out, const struct visit *v, const struct json *j)
{
	struct uuid key;
	int64_t year = 0;

	if (!read_text(out->key, sizeof out->key, j, "key") ||
	    !uuid_parse(&key, out->key) ||
	    !read_text(out->series.cls, sizeof out->series.cls, j, "class") ||
	    !json_get_int(j, "year", &year) || year < 1900 || year > 9999)
		return false;
	out->series.year = (int)year;
	memcpy(out->series.office, v->device.office.code,
	    sizeof out->series.office);
	return true;
}

static bool
read_held(struct lease *out, const struct visit *v, const struct json *j)
{
	return read_series(out, v, j) &&
	    json_get_int(j, "first", &out->first) &&
	    json_get_int(j, "last", &out->last) &&
	    json_get_int(j, "next", &out->next) && out->first >= 1 &&
	    out->last >= out->first && out->last <= NUMBER_MOST &&
	    out->next >= out->first && out->next <= out->last + 1;
}

/* The definition of a class; its blocks are leased, or one machine has it. */
static const struct schema_number *
find_class(const struct schema *s, const char *cls)
{
	for (size_t i = 0; i < s->register_count; i++) {
		const struct schema_number *n = &s->registers[i].number;

		if (n->field && n->mode != NUMBER_PROVISIONAL &&
		    strcmp(n->cls, cls) == 0)
			return n;
	}
	return NULL;
}

/* ---- the parts ---- */

static enum status
take_held(struct talk *t, const struct lease *l, struct err *err)
{
	bool closed = false;
	enum status s = lease_hold(&closed, t->db, &t->v->device.id, l, err);

	if (!s && closed)
		json_push(t->closed, json_string(l->key));
	return s;
}

static void
refuse(struct talk *t, const struct lease *l, const char *why)
{
	struct json *j = json_object();

	json_put_text(j, "key", l->key);
	json_put_text(j, "why", why);
	json_push(t->refused, j);
}

static enum status
take_ask(struct talk *t, const struct lease *asked, struct err *err)
{
	const struct schema_number *def = find_class(t->v->schema,
	    asked->series.cls);
	struct lease l = {0};
	struct json *j;
	char why[ERR_MSG_MAX] = "";
	enum status s;

	if (!def || !number_year_is_open(asked->series.year, clock_today())) {
		refuse(t, asked, tr("The server gives no such numbers."));
		return E_OK;
	}
	s = lease_grant(&l, why, t->db, &t->v->device.id, def,
	    &asked->series, asked->key, visit_is_old(t->v) ? tr("This program "
	    "is older than the county's others; it gets new numbers when the "
	    "new one is installed.") : NULL, err);
	if (s)
		return s;
	if (l.first == 0) {
		refuse(t, asked, why);
		return E_OK;
	}
	j = json_object();
	json_put_text(j, "key", l.key);
	json_put_int(j, "first", l.first);
	json_put_int(j, "last", l.last);
	json_push(t->leases, j);
	return E_OK;
}

static enum status
take_back(struct talk *t, const struct lease *l, struct err *err)
{
	t->returned++;
	return lease_return(t->db, &t->v->device.id, l, err);
}

/* Each item of a list, which need not be there; what is not good makes the
 * request bad. */
static enum status
each(struct talk *t, const struct json *ask, const char *name, bool held,
    enum status (*take)(struct talk *t, const struct lease *l,
    struct err *err), struct err *err)
{
	const struct json *list = json_get(ask, name);
	size_t count = 0;
	enum status s = E_OK;

	if (list && !json_is_array(list))
		t->v->answer = ANSWER_BAD_REQUEST;
	for (struct json *j = json_first(list); j && !s && !t->v->answer;
	    j = json_next(j)) {
		struct lease l = {0};

		if (++count > LEASES_MAX || !(held ?
		    read_held(&l, t->v, j) : read_series(&l, t->v, j)))
			t->v->answer = ANSWER_BAD_REQUEST;
		else
			s = take(t, &l, err);
	}
	return s;
}

/* Now that this device was heard, others may get what they wait for. */
static enum status
catch_up(struct talk *t, struct err *err)
{
	const struct ledger_peer peer = visit_peer(t->v);
	struct stream_touched touched = {0};
	struct account author = {0};
	const struct judge j = { .db = t->db, .schema = t->v->schema,
		.peer = &peer, .today = clock_today(), .touched = &touched,
		.author = &author };
	enum status s = lease_told(t->db, &t->v->device.id, err);

	if (!s)
		s = number_catch_up(&j, t->v->device.office.code, err);
	if (!s)
		s = stream_publish(t->db, &touched, err);
	stream_touched_release(&touched);
	return s;
}

/* ---- the calls ---- */

static struct json *
read_body(struct visit *v)
{
	struct json *j = NULL;
	struct err bad = ERR_INIT;
	struct buf text;

	buf_init(&text, BUF_LINE_MAX);
	if (!visit_body(&text, v) &&
	    (json_parse(&j, text.data, text.len, BUF_LINE_MAX, &bad) ||
	    !json_is_object(j)))
		v->answer = ANSWER_BAD_REQUEST;
	buf_release(&text);
	return j;
}

static enum status
work_lease(struct talk *t, const struct json *ask, struct err *err)
{
	enum status s = each(t, ask, "hold", true, take_held, err);

	if (!s && !t->v->answer)
		s = catch_up(t, err);
	if (!s && !t->v->answer)
		s = each(t, ask, "ask", false, take_ask, err);
	return s;
}

static enum status
work_return(struct talk *t, const struct json *ask, struct err *err)
{
	if (!json_get(ask, "hold"))
		t->v->answer = ANSWER_BAD_REQUEST;
	return each(t, ask, "hold", true, take_back, err);
}

static enum status
call(struct talk *t, enum status (*work)(struct talk *t,
    const struct json *ask, struct err *err), struct err *err)
{
	struct visit *v = t->v;
	struct json *ask = NULL;
	enum status s = visit_find(v, true, err);

	if (!s && !v->answer)
		ask = read_body(v);
	if (s || v->answer)
		goto out;
	s = ledger_begin(&t->db, v->ledger, err);
	if (s)
		goto out;
	s = work(t, ask, err);
	/* a bad request leaves nothing behind */
	if (!s && v->answer)
		s = E_INVALID;
	s = ledger_end(v->ledger, s, err);
	if (s == E_INVALID && v->answer)
		s = E_OK;
out:
	json_free(ask);
	return s;
}

enum status
api_numbers_lease(struct visit *v, struct err *err)
{
	struct talk t = { .v = v, .leases = json_array(),
		.refused = json_array(), .closed = json_array() };
	struct json *j = json_object();
	enum status s = call(&t, work_lease, err);

	json_put_int(j, "device", v->device.number);
	json_put(j, "leases", t.leases);
	json_put(j, "refused", t.refused);
	json_put(j, "closed", t.closed);
	if (s || v->answer)
		json_free(j);
	else
		visit_json(v, j);
	return s;
}

enum status
api_numbers_return(struct visit *v, struct err *err)
{
	struct talk t = { .v = v };
	struct json *j;
	enum status s = call(&t, work_return, err);

	if (s || v->answer)
		return s;
	j = json_object();
	json_put_int(j, "returned", t.returned);
	visit_json(v, j);
	return E_OK;
}
