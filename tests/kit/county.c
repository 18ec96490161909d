/*
 * The county, made with the same functions as a real one.
 */
#include "kit/county.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "db/db.h"
#include "kit/check.h"
#include "server/api_sync.h"
#include "server/ledger_check.h"
#include "server/push_read.h"
#include "server/ledger_record.h"

static const char matter[] =
	"{\"register\":\"matter\",\"version\":3,\"order\":1,"
	"\"title\":{\"zh\":\"事项\",\"en\":\"Matters\"},"
	"\"one\":{\"zh\":\"事项\",\"en\":\"matter\"},"
	"\"called\":[\"title\"],"
	"\"write\":[\"clerk\",\"chief\"],"
	"\"fields\":["
	"{\"name\":\"title\",\"label\":{\"zh\":\"名称\",\"en\":\"Title\"},"
	" \"type\":\"text\",\"need\":\"save\",\"overview\":true},"
	"{\"name\":\"place\",\"label\":{\"zh\":\"地点\",\"en\":\"Place\"},"
	" \"type\":\"text\",\"max_chars\":20},"
	"{\"name\":\"from_on\",\"label\":{\"zh\":\"起\",\"en\":\"From\"},"
	" \"type\":\"date\",\"group\":\"term\"},"
	"{\"name\":\"to_on\",\"label\":{\"zh\":\"止\",\"en\":\"To\"},"
	" \"type\":\"date\",\"group\":\"term\"},"
	"{\"name\":\"level\",\"label\":{\"zh\":\"级别\",\"en\":\"Level\"},"
	" \"type\":\"int\",\"merge\":\"max\"},"
	"{\"name\":\"note\",\"label\":{\"zh\":\"备注\",\"en\":\"Note\"},"
	" \"type\":\"note\",\"merge\":\"append\"}],"
	"\"overlays\":[{\"name\":\"paused\",\"label\":{\"zh\":\"暂停\","
	"\"en\":\"paused\"},\"register\":\"pause\",\"states\":[\"on\"]}],"
	"\"checks\":[{\"check\":\"order\",\"first\":\"from_on\","
	"\"then\":\"to_on\"},"
	"{\"check\":\"forbid\",\"moves\":[\"close\"],\"at\":\"to_on\","
	"\"when\":[{\"field\":\"@overlays\",\"op\":\"eq\","
	"\"value\":\"paused\"}],\"text\":{\"zh\":\"暂停期间不办结\","
	"\"en\":\"It is paused\"}}],"
	"\"states\":["
	"{\"name\":\"open\",\"label\":{\"zh\":\"在办\",\"en\":\"open\"},"
	"\"active\":true},"
	"{\"name\":\"closed\",\"label\":{\"zh\":\"办结\",\"en\":\"closed\"}}],"
	"\"moves\":[{\"name\":\"close\","
	"\"label\":{\"zh\":\"办结\",\"en\":\"Close\"},\"from\":[\"open\"],"
	"\"to\":\"closed\",\"roles\":[\"chief\"],\"needs\":[\"to_on\"]}],"
	"\"list\":{\"columns\":[{\"path\":\"title\",\"cells\":0}],"
	"\"sort\":[\"title\"],\"filters\":[]},"
	"\"form\":[{\"page\":{\"zh\":\"事项\",\"en\":\"Matter\"},\"rows\":["
	"[\"title\"],[\"place\"],[\"from_on\",\"to_on\"],[\"level\"],"
	"[\"note\"]]}]}";

static const char visit[] =
	"{\"register\":\"visit\",\"version\":1,\"order\":2,\"event\":true,"
	"\"title\":{\"zh\":\"走访\",\"en\":\"Visits\"},"
	"\"one\":{\"zh\":\"走访\",\"en\":\"visit\"},"
	"\"parent\":{\"register\":\"matter\",\"field\":\"matter_id\"},"
	"\"called\":[\"text\"],"
	"\"fields\":["
	"{\"name\":\"matter_id\",\"label\":{\"zh\":\"事项\",\"en\":\"Matter\"},"
	" \"type\":\"ref\",\"to\":\"matter\",\"need\":\"save\","
	"\"overview\":true},"
	"{\"name\":\"text\",\"label\":{\"zh\":\"情况\",\"en\":\"Text\"},"
	" \"type\":\"text\",\"need\":\"save\",\"overview\":true}],"
	"\"list\":{\"columns\":[{\"path\":\"text\",\"cells\":0}],"
	"\"sort\":[\"text\"],\"filters\":[]},"
	"\"form\":[{\"page\":{\"zh\":\"走访\",\"en\":\"Visit\"},\"rows\":["
	"[\"text\"]]}]}";

