/*
 * fengqiao: the clerk's program.  Without a command it is the screens; with
 * one it does one thing and leaves with the exit status of design.md 8.
 */
#if defined(__linux__)
#include <malloc.h>
#endif
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/shutters.h"
#include "base/tr.h"
#include "base/version.h"
#include "client/cli.h"
#include "client/cli_open.h"
#include "client/screens.h"

/* What is large (a page, its packing) goes back to the system when it is freed.
 * glibc would learn from the first such piece to keep the next. */
static void
keep_small(void)
{
#if defined(__GLIBC__)
	enum { LARGE_BYTES = 128 * 1024 };

	(void)mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
#endif
}

static char *
default_home(void)
{
	const char *home = getenv("FENGQIAO_HOME");
	const char *user = getenv("HOME");

	if (home && *home)
		return mem_strdup(home);
	return io_join(user && *user ? user : ".", ".fengqiao");
}

static void
print_commands(FILE *to)
{
	fprintf(to, "%s\n\n", tr("Fengqiao: registers of a township judicial "
		"office."));
	fprintf(to, "  fengqiao                     %s\n", tr("the screens"));
	for (const struct command *c = cli_commands; c->name; c++)
		fprintf(to, "  fengqiao %s\n      %s\n", tr(c->synopsis),
			tr(c->summary));
	fprintf(to, "\n%s\n", tr("Every command takes --help, --json, --home "
		"DIR and --lang zh_CN|en."));
}

/* Options before the command: "fengqiao --home DIR find zs". */
static int
command_at(int argc, char **argv)
{
	int i = 1;

	while (i < argc && strncmp(argv[i], "--", 2) == 0) {
		bool alone = strchr(argv[i], '=') ||
			strcmp(argv[i], "--json") == 0 ||
			strcmp(argv[i], "--help") == 0 ||
			strcmp(argv[i], "--password-stdin") == 0;

		i += alone ? 1 : 2;
	}
	return i;
}

/* Move the command's name to the front, its options behind it. */
static int
run(struct cli *cli, int argc, char **argv)
{
	int at = command_at(argc, argv);
	const struct command *c;
	char *name;

	if (at >= argc) {
		bool helped = false;

		argv[0] = (char *)"";
		if (!cli_options(cli, &argc, argv, NULL, &helped))
			return CLI_USAGE;
		if (helped) {
			print_commands(stdout);
			return cli_done(CLI_OK, false);
		}
		return screens_run(cli);
	}
	name = argv[at];
	c = cli_command_find(name);
	if (!c) {
		fprintf(stderr, tr("fengqiao: there is no command \"%s\"; "
			"\"fengqiao --help\" lists them.\n"), name);
		return CLI_USAGE;
	}
	memmove(argv + 2, argv + 1, (size_t)(at - 1) * sizeof *argv);
	argv[1] = name;
	return cli_done(c->run(cli, argc - 1, argv + 1), c->saves);
}

int
main(int argc, char **argv)
{
	struct cli cli = {0};
	char **args = shutters_arguments(argc, argv);
	int status;

	shutters_close();
	keep_small();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	io_hold_standard();
	tr_set(tr_asked(argc, args));
	crypto_init();
	cli.home = default_home();
	if (argc > 1 && strcmp(args[1], "--version") == 0)
		status = cli_done(printf("fengqiao %s\n",
			FENGQIAO_VERSION) < 0, false);
	else
		status = run(&cli, argc, args);
	cli_release(&cli);
	for (int i = 0; i < argc; i++)
		if (args[i] && *args[i])
			crypto_wipe(args[i], strlen(args[i]));
	return status;
}
