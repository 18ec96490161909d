/*
 * One field's own rules: which members belong to which type, what it derives
 * from, which merging its type can bear, and whether a value could be its.
 */
#include "core/schema_link.h"

#include <string.h>

#include "base/date.h"
#include "core/schema_make.h"

static bool
is_text(const struct schema_field *f)
{
	return f->type == VT_TEXT || f->type == VT_NOTE;
}

static bool
is_day(const struct schema_field *f)
{
	return f->type == VT_DATE || f->type == VT_DATETIME;
}

/* Filled in where the record is made. */
static bool
names_parent(const struct schema_register *reg, const struct schema_field *f)
{
	return reg->parent_field && strcmp(reg->parent_field, f->name) == 0;
}

/* ---- values ---- */

/* Every one of the codes joined with ';' is in the table. */
static bool
are_codes(const struct schema_codes *t, const char *text)
{
	char code[SCHEMA_LABEL_BYTES_MAX + 1];

	for (;;) {
		size_t len = strcspn(text, ";");

		if (len >= sizeof code)
			return false;
		memcpy(code, text, len);
		code[len] = '\0';
		if (!schema_code_find(t, code))
			return false;
		if (text[len] == '\0')
			return true;
		text += len + 1;
	}
}

void
schema_link_value(struct schema_linker *l, const struct schema_field *f,
    const char *text, const char *key)
{
	bool good = true;

	switch (f->type) {
	case VT_CODE:
		good = !f->codes || (f->multi ? are_codes(f->codes, text) :
		    schema_code_find(f->codes, text) != NULL);
		break;
	case VT_BOOL:
		good = strcmp(text, "0") == 0 || strcmp(text, "1") == 0;
		break;
	case VT_DATE:
	case VT_DATETIME:
		good = date_parse(text) != DATE_NONE;
		break;
	case VT_INT:
	case VT_MONEY:
		good = text[0] != '\0' &&
		    text[strspn(text, "0123456789")] == '\0';
		break;
	default:
		break;
	}
	if (!good)
		schema_complain(&l->r, key,
		    tr("The field '%s' cannot hold this value."), f->name);
}

/* A field of the parent that holds what this one can hold. */
static void
link_parent_initial(struct schema_linker *l, const struct schema_field *f,
    const char *name)
{
	const struct schema_register *parent = l->reg->parent ?
	    schema_register_find(l->s, l->reg->parent) : NULL;
	const struct schema_field *from = parent ?
	    schema_link_name(l, parent, name, "initial") : NULL;

	if (!l->reg->parent)
		schema_complain(&l->r, "initial",
		    tr("The register has no parent."));
	else if (from && !schema_make_fits(from, f))
		schema_complain(&l->r, "initial", tr("'%s' cannot hold what "
		    "'%s' holds."), f->name, from->name);
}

static void
link_initial(struct schema_linker *l, const struct schema_field *f)
{
	const char *text = f->initial;
	bool good;

	if (!text)
		return;
	if (text[0] != '@') {
		schema_link_value(l, f, text, "initial");
		return;
	}
	if (schema_parent_initial(f)) {
		link_parent_initial(l, f, schema_parent_initial(f));
		return;
	}
	if (strcmp(text, "@today") == 0)
		good = is_day(f);
	else if (strcmp(text, "@now") == 0)
		good = f->type == VT_DATETIME;
	else if (strcmp(text, "@year") == 0)
		good = f->type == VT_INT || f->type == VT_TEXT;
	else
		good = (strcmp(text, "@me") == 0 ||
		    strcmp(text, "@office") == 0 ||
		    strcmp(text, "@office_name") == 0) && f->type == VT_TEXT;
	if (!good)
		schema_complain(&l->r, "initial", tr("Here may stand a value, "
		    "@today in dates, @now in datetimes, @year in numbers and "
		    "texts, @me, @office and @office_name in texts."));
}

/* ---- what belongs to which type ---- */

