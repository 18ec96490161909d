/* base/crypto: what is sealed opens only with its key, in its place, unchanged. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/crypto.h"

static const struct crypto_key key_a = { { 1, 2, 3 } };
static const struct crypto_key key_b = { { 1, 2, 4 } };

static void
test_seal_and_open(void **state)
{
	(void)state;
	for (size_t len = 0; len < 300; len += 37) {
		struct err err = ERR_INIT;
		char text[300];
		struct buf sealed, opened;
		memset(text, 'x', sizeof text);
		buf_init(&sealed, BUF_LINE_MAX);
		buf_init(&opened, BUF_LINE_MAX);
		buf_text(&opened, "before");
		crypto_seal(&sealed, &key_a, "row 1", 5, text, len);
		assert_int_equal(sealed.len, len + CRYPTO_SEAL_OVERHEAD);
		assert_int_equal(crypto_open(&opened, &key_a, "row 1", 5,
			sealed.data, sealed.len, &err), E_OK);
		assert_int_equal(opened.len, 6 + len);
		assert_memory_equal(opened.data, "before", 6);
		assert_memory_equal(opened.data + 6, text, len);
		buf_release(&sealed);
		buf_release(&opened);
	}
}

static enum status
try_open(const struct crypto_key *key, const char *aad, const char *sealed,
	size_t len, size_t max)
{
	struct err err = ERR_INIT;
	struct buf out;

	buf_init(&out, max);
	enum status s = crypto_open(&out, key, aad, strlen(aad), sealed, len,
		&err);
	if (s) {
		assert_int_equal(out.len, 0);
		assert_int_equal(out.data[0], '\0');
		assert_false(out.full);
		assert_int_equal(err.code, s);
		assert_true(err.msg[0] != '\0');
	}
	buf_release(&out);
	return s;
}

/* Another key, another place, any changed bit, any cut: none opens. */
static void
test_damage(void **state)
{
	struct buf sealed;

	(void)state;
	buf_init(&sealed, BUF_LINE_MAX);
	crypto_seal(&sealed, &key_a, "row 1", 5, "secret", 6);
	assert_int_equal(try_open(&key_a, "row 1", sealed.data, sealed.len, 6),
		E_OK);
	assert_int_equal(try_open(&key_a, "row 1", sealed.data, sealed.len, 5),
		E_INVALID);
	assert_int_equal(try_open(&key_b, "row 1", sealed.data, sealed.len, 99),
		E_INVALID);
	assert_int_equal(try_open(&key_a, "row 2", sealed.data, sealed.len, 99),
		E_INVALID);
	for (size_t len = 0; len < sealed.len; len++)
		assert_int_equal(try_open(&key_a, "row 1", sealed.data, len, 99),
			E_INVALID);
	for (size_t bit = 0; bit < sealed.len * 8; bit++) {
		sealed.data[bit / 8] = (char)(sealed.data[bit / 8] ^ 1 << bit % 8);
		assert_int_equal(try_open(&key_a, "row 1", sealed.data,
			sealed.len, 99), E_INVALID);
		sealed.data[bit / 8] = (char)(sealed.data[bit / 8] ^ 1 << bit % 8);
	}
	buf_release(&sealed);
}

static void
test_seal_into_full(void **state)
{
	struct buf sealed;

	(void)state;
	buf_init(&sealed, CRYPTO_SEAL_OVERHEAD + 2);
	crypto_seal(&sealed, &key_a, NULL, 0, "abc", 3);
	assert_true(sealed.full);
	assert_int_equal(sealed.len, 0);
	buf_release(&sealed);
}

static void
test_nonces_differ(void **state)
{
	struct buf a;

	(void)state;
	buf_init(&a, BUF_LINE_MAX);
	crypto_seal(&a, &key_a, NULL, 0, "same", 4);
	crypto_seal(&a, &key_a, NULL, 0, "same", 4);
	assert_memory_not_equal(a.data + 1, a.data + 1 + a.len / 2, 24);
	buf_release(&a);
}

