/* Commands that look after the cache: status, check, backup, check-screens. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/tr.h"
#include "client/cli_open.h"
#include "client/commands.h"
#include "client/sync_words.h"
#include "core/purpose.h"
#include "core/wire.h"
#include "store/definitions.h"
#include "store/outbox.h"
#include "store/scan.h"

static void
put_time(struct json *j, const char *name, int64_t at)
{
	char text[CLOCK_TEXT_MAX] = "";

	if (at > 0)
		clock_print(text, at);
	json_put_text(j, name, text);
}

/* By what the screens and the rules go, whose it is, and what comes next. */
static void
definitions_json(struct json *j, const struct cli *cli)
{
	static const char *const from[] = { [CLI_FROM_PROGRAM] = "program",
		[CLI_FROM_FOLDER] = "folder", [CLI_FROM_COUNTY] = "county" };
	char next[DEFINITIONS_VERSION_MAX];

	json_put_text(j, "definitions", cli->schema->version);
	json_put_text(j, "definitions_from", from[cli->from]);
	definitions_current(next, cli->home);
	if (cli->from != CLI_FROM_FOLDER && next[0] &&
	    strcmp(next, cli->schema->version) != 0)
		json_put_text(j, "definitions_next", next);
}

static void
definitions_text(const struct cli *cli)
{
	const char *version = cli->schema->version;

	if (cli->from == CLI_FROM_COUNTY)
		cli_printf(tr("Definitions: %s, the county's"), version);
	else if (cli->from == CLI_FROM_FOLDER)
		cli_printf(tr("Definitions: %s, of the folder %s"), version,
			cli->screens ? cli->screens :
			getenv("FENGQIAO_SCREENS"));
	else
		cli_printf(tr("Definitions: %s, the program's own"), version);
}

/* What waits of the bytes of attachments. */
struct scans {
	size_t count;
	int64_t bytes;
	struct scan_pace pace;
};

static struct json *
status_json(const struct cli *cli, const struct store_device *d,
	const struct outbox_counts *c, const struct scans *scans)
{
	struct json *j = json_object();

	json_put_text(j, "server", d->server);
	json_put_text(j, "device", d->device);
	json_put_text(j, "office", d->office);
	json_put_int(j, "records", (int64_t)c->records);
	json_put_int(j, "waiting", (int64_t)c->waiting);
	json_put_int(j, "scans_waiting", (int64_t)scans->count);
	json_put_int(j, "scan_bytes", scans->bytes);
	json_put_bool(j, "scans_paused", scans->pace.paused);
	if (scans->pace.bytes_s)
		json_put_int(j, "scans_bytes_s", scans->pace.bytes_s);
	json_put_int(j, "refused", (int64_t)c->refused);
	json_put_int(j, "receipts", (int64_t)c->receipts);
	json_put_int(j, "conflicts", (int64_t)c->conflicts);
	json_put_int(j, "drafts", (int64_t)c->drafts);
	json_put_int(j, "removed", (int64_t)c->removed);
	put_time(j, "oldest", c->oldest_at);
	put_time(j, "synced", c->synced_at);
	json_put_bool(j, "complete", c->synced_at > 0);
	json_put_int(j, "app", WIRE_APP);
	if (c->min_app)
		json_put_int(j, "min_app", c->min_app);
	definitions_json(j, cli);
	return j;
}

static void
scans_text(const struct scans *scans)
{
	struct buf text;

	if (!scans->count)
		return;
	buf_init(&text, BUF_LINE_MAX);
	sync_words_bytes(&text, scans->bytes);
	sync_words_pace(&text, &scans->pace);
	cli_printf(tr("Attachments to be sent: %zu, %s"), scans->count,
		text.data);
	buf_release(&text);
}

static void
status_text(const struct store_device *d, const struct outbox_counts *c,
	const struct scans *scans)
{
	char at[CLOCK_TEXT_MAX];
	struct buf text;

	buf_init(&text, BUF_LINE_MAX);
	cli_printf(tr("Office: %s (%s), server: %s"), d->office_name,
		d->office, d->server);
	cli_printf(tr("Records: %zu; drafts: %zu"), c->records, c->drafts);
	cli_printf(tr("Waiting to be sent: %zu; refused: %zu; conflicts: "
		"%zu"), c->waiting, c->refused, c->conflicts);
	if (c->receipts)
		cli_printf(tr("Taken over by another office or the county, "
			"to be noted: %zu (fengqiao receipts)"), c->receipts);
	scans_text(scans);
	if (c->removed)
		cli_printf(tr("Taken from here by the server without a reason, "
			"kept for 30 days: %zu (fengqiao removed)"),
			c->removed);
	if (c->oldest_at) {
		clock_print(at, c->oldest_at);
		cli_printf(tr("The oldest waits since %s"), at);
	}
	if (!c->synced_at) {
		cli_say(c->loading ? tr("The first load is not complete: what "
			"is listed is not all.") : tr("Never synced yet."));
		buf_release(&text);
		return;
	}
	clock_print(at, c->synced_at);
	cli_printf(tr("Last complete sync: %s"), at);
	sync_words_old(&text, c->min_app);
	if (text.len > 0)
		cli_say(text.data);
	buf_release(&text);
}

