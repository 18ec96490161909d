/*
 * Who gets, reads and changes what: every role, every register of those that
 * we ship, a record of the own office, of another one, a sealed one and one of
 * another county below the same city; and every call with what is theirs,
 * foreign, sealed, another county's and unknown.  The answers
 * stand in tests/data/matrix.txt; UPDATE_MATRIX=1 writes it anew (read the
 * difference before you commit it).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/role.h"
#include "core/scan.h"
#include "core/transfer.h"
#include "db/db.h"
#include "kit/callers.h"
#include "kit/check.h"
#include "kit/county.h"
#include "server/api.h"
#include "server/blob.h"
#include "server/ledger_record.h"
#include "server/ledger_stream.h"
#include "server/snapshot.h"
#include "server/snapshot_make.h"

enum which { OWN, FOREIGN, SEALED, BESIDE, UNKNOWN, KINDS };

enum { ROLES = 15, REGISTERS_MAX = 160 };

static const char table[] = "tests/data/matrix.txt";
static const char *const offices[KINDS] = { "9900000001", "9900000002",
	"9900000001", "9900010001", "9900000002" };
static const char *const scan_bytes[KINDS] = { "%PDF-own", "%PDF-foreign",
	"%PDF-sealed", "%PDF-beside", "%PDF-unknown" };
/* the third has a role that no chief gives */
static const char *const people[KINDS] = { "u1", "u2", "u1c", "x_clerk_3",
	"nobody" };
static const enum county_device devices[BESIDE] = { AT_ONE, AT_TWO,
	AT_ONE_TOO };
static const char *const streams[KINDS] = { "9900000001/gen",
	"9900000002/gen", "9900000001/sealed", "9900010001/gen",
	"9900000009/gen" };

struct county_day {
	struct county c;
	struct api *api;
	struct county_seat seats[ROLES];
	struct county_seat beside;	/* a clerk of the other county */
	struct uuid ids[REGISTERS_MAX][KINDS];
	struct uuid scans[KINDS];
	struct uuid others[KINDS];	/* devices */
	bool gets[ROLES][REGISTERS_MAX][KINDS];
	bool reads[ROLES][REGISTERS_MAX][KINDS];
	bool changes[ROLES][REGISTERS_MAX][KINDS];
};

/* The program's own stand behind those of the definitions. */
static size_t
registers(const struct county_day *d)
{
	return d->c.schema->register_count + d->c.schema->own_count;
}

/* ---- the records, as they would stand in a ledger ---- */

static void
put(struct county_day *d, struct db *db, struct stream_touched *touched,
    const struct record *r, const struct schema_register *reg)
{
	const struct op op = { .kind = OP_NEW, .n = 1, .at = 1,
		.record = r->id };
	struct ledger_entry entry = { .device = &d->c.at[AT_COUNTY].device.id,
		.epoch = 1, .op = &op, .at = 1, .rev = 1 };
	char hash[RECORD_HASH_MAX];
	struct err err = ERR_INIT;

	record_hash(hash, r);
	entry.hash = hash;
	kit_check(ledger_record_put(db, r, hash, reg, &err), &err);
	kit_check(ledger_history_add(db, &entry, &err), &err);
	stream_touch(touched, r->office, &r->id, 1, hash);
}

static void
refer(struct county_day *d, struct record *r, const char *field,
    const char *to, enum which which)
{
	const struct schema_register *reg = schema_register_find(d->c.schema,
	    to);
	char text[UUID_TEXT_MAX];

	uuid_print(text, &d->ids[reg - d->c.schema->registers][which]);
	values_set(&r->values, field, text);
}

static void
add_record(struct county_day *d, struct db *db, struct stream_touched *touched,
    size_t i, enum which which)
{
	const struct schema_register *reg = &d->c.schema->registers[i];
	struct record r = { .id = d->ids[i][which], .rev = 1 };

	snprintf(r.reg, sizeof r.reg, "%s", reg->name);
	snprintf(r.office, sizeof r.office, "%s", offices[which]);
	if (reg->state_count)
		snprintf(r.state, sizeof r.state, "%s", reg->states[0].name);
	if (reg->person_field)
		refer(d, &r, reg->person_field, "person", which);
	if (reg->parent_field && reg->name[0] != '@')
		refer(d, &r, reg->parent_field, reg->parent, which);
	if (strcmp(reg->name, "person") == 0 && which == SEALED)
		values_set(&r.values, "confidential", "1");
	if (strcmp(reg->name, TRANSFER_REGISTER) == 0) {
		refer(d, &r, "record", "correction_subject", which);
		values_set(&r.values, "register", "correction_subject");
		values_set(&r.values, "from", offices[which]);
		values_set(&r.values, "to", offices[which]);
	}
	put(d, db, touched, &r, reg);
	record_release(&r);
}

