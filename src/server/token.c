/*
 * Tokens: made, recognised, never kept.
 */
#include "server/token.h"

#include <string.h>
#include <strings.h>

#include "base/crypto.h"

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void
token_make(char out[TOKEN_TEXT_MAX])
{
	uint8_t secret[33] = {0};	/* 32 and a zero to fill up the last */

	crypto_random(secret, 32);
	for (int i = 0; i < 43; i++) {
		int bit = i * 6;
		unsigned two = (unsigned)secret[bit / 8] << 8 |
		    (bit / 8 + 1 < 33 ? secret[bit / 8 + 1] : 0u);

		out[i] = digits[two >> (10 - bit % 8) & 63];
	}
	out[43] = '\0';
	crypto_wipe(secret, sizeof secret);
}

void
token_hash(uint8_t out[TOKEN_HASH], const char *text)
{
	crypto_sha256(out, text, strlen(text));
}

bool
token_from_header(char out[TOKEN_TEXT_MAX], const char *header)
{
	static const char scheme[] = "Bearer ";
	size_t len;

	if (strncasecmp(header, scheme, sizeof scheme - 1) != 0)
		return false;
	header += sizeof scheme - 1;
	len = strlen(header);
	if (len != TOKEN_TEXT_MAX - 1 || strspn(header, digits) != len)
		return false;
	memcpy(out, header, len + 1);
	return true;
}
