#ifndef SERVER_BLOB_H
#define SERVER_BLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/uuid.h"

/*
 * The bytes of scans, files of their own beside the ledger:
 *
 *   blobs/ab/HASH          whole, its name is its SHA-256; never changes
 *   blobs/part/HASH.DEVICE what one device has sent of it so far
 *
 * A file gets its name only when its bytes are on the disk and verified, so a
 * copy of the folder is good at any moment.  Who may see what is not known here
 * (server/ledger_scan.h).
 */
enum { BLOB_PIECE_MAX = 1024 * 1024 };	/* bytes of one request or reply */

/* dir: the ledger's folder; hash: 64 hexadecimal digits, already looked at. */
struct blob_place {
	const char *dir;
	const char *hash;
	struct uuid device;		/* whose part is meant */
};

/* Bytes of the whole one.  Errors: E_NOTFOUND; E_IO. */
MUST_CHECK enum status blob_size(int64_t *out, const struct blob_place *p,
	struct err *err);
/* Bytes of the device's part; 0 there is none.  Errors: E_IO. */
MUST_CHECK enum status blob_part(int64_t *out, const struct blob_place *p,
	struct err *err);

/*
 * Append a piece to the device's part, which has *at bytes; with it *at becomes
 * what it has then.  At total bytes it is verified and becomes whole: *whole.
 * Errors: E_CONFLICT it has *at bytes, and the piece is for another place;
 * E_INVALID all are there and they are not those of that hash: the part is
 * dropped, and *at is 0; E_IO, also a full disk.
 */
MUST_CHECK enum status blob_add(int64_t *at, bool *whole,
	const struct blob_place *p, int64_t offset, int64_t total,
	const void *bytes, size_t len, struct err *err);

/* Append at most len of its bytes from first on.  Errors: E_NOTFOUND; E_IO. */
MUST_CHECK enum status blob_read(struct buf *out, const struct blob_place *p,
	int64_t first, size_t len, struct err *err);

/* All whole ones (*.hash set, owned by the caller), and drop the parts that
 * nothing came to since an instant.  Errors: E_IO. */
struct blob_file {
	char *hash;
	int64_t size;
	int64_t written_at;
};
MUST_CHECK enum status blob_list(struct blob_file **out, size_t *count,
	const char *dir, int64_t parts_before_at, struct err *err);
void blob_list_free(struct blob_file *files, size_t count);
MUST_CHECK enum status blob_drop(const struct blob_place *p, struct err *err);
/* The same with the parts that devices have sent of it. */
MUST_CHECK enum status blob_erase(const struct blob_place *p, struct err *err);

#endif
