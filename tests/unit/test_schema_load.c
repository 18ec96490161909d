/*
 * Loading definitions.  Three small files that load; then each mistake, made
 * by exchanging a few words of one of them, is complained about at its place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/schema.h"

#define LABEL(zh) "{\"zh\":\"" zh "\",\"en\":\"x\"}"

static const char codes_text[] =
    "{\"codes\":\"sex\",\"title\":" LABEL("性别") ",\"source\":\"GB\","
    "\"items\":[{\"code\":\"1\",\"zh\":\"男\",\"en\":\"male\","
    "\"aliases\":[\"男性\"]},"
    "{\"code\":\"2\",\"zh\":\"女\",\"en\":\"female\",\"parent\":\"1\"},"
    "{\"code\":\"9\",\"zh\":\"未说明\",\"en\":\"other\","
    "\"from\":\"2000-01-01\",\"until\":\"2012-12-31\"}]}";

static const char person_text[] =
    "{\"register\":\"person\",\"version\":3,\"order\":20,"
    "\"title\":" LABEL("人员") ",\"one\":" LABEL("人") ",\"key\":\"p\","
    "\"menu\":\"office\","
    "\"called\":[\"name\"],\"read\":[\"clerk\",\"chief\"],"
    "\"fields\":["
    "{\"name\":\"name\",\"label\":" LABEL("姓名") ",\"type\":\"text\","
    "\"need\":\"save\",\"max_chars\":50,\"overview\":true},"
    "{\"name\":\"name_py\",\"label\":" LABEL("拼音") ",\"type\":\"text\","
    "\"readonly\":true,\"overview\":true,"
    "\"derive\":{\"how\":\"pinyin\",\"from\":\"name\"}},"
    "{\"name\":\"sex\",\"label\":" LABEL("性别") ",\"type\":\"code\","
    "\"codes\":\"sex\",\"initial\":\"1\",\"overview\":true},"
    "{\"name\":\"id_no\",\"label\":" LABEL("证件号") ",\"type\":\"idno\","
    "\"masked\":true,\"overview\":true,\"need\":\"submit\","
    "\"need_when\":[{\"field\":\"sex\",\"op\":\"in\",\"value\":[\"1\"]}]},"
    "{\"name\":\"birth\",\"label\":" LABEL("生日") ",\"type\":\"date\","
    "\"past\":true,\"merge\":\"max\"},"
    "{\"name\":\"from\",\"label\":" LABEL("起") ",\"type\":\"date\","
    "\"group\":\"term\",\"initial\":\"@today\"},"
    "{\"name\":\"to\",\"label\":" LABEL("止") ",\"type\":\"date\","
    "\"group\":\"term\"},"
    "{\"name\":\"note\",\"label\":" LABEL("备注") ",\"type\":\"note\","
    "\"rows\":5,\"merge\":\"append\"}],"
    "\"checks\":[{\"check\":\"order\",\"first\":\"from\",\"then\":\"to\"},"
    "{\"check\":\"within\",\"first\":\"from\",\"then\":\"to\",\"days\":7,"
    "\"stop\":false},"
    "{\"check\":\"forbid\",\"when\":[{\"field\":\"birth\",\"op\":\"gt\","
    "\"value\":\"@today\"}],\"text\":" LABEL("不行") "},"
    "{\"check\":\"rule\",\"rule\":\"person_name\",\"at\":\"name\"}],"
    "\"states\":[{\"name\":\"draft\",\"label\":" LABEL("草稿") "},"
    "{\"name\":\"open\",\"label\":" LABEL("在册") ",\"active\":true}],"
    "\"moves\":[{\"name\":\"accept\",\"label\":" LABEL("受理") ","
    "\"from\":[\"draft\"],\"to\":\"open\",\"roles\":[\"clerk\"],"
    "\"submit\":true,\"needs\":[\"birth\"],"
    "\"guard\":[{\"field\":\"@state\",\"op\":\"eq\",\"value\":\"draft\"}],"
    "\"guard_text\":" LABEL("不可") ","
    "\"children\":[{\"register\":\"visit\",\"min\":1,"
    "\"when\":[{\"field\":\"done\",\"op\":\"eq\",\"value\":\"1\"}],"
    "\"text\":" LABEL("缺走访") "}]}],"
    "\"list\":{\"columns\":[{\"path\":\"name\",\"cells\":10},"
    "{\"path\":\"sex\",\"cells\":4},{\"path\":\"@state\",\"cells\":8},"
    "{\"path\":\"visit.seen_id.name\",\"cells\":0}],"
    "\"sort\":[\"-name\"],\"filters\":[{\"key\":\"a\","
    "\"label\":" LABEL("男") ",\"where\":[{\"field\":\"sex\",\"op\":\"eq\","
    "\"value\":\"1\"}]}]},"
    "\"form\":[{\"page\":" LABEL("基本") ",\"rows\":[[\"name\",\"name_py\"],"
    "[\"sex\",\"id_no\"],[\"birth\"],[\"from\",\"to\"],[\"note\"]]}],"
    "\"overlays\":[{\"name\":\"busy\",\"label\":" LABEL("走访中") ","
    "\"register\":\"visit\",\"states\":[\"going\"],\"when\":["
    "{\"field\":\"seen_id\",\"op\":\"filled\"}]}],"
    "\"makes\":[{\"label\":" LABEL("走访") ",\"register\":\"visit\","
    "\"fixed\":{\"done\":\"0\"},\"back\":\"seen_id\",\"move\":\"accept\"}],"
    "\"lookup\":[{\"field\":\"name\",\"as\":\"name\"},"
    "{\"field\":\"id_no\",\"as\":\"digits\"}],"
    "\"import\":{\"parts\":[{\"name\":\"first\",\"register\":\"visit\","
    "\"set\":{\"done\":\"1\"}}],"
    "\"columns\":[{\"labels\":[\"走访人\"],\"path\":\"first.person.name\"},"
    "{\"labels\":[\"完成\"],\"path\":\"first.done\"}],"
    "\"match\":[[\"id_no\"],[\"first.person\",\"name\"]],"
    "\"ignore\":[\"序号\"]}}";

static const char visit_text[] =
    "{\"register\":\"visit\",\"version\":1,\"order\":10,"
    "\"title\":" LABEL("走访") ",\"one\":" LABEL("走访") ",\"event\":true,"
    "\"key\":\"v\","
    "\"parent\":{\"register\":\"person\",\"field\":\"of_id\"},"
    "\"person\":\"seen_id\",\"called\":[\"seen_id.name\"],"
    "\"fields\":["
    "{\"name\":\"of_id\",\"label\":" LABEL("人") ",\"type\":\"ref\","
    "\"to\":\"person\",\"readonly\":true,\"need\":\"save\","
    "\"overview\":true},"
    "{\"name\":\"seen_id\",\"label\":" LABEL("见到") ",\"type\":\"ref\","
    "\"to\":\"person\",\"overview\":true},"
    "{\"name\":\"done\",\"label\":" LABEL("完成") ",\"type\":\"bool\"}],"
    "\"states\":[{\"name\":\"going\",\"label\":" LABEL("途中") "}],"
    "\"tells\":[{\"to\":\"of_id\",\"fixed\":{\"birth\":\"@today\"}}],"
    "\"list\":{\"columns\":[{\"path\":\"seen_id.name\",\"cells\":0}]},"
    "\"form\":[{\"page\":" LABEL("走访") ",\"rows\":[[\"seen_id\"],"
    "[\"done\"]]}]}";

static const char menus_text[] =
    "{\"menus\":[{\"menu\":\"office\",\"key\":\"1\","
    "\"label\":" LABEL("所务") "},"
    "{\"menu\":\"service\",\"key\":\"2\",\"label\":" LABEL("服务") "}],"
    "\"direct\":[{\"register\":\"person\",\"key\":\"p\"}]}";

enum { CODES, PERSON, VISIT, MENUS, FILES };

static const char *const paths[FILES] = { "codes/sex.json",
	"registers/person.json", "registers/visit.json", "menus.json" };
static const char *const texts[FILES] = { codes_text, person_text,
	visit_text, menus_text };

/* text with the first find exchanged for put; owned by the caller. */
static char *
exchange(const char *text, const char *find, const char *put)
{
	const char *at = strstr(text, find);

	if (!at)
		fail_msg("the text has no %s", find);
	return mem_printf("%.*s%s%s", (int)(at - text), text, put,
	    at + strlen(find));
}

