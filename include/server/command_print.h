#ifndef SERVER_COMMAND_PRINT_H
#define SERVER_COMMAND_PRINT_H

#include "base/json.h"

/* What the commands print: facts for programs, columns for people. */

/* One value on a line of its own; j is taken. */
void command_print_json(struct json *j);

/* A cell of a list and the blanks to the next one; made safe for a terminal
 * and never cut. */
void command_print_cell(const char *text, int cells);

#endif
