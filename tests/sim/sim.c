/*
 * The simulation: stories of a county (kit/story.h), each in a process of its
 * own.  One that fails is played again and again with steps left out, until
 * nothing more can be left out, and the short one is printed.
 *
 *   sim [SEEDS [FROM [STEPS]]]     so many seeds; says TAP
 *   sim --quick SEEDS              the same, and a failure is not shortened
 *   sim --twice SEEDS [FROM]       is a seed the whole story, and does all that
 *                                  goes over the line agree with openapi.json?
 *   sim --seed N [--only I,J,...]  one story, told in full
 *
 * However one ends, that is said: its status or signal, its words, the step.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "kit/mold.h"
#include "kit/quickhash.h"
#include "kit/story.h"
#include "kit/township.h"

enum {
	STEPS = 150,
	JOBS_MAX = 16,
	SAID_MAX = 16000,	/* shown of what one says */
	LINE_MAX_BYTES = 400,	/* of a trace, as compared */
	STORY_S = 120,		/* for one; most take 0.1 s */
};

/* ---- chance is the seed's alone ---- */

static uint64_t dice;

/* In libsodium's place: ids, keys and codes, too, are the same in every run. */
void randombytes_buf(void *out, size_t len);
uint32_t randombytes_uniform(uint32_t below);
void
randombytes_buf(void *out, size_t len)
{
	unsigned char *bytes = out;

	for (size_t i = 0; i < len; i++) {
		uint64_t z = dice += 0x9e3779b97f4a7c15ULL;

		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
		z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
		bytes[i] = (unsigned char)(z >> 32);
	}
}

uint32_t
randombytes_uniform(uint32_t below)
{
	uint32_t n = 0;

	randombytes_buf(&n, sizeof n);
	return below ? n % below : 0;
}

/* ---- one story, in a process ---- */

struct run {
	pid_t pid;		/* 0: free */
	uint64_t seed;
	FILE *said;		/* what it prints */
	FILE *trace;		/* what happens in it */
	int how;		/* it ended; of waitpid() */
};

static FILE *
paper(void)
{
	FILE *f = tmpfile();

	if (!f) {
		perror("sim");
		exit(70);
	}
	return f;
}

static void
start(struct run *run, const struct story *story)
{
	struct story own = *story;

	*run = (struct run){ .seed = story->seed, .said = paper(),
		.trace = paper() };
	own.trace = fileno(run->trace);
	fflush(stdout);
	run->pid = fork();
	if (run->pid < 0) {
		perror("sim");
		exit(70);
	}
	if (run->pid > 0)
		return;
	if (dup2(fileno(run->said), STDOUT_FILENO) < 0 ||
	    dup2(fileno(run->said), STDERR_FILENO) < 0)
		_exit(70);
	alarm(STORY_S);		/* whoever hangs is ended, and that is told */
	dice = story->seed;
	story_play(&own);
	exit(0);
}

static void
release(struct run *run)
{
	if (run->said)
		fclose(run->said);
	if (run->trace)
		fclose(run->trace);
	*run = (struct run){0};
}

/* It has ended: what it did not clean up goes. */
static void
ended(struct run *run, int how)
{
	if (how != 0)
		township_clean((long)run->pid);
	run->how = how;
	run->pid = 0;
}

/* Alone and to its end; did it fail? */
static bool
fails(const struct story *story, struct run *out)
{
	struct run run = {0};
	int how = 0;
	bool failed;

	start(&run, story);
	while (waitpid(run.pid, &how, 0) < 0 && errno == EINTR)
		;
	ended(&run, how);
	failed = how != 0;
	*out = run;
	return failed;
}

/* The end of what it printed or what happened goes out, each line behind a
 * mark. */
static void
show(FILE *from)
{
	char text[SAID_MAX + 1], *at = text, *next;
	size_t len;

	rewind(from);
	if (fseek(from, 0, SEEK_END) == 0 && ftell(from) > SAID_MAX)
		fseek(from, -SAID_MAX, SEEK_END);
	else
		rewind(from);
	len = fread(text, 1, SAID_MAX, from);
	text[len] = '\0';
	for (; *at; at = next) {
		next = at + strcspn(at, "\n");
		printf("#   %.*s\n", (int)(next - at), at);
		next += *next != '\0';
	}
}

/* Every end is told: by itself, by a signal, or because it took too long. */
static void
show_end(const struct run *run, bool trace)
{
	if (WIFSIGNALED(run->how) && WTERMSIG(run->how) == SIGALRM)
		printf("# seed %" PRIu64 " took more than %d seconds\n",
			run->seed, STORY_S);
	else if (WIFSIGNALED(run->how))
		printf("# seed %" PRIu64 " was ended by signal %d (%s)\n",
			run->seed, WTERMSIG(run->how),
			strsignal(WTERMSIG(run->how)));
	else
		printf("# seed %" PRIu64 " ended with status %d\n", run->seed,
			WEXITSTATUS(run->how));
	show(run->said);
	if (trace) {
		printf("# what happened:\n");
		show(run->trace);
	}
}

