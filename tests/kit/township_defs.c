/*
 * The definitions of a township, as texts; see township_defs.h.
 */
#include "kit/township_defs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define LABEL(zh, en) "{\"zh\":\"" zh "\",\"en\":\"" en "\"}"
#define FIELD(name, zh, type, more) "{\"name\":\"" name "\",\"label\":" \
	LABEL(zh, name) ",\"type\":\"" type "\"" more "},"

#define MATTER(version, phone, row, place) \
	"{\"register\":\"matter\",\"version\":" version ",\"order\":1," \
	"\"title\":" LABEL("事项", "Matters") ",\"one\":" \
	LABEL("事项", "matter") ",\"called\":[\"title\"]," \
	"\"write\":[\"clerk\",\"chief\"],\"person\":\"person_id\"," \
	"\"sealed\":{\"when\":[{\"field\":\"tags\",\"op\":\"in\"," \
	"\"value\":[\"4\"]},{\"field\":\"tags\",\"op\":\"not_in\"," \
	"\"value\":[\"1\",\"2\"]}]," \
	"\"roles\":[\"clerk\",\"chief\"]},\"fields\":[" \
	phone \
	FIELD("person_id", "人员", "ref", ",\"to\":\"person\"," \
	    "\"overview\":true") \
	place \
	FIELD("from_on", "起", "date", ",\"group\":\"term\"") \
	FIELD("to_on", "止", "date", ",\"group\":\"term\"") \
	FIELD("first_on", "首次", "date", "") \
	FIELD("last_on", "末次", "date", "") \
	FIELD("level", "级别", "int", ",\"merge\":\"max\"") \
	FIELD("note", "备注", "note", ",\"merge\":\"append\"," \
	    "\"max_chars\":400") \
	FIELD("story", "经过", "note", ",\"max_chars\":10000") \
	FIELD("tags", "标签", "code", ",\"codes\":\"tag\",\"multi\":true," \
	    "\"overview\":true,\"merge\":\"union\"") \
	"{\"name\":\"title\",\"label\":" LABEL("名称", "title") \
	",\"type\":\"text\",\"need\":\"save\",\"overview\":true}]," \
	"\"checks\":[{\"check\":\"order\",\"first\":\"first_on\"," \
	"\"then\":\"last_on\"}]," \
	"\"states\":[{\"name\":\"open\",\"label\":" LABEL("在办", "open") \
	",\"active\":true},{\"name\":\"closed\",\"label\":" \
	LABEL("办结", "closed") "}]," \
	"\"moves\":[{\"name\":\"close\",\"label\":" LABEL("办结", "Close") \
	",\"from\":[\"open\"],\"to\":\"closed\"," \
	"\"roles\":[\"chief\",\"clerk\"],\"needs\":[\"last_on\"]}," \
	"{\"name\":\"reopen\",\"label\":" LABEL("重启", "Reopen") \
	",\"from\":[\"closed\"],\"to\":\"open\",\"roles\":[\"chief\"]}]," \
	"\"list\":{\"columns\":[{\"path\":\"title\",\"cells\":0}]," \
	"\"sort\":[\"title\"],\"filters\":[]}," \
	"\"form\":[{\"page\":" LABEL("事项", "Matter") ",\"rows\":[" \
	"[\"title\",\"person_id\"]," row "[\"from_on\",\"to_on\"]," \
	"[\"first_on\",\"last_on\"],[\"level\"],[\"note\"],[\"story\"],[\"tags\"]]}]}"

#define PLACE FIELD("place", "地点", "text", "")

static const char matter_before[] = MATTER("1", "", "[\"place\"],", PLACE);
static const char matter[] = MATTER("2", FIELD("phone", "电话", "text", ""),
	"[\"phone\"],[\"place\"],", PLACE);
static const char matter_after[] = MATTER("3",
	FIELD("phone", "电话", "text", ",\"need\":\"save\""),
	"[\"phone\"],[\"site\"],",
	FIELD("site", "地址", "text", ",\"was\":[\"place\"]"));

static const char visit[] =
	"{\"register\":\"visit\",\"version\":1,\"order\":2,\"event\":true,"
	"\"title\":" LABEL("走访", "Visits") ",\"one\":"
	LABEL("走访", "visit") ",\"called\":[\"text\"],"
	"\"parent\":{\"register\":\"matter\",\"field\":\"matter_id\"},"
	"\"fields\":["
	FIELD("matter_id", "事项", "ref",
	    ",\"to\":\"matter\",\"need\":\"save\",\"overview\":true")
	"{\"name\":\"text\",\"label\":" LABEL("情况", "text")
	",\"type\":\"text\",\"need\":\"save\",\"overview\":true}],"
	"\"list\":{\"columns\":[{\"path\":\"text\",\"cells\":0}],"
	"\"sort\":[\"text\"],\"filters\":[]},"
	"\"form\":[{\"page\":" LABEL("走访", "Visit") ",\"rows\":["
	"[\"text\"]]}]}";

