#ifndef KIT_VTEST_H
#define KIT_VTEST_H

#include <iconv.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <vterm.h>

/*
 * A terminal for tests: a program runs behind a pty, what it writes is drawn
 * by libvterm in this process, and a test looks at rows, cells and the cursor,
 * never at escape sequences.
 *
 * Waiting is always "until this text is there, at most so long", never a time.
 */
enum { VTEST_LINE_MAX = 4096, VTEST_WAIT_MS = 20000 };

struct vtest {
	pid_t pid;
	int fd;			/* our end of the pty; -1 hung up */
	int rows, cols;
	bool eof;		/* the program has left the terminal */
	bool ended;		/* ... and was waited for */
	int wait_status;	/* when ended */
	VTerm *vt;
	VTermScreen *screen;
	VTermPos cursor;
	bool cursor_visible;
	bool alternate;		/* the alternate screen is shown */
	iconv_t from, to;	/* (iconv_t)-1 when it speaks UTF-8 */
	bool wide;		/* ambiguous characters take two cells */
	char carry[8];		/* an unfinished character of the output */
	size_t carry_bytes;
	size_t bytes;		/* written by the program so far */
};

struct vtest_options {
	int rows, cols;			/* 0: 24, 80 */
	const char *term;		/* NULL: xterm-256color */
	const char *locale;		/* NULL: C.UTF-8 */
	const char *charset;		/* of the terminal; NULL: locale's */
	bool wide;			/* as East Asian terminals draw; any
					 * charset but UTF-8 implies it */
	const char *const *env;		/* "NAME=text" ..., NULL; or NULL */
};

/* Start argv[0] (argv ends with NULL) in a new terminal; t need not be
 * initialised.  false: no pty, or no such charset. */
bool vtest_start(struct vtest *t, const struct vtest_options *options,
	const char *const *argv);

/* Text as typed or pasted (UTF-8; sent in the locale's charset). */
void vtest_type(struct vtest *t, const char *text);
/* Bytes as they are. */
void vtest_send(struct vtest *t, const char *bytes, size_t len);
/* A key of the keyboard, as this terminal would send it. */
void vtest_key(struct vtest *t, VTermKey key);
void vtest_ctrl(struct vtest *t, char letter);
void vtest_resize(struct vtest *t, int rows, int cols);

/* Until a row holds the text; false after VTEST_WAIT_MS, or at the end of the
 * program (what it wrote last still counts). */
bool vtest_wait(struct vtest *t, const char *text);
bool vtest_wait_gone(struct vtest *t, const char *text);
/* Until one of the two is there: 0 or 1; -1 as above. */
int vtest_wait_either(struct vtest *t, const char *one, const char *other);
/* Until the cursor stands elsewhere than now, and nothing more comes. */
bool vtest_wait_moved(struct vtest *t);
/* Take what comes until nothing came for quiet_ms. */
void vtest_settle(struct vtest *t, int quiet_ms);
/* The first row that holds the text, -1 none; *col (may be NULL) is the cell
 * where it begins. */
int vtest_find(struct vtest *t, const char *text, int *col);
/* A row as UTF-8 without trailing blanks; out has VTEST_LINE_MAX bytes. */
void vtest_row(struct vtest *t, int row, char *out);
bool vtest_cell(struct vtest *t, int row, int col, VTermScreenCell *out);
/* The whole screen, to standard error, each row after "# ". */
void vtest_dump(struct vtest *t);

void vtest_signal(struct vtest *t, int sig);
/* The line drops: our end is closed. */
void vtest_hang_up(struct vtest *t);
/* Until the program ends: its exit status, 128 + the signal that ended it, or
 * -1 when it had to be killed after VTEST_WAIT_MS. */
int vtest_exit(struct vtest *t);
/* Everything away; the program is killed if it still runs. */
void vtest_release(struct vtest *t);

#endif
