/*
 * Parsing the lines of POST /v1/sync: each goes through the strict reader and
 * leaves nothing behind when it fails.
 */
#include "core/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/member.h"

/* Exactly eight lower-case hexadecimal digits. */
static bool
is_mark(const char *text)
{
	return strlen(text) == 8 && strspn(text, "0123456789abcdef") == 8;
}

/* "15832.a1b2c3d4" */
static bool
parse_cursor(struct wire_cursor *out, const char *stream, const char *text)
{
	size_t digits = strspn(text, "0123456789");
	int64_t seq = 0;

	if (digits == 0 || digits > 15 || text[digits] != '.' ||
	    !is_mark(text + digits + 1) || strlen(stream) >= WIRE_STREAM_MAX)
		return false;
	for (size_t i = 0; i < digits; i++)
		seq = seq * 10 + (text[i] - '0');
	snprintf(out->stream, sizeof out->stream, "%s", stream);
	memcpy(out->mark, text + digits + 1, sizeof out->mark);
	out->seq = seq;
	return true;
}

static enum status
read_cursors(struct wire_cursor *cursors, size_t *count,
	const struct json *j, const char *name, struct err *err)
{
	struct json *cur = json_get(j, name);

	if (!json_is_object(cur) || json_count(cur) > WIRE_STREAMS_MAX)
		return member_wrong(err, name);
	*count = 0;
	for (struct json *m = json_first(cur); m; m = json_next(m)) {
		const char *text = json_text(m);

		if (!text || !parse_cursor(&cursors[*count], json_name(m),
		    text))
			return member_wrong(err, name);
		(*count)++;
	}
	return E_OK;
}

static enum status
read_hello(struct wire_hello *h, const struct json *j, struct err *err)
{
	enum status s;

	s = member_text(h->device, sizeof h->device, j, "dev", MEMBER_NEEDED,
		err);
	if (!s)
		s = member_int(&h->epoch, j, "ep", MEMBER_NEEDED, err);
	if (!s)
		s = member_int(&h->from, j, "from", MEMBER_NEEDED, err);
	if (!s)
		s = member_text(h->schema, sizeof h->schema, j, "sv",
			MEMBER_OPTIONAL, err);
	if (!s)
		s = member_text(h->server_epoch, sizeof h->server_epoch, j,
			"se", MEMBER_OPTIONAL, err);
	if (!s)
		s = member_int(&h->max_bytes, j, "max", MEMBER_NEEDED, err);
	if (!s && (h->max_bytes < WIRE_MAX_BYTES_MIN ||
	    h->max_bytes > WIRE_MAX_BYTES_MAX))
		s = member_wrong(err, "max");
	if (!s && json_get(j, "whole") && !json_is_bool(json_get(j, "whole")))
		s = member_wrong(err, "whole");
	h->whole = json_is_true(json_get(j, "whole"));
	h->snapshots = json_is_true(json_get(j, "snap"));
	h->runs = json_is_true(json_get(j, "runs"));
	h->slow = json_is_true(json_get(j, "slow"));
	h->early = json_is_true(json_get(j, "early"));
	if (!s)
		s = member_int(&h->park, j, "park", MEMBER_OPTIONAL, err);
	if (!s)
		s = member_int(&h->aside, j, "aside", MEMBER_OPTIONAL, err);
	if (!s)
		s = member_int(&h->erased, j, "erased", MEMBER_OPTIONAL, err);
	if (!s && h->epoch < 1)
		s = member_wrong(err, "ep");
	if (!s && h->from < 1)
		s = member_wrong(err, "from");
	if (!s)
		s = read_cursors(h->cursors, &h->cursor_count, j, "cur", err);
	if (!s && h->early && h->cursor_count > 0)
		s = member_wrong(err, "early");
	return s;
}

