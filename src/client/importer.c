/*
 * Rows of a spreadsheet become records: a row is planned (all its records and
 * all its faults), then saved or refused as a whole.
 */
#include "client/importer.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tr.h"
#include "client/import_keys.h"
#include "client/newrec.h"
#include "core/value.h"
#include "store/overview.h"
#include "store/save.h"

enum {
	PARTS_MAX = 4,
	SLOTS_MAX = 2 + 2 * PARTS_MAX,
	SLOT_MAIN = 0,
	SLOT_PERSON = 1,	/* of the main record */
	BATCH_ROWS = 200,	/* in one transaction */
};

/* One record that a row speaks of. */
struct slot {
	const struct schema_register *reg;	/* NULL: the row has none */
	bool filled;		/* some cell spoke of it */
	bool known;		/* it was here before this row */
	struct values typed;	/* what the cells say */
	struct record record;	/* as it shall be */
	struct record seen;	/* as it was, when known */
	bool changed;
};

struct import {
	struct store *store;
	const struct schema_register *reg;
	const struct schema_register *person;
	const struct sheet *sheet;
	const struct import_map *map;
	struct import_keys *keys;
	struct import_keys *lines;	/* main records of this file -> line */
	struct import_result result;
	bool dry_run;
	int today;
};

struct plan {
	size_t row;		/* index in the sheet */
	struct slot slots[SLOTS_MAX];
	size_t faults;
};

static void
refuse(struct import *im, struct plan *p, const char *column,
	const char *value, const char *reason)
{
	import_result_refuse(&im->result, im->sheet, p->row, column, value,
		reason);
	p->faults++;
}

static size_t
slot_of(const struct import_target *t)
{
	return (size_t)(t->part < 0 ? SLOT_MAIN : 2 + 2 * t->part) +
		(t->person ? 1 : 0);
}

/* ---- reading the cells ---- */

static void
plan_slots(struct plan *p, const struct import *im)
{
	p->slots[SLOT_MAIN].reg = im->reg;
	p->slots[SLOT_MAIN].filled = true;
	if (im->reg->person_field) {
		p->slots[SLOT_PERSON].reg = im->person;
		p->slots[SLOT_PERSON].filled = true;
	}
	for (size_t i = 0; i < im->reg->import.part_count && i < PARTS_MAX;
	    i++) {
		p->slots[2 + 2 * i].reg = schema_register_find(
			store_schema(im->store), im->reg->import.parts[i].reg);
		p->slots[3 + 2 * i].reg = im->person;
	}
}

static void
read_cells(struct import *im, struct plan *p)
{
	const struct sheet_row *row = &im->sheet->rows[p->row];
	const struct sheet_row *header = &im->sheet->rows[im->map->header];

	for (size_t i = 0; i < im->map->count; i++) {
		const struct import_target *t = &im->map->targets[i];
		const char *text = sheet_cell(row, i);
		struct slot *slot;
		struct err err = ERR_INIT;
		struct buf value;

		if (!t->field || !*text || t->part >= PARTS_MAX)
			continue;
		slot = &p->slots[slot_of(t)];
		slot->filled = true;
		buf_init(&value, RECORD_VALUE_BYTES_MAX);
		if (value_parse(&value, t->field, text, im->today, true,
		    &err))
			refuse(im, p, header->cells[i], text, err.msg);
		else
			values_set(&slot->typed, t->field->name, value.data);
		buf_release(&value);
	}
}

/* ---- who is meant ---- */

/* The column that speaks of a field of a slot; the number of columns: none. */
static size_t
column_of(const struct import *im, size_t slot, const char *field)
{
	size_t i = 0;

	for (; i < im->map->count; i++) {
		const struct import_target *t = &im->map->targets[i];

		if (t->field && slot_of(t) == slot &&
		    strcmp(t->field->name, field) == 0)
			break;
	}
	return i;
}

static void
keep_stored(struct import *im, const struct plan *p, const struct slot *slot,
	const char *field, const char *stands)
{
	const struct sheet_row *row = &im->sheet->rows[p->row];
	const struct schema_field *f = schema_field_find(slot->reg, field);
	size_t column = column_of(im, (size_t)(slot - p->slots), field);
	struct buf shown;

	if (column == im->map->count)
		return;		/* our own: a link, a part's fixed value */
	buf_init(&shown, RECORD_VALUE_BYTES_MAX);
	value_show(&shown, f, stands, false);
	import_result_keep(&im->result, row->line,
		sheet_cell(&im->sheet->rows[im->map->header], column),
		sheet_cell(row, column), shown.data);
	buf_release(&shown);
}

