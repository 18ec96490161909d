#ifndef BASE_ERR_H
#define BASE_ERR_H

/*
 * The one way this program says "no".  Every function that can fail returns
 * an enum status and takes a struct err as its last argument; the two are
 * always set together, and the struct is touched only on failure.
 */
enum status {
	E_OK = 0,
	E_NOTFOUND,	/* the thing asked for does not exist */
	E_INVALID,	/* the caller's data breaks a rule; the user can mend it */
	E_CONFLICT,	/* someone else changed it first */
	E_AUTH,		/* not signed in, or not allowed */
	E_OFFLINE,	/* no answer from the server; try again later */
	E_IO,		/* disk, socket or database refused */
};

#define ERR_MSG_MAX 400		/* bytes with the NUL: a line of 120 hanzi */

struct err {
	enum status code;
	char msg[ERR_MSG_MAX];	/* one line, UTF-8, no newline, in the user's
				 * language, fit to be shown as it is */
};

#define ERR_INIT { .code = E_OK, .msg = "" }
#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/* Record a failure and return its code, so that a caller can write
 * "return err_set(err, E_IO, tr("..."))".  A message that does not fit is cut
 * between two characters.  Never call it with E_OK. */
enum status err_set(struct err *err, enum status code, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* The program's exit status for a failure (design.md 8): E_NOTFOUND and
 * E_INVALID 1, E_AUTH 3, E_OFFLINE 4, E_CONFLICT 5, E_IO 70; E_OK 0. */
int err_exit_status(enum status code);

/* The code's name for logs and JSON: "ok", "not_found", "invalid",
 * "conflict", "auth", "offline", "io". */
const char *err_name(enum status code);

#endif
