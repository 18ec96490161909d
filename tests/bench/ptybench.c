/*
 * What a program on a terminal costs: it runs behind a pty whose other end is
 * libvterm (which answers its questions), keys go in one at a time, and the
 * bytes that come out are counted until nothing came for QUIET_MS.
 *
 *   ptybench [-e NAME=TEXT]... [-r TEXT] [-k LABEL:COUNT:KEYS]... [-i SECONDS]
 *            [-q KEYS] [-s] NAME COMMAND [ARGUMENT]...
 *
 * -r  the start is over when this text is on the screen (else: when quiet);
 *     what follows without a key still counts as its bytes
 * -k  send KEYS COUNT times as LABEL; a LABEL "-" is not reported.  KEYS may
 *     hold \e \r \t \n \xHH
 * -i  then leave it alone so long
 * -s  show the screen as it is then, on standard error
 *
 * Prints lines "NAME label bytes ms writes": medians over the keys of a label.
 * memory: peak KiB as bytes; idle: bytes and, as writes, wake-ups in that time.
 * Writes are "-" where the system does not tell.
 */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

enum { ROWS = 24, COLS = 80, QUIET_MS = 120, START_MS = 20000,
	STEPS_MAX = 32, TIMES_MAX = 200, KEYS_MAX = 1024, ENV_MAX = 16,
	SCREEN_BYTES = ROWS * COLS * 8 };

struct step {
	char label[32];
	char keys[KEYS_MAX];
	size_t len;
	int times;
};

struct bench {
	const char *name, *ready;
	const char *env[ENV_MAX];
	size_t env_count, step_count;
	struct step steps[STEPS_MAX];
	struct step quit;
	int idle_s;
	bool show;
	pid_t pid;
	int fd;
	bool ended;
	size_t bytes;
	double last_ms;		/* when the last byte came */
	VTerm *vt;
	VTermScreen *screen;
};

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* ---- the program's end ---- */

static void
send_bytes(const char *bytes, size_t len, void *self)
{
	struct bench *b = self;

	while (len > 0) {
		ssize_t n = write(b->fd, bytes, len);

		if (n <= 0)
			return;
		bytes += n;
		len -= (size_t)n;
	}
}

/* One read, waiting at most so long; false: nothing came. */
static bool
take(struct bench *b, int wait_ms)
{
	struct pollfd in = { b->fd, POLLIN, 0 };
	char part[65536];
	ssize_t n;

	if (b->ended || poll(&in, 1, wait_ms) != 1)
		return false;
	n = read(b->fd, part, sizeof part);
	if (n <= 0) {
		b->ended = true;
		return false;
	}
	b->last_ms = now_ms();
	b->bytes += (size_t)n;
	vterm_input_write(b->vt, part, (size_t)n);
	return true;
}

static void
settle(struct bench *b)
{
	while (take(b, QUIET_MS))
		continue;
}

/* The screen's rows, each with its end. */
static void
read_screen(const struct bench *b, char *all, size_t size)
{
	size_t len = 0;

	for (int row = 0; row < ROWS; row++) {
		VTermRect line = { row, row + 1, 0, COLS };

		len += vterm_screen_get_text(b->screen, all + len,
			size - len - 2, line);
		all[len++] = '\n';
	}
	all[len] = 0;
}

static bool
shows(const struct bench *b, const char *text)
{
	char all[SCREEN_BYTES];

	read_screen(b, all, sizeof all);
	return strstr(all, text) != NULL;
}

