/*
 * A record in every register, entered through the store with every field that
 * can be typed, by who may; then its list and its page in both languages on
 * 80x24, without a cut heading or label.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "client/app.h"
#include "client/carry.h"
#include "client/newrec.h"
#include "client/screen_list.h"
#include "client/screen_list_parts.h"
#include "client/screen_record.h"
#include "core/role.h"
#include "kit/labels.h"
#include "kit/people.h"
#include "store/overview.h"
#include "store/store.h"

enum { PAGES_MAX = 12 };

struct walk {
	struct people people;
	struct uuid made[256];		/* by register: its first record */
	bool there[256];
};

static void enter_first(struct walk *w, const char *reg);
static void enter(struct walk *w, const char *name, size_t nth);

/* May the role begin one? */
static bool
may_begin(const struct schema_register *reg, const char *role)
{
	for (size_t i = 0; i < reg->field_count; i++)
		if (reg->fields[i].need == NEED_SAVE &&
		    !schema_may_write_field(&reg->fields[i], role))
			return false;
	return schema_may_write(reg, role);
}

/* The chief where it can be. */
static const char *
writer_of(const struct schema_register *reg)
{
	size_t i = 0;

	if (may_begin(reg, "chief"))
		return "chief";
	while (i < WHOLE_ROLES && !may_begin(reg, whole_roles[i]))
		i++;
	assert_true(i < WHOLE_ROLES);
	return whole_roles[i];
}

static size_t
index_of(const char *name)
{
	const struct schema *schema = whole_schema();

	return (size_t)(schema_register_find(schema, name) -
	    schema->registers);
}

/* What the refs of a whole record lead to, as entered here.  What must be there
 * is entered first; the rest waits for the second round, for refs may lead in
 * a circle. */
static void
settle_refs(struct walk *w, struct record *r,
	const struct schema_register *reg)
{
	for (size_t i = 0; i < reg->field_count; i++) {
		const struct schema_field *f = &reg->fields[i];
		char id[UUID_TEXT_MAX] = "";
		size_t to;

		if (f->type != VT_REF || !values_has(&r->values, f->name))
			continue;
		to = index_of(f->to);
		if (f->need == NEED_SAVE)
			enter_first(w, f->to);
		if (w->there[to])
			uuid_print(id, &w->made[to]);
		values_set(&r->values, f->name, id);
	}
}

/* What this role may type of it. */
static void
fill_in(struct record *r, const struct schema_register *reg, const char *role,
	const struct record *want)
{
	for (size_t i = 0; i < reg->field_count; i++) {
		const struct schema_field *f = &reg->fields[i];

		if (!f->readonly && schema_may_write_field(f, role))
			values_set(&r->values, f->name,
			    values_get(&want->values, f->name));
	}
}

/* false: refused, and that is no failure yet. */
static bool
save(struct walk *w, struct record *r, const struct record *seen,
	const char *role, struct err *err)
{
	struct save s = { .record = r, .seen = seen };
	enum status st;

	people_sit(&w->people, role);
	st = carry_save(w->people.cli.store, &s, err);
	faults_release(&s.faults);
	if (!st && overview_refresh(w->people.cli.store, NULL, err))
		fail_msg("%s", err->msg);
	return st == E_OK;
}

static void
read_back(struct walk *w, struct record *out, const struct uuid *id)
{
	struct err err = ERR_INIT, sealed = ERR_INIT;
	enum status s = store_get(out, w->people.cli.store, id, &sealed);

	/* who may not see what is sealed has just left it to who may */
	if (s == E_AUTH)
		people_sit(&w->people, "chief");
	if (s == E_AUTH ? store_get(out, w->people.cli.store, id, &err) : s)
		fail_msg("%s %s", sealed.msg, err.msg);
}

/* All that was to be entered stands in the cache. */
static void
compare(struct walk *w, const struct record *want, const struct uuid *id)
{
	struct record now = {0};

	read_back(w, &now, id);
	for (size_t i = 0; i < want->values.count; i++) {
		const struct value *v = &want->values.items[i];
		const struct schema_field *f = schema_field_find(
		    schema_register_find(whole_schema(), want->reg), v->name);

		if (!f->readonly &&
		    strcmp(values_get(&now.values, v->name), v->text) != 0)
			fail_msg("%s.%s: %s, not %s", want->reg, v->name,
			    values_get(&now.values, v->name), v->text);
	}
	record_release(&now);
}

