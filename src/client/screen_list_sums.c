/*
 * What the rows of a list come to: sums of the fields that its definition
 * names, of all that fit, of each group and of those that are marked.  They are
 * added up when rows or marks change, not when they are painted.
 */
#include "client/screen_list_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/show.h"
#include "core/value.h"

enum { SUM_TEXT_MAX = 24 };

/* Of an amount that may not be seen there is no sum either. */
static const struct schema_field *
field_of(const struct screen_list *w, size_t sum)
{
	const struct schema_field *f = schema_field_find(w->reg,
		w->reg->sums[sum]);

	return f && screen_list_may_ask(w, f) ? f : NULL;
}

static void
add(const struct screen_list *w, struct list_sums *out,
	const struct uuid *ids, size_t count)
{
	*out = (struct list_sums){{0}};
	for (size_t i = 0; i < count && w->reg->sum_count; i++) {
		const struct overview *o = overview_find(
			w->page.app->cli->store, &ids[i]);

		for (size_t k = 0; o && k < w->reg->sum_count; k++)
			out->of[k] += strtoll(overview_get(o, w->reg->sums[k]),
				NULL, 10);
	}
}

void
screen_list_sum_rows(struct screen_list *w)
{
	add(w, &w->sums, w->ids, w->count);
	for (size_t i = 0; i < w->group_count; i++)
		add(w, &w->groups[i].sums, w->ids + w->groups[i].first,
			w->groups[i].count);
	screen_list_sum_marks(w);
}

void
screen_list_sum_marks(struct screen_list *w)
{
	add(w, &w->marked_sums, w->marks.ids, w->marks.count);
}

static void
words(struct buf *out, const struct schema_field *f, int64_t sum)
{
	char text[SUM_TEXT_MAX];

	(void)snprintf(text, sizeof text, "%lld", (long long)sum);
	value_show(out, f, text, false);
}

void
screen_list_sums_words(struct buf *out, const struct screen_list *w,
	const struct list_sums *sums)
{
	for (size_t i = 0; i < w->reg->sum_count; i++) {
		const struct schema_field *f = field_of(w, i);

		if (!f)
			continue;
		buf_printf(out, "  %s ", list_look_title(w->reg, f->name));
		words(out, f, sums->of[i]);
	}
}
