/*
 * removed: what the server took from here without a reason, and putting it
 * back.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "client/commands.h"
#include "core/value.h"
#include "store/number.h"
#include "store/removed.h"

/* Days until it is gone for good, the last one counted. */
static int
days_left(const struct removed *r)
{
	int64_t age = clock_believed_at() - r->removed_at;
	int64_t days = age / (24 * 3600 * (int64_t)1000);

	return days < REMOVED_DAYS ? (int)(REMOVED_DAYS - days) : 0;
}

static struct json *
removed_json(const struct removed *r)
{
	struct json *j = record_to_json(&r->record);
	char at[CLOCK_TEXT_MAX];

	clock_print(at, r->removed_at);
	json_put_text(j, "removed_at", at);
	json_put_int(j, "days_left", days_left(r));
	return j;
}

/* The words of the first fields, so that a person knows which it is. */
static void
print_line(const struct cli *cli, const struct removed *r)
{
	const struct schema_register *reg =
		schema_register_find(cli->schema, r->record.reg);
	char id[UUID_TEXT_MAX], at[12];
	struct buf words;

	uuid_print(id, &r->record.id);
	clock_print_short(at, r->removed_at);
	buf_init(&words, BUF_RECORD_MAX);
	for (size_t i = 0; reg && i < reg->field_count && words.len < 60; i++) {
		const struct schema_field *f = &reg->fields[i];
		const char *text = record_get(&r->record, f->name);

		if (!text[0] || f->type == VT_REF)
			continue;
		buf_text(&words, words.len ? "  " : "");
		value_show(&words, f, text, true);
	}
	cli_printf(tr("%s  %s, %d days left  %s  %s"), id, at, days_left(r),
		reg ? label_text(&reg->one) : r->record.reg, words.data);
	buf_release(&words);
}

static enum status
print_all(struct cli *cli, struct err *err)
{
	struct removed_list l = {0};
	enum status s = removed_list(&l, cli->store, err);

	for (size_t i = 0; i < l.count && !s; i++) {
		if (cli->json)
			cli_json(removed_json(&l.items[i]));
		else
			print_line(cli, &l.items[i]);
	}
	if (!s && l.count == 0 && !cli->json)
		cli_say(tr("The server removed nothing here in 30 days."));
	removed_list_release(&l);
	return s;
}

/* Its number may have been given to another meanwhile: nobody's is changed. */
static enum status
say_twice(struct cli *cli, const struct uuid *id, struct err *err)
{
	const struct schema_register *reg;
	struct record r = {0};
	enum status s = store_get(&r, cli->store, id, err);

	reg = s ? NULL : schema_register_find(cli->schema, r.reg);
	if (reg && number_is_twice(cli->store, reg, &r))
		fprintf(stderr, tr("Another record has the number %s too; "
			"both keep it until the county answers.\n"),
			record_get(&r, reg->number.field));
	record_release(&r);
	return s;
}

int
cmd_removed(struct cli *cli, int argc, char **argv)
{
	const char *back = NULL;
	struct cli_option options[] = {
		{ .name = "restore", .value = &back },
		{ .name = NULL },
	};
	struct err err = ERR_INIT;
	char text[UUID_TEXT_MAX];
	struct uuid id, made;
	enum status s;
	int begun = cli_begin(cli, &argc, argv, options, 0, 0);

	if (begun != CLI_GO_ON)
		return begun;
	s = cli_unlock(cli, &err);
	if (!s && !back)
		s = print_all(cli, &err);
	if (!s && back && !uuid_parse(&id, back))
		s = err_set(&err, E_INVALID, tr("Give the id that "
			"\"fengqiao removed\" prints."));
	if (!s && back)
		s = removed_restore(&made, cli->store, &id, &err);
	if (!s && back)
		s = say_twice(cli, &made, &err);
	if (s)
		return cli_fail(&err);
	if (back) {
		uuid_print(text, &made);
		cli_say(text);
	}
	return CLI_OK;
}
