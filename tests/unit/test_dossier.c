/*
 * Is a file complete?  A small register whose papers are shown in each of the
 * ways there are, and a world of records held in a table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/dossier.h"
#include "core/rule.h"

#define LABEL(zh, en) "{\"zh\":\"" zh "\",\"en\":\"" en "\"}"
#define HEAD(name, order, called) "{\"register\":\"" name "\",\"version\":1," \
	"\"order\":" order ",\"title\":" LABEL("册", "list") ",\"one\":" \
	LABEL("件", "one") ",\"called\":[\"" called "\"],"
#define VIEWS(field) "\"list\":{\"columns\":[{\"path\":\"" field \
	"\",\"cells\":0}]},\"form\":[{\"page\":" LABEL("页", "page") \
	",\"rows\":["
#define REF(name, to) "{\"name\":\"" name "\",\"label\":" LABEL("引", "ref") \
	",\"type\":\"ref\",\"to\":\"" to "\",\"need\":\"save\"," \
	"\"overview\":true}"
#define TEXT(name, en) "{\"name\":\"" name "\",\"label\":" LABEL("文", en) \
	",\"type\":\"text\",\"overview\":true}"

static const char codes_text[] =
    "{\"codes\":\"paper\",\"title\":" LABEL("文书", "papers") ",\"items\":["
    "{\"code\":\"01\",\"zh\":\"告知书\",\"en\":\"notice\"},"
    "{\"code\":\"02\",\"zh\":\"封底\",\"en\":\"back\"}]}";

static const char person_text[] = HEAD("person", "1", "name")
    "\"fields\":[" TEXT("name", "Name") "]," VIEWS("name") "[\"name\"]]}]}";

static const char matter_text[] = HEAD("matter", "2", "result")
    "\"person\":\"person_id\",\"fields\":[" REF("person_id", "person") ","
    TEXT("result", "Result") "," TEXT("agreed", "Agreed") ","
    TEXT("why", "Why not") ","
    "{\"name\":\"papers\",\"label\":" LABEL("文书", "Papers") ",\"type\":"
    "\"code\",\"codes\":\"paper\",\"multi\":true}],"
    "\"states\":[{\"name\":\"open\",\"label\":" LABEL("在办", "open") "},"
    "{\"name\":\"filed\",\"label\":" LABEL("归档", "filed") "}],"
    "\"moves\":[{\"name\":\"file\",\"label\":" LABEL("归档", "File") ","
    "\"from\":[\"open\"],\"to\":\"filed\",\"roles\":[\"clerk\"]}],"
    "\"checks\":[{\"check\":\"dossier\",\"moves\":[\"file\"],"
    "\"unless\":\"why\"}],"
    "\"dossier\":["
    "{\"part\":" LABEL("甲", "A") ",\"item\":" LABEL("告知书", "notice") ","
    "\"optional_when\":[{\"field\":\"result\",\"op\":\"eq\",\"value\":"
    "\"3\"}],"
    "\"has\":{\"codes\":\"papers\",\"value\":\"01\"}},"
    "{\"item\":" LABEL("记录", "sessions") ",\"has\":{\"register\":\"visit\","
    "\"min\":2,\"when\":[{\"field\":\"done\",\"op\":\"eq\",\"value\":\"1\"}]}},"
    "{\"item\":" LABEL("协议", "agreement") ",\"when\":[{\"field\":\"result\","
    "\"op\":\"eq\",\"value\":\"1\"}],\"has\":[{\"field\":\"agreed\"},"
    "{\"codes\":\"papers\",\"value\":\"02\"}]},"
    "{\"item\":" LABEL("评估", "assessment") ",\"has\":{\"register\":"
    "\"assess\"}},"
    "{\"item\":" LABEL("委托书", "mandate") ",\"optional\":true,\"has\":"
    "{\"field\":\"agreed\"}}],"
    VIEWS("result") "[\"person_id\"],[\"result\"],[\"agreed\"],[\"why\"],"
    "[\"papers\"]]}]}";

static const char visit_text[] = HEAD("visit", "3", "done")
    "\"parent\":{\"register\":\"matter\",\"field\":\"matter_id\"},"
    "\"fields\":[" REF("matter_id", "matter") "," TEXT("done", "Done") "],"
    VIEWS("done") "[\"done\"]]}]}";

static const char assess_text[] = HEAD("assess", "4", "done")
    "\"person\":\"of_id\",\"fields\":[" REF("of_id", "person") ","
    TEXT("done", "Done") "]," VIEWS("done") "[\"of_id\"],[\"done\"]]}]}";

enum { MATTER = 2, FILES = 5 };
static const char *const paths[FILES] = { "codes/paper.json",
	"registers/person.json", "registers/matter.json",
	"registers/visit.json", "registers/assess.json" };
static const char *const texts[FILES] = { codes_text, person_text,
	matter_text, visit_text, assess_text };

#define PERSON "019abcde-0000-7000-8000-000000000001"

static struct schema *schema;

static enum status
load_with(struct schema **out, struct complaints *complaints,
    const char *matter, struct err *err)
{
	struct def_file files[FILES];

	for (int i = 0; i < FILES; i++) {
		files[i].path = paths[i];
		files[i].text = i == MATTER ? matter : texts[i];
		files[i].len = strlen(files[i].text);
	}
	return schema_load(out, files, FILES, complaints, err);
}

static int
load(void **state)
{
	struct complaints complaints = {0};
	struct err err = ERR_INIT;
	enum status s;

	(void)state;
	tr_set(TR_EN);
	s = load_with(&schema, &complaints, matter_text, &err);
	for (size_t i = 0; i < complaints.count; i++)
		print_message("# %s %s: %s\n", complaints.items[i].file,
		    complaints.items[i].path, complaints.items[i].text);
	complaints_release(&complaints);
	return s ? 1 : 0;
}

static int
unload(void **state)
{
	(void)state;
	schema_free(schema);
	return 0;
}

/* ---- a world ---- */

