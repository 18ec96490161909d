/* Commands that look for records: find, list. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "client/commands.h"
#include "client/list_look.h"
#include "client/record_out.h"
#include "client/where.h"
#include "store/audit.h"
#include "store/lookup.h"
#include "store/overview.h"

enum {
	FIND_MAX = 1000,
	LIST_MAX = 1000000,
	QUERY_BYTES_MAX = 4096,
};

/* ---- find ---- */

/* The words of the query, from the operands or, for "-", from standard input
 * (what stands in the arguments can be seen by others on the box). */
static enum status
read_query(struct buf *out, int argc, char **argv, struct err *err)
{
	enum status s;

	if (argc == 2 && strcmp(argv[1], "-") == 0) {
		s = io_read(out, "-", err);
		while (!s && out->len && out->data[out->len - 1] == '\n')
			out->data[--out->len] = 0;
		return s;
	}
	for (int i = 1; i < argc; i++) {
		if (i > 1)
			buf_char(out, ' ');
		buf_text(out, argv[i]);
	}
	if (out->full)
		return err_set(err, E_INVALID, tr("That is too much to look "
			"for."));
	return E_OK;
}

/* A hit in another register than asked for: the asked register's records of
 * the same person. */
static size_t
take_hit(struct uuid *out, size_t left, struct cli *cli,
	const struct overview *o, const struct schema_register *reg)
{
	struct uuid *ids = NULL;
	size_t count = 0;

	if (!reg || o->reg == reg) {
		out[0] = o->id;
		return 1;
	}
	if (!reg->person_field)
		return 0;
	overview_query(&ids, &count, cli->store, &(struct overview_query){
		.reg = reg, .person = &o->id, .today = clock_today(),
		.user = "" });
	if (count > left)
		count = left;
	if (count > 0)
		memcpy(out, ids, count * sizeof *out);
	free(ids);
	return count;
}

/* What is found is noted before it is printed. */
static enum status
print_hits(struct cli *cli, const char *query,
	const struct schema_register *reg, size_t limit, struct err *err)
{
	struct lookup_hit *hits = mem_alloc(FIND_MAX, sizeof *hits);
	struct uuid *ids = mem_alloc(limit, sizeof *ids);
	size_t total = 0, found = 0;
	size_t count = overview_lookup(hits, FIND_MAX, &total, cli->store,
		query, clock_now_at());
	enum status s;

	for (size_t i = 0; i < count && found < limit; i++) {
		const struct overview *o = overview_find(cli->store,
			&hits[i].id);

		if (o)
			found += take_hit(ids + found, limit - found, cli, o,
				reg);
	}
	free(hits);
	s = audit_rows(cli->store, AUDIT_FIND, reg, ids, found, cli->unmask,
		NULL, err);
	for (size_t i = 0; i < found && !s; i++)
		record_out_row(cli, overview_find(cli->store, &ids[i]));
	free(ids);
	if (!s && found == 0)
		s = err_set(err, E_NOTFOUND, tr("Nobody here fits that."));
	return s;
}

int
cmd_find(struct cli *cli, int argc, char **argv)
{
	const char *name = NULL, *most = "20";
	struct cli_option options[] = {
		{ .name = "register", .value = &name },
		{ .name = "limit", .value = &most },
		RECORD_OUT_UNMASK(cli),
		{ .name = NULL },
	};
	const struct schema_register *reg = NULL;
	struct err err = ERR_INIT;
	struct buf query;
	long limit = 0;
	int begun = cli_begin(cli, &argc, argv, options, 1, CLI_ANY);
	enum status s;

	if (begun != CLI_GO_ON)
		return begun;
	if (!cli_number(&limit, argv[0], "limit", most, FIND_MAX))
		return CLI_USAGE;
	buf_init(&query, QUERY_BYTES_MAX);
	s = read_query(&query, argc, argv, &err);
	if (!s)
		s = cli_unlock(cli, &err);
	if (!s && name)
		s = cli_register(&reg, cli, name, &err);
	if (!s)
		s = print_hits(cli, query.data, reg, (size_t)limit, &err);
	buf_release(&query);
	return s ? cli_fail(&err) : CLI_OK;
}

