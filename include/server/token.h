#ifndef SERVER_TOKEN_H
#define SERVER_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Secrets that a client carries: 32 random bytes as 43 characters of base64url
 * (RFC 4648, 5).  The server keeps their SHA-256 only, so a copy of the ledger
 * signs nobody in.
 */
enum { TOKEN_TEXT_MAX = 44, TOKEN_HASH = 32 };

void token_make(char out[TOKEN_TEXT_MAX]);
void token_hash(uint8_t out[TOKEN_HASH], const char *text);

/* A token that stands alone; false: it is none, out is as before. */
bool token_read(char out[TOKEN_TEXT_MAX], const char *text);
/* The token of an "Authorization: Bearer ..." header; false: there is none. */
bool token_from_header(char out[TOKEN_TEXT_MAX], const char *header);

#endif