struct world {
	struct record visits[3], assess[1];
	size_t visit_count, assess_count;
};

static const struct record *
world_child(void *self, const struct uuid *parent, const char *reg, size_t i)
{
	struct world *w = self;

	(void)parent;
	assert_string_equal(reg, "visit");
	return i < w->visit_count ? &w->visits[i] : NULL;
}

static const struct record *
world_find(void *self, const struct rule_find *what, size_t i)
{
	struct world *w = self;

	assert_string_equal(what->reg, "assess");
	assert_string_equal(what->field, "of_id");
	assert_string_equal(what->value, PERSON);
	return i < w->assess_count ? &w->assess[i] : NULL;
}

static void
world_release(struct world *w)
{
	for (size_t i = 0; i < 3; i++)
		record_release(&w->visits[i]);
	record_release(&w->assess[0]);
}

/* The states of the papers in order: t m o ?, in place of those left out -. */
static char *
asked(const struct record *r, const struct rule_world *world)
{
	static const char letters[] = { [DOSSIER_THERE] = 't',
		[DOSSIER_MISSING] = 'm', [DOSSIER_OPTIONAL] = 'o',
		[DOSSIER_UNKNOWN] = '?' };
	const struct schema_register *reg = schema_register_find(schema,
	    "matter");
	struct dossier d = {0};
	char *out = mem_strdup("-----");

	dossier_of(&d, schema, reg, r, 0, world);
	for (size_t i = 0; i < d.count; i++)
		out[d.items[i].paper - reg->papers] =
		    letters[d.items[i].state];
	dossier_release(&d);
	return out;
}

static void
expect(const struct record *r, const struct rule_world *world,
    const char *expected)
{
	char *found = asked(r, world);

	assert_string_equal(found, expected);
	free(found);
}

static void
each_way_of_showing(void **state)
{
	struct world w = {0};
	struct rule_world world = { .self = &w, .child = world_child,
		.find = world_find };
	struct record r = {0};

	(void)state;
	(void)record_set(&r, "person_id", PERSON);
	expect(&r, &world, "mm-mo");
	expect(&r, NULL, "m?-?o");
	(void)record_set(&r, "result", "3");
	expect(&r, &world, "om-mo");
	(void)record_set(&r, "papers", "01");
	expect(&r, &world, "tm-mo");
	/* one session is done, one is not, one was withdrawn */
	w.visit_count = 3;
	(void)record_set(&w.visits[0], "done", "1");
	(void)record_set(&w.visits[2], "done", "1");
	(void)record_set(&w.visits[2], "@deleted", "twice");
	expect(&r, &world, "tm-mo");
	(void)record_set(&w.visits[1], "done", "1");
	expect(&r, &world, "tt-mo");
	/* asked for only after success; one proof of two is enough */
	(void)record_set(&r, "result", "1");
	expect(&r, &world, "ttmmo");
	(void)record_set(&r, "papers", "01;02");
	expect(&r, &world, "tttmo");
	(void)record_set(&r, "agreed", "yes");
	w.assess_count = 1;
	expect(&r, &world, "ttttt");
	world_release(&w);
	record_release(&r);
}

