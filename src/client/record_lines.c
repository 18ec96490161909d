/*
 * Lines of a page: what they say and how they are painted.
 */
#include "client/record_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "ui/wrap.h"

enum {
	LINES_LABEL_COL = 2, LINES_LABEL_CELLS = 16,
	LINES_VALUE_COL = 19, LINES_VALUE_CELLS = 22,
	LINES_LABEL2_COL = 42, LINES_VALUE2_COL = 59,
	LINES_VALUE2_CELLS = 20,
	LINES_LONG_CELLS = 60,		/* a value that has the row alone */
};

void
record_lines_release(struct record_lines *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->items[i].text);
		free(l->items[i].text2);
	}
	free(l->items);
	*l = (struct record_lines){ .whole = l->whole };
}

static struct record_line *
add(struct record_lines *l, enum record_line_kind kind, enum canvas_role role,
	const char *text)
{
	l->items = mem_grow(l->items, l->count, sizeof *l->items);
	l->items[l->count] = (struct record_line){ .kind = kind,
		.role = role, .text = mem_strdup(text) };
	return &l->items[l->count++];
}

void
record_lines_head(struct record_lines *l, const char *text)
{
	add(l, RECORD_LINE_BLANK, ROLE_TEXT, "");
	add(l, RECORD_LINE_HEAD, ROLE_TITLE, text);
}

void
record_lines_heads(struct record_lines *l, const char *text, const char *heads)
{
	record_lines_head(l, text);
	l->items[l->count - 1].text2 = mem_strdup(heads);
}

void
record_lines_link(struct record_lines *l, enum canvas_role role,
	const char *text, const struct uuid *target)
{
	add(l, RECORD_LINE_LINK, role, text)->target = *target;
}

void
record_lines_text(struct record_lines *l, enum canvas_role role,
	const char *text)
{
	add(l, RECORD_LINE_TEXT, role, text);
}

/* What a label takes beyond its column is its value's loss. */
static int
beyond(const char *label)
{
	int cells = utf8_cells(label);

	return cells > LINES_LABEL_CELLS ? cells - LINES_LABEL_CELLS : 0;
}

/* The label stands on the first line. */
void
record_lines_value(struct record_lines *l, const char *label,
	const char *field, enum canvas_role role, const char *text)
{
	size_t count = 0, at = 0;
	uint32_t *points = wrap_decode(text, &count);
	bool first = true;

	while (at != WRAP_LAST) {
		size_t next = WRAP_LAST;
		size_t end = wrap_line(points, count, at, LINES_LONG_CELLS -
			beyond(label), &next);
		struct record_line *line;
		struct buf part;
		char bytes[4];

		buf_init(&part, BUF_LINE_MAX);
		for (size_t i = at; i < end; i++)
			buf_add(&part, bytes, utf8_put(bytes, points[i]));
		line = add(l, RECORD_LINE_FIELD, role, part.data);
		line->label = first ? label : "";
		line->field = field;
		buf_release(&part);
		first = false;
		at = next;
	}
	free(points);
}

bool
record_lines_join(struct record_lines *l, const char *label, const char *text)
{
	struct record_line *line = &l->items[l->count - 1];

	if (line->kind != RECORD_LINE_FIELD || line->label2 ||
	    beyond(line->label) || beyond(label) ||
	    utf8_cells(line->text) > LINES_VALUE_CELLS ||
	    utf8_cells(text) > LINES_VALUE2_CELLS)
		return false;
	line->label2 = label;
	line->text2 = mem_strdup(text);
	return true;
}

/* ---- painting ---- */

bool
record_lines_can_stand(const struct record_line *line)
{
	return line->kind == RECORD_LINE_LINK ||
		line->kind == RECORD_LINE_FIELD;
}

static void
paint_field(struct canvas *c, int row, int cols,
	const struct record_line *line, bool now)
{
	int more = beyond(line->label), col = LINES_VALUE_COL + more;
	int end = line->label2 ? LINES_VALUE_CELLS : cols - col;

	(void)canvas_text_cut(c, row, LINES_LABEL_COL, LINES_LABEL_CELLS +
		more, now ? ROLE_MARK : ROLE_LABEL, line->label);
	(void)canvas_text_cut(c, row, col, end, line->role, line->text);
	if (!line->label2)
		return;
	(void)canvas_text_cut(c, row, LINES_LABEL2_COL, LINES_LABEL_CELLS,
		ROLE_LABEL, line->label2);
	(void)canvas_text_cut(c, row, LINES_VALUE2_COL,
		cols - LINES_VALUE2_COL, line->role, line->text2);
}

/* Marked is the marker and the first word: a bar over the row would cost ten
 * times the bytes at each step. */
static void
paint_text(struct canvas *c, int row, int cols,
	const struct record_line *line, bool now)
{
	int col = line->kind == RECORD_LINE_HEAD ? 1 : LINES_LABEL_COL;
	char *word;

	if (line->text2)
		(void)canvas_text_cut(c, row, LINES_LABEL_COL,
			cols - LINES_LABEL_COL - 1, ROLE_LABEL, line->text2);
	(void)canvas_text_cut(c, row, col, cols - col - 1, line->role,
		line->text);
	if (!now)
		return;
	word = mem_strndup(line->text, strcspn(line->text, " "));
	(void)canvas_text_cut(c, row, col, cols - col - 1, ROLE_MARK, word);
	free(word);
}

void
record_lines_paint(struct canvas *c, int row, int cols,
	const struct record_line *line, bool now)
{
	if (now)
		(void)canvas_text(c, row, 0, 1, ROLE_MARK, ">");
	if (line->kind == RECORD_LINE_FIELD)
		paint_field(c, row, cols, line, now);
	else
		paint_text(c, row, cols, line, now);
}
