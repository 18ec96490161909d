/*
 * The lines of the home screen: their words, their columns.
 */
#include "client/home_paint.h"

#include <stdio.h>

#include "base/tr.h"
#include "base/utf8.h"
#include "client/app.h"
#include "client/due_words.h"
#include "client/show.h"
#include "client/signin_words.h"

enum { WHAT_CELLS_MIN = 16, WHAT_CELLS_MAX = 24, DIRECT_COL = 28,
	COUNT_END = 56, LEFT_COL = 60, LEFT_CELLS = 18 };

struct page {
	struct canvas *canvas;
	const struct app *app;
	const struct home_lines *lines;
	int what_cells;		/* of the column that says what is due */
};

static bool
is_one(const struct home_line *line)
{
	return line->kind == HOME_DUE && line->count == 1;
}

/* As wide as the widest that is shown. */
static int
what_cells(const struct home_lines *l, size_t from, size_t to)
{
	int most = WHAT_CELLS_MIN;

	for (size_t i = from; i < to; i++) {
		int cells = is_one(&l->items[i]) ?
			utf8_cells(due_words_title(&l->items[i].due)) : 0;

		most = cells > most ? cells : most;
	}
	return most < WHAT_CELLS_MAX ? most : WHAT_CELLS_MAX;
}

/* What is due stands in columns: how late, what, whose. */
static void
due_words(const struct page *p, const struct home_line *line,
	struct buf *out)
{
	const char *title = label_text(&line->due.rule->title);

	show_padded(out, due_words_state(line->due.when.state),
		utf8_cells(due_words_state(DEADLINE_TODAY)));
	buf_text(out, "  ");
	if (line->count > 1) {
		buf_text(out, title);
		return;
	}
	show_padded(out, due_words_title(&line->due), p->what_cells);
	buf_text(out, "  ");
	due_words_whose(out, p->app->cli->store, &line->due);
}

static void
line_words(const struct page *p, const struct home_line *line,
	struct buf *out)
{
	switch (line->kind) {
	case HOME_HEAD:
	case HOME_WORDS:
		buf_text(out, tr(line->words));
		break;
	case HOME_MENU:
		buf_printf(out, "%c  %s", line->key,
			label_text(&line->menu->label));
		break;
	case HOME_REGISTER:
		buf_printf(out, "%c  %s", line->key,
			label_text(&line->reg->title));
		break;
	case HOME_DUE:
		due_words(p, line, out);
		break;
	case HOME_DUE_ALL:
		buf_printf(out, "%c  %s", line->key, tr("All that is due"));
		if (line->aside)
			buf_printf(out, tr(" (%zu put aside)"), line->aside);
		break;
	case HOME_DECIDE:
		buf_printf(out, "%c  %s", line->key,
			tr("Waiting for your decision"));
		break;
	case HOME_TRANSFERS:
		buf_text(out, tr("Handed to this office, to be accepted"));
		break;
	case HOME_PASSWORD:
		buf_text(out, "K  ");
		signin_words(out, p->app->cli->store, false);
		break;
	case HOME_WAITING:
		buf_text(out, tr("Entries saved here, not sent yet"));
		break;
	case HOME_REFUSED:
		buf_text(out, tr("Entries the server refused"));
		break;
	case HOME_RECEIPTS:
		buf_text(out, tr("Entries that others took over"));
		break;
	case HOME_CONFLICTS:
		buf_text(out, tr("Entered differently by two people"));
		break;
	case HOME_DRAFTS:
		buf_text(out, tr("Forms not finished"));
		break;
	case HOME_PEOPLE:
		buf_printf(out, "%c  %s", line->key,
			tr("People and computers"));
		break;
	case HOME_BLANK:
		break;
	}
}

static enum canvas_role
line_role(const struct home_line *line)
{
	switch (line->kind) {
	case HOME_HEAD:
		return ROLE_LABEL;
	case HOME_DUE:
		return due_words_role(line->due.when.state);
	case HOME_DECIDE:
	case HOME_DRAFTS:
	case HOME_PASSWORD:
	case HOME_TRANSFERS:
		return ROLE_WARN;
	case HOME_REFUSED:
	case HOME_CONFLICTS:
		return ROLE_ALERT;
	case HOME_WORDS:
		return ROLE_DIM;
	default:
		return ROLE_TEXT;
	}
}

