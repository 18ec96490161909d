/*
 * One entry for many.  A batch of the store is one transaction in which each
 * save is tried by itself; when one is refused the whole is rolled back, and
 * the clerk decides.
 */
#include "client/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/carry.h"
#include "store/overview.h"
#include "store/save.h"

/* Names that no field can have. */
#define BATCH_IDS "@batch"
#define BATCH_REG "@batch_of"
#define BATCH_MOVE "@batch_move"

struct batch *
batch_new(const struct schema_register *reg, const struct uuid *ids,
	size_t count)
{
	struct batch *b = mem_alloc(1, sizeof *b);

	b->reg = reg;
	b->ids = mem_alloc(count, sizeof *b->ids);
	memcpy(b->ids, ids, count * sizeof *b->ids);
	b->count = count;
	return b;
}

struct batch *
batch_copy(const struct batch *b)
{
	struct batch *copy = batch_new(b->reg, b->ids, b->count);

	copy->child = b->child;
	copy->move = b->move;
	copy->marks = b->marks;
	copy->asked = mem_alloc(b->asked_count + 1, sizeof *copy->asked);
	if (b->asked_count)
		memcpy(copy->asked, b->asked,
			b->asked_count * sizeof *b->asked);
	copy->asked_count = b->asked_count;
	return copy;
}

void
batch_free(struct batch *b)
{
	if (!b)
		return;
	free(b->ids);
	free(b->asked);
	free(b);
}

void
batch_report_release(struct batch_report *r)
{
	free(r->lines);
	*r = (struct batch_report){0};
}

/* ---- what is asked ---- */

static bool
has_field(const struct moveform *f, const char *name)
{
	for (size_t p = 0; p < f->reg.page_count; p++) {
		const struct schema_page *page = &f->reg.pages[p];

		for (size_t i = 0; i < page->count; i++)
			if (strcmp(page->rows[i].fields[0]->name, name) == 0)
				return true;
	}
	return false;
}

static void
take_fields(struct batch *b, const struct moveform *f)
{
	for (size_t p = 0; p < f->reg.page_count; p++) {
		const struct schema_page *page = &f->reg.pages[p];

		for (size_t i = 0; i < page->count; i++) {
			b->asked = mem_resize(b->asked, b->asked_count + 1,
				sizeof *b->asked);
			(void)snprintf(b->asked[b->asked_count++],
				RECORD_NAME_MAX, "%s",
				page->rows[i].fields[0]->name);
		}
	}
}

/* What is wrong in a field that is filled is no lack: a value for all of them
 * would not mend it. */
static void
keep_fields(struct batch *b, const struct moveform *named,
	const struct moveform *f, const struct record *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->asked_count; i++) {
		const char *name = b->asked[i];

		if (has_field(named, name) || (has_field(f, name) &&
		    !values_has(&r->values, name)))
			memmove(b->asked[kept++], name, sizeof *b->asked);
	}
	b->asked_count = kept;
}

/* What the move asks of each, as long as it is the same. */
enum status
batch_ask(struct batch *b, struct store *s, struct err *err)
{
	struct moveform named = {0};
	enum status st = E_OK;

	b->asked_count = 0;
	moveform_init(&named, store_schema(s), b->reg, b->move, NULL,
		clock_today(), NULL);
	for (size_t i = 0; i < b->count && !st; i++) {
		struct moveform f = {0};
		struct record r = {0};

		st = store_get(&r, s, &b->ids[i], err);
		if (!st)
			moveform_init(&f, store_schema(s), b->reg, b->move, &r,
				clock_today(), store_world(s));
		if (!st && i == 0)
			take_fields(b, &f);
		if (!st)
			keep_fields(b, &named, &f, &r);
		moveform_release(&f);
		record_release(&r);
	}
	moveform_release(&named);
	return st;
}

void
batch_moveform(struct moveform *out, const struct schema *schema,
	const struct batch *b)
{
	moveform_init(out, schema, b->reg, b->move, NULL, clock_today(), NULL);
	for (size_t i = 0; i < b->asked_count; i++)
		moveform_add(out, b->move, b->asked[i]);
}

/* ---- what they have in common ---- */

static void
keep_equal(struct values *common, const struct values *other)
{
	for (size_t i = common->count; i > 0; i--) {
		const struct value *v = &common->items[i - 1];

		if (strcmp(values_get(other, v->name), v->text) != 0) {
			char *name = mem_strdup(v->name);

			values_set(common, name, NULL);
			free(name);
		}
	}
}

enum status
batch_common(struct record *out, struct store *s, const struct batch *b,
	struct err *err)
{
	struct record common = {0};
	enum status st = store_get(&common, s, &b->ids[0], err);

	for (size_t i = 1; i < b->count && !st; i++) {
		struct record other = {0};

		st = store_get(&other, s, &b->ids[i], err);
		if (!st)
			keep_equal(&common.values, &other.values);
		record_release(&other);
	}
	if (st)
		record_release(&common);
	else
		*out = common;
	return st;
}

/* ---- saving ---- */

/* The fields that the form of the move asked for. */
static void
put_asked(struct record *r, const struct batch *b, const struct record *typed)
{
	for (size_t i = 0; i < b->asked_count; i++) {
		const char *text = values_get(&typed->values, b->asked[i]);

		if (*text)
			values_set(&r->values, b->asked[i], text);
	}
}

static enum status
save_child(struct save *save, struct store *s, const struct batch *b,
	const struct uuid *id, const struct record *typed, struct err *err)
{
	struct record r = {0};
	char text[UUID_TEXT_MAX];
	enum status st;

	record_copy(&r, typed);
	r.id = (struct uuid){{0}};
	uuid_print(text, id);
	values_set(&r.values, b->child->parent_field, text);
	save->record = &r;
	st = carry_save(s, save, err);
	record_release(&r);
	return st;
}

