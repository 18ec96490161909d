/*
 * Runs a command again and again and kills it with SIGKILL at a random moment,
 * until it was really killed so many times.
 *
 *   killer [-n KILLS] [-s SEED] [-l] [-c COMPANION] [-i FILE] -- COMMAND...
 *
 * "{}" in a word of COMMAND, and in COMPANION, becomes the number of the run.
 * -l  the clock starts with the first line the command writes
 * -c  with that line a shell also runs COMPANION, which is not killed: the
 *     command is a server and the companion its client
 * -i  the command reads FILE, each time from its beginning
 *
 * What both write goes to standard output, whole lines only.  How long the
 * command (or the companion) takes is measured in three runs that are left in
 * peace; the moments are spread evenly over that time.  The last line on
 * standard error says how many were killed and how many ended before, and the
 * seed with which it happens again.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MEASURED = 3, LINE_BYTES = 65536, WORDS_MAX = 64,
	PATIENCE_US = 60 * 1000 * 1000 };

/* What comes from one process: lines are passed on when they are whole. */
struct stream {
	int fd;				/* -1: ended */
	size_t len;
	char line[LINE_BYTES];
};

struct killer {
	char **argv;
	const char *companion;		/* NULL: none */
	const char *input;		/* NULL: nothing to read */
	bool from_line;
	int kills;
	uint64_t seed, random;
	int64_t usual_us;		/* how long it takes when left alone */
	int run, killed, ended;
};

struct run {
	pid_t victim, companion;	/* 0: not running */
	struct stream out, answer;	/* of the victim, of the companion */
	int64_t started_us;		/* -1: the clock does not run yet */
	int64_t took_us;
	bool shot;			/* we killed the victim */
};