static enum status
load(struct schema **out, struct complaints *complaints, int changed,
    const char *text, struct err *err)
{
	struct def_file files[FILES];

	for (int i = 0; i < FILES; i++) {
		files[i].path = paths[i];
		files[i].text = i == changed ? text : texts[i];
		files[i].len = strlen(files[i].text);
	}
	return schema_load(out, files, FILES, complaints, err);
}

static int
set_up(void **state)
{
	(void)state;
	tr_set(TR_EN);
	return 0;
}

static void
good_files_load(void **state)
{
	struct complaints complaints = {0};
	struct schema *s = NULL;
	struct err err = ERR_INIT;
	const struct schema_register *person;
	const struct schema_register *visit;
	enum status status = load(&s, &complaints, -1, NULL, &err);

	(void)state;
	for (size_t i = 0; i < complaints.count; i++)
		print_message("# %s: %s\n", complaints.items[i].path,
		    complaints.items[i].text);
	assert_int_equal(status, E_OK);
	assert_int_equal(complaints.count, 0);
	assert_int_equal(strlen(s->version), 16);
	/* in menu order */
	assert_string_equal(s->registers[0].name, "visit");
	person = schema_register_find(s, "person");
	visit = schema_register_find(s, "visit");
	assert_int_equal(person->version, 3);
	assert_int_equal(person->field_count, 8);
	assert_ptr_equal(person->fields[2].codes, schema_codes_find(s, "sex"));
	assert_int_equal(person->fields[2].codes->items[2].until_on,
	    15705);		/* 2012-12-31 */
	assert_int_equal(person->fields[1].derive, DERIVE_PINYIN);
	assert_int_equal(person->fields[7].rows, 5);
	assert_int_equal(person->checks[1].days, 7);
	assert_false(person->checks[1].stop);
	assert_string_equal(person->checks[0].at, "to");
	assert_string_equal(person->checks[2].at, "birth");
	assert_true(person->sorts[0].down);
	assert_string_equal(person->sorts[0].path, "name");
	assert_ptr_equal(person->pages[0].rows[1].fields[1],
	    schema_field_find(person, "id_no"));
	assert_ptr_equal(person->lookups[1].field,
	    schema_field_find(person, "id_no"));
	assert_string_equal(values_get(&person->import.parts[0].set, "done"),
	    "1");
	assert_string_equal(person->import.matches[1].fields[0],
	    "first.person");
	assert_string_equal(person->import.ignore[0], "序号");
	assert_true(visit->event);
	assert_string_equal(person->menu, "office");
	assert_int_equal(schema_menu_find(s, "service")->key, '2');
	assert_int_equal(schema_direct_key(s, person), 'p');
	assert_int_equal(schema_direct_key(s, visit), 0);
	assert_ptr_equal(schema_child_next(s, person, NULL), visit);
	assert_null(schema_child_next(s, person, visit));
	schema_free(s);
}

