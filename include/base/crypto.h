#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Sealing, hashing and passwords: the only door to libsodium.
 *
 * A sealed text is: suite byte (1 = XChaCha20-Poly1305), 24 bytes nonce,
 * ciphertext with its 16-byte tag.  What it belongs to (table, row, revision)
 * is authenticated beside it, so that a row moved or an old version put back
 * does not open.
 */
enum {
	CRYPTO_KEY = 32,
	CRYPTO_SALT = 16,
	CRYPTO_SEAL_OVERHEAD = 1 + 24 + 16,
	CRYPTO_SHA256 = 32,
};

struct crypto_key {
	uint8_t b[CRYPTO_KEY];
};

/* What a password costs.  Read from a file these are capped (passes <= 20,
 * mem_kib <= 1 GiB), so that a forged file cannot hang the program. */
struct crypto_cost {
	uint32_t passes;	/* >= 3 */
	uint32_t mem_kib;	/* >= 65536 */
};
#define CRYPTO_COST_DEFAULT { .passes = 3, .mem_kib = 65536 }

/* Once, first of all; ends the program if the library cannot start. */
void crypto_init(void);

void crypto_random(void *out, size_t len);
void crypto_wipe(void *secret, size_t len);
int crypto_compare(const void *a, const void *b, size_t len); /* 0: same; time
						* does not depend on content */

/* A key of its own for each use, derived from a master key; use is up to 8
 * bytes ("body", "overview", "draft", "outbox"). */
void crypto_derive(struct crypto_key *out, const struct crypto_key *master,
	const char *use);

/* Append text sealed under key to out, bound to the bytes of aad. */
void crypto_seal(struct buf *out, const struct crypto_key *key,
	const void *aad, size_t aad_len, const void *text, size_t len);

/* Append the opened text to out.  Errors: E_INVALID not sealed by this key for
 * this place, or damaged; out is unchanged. */
MUST_CHECK enum status crypto_open(struct buf *out,
	const struct crypto_key *key, const void *aad, size_t aad_len,
	const void *sealed, size_t len, struct err *err);

/* argon2id, about 0.1-0.5 s and cost.mem_kib of memory; blocks.
 * Errors: E_INVALID cost outside the limits; E_IO no memory for it. */
MUST_CHECK enum status crypto_password_key(struct crypto_key *out,
	const char *password, const uint8_t salt[CRYPTO_SALT],
	struct crypto_cost cost, struct err *err);

/* For tests: passwords worked at so far, in passes times KiB: what a guess
 * costs is counted, not measured. */
int64_t crypto_password_worked(void);

/* A verifier for the server's account table (argon2id in the encoded form),
 * and its check: E_AUTH when the password is another. */
MUST_CHECK enum status crypto_password_hash(char out[128],
	const char *password, struct crypto_cost cost, struct err *err);
MUST_CHECK enum status crypto_password_verify(const char *hash,
	const char *password, struct err *err);

void crypto_sha256(uint8_t out[CRYPTO_SHA256], const void *bytes, size_t len);
/* The same of bytes that come one after the other. */
struct crypto_sum {
	uint8_t state[128];
};
void crypto_sum_begin(struct crypto_sum *sum);
void crypto_sum_add(struct crypto_sum *sum, const void *bytes, size_t len);
void crypto_sum_end(uint8_t out[CRYPTO_SHA256], struct crypto_sum *sum);
/* Keyed BLAKE2b, 16 bytes: chains and tags. */
void crypto_mac(uint8_t out[16], const struct crypto_key *key,
	const void *bytes, size_t len);

/* Lower-case hexadecimal, and back (false: not hex, or not len bytes). */
void crypto_hex(char *out, const void *bytes, size_t len); /* 2*len+1 bytes */
int crypto_unhex(void *out, size_t len, const char *hex);  /* 1 = good */

/* A secret for people to type or copy: len characters without 0 O 1 I L. */
void crypto_code(char *out, size_t len);	/* len + 1 bytes */

#endif
