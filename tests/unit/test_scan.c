/*
 * Scans: what a file is, its name, its record.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "base/tr.h"
#include "core/scan.h"

#define BYTES(text) text, sizeof text - 1

static void
a_file_is_known_by_its_first_bytes(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *type;	/* NULL: refused */
		int pages;
	} cases[] = {
		{ BYTES("%PDF-1.4\n1 0 obj <</Type /Pages /Count 2>> "
			"<</Type /Page>> <</Type/Page /A 1>> trailer"),
			"pdf", 2 },
		{ BYTES("%PDF-1.7 all is packed away in streams here"),
			"pdf", 0 },
		{ BYTES("\xff\xd8\xff\xe0 JFIF"), "jpeg", 1 },
		{ BYTES("\x89PNG\r\n\x1a\n...."), "png", 1 },
		/* two directories, the second behind the first */
		{ BYTES("II*\0\x08\0\0\0" "\0\0" "\x0e\0\0\0" "\0\0" "\0\0\0\0"),
			"tiff", 2 },
		{ BYTES("MM\0*\0\0\0\x08" "\0\0" "\0\0\0\0"), "tiff", 1 },
		/* a directory that leads to itself ends somewhere */
		{ BYTES("II*\0\x08\0\0\0" "\0\0" "\x08\0\0\0"), "tiff", 1000 },
		/* one that leads out of the file */
		{ BYTES("II*\0\xff\xff\xff\xff" "\0\0"), "tiff", 0 },
		{ BYTES(""), NULL, 0 },
		{ BYTES("%PDF"), NULL, 0 },
		{ BYTES("PK\x03\x04 a document of an office program"), NULL, 0 },
		{ BYTES("MZ a program called scan.pdf"), NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct scan scan = {0};
		struct err err = ERR_INIT;
		enum status s = scan_look(&scan, cases[i].bytes, cases[i].len,
		    &err);

		if (!cases[i].type) {
			assert_int_equal(s, E_INVALID);
			assert_true(err.msg[0] != '\0');
			continue;
		}
		assert_int_equal(s, E_OK);
		assert_string_equal(scan.type, cases[i].type);
		assert_int_equal(scan.pages, cases[i].pages);
		assert_int_equal(scan.size, cases[i].len);
		assert_true(scan_hash_is(scan.hash));
	}
}

static void
one_byte_too_many_is_refused_with_advice(void **state)
{
	char *bytes = calloc(1, SCAN_BYTES_MAX + 1);
	struct scan scan = {0};
	struct err err = ERR_INIT;

	(void)state;
	memcpy(bytes, "%PDF-", 5);
	assert_int_equal(scan_look(&scan, bytes, SCAN_BYTES_MAX, &err), E_OK);
	assert_int_equal(scan_look(&scan, bytes, SCAN_BYTES_MAX + 1, &err),
	    E_INVALID);
	assert_non_null(strstr(err.msg, "3.0 MB"));
	assert_non_null(strstr(err.msg, "200 dpi"));
	free(bytes);
}

static void
a_name_can_be_shown(void **state)
{
	static const struct { const char *path, *name; } cases[] = {
		{ "/media/usb/调解协议书.pdf", "调解协议书.pdf" },
		{ "a.pdf", "a.pdf" },
		{ "/x/evil\033[2J\nname.pdf", "evil[2Jname.pdf" },
		{ "/x/\xe2\x80\xae" "fdp.exe", "fdp.exe" },
		{ "/x/", "scan" },
		/* T5: no other folder, no option, no file that is read by
		 * itself */
		{ "../../.bashrc", "bashrc" },
		{ "/x/..", "scan" }, { ".", "scan" }, { "/x/.", "scan" },
		{ "..", "scan" }, { " .. ", "scan" }, { "...x", "x" },
		{ "-rf.pdf", "rf.pdf" }, { "--", "scan" },
		{ "~root", "root" }, { "\xe3\x80\x80.profile", "profile" },
		{ "/x/\xe2\x80\x8b.bashrc", "bashrc" },
		{ "..\xe2\x80\xae/..\xe2\x80\xae/x", "x" },
		{ "\xff/\xff.pdf", "pdf" },
	};
	char long_name[400] = "";
	struct buf out;

	(void)state;
	buf_init(&out, BUF_LINE_MAX);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		buf_clear(&out);
		scan_name(&out, cases[i].path);
		assert_string_equal(out.data, cases[i].name);
	}
	for (int i = 0; i < 100; i++)
		strcat(long_name + 3 * i, "卷");
	buf_clear(&out);
	scan_name(&out, long_name);
	assert_int_equal(out.len, 3 * SCAN_NAME_CHARS_MAX);
	/* a file system takes 255 bytes, and some are needed behind it */
	long_name[0] = '\0';
	for (int i = 0; i < 90; i++)
		strcat(long_name + 4 * i, "\xf0\xa0\x80\x80");
	buf_clear(&out);
	scan_name(&out, long_name);
	assert_true(out.len <= 240 && out.len > 200);
	buf_release(&out);
}

/* T5: what arrives from others is a name, or it is refused. */
static void
a_path_is_no_name(void **state)
{
	static const char *const paths[] = { "", ".", "..", "/", "/etc/passwd",
		"../x", "x/..", "a/b", "a\nb", "a\033[2J", "\xe2\x80\xae" "fdp",
		"a\x7f", "\xff" };
	static const char *const names[] = { "a.pdf", "卷一.pdf", "a b.pdf",
		".pdf", "a..b" };

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		if (scan_name_is_one(paths[i]))
			fail_msg("%zu", i);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_true(scan_name_is_one(names[i]));
}

static void
a_record_holds_what_was_seen(void **state)
{
	static const char *const broken[][2] = { { "hash", "ABC" },
		{ "size", "0" }, { "size", "-5" }, { "size", "3000001" },
		{ "type", "exe" }, { "name", "" }, { "record", "x" },
		{ "hash", "ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ"
		    "ZZZZZZZZZZZZ" } };
	struct uuid above = uuid_new();
	struct scan scan = { .name = "协议书.pdf" }, again = {0};
	struct record r;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(scan_look(&scan, BYTES("%PDF-1.4 /Type /Page \n"
	    "                            "), &err), E_OK);
	scan_to_record(&r, &scan, &above);
	assert_true(scan_is(&r));
	assert_int_equal(scan_from_record(&again, &r, &err), E_OK);
	assert_string_equal(again.hash, scan.hash);
	assert_string_equal(again.name, "协议书.pdf");
	assert_int_equal(again.size, scan.size);
	assert_int_equal(again.pages, 1);
	assert_false(again.arrived);
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		struct record bad = {0};

		record_copy(&bad, &r);
		(void)record_set(&bad, broken[i][0], broken[i][1]);
		err = (struct err)ERR_INIT;
		assert_int_equal(scan_from_record(&again, &bad, &err),
		    E_INVALID);
		record_release(&bad);
	}
	record_release(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_known_by_its_first_bytes),
		cmocka_unit_test(one_byte_too_many_is_refused_with_advice),
		cmocka_unit_test(a_name_can_be_shown),
		cmocka_unit_test(a_path_is_no_name),
		cmocka_unit_test(a_record_holds_what_was_seen),
	};

	crypto_init();
	tr_set(TR_EN);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
