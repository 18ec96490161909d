#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include <stddef.h>

#include "base/err.h"

/*
 * Is text exactly one strict JSON document (RFC 8259) within the limits of
 * base/json.h?  Reads it once; keeps nothing of it.
 * Errors: E_INVALID with the line and column (both from 1, in characters).
 */
MUST_CHECK enum status json_scan(const char *text, size_t len,
	struct err *err);

#endif
