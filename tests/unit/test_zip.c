/* base/zip: there and back, bounded, and what a damaged body still gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/zip.h"

#define COUNT(table) (sizeof table / sizeof *table)

static const enum zip hows[] = { ZIP_NONE, ZIP_GZIP, ZIP_ZSTD };

/* Lines that compress, but not to nothing. */
static void
make_text(struct buf *b, size_t len)
{
	uint32_t x = 12345;

	while (b->len < len) {
		x = x * 1664525u + 1013904223u;
		buf_printf(b, "{\"id\":%u,\"name\":\"枫桥\"}\n", x >> 8);
	}
	buf_cut(b, len);
}

static void
test_round_trip(void **state)
{
	static const size_t lens[] = { 0, 1, 100, 32767, 32768, 32769, 65536,
		200000 };

	(void)state;
	for (size_t h = 0; h < COUNT(hows); h++) {
		for (size_t i = 0; i < COUNT(lens); i++) {
			struct err err = ERR_INIT;
			struct buf text, packed, back;
			buf_init(&text, BUF_RECORD_MAX);
			buf_init(&packed, BUF_RECORD_MAX);
			buf_init(&back, lens[i] + 1);
			make_text(&text, lens[i]);
			buf_char(&back, '<');
			assert_int_equal(zip_pack(&packed, hows[h], text.data,
				text.len, &err), E_OK);
			assert_int_equal(zip_unpack(&back, hows[h], packed.data,
				packed.len, &err), E_OK);
			assert_int_equal(back.len, text.len + 1);
			assert_memory_equal(back.data + 1, text.data, text.len);
			if (hows[h] != ZIP_NONE && lens[i] > 1000)
				assert_true(packed.len < text.len / 2);
			buf_release(&text);
			buf_release(&packed);
			buf_release(&back);
		}
	}
}

/* Closely: fewer bytes, read as any other; what has no closer way goes as it
 * does. */
static void
test_close(void **state)
{
	(void)state;
	for (size_t h = 0; h < COUNT(hows); h++) {
		struct err err = ERR_INIT;
		struct buf text, quick, close, back;

		buf_init(&text, BUF_RECORD_MAX);
		buf_init(&quick, BUF_RECORD_MAX);
		buf_init(&close, BUF_RECORD_MAX);
		buf_init(&back, BUF_RECORD_MAX);
		make_text(&text, 200000);
		assert_int_equal(zip_pack(&quick, hows[h], text.data, text.len,
			&err), E_OK);
		assert_int_equal(zip_pack_close(&close, hows[h], text.data,
			text.len, &err), E_OK);
		assert_true(hows[h] == ZIP_ZSTD ? close.len < quick.len :
			close.len == quick.len);
		assert_int_equal(zip_unpack(&back, hows[h], close.data,
			close.len, &err), E_OK);
		assert_string_equal(back.data, text.data);
		buf_release(&text);
		buf_release(&quick);
		buf_release(&close);
		buf_release(&back);
	}
}

/* Two gzip members or zstd frames one after the other are one text. */
static void
test_concatenated(void **state)
{
	(void)state;
	for (size_t h = 0; h < COUNT(hows); h++) {
		struct err err = ERR_INIT;
		struct buf packed, back;
		buf_init(&packed, 1000);
		buf_init(&back, 1000);
		assert_int_equal(zip_pack(&packed, hows[h], "ab", 2, &err), E_OK);
		assert_int_equal(zip_pack(&packed, hows[h], "cd", 2, &err), E_OK);
		assert_int_equal(zip_unpack(&back, hows[h], packed.data,
			packed.len, &err), E_OK);
		assert_string_equal(back.data, "abcd");
		buf_release(&packed);
		buf_release(&back);
	}
}

