/*
 * Strings of terminfo that move down: LF, or IND as PuTTY's entry has it.
 */
#include "ui/tty_down.h"

#include <string.h>

void
tty_down_trim(char *cud1, const char *csr)
{
	static const char ansi[] = "\033[%i%p1%d;%p2%dr";

	if (!cud1 || !csr || strncmp(csr, ansi, sizeof ansi - 1) != 0)
		return;
	if (strcmp(cud1, "\n") == 0 || strcmp(cud1, "\033D") == 0)
		memcpy(cud1, "\v", 2);
}
