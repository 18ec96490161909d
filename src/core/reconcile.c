/*
 * Sums over what a side holds, and the lines of POST /v1/reconcile.
 */
#include "core/reconcile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "core/member.h"

static const char *const step_words[] = { "start", "sums", "ids", "have",
	"done" };
enum { STEPS = sizeof step_words / sizeof step_words[0] };

uint64_t
reconcile_item(const struct uuid *id, int64_t rev, const char *hash)
{
	uint8_t text[sizeof id->b + 8 + RECORD_HASH_MAX] = {0};
	uint8_t digest[CRYPTO_SHA256];
	uint64_t sum = 0;

	memcpy(text, id->b, sizeof id->b);
	for (int i = 0; i < 8; i++)
		text[sizeof id->b + (size_t)i] =
			(uint8_t)((uint64_t)rev >> (56 - 8 * i));
	memcpy(text + sizeof id->b + 8, hash, strnlen(hash,
		RECORD_HASH_MAX - 1));
	crypto_sha256(digest, text, sizeof text);
	for (int i = 0; i < 8; i++)
		sum = sum << 8 | digest[i];
	return sum;
}

int
reconcile_bucket(const struct uuid *id)
{
	return id->b[sizeof id->b - 1];
}

void
reconcile_line_release(struct reconcile_line *line)
{
	free(line->text);
	op_release(&line->op);
	wire_line_release(&line->record);
	*line = (struct reconcile_line){0};
}

/* ---- printing ---- */

static void
put_member(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, ",\"%s\":", name);
	json_print_string(out, text);
}

static void
put_which(struct buf *out, const bool which[RECONCILE_BUCKETS])
{
	buf_text(out, ",\"which\":\"");
	for (int i = 0; i < RECONCILE_BUCKETS; i += 4)
		buf_printf(out, "%x", which[i] | which[i + 1] << 1 |
			which[i + 2] << 2 | which[i + 3] << 3);
	buf_char(out, '"');
}

static void
put_sums(struct buf *out, const uint64_t sums[RECONCILE_BUCKETS])
{
	buf_text(out, ",\"sums\":\"");
	for (int i = 0; i < RECONCILE_BUCKETS; i++)
		buf_printf(out, "%016" PRIx64, sums[i]);
	buf_char(out, '"');
}

static void
put_start(struct buf *out, const struct reconcile_head *h)
{
	buf_text(out, ",\"eps\":{");
	for (size_t i = 0; i < h->epoch_count; i++)
		buf_printf(out, "%s\"%" PRId64 "\":\"%" PRId64 ".%s\"",
			i ? "," : "", h->epochs[i].epoch, h->epochs[i].n,
			h->epochs[i].hash);
	buf_text(out, "},\"streams\":[");
	for (size_t i = 0; i < h->stream_count; i++) {
		if (i)
			buf_char(out, ',');
		json_print_string(out, h->streams[i]);
	}
	buf_char(out, ']');
}

void
reconcile_print_head(struct buf *out, const struct reconcile_head *h)
{
	buf_printf(out, "{\"t\":\"rec\",\"step\":\"%s\"", step_words[h->step]);
	if (h->device[0])
		put_member(out, "dev", h->device);
	if (h->epoch)
		buf_printf(out, ",\"ep\":%" PRId64, h->epoch);
	if (h->server_epoch[0])
		put_member(out, "se", h->server_epoch);
	if (h->stream[0])
		put_member(out, "s", h->stream);
	if (h->cursor.mark[0])
		buf_printf(out, ",\"cur\":\"%" PRId64 ".%s\"", h->cursor.seq,
			h->cursor.mark);
	if (h->took)
		buf_printf(out, ",\"took\":%" PRId64, h->took);
	if (h->late)
		buf_text(out, ",\"late\":true");
	if (h->step == RECONCILE_START)
		put_start(out, h);
	if (h->step == RECONCILE_SUMS && !h->cursor.mark[0])
		put_sums(out, h->sums);
	if (h->step == RECONCILE_IDS ||
	    (h->step == RECONCILE_SUMS && h->cursor.mark[0]))
		put_which(out, h->which);
	buf_text(out, "}\n");
}

void
reconcile_print_id(struct buf *out, const struct uuid *id, int64_t rev,
	uint64_t item)
{
	char text[UUID_TEXT_MAX];

	uuid_print(text, id);
	buf_printf(out, "{\"t\":\"id\",\"id\":\"%s\",\"rev\":%" PRId64
		",\"m\":\"%016" PRIx64 "\"}\n", text, rev, item);
}

void
reconcile_print_want(struct buf *out, const struct uuid *id)
{
	char text[UUID_TEXT_MAX];

	uuid_print(text, id);
	buf_printf(out, "{\"t\":\"want\",\"id\":\"%s\"}\n", text);
}

