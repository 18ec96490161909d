/*
 * snapshot write: a first load for one device, on a stick.
 */
#include "server/command.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/crypto.h"
#include "base/io.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "server/command_print.h"
#include "server/command_schema.h"
#include "server/command_trace.h"
#include "server/stick_make.h"

static void
print_written(const struct command_args *a, const struct stick_making *w,
    const char *code)
{
	if (a->json) {
		struct json *j = json_object();

		json_put_text(j, "code", code);
		json_put_int(j, "streams", (int64_t)w->head.count);
		json_put_int(j, "pieces", (int64_t)stick_pieces(&w->head) + 1);
		json_put_int(j, "bytes", w->bytes);
		command_print_json(j);
		return;
	}
	printf(tr("Written: %lld bytes. Tell the code to the office, and do not "
	    "send it with the stick:\n%s\n"), (long long)w->bytes, code);
}

enum status
command_snapshot_write(const struct command_args *a, struct err *err)
{
	struct stick_making *w = mem_alloc(1, sizeof *w);
	struct command_files files = {0};
	struct schema *schema = NULL;
	struct ledger *l = NULL;
	char code[STICK_CODE + 1];
	enum status s = command_schema(&schema, &files, a, err);

	crypto_code(code, STICK_CODE);
	if (!s && !io_exists(a->plain[1]))
		s = err_set(err, E_NOTFOUND, tr("There is no such folder."));
	if (!s)
		s = ledger_open(&l, a->data, err);
	if (!s)
		s = stick_gather(w, l, schema, a->data, a->plain[0], err);
	if (!s)
		s = command_trace_alone(l, a, err);
	if (!s)
		s = stick_write(w, code, a->plain[1], err);
	if (!s)
		print_written(a, w, code);
	stick_making_release(w);
	ledger_close(l);
	schema_free(schema);
	command_files_release(&files);
	crypto_wipe(code, sizeof code);
	free(w);
	return s;
}