static const struct {
	int file;
	const char *find, *put;	/* the mistake */
	const char *path;	/* where the complaint stands */
	const char *words;	/* a part of what it says */
} mistakes[] = {
	/* T29: definitions that want to be SQL */
	{ PERSON, "\"name\":\"note\"",
	    "\"name\":\"x');DROP TABLE record;--\"", "fields[7].name",
	    "no name" },
	{ PERSON, "\"called\":[\"name\"]",
	    "\"called\":[\"name\\\" OR 1=1\"]", "called[0]", "no " },
	{ PERSON, "\"sort\":[\"-name\"]",
	    "\"sort\":[\"name; DELETE FROM row\"]", "list.sort[0]", "no " },
	{ PERSON, "\"register\":\"person\"",
	    "\"register\":\"person' UNION SELECT\"", "register", "no name" },
	/* makes and tells */
	{ PERSON, "\"fixed\":{\"done\":\"0\"}",
	    "\"fixed\":{\"done\":\"2\"}", "makes[0].fixed", "cannot hold" },
	{ PERSON, "\"fixed\":{\"done\":\"0\"}",
	    "\"fixed\":{\"dome\":\"0\"}", "makes[0].fixed", "'done' meant" },
	{ PERSON, "\"fixed\":{\"done\":\"0\"}",
	    "\"set\":{\"done\":\"name\"}", "makes[0].set", "cannot hold" },
	{ PERSON, "\"fixed\":{\"done\":\"0\"}",
	    "\"children\":[{\"register\":\"person\"}]",
	    "makes[0].children[0].register", "no child" },
	{ PERSON, "\"back\":\"seen_id\"", "\"back\":\"done\"",
	    "makes[0].back", "ref to 'person'" },
	{ PERSON, "\"back\":\"seen_id\"",
	    "\"link\":\"name\",\"back\":\"seen_id\"", "makes[0].link",
	    "ref to 'visit'" },
	{ PERSON, "\"move\":\"accept\"}]", "\"move\":\"run\"}]",
	    "makes[0].move", "run" },
	{ VISIT, "\"to\":\"of_id\",", "\"to\":\"done\",", "tells[0].to",
	    "no ref" },
	{ VISIT, "\"fixed\":{\"birth\"", "\"fixed\":{\"bitrh\"",
	    "tells[0].fixed", "'birth' meant" },
	{ VISIT, "\"@today\"}}]", "\"soon\"}}]", "tells[0].fixed",
	    "cannot hold" },
	/* older definitions */
	{ PERSON, "\"past\":true,", "\"was\":\"born\",", "fields[4].was",
	    "list" },
	{ PERSON, "\"past\":true,", "\"was\":[\"Born on\"],",
	    "fields[4].was[0]", "a name that the field had" },
	{ PERSON, "\"past\":true,", "\"was\":[\"born\",\"sex\"],",
	    "fields[4].was[1]", "'sex' is the name of another field" },
	{ PERSON, "\"past\":true,", "\"was\":[\"birth\"],",
	    "fields[4].was[0]", "a name that the field had" },
	{ PERSON, "\"past\":true,", "\"wass\":[\"born\"],", "fields[4].wass",
	    "'was' meant" },
	{ CODES, "\"until\":\"2012-12-31\"", "\"until\":\"2012-12-31\","
	    "\"instead\":\"3\"", "items[2].instead", "no other code '3'" },
	{ CODES, "\"until\":\"2012-12-31\"", "\"until\":\"2012-12-31\","
	    "\"instead\":\"9\"", "items[2].instead", "no other code '9'" },
	{ CODES, "\"until\":\"2012-12-31\"", "\"instead\":\"1\"",
	    "items[2].instead", "'until'" },
	/* overlays */
	{ PERSON, "\"visit\",\"states\":[\"going\"]",
	    "\"visit\",\"states\":[\"gone\"]", "overlays[0].states", "gone" },
	{ PERSON, "\"visit\",\"states\":[\"going\"]",
	    "\"visit\",\"states\":[]", "overlays[0].states", "list" },
	{ PERSON, "\"visit\",\"states\":[\"going\"]",
	    "\"person\",\"states\":[\"open\"]", "overlays[0].register",
	    "no child" },
	{ PERSON, "\"seen_id\",\"op\":\"filled\"",
	    "\"done\",\"op\":\"filled\"", "overlays[0].when", "overview" },
	{ PERSON, "\"seen_id\",\"op\":\"filled\"",
	    "\"seen_id\",\"op\":\"eq\",\"value\":\"@today\"",
	    "overlays[0].when", "no day" },
	{ PERSON, "\"seen_id\",\"op\":\"filled\"",
	    "\"@parent_state\",\"op\":\"eq\",\"value\":\"open\"",
	    "overlays[0].when", "its own register" },
	{ PERSON, "\"where\":[{\"field\":\"sex\",\"op\":\"eq\",\"value\":"
	    "\"1\"}]", "\"where\":[{\"field\":\"@overlays\",\"op\":\"eq\","
	    "\"value\":\"buzy\"}]", "list.filters[0].where[0].value",
	    "'busy' meant" },
	{ PERSON, "\"where\":[{\"field\":\"sex\",\"op\":\"eq\",\"value\":"
	    "\"1\"}]", "\"where\":[{\"field\":\"@parent_state\",\"op\":"
	    "\"eq\",\"value\":\"open\"}]", "list.filters[0].where[0].field",
	    "no parent" },
	{ PERSON, "\"need_when\":[{\"field\":\"sex\",\"op\":\"in\",\"value\":"
	    "[\"1\"]}]", "\"need_when\":[{\"field\":\"@overlays\",\"op\":"
	    "\"eq\",\"value\":\"busy\"}]", "fields[3].need_when[0].field",
	    "form does not know" },
	/* the home screen */
	{ MENUS, "\"menus\"", "\"menues\"", "menues", "'menus' meant" },
	{ MENUS, "\"key\":\"2\"", "\"key\":\"1\"", "menus[1].key", "twice" },
	{ MENUS, "\"key\":\"1\",", "", "menus[0].key", "missing" },
	{ MENUS, "\"service\"", "\"office\"", "menus[1].menu", "twice" },
	{ MENUS, "\"key\":\"p\"", "\"key\":\"s\"", "direct[0].key",
	    "itself" },
	{ MENUS, "\"key\":\"p\"", "\"key\":\"2\"", "direct[0].key",
	    "twice" },
	{ MENUS, "\"person\"", "\"persons\"", "direct[0].register",
	    "'person' meant" },
	{ MENUS, "\"person\"", "\"visit\"", "direct[0].register", "child" },
	{ PERSON, "\"menu\":\"office\"", "\"menu\":\"ofice\"", "menu",
	    "'office' meant" },
	{ PERSON, "\"key\":\"p\",", "", "key", "needs a key" },
	{ VISIT, "\"parent\":{\"register\":\"person\",\"field\":\"of_id\"},",
	    "", "menu", "nobody would find it" },
	{ VISIT, "\"key\":\"v\"", "\"menu\":\"office\"", "menu", "child" },
	/* JSON and the head */
	{ CODES, "{\"codes\"", "{,\"codes\"", "", "" },
	{ CODES, codes_text, "[]", "", "one object" },
	{ CODES, "\"sex\"", "\"sexes\"", "codes", "that of the file" },
	{ PERSON, "\"version\"", "\"versoin\"", "versoin", "'version' meant" },
	{ PERSON, "\"version\":3,", "", "version", "missing" },
	{ PERSON, "\"version\":3", "\"version\":0", "version", "from 1" },
	{ PERSON, "\"version\":3", "\"version\":\"3\"", "version", "number" },
	{ PERSON, "\"register\":\"person\"", "\"register\":\"Person\"",
	    "register", "no name" },
	{ PERSON, "\"key\":\"p\"", "\"key\":\"P\"", "key", "small letter" },
	{ PERSON, "\"key\":\"p\"", "\"key\":\"q\"", "key", "goes back" },
	{ PERSON, "\"title\":" LABEL("人员"), "\"title\":\"人员\"", "title",
	    "found is a text" },
	{ PERSON, "\"title\":" LABEL("人员"), "\"title\":{\"zh\":\"人\"}",
	    "title.en", "missing" },
	{ PERSON, "{\"zh\":\"人员\"", "{\"zh\":\"\"", "title.zh", "empty" },
	{ PERSON, "\"zh\":\"人员\"", "\"zh\":\"a\\u001bb\"", "title.zh",
	    "control" },
	{ PERSON, "\"chief\"]", "\"cheif\"]", "read[1]", "'chief' meant" },
	{ PERSON, "\"called\":[\"name\"]", "\"called\":\"name\"", "called",
	    "a list" },
	{ PERSON, "\"called\":[\"name\"],", "", "called", "what to call" },
	{ PERSON, "\"called\":[\"name\"]", "\"called\":[\"birth\"]",
	    "called[0]", "overview" },
	{ VISIT, "\"event\":true", "\"event\":1", "event", "true or false" },
	{ VISIT, "\"register\":\"person\",", "\"register\":\"persn\",",
	    "parent.register", "'person' meant" },
	{ VISIT, "\"field\":\"of_id\"", "\"field\":\"of\"", "parent.field",
	    "no 'of'" },
	{ VISIT, "\"field\":\"of_id\"", "\"field\":\"done\"", "parent.field",
	    "ref to" },
	{ VISIT, "\"person\":\"seen_id\"", "\"person\":\"done\"", "person",
	    "ref to" },
	{ VISIT, "\"order\":10,\"title\":" LABEL("走访") ",\"one\":"
	    LABEL("走访") ",\"event\":true,\"key\":\"v\",\"parent\":"
	    "{\"register\":\"person\",\"field\":\"of_id\"}",
	    "\"order\":30,\"title\":" LABEL("走访") ",\"one\":"
	    LABEL("走访") ",\"key\":\"p\",\"menu\":\"office\"",
	    "key", "already" },
	/* codes */
	{ CODES, "\"items\":[", "\"items\":[[],", "items[0]", "an object" },
	{ CODES, "\"code\":\"2\"", "\"code\":\"1\"", "items[1].code",
	    "twice" },
	{ CODES, "\"code\":\"2\"", "\"code\":\"a;b\"", "items[1].code",
	    "holds no" },
	{ CODES, "\"code\":\"2\"", "\"code\":2", "items[1].code",
	    "found is a number" },
	{ CODES, "\"parent\":\"1\"", "\"parent\":\"7\"", "items[1].parent",
	    "no other code" },
	{ CODES, "2000-01-01", "2000-02-30", "items[2].from", "a date like" },
	{ CODES, "2000-01-01", "2013-01-01", "items[2].until", "before" },
	/* fields */
	{ PERSON, "\"type\":\"text\"", "\"type\":\"txt\"", "fields[0].type",
	    "'text' meant" },
	{ PERSON, "\"type\":\"text\",", "", "fields[0].type", "missing" },
	{ PERSON, "\"name\":\"sex\"", "\"name\":\"name\"", "fields[2].name",
	    "twice" },
	{ PERSON, "\"max_chars\":50", "\"max_chars\":50,\"min_chars\":60",
	    "fields[0].min_chars", "above" },
	{ PERSON, "\"max_chars\":50", "\"rows\":3", "fields[0].rows",
	    "Only a note" },
	{ PERSON, "\"max_chars\":50", "\"past\":true", "fields[0].past",
	    "Only a date" },
	{ PERSON, "\"max_chars\":50", "\"masked\":true", "fields[0].masked",
	    "masked" },
	{ PERSON, "\"max_chars\":50", "\"multi\":true", "fields[0].multi",
	    "Only a code" },
	{ PERSON, "\"max_chars\":50", "\"codes\":\"sex\"", "fields[0].codes",
	    "Only a code" },
	{ PERSON, "\"max_chars\":50", "\"to\":\"visit\"", "fields[0].to",
	    "Only a ref" },
	{ PERSON, "\"max_chars\":50", "\"recall\":1", "fields[0].recall", "" },
	{ PERSON, "\"max_chars\":50", "\"repeat\":true,\"readonly\":true",
	    "fields[0].repeat", "not repeated" },
	{ PERSON, "\"max_chars\":50", "\"suggest\":\"visit\"",
	    "fields[0].suggest", "committee.name" },
	{ PERSON, "\"max_chars\":50", "\"suggest\":\"vist.done\"",
	    "fields[0].suggest", "'visit' meant" },
	{ PERSON, "\"max_chars\":50", "\"suggest\":\"person.nam\"",
	    "fields[0].suggest", "'name' meant" },
	{ PERSON, "\"max_chars\":50", "\"suggest\":\"visit.done\"",
	    "fields[0].suggest", "overview" },
	{ PERSON, "\"max_chars\":50", "\"suggest\":\"person.sex\"",
	    "fields[0].suggest", "Only texts" },
	{ PERSON, "\"past\":true", "\"suggest\":\"person.name\"",
	    "fields[4].suggest", "Only a text" },
	{ PERSON, "\"max_chars\":50", "\"initial\":\"@today\"",
	    "fields[0].initial", "@today in dates" },
	{ PERSON, "\"initial\":\"1\"", "\"initial\":\"3\"",
	    "fields[2].initial", "cannot hold" },
	{ PERSON, "\"initial\":\"1\"", "\"max_chars\":5",
	    "fields[2].max_chars", "length" },
	{ PERSON, "\"codes\":\"sex\"", "\"codes\":\"sax\"", "fields[2].codes",
	    "no code table" },
	{ PERSON, "\"codes\":\"sex\",", "", "fields[2].codes", "its table" },
	{ PERSON, "\"from\":\"name\"", "\"from\":\"nam\"",
	    "fields[1].derive.from", "'name' meant" },
	{ PERSON, "\"how\":\"pinyin\"", "\"how\":\"birth\"",
	    "fields[1].derive.how", "cannot be derived" },
	{ PERSON, "\"from\":\"name\"", "\"from\":\"name\",\"days\":3",
	    "fields[1].derive.days", "plus_days" },
	{ PERSON, "\"how\":\"pinyin\"", "\"how\":\"bands\"",
	    "fields[1].derive.how", "cannot be derived" },
	{ PERSON, "\"from\":\"name\"", "\"from\":\"name\","
	    "\"bands\":[{\"least\":1,\"value\":\"a\"}]",
	    "fields[1].derive.bands", "only there" },
	{ PERSON, "\"from\":\"name\"", "\"from\":\"name\","
	    "\"bands\":[{\"least\":1,\"value\":\"a\"},"
	    "{\"least\":1,\"value\":\"b\"}]",
	    "fields[1].derive.bands[1].least", "from the highest" },

	{ PERSON, "\"how\":\"pinyin\",\"from\":\"name\"", "\"how\":\"points\"",
	    "fields[1].derive.how", "readonly int" },
	{ PERSON, "\"how\":\"pinyin\",\"from\":\"name\"", "\"how\":\"points\"",
	    "fields[1].derive.how", "gives points" },
	{ PERSON, "\"readonly\":true", "\"readonly\":true,\"need\":\"save\"",
	    "fields[1].need", "readonly" },
	{ PERSON, "\"need\":\"submit\",", "", "fields[3].need_when",
	    "does nothing" },
	{ PERSON, "\"value\":[\"1\"]", "\"value\":[\"8\"]",
	    "fields[3].need_when[0].value", "cannot hold" },
	{ PERSON, "\"value\":[\"1\"]", "\"value\":[]",
	    "fields[3].need_when[0].value", "list of texts" },
	{ PERSON, "\"op\":\"in\"", "\"op\":\"filled\"",
	    "fields[3].need_when[0].value", "take no value" },
	{ PERSON, "{\"field\":\"sex\",\"op\":\"in\"",
	    "{\"field\":\"xes\",\"op\":\"in\"",
	    "fields[3].need_when[0].field", "no 'xes'" },
	{ PERSON, "\"merge\":\"append\"", "\"merge\":\"max\"",
	    "fields[7].merge", "cannot be merged" },
	{ PERSON, "\"group\":\"term\",", "", "fields[6].group", "No other" },
	{ PERSON, "\"group\":\"term\",", "\"group\":\"term\","
	    "\"merge\":\"max\",", "fields[5].merge", "as one" },
	{ PERSON, "\"rows\":5", "\"rows\":9", "fields[7].rows", "1 to 8" },
	{ PERSON, "\"rows\":5", "\"overview\":true", "fields[7].overview",
	    "too long" },
	{ VISIT, "\"to\":\"person\",\"readonly\"", "\"readonly\"",
	    "fields[0].to", "must name" },
	/* checks */
	{ PERSON, "\"check\":\"order\"", "\"check\":\"ordre\"",
	    "checks[0].check", "'order' meant" },
	{ PERSON, "\"then\":\"to\"},", "\"then\":\"name\"},",
	    "checks[0].then", "two dates" },
	{ PERSON, "\"days\":7,", "", "checks[1].days", "within" },
	{ PERSON, "\"days\":7,", "\"days\":7,\"hours\":6,",
	    "checks[1].hours", "not both" },
	{ PERSON, "\"days\":7,", "\"hours\":6,", "checks[1].hours",
	    "two datetimes" },
	{ PERSON, ",\"text\":" LABEL("不行"), "", "checks[2].text",
	    "missing" },
	{ PERSON, "\"when\":[{\"field\":\"birth\",\"op\":\"gt\","
	    "\"value\":\"@today\"}],", "", "checks[2].when", "forbids" },
	{ PERSON, "\"person_name\"", "\"person_nam\"", "checks[3].rule",
	    "'person_name' meant" },
	{ PERSON, "\"at\":\"name\"", "\"at\":\"nome\"", "checks[3].at",
	    "'name' meant" },
	/* states and moves */
	{ PERSON, "{\"name\":\"open\"", "{\"name\":\"draft\"",
	    "states[1].name", "twice" },
	{ PERSON, "\"to\":\"open\"", "\"to\":\"draft\"", "states[1].name",
	    "No move" },
	{ PERSON, "\"to\":\"open\"", "\"to\":\"opened\"", "moves[0].to",
	    "'open' meant" },
	{ PERSON, "\"from\":[\"draft\"]", "\"from\":[]", "moves[0].from",
	    "list of states" },
	{ PERSON, "\"from\":[\"draft\"]", "\"from\":[\"new\"]",
	    "moves[0].from[0]", "no 'new'" },
	{ PERSON, "\"roles\":[\"clerk\"]", "\"roles\":[]", "moves[0].roles",
	    "list of roles" },
	{ PERSON, "\"roles\":[\"clerk\"]", "\"roles\":[\"boss\"]",
	    "moves[0].roles[0]", "no 'boss'" },
	{ PERSON, "\"needs\":[\"birth\"]", "\"needs\":[\"name_py\"]",
	    "moves[0].needs[0]", "derived" },
	{ PERSON, "\"needs\":[\"birth\"]", "\"asks\":[\"brith\"]",
	    "moves[0].asks[0]", "'birth' meant" },
	{ PERSON, "\"needs\":[\"birth\"]", "\"stamp\":{\"by\":\"name\"}",
	    "moves[0].stamp.by", "readonly" },
	{ PERSON, "\"needs\":[\"birth\"]", "\"not_by\":[\"nome\"]",
	    "moves[0].not_by[0]", "'name' meant" },
	{ PERSON, "\"needs\":[\"birth\"]", "\"self\":\"birth\"",
	    "moves[0].self", "bool" },
	{ PERSON, "\"past\":true,", "\"write\":[\"clark\"],",
	    "fields[4].write[0]", "'clerk' meant" },
	{ PERSON, "\"rule\":\"person_name\"",
	    "\"rule\":\"person_name\",\"moves\":[\"accepd\"]",
	    "checks[3].moves[0]", "'accept' meant" },
	{ VISIT, "\"event\":true,", "\"approval\":true,", "approval",
	    "no line" },
	{ PERSON, "\"value\":\"draft\"", "\"value\":\"draff\"",
	    "moves[0].guard[0].value", "'draft' meant" },
	{ PERSON, "\"guard_text\":" LABEL("不可") ",", "",
	    "moves[0].guard_text", "missing" },
	{ PERSON, "[{\"register\":\"visit\",\"min\":1",
	    "[{\"register\":\"person\",\"min\":1",
	    "moves[0].children[0].register", "no child" },
	{ PERSON, "\"moves\":[", "\"moves\":[{\"name\":\"again\","
	    "\"label\":" LABEL("又") ",\"from\":[\"draft\"],\"to\":\"open\","
	    "\"roles\":[\"clerk\"]},", "moves[1].from[0]", "same way" },
	{ PERSON, "\"sort\":[\"-name\"]", "\"alert\":[{\"field\":\"birth\","
	    "\"op\":\"filled\"}],\"sort\":[\"-name\"]", "list.alert",
	    "overview" },
	/* receipts */
	{ PERSON, "\"list\":{", "\"receipt\":{\"move\":\"acept\","
	    "\"at\":\"birth\"},\"list\":{", "receipt.move", "no such move" },
	{ PERSON, "\"list\":{", "\"receipt\":{\"move\":\"accept\","
	    "\"at\":\"birth\"},\"list\":{", "receipt.at", "readonly datetime" },
	{ PERSON, "\"list\":{", "\"receipt\":{\"move\":\"accept\","
	    "\"at\":\"note\"},\"list\":{", "receipt.at", "in 'asks'" },
	/* list */
	{ PERSON, "\"path\":\"name\",\"cells\":10", "\"path\":\"nme\","
	    "\"cells\":10", "list.columns[0].path", "'name' meant" },
	{ PERSON, "\"path\":\"name\",\"cells\":10", "\"path\":\"name\","
	    "\"cells\":2", "list.columns[0].cells", "needs 4 cells" },
	{ PERSON, "\"path\":\"name\",\"cells\":10", "\"path\":\"name\","
	    "\"label\":{\"zh\":\"名\",\"en\":\"Long name\"},\"cells\":8",
	    "list.columns[0].cells", "needs 9 cells" },
	{ PERSON, "\"path\":\"name\",\"cells\":10", "\"path\":\"name\","
	    "\"cells\":1", "list.columns[0].cells", "at least 2" },
	{ PERSON, "\"path\":\"name\",\"cells\":10", "\"path\":\"name\"",
	    "list.columns[0].cells", "missing" },
	{ PERSON, "\"path\":\"name\",\"cells\":10", "\"path\":\"name\","
	    "\"cells\":60", "list.columns", "a line has 75" },
	{ PERSON, "\"path\":\"name\",\"cells\":10", "\"path\":\"name\","
	    "\"cells\":0", "list.columns[3].cells", "Only one" },
	{ PERSON, "\"path\":\"name\",\"cells\":10", "\"path\":\"birth\","
	    "\"cells\":10", "list.columns[0].path", "overview" },
	{ PERSON, "\"path\":\"name\",\"cells\":10", "\"path\":\"sex.name\","
	    "\"cells\":10", "list.columns[0].path", "no ref" },
	{ PERSON, "visit.seen_id.name", "visit.seen_id.nome",
	    "list.columns[3].path", "'name' meant" },
	{ PERSON, "\"columns\":[{\"path\":\"name\",\"cells\":10},"
	    "{\"path\":\"sex\",\"cells\":4},{\"path\":\"@state\","
	    "\"cells\":8},{\"path\":\"visit.seen_id.name\",\"cells\":0}],", "",
	    "list.columns", "at least one" },
	{ PERSON, "\"-name\"", "\"-nam\"", "list.sort[0]", "'name' meant" },
	{ PERSON, "\"sort\":[\"-name\"]", "\"sort\":[\"-name\"],"
	    "\"sums\":[\"nam\"]", "list.sums[0]", "'name' meant" },
	{ PERSON, "\"sort\":[\"-name\"]", "\"sort\":[\"-name\"],"
	    "\"sums\":[\"name\"]", "list.sums[0]", "whole numbers" },
	{ PERSON, "\"sort\":[\"-name\"]", "\"sort\":[\"-name\"],"
	    "\"sums\":[\"a\",\"b\",\"c\",\"d\"]", "list.sums", "at most 3" },
	{ PERSON, "\"key\":\"a\",", "", "list.filters[0].key", "missing" },
	{ PERSON, "\"filters\":[", "\"filters\":[{\"key\":\"a\",\"label\":"
	    LABEL("女") ",\"where\":[{\"field\":\"sex\",\"op\":\"eq\","
	    "\"value\":\"2\"}]},", "list.filters[1].key", "twice" },
	{ PERSON, "\"where\":[{\"field\":\"sex\",\"op\":\"eq\","
	    "\"value\":\"1\"}]", "\"where\":[]", "list.filters[0].where",
	    "at least one" },
	{ PERSON, "\"where\":[{\"field\":\"sex\",\"op\":\"eq\","
	    "\"value\":\"1\"}]", "\"where\":[{\"field\":\"birth\","
	    "\"op\":\"empty\"}]", "list.filters[0].where", "overview" },
	{ VISIT, "\"list\":{\"columns\":[{\"path\":\"seen_id.name\","
	    "\"cells\":0}]},", "", "list", "missing" },
	/* form */
	{ PERSON, "[\"birth\"],[\"from\"", "[\"from\"", "form", "'birth' stands on no page" },
	{ PERSON, "[\"birth\"],[", "[\"birth\",\"name\"],[", "form",
	    "more than once" },
	{ PERSON, "[\"birth\"],[", "[\"birt\"],[", "form[0].rows[2][0]",
	    "no field" },
	{ PERSON, "[\"birth\"],[", "[],[", "form[0].rows[2]", "one or two" },
	{ PERSON, "[\"birth\"],[\"from\",\"to\"],[\"note\"]",
	    "[\"from\",\"to\"],[\"birth\",\"note\"]", "form[0].rows",
	    "row of its own" },
	{ VISIT, "\"rows\":[[\"seen_id\"],[\"done\"]]", "\"rows\":[]",
	    "form[0].rows", "list of 1 to" },
	{ VISIT, "\"form\":[{\"page\":" LABEL("走访") ",\"rows\":"
	    "[[\"seen_id\"],[\"done\"]]}]", "\"form\":[]", "form",
	    "at least one page" },
	/* lookup */
	{ PERSON, "\"field\":\"name\",\"as\"", "\"field\":\"none\",\"as\"",
	    "lookup[0].field", "no field" },
	{ PERSON, "\"as\":\"name\"", "\"as\":\"nom\"", "lookup[0].as",
	    "'name' meant" },
	{ PERSON, "\"as\":\"digits\"", "\"as\":\"alias\"", "lookup[1].as",
	    "Only texts" },
	/* import */
	{ PERSON, "\"name\":\"first\"", "\"name\":\"sex\"",
	    "import.parts[0].name", "a field already" },
	{ PERSON, "\"register\":\"visit\",\"set\"",
	    "\"register\":\"vist\",\"set\"", "import.parts[0].register",
	    "'visit' meant" },
	{ PERSON, "\"set\":{\"done\":\"1\"}", "\"set\":{\"done\":\"2\"}",
	    "import.parts[0].set", "cannot hold" },
	{ PERSON, "\"set\":{\"done\":\"1\"}", "\"set\":{\"down\":\"1\"}",
	    "import.parts[0].set", "'done' meant" },
	{ PERSON, "\"first.person.name\"", "\"second.person.name\"",
	    "import.columns[0].path", "neither a part" },
	{ PERSON, "\"first.done\"", "\"first.don\"", "import.columns[1].path",
	    "'done' meant" },
	{ PERSON, "\"first.done\"", "\"person.name\"",
	    "import.columns[1].path", "names no person" },
	{ PERSON, "\"labels\":[\"完成\"],", "", "import.columns[1].labels",
	    "list of headers" },
	{ PERSON, "[\"id_no\"],[\"first", "[\"id\"],[\"first",
	    "import.match[0][0]", "no 'id'" },
	{ PERSON, "[[\"id_no\"],", "[[],", "import.match[0]", "empty" },
	{ PERSON, "\"match\":[[\"id_no\"],[\"first.person\",\"name\"]]",
	    "\"match\":[]", "import.match", "lists of fields" },
};

