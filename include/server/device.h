#ifndef SERVER_DEVICE_H
#define SERVER_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/err.h"
#include "server/answer.h"
#include "server/office.h"
#include "server/token.h"

/*
 * Devices: caches that were tied to an office with a one-time code.  A device
 * shows its token with every request.  How its days end: device_end.h.
 */
enum {
	DEVICE_CODE_TEXT = 10,		/* characters of a code */
	DEVICE_CODE_HOURS = 72,		/* it is good for so long */
	DEVICE_LABEL_MAX = 128,		/* bytes with the NUL */
};

struct device {
	struct uuid id;
	struct office office;
	char label[DEVICE_LABEL_MAX];
	struct crypto_key key_share;	/* half of the cache's key */
	int64_t epoch;			/* of its operation numbers, from 1 */
	int64_t enrolled_at;
	int64_t seen_at;		/* to the hour; 0 never */
	int64_t revoked_at;		/* 0: in use */
	char wipe[TOKEN_TEXT_MAX];	/* it is to erase its data, and confirms
					 * with this; "": no such order */
	bool at_once;			/* without sending first what waits */
	int64_t wiped_at;		/* it has confirmed; 0 not yet */
	int64_t number;			/* among the county's, from 1: D07 */
};

/* "in use", "revoked", "to erase", "erased". */
const char *device_standing(const struct device *d);

/* A new code for an office; only its hash is kept.  Errors: E_NOTFOUND no such
 * office; E_IO. */
MUST_CHECK enum status device_make_code(char out[DEVICE_CODE_TEXT + 1],
	struct db *db, const char *office, struct err *err);

/* A cache that was enrolled after the backup which the ledger was restored
 * from: it keeps its name, and so what it hands back is its own. */
struct device_was {
	struct uuid id;
	char office[RECORD_OFFICE_MAX];
	int64_t number;			/* kept if it is free; 0 none */
};

/*
 * Use up a code: a new device and its token; was (may be NULL): not a new one.
 * *answer, out is untouched then: ANSWER_CODE_INVALID there is no such code any
 * more, and of was ANSWER_CODE_OFFICE it is another office's, ANSWER_DEVICE_KNOWN
 * the ledger has it and has heard of it.  Errors: E_IO.
 */
MUST_CHECK enum status device_enroll(struct device *out,
	char token[TOKEN_TEXT_MAX], enum answer *answer, struct db *db,
	const char *code, const char *label, const struct device_was *was,
	struct err *err);

/* Whose token is this?  *answer: ANSWER_DEVICE_UNKNOWN nobody's,
 * ANSWER_DEVICE_REVOKED, ANSWER_DEVICE_WIPE (out is set with both).
 * Errors: E_IO. */
MUST_CHECK enum status device_find(struct device *out, enum answer *answer,
	struct db *db, const char *token, struct err *err);

/* Note that the device was here.  Errors: E_IO. */
MUST_CHECK enum status device_seen(struct db *db, const struct device *device,
	int64_t now_at, struct err *err);

/* A copy of the cache has sent the same numbers: a fresh epoch for whoever asks
 * first, also in device->epoch.  Errors: E_IO. */
MUST_CHECK enum status device_fork(struct device *device, struct db *db,
	struct err *err);

/* By time of enrolment, without those that were removed; owned by the caller,
 * free(). */
MUST_CHECK enum status device_list(struct device **out, size_t *count,
	struct db *db, struct err *err);

#endif
