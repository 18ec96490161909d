/* Commands about the server: sync, conflicts, resolve. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "client/cmd_watch.h"
#include "client/commands.h"
#include "client/record_out.h"
#include "client/sync_words.h"
#include "core/value.h"
#include "store/audit.h"
#include "store/conflict.h"
#include "store/outbox.h"
#include "store/overview.h"
#include "store/people_names.h"
#include "store/runs.h"
#include "store/save.h"
#include "store/scan.h"
#include "sync/http_client.h"
#include "sync/session.h"
#include "sync/sync.h"

enum {
	WAITING_SQUEEZE = 3,	/* packed text is about a third */
	SAY_AGAIN_MS = 30 * 1000,
};

/* What a person was told of the size. */
struct told {
	bool large;		/* that it is large */
	int64_t ms;		/* when, monotonic */
};

/* A line a page for whoever started us (the screens read it). */
static void
on_progress(void *self, const struct sync_counts *counts)
{
	(void)self;
	cli_json(cmd_watch_counts(counts));
	fflush(stdout);
}

/* For a person: before anything that takes long, how long. */
static void
warn_of_size(int64_t bytes, int64_t bytes_s)
{
	struct buf text;

	if (bytes < SYNC_WORDS_LARGE)
		return;
	buf_init(&text, BUF_LINE_MAX);
	sync_words_left(&text, bytes, bytes_s);
	cli_printf(tr("To exchange: %s."), text.data);
	fflush(stdout);
	buf_release(&text);
}

static void
on_page(void *self, const struct sync_counts *counts)
{
	struct told *t = self;
	int64_t now = clock_mono_ms();

	if (t->large && now - t->ms < SAY_AGAIN_MS)
		return;
	warn_of_size(counts->left_bytes, counts->bytes_s);
	t->large = t->large || counts->left_bytes >= SYNC_WORDS_LARGE;
	t->ms = now;
}

static void
warn_of_waiting(struct told *t, struct cli *cli)
{
	struct err ignored = ERR_INIT;
	size_t bytes = 0;
	int64_t bytes_s = 0;

	if (outbox_bytes(&bytes, cli->store, &ignored) ||
	    runs_line(&bytes_s, cli->store, &ignored))
		return;
	bytes /= WAITING_SQUEEZE;
	warn_of_size((int64_t)bytes, bytes_s);
	t->large = bytes >= SYNC_WORDS_LARGE;
	t->ms = clock_mono_ms();
}

static void
print_counts(const struct cli *cli, const struct sync_counts *c)
{
	if (cli->json) {
		cli_json(cmd_watch_counts(c));
		return;
	}
	if (c->reconciled)
		cli_say(tr("The server did not hold what it held before; both "
			"sides were compared and have the same again."));
	cli_printf(tr("Sent %zu, fetched %zu; merged %zu, conflicts %zu, "
		"refused %zu."), c->pushed, c->apply.pulled,
		c->apply.merged, c->apply.conflicts, c->apply.refused);
	if (c->apply.moved)
		cli_printf(tr("Taken over by another office or the county, "
			"to be noted: %zu (fengqiao receipts)"),
			c->apply.moved);
}

/* Nothing came because this program is too old to be told?  Has something been
 * taken away that nobody explained? */
static void
say_more(struct cli *cli)
{
	struct outbox_counts counts = {0};
	struct err ignored = ERR_INIT;
	struct buf text;

	if (cli->json || outbox_count(&counts, cli->store, &ignored))
		return;
	if (counts.removed)
		cli_printf(tr("Taken from here by the server without a reason, "
			"kept for 30 days: %zu (fengqiao removed)"),
			counts.removed);
	buf_init(&text, BUF_LINE_MAX);
	sync_words_old(&text, counts.min_app);
	if (text.len > 0)
		cli_say(text.data);
	buf_release(&text);
}

static enum status
sync_once(struct cli *cli, struct http_client *http, bool progress,
	struct sync_counts *counts, struct err *err)
{
	struct transport net = http_client_transport(http);
	struct told told = {0};

	if (progress || cli->json)
		return sync_run(counts, cli->store, &net,
			progress ? on_progress : NULL, NULL, err);
	warn_of_waiting(&told, cli);
	return sync_run(counts, cli->store, &net, on_page, &told, err);
}

/* pause, resume, or kB a second (0: as the line goes). */
static enum status
set_pace(struct cli *cli, const char *text, struct err *err)
{
	struct scan_pace pace = {0};
	enum status s = scan_pace(&pace, cli->store, err);
	size_t digits = strspn(text, "0123456789");

	if (s)
		return s;
	if (strcmp(text, "pause") == 0)
		pace.paused = true;
	else if (strcmp(text, "resume") == 0)
		pace.paused = false;
	else if (digits > 0 && digits < 7 && !text[digits])
		pace.bytes_s = strtoll(text, NULL, 10) * 1000;
	else
		return err_set(err, E_INVALID, tr("--attachments takes pause, "
			"resume, or kB a second (0: as fast as the line)."));
	return scan_set_pace(cli->store, &pace, err);
}