static bool
complained(const struct complaints *c, const char *file, const char *path,
    const char *words)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->items[i].file, file) == 0 &&
		    strcmp(c->items[i].path, path) == 0 &&
		    strstr(c->items[i].text, words))
			return true;
	return false;
}

static void
each_mistake_is_named(void **state)
{
	int missed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
		struct complaints complaints = {0};
		struct schema *s = NULL;
		struct err err = ERR_INIT;
		int file = mistakes[i].file;
		char *text = exchange(texts[file], mistakes[i].find,
		    mistakes[i].put);
		enum status status = load(&s, &complaints, file, text, &err);

		if (!complained(&complaints, paths[file], mistakes[i].path,
		    mistakes[i].words)) {
			for (size_t k = 0; k < complaints.count; k++)
				print_message("# %s: %s: %s\n",
				    complaints.items[k].file,
				    complaints.items[k].path,
				    complaints.items[k].text);
			print_message("# mistake %zu: no complaint at %s "
			    "about %s\n", i, mistakes[i].path,
			    mistakes[i].words);
			missed++;
		}
		assert_int_equal(status, E_INVALID);
		assert_null(s);
		assert_string_not_equal(err.msg, "");
		free(text);
		complaints_release(&complaints);
	}
	assert_int_equal(missed, 0);
}

