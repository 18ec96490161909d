#ifndef KIT_PLAYOFFICE_H
#define KIT_PLAYOFFICE_H

#include "client/cli.h"

/* A cache for playing: enrolled without a server, one account ("li", password
 * "li-mima-2026", head of office), a dozen synthetic records.  cli's home,
 * schema and store are filled in; cli_release() frees them. */
#define PLAYOFFICE_USER "li"
#define PLAYOFFICE_PASSWORD "li-mima-2026"

void playoffice_make(struct cli *cli, const char *home);

/* A record of a register from "field=value" texts, the last NULL; saved, its
 * id returned. */
struct uuid playoffice_add(struct cli *cli, const char *reg,
	const char *const *values);

#endif
