/*
 * fengqiaod: the county's server and the commands that look after it.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/crypto.h"
#include "base/io.h"
#include "base/log.h"
#include "base/shutters.h"
#include "base/tr.h"
#include "server/command.h"

/* How the server was started is for everybody to see, and names nobody. */
static bool
is_serving(int argc, char **argv)
{
	return argc > 1 && strcmp(argv[1], "serve") == 0;
}

int
main(int argc, char **argv)
{
	bool serves = is_serving(argc, argv);
	char **args = serves ? argv : shutters_arguments(argc, argv);
	int status;

	io_hold_standard();
	tr_set(tr_asked(argc, args));
	umask(077);
	shutters_close();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	crypto_init();
	log_start("fengqiaod", LOG_NOTE);
	status = command_run(argc, args);
	for (int i = 0; !serves && i < argc; i++) {
		crypto_wipe(args[i], strlen(args[i]));
		free(args[i]);
	}
	if (!serves)
		free(args);
	return status;
}
