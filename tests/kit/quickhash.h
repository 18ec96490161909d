#ifndef KIT_QUICKHASH_H
#define KIT_QUICKHASH_H

#include <stddef.h>

/*
 * argon2id takes 0.2 s on purpose.  A program that includes this, in one file,
 * has a quick hash instead of libsodium's, so that it can enrol hundreds of
 * caches and start hundreds of servers in the way real ones do.  Never in a
 * program that tests passwords.
 */
int crypto_pwhash(unsigned char *out, unsigned long long out_len,
	const char *password, unsigned long long password_len,
	const unsigned char *salt, unsigned long long passes, size_t bytes,
	int how);
int crypto_pwhash_str_alg(char out[128], const char *password,
	unsigned long long password_len, unsigned long long passes,
	size_t bytes, int how);
int crypto_pwhash_str_verify(const char *hash, const char *password,
	unsigned long long password_len);

static unsigned long long
quickhash(const char *text, unsigned long long len, unsigned long long seed)
{
	unsigned long long h = 14695981039346656037ULL ^ seed;	/* FNV-1a */

	for (unsigned long long i = 0; i < len; i++)
		h = (h ^ (unsigned char)text[i]) * 1099511628211ULL;
	return h;
}

int
crypto_pwhash(unsigned char *out, unsigned long long out_len,
	const char *password, unsigned long long password_len,
	const unsigned char *salt, unsigned long long passes, size_t bytes,
	int how)
{
	unsigned long long h = quickhash(password, password_len,
		quickhash((const char *)salt, 16, passes));

	(void)bytes, (void)how;
	for (unsigned long long i = 0; i < out_len; i++)
		out[i] = (unsigned char)(h >> 8 * (i % 8));
	return 0;
}

static void
quickhash_print(char out[128], unsigned long long h)
{
	static const char head[] = "$argon2id$v=19$m=65536,t=3,p=1$quick$";
	size_t n = sizeof head - 1;

	for (size_t i = 0; i < 128; i++)
		out[i] = i < n ? head[i] : '\0';
	for (; h; h >>= 4)
		out[n++] = (char)('a' + (h & 15));
}

int
crypto_pwhash_str_alg(char out[128], const char *password,
	unsigned long long password_len, unsigned long long passes,
	size_t bytes, int how)
{
	(void)passes, (void)bytes, (void)how;
	quickhash_print(out, quickhash(password, password_len, 0));
	return 0;
}

int
crypto_pwhash_str_verify(const char *hash, const char *password,
	unsigned long long password_len)
{
	char right[128];

	quickhash_print(right, quickhash(password, password_len, 0));
	for (size_t i = 0; i < sizeof right; i++) {
		if (hash[i] != right[i])
			return -1;
		if (!right[i])
			break;
	}
	return 0;
}

#endif
