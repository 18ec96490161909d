/*
 * A terminal for tests, on forkpty and libvterm.
 *
 * Two traps of libvterm 0.1.4 are kept from the tests: a character whose bytes
 * come in two writes is decoded wrongly (unfinished ones wait here), and the
 * right half of a wide character has no attributes (rows skip it).
 *
 * libvterm draws ambiguous characters narrow.  For a terminal that draws them
 * wide they are drawn as characters of plane 3, which nobody uses and libvterm
 * knows to be wide.
 */
#include "kit/vtest.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/utf8.h"

enum { READ_BYTES = 65536, STEP_MS = 20, STAND_INS = 0x30000 };

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* ---- what libvterm tells ---- */

static int
on_cursor(VTermPos pos, VTermPos before, int visible, void *self)
{
	struct vtest *t = self;

	(void)before;
	t->cursor = pos;
	t->cursor_visible = visible;
	return 1;
}

static int
on_property(VTermProp property, VTermValue *value, void *self)
{
	struct vtest *t = self;

	if (property == VTERM_PROP_ALTSCREEN)
		t->alternate = value->boolean;
	if (property == VTERM_PROP_CURSORVISIBLE)
		t->cursor_visible = value->boolean;
	return 1;
}

static const VTermScreenCallbacks callbacks = {
	.movecursor = on_cursor,
	.settermprop = on_property,
};

/* Keys of the keyboard and answers to the program's questions. */
static void
on_output(const char *bytes, size_t len, void *self)
{
	vtest_send(self, bytes, len);
}

/* ---- start ---- */

static void
run_child(const struct vtest_options *o, const char *const *argv)
{
	setenv("TERM", o->term ? o->term : "xterm-256color", 1);
	setenv("LC_ALL", o->locale ? o->locale : "C.UTF-8", 1);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	for (size_t i = 0; o->env && o->env[i]; i++)
		putenv((char *)o->env[i]);
	execvp(argv[0], (char *const *)argv);
	perror(argv[0]);
	_exit(127);
}

static bool
open_charset(struct vtest *t, const struct vtest_options *o)
{
	const char *charset = o->locale ? strchr(o->locale, '.') : NULL;

	charset = o->charset ? o->charset : charset ? charset + 1 : NULL;
	t->wide = o->wide;
	t->from = t->to = (iconv_t)-1;
	if (!charset || strcasecmp(charset, "UTF-8") == 0)
		return true;
	t->wide = true;
	t->from = iconv_open("UTF-8", charset);
	t->to = iconv_open(charset, "UTF-8");
	return t->from != (iconv_t)-1 && t->to != (iconv_t)-1;
}

bool
vtest_start(struct vtest *t, const struct vtest_options *options,
	const char *const *argv)
{
	struct winsize size = {0};

	*t = (struct vtest){ .fd = -1, .cursor_visible = true };
	t->rows = options->rows ? options->rows : 24;
	t->cols = options->cols ? options->cols : 80;
	size.ws_row = (unsigned short)t->rows;
	size.ws_col = (unsigned short)t->cols;
	if (!open_charset(t, options))
		return false;
	fflush(NULL);
	t->pid = forkpty(&t->fd, NULL, NULL, &size);
	if (t->pid < 0)
		return false;
	if (t->pid == 0)
		run_child(options, argv);
	(void)fcntl(t->fd, F_SETFL, O_NONBLOCK);
	(void)fcntl(t->fd, F_SETFD, FD_CLOEXEC);
	t->vt = vterm_new(t->rows, t->cols);
	vterm_set_utf8(t->vt, 1);
	vterm_output_set_callback(t->vt, on_output, t);
	t->screen = vterm_obtain_screen(t->vt);
	vterm_screen_set_callbacks(t->screen, &callbacks, t);
	vterm_screen_enable_altscreen(t->screen, 1);
	vterm_screen_reset(t->screen, 1);
	return true;
}

/* ---- what the program writes ---- */

/* How many bytes at the end of s begin a character that is not complete. */
static size_t
unfinished(const char *s, size_t len)
{
	for (size_t k = 1; k <= 3 && k <= len; k++) {
		unsigned char c = (unsigned char)s[len - k];

		if (c >= 0xC0)
			return k < (c < 0xE0 ? 2u : c < 0xF0 ? 3u : 4u) ? k : 0;
		if (c < 0x80)
			break;
	}
	return 0;
}

/* GB18030 or the like into out; what is left at the end stays in *src. */
static size_t
convert(iconv_t how, char **src, size_t *left, char *out, size_t size)
{
	char *dst = out;
	size_t room = size;

	while (*left > 0 && room > 8) {
		if (iconv(how, src, left, &dst, &room) != (size_t)-1)
			break;
		if (errno == EINVAL && *left < sizeof ((struct vtest *)0)->carry)
			break;
		++*src;			/* not a character: shown as one */
		--*left;
		*dst++ = '?';
		room--;
	}
	return size - room;
}

static size_t put_utf8(char *s, uint32_t c);