static void
hash_of(char out[SCAN_HASH_TEXT], enum which which)
{
	uint8_t digest[CRYPTO_SHA256];

	crypto_sha256(digest, scan_bytes[which], strlen(scan_bytes[which]));
	crypto_hex(out, digest, sizeof digest);
}

static void
add_bytes(struct county_day *d, const char *hash, enum which which)
{
	const struct blob_place place = { .dir = d->c.dir, .hash = hash,
		.device = d->c.at[AT_COUNTY].device.id };
	int64_t at = 0, total = (int64_t)strlen(scan_bytes[which]);
	struct err err = ERR_INIT;
	bool whole = false;

	kit_check(blob_add(&at, &whole, &place, 0, total, scan_bytes[which],
	    (size_t)total, &err), &err);
	assert_true(whole);
}

/* A scan of a correction subject, with the bytes it names. */
static void
add_scan(struct county_day *d, struct db *db, struct stream_touched *touched,
    enum which which)
{
	const struct schema_register *reg = schema_register_find(d->c.schema,
	    SCAN_REGISTER);
	struct record r = { .id = d->scans[which], .rev = 1 };
	char hash[SCAN_HASH_TEXT] = "", size[24];

	hash_of(hash, which);
	add_bytes(d, hash, which);
	snprintf(r.reg, sizeof r.reg, "%s", SCAN_REGISTER);
	snprintf(r.office, sizeof r.office, "%s", offices[which]);
	refer(d, &r, "record", "correction_subject", which);
	values_set(&r.values, "name", "x.pdf");
	values_set(&r.values, "type", "pdf");
	snprintf(size, sizeof size, "%zu", strlen(scan_bytes[which]));
	values_set(&r.values, "size", size);
	values_set(&r.values, "arrived", "1");
	values_set(&r.values, "hash", hash);
	put(d, db, touched, &r, reg);
	record_release(&r);
}

static void
add_records(struct county_day *d)
{
	struct stream_touched touched = {0};
	struct err err = ERR_INIT;
	struct db *db = NULL;

	for (size_t i = 0; i < registers(d); i++)
		for (int w = 0; w < KINDS; w++)
			d->ids[i][w] = uuid_new();
	for (int w = 0; w < KINDS; w++)
		d->scans[w] = uuid_new();
	kit_check(ledger_begin(&db, d->c.ledger, &err), &err);
	for (size_t i = 0; i < registers(d); i++)
		for (int w = OWN; w < UNKNOWN; w++)
			if (strcmp(d->c.schema->registers[i].name,
			    SCAN_REGISTER) != 0)
				add_record(d, db, &touched, i, (enum which)w);
	for (int w = OWN; w < UNKNOWN; w++)
		add_scan(d, db, &touched, (enum which)w);
	kit_check(stream_publish(db, &touched, &err), &err);
	stream_touched_release(&touched);
	kit_check(ledger_end(d->c.ledger, E_OK, &err), &err);
	for (int w = OWN; w < UNKNOWN; w++) {
		struct snapshot s = {0};

		kit_check(snapshot_make(&s, d->c.dir, streams[w], NULL, &err),
		    &err);
		snapshot_release(&s);
	}
}

static bool
is_of_county(const char *role)
{
	return strcmp(role, "clerk") != 0 && strcmp(role, "chief") != 0 &&
	    strcmp(role, "mediator") != 0;
}

