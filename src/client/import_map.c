/*
 * From headers to fields.  Headers are compared without blanks, widths and
 * cases, then once more without what stands in brackets: 涉及金额（元）.
 */
#include "client/import_map.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"

enum { HEADER_ROWS = 10, HEADER_BYTES = 256 };

static const char *const extra_headers[] = { "拒收行号", "拒收列",
	"拒收内容", "拒收原因" };

const char *const *
import_map_extra(size_t *count)
{
	*count = sizeof extra_headers / sizeof *extra_headers;
	return extra_headers;
}

void
import_map_release(struct import_map *m)
{
	for (size_t i = 0; i < m->unknown_count; i++)
		free(m->unknown[i]);
	free(m->unknown);
	free(m->targets);
	*m = (struct import_map){0};
}

/* The header as it is compared; bracketed: keep what stands in brackets. */
static void
fold_header(char out[HEADER_BYTES], const char *text, bool bracketed)
{
	size_t at = 0, len = strlen(text), used = 0;

	while (at < len && used + 4 < HEADER_BYTES) {
		uint32_t c = utf8_fold(utf8_next(text, len, &at));

		if (c == '(' && !bracketed)
			break;
		if (c <= ' ' || c == 0x3000 || c == '*' || c == ':' ||
		    c == 0xFEFF || c == 0xA0)
			continue;
		used += utf8_put(out + used, c);
	}
	out[used] = 0;
}

static bool
same_header(const char *folded, const char *label)
{
	char other[HEADER_BYTES];

	if (!label || !*folded)
		return false;
	fold_header(other, label, true);
	return strcmp(folded, other) == 0;
}

static const struct schema_field *
field_by_label(const struct schema_register *reg, const char *folded)
{
	for (size_t i = 0; reg && i < reg->field_count; i++) {
		const struct schema_field *f = &reg->fields[i];

		if (f->readonly)
			continue;
		if (same_header(folded, f->label.zh) ||
		    same_header(folded, f->label.en) ||
		    same_header(folded, f->name))
			return f;
		for (size_t k = 0; k < f->alias_count; k++)
			if (same_header(folded, f->aliases[k]))
				return f;
	}
	return NULL;
}

static const struct schema_register *
person_register(const struct schema *s, const struct schema_register *reg)
{
	return reg && reg->person_field ?
		schema_register_find(s, "person") : NULL;
}

/* "field", "person.field", "part.field", "part.person.field". */
static bool
follow_path(struct import_target *out, const struct schema *s,
	const struct schema_register *reg, const char *path)
{
	struct import_target t = { .part = -1 };
	const struct schema_register *at = reg;
	const char *dot = strchr(path, '.');

	for (size_t i = 0; dot && i < reg->import.part_count; i++) {
		const struct schema_part *part = &reg->import.parts[i];
		size_t n = (size_t)(dot - path);

		if (strlen(part->name) == n &&
		    strncmp(part->name, path, n) == 0) {
			t.part = (int)i;
			at = schema_register_find(s, part->reg);
			path = dot + 1;
			break;
		}
	}
	if (strncmp(path, "person.", 7) == 0) {
		t.person = true;
		at = person_register(s, at);
		path += 7;
	}
	t.field = at ? schema_field_find(at, path) : NULL;
	if (t.field)
		*out = t;
	return t.field != NULL;
}

static bool
target_of(struct import_target *out, const struct schema *s,
	const struct schema_register *reg, const char *folded)
{
	const struct schema_import *import = &reg->import;
	const struct schema_field *f;

	for (size_t i = 0; i < import->column_count; i++)
		for (size_t k = 0; k < import->columns[i].label_count; k++)
			if (same_header(folded, import->columns[i].labels[k]))
				return follow_path(out, s, reg,
					import->columns[i].path);
	f = field_by_label(reg, folded);
	if (f && f->type != VT_REF) {
		*out = (struct import_target){ .field = f, .part = -1 };
		return true;
	}
	f = field_by_label(person_register(s, reg), folded);
	if (f) {
		*out = (struct import_target){ .field = f, .part = -1,
			.person = true };
		return true;
	}
	return false;
}