/* What the writer may not fill in is added by the one who may. */
static void
add_of_others(struct walk *w, const struct record *want,
	const struct schema_register *reg, const struct uuid *id)
{
	for (size_t i = 0; i < reg->field_count; i++) {
		const struct schema_field *f = &reg->fields[i];
		struct record seen = {0}, r = {0};
		struct err err = ERR_INIT;

		if (!f->writer_count || f->readonly ||
		    !values_has(&want->values, f->name))
			continue;
		read_back(w, &seen, id);
		record_copy(&r, &seen);
		values_set(&r.values, f->name,
		    values_get(&want->values, f->name));
		if (!save(w, &r, &seen, f->writers[0], &err))
			fail_msg("%s.%s: %s", r.reg, f->name, err.msg);
		record_release(&r);
		record_release(&seen);
	}
}

static size_t
variants_of(const char *reg)
{
	size_t n = 0;

	for (size_t v = 0; whole_variant(v); v++)
		n += strcmp(whole_variant(v)->reg, reg) == 0;
	return n;
}

/* An event is not changed: it is withdrawn and entered anew. */
static void
withdraw(struct walk *w, const struct uuid *id)
{
	struct err err = ERR_INIT;

	if (!uuid_is_zero(id) && save_remove(w->people.cli.store, id,
	    "录入有误", &err))
		fail_msg("%s", err.msg);
}

/* As the role may type it: anew, or over what stands. */
static bool
enter_as(struct walk *w, const struct record *want,
	const struct schema_register *reg, struct err *err)
{
	size_t at = index_of(reg->name);
	bool over = w->there[at] && !reg->event, good;
	struct record r = {0}, seen = {0};

	people_sit(&w->people, writer_of(reg));
	if (over) {
		read_back(w, &seen, &w->made[at]);
		record_copy(&r, &seen);
	} else {
		withdraw(w, &w->made[at]);
		newrec_init(&r, w->people.cli.store, reg);
	}
	fill_in(&r, reg, writer_of(reg), want);
	good = save(w, &r, over ? &seen : NULL, writer_of(reg), err);
	w->there[at] = good || over;
	if (good || !over)
		w->made[at] = r.id;
	record_release(&seen);
	record_release(&r);
	return good;
}

/* Some belong to a certain kind of record only: the one above becomes each of
 * its variants, and the first again. */
static bool
enter_under(struct walk *w, const struct record *want,
	const struct schema_register *reg, struct err *err)
{
	size_t count = reg->parent ? variants_of(reg->parent) : 0;
	bool good = enter_as(w, want, reg, err);

	for (size_t n = 1; n < count && !good; n++) {
		struct err again = ERR_INIT;

		enter(w, reg->parent, n);
		good = enter_as(w, want, reg, &again);
	}
	return good;
}

/* A variant: the register's first record is made, further ones are put in its
 * place, so that what may be there once is there once. */
static void
enter(struct walk *w, const char *name, size_t nth)
{
	const struct schema_register *reg = schema_register_find(
	    whole_schema(), name);
	struct err err = ERR_INIT;
	struct record want;

	whole_make_nth(&want, name, nth);
	settle_refs(w, &want, reg);
	if (!enter_under(w, &want, reg, &err))
		fail_msg("%s %zu by %s: %s", name, nth, writer_of(reg),
		    err.msg);
	add_of_others(w, &want, reg, &w->made[index_of(name)]);
	compare(w, &want, &w->made[index_of(name)]);
	record_release(&want);
}

static void
enter_first(struct walk *w, const char *reg)
{
	if (!w->there[index_of(reg)])
		enter(w, reg, 0);
}

static void
press(struct app *app, int code)
{
	struct press p = { .code = code };

	app_press(app, &p);
}

static bool
is_on_a_page(const struct schema_register *reg, const struct schema_field *f)
{
	for (size_t p = 0; p < reg->page_count; p++)
		for (size_t i = 0; i < reg->pages[p].count; i++)
			for (size_t k = 0; k < reg->pages[p].rows[i].count; k++)
				if (reg->pages[p].rows[i].fields[k] == f)
					return true;
	return false;
}

/* The list of a register with what was entered in it: each column under its
 * whole title. */
static void
look_at_list(struct app *app, struct canvas *c,
	const struct schema_register *reg)
{
	screen_list_push(app, reg, -1);
	app_paint(app, c);
	for (size_t i = 0; i < reg->column_count; i++) {
		const char *title = list_look_title(reg,
		    reg->columns[i].path);

		if (!labels_has(c, title))
			labels_complain(c, "%s, column %s: no whole title", reg->name,
			    reg->columns[i].path);
	}
	if (!screen_has(c, "\n>"))
		labels_complain(c, "%s: nothing in the list", reg->name);
	press(app, 'q');
}

