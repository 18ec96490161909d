/*
 * Two hanzi in UTF-8 are six bytes: 4 columns where they are understood, 6
 * where each pair or each byte is a character.  The second report tells the
 * width of ambiguous characters.  Right in tmux, screen, xterm and pterm, with
 * UTF-8, GBK and Latin-1.
 */
#include "ui/tty_probe.h"

#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const char question[] =
	"\r\xe5\xbc\xa0\xe4\xb8\x89\033[6n"
	"\r\xe2\x80\x9c\xe2\x80\x9c\033[6n"
	"\r\033[K";

/* Length of a report "ESC [ row ; col R" at the start of bytes, 0 if it is
 * none; *col is its column. */
static size_t
report_at(const char *bytes, size_t len, int *col)
{
	int number = 0, digits = 0;

	if (len < 6 || bytes[0] != '\033' || bytes[1] != '[')
		return 0;
	for (size_t i = 2; i < len; i++) {
		if (bytes[i] >= '0' && bytes[i] <= '9' && digits < 5) {
			number = number * 10 + (bytes[i] - '0');
			digits++;
		} else if (bytes[i] == ';' && digits > 0) {
			number = digits = 0;
		} else if (bytes[i] == 'R' && digits > 0) {
			*col = number;
			return i + 1;
		} else {
			return 0;
		}
	}
	return 0;
}

bool
tty_probe_parse(struct tty_probe *out, char *bytes, size_t *len)
{
	int cols[2] = { 0, 0 }, found = 0;
	size_t at[2] = { 0, 0 }, size[2] = { 0, 0 };

	for (size_t i = 0; i < *len && found < 2; i++) {
		size[found] = report_at(bytes + i, *len - i, &cols[found]);
		if (size[found] == 0)
			continue;
		at[found] = i;
		i += size[found] - 1;
		found++;
	}
	if (found < 2)
		return false;
	for (int k = 1; k >= 0; k--) {
		memmove(bytes + at[k], bytes + at[k] + size[k],
		    *len - at[k] - size[k]);
		*len -= size[k];
	}
	out->answered = true;
	out->utf8 = cols[0] == 5;
	out->ambiguous = !out->utf8 || cols[1] >= 5 ? 2 : 1;
	return true;
}

static void
read_answer(struct tty_probe *out, char *bytes, size_t size, size_t *len,
    int timeout_ms)
{
	struct pollfd in = { STDIN_FILENO, POLLIN, 0 };

	while (*len < size && poll(&in, 1, timeout_ms) == 1) {
		ssize_t n = read(STDIN_FILENO, bytes + *len, size - *len);

		if (n <= 0)
			return;
		*len += (size_t)n;
		if (tty_probe_parse(out, bytes, len))
			return;
	}
}

void
tty_probe_ask(struct tty_probe *out, int timeout_ms)
{
	struct termios old, raw;
	char bytes[512];
	size_t len = 0;

	*out = (struct tty_probe){ .ambiguous = 1 };
	if (tcgetattr(STDIN_FILENO, &old) != 0)
		return;
	raw = old;
	raw.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR
	    | IGNCR | ICRNL | IXON);
	raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	if (write(STDOUT_FILENO, question, sizeof question - 1)
	    == (ssize_t)(sizeof question - 1))
		read_answer(out, bytes, sizeof bytes, &len, timeout_ms);
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &old);
	out->typed_len = len < sizeof out->typed ? len : sizeof out->typed;
	memcpy(out->typed, bytes, out->typed_len);
}
