/*
 * Record ids (RFC 9562).  Version 7 puts the time first, so that rows made
 * together lie together in an index; nothing else reads that time.
 */
#include "base/uuid.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"

static void
set_version(struct uuid *id, uint8_t version)
{
	id->b[6] = (uint8_t)(version << 4 | (id->b[6] & 0x0F));
	id->b[8] = (uint8_t)(0x80 | (id->b[8] & 0x3F));
}

struct uuid
uuid_new(void)
{
	struct uuid id;
	uint64_t at = (uint64_t)clock_now_at();

	crypto_random(id.b, sizeof id.b);
	for (int i = 0; i < 6; i++)
		id.b[i] = (uint8_t)(at >> (40 - 8 * i));
	set_version(&id, 7);
	return id;
}

bool
uuid_parse(struct uuid *out, const char *text)
{
	char hex[33] = "";
	size_t n = 0;

	if (!text || strlen(text) != UUID_TEXT_MAX - 1)
		return false;
	for (size_t i = 0; i < UUID_TEXT_MAX - 1; i++) {
		bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
		if ((text[i] == '-') != is_dash)
			return false;
		if (!is_dash)
			hex[n++] = text[i];
	}
	return crypto_unhex(out->b, sizeof out->b, hex);
}

void
uuid_print(char out[UUID_TEXT_MAX], const struct uuid *id)
{
	char hex[33];
	size_t n = 0;

	crypto_hex(hex, id->b, sizeof id->b);
	for (size_t i = 0; i < sizeof hex; i++) {
		if (i == 8 || i == 12 || i == 16 || i == 20)
			out[n++] = '-';
		out[n++] = hex[i];
	}
}

bool
uuid_is_zero(const struct uuid *id)
{
	static const struct uuid zero;

	return memcmp(id, &zero, sizeof zero) == 0;
}

int
uuid_compare(const struct uuid *a, const struct uuid *b)
{
	return memcmp(a->b, b->b, sizeof a->b);
}

struct uuid
uuid_named(const char *space, const char *name)
{
	struct uuid id;
	uint8_t hash[CRYPTO_SHA256];
	struct buf text;

	/* The NUL between them keeps ("ab", "c") apart from ("a", "bc"). */
	buf_init(&text, BUF_RECORD_MAX);
	buf_add(&text, space, strlen(space) + 1);
	buf_text(&text, name);
	crypto_sha256(hash, text.data, text.len);
	buf_release(&text);
	memcpy(id.b, hash, sizeof id.b);
	set_version(&id, 8);
	return id;
}
