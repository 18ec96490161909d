/*
 * keeping.json, and what follows from it for a record.
 */
#include "core/keeping.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "core/schema_parts.h"
#include "core/schema_read.h"

enum { LINES_MAX = 200, STATES_MAX = 16, YEARS_MAX = 100 };

/* ---- reading ---- */

struct finder {
	struct schema_register *(*find)(void *self, const char *name);
	void *self;
};

/* Closed is what nobody works on any more, and it has a day. */
static void
check_close(struct schema_reader *r, const struct schema_keeping *k,
    const struct schema_register *reg)
{
	const struct schema_field *f = k->day ?
	    schema_field_find(reg, k->day) : NULL;

	for (size_t i = 0; i < k->state_count; i++) {
		const struct schema_state *s = schema_state_find(reg, k->states[i]);

		if (!s)
			schema_complain(r, "states", tr("The register has no "
			    "state '%s'."), k->states[i]);
		else if (s->active)
			schema_complain(r, "states", tr("In the state '%s' a "
			    "record is still worked on; no term begins there."),
			    k->states[i]);
	}
	if (k->state_count == 0 && (reg->state_count > 0 || !k->day))
		schema_complain(r, "states", tr("Here must be the states that "
		    "close a record; where a register has none, a 'day'."));
	if (k->day && (!f || f->type != VT_DATE))
		schema_complain(r, "day", tr("'%s' is no date of the register."),
		    k->day);
}

static void
read_line(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "register", "years", "states",
		"day", "basis", "local", NULL };
	const struct finder *f = ctx;
	char *name = schema_read_name(r, j, "register");
	struct schema_register *reg = f->find(f->self, name);
	struct schema_keeping k = { .given = true };

	(void)out;
	schema_read_keys(r, j, keys);
	k.years = schema_read_int(r, j, "years", 0, YEARS_MAX, -1);
	k.states = schema_read_texts(&k.state_count, r, j, "states",
	    STATES_MAX);
	k.day = schema_read_name_if(r, j, "day");
	schema_read_label(&k.basis, r, j, "basis", true,
	    SCHEMA_TEXT_BYTES_MAX);
	k.local = schema_read_bool(r, j, "local", false);
	if (k.years < 0)
		schema_complain(r, "years", tr("Here must be the years it is "
		    "kept; 0 is for good."));
	if (!reg)
		schema_complain(r, "register",
		    tr("There is no register '%s'."), name);
	else if (reg->keeping.given)
		schema_complain(r, "register",
		    tr("A register has one line here."));
	else if (reg->parent)
		schema_complain(r, "register", tr("A child is kept as long as "
		    "what it belongs to."));
	else
		check_close(r, &k, reg);
	if (reg && !reg->keeping.given)
		reg->keeping = k;
	else
		schema_keeping_release(&k);
	free(name);
}

void
schema_read_keeping(struct schema_reader *r, const struct json *j,
    struct schema_register *(*find)(void *self, const char *name), void *self)
{
	static const char *const keys[] = { "keeping", NULL };
	struct finder f = { find, self };
	size_t count = 0;

	schema_read_keys(r, j, keys);
	free(schema_read_items(&count, r, j, "keeping", LINES_MAX, 1,
	    read_line, &f));
}

void
schema_keeping_release(struct schema_keeping *k)
{
	for (size_t i = 0; i < k->state_count; i++)
		free(k->states[i]);
	free(k->states);
	free(k->day);
	free(k->basis.zh);
	free(k->basis.en);
	*k = (struct schema_keeping){0};
}

/* ---- asking ---- */

bool
keeping_is_file(const char *path)
{
	return strcmp(path, "keeping.json") == 0;
}

int
keeping_last_on(int closed_on, int years)
{
	int year, month, day;

	date_to_ymd(closed_on, &year, &month, &day);
	return date_from_ymd(year + years, 12, 31);
}

static bool
is_closed(const struct schema_keeping *k, const struct record *r)
{
	if (k->state_count == 0)
		return true;
	for (size_t i = 0; i < k->state_count; i++)
		if (strcmp(k->states[i], r->state) == 0)
			return true;
	return false;
}

enum keeping
keeping_of(int *last_on, const struct schema_register *reg,
    const struct record *r, int changed_on)
{
	const struct schema_keeping *k = &reg->keeping;
	int on = DATE_NONE;

	if (!k->given)
		return KEEPING_NONE;
	/* what was entered by mistake has no file to be kept */
	if (!is_closed(k, r) && !r->deleted)
		return KEEPING_OPEN;
	if (k->years == 0)
		return KEEPING_FOR_GOOD;
	if (k->day)
		on = date_parse(record_get(r, k->day));
	if (on == DATE_NONE && k->state_count == 0 && !r->deleted)
		return KEEPING_OPEN;
	if (on == DATE_NONE)
		on = changed_on;
	*last_on = keeping_last_on(on, k->years);
	return KEEPING_UNTIL;
}