static void
link_type(struct schema_linker *l, const struct schema_field *f)
{
	struct schema_reader *r = &l->r;

	if (f->codes && f->type != VT_CODE)
		schema_complain(r, "codes",
		    tr("Only a code field has a table."));
	if (f->multi && f->type != VT_CODE)
		schema_complain(r, "multi",
		    tr("Only a code field holds several values."));
	if (f->type == VT_REF && !f->to)
		schema_complain(r, "to",
		    tr("A ref must name its register."));
	else if (f->to && f->type != VT_REF)
		schema_complain(r, "to",
		    tr("Only a ref names a register."));
	else if (f->to)
		(void)schema_link_register(l, f->to, "to");
	if ((f->max_chars || f->min_chars) && !is_text(f) &&
	    f->type != VT_NUMBER)
		schema_complain(r, "max_chars",
		    tr("Only texts, notes and numbers of papers have a "
		    "length."));
	if (f->max_chars && f->min_chars > f->max_chars)
		schema_complain(r, "min_chars",
		    tr("The least length is above the greatest."));
	if ((f->least || f->most) && f->type != VT_INT)
		schema_complain(r, "least",
		    tr("Only a whole number has limits."));
	if (f->most && f->least > f->most)
		schema_complain(r, "least",
		    tr("The least number is above the greatest."));
	if (f->rows > 1 && f->type != VT_NOTE)
		schema_complain(r, "rows", tr("Only a note has rows."));
	if (f->past && !is_day(f))
		schema_complain(r, "past", tr("Only a date can be past."));
	if (f->masked && f->type != VT_IDNO && f->type != VT_PHONE)
		schema_complain(r, "masked",
		    tr("Only id numbers and phones are masked."));
	if (f->overview && f->type == VT_NOTE)
		schema_complain(r, "overview",
		    tr("A note is too long for the overview."));
	if (f->need_when.count > 0 && f->need == NEED_NO)
		schema_complain(r, "need_when",
		    tr("'need_when' without 'need' does nothing."));
	if (f->need != NEED_NO && f->readonly && !names_parent(l->reg, f))
		schema_complain(r, "need",
		    tr("Nobody can fill in a readonly field."));
}

/* What is offered again when the next record is entered. */
static void
link_again(struct schema_linker *l, const struct schema_field *f)
{
	if (f->recall && f->type != VT_TEXT && f->type != VT_NOTE)
		schema_complain(&l->r, "recall",
		    tr("Only texts and notes are remembered."));
	if (f->repeat && (f->readonly || f->restricted ||
	    f->type == VT_IDNO || f->type == VT_NUMBER))
		schema_complain(&l->r, "repeat", tr("What is readonly, "
		    "restricted or somebody's number is not repeated."));
}

/* "committee.name": a register, and a text its records hold. */
static void
link_suggest(struct schema_linker *l, const struct schema_field *f)
{
	const struct schema_field *from = NULL;
	const struct schema_register *reg;
	char name[RECORD_NAME_MAX];
	size_t len;

	if (!f->suggest)
		return;
	len = strcspn(f->suggest, ".");
	if (f->type != VT_TEXT)
		schema_complain(&l->r, "suggest",
		    tr("Only a text has suggestions."));
	if (f->suggest[len] == '\0' || len >= sizeof name) {
		schema_complain(&l->r, "suggest", tr("Here must be a register "
		    "and its field, like committee.name."));
		return;
	}
	memcpy(name, f->suggest, len);
	name[len] = '\0';
	reg = schema_link_register(l, name, "suggest");
	if (reg)
		from = schema_link_path(l, reg, f->suggest + len + 1,
		    "suggest");
	if (from && from->type != VT_TEXT)
		schema_complain(&l->r, "suggest",
		    tr("Only texts can be suggested."));
}

/* ---- derivation ---- */

static bool
derives(const struct schema_field *f, const struct schema_field *from)
{
	switch (f->derive) {
	case DERIVE_PINYIN:
		return f->type == VT_TEXT && from->type == VT_TEXT;
	case DERIVE_BIRTH:
		return f->type == VT_DATE && from->type == VT_IDNO;
	case DERIVE_SEX:
		return f->type == VT_CODE && from->type == VT_IDNO;
	case DERIVE_MINOR:
		return f->type == VT_BOOL && from->type == VT_DATE;
	case DERIVE_PLUS_DAYS:
		return f->type == VT_DATE && is_day(from);
	case DERIVE_DAYS_INCLUSIVE:
	case DERIVE_LEAVE_CUMULATED:
		return f->type == VT_INT && is_day(from);
	case DERIVE_OF_PERSON:
		return f->type == VT_REF && from->type == VT_REF;
	case DERIVE_BANDS:
		return from->type == VT_INT || from->type == VT_MONEY;
	default:
		return true;
	}
}

/* The highest first, so that the first one reached is the right one. */
static void
link_bands(struct schema_linker *l, const struct schema_field *f)
{
	if ((f->derive == DERIVE_BANDS) != (f->band_count > 0))
		schema_complain(&l->r, "derive.bands",
		    tr("'bands' belongs to 'how': 'bands', and only there."));
	for (size_t i = 0; i < f->band_count; i++) {
		size_t mark = schema_read_enter(&l->r, "derive.bands", (int)i);

		schema_link_value(l, f, f->bands[i].value, "value");
		if (i > 0 && f->bands[i].least >= f->bands[i - 1].least)
			schema_complain(&l->r, "least",
			    tr("The bands stand from the highest down."));
		schema_read_leave(&l->r, mark);
	}
}