/* "7-26/26" on the message line: the 26 before the slash; 0 there is none.
 * *all: the one behind it. */
static unsigned long
counter_of(unsigned long *all, const struct canvas *c)
{
	struct buf picture;
	unsigned long last = 0;
	const char *slash;

	buf_init(&picture, BUF_RECORD_MAX);
	canvas_print(&picture, c);
	/* not that of the keys: "/=查人" */
	for (slash = strchr(picture.data, '/'); slash;
	    slash = strchr(slash + 1, '/')) {
		const char *from = slash;

		while (from > picture.data && isdigit((unsigned char)from[-1]))
			from--;
		if (from == slash || from == picture.data || from[-1] != '-' ||
		    !isdigit((unsigned char)slash[1]))
			continue;
		last = strtoul(from, NULL, 10);
		*all = strtoul(slash + 1, NULL, 10);
	}
	buf_release(&picture);
	return last;
}

/* On the last page: up to the last line.  The first picture had one too. */
static void
look_at_counter(const struct canvas *c, const struct schema_register *reg,
	unsigned long at_first)
{
	unsigned long all = 0, last = counter_of(&all, c);

	if (last != all)
		labels_complain(c, "%s: counts other lines than it shows",
			reg->name);
	if ((last > 0) != (at_first > 0))
		labels_complain(c, "%s: does not say at once that more follows",
			reg->name);
}

/* A record's page from its first line to its last: what is filled in stands
 * there under its whole label. */
static void
look_at_record(struct app *app, struct canvas *c,
	const struct schema_register *reg, const struct record *r)
{
	bool *seen = mem_alloc(reg->field_count, sizeof *seen);
	unsigned long all, at_first = 0;

	screen_record_push(app, &r->id);
	for (int page = 0; page < PAGES_MAX; page++) {
		app_paint(app, c);
		if (page == 0)
			at_first = counter_of(&all, c);
		for (size_t i = 0; i < reg->field_count; i++)
			seen[i] = seen[i] || labels_has(c,
			    label_text(&reg->fields[i].label));
		press(app, PRESS_PGDN);
	}
	press(app, PRESS_HOME);
	app_paint(app, c);
	press(app, PRESS_END);
	app_paint(app, c);
	look_at_counter(c, reg, at_first);
	for (size_t i = 0; i < reg->field_count; i++) {
		const struct schema_field *f = &reg->fields[i];

		if (!seen[i] && is_on_a_page(reg, f) &&
		    values_has(&r->values, f->name))
			labels_complain(c, "%s.%s: no whole label on the record's "
			    "page", reg->name, f->name);
	}
	press(app, 'q');
	free(seen);
}

/* Who may read it looks at it. */
static void
look(struct walk *w, const struct schema_register *reg, struct canvas *c)
{
	struct record r = {0};
	struct app app;
	size_t i = 0;

	while (i < WHOLE_ROLES && !schema_may_read(reg, whole_roles[i]))
		i++;
	people_sit(&w->people, whole_roles[i]);
	read_back(w, &r, &w->made[index_of(reg->name)]);
	app_init(&app, &w->people.cli);
	app_signed_in(&app, false);
	look_at_list(&app, c, reg);
	look_at_record(&app, c, reg, &r);
	app_release(&app);
	record_release(&r);
}

static void
records_are_entered_and_shown(void **state)
{
	struct walk *w = mem_alloc(1, sizeof *w);
	struct canvas c;

	(void)state;
	people_open(&w->people);
	for (size_t i = 0; whole_register(i); i++)
		enter_first(w, whole_register(i)->reg);
	for (size_t i = 0; whole_register(i); i++)
		for (size_t n = variants_of(whole_register(i)->reg); n > 0; n--)
			enter(w, whole_register(i)->reg, n - 1);
	canvas_init(&c, LABELS_COLS, LABELS_ROWS);
	for (size_t l = 0; l < LABELS_LANGUAGES; l++) {
		tr_set(labels_languages[l]);
		for (size_t i = 0; whole_register(i); i++)
			look(w, schema_register_find(w->people.cli.schema,
			    whole_register(i)->reg), &c);
	}
	canvas_release(&c);
	people_close(&w->people);
	free(w);
	labels_none_cut();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_entered_and_shown),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, whole_load, whole_unload);
}
