#ifndef SERVER_COMMAND_GRANT_H
#define SERVER_COMMAND_GRANT_H

#include <stdint.h>

#include "server/command_desk.h"

/* A change of rights: where --by says who asks or decides, the password of that
 * one is read before.  Errors: E_AUTH; those of command_desk_change(). */
MUST_CHECK enum status command_begin_by(struct command_desk *d,
	struct err *err);
/* That a right waits for the second one; waits 0: nothing. */
void command_say_waits(const struct command_args *a, int64_t waits);

#endif
