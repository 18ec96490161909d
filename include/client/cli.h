#ifndef CLIENT_CLI_H
#define CLIENT_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "core/schema.h"

/*
 * The frame of the command line: options every command takes, output as text
 * or JSON, failures as one sentence on standard error with the right exit
 * status.  What a command opens is in cli_open.h.
 */
struct store;

/* Where the definitions come from. */
enum cli_from { CLI_FROM_PROGRAM, CLI_FROM_FOLDER, CLI_FROM_COUNTY };

struct cli {
	char *home;		/* the cache's folder; owned */
	const char *user;	/* --user, or NULL; lent from argv */
	const char *screens;	/* --screens DIR, or NULL: the builtin ones */
	bool json;
	bool password_stdin;
	bool unmask;		/* --unmask: id numbers whole, and noted */
	bool spares;		/* the overviews: it shows none */
	bool key_stdin;		/* of our own parent: see store_secret_export() */
	struct schema *schema;	/* owned; after cli_schema() */
	enum cli_from from;	/* the schema's */
	struct store *store;	/* owned; after cli_store() */
};

enum { CLI_OK = 0, CLI_NO = 1, CLI_USAGE = 2, CLI_AUTH = 3, CLI_OFFLINE = 4,
	CLI_CONFLICT = 5, CLI_FAULT = 70 };

struct command {
	const char *name;
	const char *synopsis;		/* "find [--limit N] QUERY...";
					 * TR_MARK()ed */
	const char *summary;		/* TR_MARK()ed */
	int (*run)(struct cli *cli, int argc, char **argv); /* argv[0]: name */
	bool saves;			/* more than printing */
};

/* All of them, in the order of the help; the last has a NULL name. */
extern const struct command cli_commands[];
const struct command *cli_command_find(const char *name);

/* ---- options ---- */

/*
 * Options of one command, in any order with its operands; "--" ends them.
 * value NULL: a switch; list: may come several times.
 */
struct cli_option {
	const char *name;		/* "limit" */
	bool *flag;			/* a switch, or */
	const char **value;		/* one value, or */
	const char ***list;		/* several; owned array */
	size_t *list_count;
};

/* Takes the options out of argv; *argc becomes the number of operands, which
 * stand in argv[1] ff.  The last option has a NULL name.  The options of every
 * command (--json --home --user --password-stdin --screens --lang) are taken
 * too.  false: an unknown option or a missing value, already said; leave with
 * CLI_USAGE.  --help prints the command's help; *helped is set then. */
bool cli_options(struct cli *cli, int *argc, char **argv,
	const struct cli_option *options, bool *helped);

/*
 * The beginning of every command: take the options, print the help if it was
 * asked for, count the operands (argv[0] is not one).  CLI_GO_ON: work;
 * otherwise the exit status to leave with, everything said.
 */
int cli_begin(struct cli *cli, int *argc, char **argv,
	const struct cli_option *options, int min, int max);
enum { CLI_GO_ON = -1, CLI_ANY = 1 << 20 };

/* "-o FILE", as people type it, becomes --output FILE. */
void cli_short_output(int argc, char **argv);

/* Say what is wrong and how the command is used, on one line of standard error;
 * CLI_USAGE. */
int cli_misused(const char *name, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* A needed option ("why") is not there. */
int cli_lacks(const char *name, const char *option);
/* Whole number of an option ("limit") of a command, 1..max; false: already
 * said; leave with CLI_USAGE. */
bool cli_number(long *out, const char *name, const char *option,
	const char *text, long max);

/* ---- saying ---- */

/* Print and return the exit status of a failure. */
int cli_fail(const struct err *err);
/* Print all faults of a save, each on its line; CLI_NO. */
struct faults;
int cli_faults(const struct faults *faults);
/* A line of text made safe for a terminal, to standard output. */
void cli_say(const char *text);
void cli_printf(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* One JSON value on one line, to standard output; j is taken. */
void cli_json(struct json *j);
/* Columns: text padded to cells (cut if longer) and a blank. */
void cli_column(struct buf *out, const char *text, int cells);
/* Flush standard output; CLI_FAULT if it could not be written, else status.  A
 * pipe that nobody reads any more is no failure.  saves: the command has done
 * something that stays done. */
int cli_done(int status, bool saves);

#endif