/* While one is on its matter is paused; none begins once that is closed. */
static const char pause_text[] =
	"{\"register\":\"pause\",\"version\":1,\"order\":3,"
	"\"title\":{\"zh\":\"暂停\",\"en\":\"Pauses\"},"
	"\"one\":{\"zh\":\"暂停\",\"en\":\"pause\"},"
	"\"parent\":{\"register\":\"matter\",\"field\":\"matter_id\"},"
	"\"called\":[\"text\"],"
	"\"fields\":["
	"{\"name\":\"matter_id\",\"label\":{\"zh\":\"事项\",\"en\":\"Matter\"},"
	" \"type\":\"ref\",\"to\":\"matter\",\"need\":\"save\","
	"\"overview\":true},"
	"{\"name\":\"text\",\"label\":{\"zh\":\"情况\",\"en\":\"Text\"},"
	" \"type\":\"text\",\"need\":\"save\",\"overview\":true}],"
	"\"checks\":[{\"check\":\"forbid\",\"at\":\"text\",\"when\":["
	"{\"field\":\"@state\",\"op\":\"eq\",\"value\":\"on\"},"
	"{\"field\":\"@parent_state\",\"op\":\"eq\",\"value\":\"closed\"}],"
	"\"text\":{\"zh\":\"已办结\",\"en\":\"It is closed\"}}],"
	"\"states\":["
	"{\"name\":\"on\",\"label\":{\"zh\":\"暂停\",\"en\":\"on\"},"
	"\"active\":true},"
	"{\"name\":\"off\",\"label\":{\"zh\":\"恢复\",\"en\":\"off\"}}],"
	"\"moves\":[{\"name\":\"resume\","
	"\"label\":{\"zh\":\"恢复\",\"en\":\"Resume\"},\"from\":[\"on\"],"
	"\"to\":\"off\",\"roles\":[\"clerk\",\"chief\"]}],"
	"\"list\":{\"columns\":[{\"path\":\"text\",\"cells\":0}],"
	"\"sort\":[\"text\"],\"filters\":[]},"
	"\"form\":[{\"page\":{\"zh\":\"暂停\",\"en\":\"Pause\"},\"rows\":["
	"[\"text\"]]}]}";

static void
load(struct county *c, const struct def_file *files, size_t count)
{
	struct complaints complaints = {0};
	struct err err = ERR_INIT;
	enum status s = schema_load(&c->schema, files, count, &complaints,
	    &err);

	for (size_t i = 0; i < complaints.count; i++)
		print_error("%s %s: %s\n", complaints.items[i].file,
		    complaints.items[i].path, complaints.items[i].text);
	kit_check(s, &err);
	complaints_release(&complaints);
}

static void
add_people(struct db *db)
{
	static const struct account people[] = {
		{ .login = "u1", .name = "甲", .office = "9900000001",
		  .role = "clerk" },
		{ .login = "u1b", .name = "乙", .office = "9900000001",
		  .role = "chief" },
		{ .login = "u1c", .name = "丙", .office = "9900000001",
		  .role = "auditor" },
		{ .login = "u2", .name = "丁", .office = "9900000002",
		  .role = "clerk" },
		{ .login = "u2b", .name = "己", .office = "9900000002",
		  .role = "chief" },
		{ .login = "uc", .name = "戊", .office = "990000",
		  .role = "chief" },
	};
	struct err err = ERR_INIT;

	for (size_t i = 0; i < sizeof people / sizeof people[0]; i++)
		kit_check(account_add(db, &people[i], &err), &err);
}

/* Everybody has signed in once where they work; without the password's 64
 * MiB, which test_account looks after. */
static void
add_presence(struct db *db, const struct device *d, const char *login)
{
	struct db_stmt *st = NULL;
	struct err err = ERR_INIT;

	kit_check(db_prepare(&st, db, "INSERT INTO presence(login, device,"
	    " since_at) VALUES(?, ?, 0)", &err), &err);
	db_bind_text(st, 1, login);
	db_bind_blob(st, 2, d->id.b, sizeof d->id.b);
	kit_check(db_run(st, &err), &err);
	db_finish(st);
}

