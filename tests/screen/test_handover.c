/*
 * A record goes to another office, as both see it: offered, read-only, accepted
 * or not; what stays behind; and what was entered too late, where it arrives
 * and where it came from.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "client/app.h"
#include "core/question.h"
#include "core/transfer.h"
#include "kit/cache.h"
#include "kit/playapp.h"
#include "kit/screen.h"
#include "store/office_names.h"
#include "store/outbox.h"
#include "store/overview.h"

/* 2026-03-02 09:11:05 in +08:00 */
#define NOW_AT 1772413865000
#define HERE "990101001"
#define THERE "990101002"

static const char offices[] = "{\"offices\":["
	"{\"code\":\"990101001\",\"name\":\"枫桥司法所\"},"
	"{\"code\":\"990101002\",\"name\":\"白水司法所\"},"
	"{\"code\":\"990101003\",\"name\":\"青石司法所\"}]}";

/* A record of the register; called: how it begins. */
static struct uuid
find(struct playapp *p, const char *reg, const char *called)
{
	for (size_t i = 0; i < overview_count(p->cli.store); i++) {
		const struct overview *o = overview_at(p->cli.store, i);
		struct buf text;
		bool is;

		if (!o || strcmp(o->reg_name, reg) != 0)
			continue;
		buf_init(&text, BUF_LINE_MAX);
		overview_called(&text, p->cli.store, o);
		is = strncmp(text.data, called, strlen(called)) == 0;
		buf_release(&text);
		if (is)
			return o->id;
	}
	fail_msg("no %s %s", reg, called);
	return (struct uuid){{0}};
}

static void
apply(struct playapp *p, struct page *page)
{
	struct err err = ERR_INIT;

	if (page_apply(page, p->cli.store, NULL, &err))
		fail_msg("%s", err.msg);
	playapp_tick(p);
	app_look(&p->app);
	app_paint(&p->app, &p->canvas);
}

/* Of the operations up to this one, those on the same record; beyond the end:
 * of all. */
static int64_t
count_of(const struct outbox_list *l, size_t i)
{
	const struct uuid *id = &l->items[i % l->count].op.record;
	int64_t n = 0;

	for (size_t k = 0; k <= i && k < l->count; k++)
		n += uuid_compare(&l->items[k].op.record, id) == 0;
	return n;
}

/* The county takes all that waits. */
static void
deliver(struct playapp *p, struct page *page)
{
	struct outbox_list l = {0};
	struct err err = ERR_INIT;

	if (outbox_list(&l, p->cli.store, OUTBOX_WAITING, NULL, &err))
		fail_msg("%s", err.msg);
	for (size_t i = 0; i < l.count; i++)
		page_verdict(page, l.items[i].op.n, VERDICT_OK,
			count_of(&l, i), "");
	for (size_t i = 0; i < l.count; i++)
		if (count_of(&l, i) == count_of(&l, l.count + i))
			page_ack(page, p->cli.store, &l.items[i].op.record,
				count_of(&l, i));
	outbox_list_release(&l);
	apply(p, page);
}

static void
start(struct playapp *p, struct page *page, enum tr_lang lang)
{
	struct err err = ERR_INIT;

	playapp_start(p, lang, NOW_AT, "handover");
	if (office_names_keep(p->cli.store, offices, sizeof offices - 1,
	    "2026-03-02", &err))
		fail_msg("%s", err.msg);
	deliver(p, page);
}

/* What the other side, or another computer here, made of a record. */
static void
add_transfer(struct page *page, const struct uuid *about, const char *from,
	const char *to, const char *state, struct uuid *id)
{
	char text[UUID_TEXT_MAX];
	struct record r = {0};

	uuid_print(text, about);
	cache_record(&r, TRANSFER_REGISTER, "register=correction_subject;"
		"name=张某;number=(2025)枫矫字第12号;reason=居住地迁至外镇;"
		"offered_by=陈所长;offered_on=2026-03-01");
	if (uuid_is_zero(id))
		*id = uuid_new();
	r.id = *id;
	snprintf(r.office, sizeof r.office, "%s", from);
	snprintf(r.state, sizeof r.state, "%s", state);
	snprintf(r.updated_by, sizeof r.updated_by, "chen");
	r.updated_at = NOW_AT - 3600000;
	(void)record_set(&r, "record", text);
	(void)record_set(&r, "from", from);
	(void)record_set(&r, "to", to);
	if (strcmp(state, "offered") != 0) {
		(void)record_set(&r, "decided_by", "方所长");
		(void)record_set(&r, "decided_on", "2026-03-02");
	}
	page_put(page, &r, 2);
	record_release(&r);
}

