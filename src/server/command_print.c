/*
 * Standard output, with whatever a name holds made harmless.
 */
#include "server/command_print.h"

#include <stdio.h>

#include "base/utf8.h"

void
command_print_json(struct json *j)
{
	struct buf out;

	buf_init(&out, BUF_RECORD_MAX);
	json_print(&out, j);
	puts(out.data);
	buf_release(&out);
	json_free(j);
}

void
command_print_cell(const char *text, int cells)
{
	struct buf safe;
	int used;

	buf_init(&safe, BUF_LINE_MAX);
	utf8_safe(&safe, text);
	used = utf8_cells(safe.data);
	printf("%s%*s", safe.data, used < cells ? cells - used : 1, "");
	buf_release(&safe);
}
