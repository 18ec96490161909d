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
token_read(char out[TOKEN_TEXT_MAX], const char *text)
{
	size_t len = strlen(text);

	if (len != TOKEN_TEXT_MAX - 1 || strspn(text, digits) != len)
		return false;
	memcpy(out, text, len + 1);
	return true;
}

bool
token_from_header(char out[TOKEN_TEXT_MAX], const char *header)
{
	static const char scheme[] = "Bearer ";

	return strncasecmp(header, scheme, sizeof scheme - 1) == 0 &&
	    token_read(out, header + sizeof scheme - 1);
}
