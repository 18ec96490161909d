/*
 * The sync page.
 */
#include "client/screen_sync.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/tr.h"
#include "client/app.h"
#include "client/listpage.h"
#include "client/record_trail.h"
#include "client/screen_conflict.h"
#include "client/screen_quarantine.h"
#include "client/screen_record.h"
#include "client/screen_refused.h"
#include "client/show.h"
#include "client/sync_words.h"
#include "store/number.h"
#include "store/overview.h"
#include "store/runs.h"
#include "store/scan.h"

enum {
	SYNC_WAITING_MAX = 500,	/* rows shown of what waits */
	SYNC_RUNS_MAX = 10,	/* exchanges shown */
	SYNC_RUNS_LEAST = 3,	/* of them, whatever waits */
	SYNC_HEAD_ROWS = 8,
	SYNC_SQUEEZE = 3,	/* packed text is about a third */
};

struct screen_sync {
	struct listpage page;		/* first */
	struct outbox_list waiting;
	size_t waiting_bytes;		/* on the wire, about */
	size_t scans;			/* attachments that wait */
	int64_t scan_bytes;
	struct scan_pace pace;		/* how they go up */
	int64_t bytes_s;		/* what the line carries; 0 not known */
	struct run runs[SYNC_RUNS_MAX];
	size_t run_count;
	struct number_stock *stock;	/* paper numbers left; owned */
	size_t stock_count;
};

enum { SYNC_START = 1, SYNC_OPEN, SYNC_CONFLICTS, SYNC_REFUSALS, SYNC_PAUSE,
	SYNC_ASIDE };

static const struct keymap_entry entries[] = {
	{ 's', PRESS_F5, SYNC_START, TR_MARK("sync now"),
	    TR_MARK("Send what waits and fetch what is new, now."),
	    KEYMAP_ALWAYS },
	{ PRESS_ENTER, PRESS_RIGHT, SYNC_OPEN, TR_MARK("open"),
	    TR_MARK("The record of the line."), KEYMAP_HINT },
	{ 'c', PRESS_NONE, SYNC_CONFLICTS, TR_MARK("conflicts"),
	    TR_MARK("What two people entered differently."), KEYMAP_HINT },
	{ 'r', PRESS_NONE, SYNC_REFUSALS, TR_MARK("refused"),
	    TR_MARK("What the server refused."), KEYMAP_HINT },
	{ 'p', PRESS_NONE, SYNC_PAUSE, TR_MARK("attachments"),
	    TR_MARK("Hold attachments back, or let them go up again; what is "
	    "entered always goes first."), KEYMAP_HINT },
	{ 'q', PRESS_CTRL + 'X', LISTPAGE_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were; a sync goes on."),
	    KEYMAP_ALWAYS },
	{ PRESS_ESC, PRESS_LEFT, LISTPAGE_BACK, TR_MARK("back"),
	    TR_MARK("Back to where you were; a sync goes on."),
	    KEYMAP_QUIET },
};

static const struct keymap keymap = {
	entries, sizeof entries / sizeof *entries, &listpage_keymap,
};

/* The county's own. */
static const struct keymap_entry county_entries[] = {
	{ 'a', PRESS_NONE, SYNC_ASIDE, TR_MARK("to look at"),
	    TR_MARK("What the server put aside for the county to look at."),
	    KEYMAP_HINT },
};

static const struct keymap county_keymap = {
	county_entries, sizeof county_entries / sizeof *county_entries,
	&keymap,
};

static const struct keymap *
sync_keys(const struct listpage *p)
{
	return screen_quarantine_may(p->app) ? &county_keymap : &keymap;
}

static struct screen_sync *
of(const struct listpage *p)
{
	return (struct screen_sync *)(uintptr_t)p;
}

