/*
 * snapshot: make one now, for the nightly timer and before many devices come.
 */
#include "server/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/tr.h"
#include "db/db.h"
#include "server/command_print.h"
#include "server/snapshot_make.h"

static void
print_made(const struct command_args *a, const struct snapshot *s)
{
	if (a->json) {
		struct json *j = json_object();

		json_put_text(j, "stream", s->stream);
		json_put_int(j, "seq", s->seq);
		json_put_int(j, "bytes", s->bytes);
		json_put_text(j, "sha256", s->sha256);
		command_print_json(j);
	} else {
		printf(tr("%s at %lld: %lld bytes\n"), s->stream,
		    (long long)s->seq, (long long)s->bytes);
	}
}

static enum status
make_one(const struct command_args *a, const char *stream, struct err *err)
{
	struct snapshot made = {0};
	enum status s = snapshot_make(&made, a->data, stream, NULL, err);

	if (!s)
		print_made(a, &made);
	snapshot_release(&made);
	return s;
}

/* All large streams that have moved on. */
static enum status
make_all(const struct command_args *a, struct ledger *l, struct err *err)
{
	struct snapshot_need *needs = NULL;
	size_t count = 0;
	struct db *db = NULL;
	enum status s = ledger_begin_read(&db, l, err);

	if (s)
		return s;
	s = snapshot_needs(&needs, &count, l, db, err);
	ledger_end_read(l);
	for (size_t i = 0; i < count && !s; i++) {
		if (needs[i].held >= SNAPSHOT_FROM && needs[i].behind > 0)
			s = make_one(a, needs[i].stream, err);
	}
	free(needs);
	return s;
}

enum status
command_snapshot(const struct command_args *a, struct err *err)
{
	struct ledger *l = NULL;
	enum status s = ledger_open(&l, a->data, err);

	if (!s && strcmp(a->plain[0], "all") == 0)
		s = make_all(a, l, err);
	else if (!s)
		s = make_one(a, a->plain[0], err);
	ledger_close(l);
	return s;
}