/* ---- shorter ---- */

/* What it complains of, as a sum: its first sentence without what is the
 * story's own, names and figures.  0: it did not fail. */
static uint64_t
complaint(const struct run *run)
{
	static const char mark[] = "ERROR: ";
	char text[SAID_MAX + 1], *at, *word;
	uint64_t sum = 0;

	rewind(run->said);
	text[fread(text, 1, SAID_MAX, run->said)] = '\0';
	at = strstr(text, mark);
	at = at ? at + sizeof mark - 1 : text;
	at[strcspn(at, "\n")] = '\0';
	for (; run->how != 0 && (word = strsep(&at, " ")) != NULL; ) {
		if (!strpbrk(word, "0123456789"))
			for (; *word; word++)
				sum = sum * 31 + (unsigned char)*word;
	}
	return run->how ? sum | 1 : 0;
}

static unsigned
count_left(const struct story *story)
{
	unsigned n = 0;

	for (unsigned i = 0; i < story->steps; i++)
		n += !story->without[i];
	return n;
}

/* Leave out the steps from..to-1 if it fails all the same, of the same. */
static bool
leave_out(struct story *story, unsigned from, unsigned to, uint64_t what)
{
	struct story shorter = *story;
	struct run run = {0};
	unsigned before = count_left(story);
	bool same;

	for (unsigned i = from; i < to && i < story->steps; i++)
		shorter.without[i] = true;
	if (count_left(&shorter) == before)
		return false;
	same = fails(&shorter, &run) && complaint(&run) == what;
	release(&run);
	if (same)
		*story = shorter;
	return same;
}

static void
shorten(struct story *story, uint64_t what)
{
	for (unsigned size = story->steps / 2; size > 0; size /= 2) {
		bool again = true;

		while (again) {
			again = false;
			for (unsigned i = 0; i < story->steps; i += size)
				again = leave_out(story, i, i + size, what) ||
					again;
			again = again && size == 1;
		}
	}
}

static void
tell_failure(uint64_t seed, unsigned steps)
{
	struct story *story = mem_alloc(1, sizeof *story);
	struct run run = {0};
	const char *comma = "";
	uint64_t what;

	story->seed = seed;
	story->steps = steps;
	if (!fails(story, &run)) {
		printf("# seed %" PRIu64 " did not fail again: the same story "
			"has two ends\n", seed);
		goto out;
	}
	what = complaint(&run);
	release(&run);
	shorten(story, what);
	if (!fails(story, &run))
		printf("# the short story did not fail again\n");
	show_end(&run, true);
	printf("# %u of %u steps are enough:  sim --seed %" PRIu64 " --only ",
		count_left(story), steps, seed);
	for (unsigned i = 0; i < steps; i++)
		if (!story->without[i]) {
			printf("%s%u", comma, i);
			comma = ",";
		}
	printf("\n");
out:
	release(&run);
	free(story);
}

/* ---- many ---- */

struct many {
	uint64_t from, count;
	unsigned steps;
	struct run failed;	/* the first seed that did; 0 none */
	struct run runs[JOBS_MAX];
	long jobs;
	bool quick;
};

/* Wait for one of them to end. */
static void
reap(struct many *m)
{
	int how = 0;
	pid_t pid = wait(&how);

	for (long i = 0; i < m->jobs; i++) {
		struct run *run = &m->runs[i];

		if (run->pid != pid || pid <= 0)
			continue;
		ended(run, how);
		if (how != 0 && (!m->failed.seed ||
		    run->seed < m->failed.seed)) {
			release(&m->failed);
			m->failed = *run;
			*run = (struct run){0};
		}
		release(run);
	}
}

static bool
is_busy(const struct many *m)
{
	for (long i = 0; i < m->jobs; i++)
		if (m->runs[i].pid)
			return true;
	return false;
}

static struct run *
free_run(struct many *m)
{
	for (;;) {
		for (long i = 0; i < m->jobs; i++)
			if (!m->runs[i].pid)
				return &m->runs[i];
		reap(m);
	}
}