static void
add_devices(struct county *c, struct db *db)
{
	static const char *const offices[COUNTY_DEVICES] = { "9900000001",
		"9900000001", "9900000002", "990000" };
	static const char *const people[COUNTY_DEVICES][4] = {
		{ "u1", "u1b", "u1c", "uc" }, { "u1", "u1b" },
		{ "u2", "u2b" },
		{ "uc" } };
	struct err err = ERR_INIT;

	for (size_t i = 0; i < COUNTY_DEVICES; i++) {
		struct county_device_state *at = &c->at[i];
		char code[DEVICE_CODE_TEXT + 1];
		enum answer answer = ANSWER_INTERNAL;

		kit_check(device_make_code(code, db, offices[i], &err), &err);
		kit_check(device_enroll(&at->device, at->token, &answer, db, code,
		    "test", NULL, &err), &err);
		assert_int_equal(answer, ANSWER_OK);
		at->epoch = 1;
		at->max_bytes = WIRE_MAX_BYTES_MAX;
		for (size_t k = 0; k < 4 && people[i][k]; k++)
			add_presence(db, &at->device, people[i][k]);
	}
}

static const struct def_file two_registers[] = {
	{ "registers/matter.json", matter, sizeof matter - 1 },
	{ "registers/visit.json", visit, sizeof visit - 1 },
	{ "registers/pause.json", pause_text, sizeof pause_text - 1 },
};

enum { TWO_REGISTERS = sizeof two_registers / sizeof two_registers[0] };

void
county_open(struct county *c)
{
	county_open_with(c, two_registers, TWO_REGISTERS);
}

static void
open_ledger(struct county *c, const struct ledger_county *root,
    const struct office *offices, size_t office_count,
    const struct def_file *files, size_t count)
{
	struct err err = ERR_INIT;
	struct db *db = NULL;

	*c = (struct county){0};
	crypto_init();
	snprintf(c->dir, sizeof c->dir, "/tmp/fengqiao-county-XXXXXX");
	assert_non_null(mkdtemp(c->dir));
	kit_check(ledger_create(c->dir, root, &err), &err);
	kit_check(ledger_open(&c->ledger, c->dir, &err), &err);
	kit_check(pool_start(&c->readers, 2, 8, push_read_work, &err), &err);
	kit_check(ledger_begin(&db, c->ledger, &err), &err);
	for (size_t i = 0; i < office_count; i++)
		kit_check(office_add(db, &offices[i], &err), &err);
	add_people(db);
	add_devices(c, db);
	kit_check(ledger_end(c->ledger, E_OK, &err), &err);
	load(c, files, count);
}

void
county_open_with(struct county *c, const struct def_file *files, size_t count)
{
	static const struct ledger_county self = { "990000", "测试县" };
	static const struct office offices[] = {
		{ .code = "9900000001", .name = "一所" },
		{ .code = "9900000002", .name = "二所" },
	};

	open_ledger(c, &self, offices, 2, files, count);
}

void
county_open_below(struct county *c, const struct def_file *files, size_t count)
{
	static const struct ledger_county city = { "9900", "测试市" };
	static const struct office offices[] = {
		{ .code = "990000", .name = "测试县" },
		{ .code = "990001", .name = "邻县" },
		{ .code = "9900000001", .name = "一所" },
		{ .code = "9900000002", .name = "二所" },
		{ .code = "9900010001", .name = "邻所" },
	};

	open_ledger(c, &city, offices, 5, files ? files : two_registers,
	    files ? count : TWO_REGISTERS);
}

void
county_close(struct county *c)
{
	char *command = mem_printf("rm -r '%s'", c->dir);

	pool_stop(c->readers);
	ledger_close(c->ledger);
	schema_free(c->schema);
	assert_int_equal(system(command), 0);
	free(command);
}

int
county_set_up(void **state)
{
	struct county *c = calloc(1, sizeof *c);

	*state = c;
	county_open(c);
	return 0;
}

int
county_tear_down(void **state)
{
	county_close(*state);
	free(*state);
	return 0;
}

int
county_tear_down_whole(void **state)
{
	struct county *c = *state;
	struct err err = ERR_INIT;

	kit_check(ledger_check(c->ledger, &err), &err);
	return county_tear_down(state);
}

struct db *
county_begin(struct county *c)
{
	struct db *db = NULL;
	struct err err = ERR_INIT;

	kit_check(ledger_begin(&db, c->ledger, &err), &err);
	return db;
}

void
county_commit(struct county *c)
{
	struct err err = ERR_INIT;

	kit_check(ledger_end(c->ledger, E_OK, &err), &err);
}

void
county_restart(struct county *c)
{
	struct err err = ERR_INIT;

	ledger_close(c->ledger);
	c->ledger = NULL;
	kit_check(ledger_open(&c->ledger, c->dir, &err), &err);
}

