/*
 * A bad line: passes bytes between a client and a server on loopback and cuts
 * the connection where it is told to.
 *
 *   cutproxy PORT PLAN
 *
 * Prints "listening on PORT" and serves one connection after the other until
 * it is killed.  For each connection the file PLAN is read anew; it holds one
 * line: "pass", "request N" (cut when N bytes have gone to the server), "each N"
 * (cut when N bytes have gone either way), or
 * "reply N" (everything goes to the server, of its answers N bytes come back
 * and then the client is cut off; the server is heard to its end), or
 * "swallow N" (once the client has sent N bytes nothing of the server's answers
 * comes back: after a handshake, that is the whole reply).  How many
 * bytes came back, and how many went up, is added to the file PLAN.log, a line
 * for each connection.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEARD_MS = 300 };

struct plan {
	long request, reply;	/* bytes that may pass; -1: all */
	long swallow;		/* from so many bytes of the client; -1: no */
	long each;		/* either way; 0: no */
};

static struct plan
read_plan(const char *path)
{
	struct plan p = { .request = -1, .reply = -1,
		.swallow = -1 };
	char word[16] = "";
	long bytes = 0;
	FILE *f = fopen(path, "r");

	if (!f)
		return p;
	if (fscanf(f, "%15s %ld", word, &bytes) == 2) {
		if (strcmp(word, "request") == 0)
			p.request = bytes;
		else if (strcmp(word, "each") == 0)
			p.each = bytes;
		else if (strcmp(word, "reply") == 0)
			p.reply = bytes;
		else if (strcmp(word, "swallow") == 0)
			p.swallow = bytes;
	}
	fclose(f);
	return p;
}

static int
loopback(struct sockaddr_in *at, int port)
{
	*at = (struct sockaddr_in){ .sin_family = AF_INET };
	at->sin_port = htons((unsigned short)port);
	at->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return socket(AF_INET, SOCK_STREAM, 0);
}

static bool
send_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

/* Pass one portion on; false: the end, or the cut.  *passed counts. */
static bool
pass(int from, int to, long *left, long *passed)
{
	char data[16384];
	ssize_t n = read(from, data, sizeof data);
	size_t len = n > 0 ? (size_t)n : 0;

	if (n <= 0)
		return false;
	if (*left >= 0 && (long)len > *left)
		len = (size_t)*left;
	if (!send_all(to, data, len))
		return false;
	*passed += (long)len;
	if (*left < 0)
		return true;
	*left -= (long)len;
	return *left > 0;
}

/* The client is gone, but what it sent counts: let the server finish. */
static void
hear_out(int server)
{
	struct pollfd p = { .fd = server, .events = POLLIN };
	char data[16384];

	while (poll(&p, 1, HEARD_MS) > 0)
		if (read(server, data, sizeof data) <= 0)
			return;
}

static void
log_bytes(const char *plan, long down, long up)
{
	char path[1024];
	FILE *f;

	snprintf(path, sizeof path, "%s.log", plan);
	f = fopen(path, "a");
	if (!f)
		return;
	fprintf(f, "%ld %ld\n", down, up);
	fclose(f);
}

/* Until one of them closes, or it is time to cut. */
static void
serve(long *came, long *went, int client, int server, struct plan plan)
{
	struct pollfd p[2] = { { .fd = client, .events = POLLIN },
		{ .fd = server, .events = POLLIN } };
	long up = 0, down = 0;

	while (poll(p, 2, -1) > 0) {
		if (p[0].revents && !pass(client, server, &plan.request, &up))
			break;
		if (p[1].revents && plan.swallow >= 0 && up >= plan.swallow) {
			plan.reply = 0;
			break;
		}
		if (p[1].revents && !pass(server, client, &plan.reply, &down))
			break;
		if (plan.each > 0 && (up >= plan.each || down >= plan.each))
			break;
	}
	if (plan.reply >= 0) {
		shutdown(client, SHUT_RDWR);
		hear_out(server);
	}
	*came = down;
	*went = up;
}

int
main(int argc, char **argv)
{
	struct sockaddr_in at;
	socklen_t size = sizeof at;
	int port = argc == 3 ? (int)strtol(argv[1], NULL, 10) : 0;
	int door = loopback(&at, 0);

	if (port <= 0 || door < 0) {
		fprintf(stderr, "usage: cutproxy PORT PLAN\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	if (bind(door, (struct sockaddr *)&at, sizeof at) != 0 ||
	    listen(door, 16) != 0 ||
	    getsockname(door, (struct sockaddr *)&at, &size) != 0) {
		perror("cutproxy");
		return 1;
	}
	printf("listening on %d\n", ntohs(at.sin_port));
	fflush(stdout);
	for (;;) {
		int client = accept(door, NULL, NULL);
		int server = loopback(&at, port);
		long down = 0, up = 0;

		if (client >= 0 && server >= 0 && connect(server,
		    (struct sockaddr *)&at, sizeof at) == 0) {
			serve(&down, &up, client, server, read_plan(argv[2]));
			log_bytes(argv[2], down, up);
		}
		if (client >= 0)
			close(client);
		if (server >= 0)
			close(server);
	}
}