void
reconcile_print_done(struct buf *out, enum verdict v, int64_t rev,
	const char *why, const char *hash, const char *op)
{
	buf_printf(out, "{\"t\":\"done\",\"v\":\"%s\",\"rev\":%" PRId64,
		verdict_name(v), rev);
	if (why[0])
		put_member(out, "why", why);
	buf_printf(out, ",\"h\":\"%s\",\"op\":", hash);
	buf_text(out, op);
	buf_text(out, "}\n");
}

size_t
reconcile_print_part(struct buf *out, const struct uuid *id,
	const char *record, size_t at, size_t len, size_t most)
{
	size_t n = len - at < most ? len - at : most;
	char name[UUID_TEXT_MAX];
	char *text;

	/* not within a letter */
	while (n > 1 && at + n < len && (record[at + n] & 0xc0) == 0x80)
		n--;
	text = mem_strndup(record + at, n);
	uuid_print(name, id);
	buf_printf(out, "{\"t\":\"part\",\"id\":\"%s\",\"at\":%zu,"
		"\"of\":%zu", name, at, len);
	put_member(out, "text", text);
	buf_text(out, "}\n");
	free(text);
	return n;
}

/* ---- parsing ---- */

static int
digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	    c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
parse_hex64(uint64_t *out, const char *text)
{
	uint64_t n = 0;

	for (int i = 0; i < 16; i++) {
		int d = digit(text[i]);

		if (d < 0)
			return false;
		n = n << 4 | (uint64_t)d;
	}
	*out = n;
	return true;
}

static enum status
read_sums(struct reconcile_head *h, const struct json *j, struct err *err)
{
	const char *text = json_get_text(j, "sums");

	if (!json_get(j, "sums"))
		return E_OK;
	if (!text || strlen(text) != RECONCILE_SUMS_TEXT - 1)
		return member_wrong(err, "sums");
	for (size_t i = 0; i < RECONCILE_BUCKETS; i++)
		if (!parse_hex64(&h->sums[i], text + i * 16))
			return member_wrong(err, "sums");
	return E_OK;
}

static enum status
read_which(struct reconcile_head *h, const struct json *j, struct err *err)
{
	const char *text = json_get_text(j, "which");

	if (!json_get(j, "which"))
		return E_OK;
	if (!text || strlen(text) != RECONCILE_BUCKETS / 4)
		return member_wrong(err, "which");
	for (int i = 0; i < RECONCILE_BUCKETS; i++) {
		int d = digit(text[i / 4]);

		if (d < 0)
			return member_wrong(err, "which");
		h->which[i] = d >> i % 4 & 1;
	}
	return E_OK;
}

static enum status
read_epochs(struct reconcile_head *h, const struct json *j, struct err *err)
{
	const struct json *eps = json_get(j, "eps");

	if (!eps)
		return E_OK;
	if (!json_is_object(eps) || json_count(eps) > RECONCILE_EPOCHS_MAX)
		return member_wrong(err, "eps");
	for (struct json *m = json_first(eps); m; m = json_next(m)) {
		struct reconcile_epoch *e = &h->epochs[h->epoch_count++];
		const char *name = json_name(m);
		const char *text = json_text(m);
		size_t digits = strspn(name, "0123456789");
		size_t n = text ? strspn(text, "0123456789") : 0;

		if (digits == 0 || digits > 15 || name[digits] || n == 0 ||
		    n > 15 || text[n] != '.' ||
		    strlen(text + n + 1) >= sizeof e->hash)
			return member_wrong(err, "eps");
		e->epoch = strtoll(name, NULL, 10);
		e->n = strtoll(text, NULL, 10);
		snprintf(e->hash, sizeof e->hash, "%s", text + n + 1);
	}
	return E_OK;
}

static enum status
read_streams(struct reconcile_head *h, const struct json *j, struct err *err)
{
	const struct json *list = json_get(j, "streams");

	for (struct json *m = list ? json_first(list) : NULL; m;
	    m = json_next(m)) {
		const char *name = json_text(m);

		if (!name || strlen(name) >= WIRE_STREAM_MAX ||
		    h->stream_count == WIRE_STREAMS_MAX)
			return member_wrong(err, "streams");
		snprintf(h->streams[h->stream_count++], WIRE_STREAM_MAX, "%s",
			name);
	}
	return E_OK;
}

static enum status
read_cursor(struct reconcile_head *h, const struct json *j, struct err *err)
{
	const char *text = json_get_text(j, "cur");
	size_t digits = text ? strspn(text, "0123456789") : 0;

	if (!json_get(j, "cur"))
		return E_OK;
	if (!text || digits == 0 || digits > 15 || text[digits] != '.' ||
	    strlen(text + digits + 1) != 8)
		return member_wrong(err, "cur");
	h->cursor.seq = strtoll(text, NULL, 10);
	memcpy(h->cursor.mark, text + digits + 1, sizeof h->cursor.mark);
	memcpy(h->cursor.stream, h->stream, sizeof h->cursor.stream);
	return E_OK;
}

