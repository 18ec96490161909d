/*
 * Requests of strangers, of a device alone, of a person who works at it: the
 * server answers each with a status that is described, and a refusal says why.
 *
 * An input is a few requests with a line "%%" between: "METHOD PATH WHO HOW",
 * then the body.  WHO: d the device, p and its person, x another office's
 * device with that person, - nobody; HOW: the body's encoding.  In the body @D
 * is the device, @R a record of it, @F one of another office.
 */
#include "fuzz/fuzz.h"

#include <sqlite3.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "db/db.h"
#include "kit/county.h"
#include "server/api.h"

static struct county county;
static struct api *api;
static char person[TOKEN_TEXT_MAX];
static char ids[3][UUID_TEXT_MAX];	/* of @D, @R, @F */
static sqlite3 *live, *before;

static void
away(void)
{
	sqlite3_close(live);
	sqlite3_close(before);
	api_free(api);
	county_close(&county);
}

static void
copy(sqlite3 *to, sqlite3 *from)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");

	MUST(b && sqlite3_backup_step(b, -1) == SQLITE_DONE);
	sqlite3_backup_finish(b);
}

static void
add(enum county_device at, const char *by, char id[UUID_TEXT_MAX])
{
	struct uuid record = uuid_new();
	struct op op;

	county_op(&op, &county, at, OP_NEW, "matter", &record, by, 0,
	    "title=t", "place=p", "from_on=2026-01-01", "@state=open", NULL);
	MUST(county_do(&county, at, &op) == VERDICT_OK);
	uuid_print(id, &record);
	op_release(&op);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct err err = ERR_INIT;
	char *path;

	(void)argc;
	(void)argv;
	clock_fix(clock_parse("2026-11-22T10:00:00+08:00"));
	county_open(&county);
	MUST(api_new(&api, county.ledger, county.schema, &err) == E_OK);
	(void)atexit(away);
	county_sign_in(person, &county, AT_ONE, "u1b");
	uuid_print(ids[0], &county.at[AT_ONE].device.id);
	add(AT_ONE, "u1", ids[1]);
	add(AT_TWO, "u2", ids[2]);
	path = mem_printf("%s/ledger.db", county.dir);
	MUST(sqlite3_open(path, &live) == SQLITE_OK);
	MUST(sqlite3_open(":memory:", &before) == SQLITE_OK);
	copy(before, live);
	free(path);
	return 0;
}

/* ---- a request ---- */

static void
fill(struct buf *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const char *const names = "DRF";
		const char *which = i + 1 < len && text[i] == '@' &&
		    text[i + 1] ? strchr(names, text[i + 1]) : NULL;

		if (which) {
			buf_text(out, ids[which - names]);
			i++;
		} else {
			buf_char(out, text[i]);
		}
	}
}

static size_t
word(char *out, size_t max, const char **text, const char *end)
{
	size_t len = 0;

	while (*text < end && **text != ' ' && **text != '\n') {
		if (len + 1 < max && **text)
			out[len++] = **text;
		(*text)++;
	}
	out[len] = '\0';
	if (*text < end && **text == ' ')
		(*text)++;
	return len;
}

static void
identify(struct http_request *r, const char *who)
{
	const char *token = county.at[*who == 'x' ? AT_TWO : AT_ONE].token;

	if (*who == 'd' || *who == 'p' || *who == 'x')
		snprintf(r->header[HTTP_AUTHORIZATION], HTTP_HEADER_MAX,
		    "Bearer %s", token);
	if (*who == 'p' || *who == 'x')
		snprintf(r->header[HTTP_USER_TOKEN], HTTP_HEADER_MAX, "%s",
		    person);
	snprintf(r->header[HTTP_PROTO], HTTP_HEADER_MAX, "1");
}

static void
check_reply(const struct http_reply *reply)
{
	struct json *j = NULL;
	struct err err = ERR_INIT;

	MUST(reply->status >= 200 && reply->status < 600);
	MUST(reply->status != 500);
	if (reply->status < 400)
		return;
	MUST(json_parse(&j, reply->body.data, reply->body.len, BUF_LINE_MAX,
	    &err) == E_OK);
	MUST(json_get_text(j, "error") && json_get_text(j, "message"));
	MUST(!strstr(reply->body.data, ids[2]));
	json_free(j);
}

static void
ask(const char *text, const char *end)
{
	static const char *const methods[] = { "GET", "HEAD", "POST", "PUT" };
	struct http_request request = {0};
	struct http_reply reply = { .status = 200, .type = "application/json" };
	char method[8], who[8], how[16], path[HTTP_PATH_MAX];
	struct buf filled;

	word(method, sizeof method, &text, end);
	word(path, sizeof path, &text, end);
	word(who, sizeof who, &text, end);
	word(how, sizeof how, &text, end);
	text += text < end;
	/* 64 MiB and half a second for a password are not looked at here */
	if (strcmp(path, "/v1/login") == 0)
		return;
	request.method = "GET";
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
		if (strcmp(method, methods[i]) == 0)
			request.method = methods[i];
	buf_init(&filled, HTTP_PATH_MAX - 1);
	fill(&filled, path, strlen(path));
	memcpy(request.path, filled.data, filled.len + 1);
	buf_release(&filled);
	identify(&request, who);
	snprintf(request.header[HTTP_CONTENT_ENCODING], HTTP_HEADER_MAX, "%s",
	    how);
	for (int i = 0; i < HTTP_ARGUMENT_COUNT; i++)
		request.argument[i] = "";
	buf_init(&request.body, HTTP_BODY_MAX);
	buf_init(&reply.body, BUF_BATCH_MAX);
	fill(&request.body, text, (size_t)(end - text));
	if (api_answer(api, &request, &reply))
		check_reply(&reply);
	buf_release(&request.body);
	buf_release(&reply.body);
}

/* Nobody sees what belongs to another office. */
static void
look(void)
{
	struct county_reply r;

	county.at[AT_ONE_TOO].cursor_count = 0;
	county_sync(&r, &county, AT_ONE_TOO, NULL, 0);
	for (size_t i = 0; i < r.count; i++)
		if (r.lines[i].kind == WIRE_PUT)
			MUST(strcmp(r.lines[i].put.office, "9900000001") == 0);
	county_reply_release(&r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *end = text + size;

	while (text < end) {
		const char *stop = text;

		while (stop < end && !(end - stop > 3 &&
		    memcmp(stop, "\n%%\n", 4) == 0))
			stop++;
		ask(text, stop);
		text = stop + 4 < end ? stop + 4 : end;
	}
	look();
	copy(live, before);
	return 0;
}