static void
all_complaints_come_at_once(void **state)
{
	struct complaints complaints = {0};
	struct schema *s = NULL;
	struct err err = ERR_INIT;
	struct def_file files[2] = {
		{ "registers/visit.json", "{}", 2 },
		{ "codes/x.json", "{\"code\":\"x\"}", 12 },
	};

	(void)state;
	assert_int_equal(schema_load(&s, files, 2, &complaints, &err),
	    E_INVALID);
	assert_true(complained(&complaints, "codes/x.json", "code",
	    "'codes' meant"));
	assert_true(complained(&complaints, "registers/visit.json", "fields",
	    "no fields"));
	assert_true(complained(&complaints, "registers/visit.json", "title",
	    "missing"));
	assert_true(complained(&complaints, "registers/visit.json", "form",
	    "page"));
	complaints_release(&complaints);
}

static void
foreign_files_are_refused(void **state)
{
	struct complaints complaints = {0};
	struct schema *s = NULL;
	struct err err = ERR_INIT;
	struct def_file files[1] = { { "other/x.json", "{}", 2 } };

	(void)state;
	assert_int_equal(schema_load(&s, files, 1, &complaints, &err),
	    E_INVALID);
	assert_true(complained(&complaints, "other/x.json", "", "codes/"));
	complaints_release(&complaints);
	assert_int_equal(schema_load(&s, files, 0, &complaints, &err),
	    E_INVALID);
	assert_int_equal(schema_load(&s, files, 100000, &complaints, &err),
	    E_INVALID);
	assert_int_equal(complaints.count, 0);
}

