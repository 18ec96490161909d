/*
 * A duty's registers as a choice; what is taken opens its list.
 */
#include "client/home_menu.h"

#include "base/tr.h"
#include "base/utf8.h"
#include "client/app.h"
#include "client/choice.h"
#include "client/home_lines.h"
#include "client/screen_list.h"
#include "client/show.h"

enum { MENU_TITLE_CELLS = 30, MENU_COUNT_CELLS = 8 };

static void
add_right(struct buf *out, const char *text)
{
	for (int used = utf8_cells(text); used < MENU_COUNT_CELLS; used++)
		buf_char(out, ' ');
	buf_text(out, text);
}

static void
add_number(struct buf *out, size_t n)
{
	buf_printf(out, "%*zu", MENU_COUNT_CELLS, n);
}

/* value: the register's place in the schema. */
static void
chosen(void *self, struct view_stack *s, int value)
{
	struct app *app = self;

	(void)s;
	if (value >= 0)
		screen_list_push(app, &app->cli->schema->registers[value], -1);
}

void
home_menu_push(struct app *app, const struct home_lines *lines,
	const struct schema_menu *menu)
{
	const struct schema *schema = app->cli->schema;
	struct choice *c;
	struct buf text;

	buf_init(&text, BUF_LINE_MAX);
	/* the row's marker and key take three cells more than the title */
	show_padded(&text, label_text(&menu->label), MENU_TITLE_CELLS + 2);
	add_right(&text, tr("active"));
	add_right(&text, tr("all"));
	c = choice_new(text.data);
	for (size_t i = 0; i < schema->register_count; i++) {
		const struct schema_register *reg = &schema->registers[i];

		if (!home_lines_has(app, menu, reg))
			continue;
		buf_clear(&text);
		show_padded(&text, label_text(&reg->title), MENU_TITLE_CELLS);
		add_number(&text, lines->counts[i].active);
		add_number(&text, lines->counts[i].all);
		choice_add(c, reg->key, text.data, (int)i);
	}
	buf_release(&text);
	(void)choice_push(&app->stack, c, chosen, app);
}
