#ifndef SERVER_LISTEN_H
#define SERVER_LISTEN_H

#include "base/err.h"

/*
 * Where the server can be reached.
 */

/* A listening socket, owned by the caller, close(); port 0 picks one, told in
 * *real_port.  host "" is every IPv4 address.
 * Errors: E_INVALID no such address here; E_IO the port is taken or reserved. */
MUST_CHECK enum status listen_open(int *out, int *real_port, const char *host,
	int port, struct err *err);

/* How many connections there may be: max, or fewer if the system gives fewer
 * descriptors; the process's limit is raised as far as allowed. */
unsigned listen_connections(unsigned max);

#endif
