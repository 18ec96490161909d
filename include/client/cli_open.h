#ifndef CLIENT_CLI_OPEN_H
#define CLIENT_CLI_OPEN_H

#include "base/err.h"
#include "client/cli.h"
#include "core/record.h"
#include "store/store.h"

/*
 * What a command needs before it can work: definitions, the cache, its key,
 * and the records and fields its operands mean.
 */

/* Those of --screens or FENGQIAO_SCREENS, else the county's, else the program's
 * own. */
MUST_CHECK enum status cli_schema(struct cli *cli, struct err *err);
/* Programs started from here on work by the same definitions, whatever a sync
 * brings meanwhile. */
void cli_hold_definitions(const struct cli *cli);
#define CLI_DEFINITIONS_HELD "FENGQIAO_DEFINITIONS"
/* The cache, opened (made if create), still locked. */
MUST_CHECK enum status cli_store(struct cli *cli, bool create,
	struct err *err);
/* The same, unlocked: by the kernel's keyring, else by asking for the password
 * on the terminal or from standard input with --password-stdin. */
MUST_CHECK enum status cli_unlock(struct cli *cli, struct err *err);
void cli_release(struct cli *cli);

/* One line from standard input, or from the terminal without echo; owned, to
 * be wiped.  Errors: E_INVALID no terminal, or nothing there. */
MUST_CHECK enum status cli_password(char **out, const struct cli *cli,
	const char *prompt, struct err *err);

/* The record an operand means: a uuid, a unique beginning of one (8 or more
 * digits), or a formal number.  Errors: E_NOTFOUND; E_INVALID several. */
MUST_CHECK enum status cli_record_id(struct uuid *out, struct cli *cli,
	const char *text, struct err *err);
/* The register of this name or title.  Errors: E_NOTFOUND, with what could be
 * meant. */
MUST_CHECK enum status cli_register(const struct schema_register **out,
	struct cli *cli, const char *name, struct err *err);
/* The name of a field or state that is given by its name or by its words on
 * the forms; NULL: there is none. */
const char *cli_field(const struct schema_register *reg, const char *name);
const char *cli_state(const struct schema_register *reg, const char *name);
/* FIELD=VALUE operands into the record, each parsed as its field's type. */
MUST_CHECK enum status cli_assign(struct record *r,
	const struct schema_register *reg, int argc, char **argv,
	struct err *err);

#endif
