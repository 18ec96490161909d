/*
 * The listening socket and the descriptors for those who come.
 */
#include "server/listen.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/tr.h"

#define OWN_FILES 64u	/* descriptors for the database and the library */

static int
listen_at(const struct addrinfo *a)
{
	int one = 1;
	int fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	/* Inherited by every connection.  Without it a reply of two TLS
	 * records waits 40 ms for the peer's delayed acknowledgement. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (bind(fd, a->ai_addr, a->ai_addrlen) || listen(fd, 1024)) {
		close(fd);
		return -1;
	}
	return fd;
}

static int
port_of(int fd)
{
	struct sockaddr_storage a = {0};
	socklen_t len = sizeof a;

	if (getsockname(fd, (struct sockaddr *)&a, &len))
		return 0;
	if (a.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&a)->sin6_port);
	return ntohs(((struct sockaddr_in *)&a)->sin_port);
}

enum status
listen_open(int *out, int *real_port, const char *host, int port,
    struct err *err)
{
	struct addrinfo hints = { .ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
	struct addrinfo *list = NULL;
	char service[16];
	int fd = -1;

	snprintf(service, sizeof service, "%d", port);
	if (getaddrinfo(*host ? host : "0.0.0.0", service, &hints, &list))
		return err_set(err, E_INVALID,
		    tr("This machine has no address \"%s\"."), host);
	for (struct addrinfo *a = list; a && fd < 0; a = a->ai_next)
		fd = listen_at(a);
	freeaddrinfo(list);
	if (fd < 0)
		return err_set(err, E_INVALID,
		    tr("Port %d cannot be used: it is taken or reserved."),
		    port);
	*out = fd;
	*real_port = port_of(fd);
	return E_OK;
}

unsigned
listen_connections(unsigned max)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r))
		return 512;
	if (r.rlim_cur < r.rlim_max) {
		r.rlim_cur = r.rlim_max < max + OWN_FILES ? r.rlim_max :
		    max + OWN_FILES;
		if (setrlimit(RLIMIT_NOFILE, &r) && getrlimit(RLIMIT_NOFILE, &r))
			return 512;
	}
	if (r.rlim_cur >= max + OWN_FILES)
		return max;
	return r.rlim_cur > 2 * OWN_FILES ? (unsigned)r.rlim_cur - OWN_FILES :
	    OWN_FILES;
}
