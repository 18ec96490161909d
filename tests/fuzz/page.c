/*
 * Pages of a server that lies: lines as they stand on the wire, taken into a
 * cache.  Nothing the cache holds is damaged by them.
 */
#include "fuzz/fuzz.h"

#include <string.h>

#include "base/clock.h"
#include "kit/cache.h"
#include "store/overview.h"

enum { LINES_MAX = 64, LOOK_EACH = 256, NEW_EACH = 4096 };

static struct cache *cache;
static unsigned inputs;

static void
end(void)
{
	void *state = cache;

	(void)cache_tear_down(&state);
}

static void
begin(void)
{
	void *state = NULL;

	MUST(cache_set_up(&state) == 0);
	cache = state;
	(void)cache_add(cache->s, "person", "name=甲;phone=13800138000");
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	clock_fix(clock_parse("2026-11-22T10:00:00+08:00"));
	begin();
	(void)atexit(end);
	return 0;
}

static size_t
read_lines(struct wire_line lines[LINES_MAX], const char *text, size_t size)
{
	const char *end = text + size;
	size_t count = 0;

	while (text < end && count < LINES_MAX) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t len = (size_t)((stop ? stop : end) - text);
		struct err err = ERR_INIT;

		lines[count] = (struct wire_line){0};
		if (wire_parse_line(&lines[count], text, len, &err) == E_OK)
			count++;
		text += len + 1;
	}
	return count;
}

/* What came may be shown. */
static void
look(const struct wire_line *l)
{
	struct record r = {0};
	struct err err = ERR_INIT;

	if (l->kind != WIRE_PUT)
		return;
	if (store_get(&r, cache->s, &l->put.id, &err) == E_OK)
		record_release(&r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wire_line lines[LINES_MAX];
	size_t count = read_lines(lines, (const char *)data, size);
	struct apply_counts counts = {0};
	struct err err = ERR_INIT;

	if (count > 0 && lines[count - 1].kind == WIRE_END) {
		if (apply_page(&counts, cache->s, lines, count, &err))
			MUST(err.msg[0] != '\0');
		err = (struct err)ERR_INIT;
		MUST(overview_refresh(cache->s, NULL, &err) == E_OK);
		for (size_t i = 0; i < count; i++)
			look(&lines[i]);
		if (++inputs % LOOK_EACH == 0)
			MUST(cache_damage(cache->s) == 0);
	}
	for (size_t i = 0; i < count; i++)
		wire_line_release(&lines[i]);
	if (inputs >= NEW_EACH) {
		inputs = 0;
		end();
		begin();
	}
	return 0;
}