static void
a_move_asks_for_it(void **state)
{
	const struct schema_register *reg = schema_register_find(schema,
	    "matter");
	struct world w = {0};
	struct rule_world world = { .self = &w, .child = world_child,
		.find = world_find };
	struct record r = { .state = "open" };
	const struct rule_who who = { "clerk", "李四" };
	struct faults faults = {0};
	struct err err = ERR_INIT;

	(void)state;
	(void)record_set(&r, "person_id", PERSON);
	/* saving asks nothing */
	rule_check(&faults, schema, reg, &r, RULE_SUBMIT, 0, &world);
	assert_int_equal(faults.count, 0);
	assert_int_equal(rule_move(schema, reg, &r, "filed", &who, 0,
	    &world, &err), E_INVALID);
	assert_non_null(strstr(err.msg, "notice, sessions, assessment"));
	assert_non_null(strstr(err.msg, "'Why not'"));
	rule_check_move(&faults, schema, reg, &r, &reg->moves[0], 0, &world);
	assert_int_equal(faults.count, 1);
	assert_string_equal(faults.items[0].field, "why");
	assert_true(faults.items[0].stop);
	faults_release(&faults);
	/* the reason opens the way */
	(void)record_set(&r, "why", "burnt");
	assert_int_equal(rule_move(schema, reg, &r, "filed", &who, 0,
	    &world, &err), E_OK);
	/* what cannot be seen from here stops nobody */
	(void)record_set(&r, "why", "");
	(void)record_set(&r, "papers", "01");
	assert_int_equal(rule_move(schema, reg, &r, "filed", &who, 0, NULL,
	    &err), E_OK);
	record_release(&r);
}

static const struct {
	const char *find, *put, *path, *words;
} mistakes[] = {
	{ "\"field\":\"agreed\"}}]", "\"field\":\"agred\"}}]",
	    "dossier[4].has[0].field", "'agreed' meant" },
	{ "\"codes\":\"papers\",\"value\":\"01\"",
	    "\"codes\":\"papers\",\"value\":\"09\"",
	    "dossier[0].has[0].value", "" },
	{ "\"codes\":\"papers\",\"value\":\"01\"", "\"codes\":\"papers\"",
	    "dossier[0].has.value", "missing" },
	{ "\"register\":\"visit\"", "\"register\":\"visits\"",
	    "dossier[1].has[0].register", "'visit' meant" },
	{ "\"register\":\"assess\"", "\"register\":\"person\"",
	    "dossier[3].has[0].register", "neither a child" },
	{ "\"has\":{\"register\":\"assess\"}", "\"has\":[]", "dossier[3].has",
	    "missing" },
	{ "{\"register\":\"assess\"}",
	    "{\"register\":\"assess\",\"field\":\"why\"}", "dossier[3].has",
	    "one of" },
	{ "\"min\":2,\"when\":[{\"field\":\"done\"",
	    "\"min\":2,\"when\":[{\"field\":\"don\"",
	    "dossier[1].has[0].when[0].field", "'done' meant" },
	{ "\"moves\":[\"file\"]", "\"moves\":[\"fle\"]", "checks[0].moves[0]",
	    "'file' meant" },
	{ "\"moves\":[\"file\"],", "", "checks[0].moves", "by and by" },
	{ "\"unless\":\"why\"", "\"unless\":\"wy\"", "checks[0].unless",
	    "'why' meant" },
	{ "\"check\":\"dossier\",", "\"check\":\"rule\",\"rule\":\"two_sides\",",
	    "checks[0].unless", "belongs to" },
};

static void
mistakes_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
		const char *at = strstr(matter_text, mistakes[i].find);
		struct complaints complaints = {0};
		struct err err = ERR_INIT;
		struct schema *s = NULL;
		bool found = false;
		char *text;

		assert_non_null(at);
		text = mem_printf("%.*s%s%s", (int)(at - matter_text),
		    matter_text, mistakes[i].put,
		    at + strlen(mistakes[i].find));
		assert_int_equal(load_with(&s, &complaints, text, &err),
		    E_INVALID);
		for (size_t k = 0; k < complaints.count; k++)
			found = found || (strcmp(complaints.items[k].path,
			    mistakes[i].path) == 0 && strstr(
			    complaints.items[k].text, mistakes[i].words));
		if (!found)
			fail_msg("%s: %s, not %s", mistakes[i].put,
			    complaints.items[0].path,
			    complaints.items[0].text);
		complaints_release(&complaints);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_way_of_showing),
		cmocka_unit_test(a_move_asks_for_it),
		cmocka_unit_test(mistakes_are_named),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
