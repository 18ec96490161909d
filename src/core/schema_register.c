/*
 * One file of registers/: its head, fields and checks
 * (screens/README.md).  What points outside the register is only kept here;
 * schema_link.c looks whether it exists.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "core/dossier.h"
#include "core/number.h"
#include "core/overlay.h"
#include "core/purpose.h"
#include "core/schema_make.h"
#include "core/schema_parts.h"
#include "core/schema_read.h"
#include "core/schema_tell.h"

enum {
	FIELDS_MAX = 200,
	CONDS_MAX = 16,
	COND_VALUES_MAX = 100,
	CHECKS_MAX = 60,
	CHECK_MOVES_MAX = 20,
	ROLES_MAX = 16,
	ALIASES_MAX = 40,
	BANDS_MAX = 20,
	WAS_MAX = 10,
	NOTE_ROWS = 4,		/* of a note that does not say */
};

/* ---- conditions ---- */

/* enum cond_op, in its order. */
static const char *const cond_words[] = { "eq", "ne", "in", "not_in", "empty",
	"filled", "lt", "le", "gt", "ge", NULL };

static void
read_cond(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "field", "op", "value", NULL };
	struct cond *c = out;
	bool list;
	bool bare;

	(void)ctx;
	schema_read_keys(r, j, keys);
	c->field = schema_read_text(r, j, "field", true, RECORD_NAME_MAX);
	if (!c->field)
		c->field = mem_strdup("");
	c->op = (enum cond_op)schema_read_choice(r, j, "op", cond_words, -1);
	list = c->op == COND_IN || c->op == COND_NOT_IN;
	bare = c->op == COND_EMPTY || c->op == COND_FILLED;
	if (bare && json_get(j, "value"))
		schema_complain(r, "value",
		    tr("'empty' and 'filled' take no value."));
	if (list) {
		c->values = schema_read_texts(&c->value_count, r, j, "value",
		    COND_VALUES_MAX);
		if (c->value_count == 0)
			schema_complain(r, "value",
			    tr("Here must be a list of texts."));
	} else if (!bare) {
		char *text = schema_read_text(r, j, "value", true,
		    SCHEMA_LABEL_BYTES_MAX);

		c->values = mem_alloc(1, sizeof *c->values);
		c->values[0] = text ? text : mem_strdup("");
		c->value_count = 1;
	}
}

void
schema_read_conds(struct conds *out, struct schema_reader *r,
    const struct json *j, const char *key)
{
	out->items = schema_read_items(&out->count, r, j, key, CONDS_MAX,
	    sizeof *out->items, read_cond, NULL);
}

/* ---- fields ---- */

/* The enums of schema.h, each in its order. */
static const char *const type_words[] = { "text", "note", "date", "datetime",
	"int", "money", "bool", "code", "ref", "idno", "phone", "uscc",
	"number", NULL };

const char *
schema_type_name(enum value_type type)
{
	return type_words[type];
}

static const char *const need_words[] = { "no", "submit", "save", NULL };
static const char *const merge_words[] = { "ask", "append", "union", "max",
	"min", "server", NULL };
static const char *const derive_words[] = { "no", "pinyin", "birth", "sex",
	"minor", "plus_days", "days_inclusive", "leave_cumulated",
	"commissioned", "bands", "points",
	"of_person", NULL };

static void
read_band(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "least", "value", NULL };
	struct schema_band *b = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	b->least = schema_read_int(r, j, "least", 0, 1000000000, 0);
	b->value = schema_read_text(r, j, "value", true, 40);
	if (!b->value)
		b->value = mem_strdup("");
}

static void
read_derive(struct schema_field *f, struct schema_reader *r,
    const struct json *j)
{
	static const char *const keys[] = { "how", "from", "to", "days",
		"matter", "bands", NULL };
	const struct json *d = json_get(j, "derive");
	size_t mark;

	if (!d)
		return;
	mark = schema_read_enter(r, "derive", -1);
	if (schema_read_keys(r, d, keys)) {
		f->derive = (enum derive)schema_read_choice(r, d, "how",
		    derive_words, -1);
		if (f->derive == DERIVE_COMMISSIONED)
			f->derive_matter = schema_read_name(r, d, "matter");
		else if (f->derive != DERIVE_POINTS)
			f->derive_from = schema_read_name(r, d, "from");
		f->derive_to = schema_read_name_if(r, d, "to");
		f->derive_days = schema_read_int(r, d, "days", -3660, 3660, 0);
		f->bands = schema_read_items(&f->band_count, r, d, "bands",
		    BANDS_MAX, sizeof *f->bands, read_band, NULL);
	}
	schema_read_leave(r, mark);
}

static void
read_codes_of(struct schema_field *f, struct schema_reader *r,
    const struct json *j, const struct schema *s)
{
	char *name = schema_read_name_if(r, j, "codes");

	f->multi = schema_read_bool(r, j, "multi", false);
	if (name)
		f->codes = schema_codes_find(s, name);
	if (name && !f->codes)
		schema_complain(r, "codes", tr("There is no code table '%s'."),
		    schema_is_name(name) ? name : "...");
	if (!name && f->type == VT_CODE)
		schema_complain(r, "codes",
		    tr("A code field must name its table."));
	free(name);
}