static void
gives(enum tr_lang lang)
{
	struct page page = {0};
	struct uuid id, person, transfer;
	struct playapp p;

	start(&p, &page, lang);
	id = find(&p, "correction_subject", "张三");
	person = find(&p, "person", "张三");
	playapp_keys(&p, "c f =zs Enter m");
	playapp_expect(&p, "menu");
	playapp_keys(&p, "End Enter");
	playapp_expect(&p, "which");
	playapp_keys(&p, "=bs Enter");
	playapp_keys(&p, "=居住地迁至白水镇");
	playapp_expect(&p, "why");
	playapp_keys(&p, "Enter");
	playapp_expect(&p, "offered");
	playapp_keys(&p, "e");
	playapp_expect(&p, "only_looked_at");
	playapp_keys(&p, "m");
	playapp_expect(&p, "take_back");
	playapp_keys(&p, "Esc q Esc");
	deliver(&p, &page);
	playapp_expect(&p, "list");
	playapp_keys(&p, "q");
	transfer = find(&p, TRANSFER_REGISTER, "");
	add_transfer(&page, &id, HERE, THERE, "accepted", &transfer);
	page_gone(&page, &id);
	page_gone(&page, &person);
	apply(&p, &page);
	playapp_keys(&p, "Y");
	playapp_expect(&p, "gone_list");
	playapp_keys(&p, "Enter");
	playapp_expect(&p, "gone");
	playapp_keys(&p, "q q / =zhs");
	playapp_keys(&p, "Esc / =zs");
	playapp_expect(&p, "gone_lookup");
	playapp_stop(&p);
}

static void
takes(enum tr_lang lang)
{
	struct page page = {0};
	struct record person, r;
	struct uuid transfer = {{0}};
	struct playapp p;
	char values[200] = "category=02;term_from=2025-03-20;"
		"term_to=2026-09-19;village=红旗村;case_officer=陈所长;"
		"person_id=";

	start(&p, &page, lang);
	cache_record(&person, "person", "name=张伟;sex=1;"
		"id_no=990102198503020014;birth=1985-03-02");
	person.id = uuid_new();
	snprintf(person.office, sizeof person.office, THERE);
	uuid_print(values + strlen(values), &person.id);
	cache_record(&r, "correction_subject", values);
	r.id = uuid_new();
	snprintf(r.office, sizeof r.office, THERE);
	snprintf(r.state, sizeof r.state, "active");
	page_put(&page, &person, 1);
	page_put(&page, &r, 1);
	add_transfer(&page, &r.id, THERE, HERE, "offered", &transfer);
	apply(&p, &page);
	playapp_expect(&p, "home_waiting");
	playapp_keys(&p, "g");
	for (int i = 0; i < 12 && !screen_has(&p.canvas, lang == TR_ZH ?
	    "> 移交本所" : "> Handed to"); i++)
		playapp_keys(&p, "Down");
	playapp_keys(&p, "Enter");
	playapp_expect(&p, "waiting");
	playapp_keys(&p, "Enter");
	playapp_expect(&p, "transfer");
	playapp_keys(&p, "g Enter");
	playapp_expect(&p, "to_accept");
	playapp_keys(&p, "m");
	playapp_expect(&p, "answer");
	playapp_keys(&p, "2");
	playapp_expect(&p, "reject");
	playapp_keys(&p, "^X m Enter y Enter");
	playapp_expect(&p, "accepted");
	record_release(&person);
	record_release(&r);
	playapp_stop(&p);
}

/* Too late: at the office that has it now, and at the one that had it. */
static void
is_late(enum tr_lang lang)
{
	struct page page = {0};
	struct question q = { .id = uuid_new(), .reg = "correction_subject",
		.office = HERE, .group = "village", .by = "zhao",
		.from = THERE, .at = NOW_AT - 3600000, .open = true };
	struct outbox_list l = {0};
	struct err err = ERR_INIT;
	struct uuid transfer = {{0}}, id;
	struct record r = {0};
	struct playapp p;

	start(&p, &page, lang);
	q.record = find(&p, "correction_subject", "李四");
	question_add(&q, "village", "", "新桥村", "红旗村");
	question_to_record(&r, &q);
	page_put(&page, &r, 1);
	apply(&p, &page);
	playapp_keys(&p, "s c");
	playapp_expect(&p, "late_list");
	playapp_keys(&p, "Enter");
	playapp_expect(&p, "late");
	playapp_keys(&p, "q q q");
	id = find(&p, "correction_subject", "张三");
	assert_int_equal(cache_change(p.cli.store, &id, "village=旧桥村", &err),
		E_OK);
	assert_int_equal(outbox_list(&l, p.cli.store, OUTBOX_WAITING, NULL,
		&err), E_OK);
	assert_int_equal(l.count, 1);
	page_verdict(&page, l.items[0].op.n, VERDICT_MOVED, 0, lang == TR_ZH ?
		"该案卷已移交白水司法所，所录内容已转该单位（原所补报）。" :
		"The record was handed over to 白水司法所; what you entered has "
		"gone there.");
	outbox_list_release(&l);
	add_transfer(&page, &id, HERE, THERE, "accepted", &transfer);
	page_gone(&page, &id);
	apply(&p, &page);
	playapp_expect(&p, "home_receipt");
	playapp_keys(&p, "g");
	for (int i = 0; i < 12 && !screen_has(&p.canvas, lang == TR_ZH ?
	    "> 已由新单位" : "> Entries that"); i++)
		playapp_keys(&p, "Down");
	playapp_keys(&p, "Enter");
	playapp_expect(&p, "receipts");
	playapp_keys(&p, "Enter");
	playapp_expect(&p, "receipt");
	playapp_keys(&p, "q D");
	playapp_expect(&p, "noted");
	question_release(&q);
	record_release(&r);
	playapp_stop(&p);
}

static void
test_zh(void **state)
{
	(void)state;
	gives(TR_ZH);
	takes(TR_ZH);
	is_late(TR_ZH);
}

static void
test_en(void **state)
{
	(void)state;
	gives(TR_EN);
	takes(TR_EN);
	is_late(TR_EN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zh),
		cmocka_unit_test(test_en),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
