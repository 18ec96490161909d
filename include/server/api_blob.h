#ifndef SERVER_API_BLOB_H
#define SERVER_API_BLOB_H

#include "server/visit.h"

/*
 * The bytes of scans (core/scan.h), by their SHA-256 and in pieces of up to
 * 1 MiB, for whoever may see a scan that names it; otherwise 404.
 *
 * A device or person that is sent away may still send what was entered there.
 *
 *   HEAD /v1/blob/HASH   Upload-Offset: so many bytes of the device's upload
 *                        are here; Upload-Length: of so many.  The same: whole
 *   PUT  /v1/blob/HASH   Upload-Offset: N; the piece that belongs there, not
 *                        packed.  The answer says the new offset; 409 and the
 *                        offset, when it is another; 422, when all are here
 *                        and are not those of the hash: they are dropped
 *   GET  /v1/blob/HASH   Range: bytes=A-B; 206.  404 blob_waits: the scan is
 *                        known, its bytes have not arrived yet
 */
extern const char api_blob_path[];

MUST_CHECK enum status api_blob_head(struct visit *v, struct err *err);
MUST_CHECK enum status api_blob_put(struct visit *v, struct err *err);
MUST_CHECK enum status api_blob_get(struct visit *v, struct err *err);

#endif
