/*
 * Shutters: closed once, at the start, before there are threads.
 */
#include "base/shutters.h"

#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

void
shutters_close(void)
{
	const struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
#if defined(__SANITIZE_ADDRESS__)
	/* the leak checker must attach to us */
#else
	/* the limit is not asked where core files go through a pipe */
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
	/* GnuTLS and OpenSSL's users heed it */
	(void)unsetenv("SSLKEYLOGFILE");
}
