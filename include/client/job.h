#ifndef CLIENT_JOB_H
#define CLIENT_JOB_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * This program once more, as a child: what needs the network runs there, so
 * that the screens never wait for it.  Its standard output and error come back
 * as lines through one pipe that the screens' loop watches.
 */
struct job {
	pid_t pid;		/* 0: none is running */
	int fd;			/* read end of its output */
	struct buf got;		/* what came and is not taken yet */
	bool ended;		/* its output is at an end */
	int status;		/* exit status, once job_end() said so */
};

/*
 * Start "fengqiao ARGS...".  input (may be NULL) is given on its standard
 * input, len bytes; it must be short (a password, a key), because it is written
 * at once.
 * Errors: E_IO the system has no process or pipe left.
 */
MUST_CHECK enum status job_start(struct job *j, const char *const *args,
	const void *input, size_t len, struct err *err);

bool job_is_running(const struct job *j);
/* Read what has come; never blocks. */
void job_read(struct job *j);
/* Append the next whole line to out, without its end; false: none yet. */
bool job_line(struct job *j, struct buf *out);
/* A failure's line without the program's name before it.  Lent. */
const char *job_sentence(const char *line);
/* Tell it that somebody wants it to go on now (SIGUSR1). */
void job_nudge(const struct job *j);
/* Has it ended?  Then its status is known and the job is empty. */
bool job_end(struct job *j);
/* Ask it to stop and forget it; accepts an empty job. */
void job_stop(struct job *j);

#endif