static enum status
save_moved(struct save *save, struct store *s, const struct batch *b,
	const struct uuid *id, const struct record *typed, struct err *err)
{
	struct record seen = {0}, r = {0};
	enum status st = store_get(&seen, s, id, err);

	if (!st) {
		record_copy(&r, &seen);
		put_asked(&r, b, typed);
		save->record = &r;
		save->seen = &seen;
		st = carry_move(s, save, b->move->to, err);
	}
	record_release(&seen);
	record_release(&r);
	return st;
}

/* Say how it fared.  What is no refusal of this one stops all. */
static enum status
note(struct batch_report *report, const struct uuid *id,
	const struct save *save, enum status st, const struct err *err)
{
	struct batch_line *line = &report->lines[report->count++];

	line->id = *id;
	if (st) {
		line->refused = true;
		report->refused++;
		(void)snprintf(line->words, sizeof line->words, "%s",
			err->msg);
	} else if (save->faults.count) {
		report->warned++;
		(void)snprintf(line->words, sizeof line->words, "%s",
			save->faults.items[0].msg);
	}
	return st == E_IO || save->draft_gone ? st : E_OK;
}

static enum status
save_each(struct batch_report *report, struct store *s, const struct batch *b,
	const struct record *typed, const char *draft, struct err *err)
{
	enum status st = E_OK;

	for (size_t i = 0; i < b->count && !st; i++) {
		struct save save = { .draft = i == 0 ? draft : NULL };
		struct err why = ERR_INIT;

		st = b->child ? save_child(&save, s, b, &b->ids[i], typed,
			&why) : save_moved(&save, s, b, &b->ids[i], typed,
			&why);
		st = note(report, &b->ids[i], &save, st, &why);
		if (st)
			*err = why;
		faults_release(&save.faults);
	}
	return st;
}

enum status
batch_save(struct batch_report *report, struct store *s, const struct batch *b,
	const struct record *typed, const char *draft, struct err *err)
{
	enum status st;

	batch_report_release(report);
	if (b->count > BATCH_MAX)
		return err_set(err, E_INVALID, tr("At most %d records are "
			"entered at once."), BATCH_MAX);
	st = save_batch_begin(s, err);
	if (st)
		return st;
	report->lines = mem_alloc(b->count, sizeof *report->lines);
	st = save_each(report, s, b, typed, draft, err);
	if (!st && report->refused)
		st = err_set(err, E_INVALID, tr("Nothing is saved: %zu of %zu "
			"were refused."), report->refused, report->count);
	if (st) {
		save_batch_rollback(s);
		return st;
	}
	st = save_batch_commit(s, err);
	for (size_t i = 0; i < b->count && !st && b->marks; i++)
		marks_set(b->marks, &b->ids[i], false);
	return st;
}

bool
batch_drop_refused(struct batch *b, const struct batch_report *report)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->count && i < report->count; i++)
		if (!report->lines[i].refused)
			b->ids[kept++] = b->ids[i];
	b->count = kept;
	return kept > 0;
}

/* ---- in a draft ---- */

void
batch_put(struct values *out, const struct batch *b)
{
	char id[UUID_TEXT_MAX];
	struct buf ids;

	buf_init(&ids, RECORD_VALUE_BYTES_MAX);
	for (size_t i = 0; i < b->count; i++) {
		uuid_print(id, &b->ids[i]);
		buf_printf(&ids, "%s%s", i ? ";" : "", id);
	}
	values_set(out, BATCH_IDS, ids.data);
	values_set(out, BATCH_REG, b->reg->name);
	values_set(out, BATCH_MOVE, b->move ? b->move->name : "");
	buf_release(&ids);
}

size_t
batch_drafted(const struct values *values)
{
	const char *ids = values_get(values, BATCH_IDS);
	size_t count = *ids != '\0';

	for (; *ids; ids++)
		count += *ids == ';';
	return count;
}

static const struct schema_move *
move_of(const struct schema_register *reg, const char *name)
{
	for (size_t i = 0; i < reg->move_count; i++)
		if (strcmp(reg->moves[i].name, name) == 0)
			return &reg->moves[i];
	return NULL;
}

static void
take_ids(struct batch *b, const char *text)
{
	enum { ID_LEN = UUID_TEXT_MAX - 1 };

	while (strlen(text) >= ID_LEN && b->count < BATCH_MAX) {
		char id[UUID_TEXT_MAX];

		memcpy(id, text, ID_LEN);
		id[ID_LEN] = '\0';
		if (!uuid_parse(&b->ids[b->count], id))
			break;
		b->count++;
		text += ID_LEN + (text[ID_LEN] == ';');
	}
}

struct batch *
batch_take(struct values *values, const struct schema *schema,
	const char *reg)
{
	const struct schema_register *of = schema_register_find(schema,
		values_get(values, BATCH_REG));
	struct batch *b = NULL;

	if (of) {
		b = mem_alloc(1, sizeof *b);
		b->reg = of;
		b->ids = mem_alloc(BATCH_MAX, sizeof *b->ids);
		take_ids(b, values_get(values, BATCH_IDS));
		b->move = move_of(of, values_get(values, BATCH_MOVE));
		b->child = b->move ? NULL : schema_register_find(schema, reg);
	}
	values_set(values, BATCH_IDS, NULL);
	values_set(values, BATCH_REG, NULL);
	values_set(values, BATCH_MOVE, NULL);
	if (b && b->count && (b->move || b->child))
		return b;
	batch_free(b);
	return NULL;
}