static bool
find_target(struct import_target *out, const struct schema *s,
	const struct schema_register *reg, const char *header)
{
	char folded[HEADER_BYTES];

	fold_header(folded, header, true);
	if (target_of(out, s, reg, folded))
		return true;
	fold_header(folded, header, false);
	return target_of(out, s, reg, folded);
}

static bool
is_ignored(const struct schema_register *reg, const char *header)
{
	char folded[HEADER_BYTES];

	fold_header(folded, header, true);
	for (size_t i = 0; i < reg->import.ignore_count; i++)
		if (same_header(folded, reg->import.ignore[i]))
			return true;
	for (size_t i = 0; i < sizeof extra_headers / sizeof *extra_headers;
	    i++)
		if (same_header(folded, extra_headers[i]))
			return true;
	return false;
}

/* How many of a row's cells are headers we know. */
static size_t
score_row(const struct sheet_row *row, const struct schema *s,
	const struct schema_register *reg)
{
	struct import_target t;
	size_t known = 0;

	for (size_t i = 0; i < row->count; i++)
		known += *row->cells[i] &&
			find_target(&t, s, reg, row->cells[i]);
	return known;
}

static enum status
no_header(const struct schema_register *reg, struct err *err)
{
	struct buf names;

	buf_init(&names, BUF_LINE_MAX);
	for (size_t i = 0; i < reg->field_count && names.len < 150; i++)
		if (!reg->fields[i].readonly && reg->fields[i].type != VT_REF)
			buf_printf(&names, " %s",
				label_text(&reg->fields[i].label));
	err_set(err, E_INVALID, tr("None of the first ten lines looks like the "
		"headers of %s; headers would be:%s ..."),
		label_text(&reg->title), names.data);
	buf_release(&names);
	return E_INVALID;
}

static bool
same_target(const struct import_target *a, const struct import_target *b)
{
	return a->field && a->field == b->field && a->part == b->part &&
		a->person == b->person;
}

static enum status
map_columns(struct import_map *m, const struct sheet_row *row,
	const struct schema *s, const struct schema_register *reg,
	struct err *err)
{
	m->targets = mem_alloc(row->count, sizeof *m->targets);
	m->count = row->count;
	for (size_t i = 0; i < row->count; i++) {
		struct import_target t = { .part = -1 };
		const char *header = row->cells[i];

		if (!*header)
			continue;
		if (!find_target(&t, s, reg, header)) {
			if (is_ignored(reg, header))
				continue;
			m->unknown = mem_grow(m->unknown, m->unknown_count,
				sizeof *m->unknown);
			m->unknown[m->unknown_count++] = mem_strdup(header);
			continue;
		}
		for (size_t k = 0; k < i; k++)
			if (same_target(&m->targets[k], &t))
				return err_set(err, E_INVALID, tr("The columns "
					"\"%s\" and \"%s\" mean the same."),
					row->cells[k], header);
		m->targets[i] = t;
		m->has_person |= t.person && t.part < 0;
	}
	return E_OK;
}

enum status
import_map_find(struct import_map *out, const struct sheet *sheet,
	const struct schema *s, const struct schema_register *reg,
	struct err *err)
{
	struct import_map m = {0};
	size_t best = 0;
	enum status st;

	for (size_t i = 0; i < sheet->count && i < HEADER_ROWS; i++) {
		size_t score = score_row(&sheet->rows[i], s, reg);

		if (score > best) {
			best = score;
			m.header = i;
		}
	}
	if (best < 2)
		return no_header(reg, err);
	st = map_columns(&m, &sheet->rows[m.header], s, reg, err);
	if (st)
		import_map_release(&m);
	else
		*out = m;
	return st;
}
