/*
 * Printing the lines of POST /v1/sync, straight into the buffer: a page of
 * thousands of records makes no tree.  Parsing is in wire_parse.c.
 */
#include "core/wire.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const verdict_names[] = { "ok", "merged", "conflict",
	"moved", "denied", "invalid", "review" };

enum {
	VERDICT_COUNT = sizeof verdict_names / sizeof verdict_names[0],
	CURSOR_TEXT_MAX = 32,	/* 19 digits, a point, 8 digits, the NUL */
};

const char *
verdict_name(enum verdict v)
{
	assert((size_t)v < VERDICT_COUNT);
	return verdict_names[v];
}

bool
verdict_parse(enum verdict *out, const char *name)
{
	for (size_t i = 0; i < VERDICT_COUNT; i++) {
		if (strcmp(verdict_names[i], name) == 0) {
			*out = (enum verdict)i;
			return true;
		}
	}
	return false;
}

bool
verdict_is_refusal(enum verdict v)
{
	return v == VERDICT_MOVED || v == VERDICT_DENIED ||
	    v == VERDICT_INVALID || v == VERDICT_REVIEW;
}

void
wire_line_release(struct wire_line *line)
{
	if (line->kind == WIRE_PUT)
		record_release(&line->put);
	if (line->kind == WIRE_END) {
		free(line->cursors);
		free(line->snapshots);
		free(line->settled);
		free(line->erased);
		free(line->was);
	}
	*line = (struct wire_line){0};
}

/* ---- printing ---- */

/* lead is the comma, the name and the colon as they stand on the wire. */
static void
put_text(struct buf *out, const char *lead, const char *text)
{
	buf_text(out, lead);
	json_print_string(out, text);
}

static void
put_int(struct buf *out, const char *lead, int64_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof digits, "%lld", (long long)n);

	buf_text(out, lead);
	buf_add(out, digits, (size_t)len);
}

static void
put_uuid(struct buf *out, const char *lead, const struct uuid *id)
{
	char text[UUID_TEXT_MAX];

	uuid_print(text, id);
	buf_text(out, lead);
	buf_char(out, '"');
	buf_add(out, text, UUID_TEXT_MAX - 1);
	buf_char(out, '"');
}

static void
put_cursors(struct buf *out, const char *lead,
	const struct wire_cursor *cursors, size_t count)
{
	buf_text(out, lead);
	for (size_t i = 0; i < count; i++) {
		char text[CURSOR_TEXT_MAX];

		snprintf(text, sizeof text, "%lld.%s",
			(long long)cursors[i].seq,
			cursors[i].mark[0] ? cursors[i].mark : "00000000");
		put_text(out, i ? "," : "", cursors[i].stream);
		put_text(out, ":", text);
	}
	buf_char(out, '}');
}

void
wire_print_hello(struct buf *out, const struct wire_hello *hello)
{
	put_text(out, "{\"t\":\"hello\",\"dev\":", hello->device);
	put_int(out, ",\"ep\":", hello->epoch);
	put_int(out, ",\"from\":", hello->from);
	put_text(out, ",\"sv\":", hello->schema);
	put_text(out, ",\"se\":", hello->server_epoch);
	put_int(out, ",\"max\":", hello->max_bytes);
	if (hello->whole)
		buf_text(out, ",\"whole\":true");
	if (hello->snapshots)
		buf_text(out, ",\"snap\":true");
	if (hello->runs)
		buf_text(out, ",\"runs\":true");
	if (hello->slow)
		buf_text(out, ",\"slow\":true");
	if (hello->early)
		buf_text(out, ",\"early\":true");
	if (hello->park)
		put_int(out, ",\"park\":", hello->park);
	if (hello->aside)
		put_int(out, ",\"aside\":", hello->aside);
	if (hello->erased)
		put_int(out, ",\"erased\":", hello->erased);
	put_cursors(out, ",\"cur\":{", hello->cursors, hello->cursor_count);
	buf_text(out, "}\n");
}

