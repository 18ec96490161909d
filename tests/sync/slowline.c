/*
 * A slow line: passes bytes between clients and a server on loopback at a rate,
 * with a latency, and now and then late, as when a packet is lost.
 *
 *   slowline PORT BYTES_S LATENCY_MS LOST_PERMILLE [COUNTS]
 *
 * COUNTS: a file that is written whenever the line falls silent: bytes up and
 * down; packets up and down, as the kernel counts them at the client's end, of
 * at most 1,400 bytes; connections.
 * Prints "listening on PORT" and passes until it is killed.  All connections
 * share the line, each direction for itself.  SIGUSR1: the line is dead and
 * silent, not even an end gets through; SIGUSR2: it lives again.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <linux/tcp.h>		/* with the counts of packets */
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	PAIRS_MAX = 24,
	CHUNK_BYTES = 1400,	/* as a packet has */
	CHUNKS_MAX = 48,	/* under way in one direction */
	AGAIN_MS = 1000,	/* until a lost packet is sent again */
};

struct chunk {
	int64_t due_ms;
	size_t len;
	char data[CHUNK_BYTES];
};

struct way {			/* one direction of a connection */
	struct chunk chunks[CHUNKS_MAX];
	size_t first, count;
	int from, to;
	bool ended;		/* nothing more is read */
};

struct pair {
	int client, server;	/* 0: free */
	struct way up, down;
};

static struct pair pairs[PAIRS_MAX];
static int64_t line_free_ms[2];	/* when the line can take more, each way */
static long rate, latency_ms, lost_permille;
static volatile sig_atomic_t dead;	/* set by the signals */
static long long passed[2], connections;
static long long packets[2];		/* of connections that have ended */
static const char *counts_path;
static bool uncounted;			/* not in the file yet */

static void
on_signal(int sig)
{
	dead = sig == SIGUSR1;
}

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int
loopback(struct sockaddr_in *at, int port)
{
	*at = (struct sockaddr_in){ .sin_family = AF_INET };
	at->sin_port = htons((unsigned short)port);
	at->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return socket(AF_INET, SOCK_STREAM, 0);
}