bool
wire_parse_large(struct op *op, char hash[OP_HASH_MAX], int64_t *bytes,
	const struct json *j)
{
	struct err no = ERR_INIT;
	struct op o = {0};
	char h[OP_HASH_MAX] = "";

	if (!json_get(j, "large") ||
	    member_int(bytes, j, "large", MEMBER_NEEDED, &no) ||
	    member_int(&o.n, j, "n", MEMBER_NEEDED, &no) || o.n < 1 ||
	    member_uuid(&o.record, j, "id", MEMBER_NEEDED, &no) ||
	    member_text(o.reg, sizeof o.reg, j, "k", MEMBER_NEEDED, &no) ||
	    member_text(o.office, sizeof o.office, j, "o", MEMBER_NEEDED,
	    &no) ||
	    member_text(o.by, sizeof o.by, j, "by", MEMBER_NEEDED, &no) ||
	    member_int(&o.at, j, "at", MEMBER_NEEDED, &no) ||
	    member_text(h, sizeof h, j, "h", MEMBER_NEEDED, &no) ||
	    strspn(h, "0123456789abcdef") != OP_HASH_MAX - 1)
		return false;
	*op = o;
	memcpy(hash, h, sizeof h);
	return true;
}

static enum status
read_verdict(struct wire_line *line, const struct json *j, struct err *err)
{
	char name[16] = "";
	enum status s;

	s = member_int(&line->n, j, "n", MEMBER_NEEDED, err);
	if (!s)
		s = member_text(name, sizeof name, j, "r", MEMBER_NEEDED, err);
	if (!s && !verdict_parse(&line->verdict, name))
		s = member_wrong(err, "r");
	if (!s)
		s = member_int(&line->rev, j, "rev", MEMBER_OPTIONAL, err);
	if (!s)
		s = member_text(line->why, sizeof line->why, j, "why",
			MEMBER_OPTIONAL, err);
	return s;
}

static enum status
read_place(struct wire_line *line, const struct json *j, struct err *err)
{
	enum status s;

	s = member_text(line->stream, sizeof line->stream, j, "s",
		MEMBER_NEEDED, err);
	if (!s)
		s = member_int(&line->seq, j, "q", MEMBER_NEEDED, err);
	if (!s)
		s = member_text(line->mark, sizeof line->mark, j, "m",
			MEMBER_OPTIONAL, err);
	if (!s && line->mark[0] && !is_mark(line->mark))
		s = member_wrong(err, "m");
	if (!s)
		s = member_uuid(&line->record, j, "id", MEMBER_NEEDED, err);
	return s;
}

static enum status
read_ack(struct wire_line *line, const struct json *j, struct err *err)
{
	enum status s;

	s = read_place(line, j, err);
	if (!s)
		s = member_int(&line->rev, j, "rev", MEMBER_NEEDED, err);
	if (!s)
		s = member_text(line->hash, sizeof line->hash, j, "x",
			MEMBER_NEEDED, err);
	return s;
}

static enum status
read_run(struct wire_line *line, const struct json *j, struct err *err)
{
	enum status s;

	s = member_int(&line->n, j, "n", MEMBER_NEEDED, err);
	if (!s)
		s = member_int(&line->to, j, "to", MEMBER_NEEDED, err);
	if (!s && line->n < 1)
		s = member_wrong(err, "n");
	if (!s && line->to < line->n)
		s = member_wrong(err, "to");
	if (!s)
		s = member_text(line->stream, sizeof line->stream, j, "s",
			MEMBER_NEEDED, err);
	return s ? s : member_int(&line->seq, j, "q", MEMBER_NEEDED, err);
}

static enum status
read_gone(struct wire_line *line, const struct json *j, struct err *err)
{
	enum status s;

	if (json_get(j, "all") && !json_is_bool(json_get(j, "all")))
		return member_wrong(err, "all");
	line->all = json_is_true(json_get(j, "all"));
	s = line->all ? member_text(line->stream, sizeof line->stream, j, "s",
		MEMBER_NEEDED, err) : read_place(line, j, err);
	if (!s)
		s = member_text(line->why, sizeof line->why, j, "why",
			MEMBER_OPTIONAL, err);
	return s;
}

