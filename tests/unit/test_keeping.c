/*
 * How long records are kept: what keeping.json may say, and what follows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/tr.h"
#include "core/bundle.h"
#include "core/builtin.h"
#include "core/keeping.h"

static const char matter[] =
	"{\"register\":\"matter\",\"version\":1,\"order\":1,"
	"\"title\":{\"zh\":\"事项\",\"en\":\"Matters\"},"
	"\"one\":{\"zh\":\"事项\",\"en\":\"matter\"},\"called\":[\"title\"],"
	"\"fields\":[{\"name\":\"title\",\"label\":{\"zh\":\"名称\","
	"\"en\":\"Title\"},\"type\":\"text\",\"overview\":true},"
	"{\"name\":\"done_on\",\"label\":{\"zh\":\"办结\",\"en\":\"Done\"},"
	"\"type\":\"date\"}],"
	"\"states\":[{\"name\":\"open\",\"label\":{\"zh\":\"在办\","
	"\"en\":\"open\"},\"active\":true},{\"name\":\"closed\","
	"\"label\":{\"zh\":\"办结\",\"en\":\"closed\"}}],"
	"\"moves\":[{\"name\":\"close\",\"label\":{\"zh\":\"办结\","
	"\"en\":\"Close\"},\"from\":[\"open\"],\"to\":\"closed\","
	"\"roles\":[\"clerk\"]}],"
	"\"list\":{\"columns\":[{\"path\":\"title\",\"cells\":0}],"
	"\"sort\":[\"title\"],\"filters\":[]},"
	"\"form\":[{\"page\":{\"zh\":\"事项\",\"en\":\"Matter\"},\"rows\":["
	"[\"title\"],[\"done_on\"]]}]}";
static const char visit[] =
	"{\"register\":\"visit\",\"version\":1,\"order\":2,"
	"\"title\":{\"zh\":\"走访\",\"en\":\"Visits\"},"
	"\"one\":{\"zh\":\"走访\",\"en\":\"visit\"},\"called\":[\"text\"],"
	"\"parent\":{\"register\":\"matter\",\"field\":\"matter_id\"},"
	"\"fields\":[{\"name\":\"matter_id\",\"label\":{\"zh\":\"事项\","
	"\"en\":\"Matter\"},\"type\":\"ref\",\"to\":\"matter\","
	"\"overview\":true},{\"name\":\"text\",\"label\":{\"zh\":\"情况\","
	"\"en\":\"Text\"},\"type\":\"text\",\"overview\":true}],"
	"\"list\":{\"columns\":[{\"path\":\"text\",\"cells\":0}],"
	"\"sort\":[\"text\"],\"filters\":[]},"
	"\"form\":[{\"page\":{\"zh\":\"走访\",\"en\":\"Visit\"},\"rows\":["
	"[\"text\"]]}]}";

#define FILE_OF(rest) "{\"keeping\":[" rest "]}"
#define LINE(rest) "{\"basis\":{\"zh\":\"县定\",\"en\":\"county\"}," rest "}"
#define GOOD LINE("\"register\":\"matter\",\"years\":10,\"states\":" \
	"[\"closed\"],\"day\":\"done_on\",\"local\":true")

static enum status
load(struct schema **out, struct complaints *complaints, const char *keeping)
{
	const struct def_file files[] = {
		{ "registers/matter.json", matter, sizeof matter - 1 },
		{ "registers/visit.json", visit, sizeof visit - 1 },
		{ "keeping.json", keeping, keeping ? strlen(keeping) : 0 },
	};
	struct err err = ERR_INIT;

	return schema_load(out, files, keeping ? 3 : 2, complaints, &err);
}

static void
each_mistake_is_named(void **state)
{
	static const struct {
		const char *file, *path, *text;
	} cases[] = {
		{ FILE_OF(LINE("\"register\":\"mater\",\"years\":1")),
		  "keeping[0].register", "no register 'mater'" },
		{ FILE_OF(GOOD "," GOOD), "keeping[1].register", "one line" },
		{ FILE_OF(LINE("\"register\":\"visit\",\"years\":1")),
		  "keeping[0].register", "child" },
		{ FILE_OF(LINE("\"register\":\"matter\",\"years\":1,"
		    "\"states\":[\"open\"]")), "keeping[0].states",
		  "still worked on" },
		{ FILE_OF(LINE("\"register\":\"matter\",\"years\":1,"
		    "\"states\":[\"shut\"]")), "keeping[0].states",
		  "no state 'shut'" },
		{ FILE_OF(LINE("\"register\":\"matter\",\"years\":1")),
		  "keeping[0].states", "states that close" },
		{ FILE_OF(LINE("\"register\":\"matter\",\"states\":"
		    "[\"closed\"]")), "keeping[0].years", "years" },
		{ FILE_OF(LINE("\"register\":\"matter\",\"years\":-5,"
		    "\"states\":[\"closed\"]")), "keeping[0].years", "" },
		{ FILE_OF(LINE("\"register\":\"matter\",\"years\":101,"
		    "\"states\":[\"closed\"]")), "keeping[0].years", "" },
		{ FILE_OF(LINE("\"register\":\"matter\",\"years\":1,"
		    "\"states\":[\"closed\"],\"day\":\"title\"")),
		  "keeping[0].day", "no date" },
		{ FILE_OF("{\"register\":\"matter\",\"years\":1,"
		    "\"states\":[\"closed\"]}"), "keeping[0].basis", "" },
		{ FILE_OF(LINE("\"register\":\"matter\",\"years\":1,"
		    "\"states\":[\"closed\"],\"after\":\"title\"")),
		  "keeping[0].after", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct complaints c = {0};
		struct schema *s = NULL;
		bool found = false;

		assert_int_equal(load(&s, &c, cases[i].file), E_INVALID);
		for (size_t k = 0; k < c.count; k++)
			found = found || (strcmp(c.items[k].path,
			    cases[i].path) == 0 &&
			    strstr(c.items[k].text, cases[i].text));
		if (!found)
			fail_msg("%zu: %s %s", i, c.items[0].path,
			    c.items[0].text);
		complaints_release(&c);
	}
}

/* Caches are told nothing of it, so no program that does not know the file
 * stumbles over it, and their version stays what it was. */