static int
setup(void **state)
{
	struct county_day *d = mem_alloc(1, sizeof *d);
	struct err err = ERR_INIT;

	tr_set(TR_EN);
	clock_fix(clock_parse("2026-11-22T10:00:00+08:00"));
	county_open_below(&d->c, builtin_files, builtin_count);
	assert_true(registers(d) < REGISTERS_MAX);
	kit_check(api_new(&d->api, d->c.ledger, d->c.schema, &err), &err);
	for (size_t i = 0; i < ROLES; i++) {
		const char *role = role_names[i];

		assert_non_null(role);
		county_seat(&d->seats[i], &d->c, strcmp(role, "city") == 0 ?
		    "9900" : is_of_county(role) ? "990000" : offices[OWN],
		    role);
	}
	assert_null(role_names[ROLES]);
	county_seat(&d->beside, &d->c, offices[BESIDE], "clerk");
	for (int w = 0; w < BESIDE; w++)
		d->others[w] = d->c.at[devices[w]].device.id;
	d->others[BESIDE] = d->beside.device.id;
	d->others[UNKNOWN] = uuid_new();
	add_records(d);
	*state = d;
	return 0;
}

static int
teardown(void **state)
{
	struct county_day *d = *state;

	api_free(d->api);
	county_close(&d->c);
	free(d);
	clock_fix(0);
	clock_fix_mono(0);
	tr_set(TR_ZH);
	return 0;
}

/* ---- asking ---- */

static void
print_hello(struct buf *out, struct county_day *d,
    const struct county_seat *seat, const struct wire_line *from, int64_t n)
{
	struct wire_hello hello = { .epoch = 1, .from = n,
		.max_bytes = WIRE_MAX_BYTES_MAX };

	uuid_print(hello.device, &seat->device.id);
	memcpy(hello.schema, d->c.schema->version, sizeof hello.schema);
	if (from && from->cursor_count > 0) {
		hello.cursor_count = from->cursor_count;
		memcpy(hello.cursors, from->cursors,
		    from->cursor_count * sizeof *hello.cursors);
	}
	wire_print_hello(out, &hello);
}

static void
place_of(size_t *reg, int *which, const struct county_day *d,
    const struct uuid *id)
{
	*reg = registers(d);
	for (size_t i = 0; i < registers(d); i++)
		for (int w = 0; w < KINDS; w++)
			if (uuid_compare(&d->ids[i][w], id) == 0) {
				*reg = i;
				*which = w;
			}
	for (int w = 0; w < KINDS; w++)
		if (uuid_compare(&d->scans[w], id) == 0) {
			*reg = (size_t)(schema_register_find(d->c.schema,
			    SCAN_REGISTER) - d->c.schema->registers);
			*which = w;
		}
	assert_true(*reg < registers(d));
}

/* Everything a device gets, and that its sums are those of it. */
static void
take_all(struct county_day *d, size_t role)
{
	struct wire_line end = {0};
	int64_t held = 0, said = 0;
	bool more = true;

	while (more) {
		struct call_answer a;
		struct buf text;

		buf_init(&text, BUF_BATCH_MAX);
		print_hello(&text, d, &d->seats[role], &end, 1);
		call_api(&a, d->api, &d->seats[role], "POST", "/v1/sync", text.data);
		assert_int_equal(a.status, 200);
		wire_line_release(&end);
		for (char *at = a.body.data; *at;) {
			char *stop = strchr(at, '\n');
			struct wire_line line = {0};
			struct err err = ERR_INIT;
			size_t reg = 0;
			int which = 0;

			kit_check(wire_parse_line(&line, at, (size_t)(stop - at),
			    &err), &err);
			at = stop + 1;
			if (line.kind == WIRE_PUT) {
				place_of(&reg, &which, d, &line.put.id);
				d->gets[role][reg][which] = true;
				held++;
			}
			if (line.kind == WIRE_END)
				end = line;
			else
				wire_line_release(&line);
		}
		more = end.more;
		buf_release(&a.body);
		buf_release(&text);
	}
	for (size_t i = 0; i < end.cursor_count; i++)
		said += end.cursors[i].held;
	assert_true(end.has_sums || held == 0);
	assert_int_equal(said, held);
	wire_line_release(&end);
}

static void
read_all(struct county_day *d, size_t role)
{
	for (size_t i = 0; i < registers(d); i++) {
		bool scan = strcmp(d->c.schema->registers[i].name,
		    SCAN_REGISTER) == 0;

		for (int w = 0; w < KINDS; w++) {
			char id[UUID_TEXT_MAX];
			char *body;
			struct call_answer a;

			uuid_print(id, scan ? &d->scans[w] : &d->ids[i][w]);
			body = mem_printf("{\"id\":\"%s\"}", id);
			call_api(&a, d->api, &d->seats[role], "POST", "/v1/history",
			    body);
			assert_true(a.status == 200 || a.status == 403 ||
			    a.status == 404);
			d->reads[role][i][w] = a.status == 200;
			free(body);
			buf_release(&a.body);
		}
	}
}