static int64_t
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* splitmix64: small, and the same everywhere. */
static uint64_t
next_random(struct killer *k)
{
	uint64_t z = (k->random += 0x9E3779B97F4A7C15u);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static char *
numbered(const char *word, int run)
{
	const char *at = strstr(word, "{}");
	size_t size = strlen(word) + 16;
	char *out = malloc(size);

	if (!out)
		abort();
	if (at)
		snprintf(out, size, "%.*s%d%s", (int)(at - word), word, run,
			at + 2);
	else
		snprintf(out, size, "%s", word);
	return out;
}

static pid_t
start(struct stream *out, const char *input, char *const *argv)
{
	int ends[2];
	pid_t pid;

	if (pipe(ends) != 0)
		abort();
	(void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	pid = fork();
	if (pid < 0)
		abort();
	if (pid == 0) {
		int in = open(input ? input : "/dev/null", O_RDONLY);

		dup2(in, STDIN_FILENO);
		dup2(ends[1], STDOUT_FILENO);
		close(ends[1]);
		execvp(argv[0], argv);
		perror(argv[0]);
		_exit(127);
	}
	close(ends[1]);
	out->fd = ends[0];
	out->len = 0;
	return pid;
}

static void
start_victim(struct run *r, const struct killer *k)
{
	char *words[WORDS_MAX + 1] = {0};

	for (int i = 0; k->argv[i] && i < WORDS_MAX; i++)
		words[i] = numbered(k->argv[i], k->run);
	r->victim = start(&r->out, k->input, words);
	for (int i = 0; words[i]; i++)
		free(words[i]);
}

static void
start_clock(struct run *r, const struct killer *k)
{
	char *script;

	if (r->started_us >= 0)
		return;
	if (k->companion) {
		script = numbered(k->companion, k->run);
		r->companion = start(&r->answer, NULL, (char *[]){
			(char *)"/bin/sh", (char *)"-c", script, NULL });
		free(script);
	}
	r->started_us = now_us();
}

/* One read; passes whole lines on.  false: the end. */
static bool
pass_on(struct stream *s, bool *line)
{
	ssize_t n = read(s->fd, s->line + s->len, sizeof s->line - s->len);
	size_t whole;

	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0) {
		close(s->fd);
		s->fd = -1;
		return false;
	}
	s->len += (size_t)n;
	whole = s->len;
	while (whole > 0 && s->line[whole - 1] != '\n')
		whole--;
	if (whole > 0) {
		fwrite(s->line, 1, whole, stdout);
		memmove(s->line, s->line + whole, s->len - whole);
		s->len -= whole;
		*line = true;
	}
	if (s->len == sizeof s->line)
		s->len = 0;
	return true;
}

/* Wait for output of either until the moment; false: it has come. */
static bool
look(struct run *r, const struct killer *k, int64_t until_us)
{
	int64_t left = until_us - now_us();
	struct timeval wait = {0};
	bool line = false;
	fd_set set;
	int top = r->out.fd > r->answer.fd ? r->out.fd : r->answer.fd;

	if (left <= 0)
		return false;
	wait.tv_sec = left / 1000000;
	wait.tv_usec = left % 1000000;
	FD_ZERO(&set);
	if (r->out.fd >= 0)
		FD_SET(r->out.fd, &set);
	if (r->answer.fd >= 0)
		FD_SET(r->answer.fd, &set);
	if (select(top + 1, &set, NULL, NULL, &wait) <= 0)
		return true;
	if (r->out.fd >= 0 && FD_ISSET(r->out.fd, &set)) {
		pass_on(&r->out, &line);
		if (line && k->from_line)
			start_clock(r, k);
	}
	if (r->answer.fd >= 0 && FD_ISSET(r->answer.fd, &set))
		pass_on(&r->answer, &line);
	return true;
}

/* Is what we measure over?  The companion, if there is one. */
static bool
is_over(const struct run *r, const struct killer *k)
{
	if (k->companion && r->started_us >= 0)
		return r->answer.fd < 0;
	return r->out.fd < 0;
}

/* One run; delay_us < 0: left in peace. */
static void
run_once(struct run *r, struct killer *k, int64_t delay_us)
{
	int64_t patience = now_us() + PATIENCE_US;
	int status = 0;

	*r = (struct run){ .started_us = -1, .out = { .fd = -1 },
		.answer = { .fd = -1 } };
	k->run++;
	start_victim(r, k);
	if (!k->from_line)
		start_clock(r, k);
	while (!is_over(r, k)) {
		int64_t until = patience;

		if (r->started_us >= 0 && delay_us >= 0)
			until = r->started_us + delay_us;
		if (!look(r, k, until))
			break;
	}
	r->took_us = now_us() - r->started_us;
	kill(r->victim, SIGKILL);
	while (r->out.fd >= 0 || r->answer.fd >= 0)
		if (!look(r, k, patience))
			break;
	waitpid(r->victim, &status, 0);
	r->shot = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	if (r->companion)
		waitpid(r->companion, &status, 0);
	fflush(stdout);
}

static void
measure(struct killer *k)
{
	static struct run r;

	for (int i = 0; i < MEASURED; i++) {
		run_once(&r, k, -1);
		if (r.took_us > k->usual_us)
			k->usual_us = r.took_us;
	}
}

static void
hunt(struct killer *k)
{
	static struct run r;
	int runs = 0;

	while (k->killed < k->kills && runs++ < 5 * k->kills) {
		int64_t delay = (int64_t)(next_random(k) %
			(uint64_t)(k->usual_us + 1));

		run_once(&r, k, delay);
		if (r.shot) {
			k->killed++;
			continue;
		}
		k->ended++;
		/* it became faster: come earlier, slowly */
		k->usual_us -= k->usual_us / 50;
	}
}

static bool
take_options(struct killer *k, int argc, char **argv)
{
	int option = getopt(argc, argv, "+n:s:lc:i:");

	for (; option != -1; option = getopt(argc, argv, "+n:s:lc:i:")) {
		if (option == 'n')
			k->kills = (int)strtol(optarg, NULL, 10);
		else if (option == 's')
			k->seed = strtoull(optarg, NULL, 10);
		else if (option == 'l')
			k->from_line = true;
		else if (option == 'c')
			k->companion = optarg;
		else if (option == 'i')
			k->input = optarg;
		else
			return false;
	}
	k->argv = argv + optind;
	return *k->argv && k->kills > 0;
}

int
main(int argc, char **argv)
{
	struct killer k = { .kills = 200 };

	k.seed = (uint64_t)now_us() % 1000000;
	if (!take_options(&k, argc, argv)) {
		fprintf(stderr, "usage: killer [-n KILLS] [-s SEED] [-l] "
			"[-c COMPANION] [-i FILE] -- COMMAND...\n");
		return 2;
	}
	k.random = k.seed;
	signal(SIGPIPE, SIG_IGN);
	measure(&k);
	hunt(&k);
	fprintf(stderr, "%d killed within %lld ms, %d ended before, seed "
		"%llu\n", k.killed, (long long)(k.usual_us / 1000), k.ended,
		(unsigned long long)k.seed);
	return k.killed == k.kills ? 0 : 1;
}
