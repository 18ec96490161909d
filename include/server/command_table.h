#ifndef SERVER_COMMAND_TABLE_H
#define SERVER_COMMAND_TABLE_H

#include <stddef.h>

#include "server/command.h"

/* The commands of fengqiaod and their options; help and parsing follow from
 * it (server/command.c). */
enum option { OPT_DATA, OPT_COUNTY, OPT_NAME, OPT_HOST, OPT_OFFICE, OPT_ROLE,
	OPT_PASSWORD_STDIN, OPT_LISTEN, OPT_CERT, OPT_KEY, OPT_SCREENS,
	OPT_MIN_APP, OPT_AT_ONCE, OPT_HEAD, OPT_BEFORE, OPT_FROM, OPT_TO,
	OPT_ALL, OPT_BY, OPT_WHY, OPT_LASTING, OPT_PASSWORD_DAYS,
	OPT_BASIS, OPT_BEFORE_TERM, OPT_LANG, OPT_JSON,
	OPT_COUNT };

#define BIT(option) (1u << (option))
/* Those that every command takes. */
#define OPT_EVERYWHERE (BIT(OPT_LANG) | BIT(OPT_JSON))

struct command_option {
	const char *name;
	const char *value;	/* NULL: a switch */
	const char *help;	/* TR_MARK()ed */
};
extern const struct command_option command_options[OPT_COUNT];

struct command {
	const char *name;
	const char *words;	/* what follows; NULL nothing */
	size_t word_count;
	unsigned takes, needs;	/* BIT(option) */
	enum status (*run)(const struct command_args *a, struct err *err);
	const char *help;	/* TR_MARK()ed */
};
extern const struct command command_list[];	/* the last has no name */

#endif
