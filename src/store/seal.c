/*
 * Where a sealed text belongs, as bytes that are authenticated beside it.  A
 * row moved to another id, a column put into another, or yesterday's version
 * put under today's number does not open.
 */
#include <string.h>

#include "store/inside.h"

enum { PLACE_MAX = 64 };

static void
put_int(uint8_t *out, int64_t n)
{
	uint64_t u = (uint64_t)n;

	for (int i = 0; i < 8; i++)
		out[i] = (uint8_t)(u >> (56 - 8 * i));
}

static size_t
print_place(uint8_t out[PLACE_MAX], const struct seal *where)
{
	size_t table = strlen(where->table) + 1;
	size_t column = strlen(where->column) + 1;
	size_t len = table + column;

	memcpy(out, where->table, table);
	memcpy(out + table, where->column, column);
	memcpy(out + len, where->id.b, sizeof where->id.b);
	len += sizeof where->id.b;
	put_int(out + len, where->a);
	put_int(out + len + 8, where->b);
	return len + 16;
}

void
seal_put(struct buf *out, const struct crypto_key *key,
	const struct seal *where, const void *text, size_t len)
{
	uint8_t place[PLACE_MAX];
	size_t place_len = print_place(place, where);

	crypto_seal(out, key, place, place_len, text, len);
}

enum status
seal_open(struct buf *out, const struct crypto_key *key,
	const struct seal *where, const void *sealed, size_t len,
	struct err *err)
{
	uint8_t place[PLACE_MAX];
	size_t place_len = print_place(place, where);

	return crypto_open(out, key, place, place_len, sealed, len, err);
}