static void
read_field(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "name", "was", "label", "help",
		"purpose", "type", "aliases", "need", "need_when", "show_when", "max_chars",
		"min_chars", "least", "most", "rows", "codes", "multi", "to", "initial", "past",
		"overview", "masked", "office", "restricted", "readonly",
		"write", "derive",
		"merge", "group", "suggest", "recall", "repeat", NULL };
	struct schema_field *f = out;

	schema_read_keys(r, j, keys);
	f->name = schema_read_name(r, j, "name");
	f->was = schema_read_texts(&f->was_count, r, j, "was", WAS_MAX);
	schema_read_label(&f->label, r, j, "label", true,
	    SCHEMA_LABEL_BYTES_MAX);
	schema_read_label(&f->help, r, j, "help", false, SCHEMA_TEXT_BYTES_MAX);
	f->purpose = schema_read_choice(r, j, "purpose", purpose_words, 0);
	f->type = (enum value_type)schema_read_choice(r, j, "type", type_words,
	    -1);
	f->aliases = schema_read_texts(&f->alias_count, r, j, "aliases",
	    ALIASES_MAX);
	f->need = (enum need)schema_read_choice(r, j, "need", need_words,
	    NEED_NO);
	schema_read_conds(&f->need_when, r, j, "need_when");
	schema_read_conds(&f->show_when, r, j, "show_when");
	f->max_chars = schema_read_int(r, j, "max_chars", 1, 10000, 0);
	f->min_chars = schema_read_int(r, j, "min_chars", 1, 10000, 0);
	f->least = schema_read_int(r, j, "least", 1, 1000000, 0);
	f->most = schema_read_int(r, j, "most", 1, 100000000, 0);
	f->rows = schema_read_int(r, j, "rows", 1, 8,
	    f->type == VT_NOTE ? NOTE_ROWS : 1);
	read_codes_of(f, r, j, ctx);
	f->to = schema_read_name_if(r, j, "to");
	f->suggest = schema_read_text(r, j, "suggest", false,
	    SCHEMA_LABEL_BYTES_MAX);
	f->recall = schema_read_bool(r, j, "recall", f->type == VT_TEXT);
	f->repeat = schema_read_bool(r, j, "repeat", false);
	f->initial = schema_read_text(r, j, "initial", false,
	    SCHEMA_LABEL_BYTES_MAX);
	f->past = schema_read_bool(r, j, "past", false);
	f->overview = schema_read_bool(r, j, "overview", false);
	f->masked = schema_read_bool(r, j, "masked", false);
	f->office = schema_read_bool(r, j, "office", false);
	f->restricted = schema_read_bool(r, j, "restricted", false);
	f->readonly = schema_read_bool(r, j, "readonly", false);
	f->writers = schema_read_texts(&f->writer_count, r, j, "write",
	    ROLES_MAX);
	read_derive(f, r, j);
	f->merge = (enum merge_policy)schema_read_choice(r, j, "merge",
	    merge_words, MERGE_ASK);
	f->group = schema_read_name_if(r, j, "group");
}

/* ---- checks ---- */

static void
read_check(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "check", "stop", "first", "then",
		"days", "hours", "rule", "when", "moves", "unless", "at", "text",
		NULL };
	static const char *const kinds[] = { "order", "forbid", "within",
		"rule", "dossier", NULL };	/* enum check_kind */
	struct schema_check *c = out;
	bool pair;

	(void)ctx;
	schema_read_keys(r, j, keys);
	c->kind = (enum check_kind)schema_read_choice(r, j, "check", kinds, -1);
	c->stop = schema_read_bool(r, j, "stop", true);
	pair = c->kind == CHECK_ORDER || c->kind == CHECK_WITHIN;
	c->first = pair ? schema_read_name(r, j, "first") :
	    schema_read_name_if(r, j, "first");
	c->then = pair ? schema_read_name(r, j, "then") :
	    schema_read_name_if(r, j, "then");
	c->days = schema_read_int(r, j, "days", 0, 36600, -1);
	c->hours = schema_read_int(r, j, "hours", 1, 8784, 0);
	if ((c->kind == CHECK_WITHIN) != (c->days >= 0 || c->hours > 0))
		schema_complain(r, "days",
		    tr("'days' belongs to 'within', and only there."));
	if (c->days >= 0 && c->hours > 0)
		schema_complain(r, "hours",
		    tr("'within' counts days or hours, not both."));
	c->rule = c->kind == CHECK_RULE ? schema_read_name(r, j, "rule") :
	    schema_read_name_if(r, j, "rule");
	schema_read_conds(&c->when, r, j, "when");
	c->moves = schema_read_texts(&c->move_count, r, j, "moves",
	    CHECK_MOVES_MAX);
	c->unless = schema_read_name_if(r, j, "unless");
	if (c->unless && c->kind != CHECK_DOSSIER)
		schema_complain(r, "unless",
		    tr("'unless' belongs to 'dossier', and only there."));
	c->at = schema_read_name_if(r, j, "at");
	schema_read_label(&c->text, r, j, "text", c->kind == CHECK_FORBID,
	    SCHEMA_TEXT_BYTES_MAX);
	if (c->kind == CHECK_FORBID && c->when.count == 0)
		schema_complain(r, "when",
		    tr("'forbid' needs the conditions that it forbids."));
	if (!c->at && pair)
		c->at = mem_strdup(c->then);
	else if (!c->at && c->kind == CHECK_FORBID && c->when.count > 0)
		c->at = mem_strdup(c->when.items[0].field);
}

