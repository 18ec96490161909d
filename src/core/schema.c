/*
 * A loaded schema: finding things in it and asking its conditions.  Nothing
 * here changes a schema; schema_load.c makes one, schema_free.c gives it back.
 *
 * Names are found by walking: a register has tens of fields, a county a
 * hundred registers, and a code table of some thousand rows is asked a few
 * times a form.
 */
#include "core/schema.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "core/pinyin.h"
#include "core/role.h"

const char *
label_text(const struct label *l)
{
	const char *text = tr_lang() == TR_EN ? l->en : l->zh;

	return text ? text : "";
}

/* ---- finding ---- */

/* Most names differ in their first letter; loading asks this very often. */
static bool
is_same(const char *a, const char *b)
{
	return a[0] == b[0] && strcmp(a, b) == 0;
}

const struct schema_register *
schema_register_find(const struct schema *s, const char *name)
{
	for (size_t i = 0; i < s->register_count + s->own_count; i++)
		if (is_same(s->registers[i].name, name))
			return &s->registers[i];
	return NULL;
}

const struct schema_field *
schema_field_find(const struct schema_register *r, const char *name)
{
	const char *first = r->initials, *at;

	/* a server asks it of each value that comes: the C library looks at
	 * all initials at once */
	for (size_t i = 0; i < r->field_count; i++) {
		if (first) {
			at = memchr(first + i, name[0], r->field_count - i);
			if (!at)
				return NULL;
			i = (size_t)(at - first);
		}
		if (is_same(r->fields[i].name, name))
			return &r->fields[i];
	}
	return NULL;
}

void
schema_texts(const char **out, const struct schema_register *r,
    const struct values *v)
{
	assert(r->field_count <= RECORD_VALUES_MAX);
	for (size_t i = 0; i < r->field_count; i++)
		out[i] = "";
	/* most fields of a register are empty */
	for (size_t i = 0; i < v->count; i++) {
		const struct schema_field *f = schema_field_find(r,
		    v->items[i].name);

		if (f)
			out[f - r->fields] = v->items[i].text;
	}
}

const char *
schema_parent_initial(const struct schema_field *f)
{
	static const char head[] = "@parent.";

	return f->initial && strncmp(f->initial, head, sizeof head - 1) == 0 ?
	    f->initial + sizeof head - 1 : NULL;
}

const struct schema_field *
schema_field_known(const struct schema_register *r, const char *name)
{
	const struct schema_field *f = schema_field_find(r, name);

	for (size_t i = 0; !f && r->renamed && i < r->field_count; i++)
		if (schema_role_in(r->fields[i].was, r->fields[i].was_count,
		    name))
			f = &r->fields[i];
	return f;
}

const struct schema_state *
schema_state_find(const struct schema_register *r, const char *name)
{
	for (size_t i = 0; i < r->state_count; i++)
		if (is_same(r->states[i].name, name))
			return &r->states[i];
	return NULL;
}

const struct schema_move *
schema_move_find(const struct schema_register *r, const char *from,
    const char *to)
{
	for (size_t i = 0; i < r->move_count; i++) {
		const struct schema_move *m = &r->moves[i];

		if (is_same(m->to, to) &&
		    schema_role_in(m->from, m->from_count, from))
			return m;
	}
	return NULL;
}

static bool
is_text(const char *a, const char *b)
{
	return a && strcmp(a, b) == 0;
}

bool
schema_move_fills(const struct schema_move *m, const char *field)
{
	return schema_role_in(m->needs, m->need_count, field) ||
	    schema_role_in(m->asks, m->ask_count, field) ||
	    schema_role_in(m->clears, m->clear_count, field) ||
	    is_text(m->stamp_by, field) || is_text(m->stamp_on, field) ||
	    is_text(m->self, field);
}

bool
schema_is_filled_by_moves(const struct schema_register *r, const char *field)
{
	for (size_t i = 0; i < r->move_count; i++)
		if (schema_move_fills(&r->moves[i], field))
			return true;
	return false;
}

const struct schema_codes *
schema_codes_find(const struct schema *s, const char *name)
{
	for (size_t i = 0; i < s->codes_count; i++)
		if (is_same(s->codes[i].name, name))
			return &s->codes[i];
	return NULL;
}

const struct schema_register *
schema_child_next(const struct schema *s, const struct schema_register *parent,
    const struct schema_register *prev)
{
	size_t i = prev ? (size_t)(prev - s->registers) + 1 : 0;

	for (; i < s->register_count; i++) {
		const char *of = s->registers[i].parent;

		if (of && strcmp(of, parent->name) == 0)
			return &s->registers[i];
	}
	return NULL;
}

const struct schema_menu *
schema_menu_find(const struct schema *s, const char *name)
{
	for (size_t i = 0; i < s->menu_count; i++)
		if (is_same(s->menus[i].name, name))
			return &s->menus[i];
	return NULL;
}

char
schema_direct_key(const struct schema *s, const struct schema_register *r)
{
	for (size_t i = 0; i < s->direct_count; i++)
		if (strcmp(s->directs[i].reg, r->name) == 0)
			return s->directs[i].key;
	return 0;
}

bool
schema_role_in(char *const *roles, size_t count, const char *role)
{
	for (size_t i = 0; i < count; i++)
		if (is_same(roles[i], role))
			return true;
	return false;
}

bool
schema_may_read(const struct schema_register *r, const char *role)
{
	return !role_is_apart(role) && (r->reader_count == 0 ||
	    schema_role_in(r->readers, r->reader_count, role));
}