static bool
is_ambiguous(uint32_t c)
{
	int narrow;

	utf8_set_ambiguous(1);
	narrow = utf8_char_cells(c);
	utf8_set_ambiguous(2);
	return c >= 0x80 && c < 0x10000 && utf8_char_cells(c) != narrow;
}

/* Whole characters only. */
static void
draw_text(struct vtest *t, const char *text, size_t len)
{
	static char wide[8 * READ_BYTES];
	size_t at = 0, n = 0;

	if (!t->wide) {
		vterm_input_write(t->vt, text, len);
		return;
	}
	while (at < len && n + 8 < sizeof wide) {
		uint32_t c = utf8_next(text, len, &at);

		n += put_utf8(wide + n, is_ambiguous(c) ? c + STAND_INS : c);
	}
	vterm_input_write(t->vt, wide, n);
}

static void
draw(struct vtest *t, const char *data, size_t len)
{
	static char in[READ_BYTES + 8], out[4 * READ_BYTES];
	char *src = in;
	size_t left = t->carry_bytes + len;

	memcpy(in, t->carry, t->carry_bytes);
	memcpy(in + t->carry_bytes, data, len);
	if (t->from == (iconv_t)-1) {
		size_t tail = unfinished(in, left);

		draw_text(t, in, left - tail);
		src = in + left - tail;
		left = tail;
	} else {
		draw_text(t, out,
			convert(t->from, &src, &left, out, sizeof out));
	}
	t->carry_bytes = left < sizeof t->carry ? left : 0;
	memcpy(t->carry, src, t->carry_bytes);
	vterm_screen_flush_damage(t->screen);
}

/* One read, after waiting up to ms; false: nothing came. */
static bool
take(struct vtest *t, int ms)
{
	static char data[READ_BYTES];
	struct pollfd p = { .fd = t->fd, .events = POLLIN };
	ssize_t n;

	if (t->eof || t->fd < 0 || poll(&p, 1, ms) <= 0)
		return false;
	n = read(t->fd, data, sizeof data);
	if (n > 0) {
		t->bytes += (size_t)n;
		draw(t, data, (size_t)n);
		return true;
	}
	if (n == 0 || (errno != EAGAIN && errno != EINTR))
		t->eof = true;		/* EIO: nobody holds the other end */
	return false;
}

void
vtest_settle(struct vtest *t, int quiet_ms)
{
	int64_t end = now_ms() + VTEST_WAIT_MS;

	while (take(t, quiet_ms) && now_ms() < end)
		continue;
}

/* ---- what the test types ---- */

void
vtest_send(struct vtest *t, const char *bytes, size_t len)
{
	int64_t end = now_ms() + VTEST_WAIT_MS;

	while (len > 0 && t->fd >= 0 && now_ms() < end) {
		ssize_t n = write(t->fd, bytes, len);

		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		} else if (n < 0 && errno != EAGAIN && errno != EINTR) {
			return;
		} else {
			take(t, STEP_MS);	/* it may wait for us to read */
		}
	}
}

void
vtest_type(struct vtest *t, const char *text)
{
	char out[VTEST_LINE_MAX], *src = (char *)text;
	size_t left = strlen(text);

	if (t->to == (iconv_t)-1)
		vtest_send(t, text, left);
	else
		vtest_send(t, out,
			convert(t->to, &src, &left, out, sizeof out));
}

void
vtest_key(struct vtest *t, VTermKey key)
{
	vterm_keyboard_key(t->vt, key, VTERM_MOD_NONE);
}

void
vtest_ctrl(struct vtest *t, char letter)
{
	char c = (char)(letter & 0x1f);

	vtest_send(t, &c, 1);
}

void
vtest_resize(struct vtest *t, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows,
		.ws_col = (unsigned short)cols };

	t->rows = rows;
	t->cols = cols;
	vterm_set_size(t->vt, rows, cols);
	ioctl(t->fd, TIOCSWINSZ, &size);
}

/* ---- looking ---- */

bool
vtest_cell(struct vtest *t, int row, int col, VTermScreenCell *out)
{
	return vterm_screen_get_cell(t->screen,
		(VTermPos){ .row = row, .col = col }, out);
}

static size_t
put_utf8(char *s, uint32_t c)
{
	if (c < 0x80) {
		s[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		s[0] = (char)(0xC0 | c >> 6);
		s[1] = (char)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		s[0] = (char)(0xE0 | c >> 12);
		s[1] = (char)(0x80 | (c >> 6 & 63));
		s[2] = (char)(0x80 | (c & 63));
		return 3;
	}
	s[0] = (char)(0xF0 | (c >> 18 & 7));
	s[1] = (char)(0x80 | (c >> 12 & 63));
	s[2] = (char)(0x80 | (c >> 6 & 63));
	s[3] = (char)(0x80 | (c & 63));
	return 4;
}

/* The row's text; cells[i] is the column in which byte i stands. */
static void
read_row(struct vtest *t, int row, char *out, int *cells)
{
	size_t n = 0, end = 0;

	for (int col = 0; col < t->cols && n + 32 < VTEST_LINE_MAX; ) {
		VTermScreenCell c = {0};
		size_t start = n;

		if (!vtest_cell(t, row, col, &c))
			break;
		if (!c.chars[0] || c.chars[0] == (uint32_t)-1) {
			c.chars[0] = ' ';
			c.chars[1] = 0;
		}
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && c.chars[i]; i++)
			n += put_utf8(out + n, c.chars[i] - (c.chars[i] >=
			    STAND_INS && c.chars[i] < STAND_INS + 0x10000
			    ? STAND_INS : 0));
		for (size_t i = start; cells && i < n; i++)
			cells[i] = col;
		if (c.chars[0] != ' ')
			end = n;
		col += c.width > 1 ? 2 : 1;
	}
	out[end] = 0;
}

