/*
 * Commands about the change of office: transfer, accept, reject, receipts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "client/commands.h"
#include "client/offices.h"
#include "client/record_out.h"
#include "store/outbox.h"
#include "store/people_names.h"
#include "store/save.h"
#include "store/transfer.h"

int
cmd_transfer(struct cli *cli, int argc, char **argv)
{
	const char *why = NULL;
	struct cli_option options[] = {
		{ .name = "why", .value = &why },
		{ .name = NULL },
	};
	char office[RECORD_OFFICE_MAX] = "", text[UUID_TEXT_MAX];
	struct err err = ERR_INIT;
	struct uuid id, transfer = {{0}};
	int begun = cli_begin(cli, &argc, argv, options, 2, 2);
	enum status s;

	if (begun != CLI_GO_ON)
		return begun;
	if (!why)
		return cli_lacks("transfer", "why");
	s = cli_unlock(cli, &err);
	if (!s)
		s = cli_record_id(&id, cli, argv[1], &err);
	if (!s && !offices_find(office, cli->store, argv[2]))
		snprintf(office, sizeof office, "%s", argv[2]);
	if (!s)
		s = transfer_offer(&transfer, cli->store, &id, office, why,
			&err);
	if (s)
		return cli_fail(&err);
	uuid_print(text, &transfer);
	cli_say(text);
	return CLI_OK;
}

/* ---- the answer ---- */

/* The transfer that an operand means: its own id, or that of the record. */
static enum status
find_offer(struct record *out, struct cli *cli, const char *which,
	struct err *err)
{
	const struct overview *o;
	struct uuid id;
	enum status s = cli_unlock(cli, err);

	if (!s)
		s = cli_record_id(&id, cli, which, err);
	if (s)
		return s;
	o = transfer_of(cli->store, &id);
	s = store_get(out, cli->store, o ? &o->id : &id, err);
	if (!s && !transfer_is(out)) {
		record_release(out);
		s = err_set(err, E_NOTFOUND,
			tr("This record is offered to nobody."));
	}
	return s;
}

static int
answer(struct cli *cli, const char *which, const char *to, const char *why)
{
	struct record r = {0}, seen = {0};
	struct save save = { .record = &r, .seen = &seen };
	struct err err = ERR_INIT;
	int status = CLI_OK;
	enum status s = find_offer(&seen, cli, which, &err);

	if (!s) {
		record_copy(&r, &seen);
		if (why && !record_set(&r, "answer", why))
			s = err_set(&err, E_INVALID,
				tr("The reason is too long."));
	}
	if (!s)
		s = save_move(cli->store, &save, to, &err);
	if (s && save.faults.count && s == E_INVALID)
		status = cli_faults(&save.faults);
	else if (s)
		status = cli_fail(&err);
	faults_release(&save.faults);
	record_release(&r);
	record_release(&seen);
	return status;
}

int
cmd_accept(struct cli *cli, int argc, char **argv)
{
	int begun = cli_begin(cli, &argc, argv, NULL, 1, 1);

	return begun != CLI_GO_ON ? begun :
		answer(cli, argv[1], "accepted", NULL);
}

int
cmd_reject(struct cli *cli, int argc, char **argv)
{
	const char *why = NULL;
	struct cli_option options[] = {
		{ .name = "why", .value = &why },
		{ .name = NULL },
	};
	int begun = cli_begin(cli, &argc, argv, options, 1, 1);

	if (begun != CLI_GO_ON)
		return begun;
	return why ? answer(cli, argv[1], "rejected", why) :
		cli_lacks("reject", "why");
}

/* ---- receipts ---- */

static struct json *
receipt_json(const struct cli *cli, struct outbox_entry *e)
{
	struct json *j;

	record_out_mask_op(cli, schema_register_find(cli->schema, e->op.reg),
		&e->op);
	j = op_to_json(&e->op);
	json_put_text(j, "why", e->why);
	return j;
}

static void
print_receipt(const struct cli *cli, const struct outbox_entry *e)
{
	const struct schema_register *reg =
		schema_register_find(cli->schema, e->op.reg);
	const struct overview *o = overview_find(cli->store, &e->op.record);
	char at[12];
	struct buf called;

	if (!o)
		o = transfer_trace(cli->store, &e->op.record);
	clock_print_short(at, e->op.at);
	buf_init(&called, BUF_LINE_MAX);
	if (o)
		overview_called(&called, cli->store, o);
	cli_printf("%s  %s  %s  %s%s%s", at,
		people_names_of(cli->store, e->op.by),
		reg ? label_text(&reg->one) : e->op.reg, called.data,
		tr(": "), e->why);
	buf_release(&called);
}

int
cmd_receipts(struct cli *cli, int argc, char **argv)
{
	bool seen = false;
	struct cli_option options[] = {
		{ .name = "seen", .flag = &seen },
		{ .name = NULL },
	};
	struct outbox_list list = {0};
	struct err err = ERR_INIT;
	int begun = cli_begin(cli, &argc, argv, options, 0, 0);
	enum status s;

	if (begun != CLI_GO_ON)
		return begun;
	s = cli_unlock(cli, &err);
	if (!s)
		s = outbox_list(&list, cli->store, OUTBOX_RECEIPTS, NULL,
			&err);
	for (size_t i = 0; i < list.count && !s; i++) {
		struct outbox_entry *e = &list.items[i];

		if (cli->json)
			cli_json(receipt_json(cli, e));
		else
			print_receipt(cli, e);
		if (seen)
			s = outbox_withdraw(cli->store, e->op.epoch, e->op.n,
				&err);
	}
	if (list.count == 0 && !s && !cli->json)
		cli_say(tr("Nothing has come back."));
	outbox_list_release(&list);
	return s ? cli_fail(&err) : CLI_OK;
}