int
cmd_sync(struct cli *cli, int argc, char **argv)
{
	bool watching = false, progress = false;
	const char *pace = NULL;
	struct cli_option options[] = {
		{ .name = "watch", .flag = &watching },
		{ .name = "attachments", .value = &pace },
		/* the screens' own, not in the help: they hand over the key */
		{ .name = "key-stdin", .flag = &cli->key_stdin },
		{ .name = "progress", .flag = &progress },
		{ .name = NULL },
	};
	const volatile sig_atomic_t *stopping;
	struct http_client *http = NULL;
	struct sync_counts counts = {0};
	struct err err = ERR_INIT;
	int status = CLI_OK;
	enum status s;
	int begun = cli_begin(cli, &argc, argv, options, 0, 0);

	if (begun != CLI_GO_ON)
		return begun;
	stopping = cmd_watch_signals();
	cli->spares = true;
	/* as long as reading the definitions, and both have to be done */
	http_client_prepare();
	s = cli_unlock(cli, &err);
	if (!s && pace)
		s = set_pace(cli, pace, &err);
	if (!s)
		s = session_connect(&http, cli->store, &err);
	http_client_settle();
	if (s)
		return cli_fail(&err);
	http_client_stop_on(http, stopping);
	if (watching) {
		struct transport net = http_client_transport(http);

		status = cmd_watch(cli, &net, progress);
	} else {
		s = sync_once(cli, http, progress, &counts, &err);
		if (s)
			status = cli_fail(&err);
		else if (!progress)
			print_counts(cli, &counts);
		if (!s && counts.apply.conflicts)
			status = CLI_CONFLICT;
		if (!s && !progress)
			say_more(cli);
		if (!s) {
			struct transport net = http_client_transport(http);

			cmd_watch_news(cli, &net, progress);
		}
	}
	http_client_free(http);
	return status;
}

static const struct schema_register *
register_of(const struct cli *cli, const struct conflict *c)
{
	const struct overview *o = overview_find(cli->store, &c->record);

	return o ? o->reg : NULL;
}

/* What was, what stands and what is offered, as it may be printed. */
struct offer {
	const char *label;
	struct buf base, theirs, mine;
};

static void
offer_open(struct offer *f, const struct cli *cli, const struct conflict *c,
	size_t i)
{
	const struct conflict_field *from = &c->fields[i];
	const struct schema_register *reg = register_of(cli, c);
	const struct schema_field *field = reg ?
		schema_field_known(reg, from->field) : NULL;

	f->label = field ? label_text(&field->label) : from->field;
	buf_init(&f->base, RECORD_VALUE_BYTES_MAX);
	buf_init(&f->theirs, RECORD_VALUE_BYTES_MAX);
	buf_init(&f->mine, RECORD_VALUE_BYTES_MAX);
	record_out_stored(&f->base, cli, reg, field, from->base, from->theirs);
	record_out_stored(&f->theirs, cli, reg, field, from->theirs,
		from->mine);
	record_out_stored(&f->mine, cli, reg, field, from->mine, from->theirs);
}

static void
offer_close(struct offer *f)
{
	buf_release(&f->base);
	buf_release(&f->theirs);
	buf_release(&f->mine);
}

static struct json *
fields_json(const struct cli *cli, const struct conflict *c)
{
	struct json *fields = json_array();

	for (size_t i = 0; i < c->count; i++) {
		struct json *j = json_object();
		struct offer f;

		offer_open(&f, cli, c, i);
		json_put_text(j, "field", c->fields[i].field);
		json_put_text(j, "base", f.base.data);
		json_put_text(j, "theirs", f.theirs.data);
		json_put_text(j, "mine", f.mine.data);
		json_push(fields, j);
		offer_close(&f);
	}
	return fields;
}

static struct json *
conflict_json(const struct cli *cli, const struct conflict *c)
{
	struct json *j = json_object();
	char id[UUID_TEXT_MAX], at[CLOCK_TEXT_MAX];

	uuid_print(id, &c->id);
	json_put_text(j, "id", id);
	uuid_print(id, &c->record);
	json_put_text(j, "record", id);
	json_put_text(j, "by", c->by);
	json_put_text(j, "name", people_names_of(cli->store, c->by));
	if (c->from[0])
		json_put_text(j, "from", c->from);
	clock_print(at, c->at);
	json_put_text(j, "at", at);
	json_put_bool(j, "waiting", c->waiting);
	if (c->kind[0]) {
		json_put_text(j, "kind", c->kind);
		uuid_print(id, &c->other);
		json_put_text(j, "other", id);
	}
	json_put(j, "fields", fields_json(cli, c));
	return j;
}

static void
print_conflict(const struct cli *cli, const struct conflict *c)
{
	const struct overview *o = overview_find(cli->store, &c->record);
	char id[UUID_TEXT_MAX], at[12];
	struct buf called;

	uuid_print(id, &c->id);
	clock_print_short(at, c->at);
	buf_init(&called, BUF_LINE_MAX);
	if (o)
		overview_called(&called, cli->store, o);
	cli_printf("%s  %s  %s %s%s", id, called.data,
		people_names_of(cli->store, c->by), at,
		c->from[0] ? tr("  (late entry of the office before)") : "");
	buf_release(&called);
	for (size_t i = 0; i < c->count; i++) {
		struct offer f;

		offer_open(&f, cli, c, i);
		cli_printf(tr("    %s: was \"%s\", stands \"%s\", offered "
			"\"%s\""), f.label, f.base.data, f.theirs.data,
			f.mine.data);
		offer_close(&f);
	}
}