static void
add_row(struct screen_sync *w, const struct op *op)
{
	const struct schema_register *reg = schema_register_find(
		w->page.app->cli->schema, op->reg);
	char name[64];
	struct uuid id;
	struct rows_row *row;
	struct buf text;

	(void)snprintf(name, sizeof name, "%lld/%lld", (long long)op->epoch,
		(long long)op->n);
	id = uuid_named("waiting", name);
	row = rows_add(&w->page.rows, &id);
	buf_init(&text, BUF_RECORD_MAX);
	show_time(&text, op->at);
	rows_cell(row, 0, text.data);
	rows_cell(row, 1, reg ? label_text(&reg->title) : op->reg);
	buf_clear(&text);
	show_called_whose(&text, w->page.app, &op->record);
	rows_cell(row, 2, text.data);
	buf_clear(&text);
	for (size_t i = 0; i < op->change_count && i < 8; i++)
		buf_printf(&text, "%s%s", i ? ", " : "",
			show_label(reg, op->changes[i].field));
	rows_cell(row, 3, text.data);
	buf_release(&text);
}

static void
sync_fill(struct listpage *p)
{
	struct screen_sync *w = of(p);
	struct view_stack *s = &p->app->stack;
	struct err err = ERR_INIT;

	outbox_list_release(&w->waiting);
	if (outbox_list(&w->waiting, w->page.app->cli->store, OUTBOX_WAITING, NULL,
	    &err))
		view_complain(s, &err);
	if (outbox_bytes(&w->waiting_bytes, w->page.app->cli->store, &err) ||
	    scan_waiting(&w->scans, &w->scan_bytes, w->page.app->cli->store, &err) ||
	    scan_pace(&w->pace, w->page.app->cli->store, &err) ||
	    runs_line(&w->bytes_s, w->page.app->cli->store, &err) ||
	    runs_list(w->runs, SYNC_RUNS_MAX, &w->run_count,
	    w->page.app->cli->store, &err))
		view_complain(s, &err);
	free(w->stock);
	w->stock = NULL;
	w->stock_count = 0;
	if (number_stock(&w->stock, &w->stock_count, w->page.app->cli->store, &err))
		view_complain(s, &err);
	w->waiting_bytes /= SYNC_SQUEEZE;
	for (size_t i = 0; i < w->waiting.count && i < SYNC_WAITING_MAX; i++)
		add_row(w, &w->waiting.items[i].op);
}

static void
sync_title(const struct listpage *p, struct buf *out)
{
	(void)p;
	buf_text(out, tr("Sync with the county"));
}

static void
paint_label(struct canvas *c, int row, const char *label, const char *text,
	enum canvas_role role)
{
	(void)canvas_text_cut(c, row, 2, 16, ROLE_LABEL, label);
	(void)canvas_text_cut(c, row, 19, c->cols - 20, role, text);
}

/* How it stands: running with its counts, or the last result. */
static enum canvas_role
state_words(const struct app *app, struct buf *out)
{
	const struct app_sync *y = &app->sync;

	if (y->busy) {
		if (y->load_bytes) {
			buf_text(out, tr("first load: "));
			sync_words_bytes(out, y->load_have);
			buf_text(out, tr(" of "));
			sync_words_bytes(out, y->load_bytes);
			buf_text(out, tr("; new entries go on"));
		} else if (y->pages)
			buf_printf(out, tr("under way: page %zu, sent %d, "
				"fetched %d"), y->pages, (int)y->pushed,
				(int)y->pulled);
		else
			buf_text(out, tr("asking the server"));
		return ROLE_STATUS;
	}
	switch (y->state) {
	case APP_SYNC_NEVER:
		buf_text(out, tr("not tried since the start; s starts it"));
		return ROLE_TEXT;
	case APP_SYNC_GOOD:
		if (app->counts.min_app) {
			buf_text(out, tr("this program is too old: it sends, "
				"and fetches nothing new until the new one is "
				"installed"));
			return ROLE_ALERT;
		}
		buf_printf(out, tr("done: sent %d, fetched %d, merged %d"),
			(int)y->pushed, (int)y->pulled, (int)y->merged);
		return ROLE_GOOD;
	case APP_SYNC_OFFLINE:
	case APP_SYNC_SIGNED_OUT:
	case APP_SYNC_FAILED:
		buf_text(out, y->said[0] ? y->said : tr("no answer"));
		return y->state == APP_SYNC_OFFLINE ? ROLE_WARN : ROLE_ALERT;
	}
	return ROLE_TEXT;
}

