#include "client/newrec.h"

#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "core/value.h"

enum { MINUTE_TEXT = 16 };	/* "2026-03-05T09:11" */

void
newrec_preset(struct values *out, const struct store *s,
	const struct values *preset)
{
	char today[DATE_TEXT_MAX];

	date_print(today, clock_today());
	for (size_t i = 0; i < preset->count; i++) {
		const char *text = preset->items[i].text;

		if (strcmp(text, "@today") == 0)
			text = today;
		else if (strcmp(text, "@me") == 0)
			text = store_user(s)->name;
		values_set(out, preset->items[i].name, text);
	}
}

void
newrec_init(struct record *r, const struct store *s,
	const struct schema_register *reg)
{
	newrec_init_for(r, s, reg, store_user(s)->office);
}

void
newrec_init_for(struct record *r, const struct store *s,
	const struct schema_register *reg, const char *office)
{
	const struct store_user *u = store_user(s);
	char today[DATE_TEXT_MAX], now[CLOCK_TEXT_MAX];

	date_print(today, clock_today());
	clock_print(now, clock_believed_at());
	now[MINUTE_TEXT] = 0;
	record_set(r, "@office", office);
	if (reg->state_count)
		record_set(r, "@state", reg->states[0].name);
	memcpy(r->reg, reg->name, strlen(reg->name) + 1);
	for (size_t i = 0; i < reg->field_count; i++) {
		struct buf text;

		buf_init(&text, RECORD_VALUE_BYTES_MAX);
		value_initial(&text, &reg->fields[i], today, now, u->name,
			office);
		values_set(&r->values, reg->fields[i].name, text.data);
		buf_release(&text);
	}
}

static void
name_office(struct record *r, struct store *s,
    const struct schema_register *reg)
{
	struct store_device d = {0};
	struct err none = ERR_INIT;

	if (store_device_get(&d, s, &none) ||
	    strcmp(d.office, record_get(r, "@office")) != 0)
		return;
	for (size_t i = 0; i < reg->field_count; i++) {
		const struct schema_field *f = &reg->fields[i];

		if (f->initial && strcmp(f->initial, "@office_name") == 0 &&
		    !values_has(&r->values, f->name))
			values_set(&r->values, f->name, d.office_name);
	}
}

void
newrec_from_parent(struct record *r, struct store *s,
	const struct schema_register *reg)
{
	struct record parent = {0};
	struct err none = ERR_INIT;
	struct uuid id;

	name_office(r, s, reg);
	if (!reg->parent_field || !uuid_parse(&id, values_get(&r->values,
	    reg->parent_field)) || store_get(&parent, s, &id, &none))
		return;
	for (size_t i = 0; i < reg->field_count; i++) {
		const struct schema_field *f = &reg->fields[i];
		const char *from = schema_parent_initial(f);

		if (from && !values_has(&r->values, f->name))
			values_set(&r->values, f->name,
				values_get(&parent.values, from));
	}
	record_release(&parent);
}
