/*
 * From definition files to a schema: code tables first, because fields point
 * at them, then registers, the links between them, and rules.  A schema with a
 * complaint is never handed out.
 */
#include "core/schema.h"

#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/date.h"
#include "base/json.h"
#include "base/mem.h"
#include "core/deadline.h"
#include "core/keeping.h"
#include "core/overlay.h"
#include "core/scan.h"
#include "core/schema_link.h"
#include "core/schema_parts.h"
#include "core/schema_read.h"
#include "core/transfer.h"

/* A folder from outside cannot make us allocate without end. */
enum {
	FILES_MAX = 400,
	OWN_MAX = 4,		/* registers of the program's own */
	FILE_BYTES_MAX = 2 * 1024 * 1024,
	CODES_MAX = 5000,	/* the national county list has 3,000 */
	ALIASES_MAX = 40,
};

/* ---- code tables ---- */

static int
read_day(struct schema_reader *r, const struct json *j, const char *key)
{
	char *text = schema_read_text(r, j, key, false, SCHEMA_LABEL_BYTES_MAX);
	int on = DATE_NONE;

	if (text) {
		on = date_parse(text);
		if (on == DATE_NONE)
			schema_complain(r, key,
			    tr("Here must be a date like 2026-03-05."));
	}
	free(text);
	return on;
}

static void
read_code(struct schema_reader *r, const struct json *j, void *out, void *ctx)
{
	static const char *const keys[] = { "code", "zh", "en", "aliases",
		"from", "until", "parent", "points", "instead", NULL };
	struct schema_code *c = out;

	(void)ctx;
	schema_read_keys(r, j, keys);
	c->code = schema_read_text(r, j, "code", true, 40);
	if (!c->code)
		c->code = mem_strdup("");
	if (strpbrk(c->code, "; @") || c->code[0] == '\0')
		schema_complain(r, "code",
		    tr("A code is not empty and holds no ';', '@' or blank."));
	c->label.zh = schema_read_text(r, j, "zh", true, SCHEMA_LABEL_BYTES_MAX);
	c->label.en = schema_read_text(r, j, "en", true, SCHEMA_LABEL_BYTES_MAX);
	c->aliases = schema_read_texts(&c->alias_count, r, j, "aliases",
	    ALIASES_MAX);
	c->from_on = read_day(r, j, "from");
	c->until_on = read_day(r, j, "until");
	c->parent = schema_read_text(r, j, "parent", false, 40);
	c->points = schema_read_int(r, j, "points", 0, 1000, 0);
	c->instead = schema_read_text(r, j, "instead", false, 40);
	if (c->instead && c->until_on == DATE_NONE)
		schema_complain(r, "instead", tr("Another code takes over "
		    "after 'until', which is missing here."));
	if (c->from_on != DATE_NONE && c->until_on != DATE_NONE &&
	    c->from_on > c->until_on)
		schema_complain(r, "until", tr("It ends before it begins."));
}

static int
compare_codes(const void *a, const void *b)
{
	const struct schema_code *const *x = a;
	const struct schema_code *const *y = b;
	int order = strcmp((*x)->code, (*y)->code);

	return order ? order : (*x > *y) - (*x < *y);
}

static int
compare_name(const void *name, const void *item)
{
	const struct schema_code *const *c = item;

	return strcmp(name, (*c)->code);
}

/* The same code twice, and parents that are not there; sorted first, because
 * a table may have thousands. */
