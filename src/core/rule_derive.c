/*
 * Values that follow from others (rule.h, rule_derive).  What a person typed
 * stays; a readonly field always says what follows.
 */
#include "core/rule.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "core/idno.h"
#include "core/pinyin.h"
#include "core/rule_named.h"

enum {
	MINOR_YEARS = 18,	/* 未成年人保护法 2 */
	CODE_BYTES_MAX = 40,	/* no table takes a longer one */
};

static void
derive_days(struct buf *out, const struct schema_field *f, const char *from)
{
	char text[DATE_TEXT_MAX] = "";
	int on;

	strncat(text, from, DATE_TEXT_MAX - 1);	/* the day of a datetime */
	on = date_parse(text);
	if (on == DATE_NONE)
		return;
	date_print(text, on + f->derive_days);
	buf_text(out, text);
}

static void
derive_minor(struct buf *out, const char *birth, int today)
{
	int on = date_parse(birth);

	if (on != DATE_NONE)
		buf_char(out, date_add_months(on, MINOR_YEARS * 12) > today ?
		    '1' : '0');
}

static void
derive_band(struct buf *out, const struct schema_field *f, const char *from)
{
	long long n = strtoll(from, NULL, 10);

	for (size_t i = 0; i < f->band_count; i++)
		if (n >= f->bands[i].least) {
			buf_text(out, f->bands[i].value);
			return;
		}
}

static void
derive_id(struct buf *out, const struct schema_field *f, const char *from,
    int today)
{
	char id[IDNO_MAX];
	char text[DATE_TEXT_MAX];
	struct err ignored = ERR_INIT;
	bool old;

	if (idno_parse(id, &old, from, today, &ignored) != E_OK)
		return;
	if (f->derive == DERIVE_SEX) {
		buf_text(out, idno_sex(id));
		return;
	}
	date_print(text, idno_birth(id));
	buf_text(out, text);
}

/* Both days count, so that a leave of one day is one. */
static void
derive_between(struct buf *out, const char *from, const char *to)
{
	int first = rule_day_of(from);
	int last = rule_day_of(to);

	if (first != DATE_NONE && last != DATE_NONE && first <= last)
		buf_printf(out, "%d", last - first + 1);
}

static void
derive_field(struct record *r, const struct schema_field *f, int today)
{
	const char *from = values_get(&r->values, f->derive_from);
	struct buf out;

	if (!f->readonly && values_has(&r->values, f->name))
		return;
	buf_init(&out, BUF_LINE_MAX);
	if (from[0] != '\0') {
		switch (f->derive) {
		case DERIVE_PINYIN:
			pinyin_initials(&out, from);
			break;
		case DERIVE_BIRTH:
		case DERIVE_SEX:
			derive_id(&out, f, from, today);
			break;
		case DERIVE_MINOR:
			derive_minor(&out, from, today);
			break;
		case DERIVE_PLUS_DAYS:
			derive_days(&out, f, from);
			break;
		case DERIVE_BANDS:
			derive_band(&out, f, from);
			break;
		case DERIVE_DAYS_INCLUSIVE:
			derive_between(&out, from,
			    values_get(&r->values, f->derive_to));
			break;
		default:
			break;
		}
	}
	values_set(&r->values, f->name, out.data);
	buf_release(&out);
}

/* The points of one value, of each of its codes. */
static int
points_of(const struct schema_field *f, const char *text)
{
	char code[CODE_BYTES_MAX + 1];
	int sum = 0;

	while (*text) {
		size_t len = strcspn(text, ";");
		const struct schema_code *c = NULL;

		if (len < sizeof code) {
			memcpy(code, text, len);
			code[len] = '\0';
			c = schema_code_find(f->codes, code);
		}
		sum += c ? c->points : 0;
		text += len + (text[len] ? 1 : 0);
	}
	return sum;
}

/* A sheet nobody has begun has no sum, not zero.  The derived codes, a band of
 * the sum among them, are none of it. */
static void
derive_points(const struct schema_register *reg, struct record *r,
    const struct schema_field *f)
{
	struct buf out;
	bool begun = false;
	int sum = 0;

	for (size_t i = 0; i < reg->field_count; i++) {
		const struct schema_field *from = &reg->fields[i];
		const char *text = values_get(&r->values, from->name);

		if (from->type != VT_CODE || text[0] == '\0' ||
		    from->derive != DERIVE_NO)
			continue;
		begun = true;
		sum += points_of(from, text);
	}
	buf_init(&out, BUF_LINE_MAX);
	if (begun)
		buf_printf(&out, "%d", sum);
	values_set(&r->values, f->name, out.data);
	buf_release(&out);
}

static bool
is_of_others(const struct schema_field *f)
{
	return f->derive == DERIVE_LEAVE_CUMULATED ||
	    f->derive == DERIVE_COMMISSIONED || f->derive == DERIVE_OF_PERSON;
}

/* What was decided on stands as it was then. */
static bool
is_decided(const struct schema_register *reg, const struct record *r)
{
	const struct schema_state *s = schema_state_find(reg, r->state);

	if (!s)
		return false;
	if (reg->approval.step_count == 0)
		return s->locked;
	return (size_t)(s - reg->states) >= reg->approval.made_states ||
	    (s->locked && s->step == 0);
}

static void
derive_of_others(const struct schema_register *reg, struct record *r,
    int today, const struct rule_world *world)
{
	for (size_t i = 0; i < reg->field_count; i++) {
		const struct schema_field *f = &reg->fields[i];
		struct buf out;

		if (!is_of_others(f) || (!f->readonly &&
		    values_has(&r->values, f->name)))
			continue;
		buf_init(&out, BUF_LINE_MAX);
		if (rule_derive_from_world(&out, reg, f, r, today, world))
			values_set(&r->values, f->name, out.data);
		buf_release(&out);
	}
}

void
rule_derive(const struct schema_register *reg, struct record *r, int today,
    const struct rule_world *world)
{
	/* twice: a minor follows from a birth date that follows from a number,
	 * whichever field the definition names first */
	for (int turn = 0; turn < 2; turn++)
		for (size_t i = 0; i < reg->field_count; i++)
			if (reg->fields[i].derive == DERIVE_POINTS)
				derive_points(reg, r, &reg->fields[i]);
			else if (reg->fields[i].derive != DERIVE_NO &&
			    !is_of_others(&reg->fields[i]))
				derive_field(r, &reg->fields[i], today);
	if (!is_decided(reg, r))
		derive_of_others(reg, r, today, world);
}
