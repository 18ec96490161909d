/*
 * Saving with what goes over to other records.
 */
#include "client/carry.h"

#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "client/newrec.h"
#include "core/schema_make.h"
#include "core/schema_tell.h"
#include "store/overview.h"

struct carry {			/* one save and what belongs to it */
	struct store *s;
	struct save *save;
	const struct schema_register *reg;	/* of what is saved */
	struct record before;		/* as it was stored; reg "": new */
	const struct schema_make *make;	/* what made it, or NULL */
	const struct schema_register *from_reg;
	struct record from;		/* what it was made of */
};

static void
warn(struct carry *c, const struct err *why)
{
	faults_add(&c->save->faults, "", false,
		tr("What belongs to it could not be carried over: %s"),
		why->msg);
}

/* ---- made of another ---- */

static void
find_maker(struct carry *c)
{
	const struct values *v = &c->save->record->values;
	const struct schema_make *m = NULL;
	struct err missing = ERR_INIT;
	struct uuid id;

	if (c->save->seen)
		return;
	do {
		m = schema_make_next(&c->from_reg, store_schema(c->s),
			c->save->record->reg, m);
	} while (m && !uuid_parse(&id, values_get(v, m->back)));
	if (m && !store_get(&c->from, c->s, &id, &missing))
		c->make = m;
}

static void
make_child(struct carry *c, const struct schema_make_child *child)
{
	const struct schema_register *reg = schema_register_find(
		store_schema(c->s), child->reg);
	struct values values = {0};
	struct record r = {0};
	struct save save = { .record = &r };
	struct err err = ERR_INIT;
	char parent[UUID_TEXT_MAX];

	if (reg && schema_make_child_values(&values, store_schema(c->s), child,
	    &c->from)) {
		newrec_init(&r, c->s, reg);
		newrec_preset(&r.values, c->s, &values);
		uuid_print(parent, &c->save->record->id);
		values_set(&r.values, reg->parent_field, parent);
		newrec_from_parent(&r, c->s, reg);
		if (save_record(c->s, &save, &err))
			warn(c, &err);
	}
	faults_release(&save.faults);
	values_release(&values);
	record_release(&r);
}

/* The step if it can be made now, else only the link. */
static enum status
go_on(struct carry *c, struct save *save, struct err *err)
{
	struct err ignored = ERR_INIT;

	for (size_t i = 0; c->make->move && i < c->from_reg->move_count; i++) {
		const struct schema_move *step = &c->from_reg->moves[i];

		if (strcmp(step->name, c->make->move) == 0 &&
		    !save_move(c->s, save, step->to, &ignored))
			return E_OK;
	}
	return save_record(c->s, save, err);
}

static void
link_back(struct carry *c)
{
	const struct schema_make *m = c->make;
	struct record r = {0};
	struct save save = { .record = &r, .seen = &c->from };
	struct err err = ERR_INIT;
	char id[UUID_TEXT_MAX];

	if (!schema_may_write(c->from_reg, store_user(c->s)->role) ||
	    (m->link && values_has(&c->from.values, m->link)))
		return;
	record_copy(&r, &c->from);
	uuid_print(id, &c->save->record->id);
	if (m->link)
		values_set(&r.values, m->link, id);
	if ((m->link || m->move) && go_on(c, &save, &err))
		warn(c, &err);
	faults_release(&save.faults);
	record_release(&r);
}

/* ---- telling ---- */

static bool
is_due(const struct carry *c, const struct schema_tell *t)
{
	return schema_tell_is_due(t, c->before.reg[0] ? &c->before : NULL,
		c->save->record, clock_today());
}

/* A text names the living record that is called so. */
static bool
whom(struct uuid *out, struct store *s, const struct schema_register *of,
	const struct record *r, const struct schema_tell *t)
{
	const struct rule_world *world = store_world(s);
	const struct schema_field *by = NULL;
	const struct schema_register *reg = schema_tell_named(&by,
		store_schema(s), schema_field_find(of, t->to));
	struct rule_find what = { .value = values_get(&r->values, t->to),
		.but = &r->id };
	const struct record *found;

	if (!reg)
		return uuid_parse(out, what.value);
	what.reg = reg->name;
	what.field = by->name;
	found = what.value[0] ? world->find(world->self, &what, 0) : NULL;
	if (found)
		*out = found->id;
	return found != NULL;
}

static bool
may_write(const struct carry *c, const char *name)
{
	const struct schema_register *reg = schema_register_find(
		store_schema(c->s), name);

	return reg && schema_may_write(reg, store_user(c->s)->role);
}

