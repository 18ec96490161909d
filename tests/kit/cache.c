/* A cache for tests; see cache.h. */
#include "db/db_fail.h"
#include "kit/cache.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/inside.h"

#define LABEL(zh, en) "{\"zh\":\"" zh "\",\"en\":\"" en "\"}"
#define FIELD(name, type, more) "{\"name\":\"" name "\",\"label\":" \
	LABEL("字段" name, name) ",\"type\":\"" type "\"" more "}"

static const char person[] =
	"{\"register\":\"person\",\"version\":1,\"order\":1,"
	"\"title\":" LABEL("人员", "People") ",\"one\":" LABEL("人", "person")
	",\"called\":[\"name\"],\"write\":[\"clerk\"],\"fields\":["
	FIELD("name", "text", ",\"need\":\"save\",\"overview\":true") ","
	FIELD("id_no", "text", ",\"overview\":true") ","
	FIELD("phone", "text", ",\"overview\":true") ","
	FIELD("from", "date", ",\"group\":\"term\"") ","
	FIELD("to", "date", ",\"group\":\"term\"") ","
	FIELD("note", "note", ",\"rows\":3") "],"
	"\"list\":{\"columns\":[{\"path\":\"name\",\"cells\":10},"
	"{\"path\":\"phone\",\"cells\":12}],\"sort\":[\"name\"]},"
	"\"form\":[{\"page\":" LABEL("基本", "Basic") ",\"rows\":["
	"[\"name\",\"id_no\"],[\"phone\"],[\"from\",\"to\"],[\"note\"]]}],"
	"\"lookup\":[{\"field\":\"name\",\"as\":\"name\"},"
	"{\"field\":\"phone\",\"as\":\"digits\"}]}";

static const char cases[] =
	"{\"register\":\"case\",\"version\":2,\"order\":2,"
	"\"title\":" LABEL("案件", "Cases") ",\"one\":" LABEL("案件", "case")
	",\"person\":\"person_id\",\"called\":[\"person_id.name\",\"no\"],"
	"\"write\":[\"clerk\"],\"fields\":["
	FIELD("person_id", "ref", ",\"to\":\"person\",\"overview\":true") ","
	FIELD("no", "text", ",\"overview\":true,\"suggest\":\"person.name\"")
	","
	FIELD("opened", "date", ",\"overview\":true") ","
	FIELD("amount", "money", ",\"overview\":true") "],"
	"\"states\":[{\"name\":\"draft\",\"label\":" LABEL("草稿", "draft") "},"
	"{\"name\":\"open\",\"label\":" LABEL("办理中", "open")
	",\"active\":true}],"
	"\"moves\":[{\"name\":\"accept\",\"label\":" LABEL("受理", "accept")
	",\"from\":[\"draft\"],\"to\":\"open\",\"roles\":[\"clerk\"],"
	"\"needs\":[\"opened\"],\"guard\":[{\"field\":\"@overlays\","
	"\"op\":\"ne\",\"value\":\"lost\"}],\"guard_text\":"
	LABEL("下落不明，不能受理。", "Lost: not to be accepted.") "}],"
	"\"overlays\":[{\"name\":\"leave\",\"label\":" LABEL("请假", "leave")
	",\"register\":\"absence\",\"states\":[\"away\"],\"when\":["
	"{\"field\":\"kind\",\"op\":\"ne\",\"value\":\"lost\"}]},"
	"{\"name\":\"lost\",\"label\":" LABEL("脱管", "lost")
	",\"grave\":true,\"register\":\"absence\",\"states\":[\"away\"],"
	"\"when\":[{\"field\":\"kind\",\"op\":\"eq\",\"value\":\"lost\"}]}],"
	"\"list\":{\"columns\":[{\"path\":\"person_id.name\",\"cells\":10},"
	"{\"path\":\"visit.what\",\"cells\":10},{\"path\":\"no\",\"cells\":0}],"
	"\"sort\":[\"-amount\"]},"
	"\"form\":[{\"page\":" LABEL("基本", "Basic") ",\"rows\":["
	"[\"person_id\"],[\"no\",\"opened\"],[\"amount\"]]}],"
	"\"lookup\":[{\"field\":\"no\",\"as\":\"place\"}]}";

