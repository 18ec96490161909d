/*
 * The two forms of it: in sgr a choice by the ninth parameter, as terminfo(5)
 * numbers them; in sgr0 the plain bytes.
 */
#include "ui/tty_sgr.h"

#include <stddef.h>
#include <string.h>

static void
take_out(char *from, size_t len)
{
	memmove(from, from + len, strlen(from + len) + 1);
}

/* The console's first font, which only its third one, for lines, left. */
static void
trim_font(char *capability)
{
	static const char head[] = "\033[0;10";

	if (strncmp(capability, head, sizeof head - 1) == 0)
		take_out(capability + 3, 3);
}

/* "%?%p9%t...%;": no choice stands inside another in any sgr we know; one
 * that does is left alone. */
static void
trim_choice(char *capability)
{
	static const char head[] = "%?%p9%t";
	char *start = strstr(capability, head);
	char *end, *inner;

	if (!start)
		return;
	end = strstr(start, "%;");
	inner = strstr(start + 1, "%?");
	if (!end || (inner && inner < end))
		return;
	take_out(start, (size_t)(end - start) + 2);
	trim_font(capability);
}

/* ISO 2022: ASCII into G0, or G0 locked in by SI. */
static void
trim_plain(char *capability)
{
	static const char *const ends[] = { "\033(B", "\017" };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		char *at = strstr(capability, ends[i]);

		if (at && strlen(capability) > strlen(ends[i]))
			take_out(at, strlen(ends[i]));
	}
}

/* "ESC [ 0" and choices that each begin with ';': a parameter left out is 0. */
static void
trim_zero(char *capability)
{
	static const char head[] = "\033[0%?";

	if (strncmp(capability, head, sizeof head - 1) == 0)
		take_out(capability + 2, 1);
}

void
tty_sgr_trim(char *capability)
{
	if (!capability)
		return;
	if (strstr(capability, "%p")) {
		trim_choice(capability);
		trim_zero(capability);
	} else {
		trim_plain(capability);
	}
}