static enum status
read_put_texts(struct record *r, const struct json *j, struct err *err)
{
	const struct {
		const char *name;
		char *place;
		size_t size;
		enum member_need need;
	} texts[] = {
		{ "k", r->reg, sizeof r->reg, MEMBER_NEEDED },
		{ "o", r->office, sizeof r->office, MEMBER_NEEDED },
		{ "st", r->state, sizeof r->state, MEMBER_OPTIONAL },
		{ "cb", r->created_by, sizeof r->created_by, MEMBER_OPTIONAL },
		{ "ub", r->updated_by, sizeof r->updated_by, MEMBER_OPTIONAL },
	};
	const char *why = json_get_text(j, "d");
	enum status s = E_OK;

	for (size_t i = 0; !s && i < sizeof texts / sizeof texts[0]; i++)
		s = member_text(texts[i].place, texts[i].size, j,
			texts[i].name, texts[i].need, err);
	if (!s && !member_is_register(r->reg))
		s = member_wrong(err, "k");
	if (!s && json_get(j, "d") && (!why || !record_set(r, "@deleted", why)))
		s = member_wrong(err, "d");
	return s;
}

static enum status
read_put(struct wire_line *line, const struct json *j, struct err *err)
{
	struct record *r = &line->put;
	enum status s;

	s = read_place(line, j, err);
	if (!s)
		s = read_put_texts(r, j, err);
	if (!s)
		s = member_int(&r->rev, j, "rev", MEMBER_NEEDED, err);
	if (!s)
		s = member_int(&r->created_at, j, "ca", MEMBER_OPTIONAL, err);
	if (!s)
		s = member_int(&r->updated_at, j, "ua", MEMBER_OPTIONAL, err);
	if (!s)
		s = record_values_from_json(&r->values, json_get(j, "b"), err);
	r->id = line->record;
	line->rev = r->rev;
	return s;
}

/* "5121.77c0...": of one of the cursors. */
static bool
parse_sum(struct wire_cursor *c, const char *text)
{
	size_t digits = text ? strspn(text, "0123456789") : 0;

	if (digits == 0 || digits > 15 || text[digits] != '.' ||
	    strlen(text + digits + 1) != 16 ||
	    strspn(text + digits + 1, "0123456789abcdef") != 16)
		return false;
	c->held = strtoll(text, NULL, 10);
	c->sum = strtoull(text + digits + 1, NULL, 16);
	return true;
}

static enum status
read_sums(struct wire_line *line, const struct json *j, struct err *err)
{
	const struct json *sums = json_get(j, "dig");

	line->has_sums = sums != NULL;
	if (!sums)
		return E_OK;
	if (!json_is_object(sums))
		return member_wrong(err, "dig");
	for (size_t i = 0; i < line->cursor_count; i++) {
		struct wire_cursor *c = &line->cursors[i];

		if (!parse_sum(c, json_get_text(sums, c->stream)))
			return member_wrong(err, "dig");
	}
	return E_OK;
}

/* "2160000.9f86d081..." */
static bool
parse_snapshot(struct wire_snapshot *s, const char *stream, const char *text)
{
	size_t digits = text ? strspn(text, "0123456789") : 0;

	if (digits == 0 || digits > 15 || text[digits] != '.' ||
	    strlen(text + digits + 1) != sizeof s->sha256 - 1 ||
	    strspn(text + digits + 1, "0123456789abcdef") !=
	    sizeof s->sha256 - 1 || strlen(stream) >= sizeof s->stream)
		return false;
	s->bytes = strtoll(text, NULL, 10);
	memcpy(s->sha256, text + digits + 1, sizeof s->sha256);
	memcpy(s->stream, stream, strlen(stream) + 1);
	return s->bytes > 0;
}

static enum status
read_snapshots(struct wire_line *line, const struct json *j, struct err *err)
{
	const struct json *all = json_get(j, "snap");
	size_t n = 0;

	if (!all)
		return E_OK;
	if (!json_is_object(all))
		return member_wrong(err, "snap");
	line->snapshots = mem_alloc(WIRE_STREAMS_MAX, sizeof *line->snapshots);
	for (struct json *i = json_first(all); i; i = json_next(i)) {
		if (n == WIRE_STREAMS_MAX || !parse_snapshot(
		    &line->snapshots[n++], json_name(i), json_text(i)))
			return member_wrong(err, "snap");
	}
	line->snapshot_count = n;
	return E_OK;
}