static const char visit[] =
	"{\"register\":\"visit\",\"version\":1,\"order\":3,\"event\":true,"
	"\"title\":" LABEL("走访", "Visits") ",\"one\":" LABEL("走访", "visit")
	",\"parent\":{\"register\":\"case\",\"field\":\"case_id\"},"
	"\"called\":[\"what\"],\"write\":[\"clerk\"],\"fields\":["
	FIELD("case_id", "ref", ",\"to\":\"case\",\"readonly\":true,"
	"\"need\":\"save\",\"overview\":true") ","
	FIELD("what", "text", ",\"overview\":true") "],"
	"\"list\":{\"columns\":[{\"path\":\"what\",\"cells\":0}]},"
	"\"form\":[{\"page\":" LABEL("走访", "Visit")
	",\"rows\":[[\"what\"]]}]}";

/* Two overlays of its case; entered only while the case is not open. */
static const char absence[] =
	"{\"register\":\"absence\",\"version\":1,\"order\":4,"
	"\"title\":" LABEL("离开", "Absences") ",\"one\":"
	LABEL("离开", "absence")
	",\"parent\":{\"register\":\"case\",\"field\":\"case_id\"},"
	"\"called\":[\"kind\"],\"write\":[\"clerk\"],\"fields\":["
	FIELD("case_id", "ref", ",\"to\":\"case\",\"readonly\":true,"
	"\"need\":\"save\",\"overview\":true") ","
	FIELD("kind", "text", ",\"overview\":true") "],"
	"\"checks\":[{\"check\":\"forbid\",\"when\":["
	"{\"field\":\"kind\",\"op\":\"eq\",\"value\":\"late\"},"
	"{\"field\":\"@parent_state\",\"op\":\"eq\",\"value\":\"open\"}],"
	"\"text\":" LABEL("案件已受理。", "The case is open.") "},"
	"{\"check\":\"forbid\",\"when\":["
	"{\"field\":\"kind\",\"op\":\"eq\",\"value\":\"move\"},"
	"{\"field\":\"@parent_overlays\",\"op\":\"eq\",\"value\":\"lost\"}],"
	"\"text\":" LABEL("下落不明。", "Lost.") "}],"
	"\"states\":[{\"name\":\"away\",\"label\":" LABEL("在外", "away")
	",\"active\":true},{\"name\":\"back\",\"label\":"
	LABEL("已回", "back") "}],"
	"\"moves\":[{\"name\":\"return\",\"label\":" LABEL("返回", "return")
	",\"from\":[\"away\"],\"to\":\"back\",\"roles\":[\"clerk\"]}],"
	"\"list\":{\"columns\":[{\"path\":\"kind\",\"cells\":0}]},"
	"\"form\":[{\"page\":" LABEL("离开", "Absence")
	",\"rows\":[[\"kind\"]]}]}";

static const struct def_file files[] = {
	{ "registers/absence.json", absence, sizeof absence - 1 },
	{ "registers/case.json", cases, sizeof cases - 1 },
	{ "registers/person.json", person, sizeof person - 1 },
	{ "registers/visit.json", visit, sizeof visit - 1 },
};

/* ---- setting up ---- */

static void
load_schema(struct cache *c, const struct def_file *from, size_t count)
{
	struct complaints bad = {0};
	struct err err = ERR_INIT;

	if (schema_load(&c->schema, from, count, &bad, &err)) {
		for (size_t i = 0; i < bad.count; i++)
			print_message("%s %s: %s\n", bad.items[i].file,
				bad.items[i].path, bad.items[i].text);
		fail_msg("%s", err.msg);
	}
}

