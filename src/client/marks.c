/* Marked rows. */
#include "client/marks.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
marks_release(struct marks *m)
{
	free(m->ids);
	*m = (struct marks){0};
}

static int
compare(const void *left, const void *right)
{
	return uuid_compare(left, right);
}

static struct uuid *
find(const struct marks *m, const struct uuid *id)
{
	return m->count ? bsearch(id, m->ids, m->count, sizeof *m->ids,
		compare) : NULL;
}

bool
marks_has(const struct marks *m, const struct uuid *id)
{
	return find(m, id) != NULL;
}

static void
unmark(struct marks *m, struct uuid *at)
{
	size_t after = m->count - (size_t)(at - m->ids) - 1;

	memmove(at, at + 1, after * sizeof *at);
	m->count--;
}

void
marks_set(struct marks *m, const struct uuid *id, bool marked)
{
	struct uuid *at = find(m, id);
	size_t place = 0;

	if (!marked && at)
		unmark(m, at);
	if (!marked || at)
		return;
	while (place < m->count && uuid_compare(&m->ids[place], id) < 0)
		place++;
	m->ids = mem_resize(m->ids, m->count + 1, sizeof *m->ids);
	memmove(&m->ids[place + 1], &m->ids[place],
		(m->count - place) * sizeof *m->ids);
	m->ids[place] = *id;
	m->count++;
}

static bool
has_all(const struct marks *m, const struct uuid *ids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!marks_has(m, &ids[i]))
			return false;
	return true;
}

void
marks_add_all(struct marks *m, const struct uuid *ids, size_t count)
{
	struct marks now = {0};

	now.ids = mem_alloc(m->count + count + 1, sizeof *now.ids);
	for (size_t i = 0; i < m->count; i++)
		now.ids[now.count++] = m->ids[i];
	for (size_t i = 0; i < count; i++)
		if (!marks_has(m, &ids[i]))
			now.ids[now.count++] = ids[i];
	qsort(now.ids, now.count, sizeof *now.ids, compare);
	marks_release(m);
	*m = now;
}

void
marks_drop_all(struct marks *m, const struct uuid *ids, size_t count)
{
	struct marks gone = {0};
	size_t n = 0;

	marks_add_all(&gone, ids, count);
	for (size_t i = 0; i < m->count; i++)
		if (!marks_has(&gone, &m->ids[i]))
			m->ids[n++] = m->ids[i];
	m->count = n;
	marks_release(&gone);
}

void
marks_toggle_all(struct marks *m, const struct uuid *ids, size_t count)
{
	if (has_all(m, ids, count))
		marks_drop_all(m, ids, count);
	else
		marks_add_all(m, ids, count);
}
