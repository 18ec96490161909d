#ifndef KIT_SSHLINE_H
#define KIT_SSHLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "kit/vtest.h"

/*
 * A real line: OpenSSH's server and client on loopback, with throw-away keys,
 * as whoever runs the test.  The kernel gives the port: a process of ours
 * listens, and each connection gets an sshd of its own (sshd -i).
 *
 * Between client and server stands a relay, which is this test program again
 * (sshline_relay()), so that the line itself can be cut or stopped.
 */
struct sshline {
	char folder[64];		/* keys, logs */
	int port;
	pid_t door;			/* the process that listens */
	int alive;			/* it goes when this is closed */
	bool made_run;			/* /run/sshd is ours */
};

/* One program behind the line. */
struct sshline_call {
	struct vtest t;			/* the client in its terminal */
	char note[96];			/* folder and name of its pid files */
};

/* false: no sshd here, or no keys; says why on standard error. */
bool sshline_open(struct sshline *l);
void sshline_close(struct sshline *l);

/* What main() does when it is called with "relay PORT FILE". */
int sshline_relay(const char *port, const char *file);

/* Run a command of the shell at the other end; name tells calls apart. */
bool sshline_call(struct sshline_call *c, const struct sshline *l,
	const char *name, const struct vtest_options *options,
	const char *command);
/* The program at the other end, the sshd before it, the relay; 0 unknown. */
pid_t sshline_program(const struct sshline_call *c);
pid_t sshline_server(const struct sshline_call *c);
pid_t sshline_between(const struct sshline_call *c);

/* Until this process is gone, or only its parent has not looked yet. */
bool sshline_gone(pid_t pid);

#endif
