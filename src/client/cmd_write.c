/*
 * Commands that change: add, set, move, remove.  They pass through save_* as
 * the forms do, so what a form refuses they refuse.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/tr.h"
#include "client/carry.h"
#include "client/cli_open.h"
#include "client/commands.h"
#include "client/newrec.h"
#include "client/offices.h"
#include "store/overview.h"
#include "store/save.h"

static int
save_failed(struct save *save, const struct err *err)
{
	int status;

	if (save->faults.count && err->code == E_INVALID)
		status = cli_faults(&save->faults);
	else
		status = cli_fail(err);
	faults_release(&save->faults);
	return status;
}

/* The id for a script; for a person the number that goes on the paper. */
static void
print_saved(const struct cli *cli, const struct save *save)
{
	const struct record *r = save->record;
	const struct schema_register *reg = schema_register_find(cli->schema,
		r->reg);
	char id[UUID_TEXT_MAX];

	uuid_print(id, &r->id);
	if (cli->json)
		cli_json(record_to_json(r));
	else
		cli_say(id);
	if (save->numbered && reg)
		fprintf(stderr, tr("Number: %s\n"),
			record_get(r, reg->number.field));
}

/* Values as JSON, in the form they are stored: {"field": "text"}, or a record
 * as "show --json" prints it. */
static enum status
read_values(struct record *r, const struct schema_register *reg,
	const char *path, struct err *err)
{
	struct json *j = NULL;
	struct buf text;
	enum status s;

	buf_init(&text, BUF_RECORD_MAX);
	s = io_read(&text, path, err);
	if (!s)
		s = json_parse(&j, text.data, text.len, BUF_RECORD_MAX, err);
	if (!s && !json_is_object(j))
		s = err_set(err, E_INVALID, tr("A JSON object of field names "
			"and texts is needed."));
	if (!s) {
		const struct json *values = json_get(j, "values");

		for (struct json *m = json_first(values ? values : j); m && !s;
		    m = json_next(m)) {
			if (!schema_field_find(reg, json_name(m)))
				s = err_set(err, E_INVALID, tr("%s has no "
					"field \"%s\"."), reg->name,
					json_name(m));
			else if (!json_text(m))
				s = err_set(err, E_INVALID, tr("The value of "
					"\"%s\" must be a text."),
					json_name(m));
			else
				values_set(&r->values, json_name(m),
					json_text(m));
		}
	}
	json_free(j);
	buf_release(&text);
	return s;
}

/* Operands are FIELD=VALUE, or one file (or "-") of JSON. */
static enum status
take_values(struct record *r, const struct schema_register *reg, int argc,
	char **argv, struct err *err)
{
	if (argc == 1 && !strchr(argv[0], '='))
		return read_values(r, reg, argv[0], err);
	return cli_assign(r, reg, argc, argv, err);
}

/* "@office=CODE" or "@office=NAME" among the operands is taken out of them: a
 * county enters something for an office. */
static enum status
take_office(char out[RECORD_OFFICE_MAX], struct cli *cli, int *argc,
	char **argv, struct err *err)
{
	static const char word[] = "@office=";
	const char *said = NULL;
	int kept = 0;

	for (int i = 0; i < *argc; i++) {
		if (strncmp(argv[i], word, sizeof word - 1) == 0)
			said = argv[i] + sizeof word - 1;
		else
			argv[kept++] = argv[i];
	}
	*argc = kept;
	memcpy(out, store_user(cli->store)->office, RECORD_OFFICE_MAX);
	if (!said || strcmp(said, out) == 0)
		return E_OK;
	if (!offices_are_many(cli->store))
		return err_set(err, E_AUTH, tr("Only a county may enter "
			"something for another office."));
	if (!offices_find(out, cli->store, said))
		return err_set(err, E_NOTFOUND, tr("There is no office %s "
			"here."), said);
	return E_OK;
}