/* What a hostile definition could blow up is cut off, each with a sentence. */
static void
a_file_stands_once(void **state)
{
	struct complaints complaints = {0};
	struct schema *s = NULL;
	struct err err = ERR_INIT;
	struct def_file files[FILES + 1];

	(void)state;
	for (int i = 0; i <= FILES; i++)
		files[i] = (struct def_file){ paths[i % FILES],
			texts[i % FILES], strlen(texts[i % FILES]) };
	files[FILES] = files[MENUS];
	assert_int_equal(schema_load(&s, files, FILES + 1, &complaints, &err),
	    E_INVALID);
	assert_int_equal(complaints.count, 1);
	assert_string_equal(complaints.items[0].file, "menus.json");
	assert_non_null(strstr(complaints.items[0].text, "twice"));
	complaints_release(&complaints);
}

/* Two megabytes and one byte of a file: not read. */
static void
a_file_has_a_size(void **state)
{
	enum { MOST = 2 * 1024 * 1024 };
	struct complaints complaints = {0};
	struct schema *s = NULL;
	struct err err = ERR_INIT;
	size_t len = strlen(texts[PERSON]);
	char *text = mem_alloc(MOST + 2, 1);

	(void)state;
	memset(text, ' ', MOST + 1);
	memcpy(text, texts[PERSON], len);
	assert_int_equal(load(&s, &complaints, PERSON, text, &err),
	    E_INVALID);
	assert_true(complained(&complaints, paths[PERSON], "", ""));
	complaints_release(&complaints);
	text[MOST] = '\0';
	err = (struct err)ERR_INIT;
	assert_int_equal(load(&s, &complaints, PERSON, text, &err), E_OK);
	schema_free(s);
	free(text);
	complaints_release(&complaints);
}

