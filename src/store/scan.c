/*
 * Attachments as the person sees them: attaching, listing, opening.
 */
#include "store/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/mem.h"
#include "base/tr.h"
#include "store/pieces.h"
#include "store/inside.h"
#include "store/save.h"

void
scan_list_release(struct scan_list *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free((char *)(uintptr_t)l->items[i].scan.name);
		free(l->items[i].added_by);
	}
	free(l->items);
	*l = (struct scan_list){0};
}

/* ---- listing ---- */

/* The record that they stand below, if the role may read it. */
static enum status
find_above(const struct overview **out, struct store *s,
	const struct uuid *above, struct err *err)
{
	const struct overview *o;
	enum status st = store_need_key(s, err);

	if (st)
		return st;
	o = overview_find(s, above);
	if (!o || !o->reg || o->reg_name[0] == '@')
		return err_set(err, E_NOTFOUND,
			tr("There is no such record here."));
	if (!scan_may_read(o->reg, s->user.role))
		return err_set(err, E_AUTH,
			tr("Your role may not read this register."));
	*out = o;
	return E_OK;
}

static enum scan_place
place_of(const struct scan_item *item)
{
	bool whole = item->have == item->scan.size;

	if (whole)
		return item->scan.arrived ? SCAN_HERE : SCAN_TO_SEND;
	if (!item->scan.arrived)
		return SCAN_AWAITED;
	return item->have > 0 ? SCAN_PARTLY : SCAN_AWAY;
}

/* From its overview, and what lies here of its bytes. */
static enum status
read_item(struct scan_item *out, struct store *s, const struct overview *o,
	struct err *err)
{
	struct scan_item item = { .id = o->id,
		.mark = (enum sync_mark)o->sync };
	const char *hash = overview_get(o, "hash");
	struct err none = ERR_INIT;
	struct pieces b = {0};
	enum status st;

	if (!scan_hash_is(hash))
		return E_OK;
	pieces_name(&b, s, hash);
	st = pieces_get(&b, s, &none);
	if (st && st != E_NOTFOUND) {
		*err = none;
		return st;
	}
	memcpy(item.scan.hash, hash, SCAN_HASH_TEXT);
	snprintf(item.scan.type, sizeof item.scan.type, "%s",
		overview_get(o, "type"));
	item.scan.size = strtoll(overview_get(o, "size"), NULL, 10);
	item.scan.pages = (int)strtol(overview_get(o, "pages"), NULL, 10);
	item.scan.arrived = strcmp(overview_get(o, "arrived"), "1") == 0;
	item.scan.name = mem_strdup(overview_get(o, "name"));
	item.added_by = mem_strdup(overview_get(o, "added_by"));
	snprintf(item.added_on, sizeof item.added_on, "%s",
		overview_get(o, "added_on"));
	item.have = b.have;
	item.sent = b.sent;
	item.place = place_of(&item);
	*out = item;
	return E_OK;
}

enum status
scan_list(struct scan_list *out, struct store *s, const struct uuid *above,
	struct err *err)
{
	const struct overview *top = NULL, **children = NULL;
	struct scan_list list = {0};
	size_t count = 0;
	enum status st = find_above(&top, s, above, err);

	if (st)
		return st;
	children = overview_children(&count, s, above, SCAN_REGISTER);
	if (count > 0)
		list.items = mem_alloc(count, sizeof *list.items);
	for (size_t i = 0; i < count && !st; i++) {
		struct scan_item *item = &list.items[list.count];

		st = read_item(item, s, children[i], err);
		list.count += !st && item->scan.name != NULL;
	}
	free(children);
	if (st)
		scan_list_release(&list);
	else
		*out = list;
	return st;
}

enum status
scan_need_readable(struct store *s, const struct uuid *id, struct err *err)
{
	const struct overview *o = overview_find(s, id), *top = NULL;

	if (!o || strcmp(o->reg_name, SCAN_REGISTER) != 0)
		return E_OK;
	return find_above(&top, s, &o->parent, err);
}

/* ---- attaching ---- */

static enum status
check_others(struct store *s, const struct uuid *above, const char *hash,
	struct err *err)
{
	struct scan_list list = {0};
	enum status st = scan_list(&list, s, above, err);

	if (st)
		return st;
	for (size_t i = 0; i < list.count && !st; i++) {
		if (strcmp(list.items[i].scan.hash, hash) == 0)
			st = err_set(err, E_INVALID, tr("The record has this "
				"file already: %s."), list.items[i].scan.name);
	}
	if (!st && list.count >= SCAN_COUNT_MAX)
		st = err_set(err, E_INVALID, tr("A record may have %d "
			"attachments."), SCAN_COUNT_MAX);
	scan_list_release(&list);
	return st;
}

