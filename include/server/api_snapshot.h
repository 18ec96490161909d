#ifndef SERVER_API_SNAPSHOT_H
#define SERVER_API_SNAPSHOT_H

#include "server/visit.h"

/*
 * GET /v1/snapshot/STREAM           303 to the newest good snapshot, and of it
 *   {"stream":TEXT,"seq":N,"sha256":TEXT,"bytes":N,"path":TEXT}
 * GET /v1/snapshot/STREAM/SHA256    its bytes, or those of Range: 206, at most
 *                                   SNAPSHOT_PIECE_MAX at a time
 *
 * To who may hold the stream; 404 to others, and when it is there no more
 * (server/snapshot.h).  416 for a Range that begins behind its end.
 * Errors: E_IO.
 */
MUST_CHECK enum status api_snapshot(struct visit *v, struct err *err);

/* The path it answers, but for the rest. */
extern const char api_snapshot_path[];

#endif
