/*
 * The lookup, asked by lines: for model.py, which knows the answers.
 *
 *   answer PERSONS <TYPED
 *
 * PERSONS has a line for each person: number, name, alias, digits, places (with
 * '|' between several), own office, active (0 or 1), day opened.  For each line
 * typed a line "number:tier ..." comes, in the lookup's order.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/lookup.h"

#define DAY_MS INT64_C(86400000)

enum { COLUMNS = 8, HITS_MAX = 4096, TODAY = 20000, LINE_BYTES = 4096 };

static void
die(const char *why)
{
	fprintf(stderr, "answer: %s\n", why);
	exit(2);
}

static void
cut(char *column[COLUMNS], char *line)
{
	line[strcspn(line, "\n")] = 0;
	for (int i = 0; i < COLUMNS; i++) {
		char *tab = strchr(line, '\t');

		column[i] = line;
		if ((tab == NULL) != (i == COLUMNS - 1))
			die("a line of the persons has not eight columns");
		if (tab)
			*tab = 0;
		line = tab + 1;
	}
}

static void
bars_to_tabs(char *text)
{
	for (; *text; text++)
		if (*text == '|')
			*text = '\t';
}

static void
put_line(struct lookup *l, char *line)
{
	struct lookup_entry e = {0};
	struct lookup_fact fact = {0};
	char *column[COLUMNS];
	long opened;

	cut(column, line);
	bars_to_tabs(column[2]);
	bars_to_tabs(column[3]);
	e.tag = (uint32_t)strtoul(column[0], NULL, 10);
	memcpy(e.id.b, &e.tag, sizeof e.tag);
	e.name = column[1];
	e.alias = column[2];
	e.digits = column[3];
	opened = strtol(column[7], NULL, 10);
	e.opened_at = opened * DAY_MS;
	lookup_put(l, &e);
	bars_to_tabs(column[4]);
	fact.place = column[4];
	fact.own_office = column[5][0] == '1';
	fact.active = column[6][0] == '1';
	lookup_learn(l, &e.id, &fact);
}

int
main(int argc, char **argv)
{
	struct lookup *l = lookup_new();
	struct lookup_hit *hit = mem_alloc(HITS_MAX, sizeof *hit);
	FILE *persons = argc == 2 ? fopen(argv[1], "r") : NULL;
	char line[LINE_BYTES];

	if (!persons)
		die("usage: answer PERSONS <TYPED");
	while (fgets(line, sizeof line, persons))
		put_line(l, line);
	fclose(persons);
	while (fgets(line, sizeof line, stdin)) {
		size_t total = 0, n;

		line[strcspn(line, "\n")] = 0;
		n = lookup_query(l, line, TODAY * DAY_MS, hit, HITS_MAX,
		    &total);
		if (n != total)
			die("more hits than fit");
		for (size_t i = 0; i < n; i++)
			printf("%s%u:%d", i ? " " : "", (unsigned)hit[i].tag,
			    hit[i].tier);
		printf("\n");
	}
	free(hit);
	lookup_free(l);
	return 0;
}
