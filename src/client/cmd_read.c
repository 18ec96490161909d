/* Commands that only look: find, list, show. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "client/commands.h"
#include "client/offices.h"
#include "client/papers.h"
#include "client/scan_words.h"
#include "client/where.h"
#include "core/number.h"
#include "core/value.h"
#include "store/audit.h"
#include "store/conflict.h"
#include "store/lookup.h"
#include "store/outbox.h"
#include "store/overview.h"

enum {
	FIND_MAX = 1000,
	LIST_MAX = 1000000,
	QUERY_BYTES_MAX = 4096,
	SHOW_LABEL_CELLS = 18,
	REST_CELLS = 16,		/* of a column that takes the rest */
};

/* ---- one row ---- */

static struct json *
overview_json(const struct store *s, const struct overview *o)
{
	struct json *j = json_object(), *words = json_object();
	char id[UUID_TEXT_MAX];
	struct buf called;

	uuid_print(id, &o->id);
	json_put_text(j, "id", id);
	json_put_text(j, "register", o->reg_name);
	json_put_text(j, "office", o->office);
	json_put_text(j, "state", o->state);
	json_put_int(j, "rev", o->rev);
	json_put_text(j, "sync", overview_get(o, "@sync"));
	if (o->overlays)
		json_put_text(j, "overlays", o->overlays);
	buf_init(&called, BUF_LINE_MAX);
	overview_called(&called, s, o);
	json_put_text(j, "called", called.data);
	buf_release(&called);
	for (size_t i = 0; o->reg && i < o->reg->field_count; i++) {
		const struct schema_field *f = &o->reg->fields[i];
		const char *text = overview_get(o, f->name);

		if (f->overview && *text)
			json_put_text(words, f->name, text);
	}
	json_put(j, "values", words);
	return j;
}

static void
overview_line(const struct store *s, const struct overview *o)
{
	struct buf line, cell;
	char id[UUID_TEXT_MAX];

	uuid_print(id, &o->id);
	buf_init(&line, BUF_LINE_MAX);
	buf_init(&cell, BUF_LINE_MAX);
	cli_column(&line, id, 36);
	for (size_t i = 0; o->reg && i < o->reg->column_count; i++) {
		const struct schema_column *c = &o->reg->columns[i];

		buf_clear(&cell);
		overview_show(&cell, s, o, c->path);
		cli_column(&line, cell.data, c->cells ? c->cells : REST_CELLS);
	}
	while (line.len && line.data[line.len - 1] == ' ')
		line.data[--line.len] = 0;
	puts(line.data);
	buf_release(&cell);
	buf_release(&line);
}

static void
print_row(const struct cli *cli, const struct overview *o)
{
	if (cli->json)
		cli_json(overview_json(cli->store, o));
	else
		overview_line(cli->store, o);
}

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
	s = audit_rows(cli->store, AUDIT_FIND, reg, ids, found, cli->json,
		NULL, err);
	for (size_t i = 0; i < found && !s; i++)
		print_row(cli, overview_find(cli->store, &ids[i]));
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
	if (!cli_number(&limit, most, FIND_MAX))
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
	enum status s = cli_unlock(cli, err);

	buf_init(&by, AUDIT_NOTE_MAX);
	if (!s)
		s = cli_register(&reg, cli, name, err);
	for (size_t i = 0; i < where_count && !s; i++)
		s = where_add(&conds, reg, where[i], err);
	if (!s && state && !cli_state(reg, state))
		s = err_set(err, E_NOTFOUND, tr("%s has no state \"%s\"."),
			name, state);
	if (!s && !schema_may_read(reg, store_user(cli->store)->role))
		s = err_set(err, E_AUTH, tr("Your role may not see this "
			"register."));
	if (!s)
		overview_query(&ids, &count, cli->store,
			&(struct overview_query){ .reg = reg, .where = &conds,
			.state = state ? cli_state(reg, state) : NULL,
			.sort = sort, .today = clock_today(),
			.user = store_user(cli->store)->name });
	if (count > limit)
		count = limit;
	audit_by(&by, &conds);
	if (state)
		buf_text(&by, by.len ? " @state" : "@state");
	if (!s)
		s = audit_rows(cli->store, AUDIT_LIST, reg, ids, count,
			cli->json && audit_has_idno(reg), by.data, err);
	for (size_t i = 0; i < count && !s; i++)
		print_row(cli, overview_find(cli->store, &ids[i]));
	free(ids);
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
		{ .name = NULL },
	};
	struct err err = ERR_INIT;
	long limit = 0;
	int status = cli_begin(cli, &argc, argv, options, 1, 1);

	if (status == CLI_GO_ON && !cli_number(&limit, most, LIST_MAX))
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

