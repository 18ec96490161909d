/* "number" of a register: reading, linking (core/number.h). */
#include <stdlib.h>
#include <string.h>

#include "base/tr.h"
#include "core/number.h"

enum {
	BLOCK_USUAL = 20,
	FORMAT_BYTES_MAX = 120,
	TRIED_YEAR = 2026, TRIED_N = 37,
};

static const char *const modes[] = { "leased", "machine", "provisional",
	NULL };						/* enum number_mode */

void
schema_read_number(struct schema_register *out, struct schema_reader *r,
    const struct json *j)
{
	static const char *const keys[] = { "field", "class", "mode",
		"format", "block", "day", "moves", NULL };
	const struct json *n = json_get(j, "number");
	struct schema_number *def = &out->number;
	size_t mark;

	if (!n)
		return;
	mark = schema_read_enter(r, "number", -1);
	if (schema_read_keys(r, n, keys)) {
		def->field = schema_read_name(r, n, "field");
		def->cls = schema_read_name(r, n, "class");
		def->mode = (enum number_mode)schema_read_choice(r, n, "mode",
		    modes, -1);
		def->format = schema_read_text(r, n, "format", true,
		    FORMAT_BYTES_MAX);
		def->block = schema_read_int(r, n, "block", 1,
		    NUMBER_BLOCK_MAX, BLOCK_USUAL);
		def->day = schema_read_name_if(r, n, "day");
		def->moves = schema_read_texts(&def->move_count, r, n, "moves",
		    NUMBER_MOVES_MAX);
		if (def->mode != NUMBER_LEASED && json_get(n, "block"))
			schema_complain(r, "block", tr("Only leased numbers "
			    "come in blocks."));
	}
	schema_read_leave(r, mark);
}

void
schema_release_number(struct schema_register *r)
{
	struct schema_number *n = &r->number;

	free(n->field);
	free(n->cls);
	free(n->format);
	free(n->day);
	for (size_t i = 0; i < n->move_count; i++)
		free(n->moves[i]);
	free(n->moves);
}

/* What is written must be read again as the same. */
static bool
comes_back(const char *format)
{
	struct number n = { TRIED_YEAR, TRIED_N, "青石" }, back = {0};
	struct buf text;
	bool good;

	buf_init(&text, BUF_LINE_MAX);
	number_print(&text, format, &n);
	good = number_parse(&back, format, text.data) && back.n == n.n &&
	    back.year == n.year;
	buf_release(&text);
	return good;
}

static void
link_format(struct schema_linker *l, const char *format)
{
	static const char *const known[] = { "year", "n", "short", NULL };

	for (const char *at = strchr(format, '@'); at;
	    at = strchr(at + 1, '@')) {
		bool good = false;

		for (size_t i = 0; known[i]; i++)
			good = good || strncmp(at + 1, known[i],
			    strlen(known[i])) == 0;
		if (!good) {
			schema_complain(&l->r, "format", tr("Behind '@' "
			    "stands 'year', 'n' or 'short'."));
			return;
		}
	}
	if (!strstr(format, "@year") || !strstr(format, "@n"))
		schema_complain(&l->r, "format",
		    tr("A number's format holds @year and @n."));
	else if (number_is_provisional(format, NULL) || !comes_back(format))
		schema_complain(&l->r, "format", tr("What this format writes "
		    "cannot be read again: a text must stand between its "
		    "parts."));
}

static void
link_moves(struct schema_linker *l, const struct schema_number *n)
{
	for (size_t i = 0; i < n->move_count; i++) {
		size_t mark = schema_read_enter(&l->r, "moves", (int)i), k = 0;

		while (k < l->reg->move_count &&
		    strcmp(l->reg->moves[k].name, n->moves[i]) != 0)
			k++;
		if (k == l->reg->move_count)
			schema_complain(&l->r, "",
			    tr("The register has no move '%s'."), n->moves[i]);
		schema_read_leave(&l->r, mark);
	}
}

/* Two registers may count in one series, if they agree how.  One whose format
 * was not read has its complaint. */
static void
link_class(struct schema_linker *l, const struct schema_number *n)
{
	for (const struct schema_register *o = l->s->registers; o < l->reg;
	    o++) {
		const struct schema_number *m = &o->number;

		if (m->field && m->format &&
		    strcmp(m->cls, n->cls) == 0 && (m->mode != n->mode ||
		    strcmp(m->format, n->format) != 0))
			schema_complain(&l->r, "class", tr("The register '%s' "
			    "writes numbers of this class in another way."),
			    o->name);
	}
}

void
schema_link_number(struct schema_linker *l)
{
	const struct schema_number *n = &l->reg->number;
	const struct schema_field *f;
	size_t mark;

	if (!n->field)
		return;
	mark = schema_read_enter(&l->r, "number", -1);
	f = schema_link_name(l, l->reg, n->field, "field");
	if (f && f->type != VT_NUMBER)
		schema_complain(&l->r, "field",
		    tr("The field must be of the type '%s'."), "number");
	else if (f && n->mode != NUMBER_PROVISIONAL)
		schema_link_overview(l, l->reg, f, "field");
	f = n->day ? schema_link_name(l, l->reg, n->day, "day") : NULL;
	if (f && f->type != VT_DATE && f->type != VT_DATETIME)
		schema_complain(&l->r, "day",
		    tr("The field must be a date."));
	if (n->format)
		link_format(l, n->format);
	if (n->cls && n->format)
		link_class(l, n);
	link_moves(l, n);
	schema_read_leave(&l->r, mark);
}