/* An entry that changes nothing is judged for its author before all else. */
static void
change_all(struct county_day *d, size_t role)
{
	const struct county_seat *seat = &d->seats[role];
	struct call_answer a;
	struct buf text;
	int64_t n = 0;

	buf_init(&text, BUF_BATCH_MAX);
	print_hello(&text, d, seat, NULL, 1);
	for (size_t i = 0; i < registers(d); i++) {
		const struct schema_register *reg = &d->c.schema->registers[i];

		for (int w = OWN; w < UNKNOWN; w++) {
			struct op op = { .epoch = 1, .n = ++n, .kind = OP_SET,
				.base = 1, .version = reg->version, .at = 1 };

			op.record = strcmp(reg->name, SCAN_REGISTER) == 0 ?
			    d->scans[w] : d->ids[i][w];
			snprintf(op.reg, sizeof op.reg, "%s", reg->name);
			snprintf(op.office, sizeof op.office, "%s",
			    offices[w]);
			snprintf(op.by, sizeof op.by, "%s", seat->login);
			wire_print_op(&text, &op);
		}
	}
	call_api(&a, d->api, seat, "POST", "/v1/sync", text.data);
	assert_int_equal(a.status, 200);
	for (char *at = a.body.data; *at; at = strchr(at, '\n') + 1) {
		struct wire_line line = {0};
		struct err err = ERR_INIT;

		kit_check(wire_parse_line(&line, at, (size_t)(strchr(at, '\n') -
		    at), &err), &err);
		if (line.kind == WIRE_VERDICT)
			d->changes[role][(line.n - 1) / UNKNOWN]
			    [(line.n - 1) % UNKNOWN] =
			    !verdict_is_refusal(line.verdict);
		wire_line_release(&line);
	}
	buf_release(&a.body);
	buf_release(&text);
}

/* ---- the table ---- */

static void
print_cell(struct buf *out, const struct county_day *d, size_t role, size_t i)
{
	for (int w = OWN; w < UNKNOWN; w++)
		buf_printf(out, "%s%c%c%c", w ? " " : "",
		    d->gets[role][i][w] ? 'g' : '.',
		    d->reads[role][i][w] ? 'r' : '.',
		    d->changes[role][i][w] ? 'c' : '.');
}