/* ---- show ---- */

static void
show_value(struct cli *cli, const struct schema_field *f, const char *text)
{
	struct buf line, value;
	struct uuid id;

	buf_init(&line, BUF_LINE_MAX);
	buf_init(&value, RECORD_VALUE_BYTES_MAX);
	if (f->type == VT_REF && uuid_parse(&id, text) &&
	    overview_find(cli->store, &id))
		overview_called(&value, cli->store,
			overview_find(cli->store, &id));
	else if (f->office)
		offices_name(&value, cli->store, text);
	else
		value_show(&value, f, text, false);
	if (f->type == VT_NUMBER && number_is_provisional(text, NULL))
		buf_text(&value, tr(" (provisional)"));
	cli_column(&line, label_text(&f->label), SHOW_LABEL_CELLS);
	buf_text(&line, value.data);
	cli_say(line.data);
	buf_release(&value);
	buf_release(&line);
}

/* Entries of this cache that the server has not taken yet, or not at all. */
static void
show_operations(const struct outbox_list *ops)
{
	for (size_t i = 0; i < ops->count; i++) {
		const struct outbox_entry *e = &ops->items[i];
		char at[12];

		clock_print_short(at, e->op.at);
		if (!e->decided)
			cli_printf(tr("-- waiting to be sent since %s (%s)"),
				at, e->op.by);
		else if (verdict_is_refusal(e->verdict))
			cli_printf(tr("-- refused (%s, %s): %s"), at,
				e->op.by, e->why);
	}
}

static enum status
show_conflicts(struct cli *cli, const struct record *r, struct err *err)
{
	const struct schema_register *reg =
		schema_register_find(cli->schema, r->reg);
	struct conflict_list list = {0};
	enum status s = conflict_list(&list, cli->store, &r->id, err);

	for (size_t i = 0; !s && i < list.count; i++)
		for (size_t k = 0; k < list.items[i].count; k++) {
			const struct conflict_field *c =
				&list.items[i].fields[k];
			const struct schema_field *f = reg ?
				schema_field_known(reg, c->field) : NULL;

			cli_printf(tr("-- conflict %s: stands \"%s\", "
				"offered \"%s\" by %s"),
				f ? label_text(&f->label) : c->field,
				c->theirs, c->mine, list.items[i].by);
		}
	conflict_list_release(&list);
	return s;
}

/* What newer definitions than ours have put there, as it came. */
static void
show_unknown(struct cli *cli, const struct schema_register *reg,
	const struct record *r)
{
	const struct store_user *user = store_user(cli->store);

	for (size_t i = 0; i < r->values.count; i++) {
		const struct value *v = &r->values.items[i];
		struct buf line;

		if (reg && schema_field_find(reg, v->name))
			continue;
		buf_init(&line, RECORD_VALUE_BYTES_MAX);
		cli_column(&line, v->name, SHOW_LABEL_CELLS);
		/* it may be one that not every role sees */
		buf_text(&line, user && reg && !schema_may_write(reg,
			user->role) ? "***" : v->text);
		cli_say(line.data);
		buf_release(&line);
	}
}

static void
show_text(struct cli *cli, const struct record *r)
{
	const struct schema_state *state;
	const struct overview *o = overview_find(cli->store, &r->id);
	const struct schema_register *reg =
		schema_register_find(cli->schema, r->reg);
	const struct schema_register *child = NULL;
	struct buf called;

	buf_init(&called, BUF_LINE_MAX);
	if (o)
		overview_called(&called, cli->store, o);
	state = reg ? schema_state_find(reg, r->state) : NULL;
	cli_printf("%s  %s  %s", reg ? label_text(&reg->one) : r->reg,
		called.data, state ? label_text(&state->label) : r->state);
	if (r->deleted)
		cli_printf(tr("Withdrawn: %s"), r->deleted);
	buf_release(&called);
	for (size_t i = 0; reg && i < reg->field_count; i++) {
		const char *text = values_get(&r->values,
			reg->fields[i].name);

		if (*text)
			show_value(cli, &reg->fields[i], text);
	}
	show_unknown(cli, reg, r);
	while (reg && (child = schema_child_next(cli->schema, reg, child))) {
		struct uuid *ids = NULL;
		size_t count = 0;

		overview_query(&ids, &count, cli->store,
			&(struct overview_query){ .reg = child,
			.parent = &r->id, .today = clock_today(),
			.user = "" });
		if (count)
			cli_printf("-- %s (%zu)", label_text(&child->title),
				count);
		for (size_t i = 0; i < count; i++)
			overview_line(cli->store,
				overview_find(cli->store, &ids[i]));
		free(ids);
	}
}

