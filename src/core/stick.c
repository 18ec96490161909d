/*
 * Pieces of a stick.  The head is bound into nothing else: it is sealed by the
 * same key, which no other stick has.
 */
#include "core/stick.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/tr.h"
#include "core/member.h"

static const char use[] = "fengqiao stick 1 ";

void
stick_key(struct crypto_key *out, const char *code)
{
	uint8_t digest[CRYPTO_SHA256];
	char text[sizeof use + 4 * STICK_CODE];
	size_t len = sizeof use - 1;

	memcpy(text, use, len);
	for (; *code && len < sizeof text; code++) {
		char c = *code;

		if (c == ' ' || c == '-')
			continue;
		text[len++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	crypto_sha256(digest, text, len);
	memcpy(out->b, digest, sizeof out->b);
	crypto_wipe(digest, sizeof digest);
	crypto_wipe(text, sizeof text);
}

void
stick_name(char out[STICK_NAME_MAX], size_t piece)
{
	snprintf(out, STICK_NAME_MAX, "fengqiao-%04u.bin",
		(unsigned)piece % 1000000);
}

static size_t
pieces_of(const struct wire_snapshot *s)
{
	return ((size_t)s->bytes + STICK_PIECE - 1) / STICK_PIECE;
}

size_t
stick_pieces(const struct stick_head *head)
{
	size_t count = 0;

	for (size_t i = 0; i < head->count; i++)
		count += pieces_of(&head->streams[i]);
	return count;
}

struct stick_place
stick_place(const struct stick_head *head, size_t piece)
{
	struct stick_place p = {0};
	size_t first = 1;

	for (size_t i = 0; i < head->count; i++) {
		const struct wire_snapshot *s = &head->streams[i];
		size_t count = pieces_of(s);

		if (piece >= first && piece < first + count) {
			p.stream = s;
			p.at = (int64_t)(piece - first) * STICK_PIECE;
			p.len = s->bytes - p.at < STICK_PIECE ?
				(size_t)(s->bytes - p.at) : STICK_PIECE;
		}
		first += count;
	}
	return p;
}

void
stick_seal(struct buf *out, const struct crypto_key *key, size_t piece,
	const void *bytes, size_t len)
{
	char name[STICK_NAME_MAX];

	stick_name(name, piece);
	crypto_seal(out, key, name, strlen(name), bytes, len);
}

enum status
stick_open(struct buf *out, const struct crypto_key *key, size_t piece,
	const struct buf *sealed, struct err *err)
{
	char name[STICK_NAME_MAX];
	struct err none = ERR_INIT;

	stick_name(name, piece);
	if (!crypto_open(out, key, name, strlen(name), sealed->data,
	    sealed->len, &none))
		return E_OK;
	return piece == 0 ? err_set(err, E_INVALID, tr("The code is not that "
		"of this stick, or the stick is damaged; nothing was "
		"changed.")) : err_set(err, E_INVALID, tr("The stick is "
		"damaged (%s); nothing was changed."), name);
}

void
stick_print_head(struct buf *out, const struct stick_head *head)
{
	struct json *j = json_object(), *streams = json_array();

	json_put_text(j, "device", head->device);
	json_put_text(j, "epoch", head->epoch);
	for (size_t i = 0; i < head->count; i++) {
		const struct wire_snapshot *s = &head->streams[i];
		struct json *one = json_object();

		json_put_text(one, "stream", s->stream);
		json_put_int(one, "bytes", s->bytes);
		json_put_text(one, "sha256", s->sha256);
		json_push(streams, one);
	}
	json_put(j, "streams", streams);
	json_print(out, j);
	json_free(j);
}

static enum status
read_stream(struct wire_snapshot *s, const struct json *j, struct err *err)
{
	enum status st = member_text(s->stream, sizeof s->stream, j, "stream",
		MEMBER_NEEDED, err);

	if (!st)
		st = member_int(&s->bytes, j, "bytes", MEMBER_NEEDED, err);
	if (!st && s->bytes < 1)
		st = member_wrong(err, "bytes");
	return st ? st : member_text(s->sha256, sizeof s->sha256, j, "sha256",
		MEMBER_NEEDED, err);
}

enum status
stick_parse_head(struct stick_head *out, const char *text, size_t len,
	struct err *err)
{
	struct json *j = NULL;
	const struct json *streams;
	enum status st = json_parse(&j, text, len, STICK_PIECE, err);

	if (st)
		return st;
	streams = json_get(j, "streams");
	out->count = 0;
	st = member_text(out->device, sizeof out->device, j, "device",
		MEMBER_NEEDED, err);
	if (!st)
		st = member_text(out->epoch, sizeof out->epoch, j, "epoch",
			MEMBER_NEEDED, err);
	if (!st && (!json_is_array(streams) ||
	    json_count(streams) > WIRE_STREAMS_MAX))
		st = member_wrong(err, "streams");
	for (const struct json *one = st ? NULL : json_first(streams);
	    one && !st; one = json_next(one))
		st = read_stream(&out->streams[out->count++], one, err);
	json_free(j);
	return st;
}