static void
add_session(char token[TOKEN_TEXT_MAX], struct db *db, const struct device *d,
    const char *login)
{
	struct db_stmt *st = NULL;
	struct err err = ERR_INIT;
	uint8_t hash[TOKEN_HASH];

	token_make(token);
	token_hash(hash, token);
	kit_check(db_prepare(&st, db, "INSERT INTO session(token, login, device,"
	    " expires_at) VALUES(?, ?, ?, ?)", &err), &err);
	db_bind_blob(st, 1, hash, sizeof hash);
	db_bind_text(st, 2, login);
	db_bind_blob(st, 3, d->id.b, sizeof d->id.b);
	db_bind_int(st, 4, 4102444800000);	/* 2100 */
	kit_check(db_run(st, &err), &err);
	db_finish(st);
}

void
county_sign_in(char token[TOKEN_TEXT_MAX], struct county *c,
    enum county_device at, const char *login)
{
	struct err err = ERR_INIT;
	struct db *db = NULL;

	kit_check(ledger_begin(&db, c->ledger, &err), &err);
	add_session(token, db, &c->at[at].device, login);
	kit_check(ledger_end(c->ledger, E_OK, &err), &err);
}

void
county_seat(struct county_seat *out, struct county *c, const char *office,
    const char *role)
{
	struct account a = {0};
	char code[DEVICE_CODE_TEXT + 1];
	enum answer answer = ANSWER_INTERNAL;
	struct err err = ERR_INIT;
	struct db *db = NULL;

	*out = (struct county_seat){0};
	snprintf(out->role, sizeof out->role, "%s", role);
	snprintf(out->login, sizeof out->login, "x_%.20s%s", role,
	    strcmp(office, "9900000002") == 0 ? "_2" :
	    strcmp(office, "9900010001") == 0 ? "_3" : "");
	memcpy(a.login, out->login, sizeof a.login);
	snprintf(a.name, sizeof a.name, "%s", role);
	snprintf(a.office, sizeof a.office, "%s", office);
	snprintf(a.role, sizeof a.role, "%s", role);
	kit_check(ledger_begin(&db, c->ledger, &err), &err);
	kit_check(account_add(db, &a, &err), &err);
	kit_check(device_make_code(code, db, office, &err), &err);
	kit_check(device_enroll(&out->device, out->token, &answer, db, code, "test",
	    NULL, &err), &err);
	assert_int_equal(answer, ANSWER_OK);
	add_presence(db, &out->device, a.login);
	add_session(out->person, db, &out->device, a.login);
	kit_check(ledger_end(c->ledger, E_OK, &err), &err);
}

/* ---- operations ---- */

static void
add_change(struct op *op, const char *text)
{
	const char *equals = strchr(text, '='), *after = strchr(text, '>');
	struct op_change *change;

	op->changes = mem_grow(op->changes, op->change_count,
	    sizeof *op->changes);
	change = &op->changes[op->change_count++];
	change->field = mem_strndup(text, (size_t)(equals - text));
	change->before = after ?
	    mem_strndup(equals + 1, (size_t)(after - equals - 1)) :
	    mem_strdup("");
	change->after = mem_strdup(after ? after + 1 : equals + 1);
}

void
county_op(struct op *out, struct county *c, enum county_device at,
    enum op_kind kind, const char *reg, const struct uuid *record,
    const char *by, int64_t base, ...)
{
	struct county_device_state *d = &c->at[at];
	const struct schema_register *r = schema_register_find(c->schema, reg);
	struct op op = { .epoch = d->epoch, .n = ++d->n, .record = *record,
		.kind = kind, .base = base, .version = r ? r->version : 1,
		.at = clock_now_at() };
	const char *text;
	va_list args;

	snprintf(op.reg, sizeof op.reg, "%s", reg);
	snprintf(op.office, sizeof op.office, "%s", d->device.office.code);
	snprintf(op.by, sizeof op.by, "%s", by);
	va_start(args, base);
	while ((text = va_arg(args, const char *)) != NULL)
		add_change(&op, text);
	va_end(args);
	*out = op;
}

/* ---- talking ---- */

void
county_hello(struct buf *out, const struct county *c, enum county_device at,
    int64_t from)
{
	const struct county_device_state *d = &c->at[at];
	struct wire_hello hello = { .epoch = d->epoch, .from = from,
		.max_bytes = d->max_bytes, .cursor_count = d->cursor_count };

	uuid_print(hello.device, &d->device.id);
	memcpy(hello.schema, c->schema->version, sizeof hello.schema);
	memcpy(hello.cursors, d->cursors, sizeof hello.cursors);
	wire_print_hello(out, &hello);
}

