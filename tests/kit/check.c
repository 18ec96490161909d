/*
 * What has to succeed before a test can begin.
 */
#include "kit/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

void
kit_check(enum status s, const struct err *err)
{
	if (s)
		fail_msg("%s", err->msg);
}