static bool
has_count(const struct home_line *line)
{
	return home_line_stands(line) && line->kind != HOME_MENU &&
		line->kind != HOME_PEOPLE && line->kind != HOME_PASSWORD;
}

/* The words, and how many there are at their right.  A reminder about one has
 * that room for whose it is. */
static void
paint_words(const struct page *p, int row, const struct home_line *line)
{
	struct canvas *c = p->canvas;
	int indent = line->kind == HOME_HEAD ? 2 : 4, end = c->cols - 1;
	enum canvas_role role = line_role(line);
	char count[48];
	struct buf text;

	if (is_one(line)) {
		end = LEFT_COL - 2;
	} else if (has_count(line)) {
		int cells;

		(void)snprintf(count, sizeof count, line->kind ==
			HOME_REGISTER ? tr("%zu in all") : "%zu", line->count);
		cells = utf8_cells(count);
		end = COUNT_END - cells;
		(void)canvas_text(c, row, end, cells, role, count);
		end -= 2;
	}
	buf_init(&text, BUF_LINE_MAX);
	line_words(p, line, &text);
	(void)canvas_text_cut(c, row, indent, end - indent, role, text.data);
	buf_release(&text);
}

/* Beside a duty, the registers that have a key of their own, each with what
 * is open in it. */
static void
paint_directs(const struct page *p, int row, const struct home_line *line)
{
	struct canvas *c = p->canvas;
	const struct schema *schema = p->app->cli->schema;
	int col = DIRECT_COL;

	for (size_t i = 0; i < schema->register_count; i++) {
		const struct schema_register *reg = &schema->registers[i];
		char key[2] = { schema_direct_key(schema, reg), '\0' };
		char count[24];

		if (!key[0] || !home_lines_has(p->app, line->menu, reg))
			continue;
		(void)snprintf(count, sizeof count, " %zu",
			p->lines->counts[i].active);
		col += canvas_text(c, row, col, 1, ROLE_LABEL, key) + 1;
		col += canvas_text_cut(c, row, col, c->cols - col, ROLE_TEXT,
			label_text(&reg->title));
		col += canvas_text(c, row, col, c->cols - col, ROLE_DIM,
			count) + 2;
	}
}

/* The days of the most urgent one. */
static void
paint_left(const struct page *p, int row, enum canvas_role role,
	const struct home_line *line)
{
	struct buf text;

	buf_init(&text, BUF_LINE_MAX);
	due_words_left(&text, &line->due, p->app->today);
	(void)canvas_text_cut(p->canvas, row, LEFT_COL, LEFT_CELLS, role,
		text.data);
	buf_release(&text);
}

static void
paint_key(struct canvas *c, int row, char key, bool now)
{
	char text[2] = { key, '\0' };

	(void)canvas_text(c, row, 4, 1, now ? ROLE_MARK : ROLE_LABEL, text);
}

static void
paint_line(const struct page *p, int row, const struct home_line *line,
	bool here)
{
	paint_words(p, row, line);
	if (line->key)
		paint_key(p->canvas, row, line->key, here);
	if (here)
		(void)canvas_text(p->canvas, row, 2, 1, ROLE_MARK, ">");
	if (line->kind == HOME_MENU)
		paint_directs(p, row, line);
	if (line->kind == HOME_DUE)
		paint_left(p, row, line_role(line), line);
}

void
home_paint_lines(struct canvas *c, int row, int rows, const struct app *app,
	const struct home_lines *lines, size_t top, size_t now)
{
	size_t end = top + (size_t)rows < lines->count ? top + (size_t)rows :
		lines->count;
	const struct page p = { c, app, lines, what_cells(lines, top, end) };

	for (size_t i = top; i < end; i++)
		paint_line(&p, row + (int)(i - top), &lines->items[i], i == now);
}