static int
play_many(struct many *m)
{
	struct story *story = mem_alloc(1, sizeof *story);
	int64_t began = clock_mono_ms();
	uint64_t played = 0;
	int64_t ms;

	story->steps = m->steps;
	for (uint64_t i = 0; i < m->count && !m->failed.seed; i++, played++) {
		struct run *run = free_run(m);

		story->seed = m->from + i;
		start(run, story);
	}
	while (is_busy(m))
		reap(m);
	ms = clock_mono_ms() - began;
	printf("# %" PRIu64 " seeds, %" PRIu64 " steps, %.0f steps a minute\n",
		played, played * m->steps,
		(double)(played * m->steps) * 60000.0 / (double)(ms + 1));
	printf("%s 1 - seeds %" PRIu64 " to %" PRIu64 " agree\n",
		m->failed.seed ? "not ok" : "ok", m->from,
		m->from + m->count - 1);
	if (m->failed.seed) {
		printf("# seed %" PRIu64 " fails\n", m->failed.seed);
		show_end(&m->failed, !m->quick);
		if (!m->quick)
			tell_failure(m->failed.seed, m->steps);
	}
	free(story);
	return m->failed.seed ? 1 : 0;
}

static int
play_one(uint64_t seed, char *only)
{
	struct story *story = mem_alloc(1, sizeof *story);
	struct run run = {0};
	bool bad;

	story->seed = seed;
	story->steps = STEPS;
	if (only) {
		memset(story->without, 1, sizeof story->without);
		while (*only) {
			unsigned long i = strtoul(only, &only, 10);

			if (i < STORY_STEPS_MAX) {
				story->without[i] = false;
				if (i >= story->steps)
					story->steps = (unsigned)i + 1;
			}
			only += *only != '\0';
		}
	}
	bad = fails(story, &run);
	show_end(&run, true);
	release(&run);
	free(story);
	return bad ? 1 : 0;
}

/* ---- twice ---- */

/* The first line in which two traces differ; 0: they are the same. */
static unsigned
compare(FILE *a, FILE *b, char one[LINE_MAX_BYTES], char other[LINE_MAX_BYTES])
{
	rewind(a);
	rewind(b);
	for (unsigned line = 1;; line++) {
		char *x = fgets(one, LINE_MAX_BYTES, a);
		char *y = fgets(other, LINE_MAX_BYTES, b);

		if (!x && !y)
			return 0;
		if (!x || !y || strcmp(x, y) != 0) {
			snprintf(one + (x ? LINE_MAX_BYTES : 0), x ? 0 :
				LINE_MAX_BYTES, "(nothing)\n");
			return line;
		}
	}
}

/* Is a seed the whole story?  Two runs say the same over the line, byte by
 * byte, and end in the same way. */
static bool
is_one_story(uint64_t seed, unsigned steps)
{
	struct story *story = mem_alloc(1, sizeof *story);
	struct run one = {0}, other = {0};
	char a[LINE_MAX_BYTES], b[LINE_MAX_BYTES];
	unsigned line;
	bool good;

	story->seed = seed;
	story->steps = steps;
	story->described = true;
	(void)fails(story, &one);
	(void)fails(story, &other);
	line = compare(one.trace, other.trace, a, b);
	if (line > 0)
		printf("# seed %" PRIu64 " is two stories from line %u on:\n"
			"#   %s#   %s", seed, line, a, b);
	if (one.how != other.how)
		printf("# seed %" PRIu64 " ends in two ways\n", seed);
	if (one.how != 0)
		show_end(&one, false);
	good = line == 0 && one.how == 0 && other.how == 0;
	release(&one);
	release(&other);
	free(story);
	return good;
}

static int
play_twice(const struct many *m)
{
	unsigned bad = 0;

	for (uint64_t i = 0; i < m->count; i++)
		bad += !is_one_story(m->from + i, m->steps);
	printf("%s 1 - seeds %" PRIu64 " to %" PRIu64
		" are one story each\n", bad ? "not ok" : "ok", m->from,
		m->from + m->count - 1);
	return bad ? 1 : 0;
}

static uint64_t
number(int argc, char **argv, int i, uint64_t otherwise)
{
	uint64_t n = argc > i ? strtoull(argv[i], NULL, 10) : 0;

	return n ? n : otherwise;
}

int
main(int argc, char **argv)
{
	struct many m = { .jobs = sysconf(_SC_NPROCESSORS_ONLN) };
	bool twice;

	/* an assertion says what it found, also outside of a test */
	if (setenv("CMOCKA_TEST_ABORT", "1", 1))
		return 70;
	mold_make();
	if (argc > 2 && strcmp(argv[1], "--seed") == 0)
		return play_one(strtoull(argv[2], NULL, 10),
			argc > 4 ? argv[4] : NULL);
	m.quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
	twice = argc > 1 && strcmp(argv[1], "--twice") == 0;
	argc -= m.quick || twice;
	argv += m.quick || twice;
	m.count = number(argc, argv, 1, 100);
	m.from = number(argc, argv, 2, 1);
	m.steps = (unsigned)number(argc, argv, 3, STEPS);
	if (m.steps > STORY_STEPS_MAX)
		m.steps = STORY_STEPS_MAX;
	if (m.jobs < 1 || m.jobs > JOBS_MAX)
		m.jobs = m.jobs < 1 ? 1 : JOBS_MAX;
	return twice ? play_twice(&m) : play_many(&m);
}
