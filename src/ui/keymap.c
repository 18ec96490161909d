/*
 * Tables of keys: the action, the hint line and the help page come from the
 * same rows.
 */
#include "ui/keymap.h"

#include <string.h>

#include "base/tr.h"
#include "base/utf8.h"
#include "ui/press.h"

static bool
entry_has(const struct keymap_entry *e, int press)
{
	return press != PRESS_NONE && (e->press == press || e->also == press);
}

static const struct keymap_entry *
table_find(const struct keymap *m, int press)
{
	for (size_t i = 0; i < m->count; i++)
		if (entry_has(&m->items[i], press))
			return &m->items[i];
	return NULL;
}

int
keymap_find(const struct keymap *m, int press)
{
	for (; m; m = m->next) {
		const struct keymap_entry *e = table_find(m, press);

		if (e)
			return e->action;
	}
	return 0;
}

/* Has no table before m taken it? */
static bool
is_left(const struct keymap *first, const struct keymap *m, int press)
{
	const struct keymap *t = first;

	if (press == PRESS_NONE)
		return false;
	while (t != m && !table_find(t, press))
		t = t->next;
	return t == m;
}

/* The press to show for an entry. */
static int
shown_press(const struct keymap *first, const struct keymap *m,
    const struct keymap_entry *e)
{
	if (is_left(first, m, e->press))
		return e->press;
	return is_left(first, m, e->also) ? e->also : PRESS_NONE;
}

static bool
is_first_of_action(const struct keymap *m, const struct keymap_entry *e)
{
	for (const struct keymap_entry *o = m->items; o != e; o++)
		if (o->action == e->action && o->show != KEYMAP_QUIET)
			return false;
	return true;
}

/* Append one hint; false and nothing when it is not to be shown. */
static bool
hint_text(struct buf *out, const struct keymap *first, const struct keymap *m,
    const struct keymap_now *now, const struct keymap_entry *e)
{
	int press = shown_press(first, m, e);

	if (e->show == KEYMAP_QUIET || press == PRESS_NONE
	    || !is_first_of_action(m, e)
	    || (now->may && !now->may(now->self, e->action)))
		return false;
	press_label(out, press);
	buf_char(out, '=');
	buf_text(out, tr(e->label));
	return true;
}

/* Cells of all hints that are always shown, with a blank before each. */
static int
always_cells(const struct keymap *m, const struct keymap_now *now)
{
	struct buf one;
	int cells = 0;

	buf_init(&one, BUF_LINE_MAX);
	for (const struct keymap *t = m; t; t = t->next) {
		for (size_t i = 0; i < t->count; i++) {
			buf_clear(&one);
			if (t->items[i].show == KEYMAP_ALWAYS
			    && hint_text(&one, m, t, now, &t->items[i]))
				cells += 1 + utf8_cells(one.data);
		}
	}
	buf_release(&one);
	return cells;
}

void
keymap_hints(struct buf *out, const struct keymap *m,
	const struct keymap_now *now, int cells)
{
	int left = cells + 1, reserved = always_cells(m, now);
	struct buf one;
	bool any = false;

	buf_init(&one, BUF_LINE_MAX);
	for (const struct keymap *t = m; t; t = t->next) {
		for (size_t i = 0; i < t->count; i++) {
			bool always = t->items[i].show == KEYMAP_ALWAYS;
			int need;

			buf_clear(&one);
			if (!hint_text(&one, m, t, now, &t->items[i]))
				continue;
			need = 1 + utf8_cells(one.data);
			if (need > left - (always ? 0 : reserved))
				continue;
			if (any)
				buf_char(out, ' ');
			buf_text(out, one.data);
			any = true;
			left -= need;
			reserved -= always ? need : 0;
		}
	}
	buf_release(&one);
}

/* The presses that do as e does; false: e has none of its own left, or was
 * said with another before. */
static bool
presses_of(struct buf *keys, const struct keymap *all, const struct keymap *t,
	const struct keymap_entry *e)
{
	if (shown_press(all, t, e) == PRESS_NONE)
		return false;
	for (size_t i = 0; i < t->count; i++) {
		const struct keymap_entry *o = &t->items[i];
		int press = shown_press(all, t, o);

		if (press == PRESS_NONE || o->action != e->action ||
		    strcmp(o->help, e->help) != 0)
			continue;
		if (o < e)
			return false;
		buf_text(keys, keys->len ? " " : "  ");
		press_label(keys, press);
		if (press == o->press && is_left(all, t, o->also)) {
			buf_char(keys, ' ');
			press_label(keys, o->also);
		}
	}
	return keys->len > 0;
}

void
keymap_help(struct buf *out, const struct keymap *m)
{
	struct buf keys;

	buf_init(&keys, BUF_LINE_MAX);
	for (const struct keymap *t = m; t; t = t->next) {
		for (size_t i = 0; i < t->count; i++) {
			const struct keymap_entry *e = &t->items[i];

			buf_clear(&keys);
			if (!presses_of(&keys, m, t, e))
				continue;
			for (int n = utf8_cells(keys.data); n < 16; n++)
				buf_char(&keys, ' ');
			buf_printf(out, "%s %s\n", keys.data, tr(e->help));
		}
	}
	buf_release(&keys);
}

/* A press that not every terminal can send. */
static bool
is_doubtful(int press)
{
	return press == PRESS_NONE || press == PRESS_ESC
	    || press == PRESS_INSERT
	    || press == PRESS_WORD_LEFT || press == PRESS_WORD_RIGHT
	    || (press >= PRESS_F1 && press <= PRESS_F12);
}

static bool
has_sure_press(const struct keymap *m, int action)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->items[i].action == action
		    && (!is_doubtful(m->items[i].press)
		    || !is_doubtful(m->items[i].also)))
			return true;
	return false;
}

static size_t
complain(struct buf *out, const struct keymap_entry *e, const char *what)
{
	press_label(out, e->press);
	buf_printf(out, ": %s\n", what);
	return 1;
}

size_t
keymap_lint(struct buf *out, const struct keymap *m)
{
	size_t found = 0;

	for (size_t i = 0; i < m->count; i++) {
		const struct keymap_entry *e = &m->items[i];

		if (!e->label || !*e->label || !e->help || !*e->help)
			found += complain(out, e, "no label or no help");
		if (e->action <= 0)
			found += complain(out, e, "no action");
		if (!has_sure_press(m, e->action))
			found += complain(out, e, "only a doubtful key");
		for (size_t k = 0; k < i; k++)
			if (entry_has(&m->items[k], e->press)
			    || entry_has(&m->items[k], e->also))
				found += complain(out, e, "given twice");
	}
	return found;
}