/* Both values of each stand there: to the trace, they are rows. */
static enum status
trace(struct store *s, const struct conflict_list *list, struct err *err)
{
	struct uuid *ids = mem_alloc(list->count + 1, sizeof *ids);
	enum status st;

	for (size_t i = 0; i < list->count; i++)
		ids[i] = list->items[i].record;
	st = audit_rows(s, AUDIT_LIST, NULL, ids, list->count, false,
		"conflicts", err);
	free(ids);
	return st;
}

int
cmd_conflicts(struct cli *cli, int argc, char **argv)
{
	struct conflict_list list = {0};
	struct err err = ERR_INIT;
	enum status s;
	int begun = cli_begin(cli, &argc, argv, NULL, 0, 0);

	if (begun != CLI_GO_ON)
		return begun;
	s = cli_unlock(cli, &err);
	if (!s)
		s = conflict_list(&list, cli->store, NULL, &err);
	if (!s)
		s = trace(cli->store, &list, &err);
	if (s) {
		conflict_list_release(&list);
		return cli_fail(&err);
	}
	for (size_t i = 0; i < list.count; i++) {
		if (cli->json)
			cli_json(conflict_json(cli, &list.items[i]));
		else
			print_conflict(cli, &list.items[i]);
	}
	if (list.count == 0 && !cli->json)
		cli_say(tr("No conflict waits for a person."));
	conflict_list_release(&list);
	return CLI_OK;
}

/* A field of the conflict's record by its name or its words on the form. */
static const char *
field_name(const struct cli *cli, const struct conflict *c, const char *typed)
{
	const struct schema_register *reg = register_of(cli, c);
	const char *name = reg ? cli_field(reg, typed) : NULL;

	return name ? name : typed;
}

/* The conflict an operand means: its own id, or its record's; *field becomes
 * the field's name. */
static const struct conflict *
find_conflict(const struct cli *cli, const struct conflict_list *list,
	const struct uuid *id, const char **field)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct conflict *c = &list->items[i];

		if (uuid_compare(&c->id, id) && uuid_compare(&c->record, id))
			continue;
		*field = field_name(cli, c, *field);
		for (size_t k = 0; k < c->count; k++)
			if (strcmp(c->fields[k].field, *field) == 0)
				return c;
	}
	return NULL;
}

/* What shall hold: the named field as asked, the rest of its group likewise
 * for mine and theirs; for a value of one's own, as it stands. */
static enum status
choose(struct values *out, struct cli *cli, const struct conflict *c,
	const char *field, const char *answer, struct err *err)
{
	const struct overview *o = overview_find(cli->store, &c->record);
	bool mine = strcmp(answer, "mine") == 0;
	bool theirs = strcmp(answer, "theirs") == 0;

	for (size_t i = 0; i < c->count; i++) {
		const struct conflict_field *cf = &c->fields[i];
		const struct schema_field *f = o && o->reg ?
			schema_field_known(o->reg, cf->field) : NULL;
		struct buf value;
		enum status s = E_OK;

		buf_init(&value, RECORD_VALUE_BYTES_MAX);
		if (mine || theirs || strcmp(cf->field, field) != 0)
			buf_text(&value, mine ? cf->mine : cf->theirs);
		else if (f)
			s = value_parse(&value, f, answer, clock_today(),
				false, err);
		else
			buf_text(&value, answer);
		if (!s)
			values_set(out, cf->field, value.data);
		buf_release(&value);
		if (s)
			return s;
	}
	return E_OK;
}

int
cmd_resolve(struct cli *cli, int argc, char **argv)
{
	struct conflict_list list = {0};
	struct values chosen = {0};
	const struct conflict *c = NULL;
	const char *field = "";
	struct err err = ERR_INIT;
	struct uuid id;
	enum status s;
	int begun = cli_begin(cli, &argc, argv, NULL, 3, 3);

	if (begun != CLI_GO_ON)
		return begun;
	s = cli_unlock(cli, &err);
	if (!s && !uuid_parse(&id, argv[1]))
		s = cli_record_id(&id, cli, argv[1], &err);
	if (!s)
		s = conflict_list(&list, cli->store, NULL, &err);
	if (!s) {
		field = argv[2];
		c = find_conflict(cli, &list, &id, &field);
		if (!c)
			s = err_set(&err, E_NOTFOUND, tr("Nothing is open for "
				"this field of this record."));
	}
	if (!s)
		s = choose(&chosen, cli, c, field, argv[3], &err);
	if (!s)
		s = save_resolve(cli->store, &c->id, &chosen, &err);
	values_release(&chosen);
	conflict_list_release(&list);
	return s ? cli_fail(&err) : CLI_OK;
}
