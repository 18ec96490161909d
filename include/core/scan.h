#ifndef CORE_SCAN_H
#define CORE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/record.h"
#include "core/schema.h"

/*
 * Attachments (附件, 扫描件).  Each is a record of its own, of the program's
 * register "@scan", below the one that it belongs to: two people who attach
 * something at the same time do not conflict, and it goes wherever that record
 * goes.  The bytes are not in it; their SHA-256 is their address, and they
 * travel after all operations (sync.md 4.8).
 *
 * Values: "record" it belongs to; "name" of the file; "type" pdf, jpeg, png or
 * tiff; "size" in bytes; "pages", where that can be seen; "hash"; "added_by",
 * "added_on"; "arrived" is 1 as long as the server has the bytes, which it has
 * verified, and only the server says so.
 */
#define SCAN_REGISTER "@scan"

enum {
	SCAN_BYTES_MAX = 3 * 1000 * 1000,	/* of one: 60 pages A4 as they
						 * should be scanned */
	SCAN_COUNT_MAX = 40,			/* below one record */
	SCAN_NAME_CHARS_MAX = 80,
	SCAN_HASH_TEXT = 65,			/* with its NUL */
	SCAN_TYPE_TEXT = 8,
};

/* The definition of the register, as a file of registers/ would have it; its
 * name there is without the '@'. */
extern const char scan_definition[];

struct scan {
	char hash[SCAN_HASH_TEXT];
	char type[SCAN_TYPE_TEXT];
	int64_t size;
	int pages;			/* 0: cannot be seen */
	bool arrived;
	const char *name;		/* lent */
};

bool scan_is(const struct record *r);		/* by its register */
bool scan_hash_is(const char *text);		/* 64 lower-case digits? */

/* Whoever may read (write) the record it belongs to may a scan.  above: the
 * register of that record; NULL, nobody. */
bool scan_may_read(const struct schema_register *above, const char *role);

/* What a file's bytes are; name is left as it is.
 * Errors: E_INVALID empty, too large, or none of the four types. */
MUST_CHECK enum status scan_look(struct scan *out, const void *bytes,
	size_t len, struct err *err);

/* The last part of a path as a name that can be shown, kept, and given to a
 * file in any folder: it names that file and no other, and no hidden one;
 * appended. */
void scan_name(struct buf *out, const char *path);
/* Is it a name and no path?  Those that scan_name() made are. */
bool scan_name_is_one(const char *name);

/* The record of a scan below another, without id, office and author. */
void scan_to_record(struct record *out, const struct scan *scan,
	const struct uuid *above);

/* Errors: E_INVALID a part is missing or cannot be. */
MUST_CHECK enum status scan_from_record(struct scan *out,
	const struct record *r, struct err *err);

#endif
