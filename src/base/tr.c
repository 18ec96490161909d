/*
 * Finds a message in the compiled catalogue (GNU .mo format) that the build
 * puts into the program.  msgfmt sorts the msgids by byte, so a binary search
 * finds one; the file was made by us and is not checked again.
 */
#include "base/tr.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Made by bytes.sh from screens/po/zh_CN.po. */
extern const unsigned char tr_catalogue[];
extern const unsigned long tr_catalogue_len;

enum {
	MO_MAGIC = 0, MO_COUNT = 8, MO_MSGIDS = 12, MO_TEXTS = 16,
	MO_HEAD_LEN = 28,
};

/* A thread's language: the server answers each request in its caller's. */
static _Thread_local enum tr_lang tr_current = TR_ZH;

/* msgfmt writes little-endian numbers on every machine. */
static uint32_t
mo_u32(size_t at)
{
	const unsigned char *p = tr_catalogue + at;

	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16
		| (uint32_t)p[3] << 24;
}

/* String number n of the table at this offset: pairs of length and offset. */
static const char *
mo_string(size_t table, uint32_t n)
{
	return (const char *)tr_catalogue + mo_u32(table + 8 * (size_t)n + 4);
}

static const char *
mo_find(const char *msgid)
{
	uint32_t low = 0;

	if (tr_catalogue_len < MO_HEAD_LEN || mo_u32(MO_MAGIC) != 0x950412DE)
		return msgid;
	uint32_t high = mo_u32(MO_COUNT);
	size_t msgids = mo_u32(MO_MSGIDS);
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		int order = strcmp(msgid, mo_string(msgids, mid));
		if (order == 0)
			return mo_string(mo_u32(MO_TEXTS), mid);
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return msgid;
}

const char *
tr(const char *msgid)
{
	/* The empty msgid is the catalogue's own head. */
	if (tr_current == TR_EN || msgid[0] == '\0')
		return msgid;
	return mo_find(msgid);
}

void
tr_set(enum tr_lang lang)
{
	tr_current = lang;
}

enum tr_lang
tr_lang(void)
{
	return tr_current;
}

enum tr_lang
tr_parse(const char *name)
{
	if (!name || strncmp(name, "en", 2) != 0)
		return TR_ZH;
	return strchr("_-.@", name[2]) ? TR_EN : TR_ZH;
}

enum tr_lang
tr_asked(int argc, char **argv)
{
	const char *name = getenv("FENGQIAO_LANG");

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strncmp(argv[i], "--lang=", 7) == 0)
			name = argv[i] + 7;
		else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
			name = argv[++i];
	}
	return tr_parse(name);
}
