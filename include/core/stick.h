#ifndef CORE_STICK_H
#define CORE_STICK_H

#include "base/buf.h"
#include "base/crypto.h"
#include "core/wire.h"

/*
 * A first load carried on a stick (sync.md 4.7): the snapshots of all streams
 * that one device may hold, as files "fengqiao-0000.bin" and on.  All are sealed
 * with a key that only a code gives, which is told apart from the stick and
 * used for nothing else, each for its place: who finds the stick learns how
 * much it is, and nothing can be put into it or left out of it unseen.
 *
 * Piece 0 is the head: for whom, of which server, which streams.  The others
 * are the snapshots' bytes, one stream after the other, STICK_PIECE each but a
 * stream's last.
 */
enum {
	STICK_PIECE = 256 * 1024,
	STICK_SEALED_MAX = STICK_PIECE + CRYPTO_SEAL_OVERHEAD,
	STICK_CODE = 20,		/* characters of a code */
	STICK_NAME_MAX = 24,
};

struct stick_head {
	char device[UUID_TEXT_MAX];
	char epoch[UUID_TEXT_MAX];	/* the server's */
	struct wire_snapshot streams[WIRE_STREAMS_MAX];
	size_t count;
};

/* Small letters, blanks and hyphens of a typed code do not matter. */
void stick_key(struct crypto_key *out, const char *code);
void stick_name(char out[STICK_NAME_MAX], size_t piece);

/* How many pieces besides the head; and what one of them (from 1) is: bytes of
 * a stream from a place on. */
size_t stick_pieces(const struct stick_head *head);
struct stick_place {
	const struct wire_snapshot *stream;
	int64_t at;
	size_t len;
};
struct stick_place stick_place(const struct stick_head *head, size_t piece);

/* Append a piece, sealed; opened again.  Errors: E_INVALID the code is another,
 * the piece is of another stick or place, or damaged. */
void stick_seal(struct buf *out, const struct crypto_key *key, size_t piece,
	const void *bytes, size_t len);
MUST_CHECK enum status stick_open(struct buf *out,
	const struct crypto_key *key, size_t piece, const struct buf *sealed,
	struct err *err);

void stick_print_head(struct buf *out, const struct stick_head *head);
MUST_CHECK enum status stick_parse_head(struct stick_head *out,
	const char *text, size_t len, struct err *err);

#endif
