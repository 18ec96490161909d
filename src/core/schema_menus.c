/*
 * menus.json: the duties of an office, as they stand on the home screen, and
 * the keys there.  A register names its duty itself, so that a new one needs
 * no line here.
 *
 * A letter is given once where it is typed: on the home screen, within a
 * duty's popup, below one parent.
 */
#include <string.h>

#include "core/schema_link.h"
#include "core/schema_parts.h"
#include "core/schema_read.h"

enum {
	MENUS_MAX = 9,		/* home is one page of 80x24 */
	DIRECTS_MAX = 20,
};

/* What the home screen does itself with these; never given away. */
static const char home_keys[] = "adgjkqs";

/* ---- reading ---- */

static void
read_menu(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "menu", "key", "label", NULL };
	struct schema_menu *m = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	m->name = schema_read_name(r, j, "menu");
	m->key = schema_read_key(r, j, "key");
	if (!json_get(j, "key"))
		schema_complain(r, "key", tr("This member is missing."));
	schema_read_label(&m->label, r, j, "label", true,
	    SCHEMA_LABEL_BYTES_MAX);
}

static void
read_direct(struct schema_reader *r, const struct json *j, void *out,
    void *ctx)
{
	static const char *const keys[] = { "register", "key", NULL };
	struct schema_direct *d = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	d->reg = schema_read_name(r, j, "register");
	d->key = schema_read_key(r, j, "key");
	if (!json_get(j, "key"))
		schema_complain(r, "key", tr("This member is missing."));
}

void
schema_read_menus(struct schema *out, struct schema_reader *r,
    const struct json *j)
{
	static const char *const keys[] = { "menus", "direct", NULL };

	schema_read_keys(r, j, keys);
	out->menus = schema_read_items(&out->menu_count, r, j, "menus",
	    MENUS_MAX, sizeof *out->menus, read_menu, NULL);
	if (out->menu_count == 0)
		schema_complain(r, "menus", tr("This member is missing."));
	out->directs = schema_read_items(&out->direct_count, r, j, "direct",
	    DIRECTS_MAX, sizeof *out->directs, read_direct, NULL);
}

/* ---- linking ---- */

static bool
is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Both are chosen from the same popup. */
static bool
is_beside(const struct schema_register *a, const struct schema_register *b)
{
	return is_same(a->parent, b->parent) && is_same(a->menu, b->menu);
}

static void
link_menu_name(struct schema_linker *l)
{
	const struct schema_register *reg = l->reg;
	const char *words[MENUS_MAX + 1] = {0};

	for (size_t i = 0; i < l->s->menu_count; i++)
		words[i] = l->s->menus[i].name;
	if (!schema_menu_find(l->s, reg->menu))
		schema_link_word(l, "menu", reg->menu, words);
	else if (reg->parent)
		schema_complain(&l->r, "menu", tr("A child is opened from its "
		    "parent and stands in no menu."));
	else if (!reg->key)
		schema_complain(&l->r, "key",
		    tr("A register in a menu needs a key there."));
}

void
schema_link_place(struct schema_linker *l)
{
	const struct schema_register *reg = l->reg;

	if (reg->menu)
		link_menu_name(l);
	else if (!reg->parent && l->s->menu_count > 0 &&
	    reg->name[0] != '@' &&
	    !schema_direct_key(l->s, reg))
		schema_complain(&l->r, "menu", tr("The register stands in no "
		    "menu and has no key of its own: nobody would find it."));
	for (const struct schema_register *o = l->s->registers; o < reg; o++)
		if (reg->key && o->key == reg->key && is_beside(o, reg))
			schema_complain(&l->r, "key",
			    tr("The key '%c' opens '%s' already."), reg->key,
			    o->name);
}

/* A key of the home screen, once. */
static void
link_home_key(struct schema_linker *l, char key, char *used, size_t *count)
{
	if (!key)
		return;
	if (strchr(home_keys, key))
		schema_complain(&l->r, "key",
		    tr("The home screen uses the key '%c' itself."), key);
	else if (memchr(used, key, *count))
		schema_complain(&l->r, "key",
		    tr("The key '%c' stands here twice."), key);
	used[(*count)++] = key;
}

void
schema_link_menus(const struct schema *s, struct complaints *complaints)
{
	struct schema_linker l = { .s = s };
	char used[MENUS_MAX + DIRECTS_MAX];
	size_t count = 0;

	l.r.complaints = complaints;
	l.r.file = "menus.json";
	for (size_t i = 0; i < s->menu_count; i++) {
		size_t mark = schema_read_enter(&l.r, "menus", (int)i);

		if (schema_menu_find(s, s->menus[i].name) != &s->menus[i])
			schema_complain(&l.r, "menu",
			    tr("'%s' stands here twice."), s->menus[i].name);
		link_home_key(&l, s->menus[i].key, used, &count);
		schema_read_leave(&l.r, mark);
	}
	for (size_t i = 0; i < s->direct_count; i++) {
		size_t mark = schema_read_enter(&l.r, "direct", (int)i);
		const struct schema_register *reg = schema_link_register(&l,
		    s->directs[i].reg, "register");

		if (reg && reg->parent)
			schema_complain(&l.r, "register", tr("A child is "
			    "opened from its parent and stands in no menu."));
		link_home_key(&l, s->directs[i].key, used, &count);
		schema_read_leave(&l.r, mark);
	}
}
