/*
 * Sealing, hashing and passwords: the only door to libsodium, and to Nettle for
 * SHA-256, which uses the processor's own instructions for it: records are
 * hashed by the thousand.  What a secret was written to is wiped by its owner;
 * nothing secret is kept here.
 */
#include "base/crypto.h"

#include <assert.h>
#include <nettle/sha2.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/tr.h"

enum {
	SUITE_XCHACHA20 = 1,
	NONCE_LEN = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG_LEN = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	NONCES = 64,		/* asked of the system at once */

	PASSES_MIN = 3, PASSES_MAX = 20,
	MEM_KIB_MIN = 65536, MEM_KIB_MAX = 1024 * 1024,
};

static_assert(CRYPTO_SEAL_OVERHEAD == 1 + NONCE_LEN + TAG_LEN, "sealed form");
static_assert(CRYPTO_KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key");
static_assert(CRYPTO_KEY == crypto_kdf_KEYBYTES, "master key");
static_assert(CRYPTO_SALT == crypto_pwhash_SALTBYTES, "salt");
static_assert(CRYPTO_SHA256 == SHA256_DIGEST_SIZE, "hash");
static_assert(128 == crypto_pwhash_STRBYTES, "password hash");
static_assert(sizeof(struct sha256_ctx) <=
	sizeof ((struct crypto_sum *)0)->state, "running hash");

void
crypto_init(void)
{
	const char *text = tr("The encryption library cannot start.\n");

	if (sodium_init() >= 0)
		return;
	io_write_all(STDERR_FILENO, text, strlen(text));
	exit(70);
}

void
crypto_random(void *out, size_t len)
{
	randombytes_buf(out, len);
}

void
crypto_wipe(void *secret, size_t len)
{
	sodium_memzero(secret, len);
}

int
crypto_compare(const void *a, const void *b, size_t len)
{
	return sodium_memcmp(a, b, len);
}

void
crypto_derive(struct crypto_key *out, const struct crypto_key *master,
	const char *use)
{
	char context[crypto_kdf_CONTEXTBYTES] = {0};
	size_t len = strlen(use);

	assert(len > 0 && len <= sizeof context);
	memcpy(context, use, len);
	crypto_kdf_derive_from_key(out->b, sizeof out->b, 1, context,
		master->b);
}

/*
 * Random bytes for nonces, which are no secret.  A page of records needs a
 * thousand of them, and each question to the system costs as much as sealing
 * an overview.  Each thread has its own, and a process that was forked off
 * begins anew, so none is used twice.
 */
static _Thread_local struct {
	unsigned char b[NONCES][NONCE_LEN];
	size_t left;
} nonces;

static pthread_once_t nonces_once = PTHREAD_ONCE_INIT;
static bool nonces_kept;	/* forks are heard of; written once */

static void
forget_nonces(void)
{
	nonces.left = 0;
}

static void
hear_of_forks(void)
{
	nonces_kept = pthread_atfork(NULL, NULL, forget_nonces) == 0;
}

static void
make_nonce(unsigned char *out)
{
	(void)pthread_once(&nonces_once, hear_of_forks);
	if (!nonces_kept) {
		randombytes_buf(out, NONCE_LEN);
		return;
	}
	if (nonces.left == 0) {
		randombytes_buf(nonces.b, sizeof nonces.b);
		nonces.left = NONCES;
	}
	memcpy(out, nonces.b[--nonces.left], NONCE_LEN);
}

void
crypto_seal(struct buf *out, const struct crypto_key *key,
	const void *aad, size_t aad_len, const void *text, size_t len)
{
	unsigned long long sealed_len = 0;
	unsigned char *p = (unsigned char *)buf_room(out,
		len + CRYPTO_SEAL_OVERHEAD);

	if (!p)
		return;
	p[0] = SUITE_XCHACHA20;
	make_nonce(p + 1);
	crypto_aead_xchacha20poly1305_ietf_encrypt(p + 1 + NONCE_LEN,
		&sealed_len, text, len, aad, aad_len, NULL, p + 1, key->b);
	buf_added(out, len + CRYPTO_SEAL_OVERHEAD);
}

enum status
crypto_open(struct buf *out, const struct crypto_key *key, const void *aad,
	size_t aad_len, const void *sealed, size_t len, struct err *err)
{
	const unsigned char *p = sealed;
	unsigned long long text_len = 0;

	if (len < CRYPTO_SEAL_OVERHEAD || p[0] != SUITE_XCHACHA20)
		return err_set(err, E_INVALID,
			tr("An entry is not sealed in a form that this program knows."));
	size_t room = len - CRYPTO_SEAL_OVERHEAD;
	if (out->full || room > out->max - out->len)
		return err_set(err, E_INVALID, tr("A sealed entry is too large."));
	char *text = buf_room(out, room);
	assert(text);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)text,
	    &text_len, NULL, p + 1 + NONCE_LEN, len - 1 - NONCE_LEN, aad,
	    aad_len, p + 1, key->b) != 0) {
		*text = '\0';
		return err_set(err, E_INVALID,
			tr("A sealed entry is damaged, or it belongs elsewhere."));
	}
	buf_added(out, room);
	return E_OK;
}

static bool
is_cost_allowed(struct crypto_cost cost)
{
	return cost.passes >= PASSES_MIN && cost.passes <= PASSES_MAX
		&& cost.mem_kib >= MEM_KIB_MIN && cost.mem_kib <= MEM_KIB_MAX;
}

