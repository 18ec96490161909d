/* What the law and the county expect: late, today, soon. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "client/commands.h"
#include "client/due_words.h"
#include "store/audit.h"
#include "store/due.h"
#include "store/overview.h"

enum { DAYS_CELLS = 14, CALLED_CELLS = 14, TITLE_CELLS = 26 };

static void
due_json(const struct store *s, const struct due_item *item, int today)
{
	const struct deadline_rule *rule = item->rule;
	struct json *j = json_object();
	char id[UUID_TEXT_MAX], on[DATE_TEXT_MAX];
	struct buf called;

	uuid_print(id, &item->id);
	date_print(on, item->when.on);
	buf_init(&called, BUF_LINE_MAX);
	due_words_whose(&called, s, item);
	json_put_text(j, "due", deadline_state_name(item->when.state));
	json_put_text(j, "on", on);
	json_put_int(j, "days", item->when.on - today);
	json_put_bool(j, "approximate", item->when.approximate);
	json_put_text(j, "rule", rule->name);
	json_put_text(j, "title", due_words_title(item));
	json_put_text(j, "article", label_text(deadline_article(rule,
		&item->when)));
	if (item->when.offer)
		json_put_text(j, "proposes",
			supervision_measures[item->when.offer->measure]);
	if (item->when.minute != DEADLINE_ALL_DAY)
		json_put_int(j, "minute", item->when.minute);
	json_put_bool(j, "local", rule->local);
	json_put_text(j, "register", rule->reg->name);
	json_put_text(j, "id", id);
	json_put_text(j, "called", called.data);
	buf_release(&called);
	cli_json(j);
}

static void
due_line(const struct store *s, const struct due_item *item, int today)
{
	struct buf line, cell;
	char id[UUID_TEXT_MAX];

	uuid_print(id, &item->id);
	buf_init(&line, BUF_LINE_MAX);
	buf_init(&cell, BUF_LINE_MAX);
	due_words_day(&cell, item);
	cli_column(&line, cell.data, DATE_TEXT_MAX);
	buf_clear(&cell);
	due_words_left(&cell, item, today);
	cli_column(&line, cell.data, DAYS_CELLS);
	buf_clear(&cell);
	due_words_whose(&cell, s, item);
	cli_column(&line, cell.data, CALLED_CELLS);
	cli_column(&line, due_words_title(item), TITLE_CELLS);
	buf_clear(&cell);
	due_words_why(&cell, item);
	buf_printf(&line, "%s  %s", cell.data, id);
	cli_say(line.data);
	buf_release(&cell);
	buf_release(&line);
}

static enum status
note_rows(struct store *s, const struct due_list *list, struct err *err)
{
	struct uuid *ids = mem_alloc(list->count + 1, sizeof *ids);
	enum status st;

	for (size_t i = 0; i < list->count; i++)
		ids[i] = list->items[i].id;
	st = audit_rows(s, AUDIT_LIST, NULL, ids, list->count, false, "due",
		err);
	free(ids);
	return st;
}

int
cmd_due(struct cli *cli, int argc, char **argv)
{
	const char *text = NULL;
	struct cli_option options[] = {
		{ .name = "days", .value = &text },
		{ .name = NULL },
	};
	struct due_list list = {0};
	struct err err = ERR_INIT;
	long days = DUE_AS_RULED;
	int today = clock_today();
	int begun = cli_begin(cli, &argc, argv, options, 0, 0);

	if (begun != CLI_GO_ON)
		return begun;
	if (text && !cli_number(&days, argv[0], "days", text, DUE_DAYS_MAX))
		return CLI_USAGE;
	if (cli_unlock(cli, &err))
		return cli_fail(&err);
	due_gather(&list, cli->store, today, (int)days);
	if (note_rows(cli->store, &list, &err)) {
		due_release(&list);
		return cli_fail(&err);
	}
	for (size_t i = 0; i < list.count; i++)
		if (cli->json)
			due_json(cli->store, &list.items[i], today);
		else
			due_line(cli->store, &list.items[i], today);
	if (list.count == 0 && !cli->json)
		cli_say(tr("Nothing is due."));
	due_release(&list);
	return CLI_OK;
}
