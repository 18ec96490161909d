/*
 * The values that a condition can ask for, with the number of rows that have
 * each: codes and states in their own order, those that people typed or chose
 * by their number, the most frequent first.
 */
#include "client/screen_list_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "client/app.h"
#include "client/show.h"
#include "core/overlay.h"
#include "store/overview.h"
#include "ui/picker.h"

enum {
	VALUES_MAX = 2000,	/* nobody knows more by sight; they are typed */
	LABEL_CELLS_MAX = 36,
};

struct offered {
	const char *text;	/* lent; len bytes of it */
	size_t len, count;
};

struct values_seen {
	struct offered *items;	/* owned, by their text */
	size_t count;
};

static int
compare(const struct offered *a, const struct offered *b)
{
	int order = memcmp(a->text, b->text, a->len < b->len ? a->len
		: b->len);

	return order ? order : (a->len > b->len) - (a->len < b->len);
}

static int
by_text(const void *a, const void *b)
{
	return compare(a, b);
}

static int
by_count(const void *a, const void *b)
{
	const struct offered *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return compare(x, y);
}

/* What one row says: one value, or several codes joined with ';'. */
static void
add_texts(struct values_seen *seen, const char *text, bool several)
{
	while (*text) {
		size_t len = several ? strcspn(text, ";") : strlen(text);

		seen->items = mem_grow(seen->items, seen->count,
			sizeof *seen->items);
		seen->items[seen->count++] = (struct offered){ text, len, 1 };
		text += len + (text[len] == ';');
	}
}

static void
gather(struct values_seen *seen, const struct screen_list *w,
	const char *field)
{
	const struct store *s = w->page.app->cli->store;
	const struct schema_field *f = schema_field_find(w->reg, field);
	bool several = (f && f->codes) || strcmp(field, "@overlays") == 0;
	size_t n = 0;

	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);

		if (o && o->reg == w->reg && !o->deleted)
			add_texts(seen, overview_get(o, field),
				several);
	}
	if (seen->count)
		qsort(seen->items, seen->count, sizeof *seen->items, by_text);
	for (size_t i = 0; i < seen->count; i++) {
		if (n && compare(&seen->items[n - 1], &seen->items[i]) == 0)
			seen->items[n - 1].count++;
		else
			seen->items[n++] = seen->items[i];
	}
	seen->count = n;
}

/* How many have it. */
static size_t
times(const struct values_seen *seen, const char *text)
{
	struct offered what = { text, strlen(text), 0 }, *at = NULL;

	if (seen->count)
		at = bsearch(&what, seen->items, seen->count,
			sizeof *seen->items, by_text);
	return at ? at->count : 0;
}

/* "合同纠纷   12": the numbers stand below each other. */
static void
offer(struct picker *p, const char *value, const char *code, const char *label,
	size_t count, int cells)
{
	struct buf words;

	buf_init(&words, BUF_LINE_MAX);
	show_padded(&words, label, cells);
	buf_printf(&words, " %5zu", count);
	picker_add(p, value, code, words.data);
	buf_release(&words);
}

static int
wider(int cells, const char *label)
{
	int need = utf8_cells(label);

	if (need > LABEL_CELLS_MAX)
		need = LABEL_CELLS_MAX;
	return need > cells ? need : cells;
}

static void
offer_codes(struct picker *p, const struct values_seen *seen,
	const struct schema_codes *codes, int today)
{
	int cells = 0;

	for (size_t i = 0; i < codes->count; i++)
		cells = wider(cells, label_text(&codes->items[i].label));
	for (size_t i = 0; i < codes->count; i++) {
		const struct schema_code *c = &codes->items[i];
		size_t count = times(seen, c->code);

		if (!count && !schema_code_is_valid_on(c, today))
			continue;
		offer(p, c->code, c->code, label_text(&c->label), count,
			cells);
		if (!schema_code_is_known(c))
			picker_hide_code(p);
	}
}

static void
offer_states(struct picker *p, const struct values_seen *seen,
	const struct schema_register *reg)
{
	int cells = 0;

	for (size_t i = 0; i < reg->state_count; i++)
		cells = wider(cells, label_text(&reg->states[i].label));
	for (size_t i = 0; i < reg->state_count; i++)
		offer(p, reg->states[i].name, "", label_text(
			&reg->states[i].label), times(seen,
			reg->states[i].name), cells);
}

static void
offer_overlays(struct picker *p, const struct values_seen *seen,
	const struct schema_register *reg)
{
	int cells = 0;

	for (size_t i = 0; i < reg->overlay_count; i++)
		cells = wider(cells, label_text(&reg->overlays[i].label));
	for (size_t i = 0; i < reg->overlay_count; i++)
		offer(p, reg->overlays[i].name, "", label_text(
			&reg->overlays[i].label), times(seen,
			reg->overlays[i].name), cells);
}

/* What rows have and no definition lists; one that a typed condition could
 * not say is left out. */
static void
offer_seen(struct picker *p, struct values_seen *seen,
	const struct screen_list *w, const char *field)
{
	int cells = 0;

	if (seen->count)
		qsort(seen->items, seen->count, sizeof *seen->items, by_count);
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < seen->count && i < VALUES_MAX; i++) {
			const struct offered *v = &seen->items[i];
			char *text = mem_strndup(v->text, v->len);
			struct buf label;

			buf_init(&label, BUF_LINE_MAX);
			show_named(&label, w->page.app, w->reg, field, text,
				"");
			if (pass == 0)
				cells = wider(cells, label.len ? label.data :
					"");
			else if (label.len && !strpbrk(text, "|;\""))
				offer(p, text, "", label.data, v->count,
					cells);
			buf_release(&label);
			free(text);
		}
	}
}

void
screen_list_offer_values(const struct screen_list *w, struct picker *p,
	const char *field)
{
	const struct schema_field *f = schema_field_find(w->reg, field);
	struct values_seen seen = {0};

	gather(&seen, w, field);
	if (f && f->type == VT_BOOL)
		offer(p, "1", "", tr("yes"), times(&seen, "1"), 0);
	else if (f && f->codes)
		offer_codes(p, &seen, f->codes, w->page.app->today);
	else if (strcmp(field, "@state") == 0)
		offer_states(p, &seen, w->reg);
	else if (strcmp(field, "@overlays") == 0)
		offer_overlays(p, &seen, w->reg);
	else
		offer_seen(p, &seen, w, field);
	free(seen.items);
}