static void
sizes_are_capped(void **state)
{
	static const struct {
		const char *find;
		int copies;
		const char *piece;	/* so often behind find */
		const char *path, *words;
	} big[] = {
		{ "\"fields\":[", 250, "{\"name\":\"a\",\"type\":\"text\"},",
		    "fields", "at most 200" },
		{ "{\"zh\":\"人员", 100, "长长长", "title.zh",
		    "at most 200" },
		{ "\"read\":[", 30, "\"clerk\",", "read", "at most 16" },
		{ "\"columns\":[", 30, "{\"path\":\"name\",\"cells\":4},",
		    "list.columns", "at most 16" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof big / sizeof *big; i++) {
		struct complaints complaints = {0};
		struct schema *s = NULL;
		struct err err = ERR_INIT;
		struct buf put;
		char *text;

		buf_init(&put, BUF_LINE_MAX);
		buf_text(&put, big[i].find);
		for (int k = 0; k < big[i].copies; k++)
			buf_text(&put, big[i].piece);
		text = exchange(person_text, big[i].find, put.data);
		assert_int_equal(load(&s, &complaints, PERSON, text, &err),
		    E_INVALID);
		if (!complained(&complaints, paths[PERSON], big[i].path,
		    big[i].words))
			fail_msg("no complaint at %s", big[i].path);
		free(text);
		buf_release(&put);
		complaints_release(&complaints);
	}
}

static void
version_follows_the_content(void **state)
{
	struct complaints complaints = {0};
	struct schema *a = NULL;
	struct schema *b = NULL;
	struct schema *c = NULL;
	struct err err = ERR_INIT;
	struct def_file files[FILES];
	char *text = exchange(person_text, "姓名", "名字");

	(void)state;
	for (int i = 0; i < FILES; i++) {
		int k = FILES - 1 - i;		/* listed the other way round */

		files[k].path = paths[i];
		files[k].text = texts[i];
		files[k].len = strlen(texts[i]);
	}
	assert_int_equal(load(&a, &complaints, -1, NULL, &err), E_OK);
	assert_int_equal(schema_load(&b, files, FILES, &complaints, &err),
	    E_OK);
	assert_int_equal(load(&c, &complaints, PERSON, text, &err), E_OK);
	assert_string_equal(a->version, b->version);
	assert_string_not_equal(a->version, c->version);
	free(text);
	schema_free(a);
	schema_free(b);
	schema_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_files_load),
		cmocka_unit_test(each_mistake_is_named),
		cmocka_unit_test(all_complaints_come_at_once),
		cmocka_unit_test(foreign_files_are_refused),
		cmocka_unit_test(a_file_stands_once),
		cmocka_unit_test(sizes_are_capped),
		cmocka_unit_test(a_file_has_a_size),
		cmocka_unit_test(version_follows_the_content),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