static void
add_packets(long long sums[2], const struct pair *p)
{
	struct tcp_info info = {0};
	socklen_t size = sizeof info;

	if (getsockopt(p->client, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
		return;
	sums[0] += info.tcpi_segs_in;
	sums[1] += info.tcpi_segs_out;
}

static void
close_pair(struct pair *p)
{
	add_packets(packets, p);
	uncounted = true;
	close(p->client);
	close(p->server);
	*p = (struct pair){0};
}

/* Take in what has come and say when it will be there. */
static void
take(struct way *w, int which)
{
	struct chunk *c = &w->chunks[(w->first + w->count) % CHUNKS_MAX];
	ssize_t n = read(w->from, c->data, CHUNK_BYTES);
	int64_t now = now_ms();

	if (n <= 0) {
		w->ended = true;
		return;
	}
	if (line_free_ms[which] < now)
		line_free_ms[which] = now;
	line_free_ms[which] += n * 1000 / rate;
	if (random() % 1000 < lost_permille)
		line_free_ms[which] += AGAIN_MS;
	passed[which] += n;
	uncounted = true;
	c->due_ms = line_free_ms[which] + latency_ms / 2;
	c->len = (size_t)n;
	w->count++;
}

/* Hand over what is due; false: the other end is gone. */
static bool
give(struct way *w)
{
	while (w->count && !dead && w->chunks[w->first].due_ms <= now_ms()) {
		const struct chunk *c = &w->chunks[w->first];

		for (size_t done = 0; done < c->len;) {
			ssize_t n = write(w->to, c->data + done,
				c->len - done);

			if (n <= 0 && errno != EINTR)
				return false;
			done += n > 0 ? (size_t)n : 0;
		}
		w->first = (w->first + 1) % CHUNKS_MAX;
		w->count--;
	}
	return dead || !(w->ended && w->count == 0);
}

/* Whole or not at all: somebody reads it meanwhile. */
static void
write_counts(void)
{
	long long sums[2] = { packets[0], packets[1] };
	char part[512];
	FILE *f;

	for (size_t i = 0; i < PAIRS_MAX; i++) {
		if (pairs[i].client)
			add_packets(sums, &pairs[i]);
	}

	snprintf(part, sizeof part, "%s.part", counts_path);
	f = fopen(part, "w");
	if (!f)
		return;
	fprintf(f, "%lld %lld %lld %lld %lld\n", passed[0], passed[1],
		sums[0], sums[1], connections);
	if (fclose(f) == 0 && rename(part, counts_path) == 0)
		uncounted = false;
}

static void
welcome(int door, int port)
{
	struct sockaddr_in at;
	int one = 1, client = accept(door, NULL, NULL);
	int server = loopback(&at, port);
	struct pair *p = NULL;

	for (size_t i = 0; i < PAIRS_MAX && !p; i++)
		p = pairs[i].client ? NULL : &pairs[i];
	if (!p || client < 0 || server < 0 ||
	    connect(server, (struct sockaddr *)&at, sizeof at) != 0) {
		close(client);
		close(server);
		return;
	}
	connections++;
	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	*p = (struct pair){ .client = client, .server = server,
		.up = { .from = client, .to = server },
		.down = { .from = server, .to = client } };
}

static short
wanted(const struct way *w)
{
	return w->ended || w->count == CHUNKS_MAX ? 0 : POLLIN;
}

static void
turn(int door, int port)
{
	struct pollfd fds[1 + 2 * PAIRS_MAX] = {
		{ .fd = door, .events = POLLIN } };

	for (size_t i = 0; i < PAIRS_MAX; i++) {
		struct pair *p = &pairs[i];

		fds[1 + 2 * i].fd = p->client && wanted(&p->up) ?
			p->client : -1;
		fds[2 + 2 * i].fd = p->client && wanted(&p->down) ?
			p->server : -1;
		fds[1 + 2 * i].events = fds[2 + 2 * i].events = POLLIN;
	}
	switch (poll(fds, 1 + 2 * PAIRS_MAX, 5)) {
	case -1:
		return;
	case 0:
		if (uncounted && counts_path)
			write_counts();
		break;
	default:
		break;
	}
	for (size_t i = 0; i < PAIRS_MAX; i++) {
		struct pair *p = &pairs[i];

		if (!p->client)
			continue;
		if (fds[1 + 2 * i].revents)
			take(&p->up, 0);
		if (fds[2 + 2 * i].revents)
			take(&p->down, 1);
		if (!give(&p->up) || !give(&p->down))
			close_pair(p);
	}
	if (fds[0].revents)
		welcome(door, port);
}

int
main(int argc, char **argv)
{
	struct sigaction toggle = { .sa_handler = on_signal };
	struct sockaddr_in at;
	socklen_t size = sizeof at;
	int packet = CHUNK_BYTES;
	int port = argc == 5 || argc == 6 ? (int)strtol(argv[1], NULL, 10) : 0;
	int door = loopback(&at, 0);

	if (port <= 0 || door < 0) {
		fprintf(stderr, "usage: slowline PORT BYTES_S LATENCY_MS "
			"LOST_PERMILLE [COUNTS]\n");
		return 2;
	}
	rate = strtol(argv[2], NULL, 10);
	latency_ms = strtol(argv[3], NULL, 10);
	lost_permille = strtol(argv[4], NULL, 10);
	counts_path = argv[5];
	signal(SIGPIPE, SIG_IGN);
	(void)setsockopt(door, IPPROTO_TCP, TCP_MAXSEG, &packet,
		sizeof packet);
	sigaction(SIGUSR1, &toggle, NULL);
	sigaction(SIGUSR2, &toggle, NULL);
	if (rate <= 0 || bind(door, (struct sockaddr *)&at, sizeof at) != 0 ||
	    listen(door, 16) != 0 ||
	    getsockname(door, (struct sockaddr *)&at, &size) != 0) {
		perror("slowline");
		return 1;
	}
	printf("listening on %d\n", ntohs(at.sin_port));
	fflush(stdout);
	for (;;)
		turn(door, port);
}