static enum status
read_settled_one(struct wire_settled *out, const struct json *j,
	struct err *err)
{
	char how[16] = "";
	enum status s = member_int(&out->i, j, "i", MEMBER_NEEDED, err);

	if (!s)
		s = member_int(&out->epoch, j, "ep", MEMBER_NEEDED, err);
	if (!s)
		s = member_int(&out->n, j, "n", MEMBER_NEEDED, err);
	if (!s)
		s = member_text(how, sizeof how, j, "how", MEMBER_NEEDED, err);
	out->taken = strcmp(how, "taken") == 0;
	if (!s && !out->taken && strcmp(how, "dismissed") != 0)
		s = member_wrong(err, "how");
	return s ? s : member_text(out->why, sizeof out->why, j, "why",
		MEMBER_NEEDED, err);
}

static enum status
read_settled(struct wire_line *line, const struct json *j, struct err *err)
{
	const struct json *all = json_get(j, "aside");
	enum status s = E_OK;

	if (!all)
		return E_OK;
	if (!json_is_array(all) || json_count(all) > WIRE_SETTLED_MAX)
		return member_wrong(err, "aside");
	line->settled = mem_alloc(WIRE_SETTLED_MAX, sizeof *line->settled);
	for (struct json *i = json_first(all); i && !s; i = json_next(i))
		s = read_settled_one(&line->settled[line->settled_count++], i,
			err);
	return s;
}

static enum status
read_erased(struct wire_line *line, const struct json *j, struct err *err)
{
	const struct json *all = json_get(j, "erased");
	const struct json *ids;

	if (!all)
		return E_OK;
	ids = json_is_object(all) ? json_get(all, "ids") : NULL;
	if (!ids || !json_is_array(ids) || json_count(ids) > WIRE_ERASED_MAX ||
	    !json_get_int(all, "to", &line->erased_to) || line->erased_to < 1)
		return member_wrong(err, "erased");
	line->erased = mem_alloc(WIRE_ERASED_MAX, sizeof *line->erased);
	for (struct json *i = json_first(ids); i; i = json_next(i)) {
		if (!json_text(i) || !uuid_parse(
		    &line->erased[line->erased_count++], json_text(i)))
			return member_wrong(err, "erased");
	}
	return E_OK;
}

static enum status
read_who(struct wire_line *line, const struct json *j, struct err *err)
{
	enum status s = member_text(line->role, sizeof line->role, j, "role",
		MEMBER_OPTIONAL, err);

	if (!s)
		s = member_text(line->user_office, sizeof line->user_office, j,
			"of", MEMBER_OPTIONAL, err);
	if (!s)
		s = member_text(line->office, sizeof line->office, j, "o",
			MEMBER_OPTIONAL, err);
	return s ? s : member_text(line->office_name,
		sizeof line->office_name, j, "on", MEMBER_OPTIONAL, err);
}