static void
paint_head(const struct app *app, struct canvas *c, int row)
{
	const struct outbox_counts *n = &app->counts;
	struct store_device d = {0};
	struct err err = ERR_INIT;
	enum canvas_role role;
	struct buf text;

	buf_init(&text, BUF_LINE_MAX);
	if (!store_device_get(&d, app->cli->store, &err))
		buf_printf(&text, "%s  %s", d.county_name, d.server);
	d = (struct store_device){0};
	paint_label(c, row, tr("Server"), text.data, ROLE_TEXT);
	buf_clear(&text);
	if (n->synced_at)
		show_time(&text, n->synced_at);
	else
		buf_text(&text, n->loading ?
			tr("never: what is listed is not all yet") :
			tr("never"));
	paint_label(c, row + 1, tr("Last complete"), text.data, ROLE_TEXT);
	buf_clear(&text);
	role = state_words(app, &text);
	paint_label(c, row + 2, tr("Now"), text.data, role);
	buf_clear(&text);
	buf_printf(&text, tr("%zu to settle (c), %zu refused (r), %zu records "
		"here"), n->conflicts, n->refused, n->records);
	if (n->removed)
		buf_printf(&text, tr("; %zu taken by the server without a "
			"reason: fengqiao removed"), n->removed);
	paint_label(c, row + 3, tr("Here"), text.data,
		n->conflicts + n->refused + n->removed ? ROLE_ALERT : ROLE_TEXT);
	buf_release(&text);
}

/* Paper numbers for the time without a line; one that has run out first. */
static void
paint_numbers(const struct screen_sync *w, struct canvas *c, int row)
{
	struct buf text;
	bool out = false;

	if (w->stock_count == 0)
		return;
	buf_init(&text, BUF_LINE_MAX);
	for (size_t i = 0; i < 2 * w->stock_count; i++) {
		const struct number_stock *n = &w->stock[i % w->stock_count];

		if ((n->left == 0) != (i < w->stock_count))
			continue;
		if (text.len > 0)
			buf_text(&text, tr("; "));
		sync_words_stock(&text, n);
		out = out || n->left == 0;
	}
	paint_label(c, row, tr("Numbers left"), text.data,
		out ? ROLE_WARN : ROLE_TEXT);
	buf_release(&text);
}

/* What waits, and how long that takes before anything that takes long. */
static void
paint_waiting(const struct screen_sync *w, struct canvas *c, int row)
{
	struct buf text;

	buf_init(&text, BUF_LINE_MAX);
	sync_words_line(&text, w->bytes_s);
	if (w->page.app->sync.busy && w->page.app->sync.left_bytes) {
		buf_text(&text, tr("; still "));
		sync_words_left(&text, w->page.app->sync.left_bytes,
			w->page.app->sync.bytes_s);
	}
	paint_label(c, row, tr("Line"), text.data, ROLE_TEXT);
	buf_clear(&text);
	buf_printf(&text, tr("Waiting to be sent: %zu"), w->waiting.count);
	if (w->waiting_bytes >= SYNC_WORDS_LARGE) {
		buf_text(&text, "  ");
		sync_words_left(&text, (int64_t)w->waiting_bytes, w->bytes_s);
	}
	if (w->scans) {
		buf_printf(&text, tr("; attachments: %zu, "), w->scans);
		sync_words_left(&text, w->scan_bytes, w->pace.bytes_s > 0 &&
			(w->bytes_s == 0 || w->pace.bytes_s < w->bytes_s) ?
			w->pace.bytes_s : w->bytes_s);
	}
	sync_words_pace(&text, &w->pace);
	(void)canvas_text_cut(c, row + 3, 2, c->cols - 4, ROLE_TITLE,
		text.data);
	buf_release(&text);
}