static int
set_up_with(void **state, const struct def_file *from, size_t count)
{
	struct cache *c = mem_alloc(1, sizeof *c);
	struct err err = ERR_INIT;

	crypto_init();
	snprintf(c->home, sizeof c->home, "/tmp/test_cache.XXXXXX");
	if (!mkdtemp(c->home))
		return -1;
	load_schema(c, from, count);
	crypto_random(&c->share, sizeof c->share);
	if (store_open(&c->s, c->home, true, c->schema, &err)) {
		print_message("%s\n", err.msg);
		return -1;
	}
	*state = c;
	return 0;
}

int
cache_set_up_new(void **state)
{
	return set_up_with(state, files, sizeof files / sizeof *files);
}

static int
enroll(void **state)
{
	static const struct store_device device = {
		.server = "https://localhost:1", .token = "device-token",
		.device = "01941f29-0000-7000-8000-000000000001",
		.office = "3412000001", .office_name = "青石司法所",
		.county_name = "某县", .epoch = 1,
	};
	static const struct store_user user = {
		.login = "zhang", .name = "张三", .role = "clerk",
		.office = "3412000001", .token = "user-token",
	};
	struct cache *c = *state;
	struct err err = ERR_INIT;

	if (store_enroll(c->s, &device, &c->share, &err) ||
	    store_admit(c->s, &user, CACHE_PASSWORD, &c->share, &err)) {
		print_message("%s\n", err.msg);
		return -1;
	}
	return 0;
}

int
cache_set_up(void **state)
{
	return cache_set_up_new(state) ? -1 : enroll(state);
}

int
cache_set_up_builtin(void **state)
{
	return set_up_with(state, builtin_files, builtin_count) ? -1 :
		enroll(state);
}

int
cache_tear_down(void **state)
{
	struct cache *c = *state;
	DIR *d;
	struct dirent *e;

	db_fail_after(0);
	store_close(c->s);
	schema_free(c->schema);
	d = opendir(c->home);
	while (d && (e = readdir(d))) {
		char *path = mem_printf("%s/%s", c->home, e->d_name);

		if (e->d_name[0] != '.')
			unlink(path);
		free(path);
	}
	if (d)
		closedir(d);
	rmdir(c->home);
	free(c);
	return 0;
}

struct store *
cache_open(const struct cache *c)
{
	struct store *s = NULL;
	struct err err = ERR_INIT;

	if (store_open(&s, c->home, false, c->schema, &err) ||
	    account_use_key(s, &c->s->keys.data, "zhang", &err))
		fail_msg("%s", err.msg);
	return s;
}

/* ---- records ---- */

static void
set_values(struct record *r, const char *values)
{
	char *copy = mem_strdup(values), *at = copy, *save = NULL;

	for (char *pair = strtok_r(at, ";", &save); pair;
	    pair = strtok_r(NULL, ";", &save)) {
		char *text = strchr(pair, '=');

		assert_non_null(text);
		*text++ = '\0';
		assert_true(record_set(r, pair, text));
	}
	free(copy);
}

void
cache_record(struct record *out, const char *reg, const char *values)
{
	*out = (struct record){0};
	snprintf(out->reg, sizeof out->reg, "%s", reg);
	set_values(out, values);
}

struct uuid
cache_add(struct store *s, const char *reg, const char *values)
{
	struct record r;
	struct save save = { .record = &r };
	struct err err = ERR_INIT;
	struct uuid id;

	cache_record(&r, reg, values);
	if (save_record(s, &save, &err))
		fail_msg("%s", err.msg);
	id = r.id;
	record_release(&r);
	faults_release(&save.faults);
	return id;
}

enum status
cache_change(struct store *s, const struct uuid *id, const char *values,
	struct err *err)
{
	struct record seen = {0}, r = {0};
	struct save save = { .record = &r, .seen = &seen };
	enum status st = store_get(&seen, s, id, err);

