#ifndef CLIENT_SCREENS_H
#define CLIENT_SCREENS_H

#include "client/cli.h"

/* The screens: sign in, then home, until the user leaves or the terminal is
 * gone.  Returns an exit status: 1 when there is no terminal (with a sentence),
 * 3 when nobody signed in. */
int screens_run(struct cli *cli);

#endif