/* One who may not write the other says nothing to it. */
static void
tell(struct carry *c, const struct schema_tell *t)
{
	struct record seen = {0}, r = {0};
	struct save save = { .record = &r, .seen = &seen };
	struct err err = ERR_INIT;
	struct uuid id;

	if (!whom(&id, c->s, c->reg, c->save->record, t) ||
	    store_get(&seen, c->s, &id, &err))
		return;
	if (schema_tell_is_outdone(t, &seen, c->save->record, clock_today(),
		store_world(c->s))) {
		record_release(&seen);
		return;
	}
	record_copy(&r, &seen);
	schema_tell_put(&r, store_schema(c->s), t, c->save->record);
	if (may_write(c, seen.reg) && save_record(c->s, &save, &err))
		warn(c, &err);
	faults_release(&save.faults);
	record_release(&seen);
	record_release(&r);
}

/* ---- saving ---- */

static enum status
save_one(struct carry *c, const char *to, struct err *err)
{
	return to ? save_move(c->s, c->save, to, err)
		: save_record(c->s, c->save, err);
}

static void
carry_over(struct carry *c)
{
	for (size_t i = 0; c->make && i < c->make->child_count; i++)
		make_child(c, &c->make->children[i]);
	if (c->make)
		link_back(c);
	for (size_t i = 0; i < c->reg->tell_count; i++)
		if (is_due(c, &c->reg->tells[i]))
			tell(c, &c->reg->tells[i]);
}

static enum status
save_all(struct carry *c, const char *to, struct err *err)
{
	bool whole = !save_batch_is_open(c->s);
	enum status st = whole ? save_batch_begin(c->s, err) : E_OK;

	if (st)
		return st;
	st = save_one(c, to, err);
	if (st && whole)
		save_batch_rollback(c->s);
	if (st)
		return st;
	if (!c->save->unchanged)
		carry_over(c);
	return whole ? save_batch_commit(c->s, err) : E_OK;
}

static enum status
save_with(struct store *s, struct save *save, const char *to, struct err *err)
{
	struct carry c = { .s = s, .save = save };
	struct err missing = ERR_INIT;
	enum status st;

	c.reg = schema_register_find(store_schema(s), save->record->reg);
	if (save->seen && store_get(&c.before, s, &save->record->id,
	    &missing))
		c.before = (struct record){0};
	find_maker(&c);
	st = c.reg && (c.make || c.reg->tell_count) ? save_all(&c, to, err)
		: save_one(&c, to, err);
	record_release(&c.before);
	record_release(&c.from);
	return st;
}

enum status
carry_save(struct store *s, struct save *save, struct err *err)
{
	return save_with(s, save, NULL, err);
}

enum status
carry_move(struct store *s, struct save *save, const char *to, struct err *err)
{
	return save_with(s, save, to, err);
}

/* ---- after a withdrawal ---- */

enum { LEFT_NAMED = 3 };

static void
put_left(struct buf *out, const struct schema_register *reg,
	const struct values *left)
{
	struct buf names;

	buf_init(&names, BUF_LINE_MAX);
	for (size_t i = 0; i < left->count && i < LEFT_NAMED; i++) {
		const struct schema_field *f = schema_field_find(reg,
			left->items[i].name);

		buf_text(&names, i ? tr(", ") : "");
		buf_text(&names, f ? label_text(&f->label) : "");
	}
	if (left->count > LEFT_NAMED)
		buf_text(&names, "..");
	buf_printf(out, tr("What it told the %s is still there: %s. Please check."),
		label_text(&reg->one), names.data);
	buf_release(&names);
}

void
carry_left(struct buf *out, struct store *s, const struct record *r)
{
	const struct schema_register *reg = schema_register_find(
		store_schema(s), r->reg);
	const struct schema_register *told = NULL;
	struct values left = {0};
	struct uuid id, first = {0};

	for (size_t i = 0; reg && i < reg->tell_count; i++) {
		const struct schema_tell *t = &reg->tells[i];
		struct record other = {0};
		struct err none = ERR_INIT;

		/* one sentence is about one of them */
		if (!whom(&id, s, reg, r, t) || (left.count &&
		    uuid_compare(&id, &first) != 0) ||
		    store_get(&other, s, &id, &none))
			continue;
		first = id;
		told = schema_register_find(store_schema(s), other.reg);
		schema_tell_left(&left, &other, store_schema(s), t, r,
			clock_today(), store_world(s));
		record_release(&other);
	}
	if (told && left.count)
		put_left(out, told, &left);
	values_release(&left);
}