enum { MADE = 150 };	/* more than are asked for at once; one write */

/* The nonce of something sealed now. */
static void
make_nonce(unsigned char out[24])
{
	struct buf a;

	buf_init(&a, BUF_LINE_MAX);
	crypto_seal(&a, &key_a, NULL, 0, "same", 4);
	memcpy(out, a.data + 1, 24);
	buf_release(&a);
}

static int
compare_nonces(const void *a, const void *b)
{
	return memcmp(a, b, 24);
}

/* A process that was forked off must not go on with its parent's, nor a thread
 * with those of another. */
static void *
make_them(void *nonces)
{
	unsigned char (*out)[24] = nonces;

	for (size_t i = 0; i < MADE; i++)
		make_nonce(out[i]);
	return NULL;
}

static void
test_nobody_has_the_same_nonces(void **state)
{
	static unsigned char all[3][MADE][24];
	unsigned char first[24];
	pthread_t thread;
	int ends[2], status;
	pid_t child;

	(void)state;
	make_nonce(first);
	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		make_them(all[0]);
		_exit(write(ends[1], all[0], sizeof all[0]) !=
		    (ssize_t)sizeof all[0]);
	}
	assert_int_equal(read(ends[0], all[0], sizeof all[0]),
		sizeof all[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(pthread_create(&thread, NULL, make_them, all[1]), 0);
	make_them(all[2]);
	assert_int_equal(pthread_join(thread, NULL), 0);
	qsort(all, 3 * MADE, 24, compare_nonces);
	for (size_t i = 1; i < 3 * MADE; i++)
		assert_memory_not_equal(all[0][0] + 24 * (i - 1),
			all[0][0] + 24 * i, 24);
}

static void
test_derive(void **state)
{
	struct crypto_key body, again, overview, other;

	(void)state;
	crypto_derive(&body, &key_a, "body");
	crypto_derive(&again, &key_a, "body");
	crypto_derive(&overview, &key_a, "overview");
	crypto_derive(&other, &key_b, "body");
	assert_int_equal(crypto_compare(&body, &again, sizeof body), 0);
	assert_int_not_equal(crypto_compare(&body, &overview, sizeof body), 0);
	assert_int_not_equal(crypto_compare(&body, &other, sizeof body), 0);
}

static void
test_password_key(void **state)
{
	static const uint8_t salt[CRYPTO_SALT] = { 7 };
	static const uint8_t salt_b[CRYPTO_SALT] = { 8 };
	struct crypto_cost cost = CRYPTO_COST_DEFAULT;
	struct crypto_key a, again, other;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(crypto_password_key(&a, "密码", salt, cost, &err), E_OK);
	assert_int_equal(crypto_password_key(&again, "密码", salt, cost, &err),
		E_OK);
	assert_int_equal(crypto_compare(&a, &again, sizeof a), 0);
	assert_int_equal(crypto_password_key(&other, "密码", salt_b, cost, &err),
		E_OK);
	assert_int_not_equal(crypto_compare(&a, &other, sizeof a), 0);
}

static void
test_cost_limits(void **state)
{
	static const struct crypto_cost costs[] = {
		{ 2, 65536 }, { 21, 65536 }, { 3, 65535 }, { 3, 1048577 },
		{ 0, 0 }, { UINT32_MAX, UINT32_MAX },
	};
	static const uint8_t salt[CRYPTO_SALT];

	(void)state;
	for (size_t i = 0; i < sizeof costs / sizeof *costs; i++) {
		struct err err = ERR_INIT;
		struct crypto_key key = { { 9 } };
		char hash[128] = "untouched";
		assert_int_equal(crypto_password_key(&key, "x", salt, costs[i],
			&err), E_INVALID);
		assert_int_equal(key.b[0], 9);
		assert_int_equal(crypto_password_hash(hash, "x", costs[i], &err),
			E_INVALID);
		assert_string_equal(hash, "untouched");
	}
}

static void
test_password_hash(void **state)
{
	static const char *const forged[] = { "", "x",
		"$argon2id$v=19$m=4194304,t=3,p=1$AAAA$AAAA",
		"$argon2id$v=19$m=65536,t=4000000000,p=1$AAAA$AAAA",
		"$argon2id$v=19$m=65536,t=99999999999999999999,p=1$AAAA$AAAA",
		"$argon2i$v=19$m=65536,t=3,p=1$AAAA$AAAA" };
	struct crypto_cost cost = CRYPTO_COST_DEFAULT;
	struct err err = ERR_INIT;
	char hash[128] = "";

	(void)state;
	assert_int_equal(crypto_password_hash(hash, "right", cost, &err), E_OK);
	assert_int_equal(crypto_password_verify(hash, "right", &err), E_OK);
	assert_int_equal(crypto_password_verify(hash, "wrong", &err), E_AUTH);
	assert_int_equal(crypto_password_verify(hash, "", &err), E_AUTH);
	for (size_t i = 0; i < sizeof forged / sizeof *forged; i++)
		assert_int_equal(crypto_password_verify(forged[i], "x", &err),
			E_INVALID);
}

static void
test_hashes(void **state)
{
	uint8_t hash[CRYPTO_SHA256], mac[16], other[16];
	uint8_t other_hash[CRYPTO_SHA256];
	struct crypto_sum sum;
	char hex[2 * CRYPTO_SHA256 + 1];

	(void)state;
	crypto_sha256(hash, "abc", 3);		/* FIPS 180-4's example */
	crypto_hex(hex, hash, sizeof hash);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
		"b00361a396177a9cb410ff61f20015ad");
	crypto_sum_begin(&sum);
	crypto_sum_add(&sum, "a", 1);
	crypto_sum_add(&sum, "", 0);
	crypto_sum_add(&sum, "bc", 2);
	crypto_sum_end(other_hash, &sum);
	assert_memory_equal(other_hash, hash, sizeof hash);
	crypto_mac(mac, &key_a, "abc", 3);
	crypto_mac(other, &key_b, "abc", 3);
	assert_memory_not_equal(mac, other, sizeof mac);
	crypto_mac(other, &key_a, "abd", 3);
	assert_memory_not_equal(mac, other, sizeof mac);
	crypto_mac(other, &key_a, "abc", 3);
	assert_memory_equal(mac, other, sizeof mac);
}