static void
check_codes(struct schema_reader *r, const struct schema_codes *t)
{
	const struct schema_code **sorted;

	if (t->count == 0) {
		schema_complain(r, "items", tr("The table has no codes."));
		return;
	}
	sorted = mem_alloc(t->count, sizeof *sorted);
	for (size_t i = 0; i < t->count; i++)
		sorted[i] = &t->items[i];
	qsort(sorted, t->count, sizeof *sorted, compare_codes);
	for (size_t i = 0; i < t->count; i++) {
		const struct schema_code *c = sorted[i];
		size_t mark = schema_read_enter(r, "items",
		    (int)(c - t->items));

		if (i > 0 && strcmp(sorted[i - 1]->code, c->code) == 0)
			schema_complain(r, "code",
			    tr("The code '%s' stands here twice."), c->code);
		if (c->parent && (strcmp(c->parent, c->code) == 0 ||
		    !bsearch(c->parent, sorted, t->count, sizeof *sorted,
			compare_name)))
			schema_complain(r, "parent",
			    tr("The table has no other code '%s'."),
			    c->parent);
		if (c->instead && (strcmp(c->instead, c->code) == 0 ||
		    !bsearch(c->instead, sorted, t->count, sizeof *sorted,
			compare_name)))
			schema_complain(r, "instead",
			    tr("The table has no other code '%s'."),
			    c->instead);
		schema_read_leave(r, mark);
	}
	free(sorted);
}

void
schema_check_file_name(struct schema_reader *r, const char *name,
    const char *key)
{
	const char *base = strchr(r->file, '/') + 1;
	size_t len = strlen(name);

	if (strncmp(base, name, len) != 0 || strcmp(base + len, ".json") != 0)
		schema_complain(r, key,
		    tr("The name must be that of the file."));
}

void
schema_read_codes(struct schema_codes *out, struct schema_reader *r,
    const struct json *j)
{
	static const char *const keys[] = { "codes", "title", "source",
		"items", NULL };

	schema_read_keys(r, j, keys);
	out->name = schema_read_name(r, j, "codes");
	schema_check_file_name(r, out->name, "codes");
	schema_read_label(&out->title, r, j, "title", true,
	    SCHEMA_LABEL_BYTES_MAX);
	out->source = schema_read_text(r, j, "source", false,
	    SCHEMA_TEXT_BYTES_MAX);
	out->items = schema_read_items(&out->count, r, j, "items", CODES_MAX,
	    sizeof *out->items, read_code, NULL);
	for (size_t i = 0; i < out->count; i++)
		out->replaced = out->replaced || out->items[i].instead;
	check_codes(r, out);
}

/* ---- files ---- */

struct placed {			/* a register and its place in the menus */
	struct schema_register reg;
	const char *file;
	int order;
};

struct loading {
	struct schema *schema;		/* owned until handed out */
	struct placed *placed;		/* owned */
	size_t placed_count;
	size_t own_count;		/* of them the program's own */
	struct complaints *complaints;	/* borrowed */
};

static bool
begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* The document of a file, owned by the caller; NULL after a complaint. */
static struct json *
parse_file(struct schema_reader *r, const struct def_file *file)
{
	struct json *j = NULL;
	struct err err = ERR_INIT;

	if (json_parse(&j, file->text, file->len, FILE_BYTES_MAX, &err)) {
		schema_complain(r, "", "%s", err.msg);
		return NULL;
	}
	if (!json_is_object(j)) {
		schema_complain(r, "", tr("The file must hold one object."));
		json_free(j);
		return NULL;
	}
	return j;
}

static void
load_codes(struct loading *l, const struct def_file *file)
{
	struct schema_reader r = { .complaints = l->complaints,
		.file = file->path };
	struct json *j = parse_file(&r, file);

	if (!j)
		return;
	schema_read_codes(&l->schema->codes[l->schema->codes_count++], &r, j);
	json_free(j);
}

static void
load_register(struct loading *l, const struct def_file *file)
{
	struct schema_reader r = { .complaints = l->complaints,
		.file = file->path };
	struct json *j = parse_file(&r, file);
	struct placed *p;

	if (!j)
		return;
	p = &l->placed[l->placed_count++];
	p->file = file->path;
	schema_read_register(&p->reg, &p->order, &r, j, l->schema);
	schema_check_file_name(&r, p->reg.name, "register");
	json_free(j);
}

/* A register of the program's own: behind all others, and under a name that no
 * file can have.  above: the field that names the record, of any register, that
 * one belongs to; NULL, it belongs to none. */