/* ---- the whole ---- */

static void
read_parent(struct schema_register *out, struct schema_reader *r,
    const struct json *j)
{
	static const char *const keys[] = { "register", "field", NULL };
	const struct json *p = json_get(j, "parent");
	size_t mark;

	if (!p)
		return;
	mark = schema_read_enter(r, "parent", -1);
	if (schema_read_keys(r, p, keys)) {
		out->parent = schema_read_name(r, p, "register");
		out->parent_field = schema_read_name(r, p, "field");
	}
	schema_read_leave(r, mark);
}

static void
read_head(struct schema_register *out, int *order, struct schema_reader *r,
    const struct json *j)
{
	out->name = schema_read_name(r, j, "register");
	out->version = schema_read_int(r, j, "version", 1, 1000000, 0);
	if (!json_get(j, "version"))
		schema_complain(r, "version", tr("This member is missing."));
	*order = schema_read_int(r, j, "order", 0, 1000000, 1000000);
	schema_read_label(&out->title, r, j, "title", true,
	    SCHEMA_LABEL_BYTES_MAX);
	schema_read_label(&out->one, r, j, "one", true, SCHEMA_LABEL_BYTES_MAX);
	out->law = schema_read_text(r, j, "law", false, SCHEMA_TEXT_BYTES_MAX);
	out->menu = schema_read_name_if(r, j, "menu");
	out->key = schema_read_key(r, j, "key");
	out->event = schema_read_bool(r, j, "event", false);
	read_parent(out, r, j);
	out->person_field = schema_read_name_if(r, j, "person");
	out->title_paths = schema_read_texts(&out->title_count, r, j, "called",
	    4);
	out->readers = schema_read_texts(&out->reader_count, r, j, "read",
	    ROLES_MAX);
	out->writers = schema_read_texts(&out->writer_count, r, j, "write",
	    ROLES_MAX);
}

static void
read_sealed(struct schema_register *out, struct schema_reader *r,
    const struct json *j)
{
	static const char *const keys[] = { "when", "roles", NULL };
	const struct json *sealed = json_get(j, "sealed");
	size_t mark;

	if (!sealed)
		return;
	mark = schema_read_enter(r, "sealed", -1);
	if (schema_read_keys(r, sealed, keys)) {
		schema_read_conds(&out->sealed, r, sealed, "when");
		if (out->sealed.count == 0)
			schema_complain(r, "when",
			    tr("This member is missing."));
		out->sealed_roles = schema_read_texts(
		    &out->sealed_role_count, r, sealed, "roles", ROLES_MAX);
		if (out->sealed_role_count == 0)
			schema_complain(r, "roles",
			    tr("This member is missing."));
	}
	schema_read_leave(r, mark);
}

void
schema_read_register(struct schema_register *out, int *order,
    struct schema_reader *r, const struct json *j, const struct schema *s)
{
	static const char *const keys[] = { "register", "version", "order",
		"title", "one", "law", "menu", "key", "event", "parent",
		"person", "called", "read", "write", "fields", "checks",
		"states", "moves", "approval", "list", "form", "lookup",
		"import", "makes", "tells", "overlays", "dossier", "receipt",
		"sealed", "number", "back", NULL };

	schema_read_keys(r, j, keys);
	read_head(out, order, r, j);
	read_sealed(out, r, j);
	out->fields = schema_read_items(&out->field_count, r, j, "fields",
	    FIELDS_MAX, sizeof *out->fields, read_field, (void *)s);
	if (out->field_count == 0)
		schema_complain(r, "fields", tr("The register has no fields."));
	schema_read_back(out, r, j);
	for (size_t i = 0; i < out->field_count; i++)
		out->renamed = out->renamed || out->fields[i].was_count > 0;
	out->checks = schema_read_items(&out->check_count, r, j, "checks",
	    CHECKS_MAX, sizeof *out->checks, read_check, NULL);
	schema_read_states(out, r, j);
	schema_read_views(out, r, j);
	schema_read_dossier(out, r, j);
	schema_read_overlays(out, r, j);
	schema_read_makes(out, r, j);
	schema_read_tells(out, r, j);
	schema_read_receipt(out, r, j);
	schema_read_number(out, r, j);
}