int
cmd_add(struct cli *cli, int argc, char **argv)
{
	const char *from = NULL;
	struct cli_option options[] = {
		{ .name = "from", .value = &from },
		{ .name = NULL },
	};
	const struct schema_register *reg = NULL;
	struct record r = {0};
	struct save save = { .record = &r };
	struct err err = ERR_INIT;
	char office[RECORD_OFFICE_MAX] = "";
	int status = CLI_OK;
	enum status s;
	int begun = cli_begin(cli, &argc, argv, options, 1, CLI_ANY);
	int operands;

	if (begun != CLI_GO_ON)
		return begun;
	operands = argc - 2;
	s = cli_unlock(cli, &err);
	if (!s)
		s = cli_register(&reg, cli, argv[1], &err);
	if (!s)
		s = take_office(office, cli, &operands, argv + 2, &err);
	if (!s)
		newrec_init_for(&r, cli->store, reg, office);
	if (!s && from)
		s = read_values(&r, reg, from, &err);
	if (!s)
		s = take_values(&r, reg, operands, argv + 2, &err);
	if (!s) {
		newrec_from_parent(&r, cli->store, reg);
		s = carry_save(cli->store, &save, &err);
	}
	if (s) {
		status = save_failed(&save, &err);
	} else {
		cli_faults(&save.faults);	/* warnings */
		faults_release(&save.faults);
		print_saved(cli, &save);
	}
	record_release(&r);
	return status;
}

/* The state that is called so, or to which the step called so leads from
 * here. */
static const char *
target(const struct schema_register *reg, const struct record *r,
	const char *name)
{
	const char *state = cli_state(reg, name);

	for (size_t i = 0; !state && i < reg->move_count; i++) {
		const struct schema_move *m = &reg->moves[i];

		if (!m->back && schema_role_in(m->from, m->from_count, r->state) &&
		    (strcmp(m->name, name) == 0 ||
		    strcmp(m->label.zh, name) == 0 ||
		    strcmp(m->label.en, name) == 0))
			state = m->to;
	}
	return state ? state : name;
}

/* Open a record, change it as the operands say, save or move it. */
static int
change(struct cli *cli, const char *which, const char *to, int argc,
	char **argv)
{
	struct record r = {0}, seen = {0};
	struct save save = { .record = &r, .seen = &seen };
	const struct schema_register *reg = NULL;
	struct err err = ERR_INIT;
	struct uuid id;
	int status = CLI_OK;
	enum status s = cli_unlock(cli, &err);

	if (!s)
		s = cli_record_id(&id, cli, which, &err);
	if (!s)
		s = store_get(&seen, cli->store, &id, &err);
	if (!s)
		s = cli_register(&reg, cli, seen.reg, &err);
	if (!s) {
		record_copy(&r, &seen);
		s = take_values(&r, reg, argc, argv, &err);
	}
	if (!s)
		s = to ? carry_move(cli->store, &save, target(reg, &seen, to),
			&err) : carry_save(cli->store, &save, &err);
	if (s) {
		status = save_failed(&save, &err);
	} else {
		cli_faults(&save.faults);
		faults_release(&save.faults);
		if (cli->json)
			print_saved(cli, &save);
	}
	record_release(&r);
	record_release(&seen);
	return status;
}

int
cmd_set(struct cli *cli, int argc, char **argv)
{
	int begun = cli_begin(cli, &argc, argv, NULL, 2, CLI_ANY);

	if (begun != CLI_GO_ON)
		return begun;
	return change(cli, argv[1], NULL, argc - 2, argv + 2);
}

int
cmd_move(struct cli *cli, int argc, char **argv)
{
	int begun = cli_begin(cli, &argc, argv, NULL, 2, CLI_ANY);

	if (begun != CLI_GO_ON)
		return begun;
	return change(cli, argv[1], argv[2], argc - 3, argv + 3);
}

static void
print_left(struct cli *cli, const struct uuid *id)
{
	struct record r = {0};
	struct err none = ERR_INIT;
	struct buf left;

	buf_init(&left, BUF_LINE_MAX);
	if (!store_get(&r, cli->store, id, &none))
		carry_left(&left, cli->store, &r);
	if (left.len)
		cli_say(left.data);
	record_release(&r);
	buf_release(&left);
}

int
cmd_remove(struct cli *cli, int argc, char **argv)
{
	const char *why = NULL;
	struct cli_option options[] = {
		{ .name = "why", .value = &why },
		{ .name = NULL },
	};
	struct err err = ERR_INIT;
	struct uuid id;
	int begun = cli_begin(cli, &argc, argv, options, 1, 1);
	enum status s;

	if (begun != CLI_GO_ON)
		return begun;
	if (!why)
		return cli_lacks("remove", "why");
	s = cli_unlock(cli, &err);
	if (!s)
		s = cli_record_id(&id, cli, argv[1], &err);
	if (!s)
		s = save_remove(cli->store, &id, why, &err);
	if (!s)
		print_left(cli, &id);
	return s ? cli_fail(&err) : CLI_OK;
}
