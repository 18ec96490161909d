/*
 * The simulation: stories of a county (kit/story.h), each in a process of its
 * own.  One that fails is played again and again with steps left out, until
 * nothing more can be left out, and the short one is printed.
 *
 *   sim [SEEDS [FROM [STEPS]]]     so many seeds; says TAP
 *   sim --quick SEEDS              the same, and a failure is not shortened
 *   sim --seed N [--only I,J,...]  one story, told in full
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "kit/quickhash.h"
#include "kit/story.h"

enum { STEPS = 150, JOBS_MAX = 16, SAID_MAX = 16000 };

/* ---- chance is the seed's alone ---- */

static uint64_t dice;

/* In libsodium's place: ids and keys, too, are the same in every run. */
void randombytes_buf(void *out, size_t len);
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

/* ---- one story, in a process ---- */

struct run {
	pid_t pid;		/* 0: free */
	uint64_t seed;
	FILE *said;		/* what it prints */
};

static void
start(struct run *run, const struct story *story)
{
	run->seed = story->seed;
	run->said = tmpfile();
	if (!run->said) {
		perror("sim");
		exit(70);
	}
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
	dice = story->seed;
	story_play(story);
	exit(0);
}

/* What it said goes to out, its end. */
static void
show(FILE *out, FILE *said)
{
	char text[SAID_MAX];
	size_t len;

	rewind(said);
	if (fseek(said, 0, SEEK_END) == 0 && ftell(said) > SAID_MAX)
		fseek(said, -SAID_MAX, SEEK_END);
	else
		rewind(said);
	len = fread(text, 1, sizeof text, said);
	fwrite(text, 1, len, out);
}

/* Alone and to its end; did it fail? */
static bool
fails(const struct story *story, FILE **said)
{
	struct run run = {0};
	int how = 0;

	start(&run, story);
	while (waitpid(run.pid, &how, 0) < 0 && errno == EINTR)
		;
	if (said)
		*said = run.said;
	else
		fclose(run.said);
	return how != 0;
}

/* ---- shorter ---- */

static unsigned
count_left(const struct story *story)
{
	unsigned n = 0;

	for (unsigned i = 0; i < story->steps; i++)
		n += !story->without[i];
	return n;
}

/* Leave out the steps from..to-1 if it fails all the same. */
static bool
leave_out(struct story *story, unsigned from, unsigned to)
{
	struct story shorter = *story;
	unsigned before = count_left(story);

	for (unsigned i = from; i < to && i < story->steps; i++)
		shorter.without[i] = true;
	if (count_left(&shorter) == before || !fails(&shorter, NULL))
		return false;
	*story = shorter;
	return true;
}

static void
shorten(struct story *story)
{
	for (unsigned size = story->steps / 2; size > 0; size /= 2) {
		bool again = true;

		while (again) {
			again = false;
			for (unsigned i = 0; i < story->steps; i += size)
				again = leave_out(story, i, i + size) || again;
			again = again && size == 1;
		}
	}
}

static void
tell_failure(uint64_t seed, unsigned steps)
{
	struct story *story = mem_alloc(1, sizeof *story);
	FILE *said = NULL;
	const char *comma = "";

	story->seed = seed;
	story->steps = steps;
	if (fails(story, NULL))
		shorten(story);
	story->tell = true;
	if (!fails(story, &said))
		printf("# it did not fail again\n");
	show(stdout, said);
	fclose(said);
	printf("# %u of %u steps are enough:  sim --seed %" PRIu64 " --only ",
		count_left(story), steps, seed);
	for (unsigned i = 0; i < steps; i++)
		if (!story->without[i]) {
			printf("%s%u", comma, i);
			comma = ",";
		}
	printf("\n");
	free(story);
}

/* ---- many ---- */

struct many {
	uint64_t from, count;
	unsigned steps;
	uint64_t failed;	/* the first seed that did; 0 none */
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
		if (how != 0 && (!m->failed || run->seed < m->failed))
			m->failed = run->seed;
		fclose(run->said);
		*run = (struct run){0};
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
	for (uint64_t i = 0; i < m->count && !m->failed; i++, played++) {
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
		m->failed ? "not ok" : "ok", m->from, m->from + m->count - 1);
	if (m->failed) {
		printf("# seed %" PRIu64 " fails\n", m->failed);
		if (!m->quick)
			tell_failure(m->failed, m->steps);
	}
	free(story);
	return m->failed ? 1 : 0;
}

static int
play_one(uint64_t seed, char *only)
{
	struct story *story = mem_alloc(1, sizeof *story);
	FILE *said = NULL;
	bool bad;

	story->seed = seed;
	story->steps = STEPS;
	story->tell = true;
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
	bad = fails(story, &said);
	show(stdout, said);
	fclose(said);
	free(story);
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

	if (argc > 2 && strcmp(argv[1], "--seed") == 0)
		return play_one(strtoull(argv[2], NULL, 10),
			argc > 4 ? argv[4] : NULL);
	m.quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
	argc -= m.quick;
	argv += m.quick;
	m.count = number(argc, argv, 1, 100);
	m.from = number(argc, argv, 2, 1);
	m.steps = (unsigned)number(argc, argv, 3, STEPS);
	if (m.steps > STORY_STEPS_MAX)
		m.steps = STORY_STEPS_MAX;
	if (m.jobs < 1 || m.jobs > JOBS_MAX)
		m.jobs = m.jobs < 1 ? 1 : JOBS_MAX;
	return play_many(&m);
}
