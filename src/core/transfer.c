/*
 * Transfers as records.  The definition stands here and not among the files:
 * what it says and what the server does belong together.
 */
#include "core/transfer.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define LABEL(zh, en) "{\"zh\":\"" zh "\",\"en\":\"" en "\"}"
#define FIELD(name, zh, en, more) "{\"name\":\"" name "\",\"label\":" \
	LABEL(zh, en) "," more "}"
#define FIXED "\"type\":\"text\",\"readonly\":true,\"overview\":true"
#define WRITERS "\"chief\",\"county_correction\",\"county_base\"," \
	"\"county_leader\""
#define STAMP "\"stamp\":{\"by\":\"decided_by\",\"on\":\"decided_on\"}"

const char transfer_definition[] =
	"{\"register\":\"transfer\",\"version\":1,"
	"\"title\":" LABEL("移交", "Transfers") ","
	"\"one\":" LABEL("移交", "transfer") ","
	"\"called\":[\"name\",\"number\"],\"write\":[" WRITERS "],"
	"\"fields\":["
	FIELD("number", "字号", "Number", FIXED) ","
	FIELD("name", "姓名", "Name", FIXED) ","
	FIELD("record", "案卷", "Record", FIXED) ","
	FIELD("register", "台账", "Register", FIXED) ","
	FIELD("from", "移出单位", "From", FIXED ",\"office\":true") ","
	FIELD("to", "移入单位", "To",
	    "\"type\":\"text\",\"overview\":true,\"office\":true,"
	    "\"need\":\"save\"") ","
	FIELD("reason", "移交事由", "Reason", "\"type\":\"note\","
	    "\"max_chars\":600,\"rows\":3,\"need\":\"save\"") ","
	FIELD("offered_by", "移交人", "Offered by",
	    FIXED ",\"initial\":\"@me\"") ","
	FIELD("offered_on", "移交日期", "Offered on", "\"type\":\"date\","
	    "\"readonly\":true,\"overview\":true,\"past\":true,"
	    "\"initial\":\"@today\"") ","
	FIELD("answer", "答复", "Answer",
	    "\"type\":\"note\",\"max_chars\":300,\"rows\":3") ","
	FIELD("decided_by", "办理人", "Decided by", FIXED) ","
	FIELD("decided_on", "办理日期", "Decided on", "\"type\":\"date\","
	    "\"readonly\":true,\"overview\":true,\"past\":true") ","
	FIELD("persons", "随转人员", "Persons", "\"type\":\"note\","
	    "\"max_chars\":10000,\"readonly\":true") ","
	FIELD("lent", "共用人员", "Lent persons", "\"type\":\"note\","
	    "\"max_chars\":10000,\"readonly\":true")
	"],\"states\":["
	"{\"name\":\"offered\",\"label\":" LABEL("待接收", "offered")
	",\"active\":true,\"locked\":true},"
	"{\"name\":\"accepted\",\"label\":" LABEL("已接收", "accepted")
	",\"locked\":true},"
	"{\"name\":\"rejected\",\"label\":" LABEL("不予接收", "rejected")
	",\"locked\":true},"
	"{\"name\":\"withdrawn\",\"label\":" LABEL("已撤回", "withdrawn")
	",\"locked\":true}],"
	"\"moves\":["
	"{\"name\":\"accept\",\"label\":" LABEL("接收", "Accept")
	",\"from\":[\"offered\"],\"to\":\"accepted\",\"roles\":[\"chief\"],"
	STAMP "},"
	"{\"name\":\"reject\",\"label\":" LABEL("不予接收", "Reject")
	",\"from\":[\"offered\"],\"to\":\"rejected\",\"roles\":[\"chief\"],"
	"\"needs\":[\"answer\"]," STAMP "},"
	"{\"name\":\"withdraw\",\"label\":" LABEL("撤回移交", "Withdraw")
	",\"from\":[\"offered\"],\"to\":\"withdrawn\","
	"\"roles\":[" WRITERS "],\"needs\":[\"answer\"]," STAMP "}],"
	"\"list\":{\"columns\":["
	"{\"path\":\"name\",\"cells\":8},{\"path\":\"number\",\"cells\":0},"
	"{\"path\":\"from\",\"cells\":12},{\"path\":\"to\",\"cells\":12},"
	"{\"path\":\"offered_on\",\"cells\":11},"
	"{\"path\":\"@state\",\"cells\":10}],"
	"\"sort\":[\"-offered_on\"],\"filters\":["
	"{\"key\":\"o\",\"label\":" LABEL("待接收", "offered")
	",\"where\":[{\"field\":\"@state\",\"op\":\"eq\","
	"\"value\":\"offered\"}]}]},"
	"\"form\":[{\"page\":" LABEL("移交", "Transfer") ",\"rows\":["
	"[\"name\",\"number\"],[\"from\",\"to\"],[\"reason\"],"
	"[\"offered_by\",\"offered_on\"],[\"decided_by\",\"decided_on\"],"
	"[\"answer\"]]}],"
	"\"lookup\":[{\"field\":\"name\",\"as\":\"name\"},"
	"{\"field\":\"number\",\"as\":\"digits\"}]}";

bool
transfer_is(const struct record *r)
{
	return strcmp(r->reg, TRANSFER_REGISTER) == 0;
}

/* 张某某: the family name, as a statistic or a list may show it. */
static void
set_masked(struct record *t, const char *name)
{
	struct buf masked;
	size_t first = 0, chars = 0;

	buf_init(&masked, BUF_LINE_MAX);
	for (size_t i = 0; name[i]; i++) {
		chars += ((unsigned char)name[i] & 0xc0) != 0x80;
		first += chars == 1;
	}
	buf_add(&masked, name, first);
	for (size_t i = 1; i < chars && i < 3; i++)
		buf_text(&masked, "某");
	(void)record_set(t, "name", masked.len > 0 ? masked.data : "");
	buf_release(&masked);
}

void
transfer_describe(struct record *t, const struct schema_register *reg,
	const struct record *about, const struct record *person)
{
	char id[UUID_TEXT_MAX];
	const char *number = "";

	uuid_print(id, &about->id);
	(void)record_set(t, "record", id);
	(void)record_set(t, "register", about->reg);
	(void)record_set(t, "from", about->office);
	for (size_t i = 0; reg && i < reg->field_count && !number[0]; i++) {
		if (reg->fields[i].type == VT_NUMBER)
			number = record_get(about, reg->fields[i].name);
	}
	(void)record_set(t, "number", number);
	set_masked(t, person ? record_get(person, "name") : "");
}

bool
transfer_person(struct uuid *out, const struct record *t, const char *field,
	size_t i)
{
	const char *at = record_get(t, field);
	char id[UUID_TEXT_MAX] = "";

	for (; i > 0 && *at; i--) {
		at += strcspn(at, ";");
		at += *at == ';';
	}
	if (strlen(at) < UUID_TEXT_MAX - 1)
		return false;
	memcpy(id, at, UUID_TEXT_MAX - 1);
	return uuid_parse(out, id);
}