static void
load_own(struct loading *l, const char *path, const char *text,
    const char *above)
{
	const struct def_file file = { path, text, strlen(text) };
	struct placed *p;
	size_t before = l->placed_count;

	load_register(l, &file);
	if (l->placed_count == before)
		return;
	p = &l->placed[before];
	p->order = INT_MAX;
	text = p->reg.name;
	p->reg.name = mem_printf("@%s", text);
	free((void *)(uintptr_t)text);
	p->reg.parent_field = mem_strdup(above);
	l->own_count++;
}

static void
load_rules(struct loading *l, const struct def_file *file)
{
	struct schema_reader r = { .complaints = l->complaints,
		.file = file->path };
	struct json *j = parse_file(&r, file);

	if (j)
		deadline_read(l->schema->deadlines, &r, j, l->schema);
	json_free(j);
}

static void
load_menus(struct loading *l, const struct def_file *file)
{
	struct schema_reader r = { .complaints = l->complaints,
		.file = file->path };
	struct json *j = parse_file(&r, file);

	if (j)
		schema_read_menus(l->schema, &r, j);
	json_free(j);
}

static struct schema_register *
find_placed(void *self, const char *name)
{
	struct loading *l = self;

	for (size_t i = 0; i < l->placed_count; i++)
		if (strcmp(l->placed[i].reg.name, name) == 0)
			return &l->placed[i].reg;
	return NULL;
}

static void
load_approvals(struct loading *l, const struct def_file *file)
{
	struct schema_reader r = { .complaints = l->complaints,
		.file = file->path };
	struct json *j = parse_file(&r, file);

	if (j)
		schema_read_approvals(&r, j, find_placed, l);
	json_free(j);
}

static void
load_keeping(struct loading *l, const struct def_file *file)
{
	struct schema_reader r = { .complaints = l->complaints,
		.file = file->path };
	struct json *j = parse_file(&r, file);

	if (j)
		schema_read_keeping(&r, j, find_placed, l);
	json_free(j);
}

static int
compare_placed(const void *a, const void *b)
{
	const struct placed *x = a;
	const struct placed *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return strcmp(x->reg.name, y->reg.name);
}

static int
compare_files(const void *a, const void *b)
{
	const struct def_file *const *x = a;
	const struct def_file *const *y = b;

	return strcmp((*x)->path, (*y)->path);
}

/* Over paths and bytes in the order of paths, so that the same folder has the
 * same version however it was listed.  Lengths keep the pieces apart. */
static void
sum_up(char out[17], const struct def_file *files,
    size_t count)
{
	static const struct crypto_key none;	/* nothing here is a secret */
	const struct def_file **sorted = mem_alloc(count + 1, sizeof *sorted);
	uint8_t sum[16] = {0};

	for (size_t i = 0; i < count; i++)
		sorted[i] = &files[i];
	qsort(sorted, count, sizeof *sorted, compare_files);
	for (size_t i = 0; i < count; i++) {
		uint8_t piece[3][sizeof sum];

		if (keeping_is_file(sorted[i]->path))
			continue;
		memcpy(piece[0], sum, sizeof sum);
		crypto_mac(piece[1], &none, sorted[i]->path,
		    strlen(sorted[i]->path));
		crypto_mac(piece[2], &none, sorted[i]->text, sorted[i]->len);
		crypto_mac(sum, &none, piece, sizeof piece);
	}
	crypto_hex(out, sum, 8);
	free(sorted);
}

static char builtin_version[17];

static void
sum_up_builtin(void)
{
	sum_up(builtin_version, builtin_files, builtin_count);
}

/* Each sync asks for the program's own again. */
void
schema_version(char out[17], const struct def_file *files,
    size_t count)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	if (files != builtin_files || count != builtin_count) {
		sum_up(out, files, count);
		return;
	}
	(void)pthread_once(&once, sum_up_builtin);
	memcpy(out, builtin_version, sizeof builtin_version);
}

/* Registers in menu order into the schema, then what they say about one
 * another. */
