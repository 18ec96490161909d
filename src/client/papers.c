/*
 * What is in a file, in words.
 */
#include "client/papers.h"

#include "base/clock.h"
#include "base/tr.h"
#include "store/overview.h"

enum { PAPERS_STATE_CELLS = 8 };

static const char *const names[] = { [DOSSIER_THERE] = "there",
	[DOSSIER_MISSING] = "missing", [DOSSIER_OPTIONAL] = "optional",
	[DOSSIER_UNKNOWN] = "unknown" };

const char *
papers_state(enum dossier_state state)
{
	switch (state) {
	case DOSSIER_THERE:
		return tr("there");
	case DOSSIER_MISSING:
		return tr("missing");
	case DOSSIER_OPTIONAL:
		return tr("none");
	case DOSSIER_UNKNOWN:
		break;
	}
	return tr("not known");
}

void
papers_sum(struct buf *out, const struct dossier *d)
{
	if (d->missing)
		buf_printf(out, tr("%zu papers, %zu missing"), d->there,
			d->missing);
	else
		buf_printf(out, tr("%zu papers, the file is complete"),
			d->there);
}

void
papers_say(struct cli *cli, const struct schema_register *reg,
	const struct record *r)
{
	struct dossier d = {0};
	struct buf line;

	if (reg->paper_count == 0)
		return;
	dossier_of(&d, cli->schema, reg, r, clock_today(),
		store_world(cli->store));
	buf_init(&line, BUF_LINE_MAX);
	papers_sum(&line, &d);
	cli_printf("-- %s: %s", tr("File"), line.data);
	for (size_t i = 0; i < d.count; i++) {
		buf_clear(&line);
		cli_column(&line, papers_state(d.items[i].state),
			PAPERS_STATE_CELLS);
		buf_text(&line, label_text(&d.items[i].paper->item));
		cli_say(line.data);
	}
	buf_release(&line);
	dossier_release(&d);
}

struct json *
papers_json(struct cli *cli, const struct schema_register *reg,
	const struct record *r)
{
	struct dossier d = {0};
	struct json *all;

	if (reg->paper_count == 0)
		return NULL;
	dossier_of(&d, cli->schema, reg, r, clock_today(),
		store_world(cli->store));
	all = json_array();
	for (size_t i = 0; i < d.count; i++) {
		struct json *j = json_object();

		json_put_text(j, "item", label_text(&d.items[i].paper->item));
		json_put_text(j, "state", names[d.items[i].state]);
		json_push(all, j);
	}
	dossier_release(&d);
	return all;
}