static void
start(struct bench *b, char **argv)
{
	struct winsize size = { ROWS, COLS, 0, 0 };

	b->pid = forkpty(&b->fd, NULL, NULL, &size);
	if (b->pid < 0) {
		perror("ptybench");
		exit(1);
	}
	if (b->pid == 0) {
		unsetenv("LINES");
		unsetenv("COLUMNS");
		unsetenv("LC_ALL");
		setenv("TERM", "xterm-256color", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		for (size_t i = 0; i < b->env_count; i++)
			putenv((char *)b->env[i]);
		execvp(argv[0], argv);
		_exit(127);
	}
	b->vt = vterm_new(ROWS, COLS);
	vterm_set_utf8(b->vt, 1);
	vterm_output_set_callback(b->vt, send_bytes, b);
	b->screen = vterm_obtain_screen(b->vt);
	vterm_screen_reset(b->screen, 1);
}

static void
finish(struct bench *b)
{
	double until = now_ms() + 3000;

	send_bytes(b->quit.keys, b->quit.len, b);
	while (!b->ended && now_ms() < until)
		take(b, 100);
	kill(b->pid, SIGKILL);
	close(b->fd);
	waitpid(b->pid, NULL, 0);
	vterm_free(b->vt);
}

/* ---- what the system knows of it ---- */

/* The number behind NAME in a file of /proc; -1 not to be had. */
static long
proc_number(pid_t pid, const char *file, const char *name)
{
	char path[64], line[256];
	long number = -1;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%ld/%s", (long)pid, file);
	f = fopen(path, "r");
	if (!f)
		return -1;
	while (number < 0 && fgets(line, sizeof line, f))
		if (strncmp(line, name, strlen(name)) == 0)
			number = strtol(line + strlen(name), NULL, 10);
	fclose(f);
	return number;
}

static long
writes_of(const struct bench *b)
{
	return proc_number(b->pid, "io", "syscw:");
}

static long
wakeups_of(const struct bench *b)
{
	return proc_number(b->pid, "status", "voluntary_ctxt_switches:");
}

/* ---- measuring ---- */

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double
median(double *values, size_t count)
{
	qsort(values, count, sizeof *values, compare);
	return values[count / 2];
}

static void
report(const struct bench *b, const char *label, double bytes, double ms,
	double writes)
{
	if (writes < 0)
		printf("%s\t%s\t%.0f\t%.1f\t-\n", b->name, label, bytes, ms);
	else
		printf("%s\t%s\t%.0f\t%.1f\t%.0f\n", b->name, label, bytes, ms,
			writes);
	fflush(stdout);
}

static bool
run_start(struct bench *b, char **argv)
{
	double began = now_ms(), until = began + START_MS, shown;
	bool ready;

	start(b, argv);
	do {
		take(b, 20);
		ready = b->ready ? shows(b, b->ready) : b->bytes > 0;
	} while (!ready && !b->ended && now_ms() < until);
	if (b->ready && !ready)
		fprintf(stderr, "ptybench: %s never showed \"%s\"\n", b->name,
			b->ready);
	shown = b->last_ms;
	settle(b);
	if (!b->ready)
		shown = b->last_ms;
	report(b, "start", (double)b->bytes, shown - began,
		(double)writes_of(b));
	return ready;
}

static void
run_step(struct bench *b, const struct step *step)
{
	double bytes[TIMES_MAX], ms[TIMES_MAX], writes[TIMES_MAX];
	size_t count = 0;

	for (int i = 0; i < step->times && i < TIMES_MAX; i++) {
		size_t bytes_before = b->bytes;
		long writes_before = writes_of(b);
		double began = now_ms();

		b->last_ms = began;
		send_bytes(step->keys, step->len, b);
		settle(b);
		bytes[count] = (double)(b->bytes - bytes_before);
		ms[count] = b->last_ms - began;
		writes[count] = writes_before < 0 ? -1 :
			(double)(writes_of(b) - writes_before);
		count++;
	}
	if (count > 0 && strcmp(step->label, "-") != 0)
		report(b, step->label, median(bytes, count), median(ms, count),
			median(writes, count));
}

static void
run_idle(struct bench *b)
{
	double until = now_ms() + b->idle_s * 1e3;
	size_t bytes = b->bytes;
	long wakeups = wakeups_of(b);

	if (b->idle_s == 0)
		return;
	while (now_ms() < until && !b->ended)
		take(b, (int)(until - now_ms()) + 1);
	report(b, "idle", (double)(b->bytes - bytes), 0,
		(double)(wakeups_of(b) - wakeups));
}

/* ---- the command line ---- */

static void
parse_keys(struct step *out, const char *text)
{
	static const char from[] = "ertn", to[] = "\033\r\t\n";

	while (*text && out->len + 1 < sizeof out->keys) {
		const char *plain;

		if (text[0] != '\\' || !text[1]) {
			out->keys[out->len++] = *text++;
			continue;
		}
		plain = strchr(from, text[1]);
		if (plain) {
			out->keys[out->len++] = to[plain - from];
			text += 2;
		} else if (text[1] == 'x' && text[2] && text[3]) {
			char hex[3] = { text[2], text[3], 0 };

			out->keys[out->len++] = (char)strtol(hex, NULL, 16);
			text += 4;
		} else {
			out->keys[out->len++] = text[1];
			text += 2;
		}
	}
}

static bool
parse_step(struct bench *b, const char *text)
{
	const char *count = strchr(text, ':');
	const char *keys = count ? strchr(count + 1, ':') : NULL;
	struct step *step = &b->steps[b->step_count];

	if (!keys || b->step_count == STEPS_MAX ||
	    (size_t)(count - text) >= sizeof step->label)
		return false;
	memcpy(step->label, text, (size_t)(count - text));
	step->times = (int)strtol(count + 1, NULL, 10);
	parse_keys(step, keys + 1);
	b->step_count++;
	return true;
}

static bool
parse_options(struct bench *b, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "+e:r:k:i:q:s")) != -1) {
		switch (c) {
		case 'e':
			if (b->env_count == ENV_MAX)
				return false;
			b->env[b->env_count++] = optarg;
			break;
		case 'r':
			b->ready = optarg;
			break;
		case 'k':
			if (!parse_step(b, optarg))
				return false;
			break;
		case 'i':
			b->idle_s = (int)strtol(optarg, NULL, 10);
			break;
		case 'q':
			parse_keys(&b->quit, optarg);
			break;
		case 's':
			b->show = true;
			break;
		default:
			return false;
		}
	}
	return optind + 1 < argc;
}

int
main(int argc, char **argv)
{
	static struct bench b;
	bool ready;

	if (!parse_options(&b, argc, argv)) {
		fprintf(stderr, "usage: ptybench [-e NAME=TEXT]... [-r TEXT] "
			"[-k LABEL:COUNT:KEYS]... [-i SECONDS] [-q KEYS] "
			"[-s] NAME COMMAND [ARGUMENT]...\n");
		return 2;
	}
	b.name = argv[optind];
	ready = run_start(&b, argv + optind + 1);
	for (size_t i = 0; ready && i < b.step_count; i++)
		run_step(&b, &b.steps[i]);
	run_idle(&b);
	if (b.show) {
		char all[SCREEN_BYTES];

		read_screen(&b, all, sizeof all);
		fputs(all, stderr);
	}
	report(&b, "memory", (double)proc_number(b.pid, "status", "VmHWM:"),
		0, -1);
	finish(&b);
	return ready ? 0 : 1;
}