void
wire_print_op(struct buf *out, const struct op *op)
{
	op_print(out, op);
	buf_char(out, '\n');
}

void
wire_print_large(struct buf *out, const struct op *op, size_t bytes)
{
	char hash[OP_HASH_MAX];

	op_hash(hash, op);
	put_int(out, "{\"t\":\"op\",\"n\":", op->n);
	put_uuid(out, ",\"id\":", &op->record);
	put_text(out, ",\"k\":", op->reg);
	put_text(out, ",\"o\":", op->office);
	put_text(out, ",\"by\":", op->by);
	put_int(out, ",\"at\":", op->at);
	put_text(out, ",\"h\":", hash);
	put_int(out, ",\"large\":", (int64_t)bytes);
	buf_text(out, "}\n");
}

static void
put_verdict(struct buf *out, const struct wire_line *line)
{
	put_int(out, ",\"n\":", line->n);
	put_text(out, ",\"r\":", verdict_name(line->verdict));
	if (line->rev)
		put_int(out, ",\"rev\":", line->rev);
	if (line->why[0])
		put_text(out, ",\"why\":", line->why);
}

/* Where in which stream, and about which record. */
static void
put_place(struct buf *out, const struct wire_line *line)
{
	put_text(out, ",\"s\":", line->stream);
	put_int(out, ",\"q\":", line->seq);
	if (line->mark[0])
		put_text(out, ",\"m\":", line->mark);
	put_uuid(out, ",\"id\":", line->kind == WIRE_PUT ?
		&line->put.id : &line->record);
}

static void
put_values(struct buf *out, const struct values *v)
{
	buf_char(out, '{');
	for (size_t i = 0; i < v->count; i++) {
		put_text(out, i ? "," : "", v->items[i].name);
		put_text(out, ":", v->items[i].text);
	}
	buf_char(out, '}');
}

static void
put_record(struct buf *out, const struct wire_line *line)
{
	const struct record *r = &line->put;

	put_int(out, ",\"rev\":", r->rev);
	put_text(out, ",\"k\":", r->reg);
	put_text(out, ",\"o\":", r->office);
	if (r->state[0])
		put_text(out, ",\"st\":", r->state);
	if (r->deleted)
		put_text(out, ",\"d\":", r->deleted);
	put_text(out, ",\"cb\":", r->created_by);
	put_int(out, ",\"ca\":", r->created_at);
	put_text(out, ",\"ub\":", r->updated_by);
	put_int(out, ",\"ua\":", r->updated_at);
	buf_text(out, ",\"b\":");
	if (line->values)
		buf_text(out, line->values);
	else
		put_values(out, &r->values);
}

static void
put_sums(struct buf *out, const struct wire_cursor *cursors, size_t count)
{
	buf_text(out, ",\"dig\":{");
	for (size_t i = 0; i < count; i++) {
		char text[2 * CURSOR_TEXT_MAX];

		snprintf(text, sizeof text, "%lld.%016llx",
			(long long)cursors[i].held,
			(unsigned long long)cursors[i].sum);
		put_text(out, i ? "," : "", cursors[i].stream);
		put_text(out, ":", text);
	}
	buf_char(out, '}');
}

static void
put_snapshots(struct buf *out, const struct wire_line *line)
{
	buf_text(out, ",\"snap\":{");
	for (size_t i = 0; i < line->snapshot_count; i++) {
		const struct wire_snapshot *s = &line->snapshots[i];

		put_text(out, i ? "," : "", s->stream);
		buf_printf(out, ":\"%lld.%s\"", (long long)s->bytes,
			s->sha256);
	}
	buf_char(out, '}');
}

