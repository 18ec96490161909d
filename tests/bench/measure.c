/*
 * Runs a command and writes what it cost to a file: wall milliseconds, CPU
 * milliseconds (user and system, children included), peak memory in KiB.
 *   measure FILE COMMAND [ARGUMENT]...
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double
timeval_ms(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

int
main(int argc, char **argv)
{
	struct rusage used = {0};
	double began, ended;
	int status = 0;
	FILE *out;
	pid_t pid;

	if (argc < 3)
		return 2;
	began = now_ms();
	pid = fork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 1;
	ended = now_ms();
	getrusage(RUSAGE_CHILDREN, &used);
	out = fopen(argv[1], "w");
	if (!out)
		return 1;
	fprintf(out, "%.1f %.1f %ld\n", ended - began,
		timeval_ms(used.ru_utime) + timeval_ms(used.ru_stime),
		used.ru_maxrss);
	if (fclose(out))
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
