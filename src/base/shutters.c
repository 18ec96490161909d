/*
 * Shutters: closed once, at the start, before there are threads.
 */
#include "base/shutters.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/mem.h"

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

char **
shutters_arguments(int argc, char **argv)
{
	char **copy = mem_alloc((size_t)argc + 1, sizeof *copy);

	for (int i = 0; i < argc; i++) {
		copy[i] = mem_strdup(argv[i]);
		if (i > 0)
			memset(argv[i], 0, strlen(argv[i]));
	}
	return copy;
}