/* The second day of what counts between two. */
static void
link_derive_to(struct schema_linker *l, const struct schema_field *f)
{
	bool between = f->derive == DERIVE_DAYS_INCLUSIVE ||
	    f->derive == DERIVE_LEAVE_CUMULATED;
	const struct schema_field *to;

	if (between != (f->derive_to != NULL)) {
		schema_complain(&l->r, "derive.to", tr("'to' belongs to "
		    "'days_inclusive' and 'leave_cumulated', and only there."));
		return;
	}
	to = between ? schema_link_name(l, l->reg, f->derive_to, "derive.to")
	    : NULL;
	if (to && !is_day(to))
		schema_complain(&l->r, "derive.to", tr("This cannot be "
		    "derived between fields of these types."));
	if (f->derive == DERIVE_LEAVE_CUMULATED &&
	    (!l->reg->parent || !l->reg->approves))
		schema_complain(&l->r, "derive.how", tr("Only what is "
		    "approved below a parent can be cumulated."));
}

/* Reads the letters of the register commission; a folder without one has
 * nothing that was commissioned. */
static void
link_commissioned(struct schema_linker *l, const struct schema_field *f)
{
	const struct schema_register *letters = schema_register_find(l->s,
	    "commission");
	const struct schema_field *matters = letters ?
	    schema_field_find(letters, "matters") : NULL;

	if (f->type != VT_BOOL || !f->readonly)
		schema_complain(&l->r, "derive.how", tr("What is derived from "
		    "other records is readonly, and whether something is "
		    "commissioned is a bool."));
	if (matters)
		schema_link_value(l, matters, f->derive_matter,
		    "derive.matter");
}

static bool
has_points(const struct schema_register *reg)
{
	for (size_t i = 0; i < reg->field_count; i++) {
		const struct schema_codes *t = reg->fields[i].codes;

		for (size_t k = 0; t && k < t->count; k++)
			if (t->items[k].points != 0)
				return true;
	}
	return false;
}

static void
link_points(struct schema_linker *l, const struct schema_field *f)
{
	if (f->type != VT_INT || !f->readonly)
		schema_complain(&l->r, "derive.how", tr("A sum of points is a "
		    "readonly int."));
	if (!has_points(l->reg))
		schema_complain(&l->r, "derive.how", tr("No code table of "
		    "this register gives points."));
}

static void
link_derive(struct schema_linker *l, const struct schema_field *f)
{
	const struct schema_field *from;

	if (f->derive == DERIVE_NO)
		return;
	if (f->derive == DERIVE_COMMISSIONED) {
		link_commissioned(l, f);
		return;
	}
	if (f->derive == DERIVE_POINTS) {
		link_points(l, f);
		return;
	}
	from = schema_link_name(l, l->reg, f->derive_from, "derive.from");
	if (from && !derives(f, from))
		schema_complain(&l->r, "derive.how", tr("This cannot be "
		    "derived between fields of these types."));
	link_derive_to(l, f);
	link_bands(l, f);
	if ((f->derive == DERIVE_PLUS_DAYS) != (f->derive_days != 0))
		schema_complain(&l->r, "derive.days",
		    tr("'days' belongs to 'plus_days', and only there."));
}

/* ---- merging ---- */

static bool
merges(const struct schema_field *f)
{
	switch (f->merge) {
	case MERGE_APPEND:
		return is_text(f);
	case MERGE_UNION:
		return f->multi || f->type == VT_PHONE;
	case MERGE_MAX:
	case MERGE_MIN:
		return is_day(f) || f->type == VT_INT || f->type == VT_MONEY ||
		    f->type == VT_BOOL || (f->type == VT_CODE && !f->multi);
	default:
		return true;
	}
}

static void
link_merge(struct schema_linker *l, const struct schema_field *f)
{
	size_t members = 0;

	if (!merges(f))
		schema_complain(&l->r, "merge", tr("A field of this type "
		    "cannot be merged so."));
	if (!f->group)
		return;
	if (f->merge != MERGE_ASK)
		schema_complain(&l->r, "merge", tr("Fields of a group are "
		    "merged as one: only 'ask' is possible."));
	for (size_t i = 0; i < l->reg->field_count; i++) {
		const char *group = l->reg->fields[i].group;

		if (group && strcmp(group, f->group) == 0)
			members++;
	}
	if (members < 2)
		schema_complain(&l->r, "group",
		    tr("No other field is in this group."));
}

void
schema_link_field(struct schema_linker *l, const struct schema_field *f)
{
	link_type(l, f);
	link_suggest(l, f);
	link_again(l, f);
	link_initial(l, f);
	link_derive(l, f);
	link_merge(l, f);
	schema_link_roles(l, f->writers, f->writer_count, "write");
	schema_link_conds(l, l->reg, &f->need_when, "need_when");
	schema_link_conds(l, l->reg, &f->show_when, "show_when");
}