static const char person[] =
	"{\"register\":\"person\",\"version\":1,\"order\":3,"
	"\"title\":" LABEL("人员", "Persons") ",\"one\":"
	LABEL("人员", "person") ",\"called\":[\"name\"],"
	"\"fields\":[" FIELD("home", "住址", "text", "")
	"{\"name\":\"name\",\"label\":" LABEL("姓名", "name")
	",\"type\":\"text\",\"need\":\"save\",\"overview\":true}],"
	"\"list\":{\"columns\":[{\"path\":\"name\",\"cells\":0}],"
	"\"sort\":[\"name\"],\"filters\":[]},"
	"\"form\":[{\"page\":" LABEL("人员", "Person") ",\"rows\":["
	"[\"name\"],[\"home\"]]}]}";

/* Numbered papers, three numbers a lease; and slips, which one computer of the
 * office numbers. */
#define NUMBERED(name, zh, order, mode) \
	"{\"register\":\"" name "\",\"version\":1,\"order\":" order "," \
	"\"title\":" LABEL(zh, name) ",\"one\":" LABEL(zh, name) "," \
	"\"called\":[\"no\"],\"write\":[\"clerk\",\"chief\"]," \
	"\"number\":{\"field\":\"no\",\"class\":\"" name "\"," \
	mode ",\"format\":\"（@year）@short" zh "第@n号\"}," \
	"\"fields\":[" \
	FIELD("no", "字号", "number", ",\"overview\":true") \
	"{\"name\":\"text\",\"label\":" LABEL("内容", "text") \
	",\"type\":\"text\",\"need\":\"save\"}]," \
	"\"states\":[{\"name\":\"open\",\"label\":" LABEL("在办", "open") \
	",\"active\":true}]," \
	"\"list\":{\"columns\":[{\"path\":\"no\",\"cells\":0}]," \
	"\"sort\":[\"no\"],\"filters\":[]}," \
	"\"form\":[{\"page\":" LABEL("文书", "Paper") ",\"rows\":[" \
	"[\"no\"],[\"text\"]]}]}"

static const char paper[] = NUMBERED("paper", "文书", "4",
	"\"mode\":\"leased\",\"block\":3");
static const char slip[] = NUMBERED("slip", "便笺", "5",
	"\"mode\":\"machine\"");

#define TAG(more) "{\"codes\":\"tag\",\"title\":" \
	LABEL("标签", "Tags") ",\"source\":\"测试\",\"items\":[" \
	"{\"code\":\"1\",\"zh\":\"甲\",\"en\":\"one\"}," \
	"{\"code\":\"2\",\"zh\":\"乙\",\"en\":\"two\"}," \
	"{\"code\":\"3\",\"zh\":\"丙\",\"en\":\"three\"" more "}," \
	"{\"code\":\"4\",\"zh\":\"丁\",\"en\":\"four\"}]}"

static const char tag[] = TAG("");
static const char tag_after[] = TAG(",\"until\":\"2020-12-31\","
	"\"instead\":\"2\"");

static const struct {
	const char *matter, *tag;
} versions[] = {
	[TOWNSHIP_OLDER] = { matter_before, tag },
	[TOWNSHIP_PRESENT] = { matter, tag },
	[TOWNSHIP_NEWER] = { matter_after, tag_after },
};

struct schema *
township_schema(enum township_version v)
{
	const struct def_file files[] = {
		{ "codes/tag.json", versions[v].tag, strlen(versions[v].tag) },
		{ "registers/matter.json", versions[v].matter,
			strlen(versions[v].matter) },
		{ "registers/person.json", person, sizeof person - 1 },
		{ "registers/visit.json", visit, sizeof visit - 1 },
		{ "registers/paper.json", paper, sizeof paper - 1 },
		{ "registers/slip.json", slip, sizeof slip - 1 },
	};
	struct complaints complaints = {0};
	struct schema *schema = NULL;
	struct err err = ERR_INIT;
	enum status s = schema_load(&schema, files,
		sizeof files / sizeof *files, &complaints, &err);

	for (size_t i = 0; i < complaints.count; i++)
		print_error("%s %s: %s\n", complaints.items[i].file,
			complaints.items[i].path, complaints.items[i].text);
	if (s)
		fail_msg("%s", err.msg);
	complaints_release(&complaints);
	return schema;
}