int
cmd_status(struct cli *cli, int argc, char **argv)
{
	struct outbox_counts counts = {0};
	struct scans scans = {0};
	struct store_device d = {0};
	struct err err = ERR_INIT;
	enum status s;
	int begun = cli_begin(cli, &argc, argv, NULL, 0, 0);

	if (begun != CLI_GO_ON)
		return begun;
	s = cli_unlock(cli, &err);
	if (!s)
		s = store_device_get(&d, cli->store, &err);
	if (!s)
		s = outbox_count(&counts, cli->store, &err);
	if (!s)
		s = scan_waiting(&scans.count, &scans.bytes, cli->store, &err);
	if (!s)
		s = scan_pace(&scans.pace, cli->store, &err);
	if (s)
		return cli_fail(&err);
	if (cli->json)
		cli_json(status_json(cli, &d, &counts, &scans));
	else
		status_text(&d, &counts, &scans);
	if (!cli->json)
		definitions_text(cli);
	crypto_wipe(&d, sizeof d);
	return CLI_OK;
}

int
cmd_check(struct cli *cli, int argc, char **argv)
{
	bool bad = false;
	struct store_findings found = {0};
	struct err err = ERR_INIT;
	enum status s;
	int begun = cli_begin(cli, &argc, argv, NULL, 0, 0);

	if (begun != CLI_GO_ON)
		return begun;
	s = cli_unlock(cli, &err);
	if (!s)
		s = store_check(&found, cli->store, &err);
	if (s)
		return cli_fail(&err);
	for (size_t i = 0; i < found.count; i++) {
		bad |= found.items[i].bad;
		if (cli->json) {
			struct json *j = json_object();

			json_put_bool(j, "bad", found.items[i].bad);
			json_put_text(j, "what", found.items[i].what);
			cli_json(j);
		} else {
			cli_printf("%s %s", found.items[i].bad ? "!" : "-",
				found.items[i].what);
		}
	}
	if (!bad && !cli->json)
		cli_say(tr("Everything is whole."));
	store_findings_release(&found);
	return bad ? CLI_NO : CLI_OK;
}

int
cmd_backup(struct cli *cli, int argc, char **argv)
{
	struct err err = ERR_INIT;
	enum status s;
	int begun = cli_begin(cli, &argc, argv, NULL, 1, 1);

	if (begun != CLI_GO_ON)
		return begun;
	s = cli_store(cli, false, &err);
	if (!s)
		s = store_backup(cli->store, argv[1], &err);
	if (s == E_CONFLICT)
		err.code = E_INVALID;	/* a name that is taken: choose another */
	if (s)
		return cli_fail(&err);
	cli_printf(tr("Copied to %s (sealed as the cache is)."), argv[1]);
	return CLI_OK;
}

/* The first that does not say what it is kept for; the program works without,
 * whoever keeps the inventory of personal data does not. */
static enum status
check_purposes(const struct schema *schema, struct err *err)
{
	for (size_t i = 0; i < schema->register_count; i++) {
		const struct schema_register *reg = &schema->registers[i];

		for (size_t k = 0; k < reg->field_count; k++)
			if (reg->fields[k].purpose == 0 &&
			    purpose_is_asked(reg, &reg->fields[k]))
				return err_set(err, E_INVALID, tr("%s, field "
					"%s: say what it is kept for "
					"(\"purpose\")."), reg->name,
					reg->fields[k].name);
	}
	return E_OK;
}

int
cmd_check_screens(struct cli *cli, int argc, char **argv)
{
	struct err err = ERR_INIT;
	int begun = cli_begin(cli, &argc, argv, NULL, 0, 1);

	if (begun != CLI_GO_ON)
		return begun;
	if (argc == 2)
		cli->screens = argv[1];
	if (cli_schema(cli, &err) || check_purposes(cli->schema, &err))
		return cli_fail(&err);
	cli_printf(tr("%zu registers and %zu code tables, no complaint "
		"(version %s)."), cli->schema->register_count,
		cli->schema->codes_count, cli->schema->version);
	return CLI_OK;
}