static enum status
read_head(struct reconcile_head *h, const struct json *j, struct err *err)
{
	char step[8] = "";
	int i = 0;
	enum status s = member_text(step, sizeof step, j, "step",
		MEMBER_NEEDED, err);

	while (i < STEPS && strcmp(step_words[i], step) != 0)
		i++;
	if (!s && i == STEPS)
		s = member_wrong(err, "step");
	h->step = (enum reconcile_step)i;
	if (!s)
		s = member_text(h->device, sizeof h->device, j, "dev",
			MEMBER_OPTIONAL, err);
	if (!s)
		s = member_int(&h->epoch, j, "ep", MEMBER_OPTIONAL, err);
	if (!s)
		s = member_text(h->server_epoch, sizeof h->server_epoch, j,
			"se", MEMBER_OPTIONAL, err);
	if (!s)
		s = member_text(h->stream, sizeof h->stream, j, "s",
			MEMBER_OPTIONAL, err);
	if (!s)
		s = member_int(&h->took, j, "took", MEMBER_OPTIONAL, err);
	h->late = json_is_true(json_get(j, "late"));
	if (!s)
		s = read_cursor(h, j, err);
	if (!s)
		s = read_sums(h, j, err);
	if (!s)
		s = read_which(h, j, err);
	if (!s)
		s = read_epochs(h, j, err);
	return s ? s : read_streams(h, j, err);
}

static enum status
read_id(struct reconcile_line *l, const struct json *j, struct err *err)
{
	const char *item = json_get_text(j, "m");
	enum status s = member_uuid(&l->id, j, "id", MEMBER_NEEDED, err);

	l->kind = RECONCILE_ID;
	if (!s)
		s = member_int(&l->rev, j, "rev", MEMBER_NEEDED, err);
	if (!s && (!item || strlen(item) != 16 ||
	    !parse_hex64(&l->item, item)))
		s = member_wrong(err, "m");
	return s;
}

static enum status
read_part(struct reconcile_line *l, const struct json *j, struct err *err)
{
	const char *text = json_get_text(j, "text");
	enum status s = member_uuid(&l->id, j, "id", MEMBER_NEEDED, err);

	l->kind = RECONCILE_PART;
	if (!s)
		s = member_int(&l->at, j, "at", MEMBER_NEEDED, err);
	if (!s)
		s = member_int(&l->of, j, "of", MEMBER_NEEDED, err);
	if (!s && (l->at < 0 || l->of > BUF_RECORD_MAX))
		s = member_wrong(err, "of");
	if (!s && (!text || l->of - l->at < (int64_t)strlen(text)))
		s = member_wrong(err, "text");
	if (!s)
		l->text = mem_strdup(text);
	return s;
}

static enum status
read_done(struct reconcile_line *l, const struct json *j, struct err *err)
{
	char name[16] = "";
	enum status s = member_text(name, sizeof name, j, "v", MEMBER_NEEDED,
		err);

	l->kind = RECONCILE_OP;
	if (!s && !verdict_parse(&l->verdict, name))
		s = member_wrong(err, "v");
	if (!s)
		s = member_int(&l->rev, j, "rev", MEMBER_NEEDED, err);
	if (!s)
		s = member_text(l->why, sizeof l->why, j, "why",
			MEMBER_OPTIONAL, err);
	if (!s)
		s = member_text(l->hash, sizeof l->hash, j, "h",
			MEMBER_NEEDED, err);
	if (!s && !json_get(j, "op"))
		s = member_wrong(err, "op");
	return s ? s : op_from_json(&l->op, json_get(j, "op"), err);
}

enum status
reconcile_parse(struct reconcile_line *out, struct reconcile_head *head,
	const char *line, size_t len, struct err *err)
{
	struct reconcile_line l = {0};
	struct json *j = NULL;
	const char *type;
	enum status s = json_parse(&j, line, len, 2 * WIRE_LINE_MAX, err);

	if (s)
		return s;
	type = json_get_text(j, "t");
	if (type && strcmp(type, "rec") == 0) {
		*head = (struct reconcile_head){0};
		s = read_head(head, j, err);
	} else if (type && strcmp(type, "id") == 0) {
		s = read_id(&l, j, err);
	} else if (type && strcmp(type, "want") == 0) {
		l.kind = RECONCILE_WANT;
		s = member_uuid(&l.id, j, "id", MEMBER_NEEDED, err);
	} else if (type && strcmp(type, "part") == 0) {
		s = read_part(&l, j, err);
	} else if (type && strcmp(type, "done") == 0) {
		s = read_done(&l, j, err);
	} else {
		l.kind = RECONCILE_RECORD;
		s = wire_parse_line(&l.record, line, len, err);
		if (!s && l.record.kind != WIRE_PUT &&
		    l.record.kind != WIRE_GONE)
			s = member_wrong(err, "t");
	}
	json_free(j);
	if (s)
		reconcile_line_release(&l);
	else
		*out = l;
	return s;
}