static enum status
cost_refused(struct err *err)
{
	return err_set(err, E_INVALID,
		tr("The password's protection has a cost outside the limits."));
}

static enum status
no_memory(struct err *err)
{
	return err_set(err, E_IO,
		tr("There is not enough memory to check a password."));
}

/* Counted over all threads; nothing but tests reads it. */
static atomic_llong worked;

static void
count_work(struct crypto_cost cost)
{
	atomic_fetch_add(&worked, (long long)cost.passes * cost.mem_kib);
}

int64_t
crypto_password_worked(void)
{
	return atomic_load(&worked);
}

enum status
crypto_password_key(struct crypto_key *out, const char *password,
	const uint8_t salt[CRYPTO_SALT], struct crypto_cost cost,
	struct err *err)
{
	struct crypto_key key;

	if (!is_cost_allowed(cost))
		return cost_refused(err);
	count_work(cost);
	if (crypto_pwhash(key.b, sizeof key.b, password, strlen(password), salt,
	    cost.passes, (size_t)cost.mem_kib * 1024,
	    crypto_pwhash_ALG_ARGON2ID13) != 0)
		return no_memory(err);
	*out = key;
	crypto_wipe(&key, sizeof key);
	return E_OK;
}

enum status
crypto_password_hash(char out[128], const char *password,
	struct crypto_cost cost, struct err *err)
{
	char hash[crypto_pwhash_STRBYTES] = "";

	if (!is_cost_allowed(cost))
		return cost_refused(err);
	if (crypto_pwhash_str_alg(hash, password, strlen(password), cost.passes,
	    (size_t)cost.mem_kib * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return no_memory(err);
	memcpy(out, hash, sizeof hash);
	return E_OK;
}

/* Read the cost from "$argon2id$v=19$m=65536,t=3,p=1$...". */
static bool
read_cost(struct crypto_cost *out, const char *hash)
{
	static const char head[] = "$argon2id$v=19$m=";
	char *end = NULL;

	if (strncmp(hash, head, sizeof head - 1) != 0)
		return false;
	unsigned long mem_kib = strtoul(hash + sizeof head - 1, &end, 10);
	if (strncmp(end, ",t=", 3) != 0)
		return false;
	unsigned long passes = strtoul(end + 3, &end, 10);
	if (strncmp(end, ",p=1$", 5) != 0 || mem_kib > UINT32_MAX
	    || passes > UINT32_MAX)
		return false;
	*out = (struct crypto_cost){ .passes = (uint32_t)passes,
		.mem_kib = (uint32_t)mem_kib };
	return true;
}

enum status
crypto_password_verify(const char *hash, const char *password, struct err *err)
{
	char padded[crypto_pwhash_STRBYTES] = "";
	struct crypto_cost cost = {0};
	size_t len = strlen(hash);

	if (len >= sizeof padded || !read_cost(&cost, hash)
	    || !is_cost_allowed(cost))
		return cost_refused(err);
	memcpy(padded, hash, len);
	count_work(cost);
	if (crypto_pwhash_str_verify(padded, password, strlen(password)) != 0)
		return err_set(err, E_AUTH, tr("The password is not right."));
	return E_OK;
}

void
crypto_sha256(uint8_t out[CRYPTO_SHA256], const void *bytes, size_t len)
{
	struct sha256_ctx c;

	sha256_init(&c);
	sha256_update(&c, len, bytes);
	sha256_digest(&c, CRYPTO_SHA256, out);
}

/* Kept as bytes, so that no header of the library's is needed to hold one. */
void
crypto_sum_begin(struct crypto_sum *sum)
{
	struct sha256_ctx c;

	sha256_init(&c);
	memcpy(sum->state, &c, sizeof c);
}

void
crypto_sum_add(struct crypto_sum *sum, const void *bytes, size_t len)
{
	struct sha256_ctx c;

	memcpy(&c, sum->state, sizeof c);
	sha256_update(&c, len, bytes);
	memcpy(sum->state, &c, sizeof c);
}

void
crypto_sum_end(uint8_t out[CRYPTO_SHA256], struct crypto_sum *sum)
{
	struct sha256_ctx c;

	memcpy(&c, sum->state, sizeof c);
	sha256_digest(&c, CRYPTO_SHA256, out);
	memcpy(sum->state, &c, sizeof c);
}

void
crypto_mac(uint8_t out[16], const struct crypto_key *key, const void *bytes,
	size_t len)
{
	crypto_generichash(out, 16, bytes, len, key->b, sizeof key->b);
}

void
crypto_hex(char *out, const void *bytes, size_t len)
{
	sodium_bin2hex(out, 2 * len + 1, bytes, len);
}

int
crypto_unhex(void *out, size_t len, const char *hex)
{
	size_t digits = strlen(hex), got = 0;

	if (digits != 2 * len
	    || strspn(hex, "0123456789abcdefABCDEF") != digits)
		return 0;
	return sodium_hex2bin(out, len, hex, digits, NULL, &got, NULL) == 0
		&& got == len;
}

void
crypto_code(char *out, size_t len)
{
	static const char signs[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

	for (size_t i = 0; i < len; i++)
		out[i] = signs[randombytes_uniform(sizeof signs - 1)];
	out[len] = '\0';
}