void
vtest_row(struct vtest *t, int row, char *out)
{
	read_row(t, row, out, NULL);
}

int
vtest_find(struct vtest *t, const char *text, int *col)
{
	static char line[VTEST_LINE_MAX];
	static int cells[VTEST_LINE_MAX];

	for (int row = 0; row < t->rows; row++) {
		char *at;

		read_row(t, row, line, cells);
		at = strstr(line, text);
		if (!at)
			continue;
		if (col)
			*col = cells[at - line];
		return row;
	}
	return -1;
}

int
vtest_wait_either(struct vtest *t, const char *one, const char *other)
{
	int64_t end = now_ms() + VTEST_WAIT_MS;

	for (;;) {
		if (vtest_find(t, one, NULL) >= 0)
			return 0;
		if (vtest_find(t, other, NULL) >= 0)
			return 1;
		if (t->eof || now_ms() >= end)
			break;
		take(t, STEP_MS);
	}
	fprintf(stderr, "# waited in vain for \"%s\" or \"%s\"\n", one, other);
	vtest_dump(t);
	return -1;
}

bool
vtest_wait_moved(struct vtest *t)
{
	int64_t end = now_ms() + VTEST_WAIT_MS;
	VTermPos before = t->cursor;

	while (t->cursor.row == before.row && t->cursor.col == before.col) {
		if (t->eof || now_ms() >= end)
			return false;
		take(t, STEP_MS);
	}
	vtest_settle(t, STEP_MS);
	return true;
}

static bool
wait_until(struct vtest *t, const char *text, bool there)
{
	int64_t end = now_ms() + VTEST_WAIT_MS;

	while ((vtest_find(t, text, NULL) >= 0) != there) {
		if (t->eof || now_ms() >= end) {
			fprintf(stderr, "# waited in vain until \"%s\" %s\n",
				text, there ? "comes" : "goes");
			vtest_dump(t);
			return false;
		}
		take(t, STEP_MS);
	}
	return true;
}

bool
vtest_wait(struct vtest *t, const char *text)
{
	return wait_until(t, text, true);
}

bool
vtest_wait_gone(struct vtest *t, const char *text)
{
	return wait_until(t, text, false);
}

void
vtest_dump(struct vtest *t)
{
	char line[VTEST_LINE_MAX];

	for (int row = 0; row < t->rows; row++) {
		vtest_row(t, row, line);
		fprintf(stderr, "# %2d|%s\n", row, line);
	}
	fprintf(stderr, "# cursor %d,%d %s; %zu bytes; %s\n", t->cursor.row,
		t->cursor.col, t->cursor_visible ? "visible" : "hidden",
		t->bytes, t->eof ? "the program has left" : "running");
}

/* ---- the end ---- */

void
vtest_signal(struct vtest *t, int sig)
{
	if (t->pid > 0 && !t->ended)
		kill(t->pid, sig);
}

void
vtest_hang_up(struct vtest *t)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
	t->eof = true;
}

static int
exit_status(const struct vtest *t)
{
	if (WIFSIGNALED(t->wait_status))
		return 128 + WTERMSIG(t->wait_status);
	return WEXITSTATUS(t->wait_status);
}

int
vtest_exit(struct vtest *t)
{
	int64_t end = now_ms() + VTEST_WAIT_MS;

	while (!t->ended) {
		/* what it writes while leaving must be read, or it waits */
		if (!take(t, STEP_MS) && (t->eof || t->fd < 0))
			poll(NULL, 0, 2);
		if (waitpid(t->pid, &t->wait_status, WNOHANG) == t->pid) {
			t->ended = true;
		} else if (now_ms() >= end) {
			kill(t->pid, SIGKILL);
			waitpid(t->pid, &t->wait_status, 0);
			t->ended = true;
			return -1;
		}
	}
	while (take(t, 0))
		continue;
	return exit_status(t);
}

void
vtest_release(struct vtest *t)
{
	vtest_hang_up(t);
	if (t->pid > 0 && !t->ended) {
		kill(t->pid, SIGKILL);
		waitpid(t->pid, &t->wait_status, 0);
	}
	if (t->vt)
		vterm_free(t->vt);
	if (t->from != (iconv_t)-1)
		iconv_close(t->from);
	if (t->to != (iconv_t)-1)
		iconv_close(t->to);
	*t = (struct vtest){ .fd = -1, .from = (iconv_t)-1,
		.to = (iconv_t)-1 };
}
