/* What people enter; see clerk_values.h. */
#include "kit/clerk_values.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/mem.h"
#include "kit/renewal.h"

void
entry_begin(struct entry *e)
{
	buf_init(&e->values, BUF_LINE_MAX);
}

static void
entry_add(struct entry *e, const char *text)
{
	buf_printf(&e->values, "%s\n", text);
}

static bool
holds(const struct record *r, const char *text)
{
	bool found = r->deleted && strstr(r->deleted, text);

	for (size_t i = 0; i < r->values.count; i++)
		found = found || strstr(r->values.items[i].text, text);
	return found;
}

void
entry_note(struct clerks *m, const char *text, const struct uuid *id)
{
	char name[UUID_TEXT_MAX];

	uuid_print(name, id);
	buf_printf(&m->values, "%s\n", text);
	buf_printf(&m->owners, "%s %s\n", text, name);
}

void
entry_finish(struct clerks *m, struct entry *e, const struct record *r)
{
	char *at = r ? e->values.data : NULL;

	while (at && *at) {
		char *end = strchr(at, '\n');

		*end = '\0';
		if (holds(r, at))
			entry_note(m, at, &r->id);
		at = end + 1;
	}
	buf_release(&e->values);
}

void
entry_token(struct clerks *m, struct entry *e, char out[16])
{
	snprintf(out, 16, "v%uz", ++m->entered);
	entry_add(e, out);
}

/* Dates that nothing else has, spread so that orders break. */
static void
make_date(struct clerks *m, struct entry *e, char out[DATE_TEXT_MAX])
{
	date_print(out, 7000 + (int)clerks_pick(m, 40) * 800 + (int)++m->entered);
	entry_add(e, out);
}

static void
set_note(struct clerks *m, struct entry *e, struct record *r)
{
	const char *before = record_get(r, "note");
	char token[16];
	char *text;

	entry_token(m, e, token);
	text = clerks_pick(m, 4) && strlen(before) < 380 ?
		mem_printf("%s%s%s", before, before[0] ? "\n" : "", token) :
		mem_strdup(token);
	assert_true(record_set(r, "note", text));
	free(text);
}

/* Long ones, so that pages fill. */
static void
set_story(struct clerks *m, struct entry *e, struct record *r)
{
	size_t len = 1000 + clerks_pick(m, 7000);
	char *text = mem_alloc(len + 17, 1);
	char token[16];

	entry_token(m, e, token);
	memset(text, 'x', len);
	memcpy(text + len, token, strlen(token));
	assert_true(record_set(r, "story", text));
	free(text);
}

static void
set_tags(struct clerks *m, const struct site *site, struct record *r)
{
	char text[16] = "";
	unsigned which = clerks_pick(m, 16);

	/* nobody chooses what is retired; it may stay where it was */
	if (site->schema == m->t.newer && !strchr(record_get(r, "tags"), '3'))
		which &= ~4u;

	for (unsigned i = 0; i < 4; i++) {
		char tag[3] = { ';', (char)('1' + i), '\0' };

		if (which & 1u << i)
			strncat(text, tag + !text[0], 2);
	}
	assert_true(record_set(r, "tags", text));
}

static void
set_one(struct clerks *m, struct entry *e, struct site *site, struct record *r)
{
	static const char *const texts[] = { "title", "place", "place",
		"phone" };
	static const char *const dates[] = { "from_on", "to_on", "first_on",
		"last_on", "last_on" };
	char text[DATE_TEXT_MAX > 16 ? DATE_TEXT_MAX : 16];
	const char *field;

	switch (clerks_pick(m, 12)) {
	case 0: case 1: case 2: case 3:
		field = texts[clerks_pick(m, site->schema == m->t.older ? 3 : 4)];
		if (strcmp(field, "place") == 0)
			field = renewal_place(m, site, r);
		if (strcmp(field, "title") != 0 && clerks_pick(m, 6) == 0)
			text[0] = '\0';
		else if (clerks_pick(m, 5) == 0)	/* what is there already */
			snprintf(text, sizeof text, "v%uz",
				1 + m->entered - clerks_pick(m, m->entered % 8 + 1));
		else
			entry_token(m, e, text);
		assert_true(record_set(r, field, text));
		break;
	case 4: case 5: case 6: case 7:
		make_date(m, e, text);
		field = dates[clerks_pick(m, 5)];
		assert_true(record_set(r, field, text));
		break;
	case 8:
		snprintf(text, sizeof text, "%u", clerks_pick(m, 9));
		assert_true(record_set(r, "level", text));
		break;
	case 9:
		set_note(m, e, r);
		break;
	case 10:
		set_story(m, e, r);
		break;
	default:
		set_tags(m, site, r);
	}
}

void
entry_change(struct clerks *m, struct entry *e, struct site *site, struct record *r)
{
	char token[16];

	for (unsigned i = clerks_pick(m, 3) + 1; i > 0; i--)
		set_one(m, e, site, r);
	if (site->schema == m->t.newer && !record_get(r, "phone")[0]) {
		entry_token(m, e, token);
		assert_true(record_set(r, "phone", token));
	}
}
