/*
 * No SA_RESTART: a handler with it would never wake a blocked read.
 */
#include "ui/tty_signal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/time.h>
#include <termios.h>
#include <unistd.h>

/* A picture that takes longer than this is given up; a draft is due within a
 * second, and nobody looks at a line that stands still. */
enum { STALL_MS = 200 };

/* Whatever ends a program that does not heed it would leave the picture. */
static const int ends[] = { SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2,
	SIGXCPU, SIGVTALRM, SIGPROF };

enum { ENDS = sizeof ends / sizeof *ends };

/* A handler can reach nothing else: the signal that ends us, the window's
 * change, the end of a stop, output thrown away, and the pipe that wakes
 * poll(). */
static volatile sig_atomic_t end_signal;
static volatile sig_atomic_t size_changed;
static volatile sig_atomic_t has_returned;
static volatile sig_atomic_t has_stalled;
static int wake_fds[2] = { -1, -1 };

static void
on_end(int sig)
{
	int saved = errno;

	end_signal = sig;
	if (write(wake_fds[1], "", 1) < 0)
		errno = 0;		/* the pipe is full: awake anyway */
	/* Frees a write() that a stalled line blocks. */
	(void)tcflush(STDOUT_FILENO, TCOFLUSH);
	errno = saved;
}

/* Of WINCH and CONT. */
static void
on_change(int sig)
{
	int saved = errno;

	if (sig == SIGCONT)
		has_returned = 1;
	size_changed = 1;
	if (write(wake_fds[1], "", 1) < 0)
		errno = 0;
	errno = saved;
}

static void
on_stall(int sig)
{
	int saved = errno;

	(void)sig;
	has_stalled = 1;
	(void)tcflush(STDOUT_FILENO, TCOFLUSH);
	errno = saved;
}

static void
catch(int sig, void (*handler)(int))
{
	struct sigaction sa = { .sa_handler = handler };

	(void)sigemptyset(&sa.sa_mask);
	(void)sigaction(sig, &sa, NULL);
}

bool
tty_signal_start(void)
{
	if (pipe(wake_fds) != 0)
		return false;
	for (int i = 0; i < 2; i++) {
		(void)fcntl(wake_fds[i], F_SETFL, O_NONBLOCK);
		(void)fcntl(wake_fds[i], F_SETFD, FD_CLOEXEC);
	}
	end_signal = 0;
	size_changed = has_returned = 0;
	for (size_t i = 0; i < ENDS; i++)
		catch(ends[i], on_end);
	catch(SIGWINCH, on_change);
	catch(SIGCONT, on_change);
	catch(SIGALRM, on_stall);
	/* Clerks have no shell to go to; whoever stops us means STOP. */
	catch(SIGTSTP, SIG_IGN);
	return true;
}

void
tty_signal_stop(void)
{
	for (size_t i = 0; i < ENDS; i++)
		catch(ends[i], SIG_DFL);
	catch(SIGWINCH, SIG_DFL);
	catch(SIGCONT, SIG_DFL);
	catch(SIGALRM, SIG_DFL);
	catch(SIGTSTP, SIG_DFL);
	for (int i = 0; i < 2; i++) {
		if (wake_fds[i] >= 0)
			(void)close(wake_fds[i]);
		wake_fds[i] = -1;
	}
}

int
tty_signal_fd(void)
{
	return wake_fds[0];
}

void
tty_signal_drain(void)
{
	char bytes[64];

	while (read(wake_fds[0], bytes, sizeof bytes) > 0)
		;
}

bool
tty_signal_ended(void)
{
	return end_signal != 0;
}

bool
tty_signal_changed(void)
{
	return size_changed != 0;
}

bool
tty_signal_take_resize(void)
{
	bool changed = size_changed != 0;

	size_changed = 0;
	return changed;
}

bool
tty_signal_take_return(void)
{
	bool returned = has_returned != 0;

	has_returned = 0;
	return returned;
}

static void
alarm_every(int ms)
{
	const struct timeval span = { .tv_usec = ms * 1000 };
	const struct itimerval timer = { .it_interval = span,
		.it_value = span };

	(void)setitimer(ITIMER_REAL, &timer, NULL);
}

void
tty_signal_guard(void)
{
	has_stalled = 0;
	alarm_every(STALL_MS);
}

bool
tty_signal_guard_end(void)
{
	alarm_every(0);
	return has_stalled != 0;
}