	if (st)
		return st;
	record_copy(&r, &seen);
	set_values(&r, values);
	st = save_record(s, &save, err);
	record_release(&r);
	record_release(&seen);
	faults_release(&save.faults);
	return st;
}

const char *
cache_value(struct store *s, const struct uuid *id, const char *field)
{
	static char text[256];
	struct record r = {0};
	struct err err = ERR_INIT;

	if (store_get(&r, s, id, &err)) {
		snprintf(text, sizeof text, "(%s)", err_name(err.code));
		return text;
	}
	snprintf(text, sizeof text, "%s", record_get(&r, field));
	record_release(&r);
	return text;
}

/* ---- pages ---- */

static struct wire_line *
add_line(struct page *p, enum wire_kind kind)
{
	struct wire_line *line = &p->lines[p->count++];

	assert_true(p->count <= sizeof p->lines / sizeof p->lines[0]);
	*line = (struct wire_line){ .kind = kind };
	if (kind != WIRE_VERDICT && kind != WIRE_END) {
		snprintf(line->stream, sizeof line->stream, CACHE_STREAM);
		line->seq = ++p->seq;
	}
	return line;
}

void
page_verdict(struct page *p, int64_t n, enum verdict v, int64_t rev,
	const char *why)
{
	struct wire_line *line = add_line(p, WIRE_VERDICT);

	line->n = n;
	line->verdict = v;
	line->rev = rev;
	snprintf(line->why, sizeof line->why, "%s", why);
}

void
page_ack(struct page *p, struct store *s, const struct uuid *id, int64_t rev)
{
	struct wire_line *line = add_line(p, WIRE_ACK);
	struct record r = {0};
	struct err err = ERR_INIT;

	if (store_get(&r, s, id, &err))
		fail_msg("%s", err.msg);
	line->record = *id;
	line->rev = rev;
	record_hash(line->hash, &r);
	record_release(&r);
}

void
page_run(struct page *p, int64_t n, int64_t to)
{
	struct wire_line *line = add_line(p, WIRE_RUN);

	line->n = n;
	line->to = to;
}

void
page_put(struct page *p, const struct record *r, int64_t rev)
{
	struct wire_line *line = add_line(p, WIRE_PUT);

	record_copy(&line->put, r);
	line->put.rev = rev;
	line->rev = rev;
	line->record = r->id;
}

void
page_gone(struct page *p, const struct uuid *id)
{
	add_line(p, WIRE_GONE)->record = *id;
}

void
page_erased(struct page *p, const struct uuid *id)
{
	struct wire_line *line = add_line(p, WIRE_GONE);

	line->record = *id;
	snprintf(line->why, sizeof line->why, "erased");
}

enum status
page_apply(struct page *p, struct store *s, struct apply_counts *counts,
	struct err *err)
{
	struct apply_counts ignored = {0};
	struct wire_line *end = add_line(p, WIRE_END);
	enum status st;

	end->cursors = mem_alloc(WIRE_STREAMS_MAX, sizeof *end->cursors);
	snprintf(end->cursors[0].stream, sizeof end->cursors[0].stream,
		CACHE_STREAM);
	end->cursors[0].seq = p->seq;
	snprintf(end->cursors[0].mark, sizeof end->cursors[0].mark, "0000abcd");
	end->cursor_count = 1;
	end->server_at = clock_now_at();
	end->more = p->more;
	st = apply_page(counts ? counts : &ignored, s, p->lines, p->count, err);
	for (size_t i = 0; i < p->count; i++)
		wire_line_release(&p->lines[i]);
	p->count = 0;
	return st;
}

size_t
cache_damage(struct store *s)
{
	struct store_findings f = {0};
	struct err err = ERR_INIT;
	size_t bad = 0;

	if (store_check(&f, s, &err))
		fail_msg("%s", err.msg);
	for (size_t i = 0; i < f.count; i++) {
		if (f.items[i].bad) {
			print_message("%s\n", f.items[i].what);
			bad++;
		}
	}
	store_findings_release(&f);
	return bad;
}