/* Put what the cells say into the record: everything when it is new, into
 * empty fields when it was known. */
static void
fill(struct import *im, const struct plan *p, struct slot *slot)
{
	for (size_t i = 0; i < slot->typed.count; i++) {
		const struct value *v = &slot->typed.items[i];
		const char *stands = values_get(&slot->record.values, v->name);

		if (strcmp(stands, v->text) == 0)
			continue;
		if (slot->known && *stands) {
			keep_stored(im, p, slot, v->name, stands);
			continue;
		}
		values_set(&slot->record.values, v->name, v->text);
		slot->changed = true;
	}
}

static enum status
open_slot(struct import *im, const struct plan *p, struct slot *slot,
	const struct uuid *id, struct err *err)
{
	struct err gone = ERR_INIT;
	enum status s;

	if (id) {
		s = store_get(&slot->seen, im->store, id, &gone);
		if (s == E_OK) {
			record_copy(&slot->record, &slot->seen);
			slot->known = true;
			fill(im, p, slot);
			return E_OK;
		}
		/* a dry run knows records that it did not write */
		if (!(s == E_NOTFOUND && im->dry_run)) {
			*err = gone;
			return s;
		}
	}
	newrec_init(&slot->record, im->store, slot->reg);
	slot->record.id = id ? *id : uuid_new();
	slot->known = id != NULL;
	slot->changed = true;
	fill(im, p, slot);
	return E_OK;
}

/* Same name and telephone, but another id number: another person. */
static bool
other_idno(struct import *im, const struct uuid *id, const char *id_no)
{
	const struct overview *o = overview_find(im->store, id);
	const char *stands = o ? overview_get(o, "id_no") : "";

	return *id_no && *stands && strcmp(stands, id_no) != 0;
}

static enum status
find_person(struct import *im, const struct plan *p, struct slot *slot,
	struct err *err)
{
	char *by_id = import_key_idno(&slot->typed);
	char *by_name = import_key_name(&slot->typed);
	struct uuid id;
	bool known = import_keys_get(&id, im->keys, by_id);

	if (!known && import_keys_get(&id, im->keys, by_name))
		known = !other_idno(im, &id,
			values_get(&slot->typed, "id_no"));
	free(by_id);
	free(by_name);
	return open_slot(im, p, slot, known ? &id : NULL, err);
}

static enum status
find_persons(struct import *im, struct plan *p, struct err *err)
{
	enum status s = E_OK;

	for (size_t i = 1; i < SLOTS_MAX && !s; i += 2)
		if (p->slots[i].reg && p->slots[i].filled)
			s = find_person(im, p, &p->slots[i], err);
	return s;
}

static const struct import *
import_of(const void *const *pair)
{
	return pair[0];
}

/* For import_key_match(): the person of a part of the plan. */
static const struct uuid *
planned_person(const void *self, const char *part)
{
	const void *const *pair = self;
	const struct plan *p = pair[1];
	const struct schema_import *import = &import_of(pair)->reg->import;

	for (size_t i = 0; i < import->part_count && i < PARTS_MAX; i++)
		if (strcmp(import->parts[i].name, part) == 0 &&
		    p->slots[3 + 2 * i].filled)
			return &p->slots[3 + 2 * i].record.id;
	return NULL;
}

static void
link_person(struct slot *of, const struct slot *person)
{
	char text[UUID_TEXT_MAX];

	if (!person->filled || !person->reg || !of->reg->person_field)
		return;
	uuid_print(text, &person->record.id);
	values_set(&of->typed, of->reg->person_field, text);
}

static enum status
find_main(struct import *im, struct plan *p, struct err *err)
{
	struct slot *main_slot = &p->slots[SLOT_MAIN];
	const void *pair[2] = { im, p };
	struct uuid id;
	bool known = false;

	link_person(main_slot, &p->slots[SLOT_PERSON]);
	for (size_t i = 0; i < im->reg->import.match_count && !known; i++) {
		char *key = import_key_match(im->reg, i, &main_slot->typed,
			planned_person, pair);

		known = import_keys_get(&id, im->keys, key);
		free(key);
	}
	return open_slot(im, p, main_slot, known ? &id : NULL, err);
}

/* Parts of a row: parties of a case.  One that stands there already is left
 * as it is. */
