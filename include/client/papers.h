#ifndef CLIENT_PAPERS_H
#define CLIENT_PAPERS_H

#include "base/buf.h"
#include "base/json.h"
#include "client/cli.h"
#include "core/dossier.h"

/* The papers of a file in words, for the page and for "show". */

const char *papers_state(enum dossier_state state);	/* "missing" */
/* "9 papers, 3 missing", appended. */
void papers_sum(struct buf *out, const struct dossier *d);
/* Lines of "show"; nothing for a register without a dossier. */
void papers_say(struct cli *cli, const struct schema_register *reg,
	const struct record *r);
/* [{"item","state"}], owned by the caller; NULL without a dossier. */
struct json *papers_json(struct cli *cli, const struct schema_register *reg,
	const struct record *r);

#endif
