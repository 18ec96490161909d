/*
 * Scans as records, and what a file's first bytes say of it.  The definition
 * stands here and not among the files: what it says and what the server does
 * belong together.
 */
#include "core/scan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/tr.h"
#include "base/utf8.h"

enum {
	PAGES_MAX = 9999,
	FOLDERS_MAX = 1000,		/* images of a TIFF that are counted */
	/* of a name in a folder, with what is put behind it while it is made */
	FILE_NAME_BYTES_MAX = 240,
};

#define LABEL(zh, en) "{\"zh\":\"" zh "\",\"en\":\"" en "\"}"
#define FIELD(name, zh, en, more) "{\"name\":\"" name "\",\"label\":" \
	LABEL(zh, en) "," more "}"
#define FIXED "\"type\":\"text\",\"readonly\":true,\"overview\":true"
#define NUMBER "\"type\":\"int\",\"readonly\":true,\"overview\":true"

const char scan_definition[] =
	"{\"register\":\"scan\",\"version\":1,\"event\":true,"
	"\"title\":" LABEL("附件", "Attachments") ","
	"\"one\":" LABEL("附件", "attachment") ","
	"\"called\":[\"name\"],\"fields\":["
	FIELD("record", "案卷", "Record", FIXED) ","
	FIELD("name", "文件名", "Name", FIXED) ","
	FIELD("type", "格式", "Type", FIXED) ","
	FIELD("size", "字节数", "Bytes", NUMBER) ","
	FIELD("pages", "页数", "Pages", NUMBER) ","
	FIELD("hash", "校验值", "SHA-256", FIXED) ","
	FIELD("added_by", "登记人", "Added by",
	    FIXED ",\"initial\":\"@me\"") ","
	FIELD("added_on", "登记日期", "Added on", "\"type\":\"date\","
	    "\"readonly\":true,\"overview\":true,\"initial\":\"@today\"") ","
	FIELD("arrived", "已送达", "Delivered", "\"type\":\"bool\","
	    "\"readonly\":true,\"overview\":true")
	"],"
	"\"list\":{\"columns\":["
	"{\"path\":\"name\",\"cells\":0},{\"path\":\"added_on\",\"cells\":10}],"
	"\"sort\":[\"added_on\"],\"filters\":[]},"
	"\"form\":[{\"page\":" LABEL("附件", "Attachment")
	",\"rows\":[[\"name\"]]}]}";

bool
scan_is(const struct record *r)
{
	return strcmp(r->reg, SCAN_REGISTER) == 0;
}

bool
scan_hash_is(const char *text)
{
	return strlen(text) == SCAN_HASH_TEXT - 1 &&
	    strspn(text, "0123456789abcdef") == SCAN_HASH_TEXT - 1;
}

bool
scan_may_read(const struct schema_register *above, const char *role)
{
	return above && schema_may_read(above, role);
}

/* ---- what a file is ---- */

static const char *
find_type(const uint8_t *b, size_t len)
{
	static const struct {
		const char *type;
		const char *magic;
		size_t len;
	} types[] = {
		{ "pdf", "%PDF-", 5 },
		{ "jpeg", "\xff\xd8\xff", 3 },
		{ "png", "\x89PNG\r\n\x1a\n", 8 },
		{ "tiff", "II*\0", 4 },
		{ "tiff", "MM\0*", 4 },
	};

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		if (len > types[i].len &&
		    memcmp(b, types[i].magic, types[i].len) == 0)
			return types[i].type;
	}
	return NULL;
}

/* "/Type /Page", not "/Pages"; where they are packed away, none is seen. */
static int
count_pdf(const char *b, size_t len)
{
	static const char type[] = "/Type", page[] = "/Page";
	int count = 0;

	for (size_t i = 0; i + sizeof type + sizeof page < len; i++) {
		size_t k = i + sizeof type - 1;

		if (b[i] != '/' || memcmp(b + i, type, sizeof type - 1) != 0)
			continue;
		while (k + sizeof page < len && strchr(" \r\n\t", b[k]) && b[k])
			k++;
		if (memcmp(b + k, page, sizeof page - 1) == 0 &&
		    b[k + sizeof page - 1] != 's' && count < PAGES_MAX)
			count++;
	}
	return count;
}

static uint32_t
number_at(const uint8_t *b, size_t at, size_t bytes, bool little)
{
	uint32_t n = 0;

	for (size_t i = 0; i < bytes; i++)
		n |= (uint32_t)b[at + i] <<
		    8 * (little ? i : bytes - 1 - i);
	return n;
}

/* The chain of its image directories. */
static int
count_tiff(const uint8_t *b, size_t len)
{
	bool little = b[0] == 'I';
	size_t at = len >= 8 ? number_at(b, 4, 4, little) : 0;
	int count = 0;

	while (at > 0 && at + 2 <= len && count < FOLDERS_MAX) {
		size_t next = at + 2 + 12 * number_at(b, at, 2, little);

		count++;
		if (next + 4 > len)
			break;
		at = number_at(b, next, 4, little);
	}
	return count;
}