static size_t
count_same(const struct store *s, const char *hash)
{
	size_t count = 0;

	for (size_t i = 0; i < overview_count(s); i++) {
		const struct overview *o = overview_at(s, i);

		count += o && !o->deleted &&
			strcmp(o->reg_name, SCAN_REGISTER) == 0 &&
			strcmp(overview_get(o, "hash"), hash) == 0;
	}
	return count;
}

static enum status
may_attach(struct store *s, const struct uuid *above, struct err *err)
{
	const struct overview *top = NULL;
	enum status st = find_above(&top, s, above, err);

	if (st)
		return st;
	if (top->deleted)
		return err_set(err, E_INVALID,
			tr("This entry was withdrawn and cannot be changed."));
	if (!schema_may_write(top->reg, s->user.role))
		return err_set(err, E_AUTH,
			tr("Your role may not change entries of %s."),
			label_text(&top->reg->title));
	return E_OK;
}

/* The bytes that another record has already lie here once. */
static enum status
write_bytes(struct store *s, const struct scan *scan, const void *bytes,
	size_t len, struct err *err)
{
	struct err none = ERR_INIT;
	struct pieces b = {0};
	enum status st;

	pieces_name(&b, s, scan->hash);
	st = pieces_get(&b, s, &none);
	if (!st && b.have == scan->size)
		return E_OK;
	if (!st)	/* half fetched */
		st = pieces_drop(s, &b.id, err);
	else if (st == E_NOTFOUND)
		st = E_OK;
	else
		*err = none;
	b.size = scan->size;
	b.have = b.sent = 0;
	return st ? st : pieces_append(s, &b, bytes, len, err);
}

static enum status
write_both(struct uuid *out, struct store *s, const struct scan *scan,
	const struct uuid *above, const void *bytes, size_t len,
	struct err *err)
{
	struct record r;
	struct save save = { .record = &r };
	char today[DATE_TEXT_MAX];
	enum status st;

	scan_to_record(&r, scan, above);
	date_print(today, clock_today());
	(void)record_set(&r, "added_on", today);
	st = write_bytes(s, scan, bytes, len, err);
	if (!st)
		st = save_record(s, &save, err);
	if (!st)
		st = scan_enter(s, &r, err);
	*out = r.id;
	faults_release(&save.faults);
	record_release(&r);
	return st;
}

enum status
scan_attach(struct uuid *out, size_t *also, struct store *s,
	const struct uuid *above, const char *name, const void *bytes,
	size_t len, struct err *err)
{
	struct scan scan = {0};
	struct buf shown;
	struct uuid id = {{0}};
	size_t same = 0;
	enum status st = may_attach(s, above, err);

	if (!st)
		st = scan_look(&scan, bytes, len, err);
	if (!st)
		st = check_others(s, above, scan.hash, err);
	if (st)
		return st;
	same = count_same(s, scan.hash);
	buf_init(&shown, BUF_LINE_MAX);
	scan_name(&shown, name);
	scan.name = shown.data;
	st = save_batch_begin(s, err);
	if (!st) {
		st = write_both(&id, s, &scan, above, bytes, len, err);
		if (st)
			save_batch_rollback(s);
		else
			st = save_batch_commit(s, err);
	}
	buf_release(&shown);
	if (st)
		return st;
	*out = id;
	if (also)
		*also = same;
	return E_OK;
}

/* ---- opening ---- */

enum status
scan_bytes(struct buf *out, struct store *s, const char *hash,
	struct err *err)
{
	struct pieces b = {0};
	struct scan look = {0};
	size_t before = out->len;
	enum status st = store_need_key(s, err);

	if (st)
		return st;
	pieces_name(&b, s, hash);
	st = pieces_get(&b, s, err);
	if (!st && b.have < b.size)
		st = err_set(err, E_NOTFOUND, tr("The bytes of this attachment "
			"are not here."));
	if (!st)
		st = pieces_read(out, s, &b, err);
	if (st)
		return st;
	if (scan_look(&look, out->data + before, out->len - before, err) ||
	    strcmp(look.hash, hash) != 0) {
		*err = (struct err)ERR_INIT;
		return err_set(err, E_INVALID, tr("The bytes of an attachment "
			"are damaged here."));
	}
	return E_OK;
}