static int
compare_registers(const void *a, const void *b)
{
	const struct schema_register *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static void
print_registers(struct buf *out, const struct county_day *d)
{
	const struct schema_register *sorted[REGISTERS_MAX];
	size_t count = registers(d);

	for (size_t i = 0; i < count; i++)
		sorted[i] = &d->c.schema->registers[i];
	qsort(sorted, count, sizeof *sorted, compare_registers);
	buf_text(out, "# Registers.  For each role four records: of 9900000001,"
	    " of 9900000002, one of\n# 9900000001 that is sealed where it"
	    " is of a sealed person, and one of 9900010001,\n# of another"
	    " county of the city.  Clerk, chief and mediator work at"
	    " 9900000001,\n# city at the city, the others at the county"
	    " 990000.  g: sync brings it, r: its\n# history is told, c: a"
	    " change by this role is taken.\n#\n");
	buf_printf(out, "%-24s", "");
	for (size_t r = 0; r < ROLES; r++)
		buf_printf(out, "%-17.16s", d->seats[r].role + (strncmp(
		    d->seats[r].role, "county_", 7) == 0 ? 7 : 0));
	buf_char(out, '\n');
	for (size_t k = 0; k < count; k++) {
		size_t i = (size_t)(sorted[k] - d->c.schema->registers);

		buf_printf(out, "%-24s", sorted[k]->name);
		for (size_t r = 0; r < ROLES; r++) {
			print_cell(out, d, r, i);
			buf_text(out, r + 1 < ROLES ? "  " : "\n");
		}
	}
}

/* ---- every call ---- */

/* What is asked of each call: @ is a record, # the bytes of a scan, % a stream,
 * O an office, R a record that is new, $ an @, & a person, ~ a device; the same
 * for what is the own office's, another one's, sealed, and not there at all.
 * about: the register of @, as what: that which an operation says it is of. */
#define OP(office) "H{\"t\":\"op\",\"n\":N,\"id\":\"@\",\"k\":" \
	"\"mediation_case\",\"o\":\"" office "\",\"kind\":\"set\"," \
	"\"base\":1,\"after\":0,\"set\":{\"summary\":[\"\",\"x\"]}," \
	"\"sv\":V,\"by\":\"U\",\"at\":1}\n"
#define NEW_BELOW(reg, rest) "H{\"t\":\"op\",\"n\":N,\"id\":\"R\",\"k\":\"" \
	reg "\",\"o\":\"9900000001\",\"kind\":\"new\",\"base\":0," \
	"\"after\":0,\"set\":{\"record\":[\"\",\"@\"]," rest "}," \
	"\"sv\":V,\"by\":\"U\",\"at\":1}\n"
#define CASE "mediation_case"
#define SUBJECT "correction_subject"
static const struct {
	const char *method, *path, *body, *about, *as;
} calls[] = {
	{ "GET", "/v1/ping", "", NULL, NULL },
	{ "GET", "/v1/openapi.json", "", NULL, NULL },
	{ "POST", "/v1/enroll", "{\"code\":\"AAAAAAAAAA\"}", NULL, NULL },
	{ "POST", "/v1/login", "{\"user\":1}", NULL, NULL },
	{ "POST", "/v1/password",
	    "{\"user\":1,\"new\":\"A second-1 one\"}", NULL, NULL },
	{ "GET", "/v1/session", "", NULL, NULL },
	{ "GET", "/v1/wait", "", NULL, NULL },
	{ "GET", "/v1/schema/0000000000000000", "", NULL, NULL },
	{ "HEAD", "/v1/blob/#", "", NULL, NULL },
	{ "PUT", "/v1/blob/#", "x", NULL, NULL },
	{ "GET", "/v1/blob/#", "", NULL, NULL },
	{ "GET", "/v1/offices", "", NULL, NULL },
	{ "POST", "/v1/names", "{\"mark\":\"\",\"want\":[{\"user\":"
	    "\"&\",\"record\":\"@\"}]}", CASE, NULL },
	{ "POST", "/v1/names", "{\"mark\":\"\",\"want\":[{\"user\":"
	    "\"&\",\"record\":\"@\"}]}", SUBJECT, NULL },
	{ "GET", "/v1/snapshot/%", "", NULL, NULL },
	{ "POST", "/v1/sync", OP("9900000001"), CASE, CASE },
	{ "POST", "/v1/sync", OP("O"), CASE, CASE },
	{ "POST", "/v1/sync", OP("9900000001"), SUBJECT, CASE },
	{ "POST", "/v1/sync", NEW_BELOW("$scan", "\"name\":[\"\","
	    "\"x.pdf\"],\"type\":[\"\",\"pdf\"],\"size\":[\"\",\"9\"],"
	    "\"hash\":[\"\",\"ZZZZ\"],\"added_by\":[\"\",\"Y\"],"
	    "\"added_on\":[\"\",\"2026-11-22\"]"), SUBJECT, SCAN_REGISTER },
	{ "POST", "/v1/sync", NEW_BELOW("$transfer", "\"to\":[\"\","
	    "\"9900000002\"],\"reason\":[\"\",\"x\"],"
	    "\"offered_by\":[\"\",\"Y\"]"), SUBJECT, TRANSFER_REGISTER },
	{ "POST", "/v1/history", "{\"id\":\"@\"}", CASE, NULL },
	{ "POST", "/v1/history", "{\"id\":\"@\"}", SUBJECT, NULL },
	{ "POST", "/v1/audit", "{\"before\":\"\",\"oldest\":true}\n", NULL, NULL },
	{ "GET", "/v1/audit?record=@", "", CASE, NULL },
	{ "GET", "/v1/audit?record=@", "", SUBJECT, NULL },
	{ "POST", "/v1/reconcile", "{\"t\":\"rec\",\"step\":\"ids\",\"dev\":"
	    "\"D\",\"ep\":1,\"s\":\"%\",\"which\":\"ZZZZ\"}\n", NULL, NULL },
	{ "POST", "/v1/wiped", "{\"wipe\":\"x\"}", NULL, NULL },
	{ "GET", "/v1/people", "", NULL, NULL },
	{ "POST", "/v1/people/add", "{\"user\":\"u1\",\"name\":\"x\","
	    "\"role\":\"clerk\",\"office\":\"O\"}", NULL, NULL },
	{ "POST", "/v1/people/set", "{\"user\":\"&\"}", NULL, NULL },
	{ "POST", "/v1/people/set", "{\"user\":\"&\",\"office\":\"O\"}", NULL, NULL },
	{ "POST", "/v1/people/disable", "{\"user\":\"&\"}", NULL, NULL },
	{ "POST", "/v1/people/enable", "{\"user\":\"&\"}", NULL, NULL },
	{ "POST", "/v1/people/password", "{\"user\":\"&\"}", NULL, NULL },
	{ "POST", "/v1/people/agree", "{\"user\":\"&\",\"request\":1}", NULL,
	    NULL },
	{ "POST", "/v1/people/refuse", "{\"user\":\"&\",\"request\":1}", NULL,
	    NULL },
	{ "GET", "/v1/devices", "", NULL, NULL },
	{ "POST", "/v1/devices/code", "{\"office\":\"O\"}", NULL, NULL },
	{ "POST", "/v1/devices/revoke", "{\"device\":\"~\"}", NULL, NULL },
	{ "POST", "/v1/devices/allow", "{\"device\":\"~\"}", NULL, NULL },
	{ "POST", "/v1/devices/erase", "{\"device\":\"~\"}", NULL, NULL },
	{ "POST", "/v1/devices/give",
	    "{\"device\":\"~\",\"office\":\"O\"}", NULL, NULL },
	{ "POST", "/v1/offices/add", "{\"code\":\"O\",\"name\":\"x\"}", NULL, NULL },
	{ "POST", "/v1/offices/rename", "{\"code\":\"O\",\"name\":\"x\"}", NULL, NULL },
	{ "GET", "/v1/quarantine", "", NULL, NULL },
	{ "POST", "/v1/quarantine/show", "{\"entry\":\"D09-1-1\"}", NULL, NULL },
	{ "POST", "/v1/quarantine/take", "{\"entry\":\"D09-1-1\"}", NULL, NULL },
	{ "POST", "/v1/quarantine/dismiss",
	    "{\"entry\":\"D09-1-1\",\"why\":\"x\"}", NULL, NULL },
	{ "POST", "/v1/numbers/lease", "{\"hold\":[],\"ask\":[]}", NULL, NULL },
	{ "POST", "/v1/numbers/return", "{\"hold\":[]}", NULL, NULL },
};

enum { CALLS = sizeof calls / sizeof calls[0] };

static const struct schema_register *
named(const struct county_day *d, const char *name)
{
	return schema_register_find(d->c.schema, name ? name : CASE);
}

static void
fill(struct buf *out, struct county_day *d, const struct county_seat *seat,
    const char *text, size_t i, enum which which, int64_t n)
{
	const size_t about = (size_t)(named(d, calls[i].about) -
	    d->c.schema->registers);
	const struct uuid fresh = uuid_new();
	char id[UUID_TEXT_MAX], device[UUID_TEXT_MAX], hash[SCAN_HASH_TEXT];
	char new[UUID_TEXT_MAX], other[UUID_TEXT_MAX];

	hash_of(hash, which);
	uuid_print(id, &d->ids[about][which]);
	uuid_print(new, &fresh);
	uuid_print(device, &seat->device.id);
	uuid_print(other, &d->others[which]);
	for (; *text; text++) {
		if (*text == '@')
			buf_text(out, id);
		else if (*text == '$')
			buf_char(out, '@');
		else if (*text == '%')
			buf_text(out, streams[which]);
		else if (*text == '#')
			buf_text(out, hash);
		else if (*text == '&')
			buf_text(out, people[which]);
		else if (*text == '~')
			buf_text(out, other);
		else if (*text == 'N')
			buf_printf(out, "%lld", (long long)n);
		else if (*text == 'O')
			buf_text(out, offices[which]);
		else if (*text == 'V')
			buf_printf(out, "%d", named(d, calls[i].as)->version);
		else if (*text == 'Y')
			buf_text(out, seat->role);
		else if (*text == 'R')
			buf_text(out, new);
		else if (*text == 'U')
			buf_text(out, seat->login);
		else if (*text == 'D')
			buf_text(out, device);
		else if (*text == 'Z')
			buf_text(out, "ffffffffffffffff");
		else if (*text == 'H')
			print_hello(out, d, seat, NULL, n);
		else
			buf_char(out, *text);
	}
}

/* The verdict and its reason, without its number and the feed behind it. */
static const char *
verdict_of(const struct call_answer *a)
{
	const char *verdict = strstr(a->body.data, "\"r\":");

	return verdict ? verdict : a->body.data;
}

static void
call(struct call_answer *a, struct county_day *d, size_t role, size_t i,
    enum which which)
{
	static int64_t n[ROLES];
	const struct county_seat *seat = &d->seats[role];
	struct buf path, body;

	if (strcmp(calls[i].path, "/v1/sync") == 0)
		n[role] = (n[role] ? n[role] :
		    (int64_t)registers(d) * UNKNOWN) + 1;
	buf_init(&path, HTTP_PATH_MAX);
	buf_init(&body, BUF_LINE_MAX);
	fill(&path, d, seat, strpbrk(calls[i].path, "#%@") ?
	    calls[i].path : "", i, which, 0);
	fill(&body, d, seat, strchr("{H", calls[i].body[0]) &&
	    strpbrk(calls[i].body, "@%HO&~") ? calls[i].body : "", i, which,
	    n[role]);
	call_api(a, d->api, seat, calls[i].method, path.len ? path.data : calls[i].path,
	    body.len ? body.data : calls[i].body);
	buf_release(&path);
	buf_release(&body);
}

static void
are_alike(const struct call_answer *a, const struct call_answer *b)
{
	const char *x = verdict_of(a), *y = verdict_of(b);
	size_t len = strcspn(x, "\n");

	assert_int_equal(a->status, b->status);
	assert_int_equal(a->retry_after_s, b->retry_after_s);
	assert_memory_equal(&a->upload, &b->upload, sizeof a->upload);
	assert_memory_equal(&a->part, &b->part, sizeof a->part);
	if (len != strcspn(y, "\n") || memcmp(x, y, len) != 0)
		fail_msg("%.*s\nis not\n%.*s", (int)len, x,
		    (int)strcspn(y, "\n"), y);
}

/* Is a record what the call is about, and may this role read it? */
static bool
knows(const struct county_day *d, size_t role, size_t i, enum which which)
{
	const char *about = strchr(calls[i].path, '#') ? SCAN_REGISTER :
	    calls[i].about;

	/* whoever reads the trace of all reads it, not the record */
	if (role_may(d->seats[role].role, ROLE_TRACE) &&
	    strncmp(calls[i].path, "/v1/audit?", 10) == 0)
		return true;
	return about && d->reads[role][named(d, about) -
	    d->c.schema->registers][which];
}

/* What is another office's, sealed, or of a register that the role does not
 * read, is told byte by byte as what is not there. */
static void
unseen_is_unknown(const struct county_day *d, const struct call_answer a[KINDS],
    size_t role, size_t i)
{
	bool about = calls[i].about || strchr(calls[i].path, '#');
	bool office = strstr(calls[i].body, "\"O\"") != NULL;

	print_message("# %s: %s %s %s\n", d->seats[role].role,
	    calls[i].method, calls[i].path, about && calls[i].about ?
	    calls[i].about : "");
	if (!is_of_county(d->seats[role].role)) {
		are_alike(&a[FOREIGN], &a[UNKNOWN]);
		are_alike(&a[BESIDE], &a[UNKNOWN]);
	}
	for (int w = OWN; about && !office && w < UNKNOWN; w++)
		if (!knows(d, role, i, (enum which)w))
			are_alike(&a[w], &a[UNKNOWN]);
}

static void
print_call(struct buf *out, size_t i)
{
	const char *about = calls[i].about, *as = calls[i].as;

	buf_printf(out, "%s %s%s", calls[i].method, calls[i].path,
	    strstr(calls[i].body, "\"O\"") ? " for that office" : "");
	if (about && as && strcmp(about, as) != 0)
		buf_printf(out, " of a %s, as %s", about, as);
	else if (about && strcmp(about, CASE) != 0)
		buf_printf(out, " of a %s", about);
	buf_char(out, '\n');
}

static void
print_calls(struct buf *out, struct county_day *d)
{
	clock_fix_mono(1);
	buf_text(out, "\n# Calls.  What each is answered about what is the own"
	    " office's, another one's, sealed,\n# another county's, unknown: a"
	    " status, or the verdict on an operation.  The scans are of correction\n# subjects,"
	    " the operation and the history of a mediation case.\n#\n");
	for (size_t i = 0; i < CALLS; i++) {
		print_call(out, i);
		for (size_t r = 0; r < ROLES; r++) {
			struct call_answer a[KINDS];

			clock_fix_mono((int64_t)(i * ROLES + r) * 61000 + 1);
			buf_printf(out, "    %-18s", d->seats[r].role);
			for (int w = 0; w < KINDS; w++) {
				const char *v;

				call(&a[w], d, r, i, (enum which)w);
				v = strstr(a[w].body.data, "\"t\":\"v\"");
				if (v)
					v = strstr(v, "\"r\":\"") + 5;
				buf_printf(out, " %3d%s%.*s", a[w].status,
				    v ? ":" : "", v ? (int)strcspn(v, "\"") : 0,
				    v ? v : "");
			}
			buf_char(out, '\n');
			unseen_is_unknown(d, a, r, i);
			for (int w = 0; w < KINDS; w++)
				buf_release(&a[w].body);
		}
	}
}

/* ---- tests ---- */

static void
expect_table(const struct buf *now)
{
	struct err err = ERR_INIT;
	struct buf was;
	FILE *f;

	if (getenv("UPDATE_MATRIX")) {
		f = fopen(table, "w");
		assert_non_null(f);
		fwrite(now->data, 1, now->len, f);
		assert_int_equal(fclose(f), 0);
	}
	buf_init(&was, BUF_RECORD_MAX);
	kit_check(io_read(&was, table, &err), &err);
	for (const char *x = was.data, *y = now->data; *x || *y;) {
		size_t len = strcspn(x, "\n");

		if (len != strcspn(y, "\n") || memcmp(x, y, len) != 0)
			fail_msg("%s says\n%.*s\nand now it is\n%.*s", table,
			    (int)len, x, (int)strcspn(y, "\n"), y);
		x += len + (x[len] == '\n');
		y += len + (y[len] == '\n');
	}
	buf_release(&was);
}

static void
everybody_everywhere(void **state)
{
	struct county_day *d = *state;
	struct buf now;

	buf_init(&now, BUF_RECORD_MAX);
	for (size_t r = 0; r < ROLES; r++) {
		take_all(d, r);
		read_all(d, r);
		change_all(d, r);
	}
	print_registers(&now, d);
	print_calls(&now, d);
	expect_table(&now);
	buf_release(&now);
}

/* What the table must say whatever is in it: domain.md 7.2 and 7.4. */
static void
what_no_definition_may_change(void **state)
{
	struct county_day *d = *state;

	for (size_t r = 0; r < ROLES; r++)
		take_all(d, r);
	for (size_t i = 0; i < registers(d); i++) {
		const char *name = d->c.schema->registers[i].name;
		bool criminal = strncmp(name, "correction_", 11) == 0 ||
		    strncmp(name, "resettlement_", 13) == 0;

		for (size_t r = 0; r < ROLES; r++) {
			const char *role = d->seats[r].role;
			bool none = role_is_apart(role);

			none = none || (criminal &&
			    (strcmp(role, "county_base") == 0 ||
			    strcmp(role, "mediator") == 0));
			for (int w = 0; w < UNKNOWN; w++)
				assert_false(none && d->gets[r][i][w]);
			assert_false(!is_of_county(role) &&
			    d->gets[r][i][FOREIGN]);
			assert_false(strcmp(role, "city") != 0 &&
			    d->gets[r][i][BESIDE]);
		}
	}
}

/* Every call there is stands in the table. */
static void
no_call_is_left_out(void **state)
{
	const char *method = NULL, *path = NULL;

	(void)state;
	for (size_t i = 0; api_route(&method, &path, i); i++) {
		bool found = false;

		for (size_t k = 0; k < CALLS; k++)
			found = found || (strcmp(calls[k].method, method) == 0
			    && strncmp(calls[k].path, path, strlen(path)) == 0);
		if (!found)
			fail_msg("%s %s stands in no table", method, path);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(everybody_everywhere, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(what_no_definition_may_change,
		    setup, teardown),
		cmocka_unit_test(no_call_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