static int
count_pages(const char *type, const void *bytes, size_t len)
{
	if (strcmp(type, "pdf") == 0)
		return count_pdf(bytes, len);
	return strcmp(type, "tiff") == 0 ? count_tiff(bytes, len) : 1;
}

enum status
scan_look(struct scan *out, const void *bytes, size_t len, struct err *err)
{
	const char *type = find_type(bytes, len);
	uint8_t digest[CRYPTO_SHA256];

	if (len == 0)
		return err_set(err, E_INVALID, tr("The file is empty."));
	if (len > SCAN_BYTES_MAX)
		return err_set(err, E_INVALID, tr("The file has %zu.%zu MB; an "
		    "attachment may have %d MB: scan it in black and white "
		    "with 200 dpi, which takes about 40 kB a page."),
		    len / 1000000, len % 1000000 / 100000,
		    SCAN_BYTES_MAX / 1000000);
	if (!type)
		return err_set(err, E_INVALID, tr("An attachment is a PDF, "
		    "JPEG, PNG or TIFF file; this is none of them."));
	crypto_sha256(digest, bytes, len);
	crypto_hex(out->hash, digest, sizeof digest);
	snprintf(out->type, sizeof out->type, "%s", type);
	out->size = (int64_t)len;
	out->pages = count_pages(type, bytes, len);
	return E_OK;
}

/* A program would take the first of these for an option, a shell for a file
 * that it reads by itself. */
static bool
is_no_beginning(uint32_t c)
{
	return c == '-' || c == '.' || c == '~' || c == ' ' || c == 0x3000;
}

void
scan_name(struct buf *out, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t len = strlen(name), at = 0, before = out->len;

	for (int i = 0; i < SCAN_NAME_CHARS_MAX && at < len; i++) {
		uint32_t c = utf8_next(name, len, &at);
		char bytes[4];
		size_t n;

		if (utf8_is_unsafe(c) ||
		    (out->len == before && is_no_beginning(c)))
			continue;
		n = utf8_put(bytes, c);
		if (out->len - before + n > FILE_NAME_BYTES_MAX)
			break;
		buf_add(out, bytes, n);
	}
	if (out->len == before)
		buf_text(out, "scan");
}

bool
scan_name_is_one(const char *name)
{
	size_t len = strlen(name), at = 0;

	while (at < len) {
		uint32_t c = utf8_next(name, len, &at);

		if (c == '/' || utf8_is_unsafe(c))
			return false;
	}
	return len > 0 && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

/* ---- as a record ---- */

void
scan_to_record(struct record *out, const struct scan *scan,
    const struct uuid *above)
{
	char text[UUID_TEXT_MAX], number[24];

	*out = (struct record){0};
	snprintf(out->reg, sizeof out->reg, "%s", SCAN_REGISTER);
	uuid_print(text, above);
	(void)record_set(out, "record", text);
	(void)record_set(out, "name", scan->name);
	(void)record_set(out, "type", scan->type);
	(void)record_set(out, "hash", scan->hash);
	snprintf(number, sizeof number, "%" PRId64, scan->size);
	(void)record_set(out, "size", number);
	snprintf(number, sizeof number, "%d", scan->pages);
	(void)record_set(out, "pages", scan->pages > 0 ? number : "");
}

static bool
is_type(const char *type)
{
	static const char *const types[] = { "pdf", "jpeg", "png", "tiff" };

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		if (strcmp(types[i], type) == 0)
			return true;
	}
	return false;
}

enum status
scan_from_record(struct scan *out, const struct record *r, struct err *err)
{
	struct scan scan = { .name = record_get(r, "name") };
	const char *hash = record_get(r, "hash");
	const char *type = record_get(r, "type");
	size_t chars = utf8_chars(scan.name, strlen(scan.name));
	struct uuid above;

	scan.size = strtoll(record_get(r, "size"), NULL, 10);
	if (!scan_hash_is(hash) || !is_type(type) || scan.size <= 0 ||
	    scan.size > SCAN_BYTES_MAX || chars == 0 ||
	    chars > SCAN_NAME_CHARS_MAX ||
	    !uuid_parse(&above, record_get(r, "record")))
		return err_set(err, E_INVALID,
		    tr("This is not what an attachment must be."));
	memcpy(scan.hash, hash, SCAN_HASH_TEXT);
	snprintf(scan.type, sizeof scan.type, "%s", type);
	scan.arrived = strcmp(record_get(r, "arrived"), "1") == 0;
	scan.pages = (int)strtol(record_get(r, "pages"), NULL, 10);
	*out = scan;
	return E_OK;
}
