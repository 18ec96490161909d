/*
 * A child process of our own program.
 *
 * 1. The child gets nothing of ours but the pipe: every other descriptor is
 *    closed on exec or closed here.
 * 2. It is asked to end with SIGTERM when the screens leave; sync finishes its
 *    page and loses nothing.
 */
#include "client/job.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"

enum {
	JOB_ARGS_MAX = 24,
	JOB_BYTES_MAX = 256 * 1024,	/* what a child may say in one go */
	JOB_FD_MAX = 1024,		/* descriptors closed in the child */
	JOB_FAILED = 70,
};

static void
become(const char *const *args, int in, int out)
{
	const char *argv[JOB_ARGS_MAX + 2] = { "fengqiao" };
	sigset_t none;
	size_t n = 1;

	while (args[n - 1] && n <= JOB_ARGS_MAX) {
		argv[n] = args[n - 1];
		n++;
	}
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)signal(SIGTERM, SIG_DFL);
	(void)signal(SIGHUP, SIG_DFL);
	(void)signal(SIGUSR1, SIG_IGN);	/* job_nudge() may be early */
	(void)setsid();
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
		_exit(JOB_FAILED);
	for (int fd = 3; fd < JOB_FD_MAX; fd++)
		(void)close(fd);
	(void)execv("/proc/self/exe", (char *const *)(uintptr_t)argv);
	_exit(JOB_FAILED);
}

static void
close_pair(int pair[2])
{
	for (int i = 0; i < 2; i++)
		if (pair[i] >= 0)
			(void)close(pair[i]);
}

enum status
job_start(struct job *j, const char *const *args, const void *input,
	size_t len, struct err *err)
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 };
	pid_t pid = -1;

	if (!pipe(in) && !pipe(out))
		pid = fork();
	if (pid == 0)
		become(args, in[0], out[1]);
	if (pid < 0) {
		int why = errno;

		close_pair(in);
		close_pair(out);
		return err_set(err, E_IO, tr("Another program cannot be "
			"started: %s."), io_reason(why));
	}
	(void)close(in[0]);
	(void)close(out[1]);
	if (input)
		(void)io_write_all(in[1], input, len);
	(void)close(in[1]);
	(void)fcntl(out[0], F_SETFL, O_NONBLOCK);
	(void)fcntl(out[0], F_SETFD, FD_CLOEXEC);
	*j = (struct job){ .pid = pid, .fd = out[0] };
	buf_init(&j->got, JOB_BYTES_MAX);
	return E_OK;
}

bool
job_is_running(const struct job *j)
{
	return j->pid > 0;
}

void
job_read(struct job *j)
{
	char bytes[4096];

	while (j->pid > 0 && !j->ended) {
		ssize_t n = read(j->fd, bytes, sizeof bytes);

		if (n > 0)
			buf_add(&j->got, bytes, (size_t)n);
		else if (n == 0)
			j->ended = true;
		else if (errno != EINTR)
			break;
	}
}

bool
job_line(struct job *j, struct buf *out)
{
	const char *end;
	size_t len;

	if (!j->got.data || j->got.len == 0)
		return false;
	end = memchr(j->got.data, '\n', j->got.len);
	if (!end && !j->ended)
		return false;
	len = end ? (size_t)(end - j->got.data) : j->got.len;
	buf_add(out, j->got.data, len);
	buf_drop(&j->got, end ? len + 1 : len);
	return true;
}

const char *
job_sentence(const char *line)
{
	static const char name[] = "fengqiao: ";

	return strncmp(line, name, sizeof name - 1) == 0
		? line + sizeof name - 1 : line;
}

bool
job_end(struct job *j)
{
	int status = 0;

	if (j->pid <= 0 || !j->ended || j->got.len)
		return false;
	/* Its output is closed, so it is about to leave. */
	while (waitpid(j->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	(void)close(j->fd);
	buf_release(&j->got);
	*j = (struct job){ .status = WIFEXITED(status) ? WEXITSTATUS(status)
		: JOB_FAILED };
	return true;
}

void
job_nudge(const struct job *j)
{
	if (j->pid > 0)
		(void)kill(j->pid, SIGUSR1);
}

void
job_stop(struct job *j)
{
	if (j->pid <= 0)
		return;
	(void)kill(j->pid, SIGTERM);
	(void)close(j->fd);
	/* Not waited for: it finishes its page while we leave. */
	(void)waitpid(j->pid, NULL, WNOHANG);
	buf_release(&j->got);
	*j = (struct job){0};
}
