/*
 * Names and numbers of strangers as keys of the lookup, and what somebody types
 * to find them: whatever is found by more is found by less.
 *
 * Lines: "name TAB digits TAB place", an empty one, then what is typed.
 */
#include "fuzz/fuzz.h"

#include <stdbool.h>
#include <string.h>

#include "store/lookup.h"
#include "store/lookup_terms.h"

enum { PERSONS_MAX = 24, TYPED_MAX = 48, HITS = PERSONS_MAX };

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

/* The text before the mark; the rest of the line begins after it. */
static char *
part(char **line, char mark)
{
	char *begin = *line, *end = strchr(begin, mark);

	if (end)
		*end = '\0';
	*line = end ? end + 1 : begin + strlen(begin);
	return begin;
}

static void
put(struct lookup *l, char *line, uint32_t i)
{
	struct uuid id = {{ 0 }};
	char *name = part(&line, '\t'), *digits = part(&line, '\t');
	const struct lookup_entry e = { .id = id, .tag = i, .name = name,
		.alias = i % 3 ? NULL : digits, .digits = digits,
		.active = i & 1, .own_office = i & 2, .opened_at = i };
	const struct lookup_fact fact = { .active = true, .place = line };
	struct lookup_entry entry = e;

	entry.id.b[15] = (uint8_t)(i % 16);	/* some are replaced */
	lookup_put(l, &entry);
	if (*line)
		lookup_learn(l, &entry.id, &fact);
	if (i % 7 == 6)
		lookup_drop(l, &entry.id);
}

/* A short number is found at a beginning only, so more of it may find more. */
static bool
is_whole(const char *typed)
{
	struct lookup_term term[LOOKUP_TERMS_MAX];
	size_t count = lookup_terms_parse(term, typed);

	for (size_t i = 0; i < count; i++)
		if (term[i].start_only)
			return false;
	return count > 0;
}

/* Grow what is typed a byte at a time, as a hand does; a fresh lookup must say
 * the same as one that searched among the hits before. */
static void
type(struct lookup *l, struct lookup *fresh, const char *typed)
{
	struct lookup_hit hits[HITS], other[HITS];
	char now[TYPED_MAX + 1] = "", before[TYPED_MAX + 1] = "";
	size_t last = 0;

	for (size_t i = 1; i <= strlen(typed) && i <= TYPED_MAX; i++) {
		size_t total = 0, total_other = 0, n, m;

		memcpy(now, typed, i);
		now[i] = '\0';
		n = lookup_query(l, now, 1000, hits, HITS, &total);
		(void)lookup_query(fresh, "", 1000, other, HITS, &total_other);
		m = lookup_query(fresh, now, 1000, other, HITS, &total_other);
		MUST(n <= total && total <= lookup_count(l));
		MUST(n == m && total == total_other);
		for (size_t k = 0; k < n; k++)
			MUST(hits[k].tag == other[k].tag &&
			    hits[k].tier == other[k].tier);
		if (is_whole(before) && lookup_terms_narrow(before, now))
			MUST(total <= last);
		last = total;
		memcpy(before, now, sizeof before);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lookup *l = lookup_new(), *fresh = lookup_new();
	char *text = malloc(size + 1), *copy = malloc(size + 1), *line = text;
	char *other = copy;
	uint32_t i = 0;

	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	memcpy(copy, text, size + 1);
	while (*line && *line != '\n' && i < PERSONS_MAX) {
		put(l, part(&line, '\n'), i);
		put(fresh, part(&other, '\n'), i);
		i++;
	}
	line += *line == '\n';
	type(l, fresh, line);
	lookup_free(l);
	lookup_free(fresh);
	free(text);
	free(copy);
	return 0;
}