static void
place_registers(struct loading *l)
{
	struct schema *s = l->schema;
	const char **files;

	if (l->placed_count == 0)
		return;
	files = mem_alloc(l->placed_count, sizeof *files);
	for (size_t i = 0; i < l->placed_count; i++)
		schema_make_back(&l->placed[i].reg);
	qsort(l->placed, l->placed_count, sizeof *l->placed, compare_placed);
	for (size_t i = 0; i < l->placed_count; i++) {
		s->registers[i] = l->placed[i].reg;
		files[i] = l->placed[i].file;
	}
	s->register_count = l->placed_count;	/* its own too, while linking */
	schema_mark_overlays(s);
	schema_link(s, files, l->complaints);
	schema_link_menus(s, l->complaints);
	s->register_count -= l->own_count;
	s->own_count = l->own_count;
	free(files);
}

static void
load_files(struct loading *l, const struct def_file *files, size_t count)
{
	struct schema *s = l->schema;

	s->codes = mem_alloc(count + 1, sizeof *s->codes);
	s->registers = mem_alloc(count + OWN_MAX, sizeof *s->registers);
	l->placed = mem_alloc(count + OWN_MAX, sizeof *l->placed);
	for (size_t i = 0; i < count; i++) {
		struct schema_reader r = { .complaints = l->complaints,
			.file = files[i].path };

		if (begins(files[i].path, "codes/"))
			load_codes(l, &files[i]);
		else if (strcmp(files[i].path, "menus.json") == 0)
			load_menus(l, &files[i]);
		else if (!begins(files[i].path, "registers/") &&
		    !begins(files[i].path, "rules/") &&
		    strcmp(files[i].path, "approvals.json") != 0 &&
		    !keeping_is_file(files[i].path))
			schema_complain(&r, "", tr("Definitions stand in "
			    "menus.json, approvals.json, keeping.json, "
			    "registers/, codes/ and rules/ only."));
	}
	for (size_t i = 0; i < count; i++)
		if (begins(files[i].path, "registers/"))
			load_register(l, &files[i]);
	if (l->placed_count > 0) {
		load_own(l, "registers/transfer.json", transfer_definition,
		    NULL);
		load_own(l, "registers/scan.json", scan_definition, "record");
	}
	for (size_t i = 0; i < count; i++)
		if (strcmp(files[i].path, "approvals.json") == 0)
			load_approvals(l, &files[i]);
	for (size_t i = 0; i < count; i++)
		if (keeping_is_file(files[i].path))
			load_keeping(l, &files[i]);
	place_registers(l);
	/* rules lend registers, which have their places now */
	s->deadlines = mem_alloc(1, sizeof *s->deadlines);
	for (size_t i = 0; i < count; i++)
		if (begins(files[i].path, "rules/"))
			load_rules(l, &files[i]);
	deadline_link(s->deadlines, s, l->complaints);
	schema_version(s->version, files, count);
}

/* One file of each name: what the second says would stand beside the first. */
static bool
are_different(const struct def_file *files, size_t count,
    struct complaints *complaints)
{
	bool different = true;

	for (size_t i = 1; i < count; i++) {
		struct schema_reader r = { .complaints = complaints,
			.file = files[i].path };

		for (size_t k = 0; k < i; k++) {
			if (strcmp(files[k].path, files[i].path) != 0)
				continue;
			schema_complain(&r, "",
			    tr("A file of this name stands here twice."));
			different = false;
			break;
		}
	}
	return different;
}

enum status
schema_load(struct schema **out, const struct def_file *files, size_t count,
    struct complaints *complaints, struct err *err)
{
	struct loading l = { .complaints = complaints };
	enum status s = E_OK;

	if (count == 0)
		return err_set(err, E_INVALID,
		    tr("There are no definitions to load."));
	if (count > FILES_MAX)
		return err_set(err, E_INVALID,
		    tr("There are %zu definition files; at most %d are "
		    "possible."), count, FILES_MAX);
	l.schema = mem_alloc(1, sizeof *l.schema);
	if (are_different(files, count, complaints))
		load_files(&l, files, count);
	if (complaints->count > 0) {
		s = err_set(err, E_INVALID,
		    tr("The definitions have %zu mistakes."),
		    complaints->count);
		goto out;
	}
	*out = l.schema;
	l.schema = NULL;
out:
	schema_free(l.schema);
	free(l.placed);
	return s;
}
