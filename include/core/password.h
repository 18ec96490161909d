#ifndef CORE_PASSWORD_H
#define CORE_PASSWORD_H

#include "base/err.h"

/*
 * What a new password must be (server.md L1, as assessors of 等级保护 ask): ten
 * characters of three kinds (capitals, small letters, digits, others), or a
 * phrase of twelve of two; never with the login in it, forwards or backwards,
 * nor made of one character or a run of neighbours (12345..., abcde...).
 * Old passwords go on being good: only new ones are looked at.
 */
enum { PASSWORD_CHARS_MIN = 10, PASSWORD_PHRASE_MIN = 12 };

/* Errors: E_INVALID with one sentence. */
MUST_CHECK enum status password_check(const char *password,
	const char *login, struct err *err);

#endif