/* ---- list ---- */

/* "-path": downwards.  Owned. */
static enum status
read_sort(char **out, const struct cli *cli,
	const struct schema_register *reg, const char *typed, struct err *err)
{
	const bool down = typed[0] == '-';
	char *path = list_look_path(cli->schema, reg, typed + down);
	struct buf names;

	if (path) {
		*out = mem_printf("%s%s", down ? "-" : "", path);
		free(path);
		return E_OK;
	}
	buf_init(&names, BUF_LINE_MAX);
	for (size_t i = 0; i < reg->column_count; i++)
		buf_printf(&names, "%s%s", i ? tr(", ") : "",
			list_look_title(reg, reg->columns[i].path));
	(void)err_set(err, E_INVALID, tr("%s is not sorted by \"%.60s\", but "
		"for example by: %s."), label_text(&reg->title), typed,
		names.data);
	buf_release(&names);
	return E_INVALID;
}

static enum status
list_rows(struct cli *cli, const char *name, const char **where,
	size_t where_count, const char *state, const char *sort, size_t limit,
	struct err *err)
{
	const struct schema_register *reg = NULL;
	struct conds conds = {0};
	struct uuid *ids = NULL;
	struct buf by;
	size_t count = 0;
	char *path = NULL;
	enum status s = cli_unlock(cli, err);

	buf_init(&by, AUDIT_NOTE_MAX);
	if (!s)
		s = cli_register(&reg, cli, name, err);
	for (size_t i = 0; i < where_count && !s; i++)
		s = where_add(&conds, reg, where[i], err);
	if (!s && state && !cli_state(reg, state))
		s = err_set(err, E_NOTFOUND, tr("%s has no state \"%s\"."),
			label_text(&reg->title), state);
	if (!s && sort)
		s = read_sort(&path, cli, reg, sort, err);
	if (!s && !schema_may_read(reg, store_user(cli->store)->role))
		s = err_set(err, E_AUTH, tr("Your role may not see this "
			"register."));
	if (!s)
		overview_query(&ids, &count, cli->store,
			&(struct overview_query){ .reg = reg, .where = &conds,
			.state = state ? cli_state(reg, state) : NULL,
			.sort = path, .today = clock_today(),
			.user = store_user(cli->store)->name });
	if (count > limit)
		count = limit;
	audit_by(&by, &conds);
	if (state)
		buf_text(&by, by.len ? " @state" : "@state");
	if (!s)
		s = audit_rows(cli->store, AUDIT_LIST, reg, ids, count,
			cli->unmask, by.data, err);
	for (size_t i = 0; i < count && !s; i++)
		record_out_row(cli, overview_find(cli->store, &ids[i]));
	free(ids);
	free(path);
	buf_release(&by);
	schema_release_conds(&conds);
	return s;
}

int
cmd_list(struct cli *cli, int argc, char **argv)
{
	const char *state = NULL, *sort = NULL, *most = "1000000";
	const char **where = NULL;
	size_t where_count = 0;
	struct cli_option options[] = {
		{ .name = "where", .list = &where, .list_count = &where_count },
		{ .name = "state", .value = &state },
		{ .name = "sort", .value = &sort },
		{ .name = "limit", .value = &most },
		RECORD_OUT_UNMASK(cli),
		{ .name = NULL },
	};
	struct err err = ERR_INIT;
	long limit = 0;
	int status = cli_begin(cli, &argc, argv, options, 1, 1);

	if (status == CLI_GO_ON && !cli_number(&limit, argv[0], "limit", most, LIST_MAX))
		status = CLI_USAGE;
	if (status != CLI_GO_ON)
		goto out;
	status = CLI_OK;
	if (list_rows(cli, argv[1], where, where_count, state, sort,
	    (size_t)limit, &err))
		status = cli_fail(&err);
out:
	free(where);
	return status;
}
