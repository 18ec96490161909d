/* Rows of conditions asked of a record. */
#include "core/schema_cond.h"

#include <string.h>

#include "base/date.h"

/* Whole numbers are compared as numbers, so that 900 < 1000; dates and the
 * rest as bytes. */
static int
compare_texts(const char *a, const char *b)
{
	size_t a_digits = strspn(a, "0123456789");
	size_t b_digits = strspn(b, "0123456789");

	if (a[a_digits] == '\0' && b[b_digits] == '\0' && a_digits != b_digits)
		return a_digits < b_digits ? -1 : 1;
	return strcmp(a, b);
}

/* Each member of want, codes joined with ';', is among those of have. */
static bool
has_all(const char *have, const char *want)
{
	char member[RECORD_NAME_MAX * 2];

	for (;;) {
		size_t len = strcspn(want, ";");

		if (len >= sizeof member)
			return false;
		memcpy(member, want, len);
		member[len] = '\0';
		if (!values_set_has(have, member))
			return false;
		if (want[len] == '\0')
			return true;
		want += len + 1;
	}
}

/* What a condition may name instead of a value. */
struct known {
	char today[DATE_TEXT_MAX];
	char month[DATE_TEXT_MAX];	/* its first day */
	const char *user;
	const struct cond_more *more;	/* NULL: nothing of it is known */
};

static const char *
known_value(const struct known *k, const char *value)
{
	if (value[0] != '@')
		return value;
	if (strcmp(value, "@today") == 0)
		return k->today;
	if (strcmp(value, "@month") == 0)
		return k->month;
	return strcmp(value, "@me") == 0 ? k->user : value;
}

static bool
one_of(const struct cond *c, const char *have, const struct known *k)
{
	for (size_t i = 0; i < c->value_count; i++) {
		const char *want = known_value(k, c->values[i]);

		if (want[0] == '\0' && c->values[i][0] != '\0')
			continue;	/* nobody is signed in: nothing is his */
		if (strcmp(have, want) == 0 || has_all(have, want))
			return true;
	}
	return false;
}

/* Nothing of it is stored with the record, so record_get() does not know it. */
static const char *
field_of(const struct record *r, const struct known *k, const char *field)
{
	if (field[0] != '@' || !k->more)
		return record_get(r, field);
	if (strcmp(field, "@overlays") == 0)
		return k->more->overlays;
	if (strcmp(field, "@parent_state") == 0)
		return k->more->parent_state;
	if (strcmp(field, "@parent_overlays") == 0)
		return k->more->parent_overlays;
	return record_get(r, field);
}

static bool
cond_holds(const struct cond *c, const struct record *r,
    const struct known *k)
{
	const char *have = field_of(r, k, c->field);
	const char *want;
	int order;

	switch (c->op) {
	case COND_EMPTY:
		return have[0] == '\0';
	case COND_FILLED:
		return have[0] != '\0';
	case COND_EQ:
	case COND_IN:
		return one_of(c, have, k);
	case COND_NE:
	case COND_NOT_IN:
		return !one_of(c, have, k);
	default:
		break;
	}
	/* nothing is neither before nor after anything */
	if (have[0] == '\0' || c->value_count == 0)
		return false;
	want = known_value(k, c->values[0]);
	order = compare_texts(have, want);
	switch (c->op) {
	case COND_LT:
		return order < 0;
	case COND_LE:
		return order <= 0;
	case COND_GT:
		return order > 0;
	default:
		return order >= 0;
	}
}

/* Most conditions name no day, and deadlines ask many of them. */
static bool
speak_of_days(const struct conds *c)
{
	for (size_t i = 0; i < c->count; i++)
		for (size_t k = 0; k < c->items[i].value_count; k++)
			if (c->items[i].values[k][0] == '@')
				return true;
	return false;
}

bool
conds_hold_more(const struct conds *c, const struct record *r,
    const struct cond_more *more, int today, const char *user)
{
	struct known k = { .user = user, .more = more };
	int year, month, day;

	if (c->count == 0)
		return true;
	if (today != DATE_NONE && speak_of_days(c)) {
		date_print(k.today, today);
		date_to_ymd(today, &year, &month, &day);
		date_print(k.month, today - day + 1);
	}
	for (size_t i = 0; i < c->count; i++)
		if (!cond_holds(&c->items[i], r, &k))
			return false;
	return true;
}

bool
conds_hold(const struct conds *c, const struct record *r, int today,
    const char *user)
{
	return conds_hold_more(c, r, NULL, today, user);
}
