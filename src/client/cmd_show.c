/* show: one record with all that belongs to it. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "client/commands.h"
#include "client/papers.h"
#include "client/record_out.h"
#include "client/scan_words.h"
#include "client/show.h"
#include "core/value.h"
#include "store/audit.h"
#include "store/conflict.h"
#include "store/outbox.h"
#include "store/overview.h"
#include "store/people_names.h"

enum { SHOW_LABEL_CELLS = 18 };

static void
show_value(const struct app *app, const struct schema_register *reg,
	const struct schema_field *f, const char *text)
{
	struct buf line;

	buf_init(&line, RECORD_VALUE_BYTES_MAX);
	cli_column(&line, label_text(&f->label), SHOW_LABEL_CELLS);
	if (f->restricted && !show_may_see(app, reg))
		buf_text(&line, "***");
	else
		show_field(&line, app, f, text, "");
	cli_say(line.data);
	buf_release(&line);
}

/* Entries of this cache that the server has not taken yet, or not at all. */
static void
show_operations(const struct app *app, const struct outbox_list *ops)
{
	for (size_t i = 0; i < ops->count; i++) {
		const struct outbox_entry *e = &ops->items[i];
		char at[12];

		clock_print_short(at, e->op.at);
		if (!e->decided)
			cli_printf(tr("-- waiting to be sent since %s (%s)"),
				at, show_who(app, e->op.by));
		else if (verdict_is_refusal(e->verdict))
			cli_printf(tr("-- refused (%s, %s): %s"), at,
				show_who(app, e->op.by), e->why);
	}
}

static void
show_question(const struct app *app, const struct schema_register *reg,
	const struct conflict_field *c, const char *by)
{
	const struct schema_field *f = reg ? schema_field_known(reg, c->field) :
		NULL;
	struct buf stands, offered;

	buf_init(&stands, RECORD_VALUE_BYTES_MAX);
	buf_init(&offered, RECORD_VALUE_BYTES_MAX);
	record_out_stored(&stands, app->cli, reg, f, c->theirs, c->mine);
	record_out_stored(&offered, app->cli, reg, f, c->mine, c->theirs);
	cli_printf(tr("-- conflict %s: stands \"%s\", offered \"%s\" by %s"),
		show_label(reg, c->field), stands.data, offered.data, by);
	buf_release(&stands);
	buf_release(&offered);
}

static enum status
show_conflicts(const struct app *app, const struct record *r, struct err *err)
{
	const struct cli *cli = app->cli;
	const struct schema_register *reg =
		schema_register_find(cli->schema, r->reg);
	struct conflict_list list = {0};
	enum status s = conflict_list(&list, cli->store, &r->id, err);

	for (size_t i = 0; !s && i < list.count; i++)
		for (size_t k = 0; k < list.items[i].count; k++)
			show_question(app, reg, &list.items[i].fields[k],
				show_who(app, list.items[i].by));
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
show_text(const struct app *app, const struct record *r)
{
	struct cli *cli = app->cli;
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
			show_value(app, reg, &reg->fields[i], text);
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
			record_out_line(cli,
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
			json_push(all, record_out_json(cli,
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
put_operations(struct json *j, const struct cli *cli,
	const struct outbox_list *ops)
{
	struct json *all = json_array();

	for (size_t i = 0; i < ops->count; i++) {
		struct outbox_entry *e = &ops->items[i];
		struct json *o;

		record_out_mask_op(cli, schema_register_find(cli->schema,
			e->op.reg), &e->op);
		o = op_to_json(&e->op);
		json_put_text(o, "name", people_names_of(cli->store,
			e->op.by));
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
	const struct app app = { .cli = cli, .today = clock_today() };
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
		s = audit_view_as(cli->store, &id, "show", false, err);
	if (!s)
		s = record_out_note(cli, &id, err);
	if (!s)
		s = outbox_list(&ops, cli->store, OUTBOX_OF_RECORD, &id, err);
	if (!s && cli->json) {
		struct json *j;

		record_out_mask(cli, &r);
		j = record_to_json(&r);
		json_put_text(j, "created_by_name", show_who(&app,
			r.created_by));
		json_put_text(j, "updated_by_name", show_who(&app,
			r.updated_by));
		put_children(j, cli, &r);
		put_scans(j, cli, &r);
		put_operations(j, cli, &ops);
		put_papers(j, cli, &r);
		cli_json(j);
	} else if (!s) {
		show_text(&app, &r);
		show_scans(cli, &r);
		show_papers(cli, &r);
		show_operations(&app, &ops);
		s = show_conflicts(&app, &r, err);
	}
	outbox_list_release(&ops);
	record_release(&r);
	return s;
}

int
cmd_show(struct cli *cli, int argc, char **argv)
{
	struct cli_option options[] = {
		RECORD_OUT_UNMASK(cli),
		{ .name = NULL },
	};
	struct err err = ERR_INIT;
	int begun = cli_begin(cli, &argc, argv, options, 1, 1);

	if (begun != CLI_GO_ON)
		return begun;
	return show(cli, argv[1], &err) ? cli_fail(&err) : CLI_OK;
}