/* The last exchanges; those that moved nothing are none. */
static void
paint_runs(const struct screen_sync *w, struct canvas *c, int row, int rows)
{
	(void)canvas_text_cut(c, row, 2, c->cols - 4, ROLE_TITLE,
		tr("Last exchanges"));
	for (int i = 0; i < rows; i++) {
		const struct run *r = &w->runs[i];
		struct buf text;

		buf_init(&text, BUF_RECORD_MAX);
		show_time(&text, r->last_at);
		(void)canvas_text_cut(c, row + 1 + i, 2, 12, ROLE_TEXT,
			text.data);
		buf_clear(&text);
		sync_words_run(&text, r);
		(void)canvas_text_cut(c, row + 1 + i, 15, c->cols - 16,
			r->result ? ROLE_WARN : r->conflicts + r->refused ?
			ROLE_ALERT : ROLE_TEXT, text.data);
		buf_release(&text);
	}
}

static void
sync_around(struct listpage *p, struct canvas *c, struct canvas_area *body)
{
	const struct screen_sync *w = of(p);
	int need = (int)w->waiting.count + 2, runs = (int)w->run_count;

	paint_head(p->app, c, body->row);
	paint_waiting(w, c, body->row + 4);
	paint_numbers(w, c, body->row + 5);
	body->row += SYNC_HEAD_ROWS;
	body->rows -= SYNC_HEAD_ROWS;
	if (runs > body->rows - need - 2)
		runs = body->rows - need - 2;
	if (runs < SYNC_RUNS_LEAST)
		runs = SYNC_RUNS_LEAST;
	if (runs > (int)w->run_count)
		runs = (int)w->run_count;
	if (runs > 0 && body->rows > runs + 4) {
		body->rows -= runs + 2;
		paint_runs(w, c, body->row + body->rows + 1, runs);
	}
}

static void
start(struct screen_sync *w)
{
	struct err err = ERR_INIT;

	if (app_sync_start(w->page.app, true, &err))
		view_complain(&w->page.app->stack, &err);
}

/* The process that syncs looks at it after each piece; one that had nothing to
 * do is woken. */
static void
pause_scans(struct screen_sync *w, struct view_stack *s)
{
	struct scan_pace pace = w->pace;
	struct err err = ERR_INIT;

	pace.paused = !pace.paused;
	if (scan_set_pace(w->page.app->cli->store, &pace, &err)) {
		view_complain(s, &err);
		return;
	}
	listpage_refresh(&w->page);
	if (!pace.paused)
		start(w);
}

static enum view_answer
sync_act(struct listpage *p, int action, size_t item)
{
	struct screen_sync *w = of(p);

	switch (action) {
	case SYNC_START:
		start(w);
		break;
	case SYNC_OPEN:
		if (item < w->waiting.count)
			screen_record_push(p->app,
				&w->waiting.items[item].op.record);
		break;
	case SYNC_CONFLICTS:
		screen_conflict_push(p->app, NULL);
		break;
	case SYNC_REFUSALS:
		screen_refused_push(p->app);
		break;
	case SYNC_ASIDE:
		screen_quarantine_push(p->app);
		break;
	default:
		pause_scans(w, &p->app->stack);
		break;
	}
	return VIEW_HANDLED;
}

static void
sync_help(const struct listpage *p, struct buf *out)
{
	(void)p;
	buf_printf(out, "%s\n", tr("Everything is saved on this computer "
		"first. The screens send it by themselves some seconds after "
		"a save, and fetch at once what is new; without a network "
		"nothing is lost, it waits here."));
}

static void
sync_release(struct listpage *p)
{
	outbox_list_release(&of(p)->waiting);
	free(of(p)->stock);
}

static const struct listpage_kind kind = {
	.keys_of = sync_keys,
	.title_of = sync_title,
	.empty = TR_MARK("Nothing waits to be sent."),
	.columns = { { TR_MARK("Saved"), 12, false },
		{ TR_MARK("Register"), 18, false },
		{ TR_MARK("Record"), 16, false },
		{ TR_MARK("Changed"), 0, false } },
	.fit = true,
	.fill = sync_fill,
	.act = sync_act,
	.around = sync_around,
	.help = sync_help,
	.release = sync_release,
};

void
screen_sync_push(struct app *app)
{
	struct screen_sync *w = mem_alloc(1, sizeof *w);

	listpage_push(app, &w->page, &kind);
	if (app->sync.automatic)
		start(w);
}