static void
put_children(struct json *j, struct cli *cli, const struct record *r)
{
	const struct schema_register *reg =
		schema_register_find(cli->schema, r->reg);
	const struct schema_register *child = NULL;
	struct json *all = json_array();

	while (reg && (child = schema_child_next(cli->schema, reg, child))) {
		struct uuid *ids = NULL;
		size_t count = 0;

		overview_query(&ids, &count, cli->store,
			&(struct overview_query){ .reg = child,
			.parent = &r->id, .today = clock_today(),
			.user = "" });
		for (size_t i = 0; i < count; i++)
			json_push(all, overview_json(cli->store,
				overview_find(cli->store, &ids[i])));
		free(ids);
	}
	json_put(j, "children", all);
}

/* Nothing of them where the role may not read the record. */
static void
put_scans(struct json *j, struct cli *cli, const struct record *r)
{
	struct scan_list list = {0};
	struct err ignored = ERR_INIT;
	struct json *all;

	if (scan_list(&list, cli->store, &r->id, &ignored))
		return;
	all = json_array();
	for (size_t i = 0; i < list.count; i++)
		json_push(all, scan_words_json(&list.items[i], i + 1));
	json_put(j, "attachments", all);
	scan_list_release(&list);
}

static void
show_scans(struct cli *cli, const struct record *r)
{
	struct scan_list list = {0};
	struct err ignored = ERR_INIT;

	if (scan_list(&list, cli->store, &r->id, &ignored))
		return;
	if (list.count > 0)
		cli_printf(tr("-- Attachments  %zu"), list.count);
	for (size_t i = 0; i < list.count; i++) {
		struct buf text;

		buf_init(&text, BUF_LINE_MAX);
		scan_words_line(&text, &list.items[i], i + 1);
		cli_say(text.data);
		buf_release(&text);
	}
	scan_list_release(&list);
}

static void
put_operations(struct json *j, const struct outbox_list *ops)
{
	struct json *all = json_array();

	for (size_t i = 0; i < ops->count; i++) {
		const struct outbox_entry *e = &ops->items[i];
		struct json *o = op_to_json(&e->op);

		json_put_text(o, "verdict", e->decided ?
			verdict_name(e->verdict) : "waiting");
		if (*e->why)
			json_put_text(o, "why", e->why);
		json_push(all, o);
	}
	json_put(j, "operations", all);
}

static void
show_papers(struct cli *cli, const struct record *r)
{
	const struct schema_register *reg =
		schema_register_find(cli->schema, r->reg);

	if (reg)
		papers_say(cli, reg, r);
}

static void
put_papers(struct json *j, struct cli *cli, const struct record *r)
{
	const struct schema_register *reg =
		schema_register_find(cli->schema, r->reg);
	struct json *papers = reg ? papers_json(cli, reg, r) : NULL;

	if (papers)
		json_put(j, "dossier", papers);
}

static enum status
show(struct cli *cli, const char *which, struct err *err)
{
	struct outbox_list ops = {0};
	struct record r = {0};
	struct uuid id;
	enum status s = cli_unlock(cli, err);

	if (!s)
		s = cli_record_id(&id, cli, which, err);
	if (!s)
		s = scan_need_readable(cli->store, &id, err);
	if (!s)
		s = store_get(&r, cli->store, &id, err);
	if (!s)
		s = audit_view_as(cli->store, &id, "show", err);
	if (!s)
		s = outbox_list(&ops, cli->store, OUTBOX_OF_RECORD, &id, err);
	if (!s && cli->json) {
		struct json *j = record_to_json(&r);

		put_children(j, cli, &r);
		put_scans(j, cli, &r);
		put_operations(j, &ops);
		put_papers(j, cli, &r);
		cli_json(j);
	} else if (!s) {
		show_text(cli, &r);
		show_scans(cli, &r);
		show_papers(cli, &r);
		show_operations(&ops);
		s = show_conflicts(cli, &r, err);
	}
	outbox_list_release(&ops);
	record_release(&r);
	return s;
}

int
cmd_show(struct cli *cli, int argc, char **argv)
{
	struct err err = ERR_INIT;
	int begun = cli_begin(cli, &argc, argv, NULL, 1, 1);

	if (begun != CLI_GO_ON)
		return begun;
	return show(cli, argv[1], &err) ? cli_fail(&err) : CLI_OK;
}