static void
put_settled(struct buf *out, const struct wire_line *line)
{
	buf_text(out, ",\"aside\":[");
	for (size_t i = 0; i < line->settled_count; i++) {
		const struct wire_settled *s = &line->settled[i];

		put_int(out, i ? ",{\"i\":" : "{\"i\":", s->i);
		put_int(out, ",\"ep\":", s->epoch);
		put_int(out, ",\"n\":", s->n);
		put_text(out, ",\"how\":", s->taken ? "taken" : "dismissed");
		put_text(out, ",\"why\":", s->why);
		buf_char(out, '}');
	}
	buf_char(out, ']');
}

static void
put_erased(struct buf *out, const struct wire_line *line)
{
	put_int(out, ",\"erased\":{\"to\":", line->erased_to);
	buf_text(out, ",\"ids\":[");
	for (size_t i = 0; i < line->erased_count; i++)
		put_uuid(out, i ? "," : "", &line->erased[i]);
	buf_text(out, "]}");
}

static void
put_end(struct buf *out, const struct wire_line *line)
{
	put_cursors(out, ",\"cur\":{", line->cursors, line->cursor_count);
	if (line->was)
		put_cursors(out, ",\"was\":{", line->was, line->was_count);
	if (line->snapshot_count > 0)
		put_snapshots(out, line);
	else if (!line->more && line->cursor_count > 0 && !line->min_app)
		put_sums(out, line->cursors, line->cursor_count);
	if (line->settled_count > 0)
		put_settled(out, line);
	if (line->erased_to)
		put_erased(out, line);
	buf_text(out, line->more ? ",\"more\":true" : ",\"more\":false");
	put_int(out, ",\"acked\":", line->acked);
	if (line->left)
		put_int(out, ",\"left\":", line->left);
	if (line->need)
		put_int(out, ",\"need\":", line->need);
	if (line->numbers)
		buf_text(out, ",\"nums\":true");
	if (line->names)
		buf_text(out, ",\"names\":true");
	if (line->early)
		buf_text(out, ",\"early\":true");
	put_text(out, ",\"sv\":", line->schema);
	put_text(out, ",\"se\":", line->server_epoch);
	put_int(out, ",\"at\":", line->server_at);
	if (line->until_at)
		put_int(out, ",\"until\":", line->until_at);
	if (line->password_on)
		put_int(out, ",\"pw\":", line->password_on);
	if (line->role[0]) {
		put_text(out, ",\"role\":", line->role);
		put_text(out, ",\"of\":", line->user_office);
	}
	if (line->office[0]) {
		put_text(out, ",\"o\":", line->office);
		put_text(out, ",\"on\":", line->office_name);
	}
	if (line->min_app)
		put_int(out, ",\"min\":", line->min_app);
}

void
wire_print_line(struct buf *out, const struct wire_line *line)
{
	static const char *const kinds[] = { "v", "a", "r", "p", "g", "end" };

	assert((size_t)line->kind < sizeof kinds / sizeof kinds[0]);
	put_text(out, "{\"t\":", kinds[line->kind]);
	switch (line->kind) {
	case WIRE_VERDICT:
		put_verdict(out, line);
		break;
	case WIRE_ACK:
		put_place(out, line);
		put_int(out, ",\"rev\":", line->rev);
		put_text(out, ",\"x\":", line->hash);
		break;
	case WIRE_RUN:
		put_int(out, ",\"n\":", line->n);
		put_int(out, ",\"to\":", line->to);
		put_text(out, ",\"s\":", line->stream);
		put_int(out, ",\"q\":", line->seq);
		break;
	case WIRE_PUT:
		put_place(out, line);
		put_record(out, line);
		break;
	case WIRE_GONE:
		if (line->all) {
			put_text(out, ",\"s\":", line->stream);
			buf_text(out, ",\"all\":true");
		} else {
			put_place(out, line);
		}
		if (line->why[0])
			put_text(out, ",\"why\":", line->why);
		break;
	case WIRE_END:
		put_end(out, line);
		break;
	}
	buf_text(out, "}\n");
}
