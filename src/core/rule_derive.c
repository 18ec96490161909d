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

enum { MINOR_YEARS = 18 };	/* 未成年人保护法 2 */

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
		default:
			break;
		}
	}
	values_set(&r->values, f->name, out.data);
	buf_release(&out);
}

void
rule_derive(const struct schema_register *reg, struct record *r, int today)
{
	/* twice: a minor follows from a birth date that follows from a number,
	 * whichever field the definition names first */
	for (int turn = 0; turn < 2; turn++)
		for (size_t i = 0; i < reg->field_count; i++)
			if (reg->fields[i].derive != DERIVE_NO)
				derive_field(r, &reg->fields[i], today);
}