/* A ceiling one byte too small: refused, and what fits is there. */
static void
test_bomb(void **state)
{
	static char zeros[300000];

	(void)state;
	for (size_t h = 0; h < COUNT(hows); h++) {
		struct err err = ERR_INIT;
		struct buf packed, back;
		buf_init(&packed, BUF_RECORD_MAX);
		buf_init(&back, sizeof zeros - 1);
		assert_int_equal(zip_pack(&packed, hows[h], zeros, sizeof zeros,
			&err), E_OK);
		assert_int_equal(zip_unpack(&back, hows[h], packed.data,
			packed.len, &err), E_INVALID);
		assert_int_equal(back.len, sizeof zeros - 1);
		buf_release(&packed);
		buf_release(&back);
	}
}

/* Cut anywhere: refused, and what came is the beginning of the text; of zstd
 * at least all that was flushed. */
static void
test_cut_short(void **state)
{
	(void)state;
	for (size_t h = 1; h < COUNT(hows); h++) {
		struct err err = ERR_INIT;
		struct buf text, packed;
		buf_init(&text, BUF_RECORD_MAX);
		buf_init(&packed, BUF_RECORD_MAX);
		make_text(&text, 100000);
		assert_int_equal(zip_pack(&packed, hows[h], text.data, text.len,
			&err), E_OK);
		for (size_t cut = 0; cut < packed.len; cut += 211) {
			struct buf back;
			buf_init(&back, BUF_RECORD_MAX);
			enum status s = zip_unpack(&back, hows[h], packed.data,
				cut, &err);
			assert_int_equal(s, E_INVALID);
			assert_true(back.len <= text.len);
			assert_memory_equal(back.data, text.data, back.len);
			if (cut > packed.len / 2)
				assert_true(back.len >= 32768);
			buf_release(&back);
		}
		buf_release(&text);
		buf_release(&packed);
	}
}

static void
test_garbage(void **state)
{
	static const char *const bad[] = { "", "x", "not packed at all",
		"\x1f\x8b", "\x1f\x8b\x08\xff\xff", "\x28\xb5\x2f\xfd",
		"\x28\xb5\x2f\xfd\x00\xff\xff" };

	(void)state;
	for (size_t h = 1; h < COUNT(hows); h++) {
		for (size_t i = 0; i < COUNT(bad); i++) {
			struct err err = ERR_INIT;
			struct buf back;
			buf_init(&back, 1000);
			assert_int_equal(zip_unpack(&back, hows[h], bad[i],
				strlen(bad[i]), &err), E_INVALID);
			assert_int_equal(err.code, E_INVALID);
			assert_int_equal(back.len, 0);
			buf_release(&back);
		}
	}
}

/* A good body with something behind it, and one with a flipped bit. */
static void
test_damaged(void **state)
{
	(void)state;
	for (size_t h = 1; h < COUNT(hows); h++) {
		struct err err = ERR_INIT;
		struct buf packed, back;
		buf_init(&packed, 1000);
		buf_init(&back, 1000);
		assert_int_equal(zip_pack(&packed, hows[h], "枫桥枫桥枫桥", 18,
			&err), E_OK);
		buf_text(&packed, "more");
		assert_int_equal(zip_unpack(&back, hows[h], packed.data,
			packed.len, &err), E_INVALID);
		buf_release(&packed);
		buf_release(&back);
	}
}

static void
test_pack_into_full(void **state)
{
	(void)state;
	for (size_t h = 0; h < COUNT(hows); h++) {
		struct err err = ERR_INIT;
		struct buf text, packed;
		buf_init(&text, BUF_RECORD_MAX);
		buf_init(&packed, 100);
		make_text(&text, 100000);
		buf_text(&packed, "kept");
		assert_int_equal(zip_pack(&packed, hows[h], text.data, text.len,
			&err), E_INVALID);
		assert_string_equal(packed.data, "kept");
		assert_false(packed.full);
		buf_release(&text);
		buf_release(&packed);
	}
}

static void
test_names(void **state)
{
	(void)state;
	for (size_t h = 0; h < COUNT(hows); h++)
		assert_int_equal(zip_parse(zip_name(hows[h])), hows[h]);
	assert_int_equal(zip_parse("br"), -1);
	assert_int_equal(zip_parse(""), -1);
	assert_int_equal(zip_parse(NULL), -1);
	assert_string_equal(zip_name(ZIP_NONE), "identity");
}