static enum status
read_end(struct wire_line *line, const struct json *j, struct err *err)
{
	struct json *more = json_get(j, "more");
	enum status s;

	line->cursors = mem_alloc(WIRE_STREAMS_MAX, sizeof *line->cursors);
	s = read_cursors(line->cursors, &line->cursor_count, j, "cur", err);
	if (!s && json_get(j, "was")) {
		line->was = mem_alloc(WIRE_STREAMS_MAX, sizeof *line->was);
		s = read_cursors(line->was, &line->was_count, j, "was", err);
	}
	if (!s && !json_is_bool(more))
		s = member_wrong(err, "more");
	if (!s)
		s = read_sums(line, j, err);
	if (!s)
		s = read_snapshots(line, j, err);
	if (!s)
		s = read_settled(line, j, err);
	if (!s)
		s = read_erased(line, j, err);
	if (!s)
		s = member_int(&line->acked, j, "acked", MEMBER_NEEDED, err);
	if (!s)
		s = member_int(&line->need, j, "need", MEMBER_OPTIONAL, err);
	if (!s)
		s = member_int(&line->left, j, "left", MEMBER_OPTIONAL, err);
	if (!s)
		s = member_text(line->schema, sizeof line->schema, j, "sv",
			MEMBER_OPTIONAL, err);
	if (!s)
		s = member_text(line->server_epoch, sizeof line->server_epoch,
			j, "se", MEMBER_OPTIONAL, err);
	if (!s)
		s = member_int(&line->server_at, j, "at", MEMBER_OPTIONAL, err);
	if (!s)
		s = member_int(&line->until_at, j, "until", MEMBER_OPTIONAL,
			err);
	if (!s)
		s = member_int(&line->password_on, j, "pw", MEMBER_OPTIONAL,
			err);
	if (!s)
		s = read_who(line, j, err);
	if (!s)
		s = member_int(&line->min_app, j, "min", MEMBER_OPTIONAL, err);
	line->more = json_is_true(more);
	line->numbers = json_is_true(json_get(j, "nums"));
	line->names = json_is_true(json_get(j, "names"));
	line->early = json_is_true(json_get(j, "early"));
	return s;
}

/* The line as a tree, and the text of "t"; the tree is the caller's. */
static enum status
parse_head(struct json **out, const char **type, const char *line, size_t len,
	struct err *err)
{
	struct json *j = NULL;
	enum status s;

	s = json_parse(&j, line, len, WIRE_LINE_MAX, err);
	if (s)
		return s;
	*type = json_get_text(j, "t");
	if (!json_is_object(j) || !*type) {
		json_free(j);
		return member_wrong(err, "t");
	}
	*out = j;
	return E_OK;
}

/* Apart, because a hello is large and operations are many. */
static enum status
take_hello(struct wire_hello *out, const struct json *j, struct err *err)
{
	struct wire_hello h = {0};
	enum status s = read_hello(&h, j, err);

	if (!s)
		*out = h;
	return s;
}

enum status
wire_parse_request(bool *is_op, struct wire_hello *hello, struct op *op,
	const char *line, size_t len, struct err *err)
{
	struct json *j = NULL;
	const char *type = NULL;
	enum status s;

	s = parse_head(&j, &type, line, len, err);
	if (s)
		return s;
	if (strcmp(type, "op") == 0) {
		s = op_from_json(op, j, err);
		if (!s)
			*is_op = true;
	} else if (strcmp(type, "hello") == 0) {
		s = take_hello(hello, j, err);
		if (!s)
			*is_op = false;
	} else {
		s = member_wrong(err, "t");
	}
	json_free(j);
	return s;
}

enum status
wire_parse_line(struct wire_line *out, const char *line, size_t len,
	struct err *err)
{
	static const struct {
		const char *type;
		enum wire_kind kind;
		enum status (*read)(struct wire_line *line,
			const struct json *j, struct err *err);
	} readers[] = {
		{ "v", WIRE_VERDICT, read_verdict },
		{ "a", WIRE_ACK, read_ack },
		{ "r", WIRE_RUN, read_run },
		{ "p", WIRE_PUT, read_put },
		{ "g", WIRE_GONE, read_gone },
		{ "end", WIRE_END, read_end },
	};
	const size_t count = sizeof readers / sizeof readers[0];
	struct json *j = NULL;
	struct wire_line l = {0};
	const char *type = NULL;
	size_t i = 0;
	enum status s;

	s = parse_head(&j, &type, line, len, err);
	if (s)
		return s;
	while (i < count && strcmp(readers[i].type, type) != 0)
		i++;
	if (i == count) {
		s = member_wrong(err, "t");
	} else {
		l.kind = readers[i].kind;
		s = readers[i].read(&l, j, err);
	}
	json_free(j);
	if (s) {
		wire_line_release(&l);
		return s;
	}
	*out = l;
	return E_OK;
}
