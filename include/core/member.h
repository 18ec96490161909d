#ifndef CORE_MEMBER_H
#define CORE_MEMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "base/uuid.h"

/*
 * Reading the members of a JSON object that came from outside, each with one
 * sentence when it is missing, of the wrong kind, or too large.  All leave out
 * as it was on failure and when an optional member is absent.
 */

enum member_need { MEMBER_OPTIONAL, MEMBER_NEEDED };

/* A text of at most size - 1 bytes.  Errors: E_INVALID names the member. */
MUST_CHECK enum status member_text(char *out, size_t size,
	const struct json *object, const char *name, enum member_need need,
	struct err *err);

/* A whole number that is not negative.  Errors: as above. */
MUST_CHECK enum status member_int(int64_t *out, const struct json *object,
	const char *name, enum member_need need, struct err *err);

/* A UUID as text.  Errors: as above. */
MUST_CHECK enum status member_uuid(struct uuid *out,
	const struct json *object, const char *name, enum member_need need,
	struct err *err);

/* Set err for a member that is not what it must be; returns E_INVALID. */
enum status member_wrong(struct err *err, const char *name);

/* Is this a name of a register, field or state: [a-z][a-z0-9_]{0,30}? */
bool member_is_name(const char *text);
/* The same, or one of the program's own registers: "@conflict". */
bool member_is_register(const char *text);

#endif