static void
test_hex(void **state)
{
	static const struct {
		const char *hex;
		int good;
	} cases[] = {
		{ "00ff10", 1 }, { "00FF10", 1 }, { "00ff1", 0 }, { "00ff101", 0 },
		{ "00ff1g", 0 }, { "", 0 }, { "00 f10", 0 }, { "00ff1000", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint8_t out[3] = { 9, 9, 9 };
		assert_int_equal(crypto_unhex(out, 3, cases[i].hex),
			cases[i].good);
		assert_memory_equal(out, cases[i].good ? "\x00\xff\x10"
			: "\x09\x09\x09", 3);
	}
}

static void
test_code(void **state)
{
	char a[21], b[21];

	(void)state;
	crypto_code(a, 20);
	crypto_code(b, 20);
	assert_int_equal(strlen(a), 20);
	assert_int_equal(strspn(a, "23456789ABCDEFGHJKMNPQRSTUVWXYZ"), 20);
	assert_string_not_equal(a, b);
	crypto_wipe(a, sizeof a);
	assert_int_equal(a[0] | a[20], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seal_and_open),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_seal_into_full),
		cmocka_unit_test(test_nonces_differ),
		cmocka_unit_test(test_nobody_has_the_same_nonces),
		cmocka_unit_test(test_derive),
		cmocka_unit_test(test_password_key),
		cmocka_unit_test(test_cost_limits),
		cmocka_unit_test(test_password_hash),
		cmocka_unit_test(test_hashes),
		cmocka_unit_test(test_hex),
		cmocka_unit_test(test_code),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
