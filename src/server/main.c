/*
 * fengqiaod: the county's server and the commands that look after it.
 */
#include <signal.h>
#include <sys/stat.h>

#include "base/crypto.h"
#include "base/io.h"
#include "base/log.h"
#include "base/shutters.h"
#include "base/tr.h"
#include "server/command.h"

int
main(int argc, char **argv)
{
	io_hold_standard();
	tr_set(tr_asked(argc, argv));
	umask(077);
	shutters_close();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	crypto_init();
	log_start("fengqiaod", LOG_NOTE);
	return command_run(argc, argv);
}