static enum status
find_parts(struct import *im, struct plan *p, struct err *err)
{
	const struct slot *main_slot = &p->slots[SLOT_MAIN];
	enum status s = E_OK;

	for (size_t i = 0; i < im->reg->import.part_count && i < PARTS_MAX &&
	    !s; i++) {
		const struct schema_part *part = &im->reg->import.parts[i];
		struct slot *slot = &p->slots[2 + 2 * i];
		const struct slot *person = &p->slots[3 + 2 * i];
		char parent[UUID_TEXT_MAX];
		struct uuid id;
		char *key;
		bool known;

		slot->filled |= person->filled;
		if (!slot->filled)
			continue;
		uuid_print(parent, &main_slot->record.id);
		values_set(&slot->typed, slot->reg->parent_field, parent);
		for (size_t k = 0; k < part->set.count; k++)
			values_set(&slot->typed, part->set.items[k].name,
				part->set.items[k].text);
		link_person(slot, person);
		key = import_key_part(&main_slot->record.id, part->name,
			&person->record.id);
		known = main_slot->known &&
			import_keys_get(&id, im->keys, key);
		free(key);
		s = open_slot(im, p, slot, known ? &id : NULL, err);
	}
	return s;
}

/* ---- is it right? ---- */

/* The column and cell that a fault of a record's field came from. */
static void
refuse_fault(struct import *im, struct plan *p, size_t slot,
	const struct fault *fault)
{
	const struct sheet_row *row = &im->sheet->rows[p->row];
	const struct sheet_row *header = &im->sheet->rows[im->map->header];
	const struct schema_field *f =
		schema_field_find(p->slots[slot].reg, fault->field);
	size_t column = column_of(im, slot, fault->field);

	if (column < im->map->count)
		refuse(im, p, header->cells[column], sheet_cell(row, column),
			fault->msg);
	else
		refuse(im, p, f ? label_text(&f->label) : "", "", fault->msg);
}

static void
check_slots(struct import *im, struct plan *p)
{
	struct rule_world world = *store_world(im->store);

	world.find = NULL;	/* the import has looked for them itself */
	for (size_t i = 0; i < SLOTS_MAX; i++) {
		struct slot *slot = &p->slots[i];
		struct faults faults = {0};

		if (!slot->reg || !slot->filled || !slot->changed)
			continue;
		rule_derive(slot->reg, &slot->record, im->today, &world);
		rule_check(&faults, store_schema(im->store), slot->reg,
			&slot->record, RULE_SAVE, im->today, &world);
		for (size_t k = 0; k < faults.count; k++)
			if (faults.items[k].stop)
				refuse_fault(im, p, i, &faults.items[k]);
		faults_release(&faults);
	}
}

/* The same record twice in one file: which of the two is right? */
static void
check_repeated(struct import *im, struct plan *p)
{
	const struct slot *main_slot = &p->slots[SLOT_MAIN];
	char id[UUID_TEXT_MAX], reason[ERR_MSG_MAX];
	struct uuid line;
	struct err e;

	uuid_print(id, &main_slot->record.id);
	if (!main_slot->known || !import_keys_get(&line, im->lines, id))
		return;
	err_set(&e, E_INVALID, tr("This stands in the file already, in line "
		"%u."), (unsigned)line.b[0] << 24 | (unsigned)line.b[1] << 16 |
		(unsigned)line.b[2] << 8 | line.b[3]);
	memcpy(reason, e.msg, sizeof reason);
	refuse(im, p, "", "", reason);
}

/* ---- taking it in ---- */

static void
learn_plan(struct import *im, const struct plan *p)
{
	const struct slot *main_slot = &p->slots[SLOT_MAIN];
	size_t at = im->sheet->rows[p->row].line;
	struct uuid line = { .b = { (uint8_t)(at >> 24), (uint8_t)(at >> 16),
		(uint8_t)(at >> 8), (uint8_t)at } };
	const void *pair[2] = { im, p };
	char id[UUID_TEXT_MAX];
	char *key;

	uuid_print(id, &main_slot->record.id);
	import_keys_put(im->lines, id, &line);
	for (size_t i = 1; i < SLOTS_MAX; i += 2) {
		const struct slot *slot = &p->slots[i];

		if (!slot->reg || !slot->filled)
			continue;
		key = import_key_idno(&slot->record.values);
		import_keys_put(im->keys, key, &slot->record.id);
		free(key);
		key = import_key_name(&slot->record.values);
		import_keys_put(im->keys, key, &slot->record.id);
		free(key);
	}
	for (size_t i = 0; i < im->reg->import.match_count; i++) {
		key = import_key_match(im->reg, i, &main_slot->record.values,
			planned_person, pair);
		import_keys_put(im->keys, key, &main_slot->record.id);
		free(key);
	}
	for (size_t i = 0; i < im->reg->import.part_count && i < PARTS_MAX;
	    i++) {
		if (!p->slots[2 + 2 * i].filled)
			continue;
		key = import_key_part(&main_slot->record.id,
			im->reg->import.parts[i].name,
			&p->slots[3 + 2 * i].record.id);
		import_keys_put(im->keys, key, &p->slots[2 + 2 * i].record.id);
		free(key);
	}
}