static void
it_is_the_servers_alone(void **state)
{
	const struct def_file files[] = {
		{ "registers/matter.json", matter, sizeof matter - 1 },
		{ "registers/visit.json", visit, sizeof visit - 1 },
		{ "keeping.json", FILE_OF(GOOD), sizeof FILE_OF(GOOD) - 1 },
	};
	char with[17], without[17];
	struct bundle b = {0};
	struct err err = ERR_INIT;
	struct buf text;

	(void)state;
	schema_version(with, files, 3);
	schema_version(without, files, 2);
	assert_string_equal(with, without);
	buf_init(&text, BUNDLE_BYTES_MAX);
	bundle_print(&text, files, 3);
	assert_int_equal(bundle_parse(&b, text.data, text.len, &err), E_OK);
	assert_int_equal(b.count, 2);
	bundle_release(&b);
	buf_release(&text);
}

static void
a_term_ends_with_a_year(void **state)
{
	static const struct {
		const char *state, *day, *changed, *deleted, *last;
		enum keeping keeping;
	} cases[] = {
		{ "open", "2015-03-05", "2015-03-05", "", "", KEEPING_OPEN },
		{ "closed", "2015-03-05", "2016-01-02", "", "2025-12-31",
		  KEEPING_UNTIL },
		{ "closed", "2015-01-01", "2016-01-02", "", "2025-12-31",
		  KEEPING_UNTIL },
		{ "closed", "", "2016-01-02", "", "2026-12-31",
		  KEEPING_UNTIL },
		{ "open", "", "2016-01-02", "误录", "2026-12-31",
		  KEEPING_UNTIL },
	};
	struct complaints c = {0};
	struct schema *s = NULL;

	(void)state;
	if (load(&s, &c, FILE_OF(GOOD)))
		fail_msg("%s: %s", c.items[0].path, c.items[0].text);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct record r = {0};
		char last[DATE_TEXT_MAX] = "";
		int on = DATE_NONE;

		snprintf(r.reg, sizeof r.reg, "matter");
		(void)record_set(&r, "@state", cases[i].state);
		(void)record_set(&r, "done_on", cases[i].day);
		(void)record_set(&r, "@deleted", cases[i].deleted);
		assert_int_equal(keeping_of(&on,
		    schema_register_find(s, "matter"), &r,
		    date_parse(cases[i].changed)), cases[i].keeping);
		date_print(last, on);
		assert_string_equal(last, cases[i].last);
		snprintf(r.reg, sizeof r.reg, "visit");
		assert_int_equal(keeping_of(&on,
		    schema_register_find(s, "visit"), &r, 0), KEEPING_NONE);
		record_release(&r);
	}
	complaints_release(&c);
	schema_free(s);
}

/* What is not law says so. */
static void
ours_say_whose_they_are(void **state)
{
	struct complaints c = {0};
	struct schema *s = NULL;
	struct err err = ERR_INIT;
	size_t given = 0;

	(void)state;
	assert_int_equal(schema_load(&s, builtin_files, builtin_count, &c,
	    &err), E_OK);
	for (size_t i = 0; i < s->register_count; i++) {
		const struct schema_keeping *k = &s->registers[i].keeping;

		given += k->given;
		if (k->given && !k->local &&
		    strcmp(s->registers[i].name, "allowance") != 0)
			fail_msg("%s", s->registers[i].name);
	}
	assert_true(given > 10);
	assert_true(schema_register_find(s, "mediation_case")->keeping.given);
	assert_true(schema_register_find(s,
	    "correction_subject")->keeping.given);
	complaints_release(&c);
	schema_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_mistake_is_named),
		cmocka_unit_test(it_is_the_servers_alone),
		cmocka_unit_test(a_term_ends_with_a_year),
		cmocka_unit_test(ours_say_whose_they_are),
	};

	tr_set(TR_EN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