static void
read_reply(struct county_reply *out, const char *text)
{
	while (*text) {
		const char *end = strchr(text, '\n');
		struct wire_line line = {0};
		struct err err = ERR_INIT;

		assert_non_null(end);
		kit_check(wire_parse_line(&line, text, (size_t)(end - text), &err),
		    &err);
		out->lines = mem_grow(out->lines, out->count,
		    sizeof *out->lines);
		out->lines[out->count++] = line;
		text = end + 1;
	}
}

void
county_send(struct county_reply *out, struct county *c, enum county_device at,
    const char *text, size_t len)
{
	struct county_device_state *d = &c->at[at];
	struct api_sync sync = { .ledger = c->ledger, .schema = c->schema,
		.device = d->device, .readers = c->readers };
	const struct wire_line *end;
	struct err err = ERR_INIT;
	struct buf reply;

	*out = (struct county_reply){0};
	buf_init(&reply, BUF_BATCH_MAX);
	kit_check(api_sync(&reply, &out->answer, out->why, &sync, text, len, &err),
	    &err);
	d->device = sync.device;
	out->epoch = sync.device.epoch;
	if (out->answer == ANSWER_OK) {
		read_reply(out, reply.data);
		end = county_end(out);
		memcpy(d->cursors, end->cursors,
		    end->cursor_count * sizeof *d->cursors);
		d->cursor_count = end->cursor_count;
	}
	buf_release(&reply);
}

void
county_sync(struct county_reply *out, struct county *c, enum county_device at,
    const struct op *ops, size_t count)
{
	struct buf text;

	buf_init(&text, BUF_BATCH_MAX);
	county_hello(&text, c, at, count ? ops[0].n : c->at[at].n + 1);
	for (size_t i = 0; i < count; i++)
		wire_print_op(&text, &ops[i]);
	county_send(out, c, at, text.data, text.len);
	buf_release(&text);
}

void
county_reply_release(struct county_reply *r)
{
	for (size_t i = 0; i < r->count; i++)
		wire_line_release(&r->lines[i]);
	free(r->lines);
	*r = (struct county_reply){0};
}

const struct wire_line *
county_verdict(const struct county_reply *r, int64_t n)
{
	for (size_t i = 0; i < r->count; i++) {
		if (r->lines[i].kind == WIRE_VERDICT && r->lines[i].n == n)
			return &r->lines[i];
	}
	return NULL;
}

const struct wire_line *
county_line(const struct county_reply *r, enum wire_kind kind,
    const struct uuid *record)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct wire_line *l = &r->lines[i];

		if (l->kind == kind && uuid_compare(kind == WIRE_PUT ?
		    &l->put.id : &l->record, record) == 0)
			return l;
	}
	return NULL;
}

const struct wire_line *
county_end(const struct county_reply *r)
{
	assert_true(r->count > 0);
	assert_int_equal(r->lines[r->count - 1].kind, WIRE_END);
	return &r->lines[r->count - 1];
}

enum verdict
county_do(struct county *c, enum county_device at, const struct op *op)
{
	struct county_reply r;
	const struct wire_line *v;
	enum verdict verdict;

	county_sync(&r, c, at, op, 1);
	assert_int_equal(r.answer, ANSWER_OK);
	v = county_verdict(&r, op->n);
	assert_non_null(v);
	verdict = v->verdict;
	/* a refusal always says why */
	assert_int_equal(verdict_is_refusal(verdict), v->why[0] != '\0');
	county_reply_release(&r);
	return verdict;
}

void
county_try(struct county *c, enum county_device at, const struct op *op)
{
	struct api_sync sync = { .ledger = c->ledger, .schema = c->schema,
		.device = c->at[at].device };
	enum answer answer = ANSWER_OK;
	struct err err = ERR_INIT;
	char why[ERR_MSG_MAX];
	struct buf text, reply;

	buf_init(&text, BUF_BATCH_MAX);
	buf_init(&reply, BUF_BATCH_MAX);
	county_hello(&text, c, at, op->n);
	wire_print_op(&text, op);
	if (api_sync(&reply, &answer, why, &sync, text.data, text.len, &err))
		assert_true(err.msg[0] != '\0');
	buf_release(&text);
	buf_release(&reply);
}

void
county_record(struct record *out, struct county *c, const struct uuid *id)
{
	struct err err = ERR_INIT;
	struct db *db = NULL;

	kit_check(ledger_begin_read(&db, c->ledger, &err), &err);
	kit_check(ledger_record_get(out, db, id, &err), &err);
	ledger_end_read(c->ledger);
}

void
county_holds(struct county *c, const struct uuid *id, const char *field,
    const char *text)
{
	struct record r = {0};

	county_record(&r, c, id);
	assert_string_equal(record_get(&r, field), text);
	record_release(&r);
}