static enum status
save_slot(struct import *im, struct slot *slot, struct err *err)
{
	struct save save = { .record = &slot->record, .unnumbered = true,
		.seen = slot->known ? &slot->seen : NULL };
	enum status s = save_record(im->store, &save, err);

	faults_release(&save.faults);
	return s;
}

static enum status
save_plan(struct import *im, struct plan *p, struct err *err)
{
	static const size_t order[SLOTS_MAX] = { 1, 3, 5, 7, 9, 0, 2, 4, 6,
		8 };
	enum status s = E_OK;

	for (size_t i = 0; i < SLOTS_MAX && !s; i++) {
		struct slot *slot = &p->slots[order[i]];

		if (slot->reg && slot->filled && slot->changed && !im->dry_run)
			s = save_slot(im, slot, err);
	}
	return s;
}

static void
count_plan(struct import *im, const struct plan *p)
{
	bool changed = false;

	for (size_t i = 0; i < SLOTS_MAX; i++) {
		const struct slot *slot = &p->slots[i];

		if (!slot->reg || !slot->filled)
			continue;
		changed |= slot->changed;
		if (i % 2 == 1 && slot->known)
			im->result.persons_known++;
		else if (i % 2 == 1)
			im->result.persons_added++;
	}
	if (!p->slots[SLOT_MAIN].known)
		im->result.added++;
	else if (changed)
		im->result.filled++;
	else
		im->result.unchanged++;
}

static void
plan_release(struct plan *p)
{
	for (size_t i = 0; i < SLOTS_MAX; i++) {
		values_release(&p->slots[i].typed);
		record_release(&p->slots[i].record);
		record_release(&p->slots[i].seen);
	}
}

static enum status
take_row(struct import *im, size_t row, struct err *err)
{
	struct plan p = { .row = row };
	size_t kept = im->result.kept_count;
	enum status s = E_OK;

	plan_slots(&p, im);
	read_cells(im, &p);
	s = find_persons(im, &p, err);
	if (!s)
		s = find_main(im, &p, err);
	if (!s)
		s = find_parts(im, &p, err);
	if (!s) {
		if (p.faults == 0)
			check_slots(im, &p);
		if (p.faults == 0)
			check_repeated(im, &p);
		if (p.faults) {
			im->result.refused++;
			import_result_unkeep(&im->result, kept);
		}
	}
	if (!s && p.faults == 0) {
		s = save_plan(im, &p, err);
		if (!s) {
			count_plan(im, &p);
			learn_plan(im, &p);
		}
	}
	plan_release(&p);
	return s;
}

static enum status
take_batch(struct import *im, size_t from, size_t to, struct err *err)
{
	enum status s = E_OK;

	if (!im->dry_run)
		s = save_batch_begin(im->store, err);
	if (!im->dry_run && !s)
		save_batch_blind(im->store);
	for (size_t i = from; i < to && !s; i++) {
		const struct sheet_row *row = &im->sheet->rows[i];

		if (sheet_row_is_blank(row) || sheet_row_is_total(row)) {
			im->result.skipped++;
			continue;
		}
		im->result.rows++;
		s = take_row(im, i, err);
	}
	if (im->dry_run)
		return s;
	if (s) {
		save_batch_rollback(im->store);
		return s;
	}
	return save_batch_commit(im->store, err);
}

enum status
import_rows(struct import_result *out, struct store *s,
	const struct schema_register *reg, const struct sheet *sheet,
	const struct import_map *map, bool dry_run, struct err *err)
{
	struct import im = { .store = s, .reg = reg, .sheet = sheet,
		.map = map, .dry_run = dry_run, .today = clock_today() };
	const struct store_user *user = store_user(s);
	enum status st = E_OK;

	if (!user)
		return err_set(err, E_AUTH, tr("Sign in first."));
	if (!schema_may_write(reg, user->role))
		return err_set(err, E_AUTH, tr("Your role may not write %s."),
			label_text(&reg->title));
	im.person = schema_register_find(store_schema(s), "person");
	im.keys = import_keys_new();
	im.lines = import_keys_new();
	st = import_keys_learn(im.keys, s, reg, err);
	for (size_t i = map->header + 1; i < sheet->count && !st;
	    i += BATCH_ROWS)
		st = take_batch(&im, i, i + BATCH_ROWS < sheet->count ?
			i + BATCH_ROWS : sheet->count, err);
	import_keys_free(im.keys);
	import_keys_free(im.lines);
	*out = im.result;
	return st;
}