/* Given in pieces of this size; what is unpacked stays as much as fits. */
static enum status
unpack_file(struct buf *out, const struct buf *packed, size_t piece,
	bool *end, struct err *err)
{
	struct zip_file *z = zip_file_unpack();
	size_t at = 0;
	enum status s = E_OK;

	*end = false;
	while (!s && !*end) {
		size_t before = out->len, used = 0;
		size_t len = packed->len - at < piece ? packed->len - at :
			piece;

		s = zip_file_take(out, &used, end, z, packed->data + at, len,
			err);
		if (s || (used == 0 && out->len == before))
			break;
		assert_true(out->len - before <= 64 * 1024);
		at += used;
	}
	zip_file_free(z);
	return s;
}

static void
make_file(struct buf *out, const struct buf *text, size_t piece)
{
	struct zip_file *z = zip_file_pack(text->len);
	struct err err = ERR_INIT;

	for (size_t at = 0; at < text->len; at += piece)
		assert_int_equal(zip_file_add(out, z, text->data + at,
			text->len - at < piece ? text->len - at : piece,
			false, &err), E_OK);
	assert_int_equal(zip_file_add(out, z, NULL, 0, true, &err), E_OK);
	zip_file_free(z);
}

static void
test_file_in_pieces(void **state)
{
	static const size_t pieces[] = { 1, 100, 32768, 1000000 };
	struct buf text, packed, pages;
	struct err err = ERR_INIT;
	bool end = false;

	(void)state;
	buf_init(&text, BUF_RECORD_MAX);
	buf_init(&packed, BUF_RECORD_MAX);
	buf_init(&pages, BUF_RECORD_MAX);
	make_text(&text, 600000);
	make_file(&packed, &text, 10000);
	/* it packs better than a page does */
	assert_int_equal(zip_pack(&pages, ZIP_ZSTD, text.data, text.len, &err),
		E_OK);
	assert_true(packed.len < pages.len);
	for (size_t i = 0; i < COUNT(pieces); i++) {
		struct buf back;

		buf_init(&back, text.len);
		assert_int_equal(unpack_file(&back, &packed, pieces[i], &end,
			&err), E_OK);
		assert_true(end);
		assert_int_equal(back.len, text.len);
		assert_memory_equal(back.data, text.data, text.len);
		buf_release(&back);
	}
	buf_release(&text);
	buf_release(&packed);
	buf_release(&pages);
}

static void
test_damaged_file(void **state)
{
	struct buf text, packed, back;
	struct err err = ERR_INIT;
	bool end = false;

	(void)state;
	buf_init(&text, BUF_RECORD_MAX);
	buf_init(&packed, BUF_RECORD_MAX);
	buf_init(&back, BUF_RECORD_MAX);
	make_text(&text, 100000);
	make_file(&packed, &text, 10000);
	packed.data[packed.len / 2] ^= 1;
	assert_int_equal(unpack_file(&back, &packed, 1000, &end, &err),
		E_INVALID);
	packed.data[packed.len / 2] ^= 1;
	buf_clear(&back);
	buf_cut(&packed, packed.len - 5);	/* cut short: it never ends */
	err = (struct err)ERR_INIT;
	assert_int_equal(unpack_file(&back, &packed, 1000, &end, &err), E_OK);
	assert_false(end);
	/* no room */
	buf_release(&back);
	buf_init(&back, 1000);
	assert_int_equal(unpack_file(&back, &packed, 1000, &end, &err),
		E_INVALID);
	buf_release(&text);
	buf_release(&packed);
	buf_release(&back);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file_in_pieces),
		cmocka_unit_test(test_damaged_file),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_close),
		cmocka_unit_test(test_concatenated),
		cmocka_unit_test(test_bomb),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_pack_into_full),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