bool
schema_may_write(const struct schema_register *r, const char *role)
{
	return r->writer_count == 0 ||
	    schema_role_in(r->writers, r->writer_count, role);
}

bool
schema_may_move(const struct schema_register *r, const char *role)
{
	for (size_t i = 0; i < r->move_count; i++)
		if (schema_role_in(r->moves[i].roles, r->moves[i].role_count,
		    role))
			return true;
	return false;
}

/* The stream is one for all registers: a role holds it only if each of them
 * says so. */
bool
schema_may_hold_sealed(const struct schema *s, const char *role)
{
	for (size_t i = 0; i < s->register_count; i++) {
		const struct schema_register *r = &s->registers[i];

		if (r->sealed.count > 0 && !schema_role_in(r->sealed_roles,
		    r->sealed_role_count, role))
			return false;
	}
	return true;
}

bool
schema_may_write_field(const struct schema_field *f, const char *role)
{
	return f->writer_count == 0 ||
	    schema_role_in(f->writers, f->writer_count, role);
}

bool
schema_may_recall(const struct schema_register *reg,
    const struct schema_field *f)
{
	if (!f->recall || f->suggest || f->restricted || f->masked ||
	    f->readonly || f->office)
		return false;
	for (size_t i = 0; i < reg->lookup_count; i++)
		if (reg->lookups[i].field == f &&
		    reg->lookups[i].as != LOOKUP_PLACE)
			return false;
	return f->type == VT_TEXT || f->type == VT_NOTE;
}

/* ---- codes ---- */

const struct schema_code *
schema_code_find(const struct schema_codes *t, const char *code)
{
	for (size_t i = 0; i < t->count; i++)
		if (is_same(t->items[i].code, code))
			return &t->items[i];
	return NULL;
}

bool
schema_code_is_valid_on(const struct schema_code *c, int on)
{
	return (c->from_on == DATE_NONE || c->from_on <= on) &&
	    (c->until_on == DATE_NONE || on <= c->until_on);
}

bool
schema_code_is_known(const struct schema_code *c)
{
	bool is_word = strspn(c->code, "abcdefghijklmnopqrstuvwxyz_") ==
	    strlen(c->code);
	int fit = is_word ? pinyin_match(c->label.zh, c->code) : 0;

	return !is_word || fit == 1 || fit == 2;
}

/* The next character as the comparison sees it, 0 at the end: width and case
 * folded, blanks left out. */
static uint32_t
fold_next(const char *text, size_t len, size_t *at)
{
	while (*at < len) {
		uint32_t c = utf8_fold(utf8_next(text, len, at));

		if (c != ' ' && c != '\t' && c != 0x3000 && c != 0xA0)
			return c;
	}
	return 0;
}

static bool
fold_equal(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t i = 0;
	size_t k = 0;

	for (;;) {
		uint32_t c = fold_next(a, a_len, &i);

		if (c != fold_next(b, b_len, &k))
			return false;
		if (c == 0)
			return true;
	}
}

/* Bytes of text before an ending that says nothing: 合同纠纷 is 合同. */
static size_t
stem_len(const char *text)
{
	static const char *const endings[] = { "纠纷", "级" };
	size_t len = strlen(text);

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t n = strlen(endings[i]);

		if (len > n && memcmp(text + len - n, endings[i], n) == 0)
			return len - n;
	}
	return len;
}

static bool
word_matches(const char *word, const char *text, bool stems)
{
	if (!word)
		return false;
	if (stems)
		return fold_equal(word, stem_len(word), text, stem_len(text));
	return fold_equal(word, strlen(word), text, strlen(text));
}

static bool
code_matches(const struct schema_code *c, const char *text, bool stems)
{
	if (word_matches(c->label.zh, text, stems) ||
	    word_matches(c->label.en, text, stems) ||
	    (!stems && word_matches(c->code, text, false)))
		return true;
	for (size_t i = 0; i < c->alias_count; i++)
		if (word_matches(c->aliases[i], text, stems))
			return true;
	return false;
}

const struct schema_code *
schema_code_match(const struct schema_codes *t, const char *text)
{
	for (int stems = 0; stems <= 1; stems++) {
		const struct schema_code *found = NULL;
		size_t count = 0;

		for (size_t i = 0; i < t->count; i++)
			if (code_matches(&t->items[i], text, stems == 1)) {
				found = &t->items[i];
				count++;
			}
		if (count > 0)
			return count == 1 ? found : NULL;
	}
	return NULL;
}

static bool
word_begins(const char *word, const char *text)
{
	size_t word_len = word ? strlen(word) : 0;
	size_t len = strlen(text);
	size_t i = 0;
	size_t k = 0;

	for (;;) {
		uint32_t c = fold_next(text, len, &k);

		if (c == 0)
			return true;
		if (c != fold_next(word, word_len, &i))
			return false;
	}
}

static bool
code_begins(const struct schema_code *c, const char *text)
{
	if (word_begins(c->label.zh, text) || word_begins(c->label.en, text))
		return true;
	for (size_t i = 0; i < c->alias_count; i++)
		if (word_begins(c->aliases[i], text))
			return true;
	return false;
}

const struct schema_code *
schema_code_complete(const struct schema_codes *t, const char *text,
    size_t *count)
{
	const struct schema_code *found = schema_code_match(t, text);

	*count = found ? 1 : 0;
	if (found)
		return found;
	for (size_t i = 0; i < t->count; i++)
		if (code_begins(&t->items[i], text)) {
			found = &t->items[i];
			++*count;
		}
	return *count == 1 ? found : NULL;
}
