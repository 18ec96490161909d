#ifndef SERVER_COMMAND_SCHEMA_H
#define SERVER_COMMAND_SCHEMA_H

#include <stddef.h>

#include "core/schema.h"
#include "server/command.h"

/* The definitions by which the county judges: of --screens, of
 * FENGQIAO_SCREENS, or the program's own. */
struct command_files {
	struct def_file *items;	/* path and text owned */
	size_t count;
};

void command_files_release(struct command_files *f);

/* *out: owned by the caller, schema_free().  files: what the folder holds, for
 * the devices; none, the program's own.  Prints what is wrong with them.
 * Errors: E_INVALID they have mistakes; E_IO. */
MUST_CHECK enum status command_schema(struct schema **out,
	struct command_files *files, const struct command_args *a,
	struct err *err);

#endif
